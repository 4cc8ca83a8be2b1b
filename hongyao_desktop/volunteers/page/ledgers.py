"""Pages of service hours and points (服务时长、积分明细)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.field_base import FieldType
from hongyao_desktop.core.fields import Name, Text
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.core.text import quoted
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.import_batch import WITHDRAW_HOURS
from hongyao_desktop.volunteers.page.opening_batch import ENTER, enter, withdraw_batch
from hongyao_desktop.volunteers.page.tabs import RowsTab, reversal_tone
from hongyao_desktop.volunteers.page.volunteers import (
    AMOUNT,
    BATCH,
    IMPORT,
    REASON,
)
from hongyao_desktop.volunteers.queries import lookups, tracing
from hongyao_desktop.volunteers.queries import rechecks as recheck_queries
from hongyao_desktop.volunteers.queries.correcting import correction_words
from hongyao_desktop.volunteers.queries.finding import everyone_lookup, volunteer_lookup
from hongyao_desktop.volunteers.queries.openings import batch_words
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.rows import (
    OPENING_HOURS,
    Activity,
    Evidence,
    PointKind,
    ServiceRecord,
    duration_text,
)
from hongyao_desktop.volunteers.records.services import SERVICES
from hongyao_desktop.volunteers.rules.clashes import doubts
from hongyao_desktop.volunteers.service import (
    correcting,
    points,
    rechecks,
    recording,
)

_DAY = 24 * 60
_LONG = 240
"""Shorter services never have to be keyed twice, whatever the limit of a day is."""


def id_of(row: Row | None) -> str:
    """The id of the record a step was taken with."""
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def asked(name: str, label: str, kind: FieldType, **more: Any) -> Field:
    """An input of a step that is no column of a register."""
    return Field(name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, **more)


def with_names(register: Register) -> Callable[[Reader, str], Row | None]:
    """Reads one row of a ledger with the names its references stand for; a ledger has no inputs to show them."""

    def load(reader: Reader, row_id: str) -> Row | None:
        row = reader.one(f"SELECT * FROM {register.source} WHERE id = ?", (row_id,))
        if row is None:
            return None
        named = {"volunteer_id": f"{row['name']}（{row['number']}）", "unit_id": row["unit_name"]}
        if row.get("activity_id"):
            named["activity_id"] = lookups.activity(reader, row["activity_id"]).title
        # Nothing was cut from most entries, and a "0" there makes people wonder what was.
        cut: Row = {name: row[name] or None for name in ("cut_minutes", "cut_points") if name in row}
        return {**row, **cut, **named}

    return load


# ------------------------------------------------------------------------------------------------ service hours


def record_of(values: Row) -> ServiceRecord:
    """The record as typed into the single form; an end before the start is on the next day."""
    starts, ends = values.get("starts_minute"), values.get("ends_minute")
    if starts is not None and ends is not None and ends <= starts:
        ends += _DAY
    minutes = values.get("minutes") or (ends - starts if starts is not None and ends is not None else 0)
    return ServiceRecord(
        volunteer_id=values["volunteer_id"],
        title=values["title"],
        served_on=dt.date.fromisoformat(values["served_on"]),
        minutes=minutes,
        evidence=Evidence(values.get("evidence") or Evidence.SIGNED),
        starts_minute=starts,
        ends_minute=ends,
        reason=values.get("reason"),
        witness=values.get("witness"),
    )


def _joined(reader: Reader, values: Row) -> tuple[ServiceRecord, Activity | None]:
    """The record as typed, in the activity of its name and day where there is one: a late-comer of a sheet."""
    record = record_of(values)
    activity = recording.activity_joined(reader, record)
    return replace(record, activity_id=activity.id if activity is not None else None), activity


def _record(writer: Writer, values: Row, _row: Row | None) -> str:
    record, _activity = _joined(writer, values)
    return recording.record_service(writer, record, now=writer.clock.now()).record_id


def _recorded_words(reader: Reader, record_id: str, _values: Row) -> str:
    """Where the hour went: into the activity of its name, or standing by itself."""
    row = lookups.service(reader, record_id)
    where = f"，记在活动{quoted(row['title'])}里" if row["activity_id"] else ""
    return f"已登记{row['name']} {duration_text(row['minutes'])}和积分{where}"


def _check_record(session: Session, reader: Reader, values: Row) -> list[Problem]:
    record, activity = _joined(reader, values)
    (found,) = recording.findings(
        reader,
        [record],
        activity=activity,
        today=session.today(),
        recorder=session.who.name,
        now=session.clock.now(),
    )
    return doubts(found)


def _reverse(writer: Writer, values: Row, row: Row | None) -> str:
    return recording.reverse_service(writer, id_of(row), values["reason"])


_REVERSE = Verb(
    label="冲正",
    run=_reverse,
    fields=(REASON,),
    note="原记录保留，另记一条负数；由它得的积分一并收回。",
    shows=lambda row: bool(row["state"] == "有效"),
    reason="reason",
    done="已冲正，时长和积分已收回",
)


def _correct(writer: Writer, values: Row, row: Row | None) -> str:
    return correcting.correct_service(writer, id_of(row), _right(values))


def _right(values: Row) -> correcting.Correction:
    """What was typed; an end before the start is on the next day, a length left blank is that of the times."""
    starts, ends = values.get("starts_minute"), values.get("ends_minute")
    if starts is not None and ends is not None and ends <= starts:
        ends += _DAY
    stay = ends - starts if starts is not None and ends is not None else 0
    return correcting.Correction(
        minutes=values.get("minutes") or stay,
        starts_minute=starts,
        ends_minute=ends,
        reason=values["reason"],
        raised_by=values.get("raised_by"),
    )


def _correcting(session: Session) -> Verb:
    """The step that puts another version of an hour in its place."""

    def check(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
        record = lookups.service(reader, id_of(row))
        return correcting.correction_findings(
            reader, record, _right(values), today=session.today(), recorder=session.who.name
        )

    return Verb(
        label="更正",
        run=_correct,
        fields=(
            SERVICES.field("starts_minute"),
            SERVICES.field("ends_minute"),
            replace(SERVICES.field("minutes"), required=False, help="留空时按起止时间计。"),
            replace(REASON, label="更正原因", example="本人提出，照签到表应为 2.5 小时"),
            asked("raised_by", "提出人", Name()),
        ),
        note="本人或别人指出登错的：原记录保留并冲正，按改后的另记一条，两条互相注明，积分重算。",
        shows=lambda row: bool(row["state"] == "有效" and row["title"] != OPENING_HOURS),
        check=check,
        defaults=lambda _session, row: {
            name: row[name] for name in ("starts_minute", "ends_minute", "minutes") if row is not None
        },
        reason="reason",
        done="已更正，原记录已冲正",
        roles=(Role.ENTRY, Role.REVIEW),
    )


def _recheck(writer: Writer, values: Row, row: Row | None) -> str:
    rechecks.recheck(writer, id_of(row), values["minutes"])
    return id_of(row)


def _recheck_words(reader: Reader, row: Row, today: dt.date) -> str:
    """Whether a long service still has to be keyed again; an earlier mismatch stays in sight."""
    if not recheck_queries.is_open(reader, row["id"], today):
        return ""
    last = recheck_queries.last_recheck(reader, row["id"])
    if last is None:
        return "时长超过限额，要照原表再录一遍（复核时长）"
    return (
        f"复核不符：{last['keyed_by']} {last['keyed_on']} 录的是 {duration_text(last['minutes'])}，"
        "请对照原表，登错的冲正，看错的再复核一次"
    )


_RECHECK = Verb(
    label="复核时长",
    run=_recheck,
    fields=(replace(SERVICES.field("minutes"), help="照签到表再录一遍，不看屏幕上的数。"),),
    note="两遍相同才算复核；不同的留在待复核里，积分不能认定。",
    shows=lambda row: bool(row["state"] == "有效" and row["minutes"] > _LONG),
    done="已复核，相符的不再列出",
)


def services_work(reader: Reader, session: Session) -> list[WorkItem]:
    """Long services that have to be keyed a second time."""
    if not session.who.roles & {Role.ENTRY, Role.REVIEW}:
        return []
    waiting = recheck_queries.open_rechecks(reader, session.today())
    if not waiting:
        return []
    first = waiting[0]
    return [
        WorkItem(
            words="待复核的长时长",
            count=len(waiting),
            due=f"{first['name']} {duration_text(first['minutes'])}",
            place="volunteers.services",
            row_id=first["id"],
        )
    ]


def build_services(session: Session) -> Page:
    """The page of service hours."""
    desk = next(desk for desk in MODULE.desks if desk.register is SERVICES)
    single = Verb(
        label="登记一次服务",
        run=_record,
        roles=(Role.ENTRY,),
        fields=(
            SERVICES.field("volunteer_id"),
            SERVICES.field("title"),
            SERVICES.field("served_on"),
            SERVICES.field("starts_minute"),
            SERVICES.field("ends_minute"),
            replace(SERVICES.field("minutes"), required=False, help="留空时按起止时间计。"),
            SERVICES.field("evidence"),
            replace(SERVICES.field("reason"), label="补录原因"),
            SERVICES.field("witness"),
        ),
        needs_row=False,
        check=lambda reader, values, _row: _check_record(session, reader, values),
        defaults=lambda made, _row: {
            "served_on": made.today().isoformat(),
            "evidence": Evidence.SIGNED.value,
        },
        lookups=lambda _row: {"volunteer_id": everyone_lookup(session.lookups)},
        told=_recorded_words,
    )
    parts = RegisterPageParts(
        title="服务时长",
        search_hint="姓名、拼音首字母、编号、活动",
        new_label="登记一次服务",
        verbs=(single, _correcting(session), _REVERSE, _RECHECK, withdraw_batch(session), WITHDRAW_HOURS),
        batch=lambda page: page.session.go(BATCH, "volunteers.services"),
        importing=lambda page: page.session.go(IMPORT, SERVICES.name),
        tone=reversal_tone,
        views=(
            View(label="全部"),
            *(View(label=evidence.value, equals=(("evidence", evidence.value),)) for evidence in Evidence),
        ),
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        facts=lambda reader, row: Facts(
            subtitle=f"{row['number']}　{row['title']}",
            note=correction_words(reader, row["id"])
            or batch_words(reader, row["id"])
            or _recheck_words(reader, row, session.today()),
        ),
        load=with_names(SERVICES),
        watches=("volunteer", "person", "service_recheck", "service_correction"),
    )
    return RegisterPage(session, desk, parts)


# ------------------------------------------------------------------------------------------------ points


def _bonus(writer: Writer, values: Row, _row: Row | None) -> str:
    return points.award_points(writer, values["volunteer_id"], values["points"], values["reason"])


def _reverse_points(writer: Writer, values: Row, row: Row | None) -> str:
    return points.reverse_points(writer, id_of(row), values["reason"])


_TRACED = (
    replace(POINTS.field("kind"), name="relation", label="关系", type=Text(), width=3),
    replace(POINTS.field("earned_on"), label="日期", width=5),
    replace(POINTS.field("kind"), width=3),
    replace(POINTS.field("points"), width=4),
)


def _traced_tab(session: Session) -> RowsTab:
    """What an entry was written for, which points it used or was used for, and what is left; Enter follows a line."""
    return RowsTab(
        session,
        _TRACED,
        tracing.trace,
        name="来源和去向",
        empty=("没有来源和去向", "这一笔没有起因，也没有用过别的积分"),
        says=lambda row: str(row["explanation"]) + ("　Enter 打开" if row["place"] else ""),
        opens=lambda row: (str(row["place"]), str(row["target"])),
    )


def _unit(value: Any) -> str:
    """The unit a list is narrowed down to; papers take in what lies below it by themselves."""
    return str(value[0] if isinstance(value, tuple) else value)


def _print_points(page: RegisterPage) -> None:
    """F9: the list as it is searched and narrowed down now."""
    query, register = page.query, page.register
    where = [f"{register.field(name).label}={value}" for name, value in query.equals if name != "unit_id"]
    for name, first, last in query.spans:
        kind = register.field(name).type
        ends = ["" if end is None else kind.format(end) for end in (first, last)]
        where.append(f"{register.field(name).label}={ends[0]}..{ends[1]}")
    asked = {
        "register": register.label,
        "search": query.search,
        "where": "；".join(where),
        "unit_id": next((_unit(value) for name, value in query.equals if name == "unit_id"), ""),
    }
    page.session.go("papers", "list?" + urlencode({key: text for key, text in asked.items() if text}))


def build_points(session: Session) -> Page:
    """The page of point entries."""
    desk = next(desk for desk in MODULE.desks if desk.register is POINTS)
    volunteer = POINTS.field("volunteer_id")
    parts = RegisterPageParts(
        title="积分明细",
        search_hint="姓名、拼音首字母、编号",
        new_label="奖励积分",
        batch=enter,
        batch_label="期初积分",
        importing=lambda page: page.session.go(IMPORT, "opening_balances"),
        printing=_print_points,
        verbs=(
            Verb(
                label="奖励积分",
                run=_bonus,
                roles=(Role.REVIEW, Role.APPROVE),
                fields=(volunteer, AMOUNT, REASON),
                needs_row=False,
                reason="reason",
                done="已奖励积分",
            ),
            ENTER,
            Verb(
                label="冲正",
                run=_reverse_points,
                roles=(Role.REVIEW, Role.APPROVE),
                fields=(REASON,),
                note="原记录保留，另记一笔相反的积分。由服务算出的积分请冲正服务时长。",
                shows=lambda row: bool(row["state"] == "有效" and not row["service_record_id"]),
                reason="reason",
                done="已冲正",
            ),
            withdraw_batch(session),
        ),
        tone=reversal_tone,
        views=(
            View(label="全部"),
            *(
                View(label=kind.value, equals=(("kind", kind.value),))
                for kind in PointKind
                if kind is not PointKind.REVERSAL
            ),
        ),
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        facts=lambda reader, row: Facts(subtitle=row["number"], note=batch_words(reader, row["id"])),
        tabs=(DetailTab(label="来源和去向", build=_traced_tab),),
        load=with_names(POINTS),
        watches=("volunteer", "person", "service_record"),
    )
    return RegisterPage(session, desk, parts)
