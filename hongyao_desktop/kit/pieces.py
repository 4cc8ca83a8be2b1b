"""Small steps that every widget of the kit takes: naming for the style sheet, changing a state, emptying a row."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QLayout, QTableView, QWidget

W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """Give a widget the name the style sheet knows it by."""
    widget.setObjectName(name)
    return widget


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
