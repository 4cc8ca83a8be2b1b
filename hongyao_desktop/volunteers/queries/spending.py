"""What a volunteer's points are made of: awards, spendings and endings as the fold takes them, and links on file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.queries.lookups import in_parts
from hongyao_desktop.volunteers.rules.spending import Award, Ending, Fold, Spending, fold


@dataclass(slots=True)
class Account:
    """One volunteer's entries that stand. ``expired`` is the entry on file of each ending."""

    volunteer_id: str
    awards: list[Award] = field(default_factory=list)
    spendings: list[Spending] = field(default_factory=list)
    expired: dict[str, Row] = field(default_factory=dict)

    def folded(self, endings: Collection[Ending]) -> Fold:
        """Everything spread, the endings with the entries that took their part."""
        known = [
            Ending(one.id, one.cutoff_on, one.ran_on, str(self.expired[one.id]["id"]))
            if one.id in self.expired
            else one
            for one in endings
        ]
        return fold(self.awards, self.spendings, known)


def endings(reader: Reader) -> list[Ending]:
    """The year ends in force, the oldest first."""
    rows = reader.all(
        "SELECT id, cutoff_on, ran_on FROM point_expiry WHERE status = '有效' ORDER BY ran_on, id"
    )
    return [Ending(row["id"], _day(row["cutoff_on"]), _day(row["ran_on"])) for row in rows]


def _day(shown: str) -> dt.date:
    return dt.date.fromisoformat(shown)


_STANDING = """
    SELECT point.id, point.volunteer_id, point.unit_id, point.kind, point.points, point.entered_on,
        point.earned_on, point.explanation, point.service_record_id, point.spot_report_id, point.rule_id,
        (SELECT expiry_id FROM point_expiry_entry WHERE point_entry_id = point.id) AS expiry_id
    FROM point_entry AS point
    WHERE {where} AND point.points <> 0 AND point.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
"""


def accounts(reader: Reader, volunteer_ids: Collection[str]) -> dict[str, Account]:
    """The accounts of these volunteers, by id."""
    found = {volunteer_id: Account(volunteer_id) for volunteer_id in volunteer_ids}
    for marks, part in in_parts(found):
        for row in reader.all(_STANDING.format(where=f"point.volunteer_id IN ({marks})"), part):
            _put(found[row["volunteer_id"]], row)
    return found


def _put(account: Account, row: Row) -> None:
    if row["points"] > 0:
        account.awards.append(Award(row["id"], _day(row["earned_on"]), row["points"]))
    elif row["expiry_id"] is not None:
        account.expired[row["expiry_id"]] = row
    else:
        account.spendings.append(Spending(row["id"], _day(row["entered_on"]), -row["points"]))


def links_of(reader: Reader, volunteer_ids: Collection[str]) -> dict[str, dict[tuple[str, str], int]]:
    """Links on file, added up: (spending, award) → points above zero, by volunteer."""
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for marks, part in in_parts(volunteer_ids):
        rows = reader.all(
            "SELECT volunteer_id, spend_id, award_id, SUM(points) AS points FROM point_link "
            f"WHERE volunteer_id IN ({marks}) GROUP BY volunteer_id, spend_id, award_id "
            "HAVING SUM(points) <> 0",
            part,
        )
        for row in rows:
            found[row["volunteer_id"]][row["spend_id"], row["award_id"]] = row["points"]
    return dict(found)


def who_needs_links(
    reader: Reader, volunteer_ids: Collection[str], known: Collection[Ending]
) -> frozenset[str]:
    """Those who have spent anything, or hold awards that an ending reaches: all others have nothing to link."""
    found: set[str] = set()
    last = max((one.cutoff_on for one in known), default=None)
    for marks, part in in_parts(volunteer_ids):
        rows = reader.all(
            f"SELECT DISTINCT volunteer_id FROM point_entry WHERE volunteer_id IN ({marks}) AND points < 0",
            part,
        )
        if last is not None:
            rows += reader.all(
                f"SELECT DISTINCT volunteer_id FROM point_entry WHERE volunteer_id IN ({marks}) "
                "AND earned_on <= ? AND points > 0",
                (*part, last.isoformat()),
            )
        found.update(row["volunteer_id"] for row in rows)
    return frozenset(found)


def awards_of(reader: Reader, volunteer_id: str) -> list[Row]:
    """Awards that stand, with what is left of each (``remaining``), the oldest first: the balance by award."""
    return reader.all(
        "SELECT * FROM point_award_view WHERE volunteer_id = ? ORDER BY earned_on, id", (volunteer_id,)
    )


def drawn_from(reader: Reader, spend_id: str) -> list[Row]:
    """The awards one spending drew from, the oldest first, with the points of each."""
    return reader.all(
        """
        SELECT award.id, award.earned_on, award.kind, award.explanation, SUM(link.points) AS points
        FROM point_link AS link JOIN point_entry AS award ON award.id = link.award_id
        WHERE link.spend_id = ? GROUP BY award.id HAVING SUM(link.points) <> 0
        ORDER BY award.earned_on, award.id
        """,
        (spend_id,),
    )


def link_faults(reader: Reader) -> list[Problem]:
    """Fold everybody anew who has spent: links, endings and balances must be what follows; an error for who differs."""
    known = endings(reader)
    ids = [
        row["volunteer_id"]
        for row in reader.all("SELECT DISTINCT volunteer_id FROM point_entry WHERE points < 0")
    ]
    ids += [row["volunteer_id"] for row in reader.all("SELECT DISTINCT volunteer_id FROM point_link")]
    distinct = list(dict.fromkeys(ids))
    found: list[Problem] = []
    for start in range(0, len(distinct), 500):
        part = distinct[start : start + 500]
        on_file = links_of(reader, part)
        for volunteer_id, account in accounts(reader, part).items():
            made = account.folded(known)
            said = _fault(account, made, on_file.get(volunteer_id, {}))
            if said:
                number = reader.value("SELECT number FROM volunteer WHERE id = ?", (volunteer_id,))
                found.append(Problem(Level.ERROR, "points.links", f"志愿者 {number} {said}，请联系维护人员"))
    return found


def _fault(account: Account, made: Fold, on_file: Mapping[tuple[str, str], int]) -> str:
    for ending_id, points in made.gone.items():
        row = account.expired.get(ending_id)
        if points != (0 if row is None else -row["points"]):
            return "的清零积分与明细推算的不符"
    return "" if dict(made.links) == dict(on_file) else "的积分支出与来源对不上"
