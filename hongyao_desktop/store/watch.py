"""Watching a table: triggers that capture every change as before and after images, and shut the table outside the door.

The triggers are written for the columns a table has at that moment.  A migration that changes the columns calls
:func:`rewatch`, which also notes the change of shape (``journal_shape``), so that images taken before it can still be
compared with the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.store.driver import Connection

_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")
_SUFFIXES = ("insert", "update", "delete", "fixed", "kept")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a watched table."""

    name: str
    storage: str


def columns_of(connection: Connection, table: str) -> tuple[Column, ...]:
    """The stored columns of ``table`` in order; generated columns are left out because they follow from the rest."""
    if not _NAME.match(table):
        raise ValueError(f"not a table name: {table!r}")
    rows = connection.execute(f"PRAGMA table_xinfo({table})").fetchall()
    return tuple(Column(str(row[1]), str(row[2]).upper()) for row in rows if row[6] == 0)


def image_sql(columns: tuple[Column, ...], prefix: str) -> str:
    """SQL for the JSON text of one row; ``prefix`` is NEW, OLD or a table name."""
    parts = []
    for column in columns:
        value = f"{prefix}.{column.name}"
        parts.append(f"'{column.name}', {f'hex({value})' if column.storage == 'BLOB' else value}")
    return f"json_object({', '.join(parts)})"


def _key_of(connection: Connection, table: str) -> str:
    rows = connection.execute(f"PRAGMA table_xinfo({table})").fetchall()
    keys = [str(row[1]) for row in rows if row[5]]
    if len(keys) != 1:
        raise ValueError(f"table {table!r} needs a primary key of exactly one column to be watched")
    return keys[0]


def _capture(table: str, row: str, action: str, before: str, after: str) -> str:
    return (
        "INSERT INTO journal_image(op_seq, table_name, row_id, action, before, after)"
        f" VALUES ((SELECT open_seq FROM journal_head), '{table}', {row}, '{action}', {before}, {after});"
    )


def trigger_statements(table: str, key: str, columns: tuple[Column, ...], *, append_only: bool) -> list[str]:
    """The CREATE TRIGGER statements for ``table``."""
    old, new = image_sql(columns, "OLD"), image_sql(columns, "NEW")

    def trigger(suffix: str, when: str, body: str) -> str:
        return f"CREATE TRIGGER {table}_{suffix} {when} BEGIN {body} END"

    inserted = trigger("insert", f"AFTER INSERT ON {table}", _capture(table, f"NEW.{key}", "I", "NULL", new))
    if append_only:
        stop = f"SELECT RAISE(ABORT, 'append-only: {table}');"
        return [
            inserted,
            trigger("fixed", f"BEFORE UPDATE ON {table}", stop),
            trigger("kept", f"BEFORE DELETE ON {table}", stop),
        ]
    changed = " OR ".join(f"OLD.{column.name} IS NOT NEW.{column.name}" for column in columns)
    return [
        inserted,
        trigger(
            "fixed",
            f"BEFORE UPDATE ON {table} WHEN OLD.{key} IS NOT NEW.{key}",
            f"SELECT RAISE(ABORT, 'key is fixed: {table}');",
        ),
        trigger(
            "update", f"AFTER UPDATE ON {table} WHEN {changed}", _capture(table, f"NEW.{key}", "U", old, new)
        ),
        trigger("delete", f"AFTER DELETE ON {table}", _capture(table, f"OLD.{key}", "D", old, "NULL")),
    ]


def watch(connection: Connection, table: str, *, append_only: bool = False) -> None:
    """Begin to watch a new, empty table. Must run inside an open door (migrations do).

    The table needs a primary key of one column. Writes outside the door abort from now on; with ``append_only``
    rows can never be changed or deleted. Raises ValueError for a table that cannot be watched.
    """
    columns = columns_of(connection, table)
    key = _key_of(connection, table)
    if connection.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()[0]:
        raise ValueError(f"table {table!r} is WITHOUT ROWID; `check` walks watched tables by rowid")
    if any(column.storage == "REAL" for column in columns):
        raise ValueError(f"table {table!r} has a REAL column; amounts, minutes and points are whole numbers")
    if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
        raise ValueError(f"table {table!r} already has rows that no image covers")
    for statement in trigger_statements(table, key, columns, append_only=append_only):
        connection.execute(statement)
    _note_shape(connection, table, key, columns, append_only=append_only, added={}, renamed={}, dropped=())


def rewatch(
    connection: Connection,
    table: str,
    *,
    added: Mapping[str, Any] | None = None,
    renamed: Mapping[str, str] | None = None,
    dropped: tuple[str, ...] = (),
) -> None:
    """Watch ``table`` anew after a migration changed its columns with ALTER TABLE.

    ``added`` maps new columns to the value old rows have in them (the DEFAULT), ``renamed`` old names to new ones,
    ``dropped`` names columns that are gone. The append-only mark stays as it was. Raises ValueError when the
    columns do not follow from what is said, so that a forgotten column is found while the migration is written.
    """
    row = connection.execute(
        "SELECT key_column, columns, append_only FROM journal_shape WHERE table_name = ? ORDER BY id DESC LIMIT 1",
        (table,),
    ).fetchone()
    if row is None:
        raise ValueError(f"table {table!r} is not watched yet")
    added, renamed = dict(added or {}), dict(renamed or {})
    before = [renamed.get(name, name) for name in json.loads(row[1]) if name not in dropped]
    columns = columns_of(connection, table)
    if [*before, *added] != [column.name for column in columns]:
        raise ValueError(
            f"the columns of {table!r} are not the old ones with what was added, renamed and dropped"
        )
    drop_triggers(connection, table)
    key = renamed.get(str(row[0]), str(row[0]))
    append_only = bool(row[2])
    for statement in trigger_statements(table, key, columns, append_only=append_only):
        connection.execute(statement)
    _note_shape(
        connection,
        table,
        key,
        columns,
        append_only=append_only,
        added=added,
        renamed=renamed,
        dropped=dropped,
    )


@contextmanager
def reshaping(
    connection: Connection,
    table: str,
    *,
    added: Mapping[str, Any] | None = None,
    renamed: Mapping[str, str] | None = None,
    dropped: tuple[str, ...] = (),
) -> Iterator[None]:
    """Within the block a migration may ALTER a watched table: its triggers are away and come back for the new columns.

    The arguments are those of :func:`rewatch`.
    """
    drop_triggers(connection, table)
    yield
    rewatch(connection, table, added=added, renamed=renamed, dropped=dropped)


def drop_triggers(connection: Connection, table: str) -> None:
    """Drop the triggers of a watched table; only a migration that calls :func:`rewatch` afterwards may do this."""
    for suffix in _SUFFIXES:
        connection.execute(f"DROP TRIGGER IF EXISTS {table}_{suffix}")


def _note_shape(
    connection: Connection,
    table: str,
    key: str,
    columns: tuple[Column, ...],
    *,
    append_only: bool,
    added: Mapping[str, Any],
    renamed: Mapping[str, str],
    dropped: tuple[str, ...],
) -> None:
    connection.execute(
        "INSERT INTO journal_shape(table_name, key_column, from_image, columns, append_only, added, renamed, dropped)"
        " VALUES (?, ?, 1 + (SELECT coalesce(max(n), 0) FROM journal_image), ?, ?, ?, ?, ?)",
        (
            table,
            key,
            json.dumps([column.name for column in columns]),
            int(append_only),
            json.dumps(dict(added), ensure_ascii=False),
            json.dumps(dict(renamed)),
            json.dumps(list(dropped)),
        ),
    )
