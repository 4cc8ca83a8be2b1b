"""What is asked about the points shop: shelves, what a volunteer has used, what waits, and whether it all adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import in_force
from hongyao_desktop.volunteers.queries import approval, conduct, lookups
from hongyao_desktop.volunteers.records.rows import Standing, standing_of
from hongyao_desktop.volunteers.records.shop import Used
from hongyao_desktop.volunteers.rules import shop as rules

_STANDS = (
    "NOT EXISTS (SELECT 1 FROM shop_step WHERE redemption_id = redemption.id AND step IN ('取消', '退回'))"
)
"""A redemption that was neither cancelled nor returned."""


def rule_on(reader: Reader, day: dt.date) -> rules.ShopRule:
    """The limits of the shop in force on ``day``; refuses when there are none."""
    return rules.shop_rule(in_force(reader, rules.KIND, day))


def good(reader: Reader, good_id: str) -> Row:
    """One good with its stock; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM shop_good_view WHERE id = ?", (good_id,))
    if row is None:
        raise Refusal("这件商品不在台账里，请刷新列表后重新选择")
    return row


def goods_on_shelf(reader: Reader) -> list[Row]:
    """All goods on offer, in the order of their numbers."""
    return reader.all("SELECT * FROM shop_good_view WHERE status = '在换' ORDER BY length(number), number")


def goods_called(reader: Reader, names: Collection[str]) -> dict[str, Row]:
    """Goods of exactly these names, by name."""
    found: dict[str, Row] = {}
    for marks, part in lookups.in_parts(names):
        for row in reader.all(f"SELECT * FROM shop_good_view WHERE name IN ({marks}) ORDER BY number", part):
            found.setdefault(row["name"], row)
    return found


def earlier_prices(reader: Reader, good_id: str) -> list[Row]:
    """Prices in hundredths a good was redeemed at and has no more, the last first, each with its last day."""
    return reader.all(
        """
        SELECT price_points, MAX(ordered_on) AS last_on FROM shop_redemption
        WHERE good_id = :good AND price_points <> (SELECT points FROM shop_good WHERE id = :good)
        GROUP BY price_points ORDER BY last_on DESC, price_points
        """,
        {"good": good_id},
    )


def next_good_number(reader: Reader) -> str:
    """The number after the highest all-digit one: 001, 002 and so on."""
    last = reader.value("SELECT MAX(CAST(number AS INTEGER)) FROM shop_good WHERE number NOT GLOB '*[^0-9]*'")
    return f"{(last or 0) + 1:03d}"


def next_serial(reader: Reader, year: int) -> int:
    """The next running number of redemptions in ``year``."""
    return int(reader.value("SELECT MAX(serial) FROM shop_redemption WHERE year = ?", (year,)) or 0) + 1


def redemption(reader: Reader, redemption_id: str) -> Row:
    """One redemption with its state; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM shop_redemption_view WHERE id = ?", (redemption_id,))
    if row is None:
        raise Refusal("这笔兑换不在台账里，请刷新列表后重新选择")
    return row


def movement(reader: Reader, movement_id: str) -> Row:
    """One stock movement with its state; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM shop_movement_view WHERE id = ?", (movement_id,))
    if row is None:
        raise Refusal("这笔库存变动不在台账里，请刷新列表后重新选择")
    return row


def used_in_quarter(reader: Reader, volunteer_id: str, day: dt.date, good_id: str = "") -> Used:
    """What a volunteer has redeemed in the quarter of ``day``, cancelled and returned ones left out."""
    first, last = rules.quarter_of(day)
    row = reader.one(
        f"""
        SELECT COUNT(DISTINCT ordered_on) AS visits, COALESCE(SUM(points), 0) AS points,
            COALESCE(SUM(iif(good_id = :good, quantity, 0)), 0) AS same_good,
            COALESCE(MAX(ordered_on = :day), 0) AS today
        FROM shop_redemption AS redemption
        WHERE volunteer_id = :who AND ordered_on BETWEEN :first AND :last AND {_STANDS}
        """,
        {
            "good": good_id,
            "day": day.isoformat(),
            "who": volunteer_id,
            "first": first.isoformat(),
            "last": last.isoformat(),
        },
    )
    if row is None:
        return Used(again_on=last + dt.timedelta(days=1))
    return Used(
        visits=row["visits"],
        points=row["points"],
        same_good=row["same_good"],
        today=bool(row["today"]),
        again_on=last + dt.timedelta(days=1),
    )


