"""Why a masked value is looked at: asked once for a record, by one key, and noted in the access log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from hongyao_desktop.core.desk import Changes
from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.keys import ENTER, ComposingLineEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import OfficeLike, Session
from hongyao_desktop.kit.tokens import Height, Space

REASONS: Final = ("核对身份", "联系本人", "办理业务", "填报材料")
PANEL_WIDTH: Final = 300
_OTHER: Final = "其他原因"

Told = Callable[[str], None]
Log = Callable[[str, str, str, str], None]


class ReasonPanel(QFrame):
    """Asks for the reason, over the page.

    Signals:
        chosen: the reason.
    """

    chosen = Signal(str)

    def __init__(self, page: QWidget, what: str) -> None:
        super().__init__(page)
        named(self, "popup")
        self._page = page
        self._before = page.focusWidget()
        style = look()
        self.setFixedWidth(style.px(PANEL_WIDTH))
        column = QVBoxLayout(self)
        side = style.px(Space.L)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel(f"为什么查看{what}", self), "sectionTitle"))
        note = named(QLabel("查看会记入访问日志，审计人员能查到。按数字键选择。", self), "note")
        note.setWordWrap(True)
        column.addWidget(note)
        self.buttons: list[QPushButton] = []
        for number, reason in enumerate(REASONS, 1):
            button = QPushButton(f"{number}　{reason}", self)
            button.clicked.connect(lambda _checked=False, said=reason: self._choose(said))
            self.buttons.append(button)
            column.addWidget(button)
        self.other: QLineEdit = ComposingLineEdit(self)
        self.other.setPlaceholderText(f"{_OTHER}，写好按 Enter")
        self.other.setAccessibleName(_OTHER)
        self.other.setFixedHeight(style.px(Height.INPUT))
        column.addWidget(self.other)
        for widget in (*self.buttons, self.other):
            widget.installEventFilter(self)

    def begin(self) -> None:
        """Show it in the middle of the page, with the keyboard on the first reason."""
        self.adjustSize()
        area = QRect(self.rect())
        area.moveCenter(self._page.rect().center())
        self.move(area.topLeft())
        self.show()
        self.raise_()
        self.buttons[0].setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Digits choose, Enter takes what was written, Esc goes back without looking."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return True
        if watched is self.other:
            if event.key() in ENTER and self.other.text().strip():
                self._choose(self.other.text().strip())
                return True
            return False
        number = event.text()
        if number.isdigit() and 1 <= int(number) <= len(REASONS):
            self._choose(REASONS[int(number) - 1])
            return True
        return False

    def _choose(self, reason: str) -> None:
        self._leave()
        self.chosen.emit(reason)

    def _leave(self) -> None:
        self.hide()
        self.deleteLater()
        # What had the keyboard may be gone: the page was read anew meanwhile.
        before: QWidget | None = self._before
        (before if before is not None and isValid(before) else self._page).setFocus()


class ScreenSession(Session):
    """The session of the window: notes looks with their reason.

    Signals:
        visited: an entry was added to the access log. Pages of records do not hear of it: a list that reloads would
            mask again what was just asked for.

    Attributes:
        log: notes a look (register, row id, field, reason).
        asks: whether the reason is asked for; the window does, a page under test need not.
    """

    visited = Signal(object)
    log: Log
    asks: bool = False

    def __init__(self, office: OfficeLike, jobs: Jobs, **settings: Any) -> None:
        super().__init__(office, jobs, **settings)
        self._said: tuple[str, str] | None = None
        self._unsubscribe()
        self._unsubscribe = office.subscribe(self._sort_out)

    def _sort_out(self, changes: Changes) -> None:
        """Runs in the thread that wrote."""
        if changes.tables.keys() == {"access_log"}:
            self.visited.emit(changes)
        else:
            self._heard.emit(changes)

    def reveal(
        self, owner: QObject, register: Register, row_id: str, field_name: str, done: Callable[[], None]
    ) -> None:
        """Ask why, note it, then call ``done``; one answer holds for all fields of the same record in a row."""
        said = self._said
        if said is not None and said[0] == row_id:
            self._note(owner, register, row_id, field_name, said[1], done)
        elif self.asks and isinstance(owner, QWidget):
            panel = ReasonPanel(owner.window(), register.field(field_name).label)
            panel.chosen.connect(
                lambda reason: self._answered(owner, register, row_id, field_name, reason, done)
            )
            panel.begin()
        else:
            self._note(owner, register, row_id, field_name, "", done)

    def forget_reason(self) -> None:
        """Ask again at the next look: somebody else may sit here after a lock."""
        self._said = None

    def _answered(
        self,
        owner: QObject,
        register: Register,
        row_id: str,
        field_name: str,
        reason: str,
        done: Callable[[], None],
    ) -> None:
        self._said = (row_id, reason)
        self._note(owner, register, row_id, field_name, reason, done)

    def _note(
        self,
        owner: QObject,
        register: Register,
        row_id: str,
        field_name: str,
        reason: str,
        done: Callable[[], None],
    ) -> None:
        log = self.log
        self.jobs.write(
            owner,
            lambda: log(register.name, row_id, field_name, reason),
            lambda _nothing: done(),
            what="查看敏感信息",
        )
