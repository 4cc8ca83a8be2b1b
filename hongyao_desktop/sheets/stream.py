"""One sheet on its way into a workbook (写工作表): styles, header, rows one by one, page set-up for A4.

The only place that knows the inside of openpyxl's write-only sheet; `tests/sheets/test_writing.py` fails if a new
version of it works otherwise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.sheets.book import column_letter
from hongyao_desktop.sheets.cells import FORMATS, Kind, cell_writer

if TYPE_CHECKING:
    from openpyxl import Workbook

_FONT = "宋体"
_LINE = Side(style="thin", color="FF9A9A9A")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADER_FILL = PatternFill("solid", fgColor="FFEDEDED")
_ROWS_AT_ONCE = 64
_A4 = 9
_INCH_PER_MM = 1 / 25.4
_CENTRED = frozenset({CellKind.CODE, CellKind.DATE, CellKind.TIME})
_LEFT = frozenset({CellKind.TEXT})


class _RawSheet(WriteOnlyWorksheet):
    """The library's write-only sheet, taking rows that are XML already instead of values."""

    _writer: Any
    column_dimensions: Any

    def _write_rows(self) -> Generator[None, Sequence[str], None]:
        stream = self._writer.xf.send(True)
        with stream.element("sheetData"), contextlib.suppress(GeneratorExit):
            while True:
                rows = yield
                stream.write(*etree.XML(f"<rows>{''.join(rows)}</rows>"))
        self._writer.xf.send(None)


