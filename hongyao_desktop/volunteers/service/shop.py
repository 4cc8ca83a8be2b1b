"""The points shop (积分超市): goods, deliveries, redemptions with pick-up and cancelling, inventory counts.

Points and stock fall in one operation and come back in one operation; the hours for stars lie in another ledger, which
nothing here writes to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.rows import PointKind
from hongyao_desktop.volunteers.records.shop import (
    GOODS,
    OFFERED,
    STOPPED,
    CountLine,
    Movement,
    Stage,
    StockLine,
)
from hongyao_desktop.volunteers.rules import shop as rules
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import settle

_COLUMNS = tuple(field.name for field in GOODS.entered)


# ------------------------------------------------------------------------------------------------ goods


def check_good(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about a good before saving."""
    found = missing_fields(GOODS, values)
    if values.get("points") is not None and values["points"] <= 0:
        found.append(Problem(Level.ERROR, "good.points", "积分价要大于 0", "points"))
    number, name = values.get("number"), values.get("name")
    taken = reader.one("SELECT id, name FROM shop_good WHERE number = ?", (number,)) if number else None
    if taken is not None and taken["id"] != row_id:
        message = f"编号 {number} 已用于{taken['name']}，请换一个，或留空自动编号"
        found.append(Problem(Level.ERROR, "good.number", message, "number"))
    alike = reader.one("SELECT id, number FROM shop_good WHERE name = ? AND id IS NOT ?", (name, row_id))
    if alike is not None:
        message = f"已有同名商品（{alike['number']}），请核对是否重复"
        found.append(Problem(Level.WARNING, "good.alike", message, "name"))
    return found


