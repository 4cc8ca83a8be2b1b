"""The work summary as a workbook (汇总工作簿): the paper's tables, the records behind every figure, and a live tie-out.

Every figure is computed anew by the spreadsheet program from its own detail sheet and held against the number the
paper prints; the difference must be zero.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hongyao_desktop.briefing.papers import board_table, cell_kind, classes_table, months_table, units_table
from hongyao_desktop.briefing.summary import Reading, Summary, gather, period_words
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.figure import Figure, Unit
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.register import Register
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.cells import writer
from hongyao_desktop.paper.document import Sum, Table, cells_of
from hongyao_desktop.sheets.book import column_letter
from hongyao_desktop.sheets.writing import ColumnOut, Formula, Properties, SheetOut, Written, write_book

_FIRST_DETAIL_ROW = 3
_CODE_WORDS = ("编号", "凭证号")
_PLACES = 2  # decimals that sheets show
_MEASURED = 3000  # rows looked at for widths
_NARROWEST, _WIDEST = 4, 26


def write_summary_book(
    figures: Sequence[Figure], registers: Sequence[Register], request: PaperRequest, out: Path
) -> list[Written]:
    """Write the summary of a unit and period; read it within one snapshot. Refuses what cannot be written."""
    summary = gather(request.reader, figures, request.period, request.scope, office=request.office)
    by_name = {register.name: register for register in registers}
    details = {
        figure.code: detail_sheet(
            figure,
            by_name[figure.register],
            figure.drill(request.reader, request.period, request.scope),
            request.purpose,
        )
        for figure in figures
    }
    tables = [units_table(summary), board_table(summary), classes_table(summary), months_table(summary)]
    sheets = [
        tie_out_sheet(summary, details, request),
        *(sheet_of(table) for table in tables),
        *details.values(),
    ]
    properties = Properties(
        title=summary.title,
        subject=f"{period_words(summary.period)}；用途：{request.purpose.label}；日志校验值 {request.head}",
        creator=request.printed_by,
        created=request.clock.now(),
    )
    return write_book(out, sheets, properties, control="合计核对")


def sheet_of(table: Table) -> SheetOut:
    """A paper's table as a sheet: the same raw values, totals live."""
    groups = [group.label for group in table.head_groups for _ in range(group.span)] or [""] * len(
        table.columns
    )
    columns = [
        ColumnOut(
            column.label.replace("\n", ""),
            column.kind,
            width,
            group,
            total=column.summed is Sum.ADD,
        )
        for column, group, width in zip(table.columns, groups, _widths(table), strict=True)
    ]
    titles = [table.name] + [text for text in (table.caption_right,) if text]
    return SheetOut(table.name, columns, [cells_of(row) for row in table.rows], titles=titles)


