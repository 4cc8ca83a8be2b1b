"""One volunteer's whole life (志愿者一生): three totals, points, star, months, last movements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, Evidence
from hongyao_desktop.volunteers.rules.stars import Rank, counted_minutes, rank_of


@dataclass(frozen=True, slots=True)
class Month:
    """One month of service: minutes by evidence, services, points entered (hundredths).

    ``opening`` are the minutes among them that were taken over from older books: years of service on one day, which
    ``services`` does not count.
    """

    month: str
    minutes: Mapping[Evidence, int]
    services: int
    points: int
    opening: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """What the page beside the list shows. ``minutes`` is split by evidence, ``points`` the balance in hundredths.

    ``uncounted`` minutes among them count for no star, ``uncounted_words`` say why.
    """

    row: Row
    minutes: Mapping[Evidence, int]
    points: int
    rank: Rank | None
    months: tuple[Month, ...]
    uncounted: int = 0
    uncounted_words: str = ""

    @property
    def total_minutes(self) -> int:
        """All three kinds of evidence together."""
        return sum(self.minutes.values())

    @property
    def in_debt(self) -> bool:
        """A reversal after spending left fewer than no points (欠分)."""
        return self.points < 0


def life(reader: Reader, volunteer_id: str, today: dt.date) -> Life:
    """Everything about one volunteer as of ``today``; refuses an id that is not on file."""
    row = lookups.volunteer(reader, volunteer_id)
    minutes = minutes_by_evidence(row)
    rule = stars_rules(reader).find(today)
    book = None if rule is None else MeritBook(reader, rule, today, volunteer_id)
    return Life(
        row=row,
        minutes=minutes,
        points=row["points"],
        rank=None if book is None else rank_of_row(book, row),
        months=months_of(reader, volunteer_id),
        uncounted=0 if book is None else book.uncounted_minutes(volunteer_id),
        uncounted_words="" if book is None else book.uncounted_words(volunteer_id),
    )


def minutes_by_evidence(row: Row) -> dict[Evidence, int]:
    """The three totals of a row of ``volunteer_view``."""
    return {
        Evidence.SIGNED: row["signed_minutes"],
        Evidence.MADE_UP: row["made_up_minutes"],
        Evidence.IMPORTED: row["imported_minutes"],
    }


def rank_of_row(book: MeritBook, row: Row) -> Rank:
    """The star of a row of ``volunteer_view``; points that were spent or cleared count as earned all the same."""
    return rank_of(book.rule, counted_in_row(book, row), row["earned_points"], book.merits(row))


def counted_in_row(book: MeritBook, row: Row) -> int:
    """Minutes of a row that count for stars."""
    return counted_minutes(book.rule, minutes_by_evidence(row), book.uncounted_minutes(str(row["id"])))


def months_of(reader: Reader, volunteer_id: str, limit: int = 24) -> tuple[Month, ...]:
    """The last ``limit`` months in which anything happened, newest first; services by the day of service."""
    served = reader.all(
        """
        SELECT substr(served_on, 1, 7) AS month,
            SUM(iif(evidence = '签到', minutes, 0)) AS signed,
            SUM(iif(evidence = '补录', minutes, 0)) AS made_up,
            SUM(iif(evidence = '导入', minutes, 0)) AS imported,
            SUM(iif(title = :opening, minutes, 0)) AS opening,
            SUM(iif(title = :opening, 0, iif(reverses_id IS NULL, 1, -1))) AS services
        FROM service_record WHERE volunteer_id = :who GROUP BY month
        """,
        {"who": volunteer_id, "opening": OPENING_HOURS},
    )
    scored = reader.all(
        "SELECT substr(earned_on, 1, 7) AS month, SUM(points) AS points FROM point_entry "
        "WHERE volunteer_id = ? GROUP BY month",
        (volunteer_id,),
    )
    points = {row["month"]: row["points"] for row in scored}
    services = {row["month"]: row for row in served}
    months = []
    for month in sorted(services.keys() | points.keys(), reverse=True)[:limit]:
        row = services.get(month)
        split = {
            Evidence.SIGNED: row["signed"] if row else 0,
            Evidence.MADE_UP: row["made_up"] if row else 0,
            Evidence.IMPORTED: row["imported"] if row else 0,
        }
        opening = row["opening"] if row else 0
        months.append(Month(month, split, row["services"] if row else 0, points.get(month, 0), opening))
    return tuple(months)


def services_of(reader: Reader, volunteer_id: str, limit: int = 200) -> list[Row]:
    """The last services of a volunteer with their state, newest first."""
    return reader.all(
        "SELECT * FROM service_view WHERE volunteer_id = ? ORDER BY served_on DESC, id DESC LIMIT ?",
        (volunteer_id, limit),
    )


def movements_of(reader: Reader, volunteer_id: str, limit: int = 200) -> list[Row]:
    """The last point entries of a volunteer, newest first, each with the balance after it (``balance``)."""
    return reader.all(
        """
        SELECT * FROM (
            SELECT point_view.*, SUM(points) OVER (ORDER BY id) AS balance
            FROM point_view WHERE volunteer_id = ?
        ) ORDER BY id DESC LIMIT ?
        """,
        (volunteer_id, limit),
    )


def nearly_there(
    reader: Reader, today: dt.date, within_minutes: int, limit: int = 200
) -> list[tuple[Row, Rank]]:
    """Volunteers in service who lack at most ``within_minutes`` to their next star, nearest first.

    Who has the hours and waits for another condition is among them.
    """
    rule = stars_rules(reader).find(today)
    if rule is None:
        return []
    book = MeritBook(reader, rule, today)
    found = [
        (row, rank)
        for row in reader.stream(
            "SELECT * FROM volunteer_view WHERE status = '在册' AND person_status <> '去世'"
        )
        if is_near(rank := rank_of_row(book, row), within_minutes)
    ]
    return sorted(found, key=lambda pair: (pair[1].lack_minutes, pair[0]["number"]))[:limit]


def is_near(rank: Rank, within_minutes: int) -> bool:
    """Whether only so many minutes, or only conditions other than hours and points, stand before the next star."""
    if rank.lack_minutes:
        return rank.lack_minutes <= within_minutes
    return bool(rank.waits) and not rank.lack_points


def drawn_by_spending(reader: Reader, volunteer_id: str) -> dict[str, str]:
    """For each spending of a volunteer the days its points were earned on, in words."""
    rows = reader.all(
        """
        SELECT link.spend_id, award.earned_on, SUM(link.points) AS points
        FROM point_link AS link JOIN point_entry AS award ON award.id = link.award_id
        WHERE link.volunteer_id = ? GROUP BY link.spend_id, award.earned_on HAVING SUM(link.points) <> 0
        ORDER BY award.earned_on
        """,
        (volunteer_id,),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        said = f"{row['earned_on']} 得的 {hours.format_centi(row['points'])} 分"
        found.setdefault(row["spend_id"], []).append(said)
    return {spend: "、".join(said) for spend, said in found.items()}


def honours_of(reader: Reader, volunteer_id: str) -> list[Row]:
    """What was granted, issued and held against a volunteer, the latest first (day, what, words, state)."""
    return reader.all(
        """
        SELECT * FROM (
            SELECT id, status_on AS day, '星级' AS what,
                star || '（' || COALESCE(granter || '授予，', '') || review_number || '）' AS words, status
            FROM star_grant_view WHERE volunteer_id = :who
            UNION ALL
            SELECT id, happened_on, kind, content, status FROM volunteer_incident WHERE volunteer_id = :who
            UNION ALL
            SELECT id, from_on, kind, reason, status FROM volunteer_bar WHERE volunteer_id = :who
            UNION ALL
            SELECT id, issued_on, '服务证明', number, status FROM service_certificate WHERE volunteer_id = :who
            UNION ALL
            SELECT id, merged_on, '合并', '并入 ' || gone_number, status
            FROM volunteer_merge_view WHERE kept_id = :who
            UNION ALL
            SELECT id, merged_on, '合并', '并到 ' || kept_number, status
            FROM volunteer_merge_view WHERE gone_id = :who
        ) ORDER BY day DESC, id DESC
        """,
        {"who": volunteer_id},
    )
