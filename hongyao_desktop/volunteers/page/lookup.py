"""Choosing a volunteer by initials: the search index finds, likelihood orders, number and phone tell two apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.kit.session import Lookup, Match, Session
from hongyao_desktop.volunteers.queries import finding

_ASKED = 120
"""How many the search is asked for before the likely ones are put first."""


def volunteer_lookup(session: Session) -> Lookup:
    """A lookup over volunteers in service, built on the session's own search of the register."""
    search = session.lookups.get("volunteers")

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        if search is None:
            ids = finding.volunteers_named_like(reader, typed, _ASKED)
        else:
            ids = [match.id for match in search.find(reader, typed, _ASKED)]
        return [match_of(row) for row in finding.likely_first(reader, ids, typed, limit)]

    def show(reader: Reader, row_id: str) -> Match | None:
        row = finding.volunteer_choice(reader, row_id)
        return None if row is None else match_of(row)

    return Lookup(find=find, show=show)


def match_of(row: Row) -> Match:
    """A volunteer as one answer of the drop-down."""
    tail = f"尾号{row['phone'][-4:]}" if row["phone"] else ""
    note = "　".join(part for part in (row["number"], row["unit_name"], tail) if part)
    return Match(row["id"], row["name"], note, row)


def numbered_lookup(session: Session) -> Lookup:
    """The same people, each with his number behind the name: where two of one name stand side by side."""
    plain = volunteer_lookup(session)

    def numbered(match: Match) -> Match:
        row = match.row
        label = f"{row['name']}（{row['number']}）"
        return replace(match, label=label, note=match.note.removeprefix(row["number"]).strip("　"))

    def show(reader: Reader, row_id: str) -> Match | None:
        match = plain.show(reader, row_id)
        return None if match is None else numbered(match)

    return Lookup(
        find=lambda reader, typed, limit: [numbered(match) for match in plain.find(reader, typed, limit)],
        show=show,
    )