@dataclass(frozen=True, slots=True)
class Customer:
    """A volunteer at the counter: standing, balance in hundredths, the rule of the day and what was used of it."""

    who: Standing
    unit_name: str
    balance: int
    rule: rules.ShopRule
    used: Used
    waiting: int
    pending: int = 0
    barred: str = ""

    @property
    def usable(self) -> int:
        """Points that may be spent: those that still wait for approval are left out."""
        return min(self.balance, self.balance - self.pending)

    def problems(self) -> list[Problem]:
        """Why this volunteer may not redeem anything; empty when he may."""
        found = rules.volunteer_problems(self.who, self.balance)
        if self.barred:
            message = f"{self.who.shown}在黑名单里，不能兑换：{self.barred}"
            found.append(Problem(Level.ERROR, "shop.barred", message, "volunteer_id"))
        return found


def customer(reader: Reader, volunteer_id: str, day: dt.date, good_id: str = "") -> Customer:
    """Everything the counter must know of a volunteer on ``day``; ``good_id`` for the limit of one good."""
    row = lookups.volunteer(reader, volunteer_id)
    waiting = reader.value(
        "SELECT COUNT(*) FROM shop_redemption_view WHERE volunteer_id = ? AND state = '待领取'",
        (volunteer_id,),
    )
    barred = conduct.bar_on(reader, volunteer_id, conduct.BLACKLIST, day)
    return Customer(
        standing_of(row),
        row["unit_name"] or "",
        row["points"],
        rule_on(reader, day),
        used_in_quarter(reader, volunteer_id, day, good_id),
        int(waiting or 0),
        approval.pending_points(reader, volunteer_id, day),
        f"{barred['reason']}，到{barred['until_on'] or '解除为止'}" if barred is not None else "",
    )


def wish_for(row: Row, quantity: int) -> rules.Wish:
    """A wish for ``quantity`` of a good as it stands on the shelf."""
    return rules.Wish(
        name=row["name"],
        measure=row["measure"],
        price_points=row["points"],
        stock=row["stock"],
        quantity=quantity,
        offered=row["status"] == "在换",
    )


def counter_rows(reader: Reader, day: dt.date, limit: int = 200) -> list[Row]:
    """What lies on the counter: redemptions not fetched yet, the longest waiting first, then what ``day`` brought."""
    return reader.all(
        """
        SELECT * FROM shop_redemption_view WHERE id IN (
            SELECT redemption_id FROM shop_waiting
            UNION SELECT id FROM shop_redemption WHERE ordered_on = :day
            UNION SELECT redemption_id FROM shop_step WHERE taken_on = :day
        )
        ORDER BY state <> '待领取', iif(state = '待领取', pick_up_by, ''), id DESC LIMIT :limit
        """,
        {"day": day.isoformat(), "limit": limit},
    )


def recent_of(reader: Reader, volunteer_id: str, limit: int) -> list[Row]:
    """A volunteer's last redemptions, whatever became of them, the newest first."""
    return reader.all(
        "SELECT * FROM shop_redemption_view WHERE volunteer_id = ? ORDER BY ordered_on DESC, id DESC LIMIT ?",
        (volunteer_id, limit),
    )


def late_pick_ups(reader: Reader, day: dt.date) -> list[Row]:
    """Redemptions whose goods should have been fetched before ``day``, the latest first."""
    return reader.all(
        "SELECT * FROM shop_redemption_view WHERE id IN "
        "(SELECT redemption_id FROM shop_waiting WHERE pick_up_by < ?) ORDER BY pick_up_by, id",
        (day.isoformat(),),
    )


def scarce_goods(reader: Reader) -> list[Row]:
    """Goods on offer of which no more is left than the number at which to warn."""
    return reader.all(
        "SELECT * FROM shop_good_view WHERE status = '在换' AND warn_at IS NOT NULL AND stock <= warn_at "
        "ORDER BY stock, number"
    )


