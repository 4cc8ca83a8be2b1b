"""What a table's last line adds up to (纸面合计), for holding a spreadsheet against the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hongyao_desktop.paper.document import Band, Sum, Table, cells_of


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a table's 合计 line: its column, the value in the column's own unit, and how it comes about.

    ``last`` is the row (from 1, sum lines not counted) whose value it repeats; 0 for a sum.
    """

    column: int
    value: int
    last: int = 0


def printed_sums(table: Table) -> tuple[Printed, ...]:
    """The figures of the 合计 line as the paper prints them; empty for a table without one."""
    if table.totals is None and not table.total_label:
        return ()
    adding = [index for index, column in enumerate(table.columns) if column.summed is Sum.ADD]
    if table.totals is not None:
        given = ((index, table.totals[index]) for index in adding)
        return tuple(Printed(index, value) for index, value in given if isinstance(value, int))
    lasting = [index for index, column in enumerate(table.columns) if column.summed is Sum.LAST]
    sums = dict.fromkeys(adding, 0)
    latest: dict[int, Printed] = {}
    for number, cells in _records(table):
        for index in adding:
            value = cells[index]
            if isinstance(value, int):
                sums[index] += value
        for index in lasting:
            value = cells[index]
            if isinstance(value, int):
                latest[index] = Printed(index, value, number)
    found = [Printed(index, value) for index, value in sums.items()] + list(latest.values())
    return tuple(sorted(found, key=lambda one: one.column))


def _records(table: Table) -> Iterator[tuple[int, tuple[object, ...]]]:
    rows = (row for row in table.rows if not isinstance(row, Band))
    yield from enumerate((cells_of(row) for row in rows), 1)
