"""A poster (海报): one sheet to hang on a wall, read from two metres away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.paper.table_model import Table

MOST_LINES: Final = 33
"""Three on the steps and two columns of fifteen: more cannot be read from afar."""


@dataclass(frozen=True, slots=True)
class PosterLine:
    """One who is honoured: the place, the name in large letters, what stands under it, and the value as written."""

    place: int
    name: str
    under: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """A sheet with a head in the seal's red, the first three on steps and the others below (光荣榜).

    It fills the sheet beyond the text block of official papers. Printed on A3 it is the same drawing, larger.

    Attributes:
        title: in one line; a long one is set smaller.
        under: the line below it: the period.
        lines: the best first, at most ``MOST_LINES``.
        unit: what the values count, written after each.
        notes: how places are given, who is not named; small, at the foot.
        empty_text: stands in the middle when there is nobody.
        issuer, date: at the foot.
        table: the same lines with raw cells, for the spreadsheet and the checksum.
    """

    title: str
    under: str
    lines: tuple[PosterLine, ...]
    unit: str
    notes: tuple[str, ...]
    empty_text: str
    issuer: str
    date: dt.date
    table: Table

    def __post_init__(self) -> None:
        if len(self.lines) > MOST_LINES:
            raise ValueError(f"a poster has at most {MOST_LINES} lines")
