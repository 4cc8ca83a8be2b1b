"""Pages in a bare window for tests, over a real office and real workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.resources import resource
from hongyao_desktop.app.window.screen_session import make_session
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import dress
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.session import Session
from hongyao_desktop.store import Office

P = TypeVar("P", bound=Page)
SECONDS = 20_000
"""How long a test waits for workers on a busy machine, in milliseconds."""


def bare_host(qtbot: QtBot, page: Page) -> QWidget:
    """Show a page at its usual size in a window without a layout, of which the offscreen screen would warn."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1182, 740)
    page.setParent(host)
    page.setGeometry(host.rect())
    host.show()
    host.activateWindow()
    page.show()
    page.enter()
    return host


@contextmanager
def shown(
    office: Office, folder: Path, qapp: QApplication, qtbot: QtBot, build: Callable[[Session], P]
) -> Iterator[P]:
    """A page over an opened office; at the end its workers are idle and nothing crashed on them."""
    dress(qapp, resource())
    jobs = Jobs()
    crashes: list[tuple[str, BaseException]] = []
    jobs.crashed.connect(lambda what, error: crashes.append((what, error)))
    session = make_session(office, jobs, WindowMemory(folder))
    page = build(session)
    host = bare_host(qtbot, page)
    qtbot.waitUntil(jobs.idle, timeout=SECONDS)
    yield page
    assert host is page.parent(), "the host must outlive the test"
    qtbot.waitUntil(jobs.idle, timeout=SECONDS)
    session.close()
    jobs.close()
    assert crashes == []
