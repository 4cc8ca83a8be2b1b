"""What becomes of redemptions that wait: brought home (送货上门), reminded of (催领), given up when overdue."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.shop import Stage
from hongyao_desktop.volunteers.service.shop import cancel_redemption


def deliver(writer: Writer, redemption_id: str, address: str | None = None) -> str:
    """Have a waiting redemption brought home: to ``address``, or to that on the person's record. Returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = queries.redemption(writer, redemption_id)
    if row["state"] != Stage.WAITING:
        raise Refusal(f"{row['number']} {row['state']}，不能再改为送货")
    if row["way"] != "自取":
        raise Refusal(f"{row['number']}已经是送货上门")
    address = (address or "").strip() or None
    writer.insert(
        "shop_delivery", {"redemption_id": redemption_id, "address": address, "recorded_by": writer.who.name}
    )
    if not queries.redemption(writer, redemption_id)["deliver_to"]:
        raise Refusal(f"{row['name']}没有登记住址，请写明送到哪里")
    return redemption_id


def remind(writer: Writer, redemption_id: str) -> str:
    """Note that the customer was reminded (催领) today; returns the redemption's id. Once a day is enough."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = queries.redemption(writer, redemption_id)
    if row["state"] != Stage.WAITING:
        raise Refusal(f"{row['number']} {row['state']}，不用再催")
    today = writer.clock.today().isoformat()
    if row["reminded_on"] == today:
        raise Refusal(f"{row['number']}今天已经催过，明天再催")
    writer.insert(
        "shop_reminder",
        {"redemption_id": redemption_id, "reminded_on": today, "recorded_by": writer.who.name},
    )
    return redemption_id


def given_up(reader: Reader, today: dt.date) -> list[Row]:
    """What :func:`cancel_late` would give up on ``today``: overdue and to be fetched, the longest waiting first."""
    return [row for row in queries.late_pick_ups(reader, today) if row["way"] == "自取"]


def cancel_late(writer: Writer, reason: str, *, expected: int | None = None) -> int:
    """Give up everything that is overdue today, in one operation; points and stock come back. Returns how many.

    What is to be brought home is not the customer's lateness and stays. ``expected`` is how many were shown before it
    was confirmed: refuses when there are others now.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    late = given_up(writer, writer.clock.today())
    if not late:
        raise Refusal("没有逾期的兑换，不用取消")
    if expected is not None and len(late) != expected:
        raise Refusal(f"逾期的现在是 {len(late)} 笔，不是刚才看到的 {expected} 笔，请重新核对")
    for row in late:
        cancel_redemption(writer, row["id"], reason)
    return len(late)
