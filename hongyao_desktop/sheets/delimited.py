"""Tables in text files (CSV, TSV, TXT): which encoding, which separator, which rows.

Chinese offices' text files are UTF-8 with or without a mark, UTF-16 ("Unicode 文本" of Excel), GB 18030 or Big5, and
none says which. A wrong guess turns names into other names, so every guess must decode without a fault, and where
two do, the one whose characters are in daily use wins.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from hongyao_desktop.core import gb18030
from hongyao_desktop.core.problem import Refusal

SEPARATORS = (",", "\t", ";", "|", "，", "；", "、")
_SAMPLE_LINES = 300
_SAMPLE_CHARS = 400_000
_LONGEST_CELL = 1 << 27
_MOST_LINES_IN_A_CELL = 60
# How much more at home a text must be in Big5: 祎 is rare in the mainland table and by chance common in the other one.
_FOREIGN_LEAD = 0.2
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_SPACES = re.compile(r"[ \u3000]{2,}")
_PROTECTED = re.compile(r'^="(.*)"$', re.DOTALL)
_GUARDED = re.compile(r"^'(?=[=+\-@0-9])")


def decode(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Turn the bytes of a text file into text.

    Returns the text, the encoding's name and Chinese notes (bytes that could not be read). Refuses what is no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text, notes = _leniently(data, encoding)
            return _checked(text, name), encoding, notes
    wide = _wide_encoding(data[:4096])
    if wide is not None:
        text, notes = _leniently(data[: len(data) // 2 * 2], wide)
        return _checked(text, name), wide, notes
    strict = _strictly(data, "utf-8")
    if strict is not None:
        return _checked(strict, name), "utf-8", ()
    mainland, taiwan = _strictly(data, "gb18030"), _strictly(data, "cp950")
    if taiwan is None and mainland is None:
        taiwan = _strictly(data, "big5hkscs")
    if mainland is not None and taiwan is not None:
        chosen = "big5" if _everyday(taiwan) > _everyday(mainland) + _FOREIGN_LEAD else "gb18030"
    else:
        chosen = "gb18030" if mainland is not None else "big5"
    text_of = {"gb18030": mainland, "big5": taiwan}[chosen]
    if text_of is not None:
        return _checked(text_of, name), chosen, ()
    return _damaged(data, name)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return gb18030.decode(data) if encoding == "gb18030" else data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _leniently(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    return text, ((f"有 {lost} 处字节读不出，已用“\ufffd”代替，请核对原文件",) if lost else ())


def _damaged(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """A file with a few bad bytes is still read, and says so; one with many is no text."""
    best: tuple[int, str, str, tuple[str, ...]] | None = None
    for encoding in ("utf-8", "gb18030"):
        text, notes = _leniently(data, encoding)
        lost = text.count("\ufffd")
        if best is None or lost < best[0]:
            best = (lost, text, encoding, notes)
    assert best is not None
    lost, text, encoding, notes = best
    if lost * 200 > len(text):
        raise Refusal(f"“{name}”不是表格文件；请选 Excel、WPS 或 CSV 表格")
    return _checked(text, name), encoding, notes


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 without its mark shows by zero bytes in every other place (of digits, commas and line ends)."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 20 and not even:
        return "utf-16-le"
    if even > len(head) // 20 and not odd:
        return "utf-16-be"
    return None


def _checked(text: str, name: str) -> str:
    sample = text[:_SAMPLE_CHARS]
    bad = len(_CONTROL.findall(sample))
    if bad > len(sample) // 200:
        raise Refusal(f"“{name}”不是表格文件；请选 Excel、WPS 或 CSV 表格")
    return text.removeprefix("\ufeff").removesuffix("\x1a")


def _everyday(text: str) -> float:
    """Share of a text's Chinese characters that are in daily use, in either script.

    GB 2312 puts its 3,755 common characters in lead bytes B0–D7 and Big5 its 5,401 in A4–C6, so the code tables
    themselves know what is common. Text decoded by the wrong one falls all over the tables.
    """
    sample = [char for char in text[:20_000] if ord(char) >= 0x3400]
    if not sample:
        return 0.0
    common = 0
    for char, count in Counter(sample).items():
        simplified = char.encode("gb2312", errors="ignore")
        traditional = char.encode("big5", errors="ignore")
        if (simplified and (0xB0 <= simplified[0] <= 0xD7 or simplified[0] <= 0xA3)) or (
            traditional and 0xA1 <= traditional[0] <= 0xC6
        ):
            common += count
    return common / len(sample)


def split(text: str) -> tuple[Iterator[list[str]], str]:
    """Cut a text into rows; returns them lazily, and the separator (a space for columns set with spaces)."""
    csv.field_size_limit(_LONGEST_CELL)
    separator, text = _separator(text)
    if separator == " ":
        return (_SPACES.split(line.strip()) for line in text.splitlines()), separator
    text = text.replace("\x00", "")
    rows = _rows(text, separator) if _well_quoted(text, separator) else _line_by_line(text, separator)
    return ([_bare(value) for value in row] for row in rows), separator


def _rows(text: str, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _well_quoted(text: str, separator: str) -> bool:
    try:
        return all(
            cell.count("\n") < _MOST_LINES_IN_A_CELL
            for row in _rows(text, separator, strict=True)
            for cell in row
        )
    except csv.Error:
        return False


def _line_by_line(text: str, separator: str) -> Iterator[list[str]]:
    """Rows of a file with stray quotation marks somewhere: those lines are cut as they stand, the rest as quoted.

    A quoted cell may go on over a few lines; if it never ends properly, its mark is taken for an inch sign.
    """
    lines = text.splitlines(keepends=True)
    number = 0
    while number < len(lines):
        taken, row = _quoted_row(lines[number : number + _MOST_LINES_IN_A_CELL], separator)
        if row is None:
            row = lines[number].rstrip("\r\n").split(separator)
        yield row
        number += taken


def _quoted_row(lines: list[str], separator: str) -> tuple[int, list[str] | None]:
    """The first row and how many lines it takes, if some lines together are well quoted."""
    if lines[0].count('"') % 2 == 0:
        lines = lines[:1]
    together = ""
    for taken, line in enumerate(lines, 1):
        together += line
        if together.count('"') % 2:
            continue
        try:
            return taken, next(_rows(together, separator, strict=True), [])
        except csv.Error:
            return 1, None
    return 1, None


def _bare(value: str) -> str:
    """The text a program meant: ``="0123"`` and ``'=A`` are ways to keep a spreadsheet from changing it."""
    if value[:1] not in {"=", "'", "\t"}:
        return value
    protected = _PROTECTED.match(value)
    if protected:
        return protected.group(1).replace('""', '"')
    return _GUARDED.sub("", value.lstrip("\t"))


