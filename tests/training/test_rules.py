import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.training import rules
from hongyao_desktop.training.records import MARKS, PARTS
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


def test_online_never_fills_the_central_column() -> None:
    need = rules.requirements(NEED)["党员"]
    assert rules.gap(need, central=0, online=9900, other=0) == 3200
    assert rules.gap(need, central=3200, online=0, other=0) == 0


def test_the_highest_requirement_of_several_categories_counts() -> None:
    strictest = rules.strictest(["党员", "村（社区）书记"], NEED)
    assert strictest is not None
    assert strictest.credit == 5600
    assert rules.strictest(["没有的类别"], NEED) is None


def test_leave_over_one_seventh_is_named_with_its_rule() -> None:
    two_of_fourteen = [(240, "请假")] * 2 + [(240, "到")] * 12
    three_of_fourteen = [(240, "请假")] * 3 + [(240, "到")] * 11
    assert not rules.leave_meter(CREDIT, two_of_fourteen).exceeded
    meter = rules.leave_meter(CREDIT, three_of_fourteen)
    assert meter.exceeded
    assert "1/7" in meter.sentence
