"""Merged cells of an .ods package, which the fast reader does not give."""

from __future__ import annotations

import zipfile

from lxml import etree

from hongyao_desktop.sheets.book import Limits, Merge
from hongyao_desktop.sheets.package import check_sizes
from hongyao_desktop.sheets.sniff import declares_entities, entities

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MANY_ROWS = 1 << 20


def merges(package: zipfile.ZipFile, limits: Limits, name: str) -> dict[str, list[Merge]]:
    """Merged ranges by sheet name. Raises `Refusal` for sizes, zipfile's and lxml's errors for broken content."""
    check_sizes(package, limits, name)
    found: dict[str, list[Merge]] = {}
    with package.open("content.xml") as stream:
        head = stream.read(64 << 10)
        if declares_entities(head):
            raise entities(name)
    with package.open("content.xml") as stream:
        sheet: list[Merge] = []
        row = column = repeat_row = 0
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
        )
        for event, element in events:
            tag = element.tag
            if event == "start" and tag == f"{_TABLE}table":
                sheet = found.setdefault(element.get(f"{_TABLE}name", ""), [])
                row = 0
            elif event == "start" and tag == f"{_TABLE}table-row":
                repeat_row = _count(element.get(f"{_TABLE}number-rows-repeated"))
                column = 0
            elif event == "start" and tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                wide = _count(element.get(f"{_TABLE}number-columns-spanned"))
                high = _count(element.get(f"{_TABLE}number-rows-spanned"))
                if wide > 1 or high > 1:
                    sheet.append((row, column, row + high - 1, column + wide - 1))
                column += _count(element.get(f"{_TABLE}number-columns-repeated"))
            elif event == "end" and tag == f"{_TABLE}table-row":
                row += repeat_row
                element.clear()
    return found


def _count(text: str | None) -> int:
    """A repeat or span: at least 1, and never more than a sheet has rows."""
    return min(int(text), _MANY_ROWS) if text and text.isascii() and text.isdigit() and len(text) <= 7 else 1
