"""The page of one register: its list, and beside it the form of the current record."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from hongyao_desktop.core.desk import Desk, Row
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.list_reading import SETTLED_MS
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import FocusReport
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.pieces import once, restate
from hongyao_desktop.kit.record_panel import RecordPanel
from hongyao_desktop.kit.register_list import RegisterList
from hongyao_desktop.kit.row_drafts import RowDrafts
from hongyao_desktop.kit.row_saving import RowSaving
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Width
from hongyao_desktop.kit.verb_form import Verb


class RegisterPage(RegisterList):
    """List and form of one register, from its :class:`Desk`."""

    def __init__(self, session: Session, desk: Desk, parts: RegisterPageParts | None = None) -> None:
        self._verb_after: tuple[str, str] | None = None
        super().__init__(session, desk, parts or RegisterPageParts())
        self._settle_later = once(self, SETTLED_MS)
        self._settle_later.timeout.connect(self._settle_row)
        self._bind()

    # -- building

    def _beside(self, table: RegisterTable) -> QWidget:
        self.panel = RecordPanel(self.session, self.desk, self.parts, self)
        self._drafts = RowDrafts(self.register, self.panel)
        self._saving = RowSaving(self.session, self.desk, self.panel, self._drafts.key)
        self.panel.setMinimumWidth(look().px(Width.FORM_LEAST))
        splitter = SideBySide([(table, Width.LIST), (self.panel, Width.FORM)], self)
        splitter.remember(self.session.memory, f"register/{self.register.name}/split")
        self.splitter = splitter
        return splitter

    def _page_steps(self) -> list[tuple[str, Callable[[], None]]]:
        steps: list[tuple[str, Callable[[], None]]] = []
        if self.parts.importing is not None:
            steps.append(("导入", self.run_import))
        if self.parts.batch is not None:
            steps.append((f"{self.parts.batch_label}  F5", self.run_batch))
        if self.parts.printing is not None:
            steps.append(("打印  F9", self.run_print))
        return steps

    @property
    def can_add(self) -> bool:
        """Whether rows are entered by a form here."""
        return self.desk.save is not None or any(not verb.needs_row for verb in self.parts.verbs)

    def _ways_to_fill(self) -> list[tuple[str, Callable[[], None]]]:
        steps: list[tuple[str, Callable[[], None]]] = []
        if self.can_add and not self._refused:
            steps.append((self._new_words, self.add))
        if self.parts.importing is not None:
            steps.append(("从表格导入", self.run_import))
        return steps

    def _bind(self) -> None:
        self.search.returnPressed.connect(self._to_table)
        self.table.current_changed.connect(self._show_row)
        self.filters.answered.connect(self._to_table)
        self.table.opened.connect(lambda _row_id: self.edit())
        self.new_button.clicked.connect(self.add)
        self.panel.changed.connect(self._primary)
        self.panel.typed.connect(self.session.drafts.typed)
        self.panel.save_wanted.connect(self.save)
        self.panel.back_wanted.connect(self._to_table)
        self.panel.verb_done.connect(self._verb_done)
        self.panel.typed.connect(self.messages.withdraw)
        self._saving.stored.connect(self._saved)
        self._saving.asked.connect(self._asked)
        self._saving.refused.connect(self.refuse)
        self.panel.asked.connect(self._verb_asked)
        for part in (self.panel, self._saving):
            part.objected.connect(lambda sentence: self.say(Tone.BAD, sentence))
        for keys, run in (
            ("Ctrl+N", self.add),
            ("Ctrl+S", self.save),
            ("F2", self.edit),
            ("F5", self.run_batch),
            ("F6", self.panel.next_tab),
            ("F9", self.run_print),
            ("Ctrl+Z", self.undo),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)
        FocusReport(self.table.view, self._primary)
        look().changed.connect(self._primary)

    # -- moving

    def _settle(self) -> None:
        if self.search.hasFocus():  # while somebody types a search, only the list follows every letter
            self._settle_later.start()
        else:
            self._settle_row()

    def _settle_row(self) -> None:
        """Show the current row of the list, or its first; what is being typed stays in front."""
        self._settle_later.stop()
        if self.panel.busy:
            return
        if self.table.current_id():
            self._show_row(self.table.current_id())
        elif self.table.model.rowCount():
            self.table.select(0)
        else:
            self.panel.show_nothing(listed=False)

    def activate(self) -> None:
        """The list has the keyboard, unless something is half typed."""
        if self.panel.form_dirty:
            self.panel.focus_form()
        else:
            self.table.view.setFocus()

    def open_row(self, row_id: str) -> None:
        """Show one row, whatever was searched before."""
        self.search.lift()
        self.filters.clear()
        self._keep = row_id
        self.show_query(self._reading.usual)

    def _to_table(self) -> None:
        if self.table.model.rowCount() and self.table.current_position() < 0:
            self.table.select(0)
        self.table.view.setFocus()

    def back(self) -> None:
        """Esc: close the message, leave the form (typed text stays), lift the search; in this order."""
        if self.filters.close_panel():
            self._to_table()
        elif self.messages.put_away():
            return
        elif self.panel.holds_keyboard():
            self.panel.step_back()
            self._to_table()
        elif self.search.text():
            self.search.clear()
            self._to_table()
        else:
            self._to_table()

    def edit(self) -> None:
        """F2: go to the form of the current row."""
        if self.desk.save is not None and (self.table.current_id() or self.panel.adding):
            self.panel.focus_form()

    def add(self) -> None:
        """Ctrl+N: begin a new row."""
        if self._refused:
            self.say(Tone.INFO, self._refused)
            return
        if self.desk.save is None:
            opening = next((verb for verb in self.parts.verbs if not verb.needs_row), None)
            if opening is not None:
                self.panel.run_verb(opening)
            return
        self._keep_draft()
        given = self.parts.defaults(self.session) if self.parts.defaults is not None else {}
        self.table.view.clearSelection()
        self.panel.begin(given)
        draft = self._drafts.take("")
        if draft is not None:
            self.panel.restore(draft.texts)
        self._primary()

    def run_batch(self) -> None:
        """F5."""
        if self.parts.batch is not None:
            self.parts.batch(self)

    def run_import(self) -> None:
        """Open the import of this register."""
        if self.parts.importing is not None:
            self.parts.importing(self)

    def run_print(self) -> None:
        """F9."""
        if self.parts.printing is not None:
            self.parts.printing(self)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip: only what works here."""
        strip = [("F3", "查找")]
        if self.desk.save is not None:
            strip.insert(0, ("F2", "编辑"))
        if self.parts.batch is not None:
            strip.append(("F5", self.parts.batch_label))
        if self.parts.tabs:
            strip.append(("F6", self.parts.tabs[0].label if len(self.parts.tabs) == 1 else "翻页签"))
        if self.parts.printing is not None:
            strip.append(("F9", "打印"))
        return (*strip, ("Esc", "返回"))

    # -- the form

    def _show_row(self, row_id: str) -> None:
        if self._loading or row_id == self.panel.row_id:
            if row_id == self.panel.row_id and not self._loading and not self.panel.form_dirty and row_id:
                self._load(row_id)
            return
        self._keep_draft()
        if row_id:
            self._load(row_id)
        elif not self.panel.adding:
            self.panel.show_nothing()
        self._primary()

    def _load(self, row_id: str) -> None:
        row = self._row(row_id)
        if row is None:
            self.panel.show_nothing()
            return
        self.panel.show_row(row)
        draft = self._drafts.take(row_id)
        if draft is not None:
            self.panel.restore(draft.texts)
            self.say(Tone.INFO, f"已接着显示{draft.label}还没有保存的修改")
        if self._verb_after is not None and self._verb_after[1] == row_id:
            label, self._verb_after = self._verb_after[0], None
            self._open_verb(label)

    def _row(self, row_id: str) -> Row | None:
        if self.parts.load is not None:
            return self.parts.load(self.session.reader, row_id)
        return self.session.reader.one(f"SELECT * FROM {self.register.source} WHERE id = ?", (row_id,))

    def _keep_draft(self) -> None:
        left = self._drafts.leave()
        if left is None:
            return
        row_id, label = left
        if row_id:
            words = f"{label}的修改还没有保存，先替您留着"
            self.say(Tone.WARN, words, "返回继续", lambda: self.open_row(row_id))
        else:
            self.say(Tone.WARN, f"{label}还没有保存，先替您留着", "返回继续", self.add)

    def unsaved(self) -> str | None:
        """Names of rows with typed text that is not saved."""
        labels = self._drafts.labels()
        return f"{self.register.label}：{'、'.join(labels)}" if labels else None

    def drafts(self) -> list[Draft]:
        """Rows and steps that are half typed: the one in front, and those left for another row."""
        return self._drafts.all()

    def put_back(self, draft: Draft) -> None:
        """Open the row and put what was typed into its form."""
        row_id = str(draft.values["row"])
        if row_id and self.panel.busy:
            self._keep_draft()
            self.panel.show_nothing()
        verb = draft.values.get("verb")
        if verb is not None:
            self.panel.keep_verb_draft(draft)
            if row_id:
                self._verb_after = str(verb), row_id
                self.open_row(row_id)
            else:
                self._open_verb(str(verb))
            return
        self._drafts.put(draft.values)
        if row_id:
            self.open_row(row_id)
        else:
            self.add()

    def _open_verb(self, label: str) -> None:
        verb = next((verb for verb in self.parts.verbs if verb.label == label), None)
        if verb is not None:
            self.panel.run_verb(verb)

    def save(self) -> None:
        """Ctrl+S: check, then write through the door; pressed again it answers a question that stands there."""
        if self.messages.answer():
            return
        if self.panel.verb_open:
            self.panel.confirm_verb()
        else:
            self._saving.save()

    def _asked(self, sentence: str) -> None:
        self.messages.ask(sentence, "确认无误，保存  Ctrl+S", self._saving.accept, self._saving.reconsider)

    def _verb_asked(self, sentence: str, label: str) -> None:
        self.messages.ask(
            sentence, f"确认无误，{label}  Ctrl+S", self.panel.confirm_verb, self.panel.reconsider_verb
        )

    def _saved(self, row_id: str, sentence: str) -> None:
        self._keep = row_id
        # What posted to a ledger is reversed, never undone: a button that can only refuse is not offered.
        offer = ("撤销", self.undo) if self.session.undoable() else ()
        self.say(Tone.GOOD, sentence, *offer)
        self.reload()
        self._primary()

    def _verb_done(self, sentence: str, row_id: str, verb: Verb) -> None:
        if row_id:
            self._keep = row_id
        if verb.repeats:
            self._verb_after = verb.label, row_id
        # The form of the verb goes, and with it the keyboard: it returns to the list, not to the navigation.
        self.table.view.setFocus()
        self.say(Tone.GOOD, sentence)
        self.reload()

    def undo(self) -> None:
        """Ctrl+Z: an unsaved form goes back to what is stored; else the last operation is taken back."""
        if self.panel.form_dirty and not self.panel.adding:
            self.panel.revert()
            self._primary()
            return
        self.session.undo(self, lambda op: self.say(Tone.INFO, f"已撤销：{op}"), self.refuse)

    def _primary(self) -> None:
        """One seal button at a time: 保存 while something is changed, else 新增."""
        changed = self.panel.form_dirty or self.panel.adding
        restate(self.new_button, "primary", not changed)
        self.panel.set_primary(primary=changed)
