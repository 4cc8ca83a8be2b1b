"""Two records of a suspicion side by side (两条对照): line by line, each with the button that opens it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.keys import EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space

LINES: Final = (
    ("who", "志愿者"),
    ("title", "活动"),
    ("served_on", "日期"),
    ("times", "起止"),
    ("length", "时长"),
    ("evidence", "来源"),
    ("entered", "登记"),
    ("reason", "原因"),
    ("source", "原表出处"),
)
"""What is compared; a line that neither record has is left out."""


class PairView(QScrollArea):
    """Two records, the lines of one beside those of the other.

    Signals:
        opened: one of them is to be opened (its place in the window, its id).
    """

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setObjectName("form")
        self.setAccessibleName("两条对照")
        body = QWidget(self)
        body.setObjectName("formBody")
        style = look()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.px(Space.M))
        grid.setVerticalSpacing(style.px(Space.S))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self._labels: dict[str, QLabel] = {}
        self.values: dict[str, tuple[QLabel, QLabel]] = {}
        self.buttons = (QPushButton("打开第一条", body), QPushButton("打开第二条", body))
        self._rows: tuple[Row, ...] = ()
        for number, (name, label) in enumerate(LINES):
            self._labels[name] = named(QLabel(label, body), "fieldLabel")
            sides = (QLabel("", body), QLabel("", body))
            self.values[name] = sides
            grid.addWidget(self._labels[name], number, 0, Qt.AlignmentFlag.AlignTop)
            for side, value in enumerate(sides):
                named(value, "factValue")
                value.setWordWrap(True)
                value.setAccessibleName(f"{label}（第{'一二'[side]}条）")
                grid.addWidget(value, number, side + 1, Qt.AlignmentFlag.AlignTop)
        self._enter = EnterKeys(self)
        self._enter.onward.connect(self._press)
        for side, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, at=side: self._open(at))
            button.installEventFilter(self._enter)
            grid.addWidget(button, len(LINES), side + 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(body)

    def show_pair(self, rows: tuple[Row, Row]) -> None:
        """Show two rows as ``queries.evidence.evidence_rows`` gives them."""
        self._rows = rows
        for name, _label in LINES:
            texts = [str(row.get(name) or "") for row in rows]
            for value, text in zip(self.values[name], texts, strict=True):
                value.setText(text or "—")
                value.setVisible(any(texts))
            self._labels[name].setVisible(any(texts))

    def focus(self) -> None:
        """Put the keyboard on the first button."""
        self.buttons[0].setFocus()

    def _press(self, button: QWidget) -> None:
        if isinstance(button, QAbstractButton):
            button.click()

    def _open(self, side: int) -> None:
        if len(self._rows) > side:
            row = self._rows[side]
            self.opened.emit(str(row["place"]), str(row["id"]))
