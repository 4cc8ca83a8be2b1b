"""Finding rows by typed text: own keys first, then rows whose linked record is found (a volunteer by his person)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.register import Register
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.search_keys import query_of

_LAST: Final = "\U0010ffff"
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class _Path:
    """One way from a register's rows to keys: the chain of joins, and the number of the register whose keys count."""

    joins: str
    number: int
    id_sql: str

    def sql(self, narrowing: str) -> str:
        """SELECT of the row ids found by one word (parameters: register number, from, to), by key."""
        return (
            f"SELECT {self.id_sql} AS id FROM search_key AS k CROSS JOIN search_row AS r ON r.no = k.row{self.joins}"
            f"{narrowing.format(id=self.id_sql)} WHERE k.register = ? AND k.key >= ? AND k.key < ?"
        )


class Finder:
    """Searches in one register.

    ``number_of`` gives a register's number in the file, ``registers`` all of them by name (for ``search_via``).
    """

    def __init__(
        self,
        register: Register,
        registers: Mapping[str, Register],
        number_of: Callable[[Register], int | None],
    ) -> None:
        self._paths = tuple(_paths(register, registers, number_of, 0))

    def find(
        self, connection: Connection, text: str, limit: int, narrowing: str = "", params: tuple[Any, ...] = ()
    ) -> list[str]:
        """Ids of at most ``limit`` rows in which every word of ``text`` is found, the closest first.

        ``narrowing`` is a join that keeps only some rows (``{id}`` stands for the row id), with its parameters.
        Text without a word finds nothing.
        """
        words = query_of(text)
        if not words or not self._paths:
            return []
        found: dict[str, None] = {}
        for row_id in self._ids(connection, words, narrowing, params):
            found[row_id] = None
            if len(found) == limit:
                break
        return list(found)

    def _ids(
        self, connection: Connection, words: tuple[str, ...], narrowing: str, params: tuple[Any, ...]
    ) -> Iterator[str]:
        if len(words) == 1:
            for path in self._paths:
                values = (*params, path.number, words[0], words[0] + _LAST)
                with closing(connection.execute(f"{path.sql(narrowing)} ORDER BY k.key", values)) as cursor:
                    yield from (row[0] for row in cursor)
            return
        parts: list[str] = []
        values_: list[Any] = []
        for word in words:
            union = " UNION ALL ".join(path.sql(narrowing) for path in self._paths)
            parts.append(f"SELECT id FROM ({union})")
            for path in self._paths:
                values_ += [*params, path.number, word, word + _LAST]
        with closing(connection.execute(" INTERSECT ".join(parts), values_)) as cursor:
            yield from (row[0] for row in cursor)


def _paths(
    register: Register,
    registers: Mapping[str, Register],
    number_of: Callable[[Register], int | None],
    depth: int,
) -> Iterator[_Path]:
    number = number_of(register)
    if number is not None:
        yield _Path("", number, "r.row_id")
    if depth == _DEEPEST:
        return
    for column, name in register.search_via:
        for path in _paths(registers[name], registers, number_of, depth + 1):
            table = f"t{depth}"
            join = f" CROSS JOIN {register.table} AS {table} ON {table}.{column} = {path.id_sql}"
            yield _Path(path.joins + join, path.number, f"{table}.id")
