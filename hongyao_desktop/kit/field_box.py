"""One field of a form: label, input, and the place under it that help and findings share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hongyao_desktop.core.fields import Flag, Text
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.inputs import FieldInput, MaskedInput
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space, TypeSize

HALF_WIDTH_UP_TO = 10
"""Fields described narrower than this many characters share a row with another one."""


class Hint(QObject):
    """Help or a finding of one field; a :class:`HintLine` draws it. Help shows while the input has the keyboard.

    Signals:
        changed: other words, or another tone.
    """

    changed = Signal()

    def __init__(self, help_text: str, parent: QObject) -> None:
        super().__init__(parent)
        self._help = help_text
        self._helping = False
        self.text = ""
        self.tone = "ink_3"

    @property
    def finding(self) -> bool:
        """Whether it says what is wrong or doubtful, not how to fill it in."""
        return bool(self.text) and self.tone in ("bad", "warn")

    def clear(self) -> None:
        """No finding any more."""
        self._show(self._help if self._helping else "", "ink_3")

    def help(self, *, wanted: bool) -> None:
        """Show or hide the help; a finding stays."""
        self._helping = wanted
        if self.tone == "ink_3":
            self.clear()

    def tell(self, text: str, tone: str) -> None:
        """Show a finding ("bad", "warn")."""
        self._show(text, tone)

    def _show(self, text: str, tone: str) -> None:
        if (text, tone) != (self.text, self.tone):
            self.text, self.tone = text, tone
            self.changed.emit()


class HintLine(QWidget):
    """The place under one row of inputs, always kept free, so that nothing moves when a short finding comes.

    A sentence longer than its half uses the other half while that is free. Under a box of several lines, whose help
    says how they are written, there is room for two. A finding is never cut: it wraps, and the line grows with it.
    """

    LINE = 16
    LONG_HELP = 20

    def __init__(self, boxes: Sequence[FieldBox], parent: QWidget) -> None:
        super().__init__(parent)
        self._boxes = tuple(boxes)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        long = any(box.several_lines and len(box.field.help) > self.LONG_HELP for box in self._boxes)
        spacing = QFontMetrics(look().font(TypeSize.HINT)).lineSpacing()
        self._room = max(2 * spacing, 2 * look().px(self.LINE)) if long else look().px(self.LINE)
        self.setFixedHeight(self._room + look().px(Space.XS))
        for box in self._boxes:
            box.hint.changed.connect(self._changed)
        self._changed()

    def _changed(self) -> None:
        words = [box.hint.text for box in self._boxes if box.hint.text]
        self.setToolTip("\n".join(words))
        self.setAccessibleName("；".join(words))
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower lines wrap earlier."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the longest finding needs: who cannot read it to its end does not know what to do.

        Help shows and goes with the keyboard: its room is kept, so that nothing moves under the next field.
        """
        helps = [
            self._height_of(box.field.help, self._span(box, box.field.help, alone=True))
            for box in self._boxes
        ]
        found = [self._height_of(hint.text, area) for hint, area in self._areas() if hint.finding]
        self.setFixedHeight(max(self._room, *helps, *found) + look().px(Space.XS))

    def _height_of(self, text: str, area: QRect) -> int:
        """Of several lines; 0 for a text that fits in one."""
        metrics = QFontMetrics(look().font(TypeSize.HINT))
        room = QRect(0, 0, max(area.width() - look().px(TypeSize.HINT) - look().px(Space.XS), 1), 1)
        wrapped = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        if metrics.horizontalAdvance(text) <= room.width():
            return 0
        return metrics.boundingRect(room, wrapped, text).height()

    def _areas(self) -> list[tuple[Hint, QRect]]:
        """Where each sentence stands; one alone may use the whole line."""
        told = [box for box in self._boxes if box.hint.text]
        return [(box.hint, self._span(box, box.hint.text, alone=len(told) == 1)) for box in told]

    def _span(self, box: FieldBox, text: str, *, alone: bool) -> QRect:
        left, right = box.x(), box.x() + box.width()
        needed = QFontMetrics(look().font(TypeSize.HINT)).horizontalAdvance(text) + look().px(Space.L)
        if alone and needed > box.width():
            left = max(0, min(left, self.width() - needed))
            right = self.width()
        return QRect(left, 0, right - left, self.height() - look().px(Space.XS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon and words of each field, in the tone of the finding."""
        painter = QPainter(self)
        painter.setFont(look().font(TypeSize.HINT))
        for hint, area in self._areas():
            self._draw(painter, hint, area)
        painter.end()

    def _draw(self, painter: QPainter, hint: Hint, area: QRect) -> None:
        style = look()
        wraps = self._room > style.px(self.LINE) or self._height_of(hint.text, area) > 0
        if hint.finding:
            size = style.px(TypeSize.HINT)
            name = "stop" if hint.tone == "bad" else "warning"
            icon = style.pixmap(name, hint.tone, TypeSize.HINT, self.devicePixelRatio())
            painter.drawPixmap(area.x(), area.y() + (style.px(self.LINE) - size) // 2, size, size, icon)
            area = area.adjusted(size + style.px(Space.XS), 0, 0, 0)
        painter.setPen(style.colour(hint.tone))
        align, text = Qt.AlignmentFlag.AlignLeft, hint.text
        if wraps:
            painter.drawText(area, int(align | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), text)
            return
        area.setHeight(self._room)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), text)


class FieldBox(QWidget):
    """Label, input and hint of one field."""

    def __init__(self, field: Field, entry: FieldInput, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.entry = entry
        self.label = named(QLabel(self), "fieldLabel")
        mark = f'<span style="color:{look().palette.seal}">＊</span>' if field.required else ""
        self.label.setText(f"{mark}{field.label}")
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setBuddy(entry.editor())
        self.hint = Hint(field.help, self)
        entry.setParent(self)
        entry.name_for_readers(
            field.label + ("（必填）" if field.required else ""), field.help or field.example
        )
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.label, 1)
        if isinstance(entry, MaskedInput):
            entry.button.setFixedHeight(self.label.sizeHint().height())
            head.addWidget(entry.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(Space.XS))
        column.addLayout(head)
        column.addWidget(entry)

    @property
    def several_lines(self) -> bool:
        """Whether it takes more than one line of text."""
        return isinstance(self.field.type, Text) and self.field.type.multiline

    @property
    def half(self) -> bool:
        """Whether it may share a row."""
        kind = self.field.type
        if isinstance(kind, Flag):
            return True
        if self.several_lines:
            return False
        return self.field.width <= HALF_WIDTH_UP_TO


def lines_of(boxes: Sequence[FieldBox], columns: int) -> list[list[tuple[FieldBox, int]]]:
    """Lines of a form: each box with the columns it takes. Narrow fields share a line, wide ones take two columns."""
    lines: list[list[tuple[FieldBox, int]]] = []
    used = columns
    for box in boxes:
        span = 1 if box.half else min(2, columns)
        if used + span > columns:
            lines.append([])
            used = 0
        lines[-1].append((box, span))
        used += span
    if columns == 2:
        lines = [[(line[0][0], 2)] if len(line) == 1 else line for line in lines]
    return lines
