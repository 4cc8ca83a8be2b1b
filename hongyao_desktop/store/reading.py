"""Reading the office file: query-only connections, one for each thread, all closed with the office."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from hongyao_desktop.core.desk import Params, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.driver import Connection, DriverError, refusal_for

_STREAM_ROWS = 200


def rows_of(cursor: Any) -> list[Row]:
    """All rows of a cursor by column name."""
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def stream_of(cursor: Any) -> Iterator[Row]:
    """The rows of a cursor by column name, one at a time."""
    names = [column[0] for column in cursor.description or ()]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


class _Line:
    """One thread's connection. The lock keeps `close` from another thread out of a running query."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.lock = threading.RLock()
        self.closed = False

    def close(self) -> None:
        if not self.closed:
            self.connection.interrupt()
            with self.lock:
                self.closed = True
                self.connection.close()

    def __del__(self) -> None:
        self.close()


class Readers:
    """The query-only connections of an office, made when a thread first reads; implements core's ``Reader``.

    One object serves all threads: each call uses the connection of the thread it is made in. Reading sees what was
    confirmed last; for several queries that must fit together use :meth:`snapshot`.
    """

    def __init__(self, connect: Callable[[], Connection], path: Path) -> None:
        self._connect = connect
        self._path = path
        self._local = threading.local()
        self._lines: weakref.WeakSet[_Line] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._closed = False

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query."""
        with self.connection() as connection:
            return rows_of(connection.execute(sql, params))

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None."""
        with self.connection() as connection:
            cursor = connection.execute(sql, params)
            row = cursor.fetchone()
            names = [column[0] for column in cursor.description or ()]
            cursor.close()
        return None if row is None else dict(zip(names, row, strict=True))

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        with self.connection() as connection:
            cursor = connection.execute(sql, params)
            row = cursor.fetchone()
            cursor.close()
        return None if row is None else row[0]

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """The rows one at a time, for results too large to hold; to be read in the thread that began.

        Between the blocks the connection is free, so that closing the office never waits for a forgotten reader.
        """
        with self.connection() as connection:
            cursor = connection.execute(sql, params)
            names = [column[0] for column in cursor.description or ()]
        while True:
            with self.connection():
                rows = cursor.fetchmany(_STREAM_ROWS)
            if not rows:
                return
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def tuples(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows as bare tuples, for the hot paths of lists and search."""
        with self.connection() as connection:
            return list(connection.execute(sql, params).fetchall())

    @contextmanager
    def snapshot(self) -> Iterator[Readers]:
        """Within the block every query of this thread sees the file as it was at the beginning."""
        with self.connection() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM journal_head").fetchone()
        try:
            yield self
        finally:
            with self.connection() as connection:
                connection.execute("ROLLBACK")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing to give back: the thread keeps its connection."""

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """This thread's connection, for the other modules of the store."""
        line: _Line | None = getattr(self._local, "line", None)
        if line is None:
            line = self._open_line()
        with line.lock:
            if line.closed:
                raise Refusal("台账文件已经关闭，请重新打开")
            try:
                yield line.connection
            except DriverError as error:
                refusal = refusal_for(error, self._path)
                if refusal is None:
                    raise
                raise refusal from error

    def _open_line(self) -> _Line:
        with self._guard:
            if self._closed:
                raise Refusal("台账文件已经关闭，请重新打开")
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            line = _Line(connection)
            self._lines.add(line)
            self._local.line = line
            return line

    def close(self) -> None:
        """Close the connections of all threads; a query still running in one of them is broken off."""
        with self._guard:
            self._closed = True
            lines = list(self._lines)
        for line in lines:
            line.close()
