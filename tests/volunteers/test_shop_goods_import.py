"""Lists of goods on their way into the points shop."""

from __future__ import annotations

from typing import Any

import pytest

from hongyao_desktop.core.desk import ImportPlan, SheetFacts, SheetRow
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports.goods import FIELDS, TARGET
from hongyao_desktop.volunteers.queries import shop as queries
from tests.offices import fixed_clock
from tests.volunteers.shop_office import put_limits, put_shelf

FACTS = SheetFacts("积分超市.xlsx", "0", "清单", "水湾社区积分超市商品清单")
COLUMNS = {field.name: chr(ord("A") + place) for place, field in enumerate(FIELDS)}


def sheet_row(place: int, /, kind: str = "data", **values: Any) -> SheetRow:
    raw = {name: "" if value is None else str(value) for name, value in values.items()}
    return SheetRow(place, {field.name: values.get(field.name) for field in FIELDS}, raw, COLUMNS, kind)


@pytest.fixture(autouse=True)
def _shop(office: Office, units: dict[str, str]) -> None:
    assert units
    office.transact("登记规则", put_limits)
    office.transact("登记商品", put_shelf)


def planned(office: Office, *rows: SheetRow) -> ImportPlan:
    return TARGET.plan(office.reader(), FACTS, rows, fixed_clock())


def test_a_list_becomes_goods_with_their_stock(office: Office, units: dict[str, str]) -> None:
    plan = planned(
        office,
        sheet_row(3, name="保温杯", points=5000, measure="只", quantity=6, cost_fen=12000, warn_at=2),
        sheet_row(4, name="量血压", points=500, category="服务"),
        sheet_row(5, kind="total", name="合计", quantity=6),
    )
    assert plan.problems == ()
    assert plan.summary == {
        "读到商品": "2",
        "可登记": "2",
        "已登记过": "0",
        "退回": "0",
        "数量合计": "6",
        "金额合计（元）": "120.00",
    }
    assert office.transact("导入", lambda w: TARGET.commit(w, FACTS, plan)).result == 2
    cup, check = (queries.goods_called(office.reader(), [name])[name] for name in ("保温杯", "量血压"))
    assert (cup["number"], cup["stock"], cup["measure"], cup["unit_id"]) == (
        "004",
        6,
        "只",
        units["水湾社区"],
    )
    assert (check["category"], check["stock"], check["measure"]) == ("服务", 0, "件")
    row = office.reader().one("SELECT * FROM shop_movement WHERE good_id = ?", (cup["id"],))
    assert row is not None
    assert (row["cost_fen"], row["source"]) == (12000, "积分超市.xlsx·清单·第3行")
    assert queries.stock_faults(office.reader()) == []


def test_what_is_wrong_stays_out_and_says_where(office: Office) -> None:
    plan = planned(
        office,
        sheet_row(3, name="洗衣液 1kg", points=2500),
        sheet_row(4, name="毛巾"),
        sheet_row(5, name="肥皂", points=0),
        sheet_row(6, name="纸巾", points=100, number="9"),
        sheet_row(7, name="纸巾", points=100, number="9"),
        sheet_row(8, name="雨伞", points=100, cost_fen=500),
        sheet_row(9, name="水杯", points=100, number="001"),
    )
    assert [(p.row, p.field, p.level.name) for p in plan.problems] == [
        (3, "name", "WARNING"),
        (4, "points", "ERROR"),
        (5, "points", "ERROR"),
        (7, "name", "ERROR"),
        (7, "number", "ERROR"),
        (8, "quantity", "ERROR"),
        (9, "number", "ERROR"),
    ]
    assert "积分价是 30 分，与本表不同" in plan.problems[0].message
    assert [row for row, _values in plan.items] == [6]
    assert (plan.summary["已登记过"], plan.summary["退回"]) == ("1", "5")


def test_a_list_beyond_the_budget_is_refused_whole(office: Office) -> None:
    plan = planned(office, sheet_row(3, name="平板电脑", points=99900, quantity=10, cost_fen=3_000_000))
    assert plan.items == ()
    assert "不够这次的 30,000.00 元" in plan.problems[0].message