def spent_in_year(reader: Reader, year: int) -> int:
    """What stock cost in a calendar year, in 分, reversals taken off."""
    return int(
        reader.value(
            "SELECT SUM(cost_fen) FROM shop_movement WHERE moved_on BETWEEN ? AND ?",
            (f"{year}-01-01", f"{year}-12-31"),
        )
        or 0
    )


def stock_faults(reader: Reader) -> list[Problem]:
    """Compare the stock with its movements added up anew; one error for each good that differs or is below zero."""
    rows = reader.all(
        """
        SELECT good.number, good.name, stock.quantity AS kept, COALESCE(SUM(movement.quantity), 0) AS folded
        FROM shop_good AS good
        LEFT JOIN shop_stock AS stock ON stock.good_id = good.id
        LEFT JOIN shop_movement AS movement ON movement.good_id = good.id
        GROUP BY good.id HAVING stock.quantity IS NOT folded OR folded < 0
        ORDER BY good.number
        """
    )
    return [
        Problem(
            Level.ERROR,
            "shop.stock_total",
            f"{row['name']}（{row['number']}）的库存是 {row['kept']}，流水合计是 {row['folded']}，"
            "请停止兑换并联系维护人员",
        )
        for row in rows
    ]


def redemption_faults(reader: Reader) -> list[Problem]:
    """Every redemption has its point entry and its stock, and what was cancelled gave both back, else an error."""
    rows = reader.all(
        f"""
        SELECT redemption.number,
            point.id IS NOT NULL AND point.kind = '兑换' AND point.points = -redemption.points
                AND point.volunteer_id = redemption.volunteer_id AS paid,
            (SELECT COUNT(*) FROM shop_movement WHERE redemption_id = redemption.id AND kind = '兑换'
                AND good_id = redemption.good_id AND quantity = -redemption.quantity) = 1 AS taken,
            EXISTS (SELECT 1 FROM point_entry WHERE reverses_id = redemption.point_entry_id) AS paid_back,
            EXISTS (SELECT 1 FROM shop_movement WHERE redemption_id = redemption.id AND kind = '退回'
                AND good_id = redemption.good_id AND quantity = redemption.quantity) AS put_back,
            NOT {_STANDS} AS ended,
            EXISTS (SELECT 1 FROM shop_step WHERE redemption_id = redemption.id AND step = '下单') AS ordered,
            EXISTS (SELECT 1 FROM shop_waiting WHERE redemption_id = redemption.id) = EXISTS (
                SELECT 1 FROM shop_step WHERE redemption_id = redemption.id AND step <> '下单'
            ) AS misplaced
        FROM shop_redemption AS redemption
        LEFT JOIN point_entry AS point ON point.id = redemption.point_entry_id
        ORDER BY redemption.year, redemption.serial
        """
    )
    found: list[Problem] = []
    for row in rows:
        said = []
        if not row["paid"]:
            said.append("没有相应的积分支出")
        if not row["taken"]:
            said.append("没有相应的出库")
        if not row["ordered"]:
            said.append("没有下单记录")
        if row["misplaced"]:
            said.append("待领取名单与经过不符")
        if row["paid_back"] and not row["ended"]:
            said.append("积分已单独冲正而兑换还有效，请把这笔兑换取消或退回")
        if row["ended"] and not row["paid_back"]:
            said.append("已取消而积分没有加回")
        if bool(row["put_back"]) != bool(row["ended"]):
            said.append("取消与库存退回不符")
        found += (Problem(Level.ERROR, "shop.redemption", f"兑换 {row['number']}：{words}") for words in said)
    loose = reader.all(
        "SELECT volunteer.number, point.entered_on FROM point_entry AS point "
        "JOIN volunteer ON volunteer.id = point.volunteer_id WHERE point.kind = '兑换' AND NOT EXISTS "
        "(SELECT 1 FROM shop_redemption WHERE point_entry_id = point.id) ORDER BY point.entered_on, point.id"
    )
    found += (
        Problem(
            Level.ERROR,
            "shop.loose_points",
            f"志愿者 {row['number']} 在 {row['entered_on']} 的兑换积分没有对应的兑换记录",
        )
        for row in loose
    )
    return found