def _separator(text: str) -> tuple[str, str]:
    """The separator that cuts the lines most evenly into the most columns, and the text without a ``sep=`` line."""
    told = re.match(r'^"?sep=(.)"?\r?\n', text)
    if told:
        return told.group(1), text[told.end() :]
    sample = text[:_SAMPLE_CHARS]
    best, best_score = ",", 0.0
    for candidate in SEPARATORS:
        if candidate not in sample:
            continue
        score = _evenness(_widths(sample, candidate))
        if candidate in {",", "\t"}:
            score *= 1.2  # the two that programs write; 、 and ， also stand inside cells
        if score > best_score:
            best, best_score = candidate, score
    if best_score == 0.0 or best == "、":
        lines = [line.strip() for line in sample.splitlines()[:_SAMPLE_LINES] if line.strip()]
        spaced = _evenness([len(_SPACES.split(line)) for line in lines])
        if spaced > best_score:
            return " ", text
    return best, text


def _widths(sample: str, separator: str) -> list[int]:
    widths: list[int] = []
    reader = csv.reader(io.StringIO(sample.replace("\x00", ""), newline=""), delimiter=separator)
    for row in _until_fault(reader):
        if any(cell.strip() for cell in row):
            widths.append(len(row))
        if len(widths) >= _SAMPLE_LINES:
            break
    return widths


def _until_fault(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return


def _evenness(widths: list[int]) -> float:
    """Share of lines with the commonest width, weighed by that width; 0 where nothing is cut."""
    cut = [width for width in widths if width > 1]
    if not cut:
        return 0.0
    width, count = max(Counter(cut).items(), key=lambda item: (item[1] * min(item[0], 8), item[0]))
    return count / len(widths) * math.sqrt(min(width, 8))
