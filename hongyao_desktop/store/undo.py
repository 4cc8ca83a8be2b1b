"""Undo (撤销): putting back the before-images of an operator's last operation, through the door like everything else.

Only the very last operation of the operator is offered, also after a restart.  Postings are never undone (they are
reversed), and nothing is undone when a row has changed since: a wrong undo is worse than none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.journal import NOTES
from hongyao_desktop.store.shapes import Shape, shapes_of

_QUICK = 1000
"""Up to so many images `undoable` also looks whether the rows still are as the operation left them."""

_WITHIN = 10_000
"""How many operations back undo looks for one's own: nobody takes back what ten thousand others came after."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """An operation that can be taken back: its number, its name, its images."""

    seq: int
    op: str
    first_image: int
    images: int

    @property
    def last_image(self) -> int:
        """The number of its last image."""
        return self.first_image + self.images - 1


def last_undoable(connection: Connection, operator_id: str) -> Undoable | None:
    """The operator's last operation if it may be taken back; None when it may not, or there is none."""
    row = connection.execute(
        "SELECT seq, op, first_image, images, undo FROM journal_operation AS own"
        " WHERE operator_id = ? AND undo <> 'skip' AND undoes IS NULL"
        " AND seq > (SELECT seq FROM journal_head) - ?"
        " AND NOT EXISTS (SELECT 1 FROM journal_operation AS later WHERE later.undoes = own.seq)"
        " ORDER BY seq DESC LIMIT 1",
        (operator_id, _WITHIN),
    ).fetchone()
    if row is None or row[4] != "yes":
        return None
    return Undoable(int(row[0]), str(row[1]), int(row[2]), int(row[3]))


def offered(connection: Connection, operator_id: str) -> str | None:
    """The name of the operation that undo would take back now."""
    last = last_undoable(connection, operator_id)
    if last is None or (last.images <= _QUICK and _changed_since(connection, last)):
        return None
    return last.op


def _changed_since(connection: Connection, operation: Undoable) -> bool:
    """Whether a row of the operation is no longer as it left it (changes that were undone again do not count)."""
    row = connection.execute(
        "SELECT 1 FROM (SELECT table_name, row_id, max(n) AS n FROM journal_image WHERE n BETWEEN ? AND ?"
        " GROUP BY table_name, row_id) AS mine"
        " JOIN journal_image AS own ON own.n = mine.n"
        " JOIN journal_image AS latest ON latest.n = (SELECT max(every.n) FROM journal_image AS every"
        " WHERE every.row_id = mine.row_id AND every.table_name = mine.table_name)"
        " WHERE latest.n <> own.n AND latest.after IS NOT own.after LIMIT 1",
        (operation.first_image, operation.last_image),
    ).fetchone()
    return row is not None


def put_back(connection: Connection, operation: Undoable) -> None:
    """Put back the before-images of ``operation``, last one first, inside an open door.

    Refuses when a row has changed since. Raises driver errors, among them a broken reference when later records
    point to a row that would go.
    """
    if _changed_since(connection, operation):
        raise Refusal(f"“{operation.op}”之后，其中的记录又被修改过，不能撤销，请直接更正")
    shapes = shapes_of(connection)
    connection.execute("PRAGMA defer_foreign_keys = ON")
    images = connection.execute(
        "SELECT n, table_name, row_id, before, after FROM journal_image WHERE n BETWEEN ? AND ? ORDER BY n DESC",
        (operation.first_image, operation.last_image),
    ).fetchall()
    for n, table, row_id, before, after in images:
        if table in NOTES:
            continue
        shape = shapes[table]
        _reverse(connection, shape, row_id, row_of(shape, n, before), row_of(shape, n, after))


def row_of(shape: Shape, n: int, image: str | None) -> dict[str, Any] | None:
    """An image as values for today's table; None for the empty side of an insertion or deletion."""
    if not image:
        return None
    row: dict[str, Any] = json.loads(shape.upgraded(n, image.encode()))
    for column in shape.columns:
        if column.storage == "BLOB" and row[column.name] is not None:
            row[column.name] = bytes.fromhex(row[column.name])
    return row


def _reverse(
    connection: Connection,
    shape: Shape,
    row_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    table, key = shape.table, shape.key
    if before is None:
        connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (row_id,))
    elif after is None:
        marks = ", ".join("?" * len(before))
        connection.execute(
            f"INSERT INTO {table}({', '.join(before)}) VALUES ({marks})", tuple(before.values())
        )
    else:
        changed = {name: value for name, value in before.items() if value != after[name]}
        settings = ", ".join(f"{name} = ?" for name in changed)
        connection.execute(f"UPDATE {table} SET {settings} WHERE {key} = ?", (*changed.values(), row_id))
