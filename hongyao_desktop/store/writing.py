"""The inside of the door: what a service may do while its named operation runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Operator, Params, Row
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.reading import rows_of, stream_of

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_CHANGE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_KERNEL = re.compile(r"\b(?:journal_|sqlite_|_sqlite_|search_|key_ring)", re.IGNORECASE)
_BATCH = 2000
_BULK_ROOM = -32_768  # KiB, as SQLite wants it


def _named(*names: str) -> None:
    for name in names:
        if not _NAME.match(name) or _KERNEL.match(name):
            raise ValueError(f"not a table or column to write to: {name!r}")


class DoorWriter:
    """Implements core's ``Writer`` on the writing connection; useless once its operation has ended.

    Attributes:
        who: the operator who acts.
        clock: the office's clock.
        op_seq: the number this operation will have in the journal.
    """

    def __init__(self, connection: Connection, who: Operator, clock: Clock, op_seq: int) -> None:
        self._connection: Connection | None = connection
        self.who = who
        self.clock = clock
        self.op_seq = op_seq
        self._usual_room: int | None = None

    def end(self) -> None:
        """The operation has ended; every further use is a fault of the program."""
        if self._usual_room is not None and self._connection is not None:
            self._connection.execute(f"PRAGMA cache_size = {self._usual_room}")
        self._connection = None

    def _make_room(self, connection: Connection) -> None:
        """Keep more pages in memory while very many rows are written: their index entries lie all over the file."""
        if self._usual_room is None:
            self._usual_room = int(connection.execute("PRAGMA cache_size").fetchone()[0])
            connection.execute(f"PRAGMA cache_size = {_BULK_ROOM}")

    def _live(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("this writer's operation has ended; writing goes through Office.transact")
        return self._connection

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query; sees what this operation has written so far."""
        return rows_of(self._live().execute(sql, params))

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None."""
        return next(self.stream(sql, params), None)

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        row = self._live().execute(sql, params).fetchone()
        return None if row is None else row[0]

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """The rows one at a time."""
        return stream_of(self._live().execute(sql, params))

    def insert(self, table: str, values: Mapping[str, Any]) -> str:
        """Add a row; returns its id, which is made (UUIDv7) unless given."""
        row = dict(values)
        if row.get("id") is None:
            row["id"] = new_id(self.clock)
        _named(table, *row)
        marks = ", ".join("?" * len(row))
        self._live().execute(f"INSERT INTO {table}({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        return str(row["id"])

    def insert_many(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows that all have the columns of the first one; ids are made where missing. Returns how many.

        Raises ValueError when a later row has other columns than the first.
        """
        connection = self._live()
        stream = iter(rows)
        first = next(stream, None)
        if first is None:
            return 0
        columns = [name for name in first if name != "id"]
        _named(table, *columns)
        known = set(columns)
        take = itemgetter(*columns) if len(columns) > 1 else lambda row: tuple(row[name] for name in columns)
        sql = f"INSERT INTO {table}(id, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})"

        def values() -> Iterator[tuple[Any, ...]]:
            for row in chain((first,), stream):
                if row.keys() != known and row.keys() - {"id"} != known:
                    raise ValueError(
                        f"rows for {table!r} differ in their columns: {sorted(row.keys() ^ known)}"
                    )
                yield (row.get("id") or new_id(self.clock), *take(row))

        count = 0
        source = values()
        while batch := list(islice(source, _BATCH)):
            if count == _BATCH:
                self._make_room(connection)
            connection.executemany(sql, batch)
            count += len(batch)
        return count

    def update(self, table: str, row_id: str, changes: Mapping[str, Any]) -> None:
        """Change a row. Refuses when the row is not there (someone took it back in the meantime)."""
        if not changes:
            return
        _named(table, *changes)
        settings = ", ".join(f"{name} = ?" for name in changes)
        cursor = self._live().execute(
            f"UPDATE {table} SET {settings} WHERE id = ?", (*changes.values(), row_id)
        )
        if cursor.rowcount == 0:
            raise Refusal("要修改的记录已经不在了，请刷新列表后再试")

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one INSERT, UPDATE or DELETE of a service; returns how many rows it touched.

        Raises ValueError for anything else: the transaction belongs to the door, the schema to migrations, and the
        journal to nobody.
        """
        if not _CHANGE.match(sql) or _KERNEL.search(sql):
            raise ValueError("only INSERT, UPDATE and DELETE of a module's own tables pass here")
        return int(self._live().execute(sql, params).rowcount)
