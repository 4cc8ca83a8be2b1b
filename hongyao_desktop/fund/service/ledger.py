"""What all verbs of the ledger share: the row of a draft, who may book, and no day below zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core import rules as rule_sets
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.fund import queries, rules
from hongyao_desktop.fund.records import Draft

KEEPERS = (Role.ENTRY, Role.CASHIER)
"""Who may book (录入, 出纳)."""


def categories_on(reader: Reader, day: dt.date) -> rules.Categories:
    """The categories in force on ``day``."""
    return rules.categories_from(rule_sets.in_force(reader, rules.CATEGORIES_KIND, day).body)


def entry_row(
    writer: Writer,
    fund_id: str,
    number: int,
    draft: Draft,
    category_id: str,
    **links: str | None,
) -> dict[str, Any]:
    """The ledger row of a draft; ``links`` are reverses_id, reason and rule_id. Always the same columns."""
    return {
        "fund_id": fund_id,
        "year": draft.day.year,
        "number": number,
        "entry_on": draft.day.isoformat(),
        "category_id": category_id,
        "summary": draft.summary.strip(),
        "counterparty": draft.counterparty or rules.payee_of(draft.summary),
        "person_id": draft.person_id,
        "in_fen": draft.in_fen,
        "out_fen": draft.out_fen,
        "method": draft.method,
        "handler": draft.handler,
        "attachments": draft.attachments,
        "persons": draft.persons or 0,
        "receipt_number": draft.receipt_number or None,
        "source_number": draft.source_number or None,
        "reverses_id": links.get("reverses_id"),
        "corrects_id": draft.corrects_id,
        "reason": links.get("reason"),
        "rule_id": links.get("rule_id"),
        "source": draft.source,
        "made_on": writer.clock.today().isoformat(),
        "made_by": writer.who.name,
    }


def fund_of(reader: Reader, fund_id: str) -> Row:
    """The fund with its balance, or a refusal."""
    fund = queries.fund(reader, fund_id)
    if fund is None:
        raise Refusal("这个基金不在台账里，请刷新后重选")
    return fund


def entry_of(reader: Reader, entry_id: str) -> Row:
    """The entry with what it is linked to, or a refusal."""
    entry = queries.entry(reader, entry_id)
    if entry is None:
        raise Refusal("这一笔不在账上，请刷新后重选")
    return entry


def known_category(categories: rules.Categories, draft: Draft) -> rules.Category:
    """The category the draft names, or a refusal when its side has none of that name."""
    category = categories.named(draft.category or "")
    if category is None or category.direction not in (draft.direction, "期初"):
        raise Refusal(f"{draft.direction}没有“{draft.category}”这个类别，请重选")
    return category


def category_id(writer: Writer, category: rules.Category) -> str:
    """The id of a category, written to the office's list the first time it is used."""
    known = writer.one("SELECT id, direction FROM fund_category WHERE name = ?", (category.name,))
    if known is not None:
        if known["direction"] != category.direction:
            raise Refusal(f"类别“{category.name}”已用在{known['direction']}方，请在规则里换个名称")
        return str(known["id"])
    place = writer.value("SELECT coalesce(max(position), 0) + 1 FROM fund_category")
    row = {"name": category.name, "direction": category.direction, "kind": category.kind, "position": place}
    return writer.insert("fund_category", row)


def shortage(reader: Reader, fund_id: str, day: dt.date, net_fen: int = 0) -> rules.Shortage | None:
    """The first day from ``day`` on that would end below zero if ``net_fen`` more were booked on ``day``."""
    nets = queries.day_nets(reader, fund_id, day)
    nets[day] = nets.get(day, 0) + net_fen
    start = queries.balance_at(reader, fund_id, day - dt.timedelta(days=1))
    return rules.first_shortage(sorted(nets.items()), start)


def short_problem(short: rules.Shortage) -> Problem:
    """A day below zero as a finding on the amount paid."""
    return Problem(Level.ERROR, "fund.below_zero", f"{short.sentence}，请核对日期和金额", "out_fen")


def refuse_shortage(writer: Writer, fund_id: str, day: dt.date, net_fen: int = 0) -> None:
    """Refuse, with day and amount, when a day from ``day`` on would end below zero."""
    short = shortage(writer, fund_id, day, net_fen)
    if short is not None:
        problem = short_problem(short)
        raise Refusal(problem.message, problems=(problem,))


def book_opening(
    writer: Writer, fund_id: str, day: dt.date, opening_fen: int, source: str, *, number: int | None
) -> None:
    """Book an opening balance; ``number`` None takes the next one (an opening put right later)."""
    opening = categories_on(writer, day).opening
    draft = Draft(
        day=day, summary=rules.OPENING_SUMMARY, in_fen=opening_fen, category=opening.name, source=source
    )
    number = queries.next_number(writer, fund_id, day.year) if number is None else number
    writer.insert("fund_entry", entry_row(writer, fund_id, number, draft, category_id(writer, opening)))
