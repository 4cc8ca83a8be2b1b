"""Approval of points (积分认定): rounds with their people and entries, and the steps one takes with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core import hours, workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Date, Integer, Points, Reference, Text
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.tabs import RowsTab, reversal_tone
from hongyao_desktop.volunteers.page.volunteers import DECIDERS, REASON
from hongyao_desktop.volunteers.queries import approval as queries
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.finding import first_among, volunteer_lookup
from hongyao_desktop.volunteers.records.care import LOTS
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.services import VOLUNTEER
from hongyao_desktop.volunteers.service import approval

LOTS_PLACE: Final = "volunteers.lots"
TONES: Final = {
    "审核中": "warn",
    "公示中": "info",
    "可用": "good",
    "已授予": "good",
    "有效": "good",
    "拟评": "info",
    "退回": "ink_3",
    "撤回": "ink_3",
    "已撤回": "ink_3",
    "已撤销": "ink_3",
    "不授予": "ink_3",
    "取消": "ink_3",
    "已解除": "ink_3",
}


def desk_of(register: Register) -> Any:
    """The desk of one of the room's registers."""
    return next(desk for desk in MODULE.desks if desk.register is register)


def named(register: Register) -> Callable[[Reader, str], Row | None]:
    """Reads one row with the names its references stand for: a sheet of facts has no inputs to show them."""

    def load(reader: Reader, row_id: str) -> Row | None:
        row = reader.one(f"SELECT * FROM {register.source} WHERE id = ?", (row_id,))
        if row is None:
            return None
        names = {"unit_id": row.get("unit_name")} if "unit_id" in row else {}
        if "volunteer_id" in row and "name" in row:
            names["volunteer_id"] = row["name"]
        return {**row, **names}

    return load


def id_of(row: Row | None) -> str:
    """The id of the row a step is taken with."""
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def tone(field: Field, row: Row) -> str | None:
    """Colours of states."""
    return TONES.get(row.get("status") or "") if field.name == "status" else None


def column(name: str, label: str, kind: Text | Integer | Points | Date, width: int) -> Field:
    """A column of a list inside a record."""
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


MAY_DECIDE: Final = frozenset(DECIDERS)


def points_text(points: int) -> str:
    """Points as in the lists, with a comma between thousands."""
    whole, point, rest = hours.format_centi(abs(points)).partition(".")
    return f"{'-' if points < 0 else ''}{int(whole):,}{point}{rest}"


PEOPLE_COLUMNS = (
    column("number", "编号", Text(), 5),
    column("name", "姓名", Text(), 4),
    column("entries", "笔数", Integer(), 2),
    column("points", "积分", Points(allow_negative=True), 4),
)
_ENTRY_COLUMNS = (
    replace(POINTS.field("earned_on"), width=5),
    column("name", "姓名", Text(), 4),
    column("points", "积分", Points(allow_negative=True), 3),
    replace(POINTS.field("state"), width=3),
)
_STEP_COLUMNS = (
    column("taken_on", "日期", Date(), 5),
    column("step", "步骤", Text(), 6),
    column("recorded_by", "办理人", Text(), 4),
)
_DAY = Field(
    name="first_on",
    label="起始日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
)
_UNIT = Field(
    name="unit_id",
    label="组织",
    type=Reference("units"),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=10,
    help="连同下面的网格一起认定。",
)
_NOTE = Field(
    name="note", label="审核意见", type=Text(max_chars=100), sensitivity=Sensitivity.INTERNAL, width=14
)


def _begin(writer: Writer, values: Row, _row: Row | None) -> str:
    first, last = (dt.date.fromisoformat(values[name]) for name in ("first_on", "last_on"))
    return approval.begin_lot(writer, values["unit_id"], first, last)


def _pass(writer: Writer, values: Row, row: Row | None) -> str:
    return approval.pass_step(writer, id_of(row), values.get("note"))


def _release(writer: Writer, _values: Row, row: Row | None) -> str:
    return approval.release_lot(writer, id_of(row))


def _object(writer: Writer, values: Row, row: Row | None) -> str:
    approval.object_to(writer, id_of(row), values["volunteer_id"], values["reason"])
    return id_of(row)


def _return(writer: Writer, values: Row, row: Row | None) -> str:
    return approval.return_lot(writer, id_of(row), values["reason"])


def _waiting_month(session: Session, _row: Row | None) -> Mapping[str, Any]:
    """The month of the oldest entry that waits, so that none is forgotten; last month when nothing waits."""
    today = session.today()
    waiting = queries.waiting_in_all(session.reader, today)
    first = waiting.first_on.replace(day=1) if waiting is not None else _month_before(today)
    month_end = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return {
        "unit_id": lookups.office_unit_id(session.reader),
        "first_on": first.isoformat(),
        "last_on": min(month_end, today).isoformat(),
    }


