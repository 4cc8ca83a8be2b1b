"""Who may lend a hand with an order (接单、协办): somebody on the roster who did not ask for it himself."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.volunteers.queries import lookups as volunteers
from hongyao_desktop.volunteers.records.rows import Standing, VolunteerStatus


def at_hand(reader: Reader, order: Row, volunteer_id: str, instead: str) -> Standing:
    """How a volunteer stands who is to serve with ``order``; ``instead`` ends the sentence of a refusal.

    Refuses somebody who has left or died, and whoever asked for the order: what one does for oneself is no service.
    """
    standing = volunteers.standing(reader, volunteer_id)
    if standing.status is not VolunteerStatus.ACTIVE or standing.person_status != "在册":
        raise not_him(f"{standing.shown}现在不是在册志愿者，{instead}")
    if lookups.asked_by(reader, order, volunteer_id):
        raise not_him(f"{standing.shown}就是诉求人，自己的事不算志愿服务，{instead}")
    return standing


def not_him(message: str) -> Refusal:
    """A refusal that asks for somebody else: the keyboard goes to where he is chosen."""
    return Refusal(message, problems=[Problem(Level.ERROR, "order.hand", message, "volunteer_id")])
