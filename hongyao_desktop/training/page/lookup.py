"""How trainees and cadres are found: the people register, with post or unit beside the name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.kit.session import Session

_ASKED: Final = 60
"""How many the search is asked for before the likely ones are put first."""


def trainee_lookup(session: Session) -> Lookup:
    """People by name, initials or phone; two of one name are told apart by post and unit."""
    people = session.lookups["people"]

    def find(reader: Reader, typed: str, most: int) -> Sequence[Match]:
        found = people.find(reader, typed, max(most, _ASKED))
        return [_with_post(match) for match in sorted(found, key=lambda match: _rank(match, typed))[:most]]

    def show(reader: Reader, row_id: str) -> Match | None:
        match = people.show(reader, row_id)
        return None if match is None else _with_post(match)

    return Lookup(find=find, show=show)


def _rank(match: Match, typed: str) -> int:
    """Whole names before names that begin so, before those found by their end; who has left the register is last."""
    if match.row.get("status") not in (None, "在册"):
        return 3
    key = pinyin.query_key(typed)
    whole = (pinyin.initials(match.label), pinyin.query_key(match.label))
    if key in whole:
        return 0
    return 1 if any(known.startswith(key) for known in whole) else 2


def _with_post(match: Match) -> Match:
    words = [str(match.row.get(name) or "") for name in ("employer", "unit_name")]
    return Match(match.id, match.label, "　".join(word for word in words if word), match.row)
