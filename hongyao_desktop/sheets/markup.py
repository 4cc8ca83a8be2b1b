"""Tables in markup saved as ".xls": web pages, web archives, and the workbook XML of 2003.

Nothing outside the file is read: no style sheet, no picture, no frame, no entity.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import math
import re
from html.parser import HTMLParser

from lxml import etree

from hongyao_desktop.sheets.book import Cell, Limits, Merge, Sheet
from hongyao_desktop.sheets.sniff import broken, check_area, declares_entities, entities

_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_MOST_COLUMNS = 1000
_MOST_ROWS = 1 << 20
_WHITE = re.compile(r"[ \t\r\n\f]+")


def html_bytes(data: bytes) -> bytes:
    """The web page inside a web archive (.mht); the bytes themselves for a plain page."""
    if not data.lstrip()[:12].startswith(b"MIME-Version"):
        return data
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [
        part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"
    ]
    with_table = [page for page in pages if isinstance(page, bytes) and b"<t" in page.lower()]
    return max(with_table, key=len, default=b"")


def charset(data: bytes) -> str | None:
    """The encoding a page declares for itself."""
    declared = re.search(rb"""charset\s*=\s*["']?([\w-]+)""", data[:4096], re.IGNORECASE)
    return declared.group(1).decode("ascii", "ignore") if declared else None


class _Tables(HTMLParser):
    """Collects the cells of all tables of a page, one below the other; text in a table within a cell stays in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[dict[int, str]] = []
        self.merged: list[Merge] = []
        self._depth = 0
        self._silent = 0
        self._taken_to: dict[int, int] = {}  # column to the last row that a cell above reaches down to
        self._row = -1
        self._column = 0
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "title"}:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1 and self.rows:
                self._new_row()  # an empty row keeps two tables apart
        elif tag == "tr" and self._depth == 1:
            self._close_cell()
            self._new_row()
        elif tag in {"td", "th"} and self._depth == 1:
            self._close_cell()
            if self._row < 0:
                self._new_row()
            values = dict(attrs)
            self._span = (_span(values.get("rowspan")), _span(values.get("colspan")))
            self._text = []
        elif self._text is not None and (tag == "br" or (tag in {"p", "div"} and self._text)):
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "title"}:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table":
            if self._depth == 1:
                self._close_cell()
            self._depth = max(self._depth - 1, 0)
        elif tag in {"td", "th"} and self._depth == 1:
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._text.append(_WHITE.sub(" ", data))

    def finish(self) -> None:
        self.close()
        self._close_cell()

    def _new_row(self) -> None:
        self._row += 1
        self._column = 0
        self.rows.append({})

    def _close_cell(self) -> None:
        if self._text is None:
            return
        text = "\n".join(
            line.strip() for line in "".join(self._text).replace("\u00a0", " ").split("\n")
        ).strip()
        self._text = None
        while self._taken_to.get(self._column, -1) >= self._row:
            self._column += 1
        high, wide = self._span
        if self._column + wide > _MOST_COLUMNS:
            return
        if text:
            self.rows[self._row][self._column] = text
        if high > 1 or wide > 1:
            self.merged.append((self._row, self._column, self._row + high - 1, self._column + wide - 1))
            for column in range(self._column, self._column + wide):
                self._taken_to[column] = self._row + high - 1
        self._column += wide


def _span(text: str | None) -> int:
    return (
        max(1, min(int(text), 65_535)) if text and text.isascii() and text.isdigit() and len(text) <= 5 else 1
    )


def read_html(text: str, sheet_name: str, limits: Limits) -> Sheet:
    """All tables of a page as one sheet; a sheet without rows where there is none."""
    parser = _Tables()
    parser.feed(text)
    parser.finish()
    rows = parser.rows
    while rows and not rows[-1]:
        rows.pop()
    width = max((max(row, default=-1) for row in rows), default=-1) + 1
    check_area(len(rows), width, limits, sheet_name)
    merged = tuple(
        (top, left, min(bottom, len(rows) - 1), right)
        for top, left, bottom, right in parser.merged
        if top < len(rows)
    )
    cells: list[list[Cell]] = [[row.get(column) for column in range(width)] for row in rows]
    return Sheet(name=sheet_name, rows=cells, merged=merged)


# ------------------------------------------------------------------------------------------------- workbook XML 2003


def read_xml2003(data: bytes, name: str, limits: Limits) -> list[Sheet]:
    """The sheets of an "XML 表格 2003" file; refuses a broken one and one with entity declarations."""
    if declares_entities(data):
        raise entities(name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise broken(name) from error
    return [_sheet_2003(element, name, limits) for element in root.iter(f"{_SPREADSHEET}Worksheet")]


def _sheet_2003(element: etree._Element, name: str, limits: Limits) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    merged: list[Merge] = []
    hidden_rows: set[int] = set()
    row_number = -1
    for row in element.iter(f"{_SPREADSHEET}Row"):
        row_number = _position(row.get(f"{_SPREADSHEET}Index"), row_number + 1)
        if row.get(f"{_SPREADSHEET}Hidden") == "1":
            hidden_rows.add(row_number)
        column = -1
        for cell in row.iterchildren(f"{_SPREADSHEET}Cell"):
            column = _position(cell.get(f"{_SPREADSHEET}Index"), column + 1)
            across = _extra(cell.get(f"{_SPREADSHEET}MergeAcross"))
            down = _extra(cell.get(f"{_SPREADSHEET}MergeDown"))
            if across or down:
                merged.append((row_number, column, row_number + down, column + across))
            content = cell.find(f"{_SPREADSHEET}Data")
            if content is not None and column < _MOST_COLUMNS and row_number < _MOST_ROWS:
                value = _value_2003(content)
                if value is not None:
                    rows.setdefault(row_number, {})[column] = value
            column += across
        row_number += _extra(row.get(f"{_SPREADSHEET}Span"))
    height = max(rows, default=-1) + 1
    width = max((max(row) for row in rows.values()), default=-1) + 1
    check_area(height, width, limits, name)
    visible = element.find(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible")
    empty: dict[int, Cell] = {}
    return Sheet(
        name=element.get(f"{_SPREADSHEET}Name", ""),
        rows=[[rows.get(row, empty).get(column) for column in range(width)] for row in range(height)],
        hidden=visible is not None and "Hidden" in (visible.text or ""),
        merged=tuple(merged),
        hidden_rows=frozenset(hidden_rows),
    )


def _position(index: str | None, following: int) -> int:
    return (
        int(index) - 1 if index and index.isascii() and index.isdigit() and 0 < len(index) <= 7 else following
    )


def _extra(text: str | None) -> int:
    return min(int(text), 5000) if text and text.isascii() and text.isdigit() and len(text) <= 7 else 0


def _value_2003(content: etree._Element) -> Cell:
    text = "".join(str(part) for part in content.itertext())
    kind = content.get(f"{_SPREADSHEET}Type", "String")
    if not text:
        return None
    try:
        if kind == "Number":
            number = float(text)
            if not math.isfinite(number):
                return text
            return int(number) if number.is_integer() else number
        if kind == "Boolean":
            return text.strip() == "1"
        if kind == "DateTime":
            moment = dt.datetime.fromisoformat(text.strip())
            if moment.date() == dt.date(1899, 12, 31):
                return moment.time()
            return moment.date() if moment.time() == dt.time(0) else moment
    except (ValueError, OverflowError):
        return text
    return text
