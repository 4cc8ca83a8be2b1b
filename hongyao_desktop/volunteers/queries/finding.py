"""Choosing a volunteer by initials: the search index finds, likelihood orders, number and phone tell two apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.lookup import Lookup, Match

_STATES: Final = {"停用": "已停用", "退出": "已退出", "待审核": "待审核"}
_ASKED = 120
"""How many the search is asked for before the likely ones are put first."""


def likely_first(
    reader: Reader, volunteer_ids: Sequence[str], typed: str, limit: int, *, everyone: bool = False
) -> list[Row]:
    """Those in service among ``volunteer_ids``: whole initials or name before parts of it, then who served last.

    Who died stands last and is marked: what he did before may still have to be entered. With ``everyone`` that goes
    for those who left, rest or wait for review as well; only doubles merged into somebody else are left out.
    """
    standing = (
        "NOT EXISTS (SELECT 1 FROM volunteer_merge WHERE gone_id = volunteer.id AND status = '有效')"
        if everyone
        else "volunteer.status = '在册'"
    )
    rows = reader.all(
        f"""
        SELECT volunteer.id, volunteer.number, person.name, person.sort_key, person.phone, unit.name AS unit_name,
            person.status AS person_status, volunteer.status,
            (SELECT MAX(served_on) FROM service_record WHERE volunteer_id = volunteer.id) AS last_served
        FROM volunteer
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE {standing} AND volunteer.id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(volunteer_ids)),),
    )
    key = pinyin.query_key(typed)
    rows.sort(key=lambda row: row["number"])
    rows.sort(key=lambda row: row["last_served"] or "", reverse=True)
    rows.sort(key=lambda row: _closeness(row["name"], key))
    rows.sort(key=lambda row: row["person_status"] == "去世" or row["status"] != "在册")
    return rows[:limit]


def _closeness(name: str, key: str) -> int:
    """0 where the typed text is all of the name or of its initials, 1 their beginning, 2 a later part, 3 less."""
    whole = (pinyin.query_key(name), pinyin.initials(name))
    if key in whole:
        return 0
    if any(text.startswith(key) for text in whole):
        return 1
    return 2 if key in pinyin.search_keys(name) else 3


def volunteers_named_like(reader: Reader, typed: str, limit: int) -> list[str]:
    """Ids of volunteers whose name or number holds the typed text: for a file without a search index."""
    like = f"%{typed.strip()}%"
    rows = reader.all(
        "SELECT id FROM volunteer_view WHERE name LIKE ? OR number LIKE ? ORDER BY number LIMIT ?",
        (like, like, limit),
    )
    return [row["id"] for row in rows]


def volunteer_choice(reader: Reader, volunteer_id: str) -> Row | None:
    """One volunteer as a choice shows him."""
    return reader.one(
        "SELECT id, number, name, phone, unit_name, person_status, status FROM volunteer_view WHERE id = ?",
        (volunteer_id,),
    )


def volunteer_lookup(lookups: Mapping[str, Lookup], *, everyone: bool = False) -> Lookup:
    """A lookup over volunteers in service, built on the search of their register among a session's ``lookups``.

    With ``everyone`` it finds those who left, rest or wait for review too, marked and last.
    """
    search = lookups.get("volunteers")

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        if search is None:
            ids = volunteers_named_like(reader, typed, _ASKED)
        else:
            ids = [match.id for match in search.find(reader, typed, _ASKED)]
        return [match_of(row) for row in likely_first(reader, ids, typed, limit, everyone=everyone)]

    def show(reader: Reader, row_id: str) -> Match | None:
        row = volunteer_choice(reader, row_id)
        return None if row is None else match_of(row)

    return Lookup(find=find, show=show)


def everyone_lookup(lookups: Mapping[str, Lookup]) -> Lookup:
    """A lookup for keying hours: who has left may have served before, and who is not found would be entered again."""
    return volunteer_lookup(lookups, everyone=True)


def only_among(found: Callable[[Reader], Sequence[Row]]) -> Lookup:
    """Only those ``found`` (rows with id, name, number) and nobody else: whom a step may be about at all."""
    return first_among(found, Lookup(find=lambda _reader, _typed, _limit: [], show=_nobody))


def _nobody(reader: Reader, row_id: str) -> Match | None:
    row = volunteer_choice(reader, row_id)
    return None if row is None else match_of(row)


def first_among(found: Callable[[Reader], Sequence[Row]], others: Lookup) -> Lookup:
    """Those ``found`` (rows with id, name, number) whom the typed text may mean; ``others`` if none of them."""

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        key = pinyin.query_key(typed)
        rows = [
            row
            for row in found(reader)
            if _closeness(row["name"], key) < 3 or typed.strip() in (row["number"], row["name"])
        ]
        rows.sort(key=lambda row: _closeness(row["name"], key))
        return [match_of({"phone": None, **row}) for row in rows[:limit]] or others.find(reader, typed, limit)

    return Lookup(find=find, show=others.show)


def match_of(row: Row) -> Match:
    """A volunteer as one answer of the drop-down."""
    tail = f"尾号{row['phone'][-4:]}" if row["phone"] else ""
    state = "已去世" if row.get("person_status") == "去世" else _STATES.get(row.get("status") or "", "")
    note = "　".join(part for part in (row["number"], row["unit_name"], tail, state) if part)
    return Match(row["id"], row["name"], note, row)


def numbered_lookup(lookups: Mapping[str, Lookup]) -> Lookup:
    """The same people, each with his number behind the name: where two of one name stand side by side."""
    plain = volunteer_lookup(lookups)

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


def latest_activities(lookups: Mapping[str, Lookup]) -> dict[str, Lookup]:
    """For a field ``activity_id`` a lookup with the latest first: what is asked about has just taken place."""
    search = lookups.get("activities")
    if search is None:
        return {}

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        found = search.find(reader, typed, _ASKED)
        return sorted(found, key=lambda match: str(match.row.get("held_on", "")), reverse=True)[:limit]

    return {"activity_id": Lookup(find=find, show=search.show)}
