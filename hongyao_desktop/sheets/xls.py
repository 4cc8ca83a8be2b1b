"""What the fast reader leaves out of an old workbook (.xls): error values, and rows that are hidden.

Only the few records that say so are looked at (MS-XLS: BOUNDSHEET, ROW, FORMULA, BOOLERR); everything else is passed
over. A file that does not add up gives nothing here: whether it can be read at all is the reader's to say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_FREE: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
_HEADER: Final = 512
_ENTRY: Final = 128
_STREAMS: Final = ("Workbook", "Book")
_BOF, _EOF, _BOUNDSHEET, _ROW, _FORMULA, _BOOLERR = 0x0809, 0x000A, 0x0085, 0x0208, 0x0006, 0x0205
_HIDDEN_ROW: Final = 0x20
_FORMULA_ERROR: Final = 2
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass(slots=True)
class Marks:
    """What one sheet holds beside its values: error values by sheet position, hidden rows from 0."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)


def marks_of(data: bytes) -> list[Marks]:
    """The marks of every sheet of a workbook, in the order of its tabs; empty where the file does not add up."""
    try:
        stream = _stream(data)
        return [_sheet(stream, offset) for offset in _offsets(stream)]
    except (struct.error, IndexError):
        return []


# ----------------------------------------------------------------------------------------------------- compound file


def _stream(data: bytes) -> bytes:
    """The stream of the workbook inside the compound file; b"" when there is none."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        return b""
    directory, _version, cutoff, small_table = struct.unpack_from("<IIII", data, 48)
    size = 1 << shift
    table = _table(data, size)
    entries = _chain(data, table, directory, size)
    small: bytes | None = None
    for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length = struct.unpack_from("<H", entries, place + 64)[0]
        name = entries[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, wanted = struct.unpack_from("<II", entries, place + 116)
        if place == 0:
            small = _chain(data, table, start, size)
        elif name in _STREAMS:
            if wanted >= cutoff:
                return _chain(data, table, start, size)[:wanted]
            places = _chain(data, table, small_table, size)
            numbers = struct.unpack(f"<{len(places) // 4}I", places)
            return _chain(small or b"", numbers, start, 1 << small_shift, header=0)[:wanted]
    return b""


def _table(data: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows which."""
    first_more, more = struct.unpack_from("<II", data, 68)
    sectors = list(struct.unpack_from("<109I", data, 76))
    for _block in range(min(more, len(data) // size)):
        if first_more >= _FREE:
            break
        block = struct.unpack_from(f"<{size // 4}I", data, _HEADER + first_more * size)
        sectors += block[:-1]
        first_more = block[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _FREE and len(table) * size <= len(data):  # no more places than there are
            table += struct.unpack_from(f"<{size // 4}I", data, _HEADER + sector * size)
    return tuple(table)


def _chain(data: bytes, table: tuple[int, ...], first: int, size: int, *, header: int = _HEADER) -> bytes:
    """The sectors of a chain one after the other; a chain that runs in a circle ends where it began."""
    parts: list[bytes] = []
    sector = first
    while sector < len(table) and len(parts) <= len(table):
        parts.append(data[header + sector * size : header + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)


# ----------------------------------------------------------------------------------------------------------- records


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records (kind, body) from a place up to the end of its part; parts inside it (charts) are passed over."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + length]
        place += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _offsets(stream: bytes) -> list[int]:
    return [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]


def _sheet(stream: bytes, offset: int) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, offset):
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", body)
            if flags & _HIDDEN_ROW:
                marks.hidden_rows.add(row)
        elif kind == _BOOLERR:
            row, column, code, is_error = struct.unpack_from("<HH2xBB", body)
            if is_error:
                marks.faults[row, column] = _ERRORS.get(code, "#N/A")
        elif kind == _FORMULA:
            row, column, result, code, mark = struct.unpack_from("<HH2xBxB3xH", body)
            if mark == 0xFFFF and result == _FORMULA_ERROR:
                marks.faults[row, column] = _ERRORS.get(code, "#N/A")
    return marks
