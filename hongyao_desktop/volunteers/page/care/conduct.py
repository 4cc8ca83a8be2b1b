"""Conduct (失信): incidents, and the bars that follow from them; doubles that are made one (合并)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Choice, Date, Reference, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.text import quoted
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.care.approval import desk_of, id_of, named, tone
from hongyao_desktop.volunteers.page.volunteers import DECIDERS, REASON
from hongyao_desktop.volunteers.queries import conduct as queries
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.finding import latest_activities, numbered_lookup, volunteer_lookup
from hongyao_desktop.volunteers.queries.shelf import conduct_rules
from hongyao_desktop.volunteers.records.care import BARS, INCIDENTS, MERGES
from hongyao_desktop.volunteers.records.rows import duration_text
from hongyao_desktop.volunteers.records.services import VOLUNTEER
from hongyao_desktop.volunteers.service import conduct, merging

INCIDENTS_PLACE: Final = "volunteers.incidents"
BARS_PLACE: Final = "volunteers.bars"
MERGES_PLACE: Final = "volunteers.merges"
_KINDS: Final = ("缺席", "投诉", "恶意行为", "虚报时长")

_DAY = Field(
    name="happened_on",
    label="日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=6,
)
_WHAT = Field(
    name="content",
    label="情况",
    type=Text(max_chars=200),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
    example="报名后没有到，电话联系不上",
)

_ACTIVITY = Field(
    name="activity_id",
    label="哪次活动",
    type=Reference("activities"),
    sensitivity=Sensitivity.INTERNAL,
    width=14,
    help="与活动有关的写明；办法规定那次活动按 0 小时计的必须写。",
)


def _kind_field(session: Session) -> Field:
    rule = conduct_rules(session.reader).find(session.today())
    return Field(
        name="kind",
        label="类别",
        type=Choice(rule.kinds if rule is not None else _KINDS),
        sensitivity=Sensitivity.INTERNAL,
        required=True,
        width=6,
    )


def _record(writer: Writer, values: Row, _row: Row | None) -> str:
    day = dt.date.fromisoformat(values["happened_on"])
    return conduct.record_incident(
        writer, values["volunteer_id"], values["kind"], day, values["content"], values.get("activity_id")
    )


def _look_at_incident(reader: Reader, values: Row, _row: Row | None) -> list[Problem]:
    """Hours that would become nothing are named before anything is written."""
    rule = conduct_rules(reader).find(dt.date.fromisoformat(values["happened_on"]))
    if rule is None or values["kind"] not in rule.voids or not values.get("activity_id"):
        return []
    found = [
        row
        for row in lookups.records_of_activity(reader, values["activity_id"])
        if row["volunteer_id"] == values["volunteer_id"]
    ]
    code = f"incident.void.{values['volunteer_id']}.{values['activity_id']}"
    if not found:
        message = "这次活动里还没有这位志愿者的时长，登记后不再收这次的时长，请核对是不是这次活动"
        return [Problem(Level.QUESTION, code, message, "activity_id")]
    minutes = duration_text(sum(row["minutes"] for row in found))
    message = f"按{rule.title}，{quoted(found[0]['title'])}的 {minutes}和积分一并冲正，按 0 小时计"
    return [Problem(Level.QUESTION, code, message, "activity_id")]


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    return conduct.withdraw_incident(writer, id_of(row), values["reason"])


def _recorded(reader: Reader, incident_id: str, _values: Row) -> str:
    """What an incident brought with it: points, hours, a bar and until when."""
    row = queries.incident(reader, incident_id)
    said = [f"扣 {hours.format_centi(row['deducted'])} 分" if row["deducted"] else "不扣分"]
    if row["voided"]:
        said.append(f"冲正 {len(json.loads(row['voided']))} 条时长")
    barred = reader.one(
        "SELECT kind, until_on FROM volunteer_bar WHERE incident_id = ? AND status = '有效'", (incident_id,)
    )
    if barred is not None:
        said.append(f"{barred['kind']}到 {barred['until_on'] or '解除为止'}")
    return f"已登记{row['name']}的{row['kind']}：{'，'.join(said)}"


def _facts(reader: Reader, row: Row, today: dt.date) -> Facts:
    year = int(row["happened_on"][:4])
    who = queries.incident(reader, row["id"])["volunteer_id"]
    times, deducted = queries.of_year(reader, who, row["kind"], year)
    figures = ((f"{year}年{row['kind']}", f"{times} 次"), ("当年应扣", hours.format_centi(deducted)))
    barred = reader.one(
        "SELECT kind, until_on FROM volunteer_bar WHERE incident_id = ? AND status = '有效'", (row["id"],)
    )
    said = [f"由此列入{barred['kind']}，到 {barred['until_on'] or '解除为止'}"] if barred is not None else []
    if row["due"] is not None and row["due"] > row["deducted"]:
        taken, due = hours.format_centi(row["deducted"]), hours.format_centi(row["due"])
        said.append(f"应扣 {due} 分，余额不足，扣了 {taken} 分")
    if row["voided"]:
        said.append(
            f"{quoted(row['activity_title'])}按 0 小时计，冲正了 {len(json.loads(row['voided']))} 条时长"
        )
    out = next(
        (one for one in queries.strike_offs(reader, year, today) if one.row["volunteer_id"] == who), None
    )
    if out is not None:
        said.append(f"建议注销：{out.reason}，在“疑点”里核实")
    return Facts(figures=figures, note="；".join(said), subtitle=row["number"])


def build_incidents(session: Session) -> Page:
    """The page of incidents."""
    parts = RegisterPageParts(
        title="失信",
        search_hint="姓名、拼音首字母、编号",
        new_label="登记失信",
        verbs=(
            Verb(
                label="登记失信",
                run=_record,
                roles=DECIDERS,
                fields=(VOLUNTEER, _kind_field(session), _DAY, _WHAT, _ACTIVITY),
                needs_row=False,
                note="按失信办法扣分，最多扣到 0 分；满次数的列入黑名单，有的事那次活动按 0 小时计。",
                check=_look_at_incident,
                defaults=lambda made, _row: {"happened_on": made.today().isoformat()},
                told=_recorded,
            ),
            Verb(
                label="撤销",
                run=_withdraw,
                roles=DECIDERS,
                fields=(REASON,),
                note="扣的分和冲正的时长还回，由此列入的黑名单和限制一并解除。",
                shows=lambda row: bool(row["status"] == "有效"),
                reason="reason",
                done="已撤销，扣的分已还回",
            ),
            Verb(label="黑名单和限制", direct=lambda made, _row: made.go(BARS_PLACE), needs_row=True),
        ),
        tone=tone,
        facts=lambda reader, row: _facts(reader, row, session.today()),
        lookups={
            "volunteer_id": volunteer_lookup(session.lookups),
            **latest_activities(session.lookups),
        },
        watches=("volunteer", "person", "volunteer_bar", "point_entry"),
        load=named(INCIDENTS),
    )
    return RegisterPage(session, desk_of(INCIDENTS), parts)


# ------------------------------------------------------------------------------------------------ bars


def _put(writer: Writer, values: Row, _row: Row | None) -> str:
    until = values.get("until_on")
    return conduct.put_bar(
        writer,
        values["volunteer_id"],
        values["kind"],
        values["reason"],
        until_on=dt.date.fromisoformat(until) if until else None,
    )


def _lift(writer: Writer, values: Row, row: Row | None) -> str:
    return conduct.lift_bar(writer, id_of(row), values["reason"])


def build_bars(session: Session) -> Page:
    """The page of the blacklist and other bars."""
    kind = replace(BARS.field("kind"), derived=False, required=True)
    until = replace(BARS.field("until_on"), derived=False, help="留空表示到解除为止。")
    parts = RegisterPageParts(
        title="黑名单和限制",
        search_hint="姓名、拼音首字母、编号",
        new_label="列入",
        verbs=(
            Verb(
                label="列入",
                run=_put,
                roles=DECIDERS,
                fields=(VOLUNTEER, kind, until, REASON),
                needs_row=False,
                reason="reason",
                done="已列入",
            ),
            Verb(
                label="解除",
                run=_lift,
                roles=DECIDERS,
                fields=(REASON,),
                shows=lambda row: bool(row["status"] == "有效"),
                reason="reason",
                done="已解除",
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: Facts(note=row["reason"], subtitle=row["number"]),
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        watches=("volunteer", "person"),
        load=named(BARS),
    )
    return RegisterPage(session, desk_of(BARS), parts)


# ------------------------------------------------------------------------------------------------ merges

_KEPT = replace(VOLUNTEER, name="kept_id", label="保留哪一位", aliases=(), width=14)
_GONE = replace(VOLUNTEER, name="gone_id", label="并入的一位", aliases=(), width=14)
_TAILS: Final = (("phone", "电话"), ("id_number", "证件"))
_GROUND = replace(REASON, label="怎样核实的", example="身份证核对为同一人")
_ONE: Final = "是同一人"
_APART: Final = "不是同一人"
_VERDICT = Field(
    name="verdict",
    label="结论",
    type=Choice((_ONE, _APART)),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=7,
    help="不是同一人的记下来，以后不再列为疑似重复；收回在“疑点”的核实记录里。",
)


def _merge(writer: Writer, values: Row, _row: Row | None) -> str:
    if values["verdict"] == _APART:
        merging.keep_apart(writer, values["kept_id"], values["gone_id"], values["reason"])
        return ""
    return merging.merge(writer, values["kept_id"], values["gone_id"], values["reason"])


def _undo(writer: Writer, values: Row, row: Row | None) -> str:
    return merging.undo_merge(writer, id_of(row), values["reason"])


def _told(row: Row) -> str:
    """One of the two in words that tell them apart: number, unit, tails of phone and identity number, birthday."""
    parts = [row["unit_name"]] if row["unit_name"] else []
    parts += [f"{word}尾号 {row[name][-4:]}" for name, word in _TAILS if row[name]]
    if row["birth_on"]:
        parts.append(f"{row['birth_on']} 生")
    return f"{row['number']}（{'，'.join(parts)}）"


def _look(reader: Reader, values: Row, _row: Row | None) -> list[Problem]:
    """What a merge would do, asked as a question; nothing moves when they are two people."""
    if values["verdict"] == _APART:
        return []
    try:
        found = merging.look_at(reader, values["kept_id"], values["gone_id"])
    except Refusal as wrong:
        return [Problem(Level.ERROR, "merge.refused", str(wrong), "gone_id")]
    minutes = duration_text(sum(row["minutes"] for row in found.moving))
    message = (
        f"保留 {_told(found.kept)}；并入 {_told(found.gone)}的 {len(found.moving)} 条时长共 {minutes}、"
        f"{hours.format_centi(found.gone['points'])} 分"
    )
    if found.doubles:
        message += f"，两边都登记的 {len(found.doubles)} 条只算一次"
    if found.kept["name"] != found.gone["name"]:
        message += f"；两人姓名不同（{found.kept['name']}、{found.gone['name']}），请再核对"
    return [Problem(Level.QUESTION, "merge.preview", message)]


def _what_moved(reader: Reader, merge_id: str, _values: Row) -> str:
    """What a merge moved, once it is done; nothing when they are two people."""
    if not merge_id:
        return "已记下不是同一人，以后不再列为疑似重复"
    row = merging.merged(reader, merge_id)
    said = f"已合并：{row['gone_number']} 的{_moved(row)}转到 {row['kept_number']}"
    if row["doubles"]:
        said += f"，两边都登记的 {row['doubles']} 条只算一次"
    now = f"{duration_text(row['total_minutes'])}、{hours.format_centi(row['balance'])} 分"
    return f"{said}；{row['kept_number']} 现有 {now}"


def _what_went_back(reader: Reader, merge_id: str, _values: Row) -> str:
    row = merging.merged(reader, merge_id)
    return f"已撤销合并：{row['gone_number']} 恢复为“{row['gone_status']}”，{_moved(row).strip()}已转回"


def _moved(row: Row) -> str:
    return (
        f" {row['records']} 条时长共 {duration_text(row['minutes'])}、{hours.format_centi(row['points'])} 分"
    )


def _first_pair(session: Session, _row: Row | None) -> Mapping[str, Any]:
    pairs = merging.likely_doubles(session.reader, 1)
    if not pairs:
        return {"verdict": _ONE}
    return {
        "verdict": _ONE,
        "kept_id": pairs[0]["kept_id"],
        "gone_id": pairs[0]["gone_id"],
        "reason": pairs[0]["ground"],
    }


def build_merges(session: Session) -> Page:
    """The page of merges; the form begins with the first pair that looks like one person."""
    known = numbered_lookup(session.lookups)
    parts = RegisterPageParts(
        title="合并",
        search_hint="姓名、拼音首字母、编号",
        new_label="核对重复",
        verbs=(
            Verb(
                label="核对重复",
                run=_merge,
                roles=DECIDERS,
                fields=(_KEPT, _GONE, _GROUND, _VERDICT),
                needs_row=False,
                note="先放着最像的一对。合并前说明会转多少时长和积分，再按一次 Ctrl+S 才合并；可以撤销。",
                check=_look,
                defaults=_first_pair,
                reason="reason",
                told=_what_moved,
            ),
            Verb(
                label="撤销合并",
                run=_undo,
                roles=DECIDERS,
                fields=(REASON,),
                note="时长和积分转回去，两位都恢复原来的样子。",
                shows=lambda row: bool(row["status"] == "有效"),
                reason="reason",
                told=_what_went_back,
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: Facts(
            note=row["reason"], subtitle=f"{row['gone_number']} → {row['kept_number']}"
        ),
        lookups={"kept_id": known, "gone_id": known},
        watches=("volunteer", "person"),
        load=named(MERGES),
    )
    return RegisterPage(session, desk_of(MERGES), parts)


def merges_work(reader: Reader, session: Session) -> list[WorkItem]:
    """Pairs that look like one person."""
    if not session.who.roles & {Role.REVIEW, Role.APPROVE}:
        return []
    pairs = merging.likely_doubles(reader)
    if not pairs:
        return []
    return [
        WorkItem(words="疑似重复登记的志愿者", count=len(pairs), due=pairs[0]["name"], place=MERGES_PLACE)
    ]
