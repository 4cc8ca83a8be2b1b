"""The search index (检索): suffix keys in one table, read by a range scan.

The keys of a row follow from the searched fields of its register.  What was indexed stands beside the row
(``search_row.said``), and how far the journal has been followed in ``journal_head``: an index that fell behind, because
a file was written without register descriptions, catches up at the next opening, and one made by other rules is built
anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from hongyao_desktop.core.register import DescriptionError, Field, Register
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.heap import Heap
from hongyao_desktop.store.journal import head_of
from hongyao_desktop.store.search_keys import VERSION, keys_of
from hongyao_desktop.store.watch import columns_of

T = TypeVar("T")

BATCH: Final = 20_000
"""Rows whose keys are sorted and written together: sorted keys touch each page of the index once."""

LATER: Final = 5000
"""Images above which a search does not wait for the index: a large import went before."""

_STEP: Final = 2000
"""Images followed in one go: a save waits no longer than that takes, some tenths of a second."""

_STAGED_FROM: Final = 150_000
"""From so many rows on, keys are heaped up and sorted first."""


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` items."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


@dataclass(frozen=True, slots=True)
class Indexed:
    """One register that gives keys: its number in the file, its fields, and where their values are read."""

    number: int
    register: Register
    fields: tuple[Field, ...]
    source: str

    def read_sql(self) -> str:
        """SQL for id and searched values of some rows; without a condition for all."""
        names = ", ".join(field.name for field in self.fields)
        return f"SELECT id, {names} FROM {self.source}"

    def keys(self, said: str) -> set[str]:
        """The keys of remembered values."""
        values: list[Any] = json.loads(said)
        found: set[str] = set()
        for field, value in zip(self.fields, values, strict=True):
            found.update(keys_of(field.search, value))
        return found


def _signature(register: Register) -> str:
    """What the keys of a register depend on."""
    fields = [[field.name, field.search] for field in register.searched]
    return json.dumps([VERSION, register.table, fields])


class SearchIndex:
    """Keeps the keys of one file up to date; lives with the writing connection.

    Attributes:
        behind: whether operations are still to be followed by :meth:`catch_up`.
    """

    def __init__(self, connection: Connection, path: Path, registers: Sequence[Register]) -> None:
        self._connection = connection
        self._path = path
        self._registers = [register for register in registers if register.searched]
        self._by_table: dict[str, list[Indexed]] = {}
        self._following = bool(self._registers)
        self.behind = False

    def prepare(self, *, writable: bool) -> None:
        """Find every register's number; build what is missing or was made by other rules, and catch up.

        On a file opened for reading only what is there is used. Raises DescriptionError for a searched field that
        its register's source lacks.
        """
        known = {
            str(name): (int(number), str(signature))
            for number, name, signature in self._connection.execute(
                "SELECT no, name, signature FROM search_register"
            )
        }
        for register in self._registers:
            number, before = known.get(register.name, (0, ""))
            if writable and before != _signature(register):
                number = self._build(register)
            if number:
                self._by_table.setdefault(register.table, []).append(self._indexed(number, register))
        if writable and self._following:
            self._forsake(known.keys() - {register.name for register in self._registers})
            self.behind = self._pending() > LATER
            while not self.behind and self._pending():
                self.catch_up()

    def number_of(self, register: Register) -> int | None:
        """The register's number in the file, None when it gives no keys."""
        for indexed in self._by_table.get(register.table, ()):
            if indexed.register.name == register.name:
                return indexed.number
        return None

    def rebuild(self, progress: Callable[[int], None] | None = None) -> None:
        """Build every register's keys anew (重建检索)."""
        for register in self._registers:
            self._build(register, progress)

    def follow(self, tables: Mapping[str, tuple[str, ...]]) -> None:
        """Note inside an operation what it means for the keys; they are written by :meth:`catch_up` afterwards.

        A record has a dozen keys all over the index: written with the record, they would be most of what a save has
        to encipher and sync.
        """
        if not self._following:
            return
        if any(table in self._by_table for table in tables):
            self.behind = True
        if not self.behind:
            self._connection.execute("UPDATE journal_head SET searched = images")

    def catch_up(self) -> bool:
        """Follow some more of the journal in a transaction of its own; True when nothing is left."""
        if self.behind or self._pending():
            if self._pending() > _STAGED_FROM:
                last = head_of(self._connection).images
                self.rebuild()
                self._in_transaction(lambda: self._note(last))
            else:
                # Not synced: a power cut costs keys that follow from the records again, and the next save syncs them.
                self._connection.execute("PRAGMA synchronous = NORMAL")
                try:
                    self._in_transaction(self._follow_some)
                finally:
                    self._connection.execute("PRAGMA synchronous = FULL")
            self.behind = self._pending() > 0
        return not self.behind

    # -- inside

    def _in_transaction(self, work: Callable[[], T]) -> T:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _forsake(self, names: Collection[str]) -> None:
        """Registers nobody describes any more are no longer followed; whoever describes them again builds anew."""
        for name in names:
            self._connection.execute(
                "UPDATE search_register SET signature = '' WHERE name = ? AND signature <> ''", (name,)
            )

    def _indexed(self, number: int, register: Register) -> Indexed:
        stored = {column.name for column in columns_of(self._connection, register.table)}
        names = {field.name for field in register.searched}
        source = register.table if names <= stored else register.source
        known = (
            stored
            if source == register.table
            else {str(row[1]) for row in self._connection.execute(f"PRAGMA table_xinfo({register.source})")}
        )
        missing = names - known
        if missing:
            raise DescriptionError(
                f"register {register.name!r}: searched fields {sorted(missing)} are no columns"
            )
        return Indexed(number, register, register.searched, source)

    def _build(self, register: Register, progress: Callable[[int], None] | None = None) -> int:
        """Build a register's keys anew in one transaction; returns its number."""
        many = self._connection.execute(f"SELECT count(*) FROM {register.table}").fetchone()[0] > _STAGED_FROM
        heap = Heap(self._connection, self._path) if many else None
        try:
            return self._in_transaction(lambda: self._build_all(register, heap, progress))
        finally:
            if heap is not None:
                heap.remove()

    def _build_all(
        self, register: Register, heap: Heap | None, progress: Callable[[int], None] | None
    ) -> int:
        connection = self._connection
        row = connection.execute("SELECT no FROM search_register WHERE name = ?", (register.name,)).fetchone()
        if row is None:
            number = int(
                connection.execute("SELECT coalesce(max(no), 0) + 1 FROM search_register").fetchone()[0]
            )
            connection.execute(
                "INSERT INTO search_register(no, name, signature) VALUES (?, ?, '')", (number, register.name)
            )
        else:
            number = int(row[0])
            connection.execute("DELETE FROM search_key WHERE register = ?", (number,))
            connection.execute("DELETE FROM search_row WHERE register = ?", (number,))
        indexed = self._indexed(number, register)
        done = 0
        for batch in batched(connection.execute(indexed.read_sql()), BATCH):
            self._add(indexed, batch, heap)
            done += len(batch)
            if progress is not None:
                progress(done)
        if heap is not None:
            heap.settle(number)
        connection.execute(
            "UPDATE search_register SET signature = ? WHERE no = ?", (_signature(register), number)
        )
        return number

    def _pending(self) -> int:
        """How many images have not been followed."""
        row = self._connection.execute("SELECT images - searched FROM journal_head").fetchone()
        return int(row[0])

    def _note(self, image: int) -> None:
        self._connection.execute("UPDATE journal_head SET searched = ?", (image,))

    def _follow_some(self) -> None:
        connection = self._connection
        start = connection.execute("SELECT searched FROM journal_head").fetchone()[0]
        end = min(start + _STEP, head_of(connection).images)
        for table, registers in self._by_table.items():
            rows = connection.execute(
                "SELECT DISTINCT row_id FROM journal_image WHERE n > ? AND n <= ? AND table_name = ?",
                (start, end, table),
            ).fetchall()
            for indexed in registers:
                self._renew(indexed, [str(row[0]) for row in rows])
        self._note(end)

    def _add(self, indexed: Indexed, rows: Sequence[Sequence[Any]], heap: Heap | None = None) -> None:
        """Index rows that were not indexed before."""
        connection = self._connection
        first = int(connection.execute("SELECT coalesce(max(no), 0) + 1 FROM search_row").fetchone()[0])
        said = [json.dumps(row[1:], ensure_ascii=False, separators=(",", ":")) for row in rows]
        connection.executemany(
            "INSERT INTO search_row(no, register, row_id, said) VALUES (?, ?, ?, ?)",
            [
                (first + n, indexed.number, row[0], text)
                for n, (row, text) in enumerate(zip(rows, said, strict=True))
            ],
        )
        keys = [
            f"{key}\0{number:012}"
            for number, row in enumerate(rows, start=first)
            for field, value in zip(indexed.fields, row[1:], strict=True)
            for key in keys_of(field.search, value)
        ]
        if heap is None:
            self._insert(indexed, keys)
        else:
            heap.add(keys)

    def _insert(self, indexed: Indexed, keys: list[str]) -> None:
        """Write keys, each with its row number behind a zero character, in the order of the index.

        Plain texts, because a million small tuples would keep Python's garbage collector busy for seconds.
        """
        keys.sort()
        self._connection.executemany(
            f"INSERT OR IGNORE INTO search_key(register, key, row) VALUES ({indexed.number}, ?, ?)",
            (key.split("\0") for key in keys),
        )

    def _renew(self, indexed: Indexed, row_ids: Sequence[str]) -> None:
        connection = self._connection
        for ids in batched(row_ids, BATCH):
            asked = json.dumps(ids)
            present = {
                row[0]: row
                for row in connection.execute(
                    f"{indexed.read_sql()} WHERE id IN (SELECT value FROM json_each(?))", (asked,)
                )
            }
            known = {
                row_id: (number, said)
                for number, row_id, said in connection.execute(
                    "SELECT no, row_id, said FROM search_row WHERE register = ?"
                    " AND row_id IN (SELECT value FROM json_each(?))",
                    (indexed.number, asked),
                )
            }
            added: list[str] = []
            for row_id, (number, said) in known.items():
                row = present.pop(row_id, None)
                now = None if row is None else json.dumps(row[1:], ensure_ascii=False, separators=(",", ":"))
                if now == said:
                    continue
                before = indexed.keys(said)
                after = indexed.keys(now) if now is not None else set()
                connection.executemany(
                    "DELETE FROM search_key WHERE register = ? AND key = ? AND row = ?",
                    [(indexed.number, key, number) for key in before - after],
                )
                if now is None:
                    connection.execute("DELETE FROM search_row WHERE no = ?", (number,))
                else:
                    connection.execute("UPDATE search_row SET said = ? WHERE no = ?", (now, number))
                added += [f"{key}\0{number:012}" for key in after - before]
            self._insert(indexed, added)
            if present:
                self._add(indexed, list(present.values()))
