"""The lines of the cash book as a table shows them: entries, quiet bands under each month, red entries in seal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Align
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.register import Field
from hongyao_desktop.fund import records
from hongyao_desktop.fund.queries import CashBook, Line, MonthTotal
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.rows import HeldRows, Index
from hongyao_desktop.kit.table import RegisterTable, RowDelegate
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

FIELDS: Final[tuple[Field, ...]] = (
    replace(records.ENTRY_ON, width=6),
    replace(records.VOUCHER, width=4),
    replace(records.SUMMARY, width=14),
    replace(records.CATEGORY, width=8),
    replace(records.IN_FEN, width=6),
    replace(records.OUT_FEN, width=6),
    replace(records.BALANCE, width=7),
    replace(records.METHOD, label="方式", width=5),
    replace(records.HANDLER, width=5),
    replace(records.ATTACHMENTS, label="附件", width=3),
)
_BESIDE: Final = {"entry_on": Space.S, "category": Space.L, "method": Space.XXL}
"""What the input under a column needs beside its text: the caret, the arrow of a drop-down."""
SUMMARY_COLUMN: Final = next(place for place, field in enumerate(FIELDS) if field.name == "summary")


def book_rows(book: CashBook, search: str = "") -> list[Row]:
    """Rows for the table; with a search only the entries that answer it, without bands."""
    if search:
        return [_line(line) for line in book.lines if _answers(line, search)]
    rows: list[Row] = []
    if book.before_fen:
        label = "上年结转" if (book.first.month, book.first.day) == (1, 1) else "上月结余"
        rows.append(_band(f"before:{book.first}", label, balance_fen=book.before_fen))
    totals = {(total.month.year, total.month.month): total for total in book.months}
    for place, line in enumerate(book.lines):
        rows.append(_line(line))
        month = (line.day.year, line.day.month)
        following = book.lines[place + 1].day if place + 1 < len(book.lines) else None
        if following is None or (following.year, following.month) != month:
            rows.append(_month(totals[month]))
    return rows


def _line(line: Line) -> Row:
    summary = f"{line.summary}（已冲正）" if line.reversed_by_id else line.summary
    return {
        "id": line.id,
        "kind": "line",
        "entry_on": line.day.isoformat(),
        "voucher": line.voucher,
        "summary": summary,
        "category": line.category,
        "in_fen": line.in_fen or None,
        "out_fen": line.out_fen or None,
        "balance_fen": line.balance_fen,
        "method": line.method,
        "handler": line.handler,
        "attachments": line.attachments or None,
        "tone": "seal" if line.red else ("ink_3" if line.reversed_by_id else None),
    }


def _band(key: str, label: str, **amounts: int) -> Row:
    return {"id": key, "kind": "band", "summary": label, "note": "", **amounts}


def _month(total: MonthTotal) -> Row:
    band = _band(
        f"month:{total.month}",
        f"{total.month.month}月合计",
        in_fen=total.in_fen,
        out_fen=total.out_fen,
        balance_fen=total.closing_fen,
    )
    band["note"] = f"本年累计 收 {format_fen(total.year_in_fen)}　支 {format_fen(total.year_out_fen)}"
    return band


def _answers(line: Line, search: str) -> bool:
    texts = (line.summary, line.voucher, line.category, line.counterparty or "", line.handler or "")
    amounts = (format_fen(abs(line.in_fen or line.out_fen)), str(abs(line.in_fen or line.out_fen) // 100))
    plain = search.replace(",", "")
    return any(search in text for text in texts) or any(
        text.replace(",", "").startswith(plain) for text in amounts
    )


def _tone(_field: Field, row: Row) -> str | None:
    tone = row.get("tone")
    return str(tone) if tone else None


class BookDelegate(RowDelegate):
    """Paints entries as a list does, and a month's band on the paper's ground in bold."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        row = self._view.register_model.row(index.row())
        if row is None or row["kind"] != "band":
            super().paint(painter, option, index)
            return
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        painter.fillRect(rect, style.colour("paper"))
        painter.setPen(style.colour("line_strong"))
        bottom = rect.y() + rect.height() - 1
        painter.drawLine(rect.x(), bottom, rect.x() + rect.width(), bottom)
        cell = self._view.register_model.cell(index.row(), index.column())
        if not cell.text:
            return
        inner = rect.adjusted(self._pad, 0, -self._pad, -1)
        painter.setFont(style.font(TypeSize.BODY, bold=True))
        painter.setPen(style.colour("ink_2"))
        painter.drawText(inner, self._view.register_model.alignments[index.column()], cell.text)
        if index.column() == SUMMARY_COLUMN and row["note"]:
            taken = painter.fontMetrics().horizontalAdvance(cell.text) + style.px(Space.L)
            painter.setFont(style.font(TypeSize.HINT))
            painter.setPen(style.colour("ink_3"))
            room = inner.adjusted(taken, 0, 0, 0)
            note = painter.fontMetrics().elidedText(row["note"], Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)


