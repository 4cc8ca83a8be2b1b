"""The printed cash book (现金日记账): 承前页 and 过次页, 本月合计 and 本年累计 under each month, 结转下年, 平.

会计基础工作规范 arts. 60 and 63.  Opening and closing lines stand in the balance column only, so page sums hold
income and expense of the period and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.queries import CashBook, MonthTotal
from hongyao_desktop.fund.queries import Line as BookLine
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Band,
    Block,
    Column,
    Document,
    Fill,
    Line,
    Meta,
    PageBreak,
    Paragraph,
    Role,
    SignatureRow,
    Sum,
    Table,
    Title,
)
from hongyao_desktop.paper.document import Row as PaperRow

COLUMNS = (
    Column("日期", kind=CellKind.DATE, width=17.5),
    Column("凭证号", kind=CellKind.CODE, width=13, wrap=False),
    Column("摘要", width=42.5),
    Column("类别", width=28),
    Column("收入", kind=CellKind.MONEY, width=18),
    Column("支出", kind=CellKind.MONEY, width=18),
    Column("结余", kind=CellKind.MONEY, sum=Sum.LAST, width=19.5),
)
LEVEL = "平"
"""Written in place of a balance of nothing (会计基础工作规范 art. 60)."""


def funds_asked_for(request: PaperRequest) -> list[Row]:
    """The funds of the units asked for, or the one named; refuses when there is none."""
    wanted = request.options.get("fund", "")
    held = queries.funds_of(request.reader, request.scope)
    chosen = [fund for fund in held if not wanted or wanted in (fund["name"], fund["id"])]
    if not chosen:
        what = f"没有叫“{wanted}”的基金" if wanted else f"{request.scope.label}还没有建账"
        raise Refusal(f"{what}，没有可打印的日记账")
    return chosen


def cash_book_rows(book: CashBook, today: dt.date) -> list[PaperRow]:
    """The rows of one book as printed; 结转下年 only once the year is over."""
    rows: list[PaperRow] = []
    new_year = (book.first.month, book.first.day) == (1, 1)
    if book.before_fen:
        rows.append(
            (book.first, None, "上年结转" if new_year else "上期结余", None, None, None, book.before_fen)
        )
    totals = {(total.month.year, total.month.month): total for total in book.months}
    for place, line in enumerate(book.lines):
        rows.append(Line(_cells(line), source=f"fund_entries/{line.id}"))
        following = book.lines[place + 1].day if place + 1 < len(book.lines) else None
        if following is None or (following.year, following.month) != (line.day.year, line.day.month):
            rows += _month(totals[line.day.year, line.day.month])
        if following is not None and following.year != line.day.year:
            rows += _turn_of_year(line.day.year, line.balance_fen, carried=True)
    if book.lines and (book.last.month, book.last.day) == (12, 31) and today >= book.last:
        rows += _turn_of_year(book.last.year, book.closing_fen, carried=False)
    return rows


def _cells(line: BookLine) -> tuple[dt.date | str | int | None, ...]:
    opening = line.direction == "期初"
    summary = f"{line.summary}（已冲正）" if line.reversed_by_id else line.summary
    return (
        line.day,
        None if line.number == 0 else line.voucher,
        summary,
        None if opening else line.category,
        None if opening else line.in_fen or None,
        None if opening else line.out_fen or None,
        line.balance_fen or LEVEL,
    )


def _month(total: MonthTotal) -> Iterator[Band]:
    closing = total.closing_fen or LEVEL
    yield Band((f"{total.month.month}月合计", None, None, None, total.in_fen, total.out_fen, closing))
    yield Band(("本年累计", None, None, None, total.year_in_fen, total.year_out_fen, closing))


def _turn_of_year(year: int, balance_fen: int, *, carried: bool) -> Iterator[PaperRow]:
    yield Band(("结转下年", None, None, None, None, None, balance_fen or LEVEL))
    if carried:
        yield (dt.date(year + 1, 1, 1), None, "上年结转", None, None, None, balance_fen or LEVEL)


def cash_book_table(book: CashBook, today: dt.date) -> Table:
    """One fund's daybook as a table over as many pages as it needs."""
    return Table(
        COLUMNS,
        cash_book_rows(book, today),
        name=f"{book.fund['name']}现金日记账",
        carry=True,
        fill=Fill.STRUCK,
        caption_left=book.fund["unit_name"],
        caption_right="单位：元",
        size=9,
        empty_text="期间没有收支",
    )


def cash_book(request: PaperRequest) -> Document:
    """The daybook of each fund asked for, from page to page."""
    blocks: list[Block] = []
    for fund in funds_asked_for(request):
        book = book_of(request.reader, fund, request.period)
        if blocks:
            blocks.append(PageBreak())
        blocks += [
            Title(f"{fund['name']}现金日记账"),
            Paragraph(f"{format_cn(book.first)}至{format_cn(book.last)}", Role.KAI),
            cash_book_table(book, request.clock.today()),
            SignatureRow(("单位负责人", "会计", "出纳", f"打印日期：{format_cn(request.clock.today())}")),
        ]
    return Document(
        f"现金日记账（{request.scope.label}）",
        tuple(blocks),
        meta=Meta(created=request.clock.now(), author=request.office, subject="党内关爱基金现金日记账"),
        foot=request.foot(),
    )


def book_of(reader: Reader, fund: Row, period: Period) -> CashBook:
    """The fund's book within the period, not before the fund was opened."""
    opened = dt.date.fromisoformat(fund["opened_on"])
    return queries.cash_book(reader, fund["id"], min(max(period.first, opened), period.last), period.last)


CASH_BOOK = PaperSpec(
    name="cash-book",
    label="现金日记账",
    help="党内关爱基金的现金日记账，带承前页、过次页、本月合计、本年累计和结转下年。",
    build=cash_book,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT, Purpose.REPORT),
    parameters=(Parameter("fund", "基金", "", "基金名称；不填则打印组织及下级的每一个基金"),),
)
