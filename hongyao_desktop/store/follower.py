"""Work that may follow an operation a moment later, in small steps between the operations of people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

_PAUSE_SECONDS: Final = 0.01
"""Between two steps, so that whoever waits for the writing connection gets it."""


class Follower:
    """Runs a step over and over in a thread of its own until it says that nothing is left.

    The thread lives only while there is work.
    """

    def __init__(self, step: Callable[[], bool]) -> None:
        self._step = step
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()

    def start(self) -> None:
        """Begin, unless it is already at work."""
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
                self._thread.start()

    def finish(self, seconds: float | None = None) -> bool:
        """Wait until nothing is left, or for some seconds; True when it is not at work any more."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(seconds)
        return not thread.is_alive()

    def _run(self) -> None:
        while True:
            while not self._step():
                self._pause.wait(_PAUSE_SECONDS)
            with self._guard:
                # Work that came in after the last look: go on; afterwards `start` makes a new thread.
                if self._step():
                    self._thread = None
                    return
