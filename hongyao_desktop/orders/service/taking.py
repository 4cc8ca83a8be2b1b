"""Taking an order (居民点单), mending what is written about it, and making one of a spot report (随手拍转工单)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.orders import ORDERS
from hongyao_desktop.orders.records.states import SPOT_CHANNEL, Matter, Move, State
from hongyao_desktop.orders.rules.limits import due_day
from hongyao_desktop.orders.service.duties import require_duty
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.volunteers.queries.lookups import office_unit_id
from hongyao_desktop.volunteers.records.rows import SpotStatus

_COLUMNS = tuple(field.name for field in ORDERS.entered)


def check_order(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about an order's form before saving."""
    found = missing_fields(ORDERS, values)
    asked, wanted = values.get("asked_on"), values.get("wanted_by")
    if asked and wanted and wanted < asked:
        day = dates.format_cn(dt.date.fromisoformat(asked))
        message = f"希望办结日早于点单日期{day}，请核对"
        found.append(Problem(Level.ERROR, "order.wanted", message, "wanted_by"))
    if found or not asked:
        return found
    if row_id is not None and asked[:4] != lookups.order(reader, row_id)["asked_on"][:4]:
        message = "工单号按点单年份编排，点单日期不能改到别的年份；确实登错请作废后重新登记"
        return [Problem(Level.ERROR, "order.year", message, "asked_on")]
    lists = lookups.rules(reader).lists.nearest(dt.date.fromisoformat(asked))
    channel = values.get("channel")
    if channel and channel not in lists.channels:
        message = f"“{channel}”不在来源清单里，请改为：{'、'.join(lists.channels)}"
        found.append(Problem(Level.ERROR, "order.channel", message, "channel"))
    if values.get("matter") == Matter.DISPUTE and not values.get("parties"):
        found.append(Problem(Level.WARNING, "order.parties", "矛盾纠纷还没有写当事人，请尽快补上", "parties"))
    if values.get("phone"):
        kind = values.get("kind") or lists.kind_of(values["topic"])
        other = lookups.open_order_like(reader, values["phone"], kind, row_id)
        if other is not None:
            message = f"同一电话已有未办结的同类工单 {other['number']}（{other['topic']}），请核对是否重复"
            found.append(Problem(Level.QUESTION, "order.alike", message, "phone"))
    return found


def save_order(writer: Writer, values: Row, row_id: str | None) -> str:
    """Take a new order or mend what is written about one that is not closed; returns its id."""
    if row_id is None:
        return take_order(writer, values)
    require(writer, Role.ENTRY, Role.REVIEW)
    before = lookups.order(writer, row_id)
    if State(before["state"]).closed:
        raise Refusal(f"工单 {before['number']} 已经结束，不能再修改")
    row = {**before, **{name: values[name] for name in _COLUMNS if name in values}}
    refuse_errors(check_order(writer, row, row_id))
    changes = {name: row[name] for name in _COLUMNS}
    if before["unit_id"] != row["unit_id"] and row["unit_id"] is None:
        changes["unit_id"] = before["unit_id"]
    changes |= _words(writer, row)
    # A limit that was extended, or that rests, is not counted anew from the wished day.
    if row["wanted_by"] != before["wanted_by"] and not boards.due_was_set(writer, before):
        changes["due_on"] = _due(writer, {**row, **changes}, State(row["state"]), row["state_on"])
    if before["state"] != State.ASKED and changes["unit_id"] != before["unit_id"]:
        raise Refusal("议单之后不能再改受理组织；要转给别的组织请退回后作废，重新登记")
    writer.update("service_order", row_id, changes)
    return row_id


def take_order(writer: Writer, values: Mapping[str, Any], *, source: str | None = None) -> str:
    """Write a new order with the next number of its year; returns its id.

    Kind and unit are found when they are not given. Refuses what :func:`check_order` calls an error.
    """
    asked = lookups.day_of(values.get("asked_on")) or writer.clock.today()
    require_duty(writer, asked, Move.ASK)
    row = {name: values.get(name) for name in _COLUMNS} | {"asked_on": asked.isoformat()}
    refuse_errors(check_order(writer, row, None))
    if asked > writer.clock.today():
        raise Refusal(f"点单日期{dates.format_cn(asked)}还没有到，请核对")
    row |= _words(writer, row) | {"spot_report_id": values.get("spot_report_id"), "source": source}
    row["unit_id"] = row["unit_id"] or office_unit_id(writer)
    if row["unit_id"] is None:
        raise Refusal("组织体系里还没有本单位，请先登记组织再点单")
    row |= {"state": State.ASKED.value, "state_on": row["asked_on"]}
    row["due_on"] = _due(writer, row, State.ASKED, asked.isoformat())
    order_id = writer.insert("service_order", row | next_number(writer, asked.year))
    write_step(writer, {**row, "id": order_id}, Move.ASK, None, State.ASKED, asked, source=source)
    return order_id


