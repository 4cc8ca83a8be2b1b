"""Fitting a table to the page (表格适配): decimals, column widths, and a smaller type when many columns ask for it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.cells import NUMBERS, Cell, places_for, writer
from hongyao_desktop.paper.document import Band, Face, PageSum, Row, Sum, Table, cells_of
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.grid import PADDING
from hongyao_desktop.paper.ink import Pen
from hongyao_desktop.paper.widths import LONG_ROOM, column_needs, column_widths, crowded

_SAMPLE: Final = 300
_SIZES: Final = (9.0, 7.5)  # 小五, 六号
_WIDER: Final = 100  # a stream's sums are taken to be two digits longer than its first rows


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is set: size of type, x of the column edges, how each column writes its cells."""

    size: float
    edges: list[float]
    writers: list[Callable[[Cell], str]]


def checked(table: Table, row: Row, number: int) -> tuple[Cell, ...]:
    """The cells of a row; raises ValueError when there are too many or too few."""
    cells, count = cells_of(row), len(table.columns)
    if len(cells) != count:
        raise ValueError(f"row {number} of a table has {len(cells)} cells for {count} columns")
    return cells


def fit(flow: Flow, table: Table) -> Fit:
    """Decide size and widths. Only columns without a weight are measured, and only they can ask for a smaller type."""
    writers = [
        writer(column.kind, _places(table, index), grouped=column.grouped)
        for index, column in enumerate(table.columns)
    ]
    frame = flow.frame
    size = table.size
    needs = [0.0] * len(table.columns)
    wants: list[float] = []
    if any(column.width is None for column in table.columns):
        sample = [[write(cell) for write, cell in zip(writers, row, strict=True)] for row in _sample(table)]
        for size in (table.size, *(smaller for smaller in _SIZES if smaller < table.size)):
            measure = _quiet(flow.ink.pen(Face.SONG, size))
            needs = column_needs(table.columns, sample, measure, size, size * PADDING)
            wants = column_needs(table.columns, sample, measure, size, size * PADDING, LONG_ROOM)
            if not crowded(table.columns, needs, frame.width, size):
                break
    lengths = column_widths(table.columns, needs, frame.width, size, wants)
    return Fit(size, list(itertools.accumulate(lengths, initial=frame.left)), writers)


def _quiet(pen: Pen) -> Callable[[str], float]:
    """Measuring for a sample: missing glyphs are noted when drawn, not here."""

    def measure(text: str) -> float:
        return pen.measure(text if pen.safe.issuperset(text) else "".join(c for c in text if c in pen.safe))

    return measure


def _places(table: Table, index: int) -> int:
    column = table.columns[index]
    if column.kind not in (CellKind.HOURS, CellKind.POINTS, CellKind.CREDIT):
        return 0
    if not isinstance(table.rows, Sequence):
        return 1 if column.kind is CellKind.HOURS else 2  # a stream is not read once more for its decimals
    rows = enumerate(table.rows, 1)
    least = 1 if column.kind is CellKind.HOURS else 0  # 99.0 beside 4.5, as the lists on the screen have it
    return max(least, places_for(column.kind, (checked(table, row, number)[index] for number, row in rows)))


def _sample(table: Table) -> Iterator[tuple[Cell, ...]]:
    """Rows to measure: the first ones, and made up ones with the extremes and the sums."""
    first = [
        checked(table, row, number) for number, row in enumerate(itertools.islice(table.rows, _SAMPLE), 1)
    ]
    yield from first
    whole = isinstance(table.rows, Sequence)
    data = (
        [cells_of(row) for row in table.rows if not isinstance(row, Band)]
        if isinstance(table.rows, Sequence)
        else first
    )
    extremes: list[list[Cell]] = [[], []]
    sums: list[Cell] = []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in data]
        numbers = [value for value in values if isinstance(value, int)]
        if column.kind in NUMBERS and numbers:
            extremes[0].append(max(numbers))
            extremes[1].append(min(numbers))
        else:
            words = [value for value in values if isinstance(value, str)]
            extremes[0].append(max(words, key=len, default=None))
            extremes[1].append(None)
        summed = column.summed is Sum.ADD and (table.total_label or table.page_sum is not PageSum.NONE)
        total = sum(numbers) if whole else max(map(abs, numbers), default=0) * _WIDER
        sums.append(total if summed else None)
    yield from map(tuple, extremes)
    yield tuple(sums)
    if table.totals is not None:
        yield table.totals
