"""The head of a table (表头): one row, or two with merged cells; 黑体, centred, without ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hongyao_desktop.paper.breaking import atoms, break_lines
from hongyao_desktop.paper.document import Face, Table
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import HAIR, MIDDLE
from hongyao_desktop.paper.grid import Grid

_LEADING: Final = 1.25
_PAD: Final = 0.55
_AROUND: Final = 0.4  # room beside a label, in its size


@dataclass(frozen=True, slots=True)
class _Label:
    first: int
    span: int
    lines: tuple[str, ...]
    upper: bool
    lower: bool


class Head:
    """A laid out head: knows its height and draws itself at any place."""

    def __init__(
        self, flow: Flow, grid: Grid, labels: list[_Label], upper: float, lower: float, size: float
    ) -> None:
        self._flow = flow
        self._grid = grid
        self._labels = labels
        self._upper = upper
        self._lower = lower
        self._size = size

    @property
    def height(self) -> float:
        """Height of both rows in points."""
        return self._upper + self._lower

    def draw(self, top: float) -> None:
        """Draw labels and inner rules with the upper edge at ``top``; the frame belongs to the grid."""
        edges, ink = self._grid.edges, self._flow.ink
        pen = ink.pen(Face.HEI, self._size)
        middle, bottom = top - self._upper, top - self.height
        for label in self._labels:
            high = top if label.upper else middle
            low = bottom if label.lower else middle
            left, right = edges[label.first], edges[label.first + label.span]
            leading = self._size * _LEADING
            y = (high + low) / 2 + (len(label.lines) - 1) * leading / 2 - MIDDLE * self._size
            room = right - left - 2
            for line in label.lines:
                wide = pen.measure(line)
                if wide > room:
                    ink.squeezed(left + 1, y, pen, line, room)
                else:
                    ink.say((left + right - wide) / 2, y, Face.HEI, self._size, line)
                y -= leading
            if label.first:
                ink.rule(left, high, left, low, HAIR)
            if label.upper and not label.lower:
                ink.rule(left, middle, right, middle, HAIR)


def layout(flow: Flow, table: Table, grid: Grid) -> Head:
    """Break the labels into lines and find the heights of the two rows (the upper one is 0 without groups)."""
    size = grid.size
    if not table.headed:
        return Head(flow, grid, [], 0.0, 0.0, size)
    pen = flow.ink.pen(Face.HEI, size)

    def lines(text: str, first: int, span: int) -> tuple[str, ...]:
        clean = flow.clean(text, f"表头“{text.replace(chr(10), '')}”")
        room = grid.edges[first + span] - grid.edges[first] - _AROUND * size
        pieces = atoms(clean, pen.measure)
        broken = break_lines(pieces, room, justify=False)
        if (
            len(broken) > 1 and "\n" not in clean
        ):  # lines of a heading are of like length: 到课/人数, not 到课人/数
            least = sum(piece.width for piece in pieces) / len(broken)
            steps = (least + step * size / 2 for step in range(len(clean) * 2))
            tries = (break_lines(pieces, narrow, justify=False) for narrow in steps if narrow < room)
            broken = next((lines for lines in tries if len(lines) == len(broken)), broken)
        return tuple(line.text.strip() for line in broken)

    def height(count: int) -> float:
        return size * (count * _LEADING + _PAD)

    under: set[int] = set()
    labels: list[_Label] = []
    first = 0
    for group in table.head_groups:
        if group.label:
            labels.append(
                _Label(first, group.span, lines(group.label, first, group.span), upper=True, lower=False)
            )
            under.update(range(first, first + group.span))
        first += group.span
    upper = max((height(len(label.lines)) for label in labels), default=0.0)
    tall = []
    lower = 0.0
    for index, column in enumerate(table.columns):
        words = lines(column.label, index, 1)
        single = index in under or not upper
        labels.append(_Label(index, 1, words, upper=not single or not upper, lower=True))
        if single:
            lower = max(lower, height(len(words)))
        else:
            tall.append(height(len(words)))
    lower = max([lower, *(need - upper for need in tall)])
    return Head(flow, grid, labels, upper, lower, size)
