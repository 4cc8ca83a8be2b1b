"""Finding tables in a sheet (找表): header, body, and everything around it, with the places the clerk sees.

Titles, unit lines and notes stand around a table, headers take two or three merged rows, blocks stand side by side,
headers come back on every printed page, and months end in totals. `find_tables` gives each table with its columns
named, every body row with its kind, and merged cells filled down within their own merge and no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake import words
from hongyao_desktop.intake.body import Body, Stretch
from hongyao_desktop.intake.context import Surroundings
from hongyao_desktop.intake.grid import Grid
from hongyao_desktop.intake.header import HeaderFinder
from hongyao_desktop.intake.heading import Header, Known
from hongyao_desktop.intake.layout import Block, blocks_of
from hongyao_desktop.intake.no_table import is_form, no_table, nothing_known
from hongyao_desktop.intake.rows import RowKind
from hongyao_desktop.sheets.book import Book, Cell, Sheet, column_letter

__all__ = ["Column", "FoundTable", "RawCell", "RowKind", "TableRow", "find_in_book", "find_tables"]

_MOST_TABLES = 500
_ENOUGH_KNOWN = 2


class RawCell(NamedTuple):
    """A cell as it stands in the sheet.

    Attributes:
        value: what was read; for a cell within a merge that reaches down, the merge's value.
        column_letter: the sheet column the clerk sees.
        sheet_row: the sheet row the clerk sees, from 1.
        from_merge: the cell itself is empty and lies in a merge; ``value`` is None if the merge came from the left.
    """

    value: Cell
    column_letter: str
    sheet_row: int
    from_merge: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a found table.

    Attributes:
        key: unique in its table: the path's texts joined by "/", with "#2" for a second one of the same name.
        name: the column's own text as shown, on one line.
        path: comparable texts from the group down to the column's own, brackets removed where they say nothing.
        letters: its sheet column in each block of the table.
        unit: unit of measure from its header, such as 小时 or 万元.
        remark: other content of its brackets, such as 后四位.
        raw: the header cell as it stands: a date or number where columns are days.
    """

    key: str
    name: str
    path: tuple[str, ...]
    letters: tuple[str, ...]
    unit: str | None = None
    remark: str | None = None
    raw: Cell = None

    @property
    def letter(self) -> str:
        """Its sheet column in the first block."""
        return self.letters[0]

    @property
    def base(self) -> str:
        """The comparable text of the column itself; "" for a column without a header."""
        return self.path[-1] if self.path else ""


@dataclass(slots=True)
class TableRow:
    """One row of one block below the header; not to be changed (it is not frozen because that makes it slow).

    Attributes:
        sheet_row: the row the clerk sees, from 1.
        block: 0, or the number of the side-by-side block.
        kind: what the row is; totals, carried balances and notes keep their cells.
        values: by position of the table's columns.
        merged: positions whose cell lies in a merge and is itself empty.
        section: the last section title above the row, such as 「第一网格」; "" if there is none.
        hidden: the sheet hides the row.
    """

    sheet_row: int
    block: int
    kind: RowKind
    values: Sequence[Cell]
    columns: Sequence[Column] = field(repr=False)
    merged: frozenset[int] = frozenset()
    section: str = ""
    hidden: bool = False

    @property
    def cells(self) -> dict[str, RawCell]:
        """Cells by column key, made when asked for."""
        return {column.key: self.at(position) for position, column in enumerate(self.columns)}

    def at(self, position: int) -> RawCell:
        """The cell at a position of the table's columns."""
        column = self.columns[position]
        return RawCell(
            self.values[position],
            column.letters[min(self.block, len(column.letters) - 1)],
            self.sheet_row,
            position in self.merged,
        )

    @property
    def text(self) -> str:
        """The row's non-empty cells as one line, for notes and messages."""
        return " ".join(words.cell_text(value) for value in self.values if value is not None)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table found in a sheet.

    Attributes:
        sheet_name: the sheet it stands in.
        title: the line that names it; "" if there is none.
        titles: all free lines above it.
        context: labelled values around it: 填报单位, 填报日期, 时间, 地点 …
        unit: unit of amounts for the whole table, such as 万元.
        year: the year its title speaks of, for dates written without one.
        month: the month its title speaks of.
        header_rows: first and last header row as the clerk counts them.
        columns: from left to right.
        rows: every row below the header, block by block.
        blocks: how many blocks stand side by side.
        known: how many of its columns some register knows.
        faults: by row and sheet column as the clerk sees them, cells that look empty and are not (see `Sheet`).
        formats: likewise, number formats that show something else than the value.
    """

    sheet_name: str
    title: str
    titles: tuple[str, ...]
    context: dict[str, str]
    unit: str | None
    year: int | None
    month: int | None
    header_rows: tuple[int, int]
    columns: tuple[Column, ...]
    rows: list[TableRow]
    blocks: int
    known: int
    faults: Mapping[tuple[int, str], str] = field(default_factory=dict)
    formats: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def data_rows(self) -> Iterator[TableRow]:
        """The rows that hold records."""
        return (row for row in self.rows if row.kind is RowKind.DATA)

    def position(self, key: str) -> int:
        """The position of a column in the rows' values. Raises KeyError."""
        for position, column in enumerate(self.columns):
            if column.key == key:
                return position
        raise KeyError(key)


