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
    if row is None:
        raise Refusal("文件的操作日志被人改动，读不出来，请用最近的备份恢复")
    return Head(int(row[0]), int(row[1]), str(row[2]), str(row[3]))


def open_door(connection: Connection) -> Head:
    """Open the door inside a transaction; returns the head before the operation."""
    head = head_of(connection)
    connection.execute("UPDATE journal_head SET open_seq = ?", (head.seq + 1,))
    return head


def touched(connection: Connection, head: Head) -> dict[str, tuple[str, ...]]:
    """Row ids by table of the images taken since ``head``, each once, in the order first touched."""
    found: dict[str, dict[str, None]] = {}
    rows = connection.execute(
        "SELECT table_name, row_id FROM journal_image WHERE n > ? ORDER BY n", (head.images,)
    )
    for table, row_id in rows:
        found.setdefault(table, {})[row_id] = None
    return {table: tuple(ids) for table, ids in found.items()}


def close_door(
    connection: Connection, head: Head, entry: Entry, lines: list[bytes] | None = None
) -> Changes | None:
    """Seal what happened since ``head`` and shut the door; None (and no operation) when nothing changed.

    The image lines, joined some at a time, are added to ``lines`` if given.
    """
    tables = touched(connection, head)
    last = connection.execute("SELECT coalesce(max(n), 0) FROM journal_image").fetchone()[0]
    if not tables:
        connection.execute("UPDATE journal_head SET open_seq = NULL")
        return None
    seq = head.seq + 1
    digest = chain.hasher(head.algorithm)
    for number, text in enumerate(image_blocks(connection, head.images, last)):
        if number:
            digest.update(chain.RECORD)
        digest.update(text)
        if lines is not None:
            lines.append(text)
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
    marks = ", ".join("?" * len(values))
    fields = connection.execute(f"SELECT CAST(json_array({marks}) AS BLOB)", values).fetchone()[0]
    value = chain.operation_hash(head.algorithm, fields)
    connection.execute(
        f"INSERT INTO journal_operation({', '.join(chain.OPERATION_COLUMNS)}, hash) VALUES ({marks}, ?)",
        (*values, value),
    )
    connection.execute(
        "UPDATE journal_head SET open_seq = NULL, seq = ?, images = ?, hash = ?", (seq, last, value)
    )
    return Changes(seq, entry.op, tables)


def image_blocks(connection: Connection, after: int, last: int) -> Iterator[bytes]:
    """The lines of the images in (after, last], joined, :data:`CHUNK` at a time."""
    for start in range(after, last, CHUNK):
        yield connection.execute(
            f"SELECT CAST(group_concat({chain.LINE_SQL}, char(30)) AS BLOB) FROM"
            " (SELECT * FROM journal_image WHERE n > ? AND n <= ? ORDER BY n)",
            (start, min(start + CHUNK, last)),
        ).fetchone()[0]


def _undo_word(connection: Connection, entry: Entry, tables: dict[str, tuple[str, ...]]) -> str:
    """A posting to an append-only table is never taken back, whatever the caller thought."""
    if entry.undo is not Undo.YES:
        return entry.undo.value
    marks = ", ".join("?" * len(tables))
    posted = connection.execute(
        f"SELECT 1 FROM journal_shape WHERE append_only = 1 AND table_name IN ({marks}) LIMIT 1",
        tuple(tables),
    ).fetchone()
    return Undo.NO.value if posted else Undo.YES.value


def device_name() -> str:
    """The name of this computer as its system gives it."""
    return platform.node() or "未命名电脑"
