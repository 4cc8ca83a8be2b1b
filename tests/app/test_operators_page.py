"""The pages of the administrators: roles and limits, the access log, the recovery sheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from hongyao_desktop.app.access.access_log_page import AccessLogPage
from hongyao_desktop.app.access.operators_page import OperatorsPage
from hongyao_desktop.core import passwords
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.store import access, kept_passwords, limits
from tests.app.desk import CTRL, Enter, log

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


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


def test_an_objection_to_a_form_that_was_left_meanwhile_is_told_and_leaves_the_next_form_alone(
    enter: Enter,
) -> None:
    worked = enter("周安全")
    page = worked.shell.page
    assert isinstance(page, OperatorsPage)
    worked.press(Qt.Key.Key_F6)
    worked.settle()
    assert page.form is not None
    page.form.set_value("role_system_admin", 1)
    page.form.set_value("reason", "分工")
    page.confirm()
    worked.press(Qt.Key.Key_Escape)
    worked.press(Qt.Key.Key_F7)
    next_form = page.form
    assert next_form is not None
    worked.settle()
    assert page.form is next_form
    assert "管理员不能同时办理" in page.messages.text


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
    answers = iter((out, None))
    page._choose_file = lambda _page, _proposed: next(answers)
    page.buttons["打印恢复密钥"].click()
    assert page.form is not None
    page.form.set_value("reason", "首次打印")
    worked.press(Qt.Key.Key_S, CTRL)
    worked.press(Qt.Key.Key_S, CTRL)  # once more while it is being written: asks nothing and changes nothing
    worked.settle()
    assert out.read_bytes().startswith(b"%PDF")
    assert ("孙系统", access.RECOVERY_SHEET) in log(worked)


def test_first_passwords_are_good_and_never_the_same() -> None:
    made = {kept_passwords.first_password() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.problems(word, PasswordRule()) == [] for word in made)
    assert limits.LIMITS
