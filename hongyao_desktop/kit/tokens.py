"""Colours, sizes and spacing of the window, named once; the style sheet and every painter take them from here.

Lengths are device-independent pixels at 100 % text size; :mod:`hongyao_desktop.kit.look` scales them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme. Inks keep at least 4.5:1 on every ground they are used on (a test computes it)."""

    paper: str
    paper_deep: str
    surface: str
    hover: str
    ink: str
    ink_2: str
    ink_3: str
    ink_off: str
    line: str
    line_strong: str
    seal: str
    seal_deep: str
    seal_soft: str
    on_seal: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str
    sheet: str
    mat: str

    def named(self) -> dict[str, str]:
        """Every colour by its name, as the style sheet writes it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


LIGHT: Final = Palette(
    paper="#F6F4EF",
    paper_deep="#ECE8DF",
    surface="#FFFFFF",
    hover="#F4F1EA",
    ink="#1E2226",
    ink_2="#4A5157",
    ink_3="#5A6167",
    ink_off="#8B8F92",
    line="#E2DED5",
    line_strong="#BFB9AC",
    seal="#A8261C",
    seal_deep="#8A1D15",
    seal_soft="#F8E9E6",
    on_seal="#FFFFFF",
    good="#1F6F4A",
    good_soft="#E6F1EB",
    warn="#8A5A00",
    warn_soft="#FAF1DC",
    bad="#A8261C",
    bad_soft="#F8E9E6",
    info="#2B5C8A",
    info_soft="#E7EEF5",
    sheet="#FFFFFF",
    mat="#DAD5CA",
)

HIGH_CONTRAST: Final = Palette(
    paper="#FFFFFF",
    paper_deep="#EDEDED",
    surface="#FFFFFF",
    hover="#EDEDED",
    ink="#000000",
    ink_2="#1A1A1A",
    ink_3="#262626",
    ink_off="#595959",
    line="#8C8C8C",
    line_strong="#262626",
    seal="#8A0F08",
    seal_deep="#5E0803",
    seal_soft="#FBE3E0",
    on_seal="#FFFFFF",
    good="#0B4F30",
    good_soft="#E2F3EA",
    warn="#5F3D00",
    warn_soft="#FBEFD2",
    bad="#8A0F08",
    bad_soft="#FBE3E0",
    info="#10406B",
    info_soft="#E1ECF6",
    sheet="#FFFFFF",
    mat="#BFBFBF",
)


class Space(IntEnum):
    """The only distances there are."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32


class TypeSize(IntEnum):
    """Type sizes in pixels at 100 %."""

    HINT = 12
    BODY = 14
    SECTION = 16
    TITLE = 20
    FIGURE = 28


class Height(IntEnum):
    """Heights of things one meets on every page."""

    BADGE = 18
    TARGET = 28
    STATUS = 28
    ROW_COMPACT = 26
    ROW = 32
    INPUT = 34
    BUTTON = 34
    NAVIGATION = 40
    FILTERS = 44
    TOOLBAR = 48


class Width(IntEnum):
    """Widths that belong to the window's anatomy."""

    EDGE = 3
    SCROLLBAR = 10
    ICON = 18
    NAVIGATION = 184
    SEARCH = 360
    FORM_LEAST = 300
    FORM = 400
    LIST = 738
    TWO_COLUMNS_FROM = 320


class Radius(IntEnum):
    """Corners."""

    INPUT = 4
    PANEL = 6


FADE_MS: Final = 120
"""The only motion: messages fade in and out."""

SCALES: Final = (1.0, 1.1, 1.25, 1.5)
"""Text sizes on offer."""

SANS: Final = ("HY Hei", "HY Rare A", "HY Rare B", "HY Rare C")
"""The bundled 黑 face and the chain that draws rare characters in it (families of resources/fonts)."""

SANS_ELSEWHERE: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "WenQuanYi Zen Hei")
"""What is asked for when the bundled faces are missing."""


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours after WCAG 2.1, from 1 to 21."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