def save_good(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new good or change one; returns its id. Redemptions on file keep the price they were made at."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_good(writer, values, row_id))
    row = {name: values[name] for name in _COLUMNS if name in values}
    if row_id is not None:
        kept = ("number", "category", "measure")  # a blank one leaves what is on file
        writer.update("shop_good", row_id, {k: v for k, v in row.items() if v is not None or k not in kept})
        return row_id
    row = {name: value for name, value in row.items() if value is not None}
    row.setdefault("number", queries.next_good_number(writer))
    row.setdefault("unit_id", lookups.office_unit_id(writer))
    if values.get("source"):
        row["source"] = values["source"]
    return writer.insert("shop_good", row)


def stop_good(writer: Writer, good_id: str, reason: str) -> None:
    """Offer a good no longer (停换) with the reason; what is left of it stays in stock."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("停换要写明原因")
    if queries.good(writer, good_id)["status"] == STOPPED:
        raise Refusal("这件商品已经停换")
    writer.update("shop_good", good_id, {"status": STOPPED, "status_reason": reason.strip()})


def offer_good(writer: Writer, good_id: str) -> None:
    """Offer a good again (恢复兑换)."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if queries.good(writer, good_id)["status"] == OFFERED:
        raise Refusal("这件商品正在兑换")
    writer.update("shop_good", good_id, {"status": OFFERED, "status_reason": None})


# ------------------------------------------------------------------------------------------------ stock


def stock_problems(
    reader: Reader, lines: Sequence[StockLine], moved_on: dt.date, today: dt.date
) -> list[Problem]:
    """What is wrong with a delivery: its day, quantities, the budget of the year. ``row`` counts lines from 1."""
    found: list[Problem] = []
    if moved_on > today:
        found.append(Problem(Level.ERROR, "shop.day", "日期还没有到，请核对", "moved_on"))
    for place, line in enumerate(lines, 1):
        if line.quantity < 1:
            found.append(Problem(Level.ERROR, "shop.quantity", "数量至少是 1", "quantity", place))
        if line.cost_fen is not None and line.cost_fen < 0:
            found.append(Problem(Level.ERROR, "shop.cost", "金额不能是负数，登错了用冲正", "cost_fen", place))
    cost = sum(line.cost_fen or 0 for line in lines)
    rule = queries.rule_on(reader, moved_on)
    beyond = rules.budget_problem(rule, moved_on.year, queries.spent_in_year(reader, moved_on.year), cost)
    return [*found, beyond] if beyond is not None and cost else found


def stock_in(
    writer: Writer, lines: Sequence[StockLine], moved_on: dt.date, *, source: str | None = None
) -> list[str]:
    """Take a delivery onto the shelf (进货), within the budget of its year; returns the movements' ids."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not lines:
        raise Refusal("进货单是空的，请先填商品和数量")
    refuse_errors(stock_problems(writer, lines, moved_on, writer.clock.today()))
    return [
        _move(
            writer,
            queries.good(writer, line.good_id)["id"],
            Movement.STOCKED,
            line.quantity,
            moved_on,
            cost_fen=line.cost_fen,
            source=source,
        )
        for line in lines
    ]


def count_stock(writer: Writer, lines: Sequence[CountLine], counted_on: dt.date) -> list[str]:
    """Write an inventory count (盘点), every good of it; each difference is a movement with its reason.

    Returns the ids of these movements: none when everything agreed, and the count stands on file all the same.
    Counting is for somebody other than who hands goods out, so it takes the right to review. It is of today only: what
    moved after an earlier day would make the difference wrong.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if counted_on != writer.clock.today():
        raise Refusal("盘点只能按今天的库存登记，请把日期改为今天")
    refuse_errors(count_problems(writer, lines, reasons_required=True))
    count_id = writer.insert(
        "shop_count",
        {
            "counted_on": counted_on.isoformat(),
            "shelf": len(queries.goods_on_shelf(writer)),
            "recorded_by": writer.who.name,
        },
    )
    made = []
    for line in lines:
        book = queries.good(writer, line.good_id)["stock"]
        reason, movement_id = (line.reason or "").strip() or None, None
        if line.counted != book:
            kind = Movement.SURPLUS if line.counted > book else Movement.LOSS
            movement_id = _move(writer, line.good_id, kind, line.counted - book, counted_on, reason=reason)
            made.append(movement_id)
        writer.insert(
            "shop_count_line",
            {
                "count_id": count_id,
                "good_id": line.good_id,
                "book": book,
                "counted": line.counted,
                "reason": reason,
                "movement_id": movement_id,
            },
        )
    return made


def count_problems(
    reader: Reader, lines: Sequence[CountLine], *, reasons_required: bool = True
) -> list[Problem]:
    """The differences a count found; one without a reason is an error. ``row`` counts lines from 1."""
    found = []
    for place, line in enumerate(lines, 1):
        row = queries.good(reader, line.good_id)
        difference = line.counted - row["stock"]
        if line.counted < 0:
            found.append(Problem(Level.ERROR, "shop.counted", "实有数不能是负数", "counted", place))
        elif difference:
            words = f"账面 {row['stock']}，{'盘盈' if difference > 0 else '盘亏'} {abs(difference)} {row['measure']}"
            missing = reasons_required and not (line.reason or "").strip()
            level = Level.ERROR if missing else Level.WARNING
            words += "，请写明原因" if missing else ""
            found.append(Problem(level, "shop.difference", words, "reason", place))
    return found


def reverse_movement(writer: Writer, movement_id: str, reason: str) -> str:
    """Take back a delivery or a counted difference (冲正), unless its stock is gone already. Returns the new id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("冲正要写明原因")
    row = queries.movement(writer, movement_id)
    if row["redemption_id"]:
        raise Refusal(
            f"这笔由兑换 {row['redemption_number']} 产生，请取消或退回那笔兑换，积分和库存会一并加回"
        )
    if row["state"] != "有效":
        raise Refusal(f"这笔{'是冲正' if row['reverses_id'] else '已经冲正过'}，不能再冲正")
    good = queries.good(writer, row["good_id"])
    if good["stock"] < row["quantity"]:
        raise Refusal(
            f"{good['name']}只剩 {good['stock']} {good['measure']}，不够冲正 {row['quantity']}，请改用盘点"
        )
    cost = None if row["cost_fen"] is None else -row["cost_fen"]
    return _move(
        writer,
        row["good_id"],
        Movement.REVERSAL,
        -row["quantity"],
        writer.clock.today(),
        cost_fen=cost,
        reverses_id=movement_id,
        reason=reason.strip(),
    )


def _move(
    writer: Writer, good_id: str, kind: Movement, quantity: int, moved_on: dt.date, **more: str | int | None
) -> str:
    """Write one movement; ``more`` holds further columns (cost_fen, redemption_id, reverses_id, reason, source)."""
    row = {
        "good_id": good_id,
        "kind": kind.value,
        "quantity": quantity,
        "moved_on": moved_on.isoformat(),
        "recorded_by": writer.who.name,
    }
    return writer.insert("shop_movement", row | more)


# ------------------------------------------------------------------------------------------------ redemption


def redemption_problems(
    reader: Reader, volunteer_id: str, good_id: str, quantity: int, today: dt.date
) -> list[Problem]:
    """Everything that stands against a redemption today; empty when it may be made. Writes nothing."""
    customer = queries.customer(reader, volunteer_id, today, good_id)
    wish = queries.wish_for(queries.good(reader, good_id), quantity)
    return customer.problems() or rules.wish_problems(
        customer.rule, customer.who, customer.usable, customer.used, wish
    )


def redeem(
    writer: Writer,
    volunteer_id: str,
    good_id: str,
    quantity: int = 1,
    *,
    handed_over: bool = True,
    note: str | None = None,
    on: dt.date | None = None,
) -> str:
    """Redeem points for goods (兑换): points and stock fall together, or nothing happens. Returns the redemption's id.

    ``handed_over`` records the pick-up (领取) at once; without it the goods wait until the day the rule set names.
    Refused for who is not on the register (在册) or in debt (欠分), beyond balance or stock, and beyond the quarter's
    limits of the rule set in force today. ``on`` is the day of a paper slip that is entered later.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    today = on or writer.clock.today()
    if today > writer.clock.today():
        raise Refusal("兑换日期还没有到，请核对")
    refuse_errors(redemption_problems(writer, volunteer_id, good_id, quantity, today))
    rule = queries.rule_on(writer, today)
    good = queries.good(writer, good_id)
    unit_id = lookups.volunteer(writer, volunteer_id)["unit_id"] or lookups.office_unit_id(writer)
    serial = queries.next_serial(writer, today.year)
    number = f"兑{today.year}-{serial:04d}"
    points = good["points"] * quantity
    each, whole = hours.format_centi(good["points"]), hours.format_centi(points)
    entry = {
        "volunteer_id": volunteer_id,
        "unit_id": unit_id,
        "entered_on": today.isoformat(),
        "kind": PointKind.REDEMPTION.value,
        "points": -points,
        "earned_on": today.isoformat(),
        "rule_id": rule.id,
        "explanation": f"兑换{good['name']} {quantity} {good['measure']}，每{good['measure']} {each} 分，"
        f"用 {whole} 分（{number}）",
        "recorded_by": writer.who.name,
        "source": number,
    }
    redemption_id = writer.insert(
        "shop_redemption",
        {
            "number": number,
            "year": today.year,
            "serial": serial,
            "volunteer_id": volunteer_id,
            "unit_id": unit_id,
            "good_id": good_id,
            "quantity": quantity,
            "price_points": good["points"],
            "points": points,
            "ordered_on": today.isoformat(),
            "pick_up_by": (today + dt.timedelta(days=rule.pick_up_days)).isoformat(),
            "rule_id": rule.id,
            "point_entry_id": writer.insert("point_entry", entry),
            "recorded_by": writer.who.name,
            "note": note,
        },
    )
    _move(writer, good_id, Movement.REDEEMED, -quantity, today, redemption_id=redemption_id)
    _step(writer, redemption_id, "下单", on=today)
    if handed_over:
        _step(writer, redemption_id, "领取", on=today)
    settle(writer, [volunteer_id])
    return redemption_id


def hand_over(writer: Writer, redemption_id: str) -> str:
    """The goods were fetched (领取); returns the redemption's id. Late is still in time as long as they wait."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = queries.redemption(writer, redemption_id)
    if row["state"] != Stage.WAITING:
        raise Refusal(f"{row['number']} {row['state']}，不能再领取")
    _step(writer, redemption_id, "领取")
    return redemption_id


def cancel_redemption(writer: Writer, redemption_id: str, reason: str) -> str:
    """Give up a redemption that was not fetched (取消): points and stock come back by reversal. Returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = queries.redemption(writer, redemption_id)
    if row["state"] == Stage.HANDED:
        raise Refusal(f"{row['number']}已经领取，东西退回来了请用“退回”")
    if row["state"] != Stage.WAITING:
        raise Refusal(f"{row['number']} {row['state']}，不能再取消")
    return _give_back(writer, row, "取消", reason)


def return_redemption(writer: Writer, redemption_id: str, reason: str) -> str:
    """What had been handed over came back (退回): points and stock come back by reversal. Returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = queries.redemption(writer, redemption_id)
    if row["state"] != Stage.HANDED:
        raise Refusal(f"{row['number']} {row['state']}，领取过的才能退回")
    return _give_back(writer, row, "退回", reason)


def _give_back(writer: Writer, row: Row, step: str, reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refusal(f"{step}要写明原因")
    entry = writer.one("SELECT * FROM point_view WHERE id = ?", (row["point_entry_id"],))
    if entry is None:
        raise Refusal(f"{row['number']}没有相应的积分支出，请先核对台账")
    if (
        entry["state"] == "有效"
    ):  # somebody may have given the points back alone; then only the goods are missing
        reverse_entry(writer, entry, f"{step}兑换 {row['number']}：{reason}")
        settle(writer, [row["volunteer_id"]])
    out = writer.one(
        "SELECT id, quantity FROM shop_movement WHERE redemption_id = ? AND kind = ?",
        (row["id"], Movement.REDEEMED.value),
    )
    if out is None:
        raise Refusal(f"{row['number']}没有相应的出库，请先核对台账")
    _move(
        writer,
        row["good_id"],
        Movement.RETURN,
        -out["quantity"],
        writer.clock.today(),
        redemption_id=row["id"],
        reverses_id=out["id"],
        reason=f"{step}：{reason}",
    )
    _step(writer, row["id"], step, reason)
    return str(row["id"])


def _step(
    writer: Writer, redemption_id: str, step: str, reason: str | None = None, *, on: dt.date | None = None
) -> None:
    writer.insert(
        "shop_step",
        {
            "redemption_id": redemption_id,
            "step": step,
            "taken_on": (on or writer.clock.today()).isoformat(),
            "reason": reason,
            "recorded_by": writer.who.name,
        },
    )
