"""Rows that go back to whoever sent them (退回): the file's own layout, only the bad rows, and why.

The sheet keeps its titles, its header with merges, its columns in their order; each returned row gets a last column
「退回原因」. The clerk corrects it there, and the same file comes in again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from hongyao_desktop.sheets import cells
from hongyao_desktop.sheets.atomic import replacing, save_workbook
from hongyao_desktop.sheets.book import Book, Cell, Merge, Sheet, column_letter, column_number
from hongyao_desktop.sheets.csv_files import Encoding, write_lines

REASON_HEADER = "退回原因"
_LINES_AT_MOST = 200
_EXACT_DIGITS = 15
_FONT = "宋体"


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """One table of a book with rows to be returned.

    Attributes:
        sheet_name: the sheet it stands in.
        header_rows: first and last header row as the clerk counts them; everything above is kept too.
        reasons: Chinese sentences by sheet row (from 1) and first sheet column of the row's block ("A").
        blocks: first and last column of each side-by-side block; without it a row is taken to reach to the next
            block that is named in `reasons`.
        cells: by sheet row, letters of the columns to blame; they are coloured.
    """

    sheet_name: str
    header_rows: tuple[int, int]
    reasons: Mapping[tuple[int, str], Sequence[str]]
    blocks: Sequence[tuple[str, str]] = ()
    cells: Mapping[int, Iterable[str]] = field(default_factory=dict)


def write_returned(book: Book, tables: Sequence[MarkedTable], out: Path) -> int:
    """Write the returned rows, one sheet for each table; returns how many rows.

    As .xlsx, or as a text file where `out` ends in ".csv" (then one table below the other).

    Raises:
        Refusal: `out` cannot be written.
        KeyError: a table names a sheet the book does not have.
    """
    from openpyxl import Workbook

    by_name = {sheet.name: sheet for sheet in book.sheets}
    if out.suffix.lower() == ".csv":
        lines = [line for table in tables for line in _returned_lines(by_name[table.sheet_name], table)]
        encoding: Encoding = "gb18030" if book.encoding == "gb18030" else "utf-8-sig"
        write_lines(out, lines, encoding)
        return sum(len(table.reasons) for table in tables)
    workbook = Workbook()
    workbook.properties.creator = "红耀台账"
    first: Any = workbook.active
    count = 0
    names: dict[str, int] = {}
    for number, table in enumerate(tables):
        names[table.sheet_name] = names.get(table.sheet_name, 0) + 1
        ending = f"（{names[table.sheet_name]}）" if names[table.sheet_name] > 1 else ""
        target: Any = first if number == 0 else workbook.create_sheet()
        target.title = _tab(table.sheet_name, ending)
        count += _Copy(by_name[table.sheet_name], table, target).write()
    with replacing(out) as temporary:
        save_workbook(workbook, temporary)
    return count


def _returned_lines(sheet: Sheet, table: MarkedTable) -> Iterator[list[str]]:
    """Titles, header and returned rows as lists of texts."""
    last = max(_last_column(sheet, table), sheet.col_offset)
    for row in range(table.header_rows[1]):
        values = [_shown(sheet.cell(row, column)) for column in range(last + 1)]
        yield [*values, REASON_HEADER if row == table.header_rows[1] - 1 else ""]
    spans = _spans(table, last)
    for (row, letter), sentences in sorted(table.reasons.items(), key=_by_block):
        span = spans[letter]
        filled = _filled(sheet, row - 1)
        values = [_shown(filled.get(column)) if column in span else "" for column in range(last + 1)]
        yield [*values, _reason(row, sentences)]


class _Look(Enum):
    """How a cell of the copy is drawn."""

    ABOVE = auto()
    TITLE = auto()
    HEADER = auto()
    BODY = auto()
    BLAMED = auto()
    REASON = auto()


class _Copy:
    """The copy of one table on its new sheet."""

    def __init__(self, sheet: Sheet, table: MarkedTable, target: Any) -> None:
        self._sheet = sheet
        self._table = table
        self._target = target
        self._last = _last_column(sheet, table)
        self._spans = _spans(table, self._last)
        self._styles: dict[tuple[_Look, str], Any] = {}

    def write(self) -> int:
        head = self._table.header_rows[1]
        for row in range(head):
            look = _Look.HEADER if row >= self._table.header_rows[0] - 1 else _Look.ABOVE
            for column in range(self._last + 1):
                self._put(row + 1, column, self._sheet.cell(row, column), look)
        self._copy_merges(head)
        self._head_of_reasons()
        merged = _handed_down(self._sheet, head)
        row = head
        for (source_row, letter), sentences in sorted(self._table.reasons.items(), key=_by_block):
            row += 1
            self._returned_row(row, source_row, letter, sentences, merged)
        self._look(head)
        return row - head

    def _returned_row(
        self,
        row: int,
        source_row: int,
        letter: str,
        sentences: Sequence[str],
        merged: Mapping[tuple[int, int], Cell],
    ) -> None:
        blamed = {column_number(one) for one in self._table.cells.get(source_row, ())}
        span = self._spans[letter]
        for column in range(self._last + 1):
            place = (source_row - 1, column)
            value = merged.get(place, self._sheet.cell(*place)) if column in span else None
            self._put(row, column, value, _Look.BLAMED if column in blamed else _Look.BODY)
        self._put(row, self._last + 1, _reason(source_row, sentences), _Look.REASON)

    def _put(self, row: int, column: int, value: Cell, look: _Look) -> None:
        if value is None and look is _Look.ABOVE:
            return
        if look is _Look.ABOVE and self._is_title(row - 1, column):
            look = _Look.TITLE
        cell = self._target.cell(row, column + 1)
        number_format = _set_value(cell, value)
        if look is _Look.HEADER:
            number_format = self._sheet.formats.get((row - 1, column), number_format)
        # setting looks one by one takes longer than everything else; each combination is made once
        style = self._styles.get((look, number_format))
        if style is None:
            _dress(cell, look, number_format)
            self._styles[look, number_format] = copy(cell._style)  # noqa: SLF001 - openpyxl's own way to share looks
        else:
            cell._style = copy(style)  # noqa: SLF001 - same

    def _is_title(self, row: int, column: int) -> bool:
        """A text drawn over most of the table, with no label in it."""
        area = next((merge for merge in self._sheet.merged if merge[:2] == (row, column)), None)
        value = self._sheet.cell(row, column)
        wide = area is not None and area[3] - area[1] >= self._last // 2
        return wide and isinstance(value, str) and "：" not in value and ":" not in value

    def _copy_merges(self, head: int) -> None:
        taken: set[tuple[int, int]] = set()
        for top, left, bottom, right in self._sheet.merged:
            last = min(right, self._last)
            if bottom >= head or last < left:
                continue
            places = {(row, column) for row in range(top, bottom + 1) for column in range(left, last + 1)}
            if len(places) > 1 and not places & taken:
                taken |= places
                self._target.merge_cells(
                    start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=last + 1
                )

    def _head_of_reasons(self) -> None:
        first, last = self._table.header_rows
        self._put(first, self._last + 1, REASON_HEADER, _Look.HEADER)
        if last > first:
            column = self._last + 2
            self._target.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)

    def _look(self, head: int) -> None:
        for column in range(self._last + 1):
            longest = max(
                (_width(_shown(self._sheet.cell(row, column))) for row in self._rows_shown(head)), default=4
            )
            self._target.column_dimensions[column_letter(column)].width = min(max(longest, 4), 40) + 2
        self._target.column_dimensions[column_letter(self._last + 1)].width = 60
        self._target.freeze_panes = f"A{head + 1}"
        self._target.page_setup.paperSize = 9
        self._target.page_setup.orientation = "landscape"
        self._target.sheet_properties.pageSetUpPr.fitToPage = True
        self._target.page_setup.fitToHeight = 0
        self._target.print_title_rows = f"{self._table.header_rows[0]}:{head}"

    def _rows_shown(self, head: int) -> list[int]:
        """Header rows (not titles, which are drawn over many columns) and returned rows."""
        header = list(range(self._table.header_rows[0] - 1, head))
        return header + sorted({row - 1 for row, _letter in self._table.reasons})[:_LINES_AT_MOST]


# ---------------------------------------------------------------------------------------------------------- positions


def _last_column(sheet: Sheet, table: MarkedTable) -> int:
    """The last column that holds anything in the header or in a returned row; a reason of last time is left out."""
    rows = [
        *range(table.header_rows[0] - 1, table.header_rows[1]),
        *{row - 1 for row, _letter in table.reasons},
    ]
    right = sheet.col_offset + sheet.width - 1
    header = range(table.header_rows[0] - 1, table.header_rows[1])
    reason = next(
        (
            column
            for column in range(sheet.col_offset, right + 1)
            if any(_shown(sheet.cell(row, column)).strip() == REASON_HEADER for row in header)
        ),
        None,
    )
    if reason is not None and reason > 0:
        right = reason - 1
    while right > 0 and all(sheet.cell(row, right) is None for row in rows):
        right -= 1
    merged = [
        merge[3] for merge in sheet.merged if table.header_rows[0] - 1 <= merge[2] < table.header_rows[1]
    ]
    return max(right, *merged) if merged and reason is None else right


def _spans(table: MarkedTable, last: int) -> dict[str, range]:
    """The columns of each block that has rows to return, by its first column's letter."""
    return {letter: _span_of(table, letter, last) for letter in {one for _row, one in table.reasons}}


