"""The right of the counter: what waits to be fetched and what went over the counter today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

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
from hongyao_desktop.kit.writing import may
from hongyao_desktop.volunteers.page.shop.places import CLERKS
from hongyao_desktop.volunteers.page.shop.registers import STAGE_TONES
from hongyao_desktop.volunteers.records.shop import REDEMPTIONS, TO_BRING, Stage, stage_words
from hongyao_desktop.volunteers.service import shop, waiting

_COLUMNS = (
    replace(REDEMPTIONS.field("name"), width=4),
    replace(REDEMPTIONS.field("good_name"), width=7),
    replace(REDEMPTIONS.field("quantity"), width=2),
    replace(REDEMPTIONS.field("state"), width=4),
)

_NAMED = 8
"""So many of the overdue are named before they are given up; the paper lists them all."""


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
        self._all_late = False
        self._may = may(session.who, CLERKS)
        self.title = named(QLabel("待领取和今天的兑换", self), "sectionTitle")
        self.count = named(QLabel(self), "note")
        self.print_button = named(QToolButton(self), "tab")
        self.print_button.setText("打印名单")
        self.print_button.setAccessibleName("打印待领和送货名单")
        self.print_button.setToolTip("打印待领和送货名单，催领和送货用")
        self.late_button = named(QToolButton(self), "tab")
        self.late_button.setText("逾期的一并取消  F11")
        self.late_button.setAccessibleName("逾期没有来领的一并取消")
        self.late_button.setToolTip("逾期没有来领的一并取消，积分和库存加回；送货上门的不算")
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
        tools = QHBoxLayout()
        tools.addStretch(1)
        tools.addWidget(self.late_button)
        tools.addWidget(self.print_button)
        column.addLayout(tools)
        column.addWidget(self.foot)
        self.table.current_changed.connect(lambda _row_id: self._tell())
        self.table.opened.connect(lambda _row_id: self.fetch())
        self.fetch_button.clicked.connect(self.fetch)
        self.back_button.clicked.connect(self.ask_reason)
        self.remind_button.clicked.connect(self.remind)
        self.print_button.clicked.connect(lambda: self._session.go("papers", "shop-waiting"))
        self.late_button.clicked.connect(self.ask_reason_for_late)
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
        self.remind_button = QPushButton("已催  F10", self.foot)
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
        row.addWidget(self.remind_button)
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
        self.table.show_rows(
            HeldRows([{**row, "state": stage_words(row)} for row in rows]),
            self._session.reader,
            position=place,
        )
        open_ones = [row for row in rows if row["state"] == Stage.WAITING]
        late = sum(row["pick_up_by"] < self._today for row in open_ones)
        home = sum(row["way"] != "自取" for row in open_ones)
        said = [
            f"待领 {len(open_ones) - home}",
            f"待送 {home}" if home else "",
            f"逾期 {late}" if late else "",
        ]
        self.count.setText("，".join(words for words in said if words))
        self.late_button.setVisible(bool(self._uncollected()) and self._may)
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
        what = f"{row['good_name']} {row['quantity']} {row['measure']}"
        home = row["way"] != "自取"
        self._write(
            "送到兑换品" if home else "领取兑换品",
            lambda writer: shop.hand_over(writer, row_id),
            f"已把{what}送到{row['name']}" if home else f"{row['name']}领走{what}",
        )

    def remind(self) -> None:
        """F10: the customer was told to come (催领)."""
        row = self.current
        if row is None or self._busy:
            return
        if not self._to_be_reminded(row):
            self.refused.emit(Refusal("这一笔不用催：只催逾期没有来领、今天还没有催过的"))
            return
        row_id = str(row["id"])
        said = f"已记下今天催过{row['name']}（{row['number']}）"
        self._write("催领兑换品", lambda writer: waiting.remind(writer, row_id), said)

    def ask_reason_for_late(self) -> None:
        """Open the line for the reason of giving up everything that is overdue."""
        late = waiting.given_up(self._session.reader, self._session.today())
        if late and self._may:
            self._all_late = True
            self._open_reason(opened=True)
            self.confirm_button.setText(f"取消这 {len(late)} 笔")
            self.reason.setText("逾期未领")
            self.reason.selectAll()
            points = hours.format_centi(sum(row["points"] for row in late))
            self.what.setText(f"取消逾期没有来领的 {len(late)} 笔，{points} 分和库存一并加回；不办按 Esc")
            named_ones = "、".join(f"{row['name']} {row['good_name']}" for row in late[:_NAMED])
            self.when.setText(named_ones + ("等，名单可先打印" if len(late) > _NAMED else ""))
            self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _uncollected(self) -> list[Row]:
        """What should have been fetched before today and was not; what is to be brought home is not meant."""
        return [
            row
            for row in self._rows
            if row["state"] == Stage.WAITING and row["way"] == "自取" and row["pick_up_by"] < self._today
        ]

    def _cancel_late(self, reason: str) -> None:
        shown = len(waiting.given_up(self._session.reader, self._session.today()))

        def run(writer: Writer) -> str:
            waiting.cancel_late(writer, reason, expected=shown)
            return ""

        self._write("取消逾期兑换", run, f"已取消逾期的 {shown} 笔，积分和库存已加回", reason)

    def ask_reason(self) -> None:
        """Open the line for the reason of cancelling or returning."""
        row = self.current
        if row is None or row["state"] not in (Stage.WAITING, Stage.HANDED) or not self._may:
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
            word = "取消" if self._all_late else self.confirm_button.text()
            self.refused.emit(Refusal(f"{word}要写明原因"))
            return
        if self._all_late:
            self._cancel_late(reason)
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
        self._tell()
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
            self._tell()
            self.refused.emit(error)

        self._session.write(self, op, run, done, failed, reason=reason)

    def _open_reason(self, *, opened: bool) -> None:
        self.reason.setText("")
        for widget in (self.reason, self.confirm_button):
            widget.setVisible(opened)
        row = self.current
        state = row["state"] if row is not None else ""
        opened = opened or not self._may  # nothing is offered to who may not take it
        self.fetch_button.setVisible(not opened and state == Stage.WAITING)
        self.remind_button.setVisible(not opened and self._to_be_reminded(row))
        self.back_button.setVisible(not opened and state in (Stage.WAITING, Stage.HANDED))
        home = row is not None and row["way"] != "自取"
        self.fetch_button.setText("送到  Enter" if home else "领取  Enter")
        word = "退回" if state == Stage.HANDED else "取消"
        self.back_button.setText(f"{word}  Delete")
        self.confirm_button.setText(word)

    def _tell(self) -> None:
        row = self.current
        self._all_late = False
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
                asked = f"，{_day(row['reminded_on'])}催过" if row["reminded_on"] else ""
                if row["way"] != "自取":
                    # The address is shown nowhere unasked; whoever carries the goods has it on the printed list.
                    return f"{_day(row['ordered_on'])}下单，{_day(row['pick_up_by'])}前送到，地址印在名单上{late}"
                return f"{_day(row['ordered_on'])}下单，{_day(row['pick_up_by'])}前领取{late}{asked}"
            case Stage.HANDED:
                word = "领取" if row["way"] == "自取" else "送到"
                return f"{_day(row['picked_up_on'])}{word}，{row['recorded_by']}登记"
            case _:
                return f"{_day(row['ended_on'])}{row['state'][1:]}：{row['end_reason']}"

    def _to_be_reminded(self, row: Row | None) -> bool:
        """Whether there is somebody to remind: overdue, to be fetched, not reminded of today."""
        return row is not None and row in self._uncollected() and row["reminded_on"] != self._today

    def _tone(self, field: Field, row: Row) -> str | None:
        if field.name != "state":
            return "ink_3" if row["state"] in (Stage.CANCELLED, Stage.RETURNED) else None
        if row["state"] in (Stage.WAITING, TO_BRING) and row["pick_up_by"] < self._today:
            return "bad"
        return "warn" if row["state"] == TO_BRING else STAGE_TONES[Stage(row["state"])]


def _day(shown: str) -> str:
    return format_cn(dt.date.fromisoformat(shown))
