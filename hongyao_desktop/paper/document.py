"""The document model (文档模型): what a paper says, as frozen values without a page, a font or a library.

A module declares its paper with these; `render.render_pdf` sets it on pages, and tables go into spreadsheets from
the same declaration (raw typed cells plus `Column.kind`). Measures in millimetres, font sizes in points.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.poster_model import Poster, PosterLine
from hongyao_desktop.paper.table_model import (
    Band,
    Column,
    Fill,
    HeadGroup,
    Line,
    PageSum,
    Row,
    Sum,
    Table,
    cells_of,
    serial_column,
)

__all__ = [
    "Annex",
    "AnnexList",
    "Band",
    "Block",
    "Chart",
    "ChartKind",
    "Column",
    "Contents",
    "Cover",
    "Document",
    "Face",
    "Fill",
    "Foot",
    "HeadGroup",
    "Heading",
    "Line",
    "Meta",
    "Note",
    "Orientation",
    "PageBreak",
    "PageNumber",
    "PageSum",
    "Paragraph",
    "Part",
    "Poster",
    "PosterLine",
    "QrCode",
    "Role",
    "Row",
    "Seal",
    "Series",
    "SignatureRow",
    "Spacer",
    "Span",
    "Sum",
    "Table",
    "Text",
    "Title",
    "cells_of",
    "plain",
    "serial_column",
]


class Orientation(StrEnum):
    """How the sheet lies (纸张方向)."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Role(StrEnum):
    """How a paragraph is set (段落样式)."""

    BODY = "body"  # 仿宋, first line indented by two characters
    FLUSH = "flush"  # 仿宋 from the left edge: the addressee (主送)
    CENTER = "center"
    RIGHT = "right"  # two characters in from the right edge
    KAI = "kai"  # 楷体, centred: the line under a title (date of a meeting, 征求意见稿)


class Face(StrEnum):
    """Typefaces of a paper (字体)."""

    FANG = "仿宋"
    SONG = "宋体"
    BIAO = "小标宋"
    HEI = "黑体"
    HEI_BOLD = "黑体加粗"
    KAI = "楷体"


class PageNumber(StrEnum):
    """Where the page number stands (页码)."""

    OFFICIAL = "official"  # 「— 3 —」, odd pages right, even pages left
    CENTRED = "centred"  # same figure in the middle, for paper printed on one side
    NONE = "none"  # only the "第 3 页，共 9 页" of the foot line


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text inside a paragraph: another face, or a figure that knows where it comes from.

    ``source`` is returned with its place on the page (`render.Spot`), so that the preview can open what is behind it.
    """

    text: str
    face: Face | None = None
    source: str = ""


Text = str | tuple[Span, ...]
"""Text of a paragraph or heading; a line break (\\n) inside starts a new line."""


def plain(text: Text) -> str:
    """The words of a text without its spans."""
    return text if isinstance(text, str) else "".join(span.text for span in text)


@dataclass(frozen=True, slots=True)
class Title:
    """The title (标题): 2号小标宋, centred. Several lines are balanced unless ``lines`` says where to break."""

    text: str = ""
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.text) == bool(self.lines):
            raise ValueError("a title has either text or lines")

    @property
    def words(self) -> str:
        """The title in one piece."""
        return self.text or "".join(self.lines)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4: 一、黑体; （一）楷体; 1. 仿宋; （1）仿宋.

    Numbers are counted by the document (a higher level starts the lower ones anew). A caller who numbers himself
    gives ``numbered=False``. With ``runs_in`` the following paragraph continues on the heading's line.
    """

    level: int
    text: str
    numbered: bool = True
    runs_in: bool = False

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"heading level {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (段落)."""

    text: Text
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Note:
    """A small note (注、说明) of 五号 under a table or text."""

    text: str


@dataclass(frozen=True, slots=True)
class Spacer:
    """Empty lines of the grid (空行)."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, lying the other way if asked (另起一页); the direction stays until the next one."""

    orientation: Orientation | None = None


