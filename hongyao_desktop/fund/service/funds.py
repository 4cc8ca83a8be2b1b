"""Opening, changing and retiring a fund (基金)."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row, Writer, refuse_errors, require, require_reason
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.records import FUNDS
from hongyao_desktop.fund.service.ledger import KEEPERS, book_opening, fund_of
from hongyao_desktop.people.service import missing_fields


def check_fund(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a fund before saving: name taken, an opening without its source, an opening changed."""
    found = missing_fields(FUNDS, values)
    other = reader.one("SELECT id FROM fund WHERE name = ?", (values.get("name"),))
    if other is not None and other["id"] != row_id:
        found.append(Problem(Level.ERROR, "fund.name", f"已有基金叫“{values['name']}”，请换一个名称", "name"))
    opening = values.get("opening_fen") or 0
    if opening < 0:
        found.append(Problem(Level.ERROR, "fund.opening", "期初余额不能是负数，请核对", "opening_fen"))
    if row_id is None:
        if opening and not values.get("opening_source"):
            message = "有期初余额时要写明出处，如“2025年12月31日银行对账单”"
            found.append(Problem(Level.ERROR, "fund.opening_source", message, "opening_source"))
        return found
    kept = queries.fund(reader, row_id)
    for name, message in (
        ("opening_fen", "期初余额已入账，请用“更正期初”"),
        ("opened_on", "建账日期已入账，不能改"),
    ):
        if kept is not None and name in values and (values[name] or 0) != (kept[name] or 0):
            found.append(Problem(Level.ERROR, "fund.opened", message, name))
    return found


def open_fund(
    writer: Writer,
    *,
    name: str,
    unit_id: str,
    opened_on: dt.date,
    opening_fen: int = 0,
    opening_source: str | None = None,
    note: str | None = None,
) -> str:
    """Open a fund with what it holds on ``opened_on``; ``opening_source`` is the paper that says so. Returns its id."""
    require(writer, *KEEPERS)
    values = {
        "name": name,
        "unit_id": unit_id,
        "opened_on": opened_on.isoformat(),
        "opening_fen": opening_fen,
        "opening_source": opening_source,
    }
    refuse_errors(check_fund(writer, values, None))
    if opened_on > writer.clock.today():
        raise Refusal(f"建账日期{format_cn(opened_on)}还没有到，请核对")
    fund_id = writer.insert(
        "fund", {"name": name, "unit_id": unit_id, "opened_on": opened_on.isoformat(), "note": note}
    )
    if opening_fen:
        book_opening(writer, fund_id, opened_on, opening_fen, str(opening_source), number=0)
    return fund_id


def save_fund(writer: Writer, values: Row, row_id: str | None) -> str:
    """What the register's form does: open a fund, or change its name, unit or note."""
    if row_id is None:
        refuse_errors(check_fund(writer, values, None))
        return open_fund(
            writer,
            name=values["name"],
            unit_id=values["unit_id"],
            opened_on=dt.date.fromisoformat(values["opened_on"]),
            opening_fen=values.get("opening_fen") or 0,
            opening_source=values.get("opening_source"),
            note=values.get("note"),
        )
    require(writer, *KEEPERS)
    refuse_errors(check_fund(writer, values, row_id))
    writer.update("fund", row_id, {key: values[key] for key in ("name", "unit_id", "note") if key in values})
    return row_id


def retire_fund(writer: Writer, fund_id: str, reason: str) -> None:
    """Stop using a fund (停用); refuses while it holds money."""
    require(writer, *KEEPERS)
    require_reason(reason)
    fund = fund_of(writer, fund_id)
    if fund["balance_fen"]:
        raise Refusal(f"{fund['name']}还有结余 {format_fen(fund['balance_fen'])} 元，结清以后才能停用")
    writer.update("fund", fund_id, {"status": "停用", "status_reason": reason.strip()})


def reopen_fund(writer: Writer, fund_id: str, reason: str) -> None:
    """Use a stopped fund again (恢复使用); the reason is journalled."""
    require(writer, *KEEPERS)
    require_reason(reason)
    fund_of(writer, fund_id)
    writer.update("fund", fund_id, {"status": "在用", "status_reason": None})


def enter_opening(writer: Writer, fund_id: str, opening_fen: int, source: str) -> None:
    """Book the opening balance of a fund that was opened without one and has no entry yet."""
    require(writer, *KEEPERS)
    fund = fund_of(writer, fund_id)
    if fund["entries"]:
        raise Refusal(f"{fund['name']}已经有账，期初余额请用“更正期初”")
    if opening_fen <= 0 or not source.strip():
        raise Refusal("期初余额要大于 0，并写明出处")
    book_opening(writer, fund_id, dt.date.fromisoformat(fund["opened_on"]), opening_fen, source, number=0)
