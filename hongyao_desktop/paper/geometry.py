"""The official page (公文页面): GB/T 9704-2012 measures in points, origin at the lower left as the page is read.

Text block 156 × 225 mm in A4, 37 mm above, 28 mm left, 26 mm right, 35 mm below; 22 lines of 28 characters fill
it, so a line is 225/22 mm high and a character advances by 156/28 mm = 15.79 pt (a little less than the 16 pt of
its size).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MM: Final = 72 / 25.4

SHORT: Final = 210 * MM
LONG: Final = 297 * MM
TOP: Final = 37 * MM
LEFT: Final = 28 * MM
RIGHT: Final = 26 * MM
BOTTOM: Final = 35 * MM
BLOCK_SHORT: Final = SHORT - LEFT - RIGHT
BLOCK_LONG: Final = LONG - TOP - BOTTOM

LINES: Final = 22
CHARACTERS: Final = 28
PITCH: Final = BLOCK_LONG / LINES
"""Distance of two lines, 28.99 pt."""
ADVANCE: Final = BLOCK_SHORT / CHARACTERS
"""Distance of two characters, 15.79 pt."""

SIZE_2: Final = 22.0  # 二号, titles
SIZE_3: Final = 16.0  # 三号, text
SIZE_4: Final = 14.0  # 四号, page numbers
SIZE_5: Final = 10.5  # 五号, tables, notes, foot
SIZE_5_SMALL: Final = 9.0  # 小五

MIDDLE: Final = 0.38
"""Height of an ideograph's middle above the baseline, in its size (the same in all bundled faces)."""

NUMBER_BELOW: Final = 7 * MM
"""From the text block down to the upper edge of the dashes of the page number."""

HAIR: Final = 0.35
FRAME: Final = 0.75


@dataclass(frozen=True, slots=True)
class Frame:
    """The text block of one page in the direction of reading.

    A wide page is the same sheet turned: its head lies at the left edge of the upright sheet, on odd pages the
    binding side, on even pages the cutting side, and the page number stays where an upright page has it.
    """

    landscape: bool
    page_width: float
    page_height: float
    left: float
    top: float  # y of the block's upper edge
    width: float
    height: float

    @property
    def right(self) -> float:
        """X of the block's right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Y of the block's lower edge."""
        return self.top - self.height

    @property
    def characters(self) -> int:
        """Characters of 三号 a line holds."""
        return int(self.width / ADVANCE + 0.001)


UPRIGHT: Final = Frame(False, SHORT, LONG, LEFT, LONG - TOP, BLOCK_SHORT, BLOCK_LONG)
WIDE: Final = Frame(True, LONG, SHORT, BOTTOM, SHORT - LEFT, BLOCK_LONG, BLOCK_SHORT)
