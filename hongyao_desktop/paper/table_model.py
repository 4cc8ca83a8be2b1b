"""Tables of a paper (表格) as frozen values: columns, rows, sums, and how they go over pages.

Spreadsheets are written from the same values (raw typed cells plus `Column.kind`). Measures in millimetres.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.paper.cells import NUMBERS, Cell, default_align


class PageSum(StrEnum):
    """What stands under the rows of each page when a table needs more than one (跨页小计)."""

    NONE = "none"
    SUBTOTAL = "subtotal"  # 本页小计
    CARRY = "carry"  # 过次页 at the foot, 承前页 at the head of the next page


class Sum(StrEnum):
    """What a column does in subtotals and totals."""

    NONE = "none"
    ADD = "add"
    LAST = "last"  # a running balance: the last value carries over


class Fill(StrEnum):
    """What happens to the unused rest of a table's last page (空白行)."""

    NONE = "none"
    BLANK = "blank"  # empty rows to write in by hand
    STRUCK = "struck"  # empty rows struck through, so that nothing can be added later


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table (列).

    Attributes:
        label: heading; a line break in it is kept.
        width: weight against the other columns; None measures the content.
        kind: what the raw values are (money in 分, hours in minutes, points and 学时 in hundredths).
        align: None means numbers right, dates and codes centred, text left.
        sum: what subtotals and totals do with it; None means add for money, points, hours and 学时.
        wrap: whether long text goes on in a second line (else it is squeezed into one).
        grouped: thousands separators of integers; off for years and running numbers.
    """

    label: str
    width: float | None = None
    align: Align | None = None
    kind: CellKind = CellKind.TEXT
    sum: Sum | None = None
    wrap: bool = True
    grouped: bool = True

    @property
    def aligned(self) -> Align:
        """The alignment in force."""
        return self.align or default_align(self.kind)

    @property
    def summed(self) -> Sum:
        """The summing in force."""
        if self.sum is not None:
            return self.sum
        return Sum.ADD if self.kind in NUMBERS and self.kind is not CellKind.INTEGER else Sum.NONE


def serial_column(label: str = "序号") -> Column:
    """The column of running numbers."""
    return Column(label, kind=CellKind.INTEGER, align=Align.CENTER, grouped=False)


@dataclass(frozen=True, slots=True)
class HeadGroup:
    """A cell of the upper of two head rows, over ``span`` columns; without a label the columns reach up to it."""

    label: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Band:
    """A row that sums up others (本月合计, 本年累计): bold, between rules, not counted again in totals."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row that knows where it comes from: ``source`` comes back with its place on the page (`render.Spot`)."""

    cells: tuple[Cell, ...]
    source: str


Row = tuple[Cell, ...] | Band | Line


def cells_of(row: Row) -> tuple[Cell, ...]:
    """The raw values of a row."""
    return row if isinstance(row, tuple) else row.cells


@dataclass(frozen=True, slots=True)
class Table:
    """A table (表格) over as many pages as it needs; the head is repeated, a row is never split.

    Attributes:
        columns: at least one.
        rows: raw cells, one per column. May be lazy, but must start anew whenever it is iterated: the paper is
            read more than once (glyph check, widths, drawing).
        name: what the table is called in messages, bookmarks and as a sheet name; not printed.
        head_groups: the upper head row; spans add up to the number of columns.
        totals: the last row, given (then it must agree with the rows) or None.
        total_label: with a text, the 合计 row is added up from the rows.
        page_subtotal: 本页小计 on every page of a table that needs more than one.
        carry: 过次页 and 承前页 instead (ledgers).
        caption_left, caption_right: above the table, such as 填报单位：… and 单位：元.
        blank_rows: empty rows after the others, for writing by hand.
        fill: what happens to the rest of the last page.
        row_height: least height of a row in mm; signature cells need 12.
        headed: whether the head is printed; a form explains itself, its sheet keeps the labels.
        size: of the text in points, 五号 by default.
        together: a short table goes to the next page rather than over the edge of this one.
        empty_text: printed in one row when there are no rows.
    """

    columns: tuple[Column, ...]
    rows: Iterable[Row]
    name: str = field(default="", kw_only=True)
    head_groups: tuple[HeadGroup, ...] = field(default=(), kw_only=True)
    totals: tuple[Cell, ...] | None = field(default=None, kw_only=True)
    total_label: str = field(default="", kw_only=True)
    page_subtotal: bool = field(default=False, kw_only=True)
    carry: bool = field(default=False, kw_only=True)
    caption_left: str = field(default="", kw_only=True)
    caption_right: str = field(default="", kw_only=True)
    blank_rows: int = field(default=0, kw_only=True)
    fill: Fill = field(default=Fill.NONE, kw_only=True)
    row_height: float = field(default=0.0, kw_only=True)
    headed: bool = field(default=True, kw_only=True)
    size: float = field(default=10.5, kw_only=True)
    together: bool = field(default=False, kw_only=True)
    empty_text: str = field(default="（无）", kw_only=True)

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")
        if isinstance(self.rows, Iterator):
            raise TypeError("rows must be iterable more than once: a sequence or a class with __iter__")
        if self.head_groups and sum(group.span for group in self.head_groups) != len(self.columns):
            raise ValueError("head groups must span all columns")
        if self.totals is not None and len(self.totals) != len(self.columns):
            raise ValueError("totals need one cell per column")
        if self.totals is not None and self.total_label:
            raise ValueError("totals are either given or added up")
        if self.page_subtotal and self.carry:
            raise ValueError("a page ends with 本页小计 or with 过次页, not both")

    @property
    def page_sum(self) -> PageSum:
        """What stands under the rows of a page."""
        if self.carry:
            return PageSum.CARRY
        return PageSum.SUBTOTAL if self.page_subtotal else PageSum.NONE
