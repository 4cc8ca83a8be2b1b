"""Spot reports (随手拍): what kind a report is of, and which earlier report it repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-spots"


@dataclass(frozen=True, slots=True)
class SpotsRule:
    """The rule set ``volunteer-spots``: hours within which reports merge, and words that tell the kind."""

    id: str
    title: str
    merge_hours: int
    other: str
    kinds: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A report as far as merging is concerned. A report without a time of day counts from the start of its day."""

    id: str
    reported_on: dt.date
    reported_minute: int | None
    unit_id: str | None
    place: str
    kind: str
    closed_on: dt.date | None = None

    @property
    def moment(self) -> int:
        """Minutes on an absolute scale."""
        return self.reported_on.toordinal() * 24 * 60 + (self.reported_minute or 0)


def spots_rule(rule: RuleSet) -> SpotsRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> SpotsRule:
        kinds = tuple((str(entry["kind"]), tuple(map(str, entry["words"]))) for entry in body["kinds"])
        return SpotsRule(rule.id, rule.title, whole(body["merge_hours"]), str(body["other"]), kinds)

    return read_body(rule, reading)


def kind_of(rule: SpotsRule, content: str) -> str:
    """The kind whose word stands first in ``content``."""
    hits = [
        (content.index(word), order, kind)
        for order, (kind, words) in enumerate(rule.kinds)
        for word in words
        if word in content
    ]
    return min(hits)[2] if hits else rule.other


def first_report(rule: SpotsRule, new: Sighting, earlier: Iterable[Sighting]) -> Sighting | None:
    """The report ``new`` repeats: same unit, place and kind, at most ``merge_hours`` older, not yet closed by then.

    Only first reports are asked: one that was merged itself must not be among ``earlier``.
    """
    alike = [
        other
        for other in earlier
        if other.id != new.id
        and (other.unit_id, other.place, other.kind) == (new.unit_id, new.place, new.kind)
        and 0 <= new.moment - other.moment <= rule.merge_hours * 60
        and (other.closed_on is None or other.closed_on >= new.reported_on)
    ]
    return min(alike, key=lambda other: (other.moment, other.id)) if alike else None
