"""The lock of the window: it hides everything, waits like the login, and gives back what it hid."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from hongyao_desktop.app.access.lock_screen import IdleWatch
from hongyao_desktop.intake.page.screen import ImportPage
from hongyao_desktop.kit.inputs import ReferenceInput
from hongyao_desktop.kit.register_page import RegisterPage
from tests.app.demonstrations import PASSWORD
from tests.app.desk import CTRL, Enter, locked, log

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_lock_hides_everything_and_gives_it_back_as_it_was(enter: Enter) -> None:
    worked = enter("李静")
    worked.shell.open("people")
    worked.settle()
    worked.press(Qt.Key.Key_N, CTRL)
    worked.settle()
    worked.type("half a name")
    typed_in = QApplication.focusWidget()
    assert isinstance(typed_in, QLineEdit)
    title = worked.window.windowTitle()
    worked.press(Qt.Key.Key_L, CTRL)
    worked.settle()
    assert not worked.shell.isVisible()
    assert "样例街道" not in worked.window.windowTitle()
    worked.type("Wrong-123")
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    assert locked(worked).lock_panel.finding.text() == "口令不对，请重新输入"
    worked.type(PASSWORD)
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    assert worked.window.guard.screen is None
    assert worked.shell.isVisible()
    assert QApplication.focusWidget() is typed_in
    assert typed_in.text() == "half a name"
    assert worked.window.windowTitle() == title
    assert {("李静", "锁定窗口"), ("李静", "解锁窗口")} <= set(log(worked))


def test_what_had_the_keyboard_may_be_gone_when_the_lock_opens(enter: Enter) -> None:
    worked = enter("李静")
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    passing = QLineEdit(page)
    passing.show()
    passing.setFocus()
    worked.press(Qt.Key.Key_L, CTRL)
    worked.settle()
    delete(passing)
    worked.type(PASSWORD)
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    assert worked.window.guard.screen is None
    assert page.table.view.hasFocus()
    assert ("李静", "解锁窗口") in log(worked)


def test_work_that_ends_out_of_sight_does_not_take_the_keyboard_there(enter: Enter) -> None:
    worked = enter("李静")
    worked.shell.open("intake")
    worked.settle()
    sheets = worked.shell.page
    assert isinstance(sheets, ImportPage)
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    page.search.take_keyboard()
    sheets.findings.list.setFocus()
    worked.qtbot.waitUntil(page.search.hasFocus)
    page.table.view.setFocus()
    worked.window.guard.lock()
    worked.settle()
    for hidden in (sheets.findings.list, page.search):
        hidden.setFocus()
        worked.qtbot.waitUntil(locked(worked).lock_panel.password.hasFocus)
    worked.type(PASSWORD)
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    assert worked.window.guard.screen is None
    assert page.search.text() == ""


@pytest.mark.parametrize("close", [False, True], ids=["leave", "close"])
def test_a_half_typed_name_does_not_ask_a_file_that_is_closed(enter: Enter, *, close: bool) -> None:
    worked = enter("李静")
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    page.add()
    entry = page.panel.form.boxes["unit_id"].entry
    assert isinstance(entry, ReferenceInput)
    entry.editor().setFocus()
    worked.type("dm")
    worked.settle()
    if close:
        worked.window.close()
    else:
        worked.window.leave()
    worked.settle()
    assert worked.window._office is None
    assert len(worked.asked) == 1, "and nothing failed on the way"


def test_somebody_else_may_take_over_and_what_was_typed_waits_for_its_operator(enter: Enter) -> None:
    worked = enter("李静")
    worked.shell.open("people")
    worked.settle()
    worked.press(Qt.Key.Key_N, CTRL)
    worked.settle()
    worked.type("half")
    worked.window.guard.lock()
    worked.settle()
    locked(worked).leave_wanted.emit()
    worked.settle()
    assert worked.window._office is None, "the file is closed without the absent operator's password"
    assert worked.asked == []
    enter("赵审核")
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert page is not None
    assert page.messages.text == "", "no other operator is offered the draft"
    enter("李静")
    worked.shell.open("people")
    worked.settle()
    page = worked.shell.page
    assert isinstance(page, RegisterPage)
    assert "上次没有保存：新的人员 half" in page.messages.text
    page.messages._action.click()
    worked.settle()
    assert page.panel.adding
    assert page.panel.form.boxes["name"].entry.text() == "half"


def test_behind_the_lock_what_cannot_be_kept_waits_for_its_operator(enter: Enter) -> None:
    worked = enter("孙系统")
    worked.shell.open("system.operators")
    worked.settle()
    worked.press(Qt.Key.Key_N, CTRL)
    worked.settle()
    worked.type("half")
    worked.window.guard.lock()
    worked.settle()
    locked(worked).leave_wanted.emit()
    worked.settle()
    assert "请先由原操作员解锁" in locked(worked).lock_panel.finding.text()
    assert worked.window._office is not None
    worked.type(PASSWORD)
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    worked.press(Qt.Key.Key_Escape)


def test_five_wrong_passwords_at_the_lock_wait_like_at_the_login(enter: Enter) -> None:
    worked = enter("李静")
    worked.window.guard.lock()
    for _ in range(6):
        locked(worked).unlock_wanted.emit("Wrong-123")
        worked.settle()
    locked(worked).unlock_wanted.emit(PASSWORD)
    worked.settle()
    assert "暂停登录" in locked(worked).lock_panel.finding.text()


def test_the_window_locks_by_itself_and_every_key_begins_the_time_anew(enter: Enter, qtbot: QtBot) -> None:
    worked = enter("李静")
    watch = worked.window.guard.idle
    assert watch.milliseconds == 10 * 60_000
    watch._timer.setInterval(30)
    watch._timer.start()
    qtbot.waitUntil(lambda: worked.window.guard.screen is not None)
    worked.settle()
    short = IdleWatch(worked.window)
    short.begin(1)
    short._timer.setTimerType(Qt.TimerType.PreciseTimer)
    short._timer.setInterval(5_000)
    short._timer.start()
    qtbot.waitUntil(lambda: short._timer.remainingTime() < 4_600)
    QTest.keyClick(worked.window, Qt.Key.Key_Shift)
    assert short._timer.remainingTime() > 4_700
    short.end()
