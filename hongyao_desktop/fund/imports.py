"""Cash books kept in spreadsheets (收支台账) on their way into the ledger.

Rows keep the order of the sheet for numbering; the balance is looked after by day.  Totals and written balances are
compared and never imported.  A row already on the books (same day, amounts, summary and old voucher number) is left
out, so importing a file twice adds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hongyao_desktop.core import rules as rule_sets
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Row, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.fund import queries, records, rules, service
from hongyao_desktop.fund.records import FUND_ENTRIES, METHODS, Draft
from hongyao_desktop.fund.sheet import (
    Opening,
    Role,
    Sums,
    add_up,
    amount,
    day_of,
    find_opening,
    fund_name,
    role_of,
    year_of,
)
from hongyao_desktop.people import queries as people

FIELDS = (
    records.ENTRY_ON,
    records.VOUCHER,
    records.SUMMARY,
    records.CATEGORY,
    records.IN_FEN,
    records.OUT_FEN,
    records.BALANCE,
    records.COUNTERPARTY,
    records.HANDLER,
    records.ATTACHMENTS,
    records.METHOD,
    records.RECEIPT_NUMBER,
    records.PERSONS,
)


@dataclass(frozen=True, slots=True)
class Book:
    """The fund a sheet belongs to; ``fund_id`` None means it is opened by the import."""

    fund_id: str | None
    name: str
    unit_id: str
    opened_on: dt.date


@dataclass(frozen=True, slots=True)
class Planned:
    """One row to be booked, or the opening balance."""

    book: Book
    draft: Draft
    opening: bool = False


_Key = tuple[str, int, int, str, str | None]


class _Planner:
    """Goes through the rows of one sheet; collects items and problems."""

    def __init__(self, reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> None:
        self.reader = reader
        self.facts = facts
        self.today = clock.today()
        self.rows = [(role_of(row), row) for row in rows]
        self.problems: list[Problem] = []
        self.opening = find_opening(self.rows, year_of(facts))
        self.categories: dict[dt.date, rules.Categories] = {}
        self.receipts: set[str] = set()
        self.known = 0

    def plan(self) -> ImportPlan:
        book = self._book()
        before = self._ledger_before(book)
        sums = add_up(self.rows, self.opening, before)
        if book is None:
            return ImportPlan((), tuple(self.problems + sums.problems), self._summary(sums, ()))
        opening = self._opening_item(book, before)
        drafts = self._affordable(book, self._new_drafts(book), opening)
        items: list[tuple[int, Planned]] = []
        if opening is not None and self.opening is not None:
            items.append((self.opening.row, opening))
        items += [(row.number, Planned(book, draft)) for row, draft in drafts]
        return ImportPlan(tuple(items), tuple(self.problems + sums.problems), self._summary(sums, items))

    # --- which fund -----------------------------------------------------------------------------------------------

    def _book(self) -> Book | None:
        name = fund_name(self.facts)
        stated = [self.facts.title.replace(" ", ""), *self.facts.lines.values()]
        held = queries.funds(self.reader, in_use=True)
        fits = [fund for fund in held if any(fund["name"] in text for text in stated)]
        fits = fits or [fund for fund in held if name and name in fund["name"]]
        if len(fits) == 1 or len(held) == 1:
            fund = fits[0] if fits else held[0]
            return Book(fund["id"], fund["name"], fund["unit_id"], dt.date.fromisoformat(fund["opened_on"]))
        if held:
            names = "、".join(fund["name"] for fund in held[:5])
            self._whole(f"看不出这张表属于哪个基金（{names}），请把基金名称写进表的标题再导入")
            return None
        return self._new_book(name or rules.PLAIN_NAME)

    def _new_book(self, name: str) -> Book | None:
        unit = next(
            (
                found
                for key in ("单位", "填报单位", "核算单位")
                if (text := self.facts.lines.get(key)) and (found := people.unit_by_name(self.reader, text))
            ),
            None,
        ) or people.top_unit(self.reader)
        if unit is None:
            self._whole("还没有登记本单位，请先在组织体系里登记，再导入基金账")
            return None
        days = [day for role, row in self.rows if role is Role.ENTRY and (day := day_of(row)) is not None]
        if not days:
            self._whole("表里没有一笔有日期的收支，请核对是不是收支台账")
            return None
        opened_on = self.opening.day if self.opening else min(days).replace(month=1, day=1)
        return Book(None, name, unit["id"], opened_on)

    def _whole(self, message: str) -> None:
        self.problems.append(Problem(Level.ERROR, "fund.sheet", message))

    def _ledger_before(self, book: Book | None) -> int | None:
        """What the fund held before the sheet begins; None for a fund that is not there or has no entry yet."""
        days = [day for role, row in self.rows if role is Role.ENTRY and (day := day_of(row)) is not None]
        if book is None or book.fund_id is None or not days:
            return None
        fund = queries.fund(self.reader, book.fund_id)
        if fund is None or not fund["entries"]:
            return None
        first = self.opening.day if self.opening else min(days)
        before = queries.balance_at(self.reader, book.fund_id, first - dt.timedelta(days=1))
        return before + (int(fund["opening_fen"]) if fund["opened_on"] == first.isoformat() else 0)

    def _opening_item(self, book: Book, before: int | None) -> Planned | None:
        opening = self.opening
        if opening is None:
            return None
        if before is None:
            draft = Draft(
                day=max(opening.day, book.opened_on),
                summary=rules.OPENING_SUMMARY,
                in_fen=opening.fen,
                source=self._source(opening.row),
            )
            if opening.fen < 0:
                message = f"上年结转写的是负数 {format_fen(opening.fen)}，没有登记期初，请核对"
                self._about_opening(Level.ERROR, message)
            return Planned(book, draft, opening=True) if opening.fen > 0 else None
        if before != opening.fen:
            message = (
                f"上年结转写的是 {format_fen(opening.fen)}，账上{format_cn(opening.day)}之前的结余是 "
                f"{format_fen(before)}，没有改动账上的数，请核对"
            )
            self._about_opening(Level.WARNING, message)
        return None

    def _about_opening(self, level: Level, message: str) -> None:
        row = next(row for role, row in self.rows if role is Role.OPENING)
        self._find(row, level, "fund.opening", message, "balance_fen")

    # --- rows -----------------------------------------------------------------------------------------------------

    def _new_drafts(self, book: Book) -> list[tuple[SheetRow, Draft]]:
        """Drafts of all good rows that are not on the books yet, in the order of the sheet."""
        read = [(row, self._draft(book, row)) for role, row in self.rows if role is Role.ENTRY]
        good = [(row, draft) for row, draft in read if draft is not None]
        held: list[Row] = []
        if book.fund_id is not None and good:
            years = {draft.day.year for _row, draft in good}
            held = queries.entries_of_years(self.reader, book.fund_id, years)
        on_file = Counter(_key_of(row) for row in held)
        by_number = Counter((row["year"], row["source_number"]) for row in held if row["source_number"])
        fresh: list[tuple[SheetRow, Draft]] = []
        for row, draft in good:
            key = _key(draft)
            if on_file[key]:
                on_file[key] -= 1
                by_number[draft.day.year, draft.source_number] -= 1
                self.known += 1
                self._find(row, Level.WARNING, "fund.known", "这一笔已经在账上，不再登记", "summary")
            else:
                fresh.append((row, draft))
        return [(row, draft) for row, draft in fresh if not self._number_taken(row, draft, by_number)]

    def _number_taken(self, row: SheetRow, draft: Draft, by_number: Counter[tuple[int, str | None]]) -> bool:
        """True when the books hold another entry from this old voucher that the sheet does not have."""
        if by_number[draft.day.year, draft.source_number] <= 0:
            return False
        message = f"凭证 {draft.source_number} 已在账上，内容与这一行不同；账上的记错了请先冲正"
        self._find(row, Level.ERROR, "fund.source_number", message, "voucher")
        return True

    def _draft(self, book: Book, row: SheetRow) -> Draft | None:
        values = row.values
        day = day_of(row)
        if day is None:
            if not row.raw.get("entry_on", "").strip():
                self._find(row, Level.ERROR, "field.missing", "日期没有填写", "entry_on")
            return None
        draft = Draft(
            day=day,
            summary=str(values.get("summary") or ""),
            in_fen=amount(row, "in_fen"),
            out_fen=amount(row, "out_fen"),
            method=values.get("method") or METHODS[0],
            counterparty=values.get("counterparty"),
            handler=values.get("handler"),
            attachments=values.get("attachments") or 0,
            persons=values.get("persons"),
            receipt_number=values.get("receipt_number"),
            source_number=values.get("voucher"),
            source=self._source(row.number),
        )
        draft = replace(draft, category=self._category(row, draft))
        found = rules.draft_problems(draft, self.today, book.opened_on, None)
        found += self._receipt_problems(draft)
        for problem in found:
            self._find(row, problem.level, problem.code, problem.message, problem.field or "summary")
        return None if any(problem.level is Level.ERROR for problem in found) else draft

    def _category(self, row: SheetRow, draft: Draft) -> str:
        if draft.day not in self.categories:
            rule = rule_sets.in_force(self.reader, rules.CATEGORIES_KIND, draft.day)
            self.categories[draft.day] = rules.categories_from(rule.body)
        listed = self.categories[draft.day]
        written = str(row.values.get("category") or "")
        named = listed.named(written)
        if named is not None and named.direction == draft.direction:
            return named.name
        guessed = listed.guess(draft.direction, f"{written} {draft.summary}")
        if guessed is not None:
            return guessed.name
        fallback = listed.fallback(draft.direction).name
        if draft.in_fen or draft.out_fen:
            message = f"从摘要看不出类别，先归入“{fallback}”"
            self._find(row, Level.WARNING, "fund.category", message, "summary")
        return fallback

    def _receipt_problems(self, draft: Draft) -> list[Problem]:
        number = draft.receipt_number
        if not number:
            return []
        used = queries.live_entry_with_receipt(self.reader, number)
        again = used is not None and _key_of(used) != _key(draft)
        if number in self.receipts or again:
            message = f"票据号 {number} 已经用过，同一张票据不能记两次"
            return [Problem(Level.ERROR, "fund.receipt", message, "receipt_number")]
        self.receipts.add(number)
        return []

    def _affordable(
        self, book: Book, drafts: list[tuple[SheetRow, Draft]], opening: Planned | None
    ) -> list[tuple[SheetRow, Draft]]:
        """The drafts that leave no day below zero, still in the order of the sheet; the others become errors."""
        if not drafts:
            return []
        first = min(draft.day for _row, draft in drafts)
        nets: dict[dt.date, int] = {}
        start = 0
        if book.fund_id is not None:
            nets = queries.day_nets(self.reader, book.fund_id, first)
            start = queries.balance_at(self.reader, book.fund_id, first - dt.timedelta(days=1))
        if opening is not None:
            start += opening.draft.in_fen
        for _row, draft in drafts:
            nets[draft.day] = nets.get(draft.day, 0) + draft.in_fen
        purse = rules.Purse(nets, start)
        refused: set[int] = set()
        for row, draft in sorted(drafts, key=lambda pair: pair[1].day):
            short = purse.admit(draft.day, draft.out_fen) if draft.out_fen else None
            if short is not None:
                refused.add(row.number)
                self._find(
                    row, Level.ERROR, "fund.below_zero", f"{short.sentence}，请核对日期和金额", "out_fen"
                )
        return [(row, draft) for row, draft in drafts if row.number not in refused]

    # --- words ----------------------------------------------------------------------------------------------------

    def _source(self, row: int) -> str:
        return f"{self.facts.file_name} {self.facts.sheet_name} 第{row}行"

    def _find(self, row: SheetRow, level: Level, code: str, message: str, field: str) -> None:
        self.problems.append(
            Problem(level, code, message, field, row.number, row.columns.get(field), row.raw.get(field))
        )

    def _summary(self, sums: Sums, items: Sequence[tuple[int, Planned]]) -> dict[str, str]:
        planned = [item for _row, item in items]
        opening = "无" if sums.opening_fen is None else format_fen(sums.opening_fen)
        return {
            "读到记录": str(sums.entries),
            "期初（元）": opening,
            "收入合计（元）": format_fen(sums.in_fen),
            "支出合计（元）": format_fen(sums.out_fen),
            "期末结余（元）": format_fen(sums.closing_fen),
            "结余不符": str(sums.balances_wrong),
            "月合计": f"核对 {sums.months_checked} 个月，不符 {sums.months_wrong} 个",
            "已在账上": str(self.known),
            "将登记": str(sum(not item.opening for item in planned)),
        }


def _key(draft: Draft) -> _Key:
    return (
        draft.day.isoformat(),
        draft.in_fen,
        draft.out_fen,
        draft.summary.strip(),
        draft.source_number or None,
    )


def _key_of(row: Row) -> _Key:
    return (row["entry_on"], row["in_fen"], row["out_fen"], row["summary"], row["source_number"])


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this cash book would do; only reads."""
    return _Planner(reader, facts, rows, clock).plan()


