"""Opening balances: hours and points of older books, once, with their source."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hongyao_desktop.core.desk import ImportPlan, Role, SheetFacts, SheetRow
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports import covered
from hongyao_desktop.volunteers.imports.openings import FIELDS, TARGET, told_day
from hongyao_desktop.volunteers.queries import life, lookups, spending
from hongyao_desktop.volunteers.queries.openings import batch_words, last_opening
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import certificates, openings, recording
from hongyao_desktop.volunteers.service.points import opening_points, reverse_points
from tests.offices import fixed_clock

FACTS = SheetFacts("积分册.xlsx", "0", "2025", "水湾社区2025年积分结余表")
COLUMNS = {field.name: chr(ord("A") + place) for place, field in enumerate(FIELDS)}


def sheet_row(place: int, /, kind: str = "data", **values: Any) -> SheetRow:
    raw = {name: "" if value is None else str(value) for name, value in values.items()}
    return SheetRow(place, {field.name: values.get(field.name) for field in FIELDS}, raw, COLUMNS, kind)


def planned(office: Office, *rows: SheetRow) -> ImportPlan:
    return TARGET.plan(office.reader(), FACTS, rows, fixed_clock())


def test_hours_of_older_books_are_no_time_of_service(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    day = dt.date(2025, 12, 31)
    opening = office.transact("转入", lambda w: openings.opening_hours(w, who, 7680, "旧册第1页", day)).result
    record = ServiceRecord(
        volunteer_id=who, title="义剪", served_on=dt.date(2026, 11, 1), minutes=120, evidence=Evidence.SIGNED
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    asked = certificates.Application(
        volunteer=who,
        period=Period(day, dt.date(2026, 11, 30)),
        chief="周立",
        handler="李静",
        contact="0512-65001234",
    )
    office.transact("开具", lambda w: certificates.issue_certificate(w, asked))
    said = office.reader().one("SELECT services, imported_minutes, content FROM service_certificate")
    assert said is not None
    assert json.loads(said["content"]) == [["义剪", 1, 120], ["期初转入", None, 7680]]
    assert said["services"] == lookups.volunteer(office.reader(), who)["services"] == 1
    assert said["imported_minutes"] == 7680
    assert sum(month.services for month in life.months_of(office.reader(), who)) == 1
    office.transact("冲正", lambda w: recording.reverse_service(w, opening, "旧册看错"))
    assert lookups.volunteer(office.reader(), who)["services"] == 1
    assert lookups.total_faults(office.reader()) == []


def test_hours_and_points_come_in_once_with_their_source(office: Office, enrol: Callable[..., str]) -> None:
    one, other = enrol("曾国兰", phone="13812345678"), enrol("单玥")
    rows = (
        sheet_row(3, name="曾国兰", phone="13812345678", minutes=18_030, points=4550, as_of="2025-12-31"),
        sheet_row(4, name="单玥", points=100, book="2025年积分册第3页"),
        sheet_row(5, name="张三", points=100),
        sheet_row(6, name="曾国兰", phone="13812345678", points=1),
        sheet_row(7, kind="total", name="合计", points=4650),
    )
    plan = planned(office, *rows)
    assert plan.summary == {
        "读到人数": "4",
        "可登记": "2",
        "退回": "2",
        "时长合计（小时）": "300.5",
        "积分合计": "46.5",
    }
    assert [problem.row for problem in plan.problems if problem.level.value == "error"] == [5, 6]
    assert office.transact("导入", lambda w: TARGET.commit(w, FACTS, plan)).result == 2
    row = lookups.volunteer(office.reader(), one)
    assert (row["imported_minutes"], row["signed_minutes"], row["points"]) == (18_030, 0, 4550)
    (award,) = spending.awards_of(office.reader(), one)
    assert (award["kind"], award["earned_on"], award["remaining"]) == ("期初", "2025-12-31", 4550)
    sources = office.reader().all("SELECT source FROM point_entry ORDER BY id")
    assert "积分册.xlsx" in sources[0]["source"]
    assert sources[1]["source"] == "2025年积分册第3页"
    assert lookups.volunteer(office.reader(), other)["points"] == 100
    again = planned(office, *rows[:2])
    assert again.items == ()
    assert sum("已有期初" in problem.message for problem in again.problems) == 3
    assert lookups.total_faults(office.reader()) == []


def test_an_import_is_taken_back_as_a_whole(office: Office, enrol: Callable[..., str]) -> None:
    one, other = enrol("曾国兰"), enrol("单玥")
    rows = (
        sheet_row(3, name="曾国兰", minutes=600, points=4550),
        sheet_row(4, name="单玥", minutes=60, points=100),
    )
    plan = planned(office, *rows)
    office.transact("导入", lambda w: TARGET.commit(w, FACTS, plan))
    reader = office.reader()
    entry = reader.value("SELECT id FROM point_entry WHERE volunteer_id = ?", (one,))
    third = enrol("王喆堃")
    alone = office.transact("期初", lambda w: opening_points(w, third, 500, "旧册")).result
    assert batch_words(reader, entry) == "这一批转入 2 人，时长 11 小时，积分 46.5"
    assert batch_words(reader, alone) == ""
    hours = reader.value("SELECT id FROM service_record WHERE volunteer_id = ?", (other,))
    office.transact("冲正", lambda w: recording.reverse_service(w, hours, "单独改"))
    with pytest.raises(Refusal, match="不是成批导入的"):
        office.transact("撤回", lambda w: openings.withdraw_batch(w, alone, "错表"))
    with pytest.raises(Refusal, match="要写明原因"):
        office.transact("撤回", lambda w: openings.withdraw_batch(w, entry, " "))
    assert office.transact("撤回", lambda w: openings.withdraw_batch(w, entry, "错表")).result == 3
    for who in (one, other):
        row = lookups.volunteer(reader, who)
        assert (row["imported_minutes"], row["points"]) == (0, 0)
    assert batch_words(reader, entry) == ""
    assert lookups.total_faults(reader) == []
    again = planned(office, *rows)
    assert len(again.items) == 2, "the mended sheet may come in again"
    with pytest.raises(Refusal, match="整批都已经冲正"):
        office.transact("撤回", lambda w: openings.withdraw_batch(w, entry, "错表"))


def test_the_next_old_balance_by_hand_begins_like_the_last_one_by_hand(
    office: Office, enrol: Callable[..., str]
) -> None:
    enrol("曾国兰", phone="13812345678")
    by_hand = enrol("单玥")
    assert last_opening(office.reader()) is None
    day = dt.date(2025, 12, 31)
    made = office.transact(
        "期初", lambda w: opening_points(w, by_hand, 100, "2025年册第3页", as_of=day)
    ).result
    row = sheet_row(3, name="曾国兰", phone="13812345678", points=4550, as_of="2024-12-31")
    office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned(office, row)))
    assert last_opening(office.reader()) == {"earned_on": "2025-12-31", "source": "2025年册第3页"}
    office.transact("冲正", lambda w: reverse_points(w, made, "登错人"))
    assert last_opening(office.reader()) is None


def test_the_day_of_the_book_stands_in_its_title(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    facts = replace(FACTS, title="样例街道志愿者积分结余表（截至2025年12月31日）")
    plan = TARGET.plan(office.reader(), facts, (sheet_row(3, name="曾国兰", points=100),), fixed_clock())
    assert plan.summary["截至日期"] == "2025年12月31日（按表题）"
    assert "import.as_of" not in [problem.code for problem in plan.problems]
    office.transact("导入", lambda w: TARGET.commit(w, facts, plan))
    (award,) = spending.awards_of(office.reader(), one)
    assert award["earned_on"] == "2025-12-31"


def test_the_day_may_stand_in_another_line_above_the_table(office: Office, enrol: Callable[..., str]) -> None:
    enrol("曾国兰")
    facts = replace(FACTS, more=("2025年度积分结余表", "截至2025年12月31日"))
    plan = TARGET.plan(office.reader(), facts, (sheet_row(3, name="曾国兰", points=100),), fixed_clock())
    assert plan.summary["截至日期"] == "2025年12月31日（按表题）"


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("138****5678", "138*5678"),
        ("１３８＊＊＊＊５６７８", "138*5678"),
        ("*******5678", "*5678"),
        ("320502********123x", "320502*123X"),
        ("13812345678", None),
        ("138****56", None),
        ("曾****5678", None),
    ],
)
def test_a_covered_number_keeps_its_open_ends(shown: str, kept: str | None) -> None:
    assert covered.covered(shown) == kept


def test_a_covered_number_tells_two_of_one_name_apart(office: Office, enrol: Callable[..., str]) -> None:
    one, _other = enrol("曾国兰", phone="13812345678"), enrol("曾国兰", phone="13812349999")
    phone = next(field for field in FIELDS if field.name == "phone")
    read = phone.type.parse("138****5678", ParseContext(fixed_clock().today()))
    assert read.problems == ()
    rows = (
        sheet_row(3, name="曾国兰", phone=read.value, points=100),
        sheet_row(4, name="曾国兰", points=100),
        sheet_row(5, name="曾国兰", phone="139*5678", points=100),
    )
    plan = planned(office, *rows)
    assert [item["volunteer_id"] for _row, item in plan.items] == [one]
    words = [problem.message for problem in plan.problems if problem.level.value == "error"]
    assert "请在表中加上编号、电话或证件后四位" in words[0]
    assert "与表中电话尾号 5678对不上" in words[1]


def test_without_a_day_it_says_that_today_counts(office: Office, enrol: Callable[..., str]) -> None:
    enrol("曾国兰")
    plan = planned(office, sheet_row(3, name="曾国兰", points=100))
    (told,) = (problem.message for problem in plan.problems if problem.code == "import.as_of")
    assert told == "没有写截至日期，按今天（2026年11月20日）得到的转入，年终清零时按今年的积分算"
    assert told_day(replace(FACTS, title="截至2026年12月31日"), fixed_clock().today()) is None


def test_who_reviews_may_import_and_the_usual_words_for_a_balance_are_known() -> None:
    assert set(TARGET.roles) == {Role.REVIEW, Role.APPROVE}
    points = next(field for field in FIELDS if field.name == "points")
    assert {"积分结余", "现有积分", "可用积分"} <= set(points.aliases)
