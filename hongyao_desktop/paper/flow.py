"""Pages one after another (分页): the place on the page, new pages, the foot, what was lost and where things stand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.breaking import atoms, break_lines
from hongyao_desktop.paper.document import Document, Face, Orientation, PageNumber
from hongyao_desktop.paper.geometry import (
    NUMBER_BELOW,
    PITCH,
    SIZE_4,
    SIZE_5,
    SIZE_5_SMALL,
    UPRIGHT,
    WIDE,
    Frame,
)
from hongyao_desktop.paper.ink import Ink
from hongyao_desktop.paper.problem import MissingGlyph
from hongyao_desktop.paper.stamp import short_code

_TOTAL: Final = "pages-in-all"
_DASH_TOP: Final = 0.392  # upper edge of the dash of HY Song above the baseline, in its size
_FOOT_BELOW: Final = 15.0  # baseline of the foot's first line under that of the page number
_FOOT_LEADING: Final = 13.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something with a source stands: page from 1, box in points from the upper left of the page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    source: str


class Flow:
    """The page in hand and how much of it is used.

    ``used`` counts points from the upper edge of the text block.
    """

    def __init__(self, canvas: Canvas, document: Document, frame: Frame | None = None) -> None:
        self.canvas = canvas
        self.document = document
        self.ink = Ink(canvas)
        turned = document.orientation is Orientation.LANDSCAPE
        self.frame = frame or (WIDE if turned else UPRIGHT)
        self.page = 1
        self.used = 0.0
        self.lost: list[MissingGlyph] = []
        self.spots: list[Spot] = []
        self.parts: list[int] = []
        self._front = 0  # pages before the first part
        self._in_front = False
        self._deeper, self._part_title = 0, ""
        self._outline = -1
        self._marks = 0
        self.ink.begin(self.frame)

    # ---------------------------------------------------------------------------------------------------- place
    @property
    def room(self) -> float:
        """Points left on the page."""
        return self.frame.height - self.used

    @property
    def y(self) -> float:
        """Upper edge of what comes next, from the bottom of the page."""
        return self.frame.top - self.used

    def take(self, height: float) -> float:
        """Use up a height and return the y of its upper edge."""
        y = self.y
        self.used += height
        return y

    def used_up(self, height: float) -> None:
        """Leave a gap, at most to the end of the page."""
        self.used += min(height, max(0.0, self.room))

    def need(self, height: float) -> None:
        """Go to a new page unless this much is left (a page that is still empty is kept)."""
        if self.room + 0.01 < height and self.used > 0:
            self.new_page()

    def snap(self) -> None:
        """Go down to the next line of the grid, so that text after a table stands on the official lines again."""
        self.used = min(math.ceil(self.used / PITCH - 0.001) * PITCH, self.frame.height)

    def new_page(self, orientation: Orientation | None = None) -> None:
        """End this page and start another one, turned if asked."""
        self._end_page()
        if orientation is not None:
            self.frame = WIDE if orientation is Orientation.LANDSCAPE else UPRIGHT
        self.page += 1
        self.used = 0.0
        self.ink.begin(self.frame)

    def front(self) -> None:
        """What follows is cover and contents: pages without a number."""
        self._in_front = True

    def part(self, title: str, orientation: Orientation) -> None:
        """Begin a part on a page of its own; pages are counted from the first one."""
        turned = orientation is Orientation.LANDSCAPE
        if self.used > 0:
            self.new_page(orientation)
        elif turned != self.frame.landscape:
            self.frame = WIDE if turned else UPRIGHT
            self.ink.begin(self.frame)
        if self._in_front:
            self._in_front = False
            self._front = self.page - 1
        self._deeper, self._part_title = 0, ""
        self.mark(title, 0)
        self._deeper, self._part_title = 1, title
        self.parts.append(self.number)

    @property
    def number(self) -> int:
        """The number of the page in hand."""
        return self.document.first_page + self.page - 1 - self._front

    # ----------------------------------------------------------------------------------------------------- text
    def clean(self, text: str, where: str) -> str:
        """The text as it can be drawn; characters that no font has are noted with their place."""
        if self.ink.pen(Face.SONG, SIZE_5).safe.issuperset(text):
            return text
        lost: list[str] = []
        legible = fonts.legible(text, lost)
        self.lost += [MissingGlyph(character, text, where) for character in dict.fromkeys(lost)]
        return legible

    def mark(self, text: str, level: int) -> None:
        """A bookmark to this page; a level may not be deeper than the last one by more than one."""
        if self._part_title and text == self._part_title:
            return  # the part's own bookmark stands for its title
        self._marks += 1
        self._outline = min(level + self._deeper, self._outline + 1)
        key = f"m{self._marks}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(text, key, level=self._outline, closed=False)

    def spot(self, left: float, top: float, right: float, bottom: float, source: str) -> None:
        """Remember where a source stands; y counts from the bottom of the page."""
        height = self.frame.page_height
        self.spots.append(Spot(self.page, left, height - top, right, height - bottom, source))

    # ----------------------------------------------------------------------------------------------------- foot
    def finish(self) -> int:
        """End the last page; returns the number of pages."""
        self._end_page()
        self._define_total()
        return self.page

    def _end_page(self) -> None:
        self._foot_line()
        self.ink.end(self.frame)
        self._page_number()
        self.ink.flush()
        self.canvas.showPage()

    def _page_number(self) -> None:
        """「— 3 —」 below the text block of the upright sheet, one character in from the outer edge."""
        kind = self.document.foot.number
        if kind is PageNumber.NONE or self._in_front:
            return
        number = self.number
        text = f"— {number} —"
        pen = self.ink.pen(Face.SONG, SIZE_4)
        operators, wide = pen(text)
        y = UPRIGHT.bottom - NUMBER_BELOW - _DASH_TOP * SIZE_4
        if kind is PageNumber.CENTRED:
            x = UPRIGHT.left + (UPRIGHT.width - wide) / 2
        elif number % 2:
            x = UPRIGHT.right - SIZE_4 - wide
        else:
            x = UPRIGHT.left + SIZE_4
        self.ink.text(x, y, operators)

    def _foot_line(self) -> None:
        foot, frame, ink = self.document.foot, self.frame, self.ink
        head = f"核验码 {short_code(foot.chain_head, foot.checksum)}" if foot.chain_head else ""
        run = self.clean(foot.run, "页脚")
        if not (run or head):
            return
        y = frame.bottom - NUMBER_BELOW - _DASH_TOP * SIZE_4 - _FOOT_BELOW
        if frame.landscape:
            y = frame.bottom - NUMBER_BELOW - SIZE_5  # no page number above it on this side of the sheet
        page = f"　第 {self.page} 页"
        wide = ink.pen(Face.SONG, SIZE_5).measure(page)
        ink.say(frame.right - wide, y, Face.SONG, SIZE_5, page)
        ink.flush()
        self.canvas.addLiteral(f"q 1 0 0 1 {frame.right - wide:.2f} {y:.2f} cm")
        self.canvas.doForm(_TOTAL)
        self.canvas.addLiteral("Q")
        room = frame.width - ink.pen(Face.SONG, SIZE_5).measure(f"{page}　共 9999 页　")
        size = SIZE_5
        texts = self._foot_texts(run, head, size, room)
        if len(texts) > 2:
            size = SIZE_5_SMALL
            texts = self._foot_texts(run, head, size, room)
        if len(texts) > 2:  # a filter of many words: two lines hold what they can, narrowed
            texts = [texts[0], "".join(texts[1:])]
        pen = ink.pen(Face.SONG, size)
        for index, text in enumerate(texts):
            if pen.measure(text) > room:
                ink.squeezed(frame.left, y - index * _FOOT_LEADING, pen, text, room)
            else:
                ink.say(frame.left, y - index * _FOOT_LEADING, Face.SONG, size, text)

    def _foot_texts(self, run: str, head: str, size: float, room: float) -> list[str]:
        """Print run and chain head in lines; the chain head stays in one piece."""
        measure = self.ink.pen(Face.SONG, size).measure
        lines = self._foot_run(run, measure, room) if run else []
        if head and lines and measure(f"{lines[-1]}　{head}") <= room:
            lines[-1] = f"{lines[-1]}　{head}"
        elif head:
            lines.append(head)
        return lines

    @staticmethod
    def _foot_run(run: str, measure: Callable[[str], float], room: float) -> list[str]:
        """The print run in lines that end at a semicolon where they can."""
        lines: list[str] = []
        for part in run.split("；"):
            together = f"{lines[-1]}；{part}" if lines else part
            if lines and measure(together) <= room:
                lines[-1] = together
            elif measure(part) <= room:
                lines.append(part)
            else:
                return [line.text for line in break_lines(atoms(run, measure), room, justify=False)]
        return lines

    def _define_total(self) -> None:
        """The words "共 n 页" of every page, written once when n is known; they end where the form is placed."""
        if not (self.document.foot.run or self.document.foot.chain_head):
            return
        text = f"共 {self.page} 页"
        wide = self.ink.pen(Face.SONG, SIZE_5).measure(text)
        self.canvas.beginForm(_TOTAL, -int(wide) - 2, -4, 2, 13)
        self.ink.say(-wide, 0, Face.SONG, SIZE_5, text)
        self.ink.flush()
        self.canvas.endForm()
