"""The line under the attendance sheet: the reason of the current mark, what the person has got so far, saving."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from hongyao_desktop.kit.keys import ENTER, ComposingLineEdit, is_composing
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.tokens import Height, Space, Width
from hongyao_desktop.training.page.class_head import ShortLabel
from hongyao_desktop.training.page.roll_model import Seat
from hongyao_desktop.training.page.roll_sheet import RollSheet


class RollFoot(QWidget):
    """Follows the seat the keyboard is on.

    Signals:
        left: Enter in the reason; the sheet takes the keyboard again.
        save_wanted, revert_wanted: the buttons.
    """

    left = Signal()
    save_wanted = Signal()
    revert_wanted = Signal()

    def __init__(self, roll: RollSheet, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self._roll = roll
        self._seat: Seat | None = None
        label = named(QLabel("原因  F4", self), "fieldLabel")
        self.reason = ComposingLineEdit(self)
        self.reason.setFixedSize(style.px(Width.FORM_LEAST) * 2 // 3, style.px(Height.INPUT))
        self.reason.setMaxLength(60)
        self.reason.setAccessibleName("请假、缺勤的原因")
        self.reason.textEdited.connect(self._typed)
        self.reason.installEventFilter(self)
        label.setBuddy(self.reason)
        self.detail = ShortLabel(self, "note")
        self.save_button = QPushButton("保存点名  Ctrl+S", self)
        self.save_button.clicked.connect(self.save_wanted)
        self.revert_button = QPushButton("撤销", self)
        self.revert_button.setToolTip("放弃没有保存的点名（Ctrl+Z）")
        self.revert_button.clicked.connect(self.revert_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        row.addWidget(label)
        row.addWidget(self.reason)
        row.addSpacing(style.px(Space.S))
        row.addWidget(self.detail, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.save_button)

    def follow(self) -> None:
        """Speak of the seat the keyboard is on; a reason being typed is left alone."""
        if self._roll.seat() is None:
            self.detail.say("")
            return
        row = self._roll.view.currentIndex().row()
        meter = self._roll.model.meter(row)
        credit = f"{self._roll.model.people[row].label}　已得{self._roll.model.credit_text(row)}学时"
        self.detail.say(f"{credit}；{meter.sentence}" if meter.leave else credit)
        restate(self.detail, "tone", "bad" if meter.exceeded else "")
        if not self.reason.hasFocus():
            self._show(self._roll.reason_seat())

    def write_reason(self) -> bool:
        """F4: the keyboard goes to the reason; False when the mark there takes none."""
        seat = self._roll.reason_seat()
        if seat is None:
            return False
        self._show(seat)
        self.reason.setFocus()
        self.reason.selectAll()
        return True

    def _show(self, seat: Seat | None) -> None:
        self._seat = seat
        self.reason.setEnabled(seat is not None)
        if seat is None:
            self.reason.clear()
            self.reason.setPlaceholderText("")
            return
        session, trainee = seat
        model = self._roll.model
        who = next(person.label for person in model.people if person.id == trainee)
        self.reason.setPlaceholderText(f"{who} {model.values[trainee, session]}的原因")
        self.reason.setText(model.reason(trainee, session))

    def _typed(self, text: str) -> None:
        if self._seat is not None:
            self._roll.set_reason(self._seat, text.strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the reason goes back to the sheet."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in ENTER
            and not is_composing(watched)
        ):
            self.left.emit()
            return True
        return False
