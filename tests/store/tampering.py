"""Changing an office file behind the program's back, as somebody with the key and a database tool could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hongyao_desktop.store import Office
from hongyao_desktop.store.driver import connect


@contextmanager
def raw(office: Office) -> Iterator[Any]:
    """A connection of one's own with the office's key, in one transaction, references unchecked."""
    opened = office._opened
    connection = connect(office.path, opened.file_key, opened.file_id)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA recursive_triggers = OFF")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.execute("COMMIT")
    connection.close()


@contextmanager
def without_triggers(office: Office) -> Iterator[Any]:
    """As `raw`, with every trigger out of the way and put back afterwards, so that only the data has changed."""
    with raw(office) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
