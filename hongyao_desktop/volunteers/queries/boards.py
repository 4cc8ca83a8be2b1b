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

_GONE = """
    gone(id) AS (
        SELECT id FROM volunteer WHERE status <> '在册'
        UNION
        SELECT volunteer.id FROM person JOIN volunteer ON volunteer.person_id = person.id WHERE person.status = '去世'
    )
"""
"""Who is not named on a board: left, paused, not yet approved, or dead. The few are found by indexes of their own."""


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
        WITH RECURSIVE {scope.sql}, {_GONE}, standing AS NOT MATERIALIZED (
            SELECT total.volunteer_id, total.points AS value, total.points,
                total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes
            FROM volunteer_total AS total
            CROSS JOIN volunteer ON volunteer.id = total.volunteer_id
            WHERE total.points > 0 AND volunteer.id NOT IN (SELECT id FROM gone) {"" if whole else mine}
        )
        {_listed("points, total_minutes")}
        """,
        {**scope.params, "board_places": places, "board_rows": MOST_ROWS},
    )
    return [Place(row["place"], row) for row in rows]


def period_board(reader: Reader, scope: Scope, period: Period, places: int = 50) -> list[Place]:
    """Volunteers in service and alive by minutes within the period, reversals taken off; all who share the last place.

    At most ``MOST_ROWS``.
    """
    sums, params = sums_sql(reader, period, whole_office=_is_whole(reader, scope))
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, {_GONE}, standing AS MATERIALIZED (
            SELECT volunteer_id, SUM(minutes) AS value, SUM(minutes) AS minutes FROM ({sums})
            WHERE volunteer_id NOT IN (SELECT id FROM gone) GROUP BY volunteer_id HAVING SUM(minutes) > 0
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


_BRANCHES = """
    root(id) AS (
        SELECT id FROM scope
        EXCEPT SELECT unit.id FROM unit JOIN scope ON scope.id = unit.parent_id
    ),
    branch(id, head) AS (
        SELECT id, id FROM root
        UNION ALL
        SELECT unit.id, iif(branch.id IN (SELECT id FROM root), unit.id, branch.head)
        FROM branch JOIN unit ON unit.parent_id = branch.id WHERE unit.id IN (SELECT id FROM scope)
    )
"""
"""Each unit of the scope and the one it is counted with: the unit directly below the top, or the top itself (本级)."""

_ABOVE = "SELECT unit.parent_id FROM unit JOIN scope ON scope.id = unit.id"
_EACH = "branch(id, head) AS (SELECT id, id FROM scope)"


def group_board(
    reader: Reader, scope: Scope, period: Period, *, teams: bool, each: bool = False
) -> list[Place]:
    """Units (where service was done for) or teams of volunteers by minutes within the period.

    Units are those directly below the one asked for, each with all below it, so that a community holds its grids and
    nothing counts twice; what was done for the unit itself is a line of its own (本级). With ``each`` every unit of
    the scope stands alone. A person counts once in a line.
    """
    sums, params = sums_sql(reader, period, whole_office=_is_whole(reader, scope))
    branches = _EACH if each else _BRANCHES
    own = "0" if each else f"head IN ({_ABOVE}) AND head IN (SELECT id FROM root)"
    if teams:
        # Sums by person first: the team is then looked up once for each, not for every unit he served in.
        grouped = f"""
            SELECT team AS name, COUNT(*) AS people, SUM(services) AS services, SUM(minutes) AS minutes, '' AS head
            FROM (
                SELECT volunteer_id, SUM(services) AS services, SUM(minutes) AS minutes FROM ({sums})
                WHERE volunteer_id IN (SELECT id FROM volunteer WHERE team <> '')
                GROUP BY volunteer_id HAVING SUM(services) > 0
            ) AS person JOIN volunteer ON volunteer.id = person.volunteer_id
            WHERE volunteer.team <> '' GROUP BY team
        """
    else:
        grouped = f"""
            SELECT unit.name || iif({own}, '本级', '') AS name, people, services, minutes, head
            FROM (
                SELECT head, SUM(services > 0) AS people, SUM(services) AS services, SUM(minutes) AS minutes
                FROM (
                    SELECT head, volunteer_id, SUM(services) AS services, SUM(minutes) AS minutes
                    FROM ({sums}) AS served CROSS JOIN branch ON branch.id = served.unit_id
                    GROUP BY head, volunteer_id
                ) GROUP BY head
            ) AS served
            JOIN unit ON unit.id = served.head
        """
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, {branches}
        SELECT name, people, services, minutes, head, RANK() OVER (ORDER BY minutes DESC) AS place
        FROM ({grouped}) WHERE minutes > 0 ORDER BY place, name
        """,
        {**scope.params, **params},
    )
    if each and not teams:
        rows = _told_apart(reader, rows)
    return [Place(row["place"], row) for row in rows]


def _told_apart(reader: Reader, rows: list[Row]) -> list[Row]:
    """Units that stand beside some of those below them are named as what they are: their own hours alone (本级)."""
    above = {row["id"]: row["parent_id"] for row in reader.all("SELECT id, parent_id FROM unit")}
    higher: set[str] = set()
    for row in rows:
        unit_id = above.get(row["head"])
        while unit_id is not None and unit_id not in higher:
            higher.add(unit_id)
            unit_id = above.get(unit_id)
    return [{**row, "name": f"{row['name']}本级"} if row["head"] in higher else row for row in rows]
