"""Somebody presses keys at random: ``python -m tests.journeys.restless --minutes 10 --seed 1``.

Every operator of a demonstration office in turn, over all sections, with letters, Chinese from the input method, all
keys the program knows and a click now and then.  Told at the end: exceptions, messages of Qt, moments in which the
keyboard was nowhere, growth of memory, and the last keys before each, so that the run can be made again by its seed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter, deque
from pathlib import Path
from types import TracebackType
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QWidget

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.demo.build import PASSWORD, build_demo
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.resources import resource
from hongyao_desktop.app.window.leaving import Leaving
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.kit.look import dress

OPERATORS: Final = ("李静", "赵审核", "钱审计", "孙系统", "周安全", "吴日志")
WORDS: Final = (
    "王",
    "水湾",
    "爱心义剪",
    "。",
    "2026",
    "w",
    "zl",
    "13800000000",
    "1.5",
    "9:00",
    "-3",
    "2026-11-22",
)
_KEY = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier
PLAIN: Final = (
    *(_KEY.Key_Return, _KEY.Key_Tab, _KEY.Key_Down, _KEY.Key_Escape) * 4,
    *(_KEY.Key_Up, _KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Space, _KEY.Key_Backtab, _KEY.Key_Delete) * 2,
    *(_KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageDown, _KEY.Key_PageUp, _KEY.Key_Backspace),
    *(_KEY.Key_F1, _KEY.Key_F2, _KEY.Key_F3, _KEY.Key_F4, _KEY.Key_F5, _KEY.Key_F6, _KEY.Key_F7, _KEY.Key_F8),
    *(_KEY.Key_F9, _KEY.Key_F10),
)
HELD: Final = (
    *(_KEY.Key_S, _KEY.Key_N, _KEY.Key_Tab) * 4,
    *(
        _KEY.Key_1,
        _KEY.Key_2,
        _KEY.Key_3,
        _KEY.Key_4,
        _KEY.Key_5,
        _KEY.Key_6,
        _KEY.Key_7,
        _KEY.Key_8,
        _KEY.Key_9,
    ),
    *(_KEY.Key_0, _KEY.Key_Z, _KEY.Key_F, _KEY.Key_D, _KEY.Key_A, _KEY.Key_V, _KEY.Key_C, _KEY.Key_Return),
    *(_KEY.Key_Delete, _KEY.Key_R, _KEY.Key_L, _KEY.Key_Comma, _KEY.Key_Home, _KEY.Key_End),
)
BETWEEN_MS: Final = 4
SLOWEST: Final = 8
LONG: Final = 50
"""So many steps without the keyboard are not just a moment on the way somewhere."""
EXPECTED: Final = ("propagateSizeHints", "support raise", "grabbing the keyboard")


def resident_mb() -> float:
    """Memory of this process; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    pages = int(status.read_text("ascii").split()[1]) if status.exists() else 0
    return pages * 4096 / 1e6


