"""Several goods in one go at the counter (兑换单)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hongyao_desktop.core.desk import Reader, Role, Writer, require
from hongyao_desktop.core.problem import Problem, Refusal
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.rules import shop as rules
from hongyao_desktop.volunteers.service.shop import redeem
from hongyao_desktop.volunteers.service.waiting import deliver


def slip_problems(
    reader: Reader, volunteer_id: str, wishes: Sequence[tuple[str, int]], today: dt.date
) -> list[Problem]:
    """Everything that stands against these goods together: balance, stock and limits run on from one to the next."""
    customer = queries.customer(reader, volunteer_id, today)
    found = customer.problems()
    if found:
        return found
    balance, points = customer.usable, 0
    taken: dict[str, int] = defaultdict(int)
    for good_id, quantity in wishes:
        good = queries.good(reader, good_id)
        wish = queries.wish_for({**good, "stock": good["stock"] - taken[good_id]}, quantity)
        used = queries.used_in_quarter(reader, volunteer_id, today, good_id)
        so_far = replace(
            used,
            points=used.points + points,
            same_good=used.same_good + taken[good_id],
            today=used.today or bool(points),
        )
        found += rules.wish_problems(customer.rule, customer.who, balance, so_far, wish)
        balance, points = balance - wish.points, points + wish.points
        taken[good_id] += quantity
    return found


def redeem_several(
    writer: Writer,
    volunteer_id: str,
    wishes: Sequence[tuple[str, int]],
    *,
    handed_over: bool = True,
    deliver_to: str | None = None,
    note: str | None = None,
) -> str:
    """Redeem several goods (商品, 数量) in one go on one slip: all of them or nothing; returns its id.

    ``deliver_to`` has them brought home: an address, or "" for that on the person's record.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    if not wishes:
        raise Refusal("还没有选商品，请至少选一样")
    handed_over = handed_over and deliver_to is None
    today = writer.clock.today()
    serial = int(
        writer.value("SELECT COUNT(*) FROM shop_slip WHERE substr(ordered_on, 1, 4) = ?", (str(today.year),))
    )
    slip_id = writer.insert(
        "shop_slip",
        {
            "number": f"单{today.year}-{serial + 1:04d}",
            "volunteer_id": volunteer_id,
            "ordered_on": today.isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    for good_id, quantity in wishes:
        made = redeem(
            writer, volunteer_id, good_id, quantity, handed_over=handed_over and deliver_to is None, note=note
        )
        if deliver_to is not None:
            deliver(writer, made, deliver_to)
        writer.insert("shop_slip_line", {"slip_id": slip_id, "redemption_id": made})
    return slip_id
