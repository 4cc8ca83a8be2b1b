"""Adding trainees (加学员): one line, pinyin initials, Enter after Enter."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.inputs import ReferenceInput
from hongyao_desktop.kit.keys import EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.training.page.lookup import trainee_lookup

_WHO = Field(
    name="person_id",
    label="加学员",
    type=Reference("people"),
    sensitivity=Sensitivity.INTERNAL,
    width=12,
)
_LOOKS_LIKE_A_NAME = re.compile(r"[^\x00-\u2fff][^\x00-\u2fff·]{1,}")
_TEACHING = "输入姓名、首字母或电话，↓ 选人，Enter 加入；加完按 Esc"


class AddBar(QWidget):
    """The line; it stays open until Esc.

    Signals:
        wanted: somebody on file was chosen (:class:`Match`).
        unknown: Enter was pressed twice on a name nobody on file has.
        closed: Esc or the button.
    """

    wanted = Signal(object)
    unknown = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = ""
        style = look()
        self.entry = ReferenceInput(_WHO, trainee_lookup(session), lambda: session.reader, self)
        self.entry.name_for_readers("加学员", _TEACHING)
        self.entry.line.setPlaceholderText("姓名、首字母或电话")
        self.entry.setFixedWidth(style.px(Width.FORM_LEAST))
        self.hint = named(QLabel(_TEACHING, self), "note")
        done = QPushButton("完成  Esc", self)
        done.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        row.addWidget(self.entry)
        row.addWidget(self.hint, 1)
        row.addWidget(done)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda _editor: self._enter())
        self.entry.line.installEventFilter(self._keys)
        self.entry.edited.connect(self._edited)
        self.hide()

    def open(self) -> None:
        """Show the line with the keyboard in it."""
        self.show()
        self.clear()
        self.entry.line.setFocus()

    def clear(self, words: str = "") -> None:
        """Be ready for the next one; ``words`` say what became of the last one."""
        self._asked = ""
        self.entry.set_text("")
        self.entry.set_tone("")
        self.hint.setText(words or _TEACHING)

    def object(self, words: str) -> None:
        """Say what is wrong with what stands there."""
        self.entry.set_tone("warn")
        self.hint.setText(words)

    def _edited(self) -> None:
        self._asked = ""
        self.entry.set_tone("")

    def _enter(self) -> None:
        if not self.entry.accept_completion():
            self.entry.settle(self._session.context())
        match: Match | None = self.entry.match
        typed = self.entry.text().strip()
        if match is not None:
            self.wanted.emit(match)
        elif not typed:
            self.closed.emit()
        elif self.entry.popup().matches or not _LOOKS_LIKE_A_NAME.fullmatch(typed):
            self.object("没有选定是哪一位，请按 ↓ 选择，或写全姓名")
        elif self._asked == typed:
            self.unknown.emit(typed)
        else:
            self._asked = typed
            self.object(f"人员台账里没有“{typed}”，再按一次 Enter 登记为新人员并加入")
