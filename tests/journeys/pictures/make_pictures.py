"""Pictures of every page, to be looked at one by one: ``python -m tests.journeys.pictures.make_pictures OUT``.

A demonstration office is made (or the one given is used), every page of the window is opened, and what a page shows
while one works is shown too: a half-typed form with findings, a search, a batch with a clash, the help. The pictures
come from the offscreen screen with the bundled faces; ``--scale`` and ``--size`` show other text sizes and screens.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hongyao_desktop.app.demo.build import PASSWORD, build_demo
from hongyao_desktop.app.modules import find_target
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.resources import resource
from hongyao_desktop.app.window.leaving import Leaving
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.shell import Shell
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.intake.page.screen import ImportPage
from hongyao_desktop.kit import tokens
from hongyao_desktop.kit.batch_page import BatchPage
from hongyao_desktop.kit.look import dress, look
from hongyao_desktop.kit.register_page import RegisterPage

KEYS = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "↓": Qt.Key.Key_Down, "⎋": Qt.Key.Key_Escape}
ROUNDS = 4
SAMPLES = ("volunteers", "service_records", "attendance", "fund_entries", "spot_reports")


def _give_up(_window: object, _unsaved: object, _keepable: object) -> Leaving:
    return Leaving.DISCARD


class Camera:
    """A window, the keys to work it, and where its pictures go."""

    def __init__(self, out: Path, state: Path, size: tuple[int, int]) -> None:
        self.out = out
        self.size = size
        self.taken: list[str] = []
        self.offices = OpenOffices(state=state)
        self.window = MainWindow(self.offices, WindowMemory(state), ask=_give_up)
        self.window.jobs.crashed.connect(self._crashed)
        self.window.resize(*size)
        self.window.show()

    @staticmethod
    def _crashed(what: str, error: object) -> None:
        sys.stderr.write(f"{what}\n")
        if isinstance(error, BaseException):
            traceback.print_exception(error)

    @property
    def shell(self) -> Shell:
        """The shell of the opened office."""
        shell = self.window.shell
        assert shell is not None
        return shell

    def settle(self) -> None:
        """Wait until nothing is under way and nothing moves."""
        loop = QEventLoop.ProcessEventsFlag.AllEvents
        for _round in range(ROUNDS):
            QApplication.processEvents(loop, 150)
            while not self.window.jobs.idle():
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def take(self, name: str) -> None:
        """One picture of the window as it stands."""
        self.settle()
        page = self.window.shell.page if self.window.shell is not None else None
        while page is not None and page.messages.fading:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.window.resize(*self.size)
        self.settle()
        self.window.grab().save(str(self.out / f"{name}.png"))
        self.taken.append(name)

    @staticmethod
    def type(text: str) -> None:
        """Press keys where the keyboard is; Chinese comes from the input method."""
        for sign in text:
            widget = QApplication.focusWidget()
            if widget is None:
                return
            if sign in KEYS:
                QTest.keyClick(widget, KEYS[sign])
            elif sign.isascii():
                QTest.keyClicks(widget, sign)
            else:
                event = QInputMethodEvent()
                event.setCommitString(sign)
                QApplication.sendEvent(widget, event)


def way_in(camera: Camera, path: Path) -> None:
    """First steps, a new office with a finding, the login with a wrong password; then the office is open."""
    window = camera.window
    window.way_in.show_first_run()
    camera.take("01-first-run")
    window.way_in.show_new_office()
    camera.type("样例街道党工委\n样例街道\n李静\n123\n123\n")
    camera.take("02-new-office")
    window.way_in.show_login(path)
    camera.type("1234\n")
    camera.take("03-login-refused")
    window.way_in.open_office(path, camera.offices.demo_operator(), PASSWORD)
    camera.settle()


def registers(camera: Camera, page: RegisterPage, name: str) -> None:
    """States of a register page: searched, nothing found, a new record with findings, a changed one."""
    page.search.take_keyboard()
    camera.type("w")
    camera.take(f"{name}-searched")
    camera.type("qqqqq")
    camera.take(f"{name}-nothing-found")
    page.clear_query()
    camera.settle()
    if page.desk.save is None:
        return
    page.edit()
    camera.type("↓⎋")
    page.add()
    camera.settle()
    page.save()
    camera.take(f"{name}-new-with-findings")
    page.panel._revert_clicked()
    page.messages.clear()


def batches(camera: Camera, page: BatchPage, name: str) -> None:
    """A batch with a few rows, an open drop-down and a fault."""
    page._to_grid()
    camera.type("w\nz\n没这个人\nl")
    camera.take(f"{name}-typing")
    page.start()


def imports(camera: Camera, page: ImportPage, name: str) -> None:
    """The sample sheets with their findings, nothing written."""
    for number, sample in enumerate(sorted(resource("demo", "samples").glob("0*")), 1):
        page._show_target(find_target(SAMPLES[number - 1]))
        camera.settle()
        page.messages.clear()
        page.read(sample)
        camera.take(f"{name}-sample-{number}")


def all_pages(camera: Camera) -> None:
    """Every page as it opens, and what it shows while one works."""
    for number, place in enumerate(camera.shell.specs, 10):
        camera.shell.open(place)
        name = f"{number}-{place.replace('.', '-')}"
        camera.take(name)
        page = camera.shell.page
        if isinstance(page, RegisterPage):
            registers(camera, page, name)
        elif isinstance(page, BatchPage):
            batches(camera, page, name)
        elif isinstance(page, ImportPage):
            imports(camera, page, name)
    camera.shell.open("home")
    camera.shell.toggle_help()
    camera.take("90-help")
    camera.shell.toggle_help()


def main() -> int:
    """Make the pictures; returns 1 when something crashed on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--office", type=Path, help="a demonstration office made before")
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--scale", type=float, default=1.0, choices=tokens.SCALES)
    parser.add_argument("--contrast", action="store_true", help="the theme of high contrast")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    width, height = (int(part) for part in chosen.size.split("x"))
    application = QApplication([])
    dress(application, scale=chosen.scale)
    if chosen.contrast:
        look().change(palette=tokens.HIGH_CONTRAST)
    with tempfile.TemporaryDirectory() as folder:
        path: Path = chosen.office or Path(folder) / "演示单位.hongyao"
        if not path.exists():
            build_demo(path, "office", SystemClock())
        camera = Camera(chosen.out, Path(folder) / "state", (width, height))
        steps: tuple[Callable[[], None], ...] = (lambda: way_in(camera, path), lambda: all_pages(camera))
        for step in steps:
            step()
        camera.window.close()
    sys.stdout.write(f"{len(camera.taken)} pictures in {chosen.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
