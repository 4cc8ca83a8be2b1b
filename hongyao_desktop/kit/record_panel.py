"""The panel beside a list: head and figures of the current record, its form, its life, its verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Desk, Row
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.fact_sheet import FactSheet
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.parts import DetailTab, RegisterPageParts
from hongyao_desktop.kit.record_buttons import RecordButtons
from hongyao_desktop.kit.record_head import RecordHead
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.kit.verb_form import Verb, VerbForm


class RecordPanel(QFrame):
    """Head, form, life and verbs of one record.

    Signals:
        changed: the form became changed or clean.
        typed: something was typed in the form or in that of a verb, or one of them became clean.
        save_wanted, back_wanted: keys or buttons of the form.
        verb_done: a verb was confirmed (sentence, row id, the verb).
        objected: a sentence for the message bar.
        asked: a step is doubtful (sentence, the step's name); confirming it once more is the answer.
    """

    changed = Signal()
    typed = Signal()
    save_wanted = Signal()
    back_wanted = Signal()
    verb_done = Signal(str, str, object)
    objected = Signal(str)
    asked = Signal(str, str)

    def __init__(self, session: Session, desk: Desk, parts: RegisterPageParts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.session = session
        self.desk = desk
        self.parts = parts
        self.row: Row | None = None
        self.adding = False
        self.saving = False
        self.accepted: set[str] = set()
        self._verb: VerbForm | None = None
        self._verb_drafts: dict[str, Draft] = {}
        self._opened: dict[int, QWidget] = {}
        self._build()

    # -- building

    def _build(self) -> None:
        style = look()
        column = QVBoxLayout(self)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, side)
        column.setSpacing(style.px(Space.S))
        self.head = RecordHead(self.session, self.desk.register, self.parts, self)
        self.head.tab_wanted.connect(self.open_tab)
        column.addWidget(self.head)
        self._stack = QStackedWidget(self)
        register = self.desk.register
        self.nothing = EmptyState("", "", parent=self)
        self.form = FormPanel(
            register.entered,
            self.session,
            lookups=self.parts.lookups,
            name=f"{register.label}表单",
            parent=self,
        )
        self.sheet = FactSheet(register.fields, self, name_of=self._name_of)
        for widget in (self.nothing, self.form, self.sheet):
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)
        self.buttons = RecordButtons(self.parts, self.run_verb, self, editable=self.desk.save is not None)
        self.buttons.save.clicked.connect(self.save_wanted)
        self.buttons.revert.clicked.connect(self._revert_clicked)
        column.addWidget(self.buttons)
        self.form.changed.connect(self._changed)
        self.form.typed.connect(self.typed)
        self.form.finished.connect(self.buttons.save.setFocus)
        self.form.reveal_wanted.connect(self._reveal)
        self.show_nothing(listed=False)

    def _name_of(self, register: str, row_id: str) -> str | None:
        """What a row of another register is called, where this session can look it up."""
        lookup = self.session.lookups.get(register)
        match = lookup.show(self.session.reader, row_id) if lookup is not None else None
        return match.label if match is not None else None

    # -- what is shown

    @property
    def row_id(self) -> str:
        """Id of the record shown, "" for none or a new one."""
        return str(self.row["id"]) if self.row is not None and not self.adding else ""

    @property
    def label(self) -> str:
        """Name of the record shown, as it stands in the form."""
        title = self.desk.register.title_field
        if title in self.form.boxes and (self.adding or self.form.dirty):
            typed = self.form.boxes[title].entry.text().strip()
            if typed:
                return typed
        if self.row is None:
            return ""
        return self.desk.register.field(title).type.format(self.row.get(title))

    def show_nothing(self, *, listed: bool = True) -> None:
        """No record is chosen; there is nothing to say here where none is ``listed`` that could be."""
        to_do = "选中后在这里查看和修改" if self.desk.save is not None else "选中后在这里查看"
        self.nothing.set_words(*(("请在左边选一条", to_do) if listed else ("", "")))
        self.row = None
        self.adding = False
        self._close_verb()
        self.head.hide()
        self.buttons.hide()
        self._stack.setCurrentWidget(self.nothing)

    def show_row(self, row: Row) -> None:
        """Show a stored record."""
        same = self.row is not None and self.row["id"] == row["id"]
        self.row = row
        self.adding = False
        self.accepted = set()
        self._close_verb()
        self.head.show_row(row)
        if self.desk.save is not None:
            self.form.load(row)
        self.sheet.show_row(row)
        self.buttons.show()
        self._offer_verbs(row)
        if same and self.head.tab:
            self.open_tab(self.head.tab)
        else:
            self.open_tab(0)

    def begin(self, given: Mapping[str, Any]) -> None:
        """Begin a new record."""
        self.row = None
        self.adding = True
        self.accepted = set()
        self._close_verb()
        self.head.show_new(self.parts.new_label or f"新增{self.desk.register.label}")
        self.buttons.show()
        self._offer_verbs(None)
        self.form.blank(given)
        self._stack.setCurrentWidget(self.form)
        self.form.focus_first()
        self.changed.emit()

    def open_tab(self, place: int) -> None:
        """Show the form (0) or a further page of the record."""
        self.head.tab_buttons[place].setChecked(True)
        if place == 0:
            self._stack.setCurrentWidget(self.form if self.desk.save is not None else self.sheet)
            return
        tab: DetailTab = self.parts.tabs[place - 1]
        widget = self._opened.get(place)
        if widget is None:
            widget = self._opened[place] = tab.build(self.session)
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        show: Callable[[Row], None] | None = getattr(widget, "show_row", None)
        if show is not None and self.row is not None:
            show(self.row)

    def next_tab(self) -> None:
        """F6: the next page of the record has the keyboard; after the last one the form again."""
        if self.row is None or self.adding or self._verb is not None:
            return
        self.open_tab((self.head.tab + 1) % (len(self.parts.tabs) + 1))
        widget = self._stack.currentWidget()
        take: Callable[[], None] = getattr(widget, "take_keyboard", self.setFocus)
        take()

    # -- the form

    @property
    def form_dirty(self) -> bool:
        """Whether something typed is not saved."""
        return self.form.dirty and (self.row is not None or self.adding)

    @property
    def busy(self) -> bool:
        """Whether something is being entered here: a new record, a change, a verb."""
        return self.adding or self.form_dirty or self.verb_open

    def read(self) -> tuple[Row, list[Problem]]:
        """Values and objections of the form."""
        return self.form.read()

    def texts(self) -> dict[str, Any]:
        """What stands in the inputs: all of it for a new record, what was changed of a stored one."""
        return self.form.texts(changed_only=not self.adding)

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Put a draft back."""
        self.form.restore(texts)

    def show_problems(self, problems: Sequence[Problem], *, focus: bool = True) -> list[Problem]:
        """Findings under their inputs; returns the rest."""
        if self.head.tab:
            self.open_tab(0)
        return self.form.show_problems(problems, focus=focus)

    def holds_keyboard(self) -> bool:
        """Whether the keyboard is somewhere in this panel."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def focus_form(self) -> None:
        """Go to the form."""
        if self._verb is not None:
            self._verb.begin()
            return
        self.open_tab(0)
        self.form.focus_first()

    def set_saving(self, *, saving: bool) -> None:
        """While the door works, a second save is not taken."""
        self.saving = saving
        self.buttons.save.setEnabled(not saving)

    def saved(self, row_id: str) -> None:
        """The form's content is stored under this id."""
        title = self.label
        self.form.saved()
        self.adding = False
        if self.row is None:
            self.row = {"id": row_id, self.desk.register.title_field: title}

    def revert(self) -> None:
        """Back to what is stored."""
        if self.row is not None:
            self.form.load(self.row)

    def _revert_clicked(self) -> None:
        if self.adding:
            self.form.blank()
            self.adding = False
            self.show_nothing()
            self.back_wanted.emit()
        else:
            self.revert()
        self.changed.emit()

    def set_primary(self, *, primary: bool) -> None:
        """Make 保存 the primary button, or a quiet one."""
        self.buttons.set_primary(primary=primary)

    def _changed(self) -> None:
        self.changed.emit()

    def _reveal(self, name: str) -> None:
        if self.row is not None:
            self.session.reveal(
                self, self.desk.register, str(self.row["id"]), name, lambda: self.form.unmask(name)
            )

    # -- verbs

    @property
    def verb_open(self) -> bool:
        """Whether the form of a verb is open."""
        return self._verb is not None

    def run_verb(self, verb: Verb) -> None:
        """Open the form of a verb, or do it at once when it writes nothing."""
        row = self.row if verb.needs_row else None
        if verb.needs_row and row is None:
            return
        if verb.direct is not None:
            verb.direct(self.session, row)
            return
        self._close_verb()
        room = self.desk.register.name
        self._verb = VerbForm(verb, row, self.session, self.parts.lookups, self, room=room)
        kept = self._verb_drafts.pop(self._verb.draft_key, None)
        if kept is not None:
            self._verb.form.restore(kept.values["texts"])
        self._verb.typed.connect(self.typed)
        self._verb.done.connect(self._verb_confirmed)
        self._verb.closed.connect(self.step_back)
        self._verb.objected.connect(self.objected)
        self._verb.asked.connect(lambda sentence: self.asked.emit(sentence, verb.label))
        self._stack.addWidget(self._verb)
        self._stack.setCurrentWidget(self._verb)
        self.buttons.hide()
        self.head.setVisible(
            row is not None
        )  # a step without a record is not about the one chosen in the list
        self._verb.begin()

    def confirm_verb(self) -> None:
        """Ctrl+S while the form of a verb is open."""
        if self._verb is not None:
            self._verb.confirm()

    def reconsider_verb(self) -> None:
        """What was asked was answered with no: the keyboard goes back to the step's form."""
        if self._verb is not None:
            self._verb.begin()

    def step_back(self) -> None:
        """Esc: leave the form of a verb without it; the record's own form keeps what was typed."""
        if self._verb is None:
            return
        self._verb.form.saved()
        self._close_verb()
        if self.row is not None:
            self.buttons.show()
            self.open_tab(0)
        else:
            self.show_nothing()

    def _verb_confirmed(self, sentence: str, row_id: str) -> None:
        verb = self._verb.verb if self._verb is not None else None
        self._close_verb()
        if self.row is not None:
            self.buttons.show()
            self.open_tab(0)
        self.verb_done.emit(sentence, row_id, verb)

    def verb_drafts(self) -> list[Draft]:
        """Forms of verbs that are half typed: the open one, and those left for another record."""
        now = self._draft_of_verb()
        return [*self._verb_drafts.values(), *([now] if now is not None else [])]

    def _draft_of_verb(self) -> Draft | None:
        """What is half typed in the open step; one that is about no record is not called by the one in the list."""
        if self._verb is None:
            return None
        return self._verb.draft(self.label if self._verb.verb.needs_row else "")

    def keep_verb_draft(self, draft: Draft) -> None:
        """Fill the form of this verb with this when it is opened next."""
        self._verb_drafts[draft.key] = draft

    def _close_verb(self) -> None:
        if self._verb is not None:
            left = self._draft_of_verb()
            if left is not None:
                self._verb_drafts[left.key] = left
            self._stack.removeWidget(self._verb)
            self._verb.deleteLater()
            self._verb = None
            self.head.setVisible(self.row is not None)

    def _offer_verbs(self, row: Row | None) -> None:
        self.buttons.offer(row, self.width() - 2 * look().px(Space.L))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Verbs are buttons while there is room for them."""
        super().resizeEvent(event)
        if not self.buttons.isHidden():
            self._offer_verbs(self.row if not self.adding else None)
