"""Boards (积分榜): who served most, with the rule for ties said aloud."""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.volunteers.queries.spans import sums_sql

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
    """Volunteers in service and alive by their balance of points; all who share the last place, at most ``MOST_ROWS``.

    The balance of the last place is found first, by the index of balances, so that the length of the register costs
    nothing; where thousands share a balance, looking up the person of each would be most of the work.
    """
    mine = """
        AND (SELECT unit_id FROM person WHERE person.id = volunteer.person_id) IN (SELECT id FROM scope)
    """
    whole = _is_whole(reader, scope)
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, standing AS NOT MATERIALIZED (
            SELECT total.volunteer_id, total.points AS value, total.points,
                total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes
            FROM volunteer_total AS total
            CROSS JOIN volunteer ON volunteer.id = total.volunteer_id
            WHERE total.points > 0 AND volunteer.status = '在册'
                AND volunteer.person_id NOT IN (SELECT id FROM person WHERE status = '去世') {"" if whole else mine}
        )
        {_listed("points, total_minutes")}
        """,
        {**scope.params, "board_places": places, "board_rows": MOST_ROWS},
    )
    return [Place(row["place"], row) for row in rows]


def period_board(reader: Reader, scope: Scope, period: Period, places: int = 50) -> list[Place]:
    """Volunteers by minutes of service within the period, reversals taken off; everyone who shares the last place.

    At most ``MOST_ROWS``.
    """
    sums, params = sums_sql(reader, period, whole_office=_is_whole(reader, scope))
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, standing AS MATERIALIZED (
            SELECT volunteer_id, SUM(minutes) AS value, SUM(minutes) AS minutes FROM ({sums})
            GROUP BY volunteer_id HAVING SUM(minutes) > 0
        )
        {_listed("minutes")}
        """,
        {**scope.params, **params, "board_places": places, "board_rows": MOST_ROWS},
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


def group_board(reader: Reader, scope: Scope, period: Period, *, teams: bool) -> list[Place]:
    """Units (where service was done for) or teams of volunteers by minutes within the period."""
    sums, params = sums_sql(reader, period, whole_office=_is_whole(reader, scope))
    if teams:
        # Sums by person first: the team is then looked up once for each, not for every unit he served in.
        grouped = f"""
            SELECT team AS name, COUNT(*) AS people, SUM(services) AS services, SUM(minutes) AS minutes
            FROM (
                SELECT volunteer_id, SUM(services) AS services, SUM(minutes) AS minutes FROM ({sums})
                WHERE volunteer_id IN (SELECT id FROM volunteer WHERE team <> '')
                GROUP BY volunteer_id HAVING SUM(services) > 0
            ) AS person JOIN volunteer ON volunteer.id = person.volunteer_id
            WHERE volunteer.team <> '' GROUP BY team
        """
    else:
        grouped = f"""
            SELECT unit.name, people, services, minutes
            FROM (
                SELECT unit_id, COUNT(DISTINCT iif(services > 0, volunteer_id, NULL)) AS people,
                    SUM(services) AS services, SUM(minutes) AS minutes
                FROM ({sums}) GROUP BY unit_id
            ) AS served
            JOIN unit ON unit.id = served.unit_id
        """
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT name, people, services, minutes, RANK() OVER (ORDER BY minutes DESC) AS place
        FROM ({grouped}) WHERE minutes > 0 ORDER BY place, name
        """,
        {**scope.params, **params},
    )
    return [Place(row["place"], row) for row in rows]
