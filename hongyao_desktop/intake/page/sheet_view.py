"""The sheet as it stands, coloured by what was understood: header, records, totals, and cells with findings."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from hongyao_desktop.core.problem import Level
from hongyao_desktop.intake import words
from hongyao_desktop.intake.rehearsal import Part, Rehearsal
from hongyao_desktop.intake.table import RowKind
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.sheets.book import Sheet, column_letter, column_number

Index = QModelIndex | QPersistentModelIndex

_WIDEST: Final = 16
_NARROWEST: Final = 4
_MEASURED_ROWS: Final = 60
_TITLE_ROWS: Final = 20
_GROUNDS: Final = {Level.ERROR: "bad_soft", Level.QUESTION: "warn_soft", Level.WARNING: "warn_soft"}
_RANK: Final = {Level.ERROR: 0, Level.QUESTION: 1, Level.WARNING: 2}


class SheetModel(QAbstractTableModel):
    """One part's sheet in its own places: row 0 here is row 1 there, column 0 is A."""

    def __init__(self, rehearsal: Rehearsal, part: Part, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet = next(
            sheet for sheet in rehearsal.book.sheets if sheet.name == part.table.sheet_name
        )
        fields = {field.name: field.label for field in rehearsal.target.fields}
        first, last = part.table.header_rows
        self._header = range(first - 1, last)
        self._quiet = {
            row.sheet_row - 1 for row in part.table.rows if row.kind not in (RowKind.DATA, RowKind.HEADER)
        }
        self._data_rows = {row.sheet_row - 1 for row in part.table.rows if row.kind is RowKind.DATA}
        self._labels: dict[int, str] = {}
        for column in part.table.columns:
            label = fields.get(part.mapping.columns.get(column.key, ""))
            if label is None and rehearsal.target.claims is not None and rehearsal.target.claims(column.name):
                label = column.name
            if label is None and (0, column.name) in part.plan.settled:
                label = column.name  # a person's name over a column of hours
            if not label:
                continue
            for letter in column.letters:
                self._labels[column_number(letter)] = label
        self._worst: dict[tuple[int, int], Level] = {}
        self._returned = {row - 1 for row, _column in part.reasons()}
        for problem in part.problems:
            if problem.row is not None and problem.column is not None:
                place = (problem.row - 1, column_number(problem.column))
                known = self._worst.get(place)
                if known is None or _RANK[problem.level] < _RANK[known]:
                    self._worst[place] = problem.level

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows of the sheet down to the last used one."""
        return 0 if parent.isValid() else self._sheet.bottom

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Columns of the sheet up to the last used one."""
        return 0 if parent.isValid() else self._sheet.col_offset + self._sheet.width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and colours of a cell."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            value = self._sheet.cell(row, column)
            return None if value is None else words.cell_text(value)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            plain = row in self._data_rows or row in self._header
            return look().colour("ink" if plain else "ink_3")
        if role == Qt.ItemDataRole.FontRole and row in self._header:
            return look().font(bold=True)
        return None

    def _ground(self, row: int, column: int) -> QColor | None:
        level = self._worst.get((row, column))
        if level is not None and row not in self._header:
            return look().colour(_GROUNDS[level])
        if row in self._header:
            return look().colour("info_soft")
        if row in self._quiet or row not in self._data_rows:
            return look().colour("paper")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Above: the column letter and the field it is read as. Beside: the row number, marked when it goes back."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{column_letter(section)}\n{self._labels.get(section, '—')}"
            if role == Qt.ItemDataRole.ForegroundRole:
                return look().colour("ink" if section in self._labels else "ink_3")
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{section + 1} 退" if section in self._returned else str(section + 1)
        if role == Qt.ItemDataRole.ForegroundRole:
            return look().colour("bad" if section in self._returned else "ink_3")
        return None

    def titles(self) -> list[tuple[int, int, int]]:
        """Row, column and columns to reach over for the lines above the header: their words run on as on paper."""
        found = []
        for row in range(min(self._header.start, _TITLE_ROWS)):
            filled = [
                column for column in range(self.columnCount()) if self._sheet.cell(row, column) is not None
            ]
            for column, following in zip(filled, [*filled[1:], self.columnCount()], strict=True):
                if following - column > 1:
                    found.append((row, column, following - column))
        return found

    def width_of(self, column: int) -> int:
        """A fitting width in Chinese characters, from the first rows and the field above."""
        texts = [self._labels.get(column, "")]
        top = self._header.start
        texts += [
            str(self.data(self.index(row, column)) or "")
            for row in range(top, min(top + _MEASURED_ROWS, self.rowCount()))
        ]
        longest = max(sum(2 if ord(char) > 0x2E7F else 1 for char in text) for text in texts)
        return max(_NARROWEST, min(_WIDEST, (longest + 1) // 2 + 1))


class SheetView(QTableView):
    """The sheet on screen; read only, the keyboard walks its cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: SheetModel | None = None
        self.setObjectName("sheetView")
        self.setAccessibleName("表格原样")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setDefaultSectionSize(look().px(Height.ROW_COMPACT))
        self.verticalHeader().setHighlightSections(False)
        self.horizontalHeader().setHighlightSections(False)

    def show_part(self, rehearsal: Rehearsal, part: Part) -> None:
        """Show one part of a rehearsal from its header on."""
        before, model = self._shown, SheetModel(rehearsal, part, self)
        self._shown = model
        self.setModel(model)
        if before is not None:
            before.deleteLater()
        style = look()
        for column in range(model.columnCount()):
            self.setColumnWidth(column, style.text_width("国") * model.width_of(column) + style.px(Space.L))
        self.clearSpans()
        for row, column, width in model.titles():
            self.setSpan(row, column, 1, width)
        self.scrollToTop()

    def point_at(self, row: int | None, column: str | None) -> None:
        """Bring a place of the sheet (row from 1, column letter) into sight and select it."""
        if self._shown is None or row is None:
            return
        place = self._shown.index(row - 1, column_number(column) if column else 0)
        self.setCurrentIndex(place)
        self.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)