class StyledSheet:
    """A sheet being written from top to bottom."""

    def __init__(
        self,
        book: Workbook,
        name: str,
        columns: Sequence[tuple[Kind, int]],
        header_row: int,
        *,
        landscape: bool,
        head_rows: int = 1,
    ) -> None:
        """Set up the page and the columns; everything above the rows must be known now.

        Args:
            book: a write-only workbook.
            name: fit for a tab.
            columns: kind and width in Chinese characters of each.
            header_row: the last header row; it and what is above stays in view.
            head_rows: so many rows up to it are repeated on each page.
            landscape: A4 across.
        """
        self.sheet: Any = _RawSheet(book, name)
        book._add_sheet(self.sheet)  # type: ignore[attr-defined]  # noqa: SLF001 - a sheet of our own class
        self.row_number = 0
        self._waiting: list[str] = []
        self._finished = False
        self._letters = [column_letter(number) for number in range(len(columns))]
        self._header_row = header_row
        self._make_styles([kind for kind, _width in columns])
        self._writers = [
            cell_writer(kind, letter, style)
            for (kind, _width), letter, style in zip(columns, self._letters, self._body_styles, strict=True)
        ]
        for letter, (_kind, width) in zip(self._letters, columns, strict=True):
            self.sheet.column_dimensions[letter].width = min(max(width, 3), 60) * 2 + 1.5
        self.sheet.freeze_panes = f"A{header_row + 1}"
        self.sheet.print_title_rows = f"{header_row - head_rows + 1}:{header_row}"
        self._set_page(landscape=landscape)

    def _set_page(self, *, landscape: bool) -> None:
        sheet = self.sheet
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 15 * _INCH_PER_MM
        margins.top = margins.bottom = 20 * _INCH_PER_MM
        sheet.oddFooter.center.text = "第 &P 页 共 &N 页"

    # ---------------------------------------------------------------------------------------------------------- styles

    def _style(self, **looks: Any) -> int:
        cell: Any = WriteOnlyCell(self.sheet)
        for name, value in looks.items():
            setattr(cell, name, value)
        return int(cell.style_id)

    def _make_styles(self, kinds: Sequence[Kind]) -> None:
        centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._header_style = self._style(
            font=Font(name=_FONT, size=10.5, bold=True), alignment=centre, border=_BOX, fill=_HEADER_FILL
        )
        across = Alignment(horizontal="centerContinuous", vertical="center")
        self._title_style = self._style(font=Font(name=_FONT, size=16, bold=True), alignment=across)
        self._subtitle_style = self._style(
            font=Font(name=_FONT, size=10.5), alignment=Alignment(horizontal="left")
        )
        font, bold = Font(name=_FONT, size=10.5), Font(name=_FONT, size=10.5, bold=True)
        self._body_styles = [
            self._style(font=font, border=_BOX, alignment=_alignment(kind), number_format=FORMATS[kind])
            for kind in kinds
        ]
        self._total_writers = [
            cell_writer(
                kind,
                letter,
                self._style(font=bold, border=_BOX, alignment=_alignment(kind), number_format=FORMATS[kind]),
            )
            for kind, letter in zip(kinds, self._letters, strict=True)
        ]

    # ------------------------------------------------------------------------------------------------------------ rows

    def _append(self, content: str, height: float | None = None) -> None:
        self.row_number += 1
        attributes = f' ht="{height}" customHeight="1"' if height is not None else ""
        self._waiting.append(f'<row r="{self.row_number}"{attributes}>{content}</row>')
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self.sheet.append(self._waiting)
            self._waiting = []

    def _text(self, letter: str, style: int, text: str | None) -> str:
        return cell_writer(CellKind.TEXT, letter, style)(text, self.row_number + 1)

    def title(self, text: str, *, first: bool) -> None:
        """A line above the header: the first one large and centred over the table without a merge, others plain."""
        if first:
            cells = [self._text(self._letters[0], self._title_style, text)]
            cells += [self._text(letter, self._title_style, None) for letter in self._letters[1:]]
            self._append("".join(cells), height=28)
        else:
            self._append(self._text(self._letters[0], self._subtitle_style, text))

    def group_header(self, groups: Sequence[str], labels: Sequence[str]) -> None:
        """The upper one of two header rows; columns without a group reach over both."""
        row = self.row_number + 1
        shown: list[str | None] = []
        position = 0
        for group, run in groupby(groups):
            count = len(list(run))
            if group:
                shown += [group, *([None] * (count - 1))]
                if count > 1:
                    last = self._letters[position + count - 1]
                    self.sheet.merged_cells.add(f"{self._letters[position]}{row}:{last}{row}")
            else:
                shown += labels[position : position + count]
                for letter in self._letters[position : position + count]:
                    self.sheet.merged_cells.add(f"{letter}{row}:{letter}{row + 1}")
            position += count
        self._header_cells(shown)

    def header(self, labels: Sequence[str]) -> None:
        """The header row that rows, filter and frozen pane begin below."""
        self._header_cells(labels)

    def _header_cells(self, labels: Sequence[str | None]) -> None:
        pairs = zip(self._letters, labels, strict=True)
        self._append(
            "".join(self._text(letter, self._header_style, label) for letter, label in pairs), height=24
        )

    def row(self, values: Sequence[Any]) -> None:
        """A data row, values in the columns' own units."""
        number = self.row_number + 1
        self._append(
            "".join([write(value, number) for write, value in zip(self._writers, values, strict=True)])
        )

    def total(self, values: Sequence[Any]) -> None:
        """The totals row."""
        number = self.row_number + 1
        self._append(
            "".join(write(value, number) for write, value in zip(self._total_writers, values, strict=True))
        )

    def note(self, text: str) -> None:
        """A line below the table."""
        self._append(self._text(self._letters[0], self._subtitle_style, text))

    def filter(self, first_row: int, last_row: int) -> None:
        """Switch the filter on from the header to the last data row."""
        self.sheet.auto_filter.ref = f"A{first_row}:{self._letters[-1]}{last_row}"

    def finish(self) -> None:
        """Write out what is waiting; nothing can be added afterwards."""
        self._flush()
        self.sheet.close()
        self._finished = True

    def discard(self) -> None:
        """Remove the library's temporary file if the workbook was not saved."""
        writer = self.sheet._writer  # noqa: SLF001 - the library offers no other way to its temporary file
        if writer is None:
            return
        if not self._finished:
            with contextlib.suppress(OSError, etree.LxmlError):
                self.sheet.close()
        with contextlib.suppress(OSError, ValueError):
            writer.cleanup()


def _alignment(kind: Kind) -> Alignment:
    if kind in _LEFT:
        return Alignment(horizontal="left", vertical="center", wrap_text=kind == CellKind.TEXT)
    return Alignment(horizontal="center" if kind in _CENTRED else "right", vertical="center")
