"""The steps of an order from deciding to accepting (议单、派单、接单), and its early ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import due_day
from hongyao_desktop.orders.service.duties import require_duty
from hongyao_desktop.orders.service.hands import at_hand, not_him
from hongyao_desktop.orders.service.taking import write_step


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step about to be taken: ``on`` None is today; ``to`` None is where the move leads by itself."""

    move: Move
    on: dt.date | None = None
    reason: str | None = None
    note: str | None = None
    volunteer_id: str | None = None
    service_record_id: str | None = None
    to: State | None = None


def take_step(writer: Writer, order_id: str, step: Step, changes: Mapping[str, Any] | None = None) -> Row:
    """Take one step with an order and write it down; ``changes`` go into the order. Returns it as it was before.

    Refuses a step that skips a state, one without its reason, one dated before the last step or after today, and one
    the operator's roles do not allow (rule set ``order-duties``).
    """
    move = step.move
    require_duty(writer, step.on, move)
    order = lookups.order(writer, order_id)
    before = State(order["state"])
    after = step.to or flow.leads_to(move, before)
    flow.check_not_held(move, order["held_on"])
    today = writer.clock.today()
    day = step.on or today
    rules = lookups.rules(writer)
    said = flow.check_reason(move, step.reason)
    _check_day(order, move, day, today)
    row = {**order, **(changes or {})}
    due = due_day(
        rules.limits.nearest(day),
        after,
        row["channel"],
        day,
        wanted_by=lookups.day_of(row["wanted_by"]),
        overrides=rules.workdays,
    )
    if after is before and move is not Move.REFER_UP and move is not Move.REDISPATCH:
        due = lookups.day_of(order["due_on"])
        moved: dict[str, Any] = {}
    else:
        moved = {
            "state": after.value,
            "state_on": day.isoformat(),
            "due_on": due.isoformat() if due else None,
        }
    if after.closed:
        moved |= {"closed_on": day.isoformat(), "held_on": None}
    all_changes = {**(changes or {}), **moved}
    if all_changes:
        writer.update("service_order", order_id, all_changes)
    write_step(
        writer,
        {**row, **moved, "id": order_id, "due_on": due.isoformat() if due else None},
        move,
        before,
        after,
        day,
        reason=said,
        note=(step.note or "").strip() or None,
        volunteer_id=step.volunteer_id,
        service_record_id=step.service_record_id,
    )
    return order


def _check_day(order: Row, move: Move, day: dt.date, today: dt.date) -> None:
    last = dt.date.fromisoformat(order["state_on"])
    if day > today:
        raise Refusal(f"{move}日期{dates.format_cn(day)}还没有到，请核对")
    if day < last:
        raise Refusal(
            f"{move}日期{dates.format_cn(day)}早于上一步（{order['state']}，{dates.format_cn(last)}），请核对"
        )


def decide(writer: Writer, order_id: str, *, on: dt.date | None = None, note: str | None = None) -> None:
    """The branch takes the order on (支部议单)."""
    take_step(writer, order_id, Step(move=Move.DECIDE, on=on, note=note))


def decline(writer: Writer, order_id: str, reason: str, *, on: dt.date | None = None) -> None:
    """The branch does not take the order on (不受理)."""
    take_step(writer, order_id, Step(move=Move.DECLINE, on=on, reason=reason))


def refer_up(writer: Writer, order_id: str, reason: str, *, on: dt.date | None = None) -> str:
    """Pass the order to the unit above (上报), which decides anew; returns that unit's name."""
    require_duty(writer, on, Move.REFER_UP)
    order = lookups.order(writer, order_id)
    upper = lookups.unit_above(writer, order["unit_id"])
    if upper is None:
        raise Refusal(f"{order['unit_name']}上面没有上级组织，请用“转出”并写明转给谁")
    take_step(writer, order_id, Step(move=Move.REFER_UP, on=on, reason=reason), {"unit_id": upper["id"]})
    return str(upper["name"])


def hand_over(writer: Writer, order_id: str, reason: str, *, on: dt.date | None = None) -> None:
    """Hand the order to a body outside this office (转出); the reason says to whom."""
    take_step(writer, order_id, Step(move=Move.HAND_OVER, on=on, reason=reason))


def dispatch(
    writer: Writer,
    order_id: str,
    volunteer_id: str,
    *,
    on: dt.date | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Move:
    """Give the order to somebody (派单); with an order already given out this is 改派 and needs a reason.

    Returns which of the two it was. Refuses a volunteer who has left, and giving it to the same person again.
    """
    require_duty(writer, on, Move.DISPATCH, Move.REDISPATCH)
    order = lookups.order(writer, order_id)
    move = Move.REDISPATCH if order["state"] == State.DISPATCHED else Move.DISPATCH
    standing = at_hand(writer, order, volunteer_id, "请派给别人")
    if move is Move.REDISPATCH and volunteer_id == order["volunteer_id"]:
        raise not_him(f"这件工单已经派给{standing.shown}，改派请选别人")
    changes = {"volunteer_id": volunteer_id, "dispatches": order["dispatches"] + 1}
    step = Step(move=move, on=on, reason=reason, note=note, volunteer_id=volunteer_id)
    take_step(writer, order_id, step, changes)
    return move


def accept(writer: Writer, order_id: str, *, on: dt.date | None = None, note: str | None = None) -> None:
    """The member takes the order (党员接单); from now on the limit for finishing runs."""
    require_duty(writer, on, Move.ACCEPT)
    order = lookups.order(writer, order_id)
    if order["state"] == State.DISPATCHED and order["volunteer_id"]:
        at_hand(writer, order, order["volunteer_id"], "请改派别人")
    day = on or writer.clock.today()
    rules = lookups.rules(writer)
    due = due_day(
        rules.limits.nearest(day),
        State.ACCEPTED,
        order["channel"],
        day,
        wanted_by=lookups.day_of(order["wanted_by"]),
        overrides=rules.workdays,
    )
    step = Step(move=Move.ACCEPT, on=on, note=note, volunteer_id=order["volunteer_id"])
    take_step(writer, order_id, step, {"finish_due_on": due.isoformat() if due else None})


def give_back(writer: Writer, order_id: str, reason: str, *, on: dt.date | None = None) -> Move:
    """The member does not take the order (拒单) or gives it back (退单); it waits to be dispatched anew."""
    require_duty(writer, on, Move.REFUSE, Move.GIVE_BACK)
    order = lookups.order(writer, order_id)
    move = Move.REFUSE if order["state"] == State.DISPATCHED else Move.GIVE_BACK
    changes = {"volunteer_id": None, "finish_due_on": None, "refusals": order["refusals"] + 1}
    step = Step(move=move, on=on, reason=reason, volunteer_id=order["volunteer_id"])
    take_step(writer, order_id, step, changes)
    return move


def void_order(writer: Writer, order_id: str, reason: str) -> None:
    """Void an order that was taken by mistake (作废); it keeps its number."""
    take_step(writer, order_id, Step(move=Move.VOID, reason=reason))
