"""Pages of a PDF as pictures, and its words (预览): what the screen and the printer need, without Qt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2

from hongyao_desktop.paper.problem import PaperError

# PDFium is not safe for threads: one call at a time in the whole process.
_pdfium: Final = threading.RLock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as pixels: rows of ``stride`` bytes, three bytes a pixel in the order red, green, blue."""

    data: bytes
    width: int
    height: int
    stride: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a text was found: page from 1 and boxes in points from the upper left of the page as it is read."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


@contextlib.contextmanager
def _opened(pdf: Path) -> Iterator[Any]:
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except FileNotFoundError as error:
            raise PaperError(f"找不到文件“{pdf.name}”，请重新生成后再看。") from error
        except (pypdfium2.PdfiumError, OSError) as error:
            raise PaperError(f"“{pdf.name}”打不开，可能已损坏或加了密码，请重新生成。") from error
        try:
            yield document
        finally:
            document.close()


def page_count(pdf: Path) -> int:
    """Number of pages. Raises PaperError when the file cannot be read."""
    with _opened(pdf) as document:
        return len(document)


def page_size(pdf: Path, page: int = 1) -> tuple[float, float]:
    """Width and height in points of a page (from 1) as it is read, turned pages turned."""
    with _opened(pdf) as document:
        width, height = document[page - 1].get_size()
        return float(width), float(height)


def page_sizes(pdf: Path) -> tuple[tuple[float, float], ...]:
    """Width and height in points of every page as it is read, with the file opened once."""
    with _opened(pdf) as document:
        sizes = (document.get_page_size(index) for index in range(len(document)))
        return tuple((float(width), float(height)) for width, height in sizes)


def page_image(pdf: Path, page: int, dpi: float) -> PageImage:
    """One page (from 1) as a picture."""
    with _opened(pdf) as document:
        return _image(document, page - 1, dpi)


def page_text(pdf: Path, page: int) -> str:
    """The words of a page (from 1)."""
    with _opened(pdf) as document:
        return str(document[page - 1].get_textpage().get_text_bounded())


def find(pdf: Path, words: str) -> Iterator[Hit]:
    """Places where a text stands, in order; upper and lower case are alike, blanks and line ends do not matter."""
    if not words.strip():
        return
    for page in range(1, page_count(pdf) + 1):
        with _opened(pdf) as document:
            hits = list(_hits(document, page, words))
        yield from hits


def _image(document: Any, index: int, dpi: float) -> PageImage:
    page = document[index]
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    try:
        return PageImage(bytes(bitmap.buffer), int(bitmap.width), int(bitmap.height), int(bitmap.stride))
    finally:
        bitmap.close()
        page.close()


def _hits(document: Any, number: int, words: str) -> Iterator[Hit]:
    """PDFium's own search misses characters above U+FFFF, and words that go on in the next line."""
    page = document[number - 1]
    text = page.get_textpage()
    shown = text.get_text_range()
    places = [index for index, character in enumerate(shown) if not character.isspace()]
    packed = "".join(shown[index] for index in places).casefold()
    wanted = "".join(words.split()).casefold()
    if len(packed) != len(places):  # a letter that folds into two: compare as written
        packed = "".join(shown[index] for index in places)
    at = packed.find(wanted)
    while at >= 0:
        first, last = places[at], places[at + len(wanted) - 1]
        start, end = _units(shown[:first]), _units(shown[: last + 1])
        boxes = (text.get_rect(index) for index in range(text.count_rects(start, end - start)))
        yield Hit(number, tuple(_turned(page, box) for box in boxes))
        at = packed.find(wanted, at + len(wanted))


def _units(text: str) -> int:
    """PDFium counts in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _turned(page: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A box of the file's coordinates as the page is read: left, top, right, bottom from the upper left."""
    left, bottom, right, top = box
    if page.get_rotation() == 90:
        return bottom, left, top, right
    height = page.get_size()[1]
    return left, height - top, right, height - bottom
