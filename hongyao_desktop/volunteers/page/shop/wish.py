"""What is wanted at the counter: goods chosen and put aside, what they take, and how they leave the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hongyao_desktop.core import hours
from hongyao_desktop.core.lookup import Match

Chosen = tuple[Match, int]
"""A good and how many of it."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How goods leave the counter: in the customer's hand, fetched later, or brought to an address ("" as on file)."""

    handed_over: bool
    deliver_to: str | None = None


HANDED_OVER = Leaving(handed_over=True)
FETCHED_LATER = Leaving(handed_over=False)


def basket_words(basket: Sequence[Chosen]) -> str:
    """What was put aside, a line for each good."""
    return "\n".join(
        f"{match.label} {pieces} {match.row['measure']}　{hours.format_centi(match.row['points'] * pieces)} 分"
        for match, pieces in basket
    )


def price_words(balance: int, basket: Sequence[Chosen], typed: Chosen | None) -> str:
    """What all of it takes from a ``balance`` in hundredths, and what is left of the good being typed."""
    chosen = [*basket, *([typed] if typed is not None else [])]
    points = sum(match.row["points"] * pieces for match, pieces in chosen)
    said = (
        f"用 {hours.format_centi(points)} 分，积分 {hours.format_centi(balance)} → "
        f"{hours.format_centi(balance - points)}"
    )
    if typed is None:
        return said
    match, pieces = typed
    stock = match.row["stock"]
    return f"{said}\n库存 {stock} → {stock - pieces} {match.row['measure']}"
