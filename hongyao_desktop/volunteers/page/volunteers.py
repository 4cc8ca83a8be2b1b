"""The page of volunteers (志愿者): the list, and beside it a volunteer's whole life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Date, Points, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.rows import column_text
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.tabs import TABS
from hongyao_desktop.volunteers.queries import conduct, honours, life, lookups
from hongyao_desktop.volunteers.queries.finding import numbered_lookup
from hongyao_desktop.volunteers.records.rows import Evidence, VolunteerStatus, duration_text
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS
from hongyao_desktop.volunteers.rules.stars import Rank
from hongyao_desktop.volunteers.service import enrolment, points

PLACE = "volunteers"
BATCH = "volunteers.batch"
IMPORT = "intake"
"""Where the window's import desk is; the row id says for which register."""

_AHEAD = dt.timedelta(days=30)
"""So long before its end an insurance is on the list of today's work."""

_STATUS_TONES = {"在册": "good", "待审核": "warn", "停用": "ink_3", "退出": "ink_3"}

DECIDERS: Final = (Role.REVIEW, Role.APPROVE)
"""Who takes the steps of approval, of conduct and of year ends; others are told that a colleague takes them."""

REASON = Field(
    name="reason",
    label="原因",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
)
AMOUNT = Field(
    name="points",
    label="分值",
    type=Points(),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=6,
    example="5",
)
OPENED_ON = Field(
    name="as_of",
    label="截至日期",
    type=Date(),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=6,
    help="旧积分册上余额的日期，结转和清零从这一天算。",
)


def tone(field: Field, row: Row) -> str | None:
    """Colours of the list: states, stars, and points below zero."""
    if field.name == "status":
        if row.get("person_status") == "去世":
            return "ink_3"
        return _STATUS_TONES.get(row.get("status") or "")
    if field.name == "stars":
        return "seal"
    return "bad" if field.name == "points" and (row.get("points") or 0) < 0 else None


def facts(session: Session) -> RegisterPageParts:
    """The additions of the volunteers page."""

    def of_row(reader: Reader, row: Row) -> Facts:
        return _facts(reader, row, session)

    return RegisterPageParts(
        title="志愿者",
        search_hint="姓名、拼音首字母、电话、证件后四位",
        new_label="新增志愿者",
        facts=of_row,
        tabs=TABS,
        verbs=(_APPROVE, _BONUS, _DEDUCT, OPENING, _CERTIFY, _FILE, _LEAVE, _RETURN),
        batch=lambda page: page.session.go(BATCH, PLACE),
        # Who is enrolled at the desk joins today, unless the clerk knows better; only then can an age be told.
        defaults=lambda made: {"joined_on": made.today().isoformat()},
        importing=lambda page: page.session.go(IMPORT, VOLUNTEERS.name),
        tone=tone,
        views=(
            View(label="全部"),
            View(label="在册", equals=(("status", "在册"),)),
            View(label="新就业群体", equals=(("kind", "新就业群体"),)),
            View(label="待审核", equals=(("status", "待审核"),)),
        ),
        lookups={"recruiter_id": numbered_lookup(session.lookups)},
        watches=("person", "service_record", "point_entry", "volunteer_bar", "star_grant"),
    )


def _facts(reader: Reader, row: Row, session: Session) -> Facts:
    today = session.today()
    whole = life.life(reader, row["id"], today)
    month = next((m for m in whole.months if m.month == today.isoformat()[:7]), None)
    dead = whole.row["person_status"] == "去世"
    if dead:
        day = whole.row["person_status_on"]
        since = format_cn(dt.date.fromisoformat(day)) if day else "已"
        said = [f"{since}去世，时长和积分保留，不再登记和兑换"]
    elif away := _away(whole.row):
        said = [away]
    else:
        said = [_star_words(reader, row["id"], whole.rank)]
        said += [whole.rank.sentence] if whole.rank and whole.rank.sentence else []
    if month is not None and month.services:
        said.append(f"本月服务 {month.services} 次")
    if whole.uncounted_words:
        said.append(f"不计入星级 {duration_text(whole.uncounted)}：{whole.uncounted_words}")
    if whole.in_debt:
        said.append(f"欠 {hours.format_centi(-whole.points)} 分")
    for kind in (conduct.BLACKLIST, conduct.NO_STARS):
        bar = conduct.bar_on(reader, row["id"], kind, today)
        if bar is not None:
            said.append(f"{kind}，到{bar['until_on'] or '解除为止'}")
    if not dead:
        said.append(enrolment.without_guardian(reader, whole.row, today))
    lapsed = enrolment.expired_insurance(whole.row, today)
    if lapsed is not None:
        said.append(f"保险{lapsed.message}")
    minutes = VOLUNTEERS.field("total_minutes")
    figures = [(evidence.value, column_text(minutes, whole.minutes[evidence])) for evidence in Evidence]
    figures.append(("积分", column_text(VOLUNTEERS.field("points"), whole.points)))
    return Facts(
        figures=tuple(figures),
        note="；".join(part for part in said if part),
        subtitle=whole.row["number"],
        share=None
        if dead or _away(whole.row)
        else _way_to_the_next_star(whole.total_minutes - whole.uncounted, whole.rank),
    )


def _away(row: Row) -> str:
    """Since when somebody is not in service, and why; "" for who is, or waits to be."""
    if row["status"] not in (VolunteerStatus.LEFT, VolunteerStatus.PAUSED):
        return ""
    day = format_cn(dt.date.fromisoformat(row["left_on"])) if row["left_on"] else "已"
    return f"{day}{row['status']}" + (f"：{row['status_reason']}" if row["status_reason"] else "")


