"""Appending to the log of sealed operations (:mod:`sealed`): durable when it returns, or not in the log at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.frames import mark_bytes
from hongyao_desktop.store.journal import image_blocks
from hongyao_desktop.store.keys import sync_folder
from hongyao_desktop.store.place import Identity, identity_of
from hongyao_desktop.store.sealed import (
    HEAD_BYTES,
    MAGIC,
    SUFFIX,
    History,
    Seal,
    Tip,
    number_of,
    tip_of,
)

_SEGMENT_BYTES: Final = 32 * 1024 * 1024


class SealedLog:
    """Appends operations to the newest segment in a folder; used by one thread at a time.

    Attributes:
        seq: the operation at the tip of the log, 0 when it is empty.
        hash: its chain value.
        prev: the chain value before it, as far as its own record says so.
        confirmed: whether a mark says that the file has it.
    """

    def __init__(self, folder: Path, file_id: bytes, file_key: bytes) -> None:
        self._folder = folder
        self._file_id = file_id
        self._file_key = file_key
        self._seal = Seal(file_id, file_key)
        self._segment: tuple[Path, int] | None = None
        self._size = 0
        self.seq, self.hash, self.prev = 0, "", ""
        self.confirmed = False
        self._before: tuple[int, int, str, bool] | None = None

    def open(self) -> None:
        """Find the tip of the log and cut off a torn record. Raises OSError when the folder cannot be used."""
        self._folder.mkdir(parents=True, exist_ok=True)
        tip = tip_of(self._folder, self._seal)
        self.seq, self.hash, self.prev, self.confirmed = tip.seq, tip.hash, tip.prev, tip.confirmed
        if tip.segment is not None:
            descriptor = os.open(tip.segment, os.O_RDWR | getattr(os, "O_BINARY", 0))
            if tip.end < tip.size:
                os.ftruncate(descriptor, tip.end)
            self._size = os.lseek(descriptor, 0, os.SEEK_END)
            self._segment = (tip.segment, descriptor)

    @property
    def tip(self) -> Tip:
        """Where the log stands at the moment."""
        return Tip(self.seq, self.hash, self.prev, self.confirmed)

    def append(
        self, fields: Sequence[Any], value: str, blocks: Sequence[bytes], *, sync: bool = True
    ) -> None:
        """Add one operation and make it durable.

        ``fields`` are in the order of the chain, ``blocks`` are joined image lines. Raises OSError, also when the
        segment was taken away meanwhile; then the operation is not in the log, and `close` and `open` come first.
        """
        if self._segment is None or self._size > _SEGMENT_BYTES:
            self._begin_segment(int(fields[0]))
        before = (self._size, self.seq, self.hash, self.confirmed)
        self._write(self._seal.operation(int(fields[0]), fields, value, blocks))
        self._before = before
        self.seq, self.hash, self.prev, self.confirmed = int(fields[0]), value, str(fields[-1]), False
        if sync:
            self.sync()

    def confirm(self) -> None:
        """Mark the operation at the tip as confirmed by the file. Raises OSError.

        Not synced: the mark outlives the program at once, and a power cut from the next sync on. Without it the
        operation still stands in the log and in the file.
        """
        self._mark(self.seq, self.hash)

    def take_back(self) -> None:
        """Cut off what was appended last: the file did not take the operation. Raises OSError."""
        if self._segment is not None and self._before is not None:
            size, self.seq, self.hash, self.confirmed = self._before
            os.ftruncate(self._segment[1], size)
            self._size = os.lseek(self._segment[1], size, os.SEEK_SET)
            self._before = None

    def go_back(self, seq: int, value: str) -> None:
        """Let an earlier operation be the tip; what was written beyond it stays, but leads nowhere. Raises OSError."""
        if self._segment is None:
            self._begin_segment(seq)
        self._mark(seq, value)

    def sync(self) -> None:
        """Make what was appended durable. Raises OSError."""
        if self._segment is not None:
            getattr(os, "fdatasync", os.fsync)(self._segment[1])

    def history(self) -> History:
        """All that the log says; reads it from end to end. Raises OSError."""
        return History(self._folder, self._file_id, self._file_key)

    def begin_at(self, connection: Connection) -> None:
        """After the journal took another way than the log (a restore), go on from where they part. Raises OSError."""
        row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (self.seq,)).fetchone()
        if self.seq and (row is None or row[0] != self.hash):
            self.seq, self.hash = self.history().in_common(connection)

    def follow(self, connection: Connection, most: int) -> bool:
        """Append up to ``most`` operations that the journal has and the log lacks; True when none is left.

        Raises OSError.
        """
        todo = connection.execute(
            f"SELECT {', '.join(chain.OPERATION_COLUMNS)}, hash FROM journal_operation WHERE seq > ?"
            " ORDER BY seq LIMIT ?",
            (self.seq, most),
        ).fetchall()
        for row in todo:
            first, count = row[10], row[11]
            blocks = list(image_blocks(connection, first - 1, first + count - 1))
            self.append(row[:-1], row[-1], blocks, sync=False)
        self._before = None
        if todo or not self.confirmed:
            self.confirm()
        self.sync()  # always: what brought us here may have been a sync that failed
        return len(todo) < most

    def close(self) -> None:
        """Let go of the segment; the last mark is made durable as well as can be."""
        if self._segment is not None:
            descriptor = self._segment[1]
            self._segment = None
            try:
                getattr(os, "fdatasync", os.fsync)(descriptor)
            except OSError:
                return  # nothing but a mark was unsynced, and the stick is gone
            finally:
                os.close(descriptor)

    # -- inside

    def _mark(self, seq: int, value: str) -> None:
        if self._segment is not None:
            self._write(mark_bytes(seq, value))
            self._before = None
            if (seq, value) != (self.seq, self.hash):
                self.seq, self.hash, self.prev = seq, value, ""
            self.confirmed = True

    def _write(self, data: bytes) -> None:
        assert self._segment is not None
        path, descriptor = self._segment
        if identity_of(path) != Identity(*_device_and_number(descriptor)):
            raise FileNotFoundError(path)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        self._size += len(data)

    def _begin_segment(self, seq: int) -> None:
        self.close()
        prefix = self._file_id.hex()[:16]
        # Also above those that are segments by name alone, because their beginning is damaged.
        number = max((number_of(path) for path in self._folder.glob(f"{prefix}.*{SUFFIX}")), default=0) + 1
        path = self._folder / f"{prefix}.{number:06}.{seq}{SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
        self._segment = (path, descriptor)
        os.write(descriptor, MAGIC + self._file_id)
        os.fsync(descriptor)
        sync_folder(self._folder)
        self._size = HEAD_BYTES


def _device_and_number(descriptor: int) -> tuple[int, int]:
    state = os.fstat(descriptor)
    return state.st_dev, state.st_ino
