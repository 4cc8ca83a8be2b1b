"""The empty state: what a place is for, and the ways to fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import empty_out, named
from hongyao_desktop.kit.tokens import Space

LINE_WIDTH: Final = 420
"""Longer sentences wrap."""


class EmptyState(QWidget):
    """A sentence in the middle of an empty list, with what it is for and the first steps as buttons.

    It takes the keyboard from the list it stands for: on its first step, where it has one.
    """

    def __init__(
        self,
        title: str,
        teaching: str,
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        style = look()
        self._title = named(QLabel(title, self), "emptyTitle")
        self._teaching = named(QLabel(teaching, self), "emptyText")
        self._teaching.setWordWrap(True)
        for label in (self._title, self._teaching):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(style.px(Space.S))
        column = QVBoxLayout(self)
        column.setSpacing(style.px(Space.S))
        column.addStretch(2)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._teaching, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(style.px(Space.S))
        column.addLayout(self._buttons)
        column.addStretch(3)
        self.set_actions(actions)
        self.set_words(title, teaching)

    def set_words(self, title: str, teaching: str) -> None:
        """Say something else: nothing there yet, nothing found, still reading."""
        self._title.setText(title)
        self._teaching.setText(teaching)
        self._teaching.setVisible(bool(teaching))
        self._wrap()

    def _wrap(self) -> None:
        """A wrapping label in the middle of a column asks for too little room: width and height are given."""
        style, label = look(), self._teaching
        wide = min(style.text_width(label.text()) + style.px(Space.S), style.px(LINE_WIDTH))
        if self.isVisible():
            wide = min(wide, self.width() - 2 * style.px(Space.L))
        label.setFixedWidth(max(wide, 1))  # first: a label's height for a width minds its least width
        label.setMinimumHeight(max(label.heightForWidth(max(wide, 1)), 0))

    def minimumSizeHint(self) -> QSize:
        """The sentence wraps to whatever width there is."""
        return QSize(self._title.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the sentence anew."""
        super().resizeEvent(event)
        self._wrap()

    def showEvent(self, event: QShowEvent) -> None:
        """The width is known only now."""
        super().showEvent(event)
        self._wrap()

    @property
    def teaching(self) -> str:
        """What it says below the title."""
        return self._teaching.text()

    def set_actions(self, actions: tuple[tuple[str, Callable[[], None]], ...]) -> None:
        """Offer these steps as buttons."""
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        self.setFocusProxy(None)  # type: ignore[arg-type] # Qt takes none; its description for Python forgot that
        empty_out(self._buttons)
        self._buttons.addStretch(1)
        for label, step in actions:
            button = QPushButton(label, self)
            button.clicked.connect(lambda _checked=False, run=step: run())
            self._buttons.addWidget(button)
            button.show()  # else it is hidden until the layout is next looked at, and refuses the keyboard
        self._buttons.addStretch(1)
        for first in self.buttons()[:1]:
            self.setFocusProxy(first)
        if held:
            self.setFocus()

    def buttons(self) -> list[QPushButton]:
        """The buttons offered, for tests and focus."""
        items = (self._buttons.itemAt(place).widget() for place in range(self._buttons.count()))
        return [widget for widget in items if isinstance(widget, QPushButton)]
