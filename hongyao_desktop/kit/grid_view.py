"""What is seen of an entry grid: the table under the editor and how its cells are painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from hongyao_desktop.core.fields import Align
from hongyao_desktop.core.problem import Level
from hongyao_desktop.kit.grid_model import GridModel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import name_corner
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Space, TypeSize


class GridDelegate(QStyledItemDelegate):
    """Paints a cell of the grid: text, hair line, finding with its icon."""

    def __init__(self, model: GridModel, current: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._current = current

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        style = look()
        model = self._model
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        worst = model.grid_rows[index.row()].worst()
        finding = index.column() == len(model.columns)
        if index.row() == self._current():
            painter.fillRect(rect, style.colour("hover"))
        column = model.columns[index.column()] if not finding else None
        cell = (
            model.grid_rows[index.row()].cells.get(column.field.name) if column and column.entered else None
        )
        if cell is not None and cell.problem is not None:
            painter.fillRect(rect, style.colour("bad_soft"))
        painter.setPen(style.colour("line"))
        bottom = rect.bottom()
        painter.drawLine(rect.left(), bottom, rect.right() + 1, bottom)
        painter.drawLine(rect.right(), rect.top(), rect.right(), bottom)
        text = model.text_at(index.row(), index.column())
        if not text:
            return
        area = rect.adjusted(style.px(Space.S), 0, -style.px(Space.S), -1)
        if finding and worst is not None:
            tone = "bad" if worst.level is Level.ERROR else "warn"
            size = style.px(TypeSize.BODY)
            icon = style.pixmap(
                "stop" if tone == "bad" else "warning",
                tone,
                TypeSize.BODY,
                painter.device().devicePixelRatio(),
            )
            painter.drawPixmap(area.left(), area.center().y() - size // 2, size, size, icon)
            area.adjust(size + style.px(Space.XS), 0, 0, 0)
            painter.setPen(style.colour(tone))
            painter.setFont(style.font(TypeSize.HINT))
        else:
            painter.setPen(style.colour("ink" if column is not None and column.entered else "ink_3"))
            painter.setFont(style.font(TypeSize.BODY))
        right = column is not None and column.field.type.align is Align.RIGHT
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


class GridView(QTableView):
    """The table under the editor; the keyboard never rests here.

    Signals:
        cell_pressed: row and column under the mouse.
    """

    cell_pressed = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        header = self.horizontalHeader()
        header.setAccessibleName("表头")
        self.verticalHeader().setAccessibleName("行号")
        name_corner(self)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setStretchLastSection(True)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setHighlightSections(False)
        rows.setSectionsClickable(False)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click puts the editor into that cell."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.cell_pressed.emit(index.row(), index.column())
