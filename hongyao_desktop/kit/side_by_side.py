"""Parts of a page beside each other, with edges the operator may drag."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Memory
from hongyao_desktop.kit.tokens import Space


def panelled(widget: QWidget) -> QFrame:
    """A frame of the look around a part that has none of its own."""
    panel = named(QFrame(), "panel")
    box = QHBoxLayout(panel)
    box.setContentsMargins(1, 1, 1, 1)
    box.addWidget(widget)
    return panel


class SideBySide(QSplitter):
    """No part can be dragged away altogether; one part takes what a wider window gives."""

    def __init__(self, parts: Sequence[tuple[QWidget, int]], parent: QWidget, *, grows: int = 0) -> None:
        """``parts`` from left to right with their width in px at 100 %; ``grows`` is the place of that one."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(look().px(Space.M))
        for place, (part, _width) in enumerate(parts):
            self.addWidget(part)
            self.setStretchFactor(place, 1 if place == grows else 0)
        self.setSizes([look().px(width) for _part, width in parts])

    def remember(self, memory: Memory, key: str) -> None:
        """Take the widths the operator chose the last time, and keep those he chooses now."""
        kept = memory.get(key)
        if isinstance(kept, list) and len(kept) == self.count():
            self.setSizes([int(width) for width in kept])
        self.splitterMoved.connect(lambda *_moved: memory.put(key, self.sizes()))
