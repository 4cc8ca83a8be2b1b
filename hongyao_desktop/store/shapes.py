"""Shapes: how images taken under earlier columns of a table are read as rows of today.

Adding a column is the common case and costs a few bytes at the end of the image; renaming and dropping go through the
parsed image.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import Column, columns_of, image_sql


@dataclass(frozen=True, slots=True)
class ShapeChange:
    """One change of columns; images numbered below ``from_image`` were taken before it."""

    from_image: int
    added: dict[str, Any]
    renamed: dict[str, str]
    dropped: frozenset[str]

    def upgrade(self, image: bytes) -> bytes:
        """An image from before the change as it would be after it."""
        if not image:
            return image
        if not self.renamed and not self.dropped:
            if not self.added:
                return image  # noted again as it was
            return image[:-1] + b"," + dump(self.added)[1:]
        row = {
            self.renamed.get(name, name): value
            for name, value in json.loads(image).items()
            if name not in self.dropped
        }
        return dump({**row, **self.added})


def dump(row: dict[str, Any]) -> bytes:
    """A row as JSON in exactly the writing of SQLite's json_object."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Shape:
    """A watched table as it is today, and the way there.

    Attributes:
        table: the table's name.
        key: its key column.
        columns: today's columns.
        append_only: whether rows may never change.
        changes: how the columns changed, oldest first.
    """

    table: str
    key: str
    columns: tuple[Column, ...]
    append_only: bool
    changes: tuple[ShapeChange, ...]

    @property
    def image_sql(self) -> str:
        """SQL for a row's image, with the columns of the table itself."""
        return image_sql(self.columns, self.table)

    @property
    def settled_from(self) -> int:
        """Images from this number on already have today's columns."""
        return self.changes[-1].from_image if self.changes else 0

    def upgraded(self, n: int, image: bytes) -> bytes:
        """The image numbered ``n`` with today's columns."""
        first = bisect_right([change.from_image for change in self.changes], n)
        for change in self.changes[first:]:
            image = change.upgrade(image)
        return image


def shapes_of(connection: Connection) -> dict[str, Shape]:
    """The watched tables of a file, by name."""
    rows = connection.execute(
        "SELECT table_name, key_column, append_only, from_image, added, renamed, dropped FROM journal_shape ORDER BY id"
    ).fetchall()
    found: dict[str, Shape] = {}
    for table, key, append_only, from_image, added, renamed, dropped in rows:
        known = found.get(table)
        if known is None:
            found[table] = Shape(table, key, columns_of(connection, table), bool(append_only), ())
        else:
            change = ShapeChange(
                from_image, json.loads(added), json.loads(renamed), frozenset(json.loads(dropped))
            )
            found[table] = Shape(table, key, known.columns, bool(append_only), (*known.changes, change))
    return found
