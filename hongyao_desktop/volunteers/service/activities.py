"""Activities as a register: planning one, or mending what is written about it (登记活动)."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.services import ACTIVITIES

_COLUMNS = tuple(field.name for field in ACTIVITIES.entered)


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
    """Write a new activity or change one; returns its id. Hours already recorded are not touched."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_activity(writer, values, row_id))
    row = {name: values[name] for name in _COLUMNS if name in values}
    starts, ends = row.get("starts_minute"), row.get("ends_minute")
    if starts is not None and ends is not None and ends < starts:
        row["ends_minute"] = ends + 24 * 60  # it goes on past midnight
    for name in ("dangerous", "status"):
        if row.get(name) is None:
            row.pop(name, None)
    if row_id is None:
        row["unit_id"] = row.get("unit_id") or lookups.office_unit_id(writer)
        return writer.insert("activity", row)
    writer.update("activity", row_id, row)
    return row_id