def _span_of(table: MarkedTable, letter: str, last: int) -> range:
    """The columns of the block that begins at a letter."""
    first = column_number(letter) if letter else 0
    for start, end in table.blocks:
        if start == letter:
            # what stands between blocks belongs to the one before it; what stands outside to the outer ones
            starts = [column_number(one) for one, _end in table.blocks]
            following = [other for other in starts if other > first]
            return range(
                first if first != min(starts) else 0,
                min(following) if following else max(last, column_number(end)) + 1,
            )
    others = {column_number(one) for _row, one in table.reasons if one}
    following = [other for other in others if other > first]
    return range(
        first if any(other < first for other in others) else min(first, last), min([*following, last + 1])
    )


def _by_block(item: tuple[tuple[int, str], Sequence[str]]) -> tuple[int, int]:
    """Order of returned rows: block by block, each from top to bottom."""
    (row, letter), _sentences = item
    return (column_number(letter) if letter else 0, row)


def _handed_down(sheet: Sheet, head: int) -> dict[tuple[int, int], Cell]:
    """Values of merges below the header for the cells they cover downwards."""
    values: dict[tuple[int, int], Cell] = {}
    for top, left, bottom, _right in _body_merges(sheet, head):
        value = sheet.cell(top, left)
        for row in range(top + 1, min(bottom, sheet.bottom - 1) + 1):
            values[row, left] = value
    return values


