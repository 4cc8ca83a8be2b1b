"""The keyboard stays where it is seen (键盘不离开眼前).

Work in the background ends on pages that are no longer in front, or behind the lock, and such a page takes the keyboard
as it does when one is looking at it.  Qt lets a hidden part have it: what is typed next would go there unseen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from hongyao_desktop.kit.pieces import once


class KeyboardPlace(QObject):
    """Takes the keyboard back from parts of a window that are not in sight."""

    def __init__(self, window: QWidget, in_front: Callable[[], None]) -> None:
        """``in_front`` gives the keyboard to what is in front, where the part that had it is gone too."""
        super().__init__(window)
        self._window = window
        self._in_front = in_front
        self._seen: QWidget | None = None
        # Not at once: a part may be given the keyboard a moment before it is shown.
        self._look_later = once(self, 0)
        self._look_later.timeout.connect(self._look)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)

    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not isValid(now):
            return
        if now.isVisible():
            self._seen = now
        elif self._window.isAncestorOf(now):
            self._look_later.start()

    def _look(self) -> None:
        now: QWidget | None = QApplication.focusWidget()
        if now is None or now.isVisible():
            return
        before = self._seen
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus()
        else:
            self._in_front()
