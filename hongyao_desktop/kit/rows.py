"""Rows of a register for a table of any length: what a list asks for, and the model that holds only a window of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Align, Minutes, Points
from hongyao_desktop.core.register import Field, Register

Index = QModelIndex | QPersistentModelIndex
PAGES_KEPT: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RowQuery:
    """What a list shows: typed search, column = value pairs, closed spans of a column, and the order.

    ``sort`` None means the register's own order.
    """

    search: str = ""
    equals: tuple[tuple[str, Any], ...] = ()
    spans: tuple[tuple[str, Any, Any], ...] = ()
    sort: str | None = None
    descending: bool = False

    def with_equal(self, column: str, value: Any) -> RowQuery:
        """The same question with ``column`` held at ``value`` (None lifts it)."""
        kept = tuple(pair for pair in self.equals if pair[0] != column)
        return replace(self, equals=kept if value is None else (*kept, (column, value)))

    def with_span(self, column: str, first: Any, last: Any) -> RowQuery:
        """The same question with ``column`` between ``first`` and ``last`` (both None lifts it)."""
        kept = tuple(span for span in self.spans if span[0] != column)
        return replace(self, spans=kept if first is None and last is None else (*kept, (column, first, last)))

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.search or self.equals or self.spans)


class RowSource(Protocol):
    """The rows that answer one :class:`RowQuery`, counted once and read a page at a time by key."""

    @property
    def page_size(self) -> int:
        """Rows of one page."""

    def count(self) -> int:
        """Rows in all, as counted when the source was made."""

    @property
    def complete(self) -> bool:
        """False when a search found more than it shows."""

    def prepare(self) -> None:
        """Make far jumps quick; called on a reading worker after the first rows are on screen."""

    def page(self, reader: Reader, number: int) -> Sequence[Row]:
        """The rows of one page, counted from 0; each has its "id"."""

    def locate(self, reader: Reader, row_id: str) -> int | None:
        """Position of a row, None when it is not among them."""

    def totals(self, reader: Reader) -> Mapping[str, int]:
        """Sums of the register's sum columns over all rows."""


class HeldRows:
    """A source over rows that are already in memory: short lists, drill-downs, tests."""

    def __init__(self, rows: Sequence[Row], sums: Sequence[str] = ()) -> None:
        self._rows = rows
        self._sums = sums

    @property
    def page_size(self) -> int:
        """Rows of one page."""
        return 200

    @property
    def complete(self) -> bool:
        """All rows are here."""
        return True

    def prepare(self) -> None:
        """Nothing to prepare: the rows are in memory."""

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def page(self, _reader: Reader, number: int) -> Sequence[Row]:
        """The rows of one page."""
        start = number * self.page_size
        return self._rows[start : start + self.page_size]

    def locate(self, _reader: Reader, row_id: str) -> int | None:
        """Position of a row, None when it is not in the list."""
        return next((place for place, row in enumerate(self._rows) if row["id"] == row_id), None)

    def totals(self, _reader: Reader) -> Mapping[str, int]:
        """Sums of the columns named when the list was made."""
        return {name: sum(row[name] or 0 for row in self._rows) for name in self._sums}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as painted: text and an optional tone (a colour token such as ``good``)."""

    text: str
    tone: str | None = None


Toner = Callable[[Field, Row], str | None]
"""Gives a cell its tone (``good``, ``warn``, ``bad``, ``info``, ``ink_3``), or None."""

_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    Align.CENTER: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
}
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)


class RegisterModel(QAbstractTableModel):
    """Table model over a :class:`RowSource`; holds at most 30 pages, formats a row when it is first painted."""

    def __init__(
        self, fields: Sequence[Field], tone: Toner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self.alignments = tuple(_ALIGN[field.type.align] for field in self.fields)
        self._tone = tone
        self._source: RowSource | None = None
        self._reader: Reader | None = None
        self._count = 0
        self._size = 200
        self._pages: OrderedDict[int, list[tuple[Row, list[Cell | None]]]] = OrderedDict()

    def set_source(self, source: RowSource | None, reader: Reader | None) -> None:
        """Show other rows; ``reader`` belongs to the window's thread."""
        self.beginResetModel()
        self._source = source
        self._reader = reader
        self._pages.clear()
        self._count = source.count() if source is not None else 0
        self._size = source.page_size if source is not None else 200
        self.endResetModel()

    @property
    def source(self) -> RowSource | None:
        """What is shown now."""
        return self._source

    def row(self, position: int) -> Row | None:
        """The row at a position, None when it vanished meanwhile."""
        held = self._held(position)
        return held[0] if held else None

    def row_id(self, position: int) -> str | None:
        """Id of the row at a position."""
        row = self.row(position)
        return None if row is None else str(row["id"])

    def cell(self, position: int, column: int) -> Cell:
        """What is painted at a place."""
        held = self._held(position)
        if held is None:
            return _GONE
        row, cells = held
        found = cells[column]
        if found is None:
            found = cells[column] = self._format(self.fields[column], row)
        return found

    def _format(self, field: Field, row: Row) -> Cell:
        value = row.get(field.name)
        text = field.type.cover(value) if field.masked else column_text(field, value)
        return Cell(text, self._tone(field, row) if self._tone is not None else None)

    def _held(self, position: int) -> tuple[Row, list[Cell | None]] | None:
        number, offset = divmod(position, self._size)
        page = self._pages.get(number)
        if page is None:
            page = self._read(number)
        return page[offset] if offset < len(page) else None

    def _read(self, number: int) -> list[tuple[Row, list[Cell | None]]]:
        if self._source is None or self._reader is None:
            return []
        width = len(self.fields)
        page: list[tuple[Row, list[Cell | None]]] = [
            (row, [None] * width) for row in self._source.page(self._reader, number)
        ]
        self._pages[number] = page
        if len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows of the source."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One column per field shown."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Text, tip and alignment; nothing for the many roles the delegate does not need."""
        if role in (_DISPLAY, _TIP):
            return self.cell(index.row(), index.column()).text if index.isValid() else None
        if role == _ALIGNMENT and index.isValid():
            return self.alignments[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Labels of the fields; rows have none."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.fields):
            if role == _DISPLAY:
                return self.fields[section].label
            if role == _TIP:
                return self.fields[section].help or self.fields[section].label
            if role == _ALIGNMENT:
                return self.alignments[section]
        return None


_GONE: Final = Cell("")


def column_text(field: Field, value: Any) -> str:
    """A value as it stands in a column: hours and points line up by thousands and one or no decimal."""
    if isinstance(value, int):
        sign = "-" if value < 0 else ""
        size = abs(value)
        if isinstance(field.type, Minutes) and size % 6 == 0:
            return f"{sign}{size // 60:,}.{size % 60 // 6}"
        if isinstance(field.type, Points):
            whole = f"{sign}{size // 100:,}"
            return whole if size % 100 == 0 else f"{whole}.{size % 100:02d}".rstrip("0")
    return field.type.format(value)


def list_fields(register: Register) -> tuple[Field, ...]:
    """The fields a register's list shows, in order."""
    return tuple(register.field(name) for name in register.list_columns)
