"""Rule sets by day (规则按日取用), read once for a whole operation."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Callable
from typing import Generic, TypeVar

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet, from_row
from hongyao_desktop.volunteers.rules import approval, clashes, conduct, expiry, points, signals, spots, stars

T = TypeVar("T")


class Shelf(Generic[T]):
    """All versions of one kind of rule set, by the day they take effect.

    The same choice as ``core.rules.in_force`` makes, without a query for every day of a long import.
    """

    def __init__(self, reader: Reader, kind: str, label: str, reading: Callable[[RuleSet], T]) -> None:
        rows = reader.all(
            "SELECT * FROM rule_set WHERE kind = ? AND status = '有效' ORDER BY effective_on, version",
            (kind,),
        )
        self._label = label
        self._rules = [from_row(row) for row in rows]
        self._days = [rule.effective_on for rule in self._rules]
        self._reading = reading
        self._read: dict[str, T] = {}

    def find(self, day: dt.date) -> T | None:
        """The version in force on ``day``; None when there was none yet."""
        place = bisect.bisect_right(self._days, day)
        if place == 0:
            return None
        rule = self._rules[place - 1]
        if rule.id not in self._read:
            self._read[rule.id] = self._reading(rule)
        return self._read[rule.id]

    def on(self, day: dt.date) -> T:
        """The version in force on ``day``; refuses when there was none yet."""
        found = self.find(day)
        if found is None:
            raise Refusal(f"{day.isoformat()} 没有生效的{self._label}，请先在“规则”页里添加")
        return found

    def nearest(self, day: dt.date) -> T:
        """The version in force on ``day``, or the first one where ``day`` is older than all: for checks, not awards."""
        return self.on(max(day, self._days[0])) if self._days else self.on(day)


def points_rules(reader: Reader) -> Shelf[points.PointsRule]:
    """The points rules (积分办法) of the office."""
    return Shelf(reader, points.KIND, "积分办法", points.points_rule)


def limits_rules(reader: Reader) -> Shelf[clashes.Limits]:
    """The limits on service records (登记限额) of the office."""
    return Shelf(reader, clashes.KIND, "登记限额", clashes.limits_of)


def stars_rules(reader: Reader) -> Shelf[stars.StarsRule]:
    """The star thresholds (星级标准) of the office."""
    return Shelf(reader, stars.KIND, "星级标准", stars.stars_rule)


def spots_rules(reader: Reader) -> Shelf[spots.SpotsRule]:
    """The rules for taking spot reports (随手拍受理办法) of the office."""
    return Shelf(reader, spots.KIND, "随手拍受理办法", spots.spots_rule)


def expiry_rules(reader: Reader) -> Shelf[expiry.ExpiryRule]:
    """The rules for year ends of points (积分结转办法) of the office."""
    return Shelf(reader, expiry.KIND, "积分结转办法", expiry.expiry_rule)


def approval_rules(reader: Reader) -> Shelf[approval.ApprovalRule]:
    """The rules for approving points (积分认定办法) of the office."""
    return Shelf(reader, approval.KIND, "积分认定办法", approval.approval_rule)


def conduct_rules(reader: Reader) -> Shelf[conduct.ConductRule]:
    """The rules of conduct (失信办法) of the office."""
    return Shelf(reader, conduct.KIND, "失信办法", conduct.conduct_rule)


def signal_rules(reader: Reader) -> Shelf[signals.SignalRule]:
    """From when on entries are suspicious (疑点标准) in the office."""
    return Shelf(reader, signals.KIND, "疑点标准", signals.signal_rule)
