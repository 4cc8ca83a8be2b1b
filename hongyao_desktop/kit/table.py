"""The table of a register: frozen first column, hair lines, selection with a seal edge, numbers right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import Align, Choice
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.columns import give_slack, share
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.rows import RegisterModel, RowSource, Toner
from hongyao_desktop.kit.rows_view import IDS_AT_MOST, FrozenView, RowDelegate, RowsView
from hongyao_desktop.kit.tokens import Space, TypeSize

__all__ = ["RegisterTable", "RowDelegate"]

SHORT: Final = 5
"""Texts up to so many characters are never cut off."""

SAMPLED: Final = 40
"""So many rows say how wide the columns should be."""


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
        self._ordered_by = ""
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
        self._show_list(listed=bool(self.model.rowCount()))
        if position is not None and position < self.model.rowCount():
            self.select(position)
        self.span_changed.emit()

    def _show_list(self, *, listed: bool) -> None:
        """The list or what stands in its place; the keyboard stays here, and whoever gives it the list reaches both."""
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        self._stack.setCurrentIndex(0 if listed else 1)
        # Qt takes none; its description for Python forgot that.
        self.view.setFocusProxy(None if listed else self.empty)  # type: ignore[arg-type]
        if held:
            self.view.setFocus()

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
        arrow = style.px(Space.M)
        labels = [
            style.text_width(field.label, TypeSize.HINT, bold=True)
            + style.px(Space.S)
            + pad
            + (arrow if field.name == self._ordered_by else 0)
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
            # A whole pixel more than measured: what is rounded down would be cut off.
            min(
                max(_short_words(field), *(style.text_width(self.model.cell(row, n).text) for row in rows))
                + 1,
                2 * width,
            )
            for n, (field, width) in enumerate(zip(self.model.fields, described, strict=True))
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
        if name != self._ordered_by:
            self._ordered_by = name
            self._fit_later.start()
        if name in columns:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(columns.index(name), order)


def _short_words(field: Field) -> int:
    """Room for the short words of a choice, also those that no row shows yet: a state changes while one looks at it."""
    if not isinstance(field.type, Choice):
        return 0
    style = look()
    return max((style.text_width(word) for word in field.type.options if len(word) <= SHORT), default=0)
