"""The rows of an entry grid: what was typed, what it means, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Align, ParseContext
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.rows import Index

ANSWERS_AT_MOST: Final = 12
FINDING: Final = "结果"
REPEATED: Final = "grid.repeated"
"""Code of the objection to a row that stands in the grid already; nothing else is held against such a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridColumn:
    """One column of an entry grid.

    Attributes:
        field: what is typed there; a ``Reference`` needs a ``lookup``.
        lookup: finds the row a reference means; its id is the value.
        unique: the same value twice in the grid is an objection, at once.
        repeats: a new row takes the grid's default for this column (:meth:`GridModel.set_default`).
        stops: Enter stops here while it is blank although it may stay so, and goes down this column from row to row.
        shows: for columns nobody types into: the column of the found row it shows (number, grid of a person).
    """

    field: Field
    lookup: Lookup | None = None
    unique: bool = False
    repeats: bool = False
    stops: bool = False
    shows: str = ""

    @property
    def entered(self) -> bool:
        """Whether something is typed here."""
        return not self.shows


@dataclass(slots=True)
class GridCell:
    """One cell: typed text, its value, the row found for it, whether the operator touched it."""

    text: str = ""
    value: Any = None
    match: Match | None = None
    touched: bool = False
    problem: Problem | None = None


