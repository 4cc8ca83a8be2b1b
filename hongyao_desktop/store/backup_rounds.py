"""Backups made by themselves (自动备份): at closing, once a day while work goes on, and before large operations.

Nothing is copied when nothing but the access log changed since the newest backup. A backup that cannot be made never
stops the work, because the log of sealed operations has every operation anyway: it is said in :attr:`problem`, and so
is a second folder (a stick) that is not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hongyao_desktop.core.clock import BEIJING
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import BACKUP_KEEP, SECOND_BACKUP_FOLDER
from hongyao_desktop.store import keys
from hongyao_desktop.store.backup import Backup
from hongyao_desktop.store.driver import DriverError, refusal_for
from hongyao_desktop.store.reading import Readers

if TYPE_CHECKING:
    from hongyao_desktop.store.office import Office

LARGE_BYTES: Final = 512 * 1024 * 1024
"""From this size on, closing makes a backup only where the day has none yet: a clerk does not wait for minutes."""

_CHUNK: Final = 1024 * 1024

# Where the newest backup is of a history given up by a restore, the journal is shorter than that backup.
_CHANGED: Final = (
    "SELECT (SELECT seq FROM journal_head) < :seq OR EXISTS(SELECT 1 FROM journal_image WHERE n >="
    " (SELECT first_image FROM journal_operation WHERE seq = :seq + 1) AND table_name <> 'access_log')"
)


class BackupRounds:
    """The automatic backups of one open office.

    ``large`` says of an operation, by its name, that a backup comes before it.

    Attributes:
        problem: a sentence for the user while the last automatic backup could not be made, else None.
    """

    def __init__(self, office: Office, large: Callable[[str], bool]) -> None:
        self._office = office
        self._large = large
        self._one = threading.Lock()
        self._daily: threading.Thread | None = None
        self._seen_on: date | None = None
        self.problem: str | None = None

    def before(self, op: str) -> None:
        """An operation of this name is about to begin."""
        if self._large(op):
            self._make_if_changed()

    def after(self) -> None:
        """An operation was confirmed: the first one of a day begins the day's backup beside the work."""
        today = self._office.clock.today()
        if self._seen_on == today:
            return
        self._seen_on = today
        if self._daily is None or not self._daily.is_alive():
            self._daily = threading.Thread(target=self._make_for_today, name="daily-backup", daemon=True)
            self._daily.start()

    def finish(self) -> None:
        """Wait for a backup that is being made beside the work."""
        if self._daily is not None:
            self._daily.join()

    def at_close(self) -> None:
        """The file is about to be closed."""
        self.finish()
        try:
            large = self._office.path.stat().st_size >= LARGE_BYTES
        except OSError:
            return  # the file was taken away under the program; that was said at the last save
        if large:
            self._make_for_today()
        else:
            self._make_if_changed()

    # -- inside

    def _newest(self) -> Backup | None:
        return next(iter(self._office.backups()), None)

    def _make_for_today(self) -> None:
        newest = self._newest()
        if newest is None or newest.made_at.astimezone(BEIJING).date() != self._office.clock.today():
            self._make_if_changed()

    def _make_if_changed(self) -> None:
        with self._one:
            try:
                newest = self._newest()
                if newest is not None and not changed_since(self._office.reader(), newest):
                    return
                made = self._office.backup()
                stored = self._office.settings
                self._office.thin_backups(BACKUP_KEEP.read(stored))
                self.problem = None
                second = SECOND_BACKUP_FOLDER.read(stored)
                if second:
                    copy_to(made, Path(second))
                    self._office.thin_backups(BACKUP_KEEP.read(stored), Path(second))
            except Refusal as refusal:
                self.problem = f"自动备份没有做成：{refusal.message}"
            except (DriverError, OSError) as error:
                self.problem = "自动备份没有做成，读写磁盘出错，请检查台账文件所在的硬盘和备份文件夹"
                if isinstance(error, DriverError) and refusal_for(error, self._office.path) is None:
                    raise


def changed_since(reader: Readers, backup: Backup) -> bool:
    """Whether anything but the access log changed after a backup."""
    return bool(reader.value(_CHANGED, {"seq": backup.seq}))


def copy_to(backup: Backup, folder: Path) -> Path:
    """Copy a backup with its keys into another folder (the second target) and read the copy back; returns it.

    Refuses when the folder is not there (a stick that is not plugged in is not made by us), has no room, or gives back
    something else than was written.
    """
    if not folder.is_dir():
        raise Refusal(f"第二备份文件夹“{folder}”不在，请插上 U 盘或换一个文件夹")
    target, ring = folder / backup.path.name, keys.ring_path(backup.path)
    temporary = folder / f".{backup.path.name}.{os.getpid()}.new"
    try:
        with backup.path.open("rb") as source, temporary.open("wb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        if _digest(temporary) != _digest(backup.path):
            raise Refusal(f"拷到“{folder}”的备份核对不上，已丢弃，请换一个 U 盘")
        keys.write_whole(keys.ring_path(target), ring.read_bytes())
        temporary.replace(target)
        keys.sync_folder(folder)
    except OSError as error:
        raise Refusal(f"备份拷不进“{folder}”，请检查磁盘空间、U 盘和写权限") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
