"""The registers of steps (办理记录), of what lies between them (跟进记录), and of ratings (评单) of service orders."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    Integer,
    Name,
    Reference,
    Text,
)
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.orders.records.fields import HELPER, NOTE, UNIT, UNIT_NAME
from hongyao_desktop.orders.records.states import Event, Move, Side, State, Word

_ORDER = Field(
    name="order_id",
    label="工单",
    type=Reference("orders"),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    width=6,
)
_TOPIC = Field(
    name="topic",
    label="诉求内容",
    type=Text(max_chars=300),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    width=14,
)
_BY = Field(
    name="recorded_by",
    label="登记人",
    type=Name(),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    section="出处",
    width=5,
)
_NUMBER = Field(
    name="number",
    label="工单号",
    type=Code(max_chars=20),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    width=6,
)
STEPS = Register(
    name="order_steps",
    label="办理记录",
    table="order_step",
    source="order_step_view",
    title_field="number",
    sort="taken_on",
    list_columns=("taken_on", "number", "move", "to_state", "topic", "helper_name", "reason", "recorded_by"),
    filters=("move",),
    unit_field="unit_id",
    search_via=(("order_id", "orders"),),
    append_only=True,
    help="工单的每一步记一条：谁、哪天、做了什么、为什么，记下不改。",
    fields=(
        Field(
            name="taken_on",
            label="日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=6,
        ),
        _NUMBER,
        Field(
            name="move",
            label="步骤",
            type=Choice(tuple(Move)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=5,
        ),
        Field(
            name="to_state",
            label="办后状态",
            type=Choice(tuple(State)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=5,
        ),
        _TOPIC,
        HELPER,
        Field(
            name="reason",
            label="原因",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            width=12,
        ),
        NOTE,
        UNIT,
        UNIT_NAME,
        _ORDER,
        _BY,
    ),
)


def _told(name: str, label: str, width: int = 12) -> Field:
    return Field(
        name=name,
        label=label,
        type=Text(max_chars=200),
        sensitivity=Sensitivity.INTERNAL,
        derived=True,
        width=width,
    )


def _day(name: str, label: str) -> Field:
    return Field(name=name, label=label, type=Date(), sensitivity=Sensitivity.OPEN, derived=True, width=6)


EVENTS = Register(
    name="order_events",
    label="跟进记录",
    table="order_event",
    source="order_event_view",
    title_field="number",
    sort="happened_on",
    list_columns=("happened_on", "number", "kind", "topic", "reason", "note", "due_on", "recorded_by"),
    filters=("kind",),
    unit_field="unit_id",
    search_via=(("order_id", "orders"),),
    append_only=True,
    help="两步之间的跟进、延期、挂起、协办和附件，记下不改；在看板的“其他步骤”里登记。",
    fields=(
        _day("happened_on", "日期"),
        _NUMBER,
        Field(
            name="kind",
            label="事项",
            type=Choice(tuple(Event)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=4,
        ),
        _TOPIC,
        _told("reason", "原因"),
        _told("note", "情况"),
        _day("due_before", "原期限"),
        _day("due_on", "期限"),
        replace(HELPER, label="协办人"),
        _told("file_name", "附件名称"),
        Field(
            name="file_hash",
            label="附件校验值",
            type=Code(max_chars=64),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=12,
        ),
        UNIT,
        UNIT_NAME,
        _ORDER,
        _BY,
    ),
)
RATINGS = Register(
    name="order_ratings",
    label="评单",
    table="order_rating",
    source="order_rating_view",
    title_field="number",
    sort="rated_on",
    list_columns=(
        "rated_on",
        "number",
        "side",
        "word",
        "score",
        "topic",
        "helper_name",
        "unit_name",
        "remark",
        "standing",
    ),
    filters=("side", "word", "standing"),
    unit_field="unit_id",
    search_via=(("order_id", "orders"),),
    append_only=True,
    help="居民和支部各评一次，记下不改；评错了在看板撤回评单，再重新登记。",
    fields=(
        Field(
            name="rated_on",
            label="评单日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=6,
        ),
        _NUMBER,
        Field(
            name="side",
            label="评价方",
            type=Choice(tuple(Side)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=5,
        ),
        Field(
            name="word",
            label="评价",
            type=Choice(tuple(Word)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=5,
        ),
        Field(
            name="score",
            label="打分",
            type=Integer(),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=4,
        ),
        _TOPIC,
        HELPER,
        Field(
            name="remark",
            label="意见",
            type=Text(max_chars=200),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=12,
        ),
        Field(
            name="standing",
            label="状态",
            type=Choice(("有效", "已撤回")),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=4,
            help="撤回的评价留底，不计入指标。",
        ),
        UNIT,
        UNIT_NAME,
        _ORDER,
        _BY,
    ),
)
