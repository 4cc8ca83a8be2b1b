"""Clashes on file (时长核查清单): overlapping services of one person, and days longer than the limit.

Recording refuses an overlap, so there are none unless records came in by a merge, or were written by other means; an
auditor asks all the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.queries.shelf import limits_rules
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, ServiceRecord, duration_text, service_of
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


@dataclass(frozen=True, slots=True)
class LongDay:
    """A day on which one person served longer than the limit warns at; ``minutes`` in all, ``records`` how many."""

    number: str
    name: str
    day: dt.date
    minutes: int
    records: int


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


def long_days(reader: Reader, scope: Scope, period: Period) -> list[LongDay]:
    """Days longer than the limit in force at the end of the period, the longest first."""
    limit = limits_rules(reader).nearest(period.last).day_warn_minutes
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT volunteer.number, person.name, served.served_on, served.minutes, served.records
        FROM (
            SELECT service.volunteer_id, service.served_on, SUM(service.minutes) AS minutes,
                COUNT(*) - 2 * COUNT(service.reverses_id) AS records
            FROM service_record AS service
            WHERE service.served_on BETWEEN :first AND :last AND service.unit_id IN (SELECT id FROM scope)
                AND service.title <> '{OPENING_HOURS}'
            GROUP BY service.volunteer_id, service.served_on HAVING SUM(service.minutes) > :day_limit
        ) AS served
        JOIN volunteer ON volunteer.id = served.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        ORDER BY served.minutes DESC, served.served_on, volunteer.number
        """,
        {
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "day_limit": limit,
            **scope.params,
        },
    )
    return [
        LongDay(
            row["number"],
            row["name"],
            dt.date.fromisoformat(row["served_on"]),
            row["minutes"],
            row["records"],
        )
        for row in rows
    ]


def overlap_faults(reader: Reader) -> list[Problem]:
    """Every overlapping pair on file as an error, for the check of the whole file."""
    pairs = reader.all(_PAIRS.format(days="1", units="1") + " ORDER BY first_id, second_id")
    return [Problem(Level.ERROR, "volunteers.overlap", _clash(reader, pair).sentence()) for pair in pairs]


def long_day_sentence(long: LongDay) -> str:
    """A long day in one sentence."""
    day = dates.format_cn(long.day)
    return f"{long.name}（{long.number}）{day}共 {long.records} 条、{duration_text(long.minutes)}，请核对"
