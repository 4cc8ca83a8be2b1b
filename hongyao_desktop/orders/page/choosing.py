"""Choosing who takes an order, and which spot report becomes one: by initials, the likely ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.kit.session import Session
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.volunteers.queries.finding import volunteer_lookup

_ASKED = 120
"""How many waiting reports are read before what is typed narrows them down."""


def order_lookups(session: Session) -> Mapping[str, Lookup]:
    """The look-ups of the forms of orders, by field name."""
    return {"volunteer_id": volunteer_lookup(session.lookups), "spot_report_id": spot_lookup(session)}


def spot_lookup(session: Session) -> Lookup:
    """Spot reports that wait and have no order yet; what is typed narrows them down."""
    search = session.lookups.get("spot_reports")

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        waiting = lookups.spots_without_order(reader, _ASKED)
        if typed.strip() and search is not None:
            found = {match.id for match in search.find(reader, typed, _ASKED)}
            waiting = [row for row in waiting if row["id"] in found or typed in row["content"]]
        return [_spot(row) for row in waiting[:limit]]

    def show(reader: Reader, row_id: str) -> Match | None:
        return _spot(lookups.spot(reader, row_id))

    return Lookup(find=find, show=show)


def _spot(row: Row) -> Match:
    day = lookups.day_of(row["reported_on"])
    note = "　".join((row["reporter"], dates.format_cn(day) if day else ""))
    return Match(row["id"], f"{row['place']}：{row['content']}"[:24], note, row)
