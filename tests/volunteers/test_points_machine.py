"""A year of one volunteer under approval, in any order: the balance is the fold, and every row says what it is.

Services under caps, bonuses, deductions, redemptions and what is given back, reversals, rounds of approval with
objections and returns, year ends and taking them back, while days and years go by.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from hongyao_desktop.core import hours
from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import approval as lots
from hongyao_desktop.volunteers.queries import lookups, spending
from hongyao_desktop.volunteers.queries import shop as shop_queries
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.service import approval, enrolment, points, recording, shop, year_end
from tests.offices import ALL_ROLES, REVIEWER, make_office, open_file
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.shop_office import put_limits

PRICE: Final = 700
CAP: Final = 8000
RULES: Final = {
    "volunteer-approval": {"steps": ["社区审核"], "public_days": 1},
    "volunteer-expiry": {"mode": "结转", "years": 1, "month_day": "12-31"},
}
WORDS: Final = {
    "服务": r"得 ([\d,.]+) 分(?:（|$)",
    "奖励": r"^奖励 ([\d,.]+) 分：",
    "扣减": r"^扣减 ([\d,.]+) 分：",
    "兑换": r"用 ([\d,.]+) 分（兑",
    "到期": r"尚未使用的积分 ([\d,.]+) 分清零",
}


class Year(RuleBasedStateMachine):
    """One volunteer, one good, two operators."""

    services: Bundle[str] = Bundle("services")
    bonuses: Bundle[str] = Bundle("bonuses")
    redemptions: Bundle[str] = Bundle("redemptions")
    rounds: Bundle[str] = Bundle("rounds")
    year_ends: Bundle[str] = Bundle("year_ends")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(dt.datetime(2026, 11, 20, 12))  # noqa: DTZ001 - FixedClock takes it as Beijing time
        self.office = make_office(Path(self.folder.name), clock=self.clock)

        def fill(writer: Writer) -> None:
            put_rules(writer)
            put_limits(writer, quarter_points=None, quarter_same_good=None, quarter_visits=None)
            for kind, body in RULES.items():
                values = {"name": "本办规则", "version": 1, "effective_on": "2026-01-01", "source": "会议"}
                writer.insert(
                    "rule_set", {**values, "kind": kind, "body": json.dumps(body, ensure_ascii=False)}
                )
            self.units = put_units(writer)
            self.who = enrolment.enrol_volunteer(
                writer, {"name": "曾国兰", "unit_id": self.units["水湾社区"]}
            )
            self.good = shop.save_good(writer, {"name": "香皂", "points": PRICE}, None)
            shop.stock_in(writer, [StockLine(good_id=self.good, quantity=500)], self.clock.today())

        self.office.transact("建立单位", fill)

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    def _try(self, verb: Callable[[Writer], Any]) -> Any:
        """What a verb gives, or nothing where it is refused: a refusal leaves everything as it was."""
        before = self._entries()
        try:
            return self.office.transact("办理", verb).result
        except Refusal:
            assert self._entries() == before
            return multiple()

    def _entries(self) -> list[Row]:
        return self.office.reader().all("SELECT * FROM point_view ORDER BY id")

    def _as(self, name: str, verb: Callable[[Writer], Any]) -> None:
        """A step by another operator of the same file."""
        path = self.office.path
        self.office.close()
        self.office = open_file(path, clock=self.clock, who=name)
        self._try(verb)
        self.office.close()
        self.office = open_file(path, clock=self.clock, who=ALL_ROLES.name)

    def _usable(self) -> tuple[int, int]:
        """Balance and what of it waits for a round, counted here from rows alone."""
        reader = self.office.reader()
        released = {
            row["point_entry_id"]
            for row in reader.all(
                "SELECT point_entry_id FROM point_lot_entry AS part "
                "JOIN point_lot AS lot ON lot.id = part.lot_id WHERE lot.status = '可用'"
            )
        }
        rows = self._entries()
        waiting = sum(
            row["points"]
            for row in rows
            if row["kind"] in ("服务", "奖励") and row["state"] == "有效" and row["id"] not in released
        )
        return sum(row["points"] for row in rows), waiting

    # -- what happens

    @rule(n=st.sampled_from([1, 3, 40, 400]))
    def days_go_by(self, n: int) -> None:
        day = self.clock.today() + dt.timedelta(days=n)
        self.clock.set(dt.datetime.combine(day, dt.time(12)))

    @rule(
        target=services,
        place=st.integers(0, 6),
        ago=st.integers(0, 1),
        minutes=st.sampled_from([60, 100, 180]),
    )
    def serve(self, place: int, ago: int, minutes: int) -> Any:
        record = ServiceRecord(
            volunteer_id=self.who,
            title=f"活动{place}",
            served_on=self.clock.today() - dt.timedelta(days=ago),
            minutes=minutes,
            evidence=Evidence.SIGNED,
            starts_minute=place * 180,
            ends_minute=place * 180 + minutes,
        )
        return self._try(lambda w: recording.record_service(w, record).record_id)

    @rule(record=services)
    def service_taken_back(self, record: str) -> None:
        self._try(lambda w: recording.reverse_service(w, record, "登错"))

    @rule(
        target=bonuses, amount=st.sampled_from([1, 350, 2000, 6000]), ago=st.sampled_from([0, 30, 400, 800])
    )
    def bonus(self, amount: int, ago: int) -> Any:
        day = self.clock.today() - dt.timedelta(days=ago)
        return self._try(lambda w: points.award_points(w, self.who, amount, "优秀", earned_on=day))

    @rule(entry=bonuses)
    def bonus_taken_back(self, entry: str) -> None:
        self._try(lambda w: points.reverse_points(w, entry, "评错"))

    @rule(amount=st.integers(1, 2000))
    def deduct(self, amount: int) -> None:
        balance, _waiting = self._usable()
        before = len(self._entries())
        self._try(lambda w: points.deduct_points(w, self.who, amount, "缺席"))
        assert (len(self._entries()) > before) == (amount <= balance)

    @rule(target=redemptions, quantity=st.integers(1, 4))
    def redeem(self, quantity: int) -> Any:
        balance, waiting = self._usable()
        before = len(self._entries())
        made = self._try(lambda w: shop.redeem(w, self.who, self.good, quantity, handed_over=False))
        assert (len(self._entries()) > before) == (quantity * PRICE <= balance - waiting)
        return made

    @rule(made=redemptions)
    def give_back(self, made: str) -> None:
        self._try(lambda w: shop.cancel_redemption(w, made, "不要了"))

    @rule(target=rounds, back=st.sampled_from([0, 30, 500]))
    def begin_round(self, back: int) -> Any:
        today = self.clock.today()
        first = today - dt.timedelta(days=back)
        return self._try(lambda w: approval.begin_lot(w, self.units["样例街道"], first, today))

    @rule()
    def whole_round(self) -> None:
        """Everything that waits is reviewed, published and usable the week after."""
        first = self.clock.today() - dt.timedelta(days=900)
        lot = self._try(lambda w: approval.begin_lot(w, self.units["样例街道"], first, self.clock.today()))
        if isinstance(lot, str):
            self.review_round(lot)
            self.days_go_by(7)
            self.release_round(lot)

    @rule(lot=rounds)
    def review_round(self, lot: str) -> None:
        self._as(REVIEWER.name, lambda w: approval.pass_step(w, lot))

    @rule(lot=rounds)
    def release_round(self, lot: str) -> None:
        self._try(lambda w: approval.release_lot(w, lot))

    @rule(lot=rounds)
    def object(self, lot: str) -> None:
        self._try(lambda w: approval.object_to(w, lot, self.who, "有人反映没有到场"))

    @rule(lot=rounds)
    def return_round(self, lot: str) -> None:
        self._try(lambda w: approval.return_lot(w, lot, "名单不全"))

    @rule(target=year_ends)
    def year_end(self) -> Any:
        return self._try(year_end.run_year_end)

    @rule(batch=year_ends)
    def year_end_taken_back(self, batch: str) -> None:
        known = self.office.reader().one("SELECT status FROM point_expiry WHERE id = ?", (batch,))
        self._try(lambda w: year_end.withdraw_year_end(w, batch, "办法还没有公布"))
        left = self.office.reader().all(
            "SELECT point.state FROM point_expiry_entry AS part JOIN point_view AS point "
            "ON point.id = part.point_entry_id WHERE part.expiry_id = ?",
            (batch,),
        )
        assert known is not None
        assert all(row["state"] == "已冲正" for row in left)

    # -- what always holds

    @invariant()
    def the_balance_is_the_fold(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        assert lookups.total_faults(reader) + spending.link_faults(reader) == []
        assert shop_queries.redemption_faults(reader) + shop_queries.stock_faults(reader) == []
        balance, waiting = self._usable()
        account = spending.accounts(reader, [self.who])[self.who]
        made = account.folded(spending.endings(reader))
        assert lookups.volunteer(reader, self.who)["points"] == balance == made.balance
        assert lots.pending_points(reader, self.who, self.clock.today()) == waiting
        left = {row["id"]: row["remaining"] for row in spending.awards_of(reader, self.who)}
        assert left == dict(made.left)
        assert sum(left.values()) - made.debt == balance

    @invariant()
    def every_row_says_what_it_is(self) -> None:
        if not hasattr(self, "office"):
            return
        rows = {row["id"]: row for row in self._entries()}
        for row in rows.values():
            assert row["recorded_by"]
            assert row["explanation"]
            if row["kind"] == "冲正":
                assert row["points"] == -rows[row["reverses_id"]]["points"]
                continue
            said = re.search(WORDS[row["kind"]], row["explanation"])
            assert said is not None, row["explanation"]
            assert hours.parse_centi(said[1]) == abs(row["points"])
            assert row["rule_id"] or row["kind"] in ("奖励", "扣减")

    @invariant()
    def only_what_was_taken_back_makes_debt(self) -> None:
        if not hasattr(self, "office"):
            return
        rows = self._entries()
        running = 0
        for row in rows:
            running += row["points"]
            if running < 0 and row["points"] < 0:
                assert row["kind"] == "冲正" or any(one["kind"] == "冲正" for one in rows)
        served: dict[str, int] = {}
        for row in rows:
            if row["service_record_id"]:
                served[row["earned_on"]] = served.get(row["earned_on"], 0) + row["points"]
        assert all(0 <= day <= CAP for day in served.values())


TestYear = Year.TestCase
TestYear.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
