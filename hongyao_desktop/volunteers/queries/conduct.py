"""Conduct (失信与违规): incidents of a year, who is barred on a day."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries.shelf import conduct_rules
from hongyao_desktop.volunteers.rules.conduct import ConductRule, deregister_reason

BLACKLIST = "黑名单"
NO_STARS = "暂停评星"


def incident(reader: Reader, incident_id: str) -> Row:
    """One incident; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM volunteer_incident_view WHERE id = ?", (incident_id,))
    if row is None:
        raise Refusal("这条记录不在台账里，请刷新列表后重新选择")
    return row


def bar(reader: Reader, bar_id: str) -> Row:
    """One bar; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM volunteer_bar_view WHERE id = ?", (bar_id,))
    if row is None:
        raise Refusal("这条限制不在台账里，请刷新列表后重新选择")
    return row


def bar_on(reader: Reader, volunteer_id: str, kind: str, day: dt.date) -> Row | None:
    """The bar that holds for a volunteer on a day, the longest one; None when there is none."""
    return reader.one(
        "SELECT * FROM volunteer_bar WHERE volunteer_id = ? AND kind = ? AND status = '有效' "
        "AND from_on <= ? AND (until_on IS NULL OR until_on >= ?) "
        "ORDER BY COALESCE(until_on, '9999') DESC LIMIT 1",
        (volunteer_id, kind, day.isoformat(), day.isoformat()),
    )


def of_year(reader: Reader, volunteer_id: str, kind: str, year: int) -> tuple[int, int]:
    """How often this happened in a year, and the hundredths of points the rules take in the year for whatever happened.

    What was taken may be less: a balance never falls below zero.
    """
    row = reader.one(
        "SELECT COALESCE(SUM(kind = :kind), 0) AS times, COALESCE(SUM(COALESCE(due, deducted)), 0) AS deducted "
        "FROM volunteer_incident WHERE volunteer_id = :who AND status = '有效' "
        "AND happened_on BETWEEN :first AND :last",
        {"kind": kind, "who": volunteer_id, "first": f"{year}-01-01", "last": f"{year}-12-31"},
    )
    return (row["times"], row["deducted"]) if row is not None else (0, 0)


def voided_activities(reader: Reader, volunteer_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What makes an activity count for nothing for a volunteer (按 0 小时计): the kind by (volunteer, activity)."""
    rows = reader.all(
        "SELECT volunteer_id, activity_id, kind FROM volunteer_incident WHERE status = '有效' "
        "AND voided IS NOT NULL AND volunteer_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(volunteer_ids)),),
    )
    return {(row["volunteer_id"], row["activity_id"]): row["kind"] for row in rows}


BLAMED: Final = """
    SELECT id, volunteer_id, kind, content, happened_on, recorded_by, COALESCE(due, deducted) AS due
    FROM volunteer_incident WHERE status = '有效'
    UNION ALL
    SELECT point.id, point.volunteer_id, point.kind, point.explanation, point.earned_on, point.recorded_by, 0
    FROM point_entry AS point
    WHERE point.points < 0 AND point.kind = '扣减'
        AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        AND NOT EXISTS (
            SELECT 1 FROM volunteer_incident AS incident
            WHERE incident.volunteer_id = point.volunteer_id AND incident.point_entry_id = point.id
        )
"""
"""Incidents and deductions by hand; ``due`` is what an incident should have cost, the others stand in the ledger."""


@dataclass(frozen=True, slots=True)
class StrikeOff:
    """Somebody in service who should be struck off (建议注销): who (``row``), the reason, what is behind it.

    ``incidents`` are those of the year, and deductions (扣减) made by hand, each with ``happened_on`` and ``content``.
    """

    row: Row
    year: int
    reason: str
    incidents: tuple[Row, ...]


def strike_offs(
    reader: Reader, year: int, today: dt.date, draft: ConductRule | None = None
) -> list[StrikeOff]:
    """Whom the rule (a draft, or the one in force at the end of the year, today at the latest) would strike off."""
    last = min(dt.date(year, 12, 31), today)
    rule = draft or conduct_rules(reader).find(last)
    if rule is None or not (rule.deregister or rule.deregister_below is not None):
        return []
    rows = reader.all(
        f"""
        SELECT blamed.*, person.name, volunteer.number FROM ({BLAMED}) AS blamed
        JOIN volunteer ON volunteer.id = blamed.volunteer_id JOIN person ON person.id = volunteer.person_id
        WHERE volunteer.status = '在册' AND blamed.happened_on BETWEEN ? AND ?
        ORDER BY volunteer.number, blamed.happened_on, blamed.id
        """,
        (f"{year}-01-01", f"{year}-12-31"),
    )
    by_person: dict[str, list[Row]] = {}
    for row in rows:
        by_person.setdefault(row["volunteer_id"], []).append(row)
    found = []
    for volunteer_id, incidents in by_person.items():
        points = points_of_year(reader, volunteer_id, year) - sum(row["due"] for row in incidents)
        reason = deregister_reason(rule, Counter(row["kind"] for row in incidents), points, year=year)
        if reason is not None:
            found.append(StrikeOff(incidents[0], year, reason, tuple(incidents)))
    return found


def points_of_year(reader: Reader, volunteer_id: str, year: int) -> int:
    """Points got in a year less other deductions, in hundredths; spending and what incidents took is left out."""
    return int(
        reader.value(
            """
            SELECT COALESCE(SUM(point.points), 0) FROM point_entry AS point
            LEFT JOIN point_entry AS back ON back.id = point.reverses_id
            WHERE point.volunteer_id = ? AND point.earned_on BETWEEN ? AND ?
                AND COALESCE(back.kind, point.kind) NOT IN ('兑换', '到期', '期初')
                AND NOT EXISTS (
                    SELECT 1 FROM volunteer_incident AS incident
                    WHERE incident.volunteer_id = point.volunteer_id
                        AND incident.point_entry_id IN (point.id, point.reverses_id)
                )
            """,
            (volunteer_id, f"{year}-01-01", f"{year}-12-31"),
        )
    )
