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


def balance_board(reader: Reader, scope: Scope, limit: int = 50) -> list[Place]:
    """Volunteers in service by their balance of points."""
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, total.points,
            total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes,
            RANK() OVER (ORDER BY total.points DESC) AS place
        FROM volunteer
        JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE volunteer.status = '在册' AND total.points > 0 AND person.unit_id IN (SELECT id FROM scope)
        ORDER BY place, volunteer.number LIMIT :board_limit
        """,
        {**scope.params, "board_limit": limit},
    )
    return [Place(row["place"], row) for row in rows]


def period_board(reader: Reader, scope: Scope, period: Period, limit: int = 50) -> list[Place]:
    """Volunteers by minutes of service within the period, reversals taken off."""
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, served AS (
            SELECT volunteer_id, SUM(minutes) AS minutes FROM service_record
            WHERE served_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope)
            GROUP BY volunteer_id HAVING SUM(minutes) > 0
        )
        SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, served.minutes,
            RANK() OVER (ORDER BY served.minutes DESC) AS place
        FROM served
        JOIN volunteer ON volunteer.id = served.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        ORDER BY place, volunteer.number LIMIT :board_limit
        """,
        {
            **scope.params,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "board_limit": limit,
        },
    )
    return [Place(row["place"], row) for row in rows]
