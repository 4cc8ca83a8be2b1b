"""A training class by keyboard alone: the class, its people, its sessions, its roll, on a real office file."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.training import queries, service
from hongyao_desktop.training.page.classes import ClassesPage
from hongyao_desktop.training.queries import ClassSheet
from hongyao_desktop.training.service import Mark, Newcomer
from tests.training.screen import Clerk, Key, clerk_at, open_ground

pytestmark = pytest.mark.journey


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_ground(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clerk(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Clerk]:
    with clerk_at(office, tmp_path, qapp, qtbot) as found:
        yield found


@pytest.fixture
def page(clerk: Clerk) -> ClassesPage:
    made = ClassesPage(clerk.session)
    clerk.open(made)
    return made


def plan_class(office: Office, people: int = 30, sessions: int = 2, name: str = "书记培训班") -> str:
    """A class of so many people with so many half days from 18 November on."""

    def plan(writer: Writer) -> str:
        days = ("2026-11-18", "2026-11-24")
        values = {"name": name, "form": "脱产", "starts_on": days[0], "ends_on": days[1]}
        class_id = service.save_class(writer, {**values, "planned_credit": 5600}, None)
        ids = [row["id"] for row in writer.all("SELECT id FROM person ORDER BY id LIMIT ?", (people,))]
        service.enrol_trainees(writer, class_id, [Newcomer(person) for person in ids])
        for number in range(sessions):
            day = dt.date(2026, 11, 18) + dt.timedelta(days=number // 2)
            service.hold_session(writer, class_id, day, ("上午", "下午")[number % 2])
        return class_id

    return office.transact("准备班次", plan).result


def show(clerk: Clerk, page: ClassesPage, class_id: str) -> None:
    """Open a class as another page would, and wait until the sheet has the keyboard."""
    clerk.settle()
    page.open_row(class_id)
    clerk.settle()
    assert clerk.here is page.panel.roll.view


def sheet_of(office: Office, class_id: str) -> ClassSheet:
    sheet = queries.class_sheet(office.reader(), class_id)
    assert sheet is not None
    return sheet


def column(sheet: ClassSheet, place: int) -> list[str | None]:
    """The marks of one session in the order of the list."""
    return [sheet.mark(sheet.sessions[place]["id"], trainee["id"]) for trainee in sheet.trainees]


def test_a_class_is_planned_filled_and_called_without_a_mouse(clerk: Clerk, page: ClassesPage) -> None:
    office = clerk.office
    clerk.press(Key.Key_N, ctrl=True)
    clerk.write("社区书记培训班")
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已新建班次")

    clerk.press(Key.Key_F5)
    for initials in ("wzk", "sy", "zgy"):
        clerk.write(initials)
        clerk.press(Key.Key_Return)
    clerk.write("张新来")
    clerk.press(Key.Key_Return)
    assert "没有“张新来”" in page.panel.adding.hint.text()
    clerk.press(Key.Key_Return)
    clerk.write("wzk")
    clerk.press(Key.Key_Return)
    assert "已在名单第 1 位" in page.panel.adding.hint.text()
    clerk.press(Key.Key_Escape)

    clerk.press(Key.Key_F7)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已加课次")
    assert clerk.here is page.panel.roll.view

    clerk.press(Key.Key_1, Key.Key_4, Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存20日上午点名：到 3　请假 1")

    row = office.reader().one("SELECT * FROM training_class_view")
    assert row is not None
    assert (row["number"], row["starts_on"], row["ends_on"]) == ("2026-01", "2026-11-20", "2026-11-20")
    sheet = sheet_of(office, row["id"])
    names = [trainee["name"] for trainee in sheet.trainees]
    assert names == ["王喆堃", "单玥", "曾桂英", "张新来"]
    assert column(sheet, 0) == ["到", "请假", "到", "到"]
    assert sheet.trainees[0]["post"] == "第1社区书记"
    assert clerk.strokes <= 45


def test_thirty_people_are_keyed_in_forty_strokes_when_all_but_three_were_there(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    class_id = plan_class(office)
    show(clerk, page, class_id)
    assert clerk.here is page.panel.roll.view, (
        "the sheet has the keyboard, in the first session not keyed yet"
    )
    clerk.strokes = 0
    for initials, mark in (("cjj", Key.Key_4), ("hmm", Key.Key_2), ("yl", Key.Key_5)):
        clerk.press(Key.Key_F3)
        clerk.write(initials)
        clerk.press(Key.Key_Return, mark)
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日上午点名：到 27　迟到 1　请假 1　缺勤 1")
    assert clerk.strokes <= 40
    sheet = sheet_of(office, class_id)
    marks = column(sheet, 0)
    assert [marks[n] for n in (15, 28, 29)] == ["请假", "迟到", "缺勤"]
    assert marks.count("到") == 27
    assert office.undoable() == "点名 18日上午", "one session is one operation"


def test_from_the_paper_in_its_order_one_key_a_person(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    class_id = plan_class(office)
    show(clerk, page, class_id)
    clerk.press(Key.Key_Right)
    clerk.strokes = 0
    for n in range(30):
        clerk.press({7: Key.Key_4, 8: Key.Key_3}.get(n, Key.Key_1))
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日下午点名：到 28　早退 1　请假 1")
    assert clerk.strokes <= 31
    assert column(sheet_of(office, class_id), 0) == [None] * 30


def test_the_leave_meter_turns_red_with_the_rule_before_anything_is_saved(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    class_id = plan_class(office, people=3, sessions=14)
    show(clerk, page, class_id)
    roll, detail = page.panel.roll, page.panel.foot.detail
    for _third in range(2):
        clerk.press(Key.Key_4, Key.Key_Up, Key.Key_Right)
    assert roll.model.leave_text(0) == "8 / 56"
    assert not roll.model.meter(0).exceeded
    clerk.press(Key.Key_4, Key.Key_Up)
    assert roll.model.leave_text(0) == "12 / 56 超"
    assert "超过1/7（干部教育培训工作条例：请假超过总学时七分之一按退学处理）" in detail.whole
    clerk.press(Key.Key_Delete)
    assert not roll.model.meter(0).exceeded, "taking the mark back takes the verdict back"


def test_a_reason_is_written_beside_a_leave(clerk: Clerk, office: Office, page: ClassesPage) -> None:
    class_id = plan_class(office, people=3)
    show(clerk, page, class_id)
    clerk.press(Key.Key_F4)
    clerk.said(page, "先记请假、缺勤、迟到或早退，再写原因")
    clerk.press(Key.Key_Escape, Key.Key_1, Key.Key_4, Key.Key_F4)
    clerk.write("区里开会")
    clerk.press(Key.Key_Return)
    assert clerk.here is page.panel.roll.view
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日上午点名：到 2　请假 1")
    row = office.reader().one("SELECT * FROM attendance WHERE mark = '请假'")
    assert row is not None
    assert row["reason"] == "区里开会"
    clerk.press(Key.Key_Up)
    assert page.panel.foot.reason.text() == "区里开会"
    assert not page.panel.dirty


def test_what_is_keyed_is_kept_when_another_class_is_looked_at(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    first = plan_class(office, people=3)
    second = plan_class(office, people=2, name="网格员班")
    show(clerk, page, first)
    clerk.press(Key.Key_1, Key.Key_5)
    assert page.unsaved() == "点名：书记培训班"
    show(clerk, page, second)
    clerk.said(page, "“书记培训班”的点名还没有保存，先替您留着")
    assert page.panel.sheet is not None
    assert page.panel.sheet.training["name"] == "网格员班"
    assert page.unsaved() == "点名：书记培训班"
    show(clerk, page, first)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日上午点名：到 1　缺勤 1　未点 1")
    assert page.unsaved() is None
    assert column(sheet_of(office, first), 0) == ["到", "缺勤", None]


def test_undo_takes_back_what_is_typed_and_then_what_was_saved(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    class_id = plan_class(office, people=3)
    show(clerk, page, class_id)
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.press(Key.Key_5)
    assert page.unsaved() == "点名：书记培训班"
    clerk.press(Key.Key_Z, ctrl=True)
    assert page.unsaved() is None
    assert column(sheet_of(office, class_id), 0) == ["到"] * 3
    clerk.press(Key.Key_Z, ctrl=True)
    clerk.said(page, "已撤销：点名 18日上午")
    assert column(sheet_of(office, class_id), 0) == [None] * 3
    clerk.settle()
    assert dict(page.panel.roll.model.values) == {}


def test_somebody_in_two_classes_at_once_is_named_and_nothing_is_written(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    first = plan_class(office, people=3)
    second = plan_class(office, people=3, name="网格员班")

    def present(writer: Writer) -> None:
        sheet = queries.class_sheet(writer, first)
        assert sheet is not None
        service.call_roll(writer, sheet.sessions[0]["id"], [Mark(sheet.trainees[0]["id"], "到")])

    office.transact("点名", present)
    show(clerk, page, second)
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "18日上午没有保存：王喆堃 2026-11-18 上午已在“书记培训班”点到，不能同时在“网格员班”点到")
    assert sheet_of(office, second).marks == {}
    assert page.panel.dirty, "what was typed stays to be corrected"
    clerk.press(Key.Key_Escape, Key.Key_5)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日上午点名：到 2　缺勤 1")


def test_steps_with_a_class_and_its_people_have_forms_of_their_own(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    class_id = plan_class(office, people=2, sessions=1)
    show(clerk, page, class_id)
    clerk.press(Key.Key_F2)
    clerk.write("2026年")
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已修改班次")
    assert sheet_of(office, class_id).training["name"].startswith("2026年")
    clerk.press(Key.Key_F7)
    clerk.press(Key.Key_Escape)
    assert clerk.here is page.panel.roll.view, "Esc leaves the form"
    clerk.press(Key.Key_Down)
    page.panel.head.more.menu().actions()[4].trigger()  # 学员退学; the menu itself is Qt's
    clerk.settle()
    clerk.write("请假过多")
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已办理退学")
    assert [row["status"] for row in sheet_of(office, class_id).trainees] == ["在学", "退学"]
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "点名：到 1")
    assert column(sheet_of(office, class_id), 0) == ["到", None], "who left is not marked with the others"


def test_a_sheet_of_two_hundred_people_answers_each_key_at_once(
    clerk: Clerk, office: Office, page: ClassesPage
) -> None:
    from hongyao_desktop.people import service as people

    office.transact("登记人员", lambda w: people.bulk_people(w, [{"name": f"学员{n}"} for n in range(170)]))
    class_id = plan_class(office, people=200, sessions=6)
    show(clerk, page, class_id)
    began = time.perf_counter()
    clerk.press(*[Key.Key_1] * 50)
    a_key = (time.perf_counter() - began) / 50
    assert a_key < 0.03, f"{a_key * 1000:.1f} ms a key"
    began = time.perf_counter()
    clerk.press(Key.Key_F6)
    clerk.press(Key.Key_S, ctrl=True)
    clerk.said(page, "已保存18日上午点名：到 200")
    assert time.perf_counter() - began < 2
