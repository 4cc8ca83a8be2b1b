"""Taking the last step of an order back (撤回): it stays on file, and the order stands again where it stood before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.roles import CHANGING, in_order
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import Event, Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.service.duties import require_duty
from hongyao_desktop.orders.service.taking import write_step
from hongyao_desktop.volunteers.queries.lookups import service
from hongyao_desktop.volunteers.records.rows import SpotStatus, duration_text
from hongyao_desktop.volunteers.service import recording, spots

_NOT_TAKEN_BACK = {
    Move.ASK: "只登记了点单，没有可以撤回的步骤；登错了请修改内容或作废",
    Move.OPENING: "是从旧表转入的，转入的状态不能撤回；有误请作废或续办",
}


def last_step(life: Sequence[Row]) -> Row | None:
    """The step of a life that would be taken back; None when there is none."""
    left = flow.standing(life)
    return left[-1] if left and Move(left[-1]["move"]) not in _NOT_TAKEN_BACK else None


def take_back(writer: Writer, order_id: str, reason: str) -> Move:
    """Take back the last step of an order that was written down by mistake; returns which step it was.

    Whoever may take a step may take it back. Hours and points the step made are reversed, its ratings do not count any
    more, a spot report it closed waits again. The order has the last day it had before.
    """
    require(writer, *in_order(CHANGING))
    order = lookups.order(writer, order_id)
    life = boards.life_of(writer, order_id)
    left = flow.standing(life)
    step = left[-1]
    move = Move(step["move"])
    if move in _NOT_TAKEN_BACK:
        raise Refusal(f"工单 {order['number']} {_NOT_TAKEN_BACK[move]}")
    require_duty(writer, None, move)
    said = flow.check_reason(Move.TAKE_BACK, reason) or ""
    flow.check_not_held(Move.TAKE_BACK, order["held_on"])
    _check_spot(writer, order)
    step = boards.step(writer, step["id"])
    before, after = State(order["state"]), State(step["from_state"])
    past = [row for row in life if row["id"] < step["id"]]
    changes = {
        "state": after.value,
        "state_on": left[-2]["taken_on"],
        "due_on": past[-1]["due_on"],
        "closed_on": None,
        "held_on": _rested_on(past),
        **_restored(writer, order, step, past),
    }
    why = f"工单 {order['number']} 撤回{move}：{said}"
    if move in (Move.COMPLETE, Move.POST_EARLY, Move.RATE):
        _take_back_hours(writer, order, step, why)
        if step["service_record_id"]:
            changes["service_record_id"] = None
    if move is Move.RATE:
        _take_back_ratings(writer, order, step, said)
    if move is Move.COMPLETE:
        _reopen_spot(writer, order, why)
    writer.update("service_order", order_id, changes)
    write_step(
        writer,
        {**order, **changes, "id": order_id},
        Move.TAKE_BACK,
        before,
        after,
        writer.clock.today(),
        reason=said,
        note=_what_was(order, step),
        volunteer_id=step["volunteer_id"],
    )
    return move


def _restored(writer: Writer, order: Row, step: Row, past: Sequence[Row]) -> dict[str, Any]:
    """What the step had changed of the order, as it was before."""
    due = past[-1]["due_on"]
    match Move(step["move"]):
        case Move.DISPATCH:
            return {"volunteer_id": None, "dispatches": order["dispatches"] - 1}
        case Move.REDISPATCH:
            given = flow.standing(past)[-1]
            before = boards.step(writer, given["id"])["volunteer_id"]
            return {"volunteer_id": before, "dispatches": order["dispatches"] - 1}
        case Move.ACCEPT:
            return {"finish_due_on": None}
        case Move.REFUSE:
            return {"volunteer_id": step["volunteer_id"], "refusals": order["refusals"] - 1}
        case Move.GIVE_BACK:
            taken = {"volunteer_id": step["volunteer_id"], "refusals": order["refusals"] - 1}
            return {**taken, "finish_due_on": due}
        case Move.REFER_UP:
            return {"unit_id": boards.step(writer, flow.standing(past)[-1]["id"])["unit_id"]}
        case Move.COMPLETE:
            # What was said of the times and the work stays in the form of the next time.
            return {"completed_on": None, "outcome": None}
        case _:
            return {}


def _rested_on(past: Sequence[Row]) -> str | None:
    """The day the order was put to rest, if it rested when the step was taken (only voiding may be)."""
    rests = [row for row in past if row["move"] in (Event.HOLD, Event.RESUME)]
    return str(rests[-1]["taken_on"]) if rests and rests[-1]["move"] == Event.HOLD else None


def _take_back_hours(writer: Writer, order: Row, step: Row, why: str) -> None:
    """Reverse what the step made, as it lives now, and what was made of helpers with it or since."""
    if step["service_record_id"]:
        _reverse(writer, order["living_record_id"], why)
    for share in boards.shares_of(writer, order["id"]):
        if share["service_record_id"] and share["service_record_id"] > step["id"]:
            _reverse(writer, share["living_record_id"], why)
            writer.update("order_share", share["id"], {"service_record_id": None})


def _reverse(writer: Writer, record_id: str, why: str) -> None:
    if service(writer, record_id)["state"] == "有效":
        recording.reverse_service(writer, record_id, why)


def _take_back_ratings(writer: Writer, order: Row, step: Row, reason: str) -> None:
    for rating in lookups.ratings(writer, order["id"]).values():
        if rating["id"] > step["id"]:
            writer.insert(
                "order_rating_back",
                {
                    "rating_id": rating["id"],
                    "reason": reason,
                    "taken_back_on": writer.clock.today().isoformat(),
                    "recorded_by": writer.who.name,
                },
            )


def _check_spot(writer: Writer, order: Row) -> None:
    """An order that had ended is not taken up again beside the one that was made of its report since."""
    if order["spot_report_id"] is None:
        return
    other = lookups.order_of_spot(writer, order["spot_report_id"])
    if other is not None and other["id"] != order["id"]:
        raise Refusal(f"对应的随手拍已另转工单 {other['number']}，这一单不能再撤回")


def _reopen_spot(writer: Writer, order: Row, why: str) -> None:
    """The report that finishing the order closed waits again; one that was closed otherwise stays as it is."""
    if order["spot_report_id"] is None:
        return
    spot = lookups.spot(writer, order["spot_report_id"])
    if spot["status"] == SpotStatus.MERGED:
        spot = lookups.spot(writer, spot["merged_into_id"])
    if spot["status"] == SpotStatus.CLOSED and str(spot["outcome"] or "").startswith(
        f"工单 {order['number']}："
    ):
        spots.reopen_spot(writer, spot["id"], why)


def _what_was(order: Row, step: Row) -> str:
    """What the step had said, in a few words: the order itself does not show it any more."""
    day = dt.date.fromisoformat(step["taken_on"])
    words = [dates.format_cn(day)]
    if step["move"] == Move.COMPLETE:
        words.append(order["outcome"] or "")
        words.append(duration_text(order["minutes"]) if order["minutes"] else "没有时长")
    elif step["move"] == Move.RATE:
        words.append(step["note"] or "")
    said = "，".join(word for word in words if word)
    return f"{step['move']}（原登记 {said}）"