def _widths(table: Table) -> list[int]:
    """Room for what each column holds, in Chinese characters: head, values, sum; long text goes on below."""
    writers = [writer(column.kind, _PLACES, grouped=column.grouped) for column in table.columns]
    needs = [max(_half_widths(part) for part in column.label.split("\n")) for column in table.columns]
    sums = [0] * len(table.columns)
    for row in itertools.islice(table.rows, _MEASURED):
        for at, cell in enumerate(cells_of(row)):
            needs[at] = max(needs[at], *map(_half_widths, writers[at](cell).split("\n")))
            sums[at] += cell if isinstance(cell, int) and table.columns[at].summed is Sum.ADD else 0
    needs = [
        max(need, _half_widths(write(total))) for need, write, total in zip(needs, writers, sums, strict=True)
    ]
    return [min(max(-(-need // 2), _NARROWEST), _WIDEST) for need in needs]


def _half_widths(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def detail_sheet(figure: Figure, register: Register, rows: Sequence[Row], purpose: Purpose) -> SheetOut:
    """The records behind one figure; what is added up has a live total."""
    columns = [_column(figure, register, name, heading) for name, heading in figure.columns]
    if figure.sum_column and figure.sum_column not in dict(figure.columns):
        columns.append(ColumnOut(figure.label, cell_kind(figure), 9, total=True))
    return SheetOut(
        f"{figure.code} {figure.label}",
        columns,
        list(_detail_rows(figure, register, rows, purpose)),
        titles=(f"{figure.code} {figure.label}：{figure.definition}",),
    )


def _detail_rows(
    figure: Figure, register: Register, rows: Sequence[Row], purpose: Purpose
) -> Iterator[tuple[Any, ...]]:
    names = [name for name, _heading in figure.columns]
    if figure.sum_column and figure.sum_column not in names:
        names.append(figure.sum_column)
    masked = {field.name: field.type for field in register.fields if field.masked}
    for row in rows:
        yield tuple(masked[name].mask(row[name], purpose) if name in masked else row[name] for name in names)


def _column(figure: Figure, register: Register, name: str, heading: str) -> ColumnOut:
    """How a detail column lies in the sheet: as the register says, else by what the heading calls it."""
    if name == figure.sum_column:
        return ColumnOut(heading, cell_kind(figure), 9, total=True)
    known = {field.name: field for field in register.fields}
    if name in known:
        return ColumnOut(heading, known[name].type.cell, max(known[name].width, len(heading)))
    kind = CellKind.CODE if heading.endswith(_CODE_WORDS) else _plain_kind(name)
    return ColumnOut(heading, kind, max(10, len(heading)))


def _plain_kind(name: str) -> CellKind:
    if name.endswith("_on"):
        return CellKind.DATE
    if name.endswith("_fen"):
        return CellKind.MONEY
    if name == "minutes":
        return CellKind.HOURS
    return CellKind.INTEGER if name in ("times", "persons") else CellKind.TEXT


def tie_out_sheet(summary: Summary, details: Mapping[str, SheetOut], request: PaperRequest) -> SheetOut:
    """Every figure as printed, as the spreadsheet computes it from its detail sheet, and the difference."""
    columns = (
        ColumnOut("编号", CellKind.CODE, 6),
        ColumnOut("指标", CellKind.TEXT, 12),
        ColumnOut("单位", CellKind.TEXT, 5),
        ColumnOut("汇总数值", CellKind.MONEY, 10),
        ColumnOut("明细重算", CellKind.MONEY, 10),
        ColumnOut("差额", CellKind.MONEY, 7, total=True),
        ColumnOut("口径", CellKind.TEXT, 40),
    )
    titles = (summary.title, f"{request.foot().run}；日志校验值 {request.head}")
    first = len(titles) + 2
    rows = [
        _tie_out_row(first + place, reading, details[code])
        for place, (code, reading) in enumerate(summary.readings.items())
    ]
    notes = ("“明细重算”“差额”是公式，由表格软件从各指标的明细表当场计算；差额应全部为 0。",)
    return SheetOut("指标核对", columns, rows, titles=titles, notes=notes)


def _tie_out_row(row: int, reading: Reading, detail: SheetOut) -> tuple[Any, ...]:
    figure, value = reading.figure, in_hundredths(reading)
    live = Formula(recompute(figure, detail), value)
    difference = Formula(f"ROUND(E{row}-D{row},2)", 0)
    return figure.code, figure.label, figure.unit.value, value, live, difference, figure.definition


def recompute(figure: Figure, detail: SheetOut) -> str:
    """The formula that makes the figure from its detail sheet: the number of rows, or the sum of one column."""
    count = len(list(detail.rows))
    if not count:
        return "0"
    position = next((place for place, column in enumerate(detail.columns) if column.total), 0)
    letter = column_letter(position)
    span = f"'{detail.name}'!${letter}${_FIRST_DETAIL_ROW}:${letter}${_FIRST_DETAIL_ROW + count - 1}"
    return f"SUM({span})" if figure.sum_column else f"ROWS({span})"


def in_hundredths(reading: Reading) -> int:
    """A figure's value in hundredths of its unit, so that money, hours and counts share one column."""
    match reading.figure.unit:
        case Unit.YUAN | Unit.POINTS | Unit.CREDIT_HOURS:
            return reading.value
        case Unit.HOURS:
            return (reading.value * 200 + 60) // 120
        case _:
            return reading.value * 100
