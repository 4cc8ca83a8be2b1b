"""A place of this program's own for temporary files: papers lie there while they are previewed or printed.

What the system's temporary folder would keep for weeks after a power cut is swept at the next start.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QLockFile


def sweep(base: Path) -> int:
    """Remove folders whose program is gone; returns how many. Those of a program that runs stay."""
    swept = 0
    for folder in sorted(base.glob("*")) if base.is_dir() else ():
        if not folder.is_dir():
            continue
        lock = _lock_of(folder)
        if lock.tryLock(0):
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlock()
            swept += 1
    return swept


@contextmanager
def own_temporary(state: Path) -> Iterator[Path | None]:
    """Let temporary files lie in a folder below ``state`` that only this user can read; it goes at the end.

    None, and the system's folder as ever, where no such folder can be made.
    """
    base = state / "temporary"
    folder = base / os.urandom(8).hex()
    before = tempfile.tempdir
    try:
        sweep(base)
        folder.mkdir(parents=True, mode=0o700)
    except OSError:
        yield None
        return
    lock = _lock_of(folder)
    lock.tryLock(0)
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlock()


def _lock_of(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder.with_name(f"{folder.name}.lock")))
    lock.setStaleLockTime(0)  # only a dead program's lock is stale, however old that of a living one is
    return lock
