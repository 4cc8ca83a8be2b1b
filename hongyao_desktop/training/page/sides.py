"""Beside the marks: number, name and post at the left, 学时 and the 1/7 leave meter at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPolygon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.marks import NAME_COLUMN, MarkDelegate, MarkView
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width
from hongyao_desktop.training.page.roll_model import NameModel, RollModel, SideModel

_NUMBER_CHARS, _NAME_CHARS = 2, 5
POST_CHARS: Final = 7
NAME_CHARS: Final = (_NUMBER_CHARS + _NAME_CHARS + POST_CHARS,)
METER_CHARS: Final = (3, 6)
"""Least widths of the columns in characters."""

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class RollDelegate(MarkDelegate):
    """A mark as the kit paints it; red ground over the limit of leave, a corner on what is not saved yet."""

    def __init__(self, view: MarkView, model: RollModel) -> None:
        super().__init__(view)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        style = look()
        if self._model.meter(index.row()).exceeded:
            painter.fillRect(rect, style.colour("bad_soft"))
        super().paint(painter, option, index)
        if index.column() == NAME_COLUMN:
            return
        person, session = self._model.people[index.row()], self._model.sessions[index.column() - 1]
        if self._model.is_typed(person.id, session.id):
            edge = style.px(Space.S)
            corner = QPoint(rect.right(), rect.top() + 1)
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("seal"))
            painter.drawPolygon(QPolygon([corner, corner - QPoint(edge, 0), corner + QPoint(0, edge)]))
            painter.restore()


class SideDelegate(QStyledItemDelegate):
    """Paints the columns beside the marks: number, name and post, or 学时 and the leave meter."""

    def __init__(self, side: SideView) -> None:
        super().__init__(side)
        self._side = side

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        roll = self._side.side.roll
        over = roll.meter(index.row()).exceeded
        current = index.row() == self._side.main.currentIndex().row()
        if over:
            painter.fillRect(rect, style.colour("bad_soft"))
        elif current:
            painter.fillRect(rect, style.colour("hover"))
        painter.setPen(style.colour("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
        if isinstance(self._side.side, NameModel):
            if current:
                painter.fillRect(
                    rect.x(), rect.y(), style.px(Width.EDGE), rect.height(), style.colour("seal")
                )
            painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())
            self._paint_name(painter, rect, index.row(), over=over)
        elif index.column() == 0:
            painter.setFont(style.font(TypeSize.BODY))
            painter.setPen(style.colour("ink"))
            area = rect.adjusted(0, 0, -style.px(Space.S), 0)
            painter.drawText(area, int(_MIDDLE | Qt.AlignmentFlag.AlignRight), roll.credit_text(index.row()))
        else:
            self._paint_meter(painter, rect, index.row())

    def _paint_name(self, painter: QPainter, rect: QRect, row: int, *, over: bool) -> None:
        style = look()
        roll = self._side.side.roll
        person, left = roll.people[row], roll.withdrawn(row)
        pad, number = style.px(Space.S), style.px(TypeSize.BODY) * _NUMBER_CHARS
        painter.setFont(style.font(TypeSize.HINT))
        painter.setPen(style.colour("ink_3"))
        painter.drawText(rect.adjusted(pad, 0, 0, 0), int(_MIDDLE | Qt.AlignmentFlag.AlignLeft), str(row + 1))
        painter.setFont(style.font(TypeSize.BODY))
        painter.setPen(style.colour("bad" if over else "ink_3" if left else "ink"))
        area = rect.adjusted(pad + number, 0, -pad, 0)
        name = painter.fontMetrics().elidedText(
            person.label, Qt.TextElideMode.ElideRight, style.px(TypeSize.BODY) * _NAME_CHARS
        )
        painter.drawText(area, int(_MIDDLE | Qt.AlignmentFlag.AlignLeft), name)
        note = "已退学" if left else person.note
        used = max(painter.fontMetrics().horizontalAdvance(name), style.px(TypeSize.BODY) * 4)
        rest = area.adjusted(used + pad, 0, 0, 0)
        if note and rest.width() >= style.px(TypeSize.HINT) * 3:
            painter.setFont(style.font(TypeSize.HINT))
            painter.setPen(style.colour("ink_3"))
            text = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, int(_MIDDLE | Qt.AlignmentFlag.AlignLeft), text)

    def _paint_meter(self, painter: QPainter, rect: QRect, row: int) -> None:
        style = look()
        roll = self._side.side.roll
        meter = roll.meter(row)
        pad = style.px(Space.S)
        area = rect.adjusted(pad, 0, -pad, 0)
        painter.setFont(style.font(TypeSize.HINT, bold=meter.exceeded))
        painter.setPen(style.colour("bad" if meter.exceeded else "ink_2" if meter.leave else "ink_3"))
        painter.drawText(area, int(_MIDDLE | Qt.AlignmentFlag.AlignRight), roll.leave_text(row))
        if meter.leave:
            line = QRect(area.x(), rect.bottom() - style.px(Space.XS), area.width(), 2)
            painter.fillRect(line, style.colour("line_strong"))
            share = min(1.0, meter.leave / meter.limit) if meter.limit else 1.0
            line.setWidth(round(area.width() * share))
            painter.fillRect(line, style.colour("bad" if meter.exceeded else "info"))


class SideView(QTableView):
    """Columns beside the marks; scrolls with them and never takes the keyboard."""

    def __init__(self, side: SideModel, main: MarkView, widths: tuple[int, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.side = side
        self.main = main
        self._chars = widths
        self.setModel(side)
        self.setItemDelegate(SideDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if isinstance(side, NameModel)
            else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionsClickable(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(1)
        here, there = self.verticalScrollBar(), main.verticalScrollBar()
        there.valueChanged.connect(here.setValue)
        here.valueChanged.connect(there.setValue)
        main.selectionModel().currentChanged.connect(lambda *_places: self.viewport().update())
        self.clicked.connect(self._clicked)

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.verticalHeader().setDefaultSectionSize(style.px(Height.ROW_COMPACT))
        self.horizontalHeader().setFixedHeight(style.px(Height.TOOLBAR))

    def least(self) -> int:
        """The width its columns need, with the scroll bar where it has one."""
        style = look()
        bar = self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
        return sum(self._widths()) + (style.px(Width.SCROLLBAR) if bar else 0)

    def widen(self, extra: int) -> None:
        """Give the last column so much more than it needs."""
        widths = self._widths()
        widths[-1] += extra
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self.setFixedWidth(self.least() + extra)

    def _widths(self) -> list[int]:
        style = look()
        return [style.px(TypeSize.BODY) * chars + style.px(Space.S) * 2 for chars in self._chars]

    def _clicked(self, index: Index) -> None:
        column = max(self.main.currentIndex().column(), NAME_COLUMN + 1)
        self.main.setCurrentIndex(self.main.mark_model.index(index.row(), column))
        self.main.setFocus()
