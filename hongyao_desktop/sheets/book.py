"""What a spreadsheet file holds (表格内容), as values: no reader, no file.

Positions are those of the sheet itself, counted from 0, so that row 0, column 2 is always what the clerk sees as C1,
however many empty rows and columns stand before the first used cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
"""A cell's value. Whole numbers are int (also beyond 15 digits, where a spreadsheet has already lost the tail)."""

Merge = tuple[int, int, int, int]
"""A merged range: top row, left column, bottom row, right column, all from 0 and inclusive."""


class BookKind(StrEnum):
    """What a file turned out to be, whatever its name says."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    XML2003 = "xml2003"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost before reading stops with a sentence.

    Attributes:
        file_bytes: size of the file itself.
        expanded_bytes: size of what is packed inside it.
        memory_bytes: address space of the reading process (kept by the system where it can).
        seconds: time from start to last row.
        cells: cells of one sheet, empty ones between used ones included.
    """

    file_bytes: int = 200 << 20
    expanded_bytes: int = 1 << 30
    memory_bytes: int = 1 << 30
    seconds: float = 60.0
    cells: int = 16_000_000


def column_letter(column: int) -> str:
    """The letter of a column counted from 0: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column counted from 0 of a letter: A is 0, AA is 26. Raises ValueError for anything but A to Z."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not number:
        raise ValueError(letters)
    return number - 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet (工作表) of a book.

    Attributes:
        name: as on its tab; the file's name for text files.
        hidden: the tab is hidden in the file.
        rows: the used area, every row equally wide; ``None`` where a cell is empty.
        row_offset: empty rows before ``rows``.
        col_offset: empty columns before each row.
        merged: merged ranges in sheet positions.
        formats: number formats by sheet position, only where the shown text differs from the value in a way that
            matters: percent, leading zeros, dates shown without their day or year. Empty where the format has none.
        faults: by sheet position, why a cell that looks empty is not: an error value such as ``#DIV/0!``, or
            ``formula`` when a formula was stored without its result.
        hidden_rows: sheet rows from 0 that the file hides (by hand or by a filter).
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    row_offset: int = 0
    col_offset: int = 0
    merged: tuple[Merge, ...] = ()
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Columns of the used area."""
        return len(self.rows[0]) if self.rows else 0

    @property
    def bottom(self) -> int:
        """The first sheet row below the used area, from 0."""
        return self.row_offset + len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        """The value at a sheet position from 0; None outside the used area."""
        inner_row, inner_column = row - self.row_offset, column - self.col_offset
        if 0 <= inner_row < len(self.rows) and 0 <= inner_column < self.width:
            return self.rows[inner_row][inner_column]
        return None


@dataclass(frozen=True, slots=True)
class Book:
    """One file as read.

    Attributes:
        file_name: last part of the path, for messages.
        kind: what the content is.
        sheets: in the order of the tabs, without the empty ones.
        digest: SHA-256 of the file in hex, so that the same file is known again.
        encoding: of a text file; None otherwise.
        separator: between the columns of a text file; None otherwise.
        notes: Chinese sentences about what could not be kept, e.g. unreadable bytes.
    """

    file_name: str
    kind: BookKind
    sheets: tuple[Sheet, ...]
    digest: str
    encoding: str | None = None
    separator: str | None = None
    notes: tuple[str, ...] = ()
