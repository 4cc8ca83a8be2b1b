"""The list of papers, under the names of the sections they belong to, and the line that finds one by a few letters."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from hongyao_desktop.app.printing.papers import SHELVES
from hongyao_desktop.kit.completion import find_words
from hongyao_desktop.kit.keys import ComposingLineEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Height, Space

_NAME: Final = int(Qt.ItemDataRole.UserRole)
_LIST_HEIGHT: Final = 216


class PaperList(QWidget):
    """Papers by section; what is typed above leaves only those that answer it, ↓ or Enter goes to the first.

    Signals:
        chosen: another paper is the one chosen now.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.finder = _Finder(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("材料")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(style.px(_LIST_HEIGHT))
        for shelf, papers in SHELVES:
            self.list.addItem(_heading(shelf))
            for paper in papers:
                item = QListWidgetItem(paper.label)
                item.setData(_NAME, paper.name)
                item.setToolTip(paper.help)
                self.list.addItem(item)
        self._none = _heading("没有这样的材料")
        self.list.addItem(self._none)
        self._none.setHidden(True)
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addWidget(self.finder)
        column.addWidget(self.list)
        self.list.currentItemChanged.connect(lambda item, _before: self._changed(item))
        self.finder.textChanged.connect(self.narrow)
        self.finder.left.connect(self._take_first)

    # -- choosing

    @property
    def name(self) -> str:
        """The name of the paper chosen; "" while none is."""
        return str(self.list.currentItem().data(_NAME)) if self.list.currentRow() >= 0 else ""

    def choose(self, name: str) -> None:
        """Make the paper of this name the chosen one; a search that hides it is lifted."""
        for item in self._items():
            if item.data(_NAME) == name:
                if item.isHidden():
                    self.finder.clear()
                self.list.setCurrentItem(item)

    def shown(self) -> list[str]:
        """The labels of the papers that answer what is typed, as they stand in the list."""
        return [item.text() for item in self._items() if item.data(_NAME) and not item.isHidden()]

    def narrow(self, typed: str) -> None:
        """Show only papers that answer ``typed``: part of the name, or pinyin initials; and their sections."""
        labels = [item.text() for item in self._items() if item.data(_NAME)]
        wanted = set(find_words(labels, typed))
        heading: QListWidgetItem | None = None
        self._none.setHidden(bool(wanted))
        for item in self._items():
            if item.data(_NAME) is None:
                heading = item
                heading.setHidden(True)
            else:
                item.setHidden(item.text() not in wanted)
                if heading is not None and not item.isHidden():
                    heading.setHidden(False)

    def _items(self) -> list[QListWidgetItem]:
        """Papers and names of sections, in their order; not the line that stands for none."""
        return [self.list.item(place) for place in range(self.list.count() - 1)]

    def _take_first(self) -> None:
        """The keyboard goes to the list; to the first that answers, unless the one chosen does."""
        if self.list.currentRow() < 0 or self.list.currentItem().isHidden():
            first = next((item for item in self._items() if item.data(_NAME) and not item.isHidden()), None)
            if first is None:
                return
            self.list.setCurrentItem(first)
        self.list.setFocus()

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.list.scrollToItem(item)
            self.chosen.emit()


def _heading(words: str) -> QListWidgetItem:
    """The name of a section: no paper, so the keyboard passes over it."""
    item = QListWidgetItem(words)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont()
    font.setBold(True)
    item.setFont(font)
    return item


class _Finder(ComposingLineEdit):
    """Where the name of a paper is typed; ↓ and Enter lead into the list, Esc empties it.

    Signals:
        left: the keyboard wants to go on to the list.
    """

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("找材料：名称、首字母　F3")
        self.setAccessibleName("找材料")
        self.setClearButtonEnabled(True)
        self.setFixedHeight(look().px(Height.INPUT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓, Enter and Esc have a meaning of their own here."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
