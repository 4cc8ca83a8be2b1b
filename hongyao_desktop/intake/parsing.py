"""From the cells of a found table to values (读值): column by column, each with a reader of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from hongyao_desktop.core.desk import SheetRow
from hongyao_desktop.core.fields import Minutes, Money, ParseContext, Parsed
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.intake import words
from hongyao_desktop.intake.mapping import Mapping
from hongyao_desktop.intake.table import FoundTable, RowKind, TableRow
from hongyao_desktop.sheets.book import Cell

_NO_RECORDS: Final = frozenset({RowKind.BLANK, RowKind.NOTE, RowKind.HEADER})
_BLANK: Final = Parsed(None)
_TEXTS_KEPT: Final = 5000
"""Words, units, days recur; names and numbers do not, and are not worth keeping."""

Cells = Callable[[Cell], Parsed]
"""Reads the cells of one column."""


class RowParser:
    """Turns table rows into sheet rows with parsed values, and gathers what could not be read.

    Each column has a reader of its own, made once: a sheet of a hundred thousand rows says the same words over and
    over, and what kind of field a cell belongs to need not be asked anew for every row.
    """

    def __init__(
        self, table: FoundTable, mapping: Mapping, fields: dict[str, Field], context: ParseContext
    ) -> None:
        self._table = table
        self._context = context
        named = [(column, fields.get(mapping.columns.get(column.key, ""))) for column in table.columns]
        self._names = [field.name if field is not None else column.key for column, field in named]
        self._letters = [
            {
                name: column.letters[min(block, len(column.letters) - 1)]
                for name, column in zip(self._names, table.columns, strict=True)
            }
            for block in range(table.blocks)
        ]
        self._readers = [
            (position, name, column, self._cells(field, column.unit))
            for position, (name, (column, field)) in enumerate(zip(self._names, named, strict=True))
            if field is not None
        ]
        self.problems: list[Problem] = []
        self.unreadable: set[tuple[int, str]] = set()

    def rows(self) -> Iterator[SheetRow]:
        """The rows that are no blanks, notes or repeated headers, from top to bottom."""
        for row in self._table.rows:
            if row.kind not in _NO_RECORDS:
                yield self._row(row)

    def _row(self, row: TableRow) -> SheetRow:
        cells = row.values
        raw = dict(zip(self._names, map(_shown, cells), strict=True))
        values: dict[str, Any] = {}
        data = row.kind is RowKind.DATA
        for position, name, column, read in self._readers:
            parsed = read(cells[position])
            values[name] = parsed.value
            if parsed.problems and data:
                letter = column.letters[min(row.block, len(column.letters) - 1)]
                self._note(parsed.problems, row.sheet_row, letter, name, _shown(cells[position]))
        return SheetRow(row.sheet_row, values, raw, self._letters[row.block], row.kind.value)

    def _note(self, found: Sequence[Problem], row: int, letter: str, name: str, raw: str) -> None:
        for problem in found:
            self.problems.append(problem.at(field=name, row=row, column=letter, value=raw))
            if problem.level is Level.ERROR:
                self.unreadable.add((row, letter))

    def _cells(self, field: Field, unit: str | None) -> Cells:
        """The reader of one column: texts it has met are not read again."""
        parse, context = field.type.parse, self._context
        known: dict[str, Parsed] = {}
        suffix = _suffix(field, unit or self._table.unit or "")

        def read(cell: Cell) -> Parsed:
            if cell.__class__ is not str:
                if cell is None:
                    return _BLANK
                if suffix and isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    return parse(f"{cell}{suffix}", context)
                return parse(cell, context)
            found = known.get(cell)
            if found is None:
                found = parse(cell, context)
                if len(known) < _TEXTS_KEPT:
                    known[cell] = found
            return found

        return read


def _suffix(field: Field, shown: str) -> str:
    """What a bare number means by the unit of its header or table: 1.2 （万元） is 1.2万元, 90 （分钟） 90分钟."""
    if isinstance(field.type, Money) and shown == "万元":
        return "万元"
    if isinstance(field.type, Minutes) and shown in ("分钟", "分"):
        return "分钟"
    return ""


def _shown(cell: Cell) -> str:
    if cell.__class__ is str:
        return cell
    return "" if cell is None else words.cell_text(cell)
