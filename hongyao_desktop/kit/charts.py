"""Small charts for the screen: one quiet line of twelve months, its last point in seal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

MOST_HEIGHT: Final = 140
"""A line stays quiet: higher it would shout."""


class MonthLine(QWidget):
    """Values of some months as a line; says in words what it shows for screen readers and as a tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[int, ...] = ()
        self._ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(look().px(Height.NAVIGATION))
        self.setMaximumHeight(look().px(MOST_HEIGHT))

    def show_values(
        self, values: Sequence[int], labels: Sequence[str], name: str, ends: tuple[str, str] = ("", "")
    ) -> None:
        """Show values, oldest first; ``labels`` are the values in words, ``ends`` name the first and last place."""
        self._values = tuple(values)
        self._ends = ends
        words = "，".join(labels)
        self.setToolTip(words)
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and quiet."""
        return QSize(look().px(160), look().px(MOST_HEIGHT))

    def _base(self) -> int:
        """Where zero lies: above the names of the ends, if there are any."""
        below = look().px(Space.L) if any(self._ends) else 0
        return self.height() - look().px(Space.XS) - below

    def points(self) -> list[QPointF]:
        """Where the values lie."""
        values = self._values
        if len(values) < 2:
            return []
        low, high = min(0, *values), max(values)
        if low == high == 0:  # nothing yet: the line lies on the base, not at the top
            high = 1
        span = (high - low) or 1
        edge = look().px(Space.XS)
        wide, tall = self.width() - 2 * edge, self._base() - edge
        return [
            QPointF(edge + wide * place / (len(values) - 1), edge + tall * (high - value) / span)
            for place, value in enumerate(values)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Base line, line, last point."""
        style = look()
        points = self.points()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self._base()
        painter.setPen(QPen(style.colour("line"), 1))
        painter.drawLine(style.px(Space.XS), base, self.width() - style.px(Space.XS), base)
        if points:
            path = QPainterPath(points[0])
            for point in points[1:]:
                path.lineTo(point)
            painter.setPen(QPen(style.colour("ink_3"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("seal"))
            painter.drawEllipse(points[-1], style.px(3), style.px(3))
        painter.setPen(style.colour("ink_3"))
        painter.setFont(style.font(TypeSize.HINT))
        below = QRect(style.px(Space.XS), base + 2, self.width() - 2 * style.px(Space.XS), style.px(Space.L))
        both = sum(painter.fontMetrics().horizontalAdvance(f"{words}　") for words in self._ends)
        if both <= below.width():
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), self._ends[0])
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), self._ends[1])
        painter.end()
