"""Whatever is done in whatever order: no state is skipped, and a finished order has made at most one service record."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import Move, State, Word
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.service import finishing, posting, stepping, tending, undoing
from tests.offices import make_office
from tests.orders.desk import NOON, TODAY, Desk

PEOPLE = ("单玥", "尉迟建国", "郭艳")
WORDS = st.sampled_from((*Word, None))
_SCRATCH = tempfile.TemporaryDirectory(prefix="hongyao-orders-")


class OrderMachine(RuleBasedStateMachine):
    """One order and a hand that presses everything."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(
            make_office(Path(tempfile.mkdtemp(dir=_SCRATCH.name)), clock=FixedClock(NOON)), FixedClock(NOON)
        )

    @initialize()
    def take(self) -> None:
        self.desk.prepare()
        self.order_id = self.desk.take()
        self.state = State.ASKED

    def teardown(self) -> None:
        self.desk.office.close()

    def press(self, move: Move, step: Callable[[], object]) -> None:
        """Take a step; it goes through exactly when the state allows it and the step has what it needs."""
        before = self.state
        try:
            step()
        except Refusal:
            assert self.desk.order(self.order_id)["state"] == before
            return
        self.state = State(self.desk.order(self.order_id)["state"])
        if self.state is not before:
            sources, targets = flow.TRANSITIONS[move]
            assert before in sources
            assert self.state in targets

    @rule()
    def decide(self) -> None:
        self.press(Move.DECIDE, lambda: self.desk.decide(self.order_id))

    @rule(name=st.sampled_from(PEOPLE), reason=st.sampled_from(("", "换人")))
    def dispatch(self, name: str, reason: str) -> None:
        self.press(Move.DISPATCH, lambda: self.desk.dispatch(self.order_id, name, reason=reason))

    @rule()
    def accept(self) -> None:
        self.press(Move.ACCEPT, lambda: self.desk.accept(self.order_id))

    @rule(reason=st.sampled_from(("", "有事")))
    def give_back(self, reason: str) -> None:
        move = Move.REFUSE if self.state is State.DISPATCHED else Move.GIVE_BACK
        self.press(move, lambda: self.desk.give_back(self.order_id, reason))

    @rule(minutes=st.sampled_from((None, 60, 90)), early=st.sampled_from((None, None, "居民在外地")))
    def finish(self, minutes: int | None, early: str | None) -> None:
        self.press(Move.COMPLETE, lambda: self.desk.finish(self.order_id, minutes=minutes, post_early=early))

    @rule(resident=WORDS, branch=WORDS)
    def rate(self, resident: Word | None, branch: Word | None) -> None:
        self.press(Move.RATE, lambda: self.desk.rate(self.order_id, resident, branch))

    @rule(reason=st.sampled_from(("", "居民在外地")))
    def post_early(self, reason: str) -> None:
        def post() -> object:
            return self.desk.office.transact(
                "先记时长", lambda w: finishing.post_early(w, self.order_id, reason)
            )

        self.press(Move.POST_EARLY, post)

    @rule(reason=st.sampled_from(("", "登错了")))
    def void(self, reason: str) -> None:
        if self.state in (State.ASKED, State.DISPATCHED):  # seldom, or nothing is ever finished
            return

        def run() -> object:
            return self.desk.office.transact("作废", lambda w: stepping.void_order(w, self.order_id, reason))

        self.press(Move.VOID, run)

    @rule(reason=st.sampled_from(("", "点错了", "点错了")))
    def take_back(self, reason: str) -> None:
        def run() -> object:
            return self.desk.office.transact("撤回", lambda w: undoing.take_back(w, self.order_id, reason))

        self.press(Move.TAKE_BACK, run)

    @rule(name=st.sampled_from(PEOPLE), minutes=st.sampled_from((0, 30)))
    def add_helper(self, name: str, minutes: int) -> None:
        who = self.desk.people[name]
        self.tend(lambda w: posting.add_helper(w, self.order_id, who, minutes, "漏登"))

    @rule(reason=st.sampled_from(("", "居民外出")))
    def hold(self, reason: str) -> None:
        self.tend(lambda w: tending.hold(w, self.order_id, reason))

    @rule()
    def resume(self) -> None:
        self.tend(lambda w: tending.resume(w, self.order_id))

    @rule(days=st.integers(-2, 9))
    def extend(self, days: int) -> None:
        until = TODAY + dt.timedelta(days=days)
        self.tend(lambda w: tending.extend(w, self.order_id, until, "等配件"))

    def tend(self, event: Callable[[Writer], object]) -> None:
        """Whatever happens between two steps leaves the state alone, and a resting order has no last day."""
        with contextlib.suppress(Refusal):
            self.desk.office.transact("跟进", event)
        order = self.desk.order(self.order_id)
        assert order["state"] == self.state
        assert (order["due_on"] is None) == (order["held_on"] is not None or self.state.closed)

    @invariant()
    def nothing_was_skipped(self) -> None:
        if not hasattr(self, "order_id"):
            return
        order = self.desk.order(self.order_id)
        steps = boards.steps_of(self.desk.office.reader(), self.order_id)
        assert self.desk.faults() == []
        standing = flow.standing(steps)
        line = [State(step["to_state"]) for step in standing]
        if order["state"] in (State.COMPLETED, State.RATED):
            places = [line.index(state) for state in flow.MAIN_LINE[:5]]
            assert places == sorted(places)
        reader = self.desk.office.reader()
        live = reader.all(
            "SELECT volunteer_id FROM service_record AS service WHERE reverses_id IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)"
        )
        shares = [row for row in boards.shares_of(reader, self.order_id) if row["service_record_id"]]
        assert len({row["volunteer_id"] for row in live}) == len(live), "one record a person"
        assert len(live) == len(shares) + int(order["service_record_id"] is not None)
        minutes = 60 * int(reader.value("SELECT COALESCE(SUM(points), 0) FROM point_entry") or 0)
        served = int(reader.value("SELECT COALESCE(SUM(minutes), 0) FROM service_record") or 0)
        assert (minutes > 0) == (served > 0), "points come and go with the hours"
        rated = len(lookups.ratings(reader, self.order_id))
        if order["state"] == State.RATED:
            assert int(order["service_record_id"] is not None) == int(order["minutes"] is not None)
            assert rated == 2
        else:
            assert rated < 2
            if not any(step["move"] == Move.POST_EARLY for step in standing):
                assert live == [], "no rating, no hours"


OrderMachine.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestOrderMachine = OrderMachine.TestCase
