"""Reading a cash book that was kept in a spreadsheet: what each row is, and whether its own sums are right.

Pure functions over parsed rows.  Nothing is corrected: what is written and what comes out are both named, and the
clerk decides.  Amounts are 分.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from hongyao_desktop.core.desk import SheetFacts, SheetRow
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem

_OPENING = re.compile(
    r"上年(结转|结余|余额|转入)|(期初|年初|上期|上月|月初)(余额|结余|结转|结存|数)|承上年|^期初$"
)
_OF_THE_YEAR = re.compile(r"年")
_PAGE = re.compile(r"承前页|过次页|转次页|结转下年|结转下页|转下页")
_MONTH = re.compile(
    r"(本月|当月|[0-9]{1,2}月份?|[一二三四五六七八九十]{1,2}月份?)(合计|小计|发生额|计)|^月计$"
)
_YEAR = re.compile(r"累计|总计|合计|小计")
_TITLE_NOISE = re.compile(
    r"[0-9]{4}年?(度)?|[（(][^（()）]*[)）]|(现金|银行)?(收支|收支明细|资金)?(台账|日记账|明细账|流水账?|明细|收支|登记)?(表|簿|册)?$"
)


class Role(Enum):
    """What a row of a cash book is."""

    ENTRY = auto()
    OPENING = auto()
    MONTH_TOTAL = auto()
    YEAR_TOTAL = auto()
    PAGE = auto()


def role_of(row: SheetRow) -> Role:
    """What the row is, by the words in it; a row with a day is a total only if its summary is nothing else."""
    words = "".join(row.raw.get(name, "") for name in ("summary", "voucher", "entry_on", "category"))
    words = re.sub(r"\s", "", words)
    summary = re.sub(r"\s", "", row.raw.get("summary", ""))
    if row.values.get("entry_on"):
        words = summary
        if not any(pattern.fullmatch(words) for pattern in (_OPENING, _MONTH, _YEAR, _PAGE)):
            return Role.ENTRY
    for pattern, role in ((_OPENING, Role.OPENING), (_PAGE, Role.PAGE), (_MONTH, Role.MONTH_TOTAL)):
        if pattern.search(words):
            return role
    if _YEAR.search(words) or row.kind == "total":
        return Role.YEAR_TOTAL
    return Role.PAGE if row.kind == "carry" else Role.ENTRY


def amount(row: SheetRow, name: str) -> int:
    """An amount of the row in 分; 0 where blank."""
    value = row.values.get(name)
    return int(value) if value is not None else 0


def day_of(row: SheetRow) -> dt.date | None:
    """The day of the row, if it has a readable one."""
    value = row.values.get("entry_on")
    return dt.date.fromisoformat(value) if value else None


def fund_name(facts: SheetFacts) -> str | None:
    """The name of the fund a title speaks of: 党内关爱基金收支台账（2026年） gives 党内关爱基金; None without."""
    title = re.sub(r"\s", "", facts.title)
    before = ""
    while title != before:
        before, title = title, _TITLE_NOISE.sub("", title)
    return title.strip("—-：:") or None


def year_of(facts: SheetFacts) -> int | None:
    """The year named in title, sheet or file name."""
    for text in (facts.title, facts.sheet_name, facts.file_name):
        found = re.search(r"(?<!\d)(20\d{2})(?!\d)", text)
        if found:
            return int(found[1])
    return None


@dataclass(slots=True)
class Sums:
    """What a sheet says in its own numbers, and where they do not fit what its rows add up to."""

    entries: int = 0
    in_fen: int = 0
    out_fen: int = 0
    opening_fen: int | None = None
    closing_fen: int = 0
    months_checked: int = 0
    months_wrong: int = 0
    balances_wrong: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opening:
    """The balance a sheet starts from, where it stands, and the day it holds for."""

    row: int
    day: dt.date
    fen: int


def find_opening(rows: Sequence[tuple[Role, SheetRow]], year: int | None) -> Opening | None:
    """The opening balance above the first entry (上年结转, 期初余额 …), if the sheet has one.

    Without a day of its own it stands for 1 January of the sheet's year, or, when its words speak of a month, for
    the first day of the month of the earliest entry.
    """
    days = [day for role, row in rows if role is Role.ENTRY and (day := day_of(row)) is not None]
    for role, row in rows:
        if role is Role.ENTRY:
            return None
        if role is not Role.OPENING:
            continue
        balance = row.values.get("balance_fen")
        fen = int(balance) if balance is not None else amount(row, "in_fen") - amount(row, "out_fen")
        first = min(days, default=dt.date(year, 1, 1) if year else None)
        if first is None:
            return None
        own = day_of(row)
        day = own or (
            first.replace(month=1, day=1)
            if _OF_THE_YEAR.search(row.raw.get("summary", "年"))
            else first.replace(day=1)
        )
        return Opening(row.number, min(day, first), fen)
    return None


def add_up(rows: Sequence[tuple[Role, SheetRow]], opening: Opening | None, ledger_fen: int | None) -> Sums:
    """Compare every written balance and total with what the rows above it give.

    The start is the sheet's opening, else ``ledger_fen`` (the fund's balance before the sheet), else the first written
    balance less its own row.  A wrong balance is named once, not again on every row that carries it on.
    """
    sums = Sums(opening_fen=opening.fen if opening else None)
    start = opening.fen if opening else ledger_fen
    balance = _implied_start(rows) if start is None else start
    month_in = month_out = slip = 0
    for role, row in rows:
        written = row.values.get("balance_fen")
        if role is Role.ENTRY:
            came, went = amount(row, "in_fen"), amount(row, "out_fen")
            sums.entries += 1
            sums.in_fen, sums.out_fen = sums.in_fen + came, sums.out_fen + went
            month_in, month_out = month_in + came, month_out + went
            balance += came - went
            if written is not None:
                if written != balance and written - balance != slip:
                    sums.balances_wrong += 1
                    sums.problems.append(_differs(row, "balance_fen", "结余", written, balance))
                slip = written - balance
        elif role is Role.MONTH_TOTAL:
            sums.months_checked += 1
            found = list(_total_problems(row, month_in, month_out))
            sums.months_wrong += bool(found)
            sums.problems += found
            month_in = month_out = 0
        elif role is Role.YEAR_TOTAL:
            sums.problems += _total_problems(row, sums.in_fen, sums.out_fen)
            if written is not None and written != balance:
                sums.problems.append(_differs(row, "balance_fen", "结余", written, balance))
    sums.closing_fen = balance
    return sums


def _implied_start(rows: Sequence[tuple[Role, SheetRow]]) -> int:
    for role, row in rows:
        written = row.values.get("balance_fen")
        if role is Role.ENTRY and written is not None:
            return int(written) - amount(row, "in_fen") + amount(row, "out_fen")
        if role is Role.ENTRY:
            return 0
    return 0


def _total_problems(row: SheetRow, in_fen: int, out_fen: int) -> Iterator[Problem]:
    for name, label, computed in (("in_fen", "收入", in_fen), ("out_fen", "支出", out_fen)):
        written = row.values.get(name)
        if written is not None and written != computed:
            summary = row.raw.get("summary", "").strip() or "合计"
            yield _differs(row, name, f"{summary}的{label}", written, computed)


def _differs(row: SheetRow, name: str, label: str, written: int, computed: int) -> Problem:
    message = (
        f"{label}写的是 {format_fen(written)}，按各笔算应为 {format_fen(computed)}，"
        f"差 {format_fen(written - computed)}，请对照原件"
    )
    return Problem(
        Level.WARNING,
        "fund.written_balance" if name == "balance_fen" else "fund.written_total",
        message,
        name,
        row.number,
        row.columns.get(name),
        row.raw.get(name),
    )