# ------------------------------------------------------------------------------------------------------------ finding


def find_tables(sheet: Sheet, known: Known = nothing_known) -> list[FoundTable]:
    """All tables of a sheet, from top to bottom; empty where no row names columns.

    Args:
        sheet: as read.
        known: tells whether a comparable header text belongs to some register (`mapping.HeaderIndex.knows`).

    Raises:
        Refusal: the sheet holds more tables than anybody draws.
    """
    grid = Grid(sheet)
    finder = HeaderFinder(grid, known)
    tables: list[FoundTable] = []
    start = 0
    columns = range(grid.width)
    header = finder.best(start, columns) if grid.height else None
    if header is not None and finder.texts.is_form_row(header.first) and is_form(finder):
        return []
    if header is not None and finder.is_sideways(header):
        return []
    while header is not None:
        if len(tables) >= _MOST_TABLES:
            raise Refusal(f"工作表“{sheet.name}”里的表超过 {_MOST_TABLES} 张；请分成几张工作表再导入")
        before = finder.earlier(start, header, columns)
        if before is not None:
            found, start, _later = _take(finder, start, before, stop=header)
        else:
            found, end, following = _take(finder, start, header)
            if following is not None and _is_context(finder, header, following):
                header = following  # its lines are told above the next table
                continue
            start, header = end, following
        tables += found
    return tables


def _is_context(finder: HeaderFinder, header: Header, following: Header) -> bool:
    """One line of labels and one of values right above a table no worse known: what the table is about."""
    return (
        header.known < _ENOUGH_KNOWN
        and header.first == header.last
        and following.first == header.first + 2
        and bool(finder.names_values_below(header.first))
    )


def _take(
    finder: HeaderFinder, start: int, header: Header, stop: Header | None = None
) -> tuple[list[FoundTable], int, Header | None]:
    """The tables under one header, where the last one ends, and the next table's header if there is one.

    `stop` is the next header where it is known already.
    """
    grid = finder.grid
    blocks = blocks_of(grid, header, stop.first if stop is not None else None)
    body = Body(finder, header, blocks[0])
    stretches, end, following = body.read(following=stop)
    if following is not None and stop is None:
        # now that the end is known, columns that only the next table fills are left out
        alone = blocks_of(grid, header, end)
        if alone != blocks:
            blocks = alone
            body = Body(finder, header, blocks[0])
            stretches, end, _same = body.read(following=following)
    tables = []
    for group in blocks:
        around = _surroundings(finder, start, header, group, only=len(blocks) == 1)
        if group is not blocks[0]:
            body = Body(finder, header, group)
            stretches = body.read(until=end)[0]
        for line in body.labelled_notes():
            around.take(line)
        tables.append(_put_together(finder, header, group, around, stretches))
    return tables, end, following


