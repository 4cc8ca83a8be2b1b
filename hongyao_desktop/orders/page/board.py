"""The order board (工单看板): columns by what orders wait for, the chosen one beside them, new orders by Ctrl+N."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
    QPushButton,
    QSplitter,
)

from hongyao_desktop.core.desk import Changes, Row
from hongyao_desktop.core.masking import Purpose, mask_name
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.page.choosing import order_lookups
from hongyao_desktop.orders.page.columns import Lanes
from hongyao_desktop.orders.page.life import Life, read_life
from hongyao_desktop.orders.page.panel import EDIT, PRINT, OrderPanel
from hongyao_desktop.orders.page.steps import AGAIN, FROM_SPOT, TAKE
from hongyao_desktop.orders.page.views import ViewBar, nothing_words
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.queries.boards import ENDED_SHOWN, Board, View, board, ended_among
from hongyao_desktop.orders.records.orders import ORDERS
from hongyao_desktop.orders.records.states import OPEN_STATES, Move, State
from hongyao_desktop.orders.service.posting import hours_words

PLACE: Final = "orders"
LIST: Final = "orders.list"
SPOTS: Final = "volunteers.spots"
PAPERS: Final = "papers"
FROM_REPORT: Final = "spot:"
_FOUND: Final = 200
_SPLIT: Final = "orders.board.split"
_TABLES: Final = frozenset(
    {"service_order", "order_step", "order_event", "order_rating", "volunteer", "person", "unit"}
)
_GOES_ON: Final = frozenset({TAKE.label, FROM_SPOT.label, AGAIN.label, Move.DECIDE.value})
"""After these the keyboard goes to the next step of the same order; the others end with somebody else."""


class OrderBoardPage(Page):
    """Columns by state, the chosen order's life, and the one next step as a small form."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "工单看板")
        style = look()
        self.view = View.ALL
        self._chosen = ""
        self._begin_after = False
        self._cards_after = False
        self._life_awaited = False
        self._search_entered = False
        self._reading: Job | None = None
        self._living: Job | None = None
        self._board: Board | None = None
        spot = QPushButton("随手拍转工单", self)
        spot.clicked.connect(lambda: self._new(FROM_SPOT))
        self.take_button = QPushButton("登记工单  Ctrl+N", self)
        self.take_button.setProperty("primary", True)
        self.take_button.clicked.connect(lambda: self._new(TAKE))
        self.head.addWidget(spot)
        self.head.addWidget(self.take_button)
        self.search = self.add_search("工单号、姓名、首字母、电话尾号", "工单")
        self.search.typed.connect(self._searched)
        self.search.returnPressed.connect(self._from_search)
        bar = ViewBar(self)
        bar.chosen.connect(lambda word: self.look_at(View(word)))
        self.tabs, self.ended, self.rated = bar.tabs, bar.ended, bar.rated
        self.column.addWidget(bar)
        self.lanes = Lanes(len(OPEN_STATES), self)
        self.lanes.picked.connect(self._pick)
        self.lanes.opened.connect(self._open)
        self.panel = OrderPanel(session, order_lookups(session), self)
        self._hear_panel()
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(style.px(Space.M))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.lanes)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        kept = session.memory.get(_SPLIT)
        self.splitter.setSizes(kept if isinstance(kept, list) else [style.px(780), style.px(Width.FORM)])
        self.splitter.splitterMoved.connect(lambda: session.memory.put(_SPLIT, self.splitter.sizes()))
        self.column.addWidget(self.splitter, 1)
        self.column.addSpacing(style.px(Space.M))
        self.panel.show_nothing()
        self._bind_keys()

    def _hear_panel(self) -> None:
        self.panel.done.connect(self._done)
        self.panel.objected.connect(lambda sentence: self.say(Tone.BAD, sentence))
        self.panel.asked.connect(
            lambda sentence: self.say(Tone.WARN, f"{sentence}；确认无误请再按一次 Ctrl+S")
        )
        self.panel.closed.connect(self.lanes.focus_cards)
        # One primary button at a time: while a step waits to be confirmed it is that one.
        self.panel.form_changed.connect(lambda: restate(self.take_button, "primary", self.panel.form is None))
        self.panel.reveal_wanted.connect(self._reveal)
        self.panel.spot_wanted.connect(self._go_spot)
        self.panel.wanted.connect(self._wanted)

    def _bind_keys(self) -> None:
        self.on_key("Ctrl+N", lambda: self._new(TAKE))
        self.on_key("Ctrl+S", self._confirm)
        self.on_key("Esc", self._escape)
        self.on_key("F4", self._more)
        self.on_key("F2", lambda: self._wanted(EDIT))
        self.on_key("F9", lambda: self._wanted(PRINT))
        for place, view in enumerate(View, 1):
            self.on_key(f"Alt+{place}", partial(self.look_at, view))

    # -- what the window asks of a page

    def activate(self) -> None:
        """The keyboard belongs on the cards, unless something is being typed."""
        if not self.panel.at_work:
            self.lanes.focus_cards()

    def touches(self, changes: Changes) -> bool:
        """Orders, and the names that stand on them."""
        return not _TABLES.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Read the board again, and the chosen order."""
        if self._reading is not None:
            self._reading.drop()
        today, view, among = self.session.today(), self.view, self._among()
        self._reading = self.session.read(
            self,
            lambda reader: (
                board(reader, today, view=view, among=among),
                ended_among(reader, among) if among is not None else [],
            ),
            self._show,
            self.refuse,
        )
        if self._chosen:
            self._read_life(self._chosen)

    def open_row(self, row_id: str) -> None:
        """Show one order, also one that has left the board; ``spot:`` and a report's id begin an order from it."""
        if row_id.startswith(FROM_REPORT):
            self._from_report(row_id.removeprefix(FROM_REPORT))
            return
        self._pick(row_id)
        self.lanes.choose(row_id)
        self.lanes.focus_cards()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Keys for the strip at the bottom."""
        return (
            ("Ctrl+N", "登记"),
            ("←→", "换列"),
            ("Enter", "办理"),
            ("F3", "查找"),
            ("F4", "其他步骤"),
            ("F9", "打印"),
            ("Esc", "返回"),
        )

    def unsaved(self) -> str | None:
        """A form half filled in."""
        return self.panel.unsaved()

    def drafts(self) -> list[Draft]:
        """Steps half filled in."""
        return self.panel.drafts()

    def put_back(self, draft: Draft) -> None:
        """Open the order, or the form of a new one, as it was left."""
        self.panel.put_back(draft)
        order_id = str(draft.values["row"])
        if order_id:
            self._begin_after = True
            self.open_row(order_id)

    # -- inside

    def look_at(self, view: View) -> None:
        """Show all orders, or those of one view."""
        self.view = view
        self.reload()

    def _among(self) -> list[str] | None:
        """The orders that answer what is searched for; None while nothing is."""
        words = self.search.words()
        known = self.session.lookups.get(ORDERS.name)
        if not words or known is None:
            return None
        return [match.id for match in known.find(self.session.reader, words, _FOUND)]

    def _searched(self) -> None:
        """A search looks through all orders, whatever view was chosen before."""
        if self.search.words():
            self.view = View.ALL
        self.reload()

    def _from_search(self) -> None:
        """Enter in the search box: to the first card, else to the latest order that is closed."""
        self._search_entered = True
        self._searched()

    def _show_ended(self, ended: list[Row]) -> None:
        for old in self.ended.findChildren(QMenu):
            old.deleteLater()
        menu = QMenu(self.ended)
        for row in ended:
            name = mask_name(row["resident"], Purpose.PUBLIC)
            words = (row["number"], name, row["topic"][:16], row["state"])
            menu.addAction("　".join(words)).triggered.connect(
                lambda _checked=False, order_id=str(row["id"]): self.open_row(order_id)
            )
        self.ended.setMenu(menu)
        self.ended.setText(f"{'最近' if len(ended) == ENDED_SHOWN else '已'}结束的 {len(ended)} 件")
        self.ended.setVisible(bool(ended))

    def _show(self, found: tuple[Board, list[Row]]) -> None:
        shown, ended = found
        self._board = shown
        self._show_ended(ended)
        self.lanes.show_columns(shown.columns)
        for view, tab in self.tabs.items():
            tab.setText(f"{view} {shown.counts[view]:,}")
            tab.setChecked(view is self.view)
        self.rated.setText(f"本月已评单 {shown.rated_this_month:,} 件")
        if self._cards_after:
            self._cards_after = False
            self.lanes.focus_cards()
        nothing = not any(column.count for column in shown.columns)
        self.lanes.say_empty(
            *(nothing_words(self.search.words(), self.view, ended=bool(ended)) if nothing else ("", ""))
        )
        entered, self._search_entered = self._search_entered, False
        if entered and not nothing:
            self.lanes.focus_first()
        elif entered and ended:
            self._pick(str(ended[0]["id"]))
        elif entered and self.search.words():
            self.say(Tone.INFO, f"没有找到“{self.search.words()}”，请换工单号、姓名或电话后四位再查")
        if self.search.hasFocus() or self.search.words():
            return
        if not self._chosen and not nothing and not self.panel.at_work and self.isVisible():
            self.lanes.focus_cards()

    def _pick(self, order_id: str) -> None:
        self._chosen = order_id
        self.lanes.chosen = order_id
        self._read_life(order_id)

    def _read_life(self, order_id: str) -> None:
        if self._living is not None:
            self._living.drop()
        today = self.session.today()
        self._life_awaited = True
        self._living = self.session.read(
            self, lambda reader: read_life(reader, order_id, today), self._show_life, self._lost
        )

    def _show_life(self, life: Life) -> None:
        self._life_awaited = False
        if life.order["id"] != self._chosen or (self.panel.at_work and not self._begin_after):
            return
        self.panel.show_life(life)
        if self._begin_after:
            self._begin_after = False
            if not self.panel.begin():
                self.lanes.focus_cards()

    def _lost(self, error: Exception) -> None:
        self._life_awaited = False
        self._chosen = ""
        self.panel.show_nothing()
        self.refuse(error)

    def _open(self, order_id: str) -> None:
        """Enter on a card: the keyboard goes into its next step."""
        shown = self.panel.life is not None and self.panel.life.order["id"] == order_id
        if shown and not self.panel.at_work and not self._life_awaited:
            if not self.panel.begin():
                self.say(Tone.INFO, self.panel.note.text() or "这件工单没有下一步")
            return
        self._begin_after = True
        self._pick(order_id)

    def _new(self, verb: Verb) -> None:
        """Open the form of a new order; who may not take one is told before he types."""
        asked = lookups.rules(self.session.reader).duties.nearest(self.session.today()).roles[Move.ASK]
        if not self.session.who.roles.intersection(asked):
            who = "、".join(role.value for role in asked)
            self.say(Tone.INFO, f"点单由有“{who}”权限的同事登记")
            return
        self._begin_after = False
        self.panel.open_new(verb)

    def _from_report(self, report_id: str) -> None:
        """Begin an order from a spot report that stands in the form already."""
        self._new(FROM_SPOT)
        form = self.panel.form
        if form is None or form.verb is not FROM_SPOT:
            return
        form.form.set_value("spot_report_id", report_id)
        form.form.focus_field("asked_on")

    def _confirm(self) -> None:
        if self.panel.form is not None:
            self.panel.form.confirm()

    def _escape(self) -> None:
        form = self.panel.form
        here = QApplication.focusWidget()
        if form is not None and (self.panel.at_work or (here is not None and form.isAncestorOf(here))):
            form.closed.emit()
        else:
            self.messages.dismiss()
            if self.search.words():
                self.search.lift()
                self.reload()
            self.lanes.focus_cards()

    def _more(self) -> None:
        if not self.panel.open_more():
            self.say(Tone.INFO, "先选中一张工单")

    def _wanted(self, what: str) -> None:
        """Mend what is written about the chosen order, or print its slip."""
        life = self.panel.life
        if life is None or self.panel.at_work:
            self.say(Tone.INFO, "先选中一张工单")
        elif what == EDIT:
            self.session.go(LIST, str(life.order["id"]))
        elif what == PRINT:
            self.session.go(PAPERS, f"order-slip?number={life.order['number']}")

    def _done(self, label: str, sentence: str, order_id: str) -> None:
        self._chosen = order_id
        self.lanes.chosen = order_id
        order = lookups.order(self.session.reader, order_id)
        posted = hours_words(self.session.reader, order) if order["state"] == State.RATED else ""
        self.say(Tone.GOOD, f"{order['number']}　{sentence}{'；' if posted else ''}{posted}")
        self._begin_after = label in _GOES_ON
        self._cards_after = not self._begin_after
        self.reload()

    def _reveal(self, field: str) -> None:
        life = self.panel.life
        if life is not None:
            order_id = str(life.order["id"])
            self.session.reveal(self, ORDERS, order_id, field, lambda: self._revealed(order_id, field))

    def _revealed(self, order_id: str, field: str) -> None:
        life = self.panel.life
        if life is not None and life.order["id"] == order_id:
            self.panel.view.show_field(life.order, field)

    def _go_spot(self) -> None:
        life = self.panel.life
        if life is not None:
            self.session.go(SPOTS, life.order["spot_report_id"])
