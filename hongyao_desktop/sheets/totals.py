"""Sheets of totals (合计表): computed anew by the spreadsheet program, beside what the program itself counted.

An auditor trusts a figure that the sheet computes before his eyes; the difference to the program's own must be zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.sheets.cells import Formula, Kind
from hongyao_desktop.sheets.writing import ColumnOut, SheetOut, Written

_FIRST_ROW = 3  # below title and header


def control_sheet(name: str, written: Sequence[Written]) -> SheetOut:
    """A sheet that counts and sums every written sheet anew and compares with the program's own figures (合计核对).

    The column 程序合计 holds what the program counted, 表内合计 what the spreadsheet counts, 差额 must be zero.
    """
    rows: list[Sequence[Any]] = []
    for sheet in written:
        counted = Formula(f"COUNTA({sheet.span(0)})" if sheet.rows else "0", sheet.filled * 100)
        what = f"有“{sheet.columns[0].label}”的行数"
        rows.append(_control_row(_FIRST_ROW + len(rows), sheet.name, what, counted, sheet.filled * 100))
        for position, column in enumerate(sheet.columns):
            if not column.total or position not in sheet.sums:
                continue
            total = _in_hundredths(column.kind, sheet.sums[position])
            live = Formula(f"SUM({sheet.span(position)})" if sheet.rows else "0", total)
            rows.append(_control_row(_FIRST_ROW + len(rows), sheet.name, column.label, live, total))
    return SheetOut(
        name=name,
        columns=(
            ColumnOut("工作表", CellKind.TEXT, 16),
            ColumnOut("项目", CellKind.TEXT, 14),
            ColumnOut("程序合计", CellKind.MONEY, 10),
            ColumnOut("表内合计", CellKind.MONEY, 10),
            ColumnOut("差额", CellKind.MONEY, 8),
        ),
        rows=rows,
        titles=("合计核对",),
        notes=("“表内合计”“差额”是公式，由表格软件当场计算；差额应全部为 0。",),
    )


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A figure as a paper prints it, and the formula that makes it from a written sheet.

    ``value`` is in the unit of ``kind``, ``live`` an expression without the equals sign.
    """

    sheet: str
    what: str
    kind: Kind
    value: int
    live: str


def tie_out_sheet(name: str, figures: Sequence[OnPaper], source: str) -> SheetOut:
    """A sheet that holds every figure of a paper against what the spreadsheet computes (与纸面核对).

    Args:
        name: of the sheet.
        figures: in the order of the paper.
        source: which paper, such as its title and code; stands above the table.
    """
    rows = []
    for row, figure in enumerate(figures, _FIRST_ROW + 1):
        value = _in_hundredths(figure.kind, figure.value)
        live = Formula(figure.live, value)
        rows.append((figure.sheet, figure.what, value, live, Formula(f"ROUND(D{row}-C{row},2)", 0)))
    return SheetOut(
        name=name,
        columns=(
            ColumnOut("工作表", CellKind.TEXT, 16),
            ColumnOut("项目", CellKind.TEXT, 18),
            ColumnOut("纸面数", CellKind.MONEY, 10),
            ColumnOut("表内重算", CellKind.MONEY, 10),
            ColumnOut("差额", CellKind.MONEY, 8),
        ),
        rows=rows,
        titles=(name, source),
        notes=("“纸面数”是打印材料上的数；“表内重算”“差额”是公式，由表格软件当场计算；差额应全部为 0。",),
    )


def group_sheet(written: Written) -> SheetOut:
    """A sheet that counts and sums a written sheet by one of its columns, live (按某列汇总).

    Each value is compared as a whole, capitals aside, as spreadsheet programs do; a row of blanks counts as （空白）.
    """
    assert written.by is not None
    by = written.columns[written.by]
    summed = [
        number for number, column in enumerate(written.columns) if column.total and number in written.sums
    ]
    keys = written.span(written.by)
    rows: list[Sequence[Any]] = []
    for key, group in written.groups.items():
        here = f"$A{_FIRST_ROW + len(rows)}"
        same = f'--({keys}="")' if not key else f"--({keys}={here})"
        counted = Formula(f"SUMPRODUCT({same})", group.rows)
        sums = [
            Formula(f"SUMPRODUCT({same},{written.span(number)})", group.sums[number]) for number in summed
        ]
        rows.append([key or "（空白）", counted, *sums])
    columns = [
        ColumnOut(by.label, CellKind.TEXT, by.width),
        ColumnOut("行数", CellKind.INTEGER, 5, total=True),
    ]
    columns += [
        ColumnOut(written.columns[number].label, written.columns[number].kind, 10, total=True)
        for number in summed
    ]
    return SheetOut(
        name=f"按{by.label}汇总",
        columns=columns,
        rows=rows,
        titles=(f"{written.name}：按{by.label}汇总",),
        notes=("各数是公式，由表格软件当场计算。",),
    )


def _control_row(row: int, sheet: str, what: str, live: Formula, own: int) -> Sequence[Any]:
    return (sheet, what, own, live, Formula(f"ROUND(D{row}-C{row},2)", 0))


def _in_hundredths(kind: Kind, value: int) -> int:
    """A sum in a column's own units as hundredths of what the cell shows."""
    if kind == CellKind.INTEGER:
        return value * 100
    if kind == CellKind.HOURS:
        return int((Decimal(value) * 100 / 60).quantize(Decimal(1), ROUND_HALF_UP))
    return value
