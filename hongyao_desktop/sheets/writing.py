"""Writing workbooks (写表): for auditors and offices, live totals, nothing that acts by itself.

Rows stream through openpyxl's write-only sheet, so memory stays flat; each row is put together here, because the
library's own way from value to cell is what takes its time and cannot carry a formula together with its result.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import cells
from hongyao_desktop.sheets.atomic import replacing, save_workbook
from hongyao_desktop.sheets.book import column_letter
from hongyao_desktop.sheets.cells import PERCENT, SUMMED, Formula, Kind

if TYPE_CHECKING:
    from openpyxl import Workbook

    from hongyao_desktop.sheets.stream import StyledSheet

__all__ = [
    "PERCENT",
    "ColumnOut",
    "Formula",
    "Group",
    "Properties",
    "SheetOut",
    "Written",
    "write_book",
]

_FORBIDDEN_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576
_LANDSCAPE_FROM = 45  # Chinese characters across; A4 upright holds about 44 in 五号


@dataclass(frozen=True, slots=True)
class ColumnOut:
    """A column of a sheet to be written.

    Attributes:
        label: its header.
        kind: how its values are written; values come in the program's own units (see `cells.number`).
        width: in Chinese characters.
        group: header above the label; equal groups side by side are drawn as one.
        total: sum it in the totals row; only for kinds that can be summed.
    """

    label: str
    kind: Kind = CellKind.TEXT
    width: int = 8
    group: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to be written.

    Attributes:
        name: on its tab; what a tab cannot hold is left out.
        columns: from left to right, at least one.
        rows: values in the columns' order; read once, while writing.
        titles: lines above the header, the first one large.
        notes: lines below the table.
        total_label: word in the totals row; the row is written if a column asks for a total.
        landscape: A4 across; decided by the widths if None.
        by: label of a column to total by; a sheet of its own then counts and sums each of its values (汇总).
    """

    name: str
    columns: Sequence[ColumnOut]
    rows: Iterable[Sequence[Any]]
    titles: Sequence[str] = ()
    notes: Sequence[str] = ()
    total_label: str = "合计"
    landscape: bool | None = None
    by: str | None = None

    @property
    def grouped(self) -> bool:
        """The header takes two rows."""
        return any(column.group for column in self.columns)


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself (文档属性)."""

    title: str = ""
    subject: str = ""
    creator: str = "红耀台账"
    created: dt.datetime | None = None


@dataclass(slots=True)
class Group:
    """Rows with one value in the column a sheet is totalled by: how many, and exact sums by column position."""

    rows: int
    sums: dict[int, int]


@dataclass(slots=True)
class Written:
    """What became of one sheet, for control totals and messages.

    Attributes:
        name: of the sheet as written.
        columns: as asked for.
        first_row: sheet row of the first data row, from 1.
        rows: number of data rows.
        filled: number of data rows whose first column holds something.
        sums: by column position, in the column's own units, exact.
        by: position of the column the sheet is totalled by; None if it is not.
        groups: for each value of that column, in order of appearance, the number of rows and the sums.
    """

    name: str
    columns: Sequence[ColumnOut]
    first_row: int = 1
    rows: int = 0
    filled: int = 0
    sums: dict[int, int] = field(default_factory=dict)
    by: int | None = None
    groups: dict[str, Group] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """Sheet row of the last data row; the header's row when there is none."""
        return self.first_row + self.rows - 1

    def cell(self, position: int, record: int) -> str:
        """One data cell (record from 1) as another sheet's formula names it."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!${column_letter(position)}${self.first_row + record - 1}"

    def span(self, position: int) -> str:
        """The data cells of a column as another sheet's formula names them."""
        letter = column_letter(position)
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!${letter}${self.first_row}:${letter}${max(self.last_row, self.first_row)}"


