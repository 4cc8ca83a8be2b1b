"""Star rating (星级) by lifetime hours and whatever else a place asks for, each star with a list of conditions.

A star may ask for points, for some months of registration with service in them, and for the star before it to have
been granted; it may name who grants it.  Hours of some categories of service count for no star.  Spending points never
lowers a star: hours are counted from service records, points from the rule's own column.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Evidence, duration_text
from hongyao_desktop.volunteers.rules.body import centi, minutes_of_hours, read_body, whole

KIND = "volunteer-stars"


@dataclass(frozen=True, slots=True)
class Star:
    """One step: ``minutes`` and, where the rule asks for points too, ``points`` in hundredths.

    Other conditions: ``months`` from registration to the last service, ``after`` a star that must have been granted
    before. ``by`` names who grants it (授予机关).
    """

    name: str
    minutes: int
    points: int | None = None
    months: int = 0
    after: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class StarsRule:
    """The rule set ``volunteer-stars``; steps from the lowest up, working days of notice before granting.

    ``uncounted`` are categories of service whose hours count for no star, each with the reason.
    """

    id: str
    title: str
    evidence: frozenset[Evidence]
    stars: tuple[Star, ...]
    public_days: int = 5
    uncounted: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks_months(self) -> bool:
        """Whether any star asks for months of registration and service."""
        return any(star.months for star in self.stars)

    @property
    def asks_granted(self) -> bool:
        """Whether any star asks for another one to have been granted."""
        return any(star.after for star in self.stars)


@dataclass(frozen=True, slots=True)
class Merits:
    """What somebody has beside hours and points on the day of rating.

    ``months`` registered and active, from registration to the last service (None: registered nobody knows when, long
    ago), and the stars that were granted (``held``).
    """

    months: int | None = None
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rank:
    """Where somebody stands: ``reached`` steps, the name, who grants it, and what is missing to the next.

    ``lack_minutes`` and ``lack_points`` are 0 where nothing is missing; ``waits`` are other conditions
    not met, in words.
    """

    reached: int
    name: str
    lack_minutes: int
    lack_points: int
    sentence: str
    by: str = ""
    waits: tuple[str, ...] = ()


def stars_rule(rule: RuleSet) -> StarsRule:
    """The rule set's body as a value; refuses steps that do not rise, naming the rule."""

    def reading(body: Mapping[str, Any]) -> StarsRule:
        stars = tuple(
            Star(
                str(step["name"]),
                minutes_of_hours(step["hours"]),
                centi(step["points"]) if "points" in step else None,
                whole(step.get("months", 0)),
                str(step.get("after", "")),
                str(step.get("by", "")),
            )
            for step in body["stars"]
        )
        if any(low.minutes >= high.minutes for low, high in itertools.pairwise(stars)):
            raise ValueError("各星级时长要从低到高")
        if any((low.points or 0) > (high.points or 0) for low, high in itertools.pairwise(stars)):
            raise ValueError("各星级积分要从低到高")
        for place, star in enumerate(stars):
            if star.after and star.after not in {lower.name for lower in stars[:place]}:
                raise ValueError(f"{star.name}要先有的“{star.after}”不在它前面的星级里")
        return StarsRule(
            rule.id,
            rule.title,
            frozenset(Evidence(word) for word in body["evidence"]),
            stars,
            whole(body.get("public_days", 5), 1),
            {str(word): str(reason) for word, reason in body.get("uncounted", {}).items()},
        )

    return read_body(rule, reading)


def counted_minutes(rule: StarsRule, minutes: Mapping[Evidence, int], uncounted: int = 0) -> int:
    """Minutes that count for stars out of the three kinds of evidence, less those of categories that do not."""
    return sum(length for evidence, length in minutes.items() if evidence in rule.evidence) - uncounted


def months_between(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another; the list's column counts in the same way."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def rank_of(rule: StarsRule, minutes: int, points: int = 0, merits: Merits | None = None) -> Rank:
    """The step reached with ``minutes`` that count (and ``points``, and merits), and what is missing to the next."""
    merits = merits or Merits()
    reached = 0
    for star in rule.stars:
        if minutes < star.minutes or (star.points is not None and points < star.points):
            break
        if waiting_for(star, merits):
            break
        reached += 1
    own = rule.stars[reached - 1] if reached else None
    name, by = (own.name, own.by) if own is not None else ("", "")
    if reached == len(rule.stars):
        return Rank(reached, name, 0, 0, f"已达{name}" if name else "", by)
    following = rule.stars[reached]
    lack_minutes = max(following.minutes - minutes, 0)
    lack_points = max((following.points or 0) - points, 0) if following.points is not None else 0
    parts = []
    if lack_minutes:
        parts.append(duration_text(lack_minutes))
    if lack_points:
        parts.append(f"{hours.format_centi(lack_points)} 分")
    waits = waiting_for(following, merits)
    said = []
    if parts:
        said.append(f"还差 {'、'.join(parts)}到{following.name}（{duration_text(following.minutes)}）")
    if waits:
        said.append(f"{following.name}还要{'、'.join(waits)}")
    return Rank(reached, name, lack_minutes, lack_points, "；".join(said), by, waits)


def waiting_for(star: Star, merits: Merits) -> tuple[str, ...]:
    """The conditions of a star, other than hours and points, that are not met, in words."""
    found = []
    if star.months and merits.months is not None and merits.months < star.months:
        found.append(f"注册并服务满 {star.months} 个月（现在 {max(merits.months, 0)} 个月）")
    if star.after and star.after not in merits.held:
        found.append(f"先评上{star.after}")
    return tuple(found)
