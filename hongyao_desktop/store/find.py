"""Finding rows by typed text: own keys first, then rows whose linked record is found (a volunteer by his person)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from hongyao_desktop.core.register import Register
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.search_keys import query_of

T = TypeVar("T")

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
        if not narrowing and self.own_only:
            return self.ids_of(connection, self.numbers(connection, text, limit))
        if len(words) == 1:
            return list(islice(_distinct(self._ids(connection, words[0], narrowing, params)), limit))
        return _common([list(self._ids(connection, word, narrowing, params)) for word in words])[:limit]

    def numbers(self, connection: Connection, text: str, limit: int) -> list[int]:
        """As :meth:`find`, by index numbers instead of ids, which need no look-up; only where :attr:`own_only`."""
        words = query_of(text)
        if not words:
            return []
        if len(words) == 1:
            return list(islice(_distinct(self._numbers(connection, words[0])), limit))
        return _common([list(self._numbers(connection, word)) for word in words])[:limit]

    def ids_of(self, connection: Connection, numbers: Sequence[int]) -> list[str]:
        """The row ids behind index numbers."""
        sql = "SELECT no, row_id FROM search_row WHERE no IN (SELECT value FROM json_each(?))"
        known = dict(connection.execute(sql, (json.dumps(numbers),)).fetchall())
        return [known[number] for number in numbers if number in known]

    @property
    def own_only(self) -> bool:
        """Whether the register is found by its own keys alone."""
        return len(self._paths) == 1 and not self._paths[0].joins

    def _numbers(self, connection: Connection, word: str) -> Iterator[int]:
        """Numbers of the rows with an own key that begins with ``word``, the closest first, with repetitions."""
        sql = "SELECT row FROM search_key WHERE register = ? AND key >= ? AND key < ? ORDER BY key"
        with closing(connection.execute(sql, (self._paths[0].number, word, word + _LAST))) as cursor:
            for row in cursor:
                yield row[0]

    def _ids(
        self, connection: Connection, word: str, narrowing: str, params: tuple[Any, ...]
    ) -> Iterator[str]:
        """Ids of the rows in which ``word`` is found, the closest first, with repetitions."""
        for path in self._paths:
            values = (*params, path.number, word, word + _LAST)
            with closing(connection.execute(f"{path.sql(narrowing)} ORDER BY k.key", values)) as cursor:
                for row in cursor:
                    yield row[0]


def _distinct(items: Iterable[T]) -> Iterator[T]:
    seen: set[T] = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item


def _common(found: list[list[T]]) -> list[T]:
    """What stands in every list, each once, in the order of the first."""
    others = [set(items) for items in found[1:]]
    return [item for item in _distinct(found[0]) if all(item in items for items in others)]


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
