"""Steps taken with a class, one of its sessions or one of its trainees, each with its own small form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.training import queries, service
from hongyao_desktop.training.records import CLASSES, SESSION_FIELDS

REASON = Field(
    name="reason",
    label="原因",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
)

_FORM_ORDER = (
    "name",
    "starts_on",
    "ends_on",
    "form",
    "tier",
    "planned_credit",
    "place",
    "teacher",
    "host",
    "number",
    "unit_id",
    "note",
)
_PLAIN = CLASSES.field("name").section


def _class_field(name: str) -> Field:
    known = replace(CLASSES.field(name), section=_PLAIN)
    if name == "ends_on":
        return replace(known, required=False, help="只有一天的不用填。")
    if name == "host":
        return replace(known, width=10)
    if name == "planned_credit":
        return replace(known, default=None, help="请假满计划学时的七分之一会提醒。")
    return known


CLASS_FORM = tuple(_class_field(name) for name in _FORM_ORDER)
"""The form of a class: what every class has comes first, so that Ctrl+S may follow soon."""


def _filled(values: Row) -> Row:
    """The form's values with the last day of a one-day class, and no planned 学时 as zero."""
    return {
        **values,
        "ends_on": values.get("ends_on") or values.get("starts_on"),
        "planned_credit": values.get("planned_credit") or 0,
    }


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def _save_new(writer: Writer, values: Row, _row: Row | None) -> str:
    return service.save_class(writer, _filled(values), None)


def _check_new(reader: Reader, values: Row, _row: Row | None) -> list[Problem]:
    return service.check_class(reader, _filled(values), None)


def _save_changed(writer: Writer, values: Row, row: Row | None) -> str:
    return service.save_class(writer, _filled(values), _id_of(row))


def _check_changed(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
    return service.check_class(reader, _filled(values), _id_of(row))


NEW_CLASS = Verb(
    label="新建班次",
    run=_save_new,
    check=_check_new,
    fields=CLASS_FORM,
    needs_row=False,
    note="一期培训一个班次。保存后加学员、加课次，再点名；学时由点名折算，不另行填写。",
    defaults=lambda session, _row: {"starts_on": session.today().isoformat()},
)

EDIT_CLASS = Verb(
    label="修改班次",
    run=_save_changed,
    check=_check_changed,
    fields=(*CLASS_FORM[:-1], replace(CLASSES.field("status"), section=_PLAIN), CLASS_FORM[-1]),
    defaults=lambda _session, row: row or {},
)


def _cancel_class(writer: Writer, values: Row, row: Row | None) -> str:
    service.cancel_class(writer, _id_of(row), values["reason"])
    return _id_of(row)


CANCEL_CLASS = Verb(
    label="取消班次",
    run=_cancel_class,
    fields=(REASON,),
    note="班次和名单保留，不再计入统计。已有人计了学时的不能取消。",
    reason="reason",
    done="已取消班次",
)


# ------------------------------------------------------------------------------------------------------ sessions


def _next_session(session: Session, row: Row | None) -> Mapping[str, Any]:
    sheet = queries.class_sheet(session.reader, _id_of(row))
    if sheet is None:
        return {}
    day, part = service.next_slot(sheet)
    return {"held_on": day, "part": part}


def _add_session(writer: Writer, values: Row, row: Row | None) -> str:
    return service.save_session(writer, _id_of(row), values, None)


def _check_session(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
    return service.check_session(reader, _id_of(row), values, None)


ADD_SESSION = Verb(
    label="加课次",
    run=_add_session,
    check=_check_session,
    fields=SESSION_FIELDS,
    note="一个课次是半天、一个晚上或一整天，接着上一课次的日期和时段已经填好。",
    defaults=_next_session,
    done="已加课次",
)


def _change_session(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    return service.save_session(writer, row["class_id"], values, _id_of(row))


def _check_changed_session(reader: Reader, values: Row, row: Row | None) -> list[Problem]:
    assert row is not None
    return service.check_session(reader, row["class_id"], values, _id_of(row))


EDIT_SESSION = Verb(
    label="修改课次",
    run=_change_session,
    check=_check_changed_session,
    fields=SESSION_FIELDS,
    note="改了日期、时段或时长，已点名的学时按当日规则重算。",
    defaults=lambda _session, row: row or {},
    done="已修改课次",
)


def _cancel_session(writer: Writer, values: Row, row: Row | None) -> str:
    service.cancel_session(writer, _id_of(row), values["reason"])
    return ""


CANCEL_SESSION = Verb(
    label="取消课次",
    run=_cancel_session,
    fields=(REASON,),
    note="还没有点名的课次可以取消，取消后不计入全班学时。",
    reason="reason",
    done="已取消课次",
)


# ------------------------------------------------------------------------------------------------------ trainees


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    service.withdraw_trainee(writer, _id_of(row), values["reason"])
    return ""


WITHDRAW = Verb(
    label="办理退学",
    run=_withdraw,
    fields=(replace(REASON, example="请假超过总学时七分之一"),),
    note="名单上注明退学，以前到课的学时保留。",
    reason="reason",
    done="已办理退学",
)


def _complete(writer: Writer, _values: Row, row: Row | None) -> str:
    service.complete_trainee(writer, _id_of(row))
    return ""


COMPLETE = Verb(
    label="准予结业",
    run=_complete,
    check=lambda reader, _values, row: service.check_certificate(reader, _id_of(row)),
    note="请假超过规定的不能结业；有缺勤的会再问一次。",
    done="已准予结业",
)

ALL = (
    NEW_CLASS,
    EDIT_CLASS,
    CANCEL_CLASS,
    ADD_SESSION,
    EDIT_SESSION,
    CANCEL_SESSION,
    WITHDRAW,
    COMPLETE,
)
