"""A session over a real office file, as the window makes one; and keys typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.window.screen_session import make_session
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import dress
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.session import Session
from hongyao_desktop.people.records import PEOPLE, UNITS
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.volunteers.module import MODULE
from tests.offices import ALL_ROLES, PASSWORD, evening_clock, make_file

REGISTERS = (*MODULE.registers, PEOPLE, UNITS)


def open_with_search(folder: Path, *, who: str = ALL_ROLES.name) -> Office:
    """A new office whose registers can be searched."""
    path = make_file(folder)
    return open_office(
        path,
        operator=who,
        password=PASSWORD,
        clock=evening_clock(),
        state=path.parent / "state",
        registers=REGISTERS,
    )


@dataclass
class Screen:
    """One operator at one office, with a bare window to put pages in."""

    office: Office
    session: Session
    jobs: Jobs
    hands: Hands
    qtbot: QtBot
    hosts: list[QWidget] = field(default_factory=list)

    def show(self, page: Page) -> Page:
        """Show a page at its usual size; the host has no layout, of which the offscreen plugin would warn."""
        host = QWidget()
        self.hosts.append(host)
        self.qtbot.addWidget(host)
        host.resize(1182, 740)
        page.setParent(host)
        page.setGeometry(host.rect())
        host.show()
        host.activateWindow()
        page.show()
        page.enter()
        self.settle()
        return page

    def settle(self) -> None:
        """Wait until nothing is being read, written or about to be checked."""
        self.qtbot.waitUntil(self.jobs.idle)
        QApplication.processEvents()
        self.qtbot.waitUntil(self.jobs.idle)

    def said(self, page: Page, words: str) -> None:
        """Wait until the page's message bar says so."""
        self.qtbot.waitUntil(lambda: words in page.messages.text)


@contextmanager
def screen_over(office: Office, folder: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    """The screen of whoever opened ``office``; no job may crash in it."""
    dress(qapp)
    jobs = Jobs()
    crashes: list[tuple[str, BaseException]] = []
    jobs.crashed.connect(lambda what, error: crashes.append((what, error)))
    session = make_session(office, jobs, WindowMemory(folder))
    yield Screen(office, session, jobs, Hands(), qtbot)
    qtbot.waitUntil(jobs.idle)
    session.close()
    jobs.close()
    assert crashes == []


class Hands:
    """Types with the keyboard alone and counts the keys."""

    def __init__(self) -> None:
        self.count = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the keyboard is."""
        widget = QApplication.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        self.count += 1
        QTest.keyClick(widget, key, modifier)

    def write(self, text: str) -> None:
        """Letters and figures key by key; Chinese is committed as an input method does, a key for each character."""
        widget = QApplication.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        self.count += len(text)
        if text.isascii():
            QTest.keyClicks(widget, text)
            return
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(widget, event)

    def enter(self) -> None:
        """Enter."""
        self.press(Qt.Key.Key_Return)

    def save(self) -> None:
        """Ctrl+S."""
        self.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
