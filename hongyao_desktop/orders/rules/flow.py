"""The state machine of an order (五单流程): no state is skipped, and who gives something back says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.records.states import OPEN_STATES, Event, Move, State

TRANSITIONS: Final[Mapping[Move, tuple[tuple[State, ...], tuple[State, ...]]]] = MappingProxyType(
    {
        Move.DECIDE: ((State.ASKED,), (State.DECIDED,)),
        Move.DECLINE: ((State.ASKED,), (State.DECLINED,)),
        Move.REFER_UP: ((State.ASKED,), (State.ASKED,)),
        Move.HAND_OVER: ((State.ASKED,), (State.HANDED_OVER,)),
        Move.DISPATCH: ((State.DECIDED,), (State.DISPATCHED,)),
        Move.ACCEPT: ((State.DISPATCHED,), (State.ACCEPTED,)),
        Move.REDISPATCH: ((State.DISPATCHED,), (State.DISPATCHED,)),
        Move.REFUSE: ((State.DISPATCHED,), (State.DECIDED,)),
        Move.COMPLETE: ((State.ACCEPTED,), (State.COMPLETED,)),
        Move.GIVE_BACK: ((State.ACCEPTED,), (State.DECIDED,)),
        Move.RATE: ((State.COMPLETED,), (State.COMPLETED, State.RATED)),
        Move.POST_EARLY: ((State.COMPLETED,), (State.COMPLETED,)),
        Move.VOID: (OPEN_STATES[:-1], (State.VOID,)),
        Move.TAKE_BACK: (tuple(State), OPEN_STATES),
    }
)
"""Move → states it may be taken in, states it may lead to. The table ``order_step`` holds the same rule."""

MAIN_LINE: Final = (
    State.ASKED,
    State.DECIDED,
    State.DISPATCHED,
    State.ACCEPTED,
    State.COMPLETED,
    State.RATED,
)
NEEDS_REASON: Final = frozenset(
    {
        Move.DECLINE,
        Move.REFER_UP,
        Move.HAND_OVER,
        Move.REDISPATCH,
        Move.REFUSE,
        Move.GIVE_BACK,
        Move.POST_EARLY,
        Move.VOID,
        Move.TAKE_BACK,
    }
)

EVENTS: Final[Mapping[Event, tuple[State, ...]]] = MappingProxyType(
    {
        Event.FOLLOW_UP: OPEN_STATES,
        Event.EXTEND: OPEN_STATES,
        Event.HOLD: OPEN_STATES[:-1],
        Event.RESUME: OPEN_STATES,
        Event.JOIN: (State.DISPATCHED, State.ACCEPTED),
        Event.ATTACH: (*OPEN_STATES, State.RATED),
        Event.JOIN_LATE: (State.COMPLETED, State.RATED),
    }
)
"""Event → states it may happen in. A finished order only waits for its ratings and is not put to rest."""
_MOVES: Final = frozenset(move.value for move in Move)
WHEN_HELD: Final = frozenset({Event.FOLLOW_UP, Event.RESUME, Event.ATTACH})
"""What may happen while an order rests; steps wait until it is taken up again, only voiding does not."""


def standing(life: Sequence[Row]) -> list[Row]:
    """The steps of a life that were not taken back (撤回), the first first; events between them are left out."""
    left: list[Row] = []
    for step in life:
        if step["move"] == Move.TAKE_BACK:
            left.pop()
        elif step["move"] in _MOVES:
            left.append(step)
    return left


def check_event(event: Event, state: State, held_on: str | None) -> None:
    """Refuse an event that does not suit where the order stands."""
    if state not in EVENTS[event]:
        raise Refusal(f"工单现在是“{state}”，不能{event}")
    if held_on and event not in WHEN_HELD:
        raise Refusal(f"工单正挂起，先恢复再{event}")
    if event is Event.RESUME and not held_on:
        raise Refusal("工单没有挂起，不用恢复")


def check_not_held(move: Move, held_on: str | None) -> None:
    """Refuse a step with an order that rests."""
    if held_on and move is not Move.VOID:
        raise Refusal(f"工单正挂起，先恢复再{move}")


def moves_from(state: State) -> tuple[Move, ...]:
    """What may be done with an order in ``state``; the usual step first."""
    return tuple(move for move, (sources, _targets) in TRANSITIONS.items() if state in sources)


def leads_to(move: Move, state: State) -> State:
    """The state a move leads to (for a rating the one when both sides have rated). Refuses a move that skips."""
    sources, targets = TRANSITIONS[move]
    if state not in sources:
        raise Refusal(f"工单现在是“{state}”，不能{move}；{_what_next(state)}")
    return targets[-1]


def check_reason(move: Move, reason: str | None) -> str | None:
    """The reason without blanks around; refuses where one is needed and none is given."""
    said = (reason or "").strip()
    if move in NEEDS_REASON and not said:
        raise Refusal(f"{move}要写明原因")
    return said or None


def _what_next(state: State) -> str:
    if state.closed:
        return "这件工单已经结束"
    return f"先{moves_from(state)[0]}"
