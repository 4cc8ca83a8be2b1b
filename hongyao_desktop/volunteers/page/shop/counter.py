"""The counter of the points shop (积分超市): shelf at the left, customer in the middle, what waits at the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Changes, Reader, Row, Writer, roles_words
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.scrolled import Scrolled
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.kit.writing import may
from hongyao_desktop.volunteers.page.shop import places
from hongyao_desktop.volunteers.page.shop.desk import CounterDesk
from hongyao_desktop.volunteers.page.shop.registers import SHELF_TONES
from hongyao_desktop.volunteers.page.shop.waiting import WaitingPanel
from hongyao_desktop.volunteers.page.shop.wish import Leaving
from hongyao_desktop.volunteers.page.volunteers import IMPORT
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.queries.slips import slip as slip_of
from hongyao_desktop.volunteers.records.shop import GOODS
from hongyao_desktop.volunteers.service import slips

PAPERS = "papers"
"""Where the window prints."""

_WISH = "redemption"
"""The draft of what a customer wants."""

_SHELF = (
    replace(GOODS.field("number"), width=3),
    replace(GOODS.field("name"), width=8),
    replace(GOODS.field("points"), width=3),
    replace(GOODS.field("stock"), width=3),
    replace(GOODS.field("measure"), width=2),
)
_TABLES = frozenset(
    {
        *("shop_good", "shop_movement", "shop_redemption", "shop_step", "shop_delivery", "shop_reminder"),
        *("point_entry", "volunteer", "rule_set"),
    }
)


def work(reader: Reader, session: Session) -> Sequence[WorkItem]:
    """Goods nobody came for in time, and shelves that run empty."""
    if not may(session.who, places.CLERKS):
        return ()
    late = queries.late_pick_ups(reader, session.today())
    scarce = queries.scarce_goods(reader)
    found = []
    if late:
        days = (session.today() - dt.date.fromisoformat(late[0]["pick_up_by"])).days
        found.append(
            WorkItem(
                words="逾期没有领取的兑换",
                count=len(late),
                due=f"最长逾期 {days} 天",
                overdue=True,
                place=places.COUNTER,
                row_id=late[0]["id"],
            )
        )
    if scarce:
        names = "、".join(row["name"] for row in scarce[:2])
        more = "等" if len(scarce) > 2 else ""
        found.append(
            WorkItem(words="要补货的商品", count=len(scarce), due=f"{names}{more}", place=places.STOCK_IN)
        )
    return found


class CounterPage(Page):
    """Everything of one redemption on one page; the keyboard never leaves the middle unless asked to."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "积分超市")
        self._keep = ""
        self._slip = ""
        self._goods: list[Row] = []
        self.desk = CounterDesk(session, self)
        self.waiting = WaitingPanel(session, self)
        self.shelf = RegisterTable(
            _SHELF,
            name="货架",
            tone=self._shelf_tone,
            empty=EmptyState(
                "货架还是空的",
                "先登记能换的物品和服务，再登记进货",
                (
                    ("新增商品", lambda: session.go(places.GOODS)),
                    ("从表格导入", lambda: session.go(IMPORT, GOODS.name)),
                ),
                self,
            ),
            parent=self,
        )
        self._lay_out()
        self.desk.wanted.connect(self._redeem)
        self.desk.objected.connect(lambda words: self.say(Tone.WARN, words))
        self.desk.customer_changed.connect(self._show_shelf)
        self.desk.good_changed.connect(self._mark_good)
        self.shelf.opened.connect(self._want)
        self.shelf.view.clicked.connect(lambda index: self._want(self.shelf.model.row_id(index.row()) or ""))
        self.waiting.done.connect(lambda words: self.say(Tone.GOOD, words))
        self.waiting.refused.connect(self.refuse)
        for keys, run in (
            ("Ctrl+Return", self.desk.order),
            ("Ctrl+Enter", self.desk.order),
            ("F4", self.desk.ask_address),
            ("F5", lambda: session.go(places.STOCK_IN)),
            ("F6", self._to_waiting),
            ("F7", self._to_shelf),
            ("F8", self.desk.add_more),
            ("F9", self.print_slip),
            ("F10", self.waiting.remind),
            ("F11", self.waiting.ask_reason_for_late),
            ("Delete", self._give_back),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)

    def _lay_out(self) -> None:
        style = look()
        for words, place in (
            ("兑换商品", places.GOODS),
            ("兑换记录", places.REDEMPTIONS),
            ("库存流水", places.MOVEMENTS),
            ("盘点", places.COUNT),
            ("进货  F5", places.STOCK_IN),
        ):
            button = QPushButton(words, self)
            button.clicked.connect(lambda _checked=False, to=place: self.session.go(to))
            self.head.addWidget(button)
        self.head.setSpacing(style.px(Space.S))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        head = QHBoxLayout()
        self.shelf_words = named(QLabel(self), "note")
        head.addWidget(named(QLabel("货架", self), "sectionTitle"))
        head.addStretch(1)
        head.addWidget(self.shelf_words)
        column.addLayout(head)
        column.addWidget(self.shelf, 1)
        body = QHBoxLayout()
        body.setContentsMargins(0, style.px(Space.XS), 0, style.px(Space.M))
        body.setSpacing(style.px(Space.M))
        body.addWidget(left, 10)
        body.addWidget(self.desk)
        body.addWidget(self.waiting, 10)
        self.column.addWidget(Scrolled(body, self), 1)

    # -- for the window

    def touches(self, changes: Changes) -> bool:
        """Goods, stock, redemptions, points, volunteers."""
        return not _TABLES.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Read shelf and counter anew; what is being typed stays."""
        today = self.session.today()

        def read(reader: Reader) -> tuple[list[Row], list[Row]]:
            return queries.goods_on_shelf(reader), queries.counter_rows(reader, today)

        self.session.read(self, read, lambda found: self._show(*found))

    def enter(self) -> None:
        """Shown again; who may not redeem learns it before typing."""
        super().enter()
        if not may(self.session.who, places.CLERKS):
            self.say(Tone.INFO, f"兑换由有“{roles_words(places.CLERKS)}”权限的同事办理，这里只能查看")

    def activate(self) -> None:
        """The next customer."""
        self.desk.begin()

    def open_row(self, row_id: str) -> None:
        """Show one redemption that waits; those of earlier days lie in their register."""
        self._keep = row_id
        if self.waiting.select(row_id):
            self._keep = ""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("Enter", "兑换"),
            ("Ctrl+Enter", "下单"),
            ("F4", "送货"),
            ("F5", "进货"),
            ("F6", "待领"),
            ("F7", "货架"),
            ("F8", "再选一样"),
            ("F9", "打印兑换单"),
            ("Esc", "返回"),
        )

    def unsaved(self) -> str | None:
        """A wish that was not redeemed."""
        return "积分超市：选好的商品还没有兑换" if self.desk.volunteer_id and self.desk.wishes else None

    def drafts(self) -> list[Draft]:
        """The wish of who stands at the counter."""
        held = self.desk.held()
        return [Draft(_WISH, f"兑换 {held['name']}", held)] if held else []

    def put_back(self, draft: Draft) -> None:
        """The customer and the wish stand there again; nothing is redeemed by it."""
        self.desk.put_back(dict(draft.values))

    def back(self) -> None:
        """Esc: close a drop-down, then the message, leave the reason, return to the counter; in this order."""
        if self.desk.close_lists() or self.messages.put_away():
            return
        if self.desk.empty_basket() or not self.waiting.close_reason():
            self.desk.begin()

    # -- inside

    def _show(self, goods: list[Row], rows: list[Row]) -> None:
        self._goods = goods
        filled = sum(row["stock"] > 0 for row in goods)
        self.shelf_words.setText(f"{len(goods)} 种，有货 {filled} 种")
        self.waiting.show_rows(rows, self._keep)
        self._keep = ""
        if self.desk.good.match is not None:
            self.desk.good.show_value(self.desk.good_id)
        self._show_shelf()
        self.desk.refresh()

    def _show_shelf(self) -> None:
        """The shelf anew, in the tones of who stands at the counter."""
        wanted = self.desk.good_id
        place = next((place for place, row in enumerate(self._goods) if row["id"] == wanted), None)
        self.shelf.view.clearSelection()  # before the rows go: a model that is reset says nothing of its selection
        self.shelf.show_rows(HeldRows(self._goods), self.session.reader, position=place)

    def _shelf_tone(self, field: Field, row: Row) -> str | None:
        """Empty and scarce shelves; what the customer cannot pay steps back."""
        if field.name == "stock" and row["shelf"] != "有货":
            return SHELF_TONES[row["shelf"]]
        customer = self.desk.customer
        beyond = customer is not None and row["points"] > customer.usable
        return "ink_3" if beyond or not row["stock"] else None

    def _want(self, good_id: str) -> None:
        row = next((row for row in self._goods if row["id"] == good_id), None)
        if row is not None:
            self.desk.want(row)

    def _mark_good(self, good_id: str) -> None:
        place = next((place for place, row in enumerate(self._goods) if row["id"] == good_id), None)
        if place is None:
            self.shelf.view.clearSelection()
        elif self.shelf.current_id() != good_id or not self.shelf.view.is_selected(place):
            self.shelf.select(place)

    def _to_waiting(self) -> None:
        self.waiting.table.view.setFocus()

    def _to_shelf(self) -> None:
        self.shelf.view.setFocus()
        if self._goods and self.shelf.current_position() < 0:
            self.shelf.select(0)

    def _give_back(self) -> None:
        if self.waiting.table.view.hasFocus():
            self.waiting.ask_reason()

    def _redeem(self, leaving: Leaving) -> None:
        volunteer_id, wishes = self.desk.volunteer_id, self.desk.wishes
        self.desk.set_busy(busy=True)

        def run(writer: Writer) -> tuple[Row, list[Row], int]:
            made = slips.redeem_several(
                writer, volunteer_id, wishes, handed_over=leaving.handed_over, deliver_to=leaving.deliver_to
            )
            slip, rows = slip_of(writer, made)
            return slip, rows, lookups.volunteer(writer, volunteer_id)["points"]

        self.session.write(
            self,
            "积分兑换" if leaving.handed_over else "积分兑换下单",
            run,
            lambda found: self._redeemed(*found),
            self._failed,
            draft=_WISH,
        )

    def _redeemed(self, slip: Row, rows: list[Row], balance: int) -> None:
        self._keep = rows[-1]["id"]
        self._slip = str(slip["number"])
        self.desk.set_busy(busy=False)
        self.desk.next_customer()
        first = rows[0]
        by = format_cn(dt.date.fromisoformat(first["pick_up_by"]))
        waits = "" if first["picked_up_on"] else f"，{by}前{'送到' if first['deliver_to'] else '来领'}"
        used, left = hours.format_centi(sum(row["points"] for row in rows)), hours.format_centi(balance)
        what = "、".join(f"{row['good_name']} {row['quantity']} {row['measure']}" for row in rows)
        number = first["number"] if len(rows) == 1 else slip["number"]
        self.say(
            Tone.GOOD,
            f"{first['name']}兑换{what}，用 {used} 分，余 {left} 分（{number}）{waits}",
            "打印兑换单  F9",
            self.print_slip,
        )

    def print_slip(self) -> None:
        """F9: the slip of the redemption chosen on the right while the keyboard is there, else of the last one."""
        current = self.waiting.current if self.waiting.table.view.hasFocus() else None
        number = str(current["number"]) if current is not None else self._slip
        if not number:
            self.say(Tone.INFO, "还没有兑换；在右边选一笔，按 F9 打印它的兑换单")
            return
        self.session.go(PAPERS, f"shop-slip?number={number}")

    def _failed(self, error: Exception) -> None:
        self.desk.set_busy(busy=False)
        if isinstance(error, Refusal) and error.problems:
            self.desk.mend(error.problems[0].field)
        self.refuse(error)
