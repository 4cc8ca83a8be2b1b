"""Drawing on one page (墨): text with per-glyph fallback, rules, filled boxes; fast enough for 100,000 rows.

Operators are collected as text and handed to the ReportLab canvas once a page: one text object and one path a weight.
Positions are those of the page as it is read; a wide page is turned by `Ink.begin`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.breaking import SetLine
from hongyao_desktop.paper.document import Face
from hongyao_desktop.paper.geometry import SHORT, Frame

_KEPT: Final = 20_000
"""Texts remembered per face and size; a long list repeats units, kinds and dates, not names."""
_PLAIN: Final = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


class Ply(NamedTuple):
    """What a piece of a line is tagged with: its face, and the source of the figure it belongs to."""

    face: Face
    source: str = ""


class Pen:
    """One face in one size: turns legible text into operators and knows its advance."""

    def __init__(self, canvas: Canvas, face: Face, size: float) -> None:
        self.face = face
        self.size = size
        self.safe = fonts.drawable(face)
        self._document = canvas._doc  # type: ignore[attr-defined] # noqa: SLF001 -- ReportLab numbers subsets by it
        self._pure = fonts.main_characters(face)
        self._font = fonts.load(fonts.CHAINS[face][0])
        self._latin = fonts.load(fonts.LATIN.get(face, fonts.CHAINS[face][0]))
        self._ascii = self._reference(self._latin, 0)
        self.seen: dict[str, tuple[str, float]] = {}

    def __call__(self, text: str) -> tuple[str, float]:
        """Operators that show the text at the current place, and its advance in points."""
        found = self.seen.get(text)
        if found is None:
            if len(self.seen) > _KEPT:
                self.seen.clear()
            found = self.seen[text] = self._make(text)
        return found

    def measure(self, text: str) -> float:
        """Advance of a legible text in points."""
        return self(text)[1]

    def _make(self, text: str) -> tuple[str, float]:
        if text.isascii():
            wide = self._latin.stringWidth(text, self.size)
            return f"{self._ascii} Tf ({text.translate(_PLAIN)}) Tj", float(wide)
        if self._pure.issuperset(text):
            return self._show(fonts.CHAINS[self.face][0], text), float(
                self._font.stringWidth(text, self.size)
            )
        parts = []
        for name, stretch, stroke in fonts.runs(self.face, text):
            shown = self._show(name, stretch)
            parts.append(f"2 Tr {self.size * stroke:.3f} w {shown} 0 Tr" if stroke else shown)
        return " ".join(parts), fonts.width(self.face, text, self.size)

    def _show(self, name: str, text: str) -> str:
        font = fonts.load(name)
        return " ".join(
            f"{self._reference(font, subset)} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, self._document)
        )

    def _reference(self, font: TTFont, subset: int) -> str:
        return f"{font.getSubsetInternalName(subset, self._document)} {self.size:g}"


class Ink:
    """Everything drawn on the page in hand."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self._pens: dict[tuple[Face, float], Pen] = {}
        self._text: list[str] = []
        self._lines: dict[float, list[str]] = {}
        self._fills: list[str] = []

    def pen(self, face: Face, size: float) -> Pen:
        """The pen of a face and size in this document."""
        key = (face, size)
        if key not in self._pens:
            self._pens[key] = Pen(self.canvas, face, size)
        return self._pens[key]

    def begin(self, frame: Frame) -> None:
        """Start a page. A wide page is an upright sheet shown turned, its head at the sheet's left edge."""
        self.canvas.setPageRotation(90 if frame.landscape else 0)
        # ReportLab swaps the sides of a turned page, so it is told the size as it is read.
        self.canvas.setPageSize((frame.page_width, frame.page_height))
        if frame.landscape:
            self.canvas.addLiteral(f"q 0 1 -1 0 {SHORT:.4f} 0 cm")

    def text(self, x: float, y: float, operators: str) -> None:
        """Show what a pen made, its baseline starting at (x, y)."""
        self._text.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {operators}")

    def say(self, x: float, y: float, face: Face, size: float, text: str) -> float:
        """Draw one legible text from (x, y) and return its advance."""
        operators, wide = self.pen(face, size)(text)
        self.text(x, y, operators)
        return wide

    def spaced(self, x: float, y: float, pen: Pen, text: str, wide: float) -> None:
        """Draw a text so that it advances exactly ``wide``, by even spacing between its characters."""
        operators, natural = pen(text)
        spacing = (wide - natural) / len(text)
        if abs(spacing) < 0.0005:
            self.text(x, y, operators)
        else:
            self.text(x, y, f"{spacing:.4f} Tc {operators} 0 Tc")

    def squeezed(self, x: float, y: float, pen: Pen, text: str, room: float) -> None:
        """Draw a text narrowed to ``room``: better small than cut off."""
        operators, natural = pen(text)
        self.text(x, y, f"{100 * room / natural:.1f} Tz {operators} 100 Tz")

    def line(self, x: float, y: float, line: SetLine, size: float) -> None:
        """Draw a broken line whose pieces are tagged with a `Ply`; evenly spaced neighbours go into one operator."""
        placed = line.placed
        index = 0
        while index < len(placed):
            first = placed[index]
            tag = first.atom.tag
            if not isinstance(tag, Ply):
                raise TypeError("a piece without a face")
            end = index + 1
            text, wide = first.atom.text, first.atom.width
            if len(text) == 1 and end < len(placed):
                step = placed[end].x - first.x
                while (
                    end < len(placed)
                    and placed[end].atom.tag == tag
                    and len(placed[end].atom.text) == 1
                    and abs(placed[end].atom.width - wide) < 0.001
                    and abs(placed[end].x - placed[end - 1].x - step) < 0.001
                ):
                    end += 1
                if end > index + 1:
                    text = "".join(piece.atom.text for piece in placed[index:end])
                    wide = step * len(text)
            self.spaced(x + first.x, y, self.pen(tag.face, size), text, wide)
            index = end

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float) -> None:
        """A straight rule."""
        self._lines.setdefault(weight, []).append(f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l")

    def path(self, points: Sequence[tuple[float, float]], weight: float, *, dash: str = "") -> None:
        """A polyline; ``dash`` is a PDF dash array such as "3 2"."""
        way = " ".join(f"{x:.2f} {y:.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(points))
        before, after = (f"[{dash}] 0 d ", " [] 0 d") if dash else ("", "")
        self._fills.append(f"{weight:g} w 1 J {before}{way} S{after} 0 J")

    def box(self, x: float, y: float, width: float, height: float, grey: float = 0.0) -> None:
        """A filled box from its lower left corner; ``grey`` 0 is black, 1 white."""
        self._fills.append(f"{grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f 0 g")

    def shape(self, operators: str) -> None:
        """Path operators of a drawing (charts, codes), under the text."""
        self._fills.append(operators)

    def end(self, frame: Frame) -> None:
        """Hand the page's reading-direction content to the canvas; upright content (page numbers) may follow."""
        self.flush()
        if frame.landscape:
            self.canvas.addLiteral("Q")

    def flush(self) -> None:
        """Hand over what has been collected."""
        parts = ["q", *self._fills]
        for weight, ways in self._lines.items():
            parts.append(f"{weight:g} w {' '.join(ways)} S")
        parts.append("Q")
        if self._text:
            parts += ["BT", *self._text, "ET"]
        if len(parts) > 2:
            self.canvas.addLiteral("\n".join(parts))
        self._text.clear()
        self._lines.clear()
        self._fills.clear()
