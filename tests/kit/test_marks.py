"""The mark sheet: marks by row and column, closed sessions, and keys that are told to the page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.marks import Mark, MarkColumn, MarkModel, MarkRow, MarkView
from tests.kit.conftest import Shown
from tests.kit.keyboard import focused, hold, press
from tests.kit.office import NAMES

MARKS = (Mark("到", "到", "1d"), Mark("迟到", "迟", "2c", "warn"), Mark("缺勤", "缺", "4k", "bad"))
ROWS = [MarkRow(f"t{place}", name, f"{place + 1} 号") for place, name in enumerate(NAMES)]
COLUMNS = [MarkColumn("s1", "9月3日", "上午", closed=True), MarkColumn("s2", "9月3日", "下午")]


@pytest.fixture
def model(dressed: Look) -> MarkModel:
    made = MarkModel(MARKS, "姓名")
    made.load(ROWS, COLUMNS, {("t0", "s1"): "到", ("t0", "s2"): "缺勤"})
    return made


@pytest.fixture
def view(model: MarkModel, shown: Shown, qtbot: QtBot) -> MarkView:
    from PySide6.QtWidgets import QWidget

    host = QWidget()
    made = MarkView(model, host)
    shown(made)
    made.setCurrentIndex(model.index(0, 2))
    made.setFocus()
    qtbot.waitUntil(lambda: focused() is made)
    return made


def test_the_model_keeps_qts_rules(model: MarkModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.load(ROWS[:3], COLUMNS[:1], {})
    assert (model.rowCount(), model.columnCount()) == (3, 2)
    del tester


def test_marks_are_put_lifted_and_shown_in_words(model: MarkModel) -> None:
    mark = model.mark_at(0, 2)
    assert mark is not None
    assert (mark.short, mark.tone) == ("缺", "bad")
    model.put(1, 2, "迟到")
    assert model.data(model.index(1, 2)) == "迟到"
    model.put(1, 2, None)
    assert ("t1", "s2") not in model.values
    assert model.data(model.index(1, 0)) == NAMES[1]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "9月3日\n上午"


def test_a_closed_session_is_not_changed(model: MarkModel) -> None:
    model.put(0, 1, "缺勤")
    model.put(0, 0, "缺勤")
    assert model.values == {("t0", "s1"): "到", ("t0", "s2"): "缺勤"}


def test_keys_are_told_to_the_page(view: MarkView) -> None:
    told: list[object] = []
    view.typed.connect(told.append)
    view.lifted.connect(lambda: told.append("lifted"))
    view.advanced.connect(told.append)
    press("1C")
    hold(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    press("\n")
    hold(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert told == ["1", "c", "lifted", 1, -1]
    press("↓")
    assert view.currentIndex().row() == 1


def test_the_input_method_does_not_hold_a_mark_back(view: MarkView) -> None:
    assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    view.grab()
