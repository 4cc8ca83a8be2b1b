"""Building the recording shim and reading its record."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<cIQQ")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a program did to a file; the kinds are explained in shim.c."""

    kind: str
    path: str
    offset: int
    data: bytes


def build(folder: Path) -> Path:
    """Compile the shim; needs a C compiler."""
    library = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(
        ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl", "-lpthread"], check=True
    )
    return library


def events(record: Path) -> Iterator[Event]:
    """What was recorded, in order."""
    data = record.read_bytes()
    position = 0
    while position + _HEAD.size <= len(data):
        kind, name_length, offset, length = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        path = data[position : position + name_length].decode()
        position += name_length
        yield Event(kind.decode(), path, offset, data[position : position + length])
        position += length
