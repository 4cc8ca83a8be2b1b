"""What the small forms of orders have in common: the day, a note, a reason, and the order they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Date, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.session import Session
from hongyao_desktop.orders.records.states import Move, State
from hongyao_desktop.orders.rules import flow

DAY: Final = Field(
    name="taken_on",
    label="日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
)
NOTE: Final = Field(
    name="note", label="说明", type=Text(max_chars=200), sensitivity=Sensitivity.INTERNAL, width=6
)
REASON: Final = Field(
    name="reason",
    label="原因",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
)


def id_of(row: Row | None) -> str:
    """The order a step is taken with."""
    if row is None:
        raise ValueError("this step needs an order")
    return str(row["id"])


def day_of(values: Row) -> dt.date | None:
    """The day that was given."""
    shown = values.get("taken_on")
    return dt.date.fromisoformat(shown) if shown else None


def today(session: Session, _row: Row | None) -> Mapping[str, Any]:
    """Today stands in the form."""
    return {"taken_on": session.today().isoformat()}


def in_states(move: Move) -> Callable[[Row], bool]:
    """Whether a step may be taken with an order as it stands."""
    return lambda row: State(row["state"]) in flow.TRANSITIONS[move][0]
