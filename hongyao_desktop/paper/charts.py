"""Charts (图) in ink and two greys with direct labels: they stay readable on a photocopy.

Bars stand, or lie when their names are long; lines carry their name at the end; a ring lists its shares beside it; a
grid shows the number in every field. No legend and no scale: the numbers stand where they belong.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from hongyao_desktop.paper.cells import places_for, writer
from hongyao_desktop.paper.document import Chart, ChartKind, Face
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import HAIR, MIDDLE, MM, SIZE_5, SIZE_5_SMALL
from hongyao_desktop.paper.ink import Pen

_GREYS: Final = (0.15, 0.6, 0.85)
_DASHES: Final = ("", "5 2", "1.5 2")
_TITLE: Final = 20.0
_LONG_NAME: Final = 4
_MANY: Final = 13
_GRID_HEAD: Final = 14.0
_GRID_ROW: Final = 20.0


def _sized(block: Chart) -> Chart:
    """The chart in the height it takes: a grid of few rows takes less than it may."""
    if block.kind is not ChartKind.GRID:
        return block
    return replace(block, height=min(block.height, (len(block.series) * _GRID_ROW + _GRID_HEAD + 6) / MM))


def chart_height(block: Chart) -> float:
    """Height with its title, in points."""
    block = _sized(block)
    return block.height * MM + (_TITLE if block.titled else 0.0) + 6


def draw_chart(flow: Flow, block: Chart, number: int) -> None:
    """Draw a chart over the width of the text, its title under it as 图 and its number."""
    block = _sized(block)
    flow.need(chart_height(block))
    top = flow.take(chart_height(block))
    drawing = _Drawing(flow, block, top - 4)
    if not block.labels:
        drawing.nothing()
    elif block.kind is ChartKind.RING:
        drawing.ring()
    elif block.kind is ChartKind.LINE:
        drawing.lines()
    elif block.kind is ChartKind.GRID:
        drawing.grid()
    elif any(len(label) > _LONG_NAME for label in block.labels) or len(block.labels) > _MANY:
        drawing.lying()
    else:
        drawing.standing()
    if not block.titled:
        return
    pen = flow.ink.pen(Face.HEI, SIZE_5)
    unit = f"（{block.unit}）" if block.unit else ""
    title = flow.clean(f"图{number}　{block.title}{unit}", "图")
    x = flow.frame.left + (flow.frame.width - pen.measure(title)) / 2
    flow.ink.say(x, top - block.height * MM - _TITLE + 5, Face.HEI, SIZE_5, title)


class _Drawing:
    def __init__(self, flow: Flow, block: Chart, top: float) -> None:
        self.flow = flow
        self.block = block
        self.ink = flow.ink
        self.left = flow.frame.left
        self.width = flow.frame.width
        self.top = top
        self.height = block.height * MM - 4
        self.bottom = top - self.height
        self.pen: Pen = flow.ink.pen(Face.SONG, SIZE_5_SMALL)
        values = [value for series in block.series for value in series.values]
        self.write = writer(block.cell, places_for(block.cell, values))
        self.most = max([0, *values])
        self.least = min([0, *values])
        self.labels = [flow.clean(label, "图") for label in block.labels]
        self.names = [flow.clean(series.label, "图") for series in block.series]

    # ------------------------------------------------------------------------------------------------- words
    def _say(self, x: float, y: float, text: str, align: float) -> None:
        """Text around y (its middle); ``align`` 0 starts at x, 0.5 is centred on it, 1 ends there."""
        operators, wide = self.pen(text)
        self.ink.text(x - wide * align, y - MIDDLE * SIZE_5_SMALL, operators)

    def nothing(self) -> None:
        """An empty chart says so."""
        self._say(self.left + self.width / 2, self.bottom + self.height / 2, "（无数据）", 0.5)

    def _names_above(self) -> float:
        """Which grey is which, in one line at the top, when there is more than one row; returns the room it took."""
        if len(self.names) < 2:
            return 0.0
        x = self.left
        for index, name in enumerate(self.names):
            self.ink.box(x, self.top - 11, 8, 8, _GREYS[index])
            self._frame(x, self.top - 11, 8, 8)
            self._say(x + 11, self.top - 7, name, 0)
            x += 11 + self.pen.measure(name) + 14
        return 16.0

    def _frame(self, x: float, y: float, width: float, height: float) -> None:
        self.ink.shape(f"{HAIR} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    # -------------------------------------------------------------------------------------------------- bars
    def standing(self) -> None:
        """Upright bars with their value above."""
        top = self.top - self._names_above() - 12
        foot = self.bottom + 15
        span = (self.most - self.least) or 1
        zero = foot + (top - foot) * -self.least / span
        slot = self.width / len(self.labels)
        rows = self.block.series
        wide = min(slot * 0.7 / len(rows), 26.0)
        for index, label in enumerate(self.labels):
            middle = self.left + slot * (index + 0.5)
            self._say(middle, self.bottom + 6, label, 0.5)
            for row, series in enumerate(rows):
                value = series.values[index]
                x = middle + (row - len(rows) / 2) * wide
                tall = (top - foot) * value / span
                self.ink.box(x + 1, min(zero, zero + tall), wide - 2, abs(tall), _GREYS[row])
                self._frame(x + 1, min(zero, zero + tall), wide - 2, abs(tall))
                self._say(x + wide / 2, zero + tall + (6 if tall >= 0 else -6), self.write(value), 0.5)
        self.ink.rule(self.left, zero, self.left + self.width, zero, HAIR)

    def lying(self) -> None:
        """Lying bars for long names, with their value behind."""
        top = self.top - self._names_above()
        names = max(self.pen.measure(label) for label in self.labels) + 6
        names = min(names, self.width * 0.4)
        behind = max(self.pen.measure(self.write(v)) for s in self.block.series for v in s.values) + 6
        room = self.width - names - behind
        span = (self.most - min(0, self.least)) or 1
        slot = (top - self.bottom) / len(self.labels)
        rows = self.block.series
        high = min(slot * 0.72 / len(rows), 14.0)
        start = self.left + names
        for index, label in enumerate(self.labels):
            middle = top - slot * (index + 0.5)
            if self.pen.measure(label) > names - 4:
                self.ink.squeezed(self.left, middle - MIDDLE * SIZE_5_SMALL, self.pen, label, names - 4)
            else:
                self._say(start - 5, middle, label, 1)
            for row, series in enumerate(rows):
                value = series.values[index]
                y = middle + (len(rows) / 2 - row - 1) * high
                long = room * max(0, value) / span
                self.ink.box(start, y + 0.8, long, high - 1.6, _GREYS[row])
                self._frame(start, y + 0.8, long, high - 1.6)
                self._say(start + long + 4, y + high / 2, self.write(value), 0)
        self.ink.rule(start, top, start, self.bottom, HAIR)

    # ------------------------------------------------------------------------------------------------- lines
    def lines(self) -> None:
        """Lines from left to right, name and last value at their end, the highest value marked."""
        behind = max(
            self.pen.measure(f"{name} {self.write(series.values[-1])}")
            for name, series in zip(self.names, self.block.series, strict=True)
        )
        top, foot = self.top - 12, self.bottom + 17
        room = self.width - behind - 22
        span = (self.most - self.least) or 1
        step = room / max(1, len(self.labels) - 1)
        start = self.left + 12
        skip = 1 + int(max(self.pen.measure(label) for label in self.labels) * len(self.labels) / (room + 1))
        for index, label in enumerate(self.labels):
            if index % skip == 0 or index == len(self.labels) - 1:
                self._say(start + index * step, self.bottom + 6, label, 0.5)
                self.ink.rule(start + index * step, foot - 6, start + index * step, foot - 4, HAIR)
        self.ink.rule(start, foot - 4, start + room, foot - 4, HAIR)
        ends: list[float] = []
        marked: list[tuple[float, float, str]] = []
        for row, series in enumerate(self.block.series):
            points = [
                (start + index * step, foot + (top - foot) * (value - self.least) / span)
                for index, value in enumerate(series.values)
            ]
            self.ink.path(points, 1.3 if row == 0 else 1.0, dash=_DASHES[row])
            for x, y in points:
                self.ink.box(x - 1.4, y - 1.4, 2.8, 2.8)
            best = series.values.index(max(series.values))
            if best != len(points) - 1:
                beside = 7 if row == 0 else -8
                marked.append((points[best][0], points[best][1] + beside, self.write(series.values[best])))
            y = points[-1][1]
            while any(abs(y - other) < 10 for other in ends):
                y -= 10
            ends.append(y)
            self._say(points[-1][0] + 6, y, f"{self.names[row]} {self.write(series.values[-1])}".strip(), 0)
        for x, y, text in marked:  # on white, so that no line of another row runs through it
            wide = self.pen.measure(text) + 2
            self.ink.box(x - wide / 2, y - 4.5, wide, 9, 1.0)
            self._say(x, y, text, 0.5)

    # -------------------------------------------------------------------------------------------------- grid
    def grid(self) -> None:
        """Months across and things down: the number in every field, on a ground the darker the more it is."""
        names = min(max(self.pen.measure(name) for name in self.names) + 6, self.width * 0.3)
        wide = (self.width - names) / len(self.labels)
        top = self.top - _GRID_HEAD
        high = min((top - self.bottom) / len(self.names), _GRID_ROW)
        for index, label in enumerate(self.labels):
            self._say(self.left + names + (index + 0.5) * wide, self.top - 6, label, 0.5)
        for row, series in enumerate(self.block.series):
            y = top - (row + 1) * high
            if self.pen.measure(self.names[row]) > names - 4:
                base = y + high / 2 - MIDDLE * SIZE_5_SMALL
                self.ink.squeezed(self.left, base, self.pen, self.names[row], names - 4)
            else:
                self._say(self.left + names - 5, y + high / 2, self.names[row], 1)
            for index, value in enumerate(series.values):
                x = self.left + names + index * wide
                share = max(0, value) / self.most if self.most else 0.0
                self.ink.box(x, y, wide, high, 1 - 0.42 * share)  # light enough for the number to be read
                self._frame(x, y, wide, high)
                text = self.write(value) if value else "—"
                if self.pen.measure(text) > wide - 2:
                    base = y + high / 2 - MIDDLE * SIZE_5_SMALL
                    self.ink.squeezed(x + 1, base, self.pen, text, wide - 2)
                else:
                    self._say(x + wide / 2, y + high / 2, text, 0.5)

    # -------------------------------------------------------------------------------------------------- ring
    def ring(self) -> None:
        """A ring of shares and the list of what they are, largest as given; thin white gaps part neighbours."""
        values = self.block.series[0].values
        total = sum(values)
        if total <= 0 or self.least < 0:
            self.nothing()
            return
        outer = min(self.height / 2 - 2, 70.0)
        x, y = self.left + self.width * 0.3, self.bottom + self.height / 2
        angle = math.pi / 2
        leading = min(16.0, self.height / len(values))
        line = y + (len(values) - 1) * leading / 2
        where = self.left + self.width * 0.3 + outer + 40
        for index, value in enumerate(values):
            grey = 0.15 + 0.75 * (index % 5) / 4
            turn = 2 * math.pi * value / total
            if value:
                self._sector(x, y, outer, angle, turn, grey)
            angle -= turn
            self.ink.box(where, line - 4, 8, 8, grey)
            self._frame(where, line - 4, 8, 8)
            share = f"{(value * 1000 + total // 2) // total / 10:.1f}%"
            self._say(where + 12, line, f"{self.labels[index]}　{self.write(value)}　{share}", 0)
            line -= leading
        self._say(x, y + 6, "合计", 0.5)
        self._say(x, y - 6, self.write(total), 0.5)

    def _sector(self, x: float, y: float, outer: float, start: float, turn: float, grey: float) -> None:
        inner = outer * 0.58
        steps = max(2, int(turn / 0.06))
        angles = [start - turn * step / steps for step in range(steps + 1)]
        points = [(x + outer * math.cos(a), y + outer * math.sin(a)) for a in angles]
        points += [(x + inner * math.cos(a), y + inner * math.sin(a)) for a in reversed(angles)]
        way = " ".join(f"{px:.2f} {py:.2f} {'l' if index else 'm'}" for index, (px, py) in enumerate(points))
        self.ink.shape(f"{grey:g} g 1 G 0.8 w {way} b 0 G 0 g")