class Restless:
    """A window, and somebody restless at it."""

    def __init__(self, path: Path, folder: Path, seed: int, minutes: float) -> None:
        self.path = path
        self.folder = folder
        self.chance = random.Random(seed)
        self.ends = time.monotonic() + minutes * 60
        self.turn = minutes * 60 / len(OPERATORS)
        self.pressed: deque[str] = deque(maxlen=14)
        self.found: Counter[str] = Counter()
        self.memory: list[tuple[str, float]] = []
        self.steps = 0
        self.nowhere = 0
        self.lost = ""
        self.window = MainWindow(OpenOffices(state=folder), WindowMemory(folder), ask=self._ask)
        self.window.jobs.crashed.connect(self._crashed)
        self.operators = list(OPERATORS)
        self.operator = ""
        self.changes_at = 0.0
        self.over = False
        self.slowest: list[tuple[float, str, str]] = []

    def _ask(self, _window: object, _unsaved: object, keepable: bool) -> Leaving:
        return self.chance.choice((Leaving.DISCARD, Leaving.KEEP if keepable else Leaving.DISCARD))

    def _place(self) -> str:
        return self.window.shell.place if self.window.shell is not None else "way in"

    # -- what is noted

    def note(self, what: str) -> None:
        """Something that should not be."""
        if not self.found[what]:
            sys.stdout.write(
                f"!! {self.operator} on {self._place()} after {' '.join(self.pressed)}\n   {what}\n"
            )
            sys.stdout.flush()
        self.found[what] += 1

    def _crashed(self, what: str, error: object) -> None:
        lines = "".join(traceback.format_exception(error)) if isinstance(error, BaseException) else ""
        self.note(f"job {what}: {lines}")

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An exception in a slot."""
        self.note("".join(traceback.format_exception(kind, error, trace)))

    def heard(self, _kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
        """A message of Qt."""
        if not any(part in words for part in EXPECTED):
            self.note(f"Qt: {words}")

    # -- what is done

    def begin(self) -> None:
        """Show the window and go on until the time is over."""
        self.window.show()
        self._next_operator()
        self.step()

    def _next_operator(self) -> None:
        self.memory.append((self.operator or "start", resident_mb()))
        self.operator = self.operators.pop(0) if self.operators else self.operator
        self.changes_at = time.monotonic() + self.turn
        self.pressed.append(f"<{self.operator}>")
        if self.window.shell is not None:
            self.window.leave()
        self._log_in()

    def _log_in(self) -> None:
        panel = self.window.entrance.panel
        if self.window.shell is None and self.window.jobs.idle():
            if not isinstance(panel, LoginPanel) or panel.operator.text() != self.operator:
                self.window.way_in.show_login(self.path)
            self.window.way_in.open_office(self.path, self.operator, PASSWORD)

    def step(self) -> None:
        """One key, one word or one click, wherever the keyboard is."""
        if self.over:
            return
        # Asked for anew each time: a menu or a dialog is a loop within this step, and is to be worked too.
        QTimer.singleShot(BETWEEN_MS, self.step)
        now = time.monotonic()
        if now > self.ends:
            self._finish()
        elif self.window.guard.screen is not None:
            self._unlock()
        elif self.window.shell is None:
            self._log_in()
        elif now > self.changes_at and self.operators and self._target() is not None:
            self._next_operator()
        else:
            began = time.perf_counter()
            self._act()
            took = time.perf_counter() - began
            self.slowest = sorted([*self.slowest, (took, self._place(), self.pressed[-1])], reverse=True)[
                :SLOWEST
            ]

    def _finish(self) -> None:
        box = QApplication.activeModalWidget()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        elif isinstance(box, QDialog):
            box.reject()
        else:
            self.over = True
            self.memory.append((self.operator, resident_mb()))
            self.window.close()
            QApplication.quit()

    def _unlock(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.window.jobs.idle():
            QTest.keyClicks(focused, PASSWORD)
            QTest.keyClick(focused, _KEY.Key_Return)

    def _target(self) -> QWidget | None:
        return (
            QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeModalWidget()
        )

    def _act(self) -> None:
        target = self._target()
        if target is None:
            if not self.nowhere:
                self.lost = f"the keyboard is nowhere, since {self._place()} after {' '.join(self.pressed)}"
            self.nowhere += 1
            if self.nowhere == LONG:
                self.note(self.lost)
            target = self.window
        else:
            self.nowhere = 0
            if not target.isEnabled() and not isinstance(target, QDialog):
                self.note(
                    f"the keyboard is on a part that is switched off: {target.objectName() or type(target)}"
                )
        self.steps += 1
        luck = self.chance.random()
        if luck < 0.30:
            self._word(target)
        elif luck < 0.75:
            self._key(target, self.chance.choice(PLAIN), _SHIFT if self.chance.random() < 0.05 else _NONE)
        elif luck < 0.92:
            self._key(target, self.chance.choice(HELD), _CTRL)
        else:
            self._click()

    def _word(self, target: QWidget) -> None:
        word = self.chance.choice(WORDS)
        self.pressed.append(word)
        if word.isascii():
            QTest.keyClicks(target, word)
        else:
            event = QInputMethodEvent()
            event.setCommitString(word)
            QApplication.sendEvent(target, event)

    def _key(self, target: QWidget, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        self.pressed.append(f"{'Ctrl+' if held == _CTRL else ''}{key.name[4:]}")
        QTest.keyClick(target, key, held)

    def _click(self) -> None:
        page = self.window.shell.page if self.window.shell is not None else None
        if page is None or QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return
        buttons = [one for one in page.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
        if buttons:
            button = self.chance.choice(buttons)
            self.pressed.append(f"[{button.text() or button.accessibleName()}]")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answer_dialogs(chance: random.Random, folder: Path) -> None:
    """Dialogs of the system are answered: nothing is printed, files go into ``folder``, samples are read."""
    samples = [str(path) for path in sorted(resource("demo", "samples").glob("0*"))]

    def reading(*_asked: object, **_named: object) -> tuple[str, str]:
        return chance.choice(["", *samples]), ""

    def saving(_parent: object, _title: str, proposed: str = "", *_rest: object) -> tuple[str, str]:
        return chance.choice(["", str(folder / Path(proposed).name)]), ""

    for name, answer in (("getOpenFileName", reading), ("getSaveFileName", saving)):
        setattr(QFileDialog, name, staticmethod(answer))
    setattr(QPrintDialog, "exec", lambda _dialog: int(QDialog.DialogCode.Rejected))  # noqa: B010


def main() -> int:
    """Work at random; returns 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    application = QApplication([])
    dress(application)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "演示单位.hongyao"
        build_demo(path, "office", SystemClock())
        restless = Restless(path, folder, chosen.seed, chosen.minutes)
        answer_dialogs(restless.chance, folder)
        sys.excepthook = restless.hook
        qInstallMessageHandler(restless.heard)
        QTimer.singleShot(0, restless.begin)
        application.exec()
        qInstallMessageHandler(None)
    memory = ", ".join(f"{who} {size:.0f}" for who, size in restless.memory)
    sys.stdout.write(f"{restless.steps} steps; MB: {memory}\n")
    for took, page, key in restless.slowest:
        sys.stdout.write(f"{took:.2f} s on {page} after {key} (a menu's or dialog's time is all in it)\n")
    for what, times in restless.found.most_common():
        sys.stdout.write(f"{times} × {what.strip().splitlines()[-1]}\n")
    return 1 if restless.found else 0


if __name__ == "__main__":
    sys.exit(main())
