"""The log of sealed operations (操作备份日志): a second, append-only copy of the journal beside the backups.

When the office file itself is lost, the last backup and this log give it back with every confirmed operation
(:mod:`rebuild`).  Each record is enciphered under a key made from the file key, framed by length and checksum, and
bound to its place; a torn end (power cut) is cut off, a damaged record in the middle costs that record only.

A record: ``REC1``, body length (4 bytes), sequence number (8), part (4), flag (1: last part), body, CRC-32 of all of it
(4); whole numbers big-endian.  The body: nonce (12) and AES-256-GCM of zlib-compressed text: image lines as they are
hashed, and in the last part the operation's fields as a JSON array with its chain value at the end.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import SALT_BYTES, Connection
from hongyao_desktop.store.journal import image_blocks
from hongyao_desktop.store.keys import sync_folder
from hongyao_desktop.store.place import Identity, identity_of

SUFFIX: Final = ".hylog"
MAGIC: Final = b"HYLOG1\r\n"
_RECORD: Final = b"REC1"
_FRAME: Final = struct.Struct(">4sIQIB")
_CRC: Final = struct.Struct(">I")
_NONCE_BYTES: Final = 12
_PART_BYTES: Final = 4 * 1024 * 1024
_SEGMENT_BYTES: Final = 32 * 1024 * 1024
_LARGEST_BODY: Final = 64 * 1024 * 1024
_HEAD_BYTES: Final = len(MAGIC) + SALT_BYTES


@dataclass(frozen=True, slots=True)
class SealedOperation:
    """One operation as the log holds it.

    Attributes:
        fields: the columns of :data:`chain.OPERATION_COLUMNS` by name.
        hash: its chain value.
        lines: its images as they are hashed.
    """

    fields: dict[str, Any]
    hash: str
    lines: list[bytes]


@dataclass(frozen=True, slots=True)
class _Record:
    seq: int
    part: int
    last: bool
    body: bytes
    end: int


def log_key(file_key: bytes) -> bytes:
    """The key of the log, so that the file key itself enciphers nothing but the file."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"hongyao sealed log").derive(file_key)


