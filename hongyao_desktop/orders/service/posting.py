"""The hours that an order makes (工单时长): of who took it and of who helped, one record for each, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards
from hongyao_desktop.orders.records.states import Event, State
from hongyao_desktop.orders.service import tending
from hongyao_desktop.orders.service.hands import at_hand, not_him
from hongyao_desktop.volunteers.queries.lookups import service
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord, duration_text
from hongyao_desktop.volunteers.service import recording

_TITLE_CHARS = 60


def spans(whole: Mapping[str, Any], helped: Mapping[str, int]) -> list[Row]:
    """Length and times of each helper's service beside those of the order."""
    shares: list[Row] = []
    for volunteer_id, minutes in helped.items():
        # Shorter than the span he was there within it; longer, the times are not his.
        length = whole["ends_minute"] - whole["starts_minute"] if whole["ends_minute"] is not None else 0
        within = 0 < minutes <= length
        shares.append(
            {
                "volunteer_id": volunteer_id,
                "starts_minute": whole["starts_minute"] if within else None,
                "ends_minute": whole["ends_minute"] if within else None,
                "minutes": minutes,
            }
        )
    return shares


def keep_shares(writer: Writer, order: Row, shares: Sequence[Row]) -> None:
    """Write down who helped how long; what stands there from a finish that was taken back is replaced."""
    writer.execute("DELETE FROM order_share WHERE order_id = ?", (order["id"],))
    more = {"recorded_on": writer.clock.today().isoformat(), "recorded_by": writer.who.name}
    for share in shares:
        writer.insert("order_share", {"order_id": order["id"], "service_record_id": None, **share, **more})


def posted(order: Row, record_id: str) -> dict[str, Any]:
    """What an order keeps of its hours; they are of whoever its volunteer was made one with."""
    return {"service_record_id": record_id, "volunteer_id": order["volunteer_id"]}


def record_of(order: Mapping[str, Any], reason: str | None) -> ServiceRecord:
    """The service an order makes; hours that no rating vouches for rest on a stated reason and so are made up."""
    made_up = reason is not None
    return ServiceRecord(
        volunteer_id=order["volunteer_id"],
        title=f"五单服务：{order['topic']}"[:_TITLE_CHARS],
        served_on=dt.date.fromisoformat(order["completed_on"]),
        minutes=order["minutes"],
        evidence=Evidence.MADE_UP if made_up else Evidence.SIGNED,
        starts_minute=order["starts_minute"],
        ends_minute=order["ends_minute"],
        reason=reason,
        source=f"工单 {order['number']}",
    )


def record_hours(writer: Writer, order: Mapping[str, Any], reason: str | None) -> str:
    """Record the hours of who took the order, as made up when a reason is given; returns the record's id."""
    require(writer, Role.ENTRY)
    return recording.record_service(writer, record_of(order, reason)).record_id


def record_shares(writer: Writer, order: Mapping[str, Any], reason: str | None) -> None:
    """Record the hours of helpers, one record for each, once; whom a merge made one with another counts once."""
    shares = boards.shares_of(writer, order["id"])
    done = {order["volunteer_id"], *(share["volunteer_id"] for share in shares if share["service_record_id"])}
    for share in shares:
        if share["service_record_id"] is None and share["volunteer_id"] not in done:
            done.add(share["volunteer_id"])
            own = {name: share[name] for name in ("volunteer_id", "starts_minute", "ends_minute", "minutes")}
            record_id = record_hours(writer, {**order, **own}, reason)
            changes = {"service_record_id": record_id, "volunteer_id": share["volunteer_id"]}
            writer.update("order_share", share["id"], changes)


def add_helper(
    writer: Writer, order_id: str, volunteer_id: str, minutes: int, reason: str, *, on: dt.date | None = None
) -> str | None:
    """Note somebody who helped with an order that is finished already (补记协办), for a stated reason.

    His hours are recorded with those of the order; where these are on file, at once and as made up. Returns the id of
    his service record, None while the order waits for its ratings.
    """
    order, day = tending.open_event(writer, order_id, Event.JOIN_LATE, on)
    said = reason.strip()
    if not said:
        raise Refusal("补记协办要写明原因")
    if order["opening"]:
        raise Refusal(f"工单 {order['number']} 是从旧表转入的，不产生服务时长，不用补记协办")
    standing = at_hand(writer, order, volunteer_id, "协办请选别人")
    if volunteer_id == order["volunteer_id"]:
        raise not_him(f"{standing.shown}就是接单人，协办请选别人")
    if minutes <= 0:
        raise Refusal("协办时长要大于 0")
    shares = boards.shares_of(writer, order_id)
    if any(share["volunteer_id"] == volunteer_id for share in shares):
        raise not_him(f"{standing.shown}的协办时长已经登记；登错了在志愿积分的“时长”里更正")
    (share,) = spans(order, {volunteer_id: minutes})
    why = f"补记协办：{said}"
    found = recording.findings(
        writer,
        [record_of({**order, **share}, why)],
        activity=None,
        today=writer.clock.today(),
        recorder=writer.who.name,
    )
    refuse_errors(found[0])
    note = f"补记 {duration_text(minutes)}"
    tending.write_event(
        writer,
        order,
        Event.JOIN,
        day,
        reason=said,
        note=note,
        due_on=order["due_on"],
        volunteer_id=volunteer_id,
    )
    more = {"recorded_on": writer.clock.today().isoformat(), "recorded_by": writer.who.name}
    row = {"order_id": order_id, "service_record_id": None, **share, **more}
    share_id = writer.insert("order_share", row)
    recorded = order["service_record_id"] or any(one["service_record_id"] for one in shares)
    if order["state"] == State.RATED or recorded:
        record_shares(writer, order, why)
    record_id = writer.value("SELECT service_record_id FROM order_share WHERE id = ?", (share_id,))
    return str(record_id) if record_id else None


def hours_words(reader: Reader, order: Mapping[str, Any]) -> str:
    """What became of an order's hours, in one sentence; "" when it has none."""
    if order["completed_on"] is None:
        return ""
    own = _own_hours_words(reader, order)
    shares = boards.shares_of(reader, order["id"])
    if not shares:
        return own
    waiting = any(share["service_record_id"] is None for share in shares)
    helped = f"协办{boards.shares_words(shares)}{'评单后登记' if waiting else '已登记'}"
    return f"{own}；{helped}" if own else helped


def _own_hours_words(reader: Reader, order: Mapping[str, Any]) -> str:
    if order["service_record_id"]:
        row = service(reader, order["living_record_id"])
        day = dates.format_cn(dt.date.fromisoformat(row["served_on"]))
        length = duration_text(row["minutes"])
        return f"已登记{row['name']}{day}服务时长 {length}（{row['evidence']}）{_since_words(order, row)}"
    if order["minutes"] is not None and order["state"] == State.COMPLETED:
        return "双方评单后登记服务时长"
    return ""


def _since_words(order: Mapping[str, Any], row: Row) -> str:
    """What became of a record since the order made it: corrected, reversed."""
    if row["state"] != "有效":
        return "，后已冲正"
    return f"，由 {duration_text(order['minutes'])}更正" if row["minutes"] != order["minutes"] else ""
