"""Parts of a page beside each other, with edges the operator may drag."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
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
    """No part can be dragged away altogether; until the operator drags an edge, one part takes what is left.

    Where large text leaves too little room for all, the other parts give up to a quarter of their width, so that the
    growing part keeps two thirds of its own.
    """

    def __init__(self, parts: Sequence[tuple[QWidget, int]], parent: QWidget, *, grows: int = 0) -> None:
        """``parts`` from left to right with their width in px at 100 %; ``grows`` is the place of that one."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._widths = [width for _part, width in parts]
        self._grows = grows
        self._chosen = False
        self.splitterMoved.connect(lambda *_moved: self._choose())
        self.setChildrenCollapsible(False)
        self.setHandleWidth(look().px(Space.M))
        for place, (part, _width) in enumerate(parts):
            self.addWidget(part)
            self.setStretchFactor(place, 1 if place == grows else 0)

    def remember(self, memory: Memory, key: str) -> None:
        """Take the widths the operator chose the last time, and keep those he chooses now."""
        kept = memory.get(key)
        if isinstance(kept, list) and len(kept) == self.count():
            self.setSizes([int(width) for width in kept])
            self._choose()
        self.splitterMoved.connect(lambda *_moved: memory.put(key, self.sizes()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width out, unless the operator chose how."""
        super().resizeEvent(event)
        if not self._chosen:
            self.setSizes(self._share())

    def _choose(self) -> None:
        self._chosen = True

    def _share(self) -> list[int]:
        wanted = [look().px(width) for width in self._widths]
        room = self.width() - (self.count() - 1) * self.handleWidth()
        beside = sum(wanted) - wanted[self._grows]
        missing = 2 * wanted[self._grows] // 3 - (room - beside)
        if missing > 0:
            share = max(3 * beside // 4, beside - missing)
            wanted = [width * share // beside for width in wanted]
            beside = sum(wanted) - wanted[self._grows]
        wanted[self._grows] = max(room - beside, 1)
        return wanted