def _star_words(reader: Reader, volunteer_id: str, rank: Rank | None) -> str:
    """The star that was granted, or that one was reached and not granted: hours alone are no star yet."""
    held = honours.highest(reader, volunteer_id)
    if held is not None and (rank is None or held["reached"] >= rank.reached):
        return f"已授予{held['star']}"
    if rank is None or not rank.reached:
        return ""
    before = f"已授予{held['star']}，" if held is not None else ""
    return f"{before}达到{rank.name}，还没有授予"


def _way_to_the_next_star(minutes: int, rank: Rank | None) -> int | None:
    """How much of the next star's hours is served, in per cent; None where no hours are lacking."""
    if rank is None or not rank.lack_minutes:
        return None
    return 100 * minutes // (minutes + rank.lack_minutes)


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def _approve(writer: Writer, _values: Row, row: Row | None) -> str:
    enrolment.approve_volunteer(writer, _id_of(row))
    return _id_of(row)


def _leave(writer: Writer, values: Row, row: Row | None) -> str:
    enrolment.retire_volunteer(writer, _id_of(row), values["reason"])
    return _id_of(row)


def _bonus(writer: Writer, values: Row, row: Row | None) -> str:
    points.award_points(writer, _id_of(row), values["points"], values["reason"])
    return _id_of(row)


def _deduct(writer: Writer, values: Row, row: Row | None) -> str:
    points.deduct_points(writer, _id_of(row), values["points"], values["reason"])
    return _id_of(row)


def _opening(writer: Writer, values: Row, row: Row | None) -> str:
    as_of = dt.date.fromisoformat(values["as_of"])
    points.opening_points(writer, _id_of(row), values["points"], values["reason"], as_of=as_of)
    return _id_of(row)


def _in_service(row: Row) -> bool:
    return bool(row["status"] == VolunteerStatus.ACTIVE and row.get("person_status") != "去世")


_APPROVE = Verb(
    label="审核通过",
    run=_approve,
    roles=DECIDERS,
    note="核对无误后转为在册，之后才能登记时长。",
    shows=lambda row: bool(row["status"] == VolunteerStatus.PENDING),
    done="已审核通过",
)
_BONUS = Verb(
    label="奖励积分",
    run=_bonus,
    roles=DECIDERS,
    fields=(AMOUNT, REASON),
    shows=_in_service,
    reason="reason",
    done="已奖励积分",
)
_DEDUCT = Verb(
    label="扣减积分",
    run=_deduct,
    roles=DECIDERS,
    fields=(AMOUNT, REASON),
    note="最多扣到 0 分；只影响积分，不影响时长和星级。",
    shows=_in_service,
    reason="reason",
    done="已扣减积分",
)
OPENING = Verb(
    label="录入期初积分",
    run=_opening,
    roles=DECIDERS,
    fields=(AMOUNT, OPENED_ON, replace(REASON, label="出处", example="2025年积分册第3页")),
    note="从旧积分册转来的余额，每人一次；很多人的在“积分”页从表格导入。",
    shows=_in_service,
    defaults=lambda session, _row: {"as_of": session.today().isoformat()},
    reason="reason",
    done="已录入期初积分",
)


def _printed(paper: str) -> Callable[[Session, Row | None], None]:
    def go(session: Session, row: Row | None) -> None:
        session.go("papers", f"{paper}?volunteer={row['id'] if row is not None else ''}")

    return go


def _come_back(writer: Writer, values: Row, row: Row | None) -> str:
    return enrolment.readmit_volunteer(writer, _id_of(row), values["reason"])


_CERTIFY = Verb(label="开具证明", direct=_printed("certificate"))
_FILE = Verb(label="打印档案", direct=_printed("volunteer-file"))
_RETURN = Verb(
    label="恢复在册",
    run=_come_back,
    roles=DECIDERS,
    fields=(REASON,),
    note="退出或停用的重新在册，编号、时长和积分接着算。",
    shows=lambda row: row["status"] in (VolunteerStatus.LEFT, VolunteerStatus.PAUSED),
    reason="reason",
    done="已恢复在册",
)
_LEAVE = Verb(
    label="退出",
    run=_leave,
    roles=(Role.ENTRY, Role.REVIEW),
    fields=(REASON,),
    note="从今天起不再登记时长，已有时长和积分保留；以后活动的报名一并取消。手里的工单请在“服务工单”改派。",
    shows=_in_service,
    reason="reason",
    done="已办理退出",
)


def build(session: Session) -> Page:
    """The page of volunteers."""
    desk = next(desk for desk in MODULE.desks if desk.register is VOLUNTEERS)
    return RegisterPage(session, desk, facts(session))


def work(reader: Reader, session: Session) -> list[WorkItem]:
    """Volunteers waiting for the one who reviews; insurances that end, for whoever keeps the register."""
    items = []
    if session.who.roles & {Role.REVIEW, Role.APPROVE}:
        waiting = lookups.waiting_volunteers(reader)
        items += [WorkItem(words="待审核的志愿者", count=waiting, place=PLACE)] if waiting else []
    if session.who.roles & {Role.ENTRY, Role.REVIEW}:
        ending = lookups.insurance_ending(reader, session.today() + _AHEAD)
        if ending:
            day = format_cn(dt.date.fromisoformat(ending[0]["insured_until"]))
            due = f"{ending[0]['name']} {day}到期"
            words = "保险到期或快到期的志愿者"
            items.append(
                WorkItem(words=words, count=len(ending), due=due, place=PLACE, row_id=ending[0]["id"])
            )
    return items
