"""How values lie in spreadsheet cells (单元格写法): exact, typed, and never alive.

Money, points and hours are whole numbers inside the program and become decimal cells without passing through binary
fractions. Identity numbers, phones and codes are text cells. Text is text: nothing a person typed can become a
formula, and characters a spreadsheet cannot hold are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from hongyao_desktop.core.fields import CellKind

PERCENT: Final = "percent"
Kind = CellKind | Literal["percent"]
"""How a column's values are written; a percentage is a ratio: 0.85 is 85%."""

FORMATS: Final[dict[str, str]] = {
    CellKind.TEXT: "General",
    CellKind.CODE: "@",
    CellKind.INTEGER: "0",
    CellKind.MONEY: "#,##0.00",
    CellKind.POINTS: "0.00",
    CellKind.HOURS: "0.00",
    CellKind.CREDIT: "0.00",
    CellKind.DATE: "yyyy-mm-dd",
    CellKind.TIME: "h:mm",
    PERCENT: "0.0%",
}
"""Number format of each kind."""

SUMMED: Final = frozenset(
    {CellKind.INTEGER, CellKind.MONEY, CellKind.POINTS, CellKind.HOURS, CellKind.CREDIT}
)
"""Kinds a total means something for."""

LONGEST_TEXT: Final = 32_767
_CUT: Final = "……（原文过长，已截断）"
# Characters that XML 1.0 cannot hold, halves of surrogate pairs included.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUSPECT: Final = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH: Final = dt.date(1899, 12, 30)
_FIRST_SAFE_DAY: Final = dt.date(1900, 3, 1)  # before it spreadsheets count a day that never was


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula and its result as the program has it, in the units of the column's kind.

    Attributes:
        expression: without the equals sign, built by the program alone.
        result: shown until a spreadsheet program computes it anew; None to leave it open.
    """

    expression: str
    result: Any = None


def plain_text(value: str) -> str:
    """A text as a cell can hold it: without control characters, one kind of line end, not over-long."""
    if _SUSPECT.search(value):
        value = _UNFIT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(value) > LONGEST_TEXT:
        value = value[: LONGEST_TEXT - len(_CUT)] + _CUT
    return value


def markup(value: str) -> str:
    """A text as it stands in the XML of a cell."""
    if _SUSPECT.search(value):
        value = escape(_ESCAPE_LIKE.sub("_x005F_", plain_text(value)))
    elif len(value) > LONGEST_TEXT:
        value = plain_text(value)
    return value


def number(kind: Kind, value: Any) -> str | None:
    """The digits of a value as a numeric cell holds them; None if it is no number of that kind.

    Money in 分, points, 学时 in hundredths, hours and times of day in minutes, all whole numbers; a date as
    ``YYYY-MM-DD`` text or `datetime.date`; a percentage as Decimal or float ratio.
    """
    if isinstance(value, bool):
        return None
    if kind in {CellKind.MONEY, CellKind.POINTS, CellKind.CREDIT}:
        return hundredths(value) if isinstance(value, int) else None
    if kind == CellKind.INTEGER:
        return str(value) if isinstance(value, int) and abs(value) < 10**15 else None
    if kind == CellKind.HOURS:
        return str(round(Decimal(value) / 60, 10).normalize()) if isinstance(value, int) else None
    if kind == CellKind.TIME:
        return str(round(Decimal(value) / 1440, 12)) if isinstance(value, int) else None
    if kind == CellKind.DATE:
        return _serial(value)
    if kind == PERCENT:
        return str(value) if isinstance(value, (Decimal, float, int)) else None
    return None


def hundredths(value: int) -> str:
    """A whole number of hundredths as a decimal: -1205 is "-12.05"."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 100)
    return f"{sign}{whole}.{rest:02d}"


def _serial(value: Any) -> str | None:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date) or value < _FIRST_SAFE_DAY:
        return None
    return str((value - _EPOCH).days)


def cell_writer(kind: Kind, letter: str, style: int) -> Callable[[Any, int], str]:
    """A function that gives the XML of a column's cell for a value and a row number.

    A value that is not of the column's kind, such as a masked amount, is written as text.
    """
    head = f'<c r="{letter}'
    blank = f'" s="{style}"/>'
    text_head = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    number_head = f'" s="{style}"><v>'
    textual = kind in {CellKind.TEXT, CellKind.CODE}

    def write(value: Any, row: int) -> str:
        if value is None or value == "":
            return f"{head}{row}{blank}"
        if isinstance(value, Formula):
            shown = number(kind, value.result) if value.result is not None else None
            result = f"<v>{shown}</v>" if shown is not None else ""
            return f'{head}{row}" s="{style}"><f>{escape(value.expression)}</f>{result}</c>'
        if not textual:
            digits = number(kind, value)
            if digits is not None:
                return f"{head}{row}{number_head}{digits}</v></c>"
        return f"{head}{row}{text_head}{markup(str(value))}</t></is></c>"

    return write
