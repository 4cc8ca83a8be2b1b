"""Conduct (失信与违规): an incident takes points away, and may lead to the blacklist or bar from stars."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import conduct as queries
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import conduct_rules
from hongyao_desktop.volunteers.records.rows import PointKind, service_of
from hongyao_desktop.volunteers.rules.conduct import FALSEHOOD, ConductRule, blacklist_reason
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.recording import reverse_service, write_services
from hongyao_desktop.volunteers.service.settling import settle


def record_incident(
    writer: Writer,
    volunteer_id: str,
    kind: str,
    happened_on: dt.date,
    content: str,
    activity_id: str | None = None,
) -> str:
    """Note what somebody did wrong and take the points of the rule away, never below zero; returns its id.

    The blacklist and the bar from stars follow by the rule in force on that day; where it says so the hours of the
    activity are reversed with their points, before points are taken.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    today = writer.clock.today()
    if happened_on > today:
        raise Refusal(f"{format_cn(happened_on)}还没有到，请核对日期")
    if not content.strip():
        raise Refusal("要写明是什么事")
    rule = conduct_rules(writer).on(happened_on)
    if kind not in rule.deductions:
        raise Refusal(f"{rule.title}里没有“{kind}”，可以选：{'、'.join(rule.kinds)}")
    voided = _void(writer, rule, volunteer_id, kind, content.strip(), activity_id)
    row = lookups.volunteer(writer, volunteer_id)
    taken = max(min(rule.deductions[kind], row["points"]), 0)
    entry_id = None
    if taken:
        cut = "" if taken == rule.deductions[kind] else "，余额不足，扣到 0 分为止"
        entry_id = writer.insert(
            "point_entry",
            {
                "volunteer_id": volunteer_id,
                "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
                "entered_on": today.isoformat(),
                "kind": PointKind.DEDUCTION.value,
                "points": -taken,
                "earned_on": happened_on.isoformat(),
                "rule_id": rule.id,
                "explanation": f"{kind}：{content.strip()}，按{rule.title}扣 {hours.format_centi(taken)} 分{cut}",
                "recorded_by": writer.who.name,
            },
        )
        settle(writer, [volunteer_id])
    incident_id = writer.insert(
        "volunteer_incident",
        {
            "volunteer_id": volunteer_id,
            "happened_on": happened_on.isoformat(),
            "kind": kind,
            "activity_id": activity_id,
            "content": content.strip(),
            "deducted": taken,
            "due": rule.deductions[kind],
            "voided": json.dumps(voided) if kind in rule.voids else None,
            "point_entry_id": entry_id,
            "rule_id": rule.id,
            "recorded_by": writer.who.name,
        },
    )
    _bar(writer, rule, volunteer_id, kind, happened_on, incident_id)
    return incident_id


def _void(
    writer: Writer, rule: ConductRule, volunteer_id: str, kind: str, content: str, activity_id: str | None
) -> list[str]:
    """The hours of the activity become nothing where the rule says so (按 0 小时计); ids of the records reversed."""
    if kind not in rule.voids:
        return []
    if activity_id is None:
        raise Refusal(f"按{rule.title}，{kind}的那次活动按 0 小时计，请选是哪一次活动")
    records = [
        row["id"]
        for row in lookups.records_of_activity(writer, activity_id)
        if row["volunteer_id"] == volunteer_id
    ]
    for record_id in records:
        reverse_service(writer, record_id, f"{kind}：{content}，按{rule.title}这次活动按 0 小时计")
    return records


def _bar(
    writer: Writer, rule: ConductRule, volunteer_id: str, kind: str, day: dt.date, incident_id: str
) -> None:
    times, deducted = queries.of_year(writer, volunteer_id, kind, day.year)
    reason = blacklist_reason(rule, kind, times, deducted, year=day.year)
    today = writer.clock.today()
    if reason is not None and queries.bar_on(writer, volunteer_id, queries.BLACKLIST, today) is None:
        until = today + dt.timedelta(days=rule.blacklist_days - 1)
        put_bar(writer, volunteer_id, queries.BLACKLIST, reason, until_on=until, incident_id=incident_id)
    if kind == FALSEHOOD and rule.bar_years:
        until = today + dt.timedelta(days=365 * rule.bar_years - 1)
        reason = f"{format_cn(day)}{FALSEHOOD}，按{rule.title} {rule.bar_years} 年内不评星级"
        put_bar(writer, volunteer_id, queries.NO_STARS, reason, until_on=until, incident_id=incident_id)


def put_bar(
    writer: Writer,
    volunteer_id: str,
    kind: str,
    reason: str,
    *,
    until_on: dt.date | None = None,
    incident_id: str | None = None,
) -> str:
    """Bar somebody from today (列入黑名单、暂停评星), until a day or until it is lifted; returns its id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal(f"{kind}要写明原因")
    lookups.volunteer(writer, volunteer_id)
    today = writer.clock.today()
    if until_on is not None and until_on < today:
        raise Refusal("截止日期已经过去，请核对")
    return writer.insert(
        "volunteer_bar",
        {
            "volunteer_id": volunteer_id,
            "kind": kind,
            "from_on": today.isoformat(),
            "until_on": until_on.isoformat() if until_on else None,
            "reason": reason.strip(),
            "incident_id": incident_id,
            "recorded_by": writer.who.name,
        },
    )


def lift_bar(writer: Writer, bar_id: str, reason: str) -> str:
    """Lift a bar before its day (解除); returns its id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("解除要写明原因")
    if queries.bar(writer, bar_id)["status"] != "有效":
        raise Refusal("这条限制已经解除")
    writer.update("volunteer_bar", bar_id, {"status": "已解除", "status_reason": reason.strip()})
    return bar_id


def withdraw_incident(writer: Writer, incident_id: str, reason: str) -> str:
    """It was not so (撤销): points and hours come back, bars that followed are lifted; returns the incident's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("撤销要写明原因")
    row = queries.incident(writer, incident_id)
    if row["status"] != "有效":
        raise Refusal("这条记录已经撤销")
    writer.update("volunteer_incident", incident_id, {"status": "已撤销", "status_reason": reason.strip()})
    entry = writer.one(
        "SELECT * FROM point_entry AS point WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)",
        (row["point_entry_id"],),
    )
    if entry is not None:
        reverse_entry(writer, entry, f"撤销{row['kind']}：{reason.strip()}")
        settle(writer, [row["volunteer_id"]])
    _give_back(writer, row, reason.strip())
    bars = writer.all(
        "SELECT id FROM volunteer_bar WHERE incident_id = ? AND status = '有效'", (incident_id,)
    )
    for found in bars:
        lift_bar(writer, found["id"], f"所依据的{row['kind']}已撤销：{reason.strip()}")
    return incident_id


def _give_back(writer: Writer, incident: Row, reason: str) -> None:
    """Hours an incident made nothing are written again with the points of their day, caps and all."""
    services = []
    for record_id in json.loads(incident["voided"] or "[]"):
        row = lookups.service(writer, record_id)
        source = f"撤销{incident['kind']}，时长还回：{reason}"
        category = lookups.activity(writer, row["activity_id"]).category if row["activity_id"] else None
        services.append((replace(service_of(row), id=None, source=source), category))
    if services:
        write_services(writer, services)
