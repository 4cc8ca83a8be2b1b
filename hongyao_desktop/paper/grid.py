"""Drawing the rows and rules of one page of a table (表格线)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hongyao_desktop.core.fields import Align
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import FRAME, HAIR, MIDDLE

if TYPE_CHECKING:
    from hongyao_desktop.paper.head import Head

PADDING: Final = 0.3
"""Blank left and right of a cell's text, in its size."""

Shown = tuple[str, float] | list[tuple[str, float]] | None
"""A cell ready to draw: operators and advance, several of them for several lines, or nothing."""


@dataclass(slots=True)
class TableRow:
    """A row ready to draw.

    Attributes:
        height: in points.
        cells: one per column.
        values: raw cells for sums; None for rows that are not data.
        span: how many columns the cell at ``span_at`` covers.
        strong: a sum line, set bold between stronger rules.
        source: where the row comes from.
    """

    height: float
    cells: list[Shown]
    values: Sequence[Cell] | None = None
    span: int = 1
    span_at: int = 0
    strong: bool = False
    source: str = ""


class Grid:
    """Column edges of a table and the drawing of its rows between them."""

    def __init__(
        self, flow: Flow, edges: list[float], aligns: list[Align], size: float, leading: float
    ) -> None:
        self.flow = flow
        self.edges = edges
        self.aligns = aligns
        self.size = size
        self.pad = size * PADDING
        self.leading = leading
        self.rooms = [self.room(index) for index in range(len(self.aligns))]
        self._top = 0.0
        self._head: Head | None = None

    def room(self, index: int, span: int = 1) -> float:
        """Width for the text of a cell."""
        return max(2.0, self.edges[index + span] - self.edges[index] - 2 * self.pad + 0.01)

    def start(self, head: Head) -> None:
        """Draw the head at the current place of the flow."""
        self._head = head
        self._top = self.flow.take(head.height)
        head.draw(self._top)

    def draw(self, rows: Sequence[TableRow], struck: tuple[int, int] | None = None) -> None:
        """Draw the rows below the head, all rules, and a stroke through the empty rows ``struck`` (first, last)."""
        top = self._top - (self._head.height if self._head else 0.0)
        y = top
        tops = []
        for row in rows:
            tops.append(y)
            self._row(row, y)
            y -= row.height
        tops.append(y)
        self._rules(rows, tops)
        if struck:
            first, last = struck
            self.flow.ink.rule(self.edges[-1], tops[first], self.edges[0], tops[last + 1], HAIR)
        self.flow.take(top - y)

    def _row(self, row: TableRow, top: float) -> None:
        """The text of a row; the hottest loop of the room, hence the plain style."""
        edges, pad, aligns = self.edges, self.pad, self.aligns
        text = self.flow.ink.text
        base = top - row.height / 2 - MIDDLE * self.size
        for index, cell in enumerate(row.cells):
            if cell is None:
                continue
            if row.span > 1 and index == row.span_at:
                left, right, align = edges[index], edges[index + row.span], Align.CENTER
            else:
                left, right, align = edges[index], edges[index + 1], aligns[index]
            if isinstance(cell, tuple):
                lines, y = [cell], base
            else:
                lines, y = cell, base + (len(cell) - 1) * self.leading / 2
            for operators, wide in lines:
                if align is Align.LEFT:
                    text(left + pad, y, operators)
                elif align is Align.RIGHT:
                    text(right - pad - wide, y, operators)
                else:
                    text((left + right - wide) / 2, y, operators)
                y -= self.leading
        if row.source:
            self.flow.spot(edges[0], top, edges[-1], top - row.height, row.source)

    def _rules(self, rows: Sequence[TableRow], tops: list[float]) -> None:
        ink, edges = self.flow.ink, self.edges
        left, right = edges[0], edges[-1]
        for index in range(1, len(rows)):
            strong = rows[index].strong != rows[index - 1].strong
            ink.rule(left, tops[index], right, tops[index], FRAME if strong else HAIR)
        # Upright rules run through rows alike and stop where a label covers several columns.
        start = 0
        while start < len(rows):
            end = start + 1
            key = (rows[start].span, rows[start].span_at)
            while end < len(rows) and (rows[end].span, rows[end].span_at) == key:
                end += 1
            span, at = key
            for index in range(1, len(edges) - 1):
                if not (span > 1 and at < index < at + span):
                    ink.rule(edges[index], tops[start], edges[index], tops[end], HAIR)
            start = end
        bottom = tops[-1]
        for x in (left, right):
            ink.rule(x, self._top, x, bottom, FRAME)
        for y in (self._top, bottom):
            ink.rule(left - FRAME / 2, y, right + FRAME / 2, y, FRAME)
        if rows:
            ink.rule(left, tops[0], right, tops[0], FRAME if rows[0].strong else HAIR)
