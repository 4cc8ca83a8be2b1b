"""One version of a rule: what it is, its form, saving it as the next version, setting it aside (停用)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.kit.confirm import Step, confirm
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.kit.verb_form import VerbForm
from hongyao_desktop.volunteers.page.care.rule_lines import DECIDED_BY, HEAD, STOP, may_decide, may_stop
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, RuleForm
from hongyao_desktop.volunteers.service import rule_sets


class RuleVersion(QFrame):
    """The version in front; the list beside it says which.

    Signals:
        typed: what the bench tries out is another thing now.
        told: a sentence for the message bar (tone, sentence).
        stored: it became a new version, or was set aside (sentence, rule id).
        turned: the bench is wanted, or the list again, where only one of them has room.
    """

    typed = Signal()
    told = Signal(Tone, str)
    stored = Signal(str, str)
    turned = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._session = session
        self.row: Row | None = None
        self.kind: RuleForm | None = None
        self.form: FormPanel | None = None
        self.stopping: VerbForm | None = None
        self._accepted: set[str] = set()
        self._saving = False
        style = look()
        self._column = QVBoxLayout(self)
        side = style.px(Space.L)
        self._column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        self._column.setSpacing(style.px(Space.S))
        self.heading = named(QLabel(self), "sectionTitle")
        self.note = named(QLabel(self), "note")
        self.note.setWordWrap(True)
        self.save_button = QPushButton("存为新版本  Ctrl+S", self)
        self.save_button.clicked.connect(self.save)
        self.save_button.setVisible(self._may_decide())
        self.stop_button = QPushButton("停用这一版  F4", self)
        self.stop_button.clicked.connect(self.ask_stop)
        self.bench_button = QPushButton(self)
        self.bench_button.clicked.connect(self.turned)
        self._column.addWidget(self.heading)
        self._column.addWidget(self.note)
        self._column.addWidget(self.save_button)
        beside = QHBoxLayout()
        beside.setSpacing(style.px(Space.S))
        beside.addWidget(self.stop_button)
        beside.addWidget(self.bench_button)
        self._column.addLayout(beside)

    # -- what is shown

    @property
    def dirty(self) -> bool:
        """Whether something is typed that no version holds yet."""
        return self.form is not None and self.form.dirty

    def holds(self, rule_id: str) -> bool:
        """Whether this version stands here with its form."""
        return self.form is not None and self.row is not None and self.row["id"] == rule_id

    def let_go(self) -> None:
        """The versions are read anew: none of them is the one in front until one is shown."""
        self.row = None

    def show_version(self, row: Row, kind: RuleForm, name: str, left: Mapping[str, Any] | None) -> None:
        """Show one; ``name`` is that of the version made of it, ``left`` what was half typed before."""
        self.row, self.kind = row, kind
        self._accepted = set()
        self.close_stop()
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        example = row["kind"].endswith(EXAMPLE)
        self.heading.setText(f"{kind.label}　{row['state']}")
        self.note.setText(
            f"{row['source']}" + ("　改好名称和生效日期，存成本单位的办法。" if example else "")
        )
        self.form = form = FormPanel((*HEAD, *kind.fields), self._session, name=kind.label, parent=self)
        self._column.insertWidget(2, form, 1)
        head = {"name": name, "effective_on": self._next_month().isoformat(), "source": None}
        form.load({**kind.to_values(from_row(row).body), **head})
        form.typed.connect(self.typed)
        form.settled.connect(self.typed)
        form.changed.connect(self._primary)
        form.finished.connect(self.save_button.setFocus)
        self.stop_button.setVisible(self._can_stop())
        if left is not None:
            form.restore(left)
        form.typed.connect(self._session.drafts.typed)
        self._primary()

    def _next_month(self) -> dt.date:
        """A new version begins with the first of next month, unless another day is typed."""
        return (self._session.today().replace(day=1) + dt.timedelta(days=32)).replace(day=1)

    def _primary(self) -> None:
        restate(self.save_button, "primary", self.dirty)

    def edit(self) -> None:
        """Into the form."""
        if self.form is not None:
            self.form.focus_first()

    # -- as typed

    def _values(self) -> tuple[Row, list[Problem]]:
        assert self.form is not None
        context = self._session.context()
        values: Row = {}
        problems: list[Problem] = []
        for name, box in self.form.boxes.items():
            parsed = box.entry.parsed(context)
            values[name] = parsed.value
            problems += (problem.at(field=name) for problem in parsed.problems)
            if box.field.required and parsed.value is None and parsed.good and name != "source":
                problems.append(Problem(Level.ERROR, "required", f"{box.field.label}还没有填", name))
        return values, problems

    def draft(self, versions: Sequence[Row]) -> Any:
        """The rule as typed, the next among ``versions``; refuses what cannot be understood."""
        assert self.kind is not None
        values, problems = self._values()
        wrong = next((problem for problem in problems if problem.level is Level.ERROR), None)
        if wrong is not None:
            raise Refusal(wrong.message)
        own = [row for row in versions if (row["kind"], row["name"]) == (self.kind.kind, values["name"])]
        version = max((row["version"] for row in own), default=0) + 1
        return self.kind.read(rule_sets.draft_of(self.kind, values, version=version))

    # -- setting it aside

    def _may_decide(self) -> bool:
        return may_decide(self._session.who.roles)

    def _can_stop(self) -> bool:
        return self.row is not None and may_stop(self.row, self._session.who.roles)

    def ask_stop(self) -> None:
        """F4: set the version in front aside (停用), with the reason; in place of its form."""
        if not self._can_stop() or self.form is None or self.stopping is not None:
            return
        self.stopping = VerbForm(STOP, self.row, self._session, {}, self, room="rules")
        self.stopping.done.connect(self._stopped)
        self.stopping.closed.connect(self.close_stop)
        self.stopping.objected.connect(lambda sentence: self.told.emit(Tone.BAD, sentence))
        self.stopping.asked.connect(self._doubt)
        for widget in (self.form, self.save_button, self.stop_button):
            widget.hide()
        self._column.addWidget(self.stopping, 1)
        self.stopping.begin()

    def close_stop(self) -> None:
        """Back to the form, without setting anything aside."""
        stopping, self.stopping = self.stopping, None
        if stopping is None or self.form is None:
            return
        stopping.hide()
        stopping.deleteLater()
        self.form.show()
        self.save_button.setVisible(self._may_decide())
        self.stop_button.setVisible(self._can_stop())

    def _stopped(self, sentence: str, rule_id: str) -> None:
        self.close_stop()
        self.stored.emit(sentence, rule_id)

    # -- saving

    def save(self) -> None:
        """Ctrl+S: the rule as typed becomes a new version; or what is being asked is answered."""
        if self.stopping is not None:
            self.stopping.confirm()
            return
        kind, form = self.kind, self.form
        if kind is None or form is None or self._saving:
            return
        if not self._may_decide():
            self.told.emit(Tone.INFO, DECIDED_BY)
            return
        values, problems = form.read()
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(problems)
            return
        self._saving = True
        today = self._session.today()
        confirm(
            self._session,
            form,
            Step(
                op=f"修改{kind.label}",
                check=lambda reader: rule_sets.check_version(reader, kind, values, today),
                write=lambda writer: rule_sets.add_version(writer, kind, values),
                accepted=self._accepted,
                done=lambda rule_id, _found: self._saved(rule_id, values),
                objected=self._object,
                refused=self._refused,
                reason=values["source"],
                draft=f"rule:{self.row['id']}" if self.row is not None else "",
            ),
        )

    def _saved(self, rule_id: str, values: Row) -> None:
        self._saving = False
        assert self.form is not None
        self.form.saved()
        day = format_cn(dt.date.fromisoformat(values["effective_on"]))
        self.stored.emit(f"已存为新版本，{day}起生效；以前的各版和已经登记的不变", rule_id)

    def _object(self, problems: Sequence[Problem]) -> None:
        self._saving = False
        assert self.form is not None
        elsewhere = self.form.show_problems(problems)
        errors = [problem for problem in problems if problem.level is Level.ERROR]
        if errors:
            first = next((one.message for one in elsewhere if one.level is Level.ERROR), errors[0].message)
            self.told.emit(Tone.BAD, first)
            return
        self._accepted |= {problem.code for problem in problems}
        self._doubt(problems[0].message)

    def _doubt(self, sentence: str) -> None:
        self.told.emit(Tone.WARN, f"{sentence}；确认无误请再按一次 Ctrl+S")

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self.told.emit(Tone.BAD, str(error))
