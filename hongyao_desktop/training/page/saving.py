"""Writing what was keyed: each session is one operation, each newcomer another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.kit.session import Session
from hongyao_desktop.people import service as people
from hongyao_desktop.training import service
from hongyao_desktop.training.page.add_bar import AddBar
from hongyao_desktop.training.queries import ClassSheet
from hongyao_desktop.training.service import Mark


class RollSaver(QObject):
    """Saves the rolls of sessions one after the other.

    Signals:
        saved: a roll was written (label of the session, its counts).
        refused: a roll was not (sentence).
    """

    saved = Signal(str, str)
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether a roll is on its way to the file."""
        return bool(self._waiting)

    def save(
        self, rolls: Mapping[str, Sequence[Mark]], labels: Mapping[str, str], counted: Callable[[str], str]
    ) -> None:
        """Write rolls by session id; ``counted`` says how many have which mark."""
        self._waiting = set(rolls)
        for session_id, roll in rolls.items():
            label, counts = labels[session_id], counted(session_id)
            self._session.write(
                self,
                f"点名 {label}",
                partial(_call_roll, session_id, roll),
                partial(self._saved, session_id, label, counts),
                partial(self._refused, session_id, label),
            )

    def _saved(self, session_id: str, label: str, counts: str, _changed: int) -> None:
        self._waiting.discard(session_id)
        self.saved.emit(label, counts)

    def _refused(self, session_id: str, label: str, error: Exception) -> None:
        self._waiting.discard(session_id)
        self.refused.emit(f"{label}没有保存：{error}")


def _call_roll(session_id: str, roll: Sequence[Mark], writer: Writer) -> int:
    return service.call_roll(writer, session_id, roll)


class Enrolment(QObject):
    """Puts whoever is chosen in the line for adding on the list of the class that is current."""

    def __init__(self, session: Session, bar: AddBar, current: Callable[[], ClassSheet | None]) -> None:
        super().__init__(bar)
        self._session = session
        self._bar = bar
        self._current = current
        bar.wanted.connect(self._enrol)
        bar.unknown.connect(self._enrol_new)

    def _enrol(self, match: Match) -> None:
        sheet = self._current()
        if sheet is None:
            return
        places = (n for n, row in enumerate(sheet.trainees, 1) if row["person_id"] == match.id)
        place = next(places, None)
        if place is not None:
            self._bar.object(f"{match.label}已在名单第 {place} 位")
            return
        class_id = str(sheet.training["id"])
        self._write(
            "加入学员", f"已加入 {match.label}", lambda w: service.enrol_trainee(w, class_id, match.id)
        )

    def _enrol_new(self, name: str) -> None:
        sheet = self._current()
        if sheet is None:
            return
        class_id = str(sheet.training["id"])

        def enrol(writer: Writer) -> str:
            person_id = people.save_person(writer, {"name": name}, None)
            return service.enrol_trainee(writer, class_id, person_id)

        self._write("登记人员并加入学员", f"已登记并加入 {name}", enrol)

    def _write(self, op: str, done: str, fn: Callable[[Writer], str]) -> None:
        self._session.write(
            self,
            op,
            fn,
            lambda _trainee: self._bar.clear(f"{done}，继续输入下一位，加完按 Esc"),
            lambda error: self._bar.object(str(error)),
        )
