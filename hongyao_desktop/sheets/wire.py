"""How the reading process speaks to the program: one request in, frames out.

A frame is a length and a pickle of plain values. The receiving side accepts nothing but plain values and dates, so
that a reading process overthrown by a hostile file cannot hand over anything that acts.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import pickle
import struct
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from hongyao_desktop.sheets.book import Limits

_LENGTH = struct.Struct(">Q")
_LONGEST_FRAME = 1 << 30
_ALLOWED = {"date": dt.date, "datetime": dt.datetime, "time": dt.time, "timedelta": dt.timedelta}

ROWS_PER_FRAME = 2000
# Frame kinds, in the order they come: BOOK, then for each sheet SHEET and any number of ROWS, then END.
# REFUSED may come at any time and is the last.
BOOK, SHEET, ROWS, END, REFUSED = "book", "sheet", "rows", "end", "refused"


def request(path: Path, limits: Limits) -> bytes:
    """The request line for the reading process; the path keeps bytes that are no text."""
    return json.dumps({"path": os.fsencode(path).hex(), "limits": asdict(limits)}).encode() + b"\n"


def read_request(line: bytes) -> tuple[Path, Limits]:
    """The request that `request` wrote."""
    values = json.loads(line)
    return Path(os.fsdecode(bytes.fromhex(values["path"]))), Limits(**values["limits"])


def write_frame(stream: BinaryIO, kind: str, content: Any) -> None:
    """Send one frame. Raises OSError when nobody listens any more."""
    data = pickle.dumps((kind, content), protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)


def read_frame(read: Callable[[int], bytes]) -> bytes | None:
    """The next frame's bytes; None when the stream ended, also in the middle of a frame."""
    head = read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST_FRAME:
        return None
    data = read(length)
    return data if len(data) == length else None


class _PlainValues(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _ALLOWED:
            return _ALLOWED[name]
        raise pickle.UnpicklingError(f"{module}.{name} is not a plain value")


def unpack(data: bytes) -> tuple[str, Any]:
    """Kind and content of a frame. Raises pickle.UnpicklingError for anything but plain values."""
    kind, content = _PlainValues(io.BytesIO(data)).load()
    return str(kind), content
