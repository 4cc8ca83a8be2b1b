"""Points for service, spot reports and other events (积分), by one dated rule set that explains every award.

A single service is capped in minutes; a day, a month or a year are capped in points.  So the sum for a day does not
depend on the order in which its services were keyed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Evidence, VolunteerKind, duration_text
from hongyao_desktop.volunteers.rules.body import centi, read_body, whole

KIND = "volunteer-points"
_HOUR = 60


class Rounding(StrEnum):
    """What becomes of time that does not fill a step."""

    DOWN = "舍去"
    UP = "进位"
    HALF = "四舍五入"


class Span(StrEnum):
    """The span over which a cap in points holds."""

    DAY = "每日"
    MONTH = "每月"
    YEAR = "每年"


class Measure(StrEnum):
    """What an item (积分项目) is counted by; pieces (件) are spot reports, by their kind."""

    HOUR = "小时"
    TIME = "次"


class Event(StrEnum):
    """What gives points by itself beside service and spot reports, where a rule says so (另计分的事)."""

    RECRUITED = "介绍加入"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the rule with a price of its own: ``points`` in hundredths for each hour or each time."""

    measure: Measure
    points: int


_SPAN_WORDS = {Span.DAY: "当日", Span.MONTH: "当月", Span.YEAR: "当年"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRule:
    """The rule set ``volunteer-points``: points in hundredths, lengths in minutes, coefficients in hundredths.

    ``items`` have a price of their own by category of service, ``spot_kinds`` by kind of report; categories in
    ``uncounted`` give nothing; ``eligible`` kinds of volunteers get points (none named: all do). ``events`` give points
    by themselves, under no cap.
    """

    id: str
    title: str
    per_hour: int
    step_minutes: int
    rounding: Rounding
    at_least_minutes: int
    single_cap_minutes: int | None
    evidence: frozenset[Evidence]
    coefficients: Mapping[str, int]
    caps: Mapping[Span, int]
    spot_points: int
    spot_caps: Mapping[Span, int]
    items: Mapping[str, Item] = field(default_factory=dict)
    spot_kinds: Mapping[str, int] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()
    eligible: frozenset[str] = frozenset()
    events: Mapping[Event, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What was awarded and why. ``cut_minutes`` and ``cut_points`` are what a cap took away, ``cut_by`` names it."""

    points: int
    explanation: str
    counted_minutes: int | None = None
    cut_minutes: int = 0
    cut_points: int = 0
    cut_by: str | None = None


def points_rule(rule: RuleSet) -> PointsRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> PointsRule:
        single = body["single_cap_minutes"]
        return PointsRule(
            id=rule.id,
            title=rule.title,
            per_hour=centi(body["per_hour"]),
            step_minutes=whole(body["step_minutes"], 1),
            rounding=Rounding(body["rounding"]),
            at_least_minutes=whole(body["at_least_minutes"]),
            single_cap_minutes=None if single is None else whole(single, 1),
            evidence=frozenset(Evidence(word) for word in body["evidence"]),
            coefficients={word: centi(value) for word, value in body["coefficients"].items()},
            caps={Span(word): centi(value) for word, value in body["caps"].items()},
            spot_points=centi(body["spot"]["points"]),
            spot_caps={Span(word): centi(value) for word, value in body["spot"]["caps"].items()},
            items={
                word: Item(Measure(item["per"]), centi(item["points"]))
                for word, item in body.get("items", {}).items()
            },
            spot_kinds={word: centi(value) for word, value in body["spot"].get("kinds", {}).items()},
            uncounted=frozenset(body.get("uncounted", ())),
            eligible=frozenset(VolunteerKind(word) for word in body.get("eligible", ())),
            events={Event(word): centi(value) for word, value in body.get("events", {}).items()},
        )

    return read_body(rule, reading)


def service_award(
    rule: PointsRule,
    *,
    minutes: int,
    evidence: Evidence,
    category: str | None = None,
    kind: str | None = None,
    already: Mapping[Span, int] | None = None,
) -> Award:
    """Points for one service of ``minutes``, with ``already`` points got for service in each capped span.

    ``kind`` is the volunteer's (人员类别); None is not asked about eligibility.
    """
    item = rule.items.get(category or "", Item(Measure.HOUR, rule.per_hour))
    price = hours.format_centi(item.points)
    said = [f"服务 {duration_text(minutes)}，按{rule.title}每{item.measure.value} {price} 分"]
    refused = _refused(rule, evidence, category, kind)
    if refused:
        return Award(
            points=0,
            explanation=f"{said[0]}，{refused}不计积分",
            counted_minutes=0,
            cut_minutes=minutes,
            cut_by=f"{refused.removesuffix('时长')}不计分",
        )
    counted, cut_by = _counted(rule, minutes, said)
    said.append("计 1 次" if item.measure is Measure.TIME else f"计 {duration_text(counted)}")
    percent = rule.coefficients.get(category or "", 100)
    if percent != 100:
        said.append(f"“{category}”系数 {hours.format_centi(percent)}")
    amount = _HOUR if item.measure is Measure.TIME and counted else counted
    points = _rounded(amount * item.points * percent, _HOUR * 100)
    points, cut_points, capped_by = _capped(rule.caps, points, already or {}, said)
    said.append(f"得 {hours.format_centi(points)} 分")
    return Award(
        points=points,
        explanation="，".join(said),
        counted_minutes=counted,
        cut_minutes=max(minutes - counted, 0),
        cut_points=cut_points,
        cut_by=capped_by or cut_by,
    )


def _refused(rule: PointsRule, evidence: Evidence, category: str | None, kind: str | None) -> str:
    """What keeps a service from giving points, "" when nothing does."""
    if evidence not in rule.evidence:
        return f"{evidence.value}时长"
    if category in rule.uncounted:
        return f"“{category}”"
    if rule.eligible and kind is not None and kind not in rule.eligible:
        return f"人员类别“{kind}”"
    return ""


def spot_award(rule: PointsRule, already: Mapping[Span, int] | None = None, kind: str = "") -> Award:
    """Points for one spot report that was dealt with, with ``already`` points got for reports in each span.

    ``kind`` is that of the problem (问题类别), which may have a price of its own.
    """
    price = rule.spot_kinds.get(kind, rule.spot_points)
    what = f"“{kind}”" if kind in rule.spot_kinds else ""
    said = [f"随手拍办结 1 件，按{rule.title}{what}每件 {hours.format_centi(price)} 分"]
    points, cut_points, cut_by = _capped(rule.spot_caps, price, already or {}, said)
    said.append(f"得 {hours.format_centi(points)} 分")
    return Award(points=points, explanation="，".join(said), cut_points=cut_points, cut_by=cut_by)


def event_award(rule: PointsRule, event: Event, about: str) -> Award | None:
    """Points for one event, with whom it is ``about``; None where the rule gives none for it."""
    points = rule.events.get(event, 0)
    if not points:
        return None
    price = hours.format_centi(points)
    return Award(
        points=points, explanation=f"{event.value}：{about}，按{rule.title}每人 {price} 分，得 {price} 分"
    )


def _counted(rule: PointsRule, minutes: int, said: list[str]) -> tuple[int, str | None]:
    """Minutes that count towards points, and the name of the rule that took some away."""
    counted = minutes
    cut_by: str | None = None
    if counted < rule.at_least_minutes:
        said.append(
            f"不足 {duration_text(rule.at_least_minutes)}的按 {duration_text(rule.at_least_minutes)}计"
        )
        counted = rule.at_least_minutes
    if rule.single_cap_minutes is not None and counted > rule.single_cap_minutes:
        cut_by = f"单次最多计 {duration_text(rule.single_cap_minutes)}"
        said.append(cut_by)
        counted = rule.single_cap_minutes
    stepped = _stepped(counted, rule)
    if stepped != counted:
        said.append(f"每 {duration_text(rule.step_minutes)}一档，零头{rule.rounding.value}")
        cut_by = cut_by or (f"零头{rule.rounding.value}" if stepped < counted else None)
    return stepped, cut_by


def _stepped(minutes: int, rule: PointsRule) -> int:
    steps, rest = divmod(minutes, rule.step_minutes)
    up = rest > 0 and (
        rule.rounding is Rounding.UP or (rule.rounding is Rounding.HALF and rest * 2 >= rule.step_minutes)
    )
    return (steps + up) * rule.step_minutes


def _rounded(numerator: int, denominator: int) -> int:
    """Half a hundredth of a point and more counts as one."""
    return (2 * numerator + denominator) // (2 * denominator)


def _capped(
    caps: Mapping[Span, int], points: int, already: Mapping[Span, int], said: list[str]
) -> tuple[int, int, str | None]:
    """Points left under every cap, what was cut, and the cap that cut most."""
    given, cut_by = points, None
    for span in Span:
        if span not in caps:
            continue
        room = max(caps[span] - max(already.get(span, 0), 0), 0)
        if given > room:
            limit = hours.format_centi(caps[span])
            got = hours.format_centi(max(already.get(span, 0), 0))
            said.append(
                f"{_SPAN_WORDS[span]}最多 {limit} 分，已得 {got} 分，少计 {hours.format_centi(given - room)} 分"
            )
            given, cut_by = room, f"{span.value}最多 {limit} 分"
    return given, points - given, cut_by
