"""How the log of sealed operations is framed: records and marks, found again also behind damage.

A record (one part of an operation): ``REC1``, body length (4 bytes), sequence number (8), part (4), flag (1: last
part), body, CRC-32 of all of it (4).  A mark, written once the operation before it was confirmed in the file: ``MRK1``,
sequence number (8), length of the chain value (1), chain value, CRC-32.  Whole numbers are big-endian.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_RECORD: Final = b"REC1"
_MARK: Final = b"MRK1"
_EITHER: Final = re.compile(b"REC1|MRK1")
_FRAME: Final = struct.Struct(">4sQB")
_RECORD_FRAME: Final = struct.Struct(">4sIQIB")
_CRC: Final = struct.Struct(">I")
_LARGEST_BODY: Final = 64 * 1024 * 1024
_LARGEST_SEQ: Final = 2**63 - 1
"""No larger number goes into a column of the journal."""
_MOST_SUMMED: Final = 8
"""How many times its own size of a file is summed up before the rest counts as rubbish.

A file made to do harm could begin a record at every other byte and keep a rebuilding busy for a day.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One part of an operation, still sealed; ``end`` is where it ends in its file."""

    seq: int
    part: int
    last: bool
    body: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Says up to which operation the file confirmed; ``end`` is where it ends in its file."""

    seq: int
    hash: str
    end: int


def record_bytes(seq: int, part: int, body: bytes, *, last: bool) -> bytes:
    """A record as it is written."""
    frame = _RECORD_FRAME.pack(_RECORD, len(body), seq, part, int(last)) + body
    return frame + _CRC.pack(zlib.crc32(frame))


def mark_bytes(seq: int, value: str) -> bytes:
    """A mark as it is written; ``value`` is the chain value of the operation."""
    text = value.encode()
    frame = _FRAME.pack(_MARK, seq, len(text)) + text
    return frame + _CRC.pack(zlib.crc32(frame))


def frames_in(data: bytes, start: int) -> Iterator[Record | Mark]:
    """The whole records and marks of a file from ``start`` on; after a damaged one the search goes on behind it."""
    position, allowed = start, _MOST_SUMMED * len(data)
    while (found := _EITHER.search(data, position)) is not None and allowed > 0:
        begin = found.start()
        frame = _mark_at(data, begin) if found.group() == _MARK else _record_at(data, begin)
        if isinstance(frame, int):
            allowed -= frame
            position = begin + 1
        else:
            yield frame
            position = frame.end


def _record_at(data: bytes, start: int) -> Record | int:
    """The record at ``start``, or how many bytes were summed up to see that there is none."""
    body_start = start + _RECORD_FRAME.size
    if body_start > len(data):
        return 0
    _, length, seq, part, last = _RECORD_FRAME.unpack(data[start:body_start])
    end = body_start + length + _CRC.size
    if length > _LARGEST_BODY or end > len(data):
        return 0
    if not _summed(data, start, end):
        return int(end) - start
    return Record(seq, part, bool(last), data[body_start : end - _CRC.size], end)


def _mark_at(data: bytes, start: int) -> Mark | int:
    """The mark at ``start``, or how many bytes were summed up to see that there is none."""
    text_start = start + _FRAME.size
    if text_start > len(data):
        return 0
    _, seq, length = _FRAME.unpack(data[start:text_start])
    end = text_start + length + _CRC.size
    if end > len(data) or seq > _LARGEST_SEQ or not _summed(data, start, end):
        return 0
    return Mark(seq, data[text_start : end - _CRC.size].decode("ascii", "replace"), end)


def _summed(data: bytes, start: int, end: int) -> bool:
    """Whether the checksum at the end of a frame is that of the frame."""
    with memoryview(data) as view:
        sum_ = zlib.crc32(view[start : end - _CRC.size])
    return bool(_CRC.unpack(data[end - _CRC.size : end])[0] == sum_)
