"""What an office does beside recording service: doubles, incidents, certificates (合并、失信、服务证明)."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service.certificates import Application, issue_certificate
from hongyao_desktop.volunteers.service.conduct import record_incident
from hongyao_desktop.volunteers.service.enrolment import enrol_volunteer
from hongyao_desktop.volunteers.service.merging import likely_doubles, merge
from hongyao_desktop.volunteers.service.recording import record_service

_CHIEF, _CONTACT = "周主任（样例）", "0000-00000000"


def enrol_twice(writer: Writer, today: dt.date) -> None:
    """Two people come to another community and are enrolled there again, each with one service."""
    for row in _diligent(writer, 2):
        again = enrol_volunteer(
            writer,
            {
                "name": row["name"],
                "birth_on": row["birth_on"],
                "unit_id": row["unit_id"],
                "note": "演示数据，虚构人员",
            },
        )
        record = ServiceRecord(
            volunteer_id=again,
            title="邻里清洁日",
            served_on=today - dt.timedelta(days=40),
            minutes=60,
            starts_minute=1140,
            ends_minute=1200,
            evidence=Evidence.MADE_UP,
            reason="活动当天没有带签到表",
            witness="网格员（样例）",
        )
        record_service(writer, record)


def merge_double(writer: Writer) -> None:
    """One pair of doubles is made one; the other is left for whoever looks for it."""
    pair = likely_doubles(writer)[0]
    merge(writer, pair["kept_id"], pair["gone_id"], "姓名、出生日期相同，电话核实是同一个人")


def look_after(writer: Writer, today: dt.date) -> None:
    """Two incidents, and three certificates of which one takes the place of another."""
    diligent = _diligent(writer, 8)
    record_incident(
        writer, diligent[5]["id"], "缺席", today - dt.timedelta(days=12), "报名文明劝导没有到场，也没有请假"
    )
    record_incident(
        writer, diligent[6]["id"], "投诉", today - dt.timedelta(days=5), "服务对象反映提前离开，核实属实"
    )
    first = _certified(writer, diligent[3], today, used_for="升学")
    _certified(writer, diligent[4], today, used_for="入党")
    _certified(writer, diligent[3], today, used_for="就业", replaces=first, reason="用途写错")


def _certified(
    writer: Writer, volunteer: Row, today: dt.date, *, used_for: str, replaces: str = "", reason: str = ""
) -> str:
    asked = Application(
        volunteer=volunteer["number"],
        period=Period(dt.date(today.year, 1, 1), today),
        chief=_CHIEF,
        handler=writer.who.name,
        contact=_CONTACT,
        used_for=used_for,
        replaces=replaces,
        reason=reason,
    )
    return issue_certificate(writer, asked)


def _diligent(writer: Writer, count: int) -> list[Row]:
    """Volunteers who served much this year and whose birthday is known, the most diligent first."""
    return writer.all(
        "SELECT volunteer.id, volunteer.number, person.name, person.birth_on, person.unit_id FROM volunteer_total"
        " JOIN volunteer ON volunteer.id = volunteer_total.volunteer_id"
        " JOIN person ON person.id = volunteer.person_id"
        " WHERE volunteer.status = '在册' AND person.birth_on IS NOT NULL AND volunteer_total.imported_minutes = 0"
        " ORDER BY volunteer_total.points DESC, volunteer.number LIMIT ?",
        (count,),
    )
