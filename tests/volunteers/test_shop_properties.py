"""Whatever happens at the counter in whatever order: nothing falls below zero, and everything adds up."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.shop import CountLine, StockLine
from hongyao_desktop.volunteers.service import enrolment, points, shop
from tests.offices import make_office
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.shop_office import TODAY, give, put_limits, put_shelf


class Counter(RuleBasedStateMachine):
    """Two volunteers and three goods: bonuses, deliveries, redemptions, pick-ups, cancelling, counting, reversing."""

    redemptions: Bundle[str] = Bundle("redemptions")
    bonuses: Bundle[str] = Bundle("bonuses")
    deliveries: Bundle[str] = Bundle("deliveries")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.office = make_office(Path(self.folder.name))
        self.office.transact("建立单位", put_rules)
        self.office.transact("登记规则", partial(put_limits, quarter_points=None, quarter_same_good=None))
        units = self.office.transact("登记组织", put_units).result
        forms = [{"name": name, "unit_id": units["水湾社区"]} for name in ("曾国兰", "单玥")]
        self.people = [
            self.office.transact("登记志愿者", partial(enrolment.enrol_volunteer, values=form)).result
            for form in forms
        ]
        self.goods = list(self.office.transact("登记商品", put_shelf).result.values())

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    def _now(self) -> tuple[list[int], list[int]]:
        reader = self.office.reader()
        return (
            [lookups.volunteer(reader, one)["points"] for one in self.people],
            [queries.good(reader, one)["stock"] for one in self.goods],
        )

    @rule(target=bonuses, who=st.integers(0, 1), amount=st.integers(1, 120))
    def bonus(self, who: int, amount: int) -> str:
        return self.office.transact("奖励", lambda w: give(w, self.people[who], amount)).result

    @rule(entry=bonuses)
    def bonus_taken_back(self, entry: str) -> None:
        """The one way into debt: what an award gave was spent before it was taken back."""
        row = self.office.reader().one("SELECT state FROM point_view WHERE id = ?", (entry,))
        assert row is not None
        try:
            self.office.transact("冲正", lambda w: points.reverse_points(w, entry, "表扬错人"))
        except Refusal:
            assert row["state"] == "已冲正"

    @rule(target=deliveries, good=st.integers(0, 2), quantity=st.integers(1, 5))
    def deliver(self, good: int, quantity: int) -> Any:
        line = StockLine(good_id=self.goods[good], quantity=quantity, cost_fen=quantity * 500)
        return multiple(*self.office.transact("进货", lambda w: shop.stock_in(w, [line], TODAY)).result)

    @rule(movement=deliveries)
    def delivery_taken_back(self, movement: str) -> None:
        before = self._now()
        try:
            self.office.transact("冲正", lambda w: shop.reverse_movement(w, movement, "登错"))
        except Refusal:
            assert self._now() == before

    @rule(
        target=redemptions,
        who=st.integers(0, 1),
        good=st.integers(0, 2),
        quantity=st.integers(1, 4),
        at_once=st.booleans(),
    )
    def redeem(self, who: int, good: int, quantity: int, at_once: bool) -> Any:
        balances, stocks = self._now()
        price = queries.good(self.office.reader(), self.goods[good])["points"] * quantity
        try:
            made = self.office.transact(
                "兑换",
                lambda w: shop.redeem(w, self.people[who], self.goods[good], quantity, handed_over=at_once),
            ).result
        except Refusal:
            assert balances[who] < price or stocks[good] < quantity
            assert self._now() == (balances, stocks)
            return multiple()
        balances[who] -= price
        stocks[good] -= quantity
        assert self._now() == (balances, stocks)
        assert balances[who] >= 0
        return made

    @rule(made=redemptions)
    def fetch(self, made: str) -> None:
        before = self._now()
        try:
            self.office.transact("领取", lambda w: shop.hand_over(w, made))
        except Refusal:
            assert queries.redemption(self.office.reader(), made)["state"] != "待领取"
        assert self._now() == before

    @rule(made=redemptions)
    def give_back(self, made: str) -> None:
        """Cancelled or returned, as it stands: both come back whole, once."""
        balances, stocks = self._now()
        row = queries.redemption(self.office.reader(), made)
        verb = shop.cancel_redemption if row["state"] == "待领取" else shop.return_redemption
        try:
            self.office.transact("取消", lambda w: verb(w, made, "不要了"))
        except Refusal:
            assert row["state"] in ("已取消", "已退回")
        else:
            balances[self.people.index(row["volunteer_id"])] += row["points"]
            stocks[self.goods.index(row["good_id"])] += row["quantity"]
        assert self._now() == (balances, stocks)

    @rule(good=st.integers(0, 2), counted=st.integers(0, 15))
    def count(self, good: int, counted: int) -> None:
        line = CountLine(good_id=self.goods[good], counted=counted, reason="盘点")
        self.office.transact("盘点", lambda w: shop.count_stock(w, [line], TODAY))
        assert self._now()[1][good] == counted

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        assert queries.stock_faults(reader) == []
        assert queries.redemption_faults(reader) == []
        assert lookups.total_faults(reader) == []
        balances, stocks = self._now()
        assert min(stocks) >= 0
        for one, good in zip(self.goods, stocks, strict=True):
            folded = reader.value("SELECT SUM(quantity) FROM shop_movement WHERE good_id = ?", (one,))
            assert good == folded
        for one, balance in zip(self.people, balances, strict=True):
            folded = reader.value("SELECT SUM(points) FROM point_entry WHERE volunteer_id = ?", (one,)) or 0
            assert balance == folded

    @invariant()
    def only_awards_taken_back_make_debt(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        for one, balance in zip(self.people, self._now()[0], strict=True):
            back = reader.value(
                "SELECT SUM(back.points) FROM point_entry AS back JOIN point_entry AS first "
                "ON first.id = back.reverses_id WHERE first.kind = '奖励' AND back.volunteer_id = ?",
                (one,),
            )
            assert balance >= min(back or 0, 0)


TestCounter = Counter.TestCase
TestCounter.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
