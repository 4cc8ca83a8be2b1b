"""Batch entry: no letter is lost, people are found by initials, faults show in their row, a block can be pasted."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.fields import Choice, Code, Date, FieldType, Minutes, Reference, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.batch_page import Batch, BatchPage
from hongyao_desktop.kit.grid import EntryGrid
from hongyao_desktop.kit.grid_model import GridColumn, pasted_lines
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.session import Session
from tests.kit.conftest import Shown
from tests.kit.keyboard import commit, compose, focused, hold, press
from tests.kit.office import LOOKUP, FakeOffice


def known(name: str, label: str, kind: FieldType, *, required: bool = False, width: int = 8) -> Field:
    return Field(
        name=name,
        label=label,
        type=kind,
        sensitivity=Sensitivity.INTERNAL,
        required=required,
        width=width,
    )


HEAD = (
    known("held_on", "日期", Date(), required=True),
    known("title", "活动名称", Text(), required=True, width=16),
    known("minutes", "时长", Minutes(), required=True, width=5),
)
COLUMNS = (
    GridColumn(field=known("person", "姓名", Reference("people"), required=True), lookup=LOOKUP, unique=True),
    GridColumn(field=known("number", "编号", Code()), shows="number"),
    GridColumn(field=known("minutes", "时长", Minutes(), required=True), repeats=True),
    GridColumn(field=known("evidence", "来源", Choice(("签到", "补录")))),
    GridColumn(field=known("note", "说明", Text(max_chars=20))),
)


def check(_reader: Reader, head: Row, rows: list[Row]) -> list[Problem]:
    found = []
    for number, row in enumerate(rows, 1):
        if row["person"] == "p000003":
            found.append(
                Problem(
                    Level.WARNING, "clash", f"{head['title'] or ''}与“文明劝导”时间重叠", "person", number
                )
            )
        if row["person"] == "p000004":
            found.append(Problem(Level.QUESTION, "young", "未满 18 岁，监护人同意了吗", "person", number))
    return found


def save(writer: Writer, head: Row, rows: list[Row]) -> str:
    if head["title"] == "不许":
        raise Refusal("本月已经结账", problems=[Problem(Level.ERROR, "closed", "9月已经结账", "held_on")])
    for row in rows:
        writer.update("people", row["person"], {"minutes": row["minutes"], "note": row["note"]})
    return "p000000"


BATCH = Batch(
    title="登记一场活动",
    op="登记志愿服务",
    head=HEAD,
    columns=COLUMNS,
    save=save,
    check=check,
    carries={"minutes": "minutes"},
    footer=lambda _head, rows: f"{len(rows)} 人　合计 {sum(row['minutes'] for row in rows) // 60} 小时",
    done=lambda head, rows: f"已登记“{head['title']}”{len(rows)} 人",
)


@pytest.fixture
def office() -> FakeOffice:
    return FakeOffice(people=36)


@pytest.fixture
def page(session: Session, shown: Shown, qtbot: QtBot) -> BatchPage:
    made = BatchPage(session, BATCH)
    shown(made)
    made.enter()
    qtbot.waitUntil(lambda: focused() is made.form.boxes["held_on"].entry.editor())
    return made


@pytest.fixture
def grid_page(page: BatchPage) -> BatchPage:
    press("11.20\n爱心义剪\n3\n")
    assert focused() is page.grid.editor
    return page


@pytest.fixture
def settle(qtbot: QtBot, jobs: Jobs) -> Callable[[], None]:
    def wait() -> None:
        for _round in range(3):
            QApplication.processEvents()
            qtbot.waitUntil(jobs.idle)

    return wait


def people(page: BatchPage) -> list[str]:
    return [row.cells["person"].text for row in page.grid.model.grid_rows if not row.blank]


def findings(page: BatchPage) -> list[str]:
    model = page.grid.model
    return [model.text_at(place, len(model.columns)) for place in range(len(model.grid_rows))]


# --------------------------------------------------------------------------------------------------------- typing


def test_thirty_people_take_ninety_keys(grid_page: BatchPage, office: FakeOffice) -> None:
    rows = office.reader().all("SELECT id, name FROM people ORDER BY number")
    keys: list[str] = []
    for row in rows:
        initials = pinyin.initials(row["name"])[:2]
        first = LOOKUP.find(office.reader(), initials, 12)[0]
        if first.id == row["id"] and row["id"] not in ("p000003", "p000004"):
            keys.append(initials)
    keys = (keys * 2)[:30]
    pressed = sum(press(f"{initials}\n") for initials in keys)
    assert pressed <= 90
    assert grid_page.grid.filled == 30
    assert grid_page.footer.text().startswith("30 人　合计 90 小时")


def test_the_first_letter_is_not_eaten(grid_page: BatchPage) -> None:
    press("s")
    assert grid_page.grid.editor.text() == "s"
    press("y\n")
    assert people(grid_page) == ["单玥"]
    press("⎋")
    compose(grid_page.grid.editor, "chi")
    press("\n")
    assert people(grid_page) == ["单玥"], "Enter while composing moves nothing"
    commit(grid_page.grid.editor, "尉迟建国")
    press("\n")
    assert people(grid_page) == ["单玥", "尉迟建国"]


def test_the_arrow_chooses_among_people_of_the_same_initials(grid_page: BatchPage) -> None:
    press("q")
    assert grid_page.grid.answers.popup is not None
    labels = [match.label for match in grid_page.grid.answers.popup.matches]
    assert labels[:3] == ["仇国华", "区少芬", "钱多多"]
    press("↓↓\n")
    assert people(grid_page) == ["钱多多"]
    assert grid_page.grid.model.text_at(0, 1) == "水湾-0250"


def test_minutes_come_from_the_head_and_may_differ(grid_page: BatchPage, qtbot: QtBot) -> None:
    press("sy\n")
    press("wzk\t")
    assert grid_page.grid.editor.text() == "3"
    press("1.5\n")
    assert [row["minutes"] for row in grid_page.grid.rows()] == [180, 90]
    grid_page.form.set_value("minutes", 120)
    grid_page._carry()
    assert [row["minutes"] for row in grid_page.grid.rows()] == [120, 90], "what was typed stays"


def test_a_name_nobody_has_is_an_objection_in_its_row(grid_page: BatchPage) -> None:
    press("张无忌\n")
    assert "没有找到" in findings(grid_page)[0]
    assert grid_page.grid.rows()[0]["person"] is None


def test_the_same_person_twice_is_seen_at_once(grid_page: BatchPage) -> None:
    press("sy\nwzk\nsy\n")
    assert findings(grid_page)[2] == "单玥与第 1 行重复，请删去一行"
    press("↑")
    hold(Qt.Key.Key_Delete)
    assert people(grid_page) == ["单玥", "王喆堃"]
    assert findings(grid_page) == ["", "", ""]


def test_a_clash_shows_in_the_row_while_typing_goes_on(
    grid_page: BatchPage, settle: Callable[[], None]
) -> None:
    press("zgy\nsy\n")
    settle()
    assert findings(grid_page)[0] == "爱心义剪与“文明劝导”时间重叠"
    assert findings(grid_page)[1] == ""


def test_choices_and_repeats_by_key(grid_page: BatchPage) -> None:
    press("sy\t\tbl\twzk")
    assert grid_page.grid.model.grid_rows[0].cells["evidence"].text == "补录"
    press("\n")
    press("zgy\t\t")
    assert grid_page.grid.current_row == 1
    hold(Qt.Key.Key_D)
    assert grid_page.grid.editor.text() == "补录"


def test_escape_takes_back_the_cell(grid_page: BatchPage) -> None:
    press("sy\n↑")
    assert grid_page.grid.editor.text() == "单玥"
    press("x")
    press("⎋")
    press("⎋")
    assert grid_page.grid.editor.text() == "单玥"
    assert people(grid_page) == ["单玥"]


def test_left_and_right_leave_a_cell_at_its_ends(grid_page: BatchPage) -> None:
    press("sy\n↑")
    hold(Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier)
    hold(Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    assert grid_page.grid.editor.accessibleName() == "第 1 行时长"
    hold(Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier)
    hold(Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    assert grid_page.grid.editor.accessibleName() == "第 1 行姓名"


def test_a_block_from_a_spreadsheet_is_laid_over_the_cells(
    grid_page: BatchPage, settle: Callable[[], None]
) -> None:
    QGuiApplication.clipboard().setText("单玥\t2\t签到\t\r\n张某某\t1.5\t\t外地\r\n尉迟建国\t\t\t\r\n")
    hold(Qt.Key.Key_V)
    settle()
    assert people(grid_page) == ["单玥", "张某某", "尉迟建国"]
    rows = grid_page.grid.rows()
    assert [row["minutes"] for row in rows] == [120, 90, 180]
    assert rows[0]["evidence"] == "签到"
    assert rows[1]["note"] == "外地"
    assert "没有找到" in findings(grid_page)[1]
    assert grid_page.grid.current_row == 3


def test_plain_text_is_pasted_into_the_cell(grid_page: BatchPage) -> None:
    QGuiApplication.clipboard().setText("单玥")
    hold(Qt.Key.Key_V)
    assert grid_page.grid.editor.text() == "单玥"
    assert pasted_lines("甲") == []
    assert pasted_lines("甲\t乙") == [["甲", "乙"]]


# --------------------------------------------------------------------------------------------------------- saving


def test_everything_is_saved_in_one_operation(grid_page: BatchPage, office: FakeOffice, qtbot: QtBot) -> None:
    press("sy\nwzk\n")
    press("\n")
    assert focused() is grid_page.save_button
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: grid_page.messages.text == "已登记“爱心义剪”2 人")
    assert office.ops == [("登记志愿服务", None)]
    assert office.reader().value("SELECT minutes FROM people WHERE id = 'p000001'") == 180
    assert grid_page.grid.filled == 0
    assert focused() is grid_page.form.boxes["held_on"].entry.editor()
    assert len(office.threads) == 1


def test_a_fault_in_a_row_stops_the_save_and_gets_the_keyboard(
    grid_page: BatchPage, office: FakeOffice, qtbot: QtBot
) -> None:
    press("sy\n张无忌\nwzk\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "第 2 行" in grid_page.messages.text)
    assert grid_page.grid.current_row == 1
    assert office.ops == []
    assert people(grid_page) == ["单玥", "张无忌", "王喆堃"]


def test_a_question_about_a_row_is_answered_once(
    grid_page: BatchPage, office: FakeOffice, qtbot: QtBot
) -> None:
    press("xm\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "监护人同意了吗" in grid_page.messages.text)
    assert office.ops == []
    assert focused() is grid_page.messages._action, "the keyboard is on the answer"
    press("\n")
    qtbot.waitUntil(lambda: len(office.ops) == 1)


def test_no_to_a_question_leads_back_to_its_row(
    grid_page: BatchPage, office: FakeOffice, qtbot: QtBot
) -> None:
    press("sy\nxm\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "第 2 行：" in grid_page.messages.text)
    press("⎋")
    assert focused() is grid_page.grid.editor
    assert grid_page.grid.current_row == 1
    qtbot.waitUntil(lambda: grid_page.messages.text == "")
    assert office.ops == []


def test_an_empty_list_and_an_empty_head_are_not_saved(page: BatchPage, office: FakeOffice) -> None:
    hold(Qt.Key.Key_S)
    assert "还有 3 处要改" in page.messages.text
    press("11.20\n爱心义剪\n3\n")
    hold(Qt.Key.Key_S)
    assert page.messages.text == "名单还是空的，请先录入"
    assert office.ops == []


def test_a_refusal_stands_beside_what_it_concerns(
    grid_page: BatchPage, office: FakeOffice, qtbot: QtBot
) -> None:
    grid_page.form.boxes["title"].entry.set_text("不许")
    press("sy\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "9月已经结账" in grid_page.messages.text)
    assert grid_page.form.boxes["held_on"].hint.text == "9月已经结账"
    assert people(grid_page) == ["单玥"]


def test_rows_that_are_not_saved_are_named(grid_page: BatchPage) -> None:
    assert grid_page.unsaved() is None
    press("sy\n")
    assert grid_page.unsaved() == "登记一场活动：1 行"


def test_what_was_asked_about_rows_that_were_saved_says_nothing_of_the_new_ones(
    session: Session, shown: Shown, jobs: Jobs, qtbot: QtBot
) -> None:
    answer, asked = threading.Event(), threading.Event()

    def slow(_reader: Reader, rows: list[Row]) -> list[Problem]:
        asked.set()
        answer.wait(10)
        return [Problem(Level.ERROR, "clash", "时间重叠", "person", 1)] if rows else []

    grid = EntryGrid(COLUMNS, session, check=slow)
    shown(grid)
    grid.put_back([{"person": "sy"}])
    qtbot.waitUntil(asked.is_set)
    grid.clear()
    answer.set()
    qtbot.waitUntil(jobs.idle)
    QApplication.processEvents()
    assert [row.findings for row in grid.model.grid_rows] == [[]]


def test_the_row_being_typed_is_in_sight_after_a_page_of_rows(
    grid_page: BatchPage, office: FakeOffice, qtbot: QtBot
) -> None:
    grid = grid_page.grid
    for row in office.reader().all("SELECT name FROM people ORDER BY number"):
        press(f"{pinyin.initials(row['name'])[:2]}\n")
        lowest = grid.view.viewport().rect().bottom()
        qtbot.waitUntil(lambda low=lowest: grid.editor.geometry().bottom() <= low)  # type: ignore[misc]
        assert grid.editor.geometry().top() >= 0
    assert grid.view.verticalScrollBar().maximum() > 0, "there were more rows than fit"
    grid_page.finding.setText("一句长话")
    grid_page.finding.show()
    qtbot.waitUntil(lambda: grid.editor.geometry().bottom() <= grid.view.viewport().rect().bottom())
