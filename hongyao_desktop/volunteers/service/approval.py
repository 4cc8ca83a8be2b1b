"""Rounds of approval (积分认定): begun for a unit and some days, reviewed step by step, published, then usable."""

from __future__ import annotations

import datetime as dt
import json

from hongyao_desktop.core import workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.queries import approval as queries
from hongyao_desktop.volunteers.queries import rechecks
from hongyao_desktop.volunteers.queries.shelf import approval_rules
from hongyao_desktop.volunteers.rules.approval import ApprovalRule, Rhythm
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import refill_caps, settle


def plan_lot(
    reader: Reader, unit_id: str, first: dt.date, last: dt.date, today: dt.date
) -> tuple[ApprovalRule, queries.Waiting]:
    """The rule in force and what a round would hold; refuses when no approval is asked, or nothing waits."""
    since = queries.asked_since(reader, today)
    rule = approval_rules(reader).on(today)
    if since is None:
        raise Refusal(f"按{rule.title}，积分登记后就可以使用，不用认定")
    if last < first:
        raise Refusal("截止日期早于起始日期，请核对")
    if last > today:
        raise Refusal(f"{format_cn(last)}还没有到，请核对截止日期")
    rhythm = rule.rhythm
    if rhythm is not None and rhythm.end(first) != rhythm.end(last):
        span = "一个月" if rhythm is Rhythm.MONTH else "一个季度"
        raise Refusal(f"按{rule.title}{rhythm.value}认定，一批要在同{span}里，请核对起止日期")
    start = rule.steps[0].not_before(last) if rule.steps and rule.steps[0].public_days else None
    if start is not None and today < start:
        raise Refusal(
            f"{rule.steps[0].name}{rule.steps[0].every}办一次，{format_cn(start)}起才能公示这一批，请到时再开始"
        )
    found = queries.waiting_entries(reader, unit_id, first, last, since)
    if not found.entry_ids:
        raise Refusal("这段时间没有等待认定的积分，请核对组织和起止日期")
    unsure = rechecks.open_among(reader, list(found.entry_ids), today)
    if unsure:
        raise Refusal(f"其中 {unsure} 条时长超过限额，还没有复核相符，请先在“时长”里复核")
    return rule, found


def begin_lot(writer: Writer, unit_id: str, first: dt.date, last: dt.date) -> str:
    """Gather what was entered for a unit within these days into a round; returns its id.

    Refuses when the rule asks for no approval, or nothing waits.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    today = writer.clock.today()
    rule, found = plan_lot(writer, unit_id, first, last, today)
    serial = int(
        writer.value("SELECT COUNT(*) FROM point_lot WHERE substr(number, 2, 4) = ?", (str(today.year),))
    )
    lot_id = writer.insert(
        "point_lot",
        {
            "number": f"认{today.year}-{serial + 1:03d}",
            "unit_id": unit_id,
            "first_on": first.isoformat(),
            "last_on": last.isoformat(),
            "rule_id": rule.id,
            "steps": json.dumps([step.name for step in rule.steps], ensure_ascii=False),
            "entries": len(found.entry_ids),
            "people": found.people,
            "points": found.points,
            "status": "审核中",
            "status_on": today.isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    writer.insert_many(
        "point_lot_entry", ({"lot_id": lot_id, "point_entry_id": entry_id} for entry_id in found.entry_ids)
    )
    _go_on(writer, queries.lot(writer, lot_id))
    return lot_id


def pass_step(writer: Writer, lot_id: str, note: str | None = None) -> str:
    """Take the next step of a round (审核通过); what follows it begins. Returns its id.

    One person does not take two steps of a round, and not the first one of a round he began.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    row = queries.lot(writer, lot_id)
    if row["status"] != "审核中":
        raise Refusal(f"{row['number']}现在是“{row['status']}”，没有要审核的步骤")
    if not queries.may_take(writer, row, writer.who.name):
        raise Refusal(
            f"{writer.who.name}已经办过{row['number']}的上一步，{row['waits_for']}请由另一位同事办理"
        )
    step, start = queries.next_step(writer, row), queries.not_before(writer, row)
    assert step is not None, "a round under review has a step left"
    if start is not None and writer.clock.today() < start:
        raise Refusal(f"{step.name}{step.every}办一次，{row['number']}从{format_cn(start)}起办，请到时再审核")
    _note(writer, lot_id, step.name, note)
    writer.update("point_lot", lot_id, {"steps_done": row["steps_done"] + 1})
    _go_on(writer, queries.lot(writer, lot_id))
    return lot_id


