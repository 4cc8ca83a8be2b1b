"""What can be done with the class that is current: its buttons, its menu, and the form each of them opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.training import queries
from hongyao_desktop.training.page import verbs
from hongyao_desktop.training.page.recount import period_of
from hongyao_desktop.training.page.roll_model import Seat
from hongyao_desktop.training.queries import ClassSheet, Difference

IMPORT: Final = "intake"
"""Where the window's import desk is; the row id says for which register."""


class ClassSteps(QObject):
    """Steps with a class, and with the session or the trainee the keyboard is on.

    Attributes:
        buttons: those over the sheet (words, step); the first two also stand where the sheet is empty.
        menu: those under 更多, None for a line between them.

    Signals:
        form_wanted: the form of a step is to be opened (verb, the record it is about or None).
        adding_wanted: the line for adding trainees.
        differences_found: what counting the 学时 again would change.
        said: a sentence for the message bar, instead of a step.
        refused: reading was refused (error).
    """

    form_wanted = Signal(object, object)
    adding_wanted = Signal()
    differences_found = Signal(object)
    said = Signal(str)
    refused = Signal(object)

    def __init__(
        self,
        session: Session,
        current: Callable[[], ClassSheet | None],
        seat: Callable[[], Seat | None],
        parent: QObject,
    ) -> None:
        """``current`` gives the class that is shown, ``seat`` the session and trainee the keyboard is on."""
        super().__init__(parent)
        self._session = session
        self._current = current
        self._seat = seat
        self.buttons = (
            ("加学员  F5", self.adding_wanted.emit),
            ("加课次  F7", self.add_session),
            ("修改班次  F2", self.edit),
        )
        self.menu = (
            ("修改本课次", partial(self._of_session, verbs.EDIT_SESSION)),
            ("取消本课次", partial(self._of_session, verbs.CANCEL_SESSION)),
            None,
            ("学员结业", partial(self._of_trainee, verbs.COMPLETE)),
            ("学员退学", partial(self._of_trainee, verbs.WITHDRAW)),
            None,
            ("按现行规则核算学时", self.recount),
            ("取消班次", partial(self._of_class, verbs.CANCEL_CLASS)),
        )

    def add(self) -> None:
        """Ctrl+N: a new class."""
        self.form_wanted.emit(verbs.NEW_CLASS, None)

    def import_sheet(self) -> None:
        """Open the import of sign-in sheets."""
        self._session.go(IMPORT, "attendance")

    def edit(self) -> None:
        """F2."""
        self._of_class(verbs.EDIT_CLASS)

    def add_session(self) -> None:
        """F7."""
        self._of_class(verbs.ADD_SESSION)

    def recount(self) -> None:
        """Hold the 学时 of the class against the rules now in force; differences are shown, nothing is written."""
        sheet = self._current()
        if sheet is None:
            return
        period, class_id = period_of(sheet.training), str(sheet.training["id"])

        def shown(found: list[Difference]) -> None:
            if found:
                self.differences_found.emit(found)
            else:
                self.said.emit("学时都与现行规则一致，没有要改的")

        self._session.read(
            self,
            lambda reader: queries.differences(reader, period, class_id),
            shown,
            self.refused.emit,
        )

    def _of_class(self, verb: Verb) -> None:
        sheet = self._current()
        if sheet is not None:
            self.form_wanted.emit(verb, sheet.training)

    def _of_session(self, verb: Verb) -> None:
        sheet, seat = self._current(), self._seat()
        rows = sheet.sessions if sheet is not None and seat is not None else []
        self._of_row(verb, rows, seat[0] if seat else "", "先把光标放到要办的课次上")

    def _of_trainee(self, verb: Verb) -> None:
        sheet, seat = self._current(), self._seat()
        rows = sheet.trainees if sheet is not None and seat is not None else []
        self._of_row(verb, rows, seat[1] if seat else "", "先把光标放到要办的学员那一行")

    def _of_row(self, verb: Verb, rows: list[Row], row_id: str, otherwise: str) -> None:
        row = next((row for row in rows if row["id"] == row_id), None)
        if row is None:
            self.said.emit(otherwise)
        else:
            self.form_wanted.emit(verb, row)
