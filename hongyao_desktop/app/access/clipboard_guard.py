"""The clipboard after copying a full identity or card number, or anything from a masked input.

It is emptied after a countdown, on locking and on leaving.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from hongyao_desktop.core.masking import leak_scan
from hongyao_desktop.kit.inputs import MaskedInput

SECRET_CODES = frozenset({"leak.id", "leak.bank"})


def holds_secret(text: str) -> bool:
    """Whether a text holds a full identity or card number."""
    return any(problem.code in SECRET_CODES for problem in leak_scan(text))


def from_masked_input() -> bool:
    """Whether the keyboard is in an input that is masked until asked; a passport number has no look of its own."""
    here = QApplication.focusWidget()
    return here is not None and isinstance(here.parentWidget(), MaskedInput)


def copied_here() -> bool:
    """Whether what is on the clipboard was copied in this program; not every desktop can tell who put it there."""
    active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
    return QGuiApplication.clipboard().ownsClipboard() or active


class ClipboardGuard(QObject):
    """Watches what this program puts on the clipboard.

    Signals:
        counting: seconds left until the clipboard is emptied; 0 when nothing is to be emptied any more.
    """

    counting = Signal(int)

    def __init__(self, seconds: int, parent: QObject, ours: Callable[[], bool] | None = None) -> None:
        super().__init__(parent)
        self._ours = ours or copied_here
        self._seconds = seconds
        self._left = 0
        self._secret = ""
        self._timer = QTimer(self)
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self._tick)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._changed)

    @property
    def seconds(self) -> int:
        """How long a number may stay."""
        return self._seconds

    @property
    def left(self) -> int:
        """Seconds until the clipboard is emptied; 0 when it holds no number of ours."""
        return self._left

    def _changed(self) -> None:
        if not self._ours():
            self._stop()  # another program's text is none of our business
            return
        text = self._clipboard.text()
        if not text or not (holds_secret(text) or from_masked_input()):
            self._stop()
            return
        self._secret, self._left = text, self._seconds
        self._timer.start()
        self.counting.emit(self._left)

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.empty()
        else:
            self.counting.emit(self._left)

    def empty(self) -> None:
        """Empty the clipboard now, if it still holds what was copied here."""
        secret = self._secret
        self._stop()
        if secret and self._clipboard.text() == secret:
            self._clipboard.clear()

    def _stop(self) -> None:
        was = self._secret
        self._secret, self._left = "", 0
        self._timer.stop()
        if was:
            self.counting.emit(0)

    def close(self) -> None:
        """Empty it and watch no longer."""
        self.empty()
        self._clipboard.dataChanged.disconnect(self._changed)
