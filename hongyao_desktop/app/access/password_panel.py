"""Choosing a password before work begins: a first password given by somebody else, or one that is overdue."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hongyao_desktop.app.access.entrance import EntrancePanel
from hongyao_desktop.core.passwords import PasswordRule


class PasswordPanel(EntrancePanel):
    """Asks for a new password twice; the rule stands beside it.

    Signals:
        wanted: the new password.
        back_wanted: not now; the file is closed again.
    """

    wanted = Signal(str)
    back_wanted = Signal()

    def __init__(self, operator: str, why: str, rule: PasswordRule, parent: QWidget) -> None:
        super().__init__("更换口令", f"{operator}：{why}。新口令{rule.words()}。", parent)
        self._operator = operator
        self._rule = rule
        self.password = self.add_line("新口令", secret=True)
        self.again = self.add_line("再输一遍新口令", secret=True)
        self.finish("更换并进入", ("退出", self.back_wanted.emit))
        self.primary.clicked.connect(self._change)

    def _change(self) -> None:
        if self.new_password_stands(self.password, self.again, self._rule, self._operator):
            self.wanted.emit(self.password.text())
