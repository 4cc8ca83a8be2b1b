"""Lists of goods of a points shop (积分超市商品清单) on their way in, with what lies on the shelf already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Integer, Money
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.volunteers.imports.places import Soundness, Units, place_problem, source_of, written
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.shop import GOODS, StockLine
from hongyao_desktop.volunteers.service import shop

FIELDS = (
    *(GOODS.field(name) for name in ("number", "name", "category", "points", "measure", "warn_at", "note")),
    Field(
        name="quantity",
        label="数量",
        type=Integer(high=100_000),
        sensitivity=Sensitivity.OPEN,
        aliases=("库存", "现有库存", "库存数量", "进货数量"),
        help="现有多少，作为一笔进货登记；空白或 0 只登记商品。",
    ),
    Field(
        name="cost_fen",
        label="金额",
        type=Money(),
        sensitivity=Sensitivity.INTERNAL,
        aliases=("进货金额", "金额（元）", "总价"),
        help="这批货的总价，单位元。",
    ),
)


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this list would do. A good on file under the same name is not entered twice. Writes nothing."""
    today = clock.today()
    sound = Soundness(FIELDS, today)
    count = Counter({"读到商品": 0, "可登记": 0, "已登记过": 0, "退回": 0})
    known = queries.goods_called(reader, [row.values["name"] for row in rows if row.values.get("name")])
    seen: dict[str, dict[str, int]] = {"name": {}, "number": {}}
    home = Units(reader).of_sheet(facts)
    problems: list[Problem] = []
    items: list[tuple[int, Any]] = []
    for row in rows:
        if row.kind != "data" or not any(written(row, name) for name in ("name", "number", "points")):
            continue
        count["读到商品"] += 1
        values = {name: value for name, value in row.values.items() if value is not None}
        found = _row_problems(reader, row, values, seen)
        problems += [place_problem(problem, row) for problem in found]
        if has_errors(found) or not sound(row):
            count["退回"] += 1
        elif values["name"] in known:
            count["已登记过"] += 1
            problems.append(place_problem(_known_problem(known[values["name"]], values), row))
        else:
            items.append((row.number, {**values, "unit_id": home.unit_id, "source": source_of(facts, row)}))
    lines = [
        StockLine(good_id="", quantity=item["quantity"], cost_fen=item.get("cost_fen"))
        for _row, item in items
        if item.get("quantity")
    ]
    problems += shop.stock_problems(reader, lines, today, today) if lines else []
    over = [problem for problem in problems if problem.code == "shop.budget"]
    if over:  # a delivery beyond the budget is refused as a whole: half a list is nobody's delivery
        count["退回"] += len(items)
        items = []
    count["可登记"] = len(items)
    summary = {name: str(number) for name, number in count.items()}
    summary["数量合计"] = str(sum(line.quantity for line in lines))
    summary["金额合计（元）"] = Money().format(sum(line.cost_fen or 0 for line in lines))
    return ImportPlan(tuple(items), tuple(problems), summary)


def _row_problems(
    reader: Reader, row: SheetRow, values: dict[str, Any], seen: dict[str, dict[str, int]]
) -> list[Problem]:
    found = [
        Problem(Level.ERROR, "import.blank", f"没有填写{item.label}", item.name)
        for item in FIELDS
        if item.required and not written(row, item.name)
    ]
    if has_errors(found):
        return found
    for name, label in (("name", "品名"), ("number", "编号")):
        value = values.get(name)
        first = seen[name].setdefault(value, row.number) if value else row.number
        if first != row.number:
            found.append(
                Problem(Level.ERROR, "import.twice", f"{label}“{value}”与第 {first} 行重复，请合并", name)
            )
    if values.get("cost_fen") and not values.get("quantity"):
        found.append(Problem(Level.ERROR, "import.cost", "填了金额没有填数量，请核对", "quantity"))
    checked = shop.check_good(reader, values, None)
    return found + [problem for problem in checked if problem.code not in ("required", "good.alike")]


def _known_problem(known: dict[str, Any], values: dict[str, Any]) -> Problem:
    """Already on file: never entered twice, and a different price is pointed at."""
    message = f"“{known['name']}”已经登记过（{known['number']}），不重复登记，补货请用“进货”"
    if known["points"] != values["points"]:
        price = GOODS.field("points").type.format(known["points"])
        message = f"“{known['name']}”已经登记过，积分价是 {price} 分，与本表不同，要改请在商品里改"
    return Problem(Level.WARNING, "import.known", message, "name")


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Enter the plan's goods and put what they have on the shelf; returns how many goods."""
    lines = []
    for _row, values in planned.items:
        good_id = shop.save_good(writer, values, None)
        if values.get("quantity"):
            lines.append((values["source"], good_id, values["quantity"], values.get("cost_fen")))
    for source, good_id, quantity, cost in lines:
        line = StockLine(good_id=good_id, quantity=quantity, cost_fen=cost)
        shop.stock_in(writer, [line], writer.clock.today(), source=source)
    return len(planned.items)


TARGET = ImportTarget(
    name="shop_goods",
    label="积分超市商品清单",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=GOODS.name,
    help="一行一种商品；填了数量的，同时登记一笔进货。同名的已经在册就不重复登记。",
)
