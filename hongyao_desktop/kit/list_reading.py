"""Reading a list: one question at a time, the newest answer wins; sums follow once the list stands still."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.rows import RowQuery, RowSource
from hongyao_desktop.kit.session import Session

SETTLED_MS = 120
"""A list that was not asked for anything else for so long is summed up."""


class ListReading(QObject):
    """Asks for the rows of a register on reading workers.

    Signals:
        found: rows (:class:`RowSource`), and the place of the row that was to stay current (None for none).
        summed: sums of the whole list by field.
    """

    found = Signal(object, object)
    summed = Signal(object)

    def __init__(self, session: Session, register: Register, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._register = register
        self.usual = RowQuery(descending=register.newest_first)
        self.query = self.usual
        self._source: RowSource | None = None
        self._job: Job | None = None
        self._sum_job: Job | None = None
        self._sum_later = once(self, SETTLED_MS)
        self._sum_later.timeout.connect(self._sum_up)

    def ask(self, keep: str | None) -> None:
        """Read what :attr:`query` asks for; ``keep`` is the row that stays current if it is still among them."""
        for job in (self._job, self._sum_job):
            if job is not None:
                job.drop()
        self._sum_later.stop()
        query, register, session = self.query, self._register, self._session

        def prepare(reader: Reader) -> tuple[RowSource, int | None]:
            source = session.make_rows(reader, register, query)
            return source, source.locate(reader, keep) if keep else None

        self._job = session.read(self, prepare, lambda answer: self._answered(*answer))

    def _answered(self, source: RowSource, position: int | None) -> None:
        self._source = source
        self._job = None
        self.found.emit(source, position)
        self._sum_later.start()

    def _sum_up(self) -> None:
        """Once the list stands still: sums of the whole list, and what makes far jumps quick."""
        source = self._source
        if source is None or self._job is not None:
            return

        def work(reader: Reader) -> Mapping[str, int]:
            totals = source.totals(reader)
            source.prepare()
            return totals

        def show(totals: Mapping[str, int]) -> None:
            if source is self._source:
                self.summed.emit(totals)

        self._sum_job = self._session.read(self, work, show)
