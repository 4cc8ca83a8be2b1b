"""The test bench of a rule (试算): a case typed in, what the rule as typed makes of it, what it would change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.core.workdays import NO_OVERRIDES, Overrides
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.page.care.rule_lines import CHANGES
from hongyao_desktop.volunteers.rules.forms import RuleForm
from hongyao_desktop.volunteers.rules.forms.form import WORKDAYS

_TITLE: Final = re.compile(r"按《.*?》第\d+版（.*?起）")


class RuleBench(QFrame):
    """The case, the sentence the rule as typed comes to beside that of the rule in force, and 会改变什么."""

    case_changed = Signal()
    """Something in the case was typed or settled: the result has to be said anew."""
    change_asked = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.session = session
        self.kind: RuleForm | None = None
        self.trial: FormPanel | None = None
        self._workdays: Overrides = NO_OVERRIDES
        column = self._column = QVBoxLayout(self)
        side, style = look().px(Space.L), look()
        column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel("试算", self), "sectionTitle"))
        hint = named(QLabel("左边的规则改到哪里，这里就按哪里算，还没有保存也可以试。", self), "note")
        hint.setWordWrap(True)
        column.addWidget(hint)
        self.result = QLabel(self)
        self.result.setWordWrap(True)
        self.result.setAccessibleName("试算结果")
        self.current = named(QLabel(self), "note")
        self.current.setWordWrap(True)
        self.change_button = QPushButton("会改变什么  F8", self)
        self.change_button.clicked.connect(self.change_asked)
        self.change = QLabel(self)
        self.change.setWordWrap(True)
        self.change.setAccessibleName("会改变什么")
        for widget in (self.result, self.current, self.change_button, self.change):
            column.addWidget(widget)
        column.addStretch(1)

    def begin(self, kind: RuleForm) -> None:
        """A fresh case for a rule of ``kind``."""
        if self.trial is not None:
            self.trial.hide()
            self.trial.deleteLater()
        self.kind = kind
        self._workdays = office_workdays(self.session.reader)
        self.trial = trial = FormPanel(kind.trial, self.session, name="试算", columns=2, parent=self)
        # Where its inputs and what they come to do not both fit, the inputs roll.
        trial.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        trial.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        trial.setMinimumHeight(look().px(Height.INPUT + Height.FILTERS))
        self._column.insertWidget(2, trial)
        today = {"day": self.session.today().isoformat()} if "day" in kind.defaults else {}
        trial.load({**kind.defaults, **today})
        trial.typed.connect(self.case_changed)
        trial.settled.connect(self.case_changed)
        trial.finished.connect(self.change_button.setFocus)
        self.change_button.setVisible(kind.kind in CHANGES)
        self.change.clear()

    def say(self, draft: Callable[[], Any], running: Row | None) -> None:
        """What the rule as typed makes of the case, and what the ``running`` version does."""
        kind, trial = self.kind, self.trial
        if kind is None or trial is None:
            return
        context = self.session.context()
        typed = {name: box.entry.parsed(context) for name, box in trial.boxes.items()}
        asked = {name: parsed.value for name, parsed in typed.items()}
        asked[WORKDAYS] = self._workdays
        self.current.clear()
        unread = next((parsed.problems[0] for parsed in typed.values() if not parsed.good), None)
        if unread is not None:
            self._say_result(unread.message, "bad")
            return
        try:
            said = "\n".join(kind.try_out(draft(), asked))
        except Refusal as wrong:
            self._say_result(str(wrong), "bad")
            return
        self._say_result(said, "")
        if running is not None:
            now = "\n".join(kind.try_out(kind.read(from_row(running)), asked))
            same = _TITLE.sub("", now) == _TITLE.sub("", said)
            self.current.setText("与现行的一版相同" if same else f"现行的一版：{now}")

    def _say_result(self, words: str, state: str) -> None:
        self.result.setText(words)
        restate(self.result, "tone", state)

    @property
    def tells_change(self) -> bool:
        """Whether it can be said what a new version of this kind would change."""
        return self.kind is not None and self.kind.kind in CHANGES

    def tell_change(self, draft: Any) -> None:
        """What the rule as typed would have made of the last twelve months, or makes of everybody today."""
        assert self.kind is not None
        say, today = CHANGES[self.kind.kind], self.session.today()
        self.change.setText("正在计算……")
        self.session.read(
            self,
            lambda reader: say(reader, draft, today),
            lambda said: self.change.setText("\n".join(said)),
        )
