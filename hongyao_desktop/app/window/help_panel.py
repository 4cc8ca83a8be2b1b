"""F1: what this page is for and which keys work here, laid over the page at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space, Width

EVERYWHERE = (
    ("Ctrl+1…9", "到左边的各个部分，Ctrl+0 到系统"),
    ("Ctrl+Tab", "到本部分的下一页"),
    ("Enter", "到下一格；Shift+Enter 回上一格"),
    ("Ctrl+S", "保存"),
    ("Ctrl+Z", "撤销上一步"),
    ("Ctrl+L", "锁定窗口，输入口令回来"),
    ("Esc", "返回，已输入的内容保留"),
)
KEPT = (
    "正在填的内容随时替您留着：停电、死机、锁定都不会丢，下次您本人登录，打开这一页时会问要不要放回。"
    "别人看不到，保存或撤销后就不再留。"
)


class HelpPanel(QFrame):
    """Words and keys of one page.

    Signals:
        nowhere: it is closed, and the part that had the keyboard before is gone.
    """

    nowhere = Signal()

    def __init__(self, shell: QWidget) -> None:
        super().__init__(shell)
        named(self, "popup")
        self._shell = shell
        self._before: QWidget | None = None
        style = look()
        self.title = named(QLabel(self), "sectionTitle")
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self._keys = QGridLayout()
        self._keys.setHorizontalSpacing(style.px(Space.L))
        self._keys.setVerticalSpacing(style.px(Space.S))
        self.close_button = QPushButton("关闭  Esc", self)
        self.close_button.clicked.connect(self.close_help)
        column = QVBoxLayout(self)
        side = style.px(Space.XL)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(style.px(Space.M))
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(self._keys)
        kept = named(QLabel(KEPT, self), "note")
        kept.setWordWrap(True)
        column.addWidget(kept)
        column.addStretch(1)
        column.addWidget(self.close_button)
        shell.installEventFilter(self)
        self.hide()

    def show_help(self, title: str, words: str, keys: Sequence[tuple[str, str]]) -> None:
        """Open over the right of the window."""
        self._before = QApplication.focusWidget()
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        while self._keys.count():
            widget = self._keys.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        known = {key for key, _word in keys}
        for row, (key, word) in enumerate((*keys, *(pair for pair in EVERYWHERE if pair[0] not in known))):
            self._keys.addWidget(named(QLabel(key, self), "keyName"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._keys.addWidget(QLabel(word, self), row, 1)
        self._keys.setColumnStretch(1, 1)
        self._place()
        self.show()
        self.raise_()
        self.close_button.setFocus()

    def close_help(self) -> None:
        """Close; the keyboard goes back to where it was."""
        self.hide()
        before: QWidget | None = self._before
        if before is not None and isValid(before):
            before.setFocus()
        else:
            self.nowhere.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_help()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        style = look()
        wide = style.px(Width.FORM)
        below = self._shell.height() - style.px(Height.STATUS)
        self.setGeometry(self._shell.width() - wide, 0, wide, below)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the right edge."""
        if watched is self._shell and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
