"""A small office with the shipped rule sets and one fund, and a sheet made of plain cells, for tests of the fund."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.fund import service
from hongyao_desktop.fund.imports import FIELDS
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.store import Office
from tests.offices import make_office

RULES = Path(__file__).parents[2] / "resources" / "rules"
TODAY = dt.date(2026, 11, 20)
OPENED = dt.date(2026, 1, 1)


def shipped(kind: str) -> RuleSet:
    """A shipped rule set as a value."""
    data = json.loads((RULES / f"{kind}.json").read_text(encoding="utf-8"))
    return RuleSet(
        id=kind,
        kind=data["kind"],
        name=data["name"],
        version=data["version"],
        effective_on=dt.date.fromisoformat(data["effective_on"]),
        source=data["source"],
        body=data["body"],
    )


def lay_ground(writer: Writer) -> str:
    """The unit and the rule sets of the fund; returns the unit's id."""
    for kind in ("fund-categories", "fund-limits"):
        rule = shipped(kind)
        writer.insert(
            "rule_set",
            {
                "kind": kind,
                "name": rule.name,
                "version": rule.version,
                "effective_on": rule.effective_on.isoformat(),
                "source": rule.source,
                "body": json.dumps(rule.body, ensure_ascii=False),
            },
        )
    return writer.insert("unit", {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"})


@dataclass
class Bookroom:
    """An office, its unit and its fund."""

    office: Office
    unit_id: str
    fund_id: str

    def receipt(self, day: dt.date, fen: int, summary: str = "区财政拨款", **more: Any) -> str:
        """Book money in."""
        draft = Draft(day=day, summary=summary, in_fen=fen, **more)
        return self.office.transact("收款", lambda w: service.book_receipt(w, self.fund_id, draft)).result

    def payment(self, day: dt.date, fen: int, summary: str = "慰问老党员：王喆堃", **more: Any) -> str:
        """Book money out."""
        draft = Draft(day=day, summary=summary, out_fen=fen, **more)
        return self.office.transact("付款", lambda w: service.book_payment(w, self.fund_id, draft)).result

    def reverse(self, entry_id: str, reason: str = "重复登记", on: dt.date | None = None) -> str:
        """Take an entry back."""
        return self.office.transact("冲正", lambda w: service.reverse_entry(w, entry_id, reason, on)).result

    def entry(self, entry_id: str) -> dict[str, Any]:
        """One entry as the view gives it."""
        with self.office.reader() as reader:
            row = reader.one("SELECT * FROM fund_entry_view WHERE id = ?", (entry_id,))
        assert row is not None
        return row


def make_bookroom(
    folder: Path, *, opening_fen: int = 1_000_000, who: str = "全某", clock: FixedClock | None = None
) -> Bookroom:
    """An office with 10,000.00 元 in its only fund on 1 January 2026, unless told otherwise."""
    office = make_office(folder, who=who, clock=clock)
    unit_id = office.transact("准备", lay_ground).result
    fund_id = office.transact(
        "建账",
        lambda w: service.open_fund(
            w,
            name="样例街道党内关爱基金",
            unit_id=unit_id,
            opened_on=OPENED,
            opening_fen=opening_fen,
            opening_source="2025年12月31日银行对账单" if opening_fen else None,
        ),
    ).result
    return Bookroom(office, unit_id, fund_id)


HEADER = {
    "日期": "entry_on",
    "凭证号": "voucher",
    "摘要": "summary",
    "收入": "in_fen",
    "支出": "out_fen",
    "结余": "balance_fen",
    "经办人": "handler",
    "附件": "attachments",
}
FACTS = SheetFacts("收支台账.xlsx", "0" * 64, "收支台账", "党内关爱基金收支台账（2026年）", {"单位": "元"})


def sheet_rows(
    cells: Sequence[Sequence[Any]], header: Mapping[str, str] | None = None, first: int = 4
) -> list[SheetRow]:
    """Rows as intake hands them over: parsed by the fields of the target, raw text beside."""
    names = list((header or HEADER).values())
    types = {field.name: field.type for field in FIELDS}
    context = ParseContext(TODAY, default_year=2026)
    rows = []
    for number, line in enumerate(cells, first):
        by_name = dict(zip(names, line, strict=False))
        rows.append(
            SheetRow(
                number=number,
                values={name: types[name].parse(cell, context).value for name, cell in by_name.items()},
                raw={name: "" if cell is None else str(cell) for name, cell in by_name.items()},
                columns={name: "ABCDEFGHIJKL"[place] for place, name in enumerate(names)},
            )
        )
    return rows
