"""Making and opening office files: everything that is checked before anybody may touch one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import hongyao_desktop
from hongyao_desktop.core.clock import Clock, iso_second
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.core.settings import BACKUP_FOLDER
from hongyao_desktop.store import backup, chain, keys, lockout, place
from hongyao_desktop.store.driver import (
    APPLICATION_ID,
    KEY_BYTES,
    PAGE_SIZE,
    SALT_BYTES,
    Connection,
    DriverError,
    connect,
    refusal_for,
    set_journal_mode,
)
from hongyao_desktop.store.journal import Entry, Head, Undo, close_door, head_of, open_door
from hongyao_desktop.store.migrate import PROGRAM, Step, known_steps, migrate, pending_steps
from hongyao_desktop.store.office import Office
from hongyao_desktop.store.opened import OfficeInfo, Opened
from hongyao_desktop.store.state import read_head_note, state_folder

_PLAIN_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Making:
    """How a new file is made; the defaults are right for every office.

    Attributes:
        cost: of one password try; measured on this machine when None.
        algorithm: of the journal; SM3 where the machine has it when None.
        steps: the migrations; all of this program's when None.
    """

    cost: keys.KeyCost | None = None
    algorithm: str | None = None
    steps: Sequence[Step] | None = None


def create_office(
    path: Path,
    *,
    office: OfficeInfo,
    operators: Sequence[tuple[Operator, str]],
    clock: Clock,
    state: Path | None = None,
    registers: Sequence[Register] = (),
    making: Making | None = None,
) -> Office:
    """Make a new office file and open it as the first of ``operators`` (each with a password).

    Operators whose id is empty get one. ``state`` is this computer's data folder, ``registers`` are those whose rows
    can be searched. Refuses when the file exists, the folder cannot be written, or the place is no place for an
    office file; nothing is left behind then.
    """
    making = making or Making()
    path = place.real_path(path)
    state = state or state_folder()
    if path.exists() or keys.ring_path(path).exists():
        raise Refusal(f"“{path.name}”已经存在，请换一个文件名")
    place.require_writable_folder(path)
    place.require_good_place(path)
    people = [_with_id(operator, clock) for operator, _ in operators]
    if not people or len({operator.name for operator in people}) != len(people):
        raise Refusal("请至少登记一名操作员，且姓名不能重复")
    file_id, file_key = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(KEY_BYTES)
    cost = making.cost or keys.measured_cost()
    passwords = [password for _, password in operators]
    slots = (
        keys.Slot.make(file_id, file_key, who, word, cost)
        for who, word in zip(people, passwords, strict=True)
    )
    ring = keys.KeyRing(file_id, 1, tuple(slots)).sealed(file_key)
    lock = place.FileLock(path)
    lock.acquire()
    try:
        connection = connect(path, file_key, file_id, create=True)
        try:
            set_journal_mode(connection)
            migrate(
                connection,
                making.steps or known_steps(),
                clock=clock,
                algorithm=making.algorithm or chain.preferred_algorithm(),
            )
            info = _write_header(connection, office, people, ring, clock)
            keys.store_ring(ring, path, state)
        except BaseException:
            connection.close()
            raise
    except (DriverError, OSError, Refusal) as error:
        lock.release()
        _remove_unfinished(path)
        raise _as_refusal(error, path) from error
    opened = Opened(path, file_id, file_key, ring, state, lock, connection, place.identity_of(path))
    opened.backup_folder = backup.default_folder(path)
    return Office(opened, who=people[0], info=info, clock=clock, registers=registers)


def _with_id(operator: Operator, clock: Clock) -> Operator:
    return operator if operator.id else Operator(new_id(clock), operator.name, operator.roles)


def _as_refusal(error: DriverError | OSError | Refusal, path: Path) -> Exception:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, OSError):
        return Refusal(f"建立“{path.name}”时写不了磁盘，请检查磁盘空间和写权限后再试")
    return refusal_for(error, path) or error


def _remove_unfinished(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".keys", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _write_header(
    connection: Connection, office: OfficeInfo, people: Iterable[Operator], ring: keys.KeyRing, clock: Clock
) -> OfficeInfo:
    now = clock.now()
    info = OfficeInfo(
        office.name,
        office.unit_name,
        office.id or new_id(clock),
        iso_second(now),
        hongyao_desktop.__version__,
    )
    connection.execute("BEGIN IMMEDIATE")
    head = open_door(connection)
    connection.execute(
        "INSERT INTO office(id, name, unit_name, created_at, program) VALUES (?, ?, ?, ?, ?)",
        (info.id, info.name, info.unit_name, info.created_at, info.program),
    )
    for operator in people:
        connection.execute(
            "INSERT INTO operator(id, name, roles, password_on) VALUES (?, ?, ?, ?)",
            (
                operator.id,
                operator.name,
                json.dumps(sorted(role.value for role in operator.roles), ensure_ascii=False),
                clock.today().isoformat(),
            ),
        )
    connection.execute(
        "INSERT INTO key_ring(one, version, body) VALUES (1, ?, ?)", (ring.version, ring.to_text())
    )
    close_door(connection, head, Entry("新建台账文件", PROGRAM, now, undo=Undo.SKIP))
    connection.execute("COMMIT")
    return info


def open_office(
    path: Path,
    *,
    operator: str | None,
    password: str,
    clock: Clock,
    read_only: bool = False,
    state: Path | None = None,
    registers: Sequence[Register] = (),
    steps: Sequence[Step] | None = None,
) -> Office:
    """Open an office file as ``operator`` (name; None means the first one whose password this is).

    Older files are brought to this program's schema. ``read_only`` opens beside a program that has the file open.
    Refuses with one sentence: no such file, not one of ours, made by a newer program, wrong password, keys missing,
    open elsewhere, on a share or stick, folder or file not writable, damaged.
    """
    path = place.real_path(path)
    state = state or state_folder()
    place.require_file(path)
    file_id = checked_file_id(path)
    place.require_good_place(path)
    immutable = False
    if read_only:
        immutable = not _writable(path)
    else:
        place.require_writable_folder(path)
        place.require_writable_file(path)
    ring = keys.find_ring(path, file_id, state)
    slot, file_key = lockout.unlock(
        lockout.Gate(path, file_id, state, clock), ring, file_id, operator, password
    )
    if not ring.is_sealed_by(file_key):
        raise Refusal(f"“{keys.ring_path(path).name}”被改动过，请从备份里取回原来的钥匙文件")
    lock = place.FileLock(path)
    if not read_only:
        lock.acquire()
    connection = None
    try:
        connection = connect(path, file_key, file_id, immutable=immutable)
        opened = Opened(
            path,
            file_id,
            file_key,
            ring,
            state,
            lock,
            connection,
            place.identity_of(path),
            read_only,
            immutable,
        )
        return _finish_opening(opened, slot.operator_id, clock, steps or known_steps(), registers)
    except BaseException as error:
        if connection is not None:
            connection.close()
        lock.release()
        if isinstance(error, DriverError):
            refusal = refusal_for(error, path)
            if refusal is not None:
                raise refusal from error
        raise


def operator_names(path: Path, *, state: Path | None = None) -> tuple[str, ...]:
    """The names of the operators of a file, for the login page; no password is needed to read them.

    Refuses a file that is missing, not one of ours, or without its keys.
    """
    path = place.real_path(path)
    place.require_file(path)
    ring = keys.find_ring(path, checked_file_id(path), state or state_folder())
    return tuple(slot.name for slot in ring.slots)


def _writable(path: Path) -> bool:
    try:
        place.require_writable_folder(path)
    except Refusal:
        return False
    return True


def checked_file_id(path: Path) -> bytes:
    """The salt at the front of an encrypted file; refuses what cannot be one of ours."""
    with path.open("rb") as file:
        front = file.read(SALT_BYTES)
    if front == _PLAIN_HEADER:
        raise Refusal(f"“{path.name}”是没有加密的数据库，不是本程序的台账文件")
    if len(front) < SALT_BYTES or path.stat().st_size < PAGE_SIZE:
        raise Refusal(f"“{path.name}”不是本程序的台账文件，请选择建立台账时保存的那个文件")
    return front


def _finish_opening(
    opened: Opened, operator_id: str, clock: Clock, steps: Sequence[Step], registers: Sequence[Register]
) -> Office:
    connection, path = opened.connection, opened.path
    if int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION_ID:
        raise Refusal(f"“{path.name}”不是本程序的台账文件，请选择建立台账时保存的那个文件")
    pending = pending_steps(connection, steps, path.name)
    if opened.read_only:
        if pending:
            raise Refusal(f"“{path.name}”是旧版本的文件，请先用本程序正常打开一次，升级后再查看")
        connection.execute("PRAGMA query_only = ON")
    else:
        set_journal_mode(connection)
    opened.backup_folder = _backup_folder(opened)
    if pending:
        # An upgrade is the one moment at which a program may harm a file that was good: a copy comes first.
        source = backup.Source(path, opened.file_id, opened.file_key, opened.ring)
        backup.make_backup(source, opened.backup_folder, clock.now())
        migrate(connection, steps, clock=clock, algorithm=head_of(connection).algorithm)
    opened.ring = _settle_ring(opened, operator_id)
    who = _operator(connection, operator_id)
    row = connection.execute("SELECT name, unit_name, id, created_at, program FROM office").fetchone()
    if row is None:
        raise Refusal(f"“{path.name}”里没有单位信息，内容被人改动，请用备份恢复")
    opened.warnings = _head_warnings(opened, head_of(connection))
    return Office(opened, who=who, info=OfficeInfo(*map(str, row)), clock=clock, registers=registers)


def _backup_folder(opened: Opened) -> Path:
    """Where backups and the log of sealed operations go: the folder set in the file, or the one beside it."""
    row = opened.connection.execute("SELECT value FROM setting WHERE id = ?", (BACKUP_FOLDER.key,)).fetchone()
    return Path(row[0]) if row is not None and row[0] else backup.default_folder(opened.path)


def _settle_ring(opened: Opened, operator_id: str) -> keys.KeyRing:
    """Hold the ring found outside against the one noted inside; the newer one counts, and is put back outside."""
    row = opened.connection.execute("SELECT version, body FROM key_ring").fetchone()
    ring = opened.ring
    if row is not None and int(row[0]) > ring.version:
        ring = keys.KeyRing.from_text(str(row[1]))
        if ring.slot_of(operator_id) is None:
            raise Refusal("这名操作员已被停用，请联系系统管理员")
    if not opened.read_only:
        if ring is not opened.ring or not keys.ring_path(opened.path).exists():
            keys.store_ring(ring, opened.path, opened.state)
        else:
            keys.mirror_ring(ring, opened.state)
    before, now = opened.ring.slot_of(operator_id), ring.slot_of(operator_id)
    if before is not None and now is not None and before.wrapped != now.wrapped:
        raise Refusal("这名操作员的口令已经更换，请用新口令打开")
    return ring


def _operator(connection: Connection, operator_id: str) -> Operator:
    row = connection.execute(
        "SELECT name, roles, status FROM operator WHERE id = ?", (operator_id,)
    ).fetchone()
    if row is None or row[2] != "在用":
        raise Refusal("这名操作员已被停用，请联系系统管理员")
    return Operator(operator_id, str(row[0]), frozenset(Role(word) for word in json.loads(row[1])))


def _head_warnings(opened: Opened, head: Head) -> tuple[str, ...]:
    note = read_head_note(opened.state, opened.file_id, opened.path)
    if note.fits(opened.connection):
        return ()
    return (
        f"本机上次打开时这个文件有 {note.seq} 次操作，现在只有 {head.seq} 次或内容不同，可能被旧文件替换，请核对",
    )
