"""Choosing who takes an order, and which spot report becomes one: by initials, the likely ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.kit.session import Lookup, Match, Session
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.volunteers.queries import finding

_ASKED = 120
"""How many the search is asked for before the likely ones are put first."""


def order_lookups(session: Session) -> Mapping[str, Lookup]:
    """The look-ups of the forms of orders, by field name."""
    return {"volunteer_id": volunteer_lookup(session), "spot_report_id": spot_lookup(session)}


def volunteer_lookup(session: Session) -> Lookup:
    """Volunteers in service, by the session's own search of the register."""
    search = session.lookups.get("volunteers")

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        if search is None:
            ids = finding.volunteers_named_like(reader, typed, _ASKED)
        else:
            ids = [match.id for match in search.find(reader, typed, _ASKED)]
        return [_volunteer(row) for row in finding.likely_first(reader, ids, typed, limit)]

    def show(reader: Reader, row_id: str) -> Match | None:
        row = finding.volunteer_choice(reader, row_id)
        return None if row is None else _volunteer(row)

    return Lookup(find=find, show=show)


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


def _volunteer(row: Row) -> Match:
    tail = f"尾号{row['phone'][-4:]}" if row["phone"] else ""
    note = "　".join(part for part in (row["number"], row["unit_name"], tail) if part)
    return Match(row["id"], row["name"], note, row)


def _spot(row: Row) -> Match:
    day = lookups.day_of(row["reported_on"])
    note = "　".join((row["reporter"], dates.format_cn(day) if day else ""))
    return Match(row["id"], f"{row['place']}：{row['content']}"[:24], note, row)
