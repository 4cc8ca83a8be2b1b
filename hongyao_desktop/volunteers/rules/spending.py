"""Which award a spending draws from (积分来源): the oldest first, as one pure fold over everything that stands.

The fold looks at dates, never at the order of keying, so no order of the same day changes a balance: an older award
that arrives late, or a reversal, gives the same result as if it had been there from the beginning of that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Award:
    """Points somebody got, in hundredths, earned on a day; reversed ones are left out."""

    id: str
    earned_on: dt.date
    points: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Points that went (兑换、扣减), in hundredths above zero; reversed ones are left out."""

    id: str
    spent_on: dt.date
    points: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A year end (清零): on ``ran_on`` whatever is left of awards earned until ``cutoff_on`` goes.

    ``entry_id`` is the entry that took it, "" while there is none.
    """

    id: str
    cutoff_on: dt.date
    ran_on: dt.date
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """What follows: ``links`` (spending, award) → points, ``left`` of each award, ``debt`` (欠分) that nothing covers.

    ``gone`` says how much each ending takes.
    """

    links: Mapping[tuple[str, str], int]
    left: Mapping[str, int]
    gone: Mapping[str, int]
    debt: int

    @property
    def balance(self) -> int:
        """Points at hand; below zero it is the debt."""
        return sum(self.left.values()) - self.debt


def fold(awards: Iterable[Award], spendings: Iterable[Spending], endings: Sequence[Ending] = ()) -> Fold:
    """Spread every spending over the oldest awards, day by day; an ending comes after the spendings of its day."""
    oldest = sorted(awards, key=lambda award: (award.earned_on, award.id))
    left = {award.id: award.points for award in oldest}
    links: dict[tuple[str, str], int] = {}
    gone: dict[str, int] = {}
    debt = 0
    steps: list[tuple[dt.date, int, str, Spending | Ending]] = [
        (spending.spent_on, 0, spending.id, spending) for spending in spendings
    ]
    steps += [(ending.ran_on, 1, ending.id, ending) for ending in endings]
    for _day, _last, _id, step in sorted(steps, key=lambda each: each[:3]):
        if isinstance(step, Ending):
            gone[step.id] = 0
            for award in oldest:
                taken = left[award.id] if award.earned_on <= step.cutoff_on else 0
                if taken:
                    left[award.id] = 0
                    gone[step.id] += taken
                    links[step.entry_id or step.id, award.id] = taken
            continue
        wanted = step.points
        for award in oldest:
            taken = min(left[award.id], wanted)
            if taken:
                left[award.id] -= taken
                wanted -= taken
                links[step.id, award.id] = taken
            if not wanted:
                break
        debt += wanted
    return Fold(links, left, gone, debt)
