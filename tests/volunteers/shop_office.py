"""What tests of the points shop begin with: its limits, a shelf of goods, and points to spend."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.service import points, shop
from tests.volunteers.conftest import RULES

TODAY = dt.date(2026, 11, 20)
SHELF = (
    ("洗衣液 1kg", "实物", 3000, "瓶", 12),
    ("抽纸 3 提", "实物", 2000, "份", 2),
    ("理发券", "服务", 1500, "张", 20),
)


def put_limits(writer: Writer, **changes: Any) -> None:
    """Copy the shipped limits into the file, with some entries changed."""
    for path in sorted(RULES.glob("shop-*.json")):
        rule = json.loads(path.read_text(encoding="utf-8"))
        body = rule.pop("body") | (changes if path.stem == "shop-limits" else {})
        writer.insert("rule_set", {**rule, "body": json.dumps(body, ensure_ascii=False)})


def put_shelf(writer: Writer) -> dict[str, str]:
    """Three goods with stock; ids by name."""
    made = {}
    for name, category, price, measure, quantity in SHELF:
        values = {"name": name, "category": category, "points": price, "measure": measure, "warn_at": 2}
        made[name] = shop.save_good(writer, values, None)
        line = StockLine(good_id=made[name], quantity=quantity, cost_fen=quantity * 1000)
        shop.stock_in(writer, [line], TODAY)
    return made


def give(writer: Writer, volunteer_id: str, amount: int) -> str:
    """A bonus of so many points (whole ones); returns the entry's id."""
    return points.award_points(writer, volunteer_id, amount * 100, "年度表扬")
