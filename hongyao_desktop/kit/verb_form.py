"""Verbs of a record that are not "save": each with its own small form, in place of the record's form while open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.confirm import Step, confirm
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.file_line import FileLine
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A step clerks take with a record (冲正) or without one (登记收入).

    ``run`` gets a writer, the typed values and the record, and returns the id of the row to show afterwards
    ("" for none). ``direct`` gets the session and the record and does something without writing (print, go).
    ``shows`` says for which records it is offered; ``reason`` names the field that is journalled as the reason.
    ``roles`` are those ``run`` requires; none named means every role that changes anything.
    ``file`` names a file that is asked for too (照片); ``values["file"]`` is its :class:`FileMark` then.
    ``told`` says afterwards what happened, from the file as it is now, the id ``run`` gave back and what was typed;
    else ``done``. ``repeats``: one is seldom enough (报名), so the form opens again, empty, until Esc.
    ``lookups`` are those of its fields that depend on the record.
    """

    label: str
    run: Callable[[Writer, Row, Row | None], str] | None = None
    direct: Callable[[Session, Row | None], None] | None = None
    fields: tuple[Field, ...] = ()
    needs_row: bool = True
    note: str = ""
    done: str = ""
    check: Callable[[Reader, Row, Row | None], list[Problem]] | None = None
    defaults: Callable[[Session, Row | None], Mapping[str, Any]] | None = None
    shows: Callable[[Row], bool] | None = None
    reason: str | None = None
    file: str = ""
    roles: tuple[Role, ...] = ()
    told: Callable[[Reader, str, Row], str] | None = None
    repeats: bool = False
    lookups: Callable[[Row | None], Mapping[str, Lookup]] | None = None


class VerbForm(QWidget):
    """The open form of one verb.

    Signals:
        done: the verb was confirmed (sentence, row id to show).
        closed: the operator went back without it.
        typed: something was typed, or the form became clean.
        objected: findings that have no input here (sentence).
        asked: something is doubtful (sentence); confirming once more is the answer.
    """

    done = Signal(str, str)
    closed = Signal()
    typed = Signal()
    objected = Signal(str)
    asked = Signal(str)

    def __init__(
        self,
        verb: Verb,
        row: Row | None,
        session: Session,
        lookups: Mapping[str, Lookup],
        parent: QWidget | None = None,
        *,
        room: str = "",
    ) -> None:
        """``room`` tells verbs of one name on different pages apart (the register's name)."""
        super().__init__(parent)
        self._room = room
        self.verb = verb
        self._row = row
        self._session = session
        self._running = False
        self._accepted: set[str] = set()
        self._values: Row = {}
        style = look()
        title = named(QLabel(verb.label, self), "sectionTitle")
        note = named(QLabel(verb.note, self), "note")
        note.setWordWrap(True)
        note.setVisible(bool(verb.note))
        own = verb.lookups(row) if verb.lookups is not None else {}
        self.form = FormPanel(verb.fields, session, lookups={**lookups, **own}, name=verb.label, parent=self)
        self.confirm_button = QPushButton(f"{verb.label}  Ctrl+S", self)
        self.confirm_button.setProperty("primary", True)
        self.confirm_button.clicked.connect(self.confirm)
        back = QPushButton("返回  Esc", self)
        back.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.px(Space.S))
        buttons.addWidget(self.confirm_button)
        buttons.addWidget(back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addWidget(title)
        column.addWidget(note)
        self.file = FileLine(verb.file, session, self) if verb.file else None
        if self.file is not None:
            self.file.picked.connect(self._file_picked)
            self.file.failed.connect(self.objected)
            column.addWidget(self.file)
        column.addWidget(self.form, 1)
        column.addLayout(buttons)
        self.form.finished.connect(self.confirm_button.setFocus)
        self.form.typed.connect(self.typed)
        self.form.blank(verb.defaults(session, row) if verb.defaults is not None else None)

    @property
    def running(self) -> bool:
        """Whether it is being checked or written; its form must live until the answer comes."""
        return self._running

    @property
    def draft_key(self) -> str:
        """Which form this is, the same in every session."""
        return f"{self._room}:{self.verb.label}:{self._row['id'] if self._row is not None else ''}"

    def draft(self, label: str = "") -> Draft | None:
        """What is half typed here; ``label`` names the record, None when nothing is typed."""
        if not self.form.dirty:
            return None
        row_id = str(self._row["id"]) if self._row is not None else ""
        values = {"verb": self.verb.label, "row": row_id, "texts": self.form.texts()}
        return Draft(self.draft_key, f"{label} {self.verb.label}".strip(), values)

    def begin(self) -> None:
        """Put the keyboard in the first input, or on the button when nothing is to be typed."""
        if self.file is not None:
            self.file.button.setFocus()
        elif self.form.boxes:
            self.form.focus_first()
        else:
            self.confirm_button.setFocus()

    def confirm(self) -> None:
        """Check, then run the verb through the door."""
        run = self.verb.run
        if run is None or self._running:
            return
        values, problems = self.form.read()
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(problems)
            return
        if self.file is not None:
            if self.file.mark is None:
                self.file.button.setFocus()
                self.objected.emit(f"还没有选择{self.verb.file}，请先选择")
                return
            values["file"] = self.file.mark
        self._values = values
        self._set_running(running=True)
        check = self.verb.check
        confirm(
            self._session,
            self,
            Step(
                op=self.verb.label,
                check=lambda reader: (
                    problems + (check(reader, values, self._row) if check is not None else [])
                ),
                write=lambda writer: run(writer, values, self._row),
                accepted=self._accepted,
                done=self._finished,
                objected=self._object,
                refused=self._refused,
                reason=str(values.get(self.verb.reason) or "") if self.verb.reason else None,
                draft=self.draft_key,
            ),
        )

    def _file_picked(self) -> None:
        """What was asked about the file before does not hold for another one."""
        self._accepted.clear()
        if self.form.boxes:
            self.form.focus_first()
        else:
            self.confirm_button.setFocus()

    def _finished(self, row_id: str, found: Sequence[Problem] = ()) -> None:
        """What was only a warning did not stop the step; it is said with it, as when a form is saved."""
        self._set_running(running=False)
        self.form.saved()
        warning = next((problem.message for problem in found if problem.level is Level.WARNING), "")
        told = self.verb.told
        said = told(self._session.reader, row_id, self._values) if told is not None else self.verb.done
        said = said or f"已{self.verb.label}"
        self.done.emit(f"{said}；{warning}" if warning else said, row_id)

    def _refused(self, error: Exception) -> None:
        self._set_running(running=False)
        self._take_keyboard()
        self.objected.emit(str(error))

    def _object(self, problems: list[Problem]) -> None:
        self._set_running(running=False)
        self._take_keyboard()
        elsewhere = self.form.show_problems(problems)
        errors = sum(problem.level is Level.ERROR for problem in problems)
        if errors and elsewhere:
            self.objected.emit(elsewhere[0].message)
        elif errors:
            self.objected.emit(f"还有 {errors} 处要改：{problems[0].message}")
        else:
            # Pressing the key once more is the answer to the questions.
            questions = [found for found in problems if found.level is Level.QUESTION]
            self.asked.emit(
                "；".join(found.message for found in questions if found.code not in self._accepted)
            )
            self._accepted |= {found.code for found in questions}

    def _take_keyboard(self) -> None:
        """The button lost it to 返回 while it was at work: the next Enter must not leave the form."""
        focused = QApplication.focusWidget()
        if focused is None or not self.form.isAncestorOf(focused):
            self.begin()

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        self.confirm_button.setEnabled(not running)
