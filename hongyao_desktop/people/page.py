"""Screens of people and units: the two lists, and closing a record with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Choice, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.people import service
from hongyao_desktop.people.module import MODULE
from hongyao_desktop.people.records import PEOPLE, PERSON_GONE, UNITS

Step = Callable[[Writer, str, str], None]


def _reason(example: str) -> Field:
    return Field(
        name="reason",
        label="原因",
        type=Text(max_chars=100),
        sensitivity=Sensitivity.INTERNAL,
        required=True,
        width=14,
        example=example,
    )


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def _with_reason(step: Step, writer: Writer, values: Row, row: Row | None) -> str:
    step(writer, _id_of(row), values["reason"])
    return _id_of(row)


def _gone(writer: Writer, values: Row, row: Row | None) -> str:
    on = dt.date.fromisoformat(values["status_on"]) if values["status_on"] else None
    service.retire_person(writer, _id_of(row), values["reason"], status=values["status"], on=on)
    return _id_of(row)


_LEAVE = Verb(
    label="迁出或去世",
    run=_gone,
    fields=(
        replace(PEOPLE.field("status"), section="基本", type=Choice(PERSON_GONE), required=True),
        replace(PEOPLE.field("status_on"), section="基本", label="哪一天", help="不填为今天。"),
        _reason("迁往外区"),
    ),
    note="以前的记录都保留；以后选人时排在最后并注明。",
    defaults=lambda session, _row: {"status": PERSON_GONE[0], "status_on": session.today().isoformat()},
    shows=lambda row: row["status"] not in PERSON_GONE,
    reason="reason",
    done="已登记",
)
_BACK = Verb(
    label="恢复在册",
    run=partial(_with_reason, service.return_person),
    fields=(_reason("迁回本街道"),),
    shows=lambda row: row["status"] in PERSON_GONE,
    reason="reason",
    done="已恢复在册",
)
_CLOSE = Verb(
    label="撤销组织",
    run=partial(_with_reason, service.retire_unit),
    fields=(_reason("并入水湾社区第二网格"),),
    note="以前的记录和统计都保留；以后选组织时排在最后并注明。下面还有在用组织的，先改到别的上级或撤销。",
    shows=lambda row: row["status"] == "在用",
    reason="reason",
    done="已撤销",
)
_REOPEN = Verb(
    label="恢复使用",
    run=partial(_with_reason, service.reopen_unit),
    fields=(_reason("撤销时选错"),),
    shows=lambda row: row["status"] != "在用",
    reason="reason",
    done="已恢复使用",
)


def _import(page: RegisterPage) -> None:
    page.session.go("intake", page.register.name)


def _build(parts: RegisterPageParts, register: str, session: Session) -> Page:
    desk = next(desk for desk in MODULE.desks if desk.register.name == register)
    return RegisterPage(session, desk, parts)


_PARTS = {
    PEOPLE: RegisterPageParts(
        search_hint="姓名、拼音首字母、电话、证件",
        verbs=(_LEAVE, _BACK),
        importing=_import,
        watches=("unit",),
    ),
    UNITS: RegisterPageParts(
        search_hint="组织名称、编号、书记",
        new_label="新增组织",
        verbs=(_CLOSE, _REOPEN),
        importing=_import,
        watches=(),
    ),
}

PAGES = tuple(
    PageSpec(
        place=register.name,
        section=MODULE.label,
        title=register.label,
        icon="people",
        build=partial(_build, parts, register.name),
        register=register.name,
        help=register.help,
    )
    for register, parts in _PARTS.items()
)
"""The list of people and that of units."""
