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
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
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
        finally:
            self._idle.set()  # also when a step failed: nobody waits for it for ever
