"""Stars granted (星级评定): who reached a higher star than he has, who was barred, what a review holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import conduct, paper_rows
from hongyao_desktop.volunteers.queries.life import rank_of_row
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.rules.stars import Rank, StarsRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose hours reach a higher star than the one granted; ``barred`` says why he may not be rated.

    ``uncounted`` minutes of his count for no star.
    """

    row: Row
    rank: Rank
    barred: str = ""
    uncounted: int = 0


def candidates(
    reader: Reader, scope: Scope, as_of: dt.date, rule: StarsRule, today: dt.date | None = None
) -> list[Candidate]:
    """Who could be rated as of a day, the highest star first; those in a review under way are left out.

    Hours count to that day, bars to ``today``: a falsehood found since then bars as well.
    """
    until = max(as_of, today or as_of)
    held = {
        row["volunteer_id"]: row["reached"]
        for row in reader.all(
            "SELECT volunteer_id, MAX(reached) AS reached FROM star_grant_view AS own "
            "WHERE own.status = '已授予' OR own.status = '拟评' AND own.review_id IN "
            "(SELECT id FROM star_review WHERE status = '公示中') GROUP BY volunteer_id"
        )
    }
    bars = {
        row["volunteer_id"]: row["reason"]
        for row in reader.all(
            "SELECT volunteer_id, reason FROM volunteer_bar WHERE kind = ? AND status = '有效' "
            "AND from_on <= ? AND (until_on IS NULL OR until_on >= ?)",
            (conduct.NO_STARS, until.isoformat(), until.isoformat()),
        )
    }
    found = []
    book = MeritBook(reader, rule, as_of)
    for row in paper_rows.sums_until(reader, scope, as_of.isoformat()):
        rank = rank_of_row(book, row)
        if rank.reached > held.get(row["id"], 0):
            less = book.uncounted_minutes(row["id"])
            found.append(Candidate(row, rank, bars.get(row["id"], ""), less))
    return sorted(found, key=lambda one: (-one.rank.reached, -paper_rows.total(one.row), one.row["number"]))


def review(reader: Reader, review_id: str) -> Row:
    """One review; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM star_review_view WHERE id = ?", (review_id,))
    if row is None:
        raise Refusal("这次评定不在台账里，请刷新列表后重新选择")
    return row


def review_numbered(reader: Reader, number: str) -> Row:
    """One review by its number, as a paper names it; refuses a number that is not on file."""
    row = reader.one("SELECT * FROM star_review_view WHERE number = ?", (number.strip(),))
    if row is None:
        raise Refusal(f"没有编号为“{number}”的星级评定，请核对", exit_code=2)
    return row


def held_before(reader: Reader, review_id: str) -> dict[str, str]:
    """The highest star granted by other reviews, by volunteer."""
    rows = reader.all(
        "SELECT volunteer_id, star FROM star_grant_view WHERE status = '已授予' AND review_id <> ? ORDER BY reached",
        (review_id,),
    )
    return {row["volunteer_id"]: row["star"] for row in rows}


def highest(reader: Reader, volunteer_id: str) -> Row | None:
    """The highest star a volunteer was granted and holds still; None for nobody rated, or when it was taken back."""
    return reader.one(
        "SELECT * FROM star_grant_view WHERE volunteer_id = ? AND status = '已授予' ORDER BY reached DESC LIMIT 1",
        (volunteer_id,),
    )


def grant(reader: Reader, grant_id: str) -> Row:
    """One volunteer of a review; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM star_grant_view WHERE id = ?", (grant_id,))
    if row is None:
        raise Refusal("这条星级不在台账里，请刷新列表后重新选择")
    return row


def grants_of(reader: Reader, review_id: str) -> list[Row]:
    """The volunteers of a review, the highest star first."""
    return reader.all(
        "SELECT * FROM star_grant_view WHERE review_id = ? ORDER BY reached DESC, minutes DESC, number",
        (review_id,),
    )


def ended_notices(reader: Reader, today: dt.date) -> list[Row]:
    """Reviews whose notice is over and that wait to be granted."""
    return reader.all(
        "SELECT * FROM star_review_view WHERE status = '公示中' AND public_until < ? ORDER BY public_until",
        (today.isoformat(),),
    )
