"""The navigation at the left of the window: office, sections with icon and word, badges for what waits for me."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width

SYSTEM = "系统"
"""The section that stands at the foot of the navigation."""
SYSTEM_KEY = "Ctrl+0"


class NavigationItem(QToolButton):
    """One section; its badge counts what waits for this operator."""

    def __init__(self, label: str, icon: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "navItem")
        self._icon_name = icon
        self._badge = 0
        self._label = label
        self.setText(f"\u2002{label}")  # a little room between icon and word
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label)
        if key:
            self.setToolTip(f"{label}（{key}）")
        self.restyle()

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.setFixedHeight(style.px(Height.NAVIGATION))
        self.setIcon(style.icon(self._icon_name, "ink_2", active="seal"))
        self.setIconSize(QSize(style.px(Width.ICON), style.px(Width.ICON)))

    def set_badge(self, count: int) -> None:
        """Show how many things wait; none hides the badge."""
        self._badge = count
        self.setAccessibleDescription(f"{count} 件待办" if count else "")
        self.update()

    @property
    def badge(self) -> int:
        """How many things wait."""
        return self._badge

    def paintEvent(self, event: QPaintEvent) -> None:
        """The item, and its badge at the right."""
        super().paintEvent(event)
        if not self._badge:
            return
        style = look()
        text = str(self._badge) if self._badge < 100 else "99+"
        tall = style.px(Height.BADGE)
        wide = max(tall, style.text_width(text, TypeSize.HINT) + 2 * style.px(Space.XS) + 2)
        area = QRect(self.width() - wide - style.px(Space.M), (self.height() - tall) // 2, wide, tall)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("seal"))
        painter.drawRoundedRect(area, tall / 2, tall / 2)
        painter.setPen(style.colour("on_seal"))
        painter.setFont(style.font(TypeSize.HINT))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()


class Navigation(QWidget):
    """Sections from top to bottom, 系统 at the foot.

    Signals:
        chosen: a section (its word).
    """

    chosen = Signal(str)

    def __init__(self, sections: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("导航")
        style = look()
        self.brand = named(QLabel("红耀台账", self), "brand")
        self.unit = named(QLabel(self), "brandUnit")
        self.unit.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.px(Space.M), 0, style.px(Space.XS))
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(style.px(Space.L), 0, style.px(Space.S), style.px(Space.M))
        head.setSpacing(style.px(Space.XS))
        head.addWidget(self.brand)
        head.addWidget(self.unit)
        column.addLayout(head)
        self.items: dict[str, NavigationItem] = {}
        for number, (label, icon) in enumerate((pair for pair in sections if pair[0] != SYSTEM), 1):
            self._add(column, label, icon, f"Ctrl+{number}" if number <= 9 else "")
        column.addStretch(1)
        line = named(QFrame(self), "rule")
        line.setFixedHeight(1)
        column.addWidget(line)
        for label, icon in sections:
            if label == SYSTEM:
                self._add(column, label, icon, SYSTEM_KEY)
        look().changed.connect(self.restyle)
        self.restyle()

    def _add(self, column: QVBoxLayout, label: str, icon: str, key: str) -> None:
        item = NavigationItem(label, icon, key, self)
        item.clicked.connect(lambda _checked=False: self.chosen.emit(label))
        self.items[label] = item
        column.addWidget(item)

    def restyle(self) -> None:
        """Follow the look in force."""
        self.setFixedWidth(look().px(Width.NAVIGATION))
        for item in self.items.values():
            item.restyle()
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lower items where large text leaves them too little room."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """Every section in sight, and the name of the office whole: the items become lower before either is cut."""
        style = look()
        inner = style.px(Width.NAVIGATION) - style.px(Space.L) - style.px(Space.S)
        words = max(self.unit.heightForWidth(inner), self.unit.sizeHint().height())
        self.unit.setMinimumHeight(words)
        head = self.brand.sizeHint().height() + words + 3 * style.px(Space.M)
        room = (self.height() - head) // max(len(self.items), 1)
        tall = max(style.px(Height.TARGET), min(style.px(Height.NAVIGATION), room))
        for item in self.items.values():
            item.setFixedHeight(tall)

    def mark(self, section: str) -> None:
        """Show where I am."""
        if section in self.items:
            self.items[section].setChecked(True)

    def set_unit(self, words: str) -> None:
        """Whose file is open."""
        self.unit.setText(words)
