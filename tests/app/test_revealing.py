"""Full numbers: shown after a reason that is noted, and no longer on the clipboard than they are needed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from hongyao_desktop.app.access.clipboard_guard import ClipboardGuard, holds_secret
from hongyao_desktop.app.access.reveal_reason import ReasonPanel
from hongyao_desktop.kit.inputs import MaskedInput
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store import access
from tests.app.desk import Desk, Enter, log

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ID_NUMBER = "11010519491231002X"


def revealed(worked: Desk) -> MaskedInput:
    """Ask for the identity number of the first person."""
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    worked.settle()
    shown = [entry for entry in page.findChildren(MaskedInput) if entry.field.name == "id_number"]
    assert "*" in shown[0].line.text()
    shown[0].button.click()
    worked.settle()
    return shown[0]


def test_a_masked_number_is_shown_after_a_reason_which_is_noted(enter: Enter) -> None:
    worked = enter("李静")
    entry = revealed(worked)
    assert "*" in entry.line.text()
    panel = worked.window.findChild(ReasonPanel)
    assert panel is not None
    QTest.keyClick(panel.buttons[0], Qt.Key.Key_2)
    worked.settle()
    assert len(entry.line.text()) == 18
    assert "*" not in entry.line.text()
    office = worked.window._office
    assert office is not None
    (row,) = access.stored_entries(office.reader(), access.LogQuery(event=access.LOOK))
    assert (row["operator_name"], row["field"], row["purpose"]) == ("李静", "证件号码", "联系本人")
    assert row["register"] == "people"
    entry.line.selectAll()
    entry.line.copy()
    guard = worked.window.guard.clipboard
    assert guard is not None
    assert guard.left == 30
    assert "30 秒后清空" in worked.shell.status.notice.text()
    worked.window.guard.lock()
    assert QGuiApplication.clipboard().text() == ""
    worked.settle()


def test_going_back_shows_nothing_and_notes_nothing(enter: Enter) -> None:
    worked = enter("李静")
    entry = revealed(worked)
    panel = worked.window.findChild(ReasonPanel)
    assert panel is not None
    QTest.keyClick(panel.buttons[0], Qt.Key.Key_Escape)
    worked.settle()
    assert "*" in entry.line.text()
    assert ("李静", access.LOOK) not in log(worked)


def test_a_page_read_anew_while_the_reason_is_asked_has_the_keyboard_afterwards(
    qapp: QApplication, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    line = QLineEdit(page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    line.setFocus()
    panel = ReasonPanel(page, "证件号码")
    panel.begin()
    delete(line)
    with qtbot.waitSignal(panel.chosen) as told:
        QTest.keyClick(panel.buttons[0], Qt.Key.Key_2)
    assert told.args == ["联系本人"]
    assert QApplication.focusWidget() is page


def test_the_clipboard_is_emptied_after_the_countdown(qapp: QApplication, qtbot: QtBot) -> None:
    guard = ClipboardGuard(2, qapp, lambda: True)
    guard._timer.setInterval(5)
    clipboard = QGuiApplication.clipboard()
    told: list[int] = []
    guard.counting.connect(told.append)
    clipboard.setText(f"证件号码 {ID_NUMBER}")
    qtbot.waitUntil(lambda: clipboard.text() == "")
    assert told == [2, 1, 0]
    clipboard.setText("水湾社区")
    assert guard.left == 0
    clipboard.setText(ID_NUMBER)
    clipboard.setText("别的文字")
    qtbot.waitUntil(lambda: guard.left == 0)
    assert clipboard.text() == "别的文字"
    guard.close()
    clipboard.clear()


def test_what_is_copied_from_a_revealed_field_is_counted_down_and_goes_with_the_lock(enter: Enter) -> None:
    worked = enter("李静")
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    clipboard = QGuiApplication.clipboard()
    phone = page.panel.form.boxes["phone"].entry
    assert isinstance(phone, MaskedInput)
    assert "****" in phone.text(), "masked until somebody asks"
    worked.window.session.asks = False  # type: ignore[union-attr]
    phone.button.click()
    worked.settle()
    phone.line.selectAll()
    phone.line.copy()
    worked.settle()
    guard = worked.window.guard.clipboard
    assert guard is not None
    assert not holds_secret(clipboard.text()), "an ordinary number to look at"
    assert guard.left == guard.seconds
    assert worked.shell.status.notice.text() == f"剪贴板 {guard.seconds} 秒后清空"
    worked.window.guard.lock()
    assert clipboard.text() == ""


def test_only_full_numbers_count_as_secret() -> None:
    assert holds_secret(ID_NUMBER)
    assert not holds_secret("110105********002X")
    assert not holds_secret("13800000000")
