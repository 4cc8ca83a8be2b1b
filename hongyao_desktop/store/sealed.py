"""The log of sealed operations (操作备份日志): a second, append-only copy of the journal beside the backups.

When the office file itself is lost, the last backup and this log give it back with every confirmed operation
(:mod:`rebuild`).  Each record is enciphered under a key made from the file key, framed by length and checksum
(:mod:`frames`), and bound to its place; a torn end (power cut) is cut off, a damaged record in the middle costs that
record only.  Written by :mod:`appending`.

The body of a record: nonce (12 bytes) and AES-256-GCM of zlib-compressed text: image lines as they are hashed, and in
the last part the operation's fields as a JSON array with its chain value at the end.

Log and file are synced at the same moment, so the log may have one operation that the file never took.  Therefore each
confirmed operation is followed by a mark.  The tip (末端) of the log is where its last record or mark stands; its
history is what leads there, whatever else lies in the log: before a restore other operations may have been written,
and a crash may have left one that nobody was told of.
"""

from __future__ import annotations

import json
import re
import secrets
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hongyao_desktop.store import chain
from hongyao_desktop.store.driver import SALT_BYTES, Connection
from hongyao_desktop.store.frames import Mark, Record, frames_in, record_bytes
from hongyao_desktop.store.journal import RESTORE_OP

SUFFIX: Final = ".hylog"
MAGIC: Final = b"HYLOG1\r\n"
HEAD_BYTES: Final = len(MAGIC) + SALT_BYTES
UNREADABLE: Final = (InvalidTag, zlib.error, ValueError)
"""What opening a record raises that was made with another key, or by no version of this program."""

_NONCE_BYTES: Final = 12
_PART_BYTES: Final = 4 * 1024 * 1024
_NUMBER: Final = re.compile(r"^[0-9a-f]{16}\.(\d{6,})\.")


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


class Seal:
    """Enciphers and opens the records of one office file's log."""

    def __init__(self, file_id: bytes, file_key: bytes) -> None:
        self.file_id = file_id
        self._cipher = AESGCM(_log_key(file_key))

    def operation(self, seq: int, fields: Sequence[Any], value: str, blocks: Sequence[bytes]) -> bytes:
        """The records of one operation: ``fields`` in the order of the chain, ``blocks`` of joined image lines."""
        return b"".join(self._parts(seq, fields, value, blocks))

    def open(self, record: Record) -> bytes:
        """The text of a record; raises one of :data:`UNREADABLE`."""
        nonce, sealed = record.body[:_NONCE_BYTES], record.body[_NONCE_BYTES:]
        bound = self._place(record.seq, record.part, last=record.last)
        return zlib.decompress(self._cipher.decrypt(nonce, sealed, bound))

    def fields(self, record: Record) -> list[Any]:
        """The fields of an operation and its chain value, from its last part; raises one of :data:`UNREADABLE`."""
        fields = json.loads(self.open(record).rpartition(chain.RECORD)[2])
        if not isinstance(fields, list) or len(fields) != len(chain.OPERATION_COLUMNS) + 1:
            raise ValueError("not the fields of an operation")
        return fields

    def _parts(self, seq: int, fields: Sequence[Any], value: str, blocks: Sequence[bytes]) -> Iterator[bytes]:
        tail = json.dumps([*fields, value], ensure_ascii=False, separators=(",", ":")).encode()
        waiting: list[bytes] = []
        size = part = 0
        for block in blocks:
            if size > _PART_BYTES:
                yield self._record(seq, part, chain.RECORD.join(waiting), last=False)
                waiting, size, part = [], 0, part + 1
            waiting.append(block)
            size += len(block)
        yield self._record(seq, part, chain.RECORD.join([*waiting, tail]), last=True)

    def _record(self, seq: int, part: int, text: bytes, *, last: bool) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = self._place(seq, part, last=last)
        body = nonce + self._cipher.encrypt(nonce, zlib.compress(text, 1), bound)
        return record_bytes(seq, part, body, last=last)

    def _place(self, seq: int, part: int, *, last: bool) -> bytes:
        return self.file_id + struct.pack(">QIB", seq, part, int(last))