def commit(writer: Writer, facts: SheetFacts, planned: ImportPlan) -> int:
    """Book a plan, opening the fund where it is new; returns how many ledger entries it made."""
    items: list[Planned] = [item for _row, item in planned.items]
    if not items:
        return 0
    book = items[0].book
    opening = next((item.draft for item in items if item.opening), None)
    if book.fund_id is None:
        fund_id = service.open_fund(
            writer,
            name=book.name,
            unit_id=book.unit_id,
            opened_on=book.opened_on,
            opening_fen=opening.in_fen if opening else 0,
            opening_source=opening.source if opening else None,
            note=f"由{facts.file_name}导入建账",
        )
    else:
        fund_id = book.fund_id
        if opening is not None:
            service.enter_opening(writer, fund_id, opening.in_fen, str(opening.source))
    booked = service.bulk_book(writer, fund_id, (item.draft for item in items if not item.opening))
    if booked != sum(not item.opening for item in items):
        raise Refusal("登记的笔数与预览不一致，没有写入，请重新导入")
    return booked + (opening is not None)


FUND_TARGET = ImportTarget(
    name="fund_entries",
    label="关爱基金收支台账",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=FUND_ENTRIES.name,
    help="现金日记账或收支台账：日期、摘要、收入、支出为必需，结余和合计只用来核对。",
)


__all__ = ["FIELDS", "FUND_TARGET", "Book", "Opening", "Planned", "commit", "plan"]
