"""Backups (备份): whole copies of the office file, taken while it is in use, verified by opening, thinned with age.

A backup is an office file of its own with the same key and its key ring beside it; nothing but the name says that it is
one, so an auditor's tool or a bare restore needs nothing special.  It is written under another name, checked, and only
then given its own: a folder never holds a half backup that looks whole.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hongyao_desktop.core.clock import BEIJING
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import keys
from hongyao_desktop.store.driver import SALT_BYTES, Connection, DriverError, connect, is_full, refusal_for
from hongyao_desktop.store.journal import Head, head_of

SUFFIX: Final = ".hyb"
_NAME = re.compile(r"^(?P<stem>.+)\.(?P<at>\d{8}-\d{6})\.(?P<seq>\d+)\.hyb$")
_STEP_PAGES: Final = 2000
_ROOM: Final = 16 * 1024 * 1024
"""Bytes to be left free beyond the copy itself."""
_ABANDONED_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file.

    Attributes:
        path: where it lies.
        made_at: when it was taken, by its name.
        seq: the last operation it holds, by its name.
        size: in bytes.
    """

    path: Path
    made_at: datetime
    seq: int
    size: int


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: an office file, its identity and key, its key ring."""

    path: Path
    file_id: bytes
    file_key: bytes
    ring: keys.KeyRing


def default_folder(path: Path) -> Path:
    """Where backups of the office file at ``path`` lie when no other folder is set."""
    return path.with_name(f"{path.stem}-备份")


def make_backup(
    source: Source, folder: Path, at: datetime, progress: Callable[[int, int], None] | None = None
) -> Backup:
    """Copy the file as it is confirmed at this moment into ``folder``, and verify the copy.

    Works while the program writes. ``progress`` hears (pages done, pages in all) and may raise to break off. Refuses
    when the folder cannot be written or has no room, and when the copy does not stand the check.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        room = shutil.disk_usage(folder).free
    except OSError as error:
        raise Refusal(f"备份文件夹“{folder}”用不了，请检查 U 盘或换一个文件夹") from error
    if room < source.path.stat().st_size + _ROOM:
        raise Refusal(f"备份文件夹“{folder}”所在的磁盘空间不够，请清理或换一个位置")
    _sweep(folder, source.path.name, at)
    temporary = folder / f".{source.path.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
    try:
        head = _copy(source, temporary, progress)
        _verify(source, temporary, head)
        _sync(temporary)
        target = folder / f"{source.path.stem}.{at.astimezone(BEIJING):%Y%m%d-%H%M%S}.{head.seq}{SUFFIX}"
        keys.write_whole(keys.ring_path(target), source.ring.to_text().encode())
        temporary.replace(target)
        keys.sync_folder(folder)
    except OSError as error:
        raise Refusal(f"备份写不进“{folder}”，请检查磁盘空间、U 盘和写权限后再试") from error
    except DriverError as error:
        if is_full(error):
            raise Refusal(f"备份文件夹“{folder}”所在的磁盘已满，备份没有做成，请清理或换一个位置") from error
        raise refusal_for(error, source.path) or error from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return Backup(target, at, head.seq, target.stat().st_size)


def _sweep(folder: Path, name: str, at: datetime) -> None:
    """Take away what backups left behind that were killed in the middle; one that is being made stays."""
    for leftover in folder.glob(f".{glob.escape(name)}.*.new"):
        with contextlib.suppress(OSError):
            if at.timestamp() - leftover.stat().st_mtime > _ABANDONED_SECONDS:
                leftover.unlink()


def _copy(source: Source, target: Path, progress: Callable[[int, int], None] | None) -> Head:
    def tell(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    reading = connect(source.path, source.file_key, source.file_id)
    try:
        # One read transaction: writing goes on beside it, and the copy is of one moment without starting over.
        reading.execute("BEGIN")
        head = head_of(reading)
        writing = connect(target, source.file_key, source.file_id, create=True)
        try:
            reading.backup(writing, pages=_STEP_PAGES, progress=tell)
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        finally:
            writing.close()
    finally:
        reading.close()
    return head


def _verify(source: Source, copy: Path, head: Head) -> None:
    try:
        # Opening reads already: a page of the schema may be the spoiled one.
        with contextlib.closing(connect(copy, source.file_key, source.file_id)) as connection:
            good = (
                file_id_of(copy) == source.file_id
                and head_of(connection) == head
                and connection.execute("PRAGMA cipher_integrity_check").fetchone() is None
                and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            )
    except DriverError:
        good = False  # it is the copy that cannot be read, not the file
    if not good:
        raise Refusal("备份写好后核对不上，已丢弃，请检查备份盘后再备份一次")


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def backups_in(folder: Path, file_id: bytes | None = None) -> list[Backup]:
    """The backups in ``folder`` (of one office file, if its id is given), newest first.

    A folder that is not there (a stick pulled out) has none.
    """
    found = []
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    for path in entries:
        match = _NAME.match(path.name)
        if match is None or not path.is_file():
            continue
        try:
            made_at = datetime.strptime(match["at"], "%Y%m%d-%H%M%S").replace(tzinfo=BEIJING)
        except ValueError:
            continue
        if file_id is None or file_id_of(path) == file_id:
            found.append(Backup(path, made_at, int(match["seq"]), path.stat().st_size))
    return sorted(found, key=lambda backup: (backup.made_at, backup.seq), reverse=True)


def file_id_of(path: Path) -> bytes:
    """The identity of an office file or backup: its first 16 bytes."""
    with path.open("rb") as file:
        return file.read(SALT_BYTES)


def superseded(backups: Iterable[Backup], now: datetime, most: int) -> list[Backup]:
    """The backups that may go: all of the last two days stay, then one a day, a week, a month, at most ``most``.

    The newest three stay whatever their age.
    """
    ordered = sorted(backups, key=lambda backup: (backup.made_at, backup.seq), reverse=True)
    kept: list[Backup] = []
    taken: set[tuple[int, ...]] = set()
    for backup in ordered:
        slot = _slot(backup.made_at, now)
        if len(kept) < 3 or (len(kept) < most and slot not in taken):
            kept.append(backup)
            taken.add(slot)
    return [backup for backup in ordered if backup not in kept]


def _slot(made_at: datetime, now: datetime) -> tuple[int, ...]:
    """Backups of one slot stand for each other; the newest of them stays."""
    age = now - made_at
    local = made_at.astimezone(BEIJING)
    if age < timedelta(days=2):
        return (0, int(made_at.timestamp()))
    if age < timedelta(days=14):
        return (1, local.toordinal())
    if age < timedelta(days=60):
        return (2, *local.isocalendar()[:2])
    return (3, local.year, local.month)


def remove(backups: Iterable[Backup]) -> None:
    """Delete backup files with their key rings; one that cannot be deleted stays."""
    for backup in backups:
        with contextlib.suppress(OSError):
            backup.path.unlink()
            keys.ring_path(backup.path).unlink(missing_ok=True)


def open_copy(path: Path, file_key: bytes) -> Connection:
    """A query-only connection to a backup, without leaving anything beside it. Raises driver errors."""
    connection = connect(path, file_key, file_id_of(path), immutable=True)
    connection.execute("PRAGMA query_only = ON")
    return connection
