"""Who enters sees what is his: a first password is changed, failures are said, each role has its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.access.operators_page import OperatorsPage
from hongyao_desktop.app.access.password_panel import PasswordPanel
from hongyao_desktop.app.access.recovery_panel import RecoveryPanel
from hongyao_desktop.store import access
from hongyao_desktop.store.recovery import recovery_rows
from tests.app.demonstrations import PASSWORD
from tests.app.desk import CTRL, Enter, log

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NEW = "Kq7-tree9"


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
