"""Fixtures of the command line's tests, and of those that work in the window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.window.leaving import Leaving
from hongyao_desktop.kit.look import dress
from tests.app.demonstrations import PASSWORD, Told, copied, told
from tests.app.desk import Desk, Enter


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration office of its own for a test, with the password in the environment."""
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)
    return copied(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Run a command line: ``run("figures", office, "--json")``."""
    return lambda *arguments: told(capsys, arguments)


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("HONGYAO_STATE_DIR", str(tmp_path / "state"))
    dress(qapp)
    made = Desk(qtbot, tmp_path / "state")
    made.show()
    yield made
    made.answer = Leaving.DISCARD
    made.settle()
    made.window.close()
    made.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copied(tmp_path)


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
