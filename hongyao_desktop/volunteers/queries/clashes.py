"""Clashes on file (时长核查清单): overlapping services of one person. Days longer than the limit are suspicions.

Recording refuses an overlap, so there are none unless records came in by a merge, or were written by other means; an
auditor asks all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.records.rows import ServiceRecord, duration_text, service_of
from hongyao_desktop.volunteers.rules.clashes import overlap_minutes

_LIVE = "{0}.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = {0}.id)"
# Days on which somebody has more than one record come from an index alone; only their rows are read.
_PAIRS = f"""
    SELECT one.id AS first_id, other.id AS second_id
    FROM (
        SELECT one.volunteer_id, one.served_on FROM service_record AS one
        WHERE {{days}} GROUP BY one.volunteer_id, one.served_on HAVING COUNT(*) > 1
    ) AS busy
    CROSS JOIN service_record AS one ON one.volunteer_id = busy.volunteer_id AND one.served_on = busy.served_on
    CROSS JOIN service_record AS other ON other.volunteer_id = one.volunteer_id AND other.served_on = one.served_on
        AND other.id > one.id AND other.starts_minute < one.ends_minute AND one.starts_minute < other.ends_minute
    WHERE {{units}} AND {_LIVE.format("one")} AND {_LIVE.format("other")}
    UNION ALL
    SELECT one.id, other.id
    FROM service_record AS one
    CROSS JOIN service_record AS other ON other.volunteer_id = one.volunteer_id
        AND other.served_on = date(one.served_on, '+1 day') AND other.starts_minute + 1440 < one.ends_minute
    WHERE one.ends_minute > 1440 AND {{days}} AND {{units}} AND {_LIVE.format("one")} AND {_LIVE.format("other")}
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two services of one person at one time; ``minutes`` is how long both go on."""

    number: str
    name: str
    first: ServiceRecord
    second: ServiceRecord
    minutes: int

    def sentence(self) -> str:
        """Both records in one sentence."""
        return (
            f"{self.name}（{self.number}）重叠 {duration_text(self.minutes)}："
            f"{self.first.described()}与{self.second.described()}，请核对后冲正一条"
        )


def clashes(reader: Reader, scope: Scope, period: Period) -> list[Clash]:
    """Overlapping pairs whose first service lies in the period and belongs to the unit, at any level below."""
    asked = _PAIRS.format(
        days="one.served_on BETWEEN :first AND :last", units="one.unit_id IN (SELECT id FROM scope)"
    )
    pairs = reader.all(
        f"WITH RECURSIVE {scope.sql} {asked} ORDER BY first_id, second_id",
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )
    return [_clash(reader, pair) for pair in pairs]


def _clash(reader: Reader, pair: Row) -> Clash:
    rows = [_record(reader, pair[name]) for name in ("first_id", "second_id")]
    first, second = (service_of(row) for row in rows)
    return Clash(rows[0]["number"], rows[0]["name"], first, second, overlap_minutes(first, second))


def _record(reader: Reader, record_id: str) -> Row:
    row = reader.one("SELECT * FROM service_view WHERE id = ?", (record_id,))
    if row is None:
        raise ValueError(f"record {record_id} vanished from an append-only table")
    return row


def overlap_faults(reader: Reader) -> list[Problem]:
    """Every overlapping pair on file as an error, for the check of the whole file."""
    pairs = reader.all(_PAIRS.format(days="1", units="1") + " ORDER BY first_id, second_id")
    return [Problem(Level.ERROR, "volunteers.overlap", _clash(reader, pair).sentence()) for pair in pairs]
