"""The whole window with somebody at it: keys, answers to its questions, waiting until it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.access.entrance import FileChoice
from hongyao_desktop.app.access.lock_screen import LockScreen
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.window.leaving import Leaving
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.shell import Shell
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.store import access

CTRL = Qt.KeyboardModifier.ControlModifier


class Answers(FileChoice):
    """File dialogs that are answered beforehand."""

    def __init__(self) -> None:
        self.next: Path | None = None

    def open_file(self, parent: QWidget, folder: Path) -> Path | None:
        assert parent.isVisible()
        assert folder.is_dir()
        return self.next

    def new_file(self, parent: QWidget, proposed: Path) -> Path | None:
        assert parent.isVisible()
        assert proposed.suffix == ".hongyao"
        return self.next

    def sheet_file(self, parent: QWidget, proposed: Path) -> Path | None:
        assert parent.isVisible()
        assert proposed.suffix == ".pdf"
        return self.next


class Desk:
    """A window and what its operator answers."""

    def __init__(self, qtbot: QtBot, state: Path) -> None:
        self.qtbot = qtbot
        self.files = Answers()
        self.answer = Leaving.DISCARD
        self.asked: list[Sequence[str]] = []
        self.offices = OpenOffices(state=state)
        self.memory = WindowMemory(state)
        self.window = MainWindow(self.offices, self.memory, files=self.files, ask=self._ask)
        self.crashes: list[BaseException] = []

    def _ask(self, _window: QWidget, unsaved: Sequence[str], keepable: bool) -> Leaving:
        assert keepable, "everything these tests type waits as a draft"
        self.asked.append(unsaved)
        return self.answer

    def settle(self) -> None:
        for _round in range(3):
            QApplication.processEvents()
            self.qtbot.waitUntil(self.window.jobs.idle, timeout=20_000)

    def show(self) -> None:
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    @property
    def shell(self) -> Shell:
        shell = self.window.shell
        assert shell is not None
        return shell


Enter = Callable[[str], Desk]
"""Logs in as somebody, leaving whoever is there."""


def log(worked: Desk) -> list[tuple[str, str]]:
    office = worked.window._office
    assert office is not None
    rows = access.stored_entries(office.reader(), access.LogQuery())
    return [(row["operator_name"], row["event"]) for row in rows]


def locked(worked: Desk) -> LockScreen:
    screen = worked.window.guard.screen
    assert screen is not None
    return screen
