"""Conduct (失信与违规): incidents of a year, who is barred on a day."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Refusal

BLACKLIST = "黑名单"
NO_STARS = "暂停评星"


def incident(reader: Reader, incident_id: str) -> Row:
    """One incident; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM volunteer_incident_view WHERE id = ?", (incident_id,))
    if row is None:
        raise Refusal("这条记录不在台账里，请刷新列表后重新选择")
    return row


def bar(reader: Reader, bar_id: str) -> Row:
    """One bar; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM volunteer_bar_view WHERE id = ?", (bar_id,))
    if row is None:
        raise Refusal("这条限制不在台账里，请刷新列表后重新选择")
    return row


def bar_on(reader: Reader, volunteer_id: str, kind: str, day: dt.date) -> Row | None:
    """The bar that holds for a volunteer on a day, the longest one; None when there is none."""
    return reader.one(
        "SELECT * FROM volunteer_bar WHERE volunteer_id = ? AND kind = ? AND status = '有效' "
        "AND from_on <= ? AND (until_on IS NULL OR until_on >= ?) "
        "ORDER BY COALESCE(until_on, '9999') DESC LIMIT 1",
        (volunteer_id, kind, day.isoformat(), day.isoformat()),
    )


def of_year(reader: Reader, volunteer_id: str, kind: str, year: int) -> tuple[int, int]:
    """How often this happened in a year, and hundredths of points deducted in the year for whatever happened."""
    row = reader.one(
        "SELECT COALESCE(SUM(kind = :kind), 0) AS times, COALESCE(SUM(deducted), 0) AS deducted "
        "FROM volunteer_incident WHERE volunteer_id = :who AND status = '有效' "
        "AND happened_on BETWEEN :first AND :last",
        {"kind": kind, "who": volunteer_id, "first": f"{year}-01-01", "last": f"{year}-12-31"},
    )
    return (row["times"], row["deducted"]) if row is not None else (0, 0)
