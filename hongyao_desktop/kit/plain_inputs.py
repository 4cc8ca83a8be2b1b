"""The plain inputs of a form: a line, a secret line, several lines, yes or no. What was typed is kept as typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from hongyao_desktop.core.fields import Align, ParseContext, Parsed
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.keys import ComposingLineEdit, ComposingTextEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space


def lock(editor: ComposingLineEdit | ComposingTextEdit, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
    """Make an editor read-only or not, and dress it as such: Qt does not look at the style sheet again by itself."""
    if editor.isReadOnly() != read_only:
        editor.setReadOnly(read_only)
        editor.style().unpolish(editor)
        editor.style().polish(editor)


class FieldInput(QWidget):
    """Base of the inputs.

    Signals:
        edited: the operator changed something.
        left: the keyboard went elsewhere; the form reads the value now.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.setObjectName(f"input_{field.name}")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look().px(Space.XS))

    def editor(self) -> QWidget:
        """The widget that takes the keyboard."""
        raise TypeError("every input has an editor of its own")

    def text(self) -> str:
        """What stands there, as typed."""
        raise TypeError("every input says its text itself")

    def set_text(self, text: str) -> None:
        """Put typed text back (a draft)."""
        raise TypeError(f"every input takes text itself: {text!r}")

    def draft(self) -> Any:
        """What stands there so that it can be put back in another session; None for what must not be kept."""
        return self.text()

    def take_draft(self, kept: Any) -> None:
        """Put back what :meth:`draft` gave."""
        self.set_text(str(kept))

    def show_value(self, value: Any) -> None:
        """Show a stored value."""
        self.set_text(self.field.type.format(value))

    def parsed(self, context: ParseContext) -> Parsed:
        """Read what stands there."""
        return self.field.type.parse(self.text(), context)

    def settle(self, context: ParseContext) -> None:
        """Rewrite what was typed in the form the program keeps (3.5 becomes 2026-03-05), if it can be read."""
        parsed = self.parsed(context)
        if parsed.good and parsed.value is not None:
            self.show_value(parsed.value)

    def accept_completion(self) -> bool:
        """Take the marked answer of an open drop-down; True when one was taken."""
        return False

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Let the value be read but not changed."""
        self.editor().setEnabled(not read_only)

    def set_tone(self, tone: str) -> None:
        """Frame the input as faulty or doubtful ("bad", "warn", "")."""
        editor = self.editor()
        if editor.property("tone") != tone:
            editor.setProperty("tone", tone)
            editor.style().unpolish(editor)
            editor.style().polish(editor)

    def name_for_readers(self, label: str, help_text: str) -> None:
        """Give the editor its name for screen readers."""
        self.editor().setAccessibleName(label)
        self.editor().setAccessibleDescription(help_text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the keyboard left."""
        if event.type() == QEvent.Type.FocusOut and watched is self.editor():
            self.left.emit()
        return False


