"""Approval and year ends of points (积分认定、积分清零): lists of rounds, their people, and the steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Date, Integer, Points, Reference, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.lookup import volunteer_lookup
from hongyao_desktop.volunteers.page.tabs import RowsTab
from hongyao_desktop.volunteers.page.volunteers import REASON
from hongyao_desktop.volunteers.queries import approval as queries
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import year_end as year_ends
from hongyao_desktop.volunteers.records.care import EXPIRIES, LOTS
from hongyao_desktop.volunteers.records.services import VOLUNTEER
from hongyao_desktop.volunteers.service import approval, year_end

LOTS_PLACE: Final = "volunteers.lots"
EXPIRIES_PLACE: Final = "volunteers.expiries"
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


PEOPLE_COLUMNS = (
    column("number", "编号", Text(), 5),
    column("name", "姓名", Text(), 4),
    column("entries", "笔数", Integer(), 2),
    column("points", "积分", Points(allow_negative=True), 4),
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


def _last_month(session: Session, _row: Row | None) -> Mapping[str, Any]:
    last = session.today().replace(day=1) - dt.timedelta(days=1)
    return {
        "unit_id": lookups.office_unit_id(session.reader),
        "first_on": last.replace(day=1).isoformat(),
        "last_on": last.isoformat(),
    }


def _lot_facts(reader: Reader, row: Row) -> Facts:
    steps = queries.lot_steps(reader, row["id"])
    said = [f"{step['step']}：{step['recorded_by']} {step['taken_on']}" for step in steps]
    if row["waits_for"]:
        said.append(f"等待{row['waits_for']}")
    figures = (
        ("人数", f"{row['people']:,}"),
        ("笔数", f"{row['entries']:,}"),
        ("积分", hours.format_centi(row["points"])),
    )
    return Facts(figures=figures, note="；".join(said), subtitle=row["unit_name"])


def _lot_people(session: Session) -> RowsTab:
    return RowsTab(
        session, PEOPLE_COLUMNS, queries.lot_people, name="认定名单", empty=("名单是空的", "积分已全部冲正")
    )


def build_lots(session: Session) -> Page:
    """The page of rounds of approval."""
    in_review = ("审核中", "公示中")
    parts = RegisterPageParts(
        title="认定",
        search_hint="编号",
        new_label="开始认定",
        verbs=(
            Verb(
                label="开始认定",
                run=_begin,
                fields=(_UNIT, _DAY, replace(_DAY, name="last_on", label="截止日期")),
                needs_row=False,
                note="把这段时间登记、还没有认定的积分归为一批。",
                defaults=_last_month,
                done="已归为一批，等待审核",
            ),
            Verb(
                label="审核通过",
                run=_pass,
                fields=(_NOTE,),
                note="逐级审核，同一人不能连办两级；最后一级通过后开始公示。",
                shows=lambda row: bool(row["status"] == "审核中"),
                done="已审核通过",
            ),
            Verb(
                label="转为可用",
                run=_release,
                note="公示期满没有异议，积分从现在起可以使用。",
                shows=lambda row: bool(row["status"] == "公示中"),
                done="积分可以使用了",
            ),
            Verb(
                label="异议不予认定",
                run=_object,
                fields=(VOLUNTEER, REASON),
                note="这位志愿者在本批的积分冲正，时长不变。",
                shows=lambda row: row["status"] in in_review,
                reason="reason",
                done="已不予认定，积分已冲正",
            ),
            Verb(
                label="退回",
                run=_return,
                fields=(REASON,),
                note="整批退回，积分留待重新认定。",
                shows=lambda row: row["status"] in in_review,
                reason="reason",
                done="已退回",
            ),
        ),
        tone=tone,
        facts=_lot_facts,
        tabs=(DetailTab(label="名单", build=_lot_people),),
        lookups={"volunteer_id": volunteer_lookup(session)},
        printing=lambda page: page.session.go("papers", "volunteer-notice"),
        watches=("point_lot_step", "point_entry"),
        load=named(LOTS),
    )
    return RegisterPage(session, desk_of(LOTS), parts)


def lots_work(reader: Reader, session: Session) -> list[WorkItem]:
    """Rounds that wait for a step, and those whose notice is over."""
    if not session.who.roles & {Role.REVIEW, Role.APPROVE}:
        return []
    waiting = queries.open_lots(reader, session.today())
    if not waiting:
        return []
    first = waiting[0]
    return [
        WorkItem(
            words="待办的积分认定",
            count=len(waiting),
            due=first["waits_for"] or "",
            place=LOTS_PLACE,
            row_id=first["id"],
        )
    ]


# ------------------------------------------------------------------------------------------------ year ends


def _run(writer: Writer, _values: Row, _row: Row | None) -> str:
    return year_end.run_year_end(writer)


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    return year_end.withdraw_year_end(writer, id_of(row), values["reason"])


def _look(session: Session, reader: Reader) -> list[Problem]:
    """The preview, asked as a question: the second press of the key clears."""
    try:
        found = year_ends.preview(reader, session.today())
    except Refusal as wrong:
        return [Problem(Level.ERROR, "expiry.rule", str(wrong))]
    if not found.lines:
        message = f"{format_cn(found.cutoff_on)}以前得到的积分都已用完，没有要清零的"
        return [Problem(Level.ERROR, "expiry.nothing", message)]
    message = (
        f"{format_cn(found.cutoff_on)}以前得到、还没有用的积分：{len(found.lines):,} 人共 "
        f"{hours.format_centi(found.points)} 分将清零"
    )
    return [Problem(Level.QUESTION, "expiry.preview", message)]


def _expiry_people(session: Session) -> RowsTab:
    columns = (
        *PEOPLE_COLUMNS[:2],
        column("unit_name", "组织", Text(), 6),
        column("points", "清零", Points(allow_negative=True), 4),
    )
    return RowsTab(
        session,
        columns,
        year_ends.entries_of,
        name="清零名单",
        empty=("名单是空的", "这一批已经撤回"),
        says=lambda row: str(row["explanation"]),
    )


def build_expiries(session: Session) -> Page:
    """The page of year ends."""
    parts = RegisterPageParts(
        title="清零",
        search_hint="编号",
        new_label="清零",
        verbs=(
            Verb(
                label="清零",
                run=_run,
                needs_row=False,
                note="按“规则”里的积分结转办法清零：先说明人数和分数，再按一次 Ctrl+S 才清；清单可以先打印。",
                check=lambda reader, _values, _row: _look(session, reader),
                done="已清零，每人一笔，可以整批撤回",
            ),
            Verb(
                label="撤回",
                run=_withdraw,
                fields=(REASON,),
                note="这一批清掉的积分全部还回。",
                shows=lambda row: bool(row["status"] == "有效"),
                reason="reason",
                done="已撤回，积分已还回",
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: Facts(
            figures=(("人数", f"{row['people']:,}"), ("清零积分", hours.format_centi(row["points"]))),
            subtitle=row["kind"],
        ),
        tabs=(DetailTab(label="名单", build=_expiry_people),),
        printing=lambda page: page.session.go("papers", "points-expiry"),
        watches=("point_expiry_entry", "point_entry"),
    )
    return RegisterPage(session, desk_of(EXPIRIES), parts)
