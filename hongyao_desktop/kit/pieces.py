"""Small steps that every widget of the kit takes: naming for the style sheet, changing a state, emptying a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6 import QtCore
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLayout, QToolButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

W = TypeVar("W", bound=QWidget)


class ElidedLabel(QLabel):
    """A label that gives way: what does not fit ends in …, and the whole sentence is its tip."""

    def minimumSizeHint(self) -> QSize:
        """A few characters are enough."""
        return QSize(self.fontMetrics().horizontalAdvance("……"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """The whole text on one line."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(wide, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut off at the end where it must be."""
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), QtCore.Qt.TextElideMode.ElideRight, area.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            area,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()


def named(widget: W, name: str) -> W:
    """Give a widget the name the style sheet knows it by."""
    widget.setObjectName(name)
    return widget


def word_tab(words: str, parent: QWidget, choose: Callable[[], None]) -> QToolButton:
    """One of several words of which exactly one is chosen: views over a list, parts of a record."""
    tab = named(QToolButton(parent), "tab")
    tab.setText(words)
    tab.setCheckable(True)
    tab.setAutoExclusive(True)
    tab.setAccessibleName(words)
    tab.clicked.connect(lambda _checked=False: choose())
    return tab


def restate(widget: QWidget, key: str, value: Any) -> None:
    """Set a property the style sheet looks at, and dress the widget anew if that changed anything."""
    if widget.property(key) != value:
        widget.setProperty(key, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout; its widgets are deleted."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def once(owner: QObject, wait_ms: int = 0) -> QTimer:
    """A timer of ``owner`` that runs out once after each start; starting it again before that begins anew."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    return timer


def name_corner(view: QTableView) -> None:
    """The corner of a table's headers is a button of Qt's own that screen readers find: give it its word."""
    corner = view.findChild(QAbstractButton)
    if corner is not None:
        corner.setAccessibleName("表角")
