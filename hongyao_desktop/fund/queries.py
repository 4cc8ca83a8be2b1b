"""Named questions about funds: the cash book, balances on any day, duplicates, and whether the sums fit the ledger.

Balances are read from the sums by month and day that the ledger keeps of itself, never by adding up postings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.fund.rules import first_shortage, voucher

_TOTALS_TO = """
    SELECT m.fund_id, m.category_id, m.in_fen, m.out_fen, m.entries
    FROM fund CROSS JOIN fund_month m ON m.fund_id = fund.id
    WHERE {funds} AND m.month < substr(:last, 1, 7)
    UNION ALL
    SELECT d.fund_id, d.category_id, d.in_fen, d.out_fen, d.entries
    FROM fund CROSS JOIN fund_day d ON d.fund_id = fund.id
    WHERE {funds} AND d.day BETWEEN substr(:last, 1, 7) || '-01' AND :last
"""
# Sums of everything up to and with :last: whole months before its month, then days. CROSS JOIN keeps SQLite from
# walking all days of all funds. Elsewhere +reverses_id keeps it from reading every entry that is not red.


class Line(NamedTuple):
    """One line of the cash book; amounts and the balance after it in 分. A tuple, because a year may have 20,000."""

    id: str
    day: dt.date
    number: int
    summary: str
    category: str
    direction: str
    counterparty: str | None
    in_fen: int
    out_fen: int
    balance_fen: int
    handler: str | None
    attachments: int
    method: str
    receipt_number: str | None
    reverses_id: str | None
    corrects_id: str | None
    reversed_by_id: str | None

    @property
    def voucher(self) -> str:
        """记-005, or 期初."""
        return voucher(self.number)

    @property
    def red(self) -> bool:
        """True for a red entry (冲正)."""
        return self.reverses_id is not None


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """本月合计 and 本年累计 of one month; opening balances count in neither, only in the closing balance."""

    month: dt.date
    in_fen: int
    out_fen: int
    year_in_fen: int
    year_out_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class CashBook:
    """A stretch of one fund's daybook (现金日记账) in order of day and number."""

    fund: Row
    first: dt.date
    last: dt.date
    before_fen: int
    lines: tuple[Line, ...]
    months: tuple[MonthTotal, ...]

    @property
    def closing_fen(self) -> int:
        """The balance at the end of the stretch."""
        return self.lines[-1].balance_fen if self.lines else self.before_fen

    @property
    def in_fen(self) -> int:
        """Income of the stretch without opening balances."""
        return sum(line.in_fen for line in self.lines if line.direction != "期初")

    @property
    def out_fen(self) -> int:
        """Expense of the stretch."""
        return sum(line.out_fen for line in self.lines)


def funds(reader: Reader, *, in_use: bool = False) -> list[Row]:
    """All funds with unit, opening and balance, those in use first."""
    where = "WHERE status = '在用'" if in_use else ""
    return reader.all(f"SELECT * FROM fund_view {where} ORDER BY status = '停用', name")


def funds_of(reader: Reader, scope: Scope) -> list[Row]:
    """The funds of a unit and all below it, by name."""
    sql = f"WITH RECURSIVE {scope.sql} SELECT * FROM fund_view WHERE unit_id IN (SELECT id FROM scope) ORDER BY name"
    return reader.all(sql, scope.params)


def fund(reader: Reader, fund_id: str) -> Row | None:
    """One fund with unit, opening and balance."""
    return reader.one("SELECT * FROM fund_view WHERE id = ?", (fund_id,))


def categories(reader: Reader, direction: str | None = None) -> list[Row]:
    """Categories in use, in order; only those of one side if asked."""
    return reader.all(
        "SELECT * FROM fund_category WHERE status = '在用' AND (?1 IS NULL OR direction = ?1) ORDER BY position",
        (direction,),
    )


def entry(reader: Reader, entry_id: str) -> Row | None:
    """One entry with category, voucher and what it is linked to."""
    return reader.one("SELECT * FROM fund_entry_view WHERE id = ?", (entry_id,))


def balance_at(reader: Reader, fund_id: str, day: dt.date) -> int:
    """The fund's balance at the end of ``day``, in 分."""
    sql = f"SELECT coalesce(sum(in_fen - out_fen), 0) FROM ({_TOTALS_TO.format(funds='fund.id = :fund')})"
    return int(reader.value(sql, {"fund": fund_id, "last": day.isoformat()}))


