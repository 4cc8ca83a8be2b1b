"""Boards (积分榜): who served most, with the rule for ties said aloud."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Level, Problem

TIES = "同分同名次，下一名次顺延；同名次按志愿者编号排列"
"""The rule printed on every board: 2, 2, 2, 5 (PEERS section 8 item 20)."""

MOST_ROWS = 500
"""So many rows a board has at most: where thousands share a place, the first by number are listed, and it says so."""

GROUP_TIES = "同时长同名次，下一名次顺延；同名次按名称排列"


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a board."""

    place: int
    row: Row


def balance_board(reader: Reader, scope: Scope, places: int = 50) -> list[Place]:
    """Volunteers in service by their balance of points; everyone who shares the last place, at most ``MOST_ROWS``.

    The balance of the last place is found first, by the index of balances, so that the length of the register costs
    nothing.
    """
    whole = _is_whole(reader, scope)
    mine = "" if whole else "AND person.unit_id IN (SELECT id FROM scope)"
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, standing AS NOT MATERIALIZED (
            SELECT total.volunteer_id, total.points AS value, total.points,
                total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes
            FROM volunteer_total AS total
            CROSS JOIN volunteer ON volunteer.id = total.volunteer_id
            CROSS JOIN person ON person.id = volunteer.person_id
            WHERE total.points > 0 AND volunteer.status = '在册' {mine}
        )
        {_listed("points, total_minutes")}
        """,
        {**scope.params, "board_places": places, "board_rows": MOST_ROWS},
    )
    return [Place(row["place"], row) for row in rows]


def period_board(reader: Reader, scope: Scope, period: Period, places: int = 50) -> list[Place]:
    """Volunteers by minutes of service within the period, reversals taken off; everyone who shares the last place.

    At most ``MOST_ROWS``. A year of the whole office is read from the sums by year, in the order of their index.
    """
    params = {**_params(scope, period, places), "board_rows": MOST_ROWS}
    if _is_whole(reader, scope) and _is_year(reader, period):
        standing = "SELECT volunteer_id, minutes AS value, minutes FROM service_year WHERE year = :year AND minutes > 0"
        params["year"] = f"{period.first:%Y}"
    else:
        standing = f"""
            SELECT volunteer_id, SUM(minutes) AS value, SUM(minutes) AS minutes FROM ({_MONTHS_AND_DAYS})
            GROUP BY volunteer_id HAVING SUM(minutes) > 0
        """
    kept = "NOT MATERIALIZED" if "year" in params else "MATERIALIZED"
    rows = reader.all(
        f"WITH RECURSIVE {scope.sql}, standing AS {kept} ({standing}) {_listed('minutes')}", params
    )
    return [Place(row["place"], row) for row in rows]


def _listed(columns: str) -> str:
    """The first places of ``standing``: the value of the last place first, names only for the rows shown."""
    return f"""
        SELECT best.volunteer_id AS id, best.number, person.name, unit.name AS unit_name, best.place,
            {", ".join(f"best.{name.strip()}" for name in columns.split(","))}
        FROM (
            SELECT ranked.*, volunteer.number, volunteer.person_id
            FROM (
                SELECT standing.*, RANK() OVER (ORDER BY value DESC) AS place FROM standing
                WHERE value >= COALESCE(
                    (SELECT value FROM standing ORDER BY value DESC LIMIT 1 OFFSET :board_places - 1), 1
                )
            ) AS ranked
            JOIN volunteer ON volunteer.id = ranked.volunteer_id
            ORDER BY ranked.place, volunteer.number LIMIT :board_rows
        ) AS best
        JOIN person ON person.id = best.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        ORDER BY best.place, best.number
    """


def _is_whole(reader: Reader, scope: Scope) -> bool:
    """Whether the scope is the whole office: nothing has to be left out."""
    top = reader.value("SELECT id FROM unit WHERE parent_id IS NULL ORDER BY position, code LIMIT 1")
    only = reader.value("SELECT COUNT(*) FROM (SELECT 1 FROM unit WHERE parent_id IS NULL LIMIT 2)") == 1
    return bool(
        only
        and scope.sql.startswith("scope(id) AS (SELECT :scope_unit UNION")
        and top in scope.params.values()
    )


def _is_year(reader: Reader, period: Period) -> bool:
    """Whether the period holds a whole calendar year, or all there is of one."""
    if (period.first.month, period.first.day) != (1, 1) or period.first.year != period.last.year:
        return False
    end = f"{period.first.year}-12-31"
    later = reader.value(
        "SELECT 1 FROM service_record WHERE served_on > ? AND served_on <= ? LIMIT 1",
        (period.last.isoformat(), end),
    )
    return later is None


def group_board(reader: Reader, scope: Scope, period: Period, *, teams: bool) -> list[Place]:
    """Units (where service was done for) or teams of volunteers by minutes within the period."""
    if teams:
        named = "SELECT team AS name, sums.* FROM sums JOIN volunteer ON volunteer.id = sums.volunteer_id"
    else:
        named = "SELECT unit.name, sums.* FROM sums JOIN unit ON unit.id = sums.unit_id"
    # Sums by unit and person first: names are then looked up once for each, not for every record.
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, sums AS MATERIALIZED (
            SELECT unit_id, volunteer_id, SUM(minutes) AS minutes, SUM(services) AS services
            FROM ({_MONTHS_AND_DAYS}) GROUP BY unit_id, volunteer_id
        )
        SELECT name, COUNT(DISTINCT volunteer_id) AS people, SUM(services) AS services, SUM(minutes) AS minutes,
            RANK() OVER (ORDER BY SUM(minutes) DESC) AS place
        FROM ({named}) WHERE name <> '' GROUP BY name HAVING SUM(minutes) > 0
        ORDER BY place, name
        """,
        _params(scope, period, 0),
    )
    return [Place(row["place"], row) for row in rows]


