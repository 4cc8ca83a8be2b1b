"""From when on a pattern of entries is suspicious (疑点): numbers of the rule set ``volunteer-signals``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.core.surnames import COMPOUND_SURNAMES
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-signals"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRule:
    """``burst_records`` within ``burst_minutes`` are a burst; ``least_records`` make a habit; night is from, until."""

    title: str
    burst_minutes: int
    burst_records: int
    least_records: int
    night_from: int
    night_until: int

    def at_night(self, hour: int) -> bool:
        """Whether this hour of the day is night."""
        return hour >= self.night_from or hour < self.night_until


def signal_rule(rule: RuleSet) -> SignalRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> SignalRule:
        return SignalRule(
            title=rule.title,
            burst_minutes=whole(body["burst_minutes"], 1),
            burst_records=whole(body["burst_records"], 2),
            least_records=whole(body["least_records"], 2),
            night_from=whole(body["night_from"]),
            night_until=whole(body["night_until"]),
        )

    return read_body(rule, reading)


def surname_of(name: str) -> str:
    """The surname a name begins with, compound ones too."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