def balances_by_category(reader: Reader, day: dt.date, fund_id: str | None = None) -> list[Row]:
    """Income, expense and net up to ``day`` by fund and category: fund_id, category, in_fen, out_fen, net_fen."""
    totals = _TOTALS_TO.format(funds="fund.id = :fund" if fund_id else ":fund IS NULL")
    return reader.all(
        f"""
        SELECT t.fund_id, f.name AS fund_name, c.name AS category, c.direction, c.kind, t.in_fen, t.out_fen,
            t.in_fen - t.out_fen AS net_fen, t.entries
        FROM (SELECT fund_id, category_id, sum(in_fen) AS in_fen, sum(out_fen) AS out_fen, sum(entries) AS entries
              FROM ({totals}) GROUP BY fund_id, category_id) t
        JOIN fund f ON f.id = t.fund_id JOIN fund_category c ON c.id = t.category_id
        ORDER BY f.name, c.position
        """,
        {"fund": fund_id, "last": day.isoformat()},
    )


def day_nets(reader: Reader, fund_id: str, since: dt.date) -> dict[dt.date, int]:
    """Net of each day with entries from ``since`` on, in order of days; 分."""
    rows = reader.all(
        "SELECT day, sum(in_fen - out_fen) AS net FROM fund_day "
        "WHERE fund_id = ? AND day >= ? GROUP BY day ORDER BY day",
        (fund_id, since.isoformat()),
    )
    return {dt.date.fromisoformat(row["day"]): int(row["net"]) for row in rows}


def cash_book(reader: Reader, fund_id: str, first: dt.date, last: dt.date) -> CashBook:
    """The daybook of ``first`` to ``last`` (both count); raises LookupError for an unknown fund."""
    head = fund(reader, fund_id)
    if head is None:
        raise LookupError(fund_id)
    before = balance_at(reader, fund_id, first - dt.timedelta(days=1))
    span = (fund_id, first.isoformat(), last.isoformat())
    rows = reader.all(
        """
        SELECT id, entry_on, number, summary, category_id, counterparty, in_fen, out_fen, handler, attachments, method,
            receipt_number, reverses_id, corrects_id
        FROM fund_entry WHERE fund_id = ? AND entry_on BETWEEN ? AND ? ORDER BY entry_on, number
        """,
        span,
    )
    # Red entries and categories are few: looked up here instead of joined to each of many lines.
    red = {
        row["reverses_id"]: row["id"]
        for row in reader.all(
            "SELECT reverses_id, id FROM fund_entry "
            "WHERE fund_id = ? AND entry_on >= ? AND reverses_id IS NOT NULL",
            span[:2],
        )
    }
    sides = {
        row["id"]: (row["name"], row["direction"])
        for row in reader.all("SELECT id, name, direction FROM fund_category")
    }
    balance = before
    day_text, day = "", first
    lines = []
    for row in rows:
        entry_id, on, number, summary, category, counterparty, came, went, *rest = row.values()
        balance += came - went
        if on != day_text:
            day_text, day = on, dt.date.fromisoformat(on)
        values = (entry_id, day, number, summary, *sides[category], counterparty, came, went, balance)
        lines.append(Line._make((*values, *rest, red.get(entry_id))))
    return CashBook(head, first, last, before, tuple(lines), month_totals(reader, fund_id, first, last))


def month_totals(reader: Reader, fund_id: str, first: dt.date, last: dt.date) -> tuple[MonthTotal, ...]:
    """Totals of each month with entries between the month of ``first`` and that of ``last``, whole months."""
    rows = reader.all(
        """
        SELECT month, sum(iif(c.direction = '期初', 0, in_fen)) AS in_fen, sum(out_fen) AS out_fen,
            sum(in_fen - out_fen) AS net
        FROM fund_month m JOIN fund_category c ON c.id = m.category_id
        WHERE m.fund_id = ? AND m.month BETWEEN ? AND ? GROUP BY month ORDER BY month
        """,
        (fund_id, f"{first.year}-01", last.isoformat()[:7]),
    )
    balance = balance_at(reader, fund_id, dt.date(first.year, 1, 1) - dt.timedelta(days=1))
    totals: list[MonthTotal] = []
    year, year_in, year_out = first.year, 0, 0
    for row in rows:
        month = dt.date.fromisoformat(row["month"] + "-01")
        if month.year != year:
            year, year_in, year_out = month.year, 0, 0
        year_in += row["in_fen"]
        year_out += row["out_fen"]
        balance += row["net"]
        totals.append(MonthTotal(month, row["in_fen"], row["out_fen"], year_in, year_out, balance))
    return tuple(total for total in totals if total.month >= first.replace(day=1))


def next_number(reader: Reader, fund_id: str, year: int) -> int:
    """The number the next entry of this fund and year will have."""
    sql = "SELECT coalesce(max(number), 0) + 1 FROM fund_entry WHERE fund_id = ? AND year = ?"
    return int(reader.value(sql, (fund_id, year)))


