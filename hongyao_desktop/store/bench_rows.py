"""The floor of an import: the same rows written into the same tables by the bare driver (写入的底线)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from hongyao_desktop.store.driver import connect, set_journal_mode
from hongyao_desktop.store.office import Office


def measure_bare_insert(office: Office, path: Path, tables: Sequence[str]) -> float:
    """Milliseconds to write all rows of ``tables`` into a new encrypted file at ``path`` in one synced transaction.

    The tables have their indexes; nothing watches them, refers to other tables or is hashed.
    """
    marks = ", ".join("?" * len(tables))
    with office.reader().connection() as reading:
        schema = reading.execute(
            f"SELECT sql FROM sqlite_schema WHERE tbl_name IN ({marks}) AND type IN ('table', 'index')"
            " AND sql IS NOT NULL ORDER BY type DESC",
            tuple(tables),
        ).fetchall()
        rows = {}
        for table in tables:
            names = [row[1] for row in reading.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0]
            columns = ", ".join(names)
            insert = f"INSERT INTO {table}({columns}) VALUES ({', '.join('?' * len(names))})"
            rows[insert] = reading.execute(f"SELECT {columns} FROM {table} ORDER BY rowid").fetchall()
    writing = connect(path, bytes(32), bytes(16), create=True)
    try:
        set_journal_mode(writing)
        writing.execute("PRAGMA foreign_keys = OFF")
        for (statement,) in schema:
            writing.execute(statement)
        began = time.perf_counter()
        writing.execute("BEGIN IMMEDIATE")
        for insert, values in rows.items():
            writing.executemany(insert, values)
        writing.execute("COMMIT")
        return (time.perf_counter() - began) * 1000
    finally:
        writing.close()