# Whole months come from the month table, which triggers keep; only the days before and after are added up.
_MONTHS_AND_DAYS = """
    SELECT month.volunteer_id, month.unit_id, month.minutes, month.services FROM service_month AS month
    WHERE month.month BETWEEN :first_month AND :last_month AND month.unit_id IN (SELECT id FROM scope)
    UNION ALL
    SELECT volunteer_id, unit_id, minutes, iif(reverses_id IS NULL, 1, -1) FROM service_record
    WHERE served_on BETWEEN :first AND :first_until AND unit_id IN (SELECT id FROM scope)
    UNION ALL
    SELECT volunteer_id, unit_id, minutes, iif(reverses_id IS NULL, 1, -1) FROM service_record
    WHERE served_on BETWEEN :last_from AND :last AND unit_id IN (SELECT id FROM scope)
"""


def _params(scope: Scope, period: Period, places: int) -> dict[str, str | int]:
    """The period as whole months with the days before and after them; a span without days is empty."""
    first, last = period.first, period.last
    month = first if first.day == 1 else _next_month(first)
    ended = (
        last
        if _next_month(last) - dt.timedelta(days=1) == last
        else last.replace(day=1) - dt.timedelta(days=1)
    )
    nothing = "9999-12-31", "0001-01-01"
    if month > ended:
        spans = ("9999-99", "0000-00", *(first.isoformat(), last.isoformat()), *nothing)
    else:
        before = (first.isoformat(), (month - dt.timedelta(days=1)).isoformat())
        after = ((ended + dt.timedelta(days=1)).isoformat(), last.isoformat())
        spans = (
            f"{month:%Y-%m}",
            f"{ended:%Y-%m}",
            *(before if before[0] <= before[1] else nothing),
            *(after if after[0] <= after[1] else nothing),
        )
    names = ("first_month", "last_month", "first", "first_until", "last_from", "last")
    return {**scope.params, **dict(zip(names, spans, strict=True)), "board_places": places}


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def sum_faults(reader: Reader) -> list[Problem]:
    """Compare the sums by month and year that boards read with the ledger added up anew."""
    found = []
    for table, column, length in (("service_year", "year", 4), ("service_month", "month", 7)):
        group = "volunteer_id" if table == "service_year" else "COALESCE(unit_id, ''), volunteer_id"
        kept = "volunteer_id" if table == "service_year" else "unit_id, volunteer_id"
        wrong = reader.value(
            f"""
            SELECT COUNT(*) FROM (
                SELECT substr(served_on, 1, {length}), {group}, SUM(minutes) FROM service_record GROUP BY 1, {group}
                EXCEPT SELECT {column}, {kept}, minutes FROM {table}
            )
            """
        )
        if wrong:
            word = "年" if table == "service_year" else "月"
            message = f"有 {wrong} 人次的按{word}时长合计与明细之和不符，榜单可能不准，请联系维护人员"
            found.append(Problem(Level.ERROR, "volunteers.sums", message))
    return found
