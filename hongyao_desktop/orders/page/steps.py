"""The steps of an order as small forms: the usual next one, and the others behind a menu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.fields import Choice, Date, Integer, Minutes, Text
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records import fields as records
from hongyao_desktop.orders.records.states import Matter, Move, Outcome, Side, State, Word
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.service import finishing, stepping, taking
from hongyao_desktop.orders.service.finishing import Finish, Score

_SHARE: Final = finishing.share_field("")
_DAY: Final = Field(
    name="taken_on",
    label="日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
)
_NOTE: Final = Field(
    name="note", label="说明", type=Text(max_chars=200), sensitivity=Sensitivity.INTERNAL, width=6
)
_REASON: Final = Field(
    name="reason",
    label="原因",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
)


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs an order")
    return str(row["id"])


def _day_of(values: Row) -> dt.date | None:
    shown = values.get("taken_on")
    return dt.date.fromisoformat(shown) if shown else None


def _today(session: Session, _row: Row | None) -> Mapping[str, Any]:
    return {"taken_on": session.today().isoformat()}


def _in_states(move: Move) -> Callable[[Row], bool]:
    return lambda row: State(row["state"]) in flow.TRANSITIONS[move][0]


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
    run=lambda writer, values, row: taking.take_again(writer, _id_of(row), values["reason"]),
    fields=(replace(_REASON, example="居民不满意，水管又漏"),),
    note="原单不动，照原单另立一张新单，备注写明续哪一单。",
    shows=lambda row: State(row["state"]).closed,
    reason="reason",
    done="已立新单续办",
)

# ------------------------------------------------------------------------------------------------ the main line


def _decide(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.decide(writer, _id_of(row), on=_day_of(values), note=values.get("note"))
    return _id_of(row)


def _dispatch(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.dispatch(
        writer,
        _id_of(row),
        values["volunteer_id"],
        on=_day_of(values),
        reason=values.get("reason"),
        note=values.get("note"),
    )
    return _id_of(row)


def _accept(writer: Writer, values: Row, row: Row | None) -> str:
    stepping.accept(writer, _id_of(row), on=_day_of(values), note=values.get("note"))
    return _id_of(row)


def _finish_of(values: Row) -> Finish:
    return Finish(
        completed_on=dt.date.fromisoformat(values["completed_on"]),
        starts_minute=values.get("starts_minute"),
        ends_minute=values.get("ends_minute"),
        minutes=values.get("minutes"),
        outcome=Outcome(values.get("outcome") or Outcome.SOLVED),
        result=values.get("result"),
        post_early=values.get("post_early"),
        helpers={
            name.removeprefix(_SHARE): value for name, value in values.items() if name.startswith(_SHARE)
        },
    )


def with_helpers(verb: Verb, helpers: Sequence[Row]) -> Verb:
    """The form of finishing with the hours of each who was named to help, below those of who took the order."""
    asked = [
        Field(
            name=finishing.share_field(row["volunteer_id"]),
            label=f"协办{row['helper_name']}时长",
            type=Minutes(),
            sensitivity=Sensitivity.INTERNAL,
            width=6,
            help="留空与接单人相同，没有来的填 0。",
        )
        for row in helpers
    ]
    at = next(place for place, field in enumerate(verb.fields, 1) if field.name == records.MINUTES.name)
    return replace(verb, fields=(*verb.fields[:at], *asked, *verb.fields[at:]))


def _complete(writer: Writer, values: Row, row: Row | None) -> str:
    finishing.complete(writer, _id_of(row), _finish_of(values))
    return _id_of(row)


def _check_complete(session: Session) -> Callable[[Reader, Row, Row | None], list[Problem]]:
    def check(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
        return finishing.check_finish(
            reader, _id_of(row), _finish_of(values), today=session.today(), recorder=session.who.name
        )

    return check


def _usual_finish(session: Session, row: Row | None) -> Mapping[str, Any]:
    dispute = row is not None and row["matter"] == Matter.DISPUTE
    outcome = Outcome.MEDIATED if dispute else Outcome.SOLVED
    return {"completed_on": session.today().isoformat(), "outcome": outcome.value}


def _score(values: Row, side: str) -> Score | None:
    word = values.get(f"{side}_word")
    return Score(Word(word), values.get(f"{side}_score"), values.get("remark")) if word else None


def _rate(writer: Writer, values: Row, row: Row | None) -> str:
    resident, branch = _score(values, "resident"), _score(values, "branch")
    finishing.rate(writer, _id_of(row), resident=resident, branch=branch, on=_day_of(values))
    return _id_of(row)


def _given(session: Session, row: Row | None) -> Mapping[str, Any]:
    """What is on file already stands in the form, so that saving repeats it."""
    known = lookups.ratings(session.reader, _id_of(row))
    values: dict[str, Any] = dict(_today(session, row))
    for side, name in ((Side.RESIDENT, "resident"), (Side.BRANCH, "branch")):
        if side in known:
            values |= {f"{name}_word": known[side]["word"], f"{name}_score": known[side]["score"]}
    return values


def _rating_fields() -> tuple[Field, ...]:
    fields: list[Field] = []
    for side, name in ((Side.RESIDENT, "resident"), (Side.BRANCH, "branch")):
        fields += [
            Field(
                name=f"{name}_word",
                label=f"{side}评价",
                type=Choice(tuple(Word)),
                sensitivity=Sensitivity.OPEN,
                width=5,
                help="联系不上的先留空，之后补评。",
            ),
            Field(
                name=f"{name}_score",
                label=f"{side}打分",
                type=Integer(low=1, high=5),
                sensitivity=Sensitivity.OPEN,
                width=4,
                help="1 至 5 分，留空按评价取。",
            ),
        ]
    remark = Field(
        name="remark", label="意见", type=Text(max_chars=200), sensitivity=Sensitivity.INTERNAL, width=6
    )
    return (*fields, remark, _DAY)


# ------------------------------------------------------------------------------------------------ other ways


def _reasoned(
    move: Move,
    run: Callable[[Writer, str, Row], object],
    *,
    note: str = "",
    example: str = "",
    dated: bool = True,
) -> Verb:
    def go(writer: Writer, values: Row, row: Row | None) -> str:
        run(writer, _id_of(row), values)
        return _id_of(row)

    return Verb(
        label=move.value,
        run=go,
        fields=(replace(_REASON, example=example), _DAY) if dated else (replace(_REASON, example=example),),
        note=note,
        defaults=_today if dated else None,
        shows=_in_states(move),
        reason="reason",
        done=f"已{move}",
    )


def _by_day(verb: Callable[..., object]) -> Callable[[Writer, str, Row], object]:
    return lambda writer, order_id, values: verb(writer, order_id, values["reason"], on=_day_of(values))


def verbs(session: Session) -> dict[Move, Verb]:
    """Every step with an order that is on file, by its move."""
    return {
        Move.DECIDE: Verb(
            label="议单",
            run=_decide,
            fields=(_DAY, _NOTE),
            note="支部议定受理，转社区派单。",
            defaults=_today,
            shows=_in_states(Move.DECIDE),
            done="支部已受理，等待派单",
        ),
        Move.DISPATCH: Verb(
            label="派单",
            run=_dispatch,
            fields=(records.VOLUNTEER, _DAY, _NOTE),
            defaults=_today,
            shows=_in_states(Move.DISPATCH),
            done="已派单，等待接单",
        ),
        Move.ACCEPT: Verb(
            label="接单",
            run=_accept,
            fields=(_DAY, _NOTE),
            note="从接单起计算办结时限。",
            defaults=_today,
            shows=_in_states(Move.ACCEPT),
            done="已接单，开始办理",
        ),
        Move.COMPLETE: Verb(
            label="完成",
            run=_complete,
            fields=(
                replace(records.COMPLETED_ON, derived=False, required=True, section="基本"),
                records.OUTCOME,
                records.STARTS,
                records.ENDS,
                records.MINUTES,
                Field(
                    name="post_early",
                    label="先记时长的理由",
                    type=Text(max_chars=100),
                    sensitivity=Sensitivity.INTERNAL,
                    width=6,
                    help="平时留空：双方评单后记时长。",
                ),
                records.RESULT,
            ),
            check=_check_complete(session),
            defaults=_usual_finish,
            shows=_in_states(Move.COMPLETE),
            done="已登记完成，等待双方评单",
        ),
        Move.RATE: Verb(
            label="评单",
            run=_rate,
            fields=_rating_fields(),
            note="双方都评过，时长和积分随即记上，只记一次。",
            defaults=_given,
            shows=_in_states(Move.RATE),
            done="已登记评价",
        ),
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
            fields=(records.VOLUNTEER, _REASON, _DAY),
            defaults=_today,
            shows=_in_states(Move.REDISPATCH),
            reason="reason",
            done="已改派，等待接单",
        ),
        Move.REFUSE: _reasoned(Move.REFUSE, _by_day(stepping.give_back), example="当天值班走不开"),
        Move.GIVE_BACK: _reasoned(Move.GIVE_BACK, _by_day(stepping.give_back), example="家中有急事"),
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
    }
