"""Where an office file may lie: on a fixed disk of this computer, in a folder that can be written.

SQLite's write-ahead log needs shared memory and honest locks; network shares and sync folders have neither, and a
stick is pulled out in the middle (PEERS section 10).  So they are refused with a sentence before anything is written.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from hongyao_desktop.core.problem import Refusal

_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
    }
    | {"fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.glusterfs"}
    | {"fuse.s3fs", "fuse.cifs"}
)
_WINDOWS_REMOVABLE, _WINDOWS_REMOTE = 2, 4


class Place(StrEnum):
    """The kind of disk a path lies on."""

    FIXED = "fixed"
    NETWORK = "network"
    REMOVABLE = "removable"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which file a path means at the moment: device and file number."""

    device: int
    number: int


def real_path(path: Path) -> Path:
    """The file that ``path`` means, absolute: a link to a file is that file.

    Its lock, keys, backups and log stand beside it; by a link's name a second program would take a second lock, and a
    share at the other end of the link would go unnoticed.
    """
    return path.resolve() if path.is_symlink() else path.absolute()


def place_of(path: Path) -> Place:
    """The kind of disk that ``path`` (or the nearest folder above it that exists) lies on."""
    folder = path.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if sys.platform == "win32":
        return _place_on_windows(folder)
    mounts = Path("/proc/self/mountinfo")
    if not mounts.exists():
        return Place.FIXED
    return place_in_mounts(
        folder.resolve(), mounts.read_text(encoding="utf-8", errors="replace"), Path("/sys")
    )


def place_in_mounts(path: Path, mountinfo: str, sysfs: Path) -> Place:
    """The kind of disk by Linux' mount table (the text of ``/proc/self/mountinfo``) and device tree."""
    best, number, kind = Path(), "", ""
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if "-" not in fields[6:] or len(fields) < 9:
            continue
        point = Path(fields[4].encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace"))
        if path.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, number, kind = point, fields[2], fields[fields.index("-", 6) + 1]
    if kind in _NETWORK:
        return Place.NETWORK
    device = sysfs / "dev" / "block" / number
    if not number or not device.exists():
        return Place.FIXED
    real = device.resolve()
    whole_disk = real if (real / "removable").exists() else real.parent
    flag = whole_disk / "removable"
    if "/usb" in str(real) or (flag.exists() and flag.read_text(encoding="ascii").strip() == "1"):
        return Place.REMOVABLE
    return Place.FIXED


def _place_on_windows(folder: Path) -> Place:
    text = str(folder)
    if text.startswith("\\\\"):
        return Place.NETWORK
    import ctypes

    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only, so mypy must not look
    kind = int(kernel.GetDriveTypeW(f"{folder.drive}\\"))
    return {_WINDOWS_REMOTE: Place.NETWORK, _WINDOWS_REMOVABLE: Place.REMOVABLE}.get(kind, Place.FIXED)


def require_good_place(path: Path) -> None:
    """Refuse a network share or a stick."""
    place = place_of(path)
    if place is Place.NETWORK:
        raise Refusal(f"“{path.name}”在网络共享盘上，直接使用会损坏数据，请复制到本机硬盘再打开")
    if place is Place.REMOVABLE:
        raise Refusal(f"“{path.name}”在 U 盘或移动硬盘上，直接使用会丢数据，请复制到本机硬盘再打开")


def require_writable_folder(path: Path) -> None:
    """Refuse when the folder of ``path`` is missing or files cannot be made in it."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Refusal(f"文件夹“{folder.name}”不存在，请先建好文件夹")
    probe = folder / f".{path.name}.{os.getpid()}.try"
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise Refusal(f"文件夹“{folder.name}”不能写入，请换一个文件夹，或者请管理员开放写权限") from error


def require_writable_file(path: Path) -> None:
    """Refuse a file marked read-only."""
    if not os.access(path, os.W_OK) or not path.stat().st_mode & stat.S_IWUSR:
        raise Refusal(f"“{path.name}”是只读文件，请在文件属性里去掉“只读”再打开")


def require_file(path: Path) -> None:
    """Refuse when there is no ordinary file at ``path``."""
    if not path.exists():
        raise Refusal(f"找不到文件“{path.name}”，请检查路径，或者先建立台账文件")
    if not path.is_file():
        raise Refusal(f"“{path.name}”不是文件，请选择台账文件")


def identity_of(path: Path) -> Identity | None:
    """The identity of the file at ``path``; None when there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return Identity(state.st_dev, state.st_ino)


class FileInUse(Refusal):
    """Another program (or another window of this one) has the file open for writing."""


class FileLock:
    """The mark that one program has an office file open (``FILE.lock``); the system drops it when the program dies."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._name = path.name
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock; refuses when another program (or another window of this one) holds it."""
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise FileInUse(
                f"“{self._name}”已在另一个窗口或程序中打开。一本台账同时只在一处使用："
                "到那里办，或者关闭那里再打开"
            ) from error
        self._file = file

    def release(self) -> None:
        """Give the lock back; the small file stays, because removing it would race with the next opener."""
        if self._file is not None:
            _unlock(self._file)
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
