"""The steps of an order as small forms: the usual next one, and the others behind a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Choice
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.page.asking import DAY, NOTE, REASON, day_of, id_of, in_states, today
from hongyao_desktop.orders.page.closing import RATING, complete_verb
from hongyao_desktop.orders.records import fields as records
from hongyao_desktop.orders.records.states import Move, State
from hongyao_desktop.orders.service import finishing, stepping, taking, undoing

# ------------------------------------------------------------------------------------------------ taking


def _take(writer: Writer, values: Row, _row: Row | None) -> str:
    return taking.take_order(writer, values)


def _take_spot(writer: Writer, values: Row, _row: Row | None) -> str:
    return taking.order_from_spot(writer, values["spot_report_id"], values)


def _asked_today(session: Session, _row: Row | None) -> Mapping[str, Any]:
    return {"asked_on": session.today().isoformat()}


TAKE: Final = Verb(
    label="登记工单",
    run=_take,
    fields=(
        records.RESIDENT,
        replace(records.PHONE, width=6),
        records.TOPIC,
        records.ADDRESS,
        records.CHANNEL,
        records.UNIT,
        records.KIND,
        records.MATTER,
        records.ASKED_ON,
        records.WANTED_BY,
        records.PARTIES,
        records.NOTE,
    ),
    needs_row=False,
    check=lambda reader, values, _row: taking.check_order(reader, values, None),
    defaults=_asked_today,
    done="已登记工单",
)


def take_from(channels: Sequence[str]) -> Verb:
    """The form of a new order with the sources of the rule in force; its first one stands in the form."""
    known = records.CHANNEL.type
    assert isinstance(known, Choice)
    synonyms = tuple((word, shown) for word, shown in known.synonyms if shown in channels)
    channel = replace(
        records.CHANNEL, type=replace(known, options=tuple(channels), synonyms=synonyms), default=channels[0]
    )
    fields = tuple(channel if field.name == channel.name else field for field in TAKE.fields)
    return replace(TAKE, fields=fields)


FROM_SPOT: Final = Verb(
    label="随手拍转工单",
    run=_take_spot,
    fields=(
        replace(records.SPOT, derived=False, required=True, section="基本", width=12),
        records.ASKED_ON,
        records.WANTED_BY,
        replace(records.PHONE, help="留空时用上报人的电话。"),
        replace(records.UNIT, help="留空时归上报的组织。"),
    ),
    needs_row=False,
    note="工单完成时，随手拍一并办结，给首报人记积分。",
    defaults=_asked_today,
    done="已转为工单",
)

AGAIN: Final = Verb(
    label="续办",
    run=lambda writer, values, row: taking.take_again(writer, id_of(row), values["reason"]),
    fields=(replace(REASON, example="居民不满意，水管又漏"),),
    note="原单不动，照原单另立一张新单，备注写明续哪一单。",
    shows=lambda row: State(row["state"]).closed,
    reason="reason",
    done="已立新单续办",
)

# ------------------------------------------------------------------------------------------------ the main line


def _decide(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.decide(writer, id_of(row), on=day_of(values), note=values.get("note"))
    return id_of(row)


def _dispatch(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.dispatch(
        writer,
        id_of(row),
        values["volunteer_id"],
        on=day_of(values),
        reason=values.get("reason"),
        note=values.get("note"),
    )
    return id_of(row)


def _accept(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.accept(writer, id_of(row), on=day_of(values), note=values.get("note"))
    return id_of(row)


# ------------------------------------------------------------------------------------------------ other ways


def _reasoned(
    move: Move,
    run: Callable[[Writer, str, Row], object],
    *,
    note: str = "",
    example: str = "",
    dated: bool = True,
    then: str = "",
) -> Verb:
    def go(writer: Writer, values: Row, row: Row | None) -> str:
        run(writer, id_of(row), values)
        return id_of(row)

    return Verb(
        label=move.value,
        run=go,
        fields=(replace(REASON, example=example), DAY) if dated else (replace(REASON, example=example),),
        note=note,
        defaults=today if dated else None,
        shows=in_states(move),
        reason="reason",
        done=f"已{move}{then}",
    )


_ANEW: Final = "，等待重新派单"


def _by_day(verb: Callable[..., object]) -> Callable[[Writer, str, Row], object]:
    return lambda writer, order_id, values: verb(writer, order_id, values["reason"], on=day_of(values))


def verbs(session: Session) -> dict[Move, Verb]:
    """Every step with an order that is on file, by its move."""
    return {
        Move.DECIDE: Verb(
            label="议单",
            run=_decide,
            fields=(DAY, NOTE),
            note="支部议定受理，转社区派单。",
            defaults=today,
            shows=in_states(Move.DECIDE),
            done="支部已受理，等待派单",
        ),
        Move.DISPATCH: Verb(
            label="派单",
            run=_dispatch,
            fields=(records.VOLUNTEER, DAY, NOTE),
            defaults=today,
            shows=in_states(Move.DISPATCH),
            done="已派单，等待接单",
        ),
        Move.ACCEPT: Verb(
            label="接单",
            run=_accept,
            fields=(DAY, NOTE),
            note="从接单起计算办结时限。",
            defaults=today,
            shows=in_states(Move.ACCEPT),
            done="已接单，开始办理",
        ),
        Move.COMPLETE: complete_verb(session),
        Move.RATE: RATING,
        Move.DECLINE: _reasoned(
            Move.DECLINE, _by_day(stepping.decline), example="不属于社区服务范围，已答复居民"
        ),
        Move.REFER_UP: _reasoned(
            Move.REFER_UP,
            _by_day(stepping.refer_up),
            note="转给上一级组织重新议单。",
            example="需要街道协调物业",
        ),
        Move.HAND_OVER: _reasoned(
            Move.HAND_OVER, _by_day(stepping.hand_over), note="写明转给谁。", example="转区住建局办理"
        ),
        Move.REDISPATCH: Verb(
            label="改派",
            run=_dispatch,
            fields=(records.VOLUNTEER, REASON, DAY),
            defaults=today,
            shows=in_states(Move.REDISPATCH),
            reason="reason",
            done="已改派，等待接单",
        ),
        Move.REFUSE: _reasoned(
            Move.REFUSE, _by_day(stepping.give_back), example="当天值班走不开", then=_ANEW
        ),
        Move.GIVE_BACK: _reasoned(
            Move.GIVE_BACK, _by_day(stepping.give_back), example="家中有急事", then=_ANEW
        ),
        Move.POST_EARLY: replace(
            _reasoned(
                Move.POST_EARLY,
                lambda writer, order_id, values: finishing.post_early(writer, order_id, values["reason"]),
                note="不等评单先记时长，按补录登记。",
                example="居民长期在外，联系不上",
                dated=False,
            ),
            shows=lambda row: bool(
                row["state"] == State.COMPLETED and row["minutes"] and not row["service_record_id"]
            ),
            done="已登记时长",
        ),
        Move.VOID: _reasoned(
            Move.VOID,
            lambda writer, order_id, values: stepping.void_order(writer, order_id, values["reason"]),
            note="工单号保留，不再办理。",
            example="重复登记",
            dated=False,
        ),
        Move.TAKE_BACK: replace(
            _reasoned(
                Move.TAKE_BACK,
                lambda writer, order_id, values: undoing.take_back(writer, order_id, values["reason"]),
                example="点错了卡片，这件还没有办",
                dated=False,
            ),
            shows=None,  # which step that would be, if any, is seen in the life of the order
            done="已撤回",
        ),
    }


def take_back_of(verb: Verb, step: Row) -> Verb:
    """The form of taking back this step: named after it, and saying what goes back with it."""
    move = Move(step["move"])
    note = _GOES_BACK.get(move, "记下不删，工单回到上一步。")
    hours = "，已记的时长和积分一并冲正" if step["service_record_id"] else ""
    return replace(verb, label=f"撤回{move}", note=note, done=f"已撤回{move}{hours}")


_GOES_BACK: Final = {
    Move.COMPLETE: "记下不删，工单回到办理中；已记的时长和积分冲正。",
    Move.RATE: "这次评价不再算数，记下不删；已记的时长和积分冲正。",
    Move.POST_EARLY: "先记的时长和积分冲正，等双方评单再记。",
    Move.VOID: "工单回到作废以前的一步，接着办理。",
}