def _month_before(today: dt.date) -> dt.date:
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _look(reader: Reader, values: Row, today: dt.date) -> list[Problem]:
    """What the round would hold, asked as a question; other figures are asked about anew."""
    first, last = (dt.date.fromisoformat(values[name]) for name in ("first_on", "last_on"))
    try:
        rule, found = approval.plan_lot(reader, values["unit_id"], first, last, today)
    except Refusal as wrong:
        return [Problem(Level.ERROR, "lot.plan", str(wrong))]
    after = f"公示 {rule.public_days} 个工作日"
    if rule.steps:
        first_step = rule.steps[0]
        after = first_step.shown() if first_step.public_days else f"先由{first_step.name}"
    message = (
        f"{len(found.entry_ids):,} 笔、{found.people:,} 人共 {points_text(found.points)} 分归为一批，{after}"
    )
    return [Problem(Level.QUESTION, f"lot.{values['unit_id']}.{first}.{last}", message)]


def _in_the_round(session: Session, lot_id: str) -> Lookup:
    """An objection is to somebody of the round: they come first, the rest of the register only when nobody fits."""
    return first_among(lambda reader: queries.lot_people(reader, lot_id), volunteer_lookup(session.lookups))


def _went_on(reader: Reader, lot_id: str, what: str) -> str:
    """What was done with a round, and what comes next."""
    row = queries.lot(reader, lot_id)
    if row["status"] == "可用":
        return f"{row['number']}{what}，{_usable(reader, lot_id)}"
    if row["status"] == "公示中":
        until = format_cn(dt.date.fromisoformat(row["public_until"]))
        return f"{row['number']}{what}，今天起公示到{until}；公示用“打印公示”"
    return f"{row['number']}{what}，接着由{row['waits_for']}"


def _usable(reader: Reader, lot_id: str) -> str:
    people = queries.lot_people(reader, lot_id)
    total = points_text(sum(one["points"] for one in people))
    return f"{len(people):,} 人的 {total} 分可以使用了"


def _lot_facts(reader: Reader, row: Row, name: str, today: dt.date) -> Facts:
    said = []
    if row["status"] == "审核中":
        other = "" if queries.may_take(reader, row, name) else "，由没有办过这一批的同事办理"
        start = queries.not_before(reader, row)
        when = f"，{format_cn(start)}起办" if start is not None and today < start else ""
        said.append(f"等待{row['waits_for']}{when}{other}")
    elif row["status"] == "公示中":
        until = dt.date.fromisoformat(row["public_until"])
        step = queries.next_step(reader, row)
        what = "往下办" if queries.goes_on(reader, row) else "转为可用"
        then = f"已经期满，没有异议就可以{what}" if until < today else f"第二天起可以{what}"
        said.append(f"{step.name if step is not None else '公示'}到{format_cn(until)}，{then}")
    elif row["status"] == "退回":
        said.append(f"退回：{row['status_reason']}")
    standing = queries.lot_people(reader, row["id"])
    gone = row["points"] - sum(one["points"] for one in standing)
    if gone:
        said.append(f"不予认定和冲正 {points_text(gone)} 分，还有 {len(standing):,} 人")
    figures = (
        ("人数", f"{row['people']:,}"),
        ("笔数", f"{row['entries']:,}"),
        ("积分", points_text(row["points"])),
    )
    return Facts(figures=figures, note="；".join(said), subtitle=row["unit_name"])


def _lot_people(session: Session) -> RowsTab:
    return RowsTab(
        session, PEOPLE_COLUMNS, queries.lot_people, name="认定名单", empty=("名单是空的", "积分已全部冲正")
    )


def _lot_entries(session: Session) -> RowsTab:
    return RowsTab(
        session,
        _ENTRY_COLUMNS,
        queries.lot_entries,
        name="认定明细",
        empty=("没有积分", "这一批是空的"),
        tone=reversal_tone,
        says=lambda row: str(row["explanation"]),
    )


def _lot_steps(session: Session) -> RowsTab:
    return RowsTab(
        session,
        _STEP_COLUMNS,
        queries.lot_steps,
        name="认定经过",
        empty=("还没有人办理", "每一级审核、异议和转为可用都列在这里"),
        says=lambda row: str(row["note"] or ""),
    )


def _notice(session: Session, row: Row | None) -> None:
    """The notice of this round: its own names and points, its own days."""
    if row is not None:
        session.go("papers", notice_place(session.reader, "积分", row))


def notice_place(reader: Reader, what: str, row: Row) -> str:
    """Where a notice is printed for the names of ``row`` on the days it is published; the clerk types none of them."""
    first, last = (dt.date.fromisoformat(row[name]) for name in ("public_from", "public_until"))
    days = workdays.count_workdays(first, last, office_workdays(reader))
    return f"volunteer-notice?what={what}&number={row['number']}&start={first}&days={days}"


def _print_lot(page: RegisterPage) -> None:
    """F9: the notice while one is under way, else the sheet of the round in front; without one the notice of points."""
    row = page.panel.row
    if row is not None and row["status"] == "公示中":
        _notice(page.session, row)
        return
    where = f"points-lot?number={row['number']}" if row is not None else "volunteer-notice?what=积分"
    page.session.go("papers", where)


