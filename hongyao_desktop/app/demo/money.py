"""The party-care fund of a demonstration street: an opening balance, allocations, gifts, visits and help."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.fund.service.booking import bulk_book
from hongyao_desktop.fund.service.funds import open_fund

OPENING_FEN = 4_286_350
_RECEIPTS = (
    ("区财政拨款", "区财政局", (2_000_000, 3_000_000)),
    ("专项党费下拨", "区委组织部", (800_000, 1_500_000)),
    ("党员自愿捐款", "各社区党委", (35_000, 286_000)),
    ("共建单位定向捐赠", "共建单位", (200_000, 600_000)),
    ("利息", "开户银行", (1_203, 9_871)),
)
_PAYMENTS = (
    ("走访慰问困难党员", (50_000, 100_000)),
    ("慰问老党员", (50_000, 60_000)),
    ("大病救助", (200_000, 300_000)),
    ("助学帮扶", (100_000, 200_000)),
)


def keep_fund(
    writer: Writer,
    unit_id: str,
    people: Sequence[tuple[str, str]],
    entries: int,
    chance: random.Random,
    today: dt.date,
) -> int:
    """Open the fund at the beginning of last year's last quarter and book ``entries`` entries; returns how many.

    ``people`` are those who may be helped, by id and name.
    """
    opened = dt.date(today.year - 1, 10, 1)
    fund_id = open_fund(
        writer,
        name="党内关爱基金",
        unit_id=unit_id,
        opened_on=opened,
        opening_fen=OPENING_FEN,
        opening_source="旧账移交表",
    )
    return bulk_book(writer, fund_id, _entries(people, entries, chance, opened, today))


def _entries(
    people: Sequence[tuple[str, str]], count: int, chance: random.Random, opened: dt.date, today: dt.date
) -> list[Draft]:
    """Entries in order of days; money is paid only when it is there."""
    span = (today - opened).days
    days = sorted(opened + dt.timedelta(days=chance.randrange(1, span)) for _ in range(count))
    balance = OPENING_FEN
    drafts = []
    for day in days:
        summary, (low, high) = chance.choice(_PAYMENTS)
        amount = chance.randrange(low, high + 1, 5_000)
        if chance.random() < 0.28 or amount > balance - 500_000:
            what, giver, (low, high) = chance.choice(_RECEIPTS)
            amount = chance.randrange(low, high + 1)
            drafts.append(
                Draft(day=day, summary=what, in_fen=amount, counterparty=giver, handler="出纳", attachments=1)
            )
            balance += amount
            continue
        person_id, name = chance.choice(people)
        cash = amount <= 60_000
        drafts.append(
            Draft(
                day=day,
                summary=f"{summary}：{name}",
                out_fen=amount,
                counterparty=name,
                person_id=person_id,
                method="现金" if cash else "银行",
                handler="出纳",
                attachments=chance.randrange(1, 5),
            )
        )
        balance -= amount
    return drafts
