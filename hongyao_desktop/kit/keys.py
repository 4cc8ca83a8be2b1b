"""Enter goes on, Shift+Enter goes back, and neither ever tears a character that is still being composed."""

from __future__ import annotations

from typing import Final

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

ENTER: Final = (0x01000004, 0x01000005)
"""``Qt.Key_Return`` and ``Qt.Key_Enter`` as the numbers that ``QKeyEvent.key()`` gives.

To name one of the constants of ``Qt`` makes all of them known to Python, some hundreds, in about 10 ms: the log-in is
drawn before that.  Modules loaded with it therefore say ``QtCore.Qt`` where it is used, and import it nowhere.
"""


class ComposingLineEdit(QLineEdit):
    """A line edit that knows whether an input method is in the middle of a character."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether text is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)


class ComposingTextEdit(QPlainTextEdit):
    """A text box that knows whether an input method is in the middle of a character."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self.setTabChangesFocus(True)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether text is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)


def is_composing(widget: QObject | None) -> bool:
    """Whether an input method holds unfinished text in this widget."""
    return bool(getattr(widget, "composing", False))


class EnterKeys(QObject):
    """Event filter for the inputs of a form.

    Signals:
        onward: Enter was pressed in an input that is not composing.
        backward: Shift+Enter.
    In a text box Alt+Enter and Ctrl+Enter begin a new line, as in a spreadsheet cell.
    """

    onward = Signal(QWidget)
    backward = Signal(QWidget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter away from the input, unless it belongs to the input method."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in ENTER or not isinstance(watched, QWidget) or is_composing(watched):
            return False
        held = event.modifiers() & ~QtCore.Qt.KeyboardModifier.KeypadModifier
        if held == QtCore.Qt.KeyboardModifier.NoModifier:
            self.onward.emit(watched)
            return True
        if held == QtCore.Qt.KeyboardModifier.ShiftModifier:
            self.backward.emit(watched)
            return True
        if isinstance(watched, QPlainTextEdit):
            watched.insertPlainText("\n")
            return True
        return False