def _go_on(writer: Writer, row: Row) -> None:
    """What comes next by the version the round was begun by: a review waits, a notice begins today, or the end."""
    step = queries.next_step(writer, row)
    days = step.public_days if step is not None else queries.rule_of(writer, row).public_days
    if days:
        _publish(writer, row, days)
        return
    status = "可用" if step is None else "审核中"
    changes = {"status": status, "status_on": writer.clock.today().isoformat()}
    writer.update("point_lot", row["id"], changes)


def _publish(writer: Writer, row: Row, days: int) -> None:
    today = writer.clock.today()
    until = workdays.add_workdays(today - dt.timedelta(days=1), days, office_workdays(writer))
    writer.update(
        "point_lot",
        row["id"],
        {
            "status": "公示中",
            "status_on": today.isoformat(),
            "public_from": today.isoformat(),
            "public_until": until.isoformat(),
        },
    )


def release_lot(writer: Writer, lot_id: str) -> str:
    """After a notice the next step follows (公示期满), or the points are usable; returns the round's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    row = queries.lot(writer, lot_id)
    if row["status"] != "公示中":
        raise Refusal(f"{row['number']}现在是“{row['status']}”，公示中的才能转为可用")
    today = writer.clock.today()
    until = dt.date.fromisoformat(row["public_until"])
    if today <= until:
        raise Refusal(
            f"公示到{format_cn(until)}为止，第二天起才能{'往下办' if queries.goes_on(writer, row) else '转为可用'}"
        )
    step = queries.next_step(writer, row)
    if step is None:
        _note(writer, lot_id, "转为可用", None)
        writer.update("point_lot", lot_id, {"status": "可用", "status_on": today.isoformat()})
        return lot_id
    _note(writer, lot_id, f"{step.name}期满", f"{row['public_from']} 至 {row['public_until']}")
    writer.update("point_lot", lot_id, {"steps_done": row["steps_done"] + 1})
    _go_on(writer, queries.lot(writer, lot_id))
    return lot_id


def object_to(writer: Writer, lot_id: str, volunteer_id: str, reason: str) -> int:
    """Somebody objected: the points one volunteer has in this round are taken back; returns how many entries.

    Hours stay; what made hours false is reversed with the hours. Awards of other rounds that a cap had cut get the
    room that is left, and wait for a round of their own.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("异议不予认定要写明原因")
    row = queries.lot(writer, lot_id)
    if row["status"] not in ("审核中", "公示中"):
        raise Refusal(f"{row['number']}现在是“{row['status']}”，不能再提出异议")
    entries = writer.all(
        """
        SELECT point.* FROM point_lot_entry AS part JOIN point_entry AS point ON point.id = part.point_entry_id
        WHERE part.lot_id = ? AND point.volunteer_id = ?
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        """,
        (lot_id, volunteer_id),
    )
    if not entries:
        raise Refusal("这位志愿者在这一批里没有积分，请核对")
    for entry in entries:
        reverse_entry(writer, entry, f"{row['number']}有异议，不予认定：{reason.strip()}")
    for day in sorted({entry["earned_on"] for entry in entries}):
        refill_caps(writer, volunteer_id, dt.date.fromisoformat(day))
    settle(writer, [volunteer_id])
    _note(writer, lot_id, "异议不予认定", reason.strip())
    return len(entries)


def return_lot(writer: Writer, lot_id: str, reason: str) -> str:
    """Send a round back (退回): its entries wait for another one; returns its id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("退回要写明原因")
    row = queries.lot(writer, lot_id)
    if row["status"] not in ("审核中", "公示中"):
        raise Refusal(f"{row['number']}现在是“{row['status']}”，不能退回")
    _note(writer, lot_id, "退回", reason.strip())
    changes = {
        "status": "退回",
        "status_on": writer.clock.today().isoformat(),
        "status_reason": reason.strip(),
    }
    writer.update("point_lot", lot_id, changes)
    return lot_id


def _note(writer: Writer, lot_id: str, step: str, note: str | None) -> None:
    writer.insert(
        "point_lot_step",
        {
            "lot_id": lot_id,
            "step": step,
            "taken_on": writer.clock.today().isoformat(),
            "note": note,
            "recorded_by": writer.who.name,
        },
    )
