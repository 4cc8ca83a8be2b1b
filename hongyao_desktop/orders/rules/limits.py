"""Time limits in working days (办理时限), duties and ratings, read from dated rule sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.desk import Role
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.core.workdays import NO_OVERRIDES, Overrides, add_workdays, count_workdays
from hongyao_desktop.orders.records.states import OPEN_STATES, Event, HoursAfter, Move, State, Word
from hongyao_desktop.volunteers.rules.body import read_body, whole

LIMITS_KIND = "order-limits"
LISTS_KIND = "order-lists"
DUTIES_KIND = "order-duties"
_LIKE: Mapping[Event, Move] = {
    Event.FOLLOW_UP: Move.ACCEPT,
    Event.EXTEND: Move.REFER_UP,
    Event.HOLD: Move.REFER_UP,
    Event.RESUME: Move.ACCEPT,
    Event.JOIN: Move.DISPATCH,
    Event.ATTACH: Move.ACCEPT,
    Event.JOIN_LATE: Move.COMPLETE,
}
"""Who may do what an older rule set does not name: whoever may take this step."""
NOBODYS = (Move.OPENING, Move.TAKE_BACK)
"""Steps without a duty of their own: a step is taken back by whoever may take it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule set ``order-limits``: working days an order may stand in each state, for some channels fewer."""

    title: str
    days: Mapping[State, int]
    by_channel: Mapping[str, Mapping[State, int]]

    def days_for(self, state: State, channel: str) -> int:
        """Working days for one state of an order that came by ``channel``."""
        return self.by_channel.get(channel, {}).get(state, self.days[state])


@dataclass(frozen=True, slots=True)
class Lists:
    """The rule set ``order-lists``: channels, and the words of an order that tell its kind."""

    title: str
    channels: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    other: str

    def kind_of(self, topic: str) -> str:
        """The kind whose word stands first in what is asked for."""
        hits = [
            (topic.index(word), order, kind)
            for order, (kind, words) in enumerate(self.kinds)
            for word in words
            if word in topic
        ]
        return min(hits)[2] if hits else self.other


@dataclass(frozen=True, slots=True)
class Duties:
    """The rule set ``order-duties``: who may take which step, scores for each word, what the hours wait for."""

    title: str
    roles: Mapping[Move | Event, tuple[Role, ...]]
    scores: Mapping[Word, tuple[int, int]]
    hours_after: HoursAfter

    def usual_score(self, word: Word) -> int:
        """The score a word stands for when none is given."""
        return self.scores[word][1]


def like(duty: Move | Event) -> Move:
    """The step whose duty goes for another that a rule set does not name; a step goes for itself."""
    return _LIKE[duty] if isinstance(duty, Event) else duty


def limits_of(rule: RuleSet) -> Limits:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> Limits:
        days = {state: whole(body["workdays"][state.value]) for state in OPEN_STATES}
        by_channel = {
            str(channel): {State(state): whole(count) for state, count in counts.items()}
            for channel, counts in body["by_channel"].items()
        }
        return Limits(rule.title, days, by_channel)

    return read_body(rule, reading)


def lists_of(rule: RuleSet) -> Lists:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> Lists:
        kinds = tuple((str(entry["kind"]), tuple(map(str, entry["words"]))) for entry in body["kinds"])
        return Lists(rule.title, tuple(map(str, body["channels"])), kinds, str(body["other"]))

    return read_body(rule, reading)


def duties_of(rule: RuleSet) -> Duties:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> Duties:
        told = body["roles"]
        roles: dict[Move | Event, tuple[Role, ...]] = {
            move: tuple(map(Role, told[move.value])) for move in Move if move not in NOBODYS
        }
        roles |= {event: tuple(map(Role, told.get(event.value, told[like(event).value]))) for event in Event}
        scores = {}
        for word in Word:
            low, high = (whole(score, 1) for score in body["scores"][word.value])
            scores[word] = (low, high)
        return Duties(rule.title, roles, scores, HoursAfter(body["hours_after"]))

    return read_body(rule, reading)


def due_day(
    limits: Limits,
    state: State,
    channel: str,
    since: dt.date,
    *,
    wanted_by: dt.date | None = None,
    overrides: Overrides = NO_OVERRIDES,
) -> dt.date | None:
    """The last day for the next step; None when the order is closed.

    Counted in working days after ``since``, that day not counted. Until the service is done the day the resident
    wishes comes first where it is earlier, but it is never before ``since``.
    """
    if state.closed:
        return None
    due = add_workdays(since, limits.days_for(state, channel), overrides)
    if wanted_by is not None and state is not State.COMPLETED:
        due = min(due, max(wanted_by, since))
    return due


def due_after_rest(
    due_before: dt.date, held_on: dt.date, resumed_on: dt.date, overrides: Overrides = NO_OVERRIDES
) -> dt.date:
    """The last day once an order is taken up again: later by as many working days as it rested.

    The day it was put to rest is not counted, the day it is taken up again is. What was overdue stays overdue.
    """
    rested = count_workdays(held_on + dt.timedelta(days=1), resumed_on, overrides)
    return add_workdays(due_before, rested, overrides)


def overdue_days(due_on: dt.date | None, today: dt.date) -> int:
    """How many calendar days the last day has passed; 0 when it has not."""
    return 0 if due_on is None else max((today - due_on).days, 0)


def due_words(due_on: dt.date | None, today: dt.date, held_on: dt.date | None = None) -> str:
    """How urgent an order is in words: 逾期 2 天, 今天到期, 明天到期, 还有 3 天; one that rests: 挂起 3 天."""
    if held_on is not None:
        days = (today - held_on).days
        return f"挂起 {days} 天" if days > 0 else "今天挂起"
    if due_on is None:
        return ""
    left = (due_on - today).days
    if left < 0:
        return f"逾期 {-left} 天"
    return {0: "今天到期", 1: "明天到期"}.get(left, f"还有 {left} 天")


def score_problem(duties: Duties, word: Word, score: int, field: str) -> Problem | None:
    """A score that does not suit its word."""
    low, high = duties.scores[word]
    if low <= score <= high:
        return None
    span = f"{low}" if low == high else f"{low} 至 {high}"
    message = f"“{word}”应打 {span} 分，现在是 {score} 分，请核对"
    return Problem(Level.ERROR, "order.score", message, field)
