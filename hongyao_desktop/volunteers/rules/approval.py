"""The way to usable points (积分认定): steps of review and notices between them, then a last notice by working days.

A step may wait for the end of the month or the quarter, as where a team publishes every month and the office above
audits every quarter (DOMAIN 1.4: 胶州).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-approval"


class Rhythm(StrEnum):
    """How often a step is taken (多久办一次); a step without one is taken at any time."""

    MONTH = "每月"
    QUARTER = "每季"

    def end(self, day: dt.date) -> dt.date:
        """The last day of the month or quarter ``day`` lies in."""
        last = day.month if self is Rhythm.MONTH else (day.month + 2) // 3 * 3
        return (day.replace(month=last, day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a review, or a notice of ``public_days`` working days; ``every`` month or quarter after its end."""

    name: str
    public_days: int = 0
    every: Rhythm | None = None

    def not_before(self, last: dt.date) -> dt.date | None:
        """The first day on which the step is taken for a round that ends on ``last``; None at any time."""
        return None if self.every is None else self.every.end(last) + dt.timedelta(days=1)

    def shown(self) -> str:
        """The step with what is special about it."""
        parts = [f"公示 {self.public_days} 个工作日"] if self.public_days else []
        parts += [self.every.value] if self.every else []
        return f"{self.name}（{'，'.join(parts)}）" if parts else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """The rule set ``volunteer-approval``. Without steps and notice points are usable as soon as they are entered."""

    id: str
    title: str
    steps: tuple[Step, ...]
    public_days: int

    @property
    def asked(self) -> bool:
        """Whether points wait for anything at all."""
        return bool(self.steps) or self.public_days > 0

    @property
    def rhythm(self) -> Rhythm | None:
        """The span a round may hold: the shortest of its steps."""
        known = {step.every for step in self.steps}
        return next((one for one in Rhythm if one in known), None)


def approval_rule(rule: RuleSet) -> ApprovalRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> ApprovalRule:
        steps = tuple(_step(one) for one in body["steps"])
        names = [step.name for step in steps]
        if not all(names) or len(set(names)) != len(names):
            raise ValueError("各级步骤要写名称，不能重复")
        return ApprovalRule(id=rule.id, title=rule.title, steps=steps, public_days=whole(body["public_days"]))

    return read_body(rule, reading)


def _step(one: Any) -> Step:
    """A plain review is written as its name alone."""
    if isinstance(one, str):
        return Step(one.strip())
    every = one.get("every")
    return Step(
        str(one["name"]).strip(), whole(one.get("public_days", 0)), None if every is None else Rhythm(every)
    )
