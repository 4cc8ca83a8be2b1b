"""The strip that takes the place of the entry row while an entry is taken back (冲正) or an old year put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Money
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.fund import records, service
from hongyao_desktop.fund.page.said import SaidLine
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.inputs import LineInput
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import ElidedLabel, named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space


class ReversalStrip(QFrame):
    """Names the entry, asks for the reason, and offers to book it anew at once.

    Signals:
        done: the red (or blue) entry stands (its id, whether the entry is to be booked anew at once).
        closed: the operator went back.
    """

    done = Signal(str, bool)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("冲正")
        self._session = session
        self.entry: Row = {}
        self.prior_year = False
        style = look()
        self._verb = named(QLabel(self), "sectionTitle")
        self._what = ElidedLabel(self)
        self.reason = ComposingLineEdit(self)
        self.reason.setFixedHeight(style.px(Height.INPUT))
        self.reason.setMinimumWidth(style.px(260))
        self.reason.setPlaceholderText("原因，如：重复登记、金额写错")
        self.reason.setAccessibleName("冲正原因")
        self.amount = LineInput(replace(records.OUT_FEN, label="更正金额", type=Money()), self)
        self.amount.name_for_readers("更正金额", "只是金额多记时，填多记的部分")
        self.amount.setFixedWidth(style.px(120))
        self._amount_label = named(QLabel("更正金额", self), "fieldLabel")
        self.confirm = QPushButton("冲正  Ctrl+S", self)
        self.confirm.setProperty("primary", True)
        self.again = QPushButton("冲正并重记", self)
        self.back = QPushButton("返回  Esc", self)
        self.hint = SaidLine(self)
        head = QHBoxLayout()
        head.setSpacing(style.px(Space.M))
        head.addWidget(self._verb)
        head.addWidget(self._what)
        head.addWidget(self.hint, 1)
        row = QHBoxLayout()
        row.setSpacing(style.px(Space.S))
        for widget in (
            named(QLabel("原因", self), "fieldLabel"),
            self.reason,
            self._amount_label,
            self.amount,
            self.confirm,
            self.again,
            self.back,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(Space.M), style.px(Space.S), style.px(Space.M), style.px(Space.S))
        column.setSpacing(style.px(Space.S))
        column.addLayout(head)
        column.addLayout(row)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(self._onward)
        for editor in (self.reason, self.amount.editor()):
            editor.installEventFilter(self._keys)
        self.reason.textEdited.connect(lambda _text: session.drafts.typed())
        self.amount.edited.connect(session.drafts.typed)
        self.confirm.clicked.connect(partial(self.confirm_now, again=False))
        self.again.clicked.connect(partial(self.confirm_now, again=True))
        self.back.clicked.connect(self.closed)

    @property
    def draft(self) -> Draft | None:
        """The reason as far as it is typed, with the amount."""
        if not self.entry or not self.reason.text().strip():
            return None
        values = {"entry": self.entry["id"], "reason": self.reason.text(), "amount": self.amount.text()}
        return Draft(self.draft_key, f"{self._verb.text()} {self.entry['voucher']}", values)

    @property
    def draft_key(self) -> str:
        """Which entry it is about."""
        return f"fund.reversal:{self.entry.get('id', '')}"

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put back what :attr:`draft` gave."""
        self.reason.setText(str(values["reason"]))
        self.amount.set_text(str(values["amount"]))

    def show_entry(self, entry: Row) -> None:
        """Ask about one entry of the ledger."""
        self.entry = entry
        today = self._session.today()
        day = dt.date.fromisoformat(entry["entry_on"])
        self.prior_year = day.year < today.year
        side = "支出" if entry["out_fen"] else "收入"
        amount = entry["in_fen"] + entry["out_fen"]
        verb = "更正以前年度" if self.prior_year else "冲正"
        self._verb.setText(verb)
        self._what.setText(
            f"{format_cn(day)}　{entry['voucher']}　{entry['summary']}　{side} {format_fen(amount)} 元"
        )
        self.confirm.setText(f"{verb}  Ctrl+S")
        self.again.setVisible(not self.prior_year)
        self.amount.setVisible(self.prior_year)
        self._amount_label.setVisible(self.prior_year)
        self.amount.show_value(amount)
        self.reason.clear()
        rule = (
            "跨年的差错不用红字：今天在另一方登记一笔，写明更正哪一笔"
            if self.prior_year
            else "今天登记一笔红字，两笔互相注明；原来的一笔不改不删"
        )
        self.hint.tell(rule)
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tell(self, text: str, tone: str) -> None:
        """Say what stands against it."""
        self.hint.tell(text, tone)

    def confirm_now(self, _checked: object = None, *, again: bool = False) -> None:
        """Take the entry back, or put the old year right; refuses a blank reason and an unreadable amount."""
        reason = self.reason.text().strip()
        if not reason:
            self.tell("请写明原因", "bad")
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)
            return
        parsed = self.amount.parsed(self._session.context())
        if self.prior_year and parsed.problems:
            self.tell(parsed.problems[0].message, "bad")
            return
        entry_id = str(self.entry["id"])

        def put_right(writer: Writer) -> str:
            if self.prior_year:
                return service.correct_prior_year(writer, entry_id, reason, parsed.value)
            return service.reverse_entry(writer, entry_id, reason)

        self._session.write(
            self,
            "更正以前年度" if self.prior_year else "冲正",
            put_right,
            lambda made_id: self.done.emit(made_id, again),
            lambda error: self.tell(str(error), "bad"),
            reason=reason,
            draft=self.draft_key,
        )

    def _onward(self, editor: QWidget) -> None:
        if editor is self.reason and not self.amount.isHidden():
            self.amount.editor().setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.confirm.setFocus(Qt.FocusReason.TabFocusReason)
