"""The right of the counter: what waits to be fetched and what went over the counter today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.volunteers.page.shop.registers import STAGE_TONES
from hongyao_desktop.volunteers.records.shop import REDEMPTIONS, Stage
from hongyao_desktop.volunteers.service import shop

_COLUMNS = (
    replace(REDEMPTIONS.field("name"), width=4),
    replace(REDEMPTIONS.field("good_name"), width=7),
    replace(REDEMPTIONS.field("quantity"), width=2),
    replace(REDEMPTIONS.field("state"), width=4),
)


class WaitingPanel(QWidget):
    """The list; below it what is chosen, with 领取 and 取消 (or 退回, once it was fetched).

    Signals:
        done: a step was taken (sentence).
        refused: it was not (error).
        left: Esc; the keyboard goes back to the counter.
    """

    done = Signal(str)
    refused = Signal(object)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[Row] = []
        self._today = session.today().isoformat()
        self._busy = False
        self.title = named(QLabel("待领取和今天的兑换", self), "sectionTitle")
        self.count = named(QLabel(self), "note")
        self.table = RegisterTable(
            _COLUMNS,
            name="待领取和今天的兑换",
            tone=self._tone,
            empty=EmptyState("今天还没有兑换", "下单没有领走的也列在这里", parent=self),
            parent=self,
        )
        self._make_foot()
        style = look()
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        self.table.current_changed.connect(lambda _row_id: self._tell())
        self.table.opened.connect(lambda _row_id: self.fetch())
        self.fetch_button.clicked.connect(self.fetch)
        self.back_button.clicked.connect(self.ask_reason)
        self.confirm_button.clicked.connect(self.give_back)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda _line: self.give_back())
        self.reason.installEventFilter(self._keys)
        self._tell()

    def _make_foot(self) -> None:
        style = look()
        self.foot = named(QFrame(self), "panel")
        self.what = QLabel(self.foot)
        self.what.setWordWrap(True)
        self.when = named(QLabel(self.foot), "note")
        self.when.setWordWrap(True)
        self.fetch_button = QPushButton("领取  Enter", self.foot)
        self.back_button = QPushButton("取消", self.foot)
        self.reason = ComposingLineEdit(self.foot)
        self.reason.setFixedHeight(style.px(Height.INPUT))
        self.reason.setPlaceholderText("原因，如：本人不要了")
        self.reason.setAccessibleName("取消或退回的原因")
        self.confirm_button = QPushButton("取消", self.foot)
        row = QHBoxLayout()
        row.setSpacing(style.px(Space.S))
        row.addWidget(self.reason, 1)
        row.addWidget(self.confirm_button)
        row.addWidget(self.fetch_button)
        row.addWidget(self.back_button)
        row.addStretch(0)
        column = QVBoxLayout(self.foot)
        side = style.px(Space.M)
        column.setContentsMargins(side, style.px(Space.S), side, style.px(Space.S))
        column.setSpacing(style.px(Space.XS))
        column.addWidget(self.what)
        column.addWidget(self.when)
        column.addLayout(row)

    # -- for the page

    def show_rows(self, rows: list[Row], keep: str = "") -> None:
        """Show what waits and what is of today; the row ``keep`` becomes current if it is among them."""
        self._rows = rows
        self._today = self._session.today().isoformat()
        wanted = keep or self.table.current_id()
        place = next((place for place, row in enumerate(rows) if row["id"] == wanted), 0 if rows else None)
        self.table.show_rows(HeldRows(rows), self._session.reader, position=place)
        waiting = [row for row in rows if row["state"] == Stage.WAITING]
        late = sum(row["pick_up_by"] < self._today for row in waiting)
        self.count.setText(f"待领 {len(waiting)}" + (f"，逾期 {late}" if late else ""))
        self._tell()

    def select(self, row_id: str) -> bool:
        """Make a redemption current; False when it is not in the list."""
        place = next((place for place, row in enumerate(self._rows) if row["id"] == row_id), None)
        if place is not None:
            self.table.select(place)
        return place is not None

    @property
    def current(self) -> Row | None:
        """The redemption chosen."""
        wanted = self.table.current_id()
        return next((row for row in self._rows if row["id"] == wanted), None)

    def fetch(self) -> None:
        """Hand the goods over (领取)."""
        row = self.current
        if row is None or row["state"] != Stage.WAITING or self._busy:
            return
        row_id = str(row["id"])
        self._write(
            "领取兑换品",
            lambda writer: shop.hand_over(writer, row_id),
            f"{row['name']}领走{row['good_name']} {row['quantity']} {row['measure']}",
        )

    def ask_reason(self) -> None:
        """Open the line for the reason of cancelling or returning."""
        row = self.current
        if row is None or row["state"] not in (Stage.WAITING, Stage.HANDED):
            return
        self._open_reason(opened=True)
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def give_back(self) -> None:
        """Cancel or return; points and stock come back."""
        row, reason = self.current, self.reason.text().strip()
        if row is None or self._busy:
            return
        if not reason:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            self.refused.emit(Refusal(f"{self.confirm_button.text()}要写明原因"))
            return
        row_id, waiting = str(row["id"]), row["state"] == Stage.WAITING

        def run(writer: Writer) -> str:
            verb = shop.cancel_redemption if waiting else shop.return_redemption
            return verb(writer, row_id, reason)

        word = "取消" if waiting else "退回"
        points = hours.format_centi(row["points"])
        said = f"已{word} {row['number']}，{points} 分和 {row['quantity']} {row['measure']}{row['good_name']}已加回"
        self._write(f"{word}兑换", run, said, reason)

    def close_reason(self) -> bool:
        """Esc in the line for the reason; False when it was not open."""
        if self.reason.isHidden():
            return False
        self._open_reason(opened=False)
        self.table.view.setFocus()
        return True

    # -- inside

    def _write(self, op: str, run: Callable[[Writer], str], said: str, reason: str | None = None) -> None:
        self._busy = True

        def done(_row_id: object) -> None:
            self._busy = False
            self._open_reason(opened=False)
            self.table.view.setFocus()
            self.done.emit(said)

        def failed(error: Exception) -> None:
            self._busy = False
            self.refused.emit(error)

        self._session.write(self, op, run, done, failed, reason=reason)

    def _open_reason(self, *, opened: bool) -> None:
        self.reason.setText("")
        for widget in (self.reason, self.confirm_button):
            widget.setVisible(opened)
        row = self.current
        state = row["state"] if row is not None else ""
        self.fetch_button.setVisible(not opened and state == Stage.WAITING)
        self.back_button.setVisible(not opened and state in (Stage.WAITING, Stage.HANDED))
        word = "退回" if state == Stage.HANDED else "取消"
        self.back_button.setText(f"{word}  Delete")
        self.confirm_button.setText(word)

    def _tell(self) -> None:
        row = self.current
        self.foot.setVisible(row is not None)
        self._open_reason(opened=False)
        if row is None:
            return
        points = hours.format_centi(row["points"])
        self.what.setText(
            f"{row['name']}（{row['volunteer_number']}）　"
            f"{row['good_name']} {row['quantity']} {row['measure']}　{points} 分"
        )
        self.when.setText(f"{row['number']}　{self._words_of(row)}")

    def _words_of(self, row: Row) -> str:
        match Stage(row["state"]):
            case Stage.WAITING:
                late = "，已逾期" if row["pick_up_by"] < self._today else ""
                return f"{_day(row['ordered_on'])}下单，{_day(row['pick_up_by'])}前领取{late}"
            case Stage.HANDED:
                return f"{_day(row['picked_up_on'])}领取，{row['recorded_by']}登记"
            case _:
                return f"{_day(row['ended_on'])}{row['state'][1:]}：{row['end_reason']}"

    def _tone(self, field: Field, row: Row) -> str | None:
        if field.name != "state":
            return "ink_3" if row["state"] in (Stage.CANCELLED, Stage.RETURNED) else None
        if row["state"] == Stage.WAITING and row["pick_up_by"] < self._today:
            return "bad"
        return STAGE_TONES[Stage(row["state"])]


def _day(shown: str) -> str:
    return format_cn(dt.date.fromisoformat(shown))
