"""A program to be killed: types half of many forms in a real window, says what stands in them, and waits.

Run as ``python -m tests.app.half_typed FILE STATE OPERATOR PASSWORD [lock]``. One line of JSON (page to drafts)
comes as soon as the last of it is kept, without a key that saves. With ``lock`` the window is locked before.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.printing.paper_page import PaperPage
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.shell import Shell
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.look import dress
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.register_page import RegisterPage

RULES = "volunteers.rules"
ID_NUMBER = "440524188001010014"
"""Valid and nobody's: typed half into a form, it must stand in the encrypted file only."""

FILE_PASSWORD = "Kq7-never-kept"
"""Typed for a locked file, it must stand nowhere."""


def standing(page: Page) -> dict[str, Any]:
    """What is half typed on a page, by form."""
    return {draft.key: dict(draft.values) for draft in page.drafts()}


class Hands:
    """Types into whatever has the keyboard."""

    def __init__(self, shell: Shell, settle: Callable[[], None]) -> None:
        self.shell = shell
        self.settle = settle

    def at(self, place: str) -> Page:
        """Open a page."""
        self.shell.open(place)
        self.settle()
        page = self.shell.page
        assert page is not None
        return page

    def write(self, text: str) -> None:
        """Chinese as an input method commits it, the rest key by key; a line's end is Enter."""
        for line in text.splitlines(keepends=True):
            widget = QApplication.focusWidget()
            assert widget is not None, f"no place for {text!r}"
            body = line.rstrip("\n")
            if body.isascii():
                QTest.keyClicks(widget, body)
            else:
                event = QInputMethodEvent()
                event.setCommitString(body)
                QApplication.sendEvent(widget, event)
            if line.endswith("\n"):
                self.press(Qt.Key.Key_Return)
        self.settle()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key."""
        QTest.keyClick(QApplication.focusWidget() or self.shell, key, held)
        self.settle()


def type_everywhere(hands: Hands) -> None:
    """Half of a changed record and of a new one, a step, two batches, a roll, a voucher, an order, a notice."""
    ctrl = Qt.KeyboardModifier.ControlModifier
    people = hands.at("people")
    assert isinstance(people, RegisterPage)
    people.edit()
    people.panel.form.focus_field("address")
    hands.write("水湾路")
    hands.press(Qt.Key.Key_N, ctrl)
    hands.write("欧阳新来\n")
    people.panel.form.focus_field("id_number")
    hands.write(ID_NUMBER)

    volunteers = hands.at("volunteers")
    assert isinstance(volunteers, RegisterPage)
    step = next(verb for verb in volunteers.parts.verbs if verb.needs_row and verb.fields)
    volunteers.panel.run_verb(step)
    hands.write("写到一半")

    hands.at("volunteers.batch")
    hands.write("义剪")
    hands.press(Qt.Key.Key_F6)
    hands.write("a\n")

    stock = hands.at("volunteers.shop.stock_in")
    hands.press(Qt.Key.Key_F6)
    hands.write("没有的商品")
    assert stock.drafts()

    hands.at("training.classes")
    for key in (Qt.Key.Key_1, Qt.Key.Key_4, Qt.Key.Key_F4):
        hands.press(key)
    hands.write("家里有事")

    hands.at("fund")
    hands.write("\n大病救助：周某\n")
    hands.write("1234.5")
    hands.press(Qt.Key.Key_F8)
    hands.write("重复登记")

    rules = hands.at(RULES)
    hands.press(Qt.Key.Key_F2)
    hands.press(Qt.Key.Key_A, ctrl)
    hands.write("改了一半的办法")
    assert rules.drafts()

    hands.at("orders")
    hands.press(Qt.Key.Key_N, ctrl)
    hands.write("李大爷")

    papers = hands.at("papers")
    assert isinstance(papers, PaperPage)
    papers.list.choose("aid-notice")
    papers.form.focus_field("set_place")
    hands.write("社区服务大厅一楼")
    papers.form.focus_field("out_password")
    hands.write(FILE_PASSWORD)


def main(path: Path, state: Path, operator: str, password: str, *, lock: bool) -> None:
    application = QApplication(sys.argv[:1])
    dress(application)
    window = MainWindow(OpenOffices(state=state), WindowMemory(state))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()

    def settle() -> None:
        for _round in range(3):
            application.processEvents()
            while not window.jobs.idle():
                application.processEvents()

    window.way_in.open_office(path, operator, password)
    while window.shell is None:
        application.processEvents()
    hands = Hands(window.shell, settle)
    type_everywhere(hands)
    drafts = window.shell.session.drafts
    if lock:
        window.guard.lock()
    while drafts.due:
        application.processEvents()
    settle()
    found = {place: standing(page) for place, page in window.shell.pages.items()}
    sys.stdout.write(json.dumps({place: kept for place, kept in found.items() if kept}) + "\n")
    sys.stdout.flush()
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4], lock=sys.argv[5:] == ["lock"])
