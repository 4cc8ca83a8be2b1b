"""Boards (积分榜): who served most, with the rule for ties said aloud."""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope

TIES = "同分同名次，下一名次顺延；同名次按志愿者编号排列"
"""The rule printed on every board: 2, 2, 2, 5 (PEERS section 8 item 20)."""


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


def _served(scope: Scope) -> str:
    return f"""
        WITH RECURSIVE {scope.sql}, served AS (
            SELECT service.volunteer_id, SUM(service.minutes) AS minutes FROM service_record AS service
            WHERE service.served_on BETWEEN :first AND :last AND service.unit_id IN (SELECT id FROM scope)
            GROUP BY service.volunteer_id HAVING SUM(service.minutes) > 0
        )
    """


def _board(scope: Scope) -> str:
    return f"""
        {_served(scope)}
        SELECT * FROM (
            SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, served.minutes,
                RANK() OVER (ORDER BY served.minutes DESC) AS place
            FROM served
            JOIN volunteer ON volunteer.id = served.volunteer_id
            JOIN person ON person.id = volunteer.person_id
            LEFT JOIN unit ON unit.id = person.unit_id
        ) WHERE place <= :board_places ORDER BY place, number
    """


def _params(scope: Scope, period: Period, places: int) -> dict[str, str | int]:
    span = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return {**scope.params, **span, "board_places": places}
