"""Star rating (星级) by lifetime hours, and by points where the rule asks for both.

Spending points never lowers a star: hours are counted from service records, points from the rule's own column.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Evidence, duration_text
from hongyao_desktop.volunteers.rules.body import centi, minutes_of_hours, read_body, whole

KIND = "volunteer-stars"


@dataclass(frozen=True, slots=True)
class Star:
    """One step: ``minutes`` and, where the rule asks for points too, ``points`` in hundredths."""

    name: str
    minutes: int
    points: int | None


@dataclass(frozen=True, slots=True)
class StarsRule:
    """The rule set ``volunteer-stars``; steps from the lowest up, working days of notice before granting."""

    id: str
    title: str
    evidence: frozenset[Evidence]
    stars: tuple[Star, ...]
    public_days: int = 5


@dataclass(frozen=True, slots=True)
class Rank:
    """Where somebody stands: ``reached`` steps, the name, and what is missing to the next (0 where nothing is)."""

    reached: int
    name: str
    lack_minutes: int
    lack_points: int
    sentence: str


def stars_rule(rule: RuleSet) -> StarsRule:
    """The rule set's body as a value; refuses steps that do not rise, naming the rule."""

    def reading(body: Mapping[str, Any]) -> StarsRule:
        stars = tuple(
            Star(
                str(step["name"]),
                minutes_of_hours(step["hours"]),
                centi(step["points"]) if "points" in step else None,
            )
            for step in body["stars"]
        )
        if any(low.minutes >= high.minutes for low, high in itertools.pairwise(stars)):
            raise ValueError("各星级时长要从低到高")
        if any((low.points or 0) > (high.points or 0) for low, high in itertools.pairwise(stars)):
            raise ValueError("各星级积分要从低到高")
        evidence = frozenset(Evidence(word) for word in body["evidence"])
        return StarsRule(rule.id, rule.title, evidence, stars, whole(body.get("public_days", 5), 1))

    return read_body(rule, reading)


def counted_minutes(rule: StarsRule, minutes: Mapping[Evidence, int]) -> int:
    """Minutes that count for stars out of the three kinds of evidence."""
    return sum(length for evidence, length in minutes.items() if evidence in rule.evidence)


def rank_of(rule: StarsRule, minutes: int, points: int = 0) -> Rank:
    """The step reached with ``minutes`` of lifetime service (and ``points``), and what is missing to the next."""
    reached = 0
    for star in rule.stars:
        if minutes < star.minutes or (star.points is not None and points < star.points):
            break
        reached += 1
    name = rule.stars[reached - 1].name if reached else ""
    if reached == len(rule.stars):
        return Rank(reached, name, 0, 0, f"已达{name}" if name else "")
    following = rule.stars[reached]
    lack_minutes = max(following.minutes - minutes, 0)
    lack_points = max((following.points or 0) - points, 0) if following.points is not None else 0
    parts = []
    if lack_minutes:
        parts.append(duration_text(lack_minutes))
    if lack_points:
        parts.append(f"{hours.format_centi(lack_points)} 分")
    sentence = f"还差 {'、'.join(parts)}到{following.name}（{duration_text(following.minutes)}）"
    return Rank(reached, name, lack_minutes, lack_points, sentence)
