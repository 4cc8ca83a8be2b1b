"""Undo in the window, after the program was closed and opened again: one's own last operations, never a posting."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from hongyao_desktop.kit.register_page import RegisterPage
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import CTRL, Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def begin(desk: Desk, path: Path, name: str) -> None:
    """Leave whoever works here and log in: for the file this is a restart."""
    if desk.window.shell is not None:
        desk.window.leave()
        desk.settle()
    desk.window.way_in.open_office(path, name, PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()


def people(desk: Desk) -> RegisterPage:
    desk.shell.open("people")
    desk.settle()
    page = desk.shell.page
    assert isinstance(page, RegisterPage)
    return page


def change_note(desk: Desk, text: str) -> str:
    """Write into the note of the first person and save; returns whose it is."""
    page = people(desk)
    page.edit()
    page.panel.form.focus_field("note")
    desk.press(Qt.Key.Key_A, CTRL)
    desk.type(text)
    desk.press(Qt.Key.Key_S, CTRL)
    desk.settle()
    assert "已保存" in page.messages.text
    return page.panel.row_id


def note_of(desk: Desk, row_id: str) -> object:
    office = desk.window._office
    assert office is not None
    return office.reader().value("SELECT note FROM person WHERE id = ?", (row_id,))


def test_changes_are_taken_back_one_by_one_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    begin(desk, path, "李静")
    before = note_of(desk, people(desk).panel.row_id)
    row_id = change_note(desk, "first")
    assert change_note(desk, "second") == row_id
    begin(desk, path, "李静")
    page = people(desk)
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.settle()
    assert page.messages.text == "已撤销：修改人员"
    assert note_of(desk, row_id) == "first"
    begin(desk, path, "李静")
    people(desk)
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.settle()
    assert note_of(desk, row_id) == before


def test_nobody_takes_back_what_another_did(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    begin(desk, path, "李静")
    row_id = change_note(desk, "mine")
    begin(desk, path, "赵审核")
    page = people(desk)
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.settle()
    assert "已撤销：授予星级" in page.messages.text, "the last thing the reviewer did, not the last of all"
    assert note_of(desk, row_id) == "mine"


def test_a_posting_is_not_taken_back_and_bars_what_lies_below(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    begin(desk, path, "李静")
    row_id = change_note(desk, "below")
    desk.shell.open("fund")
    desk.settle()
    office = desk.window._office
    assert office is not None
    entries = office.reader().value("SELECT COUNT(*) FROM fund_entry")
    desk.press(Qt.Key.Key_N, CTRL)
    desk.press(Qt.Key.Key_Return)
    desk.type("gift")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return):
        desk.press(key)
    desk.type("12.5")
    desk.press(Qt.Key.Key_S, CTRL)
    desk.settle()
    assert office.reader().value("SELECT COUNT(*) FROM fund_entry") == entries + 1
    begin(desk, path, "李静")
    page = people(desk)
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.settle()
    assert page.messages.text == "没有可以撤销的操作，过账和打印不能撤销，记错的账请冲正"
    office = desk.window._office
    assert office is not None
    assert office.reader().value("SELECT COUNT(*) FROM fund_entry") == entries + 1
    assert note_of(desk, row_id) == "below"
