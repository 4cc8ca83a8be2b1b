"""The records behind a suspicion (证据), read for showing: services, spot reports of one photo, or misconduct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.queries.conduct import BLAMED
from hongyao_desktop.volunteers.records.rows import PointKind, clock_text, duration_text
from hongyao_desktop.volunteers.records.suspicions import Kind

SERVICES_PLACE: Final = "volunteers.services"
SPOTS_PLACE: Final = "volunteers.spots"
INCIDENTS_PLACE: Final = "volunteers.incidents"
POINTS_PLACE: Final = "volunteers.points"


def evidence_rows(reader: Reader, kind: Kind, ids: Sequence[str]) -> list[Row]:
    """The records by day: what the list shows (served_on, name, title, minutes), and the words of the comparison.

    ``place`` is where a record is opened.
    """
    marks = ", ".join("?" * len(ids))
    if kind is Kind.PHOTO:
        rows = reader.all(
            f"SELECT report.* FROM spot_view AS report WHERE report.id IN ({marks}) ORDER BY reported_on, id",
            ids,
        )
        return [_spot(row) for row in rows]
    if kind is Kind.STRIKE_OFF:
        rows = reader.all(
            f"SELECT blamed.*, person.name, volunteer.number FROM ({BLAMED}) AS blamed "
            "JOIN volunteer ON volunteer.id = blamed.volunteer_id JOIN person ON person.id = volunteer.person_id "
            f"WHERE blamed.id IN ({marks}) ORDER BY blamed.happened_on, blamed.id",
            ids,
        )
        return [_blamed(row) for row in rows]
    rows = reader.all(f"SELECT * FROM service_view WHERE id IN ({marks}) ORDER BY served_on, number, id", ids)
    return [_service(row) for row in rows]


def _service(row: Row) -> Row:
    starts, ends = row["starts_minute"], row["ends_minute"]
    timed = starts is not None and ends is not None
    why = "，证明人".join(part for part in (row["reason"], row["witness"]) if part)
    return {
        **row,
        "place": SERVICES_PLACE,
        "who": f"{row['name']}（{row['number']}）",
        "times": f"{clock_text(starts)}—{clock_text(ends)}" if timed else "没有起止时间",
        "length": duration_text(row["minutes"]),
        "entered": f"{row['recorded_by']} {row['recorded_on']}",
        "reason": why,
    }


def _spot(row: Row) -> Row:
    minute = row["reported_minute"]
    return {
        **row,
        "place": SPOTS_PLACE,
        "name": row["reporter"],
        "who": f"{row['reporter']}（{row['volunteer_number']}）"
        if row["volunteer_number"]
        else row["reporter"],
        "title": f"{row['place']} {row['content']}",
        "served_on": row["reported_on"],
        "times": clock_text(minute) if minute is not None else "",
        "minutes": None,
        "evidence": row["status"],
        "entered": "",
        "reason": row["outcome"],
    }


def _blamed(row: Row) -> Row:
    """An incident, or a deduction somebody made by hand."""
    by_hand = row["kind"] == PointKind.DEDUCTION.value
    return {
        **row,
        "place": POINTS_PLACE if by_hand else INCIDENTS_PLACE,
        "who": f"{row['name']}（{row['number']}）",
        "title": row["content"] if by_hand else f"{row['kind']}：{row['content']}",
        "served_on": row["happened_on"],
        "minutes": None,
        "evidence": "有效",
        "entered": row["recorded_by"],
        "reason": "",
    }
