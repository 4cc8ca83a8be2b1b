"""Ratings by stars (星级评定): rounds with their notice, the names in them, and who is nearly there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Date, Reference, Text
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.care.approval import column, desk_of, id_of, named, notice_place, tone
from hongyao_desktop.volunteers.page.tabs import RowsTab
from hongyao_desktop.volunteers.page.volunteers import DECIDERS, REASON
from hongyao_desktop.volunteers.queries import honours as queries
from hongyao_desktop.volunteers.queries import life, lookups
from hongyao_desktop.volunteers.queries.finding import first_among, volunteer_lookup
from hongyao_desktop.volunteers.records.care import GRANTS, REVIEWS
from hongyao_desktop.volunteers.records.services import VOLUNTEER
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS
from hongyao_desktop.volunteers.service import honours

REVIEWS_PLACE: Final = "volunteers.reviews"
GRANTS_PLACE: Final = "volunteers.grants"
_AS_OF = Field(
    name="as_of",
    label="时长截至",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
    help="多地按 11 月 30 日统计。",
)
_UNIT = Field(
    name="unit_id",
    label="组织",
    type=Reference("units"),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=10,
)
_PEOPLE = (
    column("number", "编号", Text(), 5),
    column("name", "姓名", Text(), 4),
    column("star", "星级", Text(), 3),
    VOLUNTEERS.field("total_minutes"),
    column("status", "状态", Text(), 4),
)

_LACKING = (
    column("number", "编号", Text(), 5),
    column("name", "姓名", Text(), 4),
    VOLUNTEERS.field("total_minutes"),
    column("lack", "还差", Text(), 10),
)
_NEAR: Final = 600
"""Minutes: who lacks at most this much is listed, as the paper does unless told otherwise."""


def _begin(writer: Writer, values: Row, _row: Row | None) -> str:
    return honours.begin_review(writer, dt.date.fromisoformat(values["as_of"]), values["unit_id"])


def _grant(writer: Writer, _values: Row, row: Row | None) -> str:
    honours.grant_review(writer, id_of(row))
    return id_of(row)


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    return honours.withdraw_review(writer, id_of(row), values["reason"])


def _refuse(writer: Writer, values: Row, row: Row | None) -> str:
    return honours.refuse_star(writer, id_of(row), values["reason"])


def _refused(reader: Reader, grant_id: str, _values: Row) -> str:
    row = queries.grant(reader, grant_id)
    return f"{row['name']}的{row['star']}已{'取消' if row['status'] == '取消' else '登记为不授予'}"


def _today(session: Session, _row: Row | None) -> Mapping[str, Any]:
    return {"as_of": session.today().isoformat(), "unit_id": lookups.office_unit_id(session.reader)}


def _look(reader: Reader, values: Row, today: dt.date) -> list[Problem]:
    """How many would be proposed for which star, and how long they are published; asked before it begins."""
    as_of = dt.date.fromisoformat(values["as_of"])
    try:
        planned = honours.plan_review(reader, as_of, values["unit_id"], today)
    except Refusal as wrong:
        return [Problem(Level.ERROR, "review.plan", str(wrong), "as_of")]
    stars = Counter(one.rank.name for one in planned.found)
    said = "、".join(f"{name} {people} 人" for name, people in stars.items())
    left_out = f"；受限不列入 {len(planned.barred)} 人" if planned.barred else ""
    message = (
        f"拟评 {len(planned.found)} 人：{said}{left_out}；今天起公示 {planned.rule.public_days} 个工作日，"
        f"到{format_cn(planned.until)}"
    )
    return [Problem(Level.QUESTION, f"review.{values['unit_id']}.{as_of}", message)]


def _begun(reader: Reader, review_id: str, _values: Row) -> str:
    row = queries.review(reader, review_id)
    until = format_cn(dt.date.fromisoformat(row["public_until"]))
    return f"{row['number']}：{row['people']} 人开始公示，到{until}，第二天起可以授予"


def _granted(reader: Reader, review_id: str, _values: Row) -> str:
    row = queries.review(reader, review_id)
    refused = row["people"] - row["granted"]
    return f"{row['number']}已授予 {row['granted']} 人" + (f"，不授予 {refused} 人" if refused else "")


def _object(writer: Writer, values: Row, row: Row | None) -> str:
    honours.object_star(writer, id_of(row), values["volunteer_id"], values["reason"])
    return id_of(row)


def _in_the_notice(session: Session, review_id: str) -> Lookup:
    """An objection is to somebody in the notice: they come first."""

    def proposed(reader: Reader) -> list[Row]:
        rows = queries.grants_of(reader, review_id)
        return [{**row, "id": row["volunteer_id"]} for row in rows if row["status"] == "拟评"]

    return first_among(proposed, volunteer_lookup(session.lookups))


def _notice(session: Session, row: Row | None) -> None:
    """The notice of this review: its own names and its own days."""
    if row is not None:
        session.go("papers", notice_place(session.reader, "星级", row))


def _review_facts(row: Row, today: dt.date) -> Facts:
    """How many, and what comes next: while the notice runs until when, afterwards that it is over."""
    note = f"公示 {row['public_from']} 至 {row['public_until']}"
    if row["status"] == "公示中":
        over = dt.date.fromisoformat(row["public_until"]) < today
        note += "，已经期满，没有异议就可以授予" if over else "，第二天起可以授予"
    figures = (("拟评", f"{row['people']:,}"), ("已授予", f"{row['granted']:,}"))
    return Facts(figures=figures, note=note, subtitle=row["unit_name"])


def _print_review(page: RegisterPage) -> None:
    """F9: the notice while one is under way, else the list for the committee."""
    row = page.panel.row
    if row is not None and row["status"] == "公示中":
        _notice(page.session, row)
    else:
        page.session.go("papers", "star-review")


def _people(session: Session) -> RowsTab:
    def read(reader: Reader, review_id: str) -> list[Row]:
        return [{**row, "total_minutes": row["minutes"]} for row in queries.grants_of(reader, review_id)]

    return RowsTab(
        session,
        _PEOPLE,
        read,
        name="评定名单",
        empty=("名单是空的", "没有达到新星级的志愿者"),
        says=_grant_words,
    )


def _grant_words(row: Row) -> str:
    """Who grants the star, and why it was not granted: sentences, a column would cut them."""
    said = [f"授予机关：{row['granter']}"] if row["granter"] else []
    if row["status_reason"]:
        said.append(f"{row['status']}：{row['status_reason']}")
    return "；".join(said)


def _near(session: Session) -> RowsTab:
    """Who lacks little to the next star today, nearest first: the committee looks ahead."""

    def read(reader: Reader, _review_id: str) -> list[Row]:
        found = life.nearly_there(reader, session.today(), _NEAR)
        return [
            {**row, "lack": rank.sentence.removeprefix("还差 "), "said": rank.sentence} for row, rank in found
        ]

    return RowsTab(
        session,
        _LACKING,
        read,
        name="还差不多的",
        empty=("没有还差不多的", f"离下一星级 {hours.format_minutes(_NEAR)} 小时以内的列在这里"),
        says=lambda row: f"{row['name']}（{row['number']}）{row['said']}",
    )


def build_reviews(session: Session) -> Page:
    """The page of ratings."""
    parts = RegisterPageParts(
        title="星级",
        search_hint="编号",
        new_label="开始评定",
        verbs=(
            Verb(
                label="开始评定",
                run=_begin,
                roles=(Role.ENTRY, Role.REVIEW),
                fields=(_AS_OF, _UNIT),
                needs_row=False,
                note="达到新星级的列成一批：先说明各星级人数和公示到哪天，再按一次 Ctrl+S 才开始公示。",
                check=lambda reader, values, _row: _look(reader, values, session.today()),
                defaults=_today,
                told=_begun,
            ),
            Verb(
                label="授予",
                run=_grant,
                note="公示期满没有异议的，授予星级；公示期间被暂停评星的不授予。",
                shows=lambda row: bool(row["status"] == "公示中"),
                roles=(Role.APPROVE,),
                told=_granted,
            ),
            Verb(
                label="异议不授予",
                run=_object,
                fields=(VOLUNTEER, REASON),
                lookups=lambda row: {"volunteer_id": _in_the_notice(session, id_of(row))},
                note="公示期间有异议、查实的，这一位不授予，其他人不受影响。",
                shows=lambda row: bool(row["status"] == "公示中"),
                reason="reason",
                roles=DECIDERS,
                done="已登记异议，这一位不授予",
            ),
            Verb(
                label="打印公示",
                direct=_notice,
                shows=lambda row: bool(row["status"] == "公示中"),
            ),
            Verb(label="星级名单", direct=lambda made, _row: made.go(GRANTS_PLACE)),
            Verb(
                label="撤回",
                run=_withdraw,
                roles=DECIDERS,
                fields=(REASON,),
                shows=lambda row: bool(row["status"] == "公示中"),
                reason="reason",
                done="已撤回",
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: _review_facts(row, session.today()),
        tabs=(DetailTab(label="名单", build=_people), DetailTab(label="还差", build=_near)),
        printing=_print_review,
        watches=("star_grant",),
        load=named(REVIEWS),
    )
    return RegisterPage(session, desk_of(REVIEWS), parts)


def build_grants(session: Session) -> Page:
    """The page of names in ratings."""
    parts = RegisterPageParts(
        title="星级名单",
        search_hint="姓名、拼音首字母、编号",
        verbs=(
            Verb(
                label="不授予或取消",
                run=_refuse,
                roles=DECIDERS,
                fields=(REASON,),
                note="公示中的不授予；已授予的取消。",
                shows=lambda row: row["status"] in ("拟评", "已授予"),
                reason="reason",
                told=_refused,
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: Facts(note=row["status_reason"] or "", subtitle=row["number"]),
        watches=("star_review", "volunteer", "person"),
        load=named(GRANTS),
    )
    return RegisterPage(session, desk_of(GRANTS), parts)


def reviews_work(reader: Reader, session: Session) -> list[WorkItem]:
    """Ratings whose notice is over."""
    if Role.APPROVE not in session.who.roles:
        return []
    ended = queries.ended_notices(reader, session.today())
    if not ended:
        return []
    return [
        WorkItem(
            words="公示期满待授予的星级评定",
            count=len(ended),
            due=f"{ended[0]['public_until']} 公示期满",
            place=REVIEWS_PLACE,
            row_id=ended[0]["id"],
        )
    ]
