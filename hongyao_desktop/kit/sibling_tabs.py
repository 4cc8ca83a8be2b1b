"""The pages of a section as words in the title line, the one in front marked; those without room stand under 更多.

Every page of a section shows the same words in the same places, so that the way to one is learnt once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space


class SiblingTabs(QWidget):
    """Words from left to right in the order they were added; no word is ever cut off."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tabs: list[QToolButton] = []
        self._steps: list[Callable[[], None]] = []
        self._front: QToolButton | None = None
        self.more = named(QToolButton(self), "tab")
        self.more.setText("更多")
        self.more.setAccessibleName("本部分的其他页")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.more.setMenu(menu)
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def add(self, title: str, go: Callable[[], None], *, front: bool = False) -> None:
        """One more page, and how to get there; ``front`` for the page these tabs stand on."""
        tab = named(QToolButton(self), "tab")
        tab.setText(title)
        if front:
            self._front = tab
            tab.setCheckable(True)
            tab.setChecked(True)
            tab.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tab.setAccessibleName(f"现在是{title}")
            tab.clicked.connect(lambda _checked=False: tab.setChecked(True))
        else:
            tab.setAccessibleName(f"转到{title}")
            tab.clicked.connect(lambda _checked=False: go())
        self._tabs.append(tab)
        self._steps.append(go)
        self.updateGeometry()
        self._fit()

    def _gap(self) -> int:
        return look().px(Space.XS)

    @property
    def words(self) -> list[str]:
        """All of them, in their order."""
        return [tab.text() for tab in self._tabs]

    @property
    def front(self) -> str:
        """The page these tabs stand on, "" where none was named."""
        return self._front.text() if self._front is not None else ""

    def sizeHint(self) -> QSize:
        """Room for all of them."""
        wide = sum(tab.sizeHint().width() + self._gap() for tab in self._tabs)
        return QSize(wide, self.more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for 更多."""
        wide = min(self.more.sizeHint().width(), self.sizeHint().width())
        return QSize(wide, self.more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = self._gap()
        widths = [tab.sizeHint().width() + gap for tab in self._tabs]
        room = self.width()
        fitting = len(widths)
        self._name_more("")
        if sum(widths) > room:
            fitting = self._fitting(widths, room - self.more.sizeHint().width())
            if self._front is not None and self._tabs.index(self._front) >= fitting:
                self._name_more(self._front.text())
                fitting = self._fitting(widths, room - self.more.sizeHint().width())
        left = 0
        for place, tab in enumerate(self._tabs):
            tab.setVisible(place < fitting)
            if place < fitting:
                tab.setGeometry(left, 0, widths[place] - gap, self.height())
                left += widths[place]
        self.more.setVisible(fitting < len(self._tabs))
        self.more.setGeometry(left, 0, self.more.sizeHint().width(), self.height())

    @staticmethod
    def _fitting(widths: list[int], room: int) -> int:
        fitting = len(widths)
        while fitting and sum(widths[:fitting]) > room:
            fitting -= 1
        return fitting

    def _name_more(self, front: str) -> None:
        """更多 takes the name of the page in front while that stands under it."""
        self.more.setText(front or "更多")
        self.more.setCheckable(bool(front))
        self.more.setChecked(bool(front))

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for tab, step in zip(self._tabs, self._steps, strict=True):
            if tab.isHidden() and tab is not self._front:
                menu.addAction(tab.text()).triggered.connect(lambda _checked=False, go=step: go())
