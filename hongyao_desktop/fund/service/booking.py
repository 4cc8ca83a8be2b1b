"""Booking receipts (收款) and payments (付款), one by one or a whole old book at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hongyao_desktop.core import rules as rule_sets
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row, Writer, refuse_errors, require
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.fund import queries, rules
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.fund.service.ledger import (
    KEEPERS,
    categories_on,
    category_id,
    entry_row,
    fund_of,
    known_category,
    refuse_shortage,
    short_problem,
    shortage,
)


@dataclass(frozen=True, slots=True)
class Standards:
    """The rule sets in force on one day: how entries are sorted, and how much may be paid."""

    categories: rules.Categories
    limits: rules.Limits
    limits_id: str

    @classmethod
    def on(cls, reader: Reader, day: dt.date) -> Standards:
        """Refuses when the office has no rule set of a kind for that day."""
        limits = rule_sets.in_force(reader, rules.LIMITS_KIND, day)
        return cls(categories_on(reader, day), rules.limits_from(limits.body), limits.id)


def book_receipt(writer: Writer, fund_id: str, draft: Draft) -> str:
    """Book money that came in (收款); returns the entry's id."""
    if draft.out_fen:
        raise Refusal("收款只填收入，支出请用付款登记")
    return _book(writer, fund_id, draft)


def book_payment(writer: Writer, fund_id: str, draft: Draft) -> str:
    """Book money that went out (付款); refuses what exceeds a limit in force or any day's balance."""
    if draft.in_fen:
        raise Refusal("付款只填支出，收入请用收款登记")
    return _book(writer, fund_id, draft)


def _book(writer: Writer, fund_id: str, draft: Draft) -> str:
    require(writer, *KEEPERS)
    fund = fund_of(writer, fund_id)
    standards = Standards.on(writer, min(draft.day, writer.clock.today()))
    draft = complete(draft, standards.categories)
    today = writer.clock.today()
    refuse_errors(_problems(writer, fund, draft, today, standards))
    refuse_shortage(writer, fund_id, draft.day, draft.net_fen)
    number = queries.next_number(writer, fund_id, draft.day.year)
    category = known_category(standards.categories, draft)
    rule_id = standards.limits_id if draft.out_fen else None
    return writer.insert(
        "fund_entry",
        entry_row(writer, fund_id, number, draft, category_id(writer, category), rule_id=rule_id),
    )


def check_entry(reader: Reader, fund_id: str, draft: Draft, today: dt.date) -> list[Problem]:
    """Everything wrong or doubtful about a draft, for a form or a grid row; writes nothing."""
    fund = fund_of(reader, fund_id)
    standards = Standards.on(reader, min(draft.day, today))
    draft = complete(draft, standards.categories)
    found = _problems(reader, fund, draft, today, standards)
    if not any(problem.level is Level.ERROR for problem in found):
        short = shortage(reader, fund_id, draft.day, draft.net_fen)
        if short is not None:
            found.append(short_problem(short))
    return found


def complete(draft: Draft, categories: rules.Categories) -> Draft:
    """The draft with category and number of helped filled in where left open."""
    if draft.category is None:
        category = categories.guess(draft.direction, draft.summary) or categories.fallback(draft.direction)
        draft = replace(draft, category=category.name)
    if draft.persons is None:
        known = categories.named(draft.category or "")
        draft = replace(draft, persons=1 if known is not None and known.kind == "帮扶" else 0)
    return draft