@dataclass(frozen=True, slots=True)
class AnnexList:
    """附件说明 under the text: 「附件：1. …」, one line each, without end marks."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex (附件) on a new page: 「附件1」 at the top left, the title centred on the third line."""

    title: str
    number: int | None = None
    orientation: Orientation | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """Issuer and date at the end (落款), never on a page of their own; ``sealed`` leaves room for the stamp."""

    issuer: str
    date: dt.date
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Who made, checked, approved (制表人、审核人、日期): labels with room to sign, never alone on a page.

    A label may bring its value: "制表人：李静" is printed as it is, a label without a colon gets one and a blank.
    """

    labels: tuple[str, ...]
    lines: int = 1


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code of ``edge`` mm with a caption beside it.

    Without content it holds what matches the paper to its file (核验二维码): chain head and checksum, see `stamp`.
    """

    content: str = ""
    caption: str = ""
    edge: float = 22.0


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of papers bound together (封面): title, what for and when, issuer and date; no page number."""

    title: str
    lines: tuple[str, ...]
    issuer: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of the parts that follow, with their pages (目录); no page number, like the cover."""

    title: str = "目录"


@dataclass(frozen=True, slots=True)
class Part:
    """The next of several papers bound together (材料): a new page, a bookmark, headings and charts counted anew.

    Pages are counted from the first part.
    """

    title: str
    orientation: Orientation = Orientation.PORTRAIT


class ChartKind(StrEnum):
    """Forms of a chart (图表)."""

    BAR = "bar"
    LINE = "line"
    RING = "ring"
    GRID = "grid"


_MOST_SERIES: Final = {ChartKind.BAR: 3, ChartKind.LINE: 3, ChartKind.RING: 1, ChartKind.GRID: 30}


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers of a chart, in the unit of the chart's kind of cell."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart (图): the same values are drawn on paper and on the screen; readable in black and white.

    Attributes:
        kind: bars, lines by month, a ring of shares, or a grid of months across and things down.
        title: stands under the chart as 「图 1 …」.
        labels: what the values belong to, one per value.
        series: one to three rows of values; a grid has up to thirty.
        cell: what the numbers count.
        unit: such as 人次, written beside the title.
        height: in mm.
        titled: whether the title and the number of the chart are printed.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    cell: CellKind = CellKind.INTEGER
    unit: str = ""
    height: float = 62.0
    titled: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= _MOST_SERIES[self.kind]:
            raise ValueError("a chart has one to three series, a ring one, a grid up to thirty")
        if any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError("every series has one value per label")


Block = (
    Title
    | Heading
    | Paragraph
    | Table
    | Poster
    | Note
    | SignatureRow
    | Spacer
    | PageBreak
    | AnnexList
    | Annex
    | Seal
    | QrCode
    | Chart
    | Cover
    | Contents
    | Part
)


@dataclass(frozen=True, slots=True)
class Foot:
    """The foot of every page: how a paper is matched to the data (打印记录).

    Attributes:
        run: who printed when, with which filter; as short as it can be, two lines at most.
        chain_head: head of the journal's hash chain; its first 12 characters are printed.
        checksum: of what the paper says; filled in by `stamp.stamped`, its first 8 characters are printed.
        number: where the page number stands.
    """

    run: str = ""
    chain_head: str = ""
    checksum: str = field(default="", kw_only=True)
    number: PageNumber = PageNumber.OFFICIAL


@dataclass(frozen=True, slots=True)
class Meta:
    """What the file says about itself.

    Attributes:
        created: moment of the data, not of the drawing: the same data must give the same bytes.
        author: who issues the paper.
        subject: one line about the content.
        keywords: for searching.
    """

    created: dt.datetime
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A paper (一份材料). ``title`` names the file and the window; what is printed is in ``blocks``."""

    title: str
    blocks: tuple[Block, ...]
    meta: Meta = field(kw_only=True)
    foot: Foot = field(default=Foot(), kw_only=True)
    orientation: Orientation = field(default=Orientation.PORTRAIT, kw_only=True)
    first_page: int = field(default=1, kw_only=True)

    def tables(self) -> tuple[Table, ...]:
        """The tables, in order, for the spreadsheet of the same paper."""
        tables = (block.table if isinstance(block, Poster) else block for block in self.blocks)
        return tuple(block for block in tables if isinstance(block, Table))