class BookTable(RegisterTable):
    """The table of the cash book: close rows, bands, no sorting (a ledger has one order)."""

    def __init__(self, empty: EmptyState) -> None:
        super().__init__(FIELDS, name="现金日记账", tone=_tone, empty=empty)
        self.view.setItemDelegate(BookDelegate(self.view))
        header = self.view.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSortIndicatorShown(False)
        self.view.horizontalScrollBar().rangeChanged.connect(lambda *_range: self._leave_no_half_row())
        self.restyle()

    def restyle(self) -> None:
        """Close rows at every text size."""
        super().restyle()
        for view in (self.view, self.frozen):
            view.verticalHeader().setDefaultSectionSize(look().px(Height.ROW_COMPACT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room below for no half row."""
        super().resizeEvent(event)
        self._leave_no_half_row()

    def _leave_no_half_row(self) -> None:
        """First and last line are both whole at the end of the book, with or without a bar to scroll sideways."""
        view = self.view
        row = view.verticalHeader().defaultSectionSize()
        bar = view.horizontalScrollBar()
        sideways = bar.maximum() > bar.minimum()
        taken = view.horizontalHeader().height() + (bar.sizeHint().height() if sideways else 0)
        rest = (self.height() - 2 - taken) % row
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(1, 1, 1, 1 + rest)

    def _asked(self) -> tuple[list[int], list[int]]:
        """Amounts of every line and, in bold, of every band stand whole; the last balance may be the longest."""
        described, found = super()._asked()
        style = look()
        for column, field in enumerate(self.model.fields):
            found[column] += style.px(_BESIDE.get(field.name, 0))
            if field.type.align is not Align.RIGHT:
                continue
            longest = max(
                (self.model.cell(place, column).text for place in range(self.model.rowCount())),
                key=len,
                default="",
            )
            found[column] = max(found[column], style.text_width(longest, bold=True) + 1)
        return described, found

    def show_book(self, rows: Sequence[Row], reader: Reader) -> None:
        """Show these rows; bands let their note run on into the next column."""
        self.view.clearSpans()
        self.show_rows(HeldRows(rows), reader)
        self._fit_later.start()  # a scroll bar may have come or gone
        for place, row in enumerate(rows):
            if row["kind"] == "band":
                self.view.setSpan(place, SUMMARY_COLUMN, 1, 2)

    def line_at(self, position: int) -> Row | None:
        """The entry at a position; None for a band."""
        row = self.model.row(position) if 0 <= position < self.model.rowCount() else None
        return row if row is not None and row["kind"] == "line" else None

    def chosen_lines(self) -> list[str]:
        """The chosen lines as a spreadsheet takes them: cells as shown, with tabs between."""
        columns = range(len(self.model.fields))
        return [
            "\t".join(self.model.cell(place, column).text for column in columns)
            for place in self.selected_positions()
        ]

    def place_of(self, entry_id: str) -> int | None:
        """Position of an entry among the rows shown."""
        return next(
            (place for place in range(self.model.rowCount()) if self.model.row_id(place) == entry_id), None
        )


def month_span(year: int, month: int | None) -> tuple[dt.date, dt.date]:
    """First and last day of a month, or of the whole year."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    first = dt.date(year, month, 1)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)
