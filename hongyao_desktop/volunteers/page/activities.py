"""The page of activities (活动): planning, recruiting, the sheet, keying back, cancelling."""

from __future__ import annotations

import datetime as dt
from typing import Final

from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Choice, Flag, Integer
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.text import quoted
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.ledgers import asked, id_of
from hongyao_desktop.volunteers.page.sheet import PLACE as SHEET
from hongyao_desktop.volunteers.page.tabs import SIGNUPS, RowsTab
from hongyao_desktop.volunteers.page.volunteers import BATCH, REASON
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import signups as signup_queries
from hongyao_desktop.volunteers.queries.cancelling import had_records
from hongyao_desktop.volunteers.queries.finding import only_among, volunteer_lookup
from hongyao_desktop.volunteers.records.services import ACTIVITIES, SERVICES, STAGES
from hongyao_desktop.volunteers.service import activities, cancelling, signups

_LATE_SHEET: Final = 7
"""A sheet should be keyed back within a week; after the days of the limits it is a make-up."""


def _cancel(writer: Writer, values: Row, row: Row | None) -> str:
    cancelling.cancel_activity(writer, id_of(row), values["reason"])
    return id_of(row)


def _cancelled(reader: Reader, activity_id: str, _values: Row) -> str:
    gone = had_records(reader, activity_id)
    told = "，时长和积分已冲正" if gone else "，没有登记过时长"
    return f"已取消活动“{lookups.activity(reader, activity_id).title}”{told}"


_CANCEL = Verb(
    label="取消活动",
    run=_cancel,
    fields=(REASON,),
    note="该活动已登记的时长和积分会一并冲正，报名的从名单上撤下，记录保留。",
    shows=lambda row: bool(row["status"] != "取消"),
    check=lambda reader, _values, row: cancelling.cancel_findings(reader, id_of(row)),
    reason="reason",
    roles=cancelling.CANCELLERS,
    told=_cancelled,
)


def _series(writer: Writer, values: Row, row: Row | None) -> str:
    return activities.plan_series(
        writer, id_of(row), values["every"], values["count"], with_list=bool(values.get("with_list"))
    )[0]


_SERIES = Verb(
    label="再排几场",
    run=_series,
    fields=(
        asked("every", "多久一次", Choice(tuple(activities.EVERY)), required=True),
        asked("count", "再排几场", Integer(low=1, high=activities.MOST), required=True, example="10"),
        asked(
            "with_list", "报名名单也带过去", Flag(), help="每一场都照这一场的名单和行码，来不了的再取消报名。"
        ),
    ),
    note="照这一场的名称、时间、地点排以后几场，每一场各有签到表；那天已有同名活动的不重排。",
    shows=lambda row: bool(row["status"] != "取消"),
    defaults=lambda _session, _row: {"every": "每周"},
    done="已排好，列表里是第一场",
)


def _sign_up(writer: Writer, values: Row, row: Row | None) -> str:
    signups.sign_up(writer, id_of(row), values["volunteer_id"])
    return id_of(row)


def _signed_up(reader: Reader, activity_id: str, values: Row) -> str:
    who = lookups.standing(reader, values["volunteer_id"])
    place = signup_queries.place_of(reader, activity_id, values["volunteer_id"])
    return f"{who.shown}已报名，行码 {place:02d}；接着报下一位，报完按 Esc"


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    signups.withdraw_signup(writer, id_of(row), values["volunteer_id"], values["reason"])
    return id_of(row)


def _open(row: Row) -> bool:
    return bool(row["status"] != "取消")


def _to_come(row: Row) -> bool:
    return row["stage"] in ("待举办", "今天")


def _begun(row: Row) -> bool:
    return row["stage"] in ("今天", "待回录", "已举办")


