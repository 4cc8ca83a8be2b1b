"""The rule bench (规则): versions at the left, the form of one in the middle, the test bench at the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Changes, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.kit.confirm import Step, confirm
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.kit.verb_form import VerbForm
from hongyao_desktop.volunteers.page.care.rule_bench import RuleBench
from hongyao_desktop.volunteers.page.care.rule_lines import (
    CHANGES,
    COLUMNS,
    DECIDED_BY,
    HEAD,
    STOP,
    may_decide,
    may_stop,
    shown,
    tone,
    untaken_words,
)
from hongyao_desktop.volunteers.queries import rule_sets as queries
from hongyao_desktop.volunteers.queries.shipped import read_shipped
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, RuleForm, form_of
from hongyao_desktop.volunteers.service import rule_sets

_TABLES: Final = frozenset({"rule_set", "point_entry"})
_LIST: Final = 490
_THREE_FROM: Final = 1000
"""Widths at 100 %: of the list, and from which on all three have room."""


class RulePage(Page):
    """Editor and test bench of every rule set of a room, by keyboard alone; other rooms bring their own forms."""

    def __init__(self, session: Session, forms: Sequence[RuleForm] = FORMS) -> None:
        super().__init__(session, "规则")
        self._forms = forms
        self.form: FormPanel | None = None
        self.kind: RuleForm | None = None
        self._row: Row | None = None
        self._rows: list[Row] = []
        self._keep = ""
        self._accepted: set[str] = set()
        self._saving = False
        self._left: dict[str, tuple[str, dict[str, Any]]] = {}
        self._benching = False
        self._shown_parts: tuple[bool, bool] | None = None
        self._shipped = read_shipped(look().resources / "rules")
        self._offered = False
        self._build()
        for keys, run in (
            ("Ctrl+S", self.save),
            ("F2", self.edit),
            ("F4", self.ask_stop),
            ("F6", self.go_trial),
            ("F7", self.take_examples),
            ("F8", self.ask_change),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)

    # -- building

    def _build(self) -> None:
        style = look()
        self.table = RegisterTable(
            COLUMNS, name="规则版本", tone=tone, empty=EmptyState("还没有规则", "新建单位时会带上样例规则")
        )
        self.table.current_changed.connect(self._show_rule)
        self.table.opened.connect(lambda _rule_id: self.edit())
        self._middle = named(QFrame(self), "panel")
        self._middle_column = self._column_of(self._middle)
        self.heading = named(QLabel(self._middle), "sectionTitle")
        self.note = named(QLabel(self._middle), "note")
        self.note.setWordWrap(True)
        self.save_button = QPushButton("存为新版本  Ctrl+S", self._middle)
        self.save_button.clicked.connect(self.save)
        self.save_button.setVisible(may_decide(self.session.who.roles))
        self.stop_button = QPushButton("停用这一版  F4", self._middle)
        self.stop_button.clicked.connect(self.ask_stop)
        self.bench_button = QPushButton(self._middle)
        self.bench_button.clicked.connect(self._toggle_bench)
        self.stopping: VerbForm | None = None
        self._middle_column.addWidget(self.heading)
        self._middle_column.addWidget(self.note)
        self._middle_column.addWidget(self.save_button)
        beside = QHBoxLayout()
        beside.setSpacing(style.px(Space.S))
        beside.addWidget(self.stop_button)
        beside.addWidget(self.bench_button)
        self._middle_column.addLayout(beside)
        self.bench = RuleBench(self.session, self)
        self.bench.case_changed.connect(self.try_out)
        self.bench.change_asked.connect(self.ask_change)
        self._splitter = splitter = QSplitter(self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(style.px(Space.M))
        for part in (self.table, self._middle, self.bench):
            splitter.addWidget(part)
        self.column.addWidget(splitter, 1)
        self.column.addSpacing(style.px(Space.M))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All three beside each other, or two of them where there is no room."""
        super().resizeEvent(event)
        self._fit()

    @property
    def narrow(self) -> bool:
        """Whether list, form and bench do not fit beside each other: large text on a small screen."""
        return self.width() < look().px(_THREE_FROM)

    def _fit(self) -> None:
        """List and form, or form and bench, where three are too many; Esc and F6 lead from one to the other."""
        narrow = self.narrow
        shown = narrow, self._benching
        if shown == self._shown_parts:
            return
        self._shown_parts = shown
        style = look()
        self.table.setVisible(not narrow or not self._benching)
        self.bench.setVisible(not narrow or self._benching)
        self.bench_button.setVisible(narrow)
        self.bench_button.setText("回到列表  Esc" if self._benching else "试算  F6")
        self._splitter.setSizes([style.px(_LIST), style.px(Width.FORM_LEAST), style.px(Width.FORM_LEAST)])

    def _turn(self, *, to_bench: bool) -> None:
        self._benching = to_bench
        self._fit()

    def _toggle_bench(self) -> None:
        if self._benching:
            self.back()
        else:
            self.go_trial()

    def _column_of(self, frame: QWidget) -> QVBoxLayout:
        style = look()
        column = QVBoxLayout(frame)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column.setSpacing(style.px(Space.S))
        return column

    # -- for the window

    def touches(self, changes: Changes) -> bool:
        """New versions, and the first entry counted by one."""
        return not _TABLES.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Read the versions again; what is being typed stays."""
        today, forms, shipped = self.session.today(), self._forms, self._shipped
        self.session.read(
            self, lambda reader: queries.versions(reader, today, forms, shipped), self._show, self.refuse
        )

    def activate(self) -> None:
        """The keyboard belongs on the list."""
        self._to_list()

    def enter(self) -> None:
        """Shown again; who may not decide about rules learns it before typing a version."""
        super().enter()
        if not may_decide(self.session.who.roles):
            self.say(Tone.INFO, DECIDED_BY)

    def open_row(self, row_id: str) -> None:
        """Show one version."""
        self._keep = row_id
        self._select(row_id)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        decides = may_decide(self.session.who.roles)
        takes = (("F7", "收入样例"),) if decides and untaken_words(self._rows) else ()
        return (
            ("Enter", "修改" if decides else "查看"),
            *((("F4", "停用"),) if decides else ()),
            ("F6", "试算"),
            *takes,
            *((("F8", "会改变什么"),) if any(form.kind in CHANGES for form in self._forms) else ()),
            *((("Ctrl+S", "存为新版本"),) if decides else ()),
            ("Esc", "返回"),
        )

    def _can_stop(self) -> bool:
        return self._row is not None and may_stop(self._row, self.session.who.roles)

    def unsaved(self) -> str | None:
        """A version half written."""
        if self.form is not None and self.form.dirty and self.kind is not None:
            return f"规则：{self.kind.label}改了还没有存为新版本"
        if self._left:
            return f"规则：{next(iter(self._left.values()))[0]}改了还没有存为新版本"
        return None

    def drafts(self) -> list[Draft]:
        """Versions half written: the one in front, and those left for another rule."""
        left = dict(self._left)
        if self.form is not None and self.form.dirty and self._row is not None:
            left[str(self._row["id"])] = str(self._row["label"]), self.form.texts(changed_only=True)
        return [
            Draft(f"rule:{rule_id}", f"规则 {label}", {"rule": rule_id, "label": label, "texts": texts})
            for rule_id, (label, texts) in left.items()
        ]

    def put_back(self, draft: Draft) -> None:
        """Open the version with what was typed."""
        rule_id = str(draft.values["rule"])
        self._left[rule_id] = str(draft.values["label"]), dict(draft.values["texts"])
        if self._row is not None and self._row["id"] == rule_id:
            self._open()
        else:
            self.open_row(rule_id)

    # -- what is shown

    def _show(self, rows: Sequence[Row]) -> None:
        keep = self._keep or self.table.current_id()
        self._rows = [shown(row) for row in rows]
        place = next((n for n, row in enumerate(rows) if row["id"] == keep), 0 if rows else None)
        self.table.show_rows(HeldRows(self._rows), self.session.reader, position=place)
        self._keep = ""
        lacking = untaken_words(self._rows)
        self.keys_changed.emit()
        if lacking and not self._offered and may_decide(self.session.who.roles):
            self._offered = True
            self.say(Tone.INFO, lacking, "收入样例  F7", self.take_examples)

    def take_examples(self) -> None:
        """F7: the examples that the program brings and this file lacks come into it; none of them is in force."""
        forms, shipped = self._forms, self._shipped
        self.session.write(
            self,
            "收入样例",
            lambda writer: rule_sets.take_examples(writer, shipped, forms),
            self._taken,
            self.refuse,
            reason="程序自带的样例",
        )

    def _taken(self, made: Sequence[str]) -> None:
        self._keep, self._row = made[0], None
        self.say(Tone.GOOD, f"已收入 {len(made)} 个样例；样例不参加计算，改好后存成本单位的办法")
        self.reload()
        self._to_list()

    def _select(self, row_id: str) -> None:
        place = next((n for n, row in enumerate(self._rows) if row["id"] == row_id), None)
        if place is not None:
            self.table.select(place)

    def _show_rule(self, rule_id: str) -> None:
        row = next((row for row in self._rows if row["id"] == rule_id), None)
        if row is None or (self._row is not None and self._row["id"] == rule_id and self.form is not None):
            return
        if self.form is not None and self.form.dirty and self._row is not None:
            before = self._row["id"]
            self._left[str(before)] = str(self._row["label"]), self.form.texts(changed_only=True)
            self.say(
                Tone.WARN,
                f"{self._row['label']}的修改没有存为新版本，先替您留着",
                "返回继续",
                lambda: self._select(before),
            )
        self._row = row
        self.kind = form_of(row["kind"], self._forms)
        self._accepted = set()
        self._open()

    def _open(self) -> None:
        row, kind = self._row, self.kind
        if row is None or kind is None:
            return
        self._close_stop()
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        rule = from_row(row)
        example = row["kind"].endswith(EXAMPLE)
        self.heading.setText(f"{kind.label}　{row['state']}")
        self.note.setText(
            f"{row['source']}" + ("　改好名称和生效日期，存成本单位的办法。" if example else "")
        )
        self.form = FormPanel((*HEAD, *kind.fields), self.session, name=kind.label, parent=self._middle)
        self._middle_column.insertWidget(2, self.form, 1)
        self.form.load({**kind.to_values(rule.body), **self._head_of(row, example=example)})
        self.bench.begin(kind)
        self.form.typed.connect(self.try_out)
        self.form.settled.connect(self.try_out)
        self.form.changed.connect(self._primary)
        self.form.finished.connect(self.save_button.setFocus)
        self.stop_button.setVisible(self._can_stop())
        left = self._left.pop(str(row["id"]), None)
        if left is not None:
            self.form.restore(left[1])
        self.form.typed.connect(self.session.drafts.typed)
        self._primary()
        self.try_out()

    def _head_of(self, row: Row, *, example: bool) -> Row:
        """Name and day a new version begins with: that of the office's own rule, from the first of next month."""
        today = self.session.today()
        following = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        name = row["name"]
        if example:
            own = row["kind"].removesuffix(EXAMPLE)
            mine = next((one for one in self._rows if one["kind"] == own and one["state"] == "现行"), None)
            name = mine["name"] if mine is not None else name.removesuffix("（样例）")
        return {"name": name, "effective_on": following.isoformat(), "source": None}

    def _primary(self) -> None:
        restate(self.save_button, "primary", self.form is not None and self.form.dirty)

    # -- the test bench

    def _values(self) -> tuple[Row, list[Problem]]:
        assert self.form is not None
        context = self.session.context()
        values: Row = {}
        problems: list[Problem] = []
        for name, box in self.form.boxes.items():
            parsed = box.entry.parsed(context)
            values[name] = parsed.value
            problems += (problem.at(field=name) for problem in parsed.problems)
            if box.field.required and parsed.value is None and parsed.good and name != "source":
                problems.append(Problem(Level.ERROR, "required", f"{box.field.label}还没有填", name))
        return values, problems

    def _draft(self) -> Any:
        """The rule as typed; refuses what cannot be understood."""
        assert self.kind is not None
        values, problems = self._values()
        wrong = next((problem for problem in problems if problem.level is Level.ERROR), None)
        if wrong is not None:
            raise Refusal(wrong.message)
        own = [row for row in self._rows if (row["kind"], row["name"]) == (self.kind.kind, values["name"])]
        version = max((row["version"] for row in own), default=0) + 1
        return self.kind.read(rule_sets.draft_of(self.kind, values, version=version))

    def try_out(self) -> None:
        """Say what the rule as typed makes of the case in the bench, and what the rule in force does."""
        if self.kind is None or self.form is None:
            return
        own = self.kind.kind
        running = next((row for row in self._rows if row["kind"] == own and row["state"] == "现行"), None)
        self.bench.say(self._draft, running)

    def ask_change(self) -> None:
        """F8: what the rule as typed would change."""
        if self.form is None:
            return
        if not self.bench.tells_change:
            self.say(Tone.INFO, "这种规则不改已经登记的，改了只管以后")
            return
        try:
            draft = self._draft()
        except Refusal as wrong:
            self.refuse(wrong)
            return
        self.messages.dismiss()
        if self.narrow and not self._benching:  # the list, which has the keyboard, makes room
            self._turn(to_bench=True)
            self.bench.change_button.setFocus()
        self.bench.tell_change(draft)

    # -- moving and saving

    def edit(self) -> None:
        """Enter: into the form."""
        if self.form is not None:
            self.form.focus_first()

    def go_trial(self) -> None:
        """F6: into the test bench."""
        if self.bench.trial is not None:
            self._turn(to_bench=True)
            self.bench.trial.focus_first()

    def _to_list(self) -> None:
        self._turn(to_bench=False)
        self.table.view.setFocus()

    def back(self) -> None:
        """Esc: the message goes first, then the keyboard returns to the list; what was typed stays."""
        if self.messages.put_away():
            return
        if self.stopping is not None:
            self._close_stop()
            self._to_list()
        else:
            self._to_list()

    def ask_stop(self) -> None:
        """F4: set the version in front aside (停用), with the reason; in place of its form."""
        if not self._can_stop() or self.form is None or self.stopping is not None:
            return
        self.stopping = VerbForm(STOP, self._row, self.session, {}, self._middle, room="rules")
        self.stopping.done.connect(self._stopped)
        self.stopping.closed.connect(self._close_stop)
        self.stopping.objected.connect(lambda sentence: self.say(Tone.BAD, sentence))
        self.stopping.asked.connect(
            lambda sentence: self.say(Tone.WARN, f"{sentence}；确认无误请再按一次 Ctrl+S")
        )
        for widget in (self.form, self.save_button, self.stop_button):
            widget.hide()
        self._middle_column.addWidget(self.stopping, 1)
        self.stopping.begin()

    def _close_stop(self) -> None:
        stopping, self.stopping = self.stopping, None
        if stopping is None or self.form is None:
            return
        stopping.hide()
        stopping.deleteLater()
        self.form.show()
        self.save_button.setVisible(may_decide(self.session.who.roles))
        self.stop_button.setVisible(self._can_stop())

    def _stopped(self, sentence: str, rule_id: str) -> None:
        self._close_stop()
        self._keep, self._row = rule_id, None
        self.say(Tone.GOOD, sentence)
        self.reload()
        self._to_list()

    def save(self) -> None:
        """Ctrl+S: the rule as typed becomes a new version; or what is being asked is answered."""
        if self.stopping is not None:
            self.stopping.confirm()
            return
        kind, form = self.kind, self.form
        if kind is None or form is None or self._saving:
            return
        if not may_decide(self.session.who.roles):
            self.say(Tone.INFO, DECIDED_BY)
            return
        values, problems = form.read()
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(problems)
            return
        self._saving = True
        today = self.session.today()
        confirm(
            self.session,
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
                draft=f"rule:{self._row['id']}" if self._row is not None else "",
            ),
        )

    def _saved(self, rule_id: str, values: Row) -> None:
        self._saving = False
        assert self.form is not None
        self.form.saved()
        self._keep = rule_id
        self._row = None
        day = format_cn(dt.date.fromisoformat(values["effective_on"]))
        self.say(Tone.GOOD, f"已存为新版本，{day}起生效；以前的各版和已经登记的不变")
        self.reload()
        self._to_list()

    def _object(self, problems: Sequence[Problem]) -> None:
        self._saving = False
        assert self.form is not None
        elsewhere = self.form.show_problems(problems)
        errors = [problem for problem in problems if problem.level is Level.ERROR]
        if errors:
            first = next((one.message for one in elsewhere if one.level is Level.ERROR), errors[0].message)
            self.say(Tone.BAD, first)
            return
        self._accepted |= {problem.code for problem in problems}
        self.say(Tone.WARN, f"{problems[0].message}；确认无误请再按一次 Ctrl+S")

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self.refuse(error)
