"""The bare view of a list: how a row is painted, whole rows selected, the first column frozen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
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
from hongyao_desktop.kit.rows import Index, RegisterModel
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width

IDS_AT_MOST: Final = 5_000
"""How many selected rows are resolved to ids; a larger selection is counted but not listed."""


class RowDelegate(QStyledItemDelegate):
    """Paints a cell in one go: ground, hair line, seal edge, elided text in its tone."""

    def __init__(self, view: RowsView) -> None:
        super().__init__(view)
        self._view = view
        self._elided: dict[tuple[str, int], str] = {}
        self.restyle()

    def restyle(self) -> None:
        """Take pens and fonts from the look in force."""
        style = look()
        self._font = style.font(TypeSize.BODY)
        self._metrics = QFontMetrics(self._font)
        self._line = QPen(style.colour("line"))
        self._pad = style.px(Space.S)
        self._edge = style.px(Width.EDGE)
        self._inks = {
            name: QPen(style.colour(name))
            for name in ("ink", "ink_2", "good", "warn", "bad", "info", "ink_3")
        }
        self._inks["seal"] = QPen(style.colour("seal"))
        self._selected = style.colour("seal_soft")
        self._hover = style.colour("hover")
        self._seal = style.colour("seal")
        self._elided.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        view = self._view
        row, column = index.row(), index.column()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        if view.is_selected(row):
            painter.fillRect(rect, self._selected)
            if column == view.first_column():
                painter.fillRect(rect.x(), rect.y(), self._edge, rect.height(), self._seal)
        elif row == view.hovered:
            painter.fillRect(rect, self._hover)
        painter.setPen(self._line)
        bottom = rect.y() + rect.height() - 1
        painter.drawLine(rect.x(), bottom, rect.x() + rect.width(), bottom)
        cell = view.register_model.cell(row, column)
        if not cell.text:
            return
        painter.setFont(self._font)
        painter.setPen(self._inks[cell.tone or "ink"])
        width = rect.width() - 2 * self._pad
        key = (cell.text, width)
        text = self._elided.get(key)
        if text is None:
            if len(self._elided) > 20_000:
                self._elided.clear()
            line = cell.text.replace("\n", " ")
            text = self._elided[key] = self._metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
        painter.drawText(
            rect.x() + self._pad,
            rect.y(),
            width,
            rect.height() - 1,
            view.register_model.alignments[column],
            text,
        )


class RowsView(QTableView):
    """The bare view: whole rows selected, hovered row known, keys passed on that belong to the page.

    Signals:
        opened: Enter or a double click on a row (its position).
        span_changed: the rows in sight changed.
        room_changed: the view became wider or narrower.
    """

    room_changed = Signal()
    opened = Signal(int)
    span_changed = Signal()

    def __init__(self, model: RegisterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.register_model = model
        self.hovered = -1
        self._selected_rows: set[int] = set()
        self._all_selected = False
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName("表头，点击排序")
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(look().px(Space.XXL))
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.span_changed.emit())
        self.restyle()

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.verticalHeader().setDefaultSectionSize(style.px(Height.ROW))
        self.horizontalHeader().setFixedHeight(style.px(Height.INPUT))
        delegate = self.itemDelegate()
        assert isinstance(delegate, RowDelegate)
        delegate.restyle()
        self.viewport().update()

    def first_column(self) -> int:
        """The column that carries the seal edge."""
        return 0

    def is_selected(self, row: int) -> bool:
        """Whether a row is selected; asked for each cell, so answered without touching Qt's ranges."""
        return row in self._selected_rows

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Keep the set of selected rows in sight of the painter."""
        super().selectionChanged(selected, deselected)
        self._selected_rows = {
            row
            for picked in self.selectionModel().selection().toList()
            for row in range(picked.top(), min(picked.bottom(), picked.top() + IDS_AT_MOST) + 1)
        }
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hovered row."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is hovered any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the row."""
        super().mouseDoubleClickEvent(event)
        row = self.rowAt(event.position().toPoint().y())
        if row >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row; everything else is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rows in sight changed, and with a scroll bar the room for the columns; the current row stays in sight."""
        super().resizeEvent(event)
        current = self.currentIndex()
        last = self.visualRect(current).bottom() if current.isValid() else -1
        if event.size().height() <= last < event.oldSize().height():
            self.scrollTo(current)
        self.span_changed.emit()
        self.room_changed.emit()


class FrozenView(RowsView):
    """The first column, laid over the view while it is scrolled sideways."""

    def __init__(self, under: RowsView) -> None:
        super().__init__(under.register_model, under)
        self.setSelectionModel(under.selectionModel())
        self._under = under
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("frozen")
        self.setAccessibleName("固定的第一列")
        under.horizontalScrollBar().valueChanged.connect(self.settle)
        under.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(under.verticalScrollBar().setValue)
        under.horizontalHeader().sectionResized.connect(lambda *_sizes: self.settle())
        self.hide()

    def settle(self) -> None:
        """Show or hide, and lie exactly over the first column."""
        under = self._under
        if under.horizontalScrollBar().value() <= 0:
            self.hide()
            return
        for column in range(1, self.register_model.columnCount()):
            self.setColumnHidden(column, True)
        width = under.columnWidth(0)
        self.setColumnWidth(0, width)
        self.setGeometry(0, 0, width + 1, under.viewport().height() + under.horizontalHeader().height())
        self.verticalScrollBar().setValue(under.verticalScrollBar().value())
        self.show()
        self.raise_()

    def is_selected(self, row: int) -> bool:
        """The selection is the underlying view's."""
        return self._under.is_selected(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The column and a line at its right edge."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(look().colour("line_strong"))
        right = self.viewport().width() - 1
        painter.drawLine(right, 0, right, self.viewport().height())
        painter.end()
