"""The head of a class: its name, its days and place, and the steps to take with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.keys import ComposingLineEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.training.page.class_list import STATUS_TONES, days_text

_TONES = {"ink_3": "", "good": "good", "info": "info"}


class ShortLabel(QLabel):
    """One line that is cut with … where there is no room; the whole stands in the tip."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        named(self, name)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def whole(self) -> str:
        """What is said in full."""
        return self._whole

    def say(self, words: str) -> None:
        """Say something else."""
        self._whole = words
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """May become as narrow as it must."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
        self.setAccessibleName(self._whole)


class ClassHead(QWidget):
    """Name, state, one line of facts, and the buttons."""

    def __init__(
        self,
        steps: Sequence[tuple[str, Callable[[], None]]],
        more: Sequence[tuple[str, Callable[[], None]] | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        style = look()
        self.name = ShortLabel(self, "recordTitle")
        self.state = named(QLabel(self), "recordState")
        self.facts = ShortLabel(self, "note")
        top = QHBoxLayout()
        top.setSpacing(style.px(Space.S))
        top.addWidget(self.name, 1)
        top.addWidget(self.state)
        row = QHBoxLayout()
        row.setSpacing(style.px(Space.S))
        for label, step in steps:
            button = QPushButton(label, self)
            button.clicked.connect(lambda _checked=False, run=step: run())
            row.addWidget(button)
        self.more = QPushButton("更多", self)
        menu = QMenu(self.more)
        for entry in more:
            if entry is None:
                menu.addSeparator()
                continue
            label, step = entry
            menu.addAction(label).triggered.connect(lambda _checked=False, run=step: run())
        self.more.setMenu(menu)
        row.addWidget(self.more)
        row.addStretch(1)
        self.finder = ComposingLineEdit(self)
        self.finder.setPlaceholderText("找学员：首字母　F3")
        self.finder.setAccessibleName("找学员")
        self.finder.setFixedHeight(style.px(Height.INPUT))
        self.finder.setMaximumWidth(style.px(Height.TOOLBAR) * 4)
        self.finder.setMinimumWidth(style.px(Height.TOOLBAR) * 3 // 2)
        row.addWidget(self.finder, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.XS))
        column.addLayout(top)
        column.addWidget(self.facts)
        column.addSpacing(style.px(Space.XS))
        column.addLayout(row)

    def show_class(self, row: Row) -> None:
        """Show the facts of a class."""
        self.name.say(row["name"])
        self.state.setText(f"● {row['status']}")
        restate(self.state, "tone", _TONES.get(STATUS_TONES.get(row["status"], ""), ""))
        planned = row["planned_credit"]
        facts = [
            row["number"],
            days_text(row["starts_on"], row["ends_on"]),
            row["form"],
            row["place"],
            f"主讲：{row['teacher']}" if row["teacher"] else None,
            f"计划 {hours.format_centi(planned)} 学时" if planned else None,
            f"{row['trainees']} 人",
            f"{row['sessions']} 个课次",
        ]
        if row["status"] == "取消" and row["status_reason"]:
            facts.append(f"取消原因：{row['status_reason']}")
        self.facts.say("　".join(str(fact) for fact in facts if fact))
