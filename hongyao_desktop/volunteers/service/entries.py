"""Rows of the points ledger (积分明细): how a service becomes one, and how one is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.volunteers.records.rows import PointKind, ServiceRecord
from hongyao_desktop.volunteers.rules.points import Award, PointsRule


def point_row(
    record: ServiceRecord, record_id: str, award: Award, rule: PointsRule, *, today: dt.date, hand: str
) -> Row:
    """The point entry of one service, as the table holds it."""
    return {
        "volunteer_id": record.volunteer_id,
        "unit_id": record.unit_id,
        "entered_on": today.isoformat(),
        "kind": PointKind.SERVICE.value,
        "points": award.points,
        "earned_on": record.served_on.isoformat(),
        "counted_minutes": award.counted_minutes,
        "cut_minutes": award.cut_minutes,
        "cut_points": award.cut_points,
        "cut_by": award.cut_by,
        "service_record_id": record_id,
        "rule_id": rule.id,
        "explanation": award.explanation,
        "recorded_by": hand,
    }


def reverse_entry(writer: Writer, entry: Mapping[str, object], reason: str) -> str:
    """Take back one point entry; the sum may fall below zero, which is shown as a debt (欠分)."""
    kept = ("volunteer_id", "unit_id", "earned_on", "service_record_id", "spot_report_id", "rule_id")
    points = entry["points"]
    if not isinstance(points, int):
        raise TypeError("points are whole hundredths")
    return writer.insert(
        "point_entry",
        {
            **{name: entry[name] for name in kept},
            "entered_on": writer.clock.today().isoformat(),
            "kind": PointKind.REVERSAL.value,
            "points": -points,
            "explanation": f"冲正：{reason}（原记：{entry['explanation']}）",
            "reverses_id": entry["id"],
            "recorded_by": writer.who.name,
        },
    )
