"""One order beside the board: whose it is, what it is about, and every step so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.masking import Purpose, mask_name, mask_phone
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import ElidedLabel, empty_out, named, restate
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import Event, Move, State
from hongyao_desktop.orders.rules.limits import due_words
from hongyao_desktop.orders.service.posting import hours_words

_TOPIC_SHOWN = 80
_PAST_AT_LEAST = 64


@dataclass(frozen=True, slots=True)
class Life:
    """One order with its steps, as read for the panel."""

    order: Row
    steps: Sequence[Row]
    hours: str
    today: dt.date
    helpers: Sequence[Row] = ()
    shares: Sequence[Row] = ()


def read_life(reader: Reader, order_id: str, today: dt.date) -> Life:
    """Everything the panel shows of one order."""
    order = lookups.order(reader, order_id)
    helpers = [
        row for row in boards.helpers_of(reader, order_id) if row["volunteer_id"] != order["volunteer_id"]
    ]
    life, shares = boards.life_of(reader, order_id), boards.shares_of(reader, order_id)
    return Life(order, life, hours_words(reader, order), today, helpers, shares)


def step_words(step: Row, this_year: int) -> tuple[str, str]:
    """A step, or what happened between two, as the panel says it: its day, and what by whom and why."""
    day = dt.date.fromisoformat(step["taken_on"])
    shown = f"{day.month}月{day.day}日" if day.year == this_year else dates.format_cn(day)
    said = step["move"]
    if step["helper_name"] and step["move"] in (Move.DISPATCH, Move.REDISPATCH):
        said += f"给{step['helper_name']}"
    elif step["helper_name"] and step["move"] in (Move.ACCEPT, Move.REFUSE, Move.GIVE_BACK, Event.JOIN):
        said = f"{step['helper_name']}{said}"
    if step["move"] == Move.REFER_UP:
        said += f"到{step['unit_name']}"
    if step["move"] in (Event.EXTEND, Event.RESUME) and step["due_on"]:
        until = dates.format_cn(dt.date.fromisoformat(step["due_on"]))
        said += f"到{until}" if step["move"] == Event.EXTEND else f"，期限顺延到{until}"
    if step["move"] == Move.TAKE_BACK:
        return shown, f"撤回{step['note']}：{step['reason']}"
    paper = f"{step['file_name']}（{step['file_hash'][:8]}）" if step["file_hash"] else None
    more = "；".join(words for words in (step["reason"], paper, step["note"], step["source"]) if words)
    return shown, f"{said}：{more}" if more else said


class LifeView(QWidget):
    """Head and steps of one order.

    Signals:
        reveal_wanted: a masked field of the order is asked for (phone, address).
        spot_wanted: the spot report behind the order is asked for.
    """

    reveal_wanted = Signal(str)
    spot_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.title = named(ElidedLabel(parent=self), "recordTitle")
        self.state = named(QLabel(self), "recordState")
        head = QHBoxLayout()
        head.setSpacing(style.px(Space.S))
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        self.topic = named(QLabel(self), "factValue")
        self.topic.setWordWrap(True)
        self.topic.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole_topic = ""
        self.whole = named(QToolButton(self), "revealButton")
        self.whole.setCheckable(True)
        self.whole.toggled.connect(lambda _on: self._show_topic())
        who = QHBoxLayout()
        who.setSpacing(style.px(Space.XS))
        self.contact: dict[str, QLabel] = {}
        self.reveal: dict[str, QToolButton] = {}
        for name, label in (("phone", "电话"), ("address", "住址")):
            shown = named(ElidedLabel(parent=self), "note")
            button = named(QToolButton(self), "revealButton")
            button.setText("显示")
            button.setAccessibleName(f"显示{label}")
            button.setToolTip(f"显示完整的{label}，查看会被记录")
            button.clicked.connect(lambda _checked=False, field=name: self.reveal_wanted.emit(field))
            self.contact[name], self.reveal[name] = shown, button
            who.addWidget(shown)
            who.addWidget(button)
            who.addSpacing(style.px(Space.S))
        who.addStretch(1)
        self.about = named(QLabel(self), "note")
        self.about.setWordWrap(True)
        self.spot = named(QToolButton(self), "revealButton")
        self.spot.setText("打开对应的随手拍")
        self.spot.setAccessibleName("打开对应的随手拍")
        self.spot.clicked.connect(self.spot_wanted)
        self._past()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.XS))
        column.addLayout(head)
        column.addLayout(who)
        column.addWidget(self.topic)
        column.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.about)
        column.addWidget(self.spot, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(style.px(Space.XS))
        column.addWidget(self.past, 1)

    def _past(self) -> None:
        style = look()
        self._body = QWidget(self)
        self._body.setObjectName("formBody")
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, style.px(Space.S), 0)
        self._grid.setHorizontalSpacing(style.px(Space.M))
        self._grid.setVerticalSpacing(style.px(Space.XS))
        self._grid.setColumnStretch(1, 1)
        self.past = QScrollArea(self)
        self.past.setObjectName("form")
        self.past.setWidgetResizable(True)
        self.past.setFrameShape(QFrame.Shape.NoFrame)
        self.past.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.past.setAccessibleName("办理记录")
        self.past.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # As much as is left, and a few lines where nothing is.
        self.past.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.past.setMinimumHeight(style.px(_PAST_AT_LEAST))
        self.past.setWidget(self._body)
        self.past.verticalScrollBar().rangeChanged.connect(self._to_the_end)

    def show_life(self, life: Life) -> None:
        """Show an order; name, phone and address masked."""
        order = life.order
        self.title.setText(f"{order['number']}　{mask_name(order['resident'], Purpose.PUBLIC)}")
        state = State(order["state"])
        due = dt.date.fromisoformat(order["due_on"]) if order["due_on"] else None
        late = due is not None and due < life.today
        held = lookups.day_of(order["held_on"])
        words = [state.waits_for or state.value, due_words(due, life.today, held)]
        self.state.setText(" · ".join(word for word in words if word))
        tone = (
            "bad"
            if late
            else "warn"
            if held
            else "info"
            if not state.closed
            else "good"
            if state is State.RATED
            else ""
        )
        restate(self.state, "tone", tone)
        phone = mask_phone(order["phone"], Purpose.INTERNAL) if order["phone"] else "没有电话"
        self.contact["phone"].setText(phone)
        self.contact["address"].setText("住址不显示" if order["address"] else "没有住址")
        for name, button in self.reveal.items():
            button.setVisible(bool(order[name]))
        self._whole_topic = str(order["topic"])
        self.whole.setChecked(False)
        self._show_topic()
        self.about.setText(self._about(life))
        self.spot.setVisible(order["spot_report_id"] is not None)
        empty_out(self._grid)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        year = life.today.year
        for place, step in enumerate(life.steps):
            day, said = step_words(step, year)
            days = boards.late_by(life.steps, place)
            said += f"（逾期 {days} 天）" if days else ""
            when = named(QLabel(day, self._body), "note")
            what = named(QLabel(said, self._body), "factValue")
            what.setWordWrap(True)
            what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            who = named(QLabel(step["recorded_by"], self._body), "note")
            who.setToolTip(f"登记人 {step['recorded_by']}，{step['recorded_on']} 登记")
            self._grid.addWidget(when, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(what, place, 1)
            self._grid.addWidget(who, place, 2, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(len(life.steps), 1)

    def _show_topic(self) -> None:
        """A long text shows its beginning, so that the steps below keep their room; the rest is one click away."""
        topic, unfolded = self._whole_topic, self.whole.isChecked()
        long = len(topic) > _TOPIC_SHOWN
        self.whole.setVisible(long)
        self.whole.setText("收起" if unfolded else f"全文 {len(topic)} 字")
        self.topic.setText(f"{topic[:_TOPIC_SHOWN]}…" if long and not unfolded else topic)

    def _to_the_end(self, _low: int, high: int) -> None:
        self.past.verticalScrollBar().setValue(high)

    def show_field(self, order: Row, name: str) -> None:
        """Show phone or address in full, after the asking has been logged."""
        self.contact[name].setText(order[name])
        self.reveal[name].setVisible(False)

    @staticmethod
    def _about(life: Life) -> str:
        order = life.order
        words = [order["channel"], order["kind"], order["matter"], order["unit_name"]]
        lines = [" · ".join(words)]
        since = (life.today - dt.date.fromisoformat(order["asked_on"])).days
        if since > 0 and not State(order["state"]).closed:
            wanted = lookups.day_of(order["wanted_by"])
            hoped = f"，希望{dates.format_cn(wanted)}前办结" if wanted else ""
            lines.append(f"点单至今 {since} 天{hoped}")
        if order["note"]:
            lines.append(f"备注：{order['note']}")
        if order["helper_name"]:
            helped = f"接单人 {order['helper_name']}"
            if order["dispatches"] > 1:
                helped += f"，派单 {order['dispatches']} 次"
            if order["refusals"]:
                helped += f"，拒退 {order['refusals']} 次"
            # Once it is done, those who were named and did not come are left out.
            helpers = life.shares if order["completed_on"] and not order["opening"] else life.helpers
            if helpers:
                helped += f"，协办 {'、'.join(row['helper_name'] for row in helpers)}"
            lines.append(helped)
        if order["outcome"]:
            talked = f"，经“{order['deliberated_at']}”商定" if order["deliberated_at"] else ""
            rated = f"居民{order['resident_word'] or '未评'}，支部{order['branch_word'] or '未评'}"
            lines.append(f"{order['outcome']}{talked}　{rated}")
        missing = [] if order["state"] == State.COMPLETED else boards.missing_of(order)
        last = "；".join(words for words in (life.hours, *missing) if words)
        return "\n".join([*lines, last] if last else lines)
