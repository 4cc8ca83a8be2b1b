"""What happens with an order between two steps (跟进、延期、挂起、恢复、协办、附件); it stays in its state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.attached import FileMark
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import Event, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import due_after_rest
from hongyao_desktop.orders.service.duties import require_duty
from hongyao_desktop.orders.service.hands import at_hand, not_him


def follow_up(writer: Writer, order_id: str, note: str, *, on: dt.date | None = None) -> None:
    """Write down what was found out or done (跟进); whoever is on the next shift reads it."""
    said = note.strip()
    order, day = open_event(writer, order_id, Event.FOLLOW_UP, on)
    if not said:
        raise Refusal("跟进要写明情况")
    write_event(writer, order, Event.FOLLOW_UP, day, note=said, due_on=order["due_on"])


def extend(writer: Writer, order_id: str, due_on: dt.date, reason: str, *, on: dt.date | None = None) -> None:
    """Give the order's present step until a later day (延期), for a reason; the day before is kept."""
    said = reason.strip()
    order, day = open_event(writer, order_id, Event.EXTEND, on)
    if not said:
        raise Refusal("延期要写明原因")
    before = dt.date.fromisoformat(order["due_on"])
    if due_on <= before:
        raise Refusal(f"本步期限是{dates.format_cn(before)}，延期要改到更晚的一天")
    if due_on < day:
        raise Refusal(f"延到{dates.format_cn(due_on)}已经过去，请改到{dates.format_cn(day)}或以后")
    writer.update("service_order", order_id, _due(order, due_on))
    write_event(writer, order, Event.EXTEND, day, reason=said, due_on=due_on.isoformat())


def hold(writer: Writer, order_id: str, reason: str, *, on: dt.date | None = None) -> None:
    """Put the order to rest (挂起), for a reason: no limit runs and no step is taken until it is taken up again."""
    said = reason.strip()
    order, day = open_event(writer, order_id, Event.HOLD, on)
    if not said:
        raise Refusal("挂起要写明原因")
    writer.update("service_order", order_id, {"held_on": day.isoformat(), **_due(order, None)})
    write_event(writer, order, Event.HOLD, day, reason=said, due_on=None)


def resume(writer: Writer, order_id: str, *, on: dt.date | None = None, note: str | None = None) -> dt.date:
    """Take the order up again (恢复); its last day moves by the working days it rested. Returns that day."""
    order, day = open_event(writer, order_id, Event.RESUME, on)
    rest = boards.last_rest(writer, order_id)
    if rest is None or rest["due_before"] is None:
        raise Refusal(f"工单 {order['number']} 找不到挂起的记录，请联系维护人员")
    held_on = dt.date.fromisoformat(order["held_on"])
    before = dt.date.fromisoformat(rest["due_before"])
    due = due_after_rest(before, held_on, day, lookups.rules(writer).workdays)
    writer.update("service_order", order_id, {"held_on": None, **_due(order, due)})
    said = (note or "").strip() or None
    write_event(writer, order, Event.RESUME, day, note=said, due_on=due.isoformat())
    return due


def join(
    writer: Writer, order_id: str, volunteer_id: str, *, on: dt.date | None = None, note: str | None = None
) -> None:
    """Name somebody who helps with the order (协办); how long he helped is said when it is finished."""
    order, day = open_event(writer, order_id, Event.JOIN, on)
    standing = at_hand(writer, order, volunteer_id, "协办请选别人")
    if volunteer_id == order["volunteer_id"]:
        raise not_him(f"{standing.shown}就是接单人，协办请选别人")
    if any(row["volunteer_id"] == volunteer_id for row in boards.helpers_of(writer, order_id)):
        raise not_him(f"{standing.shown}已经在协办这件工单")
    said = (note or "").strip() or None
    write_event(writer, order, Event.JOIN, day, note=said, due_on=order["due_on"], volunteer_id=volunteer_id)


def attach(writer: Writer, order_id: str, paper: FileMark, *, note: str | None = None) -> None:
    """Note a paper or photo that belongs to the order (附件); the file itself stays where it lies."""
    order, day = open_event(writer, order_id, Event.ATTACH, None)
    if any(row["file_hash"] == paper.sha256 for row in boards.events_of(writer, order_id)):
        raise Refusal(f"“{paper.name}”与本单已登记的附件内容相同，不用再登记")
    write_event(
        writer,
        order,
        Event.ATTACH,
        day,
        note=(note or "").strip() or None,
        due_on=order["due_on"],
        file_name=paper.name,
        file_bytes=paper.size,
        file_hash=paper.sha256,
    )


def open_event(writer: Writer, order_id: str, event: Event, on: dt.date | None) -> tuple[Row, dt.date]:
    """The order and the day, once it is sure that this may happen with it on that day."""
    require_duty(writer, on, event)
    order = lookups.order(writer, order_id)
    flow.check_event(event, State(order["state"]), order["held_on"])
    today = writer.clock.today()
    day = on or today
    if day > today:
        raise Refusal(f"{event}日期{dates.format_cn(day)}还没有到，请核对")
    since, what = (order["held_on"], "挂起") if order["held_on"] else (order["state_on"], order["state"])
    if event is not Event.ATTACH and day.isoformat() < since:
        last = dates.format_cn(dt.date.fromisoformat(since))
        raise Refusal(f"{event}日期{dates.format_cn(day)}早于上一步（{what}，{last}），请核对")
    return order, day


def _due(order: Row, due_on: dt.date | None) -> dict[str, Any]:
    """The last day of the step; for an order somebody works at it is also the day it should be finished by."""
    shown = due_on.isoformat() if due_on else None
    names = ("due_on", "finish_due_on") if order["state"] == State.ACCEPTED else ("due_on",)
    return dict.fromkeys(names, shown)


def write_event(writer: Writer, order: Row, event: Event, day: dt.date, **more: Any) -> None:
    """Add one row to what happens with an order between its steps; ``order`` is the order as it stood before."""
    writer.insert(
        "order_event",
        {
            "order_id": order["id"],
            "kind": event.value,
            "state": order["state"],
            "happened_on": day.isoformat(),
            "reason": more.get("reason"),
            "note": more.get("note"),
            "due_before": order["due_on"],
            "due_on": more["due_on"],
            "unit_id": order["unit_id"],
            "volunteer_id": more.get("volunteer_id"),
            "file_name": more.get("file_name"),
            "file_bytes": more.get("file_bytes"),
            "file_hash": more.get("file_hash"),
            "recorded_on": writer.clock.today().isoformat(),
            "recorded_by": writer.who.name,
        },
    )
