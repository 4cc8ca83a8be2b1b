"""Tables over pages (跨页表格): head repeated, rows whole, page sums, carry lines, no row left alone at the end.

Rows are read as a stream: only those of the page in hand are kept, so 100,000 rows need no more memory than forty.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from hongyao_desktop.paper import fitting
from hongyao_desktop.paper import head as table_head
from hongyao_desktop.paper.breaking import atoms, break_lines
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import Band, Face, Fill, Line, PageSum, Row, Sum, Table
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import MM, SIZE_5
from hongyao_desktop.paper.grid import Grid, Shown, TableRow
from hongyao_desktop.paper.ink import Pen
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.prose import cut_piece

_CAPTION_PITCH: Final = 18.0
_BEFORE: Final = 5.0
_MOST_TOGETHER: Final = 40
_TOGETHER: Final = 2  # rows that go along when totals or signatures do not fit on the page
_MOST_ALONG: Final = 6


def draw_table(flow: Flow, table: Table, tail: float) -> None:
    """Draw a table from the current place on; ``tail`` is the height of notes and signatures that follow it."""
    _Setter(flow, table, tail).draw()


@dataclass(slots=True)
class _Page:
    """Rows collected for the page in hand and what they add up to."""

    rows: list[TableRow] = field(default_factory=list)
    height: float = 0.0


class _Setter:
    def __init__(self, flow: Flow, table: Table, tail: float) -> None:
        self.flow = flow
        self.table = table
        self.tail = tail
        self.columns = table.columns
        fit = fitting.fit(flow, table)
        self.size = fit.size
        self.writers = fit.writers
        self.pen = flow.ink.pen(Face.SONG, self.size)
        self.bold = flow.ink.pen(Face.BIAO, self.size)
        self.leading = self.size * 1.28
        self.least = max(self.leading + self.size * 0.5, table.row_height * MM)
        self.adding = [index for index, column in enumerate(self.columns) if column.summed is Sum.ADD]
        self.lasting = [index for index, column in enumerate(self.columns) if column.summed is Sum.LAST]
        self.sums: dict[int, int] = dict.fromkeys(self.adding, 0)
        self.carried: dict[int, Cell] = {}
        self.grid = Grid(
            flow, fit.edges, [column.aligned for column in table.columns], self.size, self.leading
        )
        self.head = table_head.layout(flow, table, self.grid)
        self.name = f"表“{table.name}”" if table.name else "表格"
        self.pages = 0

    # --------------------------------------------------------------------------------------------------- rows
    def _planned(self) -> Iterator[TableRow]:
        number = 0
        for row in self.table.rows:
            number += 1
            yield from self._plan(row, number)
        if number == 0 and not self.table.blank_rows and self.table.fill is Fill.NONE:
            yield self._special(self.table.empty_text, {}, bold=False)
        for _ in range(self.table.blank_rows):
            yield TableRow(self.least, [None] * len(self.columns))

    def _plan(self, row: Row, number: int) -> Iterator[TableRow]:
        cells = fitting.checked(self.table, row, number)
        if isinstance(row, Band):
            yield self._band(cells, number)
            return
        shown, lines = self._cells(cells, number, self.pen)
        source = row.source if isinstance(row, Line) else ""
        height = max(self.least, lines * self.leading + self.size * 0.5) if lines > 1 else self.least
        planned = TableRow(height, shown, values=cells, source=source)
        longest = self.flow.frame.height - self.head.height - _CAPTION_PITCH - 3 * self.least
        if height > longest:
            yield from self._cut(planned, max(1, int((longest - self.size) / self.leading)))
        else:
            yield planned

    def _cells(self, cells: Sequence[Cell], number: int, pen: Pen) -> tuple[list[Shown], int]:
        shown: list[Shown] = []
        most = 1
        rooms = self.grid.rooms
        seen = pen.seen
        for index, value in enumerate(cells):
            if value is None or value == "":
                shown.append(None)
                continue
            text = self.writers[index](value)
            made = seen.get(text)
            if made is None:
                if not pen.safe.issuperset(text):
                    text = self.flow.clean(text, f"{self.name}第 {number} 行“{self.label(index)}”")
                made = pen(text) if "\n" not in text else ("", rooms[index] + 1)
            if made[1] <= rooms[index]:
                shown.append(made)
            elif self.columns[index].wrap and isinstance(value, str):
                several = self._wrap(text, rooms[index], pen)
                most = max(most, len(several))
                shown.append(several if len(several) > 1 else several[0])
            else:
                shown.append((self._squeeze(made, rooms[index]), rooms[index]))
        return shown, most

    def label(self, index: int) -> str:
        """The heading of a column in one line."""
        return self.columns[index].label.replace("\n", "")

    def _wrap(self, text: str, room: float, pen: Pen) -> list[tuple[str, float]]:
        lines = break_lines(atoms(text, pen.measure), room, justify=False, cut=cut_piece)
        made = []
        for line in lines:
            words = line.text.rstrip()
            operators, wide = pen(words) if words else ("", 0.0)
            made.append((operators, wide) if wide <= room else (self._squeeze((operators, wide), room), room))
        return made

    @staticmethod
    def _squeeze(made: tuple[str, float], room: float) -> str:
        return f"{100 * room / made[1]:.1f} Tz {made[0]} 100 Tz"

    def _cut(self, planned: TableRow, most: int) -> Iterator[TableRow]:
        """A row higher than a page goes on in further rows; only then is a row split."""
        rest: list[Shown] = planned.cells
        values = planned.values
        while any(cell is not None for cell in rest):
            part: list[Shown] = [cell[:most] if isinstance(cell, list) else cell for cell in rest]
            rest = [cell[most:] or None if isinstance(cell, list) else None for cell in rest]
            lines = max(len(cell) if isinstance(cell, list) else 1 for cell in part if cell is not None)
            height = max(self.least, lines * self.leading + self.size * 0.5)
            yield TableRow(height, part, values=values, source=planned.source)
            values = None

    def _band(self, cells: Sequence[Cell], number: int) -> TableRow:
        shown, lines = self._cells(cells, number, self.bold)
        span = next((index for index, cell in enumerate(cells[1:], 1) if cell is not None), len(cells))
        if isinstance(cells[0], str) and span > 1:
            shown, lines = self._spanned(cells, number, span)
        height = max(self.least, lines * self.leading + self.size * 0.5)
        return TableRow(height, shown, span=span if isinstance(cells[0], str) else 1, strong=True)

    def _spanned(self, cells: Sequence[Cell], number: int, span: int) -> tuple[list[Shown], int]:
        label = self.flow.clean(str(cells[0]), f"{self.name}第 {number} 行")
        made = self.bold(label)
        room = self.grid.room(0, span)
        shown, lines = self._cells((None, *cells[1:]), number, self.bold)
        if made[1] > room:
            made = (self._squeeze(made, room), room)
        return [made, *shown[1:]], lines

    def _special(self, label: str, values: dict[int, Cell], *, bold: bool = True) -> TableRow:
        """本页小计 and the like: a label over the columns before the first value."""
        cells: list[Cell] = [values.get(index) for index in range(len(self.columns))]
        place = next((index for index, cell in enumerate(cells) if cell is None), 0)
        span = next((i for i in range(place + 1, len(cells)) if cells[i] is not None), len(cells)) - place
        pen = self.bold if bold else self.pen
        shown, lines = self._cells(cells, 0, pen)
        made = pen(self.flow.clean(label, self.name))
        room = self.grid.room(place, span)
        shown[place] = made if made[1] <= room else (self._squeeze(made, room), room)
        height = max(self.least, lines * self.leading + self.size * 0.5)
        return TableRow(height, shown, span=span, span_at=place, strong=bold)

    # -------------------------------------------------------------------------------------------------- pages
    def draw(self) -> None:
        """Set the whole table."""
        rows = self._planned()
        if self.flow.used > 0:
            self.flow.used_up(_BEFORE)
        opening = list(itertools.islice(rows, _MOST_TOGETHER if self.table.together else _TOGETHER))
        ending = self.tail + 2 * self.least if self.table.together else self.least
        height = self._top() + sum(row.height for row in opening) + ending
        if height <= self.flow.frame.height:
            self.flow.need(height)
        else:
            self.flow.need(self._top() + sum(row.height for row in opening[:_TOGETHER]) + self.least)
        page = _Page()
        self._open(page)
        for row in itertools.chain(opening, rows):
            # On the first page a sum line is only needed if the table goes on: try without it first.
            reserve = self._sum_height() if self.pages else 0.0
            if page.rows and page.height + row.height + reserve > self.flow.room + 0.01:
                page = self._turn(page, row)
            else:
                page.rows.append(row)
                page.height += row.height
        self._close_last(page)

    def _top(self) -> float:
        captioned = bool(self.table.caption_left or self.table.caption_right)
        return self.head.height + (_CAPTION_PITCH if captioned else 0.0)

    def _sum_height(self) -> float:
        return 0.0 if self.table.page_sum is PageSum.NONE else self.least

    def _open(self, page: _Page) -> None:
        """Captions, head, and what was carried over, at the top of a page."""
        self._captions()
        self.grid.start(self.head)
        if self.pages and self.table.page_sum is PageSum.CARRY:
            row = self._special("承前页", self.carried)
            page.rows.append(row)
            page.height += row.height

    def _turn(self, page: _Page, row: TableRow) -> _Page:
        """Close a full page and open the next; rows that must make room for the sum line go along."""
        moved = [row]
        while len(page.rows) > 1 and page.height + self._sum_height() > self.flow.room + 0.01:
            moved.insert(0, page.rows.pop())
            page.height -= moved[0].height
        self._take_along(page, moved)
        self._close(page)
        return self._next(moved)

    @staticmethod
    def _take_along(page: _Page, moved: list[TableRow]) -> None:
        """No page begins with 本月合计 or 本年累计: they stand under at least one of their rows."""
        while len(page.rows) > 1 and len(moved) < _MOST_ALONG and moved[0].strong:
            moved.insert(0, page.rows.pop())
            page.height -= moved[0].height

    def _next(self, moved: list[TableRow]) -> _Page:
        self.flow.new_page()
        self.pages += 1
        page = _Page()
        self._open(page)
        page.rows += moved
        page.height += sum(row.height for row in moved)
        return page

    def _add_up(self, page: _Page) -> dict[int, Cell]:
        """Add the page to the sums; returns the page's own."""
        own: dict[int, Cell] = {}
        for index in self.adding:
            total = sum(
                value
                for row in page.rows
                if row.values is not None and isinstance(value := row.values[index], int)
            )
            own[index] = total
            self.sums[index] += total
        for index in self.lasting:
            for row in reversed(page.rows):
                if row.values is not None and row.values[index] is not None:
                    self.carried[index] = own[index] = row.values[index]
                    break
        self.carried |= self.sums
        return own

    def _close(self, page: _Page) -> None:
        """Draw a page that is not the last one of the table."""
        own = self._add_up(page)
        if self.table.page_sum is PageSum.SUBTOTAL:
            page.rows.append(self._special("本页小计", own))
        elif self.table.page_sum is PageSum.CARRY:
            page.rows.append(self._special("过次页", self.carried))
        self.grid.draw(page.rows)

    def _close_last(self, page: _Page) -> None:
        extra = self._sum_height() if self.pages and self.table.page_sum is PageSum.SUBTOTAL else 0.0
        if self.table.totals is not None or self.table.total_label:
            extra += self.least
        if page.height + extra + self.tail > self.flow.room + 0.01:
            together = min(_TOGETHER, len(page.rows) - 1)
            if together > 0:
                moved = page.rows[-together:]
                del page.rows[-together:]
                page.height -= sum(row.height for row in moved)
                if (
                    page.height + self._sum_height() > self.flow.room + 0.01
                ):  # the first page was packed to the edge
                    moved.insert(0, page.rows.pop())
                self._take_along(page, moved)
                if page.rows:
                    self._close(page)
                page = self._next(moved)
        own = self._add_up(page)
        closing = self._totals()
        if self.pages and self.table.page_sum is PageSum.SUBTOTAL:
            closing.insert(0, self._special("本页小计", own))
        struck = self._fill(page, sum(row.height for row in closing))
        page.rows += closing
        self.grid.draw(page.rows, struck=struck)

    def _totals(self) -> list[TableRow]:
        if self.table.total_label:
            values: dict[int, Cell] = {**self.sums}
            values |= {index: self.carried[index] for index in self.lasting if index in self.carried}
            return [self._special(self.table.total_label, values)]
        given = self.table.totals
        if given is None:
            return []
        for index in self.adding:
            value = given[index]
            if isinstance(value, int) and value != self.sums[index]:
                write = self.writers[index]
                raise PaperError(
                    f"{self.name}“{self.label(index)}”一栏各行相加是 {write(self.sums[index])}，"
                    f"合计却是 {write(value)}，两者不符，没有生成文件，请检查数据后重试。"
                )
        return [self._band(given, 0)]

    def _fill(self, page: _Page, closing: float) -> tuple[int, int] | None:
        """Empty rows down to the bottom, above sums of the height ``closing``.

        Returns their first and last index if they are to be struck through.
        """
        if self.table.fill is Fill.NONE:
            return None
        used = sum(row.height for row in page.rows) + closing
        count = int((self.flow.room - self.tail - used + 0.01) // self.least)
        if count <= 0:
            return None
        at = len(page.rows)
        page.rows += [TableRow(self.least, [None] * len(self.columns)) for _ in range(count)]
        return (at, at + count - 1) if self.table.fill is Fill.STRUCK else None

    def _captions(self) -> None:
        table, flow = self.table, self.flow
        if not (table.caption_left or table.caption_right):
            return
        pen = flow.ink.pen(Face.SONG, SIZE_5)
        y = flow.take(_CAPTION_PITCH) - _CAPTION_PITCH + 5.5
        left, right = flow.clean(table.caption_left, self.name), flow.clean(table.caption_right, self.name)
        flow.ink.say(flow.frame.left, y, Face.SONG, SIZE_5, left)
        flow.ink.say(flow.frame.right - pen.measure(right), y, Face.SONG, SIZE_5, right)
