"""Boards (积分榜): who served most, with the rule for ties said aloud."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope

TIES = "同分同名次，下一名次顺延；同名次按志愿者编号排列"
"""The rule printed on every board: 2, 2, 2, 5 (PEERS section 8 item 20)."""

GROUP_TIES = "同时长同名次，下一名次顺延；同名次按名称排列"


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a board."""

    place: int
    row: Row


def balance_board(reader: Reader, scope: Scope, places: int = 50) -> list[Place]:
    """Volunteers in service by their balance of points; everyone who shares the last place.

    The balance of the last place is found first, by the index of balances, so that the length of the register costs
    nothing.
    """
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, standing AS NOT MATERIALIZED (
            SELECT volunteer.id, volunteer.number, person.name, person.unit_id, total.points,
                total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes
            FROM volunteer_total AS total
            CROSS JOIN volunteer ON volunteer.id = total.volunteer_id
            CROSS JOIN person ON person.id = volunteer.person_id
            WHERE total.points > 0 AND volunteer.status = '在册' AND person.unit_id IN (SELECT id FROM scope)
        )
        SELECT standing.*, unit.name AS unit_name, RANK() OVER (ORDER BY points DESC) AS place
        FROM standing LEFT JOIN unit ON unit.id = standing.unit_id
        WHERE points >= COALESCE(
            (SELECT points FROM standing ORDER BY points DESC LIMIT 1 OFFSET :board_places - 1), 1
        )
        ORDER BY place, standing.number
        """,
        {**scope.params, "board_places": places},
    )
    return [Place(row["place"], row) for row in rows]


def period_board(reader: Reader, scope: Scope, period: Period, places: int = 50) -> list[Place]:
    """Volunteers by minutes of service within the period, reversals taken off; everyone who shares the last place."""
    rows = reader.all(_board(scope), _params(scope, period, places))
    return [Place(row["place"], row) for row in rows]


def group_board(reader: Reader, scope: Scope, period: Period, *, teams: bool) -> list[Place]:
    """Units (where service was done for) or teams of volunteers by minutes within the period."""
    group = (
        "(SELECT team FROM volunteer WHERE id = served.volunteer_id)"
        if teams
        else "(SELECT name FROM unit WHERE id = served.unit_id)"
    )
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, served AS ({_MONTHS_AND_DAYS}), named AS (
            SELECT {group} AS name, served.volunteer_id, served.minutes, served.services FROM served
        )
        SELECT name, COUNT(DISTINCT volunteer_id) AS people, SUM(services) AS services, SUM(minutes) AS minutes,
            RANK() OVER (ORDER BY SUM(minutes) DESC) AS place
        FROM named WHERE name IS NOT NULL AND name <> '' GROUP BY name HAVING SUM(minutes) > 0
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


def _served(scope: Scope) -> str:
    return f"""
        WITH RECURSIVE {scope.sql}, parts AS ({_MONTHS_AND_DAYS}), served AS (
            SELECT volunteer_id, SUM(minutes) AS minutes FROM parts
            GROUP BY volunteer_id HAVING SUM(minutes) > 0
        )
    """


def _board(scope: Scope) -> str:
    return f"""
        {_served(scope)}
        SELECT * FROM (
            SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, best.minutes, best.place
            FROM (
                SELECT volunteer_id, minutes, RANK() OVER (ORDER BY minutes DESC) AS place FROM served
            ) AS best
            JOIN volunteer ON volunteer.id = best.volunteer_id
            JOIN person ON person.id = volunteer.person_id
            LEFT JOIN unit ON unit.id = person.unit_id
            WHERE best.place <= :board_places
        ) ORDER BY place, number
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
