"""Reading many rows fast: SQLite joins a block of them into one text, and the next block is read meanwhile.

Reading row by row costs Python about as much as SM3 costs the whole row; a block costs it nothing to speak of.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.shapes import Shape

BLOCK = 2000
"""Rows read at a time."""

FROM_START = -(2**62)
"""Below every row number, so that rows slipped in under a strange number are read too."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows as lines, and the number of the last one."""

    last: int
    lines: list[bytes]


IMAGE_BLOCK_SQL = (
    "SELECT max(n), CAST(group_concat(line, char(30)) AS BLOB) FROM"
    f" (SELECT n, {chain.LINE_SQL} AS line FROM journal_image WHERE n > ? ORDER BY n LIMIT ?)"
)
OPERATION_BLOCK_SQL = (
    "SELECT max(seq), CAST(group_concat(seq || char(31) || first_image || char(31) || images || char(31) || digest"
    f" || char(31) || prev || char(31) || hash || char(31) || {chain.OPERATION_SQL}, char(30)) AS BLOB) FROM"
    " (SELECT * FROM journal_operation WHERE seq > ? ORDER BY seq LIMIT ?)"
)


def table_block_sql(shape: Shape) -> str:
    """The images of a table's present rows, in blocks."""
    return (
        "SELECT max(number), CAST(group_concat(image, char(30)) AS BLOB) FROM"
        f" (SELECT rowid AS number, {shape.image_sql} AS image FROM {shape.table}"
        " WHERE rowid > ? ORDER BY rowid LIMIT ?)"
    )


class BlockReader:
    """Reads blocks over one connection; all reading happens in one second thread, so the connection is never shared."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="check")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def blocks(self, sql: str) -> Iterator[Block]:
        """The blocks of a query that takes (after, limit) and gives (last, joined text)."""
        waiting = self._pool.submit(self._read, sql, FROM_START)
        while (block := waiting.result()) is not None:
            waiting = self._pool.submit(self._read, sql, block.last)
            yield block

    def _read(self, sql: str, after: int) -> Block | None:
        last, text = self._connection.execute(sql, (after, BLOCK)).fetchone()
        if last is None:
            return None
        # No text: what must not be NULL is NULL, and a digest will not fit.
        return Block(last, [] if text is None else text.split(chain.RECORD))
