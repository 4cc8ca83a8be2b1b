import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Level
from hongyao_desktop.training import rules
from hongyao_desktop.training.records import CATEGORIES, MARKS, PARTS
from tests.training.rooms import shipped

CREDIT = shipped("training-credit")
NEED = shipped("training-requirement")


@pytest.mark.parametrize(
    ("part", "mark", "minutes", "credit"),
    [
        ("上午", "到", 240, 400),
        ("全天", "到", 480, 800),
        ("上午", "迟到", 240, 400),
        ("下午", "早退", 120, 200),
        ("下午", "请假", 0, 0),
        ("上午", "缺勤", 0, 0),
    ],
)
def test_a_mark_is_worth_what_the_rule_set_says(part: str, mark: str, minutes: int, credit: int) -> None:
    usual = rules.part_minutes(CREDIT, part)
    found = rules.credit_of(CREDIT, part, usual, mark)
    assert (found.minutes, found.credit) == (minutes, credit)
    assert CREDIT.title in found.explanation


@given(part=st.sampled_from(PARTS), mark=st.sampled_from(MARKS), minutes=st.integers(1, 900))
def test_no_mark_gives_more_than_the_minutes_allow(part: str, mark: str, minutes: int) -> None:
    found = rules.credit_of(CREDIT, part, minutes, mark)
    usual = CREDIT.body["parts"][part]
    assert 0 <= found.minutes <= minutes
    assert found.credit * usual["minutes"] <= usual["credit"] * minutes


@given(
    categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, unique=True),
    central=st.integers(0, 12_000),
    online=st.integers(0, 1_000_000),
    other=st.integers(0, 12_000),
)
def test_online_never_fills_the_central_column(
    categories: list[str], central: int, online: int, other: int
) -> None:
    without = rules.Got(central, 0, other)
    with_online = rules.Got(central, online, other)
    for need in rules.requirements_of(categories, NEED):
        if need.form == "集中":
            assert rules.gap(need, with_online) == rules.gap(need, without) == max(0, need.credit - central)


def test_requirements_on_different_columns_all_stand() -> None:
    wanted = rules.requirements_of(["党员", "村（社区）书记", "社区工作者"], NEED)
    assert [(need.category, need.form, need.credit) for need in wanted] == [
        ("村（社区）书记", "集中", 5600),  # it includes the 32 of a member
        ("社区工作者", "全部", 4000),
    ]
    assert rules.requirements_of(["没有的类别"], NEED) == ()


def test_a_registration_period_runs_from_its_first_day() -> None:
    (need,) = rules.requirements_of(["社会工作师"], NEED)
    assert (need.credit, need.years) == (9000, 3)
    begun = dt.date(2020, 2, 29)
    assert rules.span_of(need, begun, dt.date(2022, 12, 31)) == (begun, dt.date(2023, 2, 28))
    assert rules.span_of(need, begun, dt.date(2023, 2, 28)) == (begun, dt.date(2023, 2, 28))
    assert rules.span_of(need, begun, dt.date(2026, 12, 31)) == (dt.date(2026, 3, 1), dt.date(2029, 2, 28))
    before = rules.span_of(need, dt.date(2027, 5, 1), dt.date(2026, 12, 31))
    assert before == (dt.date(2027, 5, 1), dt.date(2030, 4, 30))


@given(begun=st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)), days=st.integers(0, 9000))
def test_every_day_lies_in_its_own_span(begun: dt.date, days: int) -> None:
    day = begun + dt.timedelta(days=days)
    (need,) = rules.requirements_of(["社会工作师"], NEED)
    first, last = rules.span_of(need, begun, day)
    assert first <= day <= last


def test_the_third_leave_of_fourteen_is_over_one_seventh_and_named_with_its_rule() -> None:
    two = rules.leave_meter(CREDIT, [(400, "请假")] * 2 + [(400, "到")] * 12)
    three = rules.leave_meter(CREDIT, [(400, "请假")] * 3 + [(400, "到")] * 11)
    assert (two.exceeded, two.leave, two.limit) == (False, 800, 800)
    assert three.exceeded
    assert "请假12学时，全班56学时，超过1/7（干部教育培训工作条例" in three.sentence


def test_the_planned_hours_are_the_whole_before_all_sessions_are_entered() -> None:
    first_day = [(400, "请假"), (400, None)]
    assert rules.leave_meter(CREDIT, first_day).exceeded
    assert not rules.leave_meter(CREDIT, first_day, planned=5600).exceeded
    more_held_than_planned = [(400, "请假"), *[(400, "到")] * 6]
    assert not rules.leave_meter(CREDIT, more_held_than_planned, planned=1200).exceeded


def test_leave_over_the_limit_forbids_the_certificate_and_absence_is_asked_about() -> None:
    over = rules.leave_meter(CREDIT, [(400, "请假")] * 3 + [(400, "到")] * 11)
    within = rules.leave_meter(CREDIT, [(400, "到")] * 14)
    (refused,) = rules.completion_problems("单玥", over, 0, 0)
    assert refused.level is Level.ERROR
    assert "1/7" in refused.message
    assert "不能发结业证" in refused.message
    assert rules.completion_problems("单玥", within, 0, 0) == []
    levels = [problem.level for problem in rules.completion_problems("单玥", within, 2, 1)]
    assert levels == [Level.QUESTION, Level.ERROR]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("上午", "上午", True),
        ("上午", "下午", False),
        ("全天", "上午", True),
        ("下午", "全天", True),
        ("全天", "晚上", False),
        ("晚上", "下午", False),
    ],
)
def test_a_whole_day_shares_time_with_its_halves_only(first: str, second: str, expected: bool) -> None:
    assert rules.overlap(first, second) is expected


def test_a_day_has_room_for_morning_afternoon_and_evening_and_no_more() -> None:
    assert rules.length_problem(CREDIT, 120, 480) is None
    too_long = rules.length_problem(CREDIT, 480, 480)
    assert too_long is not None
    assert "16 小时" in too_long.message
    nothing = rules.length_problem(CREDIT, 0, 0)
    assert nothing is not None
    assert nothing.field == "minutes"
