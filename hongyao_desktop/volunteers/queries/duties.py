"""Who is on the staff (在岗人员): posts that the register of cadres names, as far as the limits call them staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.volunteers.records.rows import Duty


def duties_between(
    reader: Reader,
    categories: Collection[str],
    first: dt.date,
    last: dt.date,
    volunteer_ids: Collection[str] | None = None,
) -> dict[str, list[Duty]]:
    """Posts of these categories (社区工作者 …) held within the days, by volunteer; of these volunteers or of all.

    Few people are on the staff of a street, so all of them are read and then chosen from.
    """
    if not categories:
        return {}
    marks = ", ".join("?" * len(categories))
    rows = reader.all(
        f"""
        SELECT volunteer.id, cadre.category, cadre.post, cadre.from_on, cadre.until_on
        FROM cadre JOIN volunteer ON volunteer.person_id = cadre.person_id
        WHERE cadre.category IN ({marks}) AND cadre.from_on <= ? AND COALESCE(cadre.until_on, '9999') >= ?
        ORDER BY volunteer.number, cadre.from_on
        """,
        (*categories, last.isoformat(), first.isoformat()),
    )
    found: dict[str, list[Duty]] = {}
    for row in rows:
        if volunteer_ids is None or row["id"] in volunteer_ids:
            until = dt.date.fromisoformat(row["until_on"]) if row["until_on"] else None
            held = Duty(row["category"], row["post"], dt.date.fromisoformat(row["from_on"]), until)
            found.setdefault(row["id"], []).append(held)
    return found
