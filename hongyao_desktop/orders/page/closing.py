"""The forms that close an order: finishing it (完成) with the hours of everybody, and rating it (评单)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.fields import Choice, Integer, Minutes, Text
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.page.asking import DAY, day_of, id_of, in_states, today
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records import fields as records
from hongyao_desktop.orders.records.states import Matter, Move, Outcome, Side, Word
from hongyao_desktop.orders.service import finishing
from hongyao_desktop.orders.service.finishing import Finish, Score

_SHARE: Final = finishing.share_field("")
_KEPT: Final = ("starts_minute", "ends_minute", "minutes", "result", "deliberated_at")


def _finish_of(values: Row) -> Finish:
    return Finish(
        completed_on=dt.date.fromisoformat(values["completed_on"]),
        starts_minute=values.get("starts_minute"),
        ends_minute=values.get("ends_minute"),
        minutes=values.get("minutes"),
        outcome=Outcome(values.get("outcome") or Outcome.SOLVED),
        result=values.get("result"),
        deliberated_at=values.get("deliberated_at"),
        post_early=values.get("post_early"),
        helpers={
            name.removeprefix(_SHARE): value for name, value in values.items() if name.startswith(_SHARE)
        },
    )


def with_helpers(verb: Verb, helpers: Sequence[Row], shares: Sequence[Row] = ()) -> Verb:
    """The form of finishing with the hours of each who was named to help, below those of who took the order.

    ``shares`` are the hours of a finish that was taken back: they stand in the form again.
    """
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
    before = {finishing.share_field(row["volunteer_id"]): row["minutes"] for row in shares}
    if shares:  # whoever was named and is not among them did not come
        before |= {field.name: 0 for field in asked if field.name not in before}
    usual = verb.defaults

    def defaults(session: Session, row: Row | None) -> Mapping[str, Any]:
        return {**(usual(session, row) if usual else {}), **before}

    return replace(verb, fields=(*verb.fields[:at], *asked, *verb.fields[at:]), defaults=defaults)


def once_more(verb: Verb, steps: Sequence[Row]) -> Verb:
    """The form of finishing an order whose finish was taken back: the day it had stands there, not today."""
    done = [step["taken_on"] for step in steps if step["move"] == Move.COMPLETE]
    usual = verb.defaults

    def defaults(session: Session, row: Row | None) -> Mapping[str, Any]:
        values = dict(usual(session, row)) if usual else {}
        if done and row is not None and done[-1] >= row["state_on"]:
            values["completed_on"] = done[-1]
        return values

    return replace(verb, defaults=defaults)


def _complete(writer: Writer, values: Row, row: Row | None) -> str:
    finishing.complete(writer, id_of(row), _finish_of(values))
    return id_of(row)


def _check_complete(session: Session) -> Callable[[Reader, Row, Row | None], list[Problem]]:
    def check(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
        return finishing.check_finish(
            reader, id_of(row), _finish_of(values), today=session.today(), recorder=session.who.name
        )

    return check


def _usual_finish(session: Session, row: Row | None) -> Mapping[str, Any]:
    """Today and the usual outcome; what was said in a finish that was taken back stands there again."""
    dispute = row is not None and row["matter"] == Matter.DISPUTE
    outcome = Outcome.MEDIATED if dispute else Outcome.SOLVED
    kept = {name: row[name] for name in _KEPT} if row is not None else {}
    if kept.get("starts_minute") is not None and _span(kept) == kept["minutes"]:
        kept["minutes"] = None  # it follows from the times, so that mending these is enough
    return {**kept, "completed_on": session.today().isoformat(), "outcome": outcome.value}


def _span(kept: Mapping[str, Any]) -> int:
    return int(kept["ends_minute"]) - int(kept["starts_minute"])


def _score(values: Row, side: str) -> Score | None:
    word = values.get(f"{side}_word")
    return Score(Word(word), values.get(f"{side}_score"), values.get("remark")) if word else None


def _rate(writer: Writer, values: Row, row: Row | None) -> str:
    resident, branch = _score(values, "resident"), _score(values, "branch")
    finishing.rate(writer, id_of(row), resident=resident, branch=branch, on=day_of(values))
    return id_of(row)


def _given(session: Session, row: Row | None) -> Mapping[str, Any]:
    """What is on file already stands in the form, so that saving repeats it."""
    known = lookups.ratings(session.reader, id_of(row))
    values: dict[str, Any] = dict(today(session, row))
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
    return (*fields, remark, DAY)


def complete_verb(session: Session) -> Verb:
    """Finishing an order."""
    return Verb(
        label="完成",
        run=_complete,
        fields=(
            replace(records.COMPLETED_ON, derived=False, required=True, section="基本"),
            records.OUTCOME,
            records.STARTS,
            records.ENDS,
            records.MINUTES,
            records.RESULT,
            records.DELIBERATED,
            Field(
                name="post_early",
                label="先记时长的理由",
                type=Text(max_chars=100),
                sensitivity=Sensitivity.INTERNAL,
                width=6,
                help="平时留空：双方评单后记时长。",
            ),
        ),
        check=_check_complete(session),
        defaults=_usual_finish,
        shows=in_states(Move.COMPLETE),
        done="已登记完成，等待双方评单",
    )


RATING: Final = Verb(
    label="评单",
    run=_rate,
    fields=_rating_fields(),
    note="双方都评过，时长和积分随即记上，只记一次。",
    defaults=_given,
    shows=in_states(Move.RATE),
    done="已登记评价",
)
