"""A dressed application and a session over the fake office."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import Look, dress, look
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from tests.kit.office import DESK, LOOKUP, FakeOffice, make_rows
from tests.kit.people_page import PARTS

Shown = Callable[[QWidget], None]


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Look]:
    """The look in force, which another folder's tests may have put on; its text size is put back."""
    worn = look() if qapp.styleSheet() else dress(qapp)
    scale = worn.scale
    yield worn
    if worn.scale != scale:
        worn.change(scale=scale)


@pytest.fixture
def office() -> FakeOffice:
    return FakeOffice()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    crashes: list[tuple[str, BaseException]] = []
    made.crashed.connect(lambda what, error: crashes.append((what, error)))
    yield made
    qtbot.waitUntil(made.idle)
    made.close()
    assert crashes == []


@pytest.fixture
def session(dressed: Look, jobs: Jobs, office: FakeOffice) -> Iterator[Session]:
    def log_look(register: str, row_id: str, field: str) -> None:
        with office.lock:
            office.db.execute("INSERT INTO looked VALUES (?, ?, ?)", (register, row_id, field))

    made = Session(office, jobs, make_rows=make_rows, lookups={"people": LOOKUP}, reveal=log_look)
    yield made
    made.close()


@pytest.fixture
def shown(qtbot: QtBot, jobs: Jobs) -> Iterator[Shown]:
    """Give a function that shows a widget at the size of a page and waits until it has settled.

    The host has no layout: the offscreen screen warns of every window that asks for a least size.
    """
    hosts: list[QWidget] = []

    def show(widget: QWidget) -> None:
        host = QWidget()
        hosts.append(host)
        qtbot.addWidget(host)
        host.resize(1182, 740)
        widget.setParent(host)
        widget.setGeometry(host.rect())
        host.show()
        widget.show()
        host.activateWindow()
        qtbot.waitUntil(lambda: host.isActiveWindow() and jobs.idle())

    yield show
    qtbot.waitUntil(jobs.idle)


@pytest.fixture
def settle(qtbot: QtBot, jobs: Jobs) -> Callable[[], None]:
    """Give a function that waits until everything asked for has arrived."""

    def wait() -> None:
        for _round in range(3):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
            qtbot.waitUntil(jobs.idle)

    return wait


@pytest.fixture
def page(session: Session, shown: Shown, settle: Callable[[], None], qtbot: QtBot) -> RegisterPage:
    made = RegisterPage(session, DESK, PARTS)
    shown(made)
    made.enter()
    qtbot.waitUntil(lambda: made.table.current_id() == "p000000")
    settle()
    return made
