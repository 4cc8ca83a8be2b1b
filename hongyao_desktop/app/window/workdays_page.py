"""工作日设置: days off and days on that differ from the published holiday calendar, as this office knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from hongyao_desktop.app.window.navigation import SYSTEM
from hongyao_desktop.core.day_corrections import LONGEST_NOTE, DayCorrection, DayKind
from hongyao_desktop.core.desk import Changes, Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Choice, Date, Text
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.roles import sees_business
from hongyao_desktop.core.workdays import Overrides, add_workdays, is_workday
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.people.calendar import MAY_CORRECT, correct_days, corrections, office_workdays

OPERATION: Final = "更正工作日"
_WEEK: Final = "一二三四五六日"
_PANEL: Final = 320
_MOST_DAYS: Final = 31
_AHEAD: Final = 5
_DRAFT: Final = "workdays"
_field = partial(Field, sensitivity=Sensitivity.INTERNAL, section="更正")

COLUMNS: Final = (
    _field(name="day", label="日期", type=Date(), width=10),
    _field(name="weekday", label="星期", type=Text(), width=6),
    _field(name="kind", label="更正为", type=Text(), width=6),
    _field(name="note", label="说明", type=Text(), width=16),
)
ASKED: Final = (
    _field(name="first", label="日期", type=Date(), required=True),
    _field(name="last", label="到", type=Date(), help="连着几天时填最后一天，只有一天不用填。"),
    _field(
        name="kind",
        label="更正为",
        type=Choice(tuple(kind.value for kind in DayKind)),
        required=True,
        help="放假：节假日；上班：调休上班、值守。",
    ),
    _field(
        name="note", label="说明", type=Text(max_chars=LONGEST_NOTE), help="如 春节、国庆节调休、防汛值守。"
    ),
)


def days_of(values: dict[str, Any]) -> tuple[list[DayCorrection], list[Problem]]:
    """The corrections a filled form asks for, or what is wrong with it."""
    first = dt.date.fromisoformat(values["first"])
    last = dt.date.fromisoformat(values["last"]) if values.get("last") else first
    count = (last - first).days + 1
    if count < 1:
        return [], [Problem(Level.ERROR, "workday.order", "早于起始日期，请核对", field="last")]
    if count > _MOST_DAYS:
        sentence = f"一次最多更正 {_MOST_DAYS} 天，现在是 {count} 天，请核对"
        return [], [Problem(Level.ERROR, "workday.many", sentence, field="last")]
    kind, note = DayKind(values["kind"]), values.get("note") or ""
    days = (first + dt.timedelta(days=offset) for offset in range(count))
    return [DayCorrection(day, kind, note) for day in days], []


class WorkdaysPage(Page):
    """The list of corrections, and beside it the form that adds some."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "工作日设置")
        style = look()
        self._rows: list[Row] = []
        empty = EmptyState("没有更正过工作日", "公布了新的放假安排，或本单位有值守、调休时，在这里添加。")
        self.table = RegisterTable(COLUMNS, name="工作日更正", empty=empty)
        self.form = FormPanel(ASKED, session, name="工作日更正", columns=1)
        self.form.finished.connect(self.add)
        self.form.typed.connect(session.drafts.typed)
        self.add_button = QPushButton("添加 Ctrl+S", self)
        self.add_button.setProperty("primary", True)
        self.add_button.clicked.connect(lambda _checked=False: self.add())
        self.remove_button = QPushButton("撤回选中的日子 Ctrl+D", self)
        self.remove_button.clicked.connect(lambda _checked=False: self.remove())
        self.told = named(QLabel(self), "note")
        self.told.setWordWrap(True)
        panel = named(QFrame(self), "panel")
        panel.setFixedWidth(style.px(_PANEL))
        side = QVBoxLayout(panel)
        side.setContentsMargins(*(style.px(Space.L),) * 4)
        side.setSpacing(style.px(Space.S))
        for widget in (self.form, self.add_button, self.remove_button, self.told):
            side.addWidget(widget)
        side.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(style.px(Space.M))
        body.addWidget(self.table, 1)
        body.addWidget(panel)
        self.column.addLayout(body, 1)
        self.column.addSpacing(style.px(Space.S))
        self._allowed = allowed = bool(session.who.roles & MAY_CORRECT)
        for widget in (self.form, self.add_button, self.remove_button):
            widget.setVisible(allowed)
        if allowed:
            self.on_key("Ctrl+S", self.add)
            self.on_key("Ctrl+D", self.remove)
        self.on_key("Esc", self.back)
        self.form.load({"kind": DayKind.OFF.value})

    # -- what the window asks

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        changing = (("Ctrl+S", "添加"), ("Ctrl+D", "撤回选中的")) if self._allowed else ()
        return (*changing, ("Esc", "返回"))

    def back(self) -> None:
        """Esc: close the message, else to the list; what is typed stays."""
        if not self.messages.put_away():
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def unsaved(self) -> str | None:
        """A correction that is typed and not added."""
        return "工作日设置里有一处更正还没有添加" if self.form.dirty else None

    def drafts(self) -> Sequence[Draft]:
        """The form, as soon as something is typed in it."""
        if not self.form.dirty:
            return ()
        return (Draft(_DRAFT, "工作日更正", {"texts": self.form.texts(changed_only=True)}),)

    def put_back(self, draft: Draft) -> None:
        """Fill the form again; nothing is corrected by it."""
        self.form.restore(draft.values["texts"])
        self.form.focus_first()

    def touches(self, changes: Changes) -> bool:
        """Settings."""
        return "setting" in changes.tables

    def activate(self) -> None:
        """The keyboard begins in the form, or in the list for those who only read."""
        if self._allowed:
            self.form.boxes["first"].entry.editor().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.table.view.setFocus()

    def reload(self) -> None:
        """Read the corrections."""
        today = self.session.today()
        self.session.read(
            self,
            lambda reader: (_listed(reader), _ahead(today, office_workdays(reader))),
            lambda found: self._show(*found),
        )

    def _show(self, rows: list[Row], told: str) -> None:
        self._rows = rows
        self.table.show_rows(HeldRows(rows), self.session.reader, position=0)
        self.told.setText(told if self._allowed else f"{told}更正由审核、审批人员或系统管理员办理。")

    # -- changing

    def add(self) -> None:
        """Add what the form says."""
        values, problems = self.form.read()
        added: list[DayCorrection] = []
        if not problems:
            added, problems = days_of(values)
        if problems:
            self.form.show_problems(problems)
            return

        def done(_nothing: None) -> None:
            self.form.load({"kind": values["kind"]})
            self.say(Tone.GOOD, f"已更正 {len(added)} 天，以后的公示期和工单期限按它推算")

        self.session.write(
            self, OPERATION, lambda writer: correct_days(writer, added), done, self.refuse, draft=_DRAFT
        )

    def remove(self) -> None:
        """Take the selected corrections back."""
        chosen = set(self.table.selected_ids())
        gone = [row["correction"] for row in self._rows if row["id"] in chosen]
        if not gone:
            return

        def work(writer: Writer) -> None:
            correct_days(writer, (), gone)

        self.session.write(
            self,
            OPERATION,
            work,
            lambda _nothing: self.say(Tone.GOOD, f"已撤回 {len(gone)} 天的更正"),
            self.refuse,
        )


