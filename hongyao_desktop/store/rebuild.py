"""Rebuilding (重建): the office file made anew from a backup, or from nothing, and the log of sealed operations.

Every operation is done again through the door, so that the capturing triggers write the same images anew; their digest
must be the one in the chain.  An operation that does not come out the same ends the rebuilding there, and the report
says so: nothing is guessed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import chain, keys, lockout, place
from hongyao_desktop.store.backup import Backup, backups_in, file_id_of, open_copy
from hongyao_desktop.store.check import Checker
from hongyao_desktop.store.driver import (
    SALT_BYTES,
    Connection,
    DriverError,
    connect,
    refusal_for,
    set_journal_mode,
    without_rows,
)
from hongyao_desktop.store.journal import head_of, image_blocks
from hongyao_desktop.store.migrate import (
    MIGRATION_OP,
    Step,
    begin_journal,
    known_steps,
    note_applied,
    perform,
    schema_for,
)
from hongyao_desktop.store.sealed import MAGIC, SUFFIX, History, SealedOperation, read_log
from hongyao_desktop.store.shapes import Shape, shapes_of
from hongyao_desktop.store.state import NOTHING_NOTED
from hongyao_desktop.store.undo import row_of


class _DifferentError(Exception):
    """An operation done again did not come out as it is in the chain."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuilding gave.

    Attributes:
        base: the backup it began with, None when everything came from the log.
        base_seq: the last operation of that backup.
        seq: the last operation of the new file.
        missing_from: the first operation the log has no readable record of although later ones are there, or None.
    """

    base: Backup | None
    base_seq: int
    seq: int
    missing_from: int | None


def rebuild(
    folder: Path,
    path: Path,
    *,
    file_id: bytes,
    file_key: bytes,
    steps: tuple[Step, ...] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Rebuilt:
    """Make the office file at ``path`` from the backups and the log in ``folder``.

    Begins with the newest backup that stands a check. Refuses when there is already a file at ``path``, or when
    neither a backup nor a log of this office lies in the folder; a refusal leaves nothing behind.
    """
    path = place.real_path(path)
    if path.exists():
        raise Refusal(f"“{path.name}”已经存在，请换一个文件名，或者先把它移走")
    place.require_writable_folder(path)
    place.require_good_place(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.rebuild")
    steps = steps or known_steps()
    try:
        history = History(folder, file_id, file_key)
        base = _copy_base(folder, file_id, file_key, temporary, steps, history)
        connection = connect(temporary, file_key, file_id, create=True)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            base_seq = head_of(connection).seq if base is not None else 0
            replay = _Replay(connection, steps)
            missing = replay.run(folder, file_id, file_key, history, progress)
            if replay.seq == 0:
                raise Refusal(f"“{folder}”里没有这个台账文件的备份和操作日志，无法重建")
            _check(connection, path)
            set_journal_mode(connection)
        finally:
            connection.close()
        _finish(folder, temporary, path, file_id, file_key)
    except OSError as error:
        raise Refusal(f"重建“{path.name}”时读写磁盘出错，请检查磁盘空间后再试") from error
    except DriverError as error:
        raise refusal_for(error, path) or error from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)
    return Rebuilt(base, base_seq, replay.seq, missing)


def _copy_base(
    folder: Path, file_id: bytes, file_key: bytes, target: Path, steps: tuple[Step, ...], history: History
) -> Backup | None:
    """Copy the newest backup that stands a check and lies on the way to the log's tip; None when the log does without.

    A newer backup may be of what was given up by a restore. It serves only where the log does not reach back to the
    beginning and no other backup fits.
    """
    way = {value: seq for seq, value in history.back()}
    second: Backup | None = None
    for backup in backups_in(folder, file_id):
        try:
            connection = open_copy(backup.path, file_key)
            try:
                expected = schema_for(connection, steps, backup.path.name, SystemClock())
                good = Checker(connection, foreign=True).run(expected, NOTHING_NOTED, None).ok
                fits = good and (head_of(connection).hash in way or history.leads_into(connection))
            finally:
                connection.close()
        except (DriverError, OSError, Refusal):
            continue
        if fits:
            shutil.copyfile(backup.path, target)
            return backup
        if good and second is None:
            second = backup
    if second is not None and 0 not in way.values():
        shutil.copyfile(second.path, target)
        return second
    return None


def _check(connection: Connection, path: Path) -> None:
    report = Checker(connection).run(None, NOTHING_NOTED, None)
    if not report.ok:
        raise Refusal(f"重建的“{path.name}”核查不合格，请换一份备份再试", problems=report.findings)


def _finish(folder: Path, temporary: Path, path: Path, file_id: bytes, file_key: bytes) -> None:
    with temporary.open("r+b") as file:
        os.fsync(file.fileno())
    ring = keys.ring_path(path)
    if not ring.exists():
        newest = _newest_ring(folder, path, file_id, file_key)
        if newest is not None:
            keys.write_whole(ring, newest.to_text().encode())
    temporary.replace(path)
    keys.sync_folder(path.parent)


def _newest_ring(
    folder: Path, path: Path, file_id: bytes, file_key: bytes | None = None
) -> keys.KeyRing | None:
    """The newest ring with the backups, in the folder above (where the lost file was, as a rule), or at the target."""
    places = dict.fromkeys((folder.absolute(), folder.absolute().parent, path.absolute().parent))
    found = (keys.newest_ring(place, file_id, file_key) for place in places)
    return max((ring for ring in found if ring is not None), key=lambda ring: ring.version, default=None)


class _Replay:
    """Does the operations of a log again, one after the other."""

    def __init__(self, connection: Connection, steps: tuple[Step, ...]) -> None:
        self._connection = connection
        self._steps = {step.name: (step, version) for version, step in enumerate(steps, start=1)}
        self._shapes: dict[str, Shape] = {}
        self.seq, self._hash, self._algorithm = 0, "", ""
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'journal_head'").fetchone():
            head = head_of(connection)
            self.seq, self._hash, self._algorithm = head.seq, head.hash, head.algorithm
            self._shapes = shapes_of(connection)

    def run(
        self,
        folder: Path,
        file_id: bytes,
        file_key: bytes,
        history: History,
        progress: Callable[[int], None] | None,
    ) -> int | None:
        """Follow the chain as far as the log goes; returns the first missing number, if later ones are there."""
        following = history.following()
        wanted = following.get(self._hash)
        beyond = 0
        for operation in read_log(folder, file_id, file_key):
            beyond = max(beyond, int(operation.fields["seq"]))
            if operation.hash != wanted:
                continue
            try:
                self._again(operation)
            except (_DifferentError, KeyError, ValueError, DriverError):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                return self.seq + 1
            wanted = following.get(self._hash)
            if progress is not None:
                progress(self.seq)
        if self._hash == history.tip or history.leads_into(self._connection):
            return None
        return self.seq + 1 if beyond > self.seq else None

    def _again(self, operation: SealedOperation) -> None:
        connection, fields = self._connection, operation.fields
        seq = int(fields["seq"])
        connection.execute("BEGIN IMMEDIATE")
        migrating = self._steps.get(str(fields["reason"])) if fields["op"] == MIGRATION_OP else None
        if migrating is not None and migrating[1] == 1:
            self._algorithm = _algorithm_of(operation)
            begin_journal(connection, migrating[0], self._algorithm)
        connection.execute("UPDATE journal_head SET open_seq = ?", (seq,))
        if migrating is not None:
            self._upgrade(operation, *migrating)
        else:
            for line in operation.lines:
                self._apply(line)
        self._seal(operation)
        connection.execute("COMMIT")
        self.seq, self._hash = seq, operation.hash

    def _upgrade(self, operation: SealedOperation, step: Step, version: int) -> None:
        """Run a migration step as it was run then.

        A step that makes records gives them new ids every time. Then it is run without its records, and they are
        taken from the log.
        """
        connection = self._connection
        connection.execute("SAVEPOINT step")
        perform(connection, step, version)
        if self._digest(operation) != operation.fields["digest"]:
            connection.execute("ROLLBACK TO step")
            known = shapes_of(connection) if version > 1 else {}
            records = {*known, *step.watched, *step.append_only} - {"journal_shape"}
            with without_rows(connection, records):
                perform(connection, step, version)
            self._shapes = shapes_of(connection)
            done = self._text(operation)
            for line in operation.lines[done.count(chain.RECORD) + 1 if done else 0 :]:
                self._apply(line)
        connection.execute("RELEASE step")
        note_applied(connection, step.name, str(operation.fields["at"]))
        self._shapes = shapes_of(connection)

    def _text(self, operation: SealedOperation) -> bytes:
        """The lines of the images an operation has left so far, joined."""
        last = self._connection.execute("SELECT coalesce(max(n), 0) FROM journal_image").fetchone()[0]
        first = int(operation.fields["first_image"])
        return chain.RECORD.join(image_blocks(self._connection, first - 1, last))

    def _digest(self, operation: SealedOperation) -> str:
        """What the images an operation has left so far are hashed to."""
        return str(chain.hasher(self._algorithm, self._text(operation)).hexdigest())

    def _apply(self, line: bytes) -> None:
        n, _, table, row_id, action, before, after = (part.decode() for part in line.split(chain.UNIT))
        shape = self._shapes[table]
        if action == "D":
            self._connection.execute(f"DELETE FROM {table} WHERE {shape.key} = ?", (row_id,))
            return
        row = row_of(shape, int(n), after)
        assert row is not None
        if action == "I":
            sql = f"INSERT INTO {table}({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
            self._connection.execute(sql, tuple(row.values()))
            return
        old = row_of(shape, int(n), before) or {}
        changed: dict[str, Any] = {name: value for name, value in row.items() if value != old.get(name)}
        sql = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changed)} WHERE {shape.key} = ?"
        self._connection.execute(sql, (*changed.values(), row_id))

    def _seal(self, operation: SealedOperation) -> None:
        """Write the operation's own row as it was, if the images came out as they were."""
        connection, fields = self._connection, operation.fields
        first, count = int(fields["first_image"]), int(fields["images"])
        digest = chain.hasher(self._algorithm)
        for number, block in enumerate(image_blocks(connection, first - 1, first + count - 1)):
            if number:
                digest.update(chain.RECORD)
            digest.update(block)
        last = connection.execute("SELECT max(n) FROM journal_image").fetchone()[0]
        text = json.dumps(list(fields.values()), ensure_ascii=False, separators=(",", ":")).encode()
        if (
            digest.hexdigest() != fields["digest"]
            or last != first + count - 1
            or chain.operation_hash(self._algorithm, text) != operation.hash
        ):
            raise _DifferentError
        marks = ", ".join("?" * (len(chain.OPERATION_COLUMNS) + 1))
        connection.execute(
            f"INSERT INTO journal_operation({', '.join(chain.OPERATION_COLUMNS)}, hash) VALUES ({marks})",
            (*fields.values(), operation.hash),
        )
        connection.execute(
            "UPDATE journal_head SET open_seq = NULL, seq = ?, images = ?, hash = ?",
            (int(fields["seq"]), last, operation.hash),
        )


