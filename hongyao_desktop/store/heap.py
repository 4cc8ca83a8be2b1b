"""A heap of search keys: a side file in which keys wait until all are there and can be written in the index's order.

An index built in random order is read and written many times over; built in order, once.  Keys are pieces of names and
numbers, so the side file is encrypted with a key nobody keeps, and it is gone when the index stands.
"""

from __future__ import annotations

import secrets
from itertools import pairwise
from pathlib import Path
from typing import Final

from hongyao_desktop.store.driver import KEY_BYTES, SALT_BYTES, Connection

_PARTS: Final = 12
"""Parts in which a heap is sorted, so that sorting takes a twelfth of the memory."""

_SAMPLE: Final = 5000


class Heap:
    """Keys in no order. Make it outside a transaction, and always :meth:`remove` it outside one."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = heap_path(path)
        self._path.unlink(missing_ok=True)
        key = secrets.token_hex(KEY_BYTES + SALT_BYTES)
        connection.execute(f"ATTACH ? AS heap KEY \"x'{key}'\"", (str(self._path),))
        connection.execute("PRAGMA heap.journal_mode = OFF")
        connection.execute("PRAGMA heap.synchronous = OFF")
        connection.execute("CREATE TABLE heap.waiting(key TEXT NOT NULL, row INTEGER NOT NULL)")

    def add(self, keys: list[str]) -> None:
        """Put keys on the heap, each with its row number behind a zero character."""
        self._connection.executemany(
            "INSERT INTO heap.waiting(key, row) VALUES (?, ?)", (key.split("\0") for key in keys)
        )

    def settle(self, number: int) -> None:
        """Write all keys of register ``number`` into the index in order."""
        connection = self._connection
        rows = int(connection.execute("SELECT coalesce(max(rowid), 0) FROM heap.waiting").fetchone()[0])
        step = max(rows // _SAMPLE, 1)
        sample = sorted(
            row[0] for row in connection.execute("SELECT key FROM heap.waiting WHERE rowid % ? = 0", (step,))
        )
        cuts = [sample[len(sample) * part // _PARTS] for part in range(1, _PARTS)] if sample else []
        for low, high in pairwise(sorted({"", *cuts, "\U0010ffff"})):
            connection.execute(
                "INSERT OR IGNORE INTO search_key(register, key, row) SELECT ?, key, row FROM heap.waiting"
                " WHERE key >= ? AND key < ? ORDER BY key, row",
                (number, low, high),
            )

    def remove(self) -> None:
        """Take the side file away."""
        self._connection.execute("DETACH heap")
        remove_heap(self._path)


def heap_path(path: Path) -> Path:
    """Where the side file of the office file at ``path`` lies."""
    return path.with_name(path.name + ".sorting")


def remove_heap(path: Path) -> None:
    """Remove a side file, also one that a killed program left behind; its key is lost, so it says nothing."""
    path.unlink(missing_ok=True)
