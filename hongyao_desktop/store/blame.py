"""Naming the rows that do not fit the journal; slow and exact, run only for a table whose sum is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hongyao_desktop.core.register import Register
from hongyao_desktop.store.driver import Connection, DriverError
from hongyao_desktop.store.shapes import Shape

Finding = tuple[str, str]


class Naming:
    """Calls rows and columns what clerks call them."""

    def __init__(self, connection: Connection, registers: Sequence[Register]) -> None:
        self._connection = connection
        self._by_table: dict[str, Register] = {}
        for register in registers:
            self._by_table.setdefault(register.table, register)

    def row(self, table: str, row_id: str, image: dict[str, Any] | None) -> str:
        """A row as "志愿者 水湾-0231 王某"; by table and id where no register describes it."""
        register = self._by_table.get(table)
        if register is None:
            return f"表 {table} 的记录 {row_id}"
        return " ".join(part for part in (register.label, self._title(register, row_id, image)) if part)

    def column(self, table: str, name: str) -> str:
        """A column by its label."""
        register = self._by_table.get(table)
        if register is not None:
            for field in register.fields:
                if field.name == name:
                    return field.label
        return name

    def _title(self, register: Register, row_id: str, image: dict[str, Any] | None) -> str:
        shown = [name for name in dict.fromkeys((register.sort, register.title_field)) if name != "sort_key"]
        known = {field.name for field in register.fields}
        columns = [name for name in shown if name in known]
        try:
            row = self._connection.execute(
                f"SELECT {', '.join(columns)} FROM {register.source} WHERE id = ?", (row_id,)
            ).fetchone()
        except DriverError:
            row = None
        if row is None:
            row = [(image or {}).get(name) for name in columns]
        return " ".join(str(value) for value in row if value not in (None, "")) or row_id


def wrong_rows(connection: Connection, shape: Shape, naming: Naming, most: int) -> Iterator[Finding]:
    """The rows of a table that differ from their latest image, lack one, or are gone; at most ``most``."""
    latest = dict(
        connection.execute(
            "SELECT row_id, max(n) FROM journal_image WHERE table_name = ? GROUP BY row_id", (shape.table,)
        ).fetchall()
    )
    given = 0
    rows = connection.execute(
        f"SELECT CAST({shape.key} AS TEXT), {shape.image_sql} FROM {shape.table}"
    ).fetchall()
    for row_id, present in rows:
        n = latest.pop(row_id, None)
        finding = _compare(connection, shape, naming, row_id, present, n)
        if finding is not None:
            yield finding
            given += 1
            if given == most:
                return
    for row_id, n in sorted(latest.items(), key=lambda item: item[1]):
        last = _image(connection, shape, n)
        if last is None:
            continue
        yield (
            "check.row_gone",
            f"{naming.row(shape.table, row_id, last)} 在日志里有，表里没有，被绕过程序删去",
        )
        given += 1
        if given == most:
            return
    if not given:
        yield "check.history", f"表 {shape.table} 的历史影像前后接不上，日志被改动"


def _compare(
    connection: Connection, shape: Shape, naming: Naming, row_id: str, present: str, n: int | None
) -> Finding | None:
    now = json.loads(present)
    name = naming.row(shape.table, row_id, now)
    if n is None:
        return "check.row_extra", f"{name} 在日志里没有来历，是绕过程序写入的"
    last = _image(connection, shape, n)
    if last is None:
        return "check.row_extra", f"{name} 按日志已删除，表里又有，是绕过程序写入的"
    differing = [column for column in now if now[column] != last.get(column)]
    if not differing and now.keys() == last.keys():
        return None
    labels = "、".join(naming.column(shape.table, column) for column in differing)
    return "check.row", f"{name} 的{labels}与日志不符，被绕过程序改动"


def _image(connection: Connection, shape: Shape, n: int) -> dict[str, Any] | None:
    """The row after image ``n`` with today's columns; None when the image is of a deletion."""
    row = connection.execute("SELECT after FROM journal_image WHERE n = ?", (n,)).fetchone()
    if row is None or row[0] is None:
        return None
    image: dict[str, Any] = json.loads(shape.upgraded(n, row[0].encode()))
    return image
