"""The line over the list of classes: states with their counts, import, new class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import word_tab
from hongyao_desktop.kit.tokens import Height, Space

VIEWS: Final = (None, "进行中", "计划", "结业", "取消")


class ClassTools(QWidget):
    """The line.

    Signals:
        view_chosen: another state is to be shown.
    """

    view_chosen = Signal()

    def __init__(self, add: Callable[[], None], importing: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.view: str | None = None
        self.new_button = QPushButton("新建班次  Ctrl+N", self)
        self.new_button.clicked.connect(add)
        import_button = QPushButton("导入签到表", self)
        import_button.clicked.connect(importing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        self.tabs: list[QToolButton] = []
        for status in VIEWS:
            tab = word_tab(status or "全部", self, partial(self._choose, status))
            self.tabs.append(tab)
            row.addWidget(tab)
        self.tabs[0].setChecked(True)
        row.addStretch(1)
        row.addWidget(import_button)
        row.addWidget(self.new_button)
        self.setFixedHeight(style.px(Height.FILTERS))

    def count(self, rows: Sequence[Row]) -> None:
        """Say how many classes each state has; states without classes are left out."""
        for tab, status in zip(self.tabs, VIEWS, strict=True):
            number = sum(status is None or row["status"] == status for row in rows)
            tab.setText(f"{status or '全部'} {number}")
            tab.setVisible(status is None or number > 0 or status == self.view)

    def show_all(self) -> None:
        """Back to all states, without telling."""
        self.view = None
        self.tabs[0].setChecked(True)

    def _choose(self, view: str | None) -> None:
        self.view = view
        self.view_chosen.emit()
