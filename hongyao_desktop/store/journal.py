"""The journal (操作日志): opening and closing the door, and sealing what happened in between.

The door is the one row of ``journal_head``: while it holds a number, the capturing triggers accept changes and write
their images under that number.  Closing it hashes the images, adds the operation to the chain and shuts the door, all
in the caller's transaction.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import hongyao_desktop
from hongyao_desktop.core.clock import iso_second
from hongyao_desktop.core.desk import Changes, Operator
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import Connection

RESTORE_OP = "从备份恢复"
"""What the restoring of a backup is called in the journal."""

CHUNK = 1000
"""Images hashed at a time: large enough that Python's share is small, small enough to stay in the cache."""


NOTES = frozenset({"import_run"})
"""Append-only tables that note that something was done and bear no balance: the note stays when it is taken back."""

_UNREADABLE = "文件的操作日志被人改动，读不出来，请用最近的备份恢复"


class Undo(StrEnum):
    """Whether an operation can be taken back by undo: yes, no (postings), or skipped over (access log, upgrades)."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the chain: last operation, number of images, chain value, algorithm."""

    seq: int
    images: int
    hash: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said about an operation when it is sealed.

    ``op`` is its Chinese name, ``undoes`` the number of the operation it takes back.
    """

    op: str
    who: Operator
    at: datetime
    reason: str | None = None
    undo: Undo = Undo.YES
    undoes: int | None = None


def head_of(connection: Connection) -> Head:
    """The present head of the chain. Refuses a file whose head somebody took away."""
    row = connection.execute("SELECT seq, images, hash, algorithm FROM journal_head").fetchone()
    try:
        seq, images, value, algorithm = row
        head = Head(int(seq), int(images), str(value), str(algorithm))
    except (TypeError, ValueError) as error:
        raise Refusal(_UNREADABLE) from error
    if head.algorithm not in chain.ALGORITHMS:
        raise Refusal(_UNREADABLE)
    return head


def open_door(connection: Connection) -> Head:
    """Open the door inside a transaction; returns the head before the operation."""
    head = head_of(connection)
    connection.execute("UPDATE journal_head SET open_seq = ?", (head.seq + 1,))
    return head


@dataclass(frozen=True, slots=True)
class Sealed:
    """An operation as it was added to the chain.

    Attributes:
        changes: what it touched.
        fields: its columns in the order of :data:`chain.OPERATION_COLUMNS`.
        hash: its chain value.
        blocks: its image lines, joined some at a time.
    """

    changes: Changes
    fields: tuple[object, ...]
    hash: str
    blocks: tuple[bytes, ...]


def close_door(connection: Connection, head: Head, entry: Entry) -> Changes | None:
    """Seal what happened since ``head`` and shut the door; None (and no operation) when nothing changed."""
    sealed = seal(connection, head, entry)
    return None if sealed is None else sealed.changes


def seal(connection: Connection, head: Head, entry: Entry) -> Sealed | None:
    """As :func:`close_door`, with everything that a second copy of the journal needs."""
    last, tables, blocks = _gather(connection, head)
    if not tables:
        connection.execute("UPDATE journal_head SET open_seq = NULL")
        return None
    seq = head.seq + 1
    digest = chain.hasher(head.algorithm)
    for number, text in enumerate(blocks):
        if number:
            digest.update(chain.RECORD)
        digest.update(text)
    values = (
        seq,
        entry.op,
        entry.who.id,
        entry.who.name,
        device_name(),
        iso_second(entry.at),
        hongyao_desktop.__version__,
        entry.reason,
        entry.undoes,
        _undo_word(connection, entry, tables),
        head.images + 1,
        last - head.images,
        digest.hexdigest(),
        head.hash,
    )
    fields = connection.execute(_FIELDS_SQL, values).fetchone()[0]
    value = chain.operation_hash(head.algorithm, fields)
    connection.execute(_INSERT_SQL, (*values, value))
    connection.execute(
        "UPDATE journal_head SET open_seq = NULL, seq = ?, images = ?, hash = ?", (seq, last, value)
    )
    return Sealed(Changes(seq, entry.op, tables), values, value, blocks)


_MARKS = ", ".join("?" * len(chain.OPERATION_COLUMNS))
_FIELDS_SQL = f"SELECT CAST(json_array({_MARKS}) AS BLOB)"
_INSERT_SQL = (
    f"INSERT INTO journal_operation({', '.join(chain.OPERATION_COLUMNS)}, hash) VALUES ({_MARKS}, ?)"
)


def _gather(connection: Connection, head: Head) -> tuple[int, dict[str, tuple[str, ...]], tuple[bytes, ...]]:
    """The images taken since ``head``: the last number, row ids by table (each once), and the joined lines."""
    found: dict[str, dict[str, None]] = {}
    rows = connection.execute(
        f"SELECT n, table_name, row_id, CAST({chain.LINE_SQL} AS BLOB) FROM journal_image WHERE n > ?"
        " ORDER BY n LIMIT ?",
        (head.images, CHUNK + 1),
    ).fetchall()
    if len(rows) <= CHUNK:  # a save: everything in one reading
        for _, table, row_id, _ in rows:
            found.setdefault(table, {})[row_id] = None
        last = rows[-1][0] if rows else head.images
        blocks: tuple[bytes, ...] = (chain.RECORD.join(row[3] for row in rows),)
    else:
        last = connection.execute("SELECT max(n) FROM journal_image").fetchone()[0]
        for table, row_id in connection.execute(
            "SELECT table_name, row_id FROM journal_image WHERE n > ? ORDER BY n", (head.images,)
        ):
            found.setdefault(table, {})[row_id] = None
        blocks = tuple(image_blocks(connection, head.images, last))
    return last, {table: tuple(ids) for table, ids in found.items()}, blocks


def image_blocks(connection: Connection, after: int, last: int) -> Iterator[bytes]:
    """The lines of the images in (after, last], joined, :data:`CHUNK` at a time."""
    for start in range(after, last, CHUNK):
        text = connection.execute(
            "SELECT CAST(group_concat(line, char(30)) AS BLOB) FROM"
            f" (SELECT {chain.LINE_SQL} AS line FROM journal_image WHERE n > ? AND n <= ? ORDER BY n)",
            (start, min(start + CHUNK, last)),
        ).fetchone()[0]
        yield text or b""  # nothing is there any more: the digest will not fit


def _undo_word(connection: Connection, entry: Entry, tables: dict[str, tuple[str, ...]]) -> str:
    """A posting to an append-only table is never taken back, whatever the caller thought; a mere note is none."""
    if entry.undo is not Undo.YES:
        return entry.undo.value
    tables = {table: ids for table, ids in tables.items() if table not in NOTES}
    marks = ", ".join("?" * len(tables))
    posted = connection.execute(
        f"SELECT 1 FROM journal_shape WHERE append_only = 1 AND table_name IN ({marks}) LIMIT 1",
        tuple(tables),
    ).fetchone()
    return Undo.NO.value if posted else Undo.YES.value


def device_name() -> str:
    """The name of this computer as its system gives it."""
    return platform.node() or "未命名电脑"
