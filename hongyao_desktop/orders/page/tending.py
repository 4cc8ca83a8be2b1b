"""What may be done with an order between two steps, as small forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Date
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.page.asking import DAY, NOTE, REASON, day_of, id_of, today
from hongyao_desktop.orders.records import fields as records
from hongyao_desktop.orders.records.states import Event, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.service import posting, tending

_UNTIL: Final = Field(
    name="due_on",
    label="延到",
    type=Date(),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
)
Run = Callable[[Writer, str, Row, dt.date | None], object]


def events() -> dict[Event, Verb]:
    """Every event, by its kind."""
    return {
        Event.FOLLOW_UP: _verb(
            Event.FOLLOW_UP,
            lambda w, order, values, day: tending.follow_up(w, order, values["note"], on=day),
            (
                replace(NOTE, label="情况", width=14, required=True, example="已联系物业，答应周三来看"),
                DAY,
            ),
            "记下进展，状态和期限不变。",
            "已记下跟进",
        ),
        Event.EXTEND: _verb(
            Event.EXTEND,
            lambda w, order, values, day: tending.extend(
                w, order, dt.date.fromisoformat(values["due_on"]), values["reason"], on=day
            ),
            (_UNTIL, DAY, replace(REASON, example="等配件到货")),
            "改到更晚的一天，原期限留底。",
            "已延期",
            reason="reason",
        ),
        Event.HOLD: _verb(
            Event.HOLD,
            lambda w, order, values, day: tending.hold(w, order, values["reason"], on=day),
            (replace(REASON, example="居民外出，约定回来后再上门"), DAY),
            "挂起期间不计时限，恢复后期限顺延。",
            "已挂起，不计时限",
            reason="reason",
        ),
        Event.RESUME: _verb(
            Event.RESUME,
            lambda w, order, values, day: tending.resume(w, order, on=day, note=values.get("note")),
            (DAY, NOTE),
            "恢复后按挂起的工作日顺延期限。",
            "已恢复，期限已顺延",
        ),
        Event.JOIN: _verb(
            Event.JOIN,
            lambda w, order, values, day: tending.join(
                w, order, values["volunteer_id"], on=day, note=values.get("note")
            ),
            (replace(records.VOLUNTEER, label="协办人"), DAY, NOTE),
            "完成时写明协办人的时长，评单后各记各的。",
            "已登记协办人",
        ),
        Event.JOIN_LATE: _verb(
            Event.JOIN_LATE,
            lambda w, order, values, day: posting.add_helper(
                w, order, values["volunteer_id"], values["minutes"], values["reason"], on=day
            ),
            (
                replace(records.VOLUNTEER, label="协办人"),
                replace(records.MINUTES, label="协办时长", required=True, help="小时数。"),
                DAY,
                replace(REASON, example="完成时漏登了协办人"),
            ),
            "已记时长的工单，随即按补录登记协办人的时长。",
            "已补记协办人",
            reason="reason",
        ),
        Event.ATTACH: replace(
            _verb(
                Event.ATTACH,
                lambda w, order, values, _day: tending.attach(
                    w, order, values["file"], note=values.get("note")
                ),
                (replace(NOTE, width=14, example="修好以后的照片"),),
                "记下名称和校验值，原件请妥善保存。",
                "已登记附件",
            ),
            file="附件",
        ),
    }


def _verb(
    event: Event, run: Run, fields: tuple[Field, ...], note: str, done: str, *, reason: str | None = None
) -> Verb:
    def go(writer: Writer, values: Row, row: Row | None) -> str:
        order_id = id_of(row)
        run(writer, order_id, values, day_of(values))
        return order_id

    return Verb(
        label=event.value,
        run=go,
        fields=fields,
        note=note,
        defaults=today if DAY in fields else None,
        shows=lambda row: suits(event, row),
        reason=reason,
        done=done,
    )


def suits(event: Event, order: Row) -> bool:
    """Whether this may happen with the order as it stands."""
    if State(order["state"]) not in flow.EVENTS[event] or (event is Event.JOIN_LATE and order["opening"]):
        return False
    return event in flow.WHEN_HELD if order["held_on"] else event is not Event.RESUME
