"""Bringing a file to this program's schema, one explicit step after the other.

sqlite-utils' ``Migrations`` runs each step and records it in one transaction.  It does not notice a file from a newer
program, nor a step inserted before applied ones; both guards are here.  ``transform()`` is never used: it would drop
the triggers that the journal hangs on.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlcipher3

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import migrations
from hongyao_desktop.store.driver import APPLICATION_ID, Connection, connect_memory
from hongyao_desktop.store.journal import Entry, Undo, close_door, open_door
from hongyao_desktop.store.watch import watch

SET_NAME = "hongyao"
MIGRATION_OP = "升级数据表"
"""What an upgrade is called in the journal; its reason is the step's name."""

PROGRAM = Operator("program", "程序", frozenset({Role.SYSTEM_ADMIN}))
"""Stands in the journal where no person acted: making and upgrading a file."""


_KERNEL_TABLES = (
    "_sqlite_migrations",
    "journal_head",
    "journal_operation",
    "journal_image",
    "journal_shape",
    "key_ring",
    "office",
    "operator",
    "setting",
    "search_register",
    "search_row",
    "search_key",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: its name, its SQL, the new tables it has watched, and what else it does inside the open door."""

    name: str
    statements: tuple[str, ...]
    watched: tuple[str, ...] = ()
    append_only: tuple[str, ...] = ()
    upgrade: Callable[[Connection], None] | None = None


@cache
def known_steps() -> tuple[Step, ...]:
    """Every migration of this program in order of their numbers.

    A migration module holds ``STATEMENTS`` (SQL texts), ``WATCHED`` and ``APPEND_ONLY`` (new tables), and, if it
    changes tables that exist, ``upgrade(connection)``, which runs last and calls ``rewatch`` for each of them.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    modules = [
        importlib.import_module(f"{migrations.__name__}.{name}") for name in names if name.startswith("m")
    ]
    return tuple(
        Step(
            module.__name__.rpartition(".")[2],
            tuple(module.STATEMENTS),
            tuple(getattr(module, "WATCHED", ())),
            tuple(getattr(module, "APPEND_ONLY", ())),
            getattr(module, "upgrade", None),
        )
        for module in modules
    )


def applied_steps(connection: Connection) -> tuple[str, ...]:
    """The names of the steps a file has had, in order; empty for a new file."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
        return ()
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (SET_NAME,)
    )
    return tuple(str(row[0]) for row in rows)


def pending_steps(connection: Connection, steps: Sequence[Step], name: str) -> tuple[Step, ...]:
    """The steps still to run on the file called ``name``.

    Refuses a file from a newer program, and one whose steps are not the beginning of ours (made by another program
    or a test version): running on would mix two histories.
    """
    _require_kernel_tables(connection, name)
    applied = applied_steps(connection)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    known = tuple(step.name for step in steps)
    if version > len(known) or len(applied) > len(known):
        raise Refusal(f"“{name}”是更新版本的程序建立的，请先升级本程序再打开")
    if applied != known[: len(applied)] or version != len(applied):
        raise Refusal(f"“{name}”的升级记录与本程序对不上，请用建立它的程序打开，或用备份恢复")
    return tuple(steps[len(applied) :])


def _require_kernel_tables(connection: Connection, name: str) -> None:
    """Refuse a file in which a view stands where the kernel reads a table: it might never end."""
    marks = ", ".join("?" * len(_KERNEL_TABLES))
    kinds = connection.execute(
        f"SELECT type FROM sqlite_schema WHERE name IN ({marks}) AND type <> 'table' LIMIT 1", _KERNEL_TABLES
    )
    if kinds.fetchone() is not None:
        raise Refusal(f"“{name}”的内部结构被人改动，不能打开，请用备份恢复")


def migrate(connection: Connection, steps: Sequence[Step], *, clock: Clock, algorithm: str) -> None:
    """Run the steps the file has not had, each in its own transaction and as its own journalled operation.

    ``steps`` is the whole known list; call :func:`pending_steps` first, it holds the guards. ``algorithm`` is taken
    when the journal begins. Raises driver errors; a step that fails leaves no trace.
    """
    database, todo = _sqlite_utils(connection)
    for version, step in enumerate(steps, start=1):
        todo(name=step.name)(_apply(step, version, clock, algorithm))
    todo.apply(database)


def _sqlite_utils(connection: Connection) -> tuple[Any, Any]:
    """sqlite-utils over our connection, and an empty set of migrations; imported only when a file needs steps."""
    sys.modules.setdefault("pysqlite3", sqlcipher3)  # else sqlite-utils catches errors of another driver
    sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)
    from sqlite_utils import Database, Migrations

    return Database(connection, execute_plugins=False), Migrations(SET_NAME)


def _apply(step: Step, version: int, clock: Clock, algorithm: str) -> Callable[[Any], None]:
    def apply(database: Any) -> None:
        connection = database.conn
        if version == 1:
            begin_journal(connection, step, algorithm)
        head = open_door(connection)
        perform(connection, step, version)
        close_door(
            connection, head, Entry(MIGRATION_OP, PROGRAM, clock.now(), reason=step.name, undo=Undo.SKIP)
        )

    return apply


def begin_journal(connection: Connection, step: Step, algorithm: str) -> None:
    """The first step of every file: the journal's own tables, before there is a door to open."""
    _execute(connection, step.statements)
    connection.execute(
        "INSERT INTO journal_head(one, seq, images, hash, searched, algorithm) VALUES (1, 0, 0, '', 0, ?)",
        (algorithm,),
    )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def perform(connection: Connection, step: Step, version: int) -> None:
    """What a step does inside the open door; ``version`` is its number from 1."""
    if version > 1:
        _execute(connection, step.statements)
    for table in step.append_only:
        watch(connection, table, append_only=True)
    for table in step.watched:
        watch(connection, table)
    if step.upgrade is not None:
        step.upgrade(connection)
    connection.execute(f"PRAGMA user_version = {version}")


def note_applied(connection: Connection, name: str, at: str) -> None:
    """Record a step as done, as sqlite-utils does; for a file that is built from its log."""
    database, known = _sqlite_utils(connection)
    known.ensure_migrations_table(database)
    connection.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES (?, ?, ?)",
        (SET_NAME, name, at),
    )


def _execute(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def schema_of(connection: Connection) -> dict[str, str]:
    """Every table, index, view and trigger of a file with its SQL, by kind and name, spaces folded."""
    rows = connection.execute(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    return {str(row[0]): " ".join(str(row[1]).split()) for row in rows}


def schema_for(connection: Connection, steps: Sequence[Step], name: str, clock: Clock) -> dict[str, str]:
    """The schema that the file called ``name`` must have, by the number of steps it says it has had.

    Reads nothing but that number, so it is safe on a file from elsewhere. Refuses a file from a newer program.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if not 1 <= version <= len(steps):
        raise Refusal(f"“{name}”是更新版本的程序建立的，请先升级本程序再打开")
    return expected_schema(steps[:version], clock)


def expected_schema(steps: Sequence[Step], clock: Clock) -> dict[str, str]:
    """The schema this program gives a new file: what a file is compared with."""
    connection = connect_memory()
    try:
        migrate(connection, steps, clock=clock, algorithm="sha256")
        return schema_of(connection)
    finally:
        connection.close()
