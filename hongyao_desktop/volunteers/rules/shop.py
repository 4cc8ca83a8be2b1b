"""Limits of the points shop (积分超市): who may redeem what, how often in a quarter, and until when to fetch it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import hours, money
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Standing, VolunteerStatus
from hongyao_desktop.volunteers.records.shop import Used
from hongyao_desktop.volunteers.rules.body import centi, read_body, whole

KIND = "shop-limits"

ONE_VISIT = "（同一天的几笔算一次）"
"""What a visit is, in words beside every number of visits."""


@dataclass(frozen=True, slots=True)
class ShopRule:
    """The rule set ``shop-limits``. None means no limit.

    ``quarter_visits`` counts days with a redemption (everything of one day is one visit, as the clerk reads),
    ``quarter_points`` is in hundredths, ``quarter_same_good`` counts pieces of one good,
    ``year_budget_fen`` is what stock may cost in a calendar year, in 分.
    """

    id: str
    title: str
    quarter_visits: int | None
    quarter_points: int | None
    quarter_same_good: int | None
    pick_up_days: int
    year_budget_fen: int | None


def shop_rule(rule: RuleSet) -> ShopRule:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> ShopRule:
        visits, points, same = body["quarter_visits"], body["quarter_points"], body["quarter_same_good"]
        budget = body["year_budget"]
        return ShopRule(
            rule.id,
            rule.title,
            None if visits is None else whole(visits, 1),
            None if points is None else centi(points),
            None if same is None else whole(same, 1),
            whole(body["pick_up_days"]),
            None if budget is None else money.parse_fen(budget),
        )

    return read_body(rule, reading)


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the calendar quarter that ``day`` lies in."""
    first = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    after = dt.date(day.year + (first.month == 10), (first.month + 3 - 1) % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody at the counter wants: a good with its price and stock as they stand, and how many."""

    name: str
    measure: str
    price_points: int
    stock: int
    quantity: int
    offered: bool = True

    @property
    def points(self) -> int:
        """What it takes, in hundredths of a point."""
        return self.price_points * self.quantity


def _refused(code: str, message: str, field: str) -> Problem:
    return Problem(Level.ERROR, code, message, field)


def volunteer_problems(who: Standing, balance: int) -> list[Problem]:
    """Why this volunteer may not redeem at all: not on the register, or in debt (欠分)."""
    if who.status is not VolunteerStatus.ACTIVE:
        message = f"{who.shown}现在是“{who.status.value}”，在册的志愿者才能兑换"
        return [_refused("shop.standing", message, "volunteer_id")]
    if who.person_status != "在册":
        return [_refused("shop.person", f"{who.shown}已{who.person_status}，不能兑换", "volunteer_id")]
    if balance < 0:
        message = f"{who.shown}欠 {hours.format_centi(-balance)} 分，补足后才能兑换"
        return [_refused("shop.debt", message, "volunteer_id")]
    return []


def wish_problems(rule: ShopRule, who: Standing, balance: int, used: Used, wish: Wish) -> list[Problem]:
    """Why this wish may not be met: good not offered, stock, balance, limits of the quarter. Empty when it may."""
    found: list[Problem] = []
    if not wish.offered:
        found.append(_refused("shop.stopped", f"{wish.name}已停换，请换一种", "good_id"))
    if wish.quantity < 1:
        return [*found, _refused("shop.quantity", "数量至少是 1", "quantity")]
    if wish.quantity > wish.stock:
        left = f"只有 {wish.stock} {wish.measure}" if wish.stock else "没有货了"
        found.append(
            _refused("shop.stock", f"{wish.name}{left}，不够 {wish.quantity} {wish.measure}", "quantity")
        )
    if wish.points > balance:
        need, have = hours.format_centi(wish.points), hours.format_centi(balance)
        message = f"要用 {need} 分，{who.name}的余额是 {have} 分，还差 {hours.format_centi(wish.points - balance)} 分"
        found.append(_refused("shop.balance", message, "quantity"))
    return found + _limit_problems(rule, who, used, wish)


def _limit_problems(rule: ShopRule, who: Standing, used: Used, wish: Wish) -> list[Problem]:
    found: list[Problem] = []
    visits = visit_problem(rule, who, used)
    if visits is not None:
        found.append(visits)
    if rule.quarter_points is not None and used.points + wish.points > rule.quarter_points:
        most, left = hours.format_centi(rule.quarter_points), max(rule.quarter_points - used.points, 0)
        wanted = f"还可用 {hours.format_centi(left)} 分，不够这次的 {hours.format_centi(wish.points)} 分"
        message = f"每季度最多用 {most} 分，{who.name}本季度{wanted if left else f'已用完{again(used)}'}"
        found.append(_refused("shop.points", message, "quantity"))
    same = rule.quarter_same_good
    if same is not None and used.same_good + wish.quantity > same:
        had, left = f"已兑换 {used.same_good} {wish.measure}", same - used.same_good
        # The day from which it begins anew helps only who has had all of it.
        rest = (
            f"{had + '，' if used.same_good else ''}还可以换 {left} {wish.measure}"
            if left > 0
            else had + again(used)
        )
        message = f"{wish.name}每人每季度最多 {same} {wish.measure}，{who.name}{rest}"
        found.append(_refused("shop.same_good", message, "quantity"))
    return found


def visit_problem(rule: ShopRule, who: Standing, used: Used) -> Problem | None:
    """An error when the visits of the quarter are used up; whoever redeemed today already is still at that visit."""
    if rule.quarter_visits is None or used.today or used.visits < rule.quarter_visits:
        return None
    message = (
        f"{who.name}本季度已兑换 {used.visits} 次，按{rule.title}每季度最多 {rule.quarter_visits} 次{ONE_VISIT}"
        f"{again(used)}"
    )
    return _refused("shop.visits", message, "volunteer_id")


def again(used: Used) -> str:
    """When a limit of the quarter begins anew, as the end of its sentence."""
    return "" if used.again_on is None else f"，{format_cn(used.again_on)}起可以再兑换"


def budget_problem(rule: ShopRule, year: int, spent_fen: int, cost_fen: int) -> Problem | None:
    """An error when stock costing ``cost_fen`` 分 goes beyond the budget of the year, else None."""
    most = rule.year_budget_fen
    if most is None or spent_fen + cost_fen <= most:
        return None
    left = money.format_fen(max(most - spent_fen, 0))
    whole_year, wanted = money.format_fen(most), money.format_fen(cost_fen)
    message = f"{year}年采购预算 {whole_year} 元，还剩 {left} 元，不够这次的 {wanted} 元；"
    message += "请减少，或在“规则”页调整年度采购预算"
    return _refused("shop.budget", message, "cost_fen")
