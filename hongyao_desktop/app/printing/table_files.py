"""The tables of any paper as a workbook or text file, from the same declaration as the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hongyao_desktop.briefing.workbooks import sheet_of
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Document, Line, Table
from hongyao_desktop.paper.stamp import content_of, short_code
from hongyao_desktop.paper.sums import printed_sums
from hongyao_desktop.sheets.csv_files import Encoding, write_csv
from hongyao_desktop.sheets.totals import OnPaper, tie_out_sheet
from hongyao_desktop.sheets.writing import ColumnOut, Properties, SheetOut, Written, write_book

TIE_OUT: Final = "与纸面核对"


def write_tables(document: Document, request: PaperRequest, out: Path) -> int:
    """Write every table of a paper as a sheet, sums live, with a sheet that checks them; returns the rows.

    Refuses a paper without a table.
    """
    tables = _tables(document)
    sheets = [_sheet(table, name) for table, name in zip(tables, _names(tables, document), strict=True)]
    properties = Properties(
        title=document.title,
        subject=(
            f"{request.foot().run}；用途：{request.purpose.label}；"
            f"与 PDF 相同的核验码 {short_code(request.head, content_of(document).checksum)}；日志校验值 {request.head}"
        ),
        creator=request.printed_by,
        created=request.clock.now(),
    )
    code = short_code(request.head, content_of(document).checksum)
    written = write_book(
        out,
        sheets,
        properties,
        control="合计核对",
        ahead=lambda made: (_tie_out(document, tables, made, code),),
    )
    return sum(sheet.rows for sheet in written[: len(sheets)])


def write_text(document: Document, out: Path, encoding: Encoding = "utf-8-sig") -> int:
    """Write the one table of a paper as text; refuses a paper with none or several."""
    tables = _tables(document)
    if len(tables) > 1:
        raise Refusal(
            f"“{document.title}”有 {len(tables)} 张表，一个文本文件放不下，请存为 .xlsx", exit_code=2
        )
    columns = [ColumnOut(column.label.replace("\n", ""), column.kind) for column in tables[0].columns]
    return write_csv(out, columns, _records(tables[0]), encoding)


def _tie_out(document: Document, tables: Sequence[Table], written: Sequence[Written], code: str) -> SheetOut:
    """Every figure of the paper's 合计 lines, and the number of rows at its foot, from the sheets beside it."""
    count = sum(sheet.rows for sheet in written)
    counting = "+".join(f"ROWS({sheet.span(0)})" for sheet in written if sheet.rows) or "0"
    figures = [OnPaper("全部", "页脚行数", CellKind.INTEGER, count, counting)] if count else []
    for table, sheet in zip(tables, written, strict=True):
        for printed in printed_sums(table):
            column = sheet.columns[printed.column]
            live = f"SUM({sheet.span(printed.column)})" if sheet.rows else "0"
            if printed.last:
                live = f"N({sheet.cell(printed.column, printed.last)})"
            figures.append(OnPaper(sheet.name, f"合计 {column.label}", column.kind, printed.value, live))
    return tie_out_sheet(TIE_OUT, figures, f"{document.title}，纸面核验码 {code}")


def _tables(document: Document) -> tuple[Table, ...]:
    tables = document.tables()
    if not tables:
        raise Refusal(f"“{document.title}”没有表格，请存为 PDF", exit_code=2)
    return tables


def _names(tables: tuple[Table, ...], document: Document) -> Iterator[str]:
    """Sheet names; a table without a name is called by the paper's title."""
    for table in tables:
        yield table.name or document.title


def _sheet(table: Table, name: str) -> SheetOut:
    return replace(sheet_of(replace(table, name=name)), rows=list(_records(table)))


def _records(table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows that are records: sum lines are computed anew by the workbook."""
    for row in table.rows:
        if isinstance(row, tuple):
            yield row
        elif isinstance(row, Line):
            yield row.cells
