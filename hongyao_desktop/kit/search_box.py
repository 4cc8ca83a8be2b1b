"""The one search box of a page, at the right of its title line: the list follows what is typed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from hongyao_desktop.kit.keys import ComposingLineEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.tokens import Height, Width


class SearchBox(ComposingLineEdit):
    """Says what it searches while it is empty; keys that come in one go are searched for once.

    Signals:
        typed: the text is another one now; the list should follow.
    """

    typed = Signal()

    def __init__(self, hint: str, what: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setPlaceholderText(f"{hint}　Ctrl+F")
        self.setAccessibleName(f"查找{what}")
        self.setClearButtonEnabled(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._typing = once(self)
        self._typing.timeout.connect(self.typed)
        self.textChanged.connect(lambda _text: self._typing.start())
        self.restyle()
        look().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Follow the text size in force."""
        self.setFixedHeight(look().px(Height.INPUT))
        self.setMaximumWidth(look().px(Width.SEARCH))
        self.setMinimumWidth(look().px(Width.SEARCH) // 2)

    def sizeHint(self) -> QSize:
        """Its usual width; beside many tabs and with large text it gives way to them."""
        return QSize(look().px(Width.SEARCH), look().px(Height.INPUT))

    def words(self) -> str:
        """What is searched for."""
        return self.text().strip()

    def take_keyboard(self) -> None:
        """Ctrl+F: ready to be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def lift(self) -> None:
        """Empty it without :attr:`typed`: whoever lifts a search shows the list himself."""
        self.clear()
        self._typing.stop()
