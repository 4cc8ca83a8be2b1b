"""The table of a register: frozen first column, hair lines, selection with a seal edge, numbers right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import Align
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.rows import Index, RegisterModel, RowSource, Toner
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width

SHORT: Final = 5
"""Texts up to so many characters are never cut off."""

SAMPLED: Final = 40
"""So many rows say how wide the columns should be."""

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
        """The rows in sight changed, and with a scroll bar the room for the columns."""
        super().resizeEvent(event)
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


def give_slack(wanted: Sequence[int], content: Sequence[int], room: int) -> list[int]:
    """Columns wider than what stands in them give first, in proportion: words are cut off as late as possible."""
    slack = [max(0, wide - low) for wide, low in zip(wanted, content, strict=True)]
    missing, most = sum(wanted) - room, sum(slack)
    if missing >= most:
        return list(content)
    return [wide - -(-spare * missing // most) for wide, spare in zip(wanted, slack, strict=True)]


def share(widths: list[int], least: Sequence[int], takers: Sequence[int], room: int) -> None:
    """Fit ``widths`` into ``room`` in place: what is left goes to the takers, what is missing comes from them.

    The widest gives first, so that a long explanation is cut off before a name is. Nobody gets narrower than
    ``least``: beyond that the list scrolls sideways.
    """
    missing = sum(widths) - room
    while missing > 0:
        giving = [n for n in takers if widths[n] > least[n]]
        if not giving:
            break
        top = max(widths[n] for n in giving)
        level = [n for n in giving if widths[n] == top]
        below = [widths[n] for n in giving if widths[n] < top]
        floor = max([*(least[n] for n in level), *below, top - -(-missing // len(level))])
        for n in level:
            widths[n] = floor
        missing -= len(level) * (top - floor)
    spare = room - sum(widths)
    if spare > 0:
        weight = sum(widths[n] for n in takers)
        for n in takers:
            widths[n] += spare * widths[n] // weight
        widths[takers[-1]] += room - sum(widths)


class RegisterTable(QFrame):
    """Table with its empty state.

    Signals:
        current_changed: another row is current (row id, "" for none).
        opened: a row is to be edited (row id).
        span_changed: rows in sight or selection changed; the status line follows.
        sort_wanted: a header was clicked (field name, descending).
        widths_chosen: the operator dragged a column.
    """

    current_changed = Signal(str)
    opened = Signal(str)
    span_changed = Signal()
    sort_wanted = Signal(str, bool)
    widths_chosen = Signal()

    def __init__(
        self,
        fields: Sequence[Field],
        *,
        name: str,
        tone: Toner | None = None,
        empty: EmptyState | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.model = RegisterModel(fields, tone, self)
        self.view = RowsView(self.model, self)
        self.view.setAccessibleName(name)
        self.frozen = FrozenView(self.view)
        self.empty = empty or EmptyState(f"还没有{name}", "", parent=self)
        self._stack = QStackedLayout()
        table = QWidget(self)
        inside = QVBoxLayout(table)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.view)
        self._stack.addWidget(table)
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addLayout(self._stack)
        self._widths_chosen = False
        self._sampled = False
        self._fitting = False
        self._sorted: tuple[str, bool] | None = None
        self.view.opened.connect(self._open)
        self.view.span_changed.connect(self.span_changed)
        self.view.selectionModel().currentRowChanged.connect(self._current)
        self.view.selectionModel().selectionChanged.connect(lambda *_change: self.span_changed.emit())
        header = self.view.horizontalHeader()
        header.sectionClicked.connect(self._sort)
        header.sectionResized.connect(self._resized)
        look().changed.connect(self.restyle)
        self._fit_later = once(self)
        self._fit_later.timeout.connect(self.fit_columns)
        self.view.room_changed.connect(self._fit_later.start)

    def restyle(self) -> None:
        """Follow the look in force."""
        self.view.restyle()
        self.frozen.restyle()
        self._fit_later.start()

    def show_rows(
        self, source: RowSource | None, reader: Reader | None, *, position: int | None = None
    ) -> None:
        """Show the rows of a source; the row at ``position`` becomes current."""
        was_empty = not self.model.rowCount()
        self.model.set_source(source, reader)
        if was_empty and self.model.rowCount() and not self._sampled:
            self._sampled = True  # once: columns that move while one types a search are hard to read
            self._fit_later.start()
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)
        if position is not None and position < self.model.rowCount():
            self.select(position)
        self.span_changed.emit()

    def select(self, position: int) -> None:
        """Make the row at a position current and bring it into sight."""
        index = self.model.index(position, 0)
        self.view.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.view.scrollTo(index)

    def current_id(self) -> str:
        """Id of the current row, "" for none."""
        index = self.view.currentIndex()
        return (self.model.row_id(index.row()) or "") if index.isValid() else ""

    def current_position(self) -> int:
        """Position of the current row, -1 for none."""
        return self.view.currentIndex().row()

    def selected_positions(self) -> list[int]:
        """Positions of the selected rows, in order, at most 5,000."""
        ranges = self.view.selectionModel().selection().toList()
        rows = sorted(
            {row for picked in ranges for row in range(picked.top(), picked.bottom() + 1)[:IDS_AT_MOST]}
        )
        return rows[:IDS_AT_MOST]

    def selected_ids(self) -> list[str]:
        """Ids of the selected rows, in order, at most 5,000."""
        ids = (self.model.row_id(row) for row in self.selected_positions())
        return [row_id for row_id in ids if row_id is not None]

    def visible_span(self) -> tuple[int, int]:
        """First and last row in sight, counted from 1; (0, 0) when empty."""
        count = self.model.rowCount()
        if not count:
            return 0, 0
        height = self.view.viewport().height()
        first = self.view.rowAt(0)
        last = self.view.rowAt(height - 1)
        return max(first, 0) + 1, (last if last >= 0 else count - 1) + 1

    def fit_columns(self) -> None:
        """Give columns their described widths and share what is left among texts, unless widths were chosen."""
        if self._widths_chosen or not self.model.fields:
            return
        style = look()
        pad = 2 * style.px(Space.S)
        labels = [
            style.text_width(field.label, TypeSize.HINT, bold=True) + style.px(Space.S) + pad
            for field in self.model.fields
        ]
        described, found = self._asked()
        content = [max(label, text + pad) for label, text in zip(labels, found, strict=True)]
        wanted = [max(low, wide + pad) for low, wide in zip(content, described, strict=True)]
        texts = [n for n, field in enumerate(self.model.fields) if field.type.align is Align.LEFT and n > 0]
        # A name or a short word stays whole: rather than cut it off, the list scrolls sideways.
        short = style.px(TypeSize.BODY) * SHORT + pad
        least = [max(label, min(text, short)) for label, text in zip(labels, content, strict=True)]
        room = self.view.viewport().width()
        widths = wanted if sum(wanted) <= room else give_slack(wanted, content, room)
        share(widths, least, texts or [len(widths) - 1], room)
        self._fitting = True
        for column, width in enumerate(widths):
            self.view.setColumnWidth(column, width)
        self._fitting = False
        self.frozen.settle()

    def _asked(self) -> tuple[list[int], list[int]]:
        """What each column asks for: its described width, and what its first rows really take."""
        style = look()
        described = [style.px(TypeSize.BODY) * field.width for field in self.model.fields]
        rows = range(min(self.model.rowCount(), SAMPLED))
        if not rows:
            return described, described
        found = [
            min(max(style.text_width(self.model.cell(row, column).text) for row in rows), 2 * width)
            for column, width in enumerate(described)
        ]
        return described, found

    def widths(self) -> list[int]:
        """Column widths when the operator chose them, else an empty list."""
        if not self._widths_chosen:
            return []
        return [self.view.columnWidth(column) for column in range(len(self.model.fields))]

    def set_widths(self, widths: Sequence[int]) -> None:
        """Restore widths the operator chose."""
        if len(widths) == len(self.model.fields):
            self._widths_chosen = True
            self._fitting = True
            for column, width in enumerate(widths):
                self.view.setColumnWidth(column, int(width))
            self._fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._fit_later.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once it is on screen."""
        super().showEvent(event)
        self._fit_later.start()

    def focusProxyView(self) -> QTableView:
        """The view that takes the keyboard."""
        return self.view

    def _resized(self, _section: int, _old: int, _new: int) -> None:
        if not self._fitting and self.isVisible():
            self._widths_chosen = True
            self.widths_chosen.emit()

    def _open(self, position: int) -> None:
        row_id = self.model.row_id(position)
        if row_id:
            self.opened.emit(row_id)

    def _current(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit((self.model.row_id(now.row()) or "") if now.isValid() else "")

    def _sort(self, section: int) -> None:
        name = self.model.fields[section].name
        descending = self._sorted == (name, False)
        self._sorted = (name, descending)
        self.sort_wanted.emit(name, descending)

    def show_order(self, name: str, *, descending: bool) -> None:
        """Mark the header of the column the list is ordered by."""
        columns = [field.name for field in self.model.fields]
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(name in columns)
        if name in columns:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(columns.index(name), order)
