"""Suspicions (疑点): what somebody should look at, with the records behind it, and why it was set aside."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSplitter, QVBoxLayout

from hongyao_desktop.core.desk import Changes, Row, who_may
from hongyao_desktop.core.fields import Integer, Text
from hongyao_desktop.core.figure import Period
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space, Width
from hongyao_desktop.volunteers.page.care.approval import column
from hongyao_desktop.volunteers.page.care.pair import PairView
from hongyao_desktop.volunteers.queries import signals as queries
from hongyao_desktop.volunteers.queries.evidence import evidence_rows
from hongyao_desktop.volunteers.records.services import SERVICES
from hongyao_desktop.volunteers.records.suspicions import DOUBTFUL, GRAVE, Kind, Signal
from hongyao_desktop.volunteers.service import signals as verbs

PLACE: Final = "volunteers.signals"
DISMISSALS_PLACE: Final = "volunteers.dismissals"
_MONTHS: Final = 6
_COLUMNS = (
    column("kind", "疑点", Text(), 5),
    column("operator", "录入人", Text(), 4),
    column("records", "条数", Integer(), 3),
    SERVICES.field("minutes"),
    column("sentence", "证据", Text(), 16),
)
_RECORDS = (
    SERVICES.field("served_on"),
    SERVICES.field("name"),
    SERVICES.field("title"),
    SERVICES.field("minutes"),
)
_TONES: Final = {
    **{kind.value: "bad" for kind in GRAVE},
    **{kind.value: "warn" for kind in DOUBTFUL},
}
_PAIR: Final = 2
_LOOKED_AT: Final = frozenset(
    {
        "service_record",
        "signal_dismissal",
        "person",
        "volunteer",
        "activity",
        "cadre",
        "spot_photo",
        "spot_report",
        "volunteer_incident",
        "point_entry",
        "rule_set",
    }
)
_SHOWN: Final = 300
_HINT: Final = "登错的打开记录冲正或更正；查实是虚报的，再到“失信”里登记。"
_STRIKE_HINT: Final = (
    "注销由人决定：要注销的打开志愿者办“退出”，写明原因；不注销的在上面写明理由。时长和积分都留着。"
)


class SignalPage(Page):
    """The list of suspicions of half a year, the records behind the chosen one, and the line for the reason."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "疑点")
        self._found: list[Signal] = []
        self._places: dict[str, str] = {}
        style = look()
        kept = QPushButton("核实记录", self)
        kept.clicked.connect(lambda: session.go(DISMISSALS_PLACE))
        printed = QPushButton("打印清单  F9", self)
        printed.clicked.connect(self.print_list)
        self.head.addWidget(printed)
        self.head.addWidget(kept)
        self.table = RegisterTable(
            _COLUMNS,
            name="疑点",
            tone=lambda field, row: _TONES.get(row["kind"]) if field.name == "kind" else None,
            empty=EmptyState(
                "没有疑点", f"半年内登记的{'、'.join(kind.value for kind in Kind)}列在这里，附两边的记录"
            ),
        )
        self.panel = named(QFrame(self), "panel")
        self.sentence = QLabel(self.panel)
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("证据")
        self.records = RegisterTable(
            _RECORDS, name="证据里的记录", empty=EmptyState("请在左边选一条疑点", ""), parent=self.panel
        )
        self.pair = PairView(self.panel)
        self.pair.hide()
        self.reason = ComposingLineEdit(self.panel)
        self.reason.setFixedHeight(style.px(Height.INPUT))
        self.reason.setPlaceholderText("怎样核实的，如：对照签到表和照片，确有其事")
        self.reason.setAccessibleName("核实情况")
        self.confirm = QPushButton("核实无误  Ctrl+S", self.panel)
        self.confirm.clicked.connect(self.dismiss)
        self._lay_panel()
        splitter = QSplitter(self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(style.px(Space.M))
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setSizes([style.px(640), style.px(Width.FORM)])
        self.column.addWidget(splitter, 1)
        self.column.addSpacing(style.px(Space.M))
        self.table.current_changed.connect(self._show_signal)
        self.table.opened.connect(lambda _key: self.reason.setFocus())
        self.records.opened.connect(self._open_record)
        self.pair.opened.connect(session.go)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda _line: self.dismiss())
        self.reason.installEventFilter(self._keys)
        for keys, run in (
            ("Ctrl+S", self.dismiss),
            ("F6", self._to_records),
            ("F7", self.open_person),
            ("F9", self.print_list),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)

    def _lay_panel(self) -> None:
        """The sentence, the records, and the line for the reason below each other."""
        style = look()
        column_ = QVBoxLayout(self.panel)
        side = style.px(Space.L)
        column_.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column_.setSpacing(style.px(Space.S))
        column_.addWidget(self.sentence)
        column_.addWidget(self.records, 1)
        column_.addWidget(self.pair, 1)
        column_.addWidget(named(QLabel("核实情况", self.panel), "fieldLabel"))
        column_.addWidget(self.reason)
        column_.addWidget(self.confirm)
        self.person = QPushButton("打开志愿者，办退出  F7", self.panel)
        self.person.clicked.connect(self.open_person)
        column_.addWidget(self.person)
        self.hint = named(QLabel("", self.panel), "note")
        self.hint.setWordWrap(True)
        column_.addWidget(self.hint)

    # -- for the window

    def touches(self, changes: Changes) -> bool:
        """Services and whatever they are held against, and suspicions set aside."""
        return not _LOOKED_AT.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Look through the entries of the last six months again."""
        last = self.session.today()
        period = Period(last - dt.timedelta(days=30 * _MONTHS), last)
        self.session.read(self, lambda reader: queries.signals(reader, period), self._show, self.refuse)

    def activate(self) -> None:
        """The keyboard belongs on the list."""
        self.table.view.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("Enter", "核实"), ("F6", "记录"), ("Ctrl+S", "核实无误"), ("F9", "打印"), ("Esc", "返回"))

    def unsaved(self) -> str | None:
        """A reason half typed."""
        return "疑点：核实情况填了一半" if self.reason.text().strip() else None

    def back(self) -> None:
        """Esc: the message first, then back to the list."""
        if not self.messages.put_away():
            self.table.view.setFocus()

    # -- inside

    def _show(self, found: list[Signal]) -> None:
        self._found = found
        keep, stood = self.table.current_id(), self.table.current_position()
        rows: list[Row] = [
            {
                "id": one.key + one.kind.value,
                "kind": one.kind.value,
                "operator": one.operator,
                "records": one.records,
                "minutes": one.minutes,
                "sentence": one.sentence,
            }
            for one in found
        ]
        # One that was set aside leaves the keyboard on the next one, not at the top of the list again.
        after = min(max(stood, 0), len(rows) - 1) if rows else None
        place = next((n for n, row in enumerate(rows) if row["id"] == keep), after)
        self.table.show_rows(HeldRows(rows), self.session.reader, position=place)
        self._show_signal(self.table.current_id())

    @property
    def current(self) -> Signal | None:
        """The suspicion chosen."""
        wanted = self.table.current_id()
        return next((one for one in self._found if one.key + one.kind.value == wanted), None)

    def _show_signal(self, _key: str) -> None:
        signal = self.current
        allowed = bool(self.session.who.roles.intersection(verbs.CHECKERS))
        may = signal is not None and allowed and self.session.who.name not in signal.hands
        self.confirm.setEnabled(may)
        self.reason.setEnabled(may)
        struck = signal is not None and signal.kind is Kind.STRIKE_OFF
        self.person.setVisible(struck)
        self.confirm.setText("不注销  Ctrl+S" if struck else "核实无误  Ctrl+S")
        more = f"（下面列出前 {_SHOWN} 条）" if signal is not None and signal.records > _SHOWN else ""
        self.sentence.setText(signal.sentence + more if signal is not None else "")
        if signal is None:
            self.hint.setText("")
            self.pair.hide()
            self.records.show()
            self.records.show_rows(None, None)
            return
        self._show_hint(signal, allowed=allowed)
        ids, kind = signal.record_ids[:_SHOWN], signal.kind
        self.session.read(self, lambda reader: evidence_rows(reader, kind, ids), self._show_records)

    def _show_hint(self, signal: Signal, *, allowed: bool) -> None:
        """What to do about it, or who may."""
        if not allowed:
            self.hint.setText(who_may(self.session.reader, *verbs.CHECKERS))
        elif self.session.who.name in signal.hands:
            self.hint.setText("这些记录有您录入的，请由另一位同事核实。")
        else:
            self.hint.setText(_STRIKE_HINT if signal.kind is Kind.STRIKE_OFF else _HINT)

    def _show_records(self, rows: list[Row]) -> None:
        """Two records stand side by side, more below each other."""
        both = len(rows) == _PAIR
        self._places = {str(row["id"]): str(row["place"]) for row in rows}
        self.records.setVisible(not both)
        self.pair.setVisible(both)
        if both:
            self.pair.show_pair((rows[0], rows[1]))
        else:
            self.records.show_rows(HeldRows(rows), self.session.reader, position=0)

    def _open_record(self, row_id: str) -> None:
        self.session.go(self._places[row_id], row_id)

    def print_list(self) -> None:
        """F9: the paper of these suspicions, where its period is chosen and it is looked at before printing."""
        self.session.go("papers", "service-signals")

    def open_person(self) -> None:
        """F7: the volunteer somebody would strike off; leaving is done on that page."""
        signal = self.current
        if signal is not None and signal.volunteer_id:
            self.session.go("volunteers", signal.volunteer_id)

    def _to_records(self) -> None:
        if self.pair.isVisible():
            self.pair.focus()
        else:
            self.records.view.setFocus()

    def dismiss(self) -> None:
        """Ctrl+S: it was looked at, and is in order."""
        signal, reason = self.current, self.reason.text().strip()
        if signal is None:
            return
        if not self.reason.isEnabled():
            self.say(Tone.WARN, self.hint.text())
            return
        if not reason:
            self.reason.setFocus()
            self.say(Tone.WARN, "先写怎样核实的")
            return

        def done(_id: object) -> None:
            self.reason.clear()
            self.say(Tone.GOOD, f"已核实：{signal.kind.value}（{signal.operator}）")
            self.table.view.setFocus()

        self.session.write(
            self,
            "核实疑点",
            lambda writer: verbs.dismiss(writer, signal, reason),
            done,
            self.refuse,
            reason=reason,
        )
