"""The mark sheet: one key a mark, the rest in one stroke, changes told apart from what was there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.marks import Mark, MarkColumn, MarkRow, MarkSheet
from tests.kit.conftest import Shown
from tests.kit.keyboard import focused, hold, press
from tests.kit.office import NAMES

MARKS = (
    Mark("到", "到", "1d"),
    Mark("迟到", "迟", "2c", "warn"),
    Mark("请假", "假", "3q", "info"),
    Mark("缺勤", "缺", "4k", "bad"),
)
ROWS = [MarkRow(f"t{place}", name, f"{place + 1} 号") for place, name in enumerate(NAMES)]
COLUMNS = [
    MarkColumn("s1", "9月3日", "上午", closed=True),
    MarkColumn("s2", "9月3日", "下午"),
    MarkColumn("s3", "9月4日", "上午"),
]
BEFORE = {("t0", "s1"): "到", ("t0", "s2"): "缺勤"}


@pytest.fixture
def sheet(dressed: Look, shown: Shown, qtbot: QtBot) -> MarkSheet:
    made = MarkSheet(MARKS, name="签到表")
    shown(made)
    made.load(ROWS, COLUMNS, BEFORE, column_id="s2")
    made.setFocus()
    qtbot.waitUntil(lambda: focused() is made.view)
    return made


def test_the_model_keeps_qts_rules(sheet: MarkSheet) -> None:
    tester = QAbstractItemModelTester(sheet.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    sheet.load(ROWS[:3], COLUMNS[:1], {})
    assert sheet.model.rowCount() == 3
    assert sheet.model.columnCount() == 2
    del tester


def test_one_key_marks_and_moves_on(sheet: MarkSheet) -> None:
    press("1c3")
    assert sheet.changes() == {("t0", "s2"): "到", ("t1", "s2"): "迟到", ("t2", "s2"): "请假"}
    assert sheet.view.currentIndex().row() == 3
    press("↑")
    hold(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert ("t2", "s2") not in sheet.changes()


def test_thirty_five_people_take_few_keys(sheet: MarkSheet) -> None:
    keys = 0
    for late in (4, 9):
        while sheet.view.currentIndex().row() < late:
            keys += press("↓")
        keys += press("2")
    hold(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
    keys += 1
    assert keys <= 15
    assert sheet.blanks("s2") == 0
    assert sum(word == "迟到" for (_row, column), word in sheet.values().items() if column == "s2") == 2
    assert sheet.values()["t0", "s2"] == "缺勤", "what was marked before stays"


def test_a_closed_session_is_not_changed(sheet: MarkSheet) -> None:
    hold(Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    press("4")
    hold(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
    assert sheet.changes() == {}


def test_counts_of_the_session_are_told(sheet: MarkSheet) -> None:
    assert sheet.counts.text() == f"9月3日下午：缺勤 1　未记 {len(ROWS) - 1}"
    press("↓2")
    assert "迟到 1" in sheet.counts.text()


def test_a_lifted_mark_is_a_change(sheet: MarkSheet) -> None:
    hold(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert sheet.changes() == {("t0", "s2"): None}


def test_enter_goes_down_and_shift_enter_up(sheet: MarkSheet) -> None:
    press("\n\n")
    assert sheet.view.currentIndex().row() == 2
    hold(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.view.currentIndex().row() == 1
