"""Activities as a register: planning one or a series of them, or mending what is written about one (登记活动)."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any, Final

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.services import ACTIVITIES

_COLUMNS = tuple(field.name for field in ACTIVITIES.entered)
_PLANNED: Final = "计划"
_HELD: Final = "已举办"
_WEEK: Final = 7
_MONTHS: Final = 12
EVERY: Final = {"每天": 1, "每周": _WEEK, "每两周": 2 * _WEEK, "每月": 0}
"""How often a series is held: its step in days, 0 for the same day of every month."""

MOST: Final = 60
"""A series is planned for so many sessions at most."""

_REPEATED: Final = (
    *("title", "category", "unit_id", "place", "starts_minute", "ends_minute"),
    *("leader", "served", "dangerous", "wanted", "note"),
)


def check_activity(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about an activity's form before saving."""
    found = missing_fields(ACTIVITIES, values)
    starts, ends = values.get("starts_minute"), values.get("ends_minute")
    if (starts is None) != (ends is None):
        message = "开始和结束时间要么都填，要么都不填"
        found.append(Problem(Level.ERROR, "activity.half", message, "ends_minute"))
    elif starts is not None and starts == ends:
        message = "开始和结束时间相同，请核对；到次日结束的，结束时间写“次日”"
        found.append(Problem(Level.ERROR, "activity.times", message, "ends_minute"))
    title, held_on = values.get("title"), values.get("held_on")
    if title and held_on:
        alike = lookups.activities_named(reader, title, dt.date.fromisoformat(held_on))
        if any(other.id != row_id for other in alike):
            message = "同一天已有同名活动，请核对是否重复"
            found.append(Problem(Level.WARNING, "activity.alike", message, "title"))
    if row_id is None:
        return found
    before = lookups.activity(reader, row_id)
    recorded = lookups.records_of_activity(reader, row_id)
    if recorded and held_on and held_on != before.held_on.isoformat():
        message = f"已登记 {len(recorded)} 人的时长，活动日期不能再改，确实登错请先取消活动"
        found.append(Problem(Level.ERROR, "activity.day_fixed", message, "held_on"))
    if recorded and values.get("status") in ("计划", "取消"):
        message = f"已登记 {len(recorded)} 人的时长，取消要用“取消活动”，时长和积分会一并冲正"
        found.append(Problem(Level.ERROR, "activity.recorded", message, "status"))
    return found


def save_activity(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new activity or change one; returns its id. Hours already recorded are not touched.

    One whose day has not come is planned, whatever the form says: nothing can have been held in the future.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_activity(writer, values, row_id))
    row = {name: values[name] for name in _COLUMNS if name in values}
    starts, ends = row.get("starts_minute"), row.get("ends_minute")
    if starts is not None and ends is not None and ends < starts:
        row["ends_minute"] = ends + 24 * 60  # it goes on past midnight
    for name in ("dangerous", "status"):
        if row.get(name) is None:
            row.pop(name, None)
    if row.get("status", _HELD) == _HELD and _day_of(writer, row, row_id) > writer.clock.today().isoformat():
        row["status"] = _PLANNED
    if row_id is None:
        row["unit_id"] = row.get("unit_id") or lookups.office_unit_id(writer)
        return writer.insert("activity", row)
    writer.update("activity", row_id, row)
    return row_id


def _day_of(reader: Reader, row: Row, row_id: str | None) -> str:
    known = row.get("held_on")
    if known is None and row_id is not None:
        known = lookups.activity(reader, row_id).held_on.isoformat()
    return str(known)


def days_of_series(first: dt.date, every: str, count: int) -> list[dt.date]:
    """The days of ``count`` further sessions after the first; a day that a month lacks is its last one."""
    step = EVERY[every]
    if step:
        return [first + dt.timedelta(days=step * place) for place in range(1, count + 1)]
    days = []
    for place in range(1, count + 1):
        year, month = divmod(first.month - 1 + place, _MONTHS)
        year, month = first.year + year, month + 1
        days.append(dt.date(year, month, min(first.day, calendar.monthrange(year, month)[1])))
    return days


def plan_series(
    writer: Writer, activity_id: str, every: str, count: int, *, with_list: bool = False
) -> list[str]:
    """Plan ``count`` further sessions of an activity (再排几场), each with its own sheet; returns their ids.

    A day that has a session of this name already is left out. ``with_list`` signs the same people up for each.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    if every not in EVERY or not 0 < count <= MOST:
        raise Refusal(f"请选多久一次，再排 1 到 {MOST} 场")
    row = writer.one("SELECT * FROM activity WHERE id = ?", (activity_id,))
    if row is None:
        raise Refusal("这个活动不在台账里，请刷新列表后重新选择")
    if row["status"] == "取消":
        raise Refusal("这个活动已经取消，不能照它再排")
    places = writer.all(
        "SELECT volunteer_id, place FROM activity_signup WHERE activity_id = ? AND status <> '取消' ORDER BY place",
        (activity_id,),
    )
    today = writer.clock.today()
    made: list[str] = []
    for day in days_of_series(dt.date.fromisoformat(row["held_on"]), every, count):
        if any(
            known.unit_id == row["unit_id"] for known in lookups.activities_named(writer, row["title"], day)
        ):
            continue
        values: dict[str, Any] = {name: row[name] for name in _REPEATED}
        status = _HELD if day < today else _PLANNED
        made.append(writer.insert("activity", {**values, "held_on": day.isoformat(), "status": status}))
        for place in places if with_list else ():
            writer.insert(
                "activity_signup",
                {
                    "activity_id": made[-1],
                    "volunteer_id": place["volunteer_id"],
                    "place": place["place"],
                    "signed_up_on": today.isoformat(),
                    "recorded_by": writer.who.name,
                },
            )
    if not made:
        raise Refusal("这些日子都已经有同名活动，没有要排的")
    return made