def live_entry_with_receipt(reader: Reader, receipt_number: str) -> Row | None:
    """The entry, in any fund, that already uses this invoice or receipt and has not been taken back."""
    return reader.one(
        """
        SELECT e.*, f.name AS fund_name FROM fund_entry e JOIN fund f ON f.id = e.fund_id
        WHERE e.receipt_number = ? AND +e.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM fund_entry r WHERE r.reverses_id = e.id) LIMIT 1
        """,
        (receipt_number,),
    )


def live_entry_with_source(reader: Reader, fund_id: str, year: int, source_number: str) -> Row | None:
    """The entry of this fund and year taken from this voucher of the old book, not taken back since."""
    return reader.one(
        """
        SELECT e.* FROM fund_entry e WHERE e.fund_id = ? AND e.year = ? AND e.source_number = ?
        AND +e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM fund_entry r WHERE r.reverses_id = e.id) LIMIT 1
        """,
        (fund_id, year, source_number),
    )


def entries_of_years(reader: Reader, fund_id: str, years: Iterable[int]) -> list[Row]:
    """What a sheet is compared with before import: the entries of these years, red ones and openings left out."""
    marks = sorted(set(years))
    return reader.all(
        f"""
        SELECT e.id, e.year, e.number, e.entry_on, e.summary, e.in_fen, e.out_fen, e.source_number
        FROM fund_entry e JOIN fund_category c ON c.id = e.category_id
        WHERE e.fund_id = ? AND e.year IN ({", ".join("?" * len(marks))}) AND +e.reverses_id IS NULL
        AND c.direction <> '期初' ORDER BY e.year, e.number
        """,
        (fund_id, *marks),
    )


def paid_to_person(reader: Reader, person_id: str, year: int) -> int:
    """What this person was given in the year from all funds, red entries set off; 分."""
    sql = "SELECT coalesce(sum(out_fen), 0) FROM fund_entry WHERE person_id = ? AND year = ?"
    return int(reader.value(sql, (person_id, year)))


def opening_entry(reader: Reader, fund_id: str) -> Row | None:
    """The opening entry that stands (not taken back), if the fund has one."""
    return reader.one(
        """
        SELECT e.* FROM fund f JOIN fund_entry e ON e.fund_id = f.id AND e.entry_on = f.opened_on
        JOIN fund_category c ON c.id = e.category_id
        WHERE f.id = ? AND c.direction = '期初' AND +e.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM fund_entry r WHERE r.reverses_id = e.id) LIMIT 1
        """,
        (fund_id,),
    )


_LEDGER_BY_DAY = """
    SELECT fund_id, entry_on AS at, category_id, method, in_fen, out_fen, 1 AS entries FROM fund_entry
    UNION ALL SELECT fund_id, day, category_id, method, -in_fen, -out_fen, -entries FROM fund_day
"""
_DAYS_BY_MONTH = """
    SELECT fund_id, substr(day, 1, 7) AS at, category_id, method, in_fen, out_fen, entries FROM fund_day
    UNION ALL SELECT fund_id, month, category_id, method, -in_fen, -out_fen, -entries FROM fund_month
"""
# What is left when the sums are taken away from what they sum up; nothing, if the books are whole.
_LEFT_OVER = """
    SELECT DISTINCT fund_id, at FROM (
        SELECT fund_id, at FROM ({rows}) GROUP BY fund_id, at, category_id, method
        HAVING sum(in_fen) <> 0 OR sum(out_fen) <> 0 OR sum(entries) <> 0)
    ORDER BY fund_id, at LIMIT 20
"""


def book_problems(reader: Reader) -> list[Problem]:
    """What does not fit in the books: sums that differ from the ledger, missing numbers, days below zero."""
    names: Mapping[str, str] = {row["id"]: row["name"] for row in reader.all("SELECT id, name FROM fund")}
    found: list[Problem] = []

    def error(code: str, message: str) -> None:
        found.append(Problem(Level.ERROR, code, message))

    for rows in (_LEDGER_BY_DAY, _DAYS_BY_MONTH):
        for row in reader.all(_LEFT_OVER.format(rows=rows)):
            error("fund.totals", f"{names[row['fund_id']]} {row['at']} 的合计与流水对不上，请用备份恢复")
    gaps = reader.all(
        "SELECT fund_id, year, max(number) AS top, count(*) AS held FROM fund_entry WHERE number > 0 "
        "GROUP BY fund_id, year HAVING top <> held"
    )
    for row in gaps:
        missing = row["top"] - row["held"]
        error("fund.gap", f"{names[row['fund_id']]} {row['year']} 年的凭证号缺 {missing} 个，请用备份恢复")
    for fund_id, name in names.items():
        short = first_shortage(day_nets(reader, fund_id, dt.date.min).items())
        if short is not None:
            error(
                "fund.below_zero",
                f"{name} {format_cn(short.day)}的结余是 -{format_fen(short.missing_fen)} 元",
            )
    return found
