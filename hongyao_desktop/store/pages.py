"""Pages of a register (台账分页): any list of any length, read a page at a time by row numbers, never by OFFSET.

The order of a list is taken down once as an array of row numbers, eight bytes a row, from an index where there is one:
a million rows take a fraction of a second and eight megabytes.  After that a page anywhere is two hundred lookups by
key.  The first page and the count do not wait for it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.register import Register
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.find import Finder
from hongyao_desktop.store.reading import Readers, rows_of

PAGE_SIZE: Final = 64
"""Rows of one page: a screen or two. Each row is one or two blocks to decipher, so a jump costs what it shows."""
MOST_FOUND: Final = 400
"""Rows a search shows at most; who sees that many types one more letter."""
_FETCH: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a list shows: typed search, column = value pairs, closed spans of a column, and the order.

    A tuple as value means any of its items; None means an empty field. ``sort`` None means the register's own
    order, or the closest first while something is searched. An end of a span may be None (open).
    """

    search: str = ""
    equals: tuple[tuple[str, Any], ...] = ()
    spans: tuple[tuple[str, Any, Any], ...] = ()
    sort: str | None = None
    descending: bool = False


class Pages:
    """The rows that answer one query, as they were when it was made.

    Attributes:
        page_size: rows of one page.
        complete: False when a search found more than it shows.
    """

    page_size = PAGE_SIZE

    def __init__(self, readers: Readers, register: Register, finder: Finder, query: ListQuery) -> None:
        self._readers = readers
        self._register = register
        self.complete = True
        with readers.connection() as connection:
            self._plan = _Plan(connection, register, query)
            self._rowids: array[int] | None = None
            self._found: _Found | None = None
            if query.search.strip():
                self._found = self._search(connection, finder, query)
                self._count = len(self._found)
            elif self._plan.indexed:
                self._count = int(connection.execute(*self._plan.count()).fetchone()[0])
            else:
                # Every row has to be looked at anyway, so that the order is taken down in the same go.
                self._count = len(self._order(connection))

    def count(self) -> int:
        """How many rows there are."""
        return self._count

    def page(self, _reader: Reader, number: int) -> Sequence[Row]:
        """The rows of page ``number`` (from 0) in order; a row taken away meanwhile is left out."""
        with self._readers.connection() as connection:
            ids = self._ids(connection, number)
            sql = f"SELECT * FROM {self._register.source} WHERE id IN (SELECT value FROM json_each(?))"
            rows = {row["id"]: row for row in rows_of(connection.execute(sql, (json.dumps(ids),)))}
        return [rows[row_id] for row_id in ids if row_id in rows]

    def locate(self, _reader: Reader, row_id: str) -> int | None:
        """Position of a row in the list, None when it is not in it."""
        with self._readers.connection() as connection:
            if self._found is not None:
                ids = self._found.ids(connection)
                return ids.index(row_id) if row_id in ids else None
            row = connection.execute(
                f"SELECT rowid FROM {self._register.table} WHERE id = ?", (row_id,)
            ).fetchone()
            if row is None:
                return None
            return _position(self._order(connection), int(row[0]))

    def totals(self, _reader: Reader) -> Mapping[str, int]:
        """Sums of the register's sum columns over the whole list."""
        columns = self._register.sum_columns
        if not columns:
            return {}
        with self._readers.connection() as connection:
            found = None if self._found is None else self._found.ids(connection)
            row = connection.execute(*self._plan.sums(columns, found)).fetchone()
        return {name: int(value or 0) for name, value in zip(columns, row, strict=True)}

    def prepare(self) -> None:
        """Take down the order of the whole list; call it on a worker before somebody scrolls far."""
        if self._found is None:
            with self._readers.connection() as connection:
                self._order(connection)

    def ids(self) -> list[str]:
        """The ids of all rows in order, for printing and exporting what the list shows."""
        with self._readers.connection() as connection:
            if self._found is not None:
                return self._found.ids(connection)
            return [str(row[0]) for row in connection.execute(*self._plan.ordered("id"))]

    # -- inside

    def _search(self, connection: Connection, finder: Finder, query: ListQuery) -> _Found:
        narrowing, params = self._plan.narrowing()
        most = MOST_FOUND + 1
        if query.sort is None and not narrowing and finder.own_only:
            numbers = finder.numbers(connection, query.search, most)
            self.complete = len(numbers) < most
            return _Found(finder, numbers=numbers[:MOST_FOUND])
        ids = finder.find(connection, query.search, most, narrowing, params)
        self.complete = len(ids) < most
        ids = ids[:MOST_FOUND]
        if query.sort is not None:
            ids = [str(row[0]) for row in connection.execute(*self._plan.sorted_ids(ids))]
        return _Found(finder, ids=ids)

    def _ids(self, connection: Connection, number: int) -> list[str]:
        start, end = number * PAGE_SIZE, (number + 1) * PAGE_SIZE
        if self._found is not None:
            return self._found.ids(connection, start, end)
        if number == 0 and self._rowids is None:
            return [str(row[0]) for row in connection.execute(*self._plan.ordered("id", limit=PAGE_SIZE))]
        wanted = self._order(connection)[start:end]
        sql = f"SELECT rowid, id FROM {self._register.table} WHERE rowid IN (SELECT value FROM json_each(?))"
        by_number = dict(connection.execute(sql, (json.dumps(wanted.tolist()),)).fetchall())
        return [by_number[rowid] for rowid in wanted if rowid in by_number]

    def _order(self, connection: Connection) -> array[int]:
        if self._rowids is None:
            cursor = connection.execute(*self._plan.ordered("rowid"))
            rowids = array("q")
            while rows := cursor.fetchmany(_FETCH):
                rowids.extend(chain.from_iterable(rows))
            self._rowids = rowids
        return self._rowids