_SIGN_UP = Verb(
    label="报名",
    run=_sign_up,
    fields=(SERVICES.field("volunteer_id"),),
    note="列入名单，得一个行码；签到表按行码打印和回录。",
    shows=_to_come,
    told=_signed_up,
    repeats=True,
)
_SHEET = Verb(label="回录签到表", direct=lambda session, row: session.go(SHEET, id_of(row)), shows=_begun)
_SHEET_PAPER = Verb(
    label="打印签到表",
    direct=lambda session, row: session.go("papers", f"activity-sign-in?activity={id_of(row)}"),
    shows=_open,
)


def _on_the_list(row: Row | None) -> Lookup:
    """Those on the list who have not come or stayed away yet: nobody else can be taken off."""
    return only_among(
        lambda reader: [
            {
                **one,
                "id": one["volunteer_id"],
                "status": "",
                "number": f"行码 {one['place']:02d}　{one['number']}",
            }
            for one in signup_queries.signups_of(reader, id_of(row), open_only=True)
        ]
    )


WITHDRAW: Final = Verb(
    label="取消报名",
    run=_withdraw,
    fields=(SERVICES.field("volunteer_id"), REASON),
    note="从名单上撤下，行码不再给别人；没有时长，也不算缺席。",
    lookups=lambda row: {"volunteer_id": _on_the_list(row)},
    shows=lambda row: bool(row["signed_up"] and row["stage"] in ("待举办", "今天", "待回录")),
    reason="reason",
    told=lambda reader, _id, values: f"已取消{lookups.standing(reader, values['volunteer_id']).shown}的报名",
)


_STAGE_TONES: Final = {"取消": "ink_3", "待举办": "info", "今天": "info", "待回录": "bad"}


def activities_work(reader: Reader, session: Session) -> list[WorkItem]:
    """Sheets that wait to be keyed back, the oldest named."""
    if not session.who.roles & {Role.ENTRY}:
        return []
    waiting = signup_queries.waiting_sheets(reader, session.today())
    if not waiting:
        return []
    first = waiting[0]
    days = (session.today() - dt.date.fromisoformat(first["held_on"])).days
    return [
        WorkItem(
            words="待回录的活动",
            count=len(waiting),
            due=f"{quoted(first['title'])}过了 {days} 天",
            overdue=days > _LATE_SHEET,
            place="volunteers.activities",
            row_id=first["id"],
        )
    ]


def activity_facts(_reader: Reader, row: Row) -> Facts:
    """Why it was cancelled, or how far recruiting has come."""
    if row["status"] == "取消":
        return Facts(note=f"取消原因：{row['status_reason']}" if row["status_reason"] else "")
    if row["stage"] not in ("待举办", "今天"):
        return Facts()
    wanted, signed = row["wanted"], row["signed_up"]
    if wanted is None:
        return Facts(note=f"已报名 {signed} 人" if signed else "")
    left = wanted - signed
    said = f"招募 {wanted} 人，已报名 {signed} 人，{f'还差 {left} 人' if left > 0 else '已满'}"
    return Facts(note=said, share=min(signed * 100 // wanted, 100))


def _signups_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        SIGNUPS,
        signup_queries.people_of,
        name="报名和到场名单",
        empty=("没有人报名", "活动前用“报名”列入；活动后到场的人可以批量录入"),
    )


def build_activities(session: Session) -> Page:
    """The page of activities."""
    desk = next(desk for desk in MODULE.desks if desk.register is ACTIVITIES)
    parts = RegisterPageParts(
        title="志愿活动",
        search_hint="活动名称、拼音首字母",
        facts=activity_facts,
        new_label="新增活动",
        verbs=(_SIGN_UP, _SHEET, _SHEET_PAPER, _SERIES, WITHDRAW, _CANCEL),
        tabs=(DetailTab(label="名单", build=_signups_tab),),
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        batch=lambda page: page.session.go(BATCH, "volunteers.activities"),
        tone=lambda field, row: _STAGE_TONES.get(row["stage"]) if field.name == "stage" else None,
        views=(View(label="全部"), *(View(label=stage, equals=(("stage", stage),)) for stage in STAGES)),
        defaults=lambda made: {"held_on": made.today().isoformat()},
        watches=("service_record", "activity_signup"),
    )
    return RegisterPage(session, desk, parts)