def _problems(
    reader: Reader, fund: Row, draft: Draft, today: dt.date, standards: Standards | None
) -> list[Problem]:
    """What is wrong apart from the balance; ``standards`` None leaves limits out (old books)."""
    found = rules.draft_problems(
        draft, today, dt.date.fromisoformat(fund["opened_on"]), standards.limits if standards else None
    )
    if fund["status"] != "在用":
        found.append(Problem(Level.ERROR, "fund.retired", f"{fund['name']}已停用，不能再记账"))
    if standards is not None:
        category = standards.categories.named(draft.category or "")
        if category is None or category.direction != draft.direction:
            message = f"{draft.direction}没有“{draft.category}”这个类别，请重选"
            found.append(Problem(Level.ERROR, "fund.category", message, "category"))
        found += _person_problems(reader, draft, standards.limits)
    if draft.receipt_number:
        used = queries.live_entry_with_receipt(reader, draft.receipt_number)
        if used is not None:
            place = f"{used['fund_name']} {used['year']} 年{rules.voucher(used['number'])}"
            message = f"票据号 {draft.receipt_number} 已记在{place}，同一张票据不能记两次"
            found.append(Problem(Level.ERROR, "fund.receipt", message, "receipt_number"))
    if draft.source_number and standards is not None:
        used = queries.live_entry_with_source(reader, fund["id"], draft.day.year, draft.source_number)
        if used is not None:
            place = f"{used['year']} 年{rules.voucher(used['number'])}"
            message = f"原凭证号 {draft.source_number} 已登记为 {place}，请核对"
            found.append(Problem(Level.ERROR, "fund.source_number", message, "source_number"))
    return found


def _person_problems(reader: Reader, draft: Draft, limits: rules.Limits) -> list[Problem]:
    if draft.person_id is None or limits.person_year_fen is None or not draft.out_fen:
        return []
    paid = queries.paid_to_person(reader, draft.person_id, draft.day.year)
    if paid + draft.out_fen <= limits.person_year_fen:
        return []
    message = (
        f"此人{draft.day.year}年已帮扶 {format_fen(paid)} 元，加上这一笔超过每人每年 "
        f"{format_fen(limits.person_year_fen)} 元，请核对"
    )
    return [Problem(Level.ERROR, "fund.person_year", message, "out_fen")]


def bulk_book(writer: Writer, fund_id: str, drafts: Iterable[Draft]) -> int:
    """Book many entries of old or made-up books in the order given; returns how many.

    Limits of amount and the year's end do not apply (the money has long moved); everything else does, and no day may
    end below zero once all are in.  Refuses as a whole, naming the entry.
    """
    require(writer, *KEEPERS)
    fund = fund_of(writer, fund_id)
    today = writer.clock.today()
    opened_on = dt.date.fromisoformat(fund["opened_on"])
    first_day = today
    category_ids: dict[tuple[str, str], str] = {}
    ruled: dict[dt.date, rules.Categories] = {}
    numbers: dict[int, int] = {}
    receipts: set[str] = set()

    def rows() -> Iterator[Mapping[str, Any]]:
        nonlocal first_day
        for draft in drafts:
            if draft.day not in ruled:
                ruled[draft.day] = categories_on(writer, draft.day)
            whole = complete(draft, ruled[draft.day])
            found = rules.draft_problems(whole, today, opened_on, None)
            if whole.receipt_number or fund["status"] != "在用":
                found = _problems(writer, fund, whole, today, None)
            if whole.receipt_number in receipts:
                message = f"票据号 {whole.receipt_number} 出现两次，同一张票据不能记两次"
                found.append(Problem(Level.ERROR, "fund.receipt", message, "receipt_number"))
            if found:
                raise Refusal(f"{format_cn(whole.day)}“{whole.summary}”：{found[0].message}", problems=found)
            if whole.receipt_number:
                receipts.add(whole.receipt_number)
            key = (whole.direction, str(whole.category))
            if key not in category_ids:
                category_ids[key] = category_id(writer, known_category(ruled[draft.day], whole))
            year = whole.day.year
            number = numbers[year] = numbers.get(year) or queries.next_number(writer, fund_id, year)
            numbers[year] += 1
            first_day = min(first_day, whole.day)
            yield entry_row(writer, fund_id, number, whole, category_ids[key])

    booked = writer.insert_many("fund_entry", rows())
    refuse_shortage(writer, fund_id, first_day)
    return booked