def build_lots(session: Session) -> Page:
    """The page of rounds of approval."""
    in_review = ("审核中", "公示中")

    def ended(row: Row) -> bool:
        return bool(row["status"] == "公示中" and row["public_until"] < session.today().isoformat())

    parts = RegisterPageParts(
        title="认定",
        search_hint="编号",
        new_label="开始认定",
        verbs=(
            Verb(
                label="开始认定",
                run=_begin,
                roles=(Role.ENTRY, Role.REVIEW),
                fields=(_UNIT, _DAY, replace(_DAY, name="last_on", label="截止日期")),
                needs_row=False,
                note="把这段时间登记、还没有认定的积分归为一批：先说明人数和分数，再按一次 Ctrl+S 才开始。",
                check=lambda reader, values, _row: _look(reader, values, session.today()),
                defaults=_waiting_month,
                told=lambda reader, lot_id, _values: _went_on(reader, lot_id, "已归为一批"),
            ),
            Verb(
                label="审核通过",
                run=_pass,
                roles=DECIDERS,
                fields=(_NOTE,),
                note="逐级审核，同一人不能连办两级；最后一级通过后开始公示。",
                shows=lambda row: (
                    row["status"] == "审核中" and queries.may_take(session.reader, row, session.who.name)
                ),
                told=lambda reader, lot_id, _values: _went_on(reader, lot_id, "已审核通过"),
            ),
            Verb(
                label="公示期满",
                run=_release,
                roles=DECIDERS,
                note="期满没有异议，转到下一级。",
                shows=lambda row: ended(row) and queries.goes_on(session.reader, row),
                told=lambda reader, lot_id, _values: _went_on(reader, lot_id, "公示期满"),
            ),
            Verb(
                label="转为可用",
                run=_release,
                roles=DECIDERS,
                note="公示期满没有异议，积分从现在起可以使用。",
                shows=lambda row: ended(row) and not queries.goes_on(session.reader, row),
                told=lambda reader, lot_id, _values: _usable(reader, lot_id),
            ),
            Verb(
                label="异议不予认定",
                run=_object,
                roles=DECIDERS,
                lookups=lambda row: {"volunteer_id": _in_the_round(session, id_of(row))},
                fields=(VOLUNTEER, REASON),
                note="这位志愿者在本批的积分冲正，时长不变。",
                shows=lambda row: row["status"] in in_review,
                reason="reason",
                done="已不予认定，积分已冲正",
            ),
            Verb(
                label="退回",
                run=_return,
                roles=DECIDERS,
                fields=(REASON,),
                note="整批退回，积分留待重新认定。",
                shows=lambda row: row["status"] in in_review,
                reason="reason",
                told=lambda reader, lot_id, _values: (
                    f"{queries.lot(reader, lot_id)['number']}已退回，积分留待重新认定"
                ),
            ),
            Verb(
                label="打印公示",
                direct=_notice,
                shows=lambda row: row["status"] == "公示中",
            ),
            Verb(
                label="打印认定表",
                direct=lambda made, row: made.go(
                    "papers", f"points-lot?number={row['number'] if row else ''}"
                ),
            ),
        ),
        tone=tone,
        facts=lambda reader, row: _lot_facts(reader, row, session.who.name, session.today()),
        tabs=(
            DetailTab(label="名单", build=_lot_people),
            DetailTab(label="明细", build=_lot_entries),
            DetailTab(label="经过", build=_lot_steps),
        ),
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        printing=_print_lot,
        watches=("point_lot_step", "point_entry"),
        load=named(LOTS),
    )
    return RegisterPage(session, desk_of(LOTS), parts)


def lots_work(reader: Reader, session: Session) -> list[WorkItem]:
    """What waits for a round since before this month; rounds that wait for a step of this operator, or are over."""
    roles, today, items = session.who.roles, session.today(), []
    if roles & (MAY_DECIDE | {Role.ENTRY}):
        waiting = queries.waiting_in_all(reader, today, before=today.replace(day=1))
        if waiting is not None:
            items.append(
                WorkItem(
                    words="还没有开始认定的积分",
                    count=waiting.entries,
                    due=f"{format_cn(waiting.first_on)}起登记",
                    place=LOTS_PLACE,
                    row_id="",
                )
            )
    if roles & {Role.ENTRY, Role.REVIEW}:
        returned = queries.returned_lots(reader)
        if returned:
            items.append(
                WorkItem(
                    words="退回的积分认定",
                    count=len(returned),
                    due=f"{returned[0]['number']} {returned[0]['status_reason']}",
                    place=LOTS_PLACE,
                    row_id=returned[0]["id"],
                )
            )
    if roles & MAY_DECIDE:
        lots = [
            row for row in queries.open_lots(reader, today) if queries.may_take(reader, row, session.who.name)
        ]
        if lots:
            over = lots[0]["status"] == "公示中"
            items.append(
                WorkItem(
                    words="待办的积分认定",
                    count=len(lots),
                    due=f"{lots[0]['number']} {'公示期满' if over else lots[0]['waits_for']}",
                    place=LOTS_PLACE,
                    row_id=lots[0]["id"],
                )
            )
    return items
