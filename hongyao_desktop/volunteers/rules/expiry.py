"""Year end of points (积分清零): cleared, carried for some years, or kept for good; hours are never touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-expiry"


class Mode(StrEnum):
    """What becomes of points at the end of a year."""

    CLEAR = "清零"
    CARRY = "结转"
    KEEP = "不清零"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryRule:
    """The rule set ``volunteer-expiry``: ``years`` points live on after the year they were earned in (mode 结转)."""

    id: str
    title: str
    mode: Mode
    years: int
    month: int
    day: int

    def year_end(self, year: int) -> dt.date:
        """The last day of the points year that ends in ``year``."""
        return dt.date(year, self.month, self.day)

    def cutoff(self, today: dt.date) -> dt.date | None:
        """Awards earned until this day are over today; None where points are kept for good."""
        if self.mode is Mode.KEEP:
            return None
        last = self.year_end(today.year)
        ended = today.year if last <= today else today.year - 1
        return self.year_end(ended - (self.years if self.mode is Mode.CARRY else 0))


def expiry_rule(rule: RuleSet) -> ExpiryRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> ExpiryRule:
        month, day = (int(part) for part in str(body["month_day"]).split("-"))
        dt.date(2025, month, day)  # every year has the day: 29 February is refused
        return ExpiryRule(
            id=rule.id,
            title=rule.title,
            mode=Mode(body["mode"]),
            years=whole(body["years"]),
            month=month,
            day=day,
        )

    return read_body(rule, reading)
