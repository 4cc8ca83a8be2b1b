"""Old workbooks (.xls): a cell that shows an error is no empty cell, a hidden row is said to be hidden."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.sheets.reading import read_book
from hongyao_desktop.sheets.xls import Marks, marks_of

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALL = 4096


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


BEGIN, FINISH = record(0x0809, bytes(16)), record(0x000A, b"")


def error(row: int, column: int, code: int, *, is_error: bool = True) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, is_error))


def formula(row: int, column: int, kind: int, code: int) -> bytes:
    return record(0x0006, struct.pack("<HHHBxBxxxH", row, column, 0, kind, code, 0xFFFF) + bytes(8))


def hidden(row: int, flags: int) -> bytes:
    return record(0x0208, struct.pack("<H10xHH", row, flags, 0))


def workbook(sheets: Sequence[bytes]) -> bytes:
    """A stream with a list of sheets and their parts."""
    entry = struct.calcsize("<I") + 2 + 2 + 1
    place = len(BEGIN) + len(sheets) * (4 + entry) + len(FINISH)
    head = BEGIN
    for body in sheets:
        head += record(0x0085, struct.pack("<IBBBB", place, 0, 0, 1, 0) + b"A")
        place += len(BEGIN) + len(body) + len(FINISH)
    return head + FINISH + b"".join(BEGIN + body + FINISH for body in sheets)


def compound(stream: bytes) -> bytes:
    """A compound file around a stream: a short one lies in the small sectors, a long one in those of the file."""
    small = len(stream) < SMALL
    body = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    count = len(body) // 512
    first_body = 3 if small else 2
    chain = [number + 1 for number in range(first_body, first_body + count - 1)] + [END]
    table = [FAT, END, *([END] if small else []), *chain]
    fat = struct.pack("<128I", *table, *([FREE] * (128 - len(table))))
    pieces = -(-len(stream) // 64)
    small_fat = struct.pack("<128I", *range(1, pieces), END, *([FREE] * (128 - pieces)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIII", 0, 1, 1, 0, SMALL)
    header += struct.pack("<IIII", *((2, 1) if small else (END, 0)), END, 0) + struct.pack(
        "<109I", 0, *([FREE] * 108)
    )

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        encoded = name.encode("utf-16-le")
        text = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, FREE, FREE, 1)
        return text.ljust(116, b"\0") + struct.pack("<IQ", start, size)

    root = entry("Root Entry", 5, first_body if small else END, len(body) if small else 0)
    book = entry("Workbook", 2, 0 if small else first_body, len(stream))
    directory = (root + book).ljust(512, b"\0")
    return header + fat + directory + (small_fat if small else b"") + body


@pytest.mark.parametrize("filler", [0, 300], ids=["small sectors", "sectors of the file"])
def test_errors_and_hidden_rows_are_found_sheet_by_sheet(filler: int) -> None:
    first = error(1, 2, 0x07) + error(2, 2, 1, is_error=False) + hidden(4, 0x20) + hidden(5, 0x100)
    chart = BEGIN + error(9, 9, 0x07) + FINISH
    second = chart + formula(0, 1, 2, 0x2A) + formula(0, 2, 0, 0) + formula(3, 0, 2, 0x99)
    rest = record(0x00FD, bytes(10)) * filler
    assert marks_of(compound(workbook([first + rest, second]))) == [
        Marks({(1, 2): "#DIV/0!"}, {4}),
        Marks({(0, 1): "#N/A", (3, 0): "#N/A"}, set()),
    ]


@given(st.binary(max_size=2000), st.integers(0, 2000), st.binary(max_size=40))
def test_a_file_that_does_not_add_up_gives_nothing_and_does_no_harm(
    noise: bytes, place: int, patch: bytes
) -> None:
    assert marks_of(noise) == []
    whole = compound(workbook([error(1, 2, 0x07)]))
    damaged = whole[:place] + patch + whole[place + len(patch) :]
    assert len(marks_of(damaged)) < 100


@pytest.mark.needs("soffice")
def test_an_error_in_an_old_workbook_is_no_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "时长"], ["王某", "=1/0"], ["李某", 3], ["张某", 4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("另一张").append(["备注", "=NA()"])
    book.save(tmp_path / "名册.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "名册.xlsx")], capture_output=True, timeout=110, check=True)
    first, second = read_book(tmp_path / "名册.xls").sheets
    assert dict(first.faults) == {(1, 1): "#DIV/0!"}
    assert first.hidden_rows == {2}
    assert dict(second.faults) == {(0, 1): "#N/A"}
    assert second.hidden_rows == frozenset()
