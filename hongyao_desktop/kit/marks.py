"""A sheet of marks: people down, sessions across, one key a mark. The page around it says what the keys mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import name_corner
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Space, TypeSize

NAME_COLUMN: Final = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark (到, 迟到, 请假): the stored word, what is painted, the keys that set it, its tone."""

    word: str
    short: str
    keys: str
    tone: str = "ink"


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One person down the side."""

    id: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkColumn:
    """One session across the top; ``note`` is its second line; ``closed`` sessions cannot be changed."""

    id: str
    label: str
    note: str = ""
    closed: bool = False


Marks = dict[tuple[str, str], str]
"""Row id and column id to the word of a mark; a place without a mark is absent."""


class MarkModel(QAbstractTableModel):
    """Names in the first column, marks in the others."""

    def __init__(self, marks: Sequence[Mark], side_label: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.marks = {mark.word: mark for mark in marks}
        self.people: tuple[MarkRow, ...] = ()
        self.sessions: tuple[MarkColumn, ...] = ()
        self.values: Marks = {}
        self._side_label = side_label

    def load(self, rows: Sequence[MarkRow], columns: Sequence[MarkColumn], values: Mapping[Any, str]) -> None:
        """Show other rows, columns and marks."""
        self.beginResetModel()
        self.people, self.sessions, self.values = tuple(rows), tuple(columns), dict(values)
        self.endResetModel()

    def mark_at(self, row: int, column: int) -> Mark | None:
        """The mark in a cell of the view; None in the name column or where nothing was marked."""
        if column == NAME_COLUMN:
            return None
        word = self.values.get((self.people[row].id, self.sessions[column - 1].id))
        return self.marks.get(word) if word else None

    def put(self, row: int, column: int, word: str | None) -> None:
        """Set or lift a mark."""
        if column == NAME_COLUMN or self.sessions[column - 1].closed:
            return
        key = (self.people[row].id, self.sessions[column - 1].id)
        if word is None:
            self.values.pop(key, None)
        else:
            self.values[key] = word
        changed = self.index(row, column)
        self.dataChanged.emit(changed, changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """People."""
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Names and sessions."""
        return 0 if parent.isValid() else len(self.sessions) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, or the word of the mark."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if index.column() == NAME_COLUMN:
            person = self.people[index.row()]
            return person.label if role == Qt.ItemDataRole.DisplayRole else person.note or person.label
        mark = self.mark_at(index.row(), index.column())
        return mark.word if mark is not None else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Sessions above, numbers at the side."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            side = Qt.AlignmentFlag.AlignLeft if section == NAME_COLUMN else Qt.AlignmentFlag.AlignHCenter
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1)
        if section == NAME_COLUMN:
            return self._side_label
        session = self.sessions[section - 1]
        return f"{session.label}\n{session.note}" if session.note else session.label


class MarkDelegate(QStyledItemDelegate):
    """Paints a mark in its tone, the current cell with the focus ring."""

    def __init__(self, view: MarkView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        model = self._view.mark_model
        current = self._view.currentIndex()
        closed = index.column() > 0 and model.sessions[index.column() - 1].closed
        if index.row() == current.row():
            painter.fillRect(rect, style.colour("seal_soft" if index.column() == NAME_COLUMN else "hover"))
        elif closed:
            painter.fillRect(rect, style.colour("paper"))
        painter.setPen(style.colour("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
        painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())
        painter.setFont(style.font(TypeSize.BODY))
        if index.column() == NAME_COLUMN:
            self._paint_name(painter, rect, model.people[index.row()])
        else:
            mark = model.mark_at(index.row(), index.column())
            if mark is not None:
                painter.setPen(style.colour(mark.tone))
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), mark.short)
        if index.row() == current.row() and index.column() == current.column() and self._view.hasFocus():
            pen = painter.pen()
            pen.setColor(style.colour("seal"))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    @staticmethod
    def _paint_name(painter: QPainter, rect: QRect, person: MarkRow) -> None:
        style = look()
        area = rect.adjusted(style.px(Space.S), 0, -style.px(Space.S), 0)
        painter.setPen(style.colour("ink"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), person.label)
        if person.note:
            used = painter.fontMetrics().horizontalAdvance(person.label) + style.px(Space.M)
            painter.setFont(style.font(TypeSize.HINT))
            painter.setPen(style.colour("ink_3"))
            rest = area.adjusted(used, 0, 0, 0)
            text = painter.fontMetrics().elidedText(person.note, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)


class MarkView(QTableView):
    """The sheet itself; keys set marks.

    Signals:
        typed: a key that may be a mark (its text).
        lifted: Delete or Backspace.
        advanced: Enter.
    """

    typed = Signal(str)
    lifted = Signal()
    advanced = Signal(int)

    def __init__(self, model: MarkModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.mark_model = model
        self.setModel(model)
        self.setItemDelegate(MarkDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # A mark is one key: the input method would hold it back.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setAccessibleName("表头")
        self.verticalHeader().setAccessibleName("行号")
        name_corner(self)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.selectionModel().currentChanged.connect(lambda *_places: self.viewport().update())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Marks, Delete, Enter; arrows and the rest are Qt's."""
        if event.key() in ENTER:
            self.advanced.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.lifted.emit()
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.typed.emit(event.text().lower())
        else:
            super().keyPressEvent(event)
