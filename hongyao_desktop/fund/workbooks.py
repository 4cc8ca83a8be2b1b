"""The cash book as a workbook: every entry with its origin, balances as live formulas, sums held against ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.aid_papers import AID_NOTICE, RECEIPTS
from hongyao_desktop.fund.papers import CASH_BOOK
from hongyao_desktop.fund.queries import CashBook
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.sheets.cells import hundredths
from hongyao_desktop.sheets.totals import OnPaper, tie_out_sheet
from hongyao_desktop.sheets.writing import ColumnOut, Formula, Properties, SheetOut, Written, write_book

COLUMNS = (
    ColumnOut("日期", CellKind.DATE, 9),
    ColumnOut("凭证号", CellKind.CODE, 7),
    ColumnOut("摘要", CellKind.TEXT, 22),
    ColumnOut("类别", CellKind.TEXT, 12),
    ColumnOut("收入", CellKind.MONEY, 10, total=True),
    ColumnOut("支出", CellKind.MONEY, 10, total=True),
    ColumnOut("结余", CellKind.MONEY, 11),
    ColumnOut("方式", CellKind.TEXT, 5),
    ColumnOut("对方单位/个人", CellKind.TEXT, 12),
    ColumnOut("经办人", CellKind.TEXT, 7),
    ColumnOut("附件张数", CellKind.INTEGER, 6),
    ColumnOut("票据号", CellKind.CODE, 10),
    ColumnOut("状态", CellKind.TEXT, 6),
)
_FIRST_ROW = 4
"""Title, line of the period, header; then the rows."""


def write_cash_book(request: PaperRequest, out: Path) -> list[Written]:
    """Write the books of the funds asked for, a sheet each, with a sheet that sums everything anew."""
    wanted = request.options.get("fund", "")
    held = queries.funds_of(request.reader, request.scope)
    chosen = [fund for fund in held if not wanted or wanted in (fund["name"], fund["id"])]
    if not chosen:
        raise Refusal(f"{request.scope.label}没有可导出的日记账，请先建账")
    books = [_book(request, fund) for fund in chosen]
    sheets = [_sheet(book) for book in books]
    properties = Properties(
        title="现金日记账",
        subject=f"{request.foot().run}；日志校验值 {request.head}",
        creator=request.printed_by,
        created=request.clock.now(),
    )
    return write_book(
        out,
        sheets,
        properties,
        control="合计核对",
        ahead=lambda written: (_tie_out(books, written),),
    )


def _tie_out(books: Sequence[CashBook], written: Sequence[Written]) -> SheetOut:
    """Every month's 合计 and 本年累计 as the paper prints them, from the entries of the sheet."""
    figures = [
        figure for book, sheet in zip(books, written, strict=True) for figure in _month_figures(book, sheet)
    ]
    return tie_out_sheet("与纸面核对", figures, "现金日记账各月的本月合计、本年累计和结余")


def _month_figures(book: CashBook, sheet: Written) -> Iterator[OnPaper]:
    entries = [line for line in book.lines if line.direction != "期初"]
    early: dict[int, tuple[int, int]] = {}
    for total in book.months:
        month, words = total.month.replace(day=1), f"{total.month.year}年{total.month.month}月"
        last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        # A book that begins within a month or year shows only part of it; what lies before is added as a number.
        cut = (0, 0)
        if month.year not in early:
            within = [line for line in entries if month <= line.day <= last]
            shown = sum(line.in_fen for line in within), sum(line.out_fen for line in within)
            early[month.year] = total.year_in_fen - shown[0], total.year_out_fen - shown[1]
            if book.first > month:
                cut = total.in_fen - shown[0], total.out_fen - shown[1]
        for side, what, own, whole in (
            (0, "收入", total.in_fen, total.year_in_fen),
            (1, "支出", total.out_fen, total.year_out_fen),
        ):
            live = _between(sheet, 4 + side, month, last, cut[side])
            yield OnPaper(sheet.name, f"{words}合计 {what}", CellKind.MONEY, own, live)
            live = _between(sheet, 4 + side, month.replace(month=1), last, early[month.year][side])
            yield OnPaper(sheet.name, f"{words}本年累计 {what}", CellKind.MONEY, whole, live)
        upto = sum(line.day <= last for line in entries)
        closing = f"N({sheet.cell(6, 1 + upto)})"
        yield OnPaper(sheet.name, f"{words}结余", CellKind.MONEY, total.closing_fen, closing)


def _between(sheet: Written, place: int, first: dt.date, last: dt.date, before: int) -> str:
    days = sheet.span(0)
    since, until = (f"DATE({day.year},{day.month},{day.day})" for day in (first, last))
    inside = f"SUMPRODUCT(({days}>={since})*({days}<={until}),{sheet.span(place)})"
    return f"{inside}+{hundredths(before)}" if before else inside


def _book(request: PaperRequest, fund: Row) -> CashBook:
    opened = dt.date.fromisoformat(fund["opened_on"])
    first = min(max(request.period.first, opened), request.period.last)
    return queries.cash_book(request.reader, fund["id"], first, request.period.last)


def _sheet(book: CashBook) -> SheetOut:
    span = f"{book.first.isoformat()} 至 {book.last.isoformat()}　单位：元"
    return SheetOut(
        name=book.fund["name"],
        columns=COLUMNS,
        rows=list(_rows(book)),
        titles=(f"{book.fund['name']}现金日记账", span),
        notes=("“结余”是公式：上一行结余加收入减支出；期初和上年结转不计入收入合计。",),
    )


def _rows(book: CashBook) -> Iterator[tuple[Any, ...]]:
    """The opening line, then every entry; the balance of each is computed from the line above it."""
    opening = [line for line in book.lines if line.direction == "期初"]
    start = book.before_fen + sum(line.in_fen for line in opening)
    yield (book.first, None, "上年结转", None, None, None, start, *(None,) * 6)
    number = _FIRST_ROW
    balance = start
    for line in book.lines:
        if line.direction == "期初":
            continue
        number += 1
        balance += line.in_fen - line.out_fen
        state = "红字" if line.red else "已冲正" if line.reversed_by_id else "正常"
        yield (
            line.day,
            line.voucher,
            line.summary,
            line.category,
            line.in_fen or None,
            line.out_fen or None,
            Formula(f"ROUND(G{number - 1}+N(E{number})-N(F{number}),2)", balance),
            line.method,
            line.counterparty,
            line.handler,
            line.attachments,
            line.receipt_number,
            state,
        )


PAPERS: tuple[PaperSpec, ...] = (replace(CASH_BOOK, workbook=write_cash_book), RECEIPTS, AID_NOTICE)
"""The papers of this room, each with its workbook where it has one."""