def _listed(reader: Reader) -> list[Row]:
    return [
        {
            "id": correction.day.isoformat(),
            "day": correction.day.isoformat(),
            "weekday": f"星期{_WEEK[correction.day.weekday()]}",
            "kind": correction.kind.value,
            "note": correction.note,
            "correction": correction,
        }
        for correction in reversed(corrections(reader))
    ]


def _ahead(today: dt.date, known: Overrides) -> str:
    """What the corrections come to: today, and the end of five working days from today."""
    until = add_workdays(today - dt.timedelta(days=1), _AHEAD, known)
    what = "上班" if is_workday(today, known) else "不上班"
    last = f"{until.month}月{until.day}日（星期{_WEEK[until.weekday()]}）"
    return f"今天{what}；今天起公示 {_AHEAD} 个工作日，到 {last}。"


def workday_pages(roles: Collection[Role]) -> Sequence[PageSpec]:
    """The page, for those who count working days or may correct them."""
    if not (sees_business(roles) or MAY_CORRECT.intersection(roles)):
        return ()
    return (
        PageSpec(
            place="system.workdays",
            section=SYSTEM,
            title="工作日设置",
            icon="system",
            build=WorkdaysPage,
            help=(
                "程序自带已公布的放假安排。新一年的安排公布后，或本单位调休、值守时，在这里更正；"
                "公示期的截止日和工单期限从此按更正后的工作日推算，以前算好的不变。"
            ),
        ),
    )
