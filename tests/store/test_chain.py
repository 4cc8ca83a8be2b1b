"""The text of an image that is hashed: seven parts whatever stands in the columns."""

from __future__ import annotations

import pytest

from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import connect_memory

COLUMNS = ("n", "op_seq", "table_name", "row_id", "action", "before", "after")


def _line(values: tuple[object, ...]) -> bytes:
    connection = connect_memory()
    connection.execute(f"CREATE TABLE journal_image({', '.join(COLUMNS)})")
    connection.execute("INSERT INTO journal_image VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    line = connection.execute(f"SELECT CAST({chain.LINE_SQL} AS BLOB) FROM journal_image").fetchone()[0]
    connection.close()
    return bytes(line)


def test_the_parts_of_an_image_stand_in_their_order() -> None:
    values = (7, 3, "person", "01-a", "U", '{"name":"单玥"}', '{"name":"单 玥"}')
    assert _line(values).split(chain.UNIT) == [str(value).encode() for value in values]


@pytest.mark.parametrize("empty", range(1, len(COLUMNS)))
def test_what_is_missing_keeps_its_place_so_that_nothing_can_move_into_it(empty: int) -> None:
    values: list[object] = [7, 3, "person", "01-a", "U", "{}", "{}"]
    values[empty] = None
    parts = _line(tuple(values)).split(chain.UNIT)
    assert len(parts) == len(COLUMNS)
    assert parts[empty] == b""
