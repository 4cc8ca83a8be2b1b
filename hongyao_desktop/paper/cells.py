"""How a raw value of a table cell is written (单元格的写法): the one place for paper and preview.

Cells keep what the file keeps: 分, minutes, hundredths, dates; the column's kind says how they are shown. The
same cells go to spreadsheets, where the spreadsheet's own number formats do this work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from hongyao_desktop.core import hours, money
from hongyao_desktop.core.fields import Align, CellKind

Cell = str | int | dt.date | None
"""A raw value: text, a whole number in the unit of the column's kind, a date, or nothing."""

NUMBERS: Final = frozenset(
    {CellKind.INTEGER, CellKind.MONEY, CellKind.POINTS, CellKind.HOURS, CellKind.CREDIT}
)
"""Kinds that stand right-aligned on the decimal point and can be summed."""

_CENTRED: Final = frozenset({CellKind.CODE, CellKind.DATE, CellKind.TIME})


def default_align(kind: CellKind) -> Align:
    """Numbers right, dates and codes centred, text left."""
    if kind in NUMBERS:
        return Align.RIGHT
    return Align.CENTER if kind in _CENTRED else Align.LEFT


def writer(kind: CellKind, places: int = 0, *, grouped: bool = True) -> Callable[[Cell], str]:
    """The formatting function of a column, made once per table."""
    number: Callable[[int], str]
    match kind:
        case CellKind.MONEY:
            number = money.format_fen
        case CellKind.POINTS | CellKind.CREDIT:
            number = _centi(places)
        case CellKind.HOURS:
            number = _hours(places)
        case CellKind.INTEGER:
            number = _grouped if grouped else str
        case _:
            number = str

    def write(value: Cell) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, dt.date):
            return value.isoformat()
        return number(value)

    return write


def places_for(kind: CellKind, values: Iterable[Cell]) -> int:
    """Decimals a column of points, 学时 or hours needs so that every value is exact and the points stand in line.

    Lengths that two decimals cannot hold (31 minutes) are written in words and do not count.
    """
    if kind is CellKind.HOURS:
        step, fine = 60, 6
    elif kind in (CellKind.POINTS, CellKind.CREDIT):
        step, fine = 100, 10
    else:
        return 0
    places = 0
    for value in values:
        if isinstance(value, int) and value % step:
            if value % fine:
                if kind is not CellKind.HOURS or value % 3 == 0:
                    return 2
            else:
                places = 1
    return places


def _grouped(value: int) -> str:
    return f"{value:,}"


def _centi(places: int) -> Callable[[int], str]:
    def shown(value: int) -> str:
        sign, size = ("-", -value) if value < 0 else ("", value)
        whole, rest = divmod(size, 100)
        if places == 0 and not rest:
            return f"{sign}{whole:,}"
        if places <= 1 and rest % 10 == 0:
            return f"{sign}{whole:,}.{rest // 10}"
        return f"{sign}{whole:,}.{rest:02d}"

    return shown


def _hours(places: int) -> Callable[[int], str]:
    centi = _centi(places)

    def shown(value: int) -> str:
        return centi(value * 5 // 3) if value % 3 == 0 else hours.format_minutes(value)

    return shown
