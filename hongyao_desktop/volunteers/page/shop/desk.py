"""The middle of the counter: who stands there, what is wanted, and whether it may be had."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.kit.inputs import FieldInput, LineInput, ReferenceInput
from hongyao_desktop.kit.keys import EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.volunteers.page.shop.customer import CustomerFacts, RecentRedemptions, say
from hongyao_desktop.volunteers.page.shop.delivery import DeliveryLine, WaysOut
from hongyao_desktop.volunteers.page.shop.places import good_match, goods_lookup
from hongyao_desktop.volunteers.page.shop.wish import (
    FETCHED_LATER,
    HANDED_OVER,
    Chosen,
    Leaving,
    basket_words,
    price_words,
)
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.queries.finding import volunteer_lookup
from hongyao_desktop.volunteers.queries.shop import Customer
from hongyao_desktop.volunteers.records import shop as records
from hongyao_desktop.volunteers.records.services import VOLUNTEER
from hongyao_desktop.volunteers.rules.shop import ONE_VISIT
from hongyao_desktop.volunteers.service import slips

_WHO = replace(VOLUNTEER, label="志愿者")
_TEACHING = "选好人和商品，这里写明用多少分、剩多少"


_RECENT = 5
"""So many of the customer's last redemptions are in sight."""


class CounterDesk(QFrame):
    """Volunteer, good, quantity; Enter after Enter redeems.

    Signals:
        wanted: everything is typed and nothing stands against it (how it leaves the counter).
        objected: it may not be had (sentence).
        customer_changed: another volunteer stands at the counter, or none.
        good_changed: another good is wanted (its id, "" for none).
    """

    wanted = Signal(object)
    objected = Signal(str)
    customer_changed = Signal()
    good_changed = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.setAccessibleName("柜台")
        self._session = session
        self.customer: Customer | None = None
        self._busy = False
        self._held: Row = {}
        self._make_inputs()
        self._make_facts()
        self._lay_out()
        self._keys = EnterKeys(self)
        self._keys.onward.connect(self._onward)
        self._keys.backward.connect(self._backward)
        for entry in (self.who, self.good, self.quantity):
            entry.editor().installEventFilter(self._keys)
        self.who.edited.connect(self._who_edited)
        self.good.edited.connect(self._good_edited)
        self.quantity.edited.connect(self.judge)
        self.ways.redeem.clicked.connect(lambda: self._confirm(HANDED_OVER))
        self.ways.order.clicked.connect(self.order)
        self.ways.more.clicked.connect(self.add_more)
        self.ways.deliver.clicked.connect(self.ask_address)
        self.delivery.confirmed.connect(self._deliver)
        self.refresh()

    def _make_inputs(self) -> None:
        session = self._session
        self.who = ReferenceInput(_WHO, volunteer_lookup(session.lookups), lambda: session.reader, self)
        self.who.name_for_readers("志愿者", "输入姓名首字母、编号或电话")
        self.who.line.setPlaceholderText("姓名首字母、编号或电话")
        self.good = ReferenceInput(records.GOOD, goods_lookup(), lambda: session.reader, self)
        self.good.name_for_readers("商品", "输入品名首字母或编号")
        self.good.line.setPlaceholderText("品名首字母或编号")
        self.quantity = LineInput(records.QUANTITY, self)
        self.quantity.name_for_readers("数量", "默认 1")
        self.quantity.set_text("1")
        self.measure = named(QLabel(self), "note")
        self.basket: list[Chosen] = []
        self.basket_words = QLabel(self)
        self.basket_words.setWordWrap(True)
        self.basket_words.setAccessibleName("已选的商品")
        self.ways = WaysOut(self)
        self.delivery = DeliveryLine(self)

    def _make_facts(self) -> None:
        self.facts = CustomerFacts(self)
        self.recent = RecentRedemptions(self)
        self.verdict = QLabel(_TEACHING, self)
        self.verdict.setWordWrap(True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.verdict.setMinimumHeight(3 * self.verdict.fontMetrics().lineSpacing())
        self.verdict.setAccessibleName("兑换结果")
        self.rule = named(QLabel(self), "note")
        self.rule.setWordWrap(True)

    def _lay_out(self) -> None:
        style = look()
        self.setFixedWidth(style.px(Width.FORM))
        column = QVBoxLayout(self)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel("志愿者", self), "fieldLabel"))
        column.addWidget(self.who)
        column.addSpacing(style.px(Space.XS))
        column.addWidget(self.facts)
        line = named(QFrame(self), "rule")
        line.setFixedHeight(1)
        column.addWidget(line)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(Space.S))
        grid.setVerticalSpacing(style.px(Space.XS))
        self.quantity.setFixedWidth(style.px(Space.XXL * 2))
        grid.addWidget(named(QLabel("商品", self), "fieldLabel"), 0, 0)
        grid.addWidget(named(QLabel("数量", self), "fieldLabel"), 0, 1)
        grid.addWidget(self.good, 1, 0)
        grid.addWidget(self.quantity, 1, 1)
        grid.addWidget(self.measure, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(2, style.px(Space.XL))
        column.addLayout(grid)
        column.addWidget(self.basket_words)
        column.addWidget(self.verdict)
        column.addWidget(self.ways)
        column.addWidget(self.delivery)
        column.addSpacing(style.px(Space.M))
        column.addWidget(self.recent)
        column.addStretch(1)
        column.addWidget(self.rule)

    # -- for the page

    @property
    def volunteer_id(self) -> str:
        """Who stands at the counter, "" for nobody."""
        return self.who.match.id if self.who.match is not None else ""

    @property
    def good_id(self) -> str:
        """What is wanted, "" for nothing yet."""
        return self.good.match.id if self.good.match is not None else ""

    @property
    def pieces(self) -> int | None:
        """How many are wanted; None while that cannot be read."""
        parsed = self.quantity.parsed(self._session.context())
        return parsed.value if parsed.good else None

    @property
    def wishes(self) -> list[tuple[str, int]]:
        """Everything wanted in this go: what was put aside, and what is being typed."""
        chosen = [(match.id, pieces) for match, pieces in self.basket]
        if self.good_id and self.pieces:
            chosen.append((self.good_id, self.pieces))
        return chosen

    def add_more(self) -> None:
        """F8: put this good aside for the same slip and choose another one."""
        match, pieces = self.good.match, self.pieces
        if match is None or not pieces or not self.volunteer_id:
            self.objected.emit("先选好志愿者、商品和数量，再选下一样")
            return
        found = self.problems()
        if found:
            self.judge()
            self.objected.emit(found[0].message)
            return
        self.basket.append((match, pieces))
        self.good.set_text("")
        self.quantity.set_text("1")
        self.judge()
        self.good_changed.emit("")
        self.good.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def empty_basket(self) -> bool:
        """Put everything back that was put aside; False when nothing was."""
        had, self.basket = bool(self.basket), []
        self.judge()
        return had

    def held(self) -> Row:
        """What would be lost if the light went out now, as a draft holds it; empty while nothing is wanted."""
        if not self.volunteer_id or not (self.good_id or self.basket):
            return {}
        return {
            "who": self.volunteer_id,
            "name": self.who.line.text(),
            "good": self.good_id,
            "pieces": self.quantity.line.text(),
            "basket": [[match.id, pieces] for match, pieces in self.basket],
        }

    def put_back(self, held: Row) -> None:
        """Customer and wish as they were; points, stock and limits as they are now."""
        reader = self._session.reader
        self.who.show_value(held["who"])
        self.basket = [(good_match(queries.good(reader, good)), pieces) for good, pieces in held["basket"]]
        self.good.show_value(held["good"])
        self.quantity.set_text(held["pieces"])
        self.refresh()
        self.good_changed.emit(self.good_id)

    def begin(self) -> None:
        """The keyboard at the volunteer; what stands there is typed over."""
        self.who.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.who.line.selectAll()

    def next_customer(self) -> None:
        """Clear what was wanted; the customer stays in sight until somebody else is typed."""
        self.basket = []
        self.delivery.hide()
        self.good.set_text("")
        self.quantity.set_text("1")
        self.refresh()
        self.good_changed.emit("")
        self.begin()

    def mend(self, field: str | None) -> None:
        """The keyboard where an objection can be answered; what stands there is typed over."""
        line = {"volunteer_id": self.who.line, "good_id": self.good.line}.get(field or "", self.quantity.line)
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.selectAll()

    def close_lists(self) -> bool:
        """Esc closes an open drop-down or the address first; False when none was open."""
        opened = [entry.popup() for entry in (self.who, self.good) if entry.popup().matches]
        for popup in opened:
            popup.hide()
        if not opened and self.delivery.close_line():
            self.quantity.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return bool(opened)

    def want(self, good: Row) -> None:
        """Put a good from the shelf into the wish; the keyboard goes where something is missing."""
        self.good.show_match(good_match(good))
        self._good_edited()
        entry: FieldInput = self.quantity if self.volunteer_id else self.who
        entry.editor().setFocus(Qt.FocusReason.OtherFocusReason)
        self.quantity.line.selectAll()

    def set_busy(self, *, busy: bool) -> None:
        """Nothing is redeemed twice while it is being written."""
        self._busy = busy
        self.judge()

    def refresh(self) -> None:
        """Read the customer anew: points or limits may have changed."""
        reader, today = self._session.reader, self._session.today()
        self.customer = None
        try:
            rule = queries.rule_on(reader, today)
            if self.volunteer_id:
                self.customer = queries.customer(reader, self.volunteer_id, today, self.good_id)
        except Refusal as refused:
            self.facts.refuse(str(refused))
            self.judge()
            return
        visits = "" if rule.quarter_visits is None else f"每季度最多 {rule.quarter_visits} 次{ONE_VISIT}，"
        self.rule.setText(f"{visits}{rule.pick_up_days} 天内领取。按{rule.title}")
        self.facts.show_customer(self.customer)
        self.recent.show_rows(queries.recent_of(reader, self.volunteer_id, _RECENT) if self.customer else ())
        self.judge()
        self.customer_changed.emit()

    # -- inside

    def problems(self) -> list[Problem]:
        """What stands against the wish as it is typed; empty while it is not complete."""
        wishes = self.wishes
        if not self.volunteer_id or not wishes or not (self.basket or self.pieces):
            return []
        try:
            return slips.slip_problems(self._session.reader, self.volunteer_id, wishes, self._session.today())
        except Refusal as refused:
            return list(refused.problems) or [Problem(Level.ERROR, "shop.rule", str(refused))]

    def judge(self) -> None:
        """Say what the wish takes, or why it may not be had."""
        self._keep()
        match, pieces = self.good.match, self.pieces
        self.measure.setText(match.row["measure"] if match is not None else "")
        half_typed = match is not None and pieces is None
        complete = bool(self.volunteer_id and self.wishes) and not half_typed
        self.basket_words.setVisible(bool(self.basket))
        self.basket_words.setText(basket_words(self.basket))
        found = self.problems() if complete else []
        sound = complete and not found and not self._busy
        self.ways.allow(leaving=sound, more=bool(self.volunteer_id and self.good_id and pieces))
        if not complete:
            say(self.verdict, "数量请填整数" if half_typed else _TEACHING, "bad" if half_typed else "")
        elif found:
            say(self.verdict, "\n".join(problem.message for problem in found), "bad")
        elif self.customer is not None:
            typed = (match, pieces) if match is not None and pieces else None
            said = price_words(self.customer.usable, self.basket, typed)
            say(self.verdict, said, "good")

    def _keep(self) -> None:
        """A draft whenever the wish is another one."""
        before, self._held = self._held, self.held()
        if self._held != before:
            self._session.drafts.typed()

    def _who_edited(self) -> None:
        if self.customer is not None and self.customer.who.id == self.volunteer_id:
            return
        self.basket = []
        if self.pieces is None:
            self.quantity.set_text("1")  # what was mistyped for somebody else
        self.refresh()

    def _good_edited(self) -> None:
        self.judge()
        self.good_changed.emit(self.good_id)

    def _take(self, entry: ReferenceInput) -> Match | None:
        if not entry.accept_completion():
            entry.settle(self._session.context())
        return entry.match

    def _not_taken(self, entry: ReferenceInput, where: str, otherwise: str) -> None:
        typed = entry.line.text().strip()
        missing = typed and not entry.popup().matches
        named_by = "姓名、编号或电话" if entry is self.who else "品名或编号"
        entry.line.selectAll()  # the next letters are another try, not more of this one
        self.objected.emit(f"{where}没有找到“{typed}”，请核对{named_by}" if missing else otherwise)

    def _onward(self, editor: QWidget) -> None:
        if editor is self.who.line:
            if self._take(self.who) is None:
                self._not_taken(self.who, "在册的志愿者里", "还没有选定志愿者，请写首字母后按 ↓ 选择")
                return
            self._who_edited()
            self.good.line.setFocus(Qt.FocusReason.TabFocusReason)
            self.good.line.selectAll()
        elif editor is self.good.line:
            if self._take(self.good) is None:
                if self.basket and not self.good.line.text().strip():
                    self._confirm(HANDED_OVER)  # nothing more: what was put aside is all
                    return
                self._not_taken(self.good, "货架上", "还没有选定商品，请写首字母或编号后按 ↓ 选择")
                return
            self._good_edited()
            self.quantity.line.setFocus(Qt.FocusReason.TabFocusReason)
            self.quantity.line.selectAll()
        else:
            self._confirm(HANDED_OVER)

    def _backward(self, editor: QWidget) -> None:
        before = self.who if editor is self.good.line else self.good
        before.line.setFocus(Qt.FocusReason.BacktabFocusReason)
        before.line.selectAll()

    def order(self) -> None:
        """Ctrl+Enter: ordered now, fetched later."""
        self._confirm(FETCHED_LATER)

    def ask_address(self) -> None:
        """F4: ordered now and brought home; where to is asked first."""
        if self._sound():
            self.delivery.open()

    def _deliver(self, address: str) -> None:
        self._confirm(Leaving(handed_over=False, deliver_to=address))

    def _confirm(self, leaving: Leaving) -> None:
        if not self._busy and self._sound():
            self.wanted.emit(leaving)

    def _sound(self) -> bool:
        """Whether everything is typed and nothing stands against it; else it is said and the keyboard goes there."""
        missing = next(
            (
                (entry, words)
                for entry, present, words in (
                    (self.who, self.volunteer_id, "请先选志愿者"),
                    (self.good, self.good_id or self.basket, "请选商品"),
                    (self.quantity, self.pieces or not self.good_id, "数量请填整数"),
                )
                if not present
            ),
            None,
        )
        if missing is not None:
            line = missing[0].line
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            line.selectAll()
            self.objected.emit(missing[1])
            return False
        found = self.problems()
        if found:
            self.judge()
            self.mend(found[0].field)
            self.objected.emit(found[0].message)
            return False
        return True
