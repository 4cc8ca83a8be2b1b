"""Second keying of long hours (时长复核): what still has to be keyed again, and what did not agree."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.queries.shelf import limits_rules
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS

_OPEN = f"""
    FROM service_record AS service
    WHERE service.minutes > MAX(:limit, 240) AND service.reverses_id IS NULL AND service.evidence <> '导入'
        AND service.title <> '{OPENING_HOURS}'
        AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
        AND COALESCE((
            SELECT agrees FROM service_recheck WHERE service_record_id = service.id ORDER BY id DESC LIMIT 1
        ), 0) = 0
"""


def limit_on(reader: Reader, day: dt.date) -> int:
    """Minutes above which hours are keyed twice: where a day is long enough to be warned about."""
    return limits_rules(reader).nearest(day).day_warn_minutes


def open_rechecks(reader: Reader, today: dt.date, limit: int = 200) -> list[Row]:
    """Long services nobody has keyed again, or whose second length was another, the longest first."""
    return reader.all(
        f"""
        SELECT * FROM service_view WHERE id IN (SELECT service.id {_OPEN})
        ORDER BY minutes DESC, served_on, number LIMIT :most
        """,
        {"limit": limit_on(reader, today), "most": limit},
    )


def is_open(reader: Reader, record_id: str, today: dt.date) -> bool:
    """Whether this record still has to be keyed a second time."""
    return (
        reader.value(
            f"SELECT 1 {_OPEN} AND service.id = :record LIMIT 1",
            {"limit": limit_on(reader, today), "record": record_id},
        )
        is not None
    )


def last_recheck(reader: Reader, record_id: str) -> Row | None:
    """What was keyed last for a record; None when nobody has."""
    return reader.one(
        "SELECT * FROM service_recheck WHERE service_record_id = ? ORDER BY id DESC LIMIT 1", (record_id,)
    )


def open_among(reader: Reader, entry_ids: list[str], today: dt.date) -> int:
    """How many of these point entries rest on hours that still have to be keyed a second time."""
    found = {row["id"] for row in open_rechecks(reader, today, limit=-1)}
    if not found:
        return 0
    count = 0
    for start in range(0, len(entry_ids), 500):
        part = entry_ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        rows = reader.all(f"SELECT service_record_id FROM point_entry WHERE id IN ({marks})", part)
        count += sum(row["service_record_id"] in found for row in rows)
    return count
