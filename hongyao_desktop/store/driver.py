"""The cipher driver: how a connection to an office file is made, and what its errors mean to a clerk.

Only this room knows sqlcipher3.  Every setting that matters is said aloud here instead of trusting a default of the
library, because a file made today is opened in thirty years.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2
from sqlcipher3.dbapi2 import DatabaseError, IntegrityError
from sqlcipher3.dbapi2 import Error as DriverError

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.lengths import KEY_BYTES, SALT_BYTES

Connection = Any
"""A connection of the driver, which publishes no types."""

APPLICATION_ID: Final = 0x48595454
"""``PRAGMA application_id`` of every office file ("HYTT"): a foreign encrypted file is not opened by mistake."""

PAGE_SIZE: Final = 4096

_QUIET = "PRAGMA cipher_log_level = NONE"  # else the library writes its own words to standard error

_CIPHER = (
    f"PRAGMA cipher_page_size = {PAGE_SIZE}",
    "PRAGMA cipher_use_hmac = ON",
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA512",
    "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512",
    "PRAGMA cipher_plaintext_header_size = 0",
)
"""SQLCipher 4's format, so that an auditor's own tool opens the file with the recovery key."""

_MANNERS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE slips past a delete trigger
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",  # nothing of the file ever lies decrypted in a temporary file
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
)

# Primary result codes of SQLite (https://sqlite.org/rescode.html); the driver exports only some of them.
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 3, 5, 6, 8, 10, 11, 13, 14, 26

_LEAST_ROOM: Final = 256 * 1024
"""Bytes; with less on the disk, what looks like a broken disk is a full one."""

_CODE_BY_MESSAGE = {
    "database or disk is full": _FULL,
    "disk I/O error": _IOERR,
    "database disk image is malformed": _CORRUPT,
    "file is not a database": _NOTADB,
    "unable to open database file": _CANTOPEN,
    "attempt to write a readonly database": _READONLY,
    "database is locked": _BUSY,
}
"""The backup function of the driver raises SQLite's words without their number."""


def connect(
    path: Path, key: bytes, salt: bytes, *, create: bool = False, immutable: bool = False
) -> Connection:
    """Connect to the office file at ``path`` with its 32-byte file key and 16-byte salt.

    The salt is the first 16 bytes of the file and its identity.  ``immutable`` reads a file in a folder that cannot
    be written (a sealed medium).  Raises a driver error; a wrong key shows itself at the first reading.
    """
    mode = "ro&immutable=1" if immutable else ("rwc" if create else "rw")
    connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(_QUIET)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
        for statement in (*_CIPHER, *_MANNERS):
            connection.execute(statement)
    except dbapi2.Error:
        connection.close()
        raise
    return connection


def connect_memory() -> Connection:
    """A plain database in memory with the same manners; for comparing schemas."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    for statement in _MANNERS:
        connection.execute(statement)
    return connection


def set_journal_mode(connection: Connection) -> None:
    """Switch to WAL and make sure it was taken; a file system that cannot do it is no place for an office file."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise Refusal("这个位置的磁盘不支持安全写入，请把台账文件放到本机硬盘上再打开")


@contextmanager
def without_rows(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Inside the block nothing is inserted into these tables and none of their rows is changed: it passes silently."""

    def allowed(action: int, name: str | None, *_: object) -> int:
        writing = action in (dbapi2.SQLITE_INSERT, dbapi2.SQLITE_UPDATE) and name in tables
        return int(dbapi2.SQLITE_IGNORE if writing else dbapi2.SQLITE_OK)

    connection.set_authorizer(allowed)
    try:
        yield
    finally:
        # Statements prepared under the rule are forgotten when another one comes, but not when it merely goes.
        connection.set_authorizer(lambda *_: dbapi2.SQLITE_OK)
        connection.set_authorizer(None)


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """Turn a world's error inside the block into the sentence about the file at ``path``; others pass on."""
    try:
        yield
    except DriverError as error:
        refusal = refusal_for(error, path)
        if refusal is None:
            raise
        raise refusal from error


def error_code(error: DriverError) -> int:
    """SQLite's result code of ``error``, 0 when the driver raised it by itself."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0)
    if str(error).startswith("Could not decode to UTF-8"):
        return _CORRUPT  # no version of this program writes such text
    return code or _CODE_BY_MESSAGE.get(str(error), 0)


def is_full(error: DriverError) -> bool:
    """Whether a disk without room is behind ``error``."""
    return error_code(error) & 0xFF == _FULL


def _room_beside(path: Path) -> bool:
    """Whether the disk has any room left; True where that cannot be said."""
    try:
        return shutil.disk_usage(path.absolute().parent).free >= _LEAST_ROOM
    except OSError:
        return True


def refusal_for(error: DriverError, path: Path) -> Refusal | None:
    """The sentence for a world's error behind ``error``; None when the error is a fault of the program."""
    code = error_code(error)
    if code & 0xFF in (_IOERR, _CANTOPEN) and not _room_beside(path):
        code = _FULL  # not even the small file for shared memory could be made
    name = path.name
    sentence = {
        _FULL: f"磁盘已满，“{name}”未保存，原有内容没有变化，请清理磁盘空间后再试",
        _IOERR: f"读写“{name}”时磁盘出错，本次操作未保存，请检查硬盘后重新打开",
        _CORRUPT: f"“{name}”有损坏的部分，请停止录入，用最近的备份恢复",
        _NOTADB: f"“{name}”不是本程序的台账文件，或者内容已损坏，请核对文件或用备份恢复",
        _READONLY: f"“{name}”不能写入，请检查文件和文件夹的写权限",
        _PERM: f"“{name}”不能写入，请检查文件和文件夹的写权限",
        _CANTOPEN: f"打不开“{name}”，请检查文件是否还在、文件夹能否写入",
        _BUSY: f"“{name}”正被别的程序占用，请关闭后再试",
        _LOCKED: f"“{name}”正被别的程序占用，请关闭后再试",
    }.get(code & 0xFF)
    # The driver reports constraints by one code for all kinds, so their kind is read from the message.
    if sentence is None and str(error).startswith("UNIQUE constraint failed"):
        sentence = "与已有记录重复，本次操作未保存，请先查找已有的记录"
    if sentence is None and str(error).startswith("FOREIGN KEY constraint failed"):
        sentence = "所引用的记录不存在，或者这条记录还被别处引用，本次操作未保存"
    return None if sentence is None else Refusal(sentence)


__all__ = [
    "APPLICATION_ID",
    "KEY_BYTES",
    "PAGE_SIZE",
    "SALT_BYTES",
    "Connection",
    "DatabaseError",
    "DriverError",
    "IntegrityError",
    "connect",
    "connect_memory",
    "error_code",
    "is_full",
    "refusal_for",
    "set_journal_mode",
    "without_rows",
    "worded",
]
