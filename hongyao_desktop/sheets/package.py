"""The parts of an .xlsx package that the fast reader leaves out: merges, formats, faults, hidden rows, true extent.

One pass over the packed sheet, in pieces, with patterns on bytes: the file is somebody else's, so nothing is expanded
as a whole before its size is known, no entity is ever resolved and a document type declaration ends the reading.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets.book import Limits, Merge, column_letter, column_number
from hongyao_desktop.sheets.sniff import broken, declares_entities, entities, too_big_inside

_PIECE = 4 << 20
_LONGEST_ROW = 64 << 20
# A sheet of one repeated row shrinks about a hundredfold; a bomb by a thousand and more.
_BOMB_RATIO = 400
_BOMB_BYTES = 64 << 20

_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_MERGE_TAG = re.compile(rb"<(?:\w+:)?mergeCell\s([^<>]*)>")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s([^<>]*\bhidden\s*=\s*["'](?:1|true)["'][^<>]*)>""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*\bt\s*=\s*["']e["'][^<>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)""",
    re.DOTALL,
)
_BARE_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*[^<>/])>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# Begins with plain bytes, which makes it ten times as fast as a pattern for the whole tag: it runs over every cell.
_FAR_CELL = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_FAR_CELL_SINGLE = re.compile(rb" r='([A-Z]{2,3})[0-9]")
_FAR_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*[^<>/]>\s*<"""
)
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")

_DATE_LETTERS = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.|\*.")
_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
# Numbers that stand for a format without naming it, in the Chinese edition (ECMA-376 part 1, 18.8.30).
_BUILT_IN_PARTIAL = {
    9: "0%",
    10: "0.00%",
    16: "d-mmm",
    17: "mmm-yy",
    **dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY),
}


@dataclass(slots=True)
class Extras:
    """What one sheet holds beside its values (see `Sheet`)."""

    merged: list[Merge] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 25


def check_sizes(package: zipfile.ZipFile, limits: Limits, name: str) -> None:
    """Refuse a package whose own list promises too much, or shrinks as only a bomb does."""
    total = sum(entry.file_size for entry in package.infolist())
    if total > limits.expanded_bytes:
        raise too_big_inside(name, limits.expanded_bytes)
    for entry in package.infolist():
        packed = max(entry.compress_size, 1)
        if entry.file_size > _BOMB_BYTES and entry.file_size // packed > _BOMB_RATIO:
            raise Refusal(f"“{name}”里有异常压缩的内容，已停止读取；请用 Excel 或 WPS 打开核对后另存再导入")
        if entry.flag_bits & 1:
            raise Refusal(f"“{name}”里的内容加了密码，读不出来；请取消密码后再导入")


class Package:
    """An open .xlsx package: its sheets by name and the number formats that matter."""

    def __init__(self, package: zipfile.ZipFile, limits: Limits, name: str) -> None:
        """`name` is the file name for messages; the sizes are checked here."""
        check_sizes(package, limits, name)
        self._package = package
        self._limits = limits
        self._name = name
        self._entries = {entry.replace("\\", "/").lower(): entry for entry in package.namelist()}
        self._parts = self._sheet_parts()
        self._formats = self._styles_that_matter()
        self._unpacked = 0

    def extras(self, sheet_name: str) -> Extras:
        """Merges, formats, faults and hidden rows of a sheet; empty for one that is not a worksheet."""
        extras = Extras()
        part = self._parts.get(sheet_name)
        if part is not None:
            self._scan(part, extras)
            cells = (extras.last_row + 1) * (extras.last_column + 1)
            if cells > self._limits.cells:
                self._refuse_far_cell(part, sheet_name)
        return extras

    # ------------------------------------------------------------------------------------------------ small parts

    def _small(self, path: str) -> bytes:
        """A part that is never large; b"" when it is missing."""
        entry = self._entries.get(path.lower())
        if entry is None:
            return b""
        with self._package.open(entry) as stream:
            content = stream.read(32 << 20)
        if declares_entities(content):
            raise entities(self._name)
        return content

    def _sheet_parts(self) -> dict[str, str]:
        targets: dict[str, str] = {}
        for tag in _RELATION_TAG.finditer(self._small("xl/_rels/workbook.xml.rels")):
            attributes = _attributes(tag.group(1))
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = re.sub(r"[^/]+/\.\./", "", path)
        parts: dict[str, str] = {}
        for tag in _SHEET_TAG.finditer(self._small("xl/workbook.xml")):
            attributes = _attributes(tag.group(1))
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if relation in targets:
                parts[attributes.get("name", "")] = targets[relation]
        return parts

    def _styles_that_matter(self) -> dict[int, str]:
        """Cell style number to number format, only for formats that show something else than the value."""
        styles = self._small("xl/styles.xml")
        codes = dict(_BUILT_IN_PARTIAL)
        for tag in re.finditer(rb"<(?:\w+:)?numFmt\s([^<>]*)>", styles):
            attributes = _attributes(tag.group(1))
            codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
        chosen: dict[int, str] = {}
        for number, tag in enumerate(
            re.finditer(rb"<(?:\w+:)?xf\s([^<>]*)>", block.group(0) if block else b"")
        ):
            code = codes.get(_whole(_attributes(tag.group(1)).get("numFmtId", "")), "")
            if matters(code):
                chosen[number] = code
        return chosen

    # -------------------------------------------------------------------------------------------------- the sheet

    def _pieces(self, part: str) -> Iterator[bytes]:
        """The sheet in pieces that end between rows, the last one with all that follows the rows."""
        entry = self._entries.get(part.lower())
        if entry is None:
            return
        rest = b""
        with self._package.open(entry) as stream:
            while True:
                fresh = stream.read(_PIECE)
                self._unpacked += len(fresh)
                if self._unpacked > self._limits.expanded_bytes:
                    raise too_big_inside(self._name, self._limits.expanded_bytes)
                if not fresh:
                    break
                if declares_entities(fresh):
                    raise entities(self._name)
                rest += fresh
                end = rest.rfind(b"row>") + 4
                if end > 4:
                    yield rest[:end]
                    rest = rest[end:]
                elif len(rest) > _LONGEST_ROW:
                    raise broken(self._name)
        yield rest

    def _scan(self, part: str, extras: Extras) -> None:
        wanted = self._style_pattern()
        columns: set[bytes] = set()
        last_row = 0
        for piece in self._pieces(part):
            columns.update(_FAR_CELL.findall(piece))
            if b" r='" in piece:
                columns.update(_FAR_CELL_SINGLE.findall(piece))
            last_row = max(last_row, _last_row(piece))
            _note_hidden_rows(piece, extras)
            _note_faults(piece, extras)
            if wanted is not None:
                for tag in wanted.finditer(piece):
                    _note(extras.formats, tag.group(1), self._formats[int(tag.group(2))])
            if b"mergeCell" in piece:
                ranges = (
                    _range(_attributes(tag.group(1)).get("ref", "")) for tag in _MERGE_TAG.finditer(piece)
                )
                extras.merged.extend(merge for merge in ranges if merge is not None)
        extras.last_row = max(last_row - 1, 0)
        if columns:
            extras.last_column = max(column_number(letters.decode()) for letters in columns)

    def _style_pattern(self) -> re.Pattern[bytes] | None:
        if not self._formats:
            return None
        numbers = "|".join(str(number) for number in self._formats).encode()
        return re.compile(rb"""<(?:\w+:)?c\s([^<>]*?\bs\s*=\s*["'](""" + numbers + rb""")["'][^<>]*)>""")

    def _refuse_far_cell(self, part: str, sheet_name: str) -> None:
        """A stray cell in the last row or column makes a sheet of billions of empty cells: say where it is."""
        last_row, last_column = 0, 0
        rows_at, columns_at = "", ""
        for piece in self._pieces(part):
            for letters, digits in _FAR_FILLED_CELL.findall(piece):
                row, column = int(digits), column_number(letters.decode())
                if row > last_row:
                    last_row, rows_at = row, f"{letters.decode()}{row}"
                if column > last_column:
                    last_column, columns_at = column, f"{letters.decode()}{row}"
        if last_row * (last_column + 1) > self._limits.cells:
            places = "、".join(dict.fromkeys((rows_at, columns_at)))
            raise Refusal(
                f"“{self._name}”的工作表“{sheet_name}”铺得太大（最远的单元格是 {places}，"
                f"到 {column_letter(last_column)} 列第 {last_row} 行）；请删去远处多余的内容，或拆成几个文件再导入"
            )


def _last_row(piece: bytes) -> int:
    """The number of the last row that begins in a piece; 0 if none does."""
    start = max(piece.rfind(b"<row "), piece.rfind(b":row "))
    tag = _ROW_TAG.search(piece, max(start - 20, 0)) if start >= 0 else None
    return _whole(_attributes(tag.group(1)).get("r", "")) if tag else 0


def _note_hidden_rows(piece: bytes, extras: Extras) -> None:
    if b"hidden" in piece:
        for tag in _HIDDEN_ROW.finditer(piece):
            row = _whole(_attributes(tag.group(1)).get("r", ""))
            if row:
                extras.hidden_rows.add(row - 1)


def _note_faults(piece: bytes, extras: Extras) -> None:
    if b't="e"' in piece or b"t='e'" in piece:
        for tag in _ERROR_CELL.finditer(piece):
            _note(extras.faults, tag.group(1), tag.group(2).decode("utf-8", "replace"))
    if b"<f" in piece or b":f" in piece:
        for tag in _BARE_FORMULA.finditer(piece):
            _note(extras.faults, tag.group(1), "formula")


def matters(code: str) -> bool:
    """True for a number format whose shown text differs from the value in a way that changes its meaning.

    Percent; leading zeros ("000123"); dates shown without their day, or without their year.
    """
    first = code.split(";", maxsplit=1)[0]
    bare = _DATE_LETTERS.sub("", first)
    if "%" in bare:
        return True
    lowered = bare.lower()
    if "y" in lowered or ("m" in lowered and "d" in lowered):
        return not ("y" in lowered and "d" in lowered)
    return bool(re.search(r"(?<![#0.,])0[0\-]*0(?![#.,])", bare)) and "." not in bare and "#" not in bare


def _attributes(raw: bytes) -> dict[str, str]:
    return {
        key.decode(): unescape((double or single).decode("utf-8", "replace"))
        for key, double, single in _ATTRIBUTE.findall(raw)
    }


def _whole(text: str) -> int:
    """A whole number of at most seven digits; 0 for anything else (a file may hold anything)."""
    return int(text) if len(text) <= 7 and text.isascii() and text.isdigit() else 0


def _note(places: dict[tuple[int, int], str], raw: bytes, text: str) -> None:
    match = _REFERENCE.match(_attributes(raw).get("r", ""))
    if match:
        places[(int(match.group(2)) - 1, column_number(match.group(1)))] = text


def _range(reference: str) -> Merge | None:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last or first)
    if start is None or end is None:
        return None
    return (
        int(start.group(2)) - 1,
        column_number(start.group(1)),
        int(end.group(2)) - 1,
        column_number(end.group(1)),
    )
