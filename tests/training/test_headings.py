"""The head and the session columns of sign-in sheets as offices write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.desk import SheetFacts
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.training.imports.heading import Heading, Slot, read_heading
from tests.training.rooms import shipped

TODAY = dt.date(2026, 11, 20)
RULE = shipped("training-credit")


def facts(title: str = "2026年书记培训班签到表", **lines: str) -> SheetFacts:
    return SheetFacts("签到.xlsx", "0" * 64, "签到", title, lines)


def read(*headers: str, title: str = "2026年书记培训班签到表", **lines: str) -> Heading:
    return read_heading(("序号", "姓名", *headers, "备注"), facts(title, **lines), TODAY, RULE)


def slot(month: int, day: int, part: str, year: int = 2026) -> Slot:
    return dt.date(year, month, day), part


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("11日上午", slot(5, 11, "上午")),
        ("12号下午", slot(5, 12, "下午")),
        ("11上午", slot(5, 11, "上午")),
        ("5月11日/上午", slot(5, 11, "上午")),
        ("5月11日（星期一）上午", slot(5, 11, "上午")),
        ("5月11日上午签到", slot(5, 11, "上午")),
        ("5月11日（周一）/下午/签名", slot(5, 11, "下午")),
        ("上午（5月12日）", slot(5, 12, "上午")),
        ("5.11上午", slot(5, 11, "上午")),
        ("5/11 下午", slot(5, 11, "下午")),
        ("５月１１日上午", slot(5, 11, "上午")),
        ("2026-05-11", slot(5, 11, "全天")),
        ("2026-05-11 00:00", slot(5, 11, "全天")),
        ("2026-05-11/晚上", slot(5, 11, "晚上")),
        ("2026年5月11日", slot(5, 11, "全天")),
        ("11日晚", slot(5, 11, "晚上")),
        ("12日 PM", slot(5, 12, "下午")),
        ("5.12", slot(5, 12, "全天")),
        ("第二天上午", slot(5, 12, "上午")),
        ("第3天", slot(5, 13, "全天")),
        ("周二下午", slot(5, 12, "下午")),
        ("上午", slot(5, 11, "上午")),
        ("5月11日上午党章学习", slot(5, 11, "上午")),
    ],
)
def test_session_columns_as_clerks_head_them(header: str, expected: Slot) -> None:
    heading = read(header, 时间="2026年5月11日—13日")
    assert dict(heading.columns) == {header: expected}


@pytest.mark.parametrize(
    "header",
    ["备注", "1", "25.3", "得分", "5月工资", "签退", "11日上午签退", "手机", "第一组", "年龄", "3.20"],
)
def test_other_columns_are_no_sessions(header: str) -> None:
    heading = read("11日上午", header, 时间="2026年5月11日—13日")
    assert list(heading.columns) == ["11日上午"]


def test_the_topic_behind_a_session_is_kept() -> None:
    heading = read("5月11日上午：党章学习", 时间="2026年5月11日—13日")
    assert heading.topics == {slot(5, 11, "上午"): "党章学习"}


def test_mornings_and_afternoons_without_a_day_run_through_the_days_of_the_class() -> None:
    heading = read("上午", "下午", "上午#2", "下午#2", 时间="2026年5月11日—12日")
    assert list(heading.columns.values()) == [
        slot(5, 11, "上午"),
        slot(5, 11, "下午"),
        slot(5, 12, "上午"),
        slot(5, 12, "下午"),
    ]


def test_a_class_over_the_end_of_a_month_or_year_goes_on_in_the_next() -> None:
    heading = read("30日上午", "31日上午", "1日上午", 时间="2026年3月30日至4月1日")
    assert list(heading.columns.values()) == [slot(3, 30, "上午"), slot(3, 31, "上午"), slot(4, 1, "上午")]
    new_year = read("12月31日", "1月1日", title="冬训班签到表", 时间="2025年12月31日-1月1日")
    assert list(new_year.columns.values()) == [slot(12, 31, "全天", 2025), slot(1, 1, "全天", 2026)]
    assert (new_year.head.starts_on, new_year.head.ends_on) == (dt.date(2025, 12, 31), dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("2026年5月11日—13日", (5, 11), (5, 13)),
        ("2026.5.11-5.13", (5, 11), (5, 13)),
        ("2026-05-11 至 2026-05-13", (5, 11), (5, 13)),
        ("5月11日（周一）至13日", (5, 11), (5, 13)),
        ("2026年4月30日~5月2日", (4, 30), (5, 2)),
        ("2026年5月11日 9:00-11:30", (5, 11), (5, 11)),
    ],
)
def test_the_days_of_a_class_as_stated(stated: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    head = read(f"{first[1]}日上午", 时间=stated).head
    assert (head.starts_on, head.ends_on) == (dt.date(2026, *first), dt.date(2026, *last))


def test_lectures_without_a_day_are_placed_by_the_days_and_the_planned_hours() -> None:
    half = read("第一讲", "第二讲", "第三讲", "第四讲", 时间="2026年5月11日—12日")
    assert list(half.columns.values()) == [
        slot(5, 11, "上午"),
        slot(5, 11, "下午"),
        slot(5, 12, "上午"),
        slot(5, 12, "下午"),
    ]
    assert "从 2026-05-11 上午起依次记" in half.problems[0].message
    whole = read("第1课", "第2课", 时间="2026年5月11日—12日", 计划学时="16")
    assert list(whole.columns.values()) == [slot(5, 11, "全天"), slot(5, 12, "全天")]
    mornings = read("第1课", "第2课", 时间="2026年5月11日—12日", 计划学时="8学时")
    assert list(mornings.columns.values()) == [slot(5, 11, "上午"), slot(5, 12, "上午")]
    with pytest.raises(Refusal, match="看不出各是哪天哪个时段"):
        read("第1课", "第2课", 时间="2026年5月11日—12日")


def test_two_columns_of_one_session_are_read_once_and_named() -> None:
    heading = read("11日上午", "11日上午#2", 时间="2026年5月11日")
    assert list(heading.columns) == ["11日上午"]
    assert "同一时段" in heading.problems[0].message


def test_a_sheet_without_a_year_is_the_latest_that_can_have_been_held() -> None:
    spring = read("5月11日上午", title="书记培训班签到表")
    assert spring.columns["5月11日上午"] == slot(5, 11, "上午")
    assert "按 2026 年记" in spring.problems[0].message
    winter = read("12月11日上午", title="书记培训班签到表")
    assert winter.columns["12月11日上午"] == slot(12, 11, "上午", 2025)


@pytest.mark.parametrize("headers", [("11日上午",), ("上午", "下午"), ("第一讲",), ("周一上午",)])
def test_what_cannot_be_dated_is_refused_with_what_to_do(headers: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="请在表格上方写上“时间"):
        read(*headers, title="书记培训班签到表")


def test_a_sheet_without_sessions_is_refused() -> None:
    with pytest.raises(Refusal, match="没有找到课次列"):
        read("电话", "单位", 时间="2026年5月11日")


def test_the_head_names_the_class() -> None:
    heading = read(
        "11日上午",
        title="样例街道2026年“头雁”培训班学员签到表（第一期）",
        时间="2026年5月11日—13日",
        地点="街道党校",
        主讲="讲师团",
        主办单位="街道党工委",
        计划学时="24",
    )
    head = heading.head
    assert (head.name, head.tier, head.form) == ("样例街道2026年“头雁”培训班", "头雁", "脱产")
    assert (head.place, head.teacher, head.host) == ("街道党校", "讲师团", "街道党工委")
    assert head.planned_credit == 2400


@pytest.mark.parametrize(
    ("title", "stated", "form"),
    [
        ("2026年网络课堂签到表", "", "网络"),
        ("2026年线上培训签到表", "", "网络"),
        ("2026年书记班签到表", "现场教学", "现场"),
        ("2026年书记班签到表", "线上", "网络"),
        ("2026年书记班签到表", "", "脱产"),
    ],
)
def test_an_online_class_is_never_filed_as_central(title: str, stated: str, form: str) -> None:
    assert read("11日上午", title=title, 时间="2026年5月11日", 形式=stated).head.form == form


@given(header=st.text(alphabet="0123456789年月日号上下午晚全天第一二讲/.-（）():#签到周 ", max_size=14))
def test_no_header_upsets_the_reader(header: str) -> None:
    heading = read("11日上午", header, 时间="2026年5月11日—13日")
    assert heading.columns["11日上午"] == slot(5, 11, "上午")
    assert all(dt.date(2000, 1, 1) <= day for day, _part in heading.columns.values())
