"""Text files for other programs (CSV): neutralised, in UTF-8 with a mark or in GB 18030.

A text file has no types: a spreadsheet program that opens one guesses, shortens long numbers and runs what looks like
a formula. Only the last can be prevented here; the screen says so where the file is offered.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from hongyao_desktop.core import gb18030
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import cells
from hongyao_desktop.sheets.atomic import replacing
from hongyao_desktop.sheets.cells import PERCENT, Formula, Kind
from hongyao_desktop.sheets.writing import ColumnOut

Encoding = Literal["utf-8-sig", "gb18030"]

_ROWS_AT_ONCE = 500
_DANGEROUS = re.compile(r"^[\s]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"^[+\-]?(?:\d[\d,]*)(?:\.\d+)?%?$")


def write_csv(
    path: Path, columns: Sequence[ColumnOut], rows: Iterable[Sequence[Any]], encoding: Encoding = "utf-8-sig"
) -> int:
    """Write a header and rows; the file appears whole or not at all. Returns the number of rows.

    Values come in the program's own units, as for a workbook, and are written as a person reads them: amounts with two
    decimals, hours as a decimal, dates as ``YYYY-MM-DD``.

    Raises:
        Refusal: the file cannot be written, or a character cannot be written in this encoding.
    """
    kinds = [column.kind for column in columns]
    header = [column.label for column in columns]
    texts = ([csv_text(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows)
    return write_lines(path, chain([header], texts), encoding) - 1


def write_lines(path: Path, lines: Iterable[Sequence[str]], encoding: Encoding = "utf-8-sig") -> int:
    """Write lines of texts, made harmless; the file appears whole or not at all. Returns the number of lines.

    Raises:
        Refusal: as `write_csv`.
    """
    count = 0
    with replacing(path) as temporary, temporary.open("wb") as stream:
        if encoding == "utf-8-sig":
            stream.write(b"\xef\xbb\xbf")
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        for line in lines:
            writer.writerow([harmless(text) for text in line])
            count += 1
            if count % _ROWS_AT_ONCE == 0:
                stream.write(_encode(buffer.getvalue(), encoding, path))
                buffer.seek(0)
                buffer.truncate()
        stream.write(_encode(buffer.getvalue(), encoding, path))
    return count


def csv_text(kind: Kind, value: Any) -> str:
    """A value as a person reads it in a text file; not yet made harmless."""
    if isinstance(value, Formula):
        value = value.result
    if value is None:
        return ""
    if kind == CellKind.TIME and isinstance(value, int):
        return f"{value // 60}:{value % 60:02d}"
    if kind in {CellKind.TEXT, CellKind.CODE, CellKind.DATE, CellKind.TIME}:
        return str(value)
    digits = cells.number(kind, value)
    if digits is None:
        return str(value)
    return f"{float(digits) * 100:.1f}%" if kind == PERCENT else digits


def harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; negative numbers stay numbers."""
    text = cells.plain_text(text)
    if _DANGEROUS.match(text) and not _NUMBER.match(text.strip()):
        return "'" + text
    return text


def _encode(text: str, encoding: Encoding, path: Path) -> bytes:
    try:
        return gb18030.encode(text) if encoding == "gb18030" else text.encode("utf-8")
    except UnicodeEncodeError as error:
        char = text[error.start]
        raise Refusal(
            f"“{path.name}”没有保存：有一个字（编码 U+{ord(char):04X}）写不进这种编码；请改存为 .xlsx"
        ) from error
