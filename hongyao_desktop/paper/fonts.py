"""The bundled fonts (字库): chains of faces, glyph by glyph fallback, widths. Loaded only when a paper needs them.

Every face is followed by others, so that a rare character of a name is drawn by the next font that has it; what
none has is written as its code point in brackets (`legible`) and reported, never drawn as a box.
"""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import Final, NamedTuple

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from hongyao_desktop.paper.document import Face
from hongyao_desktop.paper.problem import PaperError

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "fonts"

_RARE: Final = ("HYSong", "HYRareA", "HYRareB", "HYRareC")
CHAINS: Final[dict[Face, tuple[str, ...]]] = {
    Face.FANG: ("HYFangSong", "HYFangFill", *_RARE),
    Face.SONG: _RARE,
    # Weight 700 of Noto Serif SC, set beside 600, 900 and FandolSong Bold at 22 pt: 600 reads as text, 900 closes up
    # in 愿 and 情; FandolSong Bold has a printed 小标宋's weight, but level strokes that break on office printers and
    # 1,467 standard characters less. 700 is nearest with all of them. Strokes measured: packaging/fonts/README.md.
    Face.BIAO: ("HYBiaoSong", *_RARE),
    Face.HEI: ("HYHei", *_RARE),
    Face.HEI_BOLD: ("HYHeiBold", "HYHei", *_RARE),
    Face.KAI: ("HYKai", *_RARE),
}
"""Font files (without .ttf) of each face, in the order they are asked for a glyph."""

LATIN: Final[dict[Face, str]] = {Face.FANG: "HYSong", Face.KAI: "HYSong"}
"""Faces whose ASCII comes from another font: the digits of FandolFang are much heavier than its ideographs, those of
LXGW WenKai have no serifs."""

STROKES: Final = {"HYBiaoSong": 0.024, "HYHeiBold": 0.026, "HYHei": 0.012}
"""Strong faces beside which a glyph of the chain looks thin: it gets a stroke of this part of its size."""

# Characters that direct text or choose a variant but leave no mark; without a glyph they are dropped.
_UNSEEN: Final = frozenset(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
    + [code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A}]
)

_lock: Final = threading.RLock()


class Glyph(NamedTuple):
    """Which font of a chain draws a character, and how far it advances in 1/1000 of the size."""

    font: str
    width: float
    stroke: float


def _to_unicode(fontname: str, subset: list[int]) -> str:
    """The map from codes to text of one embedded subset.

    ReportLab 5.1.0 writes code points above U+FFFF with five hexadecimal digits; the format wants UTF-16. Unused
    codes are left out, blocks hold at most 100 entries as the format demands.
    """
    pairs = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
        for code, point in enumerate(subset)
        if point
    ]
    blocks = []
    for start in range(0, len(pairs), 100):
        part = pairs[start : start + 100]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({fontname})",
            f"/Ordering ({fontname})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{fontname} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


@functools.cache
def _prepare_library() -> None:
    ttfonts.makeToUnicodeCMap = _to_unicode
    rl_config.useA85 = 0  # streams as bytes, a fifth smaller than ReportLab's text form


@functools.cache
def load(name: str) -> ttfonts.TTFont:
    """The font of one file, registered with ReportLab. Raises PaperError when the file is missing or broken."""
    with _lock:
        _prepare_library()
        try:
            font = ttfonts.TTFont(name, str(FOLDER / f"{name}.ttf"), asciiReadable=True, shapable=False)
        except (ttfonts.TTFError, OSError) as error:
            raise PaperError(f"字体文件 {name}.ttf 读不出来，不能生成纸面材料，请重新安装程序。") from error
        pdfmetrics.registerFont(font)
        return font


class _Glyphs(dict[str, Glyph | None]):
    """Glyphs of one face by character, found on first use."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.chain = CHAINS[face]
        self.latin = LATIN.get(face)

    def __missing__(self, character: str) -> Glyph | None:
        code = ord(character)
        found: Glyph | None = None
        for name in (self.latin,) if self.latin and character.isascii() else self.chain:
            face = load(name).face
            if code in face.charToGlyph:
                stroke = 0.0 if name == self.chain[0] else STROKES.get(self.chain[0], 0.0)
                found = Glyph(name, float(face.charWidths.get(code, face.defaultWidth)), stroke)
                break
        self[character] = found
        return found


@functools.cache
def glyphs(face: Face) -> _Glyphs:
    """The glyph table of a face: ``glyphs(face)[character]`` is a Glyph, or None when no font of the chain has it."""
    return _Glyphs(face)


@functools.cache
def main_characters(face: Face) -> frozenset[str]:
    """Characters the first font of the chain draws itself: text of these alone needs no fallback."""
    unfit = set("\n\t\u00a0") | set(map(chr, _UNSEEN))
    if face in LATIN:
        unfit |= set(map(chr, range(0x20, 0x7F)))
    return frozenset(map(chr, load(CHAINS[face][0]).face.charToGlyph)) - unfit


@functools.cache
def drawable(face: Face) -> frozenset[str]:
    """Characters that need no second look: `main_characters` and ASCII."""
    return main_characters(face) | set(map(chr, range(0x20, 0x7F)))


def missing(text: str) -> tuple[str, ...]:
    """Characters of a text that no font can draw, each once, in order. All chains end alike, so any face answers."""
    table = glyphs(Face.SONG)
    return tuple(
        dict.fromkeys(
            character
            for character in text
            if character not in "\n\t\u00a0" and ord(character) not in _UNSEEN and table[character] is None
        )
    )


def legible(text: str, lost: list[str] | None = None) -> str:
    """The text as it can be drawn: code points in brackets for missing glyphs, nothing for invisible marks.

    Characters replaced are added to ``lost``.
    """
    table = glyphs(Face.SONG)
    parts = []
    for character in text:
        if character in "\t\u00a0":
            parts.append(" ")
        elif ord(character) in _UNSEEN:
            continue
        elif character == "\n" or table[character] is not None:
            parts.append(character)
        else:
            parts.append(f"[U+{ord(character):04X}]")
            if lost is not None:
                lost.append(character)
    return "".join(parts)


def width(face: Face, text: str, size: float) -> float:
    """How far a legible text advances, in points."""
    if main_characters(face).issuperset(text):
        return float(load(CHAINS[face][0]).stringWidth(text, size))
    table = glyphs(face)
    return sum(glyph.width for character in text if (glyph := table[character])) * size / 1000


def runs(face: Face, text: str) -> list[tuple[str, str, float]]:
    """A legible text cut into stretches of one font: (font name, text, stroke in parts of the size)."""
    table = glyphs(face)
    found: list[tuple[str, str, float]] = []
    start, current = 0, None
    for index, character in enumerate(text):
        glyph = table[character]
        if glyph is None:
            raise ValueError(f"not legible: U+{ord(character):04X}")
        key = (glyph.font, glyph.stroke)
        if key != current:
            if current is not None:
                found.append((current[0], text[start:index], current[1]))
            start, current = index, key
    if current is not None:
        found.append((current[0], text[start:], current[1]))
    return found
