"""我的口令: the operator at the keyboard changes the own password whenever he likes, not only when it is due."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from hongyao_desktop.app.access.entrance import EntrancePanel
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import DEMONSTRATION
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.session import Session
from hongyao_desktop.store import Office, kept_passwords, own_password
from hongyao_desktop.store.access import settings_of

PLACE = "system.password"


class OwnPasswordPanel(EntrancePanel):
    """The password in force, and the new one twice.

    Signals:
        wanted: the password in force, the new one.
    """

    wanted = Signal(str, str)

    def __init__(self, operator: str, rule: PasswordRule, parent: QWidget) -> None:
        super().__init__("更换口令", "", parent)
        self._operator = operator
        self._rule = rule
        self.old = self.add_line("现在的口令", secret=True)
        self.password = self.add_line("新口令", secret=True)
        self.again = self.add_line("再输一遍新口令", secret=True)
        self.finish("更换口令  Ctrl+S")
        self.primary.clicked.connect(self.change)

    def say_age(self, words: str) -> None:
        """How old the password in force is; what a new one must be stands behind it."""
        self.teach(f"{words}新口令{self._rule.words()}。")

    def change(self) -> None:
        """Ask for the change, or say what is missing and where."""
        if not self.primary.isEnabled():
            return
        if not self.old.text():
            self.tell("请输入现在的口令", self.old)
        elif self.new_password_stands(self.password, self.again, self._rule, self._operator):
            self.wanted.emit(self.old.text(), self.password.text())

    def empty(self) -> None:
        """Nothing typed here stays."""
        for line in self.lines:
            line.clear()
        self.tell("")


class OwnPasswordPage(Page):
    """One panel; what is typed is gone as soon as another page or the lock comes to the front."""

    def __init__(self, session: Session, office: Office) -> None:
        super().__init__(session, "我的口令")
        self._office = office
        self.panel = OwnPasswordPanel(office.who.name, kept_passwords.password_rule(office.reader()), self)
        self.panel.wanted.connect(self._change)
        self.column.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.on_key("Ctrl+S", self.panel.change)
        self.on_key("Esc", self.back)

    def reload(self) -> None:
        """How long the password in force may still be used."""
        who = self._office.who.name
        if DEMONSTRATION.read(settings_of(self._office.reader())):
            self.panel.say_age(f"{who}：演示单位的口令不到期。")
            return
        left = own_password.days_left(self._office)
        self.panel.say_age(
            f"{who}：现在的口令再过 {left} 天要更换。" if left > 0 else f"{who}：口令今天到期。"
        )

    def activate(self) -> None:
        """The password in force is asked for first."""
        self.panel.begin()

    def back(self) -> None:
        """Esc: close the message, else empty the panel."""
        if self.messages.text:
            self.messages.dismiss()
        else:
            self.panel.empty()
        self.panel.begin()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("Enter", "下一格"), ("Ctrl+S", "更换"), ("Esc", "清空"))

    def hideEvent(self, event: QHideEvent) -> None:
        """Passwords do not wait for somebody to come back, unless they are just being checked."""
        super().hideEvent(event)
        if self.panel.primary.isEnabled():
            self.panel.empty()

    def _change(self, old: str, new: str) -> None:
        office = self._office
        self.panel.set_busy("正在更换口令")
        self.session.jobs.write(
            self,
            lambda: own_password.change(office, old, new),
            lambda _nothing: self._changed(),
            self._refused,
            what="更换口令",
        )

    def _changed(self) -> None:
        self.panel.set_busy("")
        self.panel.empty()
        self.panel.begin()
        self.reload()
        self.say(Tone.GOOD, "口令已更换，从下次登录和解锁起用新口令")

    def _refused(self, error: Exception) -> None:
        """What speaks of the new password has findings; a wrong password in force is refused like at the login."""
        self.panel.set_busy("")
        about_new = isinstance(error, Refusal) and bool(error.problems)
        line = self.panel.password if about_new else self.panel.old
        line.clear()
        self.panel.tell(str(error), line)
