"""Counting a class again by the rules now in force (核算学时): the differences are shown before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Role, Row
from hongyao_desktop.core.fields import Choice, CreditHours, Date, Name
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.training import service
from hongyao_desktop.training.queries import Difference
from hongyao_desktop.training.records import MARKS, PARTS

_INTERNAL = Sensitivity.INTERNAL
_FIELDS = (
    Field(name="name", label="姓名", type=Name(), sensitivity=_INTERNAL, width=6),
    Field(name="held_on", label="日期", type=Date(), sensitivity=_INTERNAL, width=7),
    Field(name="part", label="时段", type=Choice(PARTS), sensitivity=_INTERNAL, width=4),
    Field(name="mark", label="考勤", type=Choice(MARKS), sensitivity=_INTERNAL, width=4),
    Field(name="before", label="原学时", type=CreditHours(), sensitivity=_INTERNAL, width=4),
    Field(name="after", label="现学时", type=CreditHours(), sensitivity=_INTERNAL, width=4),
)


def period_of(training: Row) -> Period:
    """The days of a class as a period."""
    return Period(dt.date.fromisoformat(training["starts_on"]), dt.date.fromisoformat(training["ends_on"]))


class RecountForm(QWidget):
    """The difference list with its confirmation; it has the signals of a verb's form.

    Signals:
        done: the list was written (sentence, "").
        closed: the operator went back without it.
        objected: a refusal (sentence).
    """

    done = Signal(str, str)
    closed = Signal()
    objected = Signal(str)

    def __init__(self, session: Session, training: Row, shown: Sequence[Difference], parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._training = training
        self._shown = tuple(shown)
        self._running = False
        style = look()
        before = sum(row.before for row in shown)
        after = sum(row.after.credit for row in shown)
        may = Role.REVIEW in session.who.roles
        said = "不确认就不改动。" if may else "要改的话，请有“审核”权限的同事打开这里确认。"
        note = named(
            QLabel(
                f"现行规则与当时的规则不同，下面 {len(shown)} 人次的学时会变："
                f"合计由 {hours.format_centi(before)} 改为 {hours.format_centi(after)}。{said}",
                self,
            ),
            "note",
        )
        note.setWordWrap(True)
        self.table = RegisterTable(_FIELDS, name="学时差异")
        rows = [
            {
                "id": row.attendance_id,
                "name": row.person_name,
                "held_on": row.held_on,
                "part": row.part,
                "mark": row.mark,
                "before": row.before,
                "after": row.after.credit,
            }
            for row in shown
        ]
        self.table.show_rows(HeldRows(rows), session.reader, position=0)
        self.confirm_button = QPushButton("改为现学时  Ctrl+S", self)
        self.confirm_button.setProperty("primary", True)
        self.confirm_button.clicked.connect(self.confirm)
        self.confirm_button.setVisible(may)
        back = QPushButton("返回  Esc", self)
        back.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.px(Space.S))
        buttons.addWidget(self.confirm_button)
        buttons.addWidget(back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel("核算学时", self), "sectionTitle"))
        column.addWidget(note)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)

    def begin(self) -> None:
        """The list has the keyboard."""
        self.table.view.setFocus()

    def confirm(self) -> None:
        """Ctrl+S: write what is shown."""
        if self._running or self.confirm_button.isHidden():
            return
        self._set_running(running=True)
        period, class_id = period_of(self._training), str(self._training["id"])
        self._session.write(
            self,
            "核算学时",
            lambda writer: service.recount(writer, self._shown, period, class_id),
            lambda count: self.done.emit(f"已按现行规则改正 {count} 人次的学时", ""),
            self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self._set_running(running=False)
        self.objected.emit(str(error))

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        self.confirm_button.setEnabled(not running)