class SealedLog:
    """Appends operations to the newest segment in a folder; used by the thread that writes.

    Attributes:
        seq: the last operation in the log, 0 when it is empty.
        hash: its chain value.
        prev: the chain value before the operation found last when the log was opened.
    """

    def __init__(self, folder: Path, file_id: bytes, file_key: bytes) -> None:
        self._folder = folder
        self._file_id = file_id
        self._cipher = AESGCM(log_key(file_key))
        self._segment: tuple[Path, int] | None = None
        self._size = 0
        self.seq, self.hash, self.prev = 0, "", ""
        self._before: tuple[int, int, str] | None = None

    def open(self) -> None:
        """Find the end of the log and cut off a torn record. Raises OSError when the folder cannot be used."""
        self._folder.mkdir(parents=True, exist_ok=True)
        existing = segments(self._folder, self._file_id)
        if not existing:
            return
        path = existing[-1]
        data = path.read_bytes()
        end = _HEAD_BYTES
        last: _Record | None = None
        for record in _records(data):
            if record.last:
                end, last = record.end, record
        if last is None and len(existing) > 1:
            path.unlink()
            self.open()
            return
        if last is not None:
            fields = self._fields(last)
            self.seq, self.prev, self.hash = int(fields[0]), str(fields[-2]), str(fields[-1])
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        if end < len(data):
            os.ftruncate(descriptor, end)
        self._size = os.lseek(descriptor, 0, os.SEEK_END)
        self._segment = (path, descriptor)

    def append(
        self, fields: Sequence[Any], value: str, blocks: Sequence[bytes], *, sync: bool = True
    ) -> None:
        """Add one operation and make it durable.

        ``fields`` are in the order of the chain, ``blocks`` are joined image lines. Raises OSError, also when the
        segment was taken away meanwhile; then the operation is not in the log, and `close` and `open` come first.
        """
        if self._segment is None or self._size > _SEGMENT_BYTES:
            self._begin_segment(int(fields[0]))
        assert self._segment is not None
        path, descriptor = self._segment
        if identity_of(path) != Identity(*_device_and_number(descriptor)):
            raise FileNotFoundError(path)
        self._before = (self._size, self.seq, self.hash)
        data = b"".join(self._seal(int(fields[0]), fields, value, blocks))
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        self._size += len(data)
        self.seq, self.hash = int(fields[0]), value
        if sync:
            self.sync()

    def take_back(self) -> None:
        """Cut off what was appended last: the file did not take the operation. Raises OSError."""
        if self._segment is not None and self._before is not None:
            size, self.seq, self.hash = self._before
            os.ftruncate(self._segment[1], size)
            self._size = os.lseek(self._segment[1], size, os.SEEK_SET)
            self._before = None

    def begin_after(self, seq: int, value: str) -> None:
        """Go on after an operation that is not the last one of the log; what the log has beyond it stays there."""
        self.seq, self.hash = seq, value

    def sync(self) -> None:
        """Make what was appended durable. Raises OSError."""
        if self._segment is not None:
            getattr(os, "fdatasync", os.fsync)(self._segment[1])

    def begin_at(self, connection: Connection) -> None:
        """After the journal took another way than the log (a restore), go on from where they part."""
        row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (self.seq,)).fetchone()
        if self.seq and (row is None or row[0] != self.hash):
            self.seq, self.hash = self._parting(connection)

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
        self.sync()
        return len(todo) < most

    def close(self) -> None:
        """Let go of the segment."""
        if self._segment is not None:
            os.close(self._segment[1])
            self._segment = None

    # -- inside

    def _parting(self, connection: Connection) -> tuple[int, str]:
        """The last operation that the log and the journal have in common, and its chain value."""
        last = (0, "")
        for record in _all_records(self._folder, self._file_id):
            if record.last:
                fields = self._fields(record)
                row = connection.execute(
                    "SELECT hash FROM journal_operation WHERE seq = ?", (fields[0],)
                ).fetchone()
                if row is not None and row[0] == fields[-1]:
                    last = (int(fields[0]), str(fields[-1]))
        return last

    def _fields(self, record: _Record) -> list[Any]:
        text = _open_body(self._cipher, self._file_id, record)
        fields: list[Any] = json.loads(text.rpartition(chain.RECORD)[2])
        return fields

    def _begin_segment(self, seq: int) -> None:
        self.close()
        number = len(segments(self._folder, self._file_id)) + 1
        path = self._folder / f"{self._file_id.hex()[:16]}.{number:06}.{seq}{SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
        self._segment = (path, descriptor)
        os.write(descriptor, MAGIC + self._file_id)
        os.fsync(descriptor)
        sync_folder(self._folder)
        self._size = _HEAD_BYTES

    def _seal(self, seq: int, fields: Sequence[Any], value: str, blocks: Sequence[bytes]) -> Iterator[bytes]:
        tail = json.dumps([*fields, value], ensure_ascii=False, separators=(",", ":")).encode()
        waiting: list[bytes] = []
        size = part = 0
        for block in blocks:
            if size > _PART_BYTES:
                yield self._frame(seq, part, last=False, text=chain.RECORD.join(waiting))
                waiting, size, part = [], 0, part + 1
            waiting.append(block)
            size += len(block)
        yield self._frame(seq, part, last=True, text=chain.RECORD.join([*waiting, tail]))

    def _frame(self, seq: int, part: int, *, last: bool, text: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        place = _place(self._file_id, seq, part, last=last)
        body = nonce + self._cipher.encrypt(nonce, zlib.compress(text, 1), place)
        frame = _FRAME.pack(_RECORD, len(body), seq, part, int(last)) + body
        return frame + _CRC.pack(zlib.crc32(frame))


def _device_and_number(descriptor: int) -> tuple[int, int]:
    state = os.fstat(descriptor)
    return state.st_dev, state.st_ino


def segments(folder: Path, file_id: bytes) -> list[Path]:
    """The log's files in order; those of other office files are left alone."""
    prefix = file_id.hex()[:16]
    return sorted(path for path in folder.glob(f"{prefix}.*{SUFFIX}") if _is_segment(path, file_id))


def _is_segment(path: Path, file_id: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES) == MAGIC + file_id


def read_log(folder: Path, file_id: bytes, file_key: bytes) -> Iterator[SealedOperation]:
    """Every operation in the log that can be read, in the order written.

    Records that are damaged are passed over; the chain values say whether something is missing.
    """
    cipher = AESGCM(log_key(file_key))
    parts: list[bytes] = []
    for record in _all_records(folder, file_id):
        try:
            text = _open_body(cipher, file_id, record)
        except (InvalidTag, zlib.error):
            parts = []
            continue
        if record.part == 0:
            parts = []
        if record.part != len(parts):
            continue
        if not record.last:
            parts.append(text)
            continue
        lines, _, tail = text.rpartition(chain.RECORD)
        *fields, value = json.loads(tail)
        every = chain.RECORD.join([*parts, lines]).split(chain.RECORD)
        yield SealedOperation(dict(zip(chain.OPERATION_COLUMNS, fields, strict=True)), value, every)
        parts = []


def _all_records(folder: Path, file_id: bytes) -> Iterator[_Record]:
    for path in segments(folder, file_id):
        yield from _records(path.read_bytes())


def _records(data: bytes) -> Iterator[_Record]:
    """The whole records of a segment; after a damaged one the search goes on behind it."""
    position = _HEAD_BYTES
    while (position := data.find(_RECORD, position)) >= 0:
        record = _record_at(data, position)
        if record is None:
            position += 1
        else:
            yield record
            position = record.end


def _record_at(data: bytes, start: int) -> _Record | None:
    body_start = start + _FRAME.size
    if body_start > len(data):
        return None
    _, length, seq, part, last = _FRAME.unpack(data[start:body_start])
    end = body_start + length + _CRC.size
    if length > _LARGEST_BODY or end > len(data):
        return None
    if _CRC.unpack(data[end - _CRC.size : end])[0] != zlib.crc32(data[start : end - _CRC.size]):
        return None
    return _Record(seq, part, bool(last), data[body_start : end - _CRC.size], end)


def _open_body(cipher: AESGCM, file_id: bytes, record: _Record) -> bytes:
    nonce, sealed = record.body[:_NONCE_BYTES], record.body[_NONCE_BYTES:]
    place = _place(file_id, record.seq, record.part, last=record.last)
    return zlib.decompress(cipher.decrypt(nonce, sealed, place))


def _place(file_id: bytes, seq: int, part: int, *, last: bool) -> bytes:
    return file_id + struct.pack(">QIB", seq, part, int(last))
