"""Lengths of time and points: whole numbers inside, what people write outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.hours import AmountProblem, format_centi, format_minutes, parse_centi, parse_hours


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0"),
        (90, "1.5"),
        (93, "1.55"),
        (91, "1小时31分"),
        (31, "31分"),
        (600, "10"),
        (-90, "-1.5"),
        (-31, "-31分"),
    ],
)
def test_minutes_are_shown_exactly(minutes: int, shown: str) -> None:
    assert format_minutes(minutes) == shown


@given(st.integers(0, 10_000_000))
def test_shown_minutes_are_read_back(minutes: int) -> None:
    assert parse_hours(format_minutes(minutes)) == minutes


@given(st.integers(0, 100_000))
def test_hours_divided_by_a_spreadsheet_are_read_back(minutes: int) -> None:
    assert parse_hours(str(minutes / 60)) == minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1.5小时", 90),
        ("1小时30分", 90),
        ("1小时30分钟", 90),
        ("1时30分", 90),
        ("90分钟", 90),
        ("1:30", 90),
        ("１：３０", 90),
        ("半小时", 30),
        ("1个半小时", 90),
        ("两个半小时", 150),
        ("一小时", 60),
        ("1小时半", 90),
        ("2h", 120),
        (".5", 30),
        ("8", 480),
    ],
)
def test_lengths_as_typed(typed: str, minutes: int) -> None:
    assert parse_hours(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "没有填写"),
        ("1.33", "不是整分钟"),
        ("半天", "不是时长"),
        ("-1", "时长不能小于 0"),
        ("1e5", "不是时长"),
        ("9" * 12, "超出"),
    ],
)
def test_lengths_refused(typed: str, because: str) -> None:
    with pytest.raises(AmountProblem, match=because):
        parse_hours(typed)


@given(st.integers(-(10**14), 10**14))
def test_hundredths_are_read_back(centi: int) -> None:
    shown = format_centi(centi)
    assert parse_centi(shown) == centi
    assert not shown.endswith((".0", "."))


@pytest.mark.parametrize(
    ("typed", "centi"),
    [
        ("12.5", 1250),
        ("3分", 300),
        ("８学时", 800),
        ("-0.25", -25),
        ("1,234", 123400),
        ("2.500", 250),
        ("+3", 300),
    ],
)
def test_points_as_typed(typed: str, centi: int) -> None:
    assert parse_centi(typed) == centi


@pytest.mark.parametrize(
    "typed", ["", "0.125", "1." + "0" * 40 + "1", ".", "+", "三分", "1,23", "1e2", "nan", "9" * 20]
)
def test_points_refused(typed: str) -> None:
    with pytest.raises(AmountProblem, match="请"):
        parse_centi(typed)


@given(
    st.one_of(
        st.text(max_size=15), st.text("0123456789.,-+()¥元万亿整正零壹拾角分时小半个钟:e ", max_size=12)
    )
)
def test_any_text_is_read_or_refused_with_a_sentence(typed: str) -> None:
    for parse in (parse_hours, parse_centi):
        try:
            value, sentence = parse(typed), "请"
        except AmountProblem as problem:
            value, sentence = 0, str(problem)
        assert isinstance(value, int)
        assert "请" in sentence


def test_hours_may_have_thousands_marks() -> None:
    assert parse_hours("1,234.5") == 74_070
    with pytest.raises(AmountProblem, match="不是时长"):
        parse_hours("12,34")
