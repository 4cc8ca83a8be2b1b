"""The rule bench (规则): versions at the left, the form of one in the middle, the test bench at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QSplitter,
)

from hongyao_desktop.core.desk import Changes, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.volunteers.page.care.rule_bench import RuleBench
from hongyao_desktop.volunteers.page.care.rule_lines import (
    CHANGES,
    COLUMNS,
    DECIDED_BY,
    may_decide,
    shown,
    tone,
    untaken_words,
)
from hongyao_desktop.volunteers.page.care.rule_version import RuleVersion
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
        self._rows: list[Row] = []
        self._keep = ""
        self._left: dict[str, tuple[str, dict[str, Any]]] = {}
        self._benching = False
        self._shown_parts: tuple[bool, bool] | None = None
        self._shipped = read_shipped(look().resources / "rules")
        self._offered = False
        self._build()
        for keys, run in (
            ("Ctrl+S", self.version.save),
            ("F2", self.edit),
            ("F4", self.version.ask_stop),
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
        self.version = RuleVersion(self.session, self)
        self.version.typed.connect(self.try_out)
        self.version.told.connect(self.say)
        self.version.stored.connect(self._stored)
        self.version.turned.connect(self._toggle_bench)
        self.bench = RuleBench(self.session, self)
        self.bench.case_changed.connect(self.try_out)
        self.bench.change_asked.connect(self.ask_change)
        self._splitter = splitter = QSplitter(self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(style.px(Space.M))
        for part in (self.table, self.version, self.bench):
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
        self.version.bench_button.setVisible(narrow)
        self.version.bench_button.setText("回到列表  Esc" if self._benching else "试算  F6")
        self._splitter.setSizes([style.px(_LIST), style.px(Width.FORM_LEAST), style.px(Width.FORM_LEAST)])

    def _turn(self, *, to_bench: bool) -> None:
        self._benching = to_bench
        self._fit()

    def _toggle_bench(self) -> None:
        if self._benching:
            self.back()
        else:
            self.go_trial()

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

    def unsaved(self) -> str | None:
        """A version half written."""
        if self.version.dirty and self.version.kind is not None:
            return f"规则：{self.version.kind.label}改了还没有存为新版本"
        if self._left:
            return f"规则：{next(iter(self._left.values()))[0]}改了还没有存为新版本"
        return None

    def drafts(self) -> list[Draft]:
        """Versions half written: the one in front, and those left for another rule."""
        left = dict(self._left)
        left |= self._half_written()
        return [
            Draft(f"rule:{rule_id}", f"规则 {label}", {"rule": rule_id, "label": label, "texts": texts})
            for rule_id, (label, texts) in left.items()
        ]

    def put_back(self, draft: Draft) -> None:
        """Open the version with what was typed."""
        rule_id = str(draft.values["rule"])
        self._left[rule_id] = str(draft.values["label"]), dict(draft.values["texts"])
        if self.version.row is not None and self.version.holds(rule_id):
            self._open(self.version.row)
        else:
            self.open_row(rule_id)

    def _half_written(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """What is typed in the version in front, by its id; empty when nothing is."""
        row, form = self.version.row, self.version.form
        if row is None or form is None or not form.dirty:
            return {}
        return {str(row["id"]): (str(row["label"]), form.texts(changed_only=True))}

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
        words = f"已收入 {len(made)} 个样例；样例不参加计算，改好后存成本单位的办法"
        self._stored(words, made[0])

    def _stored(self, sentence: str, rule_id: str) -> None:
        self._keep = rule_id
        self.version.let_go()
        self.say(Tone.GOOD, sentence)
        self.reload()
        self._to_list()

    def _select(self, row_id: str) -> None:
        place = next((n for n, row in enumerate(self._rows) if row["id"] == row_id), None)
        if place is not None:
            self.table.select(place)

    def _show_rule(self, rule_id: str) -> None:
        row = next((row for row in self._rows if row["id"] == rule_id), None)
        if row is None or self.version.holds(rule_id):
            return
        for before, (label, texts) in self._half_written().items():
            self._left[before] = label, texts
            words = f"{label}的修改没有存为新版本，先替您留着"
            self.say(Tone.WARN, words, "返回继续", partial(self._select, before))
        self._open(row)

    def _open(self, row: Row) -> None:
        kind = form_of(row["kind"], self._forms)
        if kind is None:
            return
        left = self._left.pop(str(row["id"]), None)
        self.version.show_version(row, kind, self._next_name(row), left[1] if left is not None else None)
        self.bench.begin(kind)
        self.try_out()

    def _next_name(self, row: Row) -> str:
        """The name of a version made of this one: of an example, that of the office's own rule of its kind."""
        if not row["kind"].endswith(EXAMPLE):
            return str(row["name"])
        own = row["kind"].removesuffix(EXAMPLE)
        mine = next((one for one in self._rows if one["kind"] == own and one["state"] == "现行"), None)
        return str(mine["name"]) if mine is not None else str(row["name"]).removesuffix("（样例）")

    # -- the test bench

    def _draft(self) -> Any:
        return self.version.draft(self._rows)

    def try_out(self) -> None:
        """Say what the rule as typed makes of the case in the bench, and what the rule in force does."""
        if self.version.kind is None:
            return
        own = self.version.kind.kind
        running = next((row for row in self._rows if row["kind"] == own and row["state"] == "现行"), None)
        self.bench.say(self._draft, running)

    def ask_change(self) -> None:
        """F8: what the rule as typed would change."""
        if self.version.form is None:
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

    # -- moving

    def edit(self) -> None:
        """Enter: into the form."""
        self.version.edit()

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
        self.version.close_stop()
        self._to_list()
