"""Volunteers of a demonstration street, their activities and hours over the last months, and spot reports."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.volunteers.records.rows import Activity, Evidence
from hongyao_desktop.volunteers.service.activities import save_activity
from hongyao_desktop.volunteers.service.enrolment import bulk_enrol
from hongyao_desktop.volunteers.service.recording import (
    Participant,
    open_activity,
    services_for,
    write_services,
)
from hongyao_desktop.volunteers.service.signups import sign_up
from hongyao_desktop.volunteers.service.spots import report_spot

CATEGORIES = ("文明劝导", "助老", "理论宣讲", "网格巡查", "环境整治", "应急值守")
PLATFORMS = ("外卖配送", "快递", "网约车", "货运", "网络主播")
_TITLES = {
    "文明劝导": ("早高峰文明劝导", "文明养犬劝导", "校门口交通引导"),
    "助老": ("敬老院慰问", "爱心义剪", "独居老人上门探访", "智能手机教学"),
    "理论宣讲": ("“红领”理论宣讲", "反诈宣传进小区", "院落家常话"),
    "网格巡查": ("电动车充电桩巡查", "消防通道巡查", "网格夜巡"),
    "环境整治": ("楼道清洁", "河道清洁", "绿化带清理"),
    "应急值守": ("防汛值守", "寒潮上门排查"),
}
_STARTS = (8 * 60, 9 * 60, 14 * 60, 18 * 60 + 30)
_NOON = 12 * 60 + 15
"""Between the activities of a morning and those of an afternoon: whoever serves in one may serve here too."""
_LENGTHS = (60, 90, 120, 150, 180)
_SPOTS = ("路灯不亮", "井盖破损", "消防通道被占", "电动车飞线充电", "垃圾堆放无人清理", "非机动车乱停占道")


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer made: id, unit, and whether of the new employment groups."""

    id: str
    unit_id: str
    new_employment: bool


Session = tuple[Activity, list[Participant]]
"""An activity and who took part in it."""


def enrol(
    writer: Writer, people: Sequence[tuple[str, str]], chance: random.Random, today: dt.date
) -> list[Volunteer]:
    """Enrol ``(person id, unit id)`` as volunteers; about one in six is of the new employment groups."""
    rows: list[dict[str, Any]] = []
    made: list[tuple[str, bool]] = []
    for person_id, unit_id in people:
        new = chance.random() < 0.17
        joined = today - dt.timedelta(days=chance.randrange(30, 1500))
        platform = chance.choice(PLATFORMS) if new else None
        category = chance.choice(CATEGORIES)
        rows.append(
            {
                "person_id": person_id,
                "unit_id": unit_id,
                "kind": "新就业群体" if new else "普通",
                "platform": platform,
                "category": category,
                "team": "新就业群体服务队" if new else f"{category}服务队",
                "joined_on": joined.isoformat(),
                "publish_consent": int(chance.random() < 0.8),
                "status": "待审核" if chance.random() < 0.02 else "在册",
            }
        )
        made.append((unit_id, new))
    ids = bulk_enrol(writer, rows)
    return [
        Volunteer(volunteer_id, unit_id, new)
        for volunteer_id, (unit_id, new), row in zip(ids, made, rows, strict=True)
        if row["status"] == "在册"
    ]


def sessions(
    volunteers: Sequence[Volunteer], activities: int, chance: random.Random, today: dt.date
) -> list[Session]:
    """``activities`` activities over the last eleven months with who took part in each, by day."""
    heads = sorted(
        (_activity(volunteers, chance, today) for _ in range(activities)),
        key=lambda activity: (activity.held_on, activity.starts_minute or 0),
    )
    return list(_sessions(heads, volunteers, chance))


def serve(writer: Writer, session: Session) -> int:
    """Enter one activity with everybody who took part; returns the records."""
    head, participants = session
    activity_id = open_activity(writer, head)
    services = services_for(replace(head, id=activity_id), participants)
    return len(write_services(writer, [(record, head.category) for record in services]))


