"""From the cells of a found table to values (读值): column by column, each with a reader of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from hongyao_desktop.core.desk import SheetRow
from hongyao_desktop.core.fields import (
    Code,
    CreditCode,
    Date,
    IdNumber,
    Minutes,
    Money,
    Name,
    ParseContext,
    Parsed,
    Phone,
    Points,
    TimeOfDay,
)
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
_NOTHING_THERE: Final = Parsed(None)
_NONE_WORDS: Final = ("无", "暂无", "没有", "/", "／", "\\", "-", "－", "–", "—", "——")
"""What clerks write into a cell for a number or day that somebody does not have."""
_MAY_SAY_NONE: Final = (Phone, IdNumber, Date, TimeOfDay, CreditCode, Minutes, Points)
_DITTO: Final = frozenset({"同上", "上同", "〃", "″", "''"})
_ONES_OWN: Final = (Name, IdNumber, Phone, Code)
"""What is never the same as in the row above."""
_ERROR_VALUES: Final = frozenset(
    "#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED!".split()  # noqa: SIM905
)

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
        self._odd = bool(table.faults or table.formats)
        self.problems: list[Problem] = []
        self.unreadable: set[tuple[int, str]] = set()

    def rows(self) -> Iterator[SheetRow]:
        """The rows that are no blanks, notes or repeated headers, from top to bottom."""
        for row in self._table.rows:
            if row.kind not in _NO_RECORDS:
                yield self._row(row)

    def _row(self, row: TableRow) -> SheetRow:
        cells = self._as_shown(row) if self._odd else row.values
        raw = dict(zip(self._names, map(_shown, cells), strict=True))
        values: dict[str, Any] = {}
        data = row.kind is RowKind.DATA
        for position, name, column, read in self._readers:
            parsed = read(cells[position])
            values[name] = parsed.value
            if parsed is _NOTHING_THERE:
                raw[name] = ""
            if parsed.problems and data:
                letter = column.letters[min(row.block, len(column.letters) - 1)]
                self._note(parsed.problems, row.sheet_row, letter, name, _shown(cells[position]))
        return SheetRow(row.sheet_row, values, raw, self._letters[row.block], row.kind.value)

    def _as_shown(self, row: TableRow) -> Sequence[Cell]:
        """The row's cells where some look empty and are not, or show something else than their value."""
        letters = [column.letters[min(row.block, len(column.letters) - 1)] for column in self._table.columns]
        return [
            _Fault(self._table.faults[row.sheet_row, letter])
            if cell is None and (row.sheet_row, letter) in self._table.faults
            else _formatted(cell, self._table.formats.get((row.sheet_row, letter), ""))
            for cell, letter in zip(row.values, letters, strict=True)
        ]

    def _note(self, found: Sequence[Problem], row: int, letter: str, name: str, raw: str) -> None:
        for problem in found:
            self.problems.append(problem.at(field=name, row=row, column=letter, value=raw))
            if problem.level is Level.ERROR:
                self.unreadable.add((row, letter))

    def _cells(self, field: Field, unit: str | None) -> Cells:
        """The reader of one column: texts it has met are not read again."""
        parse, context = field.type.parse, self._context
        known: dict[str, Parsed] = {}
        if isinstance(field.type, _MAY_SAY_NONE):
            known.update(dict.fromkeys(_NONE_WORDS, _NOTHING_THERE))
        repeats = not isinstance(field.type, _ONES_OWN)
        above: list[Parsed] = []
        suffix = _suffix(field, unit or self._table.unit or "")
        unfit = _unfit(field, unit)

        def read(cell: Cell) -> Parsed:
            if cell is None:
                return _BLANK
            if unfit is not None and _is_bare(cell):
                return unfit
            if cell.__class__ is str:
                kept = known.get(cell)
                if kept is not None:
                    found = kept
                elif repeats and above and cell.strip() in _DITTO:
                    return above[0]
                else:
                    meant = f"{cell.strip()}{suffix}" if suffix and _BARE.fullmatch(cell.strip()) else cell
                    found = _faulty(cell) if cell in _ERROR_VALUES else parse(meant, context)
                    if len(known) < _TEXTS_KEPT:
                        known[cell] = found
            elif isinstance(cell, _Fault):
                return _faulty(cell)
            elif suffix and isinstance(cell, (int, float)) and not isinstance(cell, bool):
                found = parse(f"{cell}{suffix}", context)
            else:
                found = parse(cell, context)
            if repeats:
                above[:] = (found,)
            return found

        return read


class _Fault(str):
    """A cell with an error value, or (``formula``) with a formula of which the file does not hold the result."""

    __slots__ = ()


def _faulty(cell: str) -> Parsed:
    if cell == "formula":
        message = "这一格是公式，文件里没有它的结果，请在 Excel 或 WPS 中打开并保存一次，再导入"
    else:
        message = f"这一格是公式错误 {cell}，请改成实际内容"
    return Parsed(None, (Problem(Level.ERROR, "cell.fault", message),))


def _is_bare(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _BARE.fullmatch(cell.strip()) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _formatted(cell: Cell, code: str) -> Cell:
    """The cell as its number format shows it: leading zeros (00123), a month without its day (1980年1月)."""
    if not code:
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        zeros = _ZEROS.fullmatch(code)
        return f"{cell:0{len(zeros[1])}}" if zeros else cell
    if isinstance(cell, dt.date):
        bare = _IN_QUOTES.sub("", code.split(";", maxsplit=1)[0].lower())
        if "y" in bare and "m" in bare and "d" not in bare and "h" not in bare:
            return f"{cell.year}年{cell.month}月"
    return cell


# A number kept as text, as every number of a CSV file is.
_BARE: Final = re.compile(r"[-−]?[\d,，]*\d(?:\.\d+)?")
_ZEROS: Final = re.compile("(0{2,})")
_IN_QUOTES: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def _suffix(field: Field, shown: str) -> str:
    """What a bare number means by the unit of its header or table: 1.2 （万元） is 1.2万元, 90 （分钟） 90分钟."""
    if isinstance(field.type, Money) and shown == "万元":
        return "万元"
    if isinstance(field.type, Minutes) and shown in _IN_MINUTES:
        return "分钟"
    return ""


_IN_MINUTES: Final = frozenset({"分钟", "分", "min"})
_READ: Final = ((Minutes, _IN_MINUTES | {"小时", "时", "h"}, "小时"), (Money, {"元", "万元"}, "元"))


def _unfit(field: Field, unit: str | None) -> Parsed | None:
    """A bare number in a column of another unit (天, 千元) is not taken for hours or yuan: it would be wrong."""
    for kind, units, wanted in _READ:
        if unit is not None and isinstance(field.type, kind) and unit not in units:
            message = f"表头的单位是“{unit}”，不能当作{wanted}读，请换算成{wanted}再填"
            return Parsed(None, (Problem(Level.ERROR, "cell.unit", message),))
    return None


def _shown(cell: Cell) -> str:
    if cell.__class__ is str:
        return cell
    return "" if cell is None else words.cell_text(cell)