def _surroundings(
    finder: HeaderFinder, start: int, header: Header, group: Sequence[Block], *, only: bool
) -> Surroundings:
    around = Surroundings()
    grid = finder.grid
    columns = {column for block in group for column in block.columns}
    used = -1
    for row in range(start, header.first):
        filled = grid.filled(row)
        if row == used:
            continue
        if row + 1 < header.first and (pairs := finder.names_values_below(row)):
            for label, value in pairs:
                around.values.setdefault(label.base, words.cell_text(value))
            used = row + 1
            continue
        line = [value for column, value in filled if only or column in columns or len(filled) == 1]
        if line:
            around.take(line, paired=finder.texts.is_form_row(row))
    return around


def _put_together(
    finder: HeaderFinder,
    header: Header,
    group: Sequence[Block],
    around: Surroundings,
    stretches: list[Stretch],
) -> FoundTable:
    grid = finder.grid
    columns = tuple(_columns(grid, group))
    hidden = grid.sheet.hidden_rows
    offset = grid.sheet.row_offset
    rows = [
        TableRow(
            sheet_row=grid.row_number(line.row),
            block=line.block,
            kind=line.kind,
            values=line.values,
            columns=columns,
            merged=line.merged,
            section=line.section,
            hidden=bool(hidden) and line.row + offset in hidden,
        )
        for line in stretches
    ]
    year, month = around.period(grid.sheet.name)
    return FoundTable(
        sheet_name=grid.sheet.name,
        title=around.title,
        titles=tuple(around.titles),
        context=around.values,
        unit=around.unit(),
        year=year,
        month=month,
        header_rows=(grid.row_number(header.first), grid.row_number(header.body - 1)),
        columns=columns,
        rows=rows,
        blocks=len(group),
        known=header.known,
        faults=_as_seen(grid.sheet.faults),
        formats=_as_seen(grid.sheet.formats),
    )


def _as_seen(places: Mapping[tuple[int, int], str]) -> dict[tuple[int, str], str]:
    """Places of a sheet, counted from 0, as row numbers and column letters."""
    return {(row + 1, column_letter(column)): text for (row, column), text in places.items()}


def _columns(grid: Grid, group: Sequence[Block]) -> Iterator[Column]:
    taken: dict[str, int] = {}
    for position, heading in enumerate(group[0].headings):
        letters = tuple(grid.letter(block.place(position)) for block in group)
        name = heading.leaf.shown if heading else f"（{letters[0]} 列无标题）"
        key = "/".join(text.shown for text in heading.path) if heading else name
        taken[key] = taken.get(key, 0) + 1
        if taken[key] > 1:
            key = f"{key}#{taken[key]}"
        yield Column(
            key=key,
            name=name,
            path=tuple(text.key for text in heading.path) if heading else (),
            letters=letters,
            unit=heading.unit if heading else None,
            remark=heading.leaf.remark if heading else None,
            raw=heading.raw if heading else None,
        )


def find_in_book(
    book: Book, known: Known = nothing_known, *, expected: Sequence[str] = (), sheet: str | None = None
) -> list[FoundTable]:
    """All tables of a book's visible sheets (of one named sheet if given, hidden or not).

    Args:
        book: as read.
        known: see `find_tables`.
        expected: Chinese names of the columns looked for, for the sentence when nothing is found.
        sheet: name of the only sheet to look at.

    Raises:
        Refusal: there is no such sheet, or nothing in the book looks like a table.
    """
    sheets = [one for one in book.sheets if (one.name == sheet if sheet is not None else not one.hidden)]
    if not sheets:
        names = "、".join(one.name for one in book.sheets)
        raise Refusal(
            f"“{book.file_name}”里没有{f'名为“{sheet}”' if sheet else '显示着'}的工作表；现有：{names}"
        )
    tables = [table for one in sheets for table in find_tables(one, known)]
    if not tables:
        problem = no_table(sheets[0], known, expected)
        raise Refusal(f"“{book.file_name}”的工作表“{sheets[0].name}”：{problem.message}", problems=(problem,))
    return tables