def _body_merges(sheet: Sheet, head: int) -> Iterator[Merge]:
    return (merge for merge in sheet.merged if merge[0] >= head and merge[2] > merge[0])


def _filled(sheet: Sheet, row: int) -> dict[int, Cell]:
    """A row's cells by column, with what merges above hand down."""
    values = {column: sheet.cell(row, column) for column in range(sheet.col_offset + sheet.width)}
    for top, left, bottom, _right in _body_merges(sheet, 0):
        if top < row <= bottom:
            values[left] = sheet.cell(top, left)
    return values


# -------------------------------------------------------------------------------------------------------------- values


def _reason(row: int, sentences: Sequence[str]) -> str:
    return f"原第 {row} 行：" + "；".join(sentence.rstrip("。；") for sentence in sentences)


def _set_value(cell: Any, value: Cell) -> str:
    """Put a value as it was and return its number format: text stays text, long numbers keep all they have."""
    if isinstance(value, str):
        cell.value = cells.plain_text(value)
        cell.data_type = "s"
        return "@"
    cell.value = value
    if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > _EXACT_DIGITS:
        return "0"
    if isinstance(value, dt.datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(value, dt.date):
        return "yyyy-mm-dd"
    return str(cell.number_format)


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _dress(cell: Any, look: _Look, number_format: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.number_format = number_format
    if look is _Look.TITLE:
        cell.font = Font(name=_FONT, size=16, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center")
        return
    cell.font = Font(name=_FONT)
    if look is _Look.ABOVE:
        return
    line = Side(style="thin", color="FF9A9A9A")
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    if look is _Look.HEADER:
        cell.fill = PatternFill("solid", fgColor="FFEDEDED")
        cell.font = Font(name=_FONT, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    elif look is _Look.REASON:
        cell.font = Font(name=_FONT, color="FFC00000")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    elif look is _Look.BLAMED:
        cell.fill = PatternFill("solid", fgColor="FFFFE1E1")


def _width(text: str) -> int:
    """Width in Latin characters of the longest line; a Chinese one counts two."""
    return max((sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n")), default=0)


def _tab(name: str, ending: str) -> str:
    return name[: 31 - len(ending)] + ending
