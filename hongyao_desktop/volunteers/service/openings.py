"""Opening balances (期初): hours and points of the years before, taken over once with the book they stand in."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, Evidence
from hongyao_desktop.volunteers.service.points import opening_points


def opening_hours_of(reader: Reader, volunteer_id: str) -> Row | None:
    """The opening hours of a volunteer that stand; None when none were taken over."""
    return reader.one(
        "SELECT * FROM service_view WHERE volunteer_id = ? AND title = ? AND evidence = '导入' AND state = '有效'",
        (volunteer_id, OPENING_HOURS),
    )


def opening_hours(writer: Writer, volunteer_id: str, minutes: int, source: str, as_of: dt.date) -> str:
    """Take over hours of older books once, as imported (导入) hours that make no points; returns the record's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if minutes <= 0:
        raise Refusal("期初时长要大于 0")
    if not source.strip():
        raise Refusal("期初时长要写明出处")
    today = writer.clock.today()
    if as_of > today:
        raise Refusal("期初截至日期还没有到，请核对")
    row = lookups.volunteer(writer, volunteer_id)
    if opening_hours_of(writer, volunteer_id) is not None:
        raise Refusal(f"{row['name']}（{row['number']}）已有期初时长，要改请先冲正原来那一条")
    return writer.insert(
        "service_record",
        {
            "volunteer_id": volunteer_id,
            "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
            "title": OPENING_HOURS,
            "served_on": as_of.isoformat(),
            "minutes": minutes,
            "evidence": Evidence.IMPORTED.value,
            "reason": "由旧台账转入，不另计积分",
            "recorded_on": today.isoformat(),
            "recorded_by": writer.who.name,
            "source": source.strip(),
        },
    )


def carry_over(
    writer: Writer, volunteer_id: str, source: str, as_of: dt.date, *, minutes: int = 0, points: int = 0
) -> int:
    """Hours and points of one volunteer from an older book; returns how many entries were made."""
    made = 0
    if minutes:
        opening_hours(writer, volunteer_id, minutes, source, as_of)
        made += 1
    if points:
        opening_points(writer, volunteer_id, points, source, as_of=as_of)
        made += 1
    return made
