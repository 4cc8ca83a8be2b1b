"""Every word a workbook or text file holds (表内全部文字): cells, hidden sheets, notes, headers, properties.

For the leak scan: it reads the file as it lies on the disk, not what the program meant to write, and looks at every
part of the package, so that nothing hides in a place nobody thinks of.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from hongyao_desktop.core.problem import Refusal

Word = tuple[str, str]
"""Where a text stands, in Chinese, and the text."""

_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml$")
_PLACES: Final = {
    "docProps/core.xml": "文件属性",
    "docProps/app.xml": "文件属性",
    "docProps/custom.xml": "文件属性",
    "xl/sharedStrings.xml": "共用文字",
    "xl/workbook.xml": "工作表名称",
}
_BIGGEST: Final = 1 << 30
_SHORTEST: Final = 6
"""Fewer characters are no number and no address."""
_LAYOUT: Final = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[A-Z])?')
"""Marks inside headers and footers (&C: centred); a number right behind one would look like part of a longer word."""
_IN_CELLS: Final = frozenset({"c", "v", "f", "is", "t", "r", "rPr", "row", "sheetData"})
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def words_of_book(path: Path) -> Iterator[Word]:
    """Every text of an XLSX file with its place; refuses a file that is no workbook."""
    try:
        with zipfile.ZipFile(path) as package:
            names = _sheet_names(package)
            shared = _shared(package)
            for part in package.infolist():
                if part.file_size > _BIGGEST or not part.filename.endswith((".xml", ".rels", ".vml")):
                    continue
                if _SHEET.match(part.filename):
                    yield from _cells(package, part.filename, names.get(part.filename, part.filename), shared)
                elif not part.filename.startswith("xl/theme/"):
                    yield from _texts(package, part.filename)
    except (zipfile.BadZipFile, ET.ParseError) as error:
        raise Refusal(f"“{path.name}”不是完整的工作簿，不能检查，请重新生成") from error


def words_of_text(path: Path, encoding: str) -> Iterator[Word]:
    """Every line of a text file."""
    with path.open(encoding=encoding, errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            yield f"第 {number} 行", line.rstrip("\r\n")


def _sheet_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names by part, hidden ones marked."""
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - our own file, just written
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): str(relation.get("Target")).lstrip("/") for relation in relations}
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(
            sheet.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"), ""
        )
        hidden = "隐藏工作表" if sheet.get("state", "visible") != "visible" else "工作表"
        part = target if target.startswith("xl/") else f"xl/{target}"
        found[part] = f"{hidden}“{sheet.get('name')}”"
    return found


def _shared(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    root = ET.fromstring(package.read("xl/sharedStrings.xml"))  # noqa: S314
    return ["".join(text.text or "" for text in item.iter(f"{_MAIN}t")) for item in root]


def _cells(package: zipfile.ZipFile, part: str, sheet: str, shared: list[str]) -> Iterator[Word]:
    with package.open(part) as stream:
        for _event, element in ET.iterparse(stream):  # noqa: S314
            if element.tag == f"{_MAIN}c":
                text = "".join(element.itertext())
                if element.get("t") == "s" and text.isdecimal() and int(text) < len(shared):
                    text = shared[int(text)]
                if text:
                    yield f"{sheet} {element.get('r')}", text
            elif element.tag == f"{_MAIN}row":
                element.clear()
            else:
                yield from _beside_cells(sheet, element)


def _beside_cells(sheet: str, element: ET.Element) -> Iterator[Word]:
    """Headers and footers, hints and lists of inputs, links: what a sheet holds beside its cells."""
    tag = element.tag.removeprefix(_MAIN)
    if tag in _IN_CELLS:
        return
    if tag.endswith(("Header", "Footer")):
        yield f"{sheet} 页眉页脚", _LAYOUT.sub(" ", element.text or "")
        return
    place = f"{sheet} {tag}"
    for text in (element.text, *element.attrib.values()):
        if text and len(text) >= _SHORTEST:
            yield place, text


def _texts(package: zipfile.ZipFile, part: str) -> Iterator[Word]:
    root = ET.fromstring(package.read(part))  # noqa: S314
    place = _PLACES.get(part, f"部件 {part}")
    for element in root.iter():
        if element.text and element.text.strip():
            yield place, element.text
        for (
            value
        ) in element.attrib.values():  # names of sheets and ranges, where links lead, kept pivot values
            if len(value) >= _SHORTEST:
                yield place, value
