"""Work off the window's thread: one worker owns writing, a few read; screens never touch a thread.

A job has an owner. When the owner is gone, its callbacks are dropped. World's errors (:class:`Refusal`) go to
the caller's ``failed`` or to the message bar; everything else is ours and goes to the crash page.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

import shiboken6
from PySide6 import QtCore
from PySide6.QtCore import QObject, Signal, Slot

from hongyao_desktop.core.problem import Refusal

T = TypeVar("T")

_ENDED: Final = 32


class Cancelled(Refusal):
    """The operator stopped a job; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("已停止，没有写入任何内容")


class Progress:
    """Told to a long job so that it can report and be stopped; safe to call from its worker."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Report ``done`` of ``total`` (0 when unknown). Raises :class:`Cancelled` when asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self._report(done, total, what)

    def stop(self) -> None:
        """Ask the job to stop at its next step."""
        self._stop.set()


class Job(QObject):
    """One piece of work on its way.

    Signals:
        progressed: done, total, what (on the window's thread).
        finished: the job came to an end, well or not, and its callbacks have run.
    """

    progressed = Signal(int, int, str)
    finished = Signal()
    _settled = Signal()
    _reported = Signal(int, int, str)

    def __init__(
        self,
        owner: QObject,
        what: str,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
        crashed: Callable[[str, BaseException], None],
        over: Callable[[Job], None],
    ) -> None:
        super().__init__()
        self.what = what
        self.progress = Progress(self._reported.emit)
        self._owner = owner
        self._done = done
        self._failed = failed
        self._crashed = crashed
        self._over = over
        self._future: Future[Any] | None = None
        self._dropped = False
        self._ended = False
        # Both are emitted by a worker: queued, so that every receiver runs on the window's thread.
        self._settled.connect(self._deliver, QtCore.Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._tell, QtCore.Qt.ConnectionType.QueuedConnection)

    def follow(self, future: Future[Any]) -> None:
        """Watch the future; its end is carried to the window's thread."""
        self._future = future
        future.add_done_callback(lambda _future: self._settled.emit())

    def cancel(self) -> None:
        """Stop if it has not begun, or at its next progress step; callbacks are not called for a plain read."""
        self.progress.stop()
        if self._future is not None:
            self._future.cancel()

    def drop(self) -> None:
        """Forget the callbacks: the answer is no longer wanted (a newer question has been asked)."""
        self._dropped = True
        self.cancel()

    @property
    def settled(self) -> bool:
        """True when the work has ended (its callbacks may still be on their way)."""
        return self._ended or (self._future is not None and self._future.done())

    @Slot(int, int, str)
    def _tell(self, done: int, total: int, what: str) -> None:
        self.progressed.emit(done, total, what)

    @Slot()
    def _deliver(self) -> None:
        future, done, failed = self._future, self._done, self._failed
        assert future is not None
        # What it brought and whom it told are let go: a job may be held long after its end by whoever asked.
        self._ended = True
        self._future = self._failed = None
        self._done = _nothing
        try:
            if self._dropped or future.cancelled() or not shiboken6.isValid(self._owner):
                return
            error = future.exception()
            if error is None:
                done(future.result())
            elif isinstance(error, Refusal) and failed is not None:
                failed(error)
            else:
                self._crashed(self.what, error)
        finally:
            self._over(self)
            self.finished.emit()


def _nothing(_result: object) -> None:
    """What a job that has ended tells."""


class Jobs(QObject):
    """The workers of one window.

    Signals:
        refused: a refusal nobody took care of (its sentence); the window shows it.
        crashed: an error of the program (what was being done, exception); the window shows the crash page.
        busy: number of writing jobs under way changed.
    """

    refused = Signal(str)
    crashed = Signal(str, object)
    busy = Signal(int)

    def __init__(self, readers: int = 2) -> None:
        super().__init__()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="hongyao-write")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="hongyao-read")
        self._open: set[Job] = set()
        # The last of a job is let go here, on the window's thread, when its worker has long left the job's signal.
        self._ended: deque[Job] = deque(maxlen=_ENDED)
        self._writing = 0
        self._closed = False

    def write(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        what: str = "",
        quiet: bool = False,
    ) -> Job:
        """Run on the one writing worker, in order of asking; nobody is told that it is busy with ``quiet`` work."""
        job = self._start(self._writer, owner, lambda _progress: work(), done, failed, what)
        if self._closed or quiet:
            return job
        self._count(+1)
        job.finished.connect(lambda: self._count(-1))
        return job

    def read(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        what: str = "读取",
    ) -> Job:
        """Run on a reading worker."""
        return self._start(self._readers, owner, lambda _progress: work(), done, failed, what)

    def long(
        self,
        owner: QObject,
        what: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        writes: bool = False,
    ) -> Job:
        """Run long work that reports progress and can be stopped; ``writes`` puts it on the writing worker."""
        pool = self._writer if writes else self._readers
        return self._start(pool, owner, work, done, failed, what)

    def idle(self) -> bool:
        """True when nothing is under way and no callback is waiting."""
        return not self._open

    def close(self) -> None:
        """Wait for what is under way and end the workers. The window calls this before the file is closed."""
        self._closed = True
        for job in list(self._open):
            job.progress.stop()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

    def _start(
        self,
        pool: ThreadPoolExecutor,
        owner: QObject,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
        what: str,
    ) -> Job:
        # A slot of the job's own signal that names the job would keep it for ever: such a circle is never collected.
        job = Job(owner, what, done, failed, self._unclaimed, self._end)
        if self._closed:  # a page that is still being taken down asks for nothing any more
            job.drop()
            return job
        self._open.add(job)
        job.follow(pool.submit(work, job.progress))
        return job

    def _end(self, job: Job) -> None:
        self._open.discard(job)
        self._ended.append(job)

    def _unclaimed(self, what: str, error: BaseException) -> None:
        if isinstance(error, Refusal):
            self.refused.emit(error.message)
        else:
            self.crashed.emit(what, error)

    def _count(self, step: int) -> None:
        self._writing += step
        self.busy.emit(self._writing)
