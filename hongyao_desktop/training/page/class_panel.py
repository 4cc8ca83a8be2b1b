"""One class beside the list: head, attendance sheet, reason and save; or the form of a step in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ENTER, is_composing
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.kit.verb_form import Verb, VerbForm
from hongyao_desktop.training.page import verbs
from hongyao_desktop.training.page.add_bar import AddBar
from hongyao_desktop.training.page.class_head import ClassHead
from hongyao_desktop.training.page.recount import RecountForm
from hongyao_desktop.training.page.roll_foot import RollFoot
from hongyao_desktop.training.page.roll_model import Seat, Typed
from hongyao_desktop.training.page.roll_sheet import RollSheet
from hongyao_desktop.training.queries import ClassSheet, Difference
from hongyao_desktop.training.service import Mark

Steps = Sequence[tuple[str, Callable[[], None]]]


@dataclass(slots=True)
class Draft:
    """What was keyed in a class and not saved, and where the keyboard was."""

    label: str
    typed: Typed = field(default_factory=dict)
    reasons: dict[Seat, str | None] = field(default_factory=dict)
    seat: Seat | None = None


class ClassPanel(QFrame):
    """The class that is current in the list.

    Signals:
        changed: marks were typed, saved or taken back.
        verb_done: a step was confirmed (label, sentence, row id).
        objected: a sentence for the message bar.
        asked: a step is doubtful (sentence); confirming it once more is the answer.
        save_wanted, revert_wanted: the buttons below the sheet.
    """

    changed = Signal()
    verb_done = Signal(str, str, str)
    objected = Signal(str)
    asked = Signal(str)
    save_wanted = Signal()
    revert_wanted = Signal()

    def __init__(
        self,
        session: Session,
        buttons: Steps,
        menu: Sequence[tuple[str, Callable[[], None]] | None],
        parent: QWidget,
    ) -> None:
        """``buttons`` and ``menu`` are the steps with a class; the first two buttons also fill an empty one."""
        super().__init__(parent)
        named(self, "panel")
        self.session = session
        self.sheet: ClassSheet | None = None
        self._empty_steps = tuple(buttons[:2])
        self._verb: VerbForm | RecountForm | None = None
        self._start = ""
        self._nothing_said: str | None = None
        self._build(buttons, menu)
        self.show_nothing("", "")

    # -- building

    def _build(self, buttons: Steps, menu: Sequence[tuple[str, Callable[[], None]] | None]) -> None:
        style = look()
        self.head = ClassHead(buttons, menu, self)
        self.adding = AddBar(self.session, self)
        self.roll = RollSheet(self)
        self.foot = RollFoot(self.roll, self)
        self.vacant = EmptyState("还没有学员", "", parent=self)
        self.nothing = EmptyState("请在左边选一个班次", "", parent=self)
        self._inner = QStackedLayout()
        self._inner.addWidget(self.roll)
        self._inner.addWidget(self.vacant)
        inner = QWidget(self)
        inner.setLayout(self._inner)
        self.work = QWidget(self)
        column = QVBoxLayout(self.work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addWidget(self.head)
        column.addWidget(self.adding)
        column.addWidget(inner, 1)
        column.addWidget(self.foot)
        self._stack = QStackedLayout()
        outer = QVBoxLayout(self)
        side = style.px(Space.L)
        outer.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        outer.addLayout(self._stack)
        self._stack.addWidget(self.work)
        self._stack.addWidget(self.nothing)
        self.roll.changed.connect(self._typed)
        self.roll.moved.connect(self.foot.follow)
        self.head.finder.textEdited.connect(lambda text: self._find(text, onward=False))
        self.head.finder.installEventFilter(self)
        self.foot.left.connect(self._to_sheet)
        self.foot.save_wanted.connect(self.save_wanted)
        self.foot.revert_wanted.connect(self.revert_wanted)
        self.adding.closed.connect(self.close_adding)

    # -- what is shown

    def show_nothing(self, title: str, teaching: str, steps: Steps = ()) -> None:
        """No class is current."""
        self.sheet = None
        if self._verb is not None:
            return  # a form is being filled in; it closes by itself
        if self._stack.currentWidget() is not self.nothing or title != self._nothing_said:
            self._nothing_said = title
            self.nothing.set_words(title or "请在左边选一个班次", teaching)
            self.nothing.set_actions(tuple(steps))
            self._stack.setCurrentWidget(self.nothing)

    def show_sheet(self, sheet: ClassSheet, draft: Draft | None) -> None:
        """Show a class with what was keyed and not saved."""
        arriving = self.sheet is None and self.holds_keyboard()
        self.sheet = sheet
        self.head.show_class(sheet.training)
        known = draft or Draft(sheet.training["name"])
        if self._start and sheet.trainees:
            known.seat = self._start, sheet.trainees[0]["id"]
            self._start = ""
        self.roll.show_sheet(
            sheet,
            typed=known.typed,
            reasons=known.reasons,
            seat=known.seat,
            today=self.session.today().isoformat(),
        )
        self._inner.setCurrentWidget(self.roll if sheet.trainees else self.vacant)
        self.foot.setVisible(bool(sheet.trainees and sheet.sessions))
        self.head.finder.setVisible(bool(sheet.trainees))
        if not sheet.trainees:
            self._vacant_words(sheet)
        if self._verb is None:
            self._stack.setCurrentWidget(self.work)
        if arriving:
            self.focus()
        if self.adding.isVisible():
            self.roll.meters.scrollToBottom()
        self.foot.follow()
        self.changed.emit()

    def _vacant_words(self, sheet: ClassSheet) -> None:
        """Say what a class without people needs."""
        if sheet.training["status"] == "取消":
            self.vacant.set_words("班次已取消", "名单和课次不再更改。")
            self.vacant.set_actions(())
            return
        held = len(sheet.sessions)
        said = f"已有 {held} 个课次。" if held else "课次是半天、一个晚上或一整天。"
        self.vacant.set_words(
            "还没有学员" if held else "还没有学员和课次", f"{said}有了学员和课次就可以点名。"
        )
        self.vacant.set_actions(self._empty_steps[: 1 if held else 2])

    def draft(self) -> Draft | None:
        """What is keyed and not saved, with the current seat; None without a class."""
        if self.sheet is None:
            return None
        model = self.roll.model
        return Draft(self.sheet.training["name"], model.typed(), dict(model.reasons), self.roll.seat())

    @property
    def dirty(self) -> bool:
        """Whether marks are typed that are not saved."""
        return self.sheet is not None and self.roll.dirty

    def entries(self) -> dict[str, list[Mark]]:
        """What is typed, by session, as the roll takes it."""
        model = self.roll.model
        found: dict[str, list[Mark]] = {}
        for session, trainee in [*model.typed(), *(seat for seat in model.reasons)]:
            mark = model.values.get((trainee, session))
            if mark is None or any(known.trainee_id == trainee for known in found.get(session, ())):
                continue
            reason = model.reason(trainee, session) if mark != "到" else ""
            found.setdefault(session, []).append(Mark(trainee, mark, reason or None))
        return found

    # -- the keyboard

    def focus(self) -> None:
        """Go where work goes on: the form of a step, the line for adding, the sheet."""
        if self._verb is not None:
            self._verb.begin()
        elif not self.adding.isHidden():
            self.adding.entry.line.setFocus()
        elif self.sheet is not None and self._inner.currentWidget() is self.roll:
            self.roll.view.setFocus()
        else:
            buttons = (self.vacant if self.sheet is not None else self.nothing).buttons()
            if buttons:
                # A button just made is shown by the layout a moment later, too late for the keyboard.
                buttons[0].show()
            (buttons[0] if buttons else self.head.more).setFocus()

    def holds_keyboard(self) -> bool:
        """Whether the keyboard is somewhere in this panel."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def step_back(self) -> bool:
        """Esc: from a form, a line or an input back to the sheet; False when there is nothing to leave."""
        if self._verb is not None:
            self.close_verb()
        elif not self.adding.isHidden():
            self.close_adding()
        elif self.head.finder.hasFocus() or self.foot.reason.hasFocus():
            self._to_sheet()
        else:
            return False
        return True

    def open_adding(self) -> None:
        """F5."""
        if self.sheet is not None and self._verb is None:
            self.adding.open()

    def close_adding(self) -> None:
        """The list is complete for now."""
        self.adding.hide()
        self.focus()

    def leave_class(self) -> None:
        """Another class is about to be shown: lines and forms of this one close, the keyboard stays where it is."""
        self.adding.hide()
        self._clear_finder()
        if self._verb is not None:
            self.close_verb()

    def start_at(self, session_id: str) -> None:
        """Let the keyboard start in this session when the class is shown next."""
        self._start = session_id

    def find_trainee(self) -> None:
        """F3."""
        if self.head.finder.isVisible():
            self.head.finder.setFocus()
            self.head.finder.selectAll()

    def _find(self, text: str, *, onward: bool) -> None:
        found = not text.strip() or self.roll.find_person(text, onward=onward)
        restate(self.head.finder, "tone", "" if found else "warn")

    def _to_sheet(self) -> None:
        self._clear_finder()
        self.roll.view.setFocus()

    def _clear_finder(self) -> None:
        self.head.finder.clear()
        restate(self.head.finder, "tone", "")

    def write_reason(self) -> None:
        """F4."""
        if not self.foot.write_reason():
            self.objected.emit("先记请假、缺勤、迟到或早退，再写原因")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the finder goes back to the sheet; ↓ goes to the next match."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in ENTER and not is_composing(watched):
            self._to_sheet()
            return True
        if event.key() == Qt.Key.Key_Down:
            self._find(self.head.finder.text(), onward=True)
            return True
        return False

    def _typed(self) -> None:
        self.foot.follow()
        self.changed.emit()

    # -- steps

    @property
    def verb_open(self) -> bool:
        """Whether the form of a step is open."""
        return self._verb is not None

    def confirm_verb(self) -> None:
        """Ctrl+S in the form of a step."""
        if self._verb is not None:
            self._verb.confirm()

    def run_verb(self, verb: Verb, row: Row | None) -> None:
        """Open the form of a step in place of the sheet."""
        self._open_form(VerbForm(verb, row, self.session, {}, self), verb.label)

    def show_differences(self, shown: Sequence[Difference]) -> None:
        """Show what counting again would change, in place of the sheet."""
        if self.sheet is not None:
            self._open_form(RecountForm(self.session, self.sheet.training, shown, self), "核算学时")

    def _open_form(self, form: VerbForm | RecountForm, label: str) -> None:
        self.close_verb()
        self._verb = form
        form.done.connect(lambda sentence, row_id: self._confirmed(label, sentence, row_id))
        form.closed.connect(self.close_verb)
        form.objected.connect(self.objected)
        if isinstance(form, VerbForm):
            form.asked.connect(self.asked)
            form.typed.connect(self.changed)
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.begin()
        self.changed.emit()

    def step_draft(self) -> Kept | None:
        """What is half typed in the form of a step; None when none is open or nothing is typed."""
        name = self.sheet.training["name"] if self.sheet is not None else ""
        return self._verb.draft(name) if isinstance(self._verb, VerbForm) else None

    def reopen(self, kept: Kept) -> None:
        """Open the form of a step with what was typed in it before."""
        verb = next(verb for verb in verbs.ALL if verb.label == kept.values["verb"])
        row_id = kept.values["row"]
        rows = [self.sheet.training, *self.sheet.sessions, *self.sheet.trainees] if self.sheet else []
        row = next((row for row in rows if row["id"] == row_id), None)
        if verb.needs_row and row is None:
            return
        self.run_verb(verb, row)
        if isinstance(self._verb, VerbForm):
            self._verb.form.restore(kept.values["texts"])

    def close_verb(self) -> None:
        """Leave the form of a step; back to the class."""
        if self._verb is None:
            return
        self._stack.removeWidget(self._verb)
        self._verb.hide()
        self._verb.deleteLater()
        self._verb = None
        self._stack.setCurrentWidget(self.work if self.sheet is not None else self.nothing)
        self.changed.emit()
        self.focus()

    def _confirmed(self, label: str, sentence: str, row_id: str) -> None:
        self.close_verb()
        self.verb_done.emit(label, sentence, row_id)