def _position(rowids: array[int], rowid: int) -> int | None:
    """Where a row number stands: searched as bytes, which is many times faster than number by number."""
    data, needle, width = (
        memoryview(rowids).cast("B").tobytes(),
        array("q", [rowid]).tobytes(),
        rowids.itemsize,
    )
    found = data.find(needle)
    while found >= 0 and found % width:
        found = data.find(needle, found + 1)
    return None if found < 0 else found // width


class _Found:
    """What a search found: row ids, or index numbers that are turned into ids only for the page that is shown."""

    def __init__(
        self, finder: Finder, *, numbers: list[int] | None = None, ids: list[str] | None = None
    ) -> None:
        self._finder = finder
        self._numbers = numbers
        self._ids = ids or []

    def __len__(self) -> int:
        return len(self._ids if self._numbers is None else self._numbers)

    def ids(self, connection: Connection, start: int = 0, end: int | None = None) -> list[str]:
        """The ids from ``start`` to before ``end``."""
        if self._numbers is None:
            return self._ids[start:end]
        return self._finder.ids_of(connection, self._numbers[start:end])


class _Plan:
    """The SQL of one list.

    Conditions and order are answered by the table alone where it has the columns, because its indexes are known to
    be usable then; otherwise the source (a view) is joined by id.
    """

    def __init__(self, connection: Connection, register: Register, query: ListQuery) -> None:
        self._register = register
        self._sort = query.sort or register.sort
        self._direction = "DESC" if query.descending else "ASC"
        stored = _columns(connection, register.table)
        known = stored | _columns(connection, register.source)
        filtered = {column for column, *_ in (*query.equals, *query.spans)}
        unknown = (filtered | {self._sort}) - known
        if unknown:
            raise ValueError(f"register {register.name!r} has no columns {sorted(unknown)}")
        self._condition, self._params = _condition(query)
        self._on_table = filtered | {self._sort} <= stored
        self._counted_on_table = filtered <= stored
        self.indexed = not filtered and self._sort in _leading(connection, register.table)

    def _from(self, *, on_table: bool) -> str:
        table, source = self._register.table, self._register.source
        if on_table:
            return f"FROM {table} AS t"
        return f"FROM {source} AS s CROSS JOIN {table} AS t ON t.id = s.id"

    def _where(self, *, on_table: bool) -> str:
        alias = "t" if on_table else "s"
        return f" WHERE {self._condition.format(alias=alias)}" if self._condition else ""

    def count(self) -> tuple[str, tuple[Any, ...]]:
        """How many rows."""
        on_table = self._counted_on_table
        return (
            f"SELECT count(*) {self._from(on_table=on_table)}{self._where(on_table=on_table)}",
            self._params,
        )

    def ordered(self, what: str, limit: int = -1) -> tuple[str, tuple[Any, ...]]:
        """``rowid`` or ``id`` of the rows in order."""
        # Where conditions leave out rows, a walk along the sort index would look up every row at random: with the
        # plus sign SQLite reads the table (or the conditions' own index) and sorts.
        alias = ("" if self.indexed else "+") + ("t" if self._on_table else "s")
        order = f"ORDER BY {alias}.{self._sort} {self._direction}, {alias}.id {self._direction}"
        sql = f"SELECT t.{what} {self._from(on_table=self._on_table)}{self._where(on_table=self._on_table)} {order}"
        return f"{sql} LIMIT {limit}", self._params

    def sorted_ids(self, ids: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """The given ids in order."""
        some = f"SELECT s.id FROM {self._register.source} AS s WHERE s.id IN (SELECT value FROM json_each(?))"
        return f"{some} ORDER BY s.{self._sort} {self._direction}, s.id {self._direction}", (json.dumps(ids),)

    def sums(self, columns: Sequence[str], found: Sequence[str] | None) -> tuple[str, tuple[Any, ...]]:
        """Sums over the list, or over what was found."""
        sums = ", ".join(f"sum(s.{name})" for name in columns)
        select = f"SELECT {sums} FROM {self._register.source} AS s"
        if found is not None:
            return f"{select} WHERE s.id IN (SELECT value FROM json_each(?))", (json.dumps(found),)
        return f"{select}{self._where(on_table=False)}", self._params

    def narrowing(self) -> tuple[str, tuple[Any, ...]]:
        """A join for the search that keeps only rows meeting the conditions."""
        if not self._condition:
            return "", ()
        condition = self._condition.format(alias="n")
        source = self._register.table if self._counted_on_table else self._register.source
        return f" CROSS JOIN {source} AS n ON n.id = {{id}} AND {condition}", self._params


def _leading(connection: Connection, table: str) -> set[str]:
    """The columns that a whole index of the table begins with."""
    found = set()
    for _, name, _, _, partial in connection.execute(f"PRAGMA index_list({table})").fetchall():
        if not partial:
            found.add(str(connection.execute(f"PRAGMA index_info({name})").fetchone()[2]))
    return found


def _columns(connection: Connection, table: str) -> set[str]:
    return {str(row[1]) for row in connection.execute(f"PRAGMA table_xinfo({table})")}


def _condition(query: ListQuery) -> tuple[str, tuple[Any, ...]]:
    """The conditions of a query as SQL; ``{alias}`` stands for the table."""
    parts: list[str] = []
    params: list[Any] = []
    for column, value in query.equals:
        if isinstance(value, tuple):
            parts.append(f"{{alias}}.{column} IN (SELECT value FROM json_each(?))")
            params.append(json.dumps(value, ensure_ascii=False))
        else:
            parts.append(f"{{alias}}.{column} IS ?")
            params.append(value)
    for column, first, last in query.spans:
        for sign, bound in ((">=", first), ("<=", last)):
            if bound is not None:
                parts.append(f"{{alias}}.{column} {sign} ?")
                params.append(bound)
    return " AND ".join(parts), tuple(params)