def write_book(
    path: Path,
    sheets: Sequence[SheetOut],
    properties: Properties | None = None,
    *,
    control: str | None = None,
    ahead: Callable[[Sequence[Written]], Sequence[SheetOut]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Written]:
    """Write a workbook; it appears whole or not at all.

    Args:
        path: where to; an existing file is replaced.
        sheets: in the order of the tabs.
        properties: what the file says about itself.
        control: name of a sheet put first that sums every total anew with live formulas and compares (合计核对).
        ahead: makes further sheets of what was written, put before the data; their formulas may name its cells.
        progress: told the number of rows written so far, now and then; may raise to stop, leaving nothing behind.

    Returns:
        What became of each sheet, with exact sums.

    Raises:
        Refusal: the file cannot be written, or a sheet has more rows than a workbook can hold.
    """
    from openpyxl import Workbook

    from hongyao_desktop.sheets.totals import control_sheet, group_sheet

    book = Workbook(write_only=True)
    _describe(book, properties or Properties())
    names = _NameGiver()
    written: list[Written] = []
    streams: list[StyledSheet] = []
    counter = _Counter(progress)
    with replacing(path) as temporary, _cleaned(streams):
        written += [_write_sheet(book, sheet, names, streams, counter) for sheet in sheets]
        front = [] if control is None else [control_sheet(control, written)]
        front += [] if ahead is None else ahead(written)
        front += [group_sheet(one) for one in written if one.by is not None]
        for sheet in front:
            _write_sheet(book, sheet, names, streams, counter)
            book.move_sheet(streams[-1].sheet.title, -len(sheets))
        # It opens on what was asked for; what checks the sums lies to the left of it.
        book.active = len(front) if written else 0
        save_workbook(book, temporary)
    return written


@contextlib.contextmanager
def _cleaned(streams: list[StyledSheet]) -> Iterator[None]:
    """The library keeps each sheet in a temporary file; none is left when something goes wrong."""
    try:
        yield
    finally:
        for stream in streams:
            stream.discard()


class _Counter:
    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self._progress = progress
        self.rows = 0

    def add(self) -> None:
        self.rows += 1
        if self._progress is not None and self.rows % 1000 == 0:
            self._progress(self.rows)


class _NameGiver:
    """Tab names as spreadsheet programs accept them: short, without brackets, no two alike."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fit(self, name: str) -> str:
        plain = _FORBIDDEN_IN_NAMES.sub("", cells.plain_text(name)).strip("' ")[:_LONGEST_NAME] or "表"
        chosen, number = plain, 2
        while chosen.lower() in self._taken:
            ending = f"（{number}）"
            chosen, number = plain[: _LONGEST_NAME - len(ending)] + ending, number + 1
        self._taken.add(chosen.lower())
        return chosen


def _describe(book: Workbook, properties: Properties) -> None:
    about = book.properties
    about.creator = cells.plain_text(properties.creator)
    about.title = cells.plain_text(properties.title) or None
    about.subject = cells.plain_text(properties.subject) or None
    if properties.created is not None:
        about.created = about.modified = properties.created.replace(tzinfo=None)


# ------------------------------------------------------------------------------------------------------------ a sheet


def _write_sheet(
    book: Workbook, sheet: SheetOut, names: _NameGiver, streams: list[StyledSheet], counter: _Counter
) -> Written:
    from hongyao_desktop.sheets.stream import StyledSheet

    name = names.fit(sheet.name)
    header_row = len(sheet.titles) + 1 + sheet.grouped
    landscape = sheet.landscape
    if landscape is None:
        landscape = sum(column.width + 1 for column in sheet.columns) > _LANDSCAPE_FROM
    stream = StyledSheet(
        book,
        name,
        [(column.kind, column.width) for column in sheet.columns],
        header_row,
        landscape=landscape,
        head_rows=1 + sheet.grouped,
    )
    streams.append(stream)
    for number, title in enumerate(sheet.titles):
        stream.title(title, first=number == 0)
    if sheet.grouped:
        stream.group_header(
            [column.group for column in sheet.columns], [column.label for column in sheet.columns]
        )
    stream.header([column.label for column in sheet.columns])
    labels = [column.label for column in sheet.columns]
    by = labels.index(sheet.by) if sheet.by is not None else None
    written = Written(name, tuple(sheet.columns), first_row=header_row + 1, by=by)
    _write_rows(sheet, stream, written, counter)
    written.rows = stream.row_number - header_row
    stream.filter(header_row, max(written.last_row, header_row))
    if any(column.total for column in sheet.columns):
        stream.total(_totals(sheet, written))
    for note in sheet.notes:
        stream.note(note)
    stream.finish()
    return written


def _write_rows(sheet: SheetOut, stream: StyledSheet, written: Written, counter: _Counter) -> None:
    width = len(sheet.columns)
    last_possible = _MOST_ROWS - len(sheet.notes) - 1
    sums = {number: 0 for number, column in enumerate(sheet.columns) if column.kind in SUMMED}
    for row in sheet.rows:
        if len(row) != width:
            raise ValueError(f"{written.name}: a row has {len(row)} values for {width} columns")
        stream.row(row)
        for position in sums:
            value = row[position]
            if value.__class__ is int:
                sums[position] += value
            elif value.__class__ is Formula and value.result.__class__ is int:
                sums[position] += value.result
        if written.by is not None:
            _add_to_group(written, row, sums)
        written.filled += row[0] is not None and row[0] != ""
        counter.add()
        if stream.row_number > last_possible:
            raise Refusal(f"“{written.name}”超过 {_MOST_ROWS} 行，一张工作表放不下；请按年份或单位分开导出")
    written.sums = sums


def _add_to_group(written: Written, row: Sequence[Any], summed: Iterable[int]) -> None:
    assert written.by is not None
    key = cells.plain_text("" if row[written.by] is None else str(row[written.by]))
    group = written.groups.get(key)
    if group is None:
        group = written.groups[key] = Group(0, dict.fromkeys(summed, 0))
    group.rows += 1
    for position in group.sums:
        if row[position].__class__ is int:
            group.sums[position] += row[position]


def _totals(sheet: SheetOut, written: Written) -> list[Any]:
    """The totals row: the word in the first column that is not summed, live sums with their results in the others."""
    values: list[Any] = []
    for position, column in enumerate(sheet.columns):
        if column.total and position in written.sums:
            letter = column_letter(position)
            span = f"{letter}{written.first_row}:{letter}{max(written.last_row, written.first_row)}"
            values.append(Formula(f"SUM({span})" if written.rows else "0", written.sums[position]))
        else:
            values.append(None)
    blank = next((number for number, value in enumerate(values) if value is None), None)
    if blank is not None:
        values[blank] = sheet.total_label
    return values
