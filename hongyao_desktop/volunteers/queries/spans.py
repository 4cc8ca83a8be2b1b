"""Sums of service over any span of days (时长合计): whole years, quarters and months from sums kept by triggers.

Only the days before the first whole month and after the last one are added up from the ledger, and where nothing was
served on the days outside, the span is stretched over them: "from New Year until today" is a year like any other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Level, Problem

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spans:
    """A period as whole spans and the days that are left.

    Attributes:
        whole: labels in ``service_sum``: 2026, 2026-Q3, 2026-09.
        days: at most two runs of days, first and last included.
    """

    whole: tuple[str, ...]
    days: tuple[tuple[dt.date, dt.date], ...]


def spans_of(period: Period) -> Spans:
    """Cut a period into the largest whole spans it holds and the days before and after them."""
    whole: list[str] = []
    days: list[tuple[dt.date, dt.date]] = []
    day = period.first
    while day <= period.last:
        for label, last in _beginning(day):
            if last <= period.last:
                whole.append(label)
                break
        else:
            last = min(_month_end(day), period.last)
            days.append((day, last))
        day = last + _DAY
    return Spans(tuple(whole), tuple(days))


def _beginning(day: dt.date) -> Iterator[tuple[str, dt.date]]:
    """The spans that begin on this day, the longest first, each with its last day."""
    if day.day > 1:
        return
    if day.month == 1:
        yield f"{day:%Y}", day.replace(month=12, day=31)
    if day.month % 3 == 1:
        yield f"{day:%Y}-Q{(day.month + 2) // 3}", _month_end(day.replace(month=day.month + 2))
    yield f"{day:%Y-%m}", _month_end(day)


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - _DAY


def stretched(reader: Reader, period: Period) -> Period:
    """The period with the days around it on which nothing was served, within its years."""
    first, last = dt.date(period.first.year, 1, 1), dt.date(period.last.year, 12, 31)
    before = reader.value(
        "SELECT MAX(served_on) FROM service_record WHERE served_on < ?", (period.first.isoformat(),)
    )
    after = reader.value(
        "SELECT MIN(served_on) FROM service_record WHERE served_on > ?", (period.last.isoformat(),)
    )
    return Period(
        max(first, dt.date.fromisoformat(before) + _DAY) if before else first,
        min(last, dt.date.fromisoformat(after) - _DAY) if after else last,
    )


def sums_sql(reader: Reader, period: Period, *, whole_office: bool) -> tuple[str, dict[str, str]]:
    """A SELECT of unit_id, volunteer_id, minutes, services over the period, with its parameters.

    Needs a table ``scope(id)`` unless the whole office is meant. A person may have several rows; reversals are
    taken off.
    """
    spans = spans_of(stretched(reader, period))
    mine = "" if whole_office else "AND unit_id IN (SELECT id FROM scope)"
    parts = []
    params = {}
    if spans.whole:
        parts.append(
            "SELECT unit_id, volunteer_id, minutes, services FROM service_sum"
            f" WHERE span IN (SELECT value FROM json_each(:spans)) {mine}"
        )
        params["spans"] = json.dumps(spans.whole)
    for number, (first, last) in enumerate(spans.days):
        parts.append(
            "SELECT COALESCE(unit_id, '') AS unit_id, volunteer_id, SUM(minutes) AS minutes,"
            " SUM(iif(reverses_id IS NULL, 1, -1)) AS services FROM service_record"
            f" WHERE served_on BETWEEN :first_{number} AND :last_{number} {mine} GROUP BY 1, 2"
        )
        params |= {f"first_{number}": first.isoformat(), f"last_{number}": last.isoformat()}
    return " UNION ALL ".join(parts), params


def minutes_kept(reader: Reader, period: Period, scope: Scope) -> int:
    """Minutes of service within the period in the units of the scope, out of the sums."""
    sums, params = sums_sql(reader, period, whole_office=False)
    sql = f"WITH RECURSIVE {scope.sql} SELECT SUM(minutes) FROM ({sums})"
    return int(reader.value(sql, {**scope.params, **params}) or 0)


def people_kept(reader: Reader, period: Period, scope: Scope) -> int:
    """Volunteers who served within the period in the units of the scope, each once, out of the sums."""
    sums, params = sums_sql(reader, period, whole_office=False)
    sql = f"""
        WITH RECURSIVE {scope.sql}
        SELECT COUNT(*) FROM (SELECT 1 FROM ({sums}) GROUP BY volunteer_id HAVING SUM(services) > 0)
    """
    return int(reader.value(sql, {**scope.params, **params}))


_LEDGER = """
    SELECT substr(served_on, 1, 7) AS span, COALESCE(unit_id, '') AS unit_id, volunteer_id, minutes,
        iif(reverses_id IS NULL, 1, -1) AS services FROM service_record
"""
_FROM_SHORTER = """
    SELECT {span} AS span, unit_id, volunteer_id, minutes, services FROM service_sum
    WHERE span IN (SELECT value FROM json_each(:shorter))
"""
_COUNTED_FROM = {
    "月": _LEDGER,
    "季": _FROM_SHORTER.format(span="substr(span, 1, 4) || '-Q' || ((substr(span, 6, 2) + 2) / 3)"),
    "年": _FROM_SHORTER.format(span="substr(span, 1, 4)"),
}
"""What each kind of span is counted anew from: the shortest from the ledger, the others from the next shorter one."""


def _kind(span: str) -> str:
    return "年" if len(span) == 4 else "季" if "Q" in span else "月"


def sum_faults(reader: Reader) -> list[Problem]:
    """Compare the sums that boards read with the ledger added up anew; rows that are missing or too many count too."""
    spans = _spans_on_file(reader)
    found = []
    shorter: list[str] = []
    for word, rows in _COUNTED_FROM.items():
        mine = [span for span in spans if _kind(span) == word]
        wrong = reader.value(
            f"""
            SELECT COALESCE(SUM(kept.minutes IS NOT counted.minutes OR kept.services IS NOT counted.services), 0)
                + ABS((SELECT COUNT(*) FROM service_sum WHERE span IN (SELECT value FROM json_each(:mine)))
                    - COUNT(*))
            FROM (
                SELECT span, unit_id, volunteer_id, SUM(minutes) AS minutes, SUM(services) AS services
                FROM ({rows}) GROUP BY span, unit_id, volunteer_id
            ) AS counted
            LEFT JOIN service_sum AS kept ON kept.span = counted.span AND kept.unit_id = counted.unit_id
                AND kept.volunteer_id = counted.volunteer_id
            """,
            {"mine": json.dumps(mine), "shorter": json.dumps(shorter)},
        )
        if wrong:
            message = f"有 {wrong} 人次的按{word}时长合计与明细之和不符，榜单可能不准，请联系维护人员"
            found.append(Problem(Level.ERROR, "volunteers.sums", message))
        shorter = mine
    return found


def _spans_on_file(reader: Reader) -> list[str]:
    """Every span there is a sum for; goes from one to the next by the key instead of reading all rows."""
    rows = reader.all(
        """
        WITH RECURSIVE known(span) AS (
            SELECT MIN(span) FROM service_sum
            UNION ALL
            SELECT (SELECT MIN(span) FROM service_sum WHERE span > known.span) FROM known WHERE span IS NOT NULL
        )
        SELECT span FROM known WHERE span IS NOT NULL
        """
    )
    return [row["span"] for row in rows]
