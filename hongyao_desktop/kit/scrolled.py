"""A part of a page that scrolls where large text or a small screen leaves it less room than it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space


class Scrolled(QScrollArea):
    """As wide and high as its place; nothing inside is squeezed, and what gets the keyboard comes into sight.

    ``clear`` lets the ground of the panel it lies in be seen; otherwise it has that of a page.
    """

    def __init__(self, content: QLayout, parent: QWidget, *, clear: bool = False) -> None:
        super().__init__(parent)
        if clear:
            self.setObjectName("form")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = named(QWidget(self), "formBody" if clear else "page")
        inside.setLayout(content)
        self.setWidget(inside)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._reach)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room: what has the keyboard stays in sight."""
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height():
            self._reach(None, QApplication.focusWidget())

    def _reach(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.widget().isAncestorOf(new):
            self.ensureWidgetVisible(new, look().px(Space.L), look().px(Space.L))
