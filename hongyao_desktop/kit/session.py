"""What a page is given: a way to read, to write through the door, to look up people, and to go elsewhere.

The office file is known here only by the protocols below; ``store`` satisfies them and ``app`` hands it over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Changes, Operator, Reader, Writer
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.drafts import Drafts, DraftStore
from hongyao_desktop.kit.jobs import Job, Jobs
from hongyao_desktop.kit.rows import RowQuery, RowSource

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DoneLike(Protocol[T_co]):
    """What the door gives back: the verb's result and what it touched (None when nothing changed)."""

    @property
    def result(self) -> T_co:
        """What the verb returned."""

    @property
    def changes(self) -> Changes | None:
        """What it touched."""


class OfficeLike(Protocol):
    """An opened office file, as far as screens need it."""

    @property
    def who(self) -> Operator:
        """The operator who opened it."""

    @property
    def clock(self) -> Clock:
        """Where its times come from."""

    def transact(self, op: str, fn: Callable[[Writer], T], *, reason: str | None = None) -> DoneLike[T]:
        """Run a verb as one named operation."""

    def reader(self) -> Reader:
        """A query-only view that may be used from any thread."""

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Hear of every operation, in the thread that wrote; returns how to stop."""

    def undo_last(self) -> Changes:
        """Take back this operator's last operation; refuses with a sentence."""

    def undoable(self) -> str | None:
        """Name of the operation that would be taken back."""


class RowsMaker(Protocol):
    """Prepares a windowed list of a register (counting, anchors); runs on a reading worker."""

    def __call__(self, reader: Reader, register: Register, query: RowQuery) -> RowSource:
        """The rows that answer ``query``."""


class Memory(Protocol):
    """Where the layout of the window is remembered (column widths, splitters), beside the machine, not in the file."""

    def get(self, key: str) -> Any:
        """What was put under ``key``, or None."""

    def put(self, key: str, value: Any) -> None:
        """Remember ``value`` under ``key``."""


class PlainMemory:
    """A memory that lasts as long as the window; for tests and for a read-only home folder."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        """What was put under ``key``, or None."""
        return self._values.get(key)

    def put(self, key: str, value: Any) -> None:
        """Remember ``value`` under ``key``."""
        self._values[key] = value


class Session(QObject):
    """One operator at one opened office, as pages see it.

    Signals:
        changed: a confirmed operation touched tables (:class:`Changes`); pages reload what they show of them.
        wanted: somebody asked to go to a place and perhaps a row there (place, row id or "").

    ``reveal`` logs a look at a masked value (register, row id, field); it runs on the writing worker.
    ``reader`` is for short indexed reads on the window's own thread; anything longer goes through ``read``.
    """

    changed = Signal(object)
    wanted = Signal(str, str)
    _heard = Signal(object)

    def __init__(
        self,
        office: OfficeLike,
        jobs: Jobs,
        *,
        make_rows: RowsMaker,
        lookups: Mapping[str, Lookup] | None = None,
        reveal: Callable[[str, str, str], None] | None = None,
        memory: Memory | None = None,
        drafts: DraftStore | None = None,
    ) -> None:
        super().__init__()
        self._office = office
        self._jobs = jobs
        self.reader: Reader = office.reader()
        self.make_rows = make_rows
        self.lookups: dict[str, Lookup] = dict(lookups or {})
        self._reveal = reveal
        self.memory: Memory = memory or PlainMemory()
        self.drafts = Drafts(jobs, drafts, self)
        # The office speaks from the thread that wrote; queued, so that screens hear of it on their own thread.
        self._heard.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = office.subscribe(self._heard.emit)

    def close(self) -> None:
        """Stop listening to the office."""
        self.drafts.close()
        self._unsubscribe()

    @property
    def who(self) -> Operator:
        """The operator at the keyboard."""
        return self._office.who

    @property
    def clock(self) -> Clock:
        """The clock of the office."""
        return self._office.clock

    @property
    def jobs(self) -> Jobs:
        """The workers behind this window."""
        return self._jobs

    def today(self) -> dt.date:
        """The office's calendar day."""
        return self._office.clock.today()

    def context(self) -> ParseContext:
        """What reading a typed value depends on."""
        today = self.today()
        return ParseContext(today=today, default_year=today.year, typed=True)

    def read(
        self,
        owner: QObject,
        fn: Callable[[Reader], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Read on a worker; ``done`` runs on the window's thread unless ``owner`` is gone by then."""
        return self._jobs.read(owner, lambda: fn(self._office.reader()), done, failed)

    def write(
        self,
        owner: QObject,
        op: str,
        fn: Callable[[Writer], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        reason: str | None = None,
        draft: str = "",
    ) -> Job:
        """Run a verb through the door under the Chinese name ``op``; screens hear of it by ``changed``.

        ``draft`` is the key of the form that is saved by it: its draft goes in the same operation, or not at all.
        """
        settle = self.drafts.settling(draft)

        def verb(writer: Writer) -> T:
            result = fn(writer)
            settle(writer)
            return result

        return self._jobs.write(
            owner, lambda: self._office.transact(op, verb, reason=reason).result, done, failed, what=op
        )

    def undo(self, owner: QObject, done: Callable[[str], None], failed: Callable[[Exception], None]) -> None:
        """Take back this operator's last operation; ``done`` gets its name, a refusal goes to ``failed``."""
        self._jobs.write(
            owner,
            self._office.undo_last,
            lambda changes: done(changes.op.removeprefix("撤销：")),
            failed,
            what="撤销",
        )

    def undoable(self) -> str | None:
        """Name of the operation that :meth:`undo` would take back."""
        return self._office.undoable()

    def reveal(
        self, owner: QObject, register: Register, row_id: str, field_name: str, done: Callable[[], None]
    ) -> None:
        """Log that a masked value is being looked at, then call ``done``. Nothing is shown before it is logged."""
        log = self._reveal
        if log is None:
            done()
            return
        self._jobs.write(
            owner,
            lambda: log(register.name, row_id, field_name),
            lambda _nothing: done(),
            what="查看敏感信息",
        )

    def go(self, place: str, row_id: str = "") -> None:
        """Ask the window to open a place, and a row there."""
        self.wanted.emit(place, row_id)
