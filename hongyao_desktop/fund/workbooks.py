"""The cash book as a workbook: every entry with its origin, balances as live formulas, sums held against ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
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
    sheets = [_sheet(request, fund) for fund in chosen]
    properties = Properties(
        title="现金日记账",
        subject=f"{request.foot().run}；日志校验值 {request.head}",
        creator=request.printed_by,
        created=request.clock.now(),
    )
    return write_book(out, sheets, properties, control="合计核对")


def _sheet(request: PaperRequest, fund: Row) -> SheetOut:
    opened = dt.date.fromisoformat(fund["opened_on"])
    first = min(max(request.period.first, opened), request.period.last)
    book = queries.cash_book(request.reader, fund["id"], first, request.period.last)
    span = f"{first.isoformat()} 至 {request.period.last.isoformat()}　单位：元"
    return SheetOut(
        name=fund["name"],
        columns=COLUMNS,
        rows=list(_rows(book)),
        titles=(f"{fund['name']}现金日记账", span),
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
