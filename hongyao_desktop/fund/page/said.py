"""One line of words beside the cells: what will be, what was done, or what stands against it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

_ICONS: Final = {"bad": "stop", "warn": "warning", "good": "check"}


class SaidLine(QWidget):
    """A sentence in a tone of the palette, with the tone's icon; its place is always kept free."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = ""
        self.tone = "ink_3"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("提示")

    def tell(self, text: str, tone: str = "ink_3") -> None:
        """Say something; a tone without an icon is plain advice."""
        self.text, self.tone = text, tone
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(look().px(Height.BUTTON), look().px(Height.TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon and words."""
        if not self.text:
            return
        style = look()
        painter = QPainter(self)
        painter.setFont(style.font(TypeSize.HINT))
        painter.setPen(style.colour(self.tone))
        area: QRect = self.rect()
        icon = _ICONS.get(self.tone)
        if icon is not None:
            size = style.px(TypeSize.BODY)
            pixmap = style.pixmap(icon, self.tone, TypeSize.BODY, self.devicePixelRatio())
            painter.drawPixmap(0, (self.height() - size) // 2, size, size, pixmap)
            area.adjust(size + style.px(Space.XS), 0, 0, 0)
        text = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()
