"""What the printed papers of volunteering ask for: one volunteer or activity as a clerk names it, sums by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries.life import minutes_by_evidence, rank_of_row
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS
from hongyao_desktop.volunteers.rules.stars import Rank, StarsRule

_MOST_CONTENT = 5  # a certificate is one page
TAKEN_OVER = "期初转入"
"""Hours of older books among the contents of a certificate: years of service, not one time."""


def volunteer_named(reader: Reader, word: str) -> Row:
    """A volunteer by number, id or name; refuses nobody and more than one, naming their numbers."""
    found = reader.all("SELECT * FROM volunteer_view WHERE number = ?1 OR id = ?1", (word,))
    if not found:
        found = reader.all("SELECT * FROM volunteer_view WHERE name = ? ORDER BY number", (word,))
    if len(found) == 1:
        return found[0]
    if found:
        numbers = "、".join(row["number"] for row in found[:6])
        raise Refusal(f"叫“{word}”的志愿者有 {len(found)} 位，请改写编号：{numbers}", exit_code=2)
    raise Refusal(f"没有编号或姓名为“{word}”的志愿者，请核对", exit_code=2)


def activity_named(reader: Reader, word: str, period: Period) -> Row:
    """An activity by id or title; of several with one title the latest within the period."""
    found = reader.one("SELECT * FROM activity_view WHERE id = ?", (word,))
    if found is None:
        found = reader.one(
            "SELECT * FROM activity_view WHERE title = ? AND status <> '取消' "
            "ORDER BY held_on BETWEEN ? AND ? DESC, held_on DESC, id DESC LIMIT 1",
            (word, period.first.isoformat(), period.last.isoformat()),
        )
    if found is None:
        raise Refusal(f"没有叫“{word}”的活动，请核对活动名称", exit_code=2)
    return found


def likely_people(reader: Reader, unit_id: str | None, day: str, *, everybody: bool) -> list[Row]:
    """Whom a sign-in sheet names: those in service of a unit and below, or those of them who served in half a year."""
    since = (dt.date.fromisoformat(day) - dt.timedelta(days=183)).isoformat()
    return reader.all(
        """
        WITH RECURSIVE scope(id) AS (
            SELECT :unit UNION SELECT unit.id FROM unit JOIN scope ON unit.parent_id = scope.id
        )
        SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name
        FROM volunteer JOIN person ON person.id = volunteer.person_id LEFT JOIN unit ON unit.id = person.unit_id
        WHERE volunteer.status = '在册' AND person.status = '在册'
          AND (:unit IS NULL OR person.unit_id IN (SELECT id FROM scope))
          AND (:everybody OR EXISTS (SELECT 1 FROM service_record AS service
               WHERE service.volunteer_id = volunteer.id AND service.served_on BETWEEN :since AND :day
                 AND service.reverses_id IS NULL))
        ORDER BY person.sort_key, volunteer.number
        """,
        {"unit": unit_id, "day": day, "since": since, "everybody": int(everybody)},
    )


def silent_ids(reader: Reader) -> frozenset[str]:
    """Volunteers who have not agreed to be named in public (志愿服务条例 art. 20)."""
    return frozenset(row["id"] for row in reader.all("SELECT id FROM volunteer WHERE publish_consent = 0"))


@dataclass(frozen=True, slots=True)
class Promotion:
    """Somebody who reached a higher star within a period: the row with sums up to its end, before and after.

    ``minutes`` are those that count for stars.
    """

    row: Row
    minutes: int
    before: Rank
    after: Rank


def promotions(reader: Reader, scope: Scope, period: Period, rule: StarsRule) -> list[Promotion]:
    """Who reached a higher star within the period, by records of service of each day; highest star first."""
    day_before = (period.first - dt.timedelta(days=1)).isoformat()
    now = sums_until(reader, scope, period.last.isoformat())
    earlier = {row["id"]: row for row in sums_until(reader, scope, day_before)}
    books = [MeritBook(reader, rule, day) for day in (period.first - dt.timedelta(days=1), period.last)]
    found = []
    for row in now:
        after = rank_of_row(books[1], row)
        before = rank_of_row(books[0], earlier.get(row["id"], {**_NOTHING, "id": row["id"]}))
        if after.reached > before.reached:
            minutes = total(row) - books[1].uncounted_minutes(row["id"])
            found.append(Promotion(row, minutes, before, after))
    return sorted(found, key=lambda one: (-one.after.reached, -one.minutes, one.row["number"]))


_NOTHING = {"signed_minutes": 0, "made_up_minutes": 0, "imported_minutes": 0, "earned_points": 0}


def total(row: Mapping[str, int]) -> int:
    """Minutes of all three kinds of evidence."""
    return sum(minutes_by_evidence(dict(row)).values())


def sums_until(reader: Reader, scope: Scope, last: str) -> list[Row]:
    """Lifetime minutes by evidence and points earned (spent ones too) until a day, of all in service of a unit."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, served AS (
            SELECT volunteer_id,
                SUM(iif(evidence = '签到', minutes, 0)) AS signed_minutes,
                SUM(iif(evidence = '补录', minutes, 0)) AS made_up_minutes,
                SUM(iif(evidence = '导入', minutes, 0)) AS imported_minutes
            FROM service_record WHERE served_on <= :last GROUP BY volunteer_id
        ), scored AS (
            SELECT point.volunteer_id, SUM(point.points) AS points FROM point_entry AS point
            LEFT JOIN point_entry AS back ON back.id = point.reverses_id
            WHERE point.earned_on <= :last AND COALESCE(back.kind, point.kind) NOT IN ('兑换', '到期')
            GROUP BY point.volunteer_id
        )
        SELECT volunteer.id, volunteer.number, volunteer.joined_on, person.name, unit.name AS unit_name,
            served.signed_minutes, served.made_up_minutes, served.imported_minutes,
            COALESCE(scored.points, 0) AS earned_points
        FROM served JOIN volunteer ON volunteer.id = served.volunteer_id
        JOIN person ON person.id = volunteer.person_id LEFT JOIN unit ON unit.id = person.unit_id
        LEFT JOIN scored ON scored.volunteer_id = volunteer.id
        WHERE volunteer.status = '在册' AND person.status <> '去世' AND person.unit_id IN (SELECT id FROM scope)
        """,
        {**scope.params, "last": last},
    )


def points_within(reader: Reader, scope: Scope, period: Period) -> list[Row]:
    """Points entered within the period by volunteer (reversals taken off) and the balance, most points first."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name,
            SUM(point.points) AS got, total.points AS balance
        FROM point_entry AS point JOIN volunteer ON volunteer.id = point.volunteer_id
        JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
        JOIN person ON person.id = volunteer.person_id LEFT JOIN unit ON unit.id = person.unit_id
        WHERE point.entered_on BETWEEN :first AND :last AND person.unit_id IN (SELECT id FROM scope)
        GROUP BY volunteer.id HAVING SUM(point.points) <> 0 ORDER BY got DESC, volunteer.number
        """,
        {**scope.params, "first": period.first.isoformat(), "last": period.last.isoformat()},
    )


def brought_forward(reader: Reader, scope: Scope, period: Period) -> tuple[int, int]:
    """People and minutes of opening hours (期初时长) that stand on a day of the period: service of earlier years."""
    row = reader.one(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT COUNT(DISTINCT iif(service.reverses_id IS NULL, service.volunteer_id, NULL)) AS people,
            COALESCE(SUM(service.minutes), 0) AS minutes
        FROM service_record AS service
        WHERE service.title = '{OPENING_HOURS}' AND service.evidence = '导入'
            AND service.served_on BETWEEN :first AND :last AND service.unit_id IN (SELECT id FROM scope)
        """,
        {**scope.params, "first": period.first.isoformat(), "last": period.last.isoformat()},
    )
    return (row["people"], row["minutes"]) if row is not None and row["minutes"] else (0, 0)


