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

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups, spans
from hongyao_desktop.volunteers.queries.life import life, movements_of
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.rules.clashes import overlap_minutes
from hongyao_desktop.volunteers.service import enrolment, points, recording
from tests.offices import make_office
from tests.volunteers.conftest import put_rules, put_units

TODAY = dt.date(2026, 11, 20)


class Ledger(RuleBasedStateMachine):
    """Two volunteers serve, get bonuses, lose points and are reversed."""

    services: Bundle[str] = Bundle("services")
    bonuses: Bundle[str] = Bundle("bonuses")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.office = make_office(Path(self.folder.name))
        self.office.transact("建立单位", put_rules)
        units = self.office.transact("登记组织", put_units).result
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

    @rule(target=bonuses, who=st.integers(0, 1), amount=st.integers(1, 3000))
    def bonus(self, who: int, amount: int) -> str:
        return self.office.transact(
            "奖励", lambda w: points.award_points(w, self.people[who], amount, "优秀")
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
TestLedger.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
