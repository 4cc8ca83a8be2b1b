"""Drawing a poster (海报): the seal's red is used here alone, dark enough to stay readable on a photocopy."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.paper.breaking import atoms, break_lines
from hongyao_desktop.paper.document import Face, PosterLine
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import LONG, MIDDLE, MM, SHORT
from hongyao_desktop.paper.poster_model import Poster

_SEAL: Final = "0.659 0.149 0.110"  # #A8261C, the accent of the screen
_PALE: Final = "0.973 0.914 0.902"  # #F8E9E6
_RULE: Final = "0.882 0.714 0.690"
_INK: Final = "0.118 0.133 0.149"
_GREY: Final = "0.353 0.380 0.404"
_WHITE: Final = "1 1 1"
_EDGE: Final = 10 * MM
_HEAD: Final = 56 * MM
_FOOT: Final = 48 * MM  # the run and the codes of every paper stand in the lower half of it
_INSIDE: Final = 22 * MM
_STEPS: Final = 70 * MM
_STEP_GAP: Final = 5 * MM
_LOWER: Final = (0.0, 6 * MM, 11 * MM)  # how much lower the steps of second and third are
_ROW_MOST: Final = 15 * MM
_ONE_COLUMN: Final = 8
_COLUMN_GAP: Final = 8 * MM
_ON_STEPS: Final = 3
_LEAST_OF_SIZE: Final = 0.6  # a text in one line is not set smaller than this share of its size
_OF_TWO_LINES: Final = 0.62


def draw_poster(flow: Flow, block: Poster) -> None:
    """Draw a poster on a page of its own."""
    if flow.used > 0:
        flow.new_page()
    flow.mark(block.title, 0)
    _Poster(flow, block).draw()
    flow.used = flow.frame.height


class _Poster:
    def __init__(self, flow: Flow, block: Poster) -> None:
        self.flow = flow
        self.block = block
        self.ink = flow.ink
        self.left = _INSIDE
        self.right = SHORT - _INSIDE
        self.width = self.right - self.left

    def draw(self) -> None:
        self._frame()
        top = LONG - _EDGE - _HEAD - 8 * MM
        bottom = _EDGE + _FOOT
        lines = self.block.lines
        if not lines:
            self._say(SHORT / 2, (top + bottom) / 2, Face.KAI, 20, self.block.empty_text, 0.5, _GREY)
        first, others = lines[:_ON_STEPS], lines[_ON_STEPS:]
        if first:
            self._steps(first, top)
        if others:
            self._others(others, top - _STEPS - 6 * MM, bottom)
        self._foot(bottom)

    # ------------------------------------------------------------------------------------------------- pieces
    def _box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.ink.shape(f"{colour} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f 0 g")

    def _edge(self, inset: float, weight: float) -> None:
        self.ink.shape(
            f"{_SEAL} RG {weight:g} w {inset:.2f} {inset:.2f} {SHORT - 2 * inset:.2f} {LONG - 2 * inset:.2f} re S 0 G"
        )

    def _disc(self, x: float, y: float, radius: float, colour: str) -> None:
        r, k = radius, radius * 0.5523
        self.ink.shape(
            f"{colour} rg {x + r:.2f} {y:.2f} m "
            f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
            f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
            f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
            f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c f 0 g"
        )

    def _fitting(self, face: Face, size: float, text: str, room: float, least: float = 9) -> float:
        """The size, or a smaller one in which the text fits."""
        wide = self.ink.pen(face, size).measure(text)
        if wide <= room:
            return size
        return max(least, int(size * room / wide * 2) / 2)

    def _say(
        self,
        x: float,
        middle: float,
        face: Face,
        size: float,
        text: str,
        align: float,
        colour: str = _INK,
        room: float = 0.0,
    ) -> float:
        """A text around its middle; ``align`` 0 starts at x, 0.5 is centred on it, 1 ends there. Returns its width."""
        text = self.flow.clean(text, "海报")
        if room:
            size = self._fitting(face, size, text, room)
        operators, wide = self.ink.pen(face, size)(text)
        shown = min(wide, room) if room else wide
        narrow = ("", "") if shown >= wide else (f"{100 * shown / wide:.1f} Tz ", " 100 Tz")
        self.ink.text(
            x - shown * align, middle - MIDDLE * size, f"{colour} rg {narrow[0]}{operators}{narrow[1]} 0 g"
        )
        return shown

    def _words(
        self,
        x: float,
        middle: float,
        face: Face,
        size: float,
        text: str,
        align: float,
        colour: str,
        room: float,
    ) -> None:
        """A text in one line, somewhat smaller if it must be, else in two: a squeezed name cannot be read from afar."""
        measure = self.ink.pen(face, size).measure
        text = self.flow.clean(text, "海报")
        if measure(text) <= room / _LEAST_OF_SIZE:
            self._say(x, middle, face, size, text, align, colour, room)
            return
        small = size * _OF_TWO_LINES
        # Two lines of about the same length.
        measure = self.ink.pen(face, small).measure
        share = max(room, measure(text) / 2 + small)
        lines = [line.text for line in break_lines(atoms(text, measure), share, justify=False)]
        first, rest = lines[0], "".join(lines[1:])
        self._say(x, middle + small * 0.62, face, small, first, align, colour, room)
        self._say(x, middle - small * 0.62, face, small, rest, align, colour, room)

    # ------------------------------------------------------------------------------------------------- parts
    def _frame(self) -> None:
        self._edge(_EDGE, 2.4)
        self._edge(_EDGE + 1.6 * MM, 0.6)
        inner = _EDGE + 1.6 * MM
        top = LONG - inner
        self._box(inner, top - _HEAD, SHORT - 2 * inner, _HEAD, _SEAL)
        middle = top - _HEAD * 0.44
        self._say(
            SHORT / 2, middle, Face.BIAO, 44, self.block.title, 0.5, _WHITE, SHORT - 2 * inner - 16 * MM
        )
        self._say(SHORT / 2, top - _HEAD * 0.79, Face.KAI, 17, self.block.under, 0.5, _WHITE, self.width)

    def _steps(self, first: tuple[PosterLine, ...], top: float) -> None:
        """The first in the middle and highest, the second left, the third right."""
        wide = (self.width - 2 * _STEP_GAP) / 3
        columns = {0: 1, 1: 0, 2: 2} if len(first) > 1 else {0: 1}
        for at, line in enumerate(first):
            x = self.left + columns[at] * (wide + _STEP_GAP)
            lower = _LOWER[min(line.place, _ON_STEPS) - 1]
            high = _STEPS - lower
            base = top - _STEPS
            self._box(x, base, wide, high, _PALE)
            self._box(x, base + high - 1.2 * MM, wide, 1.2 * MM, _SEAL)
            middle = x + wide / 2
            room = wide - 6 * MM
            radius = (9 if line.place == 1 else 7.5) * MM
            y = base + high - 7 * MM - radius
            self._disc(middle, y, radius, _SEAL)
            self._say(middle, y, Face.BIAO, radius * 1.15, str(line.place), 0.5, _WHITE, radius * 1.6)
            y -= radius + 9 * MM
            self._words(middle, y, Face.HEI_BOLD, 28 if line.place == 1 else 24, line.name, 0.5, _INK, room)
            y -= 9 * MM
            self._words(middle, y, Face.SONG, 11, line.under, 0.5, _GREY, room)
            self._value(middle, base + 7.5 * MM, line, 20, 0.5, room)

    def _value(
        self, x: float, middle: float, line: PosterLine, size: float, align: float, room: float
    ) -> None:
        """The value in large figures with its unit in small letters behind it."""
        number = self.ink.pen(Face.HEI_BOLD, size).measure(line.value)
        unit = self.ink.pen(Face.SONG, size * 0.55).measure(f" {self.block.unit}")
        if number + unit > room:
            size *= room / (number + unit)
            number, unit = number * room / (number + unit), unit * room / (number + unit)
        start = x - (number + unit) * align
        self._say(start, middle, Face.HEI_BOLD, size, line.value, 0, _SEAL)
        self._say(start + number, middle, Face.SONG, size * 0.55, f" {self.block.unit}", 0, _GREY)

    def _others(self, others: tuple[PosterLine, ...], top: float, bottom: float) -> None:
        """One column, or two that are read downwards."""
        columns = 1 if len(others) <= _ONE_COLUMN else 2
        deep = -(-len(others) // columns)
        row = min(_ROW_MOST, (top - bottom) / deep)
        wide = (self.width - _COLUMN_GAP * (columns - 1)) / columns
        size = min(18.0, row * 0.5)
        for at, line in enumerate(others):
            x = self.left + at // deep * (wide + _COLUMN_GAP)
            upper = top - at % deep * row
            middle = upper - row / 2
            self.ink.shape(
                f"{_RULE} RG 0.5 w {x:.2f} {upper - row:.2f} m {x + wide:.2f} {upper - row:.2f} l S 0 G"
            )
            self._say(x + 6 * MM, middle, Face.HEI_BOLD, size * 0.85, str(line.place), 0.5, _SEAL)
            room = wide * (0.4 if columns == 1 else 0.32)
            self._words(x + 13 * MM, middle, Face.HEI, size, line.name, 0, _INK, room)
            after = x + 13 * MM + room + 2 * MM
            value = wide * 0.24
            self._value(x + wide - 1 * MM, middle, line, size, 1, value)
            self._words(
                after, middle, Face.SONG, size * 0.65, line.under, 0, _GREY, x + wide - value - 3 * MM - after
            )

    def _foot(self, top: float) -> None:
        block = self.block
        measure = self.ink.pen(Face.SONG, 9).measure
        y = top - 5 * MM
        signed = 62 * MM
        words = self.flow.clean("".join(block.notes), "海报")
        for line in break_lines(atoms(words, measure), self.width - signed - 4 * MM, justify=False):
            self._say(self.left, y, Face.SONG, 9, line.text, 0, _GREY)
            y -= 4.6 * MM
        middle = self.right - signed / 2
        self._say(middle, top - 6 * MM, Face.KAI, 14, block.issuer, 0.5, _INK, signed)
        self._say(middle, top - 14 * MM, Face.KAI, 14, format_cn(block.date), 0.5, _INK, signed)
