"""Dates and times: every style of a real sheet, nothing invented."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.dates import (
    DateProblem,
    format_cn,
    format_time,
    from_serial,
    parse_date,
    parse_month,
    parse_time,
)

TODAY = dt.date(2026, 11, 22)
FIFTH = dt.date(2026, 3, 5)
days = st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05",
        "2026-3-5",
        "2026.3.5",
        "2026.3.5.",
        "2026/3/5",
        "2026/03/05",
        "20260305",
        20260305,
        "2026年3月5日",
        "2026年03月05号",
        " 2026 年 3 月 5 日 ",
        "２０２６．３．５",
        "二〇二六年三月五日",
        "二○二六年三月五日",
        "2026—3—5",
        "2026-03-05 12:37",
        "2026/3/5 8:30:00",
        "2026-03-05T08:00:00+08:00",
        "2026年3月5日（星期四）",
        "2026年3月5日上午",
        46086,
        46086.354,
        "46086",
        dt.date(2026, 3, 5),
        dt.datetime(2026, 3, 5, 8, 30),  # noqa: DTZ001 - spreadsheets know no zones
        "2026\u200b-03-05",
    ],
)
def test_one_day_in_many_styles(typed: str | float | dt.date) -> None:
    assert parse_date(typed, today=TODAY) == FIFTH


@given(days)
def test_every_day_in_every_style(day: dt.date) -> None:
    for shown in (
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        format_cn(day),
        day,
    ):
        assert parse_date(shown, today=TODAY) == day
    assert parse_month(day.isoformat()) == (day.year, day.month)
    assert parse_month(f"{day.year}年{day.month}月") == (day.year, day.month)


@given(days, st.floats(0, 0.999))
def test_serials_of_both_epochs(day: dt.date, fraction: float) -> None:
    since_1900 = (day - dt.date(1899, 12, 30)).days
    assert from_serial(since_1900 + fraction) == day
    since_1904 = (day - dt.date(1904, 1, 1)).days
    if since_1904 >= 0:
        assert from_serial(since_1904 + fraction, epoch1904=True) == day


def test_the_day_that_spreadsheets_invented() -> None:
    assert from_serial(1) == dt.date(1900, 1, 1)
    assert from_serial(59) == dt.date(1900, 2, 28)
    assert from_serial(61) == dt.date(1900, 3, 1)
    with pytest.raises(DateProblem, match="没有这一天"):
        from_serial(60)


@pytest.mark.parametrize(
    ("typed", "back"), [("今天", 0), ("昨天", 1), ("前天", 2), ("大前天", 3), ("明天", -1)]
)
def test_words_count_from_today(typed: str, back: int) -> None:
    assert parse_date(typed, today=TODAY) == TODAY - dt.timedelta(days=back)


@pytest.mark.parametrize("typed", ["3.5", "3-5", "3/5", "3月5日", "3月5号", "03.05"])
def test_a_short_date_needs_the_year_of_the_sheet(typed: str) -> None:
    assert parse_date(typed, today=TODAY, default_year=2026) == FIFTH
    with pytest.raises(DateProblem, match="没有写年份"):
        parse_date(typed, today=TODAY)


def test_a_day_alone_needs_year_and_month() -> None:
    assert parse_date("5日", today=TODAY, default_year=2026, default_month=3) == FIFTH
    with pytest.raises(DateProblem, match="年份和月份"):
        parse_date("5日", today=TODAY, default_year=2026)


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "没有填写"),
        ("26-3-5", "只有两位"),
        ("26.3.5", "只有两位"),
        ("26年3月5日", "只有两位"),
        ("'26/3/5", "只有两位"),
        ("03/05/2026", "先后"),
        ("2026年3月", "没有写哪一日"),
        ("2026.03", "没有写哪一日"),
        ("2026-3", "没有写哪一日"),
        ("202603", "没有写哪一日"),
        (202603, "没有写哪一日"),
        (2026.03, "没有写哪一日"),
        ("2026", "只有年份"),
        (1958, "只有年份"),
        ("2026-02-30", "2026年2月没有30日"),
        ("2026-2-0", "没有0日"),
        ("2026-13-01", "没有13月"),
        ("20261301", "没有13月"),
        ("0026-03-05", "不合常理"),
        ("2026-3.5", "不是日期"),
        ("2026年3月5日至7日", "不止一天"),
        ("农历三月初五", "不是日期"),
        ("不详", "不是日期"),
        (True, "不能填"),
        (float("nan"), "不是日期"),
        (float("inf"), "不是日期"),
        (0, "不是日期"),
        (-5, "不是日期"),
        (1e18, "不是日期"),
        (dt.date(1, 1, 1), "不合常理"),
    ],
)
def test_dates_refused(typed: str | float | dt.date, because: str) -> None:
    with pytest.raises(DateProblem, match=because):
        parse_date(typed, today=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "2026年3月",
        "2026年03月份",
        "2026.03",
        "2026-3",
        "202603",
        202603,
        2026.03,
        "二〇二六年三月",
        46086,
        FIFTH,
    ],
)
def test_months(typed: str | float | dt.date) -> None:
    assert parse_month(typed) == (2026, 3)


def test_a_month_alone_needs_the_year_of_the_sheet() -> None:
    assert parse_month("3月", default_year=2026) == (2026, 3)
    with pytest.raises(DateProblem, match="没有写年份"):
        parse_month("3月")


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        (2026.1, "1 月还是 10 月"),
        ("26.3", "只有两位"),
        ("2026年13月", "没有13月"),
        ("春", "不是年月"),
        (True, "不能填"),
    ],
)
def test_months_refused(typed: str | float, because: str) -> None:
    with pytest.raises(DateProblem, match=because):
        parse_month(typed)


@given(
    st.one_of(
        st.text(max_size=15),
        st.text("0123456789.-/:年月日号点时分半上午下一二三十〇 T", max_size=14),
        st.floats(),
        st.integers(),
    )
)
def test_anything_is_read_or_refused_with_a_sentence(typed: str | float) -> None:
    parsers: tuple[Callable[[Any], object], ...] = (partial(parse_date, today=TODAY), parse_month, parse_time)
    for parse in parsers:
        try:
            parse(typed)
            sentence = "请"
        except DateProblem as problem:
            sentence = str(problem)
        assert "请" in sentence or "不能填" in sentence


def test_the_written_form_has_no_leading_zero() -> None:
    assert format_cn(FIFTH) == "2026年3月5日"


@pytest.mark.parametrize(
    "typed",
    [
        "8:30",
        "08:30",
        "８：３０",
        "8:30:45",
        "8.30",
        "0830",
        "830",
        830,
        "8点半",
        "8点30分",
        "8时30分",
        "八点半",
        "上午8:30",
        "8:30am",
        0.3541666667,
        "0.3541666667",
        46086.3541666666,
        "2026/9/10 8:30",
        dt.time(8, 30),
    ],
)
def test_one_time_in_many_styles(typed: str | float | dt.time) -> None:
    assert parse_time(typed) == 510


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("下午2:30", 870),
        ("晚上8点", 1200),
        ("中午12点", 720),
        ("九点一刻", 555),
        ("24:00", 1440),
        (0, 0),
        (1, 1440),
        ("0:00", 0),
    ],
)
def test_other_times(typed: str | float, minutes: int) -> None:
    assert parse_time(typed) == minutes


@given(st.integers(0, 1439))
def test_every_minute_of_the_day(minute: int) -> None:
    assert parse_time(format_time(minute)) == minute
    assert parse_time(minute / 1440) == minute
    if minute:
        assert parse_time(46086 + minute / 1440) == minute


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "没有填写"),
        ("8", "几点还是几小时"),
        (8, "几点还是几小时"),
        ("25:00", "一天里"),
        ("8:60", "一天里"),
        ("上午", "不是时刻"),
        (True, "不能填"),
        (-0.5, "不是时刻"),
    ],
)
def test_times_refused(typed: str | float, because: str) -> None:
    with pytest.raises(DateProblem, match=because):
        parse_time(typed)


def test_minutes_outside_a_day_are_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="one day"):
        format_time(1441)
