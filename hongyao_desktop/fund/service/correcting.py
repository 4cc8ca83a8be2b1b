"""Putting errors right: red entries within the year, blue corrections for an earlier one, a wrong opening balance."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row, Writer, require, require_reason
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries, rules
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.fund.service.ledger import (
    KEEPERS,
    book_opening,
    categories_on,
    category_id,
    entry_of,
    entry_row,
    fund_of,
    refuse_shortage,
)


def reverse_entry(writer: Writer, entry_id: str, reason: str, on: dt.date | None = None) -> str:
    """Take an entry back by a red entry dated today (or ``on``), linked both ways; returns the red entry's id.

    Only within the year of the entry: an earlier year is put right by :func:`correct_prior_year`
    (会计基础工作规范 art. 51).
    """
    require(writer, *KEEPERS)
    require_reason(reason)
    entry = entry_of(writer, entry_id)
    today = writer.clock.today()
    day = on or today
    entry_on = dt.date.fromisoformat(entry["entry_on"])
    if entry["direction"] == "期初":
        raise Refusal("期初余额不能冲正，请用“更正期初”")
    if entry_on.year != today.year:
        raise Refusal(f"这一笔属于{entry_on.year}年，跨年的差错不能用红字，请用“更正以前年度”")
    refuse_taken_back(writer, entry)
    if not entry_on <= day <= today:
        raise Refusal(f"冲正日期要在{format_cn(entry_on)}和今天之间，请核对")
    refuse_shortage(writer, entry["fund_id"], day, entry["out_fen"] - entry["in_fen"])
    return book_red(writer, entry, reason, day)


def correct_prior_year(writer: Writer, entry_id: str, reason: str, amount_fen: int | None = None) -> str:
    """Make good an entry of an earlier year by a blue entry today on the other side; returns its id.

    ``amount_fen`` is the difference where only the amount was wrong; None means the whole entry.
    """
    require(writer, *KEEPERS)
    require_reason(reason)
    entry = entry_of(writer, entry_id)
    entry_on = dt.date.fromisoformat(entry["entry_on"])
    today = writer.clock.today()
    if entry_on.year >= today.year:
        raise Refusal("今年的差错请用“冲正”")
    whole = entry["in_fen"] + entry["out_fen"]
    amount = whole if amount_fen is None else amount_fen
    done = writer.value(
        "SELECT coalesce(sum(in_fen + out_fen), 0) FROM fund_entry WHERE corrects_id = ?", (entry_id,)
    )
    if not 0 < amount <= whole - done:
        raise Refusal(f"更正金额要大于 0，不超过还没更正的 {format_fen(whole - done)} 元，请核对")
    direction = "支出" if entry["in_fen"] else "收入"
    category = categories_on(writer, today).correction(direction)
    draft = Draft(
        day=today,
        summary=rules.prior_year_summary(entry_on, entry["number"]),
        in_fen=amount if direction == "收入" else 0,
        out_fen=amount if direction == "支出" else 0,
        category=category.name,
        method=entry["method"],
        counterparty=entry["counterparty"],
        handler=writer.who.name,
        corrects_id=entry_id,
    )
    refuse_shortage(writer, entry["fund_id"], today, draft.net_fen)
    number = queries.next_number(writer, entry["fund_id"], today.year)
    row = entry_row(
        writer, entry["fund_id"], number, draft, category_id(writer, category), reason=reason.strip()
    )
    return writer.insert("fund_entry", row)


def correct_opening(writer: Writer, fund_id: str, opening_fen: int, source: str, reason: str) -> None:
    """Take the opening balance back in red and book the right one, both dated the day the fund was opened.

    Refuses in a later year, when the difference belongs into a blue correction of that year.
    """
    require(writer, *KEEPERS)
    fund = fund_of(writer, fund_id)
    opened_on = dt.date.fromisoformat(fund["opened_on"])
    require_reason(reason)
    if opening_fen < 0 or not source.strip():
        raise Refusal("更正期初要填不小于 0 的余额，并写明出处")
    if opened_on.year != writer.clock.today().year:
        raise Refusal(f"期初属于{opened_on.year}年，差额请在今年登记一笔更正")
    standing = queries.opening_entry(writer, fund_id)
    if standing is not None:
        if standing["in_fen"] == opening_fen:
            raise Refusal(f"期初余额已经是 {format_fen(opening_fen)} 元，不用更正")
        book_red(writer, standing, reason, opened_on)
    if opening_fen:
        number = None if standing is not None else 0
        book_opening(writer, fund_id, opened_on, opening_fen, source, number=number)
    refuse_shortage(writer, fund_id, opened_on)


def refuse_taken_back(writer: Writer, entry: Row) -> None:
    """Refuse for a red entry, and for one already taken back."""
    if entry["reverses_id"] is not None:
        raise Refusal("红字不能再冲正，请重新登记正确的一笔")
    taken = writer.one("SELECT number, year FROM fund_entry WHERE reverses_id = ?", (entry["id"],))
    if taken is not None:
        raise Refusal(f"这一笔已由 {taken['year']} 年{rules.voucher(taken['number'])}冲正，不用再冲")


def book_red(writer: Writer, entry: Row, reason: str, day: dt.date) -> str:
    """Book the red entry of ``entry`` on ``day``."""
    draft = Draft(
        day=day,
        summary=rules.reversal_summary(dt.date.fromisoformat(entry["entry_on"]), entry["number"]),
        in_fen=-entry["in_fen"],
        out_fen=-entry["out_fen"],
        method=entry["method"],
        counterparty=entry["counterparty"],
        person_id=entry["person_id"],
        handler=writer.who.name,
    )
    number = queries.next_number(writer, entry["fund_id"], day.year)
    row = entry_row(
        writer,
        entry["fund_id"],
        number,
        draft,
        entry["category_id"],
        reason=reason.strip(),
        reverses_id=entry["id"],
    )
    return writer.insert("fund_entry", row)
