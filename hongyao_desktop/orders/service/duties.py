"""Who may take a step with an order: asked before anything of the order is read."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Writer, require
from hongyao_desktop.core.roles import CHANGING, in_order
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Event, Move


def require_duty(writer: Writer, day: dt.date | None, *moves: Move | Event) -> None:
    """Refuse unless the operator may take one of these steps by the rule set ``order-duties`` of that day.

    ``day`` None is today. Whatever the rule set says, auditors and administrators take none: they are refused before
    even the rule set is read.
    """
    require(writer, *in_order(CHANGING))
    duties = lookups.rules(writer).duties.nearest(day or writer.clock.today())
    roles = {role for move in moves for role in duties.roles[move]}
    require(writer, *in_order(roles & CHANGING))