class LineInput(FieldInput):
    """One line of text; what kind of text it is, the field type knows."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = ComposingLineEdit(self)
        self.line.setFixedHeight(look().px(Height.INPUT))
        if field.type.align is Align.RIGHT:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.line, 1)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.installEventFilter(self)

    def editor(self) -> ComposingLineEdit:
        """The line edit."""
        return self.line

    def text(self) -> str:
        """The typed text."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Replace the text; the beginning stays in sight."""
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Readable, selectable, not editable."""
        lock(self.line, read_only)


class MaskedInput(LineInput):
    """A secret value: masked until 显示 is pressed, and the asking is logged first.

    Signals:
        reveal_wanted: 显示 was pressed; whoever logs it calls :meth:`unmask`.
    """

    reveal_wanted = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._stored: Any = None
        self._masked = False
        self.button = named(QToolButton(self), "revealButton")
        self.button.setText("显示")
        self.button.setAccessibleName(f"显示{field.label}")
        self.button.setToolTip("显示完整内容，查看会被记录")
        self.button.clicked.connect(self.reveal_wanted)
        self.button.hide()
        self.line.textEdited.connect(self._typed)

    def show_value(self, value: Any) -> None:
        """Show a stored value masked; an empty one is simply empty."""
        self._stored = value
        self._masked = value is not None
        lock(self.line, self._masked)
        self.button.setVisible(self._masked)
        self.set_text(self.field.type.cover(value))

    def draft(self) -> Any:
        """What was typed over the stored value; a value only looked at is not copied anywhere."""
        untouched = self._masked or (
            self._stored is not None and self.text() == self.field.type.format(self._stored)
        )
        return None if untouched else self.text()

    def take_draft(self, kept: Any) -> None:
        """What was typed stands instead of the mask again."""
        self._masked = False
        lock(self.line, False)
        self.button.hide()
        self.set_text(str(kept))

    def unmask(self) -> None:
        """Show the whole value and let it be changed."""
        self._masked = False
        lock(self.line, False)
        self.button.hide()
        self.set_text(self.field.type.format(self._stored))

    def parsed(self, context: ParseContext) -> Parsed:
        """The stored value while masked, else what stands there."""
        return Parsed(self._stored) if self._masked else super().parsed(context)

    def settle(self, context: ParseContext) -> None:
        """What was typed stays in sight until the form is saved or left."""
        if not self._masked:
            parsed = self.parsed(context)
            if parsed.good and parsed.value is not None:
                self.set_text(self.field.type.format(parsed.value))

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """A masked value is never typed over."""
        lock(self.line, read_only or self._masked)

    def _typed(self, _text: str) -> None:
        self._masked = False


_NOT_BY_KEYS = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class TextInput(FieldInput):
    """Several lines; Enter goes on, Alt+Enter begins a new line. A small table of a few lines is seen whole."""

    LINES = 3
    MOST_LINES = 7

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = ComposingTextEdit(self)
        self._fit()
        self.box.setToolTip("换行按 Alt+Enter")
        self._row.addWidget(self.box, 1)
        self.setFocusProxy(self.box)
        self._quiet = False
        self.box.textChanged.connect(self._changed)
        self.box.blockCountChanged.connect(self._fit)
        self.box.installEventFilter(self)

    def _fit(self) -> None:
        lines = min(max(self.box.blockCount(), self.LINES), self.MOST_LINES)
        line = max(self.box.fontMetrics().lineSpacing(), look().px(Space.L + Space.XS))
        self.box.setFixedHeight(lines * line + look().px(Space.XL))

    def editor(self) -> ComposingTextEdit:
        """The text box."""
        return self.box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever comes by the keyboard goes on writing at the end, not in front of what stands there."""
        comes = event.type() == QEvent.Type.FocusIn and watched is self.box
        if comes and isinstance(event, QFocusEvent) and event.reason() not in _NOT_BY_KEYS:
            self.box.moveCursor(QTextCursor.MoveOperation.End)
        return super().eventFilter(watched, event)

    def text(self) -> str:
        """The typed text."""
        return self.box.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        self._quiet = True
        self.box.setPlainText(text)
        self._quiet = False

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Readable, selectable, not editable."""
        lock(self.box, read_only)

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit()


class FlagInput(FieldInput):
    """Yes or no; the space bar turns it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.check = QCheckBox("是", self)
        self.check.setFixedHeight(look().px(Height.INPUT))
        self._row.addWidget(self.check, 1)
        self.setFocusProxy(self.check)
        self.check.clicked.connect(lambda _checked: self.edited.emit())
        self.check.installEventFilter(self)

    def editor(self) -> QCheckBox:
        """The check box."""
        return self.check

    def text(self) -> str:
        """是 or 否."""
        return "是" if self.check.isChecked() else "否"

    def set_text(self, text: str) -> None:
        """Tick for 是."""
        self.check.setChecked(text == "是")
