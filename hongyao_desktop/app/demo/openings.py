"""Hours of the years before, taken over from the old books of a demonstration street."""

from __future__ import annotations

import datetime as dt
import random

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.volunteers.service.openings import carry_over

_HOURS = (92, 128, 156, 203, 244, 310, 338, 402, 575, 640, 812, 1060, 1540)
"""What the old books say of the longest serving; the last steps of the scale are rare, as they are in life."""


def take_over_old_hours(writer: Writer, people: int, today: dt.date) -> int:
    """Hours of the years before for ``people`` volunteers, with the book they stand in; returns how many entries."""
    chance = random.Random(today.toordinal())  # noqa: S311 - a demonstration
    ids = [
        row["id"] for row in writer.all("SELECT id FROM volunteer_view WHERE status = '在册' ORDER BY number")
    ]
    year = today.year - 2  # before the twelve months that the first page draws
    last_day = dt.date(year, 12, 31)
    return sum(
        carry_over(
            writer,
            volunteer_id,
            f"{year}年度志愿服务台账（样例）",
            last_day,
            minutes=60 * _HOURS[min(int(chance.expovariate(0.25)), len(_HOURS) - 1)],
        )
        for volunteer_id in chance.sample(ids, min(people, len(ids)))
    )
