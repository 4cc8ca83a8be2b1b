"""Finishing an order (完成), rating it (评单), and the one service record it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core.desk import Reader, Row, Writer, refuse_errors
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import HoursAfter, Matter, Move, Outcome, Side, State, Word
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import Duties, score_problem
from hongyao_desktop.orders.service.duties import require_duty
from hongyao_desktop.orders.service.posting import (
    keep_shares,
    posted,
    record_hours,
    record_of,
    record_shares,
    spans,
)
from hongyao_desktop.orders.service.stepping import Step, take_step
from hongyao_desktop.volunteers.queries.lookups import standing
from hongyao_desktop.volunteers.records.rows import SpotStatus
from hongyao_desktop.volunteers.service import recording, spots

_DAY = 24 * 60
_OWN_FIELDS = {"served_on": "completed_on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How an order was finished. Times are minutes of the day; without times and minutes no hours are recorded.

    ``helpers`` are the minutes of those who helped (协办) by volunteer id: None for as long as who took the order,
    0 for none; nothing is recorded for a helper who does not stand there. ``deliberated_at`` names the place where it
    was talked over (议事协商); None when it was not.
    """

    completed_on: dt.date
    starts_minute: int | None = None
    ends_minute: int | None = None
    minutes: int | None = None
    outcome: Outcome = Outcome.SOLVED
    result: str | None = None
    post_early: str | None = None
    helpers: Mapping[str, int | None] = field(default_factory=dict)
    deliberated_at: str | None = None

    @property
    def length(self) -> int | None:
        """Minutes of service: as given, else from start to end (an end before the start is on the next day)."""
        if self.minutes is not None:
            return self.minutes
        if self.starts_minute is None or self.ends_minute is None:
            return None
        return self.end_of_span - self.starts_minute

    @property
    def end_of_span(self) -> int:
        """The end on a scale from the midnight the service began after."""
        assert self.starts_minute is not None
        assert self.ends_minute is not None
        later = self.ends_minute <= self.starts_minute
        return self.ends_minute + (_DAY if later else 0)

    def columns(self) -> dict[str, Any]:
        """What an order keeps of it."""
        spanned = self.starts_minute is not None and self.ends_minute is not None
        return {
            "completed_on": self.completed_on.isoformat(),
            "starts_minute": self.starts_minute if spanned else None,
            "ends_minute": self.end_of_span if spanned else None,
            "minutes": self.length,
            "outcome": self.outcome.value,
            "result": self.result,
            "deliberated_at": (self.deliberated_at or "").strip() or None,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """One side's rating; the score follows from the word when it is not given."""

    word: Word
    score: int | None = None
    remark: str | None = None


def check_finish(
    reader: Reader, order_id: str, finish: Finish, *, today: dt.date, recorder: str
) -> list[Problem]:
    """What stands in the way of finishing: times, an outcome that does not suit, clashes with other service."""
    order = lookups.order(reader, order_id)
    found = []
    if (finish.starts_minute is None) != (finish.ends_minute is None):
        message = "开始和结束时间要么都填，要么都不填"
        found.append(Problem(Level.ERROR, "order.half", message, "ends_minute"))
    if finish.length is not None and finish.length <= 0:
        found.append(Problem(Level.ERROR, "order.minutes", "服务时长要大于 0", "minutes"))
    if finish.outcome is Outcome.MEDIATED and order["matter"] != Matter.DISPUTE:
        message = "“已调解”只用于矛盾纠纷，请改办理结果，或先把性质改为矛盾纠纷"
        found.append(Problem(Level.ERROR, "order.outcome", message, "outcome"))
    if found:
        return found
    if finish.length is None and order["volunteer_id"] is not None:
        message = f"没有填服务时长，{order['helper_name']}这一单不记时长和积分，请核对"
        found.append(Problem(Level.QUESTION, "order.no_hours", message, "minutes"))
    done = {**order, **finish.columns()}
    own = (
        [(record_of(done, None), "")]
        if finish.length is not None and order["volunteer_id"] is not None
        else []
    )
    helped = [
        (record_of({**done, **share}, None), share["volunteer_id"])
        for share in _shares(reader, order, finish)
    ]
    asked = [*own, *helped]
    for (record, helper), clashes in zip(
        asked,
        recording.findings(reader, [one for one, _ in asked], activity=None, today=today, recorder=recorder),
        strict=True,
    ):
        fields = {"served_on": "completed_on", "minutes": share_field(helper)} if helper else _OWN_FIELDS
        name = f"{standing(reader, record.volunteer_id).shown}：" if helper else ""
        found += [
            Problem(p.level, p.code, f"{name}{p.message}", fields.get(p.field or "", p.field))
            for p in clashes
        ]
    return found


def share_field(volunteer_id: str) -> str:
    """What the input of a helper's hours is called."""
    return f"share_{volunteer_id}"


def _shares(reader: Reader, order: Mapping[str, Any], finish: Finish) -> list[Row]:
    """What is kept of each helper's service; refuses somebody who was not named to help."""
    known = {row["volunteer_id"]: row["helper_name"] for row in boards.helpers_of(reader, order["id"])}
    known.pop(order["volunteer_id"], None)
    if any(volunteer_id not in known for volunteer_id in finish.helpers):
        raise Refusal("协办时长只能记给本单登记过的协办人，请先登记协办")
    told = {one: finish.length if said is None else said for one, said in finish.helpers.items()}
    return spans(finish.columns(), {one: minutes for one, minutes in told.items() if minutes})


def complete(writer: Writer, order_id: str, finish: Finish) -> str | None:
    """Finish an accepted order (完成); returns the id of its service record once there is one.

    Saying the same twice changes nothing. Hours are recorded when both sides have rated, or here when the rule set
    says so or ``post_early`` gives the reason. A spot report behind the order is closed with it.
    """
    require_duty(writer, finish.completed_on, Move.COMPLETE)
    order = lookups.order(writer, order_id)
    if order["state"] in (State.COMPLETED, State.RATED):
        if all(order[name] == value for name, value in finish.columns().items()):
            return str(order["service_record_id"]) if order["service_record_id"] else None
        raise Refusal(f"工单 {order['number']} 已登记完成，登错了请先撤回，改好再登记完成")
    flow.leads_to(Move.COMPLETE, State(order["state"]))
    refuse_errors(
        check_finish(writer, order_id, finish, today=writer.clock.today(), recorder=writer.who.name)
    )
    at_once = lookups.rules(writer).duties.nearest(finish.completed_on).hours_after is HoursAfter.COMPLETED
    changes = finish.columns()
    record_id = None
    if at_once and finish.length is not None:
        record_id = record_hours(writer, {**order, **changes}, None)
        changes |= posted(order, record_id)
    step = Step(
        move=Move.COMPLETE,
        on=finish.completed_on,
        note=finish.result,
        volunteer_id=order["volunteer_id"],
        service_record_id=record_id,
    )
    take_step(writer, order_id, step, changes)
    keep_shares(writer, order, _shares(writer, order, finish))
    if at_once:
        record_shares(writer, {**order, **changes}, None)
    _close_spot(writer, order, finish)
    if finish.post_early and record_id is None:
        return post_early(writer, order_id, finish.post_early)
    return record_id


def post_early(writer: Writer, order_id: str, reason: str) -> str | None:
    """Record the hours before both sides have rated, for a stated reason; they count as made up (补录).

    Returns the service record's id; an order that has one already keeps it.
    """
    require_duty(writer, None, Move.POST_EARLY)
    order = lookups.order(writer, order_id)
    if order["service_record_id"]:
        return str(order["service_record_id"])
    if order["minutes"] is None:
        raise Refusal(f"工单 {order['number']} 没有登记服务时长，没有时长可记")
    said = flow.check_reason(Move.POST_EARLY, reason)
    flow.leads_to(Move.POST_EARLY, State(order["state"]))
    why = f"未评单先记时长：{said}"
    record_id = record_hours(writer, order, why)
    step = Step(
        move=Move.POST_EARLY,
        reason=said,
        volunteer_id=order["volunteer_id"],
        service_record_id=record_id,
    )
    take_step(writer, order_id, step, posted(order, record_id))
    record_shares(writer, order, why)
    return record_id


def rate(
    writer: Writer,
    order_id: str,
    *,
    resident: Score | None = None,
    branch: Score | None = None,
    on: dt.date | None = None,
) -> str | None:
    """Write down what resident and branch say (评单), both or the one that is known; returns the service record's id.

    The order is rated once both have spoken; then its hours are recorded, once. The same rating given again changes
    nothing, another one is refused.
    """
    require_duty(writer, on, Move.RATE)
    order = lookups.order(writer, order_id)
    known = lookups.ratings(writer, order_id)
    day = on or writer.clock.today()
    duties = lookups.rules(writer).duties.nearest(day)
    new = _new_scores(duties, known, {Side.RESIDENT: resident, Side.BRANCH: branch})
    if not new and known:
        return str(order["service_record_id"]) if order["service_record_id"] else None
    flow.leads_to(Move.RATE, State(order["state"]))
    if not new:
        raise Refusal("居民和支部的评价都没有填，请至少填一方")
    both = len(known) + len(new) == len(Side)
    record_id = None
    if both and order["minutes"] is not None and not order["service_record_id"] and not order["opening"]:
        record_id = record_hours(writer, order, None)
    said = [f"{side}{score.word}（{points} 分）" for side, (score, points) in new.items()]
    said += dict.fromkeys(f"意见：{score.remark}" for score, _points in new.values() if score.remark)
    words = "；".join(said)
    step = Step(
        move=Move.RATE,
        on=on,
        note=words,
        volunteer_id=order["volunteer_id"],
        service_record_id=record_id,
        to=State.RATED if both else State.COMPLETED,
    )
    take_step(writer, order_id, step, posted(order, record_id) if record_id else None)
    if both:
        record_shares(writer, order, None)
    for side, (score, points) in new.items():
        writer.insert(
            "order_rating",
            {
                "order_id": order_id,
                "side": side.value,
                "word": score.word.value,
                "score": points,
                "remark": score.remark,
                "rated_on": day.isoformat(),
                "recorded_by": writer.who.name,
                "source": None,
                "round": lookups.next_round(writer, order_id, side),
            },
        )
    return record_id or (str(order["service_record_id"]) if order["service_record_id"] else None)


_FIELD = {Side.RESIDENT: "resident", Side.BRANCH: "branch"}


def _new_scores(
    duties: Duties, known: Mapping[Side, Row], given: Mapping[Side, Score | None]
) -> dict[Side, tuple[Score, int]]:
    """The ratings that are not on file yet, with their scores; refuses one that contradicts what is."""
    new: dict[Side, tuple[Score, int]] = {}
    for side, score in given.items():
        if score is None:
            continue
        points = score.score if score.score is not None else duties.usual_score(score.word)
        problem = score_problem(duties, score.word, points, f"{_FIELD[side]}_score")
        if problem is not None:
            raise Refusal(problem.message, problems=[problem])
        if side not in known:
            new[side] = (score, points)
        elif (known[side]["word"], known[side]["score"]) != (score.word.value, points):
            raise Refusal(f"{side}已评“{known[side]['word']}”（{known[side]['score']} 分），要改请先撤回评单")
    return new


def _close_spot(writer: Writer, order: Row, finish: Finish) -> None:
    """The report an order came from is closed when the order is done; its first reporter gets the points."""
    if order["spot_report_id"] is None:
        return
    spot = lookups.spot(writer, order["spot_report_id"])
    if spot["status"] == SpotStatus.MERGED:  # merged since: the first report of the fault is done with it
        spot = lookups.spot(writer, spot["merged_into_id"])
    if spot["status"] == SpotStatus.OPEN:
        said = f"工单 {order['number']}：{finish.result or finish.outcome}"
        spots.close_spot(writer, spot["id"], closed_on=finish.completed_on, outcome=said)
