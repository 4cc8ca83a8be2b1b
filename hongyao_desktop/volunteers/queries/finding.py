"""Putting found volunteers in the order in which somebody keying an activity most likely means them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Reader, Row


def likely_first(reader: Reader, volunteer_ids: Sequence[str], typed: str, limit: int) -> list[Row]:
    """Those in service among ``volunteer_ids``: whole initials or name before parts of it, then who served last."""
    rows = reader.all(
        """
        SELECT volunteer.id, volunteer.number, person.name, person.sort_key, person.phone, unit.name AS unit_name,
            (SELECT MAX(served_on) FROM service_record WHERE volunteer_id = volunteer.id) AS last_served
        FROM volunteer
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE volunteer.status = '在册' AND volunteer.id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(volunteer_ids)),),
    )
    key = pinyin.query_key(typed)
    rows.sort(key=lambda row: row["number"])
    rows.sort(key=lambda row: row["last_served"] or "", reverse=True)
    rows.sort(key=lambda row: _closeness(row["name"], key))
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
        "SELECT id, number, name, phone, unit_name FROM volunteer_view WHERE id = ?", (volunteer_id,)
    )