def _activity(volunteers: Sequence[Volunteer], chance: random.Random, today: dt.date) -> Activity:
    category = chance.choices(CATEGORIES, (24, 24, 14, 20, 14, 4))[0]
    starts = chance.choice(_STARTS)
    return Activity(
        title=chance.choice(_TITLES[category]),
        held_on=today - dt.timedelta(days=chance.randrange(1, 330)),
        category=category,
        unit_id=chance.choice(volunteers).unit_id,
        place="社区党群服务中心" if category in ("理论宣讲", "助老") else "辖区内",
        starts_minute=starts,
        ends_minute=starts + chance.choice(_LENGTHS),
    )


def _sessions(
    heads: Sequence[Activity], volunteers: Sequence[Volunteer], chance: random.Random
) -> Iterator[Session]:
    """Who took part: mostly the same active third, nobody twice on one day, so that no hours overlap."""
    by_unit: dict[str, list[Volunteer]] = {}
    for volunteer in volunteers:
        by_unit.setdefault(volunteer.unit_id, []).append(volunteer)
    busy: set[str] = set()
    day: dt.date | None = None
    for activity in heads:
        if activity.held_on != day:
            day, busy = activity.held_on, set()
        near = by_unit.get(activity.unit_id or "", [])
        pool = [*near[: max(6, len(near) // 3)], *chance.sample(volunteers, min(12, len(volunteers)))]
        chance.shuffle(pool)
        people: list[Participant] = []
        for volunteer in pool[: chance.randrange(8, 22)]:
            if volunteer.id not in busy:
                busy.add(volunteer.id)
                people.append(_participant(activity, volunteer, chance))
        yield activity, people


def _participant(activity: Activity, volunteer: Volunteer, chance: random.Random) -> Participant:
    made_up = chance.random() < 0.05
    assert activity.minutes is not None
    return Participant(
        volunteer_id=volunteer.id,
        minutes=activity.minutes,
        evidence=Evidence.MADE_UP if made_up else Evidence.SIGNED,
        reason="活动当日签到表漏签，由带队人补登" if made_up else None,
        witness="网格长" if made_up else None,
    )


def plan_ahead(writer: Writer, volunteers: Sequence[Volunteer], today: dt.date) -> None:
    """What is on the board: a sheet to be keyed back, one of today, and two to come, with who signed up."""
    unit_id = volunteers[0].unit_id
    near = [one for one in volunteers if one.unit_id == unit_id] or list(volunteers)
    for title, days, wanted, signed in (
        ("冬季消防安全入户宣传", -2, None, 8),
        ("社区义诊", 0, 12, 9),
        ("楼道堆物清理", 5, 10, 10),
        ("“红领”理论宣讲", 12, 20, 3),
    ):
        values = {
            "title": title,
            "held_on": (today + dt.timedelta(days=days)).isoformat(),
            "starts_minute": _NOON,
            "ends_minute": _NOON + _LENGTHS[1],
            "unit_id": unit_id,
            "place": "社区党群服务中心",
            "leader": "网格长（样例）",
            "status": "计划",
            "wanted": wanted,
        }
        activity_id = save_activity(writer, values, None)
        for volunteer in near[:signed]:
            sign_up(writer, activity_id, volunteer.id)


def report_spots(
    writer: Writer, volunteers: Sequence[Volunteer], month: dt.date, count: int, chance: random.Random
) -> int:
    """Take ``count`` spot reports of new-employment volunteers in the month before ``month``; older ones are closed."""
    reporters = [volunteer for volunteer in volunteers if volunteer.new_employment]
    days = sorted(chance.randrange(1, 29) for _ in range(count if reporters else 0))
    for ago in reversed(days):
        reported = month - dt.timedelta(days=ago)
        closed = min(month, reported + dt.timedelta(days=chance.randrange(0, 6)))
        volunteer = chance.choice(reporters)
        values = {
            "volunteer_id": volunteer.id,
            "reporter": writer.value(
                "SELECT name FROM person JOIN volunteer ON person_id = person.id WHERE volunteer.id = ?",
                (volunteer.id,),
            ),
            "platform": chance.choice(PLATFORMS),
            "unit_id": volunteer.unit_id,
            "reported_on": reported.isoformat(),
            "reported_minute": chance.randrange(6 * 60, 22 * 60),
            "place": f"{chance.choice('东西南北')}门{chance.randrange(1, 40)}号旁",
            "content": f"{chance.choice(_SPOTS)}，已拍照",
            "closed_on": closed.isoformat() if chance.random() < 0.93 else None,
        }
        report_spot(writer, values)
    return len(days)
