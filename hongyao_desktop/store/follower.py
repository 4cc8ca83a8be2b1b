"""Work that may follow an operation a moment later, in small steps between the operations of people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

_PAUSE_SECONDS: Final = 0.01
"""Between two steps, so that whoever waits for the writing connection gets it."""


class Follower:
    """Runs a step over and over in a thread of its own until it says that nothing is left.

    The thread comes with the first work and waits for more until :meth:`close`: waking it costs a save next to nothing.
    A step that raises ends the thread (the error goes where errors of threads go); the next work begins another one.

    Attributes:
        error: what a step raised last, None when no step ever did.
    """

    def __init__(self, step: Callable[[], bool]) -> None:
        self._step = step
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()
        self._work = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._ending = False
        self.error: BaseException | None = None

    def start(self) -> None:
        """There is work, unless it is already at it."""
        with self._guard:
            if self._ending:
                return
            self._idle.clear()
            self._work.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
                self._thread.start()

    def finish(self, seconds: float | None = None) -> bool:
        """Wait until nothing is left, or for some seconds; True when it is not at work any more."""
        return threading.current_thread() is self._thread or self._idle.wait(seconds)

    def close(self) -> None:
        """Wait until nothing is left and end the thread."""
        self.finish()
        with self._guard:
            self._ending = True
            self._work.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            self._work_on()
        except BaseException as error:
            # Noted for whoever looks after the office, then passed on; nobody may wait for this thread any more.
            self.error = error
            raise
        finally:
            with self._guard:
                self._thread = None
                self._idle.set()

    def _work_on(self) -> None:
        while self._work.wait():
            with self._guard:
                if self._ending:
                    return
                self._work.clear()
            while not self._step():
                self._pause.wait(_PAUSE_SECONDS)
            with self._guard:
                if not self._work.is_set():
                    self._idle.set()
