"""The panel beside the board: an order's life with the one next step below it, or the form of a new order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.scrolled import Scrolled
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space, Width
from hongyao_desktop.kit.verb_form import Verb, VerbForm
from hongyao_desktop.orders.page import tending
from hongyao_desktop.orders.page.closing import once_more, with_helpers
from hongyao_desktop.orders.page.life import Life, LifeView
from hongyao_desktop.orders.page.steps import (
    AGAIN,
    FROM_SPOT,
    TAKE,
    take_back_of,
    take_from,
    verbs,
)
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Event, Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import Duties
from hongyao_desktop.orders.service import undoing

_FORM_AT_MOST = 330
_FORM_AT_LEAST = 96
EDIT: Final = "edit"
PRINT: Final = "print"


class OrderPanel(QFrame):
    """The current order, or a form in its place.

    Signals:
        done: a step was confirmed (its label, sentence, order id).
        form_changed: another form is open, or none.
        objected: a sentence for the message bar.
        asked: a step is doubtful (sentence); confirming it once more is the answer.
        closed: the operator went back to the cards.
        reveal_wanted, spot_wanted: as of :class:`LifeView`.
        wanted: the order is to be printed or mended (PRINT, EDIT).
    """

    done = Signal(str, str, str)
    form_changed = Signal()
    objected = Signal(str)
    asked = Signal(str)
    closed = Signal()
    reveal_wanted = Signal(str)
    spot_wanted = Signal()
    wanted = Signal(str)

    def __init__(self, session: Session, known: Mapping[str, Lookup], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("工单")
        self.setMinimumWidth(look().px(Width.FORM_LEAST))
        self._session = session
        self._lookups = known
        self._verbs = verbs(session)
        self._events = tending.events()
        self.life: Life | None = None
        self.form: VerbForm | None = None
        self._drafts: dict[tuple[str, str], dict[str, Any]] = {}
        self._resumed: tuple[str, str] | None = None
        self._missed: Life | None = None
        style = look()
        self._empty = EmptyState(
            "还没有选中工单", "用方向键选一张卡片，按 Enter 办理；按 Ctrl+N 登记新工单。"
        )
        self.view = LifeView(self)
        self.view.reveal_wanted.connect(self.reveal_wanted)
        self.view.spot_wanted.connect(self.spot_wanted)
        self.more = QPushButton("其他步骤  F4", self)
        self.note = named(QLabel(self), "note")
        self.note.setWordWrap(True)
        rule = named(QFrame(self), "rule")
        rule.setFixedHeight(1)
        self.more.setFixedHeight(style.px(Height.TARGET))
        self._step = QVBoxLayout()
        # The other steps stand in the title line of the usual one, in the same cell.
        below = QGridLayout()
        below.addLayout(self._step, 0, 0)
        below.addWidget(self.more, 0, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addWidget(self.view, 1)
        column.addWidget(rule)
        column.addWidget(self.note)
        column.addLayout(below)
        # In a low window, or with large text, the whole scrolls: nothing is squeezed.
        self._order = Scrolled(column, self, clear=True)
        self._order.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = column
        self._alone = QWidget(self)
        self._alone_column = QVBoxLayout(self._alone)
        self._alone_column.setContentsMargins(0, 0, 0, 0)
        inside = QVBoxLayout(self)
        pad = style.px(Space.L)
        inside.setContentsMargins(pad, style.px(Space.M), pad, style.px(Space.M))
        # In its place before it gets pages: a stack without a parent shows its first page as a window of its own.
        self._stack = QStackedLayout()
        inside.addLayout(self._stack)
        for page in (self._empty, self._order, self._alone):
            self._stack.addWidget(page)

    # -- what is shown

    def show_nothing(self) -> None:
        """No order is chosen."""
        self.life = None
        self._drop_form()
        self._stack.setCurrentWidget(self._empty)

    def show_life(self, life: Life) -> None:
        """Show an order with its usual next step; what was typed for the same step stays.

        While a step is being written its form stays, whatever was read meanwhile: the answer goes to that form, and
        on a slow disk the board hears of the change before the step has its answer.
        """
        if self.form is not None and self.form.running:
            self._missed = life
            return
        self._missed = None
        same = self.life is not None and self.life.order["id"] == life.order["id"]
        unchanged = same and self.life is not None and len(self.life.steps) == len(life.steps)
        self.life = life
        self.view.show_life(life)
        self._stack.setCurrentWidget(self._order)
        if unchanged and self.form is not None and self.form.verb.needs_row:
            return
        usual, others = self.steps_for(State(life.order["state"]))
        self.note.setVisible(bool(self.note.text()))
        self._offer(others)
        if usual is None:
            self._drop_form()
        else:
            self._open(usual, self._step)
        resumed, self._resumed = self._resumed, None
        again = next((verb for verb in others if resumed == (life.order["id"], verb.label)), None)
        if again is not None:
            self._open(again, self._step)

    def steps_for(self, state: State) -> tuple[Verb | None, list[Verb]]:
        """The usual next step if this operator may take it, and the others he may take.

        With an order that rests the usual step is to take it up again.
        """
        assert self.life is not None
        order = self.life.order
        mine: list[Verb] = []
        usual: Verb | None = None
        self.note.setText("" if not state.closed else "这件工单已经结束")
        events = [event for event in self._events if tending.suits(event, order)]
        steps: list[Move | Event] = [*flow.moves_from(state), *events]
        if order["held_on"]:
            steps = [Event.RESUME, *(event for event in events if event is not Event.RESUME), Move.VOID]
        taken = undoing.last_step(self.life.steps)
        for place, step in enumerate(steps):
            if step is Move.TAKE_BACK and taken is None:
                continue
            roles = self._duties().roles[Move(taken["move"]) if step is Move.TAKE_BACK and taken else step]
            allowed = self._session.who.roles.intersection(roles)
            verb = self._events[step] if isinstance(step, Event) else self._verbs[step]
            if step is Move.COMPLETE:
                verb = once_more(with_helpers(verb, self.life.helpers, self.life.shares), self.life.steps)
            if step is Move.TAKE_BACK and taken is not None:
                verb = take_back_of(verb, taken)
            first = place == 0 and not state.closed
            if first and allowed:
                usual = verb
            elif first:
                who = "、".join(role.value for role in roles)
                self.note.setText(f"下一步“{step}”由有“{who}”权限的同事办理")
            elif allowed and (verb.shows is None or verb.shows(order)):
                mine.append(verb)
        if state.closed and self._session.who.roles.intersection(self._duties().roles[Move.ASK]):
            mine.insert(0, AGAIN)
        return usual, mine

    def _duties(self) -> Duties:
        return lookups.rules(self._session.reader).duties.nearest(self._session.today())

    def open_more(self) -> bool:
        """Open the menu of the other steps; False when no order is shown."""
        if self.life is None or self.at_work or self.more.menu() is None:
            return False
        self.more.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.more.showMenu()
        return True

    def open_new(self, verb: Verb) -> None:
        """Open the form of a step that needs no order, in place of the order."""
        self._stack.setCurrentWidget(self._alone)
        if verb is TAKE:
            lists = lookups.rules(self._session.reader).lists.nearest(self._session.today())
            verb = take_from(lists.channels)
        self._open(verb, self._alone_column)
        self.begin()

    def begin(self) -> bool:
        """Put the keyboard in the form; False when there is none."""
        if self.form is None:
            return False
        self.form.begin()
        return True

    @property
    def at_work(self) -> bool:
        """Whether a form without an order is open."""
        return self._stack.currentWidget() is self._alone

    def unsaved(self) -> str | None:
        """What was typed and not saved."""
        if self.form is not None and self.form.form.dirty:
            return f"“{self.form.verb.label}”填了一半"
        if self._drafts:
            label = next(iter(self._drafts))[1]
            return f"“{label}”填了一半"
        return None

    def drafts(self) -> list[Draft]:
        """Forms of steps that are half filled in: the open one, and those left for another order."""
        left = [
            Draft(f"orders:{label}:{order_id}", label, {"verb": label, "row": order_id, "texts": texts})
            for (order_id, label), texts in self._drafts.items()
        ]
        number = str(self.life.order["number"]) if self.life is not None and not self.at_work else ""
        now = self.form.draft(number) if self.form is not None else None
        return [*left, *([now] if now is not None else [])]

    def put_back(self, draft: Draft) -> None:
        """Fill the form of this step when it is opened next; that of an order is opened with the order."""
        order_id, label = str(draft.values["row"]), str(draft.values["verb"])
        self._drafts[order_id, label] = dict(draft.values["texts"])
        if order_id:
            self._resumed = order_id, label
            return
        verb = next((verb for verb in (TAKE, FROM_SPOT) if verb.label == label), None)
        if verb is not None:
            self.open_new(verb)

    def forget(self) -> None:
        """Drop what was typed for the order shown."""
        if self.form is not None:
            self.form.form.saved()
            self._drafts.pop(self._key(self.form), None)

    # -- inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The step's form is as high as it needs at this width; the life above it has the rest.

        In a low window the form scrolls, so that what stands above it is not cut off.
        """
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        form = self.form
        if form is None or not form.verb.needs_row:
            return
        inside, own = self.layout(), form.layout()
        assert inside is not None
        assert own is not None
        inside.activate()
        wanted = min(form.form.widget().sizeHint().height(), look().px(_FORM_AT_MOST))
        form.form.setFixedHeight(wanted)
        # From within outwards: a layout hears of a change inside another one only when that one is set.
        for layout in (own, self._column):
            layout.invalidate()
            layout.activate()
        room = self.contentsRect().marginsRemoved(inside.contentsMargins())
        needed = max(
            self._column.totalMinimumHeightForWidth(room.width()), self._column.minimumSize().height()
        )
        over = max(needed - room.height(), 0)
        form.form.setFixedHeight(max(wanted - over, min(wanted, look().px(_FORM_AT_LEAST))))

    def _offer(self, others: list[Verb]) -> None:
        for old in self.more.findChildren(QMenu):
            old.deleteLater()
        menu = QMenu(self.more)
        menu.setAccessibleName("其他步骤")
        for verb in others:
            action = menu.addAction(verb.label)
            action.triggered.connect(lambda _checked=False, chosen=verb: self._choose(chosen))
        menu.addSeparator()
        ended = self.life is not None and State(self.life.order["state"]).closed
        actions = (
            [("打印工单", "F9", PRINT)] if ended else [("修改内容", "F2", EDIT), ("打印工单", "F9", PRINT)]
        )
        for label, key, want in actions:
            action = menu.addAction(f"{label}\t{key}")
            action.triggered.connect(lambda _checked=False, asked=want: self.wanted.emit(asked))
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self, self._menu_left))
        self.more.setMenu(menu)
        self.more.raise_()

    def _menu_left(self) -> None:
        """Esc in the menu of steps: the keyboard would stay on its button, and Enter would open it again."""
        if self.more.hasFocus():
            self.closed.emit()

    def _choose(self, verb: Verb) -> None:
        self._open(verb, self._step)
        self.begin()

    def _key(self, form: VerbForm) -> tuple[str, str]:
        return str(form.property("order")), form.verb.label

    def _drop_form(self) -> None:
        form, self.form = self.form, None
        if form is None:
            return
        key = self._key(form)
        if form.form.dirty:
            self._drafts[key] = form.form.texts()
        else:
            self._drafts.pop(key, None)
        form.hide()
        for place in (self._step, self._alone_column):
            place.removeWidget(form)
        form.deleteLater()
        self.form_changed.emit()

    def _open(self, verb: Verb, place: QVBoxLayout) -> None:
        self._drop_form()
        row = self.life.order if verb.needs_row and self.life is not None else None
        form = VerbForm(verb, row, self._session, self._lookups, self, room="orders")
        form.setProperty("order", row["id"] if row is not None else "")
        column = form.layout()
        if row is not None and isinstance(column, QVBoxLayout):
            # The title line is as high as the button of the other steps beside it, which the note must not touch.
            column.insertSpacing(1, look().px(Space.XS))
        form.done.connect(lambda sentence, row_id: self._done(verb.label, sentence, row_id))
        form.closed.connect(self._back)
        form.objected.connect(lambda sentence: self._not_taken(sentence, self.objected))
        form.asked.connect(lambda sentence: self._not_taken(sentence, self.asked))
        form.typed.connect(self._session.drafts.typed)
        self.form = form
        place.addWidget(form)
        form.show()
        self.more.raise_()
        self._fit()
        draft = self._drafts.pop(self._key(form), None)
        if draft is not None:
            form.form.restore(draft)
        self.form_changed.emit()

    def _done(self, label: str, sentence: str, row_id: str) -> None:
        self.forget()
        self._drop_form()
        self.done.emit(label, sentence, row_id)

    def _not_taken(self, sentence: str, said: SignalInstance) -> None:
        """The step was not taken: what was read while it ran is shown now."""
        if self._missed is not None:
            self.show_life(self._missed)
        said.emit(sentence)

    def _back(self) -> None:
        """Esc: from a form of its own or another step back to the usual one, then to the cards."""
        self.forget()
        self._drop_form()
        if self.life is not None:
            self.show_life(self.life)
        else:
            self.show_nothing()
        self.closed.emit()
