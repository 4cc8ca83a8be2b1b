"""The ways goods leave the counter: the buttons below the wish, and where to bring it (送货上门)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Height, Space


class WaysOut(QWidget):
    """Handed over, ordered for later, brought home; and one more good on the same slip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.redeem = QPushButton("兑换并领取  Enter", self)
        self.redeem.setProperty("primary", True)
        self.order = QPushButton("下单待领  Ctrl+Enter", self)
        self.more = QPushButton("再选一样  F8", self)
        self.deliver = QPushButton("送货上门  F4", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(Space.S))
        for left, right in ((self.redeem, self.order), (self.more, self.deliver)):
            row = QHBoxLayout()
            row.setSpacing(look().px(Space.S))
            row.addWidget(left, 1)
            row.addWidget(right, 1)
            column.addLayout(row)

    def allow(self, *, leaving: bool, more: bool) -> None:
        """Whether the wish may be had now, and whether another good may be added to it."""
        for button in (self.redeem, self.order, self.deliver):
            button.setEnabled(leaving)
        self.more.setEnabled(more)


class DeliveryLine(QFrame):
    """The address, empty for that on the person's record, which stands masked and is not copied into sight here.

    Signals:
        confirmed: Enter or the button (address, "" for the registered one).
    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.line = ComposingLineEdit(self)
        self.line.setFixedHeight(style.px(Height.INPUT))
        self.line.setMaxLength(100)
        self.line.setPlaceholderText("送到哪里；空着送到登记的住址")
        self.line.setAccessibleName("送到哪里")
        self.button = QPushButton("下单送货  Enter", self)
        self.button.clicked.connect(self._confirm)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda _line: self._confirm())
        self.line.installEventFilter(self._keys)
        self.hide()

    def open(self) -> None:
        """The keyboard at the address."""
        self.line.clear()
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_line(self) -> bool:
        """Esc; False when it was not open."""
        was_open = not self.isHidden()
        self.hide()
        return was_open

    def _confirm(self) -> None:
        self.confirmed.emit(self.line.text().strip())
