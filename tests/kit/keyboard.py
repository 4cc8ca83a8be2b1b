"""Keys as an operator presses them: Latin letters by keyboard, Chinese through the input method."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NAMED = {
    "\n": Qt.Key.Key_Return,
    "\t": Qt.Key.Key_Tab,
    "↓": Qt.Key.Key_Down,
    "↑": Qt.Key.Key_Up,
    "⎋": Qt.Key.Key_Escape,
}


def focused() -> QWidget:
    """The widget with the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def compose(widget: QWidget, letters: str) -> None:
    """Letters typed into the input method and not yet chosen."""
    QApplication.sendEvent(widget, QInputMethodEvent(letters, []))


def commit(widget: QWidget, text: str) -> None:
    """Text the input method hands over whole."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(keys: str) -> int:
    """Press keys where the keyboard is, one after another; returns how many were pressed."""
    for key in keys:
        widget = focused()
        if key in NAMED:
            QTest.keyClick(widget, NAMED[key])
        elif key.isascii():
            QTest.keyClicks(widget, key)
        else:
            commit(widget, key)
    return len(keys)


def hold(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
    """Press one key together with others."""
    QTest.keyClick(focused(), key, modifiers)