def _algorithm_of(operation: SealedOperation) -> str:
    """The algorithm under which the first operation has its chain value."""
    text = json.dumps(list(operation.fields.values()), ensure_ascii=False, separators=(",", ":")).encode()
    for algorithm in chain.ALGORITHMS:
        if chain.operation_hash(algorithm, text) == operation.hash:
            return algorithm
    raise _DifferentError


def identities_in(folder: Path) -> tuple[bytes, ...]:
    """The identities of the office files whose backups or logs lie in a folder, each once."""
    found: dict[bytes, None] = {}
    for backup in backups_in(folder):
        found.setdefault(file_id_of(backup.path))
    for segment in sorted(folder.glob(f"*{SUFFIX}")):
        with segment.open("rb") as file:
            head = file.read(len(MAGIC) + SALT_BYTES)
        if head.startswith(MAGIC) and len(head) == len(MAGIC) + SALT_BYTES:
            found.setdefault(head[len(MAGIC) :])
    return tuple(found)


def key_for(
    folder: Path, path: Path, file_id: bytes, *, operator: str | None, password: str, state: Path
) -> bytes:
    """The file key by an operator's password, from the newest ring to be found or this computer's copy.

    Refuses without a ring (the recovery sheet opens it then) and for a wrong password.
    """
    ring = _newest_ring(folder, path, file_id) or keys.find_ring(path, file_id, state)
    gate = lockout.Gate(path, file_id, state, SystemClock())
    return lockout.unlock(gate, ring, file_id, operator, password)[1]
