"""Restoring (恢复): a rehearsal shows what would be lost; the exchange keeps the replaced file."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hongyao_desktop.core.clock import BEIJING, Clock, SystemClock
from hongyao_desktop.core.problem import Problem, Refusal
from hongyao_desktop.store import keys, lockout, place
from hongyao_desktop.store.backup import file_id_of, open_copy
from hongyao_desktop.store.check import Checker
from hongyao_desktop.store.driver import Connection, DriverError, connect, refusal_for, worded
from hongyao_desktop.store.journal import RESTORE_OP, Entry, Undo, close_door, head_of, open_door
from hongyao_desktop.store.migrate import PROGRAM, known_steps, schema_for
from hongyao_desktop.store.state import NOTHING_NOTED, write_head_note


@dataclass(frozen=True, slots=True)
class LostOperation:
    """An operation of the present file that the backup does not have."""

    seq: int
    op: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What restoring a backup would do; nothing has been changed.

    Attributes:
        office: whose file the backup is.
        seq: the last operation in the backup.
        last_at: when that was.
        findings: what a check of the backup found; with any of them it cannot be restored.
        lost: operations of the present file that would be gone, newest first, at most 500.
        lost_count: how many they are.
        current_readable: whether the present file could be read at all (when not, `lost` is unknown).
    """

    office: str
    seq: int
    last_at: str
    findings: tuple[Problem, ...]
    lost: tuple[LostOperation, ...]
    lost_count: int
    current_readable: bool


def file_key_of(path: Path, operator: str | None, password: str, state: Path) -> bytes:
    """The key of an office file or backup by an operator's password; refuses, and counts failures, as opening does."""
    place.require_file(path)
    file_id = file_id_of(path)
    ring = keys.find_ring(path, file_id, state)
    gate = lockout.Gate(path, file_id, state, SystemClock())
    _, file_key = lockout.unlock(gate, ring, file_id, operator, password)
    return file_key


def rehearse(backup: Path, current: Path, file_key: bytes, clock: Clock) -> Rehearsal:
    """Check a backup from end to end and compare it with the file it would replace.

    A backup may come from anywhere: before anything in it is read, its schema must be one this program makes.
    """
    with worded(backup):
        connection = open_copy(backup, file_key)
        try:
            expected = schema_for(connection, known_steps(), backup.name, clock)
            report = Checker(connection, foreign=True).run(expected, NOTHING_NOTED, None)
            if not report.operations:
                return Rehearsal("", 0, "", report.findings, (), 0, current_readable=True)
            office = connection.execute("SELECT name FROM office").fetchone()
            last = connection.execute("SELECT max(at) FROM journal_operation").fetchone()
            lost, count, readable = _lost(connection, current, file_key)
        finally:
            connection.close()
    name = str(office[0]) if office else ""
    return Rehearsal(name, report.operations, str(last[0]), report.findings, lost, count, readable)


def _lost(backup: Connection, current: Path, file_key: bytes) -> tuple[tuple[LostOperation, ...], int, bool]:
    if not current.exists():
        return (), 0, True
    try:
        connection = connect(current, file_key, file_id_of(current))
        try:
            connection.execute("PRAGMA query_only = ON")
            parting = _parting(backup, connection)
            rows = connection.execute(
                "SELECT seq, op, operator_name, at FROM journal_operation WHERE seq > ? ORDER BY seq DESC LIMIT 500",
                (parting,),
            ).fetchall()
            count = connection.execute(
                "SELECT count(*) FROM journal_operation WHERE seq > ?", (parting,)
            ).fetchone()[0]
        finally:
            connection.close()
    except (DriverError, OSError):
        return (), 0, False
    return tuple(LostOperation(*row) for row in rows), int(count), True


def _parting(first: Connection, second: Connection) -> int:
    """The last operation that both journals have in common."""
    low, high = 0, min(head_of(first).seq, head_of(second).seq)
    while low < high:
        middle = (low + high + 1) // 2
        if _hash_at(first, middle) == _hash_at(second, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _hash_at(connection: Connection, seq: int) -> Any:
    row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else row[0]


def restore(backup: Path, path: Path, file_key: bytes, *, clock: Clock, state: Path) -> Path | None:
    """Put a backup in the place of the office file at ``path``; returns where a replaced file lies now.

    The backup is copied, the copy checked and brought into place by renaming, so that at no moment there is no file.
    The restoring is an operation in the journal. Refuses when the file is open, the backup does not stand the check,
    or it is of another office.
    """
    path = place.real_path(path)
    place.require_writable_folder(path)
    place.require_good_place(path)
    if path.exists() and file_id_of(path) != file_id_of(backup) and path.stat().st_size:
        raise Refusal(f"“{backup.name}”不是“{path.name}”的备份，请选择同一个台账文件的备份，或者恢复成新文件")
    lock = place.FileLock(path)
    lock.acquire()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.restore")
    try:
        findings = rehearse(backup, path, file_key, clock).findings
        if findings:
            raise Refusal(f"备份“{backup.name}”核查不合格，不能用来恢复，请换一份备份", problems=findings)
        shutil.copyfile(backup, temporary)
        _mark(temporary, file_key, backup.name, clock)
        replaced = _set_aside(path, file_key, clock.now())
        temporary.replace(path)
        ring = keys.ring_path(path)
        if not ring.exists():
            shutil.copyfile(keys.ring_path(backup), ring)
        keys.sync_folder(path.parent)
        write_head_note(state, file_id_of(path), path, NOTHING_NOTED)
    except OSError as error:
        raise Refusal(f"恢复“{path.name}”时写不了磁盘，原文件没有变化，请检查磁盘空间") from error
    except DriverError as error:
        raise refusal_for(error, path) or error from error
    finally:
        temporary.unlink(missing_ok=True)
        lock.release()
    return replaced


def _mark(copy: Path, file_key: bytes, name: str, clock: Clock) -> None:
    """Write the restoring into the journal of the copy: the file says by itself that it was restored."""
    connection = connect(copy, file_key, file_id_of(copy))
    try:
        connection.execute("BEGIN IMMEDIATE")
        head = open_door(connection)
        connection.execute(
            "INSERT INTO setting(id, value) VALUES ('file.restored_from', ?)"
            " ON CONFLICT(id) DO UPDATE SET value = excluded.value",
            (f"{name} {clock.now().isoformat(timespec='seconds')}",),
        )
        close_door(connection, head, Entry(RESTORE_OP, PROGRAM, clock.now(), reason=name, undo=Undo.SKIP))
        connection.execute("COMMIT")
    finally:
        connection.close()
    with copy.open("r+b") as file:
        os.fsync(file.fileno())


def _set_aside(path: Path, file_key: bytes, now: datetime) -> Path | None:
    """Give the present file a second name, so that it can be looked at later; it keeps its own until it is replaced."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.stem}.被替换-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}{path.suffix}")
    _fold_log(path, file_key)
    try:
        os.link(path, kept)
    except OSError:
        shutil.copyfile(path, kept)  # a file system without hard links
    for suffix in ("-wal", "-shm"):
        # A log that could not be folded in must not meet the new file: SQLite would write its pages into it.
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + suffix))
    ring = keys.ring_path(path)
    if ring.exists():
        shutil.copyfile(ring, keys.ring_path(kept))
    return kept


def _fold_log(path: Path, file_key: bytes) -> None:
    """Fold the write-ahead log into the present file, if it can be read at all."""
    try:
        connection = connect(path, file_key, file_id_of(path))
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()
    except DriverError:
        return