def _log_key(file_key: bytes) -> bytes:
    """The key of the log, so that the file key itself enciphers nothing but the file."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"hongyao sealed log").derive(file_key)


def segments(folder: Path, file_id: bytes) -> list[Path]:
    """The log's files in order; those of other office files are left alone. Raises OSError."""
    prefix = file_id.hex()[:16]
    found = [path for path in folder.glob(f"{prefix}.*{SUFFIX}") if _is_segment(path, file_id)]
    return sorted(found, key=lambda path: (number_of(path), path.name))


def number_of(path: Path) -> int:
    """A segment's number by its name, 0 when it has none."""
    match = _NUMBER.match(path.name)
    return int(match[1]) if match else 0


def _is_segment(path: Path, file_id: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(HEAD_BYTES) == MAGIC + file_id


@dataclass(frozen=True, slots=True)
class Tip:
    """Where a log stands.

    Attributes:
        seq: the operation at the tip, 0 when the log is empty or its last record cannot be read.
        hash: its chain value.
        prev: the chain value before it, as far as its own record says so.
        confirmed: whether a mark says that the file has it.
        segment: the file in which the log may go on, None when a new one must be begun.
        end: where the whole frames of that file end.
        size: the length of that file.
    """

    seq: int = 0
    hash: str = ""
    prev: str = ""
    confirmed: bool = False
    segment: Path | None = None
    end: int = 0
    size: int = 0


def tip_of(folder: Path, seal: Seal) -> Tip:
    """Where the log in ``folder`` stands; changes nothing. Raises OSError.

    A segment in which nothing can be read is passed over, and so is one whose last record was made with another key:
    the log goes on in a new one.
    """
    readable = True
    for path in reversed(segments(folder, seal.file_id)):
        data = path.read_bytes()
        last: Record | None = None
        mark: Mark | None = None
        end = HEAD_BYTES
        for frame in frames_in(data, HEAD_BYTES):
            if isinstance(frame, Mark):
                mark, end = frame, frame.end
            elif frame.last:
                last, mark, end = frame, None, frame.end
        if last is not None or mark is not None:
            place = (path, end, len(data)) if readable else (None, 0, 0)
            return _tip(seal, last, mark, *place)
        readable = False
    return Tip()


def _tip(seal: Seal, last: Record | None, mark: Mark | None, path: Path | None, end: int, size: int) -> Tip:
    seq, prev, value = 0, "", ""
    if last is not None:
        try:
            fields = seal.fields(last)
            seq, prev, value = int(fields[0]), str(fields[-2]), str(fields[-1])
        except (*UNREADABLE, TypeError):
            return Tip()
    if mark is not None and (mark.seq, mark.hash) != (seq, value):
        seq, value, prev = mark.seq, mark.hash, ""
    return Tip(seq, value, prev, mark is not None, path, end, size)


def read_log(folder: Path, file_id: bytes, file_key: bytes) -> Iterator[SealedOperation]:
    """Every operation in the log that can be read, in the order written.

    Records that are damaged are passed over; the chain values say whether something is missing.
    """
    seal = Seal(file_id, file_key)
    return (item for item in _contents(folder, seal) if isinstance(item, SealedOperation))


def _contents(folder: Path, seal: Seal) -> Iterator[SealedOperation | Mark]:
    parts: list[bytes] = []
    for frame in _frames(folder, seal.file_id):
        if isinstance(frame, Mark):
            yield frame
            continue
        try:
            text = seal.open(frame)
            fields = seal.fields(frame) if frame.last else []
        except UNREADABLE:
            parts = []
            continue
        if frame.part == 0:
            parts = []
        if frame.part != len(parts):
            continue
        if not frame.last:
            parts.append(text)
            continue
        lines = text.rpartition(chain.RECORD)[0]
        every = chain.RECORD.join([*parts, lines]).split(chain.RECORD)
        *columns, value = fields
        yield SealedOperation(dict(zip(chain.OPERATION_COLUMNS, columns, strict=True)), str(value), every)
        parts = []


def _frames(folder: Path, file_id: bytes) -> Iterator[Record | Mark]:
    for path in segments(folder, file_id):
        yield from frames_in(path.read_bytes(), HEAD_BYTES)


class History:
    """What the log says happened: which operation follows which, and where it all leads.

    Attributes:
        seq: the operation at the tip, 0 when the log is empty.
        tip: its chain value.
    """

    def __init__(self, folder: Path, file_id: bytes, file_key: bytes) -> None:
        self.seq, self.tip = 0, ""
        self._before: dict[str, tuple[int, str]] = {}
        self._last_after: dict[str, str] = {}
        for item in _contents(folder, Seal(file_id, file_key)):
            if isinstance(item, Mark):
                self.seq, self.tip = item.seq, item.hash
                continue
            # A chain value stands in two operations: held once, a million of them take half the room.
            self.seq, self.tip = int(item.fields["seq"]), sys.intern(item.hash)
            before = sys.intern(str(item.fields["prev"]))
            self._before[self.tip] = (self.seq, before)
            self._last_after[before] = self.tip

    def back(self) -> Iterator[tuple[int, str]]:
        """Number and chain value of every operation from the tip back, and of the one before the first found."""
        return self._back_from(self.seq, self.tip)

    def _back_from(self, seq: int, value: str) -> Iterator[tuple[int, str]]:
        yield seq, value
        seen = {value}
        while value in self._before:
            seq, value = self._before[value]
            seq -= 1
            if value in seen:
                return
            seen.add(value)
            yield seq, value

    def following(self) -> dict[str, str]:
        """The chain value that follows each: on the way to the tip, and elsewhere what was written last."""
        found = dict(self._last_after)
        after = ""
        for _, value in self.back():
            if after:
                found[value] = after
            after = value
        return found

    def leads_into(self, connection: Connection) -> bool:
        """Whether the journal has all that the log leads to, and perhaps more."""
        return self.seq == 0 or _has(connection, self.seq, self.tip)

    def parting(self, connection: Connection, seq: int, value: str) -> int:
        """The last operation on the way to the given one that the journal has too, 0 when there is none."""
        return next((n for n, at in self._back_from(seq, value) if _has(connection, n, at)), 0)

    def in_common(self, connection: Connection) -> tuple[int, str]:
        """The last operation of the journal that the log has, whatever came of it; (0, "") when there is none."""
        common = ((seq, value) for value, (seq, _) in self._before.items() if _has(connection, seq, value))
        return max(common, default=(0, ""))


def operations_missing(connection: Connection, tip: Tip, read: Callable[[], History]) -> int:
    """How many confirmed operations on the way to the tip of a log the journal lacks.

    None is missing when the file says that a backup was restored. ``read`` is called only if anything is amiss; it
    raises OSError.
    """
    # What the tip does not confirm may still be under way or was never saved; what is before it was.
    seq, value = (tip.seq, tip.hash) if tip.confirmed else (tip.seq - 1, tip.prev)
    if seq < 1 or _has(connection, seq, value):
        return 0
    parting = read().parting(connection, seq, value)  # from there: the log may have gone on meanwhile
    restored = connection.execute(
        "SELECT 1 FROM journal_operation WHERE seq > ? AND op = ? LIMIT 1", (parting, RESTORE_OP)
    ).fetchone()
    return 0 if restored else max(seq - parting, 0)


def _has(connection: Connection, seq: int, value: str) -> bool:
    row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (seq,)).fetchone()
    return row is not None and row[0] == value
