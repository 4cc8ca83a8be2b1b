"""Pages of attendance and of cadres by category, derived from their registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.parts import Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.training.module import MODULE
from hongyao_desktop.training.page.lookup import trainee_lookup
from hongyao_desktop.training.page.work import CLASSES_PLACE
from hongyao_desktop.training.records import ATTENDANCE, CADRES, MARKS, TRAINEES

_TONES = {"到": "good", "迟到": "warn", "早退": "warn", "请假": "info", "缺勤": "bad"}


def mark_tone(field: Field, row: Row) -> str | None:
    """Colours of the attendance list: the mark speaks, the rest is quiet."""
    return _TONES.get(row["mark"]) if field.name == "mark" else None


def exempt_tone(field: Field, row: Row) -> str | None:
    """Colours of the list of cadres: who is exempt, whose category is over."""
    if field.name == "exempt_reason":
        return "info"
    return "ink_3" if row.get("until_on") else None


def _to_class(session: Session, row: Row | None) -> None:
    if row is not None:
        session.go(CLASSES_PLACE, str(row["class_id"]))


_OPEN_CLASS = Verb(label="打开班次", direct=_to_class)


class AttendancePage(RegisterPage):
    """Marks are corrected here; they come about by calling the roll, so there is nothing to add."""

    @property
    def can_add(self) -> bool:
        """Never by a form."""
        return False

    def add(self) -> None:
        """Ctrl+N leads to where the roll is called."""
        self.session.go(CLASSES_PLACE)


def build_attendance(session: Session) -> Page:
    """The page of attendance: everybody at every session."""
    desk = next(desk for desk in MODULE.desks if desk.register is ATTENDANCE)
    parts = RegisterPageParts(
        title="考勤",
        search_hint="姓名、首字母、电话",
        facts=lambda _reader, row: Facts(
            subtitle=f"{row['held_on']} {row['part']}", note=f"{row['class_name']}：{row['explanation']}"
        ),
        verbs=(_OPEN_CLASS,),
        tone=mark_tone,
        views=(View(label="全部"), *(View(label=mark, equals=(("mark", mark),)) for mark in MARKS)),
        importing=lambda page: page.session.go("intake", ATTENDANCE.name),
        watches=("training_class", "training_session", "trainee", "person"),
    )
    return AttendancePage(session, desk, parts)


def build_trainees(session: Session) -> Page:
    """The page of trainees: everybody in every class, with the 学时 got there."""
    desk = next(desk for desk in MODULE.desks if desk.register is TRAINEES)
    parts = RegisterPageParts(
        title="学员",
        search_hint="姓名、首字母、电话",
        facts=lambda _reader, row: Facts(subtitle=row["post"] or "", note=row["class_name"]),
        verbs=(_OPEN_CLASS,),
        watches=("training_class", "attendance", "person"),
    )
    return AttendancePage(session, desk, parts)


def _this_year(session: Session) -> Mapping[str, Any]:
    return {"from_on": session.today().replace(month=1, day=1).isoformat()}


def build_cadres(session: Session) -> Page:
    """The page of cadres by category."""
    desk = next(desk for desk in MODULE.desks if desk.register is CADRES)
    parts = RegisterPageParts(
        title="干部类别",
        search_hint="姓名、首字母、电话",
        new_label="登记类别",
        tone=exempt_tone,
        defaults=_this_year,
        lookups={"people": trainee_lookup(session)},
        importing=lambda page: page.session.go("intake", CADRES.name),
        watches=("person",),
    )
    return RegisterPage(session, desk, parts)
