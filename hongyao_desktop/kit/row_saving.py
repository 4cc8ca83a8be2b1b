"""Saving the form of a register: objections under their inputs, a question asked once, then through the door."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from hongyao_desktop.core.desk import Desk
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.kit.confirm import Step, confirm
from hongyao_desktop.kit.record_panel import RecordPanel
from hongyao_desktop.kit.session import Session


class RowSaving(QObject):
    """Writes what stands in the form of a :class:`RecordPanel`, by the verb of its desk.

    Signals:
        stored: the row is written (its id, what is said of it).
        objected: something stands in the way (sentence); what belongs to an input stands under it.
        asked: something is doubtful (sentence); :meth:`accept` answers with yes.
        refused: the door refused (error).
    """

    stored = Signal(str, str)
    objected = Signal(str)
    asked = Signal(str)
    refused = Signal(object)

    def __init__(
        self, session: Session, desk: Desk, panel: RecordPanel, draft_key: Callable[[str | None], str]
    ) -> None:
        """``draft_key`` names the draft of a row (None for a new one), which goes with the saving."""
        super().__init__(panel)
        self._session = session
        self._desk = desk
        self._panel = panel
        self._draft_key = draft_key
        self._questions: tuple[Problem, ...] = ()

    def save(self) -> None:
        """Check, then write; nothing is done while nothing was typed or a saving is under way."""
        panel, desk_save, ask = self._panel, self._desk.save, self._desk.check
        if desk_save is None or panel.saving or not (panel.form_dirty or panel.adding):
            return
        write = desk_save
        values, problems = panel.read()
        row_id = None if panel.adding else panel.row_id
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(problems)
            return
        panel.set_saving(saving=True)
        confirm(
            self._session,
            self,
            Step(
                op=("登记" if row_id is None else "修改") + self._desk.register.label,
                check=lambda reader: problems + (ask(reader, values, row_id) if ask is not None else []),
                write=lambda writer: write(writer, values, row_id),
                accepted=panel.accepted,
                done=lambda saved_id, found: self._saved(saved_id, found, new=row_id is None),
                objected=self._object,
                refused=self._refused,
                draft=self._draft_key(row_id),
            ),
        )

    def accept(self) -> None:
        """Yes to what was asked: save it as it stands."""
        self._panel.accepted |= {problem.code for problem in self._questions}
        self._questions = ()
        self.save()

    def reconsider(self) -> None:
        """No to what was asked: the keyboard goes to the input it is about, or to the first one."""
        boxes = self._panel.form.boxes
        doubtful = next((found.field for found in self._questions if found.field in boxes), None)
        self._questions = ()
        if doubtful is not None:
            self._panel.form.focus_field(doubtful)
        else:
            self._panel.focus_form()

    def _object(self, problems: Sequence[Problem]) -> None:
        self._panel.set_saving(saving=False)
        errors = [problem for problem in problems if problem.level is Level.ERROR]
        self._questions = tuple(found for found in problems if found.level is Level.QUESTION)
        elsewhere = self._panel.show_problems(problems)
        if errors:
            first = next((p.message for p in elsewhere if p.level is Level.ERROR), "")
            self.objected.emit(first or f"还有 {len(errors)} 处要改：{errors[0].message}")
        elif self._questions:
            self.asked.emit(self._questions[0].message)

    def _refused(self, error: Exception) -> None:
        self._panel.set_saving(saving=False)
        self.refused.emit(error)

    def _saved(self, row_id: str, found: Sequence[Problem], *, new: bool) -> None:
        panel = self._panel
        panel.set_saving(saving=False)
        label = panel.label  # as it was saved: the form still holds it, the row shown is the one read before
        panel.saved(row_id)
        warnings = [problem for problem in found if problem.level is Level.WARNING]
        panel.show_problems(warnings, focus=False)
        # What belongs to an input stands under it too, but the input may be out of sight.
        note = f"；{warnings[0].message}" if warnings else ""
        self.stored.emit(row_id, f"已{'新增' if new else '保存'} {label}{note}")
