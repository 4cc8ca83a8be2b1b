"""Makes the files that offices send: good, odd and hostile ones."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"


def workbook(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    """A workbook of one sheet that `fill` fills."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    book.save(path)
    return path


def simple(path: Path, rows: Sequence[Sequence[Any]] = (("姓名", "电话"), ("张三", "13800000000"))) -> Path:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(list(row))

    return workbook(path, fill)


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a package with parts changed, or left out where `change` gives None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def ole_with_stream(stream: str) -> bytes:
    """A compound file with one named stream: the header, one FAT sector, one directory sector."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *([free] * 108))
    table = struct.pack("<128I", fat, end, *([free] * 126))

    def entry(name: str, kind: int) -> bytes:
        encoded = name.encode("utf-16-le")
        start = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
        start += struct.pack("<III", free, free, 1 if kind == 5 else free)
        return start.ljust(116, b"\0") + struct.pack("<IQ", end, 0)

    directory = (entry("Root Entry", 5) + entry(stream, 2)).ljust(512, b"\0")
    return header + table + directory
