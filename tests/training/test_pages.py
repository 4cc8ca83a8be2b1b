"""The pages of training as a clerk meets them: empty, filled, searched, at a glance."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.training import service
from hongyao_desktop.training.page import PAGES
from hongyao_desktop.training.page.class_list import days_text, matching
from hongyao_desktop.training.page.classes import ClassesPage
from hongyao_desktop.training.page.lookup import trainee_lookup
from hongyao_desktop.training.page.registers import AttendancePage, build_attendance, build_cadres
from hongyao_desktop.training.page.work import work
from hongyao_desktop.training.page.year import YearPage
from hongyao_desktop.training.service import Mark, Newcomer
from tests.training.rooms import shipped
from tests.training.screen import Clerk, Key, clerk_at, open_ground


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_ground(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clerk(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Clerk]:
    with clerk_at(office, tmp_path, qapp, qtbot) as found:
        yield found


def people(writer: Writer) -> list[str]:
    return [row["id"] for row in writer.all("SELECT id FROM person ORDER BY id")]


def attend(writer: Writer, name: str, form: str, marks: dict[int, str], day: dt.date) -> str:
    """A class of one whole day with these people (by their place) marked so."""
    values = {"name": name, "form": form, "starts_on": day.isoformat(), "ends_on": day.isoformat()}
    class_id = service.save_class(writer, values, None)
    who = people(writer)
    listed = service.enrol_trainees(writer, class_id, [Newcomer(who[place]) for place in marks])
    session = service.hold_session(writer, class_id, day, "全天")
    service.call_roll(
        writer, session, [Mark(listed[who[place]], mark) for place, mark in marks.items() if mark]
    )
    return class_id


def fill(writer: Writer) -> None:
    """Three party members, one social worker exempt; two classes, one of them online."""
    for place, values in enumerate(
        (
            {"category": "党员"},
            {"category": "党员"},
            {"category": "社区工作者", "exempt_reason": "长期患病"},
            {"category": "乡科级以下干部"},
        )
    ):
        service.save_cadre(
            writer, {**values, "person_id": people(writer)[place], "from_on": "2020-01-01"}, None
        )
    for day in range(4):
        attend(writer, f"集中班{day}", "脱产", {0: "到", 1: "请假"}, dt.date(2026, 3, 2 + day))
    attend(writer, "网络课堂", "网络", {1: "到"}, dt.date(2026, 4, 1))


def shown(page: YearPage) -> list[tuple[Any, ...]]:
    """What the list of the year says, row by row."""
    model = page.table.model
    return [
        tuple(model.cell(row, column).text for column in (0, 3, 4, 5, 7)) for row in range(model.rowCount())
    ]


def test_the_year_page_says_who_is_short_of_what(clerk: Clerk) -> None:
    clerk.office.transact("装入", fill)
    page = YearPage(clerk.session)
    clerk.open(page)
    assert shown(page) == [
        ("单玥", "集中 32", "0", "8", "集中 32"),
        ("王喆堃", "集中 32", "32", "0", "已达到"),
        ("尉迟建国", "合计 40", "0", "0", "免学"),
        ("曾桂英", "集中 90、网络 50", "0", "0", "集中 90、网络 50"),
    ]
    assert "共 4 人，未达到 2 人" in page.status.text()
    assert [tab.text() for tab in page.tabs if not tab.isHidden()] == [
        "全部 4",
        "未达到 2",
        "已达到 1",
        "免学 1",
    ]


def test_the_year_page_shows_where_the_hours_come_from_and_opens_the_class(clerk: Clerk) -> None:
    clerk.office.transact("装入", fill)
    page = YearPage(clerk.session)
    clerk.open(page)
    asked: list[tuple[str, str]] = []
    clerk.session.wanted.connect(lambda place, row: asked.append((place, row)))
    clerk.press(Key.Key_Down)
    assert page.panel.name.whole == "王喆堃"
    assert page.panel.classes.model.rowCount() == 4
    clerk.press(Key.Key_Return)
    clerk.press(Key.Key_Down, Key.Key_Return)
    assert [place for place, _row in asked] == ["training.classes"]
    opened = clerk.office.reader().value("SELECT name FROM training_class WHERE id = ?", (asked[0][1],))
    assert opened == page.panel.classes.model.cell(page.panel.classes.current_position(), 1).text


def test_the_year_page_is_searched_narrowed_sorted_and_turned_by_keys(clerk: Clerk) -> None:
    clerk.office.transact("装入", fill)
    page = YearPage(clerk.session)
    clerk.open(page)
    clerk.press(Key.Key_F3)
    clerk.write("zgy")
    clerk.qtbot.waitUntil(lambda: [row[0] for row in shown(page)] == ["曾桂英"])
    clerk.press(Key.Key_Return)
    assert clerk.here is page.table.view
    clerk.press(Key.Key_Escape)
    clerk.qtbot.waitUntil(lambda: len(shown(page)) == 4)
    page.tabs[1].click()
    assert [row[0] for row in shown(page)] == ["单玥", "曾桂英"]
    page.tabs[0].click()
    page.table.sort_wanted.emit("state", True)
    assert [row[0] for row in shown(page)][:2] == ["曾桂英", "单玥"]
    clerk.press(Key.Key_PageUp, ctrl=True)
    assert page.year_label.text() == "2025年"
    assert all(row[2] == "0" for row in shown(page))
    page.year = 2019
    page.reload()
    clerk.settle()
    assert shown(page) == []
    assert page.empty.buttons()[0].text() == "登记干部类别"


def test_a_year_before_the_rules_is_refused_with_a_sentence(clerk: Clerk) -> None:
    page = YearPage(clerk.session)
    clerk.open(page)
    page.year = 2000
    page.reload()
    clerk.settle()
    clerk.said(page, "没有生效的")


def test_attendance_is_corrected_but_never_added_by_a_form(clerk: Clerk) -> None:
    clerk.office.transact("装入", fill)
    page = build_attendance(clerk.session)
    assert isinstance(page, AttendancePage)
    clerk.open(page)
    assert page.new_button.isHidden()
    places: list[str] = []
    clerk.session.wanted.connect(lambda place, _row: places.append(place))
    clerk.press(Key.Key_N, ctrl=True)
    assert places == ["training.classes"]
    row_id = page.table.current_id()
    clerk.press(Key.Key_F2)
    page.panel.form.boxes["mark"].entry.set_text("早退")
    page.panel.form.boxes["mark"].entry.edited.emit()
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存")
    row = clerk.office.reader().one("SELECT mark, credit FROM attendance WHERE id = ?", (row_id,))
    assert row == {"mark": "早退", "credit": 400}


def test_a_category_is_registered_by_initials(clerk: Clerk) -> None:
    page = build_cadres(clerk.session)
    clerk.open(page)
    clerk.press(Key.Key_N, ctrl=True)
    clerk.write("jd")  # nobody is called so
    clerk.press(Key.Key_Backspace, Key.Key_Backspace)
    clerk.write("mf")
    clerk.press(Key.Key_Return)
    clerk.write("dy")
    clerk.press(Key.Key_Return)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已新增")
    row = clerk.office.reader().one("SELECT person_name, category, from_on FROM cadre_view")
    assert row == {"person_name": "缪芳", "category": "党员", "from_on": "2026-01-01"}


def test_who_is_called_so_comes_before_who_only_sounds_so(clerk: Clerk) -> None:
    def more(writer: Writer) -> None:
        for name, status in (("沈思远", "在册"), ("思远", "在册"), ("苏颖", "迁出")):
            writer.insert("person", {"name": name, "sort_key": "a", "status": status})

    clerk.office.transact("登记人员", more)
    found = trainee_lookup(clerk.session).find(clerk.office.reader(), "sy", 10)
    assert [match.label for match in found][:2] == ["单玥", "思远"]
    assert [match.label for match in found][-2:] == ["沈思远", "苏颖"]
    assert found[0].note == "第2社区书记　样例街道"


def test_an_empty_office_is_told_what_to_do_first(clerk: Clerk) -> None:
    page = ClassesPage(clerk.session)
    clerk.open(page)
    words = [button.text() for button in page.panel.nothing.buttons()]
    assert words == ["新建班次  Ctrl+N", "导入签到表"]
    assert clerk.here is page.panel.nothing.buttons()[0]

    def plan(writer: Writer) -> None:
        values = {"name": "空班", "form": "脱产", "starts_on": "2026-11-20", "ends_on": "2026-11-20"}
        service.save_class(writer, values, None)

    clerk.office.transact("新建", plan)
    clerk.settle()
    assert [button.text() for button in page.panel.vacant.buttons()] == ["加学员  F5", "加课次  F7"]
    assert not page.panel.foot.isVisible()


def test_a_changed_rule_is_applied_only_after_its_differences_were_shown(clerk: Clerk) -> None:
    office = clerk.office
    class_id = office.transact(
        "装入", lambda w: attend(w, "集中班", "脱产", {0: "到", 1: "请假"}, dt.date(2026, 3, 2))
    ).result
    page = ClassesPage(clerk.session)
    clerk.open(page)
    page.steps.recount()
    clerk.said(page, "没有要改的")

    def new_rule(writer: Writer) -> None:
        rule = shipped("training-credit")
        body = {**rule.body, "parts": {**rule.body["parts"], "全天": {"minutes": 480, "credit": 600}}}
        row = {"kind": rule.kind, "name": rule.name, "version": 2, "effective_on": "2026-01-01"}
        writer.insert("rule_set", {**row, "source": "本地文件", "body": json.dumps(body, ensure_ascii=False)})

    office.transact("改规则", new_rule)
    page.steps.recount()
    clerk.settle()
    table = clerk.here
    assert table.accessibleName() == "学时差异"
    credit = "SELECT SUM(credit) FROM attendance_view WHERE class_id = ?"
    assert office.reader().value(credit, (class_id,)) == 800, "nothing is written before it is confirmed"
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已按现行规则改正 1 人次的学时")
    assert office.reader().value(credit, (class_id,)) == 600
    assert clerk.here is page.panel.roll.view


def test_what_waits_for_the_clerk_is_counted(clerk: Clerk) -> None:
    clerk.office.transact("装入", fill)
    reader = clerk.office.reader()
    assert work(reader, clerk.session) == ()
    clerk.office.transact(
        "点了一半", lambda w: attend(w, "半班", "脱产", {0: "到", 1: "", 2: ""}, dt.date(2026, 11, 2))
    )
    (item,) = work(reader, clerk.session)
    assert (item.words, item.count, item.due) == ("没有点完名的培训班", 1, "共 2 人次")


def test_the_list_of_classes_finds_by_word_number_and_initials() -> None:
    rows = [
        {"name": "书记培训班", "number": "2026-01", "status": "结业"},
        {"name": "雏雁座谈", "number": "2026-02", "status": "进行中"},
    ]
    assert [row["number"] for row in matching(rows, "书记", None)] == ["2026-01"]
    assert [row["number"] for row in matching(rows, "2026-02", None)] == ["2026-02"]
    assert [row["number"] for row in matching(rows, "sjpx", None)] == ["2026-01"]
    assert [row["number"] for row in matching(rows, "", "进行中")] == ["2026-02"]
    assert matching(rows, "没有", None) == []


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-05-11", "2026-05-11", "2026年5月11日"),
        ("2026-05-11", "2026-05-13", "2026年5月11日—13日"),
        ("2026-04-30", "2026-05-02", "2026年4月30日—5月2日"),
        ("2025-12-31", "2026-01-02", "2025年12月31日—2026年1月2日"),
    ],
)
def test_the_days_of_a_class_in_words(first: str, last: str, expected: str) -> None:
    assert days_text(first, last) == expected


def test_every_page_opens_with_a_long_class_and_a_large_type_size(clerk: Clerk) -> None:
    from hongyao_desktop.kit.look import look

    name = "新就业群体党组织书记示范培训暨基层治理能力提升专题研讨班（第二期）" * 2
    clerk.office.transact("装入", lambda w: attend(w, name[:80], "脱产", {0: "到"}, dt.date(2026, 11, 2)))
    look().change(scale=1.25)
    try:
        for spec in PAGES:
            page = spec.build(clerk.session)
            clerk.open(page)
            assert page.minimumSizeHint().width() <= 1182, f"{spec.title} does not fit the window"
            assert page.accessibleName() == page.title.text()
            assert clerk.here.focusPolicy() != Qt.FocusPolicy.NoFocus
    finally:
        look().change(scale=1.0)