def take_again(writer: Writer, order_id: str, reason: str) -> str:
    """Take up a closed order once more (续办), such as one the resident is not content with; returns the new one's id.

    The closed order stays as it is; the new one says whose successor it is and why.
    """
    require_duty(writer, None, Move.ASK)
    before = lookups.order(writer, order_id)
    said = reason.strip()
    if not said:
        raise Refusal("续办要写明原因")
    if not State(before["state"]).closed:
        raise Refusal(f"工单 {before['number']} 还没有结束，不用续办")
    kept = ("resident", "phone", "address", "topic", "channel", "kind", "matter", "unit_id", "parties")
    values = {name: before[name] for name in kept}
    lists = lookups.rules(writer).lists.nearest(writer.clock.today())
    if values["channel"] not in lists.channels:
        values["channel"] = lists.channels[-1]
    values["note"] = f"续 {before['number']}：{said}"
    return take_order(writer, values)


def order_from_spot(writer: Writer, spot_report_id: str, values: Mapping[str, Any]) -> str:
    """Make an order of a spot report that is not closed; one report makes one order. Returns the order's id.

    Finishing the order closes the report, and with it gives its first reporter the points.
    """
    require_duty(writer, lookups.day_of(values.get("asked_on")), Move.ASK)
    spot = lookups.spot(writer, spot_report_id)
    known = lookups.order_of_spot(writer, spot_report_id)
    if known is not None:
        raise Refusal(f"这件随手拍已转为工单 {known['number']}（{known['state']}）")
    if spot["status"] != SpotStatus.OPEN:
        raise Refusal(f"这件随手拍已{spot['status']}，不用再转工单")
    told = {name: value for name, value in values.items() if value is not None}
    row = {
        "resident": spot["reporter"],
        "phone": spot["phone"],
        "address": spot["place"],
        "topic": f"{spot['place']}：{spot['content']}",
        "kind": spot["kind"],
        "unit_id": spot["unit_id"],
        "matter": Matter.CONCERN.value,
        **told,
        "channel": SPOT_CHANNEL,
        "spot_report_id": spot_report_id,
    }
    return take_order(writer, row)


def next_number(reader: Reader, year: int) -> dict[str, Any]:
    """The next number of a year; numbers of a year have no gap, a voided order keeps its own."""
    serial = lookups.last_serial(reader, year) + 1
    return {"number": number_of(year, serial), "year": year, "serial": serial}


def number_of(year: int, serial: int) -> str:
    """A running number as it is shown: 2026-0042."""
    return f"{year}-{serial:04d}"


def write_step(
    writer: Writer,
    order: Mapping[str, Any],
    move: Move,
    before: State | None,
    after: State,
    taken_on: dt.date,
    **more: Any,
) -> str:
    """Add one row to the order's life; ``order`` is the order as the step leaves it."""
    return writer.insert(
        "order_step",
        step_row(order, move, before, after, taken_on, writer.clock.today(), writer.who.name, **more),
    )


def step_row(
    order: Mapping[str, Any],
    move: Move,
    before: State | None,
    after: State,
    taken_on: dt.date,
    recorded_on: dt.date,
    recorded_by: str,
    **more: Any,
) -> dict[str, Any]:
    """One step as the table holds it; all steps have the same columns."""
    return {
        "order_id": order["id"],
        "move": move.value,
        "from_state": before.value if before else None,
        "to_state": after.value,
        "taken_on": taken_on.isoformat(),
        "due_on": order["due_on"],
        "unit_id": order["unit_id"],
        "volunteer_id": more.get("volunteer_id"),
        "reason": more.get("reason"),
        "note": more.get("note"),
        "service_record_id": more.get("service_record_id"),
        "recorded_on": recorded_on.isoformat(),
        "recorded_by": recorded_by,
        "source": more.get("source"),
    }


def _words(reader: Reader, row: Mapping[str, Any]) -> dict[str, Any]:
    """Channel, kind and matter, found where they were left blank."""
    lists = lookups.rules(reader).lists.nearest(dt.date.fromisoformat(row["asked_on"]))
    return {
        "channel": row.get("channel") or lists.channels[0],
        "kind": row.get("kind") or lists.kind_of(row["topic"]),
        "matter": row.get("matter") or Matter.NEED.value,
    }


def _due(reader: Reader, row: Mapping[str, Any], state: State, since: str) -> str | None:
    day = dt.date.fromisoformat(since)
    rules = lookups.rules(reader)
    due = due_day(
        rules.limits.nearest(day),
        state,
        row["channel"],
        day,
        wanted_by=lookups.day_of(row.get("wanted_by")),
        overrides=rules.workdays,
    )
    return due.isoformat() if due else None
