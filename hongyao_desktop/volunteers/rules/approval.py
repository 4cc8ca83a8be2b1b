"""The way to usable points (积分认定): steps of review, then a public notice by working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """The rule set ``volunteer-approval``. Without steps and notice points are usable as soon as they are entered."""

    id: str
    title: str
    steps: tuple[str, ...]
    public_days: int

    @property
    def asked(self) -> bool:
        """Whether points wait for anything at all."""
        return bool(self.steps) or self.public_days > 0


def approval_rule(rule: RuleSet) -> ApprovalRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> ApprovalRule:
        steps = tuple(str(step).strip() for step in body["steps"])
        if not all(steps) or len(set(steps)) != len(steps):
            raise ValueError("各级步骤要写名称，不能重复")
        return ApprovalRule(id=rule.id, title=rule.title, steps=steps, public_days=whole(body["public_days"]))

    return read_body(rule, reading)
