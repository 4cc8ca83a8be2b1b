"""Papers for the tests of the paper room, and a reader of what was drawn."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import pypdfium2

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
    Foot,
    Meta,
    Orientation,
    PageNumber,
    Table,
    serial_column,
)
from hongyao_desktop.paper.render import Rendered, draw

MOMENT = dt.datetime(2026, 10, 8, 14, 3, tzinfo=dt.timezone(dt.timedelta(hours=8)))
HEAD = "3f9ac0123456789abcdef0123456789a"
RARE = "𬬭𠮷䶮㐀𰻞𱍐𡉃㐂𮯰堃喆玥祎"
"""Characters of real names: the standard list outside the 仿宋 face, Extensions A, B, E, G, H, I."""
NO_GLYPH = "𱍓"
"""U+31353, which no bundled font draws."""
POINTS_PER_MM = 72 / 25.4


def document(*blocks: Block, landscape: bool = False, number: PageNumber = PageNumber.OFFICIAL) -> Document:
    """A paper of these blocks with a foot."""
    return Document(
        "测试材料",
        tuple(blocks),
        meta=Meta(MOMENT, "水湾社区"),
        foot=Foot("李静（录入） 2026-10-08 14:03 打印", HEAD, number),
        orientation=Orientation.LANDSCAPE if landscape else Orientation.PORTRAIT,
    )


def money_table(amounts: list[int], **more: Any) -> Table:
    """A table of running numbers, names and money in 分."""
    rows = [(index, f"姓名{index}", amount) for index, amount in enumerate(amounts, 1)]
    columns = (serial_column(), Column("姓名", 2), Column("金额", 2, kind=CellKind.MONEY))
    return Table(columns, rows, name="发放表", **more)


@dataclass(frozen=True)
class Mark:
    """One character on a page: origin on the baseline and loose box, points from the lower left of the sheet."""

    character: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float


class Drawn:
    """A drawn paper, read back by PDFium."""

    def __init__(self, paper: Document) -> None:
        self.data, self.rendered = draw(paper)
        self._file = pypdfium2.PdfDocument(self.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def result(self) -> Rendered:
        return self.rendered

    @property
    def pages(self) -> list[str]:
        """The words of every page."""
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in self._file]

    @property
    def words(self) -> str:
        """All words without blanks and line ends."""
        return re.sub(r"\s", "", "".join(self.pages))

    def size(self, page: int) -> tuple[float, float]:
        width, height = self._file[page - 1].get_size()
        return float(width), float(height)

    def marks(self, page: int) -> Iterator[Mark]:
        """Every visible character of a page."""
        import ctypes

        text = self._file[page - 1].get_textpage()
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if not character.strip():
                continue
            assert pypdfium2.raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
            left, bottom, right, top = text.get_charbox(index, loose=True)
            yield Mark(character, x.value, y.value, left, bottom, right, top)

    def ink_box(self, page: int, character: str) -> tuple[float, float, float, float]:
        """The tight box of the first such character on a page: left, bottom, right, top."""
        text = self._file[page - 1].get_textpage()
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1) == character:
                box: tuple[float, float, float, float] = text.get_charbox(index)
                return box
        raise AssertionError(f"{character} is not on page {page}")
