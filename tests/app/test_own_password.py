"""Changing the own password in the window: the checks of everywhere, by keyboard, and nothing typed stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.access.own_password_page import OwnPasswordPage
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import CTRL, Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NEW = "Kq7-tree9"


def log_in(desk: Desk, password: str) -> None:
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    panel.operator.setText("李静")
    panel.password.setFocus()
    desk.type(password)
    desk.press(Qt.Key.Key_Return)
    desk.settle()


@pytest.fixture
def page(desk: Desk, tmp_path: Path) -> OwnPasswordPage:
    """The page, reached under the own name in the status line."""
    desk.window.start(copied(tmp_path))
    log_in(desk, PASSWORD)
    steps = {action.text(): action for action in desk.shell.status.own.actions()}
    assert list(steps) == ["改口令", "锁定　Ctrl+L", "退出，换人登录"]
    steps["改口令"].trigger()
    desk.settle()
    page = desk.shell.page
    assert isinstance(page, OwnPasswordPage)
    assert QApplication.focusWidget() is page.panel.old
    return page


def locked(desk: Desk) -> bool:
    return desk.window.guard.screen is not None


def fill(desk: Desk, *words: str) -> None:
    """Three passwords, each with Enter; the last Enter asks for the change."""
    for word in words:
        desk.type(word)
        desk.press(Qt.Key.Key_Return)
    desk.settle()


def test_a_new_password_opens_the_lock_and_the_file_from_then_on(desk: Desk, page: OwnPasswordPage) -> None:
    fill(desk, PASSWORD, NEW, NEW)
    assert "口令已更换" in page.messages.text
    assert [line.text() for line in page.panel.lines] == ["", "", ""]
    desk.press(Qt.Key.Key_L, CTRL)
    desk.settle()
    assert locked(desk)
    fill(desk, PASSWORD)
    assert locked(desk), "the old one does not open the lock any more"
    fill(desk, NEW)
    assert not locked(desk)
    next(a for a in desk.shell.status.own.actions() if a.text().startswith("退出")).trigger()
    desk.settle()
    log_in(desk, NEW)
    assert desk.window.shell is not None


@pytest.mark.parametrize(
    ("words", "sentence", "line"),
    [
        (("", NEW, NEW), "请输入现在的口令", 0),
        ((PASSWORD, "short", "short"), "至少要 8 个字符", 1),
        ((PASSWORD, NEW, "Kq7-tree8"), "两次输入的口令不一样", 2),
        ((PASSWORD, PASSWORD, PASSWORD), "不能与现在的口令相同", 1),
        (("Wrong-123", NEW, NEW), "口令不对", 0),
    ],
    ids=["no old one", "too short", "not alike", "the same", "wrong old one"],
)
def test_what_is_wrong_is_said_under_the_inputs_and_the_keyboard_is_there(
    desk: Desk, page: OwnPasswordPage, words: tuple[str, ...], sentence: str, line: int
) -> None:
    fill(desk, *words)
    assert sentence in page.panel.finding.text()
    assert QApplication.focusWidget() is page.panel.lines[line]
    assert "口令已更换" not in page.messages.text


def test_nothing_typed_waits_for_somebody_to_come_back(desk: Desk, page: OwnPasswordPage) -> None:
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.type(NEW)
    desk.press(Qt.Key.Key_1, CTRL)
    desk.settle()
    desk.press(Qt.Key.Key_0, CTRL)
    desk.settle()
    assert desk.shell.page is page
    assert [line.text() for line in page.panel.lines] == ["", "", ""]
    assert page.unsaved() is None
    assert page.drafts() == ()
