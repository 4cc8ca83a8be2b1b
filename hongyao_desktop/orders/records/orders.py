"""The register of service orders (工单)."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.fields import (
    Integer,
    Text,
)
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.orders.records.fields import (
    ADDRESS,
    ASKED_ON,
    CHANNEL,
    COMPLETED_ON,
    DELIBERATED,
    DUE_ON,
    HELD_ON,
    HELPER,
    KIND,
    MATTER,
    MINUTES,
    NOTE,
    NUMBER,
    OUTCOME,
    PARTIES,
    PHONE,
    POSTED,
    RESIDENT,
    RESULT,
    SPOT,
    STATE,
    TOPIC,
    UNIT,
    UNIT_NAME,
    WANTED_BY,
)


def _derived(field: Field, section: str) -> Field:
    return replace(field, derived=True, required=False, section=section)


def _count(name: str, label: str) -> Field:
    return Field(
        name=name,
        label=label,
        type=Integer(),
        sensitivity=Sensitivity.OPEN,
        derived=True,
        section="办理",
        width=4,
    )


def _text(name: str, label: str, section: str, width: int = 6) -> Field:
    return Field(
        name=name,
        label=label,
        type=Text(max_chars=200),
        sensitivity=Sensitivity.INTERNAL,
        derived=True,
        section=section,
        width=width,
    )


ORDERS = Register(
    name="orders",
    label="工单",
    table="service_order",
    source="order_view",
    title_field="number",
    sort="asked_on",
    list_columns=(
        "number",
        "asked_on",
        "resident",
        "topic",
        "kind",
        "helper_name",
        "due_on",
        "state",
    ),
    filters=("channel", "kind", "matter", "unit_id"),
    unit_field="unit_id",
    status_field="state",
    help="居民点单、支部议单、社区派单、党员接单、双方评单，一件一张工单。电话和住址只在需要时显示，查看会被记录。",
    fields=(
        NUMBER,
        RESIDENT,
        PHONE,
        TOPIC,
        ADDRESS,
        CHANNEL,
        KIND,
        MATTER,
        UNIT,
        ASKED_ON,
        WANTED_BY,
        PARTIES,
        NOTE,
        UNIT_NAME,
        STATE,
        DUE_ON,
        HELD_ON,
        HELPER,
        _count("dispatches", "派单次数"),
        _count("refusals", "拒退次数"),
        COMPLETED_ON,
        _derived(MINUTES, "办理"),
        POSTED,
        _derived(OUTCOME, "办理"),
        _derived(DELIBERATED, "办理"),
        _derived(RESULT, "办理"),
        _text("resident_word", "居民评价", "办理", 5),
        _text("branch_word", "支部评价", "办理", 5),
        SPOT,
        _text("old_number", "原编号", "出处"),
        _text("source", "原表出处", "出处", 14),
    ),
)
