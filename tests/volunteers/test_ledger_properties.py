"""Whatever is done in whatever order: balances are the fold of the entries, and no hour counts twice."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import approval as lot_queries
from hongyao_desktop.volunteers.queries import lookups, spans, spending
from hongyao_desktop.volunteers.queries import year_end as year_end_queries
from hongyao_desktop.volunteers.queries.life import life, movements_of
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.rules.clashes import overlap_minutes
from hongyao_desktop.volunteers.service import (
    approval,
    enrolment,
    points,
    recording,
    rule_sets,
    year_end,
)
from tests.offices import make_office
from tests.volunteers.conftest import put_rules, put_units

TODAY = dt.date(2026, 11, 20)
UNIT = "水湾社区"


def put_care_rules(writer: Writer) -> None:
    """Points wait for a notice; what was earned until yesterday goes at a year end."""
    head = {"source": "会议", "effective_on": "2026-01-01"}
    asked = {"name": "认定", "steps": "", "public_days": 2}
    rule_sets.add_version(writer, "volunteer-approval", {**head, **asked})
    cleared = {"name": "结转", "mode": "清零", "years": 0, "month_day": "11-19"}
    rule_sets.add_version(writer, "volunteer-expiry", {**head, **cleared})


class Ledger(RuleBasedStateMachine):
    """Two volunteers serve, get and lose points, are reversed; rounds are approved, years end and are undone."""

    services: Bundle[str] = Bundle("services")
    bonuses: Bundle[str] = Bundle("bonuses")
    lots: Bundle[str] = Bundle("lots")
    year_ends: Bundle[str] = Bundle("year_ends")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(dt.datetime(2026, 11, 20, 9, 30))  # noqa: DTZ001 - Beijing time
        self.office = make_office(Path(self.folder.name), clock=self.clock)
        self.office.transact("建立单位", put_rules)
        self.office.transact("规则", put_care_rules)
        units = self.office.transact("登记组织", put_units).result
        self.unit = units[UNIT]
        forms = [{"name": name, "unit_id": units["水湾社区"]} for name in ("曾国兰", "单玥")]
        self.people = [
            self.office.transact("登记志愿者", partial(enrolment.enrol_volunteer, values=form)).result
            for form in forms
        ]

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    @rule(
        target=services,
        who=st.integers(0, 1),
        ago=st.integers(0, 2),
        start=st.integers(0, 23).map(lambda hour: hour * 60),
        minutes=st.sampled_from([30, 60, 100, 180, 300]),
        evidence=st.sampled_from(Evidence),
        title=st.sampled_from(["义剪", "巡查", "宣讲"]),
    )
    def serve(self, who: int, ago: int, start: int, minutes: int, evidence: Evidence, title: str) -> Any:
        record = ServiceRecord(
            volunteer_id=self.people[who],
            title=title,
            served_on=TODAY - dt.timedelta(days=ago),
            minutes=minutes,
            evidence=evidence,
            starts_minute=start,
            ends_minute=start + minutes,
            reason="漏签" if evidence is Evidence.MADE_UP else None,
        )
        try:
            done = self.office.transact("登记", lambda w: recording.record_service(w, record)).result
        except Refusal:
            return multiple()
        return done.record_id

    @rule(record=services)
    def reverse(self, record: str) -> None:
        before = lookups.service(self.office.reader(), record)["state"]
        try:
            self.office.transact("冲正", lambda w: recording.reverse_service(w, record, "登错"))
        except Refusal:
            assert before != "有效"
        else:
            assert before == "有效"

    @rule(target=bonuses, who=st.integers(0, 1), amount=st.integers(1, 3000), ago=st.integers(0, 2))
    def bonus(self, who: int, amount: int, ago: int) -> str:
        day = TODAY - dt.timedelta(days=ago)
        return self.office.transact(
            "奖励", lambda w: points.award_points(w, self.people[who], amount, "优秀", earned_on=day)
        ).result

    @rule(entry=bonuses)
    def take_bonus_back(self, entry: str) -> None:
        state = self.office.reader().value("SELECT state FROM point_view WHERE id = ?", (entry,))
        try:
            self.office.transact("冲正", lambda w: points.reverse_points(w, entry, "评错"))
        except Refusal:
            assert state != "有效"

    @rule(who=st.integers(0, 1), amount=st.integers(1, 5000))
    def deduct(self, who: int, amount: int) -> None:
        balance = lookups.volunteer(self.office.reader(), self.people[who])["points"]
        try:
            self.office.transact("扣分", lambda w: points.deduct_points(w, self.people[who], amount, "缺席"))
        except Refusal:
            assert amount > balance
        else:
            assert amount <= balance

    @rule(target=lots)
    def gather(self) -> Any:
        today = self.clock.today()
        try:
            return self.office.transact(
                "认定", lambda w: approval.begin_lot(w, self.unit, dt.date(2026, 11, 1), today)
            ).result
        except Refusal:
            return multiple()

    @rule(lot=lots, who=st.integers(0, 1))
    def object_to(self, lot: str, who: int) -> None:
        before = self._balances()
        try:
            self.office.transact("异议", lambda w: approval.object_to(w, lot, self.people[who], "没有参加"))
        except Refusal:
            assert self._balances() == before

    @rule(lot=lots, back=st.booleans())
    def close_lot(self, lot: str, back: bool) -> None:
        """Sent back, or usable after the notice; either leaves every balance as it is."""
        row = lot_queries.lot(self.office.reader(), lot)
        if row["status"] != "公示中":
            return
        before = self._balances()
        if back:
            self.office.transact("退回", lambda w: approval.return_lot(w, lot, "名单不全"))
        else:
            over = dt.date.fromisoformat(row["public_until"]) + dt.timedelta(days=1)
            if over > self.clock.today():
                self.clock.set(dt.datetime.combine(over, dt.time(9, 30)))
            self.office.transact("可用", lambda w: approval.release_lot(w, lot))
        assert self._balances() == before

    @rule(target=year_ends)
    def end_year(self) -> Any:
        found = year_end_queries.preview(self.office.reader(), self.clock.today())
        before = self._balances()
        try:
            made = self.office.transact("清零", year_end.run_year_end).result
        except Refusal:
            assert not found.lines
            return multiple()
        taken = dict(found.lines)
        after = [balance - taken.get(one, 0) for one, balance in zip(self.people, before, strict=True)]
        assert self._balances() == after
        assert year_end_queries.preview(self.office.reader(), self.clock.today()).lines == ()
        return made

    @rule(batch=year_ends)
    def take_year_end_back(self, batch: str) -> None:
        """What it took is there again, but for what another year end takes in its place."""
        reader = self.office.reader()
        others = [one.id for one in spending.endings(reader) if one.id != batch]
        taken = {row["volunteer_id"]: -row["points"] for row in year_end_queries.entries_of(reader, batch)}
        before = self._balances()
        try:
            self.office.transact("撤回", lambda w: year_end.withdraw_year_end(w, batch, "会议没有通过"))
        except Refusal:
            assert self._balances() == before
            return
        assert year_end_queries.entries_of(self.office.reader(), batch) == []
        if not others:
            assert self._balances() == [
                balance + taken.get(one, 0) for one, balance in zip(self.people, before, strict=True)
            ]

    def _balances(self) -> list[int]:
        reader = self.office.reader()
        return [lookups.volunteer(reader, one)["points"] for one in self.people]

    @invariant()
    def every_point_that_went_is_linked_to_one_that_came(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        assert spending.link_faults(reader) == []
        known = spending.endings(reader)
        accounts = spending.accounts(reader, self.people)
        for one, balance in zip(self.people, self._balances(), strict=True):
            made = accounts[one].folded(known)
            assert made.balance == balance
            left = sum(row["remaining"] for row in spending.awards_of(reader, one))
            assert left - made.debt == balance
            for spent in accounts[one].spendings:
                drawn = sum(row["points"] for row in spending.drawn_from(reader, spent.id))
                assert 0 <= drawn <= spent.points
                assert made.debt or drawn == spent.points

    @invariant()
    def only_approved_points_are_usable(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        for one in self.people:
            waits = reader.all(
                """
                SELECT point.points, MAX(lot.status = '可用') AS usable
                FROM point_view AS point
                LEFT JOIN point_lot_entry AS part ON part.point_entry_id = point.id
                LEFT JOIN point_lot AS lot ON lot.id = part.lot_id
                WHERE point.volunteer_id = ? AND point.state = '有效' AND point.points > 0
                    AND point.kind IN ('服务', '随手拍', '奖励')
                GROUP BY point.id
                """,
                (one,),
            )
            pending = sum(row["points"] for row in waits if not row["usable"])
            assert lot_queries.pending_points(reader, one, self.clock.today()) == pending
        twice = reader.all(
            "SELECT point_entry_id FROM point_lot_entry JOIN point_lot AS lot ON lot.id = lot_id "
            "WHERE lot.status <> '退回' GROUP BY point_entry_id HAVING COUNT(*) > 1"
        )
        assert twice == []

    @invariant()
    def totals_are_the_fold_of_the_ledgers(self) -> None:
        if not hasattr(self, "office"):
            return
        reader = self.office.reader()
        assert lookups.total_faults(reader) == []
        assert spans.sum_faults(reader) == []
        for one in self.people:
            moved = movements_of(reader, one)
            whole = life(reader, one, TODAY)
            assert whole.points == sum(row["points"] for row in moved)
            assert all(row["explanation"] for row in moved)
            assert whole.points == (moved[0]["balance"] if moved else 0)
            months = sum(sum(month.minutes.values()) for month in whole.months)
            assert whole.total_minutes == months >= 0

    @invariant()
    def no_hour_counts_twice(self) -> None:
        if not hasattr(self, "office"):
            return
        kept = lookups.services_around(self.office.reader(), self.people, TODAY - dt.timedelta(days=2), TODAY)
        for records in kept.values():
            for one, other in itertools.combinations(records, 2):
                assert overlap_minutes(one, other) == 0

    @invariant()
    def no_day_gives_more_than_its_cap(self) -> None:
        if not hasattr(self, "office"):
            return
        days = self.office.reader().all(
            "SELECT SUM(points) AS points FROM point_entry WHERE service_record_id IS NOT NULL "
            "GROUP BY volunteer_id, earned_on"
        )
        assert all(0 <= row["points"] <= 8000 for row in days)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
