"""How trainees and cadres are found: the people register, with post or unit beside the name."""

from __future__ import annotations

from collections.abc import Sequence

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.kit.session import Lookup, Match, Session


def trainee_lookup(session: Session) -> Lookup:
    """People by name, initials or phone; two of one name are told apart by post and unit."""
    people = session.lookups["people"]

    def find(reader: Reader, typed: str, most: int) -> Sequence[Match]:
        return [_with_post(match) for match in people.find(reader, typed, most)]

    def show(reader: Reader, row_id: str) -> Match | None:
        match = people.show(reader, row_id)
        return None if match is None else _with_post(match)

    return Lookup(find=find, show=show)


def _with_post(match: Match) -> Match:
    words = [str(match.row.get(name) or "") for name in ("employer", "unit_name")]
    return Match(match.id, match.label, "　".join(word for word in words if word), match.row)
