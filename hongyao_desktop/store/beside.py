"""One job at a time in a second thread, begun here and waited for here.

For the log of sealed operations: two files synced at the same moment cost the disk hardly more than one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Beside:
    """A helper thread that lives from the first job to :meth:`close`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self, job: Callable[[], None]) -> None:
        """Begin a job; :meth:`wait` comes next."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def wait(self) -> OSError | None:
        """Wait for the job; the disk's error it met, or None. Other errors are raised here."""
        error = self._done.get()
        if error is None or isinstance(error, OSError):
            return error
        raise error

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except BaseException as error:
                # Passed on whole to the thread that waits.
                self._done.put(error)
                if not isinstance(error, Exception):
                    raise
            else:
                self._done.put(None)
