"""Which award a spending draws from, year ends, debts; and that no order of the same day changes a balance."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import lookups, spending
from hongyao_desktop.volunteers.queries import shop as shop_queries
from hongyao_desktop.volunteers.queries import year_end as year_ends
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.rules.spending import Award, Ending, Spending, fold
from hongyao_desktop.volunteers.service import enrolment, points, recording, shop, year_end
from tests.offices import make_office
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.shop_office import put_limits

DAY = dt.date(2026, 1, 1)
days = st.integers(0, 20).map(lambda n: DAY + dt.timedelta(days=n))
amounts = st.integers(1, 500)


@given(
    st.lists(st.tuples(days, amounts), max_size=8),
    st.lists(st.tuples(days, amounts), max_size=8),
    st.lists(st.tuples(days, days), max_size=3),
    st.randoms(use_true_random=False),
)
def test_the_fold_balances_and_knows_no_order(
    got: list[tuple[dt.date, int]],
    went: list[tuple[dt.date, int]],
    over: list[tuple[dt.date, dt.date]],
    chance: Random,
) -> None:
    awards = [Award(f"a{n}", day, points) for n, (day, points) in enumerate(got)]
    gone = [Spending(f"s{n}", day, points) for n, (day, points) in enumerate(went)]
    ends = [Ending(f"e{n}", min(pair), max(pair)) for n, pair in enumerate(over)]
    made = fold(awards, gone, ends)
    assert made.balance == sum(a.points for a in awards) - sum(s.points for s in gone) - sum(
        made.gone.values()
    )
    assert made.debt == 0 or not any(made.left.values()), "who owes has nothing left"
    for award in awards:
        drawn = sum(points for (_spend, source), points in made.links.items() if source == award.id)
        assert made.left[award.id] == award.points - drawn >= 0
    chance.shuffle(awards)
    chance.shuffle(gone)
    chance.shuffle(ends)
    assert fold(awards, gone, ends) == made


@dataclass
class Counter:
    """An office with a shop and one volunteer, at a day that can be set."""

    office: Office
    clock: FixedClock
    who: str = ""
    goods: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> Counter:
        def fill(writer: Writer) -> None:
            put_rules(writer)
            put_limits(writer, quarter_points=None, quarter_same_good=None, quarter_visits=None)
            units = put_units(writer)
            self.who = enrolment.enrol_volunteer(writer, {"name": "曾国兰", "unit_id": units["水湾社区"]})
            for name, price in (("香皂", 100), ("毛巾", 700)):
                self.goods[name] = shop.save_good(writer, {"name": name, "points": price}, None)
            lines = [StockLine(good_id=good, quantity=50) for good in self.goods.values()]
            shop.stock_in(writer, lines, self.clock.today())

        self.office.transact("建立单位", fill)
        return self

    def on(self, day: dt.date) -> None:
        self.clock.set(dt.datetime.combine(day, dt.time(23)))

    def do(self, verb: Callable[[Writer], str]) -> str:
        return self.office.transact("办理", verb).result

    def bonus(self, amount: int, earned: dt.date | None = None) -> str:
        return self.do(lambda w: points.award_points(w, self.who, amount, "优秀", earned_on=earned))

    def redeem(self, name: str = "香皂", quantity: int = 1) -> str:
        return self.do(lambda w: shop.redeem(w, self.who, self.goods[name], quantity, handed_over=False))

    @property
    def balance(self) -> int:
        return int(lookups.volunteer(self.office.reader(), self.who)["points"])

    def left(self) -> list[tuple[str, int]]:
        rows = spending.awards_of(self.office.reader(), self.who)
        return [(row["earned_on"], row["remaining"]) for row in rows]

    def sound(self) -> None:
        reader = self.office.reader()
        faults = lookups.total_faults(reader) + spending.link_faults(reader)
        faults += shop_queries.redemption_faults(reader) + shop_queries.stock_faults(reader)
        assert faults == []
        rows = reader.all("SELECT points, explanation FROM point_entry WHERE volunteer_id = ?", (self.who,))
        assert sum(row["points"] for row in rows) == self.balance
        assert all(row["explanation"] for row in rows)
        drawn = sum(remaining for _day, remaining in self.left())
        assert self.balance == drawn or (self.balance < 0 and drawn == 0)


def open_counter(folder: Path, day: dt.date) -> Counter:
    clock = FixedClock(dt.datetime.combine(day, dt.time(23)))
    return Counter(make_office(folder, clock=clock), clock).prepare()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = open_counter(tmp_path, dt.date(2026, 11, 20))
    yield made
    made.office.close()


def test_the_oldest_award_is_spent_first_and_says_so(counter: Counter) -> None:
    counter.bonus(300, dt.date(2026, 5, 1))
    counter.bonus(300, dt.date(2026, 3, 1))
    redemption = counter.redeem(quantity=4 - 1)
    assert counter.left() == [("2026-03-01", 0), ("2026-05-01", 300)]
    counter.redeem()
    assert counter.left() == [("2026-03-01", 0), ("2026-05-01", 200)]
    entry = shop_queries.redemption(counter.office.reader(), redemption)["point_entry_id"]
    assert [row["earned_on"] for row in spending.drawn_from(counter.office.reader(), entry)] == ["2026-03-01"]
    counter.sound()


def test_an_award_reversed_after_it_was_spent_leaves_a_debt_that_the_next_award_pays(
    counter: Counter,
) -> None:
    award = counter.bonus(1000)
    counter.redeem("毛巾")
    counter.redeem()
    counter.do(lambda w: points.reverse_points(w, award, "评错"))
    assert counter.balance == -800
    with pytest.raises(Refusal, match="欠 8 分"):
        counter.redeem()
    counter.bonus(1000)
    assert counter.balance == 200
    assert [left for _day, left in counter.left()] == [200]
    counter.sound()


def test_what_was_given_back_lies_on_its_award_again(counter: Counter) -> None:
    counter.bonus(500)
    redemption = counter.redeem(quantity=2)
    counter.do(lambda w: shop.cancel_redemption(w, redemption, "不要了"))
    assert [left for _day, left in counter.left()] == [500]
    signs = counter.office.reader().all("SELECT points FROM point_link ORDER BY id")
    assert [row["points"] for row in signs] == [200, -200], "links are only added to"
    counter.sound()


def test_a_year_end_takes_what_is_old_and_can_be_taken_back(counter: Counter) -> None:
    counter.on(dt.date(2027, 1, 4))
    counter.bonus(500, dt.date(2024, 6, 1))
    counter.bonus(400, dt.date(2025, 6, 1))
    counter.redeem(quantity=2)
    shown = year_ends.preview(counter.office.reader(), counter.clock.today())
    assert (shown.cutoff_on, shown.lines) == (dt.date(2024, 12, 31), ((counter.who, 300),))
    batch = counter.do(year_end.run_year_end)
    assert counter.balance == 400
    counter.sound()
    with pytest.raises(Refusal, match="不用清零"):
        counter.do(year_end.run_year_end)
    (entry,) = year_ends.entries_of(counter.office.reader(), batch)
    with pytest.raises(Refusal, match="整批撤回"):
        counter.do(lambda w: points.reverse_points(w, entry["id"], "清错"))
    counter.do(lambda w: year_end.withdraw_year_end(w, batch, "提前做了"))
    assert counter.balance == 700
    counter.sound()
    with pytest.raises(Refusal, match="已经撤回"):
        counter.do(lambda w: year_end.withdraw_year_end(w, batch, "再撤"))


def test_an_old_award_that_comes_after_the_year_end_goes_with_it(counter: Counter) -> None:
    counter.on(dt.date(2027, 1, 4))
    counter.bonus(100, dt.date(2024, 6, 1))
    batch = counter.do(year_end.run_year_end)
    counter.bonus(50, dt.date(2024, 7, 1))
    assert counter.balance == 0
    (entry,) = year_ends.entries_of(counter.office.reader(), batch)
    assert entry["points"] == -150
    counter.sound()


def test_room_under_a_cap_is_filled_again_when_a_service_is_reversed(counter: Counter) -> None:
    day = dt.date(2026, 11, 19)

    def serve(start: int, title: str) -> str:
        record = ServiceRecord(
            volunteer_id=counter.who,
            title=title,
            served_on=day,
            minutes=120,
            evidence=Evidence.SIGNED,
            starts_minute=start * 60,
            ends_minute=start * 60 + 120,
        )
        return counter.do(lambda w: recording.record_service(w, record).record_id)

    ids = [serve(8 + 2 * n, f"活动{n}") for n in range(5)]
    assert counter.balance == 8000
    counter.do(lambda w: recording.reverse_service(w, ids[0], "登错"))
    assert counter.balance == 8000, "the fifth service takes the room the first one left"
    row = counter.office.reader().one(
        "SELECT explanation FROM point_entry WHERE points > 0 ORDER BY id DESC LIMIT 1"
    )
    assert row is not None
    assert "腾出限额" in row["explanation"]
    counter.sound()


# ------------------------------------------------------------------------------------------------ orders of one day

THE_DAY = dt.date(2027, 1, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("award"), st.sampled_from([2023, 2024, 2025, 2026]), st.integers(1, 900)),
        st.tuples(st.just("serve"), st.integers(0, 6), st.sampled_from([60, 120, 180])),
        st.tuples(st.just("redeem"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("deduct"), st.integers(1, 200), st.just(0)),
        st.tuples(st.just("reverse award"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("reverse serve"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("give back"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("year end"), st.just(0), st.just(0)),
    ),
    max_size=9,
    unique_by=lambda step: step[:2],
)
Step = tuple[str, int, int]


def _serve(counter: Counter, place: int, minutes: int) -> str:
    record = ServiceRecord(
        volunteer_id=counter.who,
        title=f"活动{place}",
        served_on=THE_DAY,
        minutes=minutes,
        evidence=Evidence.SIGNED,
        starts_minute=place * 180,
        ends_minute=place * 180 + minutes,
    )
    return counter.do(lambda w: recording.record_service(w, record).record_id)


def _lived(folder: Path, todo: Sequence[Step]) -> tuple[int, list[tuple[str, int]], int]:
    """The day in this order, after a year before it that is always the same; balance, what is left by year, debt."""
    counter = open_counter(folder, dt.date(2026, 12, 1))
    try:
        before = [counter.bonus(300, dt.date(year, 5, 1)) for year in (2023, 2024, 2026)]
        counter.bonus(6000, dt.date(2026, 6, 1))
        fixed = [_earlier(counter, n) for n in range(3)]
        redeemed = [counter.redeem(), counter.redeem(quantity=2)]
        counter.on(THE_DAY)
        for kind, first, second in todo:
            _step(counter, (kind, first, second), before, fixed, redeemed)
            counter.sound()
        by_year: dict[str, int] = {}
        for day, left in counter.left():
            by_year[day[:4]] = by_year.get(day[:4], 0) + left
        reader = counter.office.reader()
        account = spending.accounts(reader, [counter.who])[counter.who]
        return counter.balance, sorted(by_year.items()), account.folded(spending.endings(reader)).debt
    finally:
        counter.office.close()


def _earlier(counter: Counter, place: int) -> str:
    record = ServiceRecord(
        volunteer_id=counter.who,
        title=f"往日{place}",
        served_on=dt.date(2026, 11, 30),
        minutes=120,
        evidence=Evidence.SIGNED,
        starts_minute=place * 180,
        ends_minute=place * 180 + 120,
    )
    return counter.do(lambda w: recording.record_service(w, record).record_id)


def _step(
    counter: Counter, step: Step, before: Sequence[str], fixed: Sequence[str], redeemed: Sequence[str]
) -> None:
    kind, first, second = step
    match kind:
        case "award":
            counter.bonus(second, dt.date(first, 7, 1))
        case "serve":
            _serve(counter, first, second)
        case "redeem":
            counter.redeem(quantity=first)
        case "deduct":
            counter.do(lambda w: points.deduct_points(w, counter.who, first, "缺席"))
        case "reverse award":
            counter.do(lambda w: points.reverse_points(w, before[first], "评错"))
        case "reverse serve":
            counter.do(lambda w: recording.reverse_service(w, fixed[first], "登错"))
        case "give back":
            counter.do(lambda w: shop.cancel_redemption(w, redeemed[first], "不要了"))
        case _:
            try:
                counter.do(year_end.run_year_end)
            except (
                Refusal
            ):  # nothing is old enough at this moment; a later award of the day finds no year end
                counter.do(partial(_empty_year_end, counter))


def _empty_year_end(counter: Counter, writer: Writer) -> str:
    """A year end that took nobody's points, as one of a whole office leaves for whoever had none."""
    shown = year_ends.preview(writer, counter.clock.today())
    return writer.insert(
        "point_expiry",
        {
            "number": "清2027-01",
            "kind": "到期清零",
            "cutoff_on": shown.cutoff_on.isoformat(),
            "ran_on": counter.clock.today().isoformat(),
            "rule_id": shown.rule.id,
            "people": 0,
            "points": 0,
            "recorded_by": writer.who.name,
        },
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.randoms(use_true_random=False))
def test_no_order_of_the_same_day_changes_a_balance(todo: list[Step], chance: Random) -> None:
    other = list(todo)
    chance.shuffle(other)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        assert _lived(Path(one), todo) == _lived(Path(two), other)
