"""Opening balances (期初): hours and points of the years before, taken over once with the book they stand in."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import openings as queries
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, Evidence
from hongyao_desktop.volunteers.service.points import opening_points, reverse_points
from hongyao_desktop.volunteers.service.recording import reverse_service


def opening_hours_of(reader: Reader, volunteer_id: str) -> Row | None:
    """The opening hours of a volunteer that stand; None when none were taken over."""
    return reader.one(
        "SELECT * FROM service_view WHERE volunteer_id = ? AND title = ? AND evidence = '导入' AND state = '有效'",
        (volunteer_id, OPENING_HOURS),
    )


def opening_hours(writer: Writer, volunteer_id: str, minutes: int, source: str, as_of: dt.date) -> str:
    """Take over hours of older books once, as imported (导入) hours that make no points; returns the record's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if minutes <= 0:
        raise Refusal("期初时长要大于 0")
    if not source.strip():
        raise Refusal("期初时长要写明出处")
    today = writer.clock.today()
    if as_of > today:
        raise Refusal("期初截至日期还没有到，请核对")
    row = lookups.volunteer(writer, volunteer_id)
    if opening_hours_of(writer, volunteer_id) is not None:
        raise Refusal(f"{row['name']}（{row['number']}）已有期初时长，要改请先冲正原来那一条")
    return writer.insert(
        "service_record",
        {
            "volunteer_id": volunteer_id,
            "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
            "title": OPENING_HOURS,
            "served_on": as_of.isoformat(),
            "minutes": minutes,
            "evidence": Evidence.IMPORTED.value,
            "reason": "由旧台账转入，不另计积分",
            "recorded_on": today.isoformat(),
            "recorded_by": writer.who.name,
            "source": source.strip(),
        },
    )


def carry_over(
    writer: Writer,
    volunteer_id: str,
    source: str,
    as_of: dt.date,
    *,
    minutes: int = 0,
    points: int = 0,
    batch_id: str = "",
) -> int:
    """Hours and points of one volunteer from an older book; returns how many entries were made.

    What comes in under one ``batch_id`` can be taken back together; "" for what stands alone.
    """
    made = []
    if minutes:
        made.append(("service_record_id", opening_hours(writer, volunteer_id, minutes, source, as_of)))
    if points:
        made.append(("point_entry_id", opening_points(writer, volunteer_id, points, source, as_of=as_of)))
    if batch_id:
        for column, entry_id in made:
            writer.insert("opening_line", {"batch_id": batch_id, column: entry_id})
    return len(made)


def withdraw_batch(writer: Writer, entry_id: str, reason: str) -> int:
    """Take back everything that came in together with one opening balance (整批撤回), by reversal; returns how many.

    ``entry_id`` is an entry of points or a record of hours. What was reversed by itself already is passed over.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("整批撤回要写明原因")
    lines = queries.standing_lines(writer, queries.batch_of(writer, entry_id))
    if not lines:
        raise Refusal("这一笔不是成批导入的，或者整批都已经冲正，请单独冲正")
    for line in lines:
        if line["point_entry_id"]:
            reverse_points(writer, line["point_entry_id"], reason)
        else:
            reverse_service(writer, line["service_record_id"], reason)
    return len(lines)
