"""Lock, leaving, first passwords, looking at secrets, operators and access log, as they are worked in the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.access.access_log_page import AccessLogPage
from hongyao_desktop.app.access.clipboard_guard import ClipboardGuard, holds_secret
from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.access.lock_screen import IdleWatch, LockScreen
from hongyao_desktop.app.access.operators_page import OperatorsPage
from hongyao_desktop.app.access.password_panel import PasswordPanel
from hongyao_desktop.app.access.recovery_panel import RecoveryPanel
from hongyao_desktop.app.access.reveal_reason import ReasonPanel
from hongyao_desktop.core import passwords
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.kit.inputs import MaskedInput
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store import access, kept_passwords, limits
from hongyao_desktop.store.recovery import recovery_rows
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import CTRL, Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NEW = "Kq7-tree9"
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copied(tmp_path)


Enter = Callable[[str], Desk]


@pytest.fixture
def enter(desk: Desk, path: Path) -> Enter:
    """Log in as somebody, leaving whoever is there."""

    def as_(name: str, password: str = PASSWORD) -> Desk:
        if desk.window.shell is not None:
            desk.window.leave()
            desk.settle()
        else:
            desk.window.start(path)
        panel = desk.window.entrance.panel
        assert isinstance(panel, LoginPanel)
        panel.operator.setText(name)
        panel.password.setFocus()
        desk.type(password)
        desk.press(Qt.Key.Key_Return)
        desk.settle()
        return desk

    return as_


def log(worked: Desk) -> list[tuple[str, str]]:
    office = worked.window._office
    assert office is not None
    rows = access.stored_entries(office.reader(), access.LogQuery())
    return [(row["operator_name"], row["event"]) for row in rows]


def locked(worked: Desk) -> LockScreen:
    screen = worked.window.guard.screen
    assert screen is not None
    return screen


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


def test_a_first_password_is_changed_before_anything_is_seen(enter: Enter, path: Path) -> None:
    worked = enter("孙系统")
    page = worked.shell.page
    assert isinstance(page, OperatorsPage)
    worked.press(Qt.Key.Key_N, CTRL)
    worked.settle()
    assert page.form is not None
    page.form.set_value("name", "冯新人")
    page.form.set_value("password", NEW)
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    assert "冯新人" in [row["name"] for row in page._rows]
    worked.window.leave()
    worked.settle()
    panel = worked.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    panel.wanted.emit("冯新人", NEW)
    worked.settle()
    assert worked.window.shell is None
    change = worked.window.entrance.panel
    assert isinstance(change, PasswordPanel)
    for first, again, said in (
        ("short", "short", "口令至少要 8 个字符"),
        ("Own-words-7", "Own-words-8", "两次输入的口令不一样，请再输一遍"),
    ):
        change.password.setText(first)
        change.again.setText(again)
        change.primary.click()
        assert change.finding.text() == said
    change.wanted.emit(NEW)
    worked.settle()
    assert "最近用过" in change.finding.text()
    change.wanted.emit("Own-words-7")
    worked.settle()
    assert worked.window.shell is not None


def test_what_failed_is_said_after_the_login(enter: Enter, path: Path) -> None:
    worked = enter("李静")
    assert worked.shell.page is not None
    worked.window.leave()
    worked.settle()
    panel = worked.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    panel.wanted.emit("李静", "Wrong-123")
    worked.settle()
    panel.wanted.emit("李静", PASSWORD)
    worked.settle()
    page = worked.shell.page
    assert page is not None
    assert "上次登录" in page.messages.text
    assert "1 次口令输错" in page.messages.text


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("孙系统", {"system.operators", "system", "system.operations", "system.workdays"}),
        ("周安全", {"system.operators", "system", "system.operations"}),
        ("吴日志", {"system.access", "system", "system.operations"}),
    ],
)
def test_administrators_see_their_own_pages_only(enter: Enter, name: str, places: set[str]) -> None:
    assert places | {"system.password"} == {
        place for place in enter(name).shell.specs if not place.startswith("system.backup")
    }


def test_an_auditor_reads_beside_and_changes_nothing(enter: Enter) -> None:
    worked = enter("钱审计")
    office = worked.window._office
    assert office is not None
    assert office.opened.read_only
    assert {"people", "system.access"} <= worked.shell.specs.keys()
    assert "system.operators" not in worked.shell.specs


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


def test_roles_and_limits_are_set_by_the_security_administrator(enter: Enter) -> None:
    worked = enter("周安全")
    page = worked.shell.page
    assert isinstance(page, OperatorsPage)
    assert set(page.buttons) == {"授予权限", "登录规则"}
    worked.press(Qt.Key.Key_F6)
    worked.settle()
    assert page.form is not None
    page.form.set_value("role_system_admin", 1)
    page.form.set_value("reason", "分工")
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    assert "管理员不能同时办理" in page.messages.text
    page.form.set_value("role_system_admin", 0)
    page.form.set_value("role_review", 1)
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    assert page._rows[0]["roles"] == "录入、审核、出纳"
    worked.press(Qt.Key.Key_F7)
    worked.settle()
    assert page.form is not None
    page.form.set_value("security_idle_minutes", 11)
    page.form.set_value("reason", "收紧")
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    assert page.form is not None, "outside the standard's bounds nothing is saved"
    page.form.set_value("security_idle_minutes", 5)
    page.form.set_value("security_clipboard_seconds", 20)
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    office = worked.window._office
    assert office is not None
    assert access.settings_of(office.reader())["security.idle_minutes"] == "5"
    again = enter("李静").window.guard
    assert again.idle.milliseconds == 5 * 60_000
    assert again.clipboard is not None
    assert again.clipboard.seconds == 20


def test_the_access_log_is_searched_and_exported(enter: Enter, tmp_path: Path) -> None:
    enter("李静")
    worked = enter("吴日志")
    page = worked.shell.page
    assert isinstance(page, AccessLogPage)
    assert [row["operator_name"] for row in page.rows][:3] == ["吴日志", "李静", "李静"]
    page.who.setText("李静")
    page.text.setFocus()
    page.text.setText("登录")
    worked.press(Qt.Key.Key_Return)
    worked.settle()
    assert [row["event"] for row in page.rows] == ["登录"]
    page.first.setText("不是日期")
    page.search()
    assert "看不懂" in page.messages.text
    page.first.clear()
    out = tmp_path / "日志.xlsx"
    page._choose_file = lambda _page, _proposed: out
    worked.press(Qt.Key.Key_F7)
    worked.settle()
    lines = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert lines[0][:4] == ("时间", "操作员", "事件", "结果")
    assert lines[1][1:3] == ("李静", "登录")
    assert ("吴日志", access.EXPORT) in log(worked)


def test_the_access_log_shows_seconds_and_has_no_way_to_be_cleared(enter: Enter) -> None:
    enter("李静")
    worked = enter("吴日志")
    page = worked.shell.page
    assert isinstance(page, AccessLogPage)
    assert all(len(row["shown_at"]) == len("2026-11-23 01:20:45") for row in page.rows)
    buttons = {button.text() for button in page.findChildren(QPushButton) if button.isVisible()}
    assert buttons == {"查找  Enter", "导出  F7"}


def test_the_recovery_sheet_is_printed_from_the_page(enter: Enter, tmp_path: Path) -> None:
    worked = enter("孙系统")
    page = worked.shell.page
    assert isinstance(page, OperatorsPage)
    out = tmp_path / "恢复密钥.pdf"
    page._choose_file = lambda _page, _proposed: out
    page.buttons["打印恢复密钥"].click()
    assert page.form is not None
    page.form.set_value("reason", "首次打印")
    worked.press(Qt.Key.Key_S, CTRL)
    worked.settle()
    assert out.read_bytes().startswith(b"%PDF")
    assert ("孙系统", access.RECOVERY_SHEET) in log(worked)


def test_a_forgotten_password_is_replaced_by_the_recovery_sheet(enter: Enter, path: Path) -> None:
    worked = enter("孙系统")
    office = worked.window._office
    assert office is not None
    rows = recovery_rows(office, "首次打印")
    worked.window.leave()
    worked.settle()
    login = worked.window.entrance.panel
    assert isinstance(login, LoginPanel)
    login.recover_wanted.emit()
    panel = worked.window.entrance.panel
    assert isinstance(panel, RecoveryPanel)
    panel.operator.setText("孙系统")
    for line, row in zip(panel.rows, rows, strict=True):
        line.setText(row.lower())
    panel.password.setText(NEW)
    panel.again.setText(NEW)
    panel.rows[2].setText("0" * 15)
    panel.primary.click()
    assert "第 3 行" in panel.finding.text()
    assert QApplication.focusWidget() is panel.rows[2]
    panel.rows[2].setText(rows[2])
    panel.primary.click()
    worked.settle()
    assert worked.shell.status.operator.text().startswith("孙系统")
    assert ("孙系统", access.RESTORE) in log(worked)


def test_first_passwords_are_good_and_never_the_same() -> None:
    made = {kept_passwords.first_password() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.problems(word, PasswordRule()) == [] for word in made)
    assert limits.LIMITS
