"""Opening a file by its recovery sheet (恢复密钥): when passwords are forgotten or the ring of keys is lost.

The sheet holds the file key itself.  Whoever has it may read everything, so it is printed once and locked away; using
it gives one system administrator a new password and leaves its trace in the journal and the access log.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from hongyao_desktop.core import passwords
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Role, Writer, refuse_errors
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.store import keys, lockout, operators, place, recovery_letters
from hongyao_desktop.store.access import RECOVERY_SHEET, RESTORE, Visit, record
from hongyao_desktop.store.driver import Connection, DriverError, connect
from hongyao_desktop.store.kept_passwords import cost_of, rule_of
from hongyao_desktop.store.office import Office
from hongyao_desktop.store.opening import checked_file_id, open_office
from hongyao_desktop.store.state import state_folder

RECOVERED: Final = "用恢复密钥重设口令"


def recovery_rows(office: Office, reason: str) -> tuple[str, ...]:
    """The rows of the recovery sheet of an open file; noted in the access log before they are shown.

    Only a system administrator gets them.
    """
    if not reason.strip():
        raise Refusal("请写明为什么要打印恢复密钥，它会记入日志")
    if Role.SYSTEM_ADMIN not in office.who.roles:
        raise Refusal(f"{office.who.name}没有“系统管理员”权限，恢复密钥请由系统管理员打印")
    record(office, Visit(event=RECOVERY_SHEET, subject=office.path.name, purpose=reason))
    return recovery_letters.printed_rows(office.opened.file_key)


def first_recovery_rows(office: Office, reason: str) -> tuple[str, ...]:
    """The rows for the maker of a new office, before anybody has ever logged in; refuses later."""
    if office.reader().value("SELECT count(*) FROM access_log"):
        raise Refusal("恢复密钥已经打印过，再打印请由系统管理员办理")
    record(office, Visit(event=RECOVERY_SHEET, subject=office.path.name, purpose=reason))
    return recovery_letters.printed_rows(office.opened.file_key)


def recover_office(
    path: Path,
    sheet: str,
    *,
    operator: str,
    password: str,
    clock: Clock,
    state: Path | None = None,
    registers: Sequence[Register] = (),
) -> Office:
    """Open a file by the typed recovery sheet and give ``operator`` (a system administrator) a new password.

    Works without the ring of keys: the copy inside the file is put back. Refuses a sheet with a wrong letter (naming
    its row), the sheet of another file, a password against the rules, and an operator who is no system administrator.
    """
    path = place.real_path(path)
    state = state or state_folder()
    place.require_file(path)
    file_id = checked_file_id(path)
    place.require_good_place(path)
    place.require_writable_folder(path)
    place.require_writable_file(path)
    file_key = recovery_letters.read_rows(sheet)
    lock = place.FileLock(path)
    lock.acquire()
    try:
        ring = _ring_with_password(path, file_id, file_key, operator, password)
        keys.store_ring(ring, path, state)
    finally:
        lock.release()
    lockout.Gate(path, file_id, state, clock).release(operator)
    office = open_office(
        path, operator=operator, password=password, clock=clock, state=state, registers=registers
    )
    try:
        _settle(office)
        record(office, Visit(event=RESTORE, subject=RECOVERED))
    except BaseException:
        office.close()
        raise
    return office


def _settle(office: Office) -> None:
    """The ring that opened the file becomes the one noted inside."""

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        day = writer.clock.today().isoformat()
        writer.update("operator", writer.who.id, {"password_on": day, "must_change": 0})
        return None, replace(ring, version=ring.version + 1).sealed(office.opened.file_key)

    office.rekey(RECOVERED, work)


def _ring_with_password(
    path: Path, file_id: bytes, file_key: bytes, operator: str, password: str
) -> keys.KeyRing:
    try:
        with closing(connect(path, file_key, file_id)) as connection:
            return _changed_ring(connection, path, file_key, operator, password)
    except DriverError as error:
        # A wrong key and a damaged file look the same to the cipher.
        raise Refusal(
            f"恢复密钥打不开“{path.name}”，请核对打印件上的单位和文件编号，或者这个文件已经损坏"
        ) from error


def _rule(connection: Connection) -> passwords.PasswordRule:
    """What this office asks of a password: it stands in the file the sheet opens."""
    stored = {str(name): str(value) for name, value in connection.execute("SELECT id, value FROM setting")}
    return rule_of(stored)


def _changed_ring(
    connection: Connection, path: Path, file_key: bytes, operator: str, password: str
) -> keys.KeyRing:
    row = connection.execute("SELECT version, body FROM key_ring").fetchone()
    who = connection.execute("SELECT id, roles, status FROM operator WHERE name = ?", (operator,)).fetchone()
    if row is None:
        raise Refusal(f"“{path.name}”里没有钥匙的底稿，请用备份恢复")
    if who is None or who[2] != operators.ACTIVE or Role.SYSTEM_ADMIN.value not in json.loads(who[1]):
        raise Refusal(f"“{operator}”不是在用的系统管理员，恢复密钥只能给系统管理员重设口令")
    refuse_errors(passwords.problems(password, _rule(connection), name=operator))
    try:
        ring = keys.KeyRing.from_text(str(row[1]))
    except keys.RingError as error:
        raise Refusal(f"“{path.name}”里钥匙的底稿被人改动，请用备份恢复") from error
    found = operators.operator_of(str(who[0]), operator, json.loads(who[1]))
    slot = keys.Slot.make(ring.file_id, file_key, found, password, cost_of(ring))
    return ring.with_slot(slot, file_key)
