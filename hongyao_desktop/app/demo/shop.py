"""A points shop for a demonstration street: a shelf, two deliveries, and market days (兑换日) over four months."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.service import shop

_SHELF = (
    # name, category, whole points, unit, pieces of one delivery, price of one in 元, when to warn
    ("洗衣液 1kg", "实物", 30, "瓶", 40, 9, 8),
    ("抽纸 3 提", "实物", 20, "份", 40, 7, 8),
    ("大米 5kg", "实物", 80, "袋", 20, 26, 5),
    ("食用油 1.8L", "实物", 90, "桶", 20, 29, 5),
    ("香皂", "实物", 10, "块", 60, 3, 10),
    ("毛巾", "实物", 15, "条", 40, 6, 8),
    ("雨伞", "实物", 60, "把", 15, 18, 3),
    ("骑行头盔", "实物", 120, "顶", 2, 45, 4),
    ("保温杯", "实物", 100, "只", 12, 32, 3),
    ("笔记本", "实物", 12, "本", 30, 4, 5),
    ("理发券", "服务", 25, "张", 40, 0, 5),
    ("家电清洗", "服务", 150, "次", 8, 0, 2),
    ("早餐券", "服务", 30, "张", 30, 5, 5),
)
_MARKET_DAYS = 9
_REASONS = ("本人不要了", "拿错品种", "改换其他物品")


def open_shop(writer: Writer, today: dt.date, customers: int) -> int:
    """Put goods on the list, take two deliveries, and redeem for ``customers`` volunteers; returns the redemptions.

    They come on market days, every second Saturday, and the last of them today.
    """
    chance = random.Random(today.toordinal())  # noqa: S311 - a demonstration
    goods = [_list_good(writer, row) for row in _SHELF]
    for order, days_ago in enumerate((150, 45), 1):
        day = today - dt.timedelta(days=days_ago)
        shop.stock_in(writer, _delivery(goods), day, source=f"发票 {day.year}{order:04d}（样例）")
    days = [today - dt.timedelta(days=14 * back) for back in range(_MARKET_DAYS)][::-1]
    return _market_days(writer, goods, chance, customers, days)


def _list_good(writer: Writer, row: Sequence[Any]) -> str:
    name, category, price, measure, _pieces, _each, warn_at = row
    values = {
        "name": name,
        "category": category,
        "points": price * 100,
        "measure": measure,
        "warn_at": warn_at,
    }
    return shop.save_good(writer, values, None)


def _delivery(goods: Sequence[str]) -> list[StockLine]:
    return [
        StockLine(good_id=good_id, quantity=row[4], cost_fen=row[4] * row[5] * 100)
        for good_id, row in zip(goods, _SHELF, strict=True)
    ]


def _market_days(
    writer: Writer, goods: Sequence[str], chance: random.Random, wanted: int, days: Sequence[dt.date]
) -> int:
    """Most is fetched at once; of the rest a few are given up. Whoever is beyond a limit goes home without."""
    customers = [
        row["id"]
        for row in writer.all(
            "SELECT id FROM volunteer_view WHERE status = '在册' AND person_status = '在册' AND points >= 3000 "
            "ORDER BY number"
        )
    ]
    made = 0
    coming = chance.sample(customers, min(len(customers), wanted))
    for place, volunteer_id in enumerate(coming):
        day = days[place * len(days) // max(len(coming), 1)]
        old = day < days[-1] - dt.timedelta(days=14)
        at_once = old or chance.random() < 0.6
        try:
            redemption = shop.redeem(writer, volunteer_id, chance.choice(goods), handed_over=at_once, on=day)
        except Refusal:
            continue
        made += 1
        fate = chance.random()
        if not at_once and fate < 0.2:
            shop.cancel_redemption(writer, redemption, chance.choice(_REASONS))
        elif not at_once and fate < 0.5:
            shop.hand_over(writer, redemption)
    return made
