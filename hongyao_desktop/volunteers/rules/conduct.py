"""Conduct (失信与违规): what a no-show or a complaint costs, when somebody comes onto the blacklist (黑名单).

A rule may also say when somebody should be struck off (注销), which is proposed and never done by itself, and which
incidents take away the hours of the activity they happened in (DOMAIN 1.4: 龙泉驿, 海林).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.rules.body import centi, read_body, whole

KIND = "volunteer-conduct"
FALSEHOOD = "虚报时长"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRule:
    """The rule set ``volunteer-conduct``: hundredths of points by kind, incidents of a year until the blacklist.

    ``blacklist_points`` are deductions of a year that also lead there (None: they do not); ``bar_years`` without
    stars follow a falsehood. Striking off is proposed after ``deregister`` incidents of a kind in a year, and when the
    points of a year fall below ``deregister_below``. Kinds in ``voids`` make the hours of their activity nothing.
    """

    id: str
    title: str
    deductions: Mapping[str, int]
    blacklist: Mapping[str, int]
    blacklist_points: int | None
    blacklist_days: int
    bar_years: int
    deregister: Mapping[str, int] = field(default_factory=dict)
    deregister_below: int | None = None
    voids: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of incidents, in the order of the rule."""
        return tuple(self.deductions)


def conduct_rule(rule: RuleSet) -> ConductRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> ConductRule:
        points, below = body["blacklist_points"], body.get("deregister_below")
        strangers = {*body.get("deregister", {}), *body.get("voids", ())} - set(body["deductions"])
        if strangers:
            raise ValueError(f"“{min(strangers)}”没有列在每次扣分里，不扣分的也写上，扣 0")
        return ConductRule(
            id=rule.id,
            title=rule.title,
            deductions={word: centi(value) for word, value in body["deductions"].items()},
            blacklist={word: whole(count, 1) for word, count in body["blacklist"].items()},
            blacklist_points=None if points is None else centi(points),
            blacklist_days=whole(body["blacklist_days"], 1),
            bar_years=whole(body["bar_years"]),
            deregister={word: whole(count, 1) for word, count in body.get("deregister", {}).items()},
            deregister_below=None if below is None else centi(below),
            voids=frozenset(str(word) for word in body.get("voids", ())),
        )

    return read_body(rule, reading)


def blacklist_reason(rule: ConductRule, kind: str, times: int, deducted: int, *, year: int) -> str | None:
    """Why somebody comes onto the blacklist after the ``times``-th incident of a year; None when he does not."""
    most = rule.blacklist.get(kind)
    if most is not None and times >= most:
        return f"{year}年{kind} {times} 次，按{rule.title}满 {most} 次列入黑名单"
    if rule.blacklist_points is not None and deducted >= rule.blacklist_points:
        limit = hours.format_centi(rule.blacklist_points)
        return f"{year}年共扣 {hours.format_centi(deducted)} 分，按{rule.title}满 {limit} 分列入黑名单"
    return None


def deregister_reason(
    rule: ConductRule, times: Mapping[str, int], points: int | None, *, year: int
) -> str | None:
    """Why somebody should be struck off (注销) after what happened in a year; None when he should not.

    ``times`` are incidents by kind; ``points`` what he got in the year less what should have been deducted, in
    hundredths, None where nothing happened.
    """
    for kind, most in rule.deregister.items():
        if times.get(kind, 0) >= most:
            return f"{year}年{kind} {times[kind]} 次，按{rule.title}满 {most} 次注销"
    if rule.deregister_below is not None and points is not None and points < rule.deregister_below:
        least = hours.format_centi(rule.deregister_below)
        return f"{year}年积分 {hours.format_centi(points)} 分，按{rule.title}低于 {least} 分注销"
    return None