@dataclass(slots=True)
class GridRow:
    """One row; ``findings`` come from the page's check."""

    cells: dict[str, GridCell]
    findings: list[Problem] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Nothing was typed in it (defaults do not count)."""
        return not any(cell.text and cell.touched for cell in self.cells.values())

    @property
    def repeated(self) -> bool:
        """It is in the grid already and has to go: it counts nowhere."""
        return any(cell.problem is not None and cell.problem.code == REPEATED for cell in self.cells.values())

    def problems(self) -> list[Problem]:
        """Objections of its cells, then findings of the check; one that is to go is not found fault with besides."""
        own = [cell.problem for cell in self.cells.values() if cell.problem is not None]
        return own if self.repeated else [*own, *self.findings]

    def worst(self) -> Problem | None:
        """What the row has to say: objections of its cells first, then findings by weight."""
        return min(self.problems(), key=lambda found: found.level is not Level.ERROR, default=None)


class GridModel(QAbstractTableModel):
    """Rows of the grid, always with one blank row at the end."""

    def __init__(
        self,
        columns: Sequence[GridColumn],
        reader: Callable[[], Reader],
        context: Callable[[], ParseContext],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._reader = reader
        self._context = context
        self._defaults: dict[str, str] = {}
        self.grid_rows: list[GridRow] = [self._new_row()]

    # -- content

    def filled(self) -> list[int]:
        """Positions of the rows in which something was typed."""
        return [place for place, row in enumerate(self.grid_rows) if not row.blank]

    def values(self) -> list[Row]:
        """Values of the filled rows by field name; a reference also gives the found row under ``name + "_row"``."""
        found: list[Row] = []
        for place in self.filled():
            cells = self.grid_rows[place].cells
            values: Row = {column.field.name: cells[column.field.name].value for column in self._entered()}
            for column in self._entered():
                match = cells[column.field.name].match
                if match is not None:
                    values[f"{column.field.name}_row"] = match.row
            found.append(values)
        return found

    def cell_problems(self) -> list[Problem]:
        """What is wrong with the cells themselves; ``row`` counts the filled rows from 1, as everywhere outside."""
        found: list[Problem] = []
        for number, place in enumerate(self.filled(), 1):
            row = self.grid_rows[place]
            found += (cell.problem.at(row=number) for cell in row.cells.values() if cell.problem is not None)
            found += (
                Problem(Level.ERROR, "required", f"{column.field.label}还没有填", column.field.name, number)
                for column in self._entered()
                if column.field.required and not row.cells[column.field.name].text
            )
        return found

    def problems(self) -> list[Problem]:
        """All objections of cells and findings of the check, by filled row."""
        places = self.filled()
        findings = [
            replace(problem, row=number)
            for number, place in enumerate(places, 1)
            for problem in self.grid_rows[place].findings
            if not self.grid_rows[place].repeated
        ]
        return self.cell_problems() + findings

    def counted(self) -> list[Row]:
        """Values of the filled rows without those that repeat another: what is counted and summed."""
        places = self.filled()
        return [
            row
            for place, row in zip(places, self.values(), strict=True)
            if not self.grid_rows[place].repeated
        ]

    def clear(self) -> None:
        """Begin with one blank row."""
        self.beginResetModel()
        self.grid_rows = [self._new_row()]
        self.endResetModel()

    def set_default(self, name: str, text: str) -> None:
        """What a new row holds in a repeating column; rows that still hold the old default follow."""
        self._defaults[name] = text
        column = self._column(name)
        for place, row in enumerate(self.grid_rows):
            cell = row.cells[name]
            if not cell.touched and not row.blank:
                self._read(column, cell, text)
                self._tell(place)

    def set_findings(self, positions: Sequence[int], problems: Iterable[Problem]) -> None:
        """Take the findings of the page's check; ``Problem.row`` counts the checked rows from 1."""
        for row in self.grid_rows:
            row.findings = []
        for problem in problems:
            if problem.row is not None and 1 <= problem.row <= len(positions):
                place = positions[problem.row - 1]
                if place < len(self.grid_rows):
                    self.grid_rows[place].findings.append(problem)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.grid_rows) - 1, len(self.columns)))

    # -- drafts

    def drafts(self) -> list[dict[str, Any]]:
        """What was typed in the filled rows, cell by cell, so that it can be put back in another session."""
        return [
            {
                name: cell.text if cell.match is None else {"text": cell.text, "id": cell.match.id}
                for name, cell in self.grid_rows[place].cells.items()
                if cell.touched and cell.text
            }
            for place in self.filled()
        ]

    def put_back(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Type everything of :meth:`drafts` again; a row of another register that is gone is an objection."""
        for place, kept in enumerate(rows):
            for column in self._entered():
                name = column.field.name
                if name not in kept:
                    continue
                found = kept[name]
                if not isinstance(found, dict):
                    self.type_text(place, name, str(found))
                    continue
                match = column.lookup.show(self._reader(), found["id"]) if column.lookup is not None else None
                self.type_text(place, name, match.label if match is not None else found["text"], match)

    # -- typing

    def type_text(self, place: int, name: str, text: str, match: Match | None = None) -> None:
        """Put typed text (or a chosen row) into a cell."""
        row = self.grid_rows[place]
        cell = row.cells[name]
        if cell.text == text and (match is None or cell.match == match):
            return
        was_blank = row.blank
        cell.touched = bool(text)
        self._read(self._column(name), cell, text, match)
        if was_blank and not row.blank:
            for column in self._entered():
                own = row.cells[column.field.name]
                if column.repeats and not own.touched:
                    self._read(column, own, self._defaults.get(column.field.name, ""))
        self._flag_repeats()
        self._tell(place)
        if place == len(self.grid_rows) - 1 and not row.blank:
            self._append()

    def fill_down(self, place: int, name: str) -> None:
        """Take the value of the row above."""
        if place:
            above = self.grid_rows[place - 1].cells[name]
            self.type_text(place, name, above.text, above.match)

    def remove(self, place: int) -> None:
        """Take a row out; the blank one at the end stays."""
        if place < len(self.grid_rows) - 1:
            self.beginRemoveRows(QModelIndex(), place, place)
            del self.grid_rows[place]
            self.endRemoveRows()
            self._flag_repeats()

    def paste(self, place: int, first: int, lines: Sequence[Sequence[str]]) -> int:
        """Lay a pasted block over the grid from a cell on; returns the number of rows pasted."""
        names = [column.field.name for column in self.columns[first:] if column.entered]
        for offset, line in enumerate(lines):
            while place + offset >= len(self.grid_rows):
                self._append()
            for name, text in zip(names, line, strict=False):
                if text.strip():
                    self.type_text(place + offset, name, text.strip())
        return len(lines)

    def _read(self, column: GridColumn, cell: GridCell, text: str, match: Match | None = None) -> None:
        cell.text, cell.value, cell.match, cell.problem = text, None, None, None
        if not text.strip():
            return
        if column.lookup is not None:
            self._resolve(column, cell, match)
            return
        parsed = column.field.type.parse(text, self._context())
        if parsed.good:
            cell.value = parsed.value
            cell.text = column.field.type.format(parsed.value)
        if parsed.problems:
            cell.problem = parsed.problems[0].at(field=column.field.name)

    def _resolve(self, column: GridColumn, cell: GridCell, match: Match | None) -> None:
        lookup = column.lookup
        assert lookup is not None
        if match is None:
            typed = cell.text.strip()
            exact = [m for m in lookup.find(self._reader(), typed, ANSWERS_AT_MOST) if m.label == typed]
            if len(exact) != 1:
                words = f"有 {len(exact)} 位同名，请按 ↓ 选定" if exact else "没有找到，请核对或先登记"
                cell.problem = Problem(
                    Level.ERROR, "reference.open", f"“{typed}”{words}", column.field.name, value=typed
                )
                return
            match = exact[0]
        cell.match, cell.value, cell.text = match, match.id, match.label

    def _flag_repeats(self) -> None:
        for column in self._entered():
            if not column.unique:
                continue
            name = column.field.name
            first: dict[Any, int] = {}
            for place, row in enumerate(self.grid_rows):
                cell = row.cells[name]
                if cell.problem is not None and cell.problem.code == REPEATED:
                    cell.problem = None
                if cell.value is None:
                    continue
                earlier = first.setdefault(cell.value, place)
                if earlier != place:
                    message = f"{cell.text}与第 {earlier + 1} 行重复，请删去一行"
                    cell.problem = Problem(Level.ERROR, REPEATED, message, name)
                self._tell(place)

    # -- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Filled rows and one blank."""
        return 0 if parent.isValid() else len(self.grid_rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The columns and the finding."""
        return 0 if parent.isValid() else len(self.columns) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, and the finding in the last column."""
        if not index.isValid():
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text_at(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column < len(self.columns) and self.columns[column].field.type.align is Align.RIGHT
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def text_at(self, place: int, column: int) -> str:
        """What stands in a cell."""
        row = self.grid_rows[place]
        if column == len(self.columns):
            worst = row.worst()
            return worst.message if worst is not None else ""
        shown = self.columns[column]
        if shown.entered:
            return row.cells[shown.field.name].text
        found = next((cell.match for cell in row.cells.values() if cell.match is not None), None)
        return shown.field.type.format(found.row.get(shown.shows)) if found is not None else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Labels above, row numbers at the left."""
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].field.label if section < len(self.columns) else FINDING
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.data(self.index(0, section), role)
        return None

    # -- inside

    def _entered(self) -> list[GridColumn]:
        return [column for column in self.columns if column.entered]

    def _column(self, name: str) -> GridColumn:
        return next(column for column in self.columns if column.entered and column.field.name == name)

    def _new_row(self) -> GridRow:
        return GridRow({column.field.name: GridCell() for column in self.columns if column.entered})

    def _append(self) -> None:
        end = len(self.grid_rows)
        self.beginInsertRows(QModelIndex(), end, end)
        self.grid_rows.append(self._new_row())
        self.endInsertRows()

    def _tell(self, place: int) -> None:
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns)))


def pasted_lines(text: str) -> list[list[str]]:
    """Rows and cells of a block copied from a spreadsheet; an empty list for a single plain text."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if "\n" not in plain and "\t" not in plain:
        return []
    return [line.split("\t") for line in plain.split("\n")]
