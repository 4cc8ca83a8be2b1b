"""A sheet of marks: people down, sessions across, one key a mark, and one key for all the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import name_corner, named
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

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


class MarkSheet(QFrame):
    """The sheet with its legend and counts.

    A mark moves on to the next person; ``F6`` gives the first mark to everybody still blank in the column.

    Signals:
        changed: a mark was set or lifted.
        moved: another cell is current (row id, column id).
    """

    changed = Signal()
    moved = Signal(str, str)

    def __init__(
        self, marks: Sequence[Mark], *, name: str, side_label: str = "姓名", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        named(self, "panel")
        self._marks = tuple(marks)
        self._loaded: Marks = {}
        self.model = MarkModel(marks, side_label, self)
        self.view = MarkView(self.model, self)
        self.view.setAccessibleName(name)
        self.setFocusProxy(self.view)
        legend = "　".join(f"{mark.keys[0].upper()} {mark.word}" for mark in self._marks)
        self.legend = named(QLabel(f"按键：{legend}　Delete 清除", self), "note")
        self.counts = named(QLabel(self), "note")
        self.rest_button = QPushButton(f"其余全{self._marks[0].word}  F6", self)
        self.rest_button.clicked.connect(self.fill_rest)
        style = look()
        foot = QHBoxLayout()
        foot.setContentsMargins(style.px(Space.M), style.px(Space.XS), style.px(Space.M), style.px(Space.S))
        foot.setSpacing(style.px(Space.L))
        foot.addWidget(self.rest_button)
        foot.addWidget(self.legend)
        foot.addStretch(1)
        foot.addWidget(self.counts)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        self.view.typed.connect(self._typed)
        self.view.lifted.connect(lambda: self._put(None))
        self.view.advanced.connect(self._advance)
        self.view.selectionModel().currentChanged.connect(lambda *_places: self._moved())
        look().changed.connect(self.restyle)
        self.restyle()

    # -- content

    def load(
        self,
        rows: Sequence[MarkRow],
        columns: Sequence[MarkColumn],
        values: Mapping[tuple[str, str], str],
        *,
        column_id: str = "",
    ) -> None:
        """Show people, sessions and marks; ``column_id`` is the session the keyboard starts in."""
        self._loaded = dict(values)
        self.model.load(rows, columns, values)
        self.restyle()
        place = next((n for n, column in enumerate(columns) if column.id == column_id), 0)
        if rows and columns:
            self.view.setCurrentIndex(self.model.index(0, place + 1))
        self._count()

    def values(self) -> Marks:
        """All marks as they stand."""
        return dict(self.model.values)

    def changes(self) -> dict[tuple[str, str], str | None]:
        """Marks that differ from what was loaded; None where one was lifted."""
        now = self.model.values
        keys = now.keys() | self._loaded.keys()
        return {key: now.get(key) for key in keys if now.get(key) != self._loaded.get(key)}

    def blanks(self, column_id: str) -> int:
        """How many people have no mark in a column."""
        return sum((person.id, column_id) not in self.model.values for person in self.model.people)

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.view.verticalHeader().setDefaultSectionSize(style.px(Height.ROW))
        self.view.verticalHeader().setFixedWidth(style.px(Height.INPUT))
        lines = 2 if any(column.note for column in self.model.sessions) else 1
        self.view.horizontalHeader().setFixedHeight(
            style.px(Height.INPUT) if lines == 1 else style.px(Height.TOOLBAR)
        )
        notes = any(person.note for person in self.model.people)
        self.view.setColumnWidth(NAME_COLUMN, style.px(TypeSize.BODY) * (16 if notes else 8))
        for place in range(1, self.model.columnCount()):
            label = self.model.sessions[place - 1]
            wide = max(
                style.text_width(text, TypeSize.HINT, bold=True) for text in (label.label, label.note or "")
            )
            self.view.setColumnWidth(place, max(style.px(Height.TOOLBAR), wide + 2 * style.px(Space.M)))

    # -- marking

    def fill_rest(self) -> None:
        """F6: everybody still blank in the current column gets the first mark."""
        column = self.view.currentIndex().column()
        if column < 1:
            return
        for row in range(len(self.model.people)):
            if self.model.mark_at(row, column) is None:
                self.model.put(row, column, self._marks[0].word)
        self._changed()
        self.view.setFocus()

    def _typed(self, text: str) -> None:
        mark = next((mark for mark in self._marks if text in mark.keys.lower()), None)
        if mark is not None:
            self._put(mark.word)
            self._advance(1)

    def _put(self, word: str | None) -> None:
        current = self.view.currentIndex()
        if current.isValid() and current.column() != NAME_COLUMN:
            self.model.put(current.row(), current.column(), word)
            self._changed()

    def _advance(self, step: int) -> None:
        current = self.view.currentIndex()
        if not current.isValid():
            return
        row, column = current.row() + step, current.column()
        if 0 <= row < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 works anywhere on the sheet."""
        if event.key() == Qt.Key.Key_F6:
            self.fill_rest()
        else:
            super().keyPressEvent(event)

    def _changed(self) -> None:
        self._count()
        self.changed.emit()

    def _moved(self) -> None:
        self._count()
        current = self.view.currentIndex()
        if current.isValid() and current.column() > 0:
            self.moved.emit(self.model.people[current.row()].id, self.model.sessions[current.column() - 1].id)

    def _count(self) -> None:
        column = self.view.currentIndex().column()
        if column < 1 or column > len(self.model.sessions):
            self.counts.setText("")
            return
        session = self.model.sessions[column - 1]
        words = [self.model.values.get((person.id, session.id)) for person in self.model.people]
        parts = [f"{mark.word} {words.count(mark.word)}" for mark in self._marks if mark.word in words]
        if None in words:
            parts.append(f"未记 {words.count(None)}")
        self.counts.setText(f"{session.label}{session.note}：{'　'.join(parts)}")