@dataclass(frozen=True, slots=True)
class Served:
    """What one volunteer did between two days: minutes by evidence, times, and (content, times, minutes) lines.

    Hours taken over from older books (:data:`TAKEN_OVER`) are the last line; nobody knows how many times they were.
    """

    minutes: Mapping[str, int]
    services: int
    content: tuple[tuple[str, int | None, int], ...]


def served(reader: Reader, volunteer_id: str, period: Period) -> Served:
    """The services of one volunteer within the period, reversals taken off, by content (category or title)."""
    params = (volunteer_id, period.first.isoformat(), period.last.isoformat())
    rows = reader.all(
        """
        SELECT COALESCE(NULLIF(activity.category, ''), service.title) AS content, service.evidence,
            service.title = ? AS opening,
            SUM(iif(service.reverses_id IS NULL, 1, -1)) AS times, SUM(service.minutes) AS minutes
        FROM service_record AS service LEFT JOIN activity ON activity.id = service.activity_id
        WHERE service.volunteer_id = ? AND service.served_on BETWEEN ? AND ?
        GROUP BY opening, content, service.evidence HAVING SUM(service.minutes) > 0 ORDER BY minutes DESC, content
        """,
        (OPENING_HOURS, *params),
    )
    minutes = {"签到": 0, "补录": 0, "导入": 0}
    lines: dict[str, tuple[int, int]] = {}
    opening = 0
    for row in rows:
        minutes[row["evidence"]] += row["minutes"]
        if row["opening"]:
            opening += row["minutes"]
            continue
        times, length = lines.get(row["content"], (0, 0))
        lines[row["content"]] = times + row["times"], length + row["minutes"]
    ordered = sorted(lines.items(), key=lambda item: (-item[1][1], item[0]))
    content = [(word, times, length) for word, (times, length) in ordered]
    most = _MOST_CONTENT - (1 if opening else 0)
    if len(content) > most:
        rest = content[most - 1 :]
        other = ("其他", sum(line[1] for line in rest), sum(line[2] for line in rest))
        content = [*content[: most - 1], other]
    taken_over = [(TAKEN_OVER, None, opening)] if opening else []
    return Served(minutes, sum(line[1] for line in content), (*content, *taken_over))


def certificate(reader: Reader, number: str) -> Row:
    """A certificate by its number, with the number of the one it replaces; refuses an unknown one."""
    row = reader.one(
        "SELECT own.*, old.number AS replaces, new.number AS replaced_by FROM service_certificate AS own "
        "LEFT JOIN service_certificate AS old ON old.id = own.replaces_id "
        "LEFT JOIN service_certificate AS new ON new.replaces_id = own.id WHERE own.number = ?",
        (number,),
    )
    if row is None:
        raise Refusal(f"证明登记簿里没有编号“{number}”，请核对", exit_code=2)
    return row


def certificates(reader: Reader, period: Period) -> list[Row]:
    """The certificates issued within the period in order of their numbers."""
    return reader.all(
        "SELECT * FROM service_certificate WHERE issued_on BETWEEN ? AND ? ORDER BY year, number",
        (period.first.isoformat(), period.last.isoformat()),
    )
