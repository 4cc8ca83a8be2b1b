"""Searching in an open office: the index that follows what is saved, and a finder for every register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from hongyao_desktop.core.register import Register
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.find import Finder
from hongyao_desktop.store.follower import Follower
from hongyao_desktop.store.reading import Readers
from hongyao_desktop.store.search import LATER, SearchIndex

_MOMENT_SECONDS: Final = 0.02
_MOMENTS: Final = 50
"""How often a search looks again whether the keys have come: for a second, and it never hangs."""


class Searching:
    """The search index of one open office and its finders.

    Attributes:
        index: the keys, written with the writing connection.
    """

    def __init__(self, connection: Connection, path: Path, registers: Sequence[Register]) -> None:
        self.index = SearchIndex(connection, path, registers)
        self._by_name = {register.name: register for register in registers}
        self._finders: dict[str, Finder] = {}

    def described(self, register: Register | str) -> Register:
        """A register by its description or name."""
        return register if isinstance(register, Register) else self._by_name[register]

    def finder(self, register: Register | str) -> Finder:
        """What searches in a register."""
        name = register if isinstance(register, str) else register.name
        finder = self._finders.get(name)
        if finder is None:
            finder = Finder(self._by_name[name], self._by_name, self.index.number_of)
            self._finders[name] = finder
        return finder

    def await_keys(self, follower: Follower, readers: Readers, saving: Callable[[], bool]) -> None:
        """Wait a moment for keys that are being written; neither for those of a large import nor while ``saving``."""
        for _ in range(_MOMENTS):
            if not self.index.behind or saving() or _waiting_images(readers) > LATER:
                return
            if follower.finish(_MOMENT_SECONDS):
                return


def _waiting_images(readers: Readers) -> int:
    """Images whose keys are still to be written."""
    with readers.connection() as connection:
        return int(connection.execute("SELECT images - searched FROM journal_head").fetchone()[0])
