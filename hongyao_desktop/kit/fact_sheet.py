"""A record to be read only: what a ledger shows instead of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import column_text
from hongyao_desktop.kit.tokens import Space


class FactSheet(QScrollArea):
    """A record to be read only: labels and values. What a ledger shows instead of a form."""

    def __init__(
        self,
        fields: Sequence[Field],
        parent: QWidget | None = None,
        *,
        name_of: Callable[[str, str], str | None] = lambda _register, _row_id: None,
    ) -> None:
        """``name_of`` tells what a row of another register is called (its name, its id): nobody reads ids."""
        super().__init__(parent)
        self._name_of = name_of
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("form")
        self._fields = tuple(fields)
        self._labels: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        body = QWidget(self)
        body.setObjectName("formBody")
        grid = QGridLayout(body)
        style = look()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.px(Space.L))
        grid.setVerticalSpacing(style.px(Space.S))
        grid.setColumnStretch(1, 1)
        for number, known in enumerate(self._fields):
            label = named(QLabel(known.label, body), "fieldLabel")
            value = named(QLabel("", body), "factValue")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(known.label)
            self._labels[known.name] = label
            self._values[known.name] = value
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(len(self._fields), 1)
        self.setWidget(body)

    def show_row(self, row: Row) -> None:
        """Show the values of a row; what the name of another record says already (its number) is not said again."""
        texts = {known.name: self._text(known, row.get(known.name)) for known in self._fields}
        names = [texts[known.name] for known in self._fields if isinstance(known.type, Reference)]
        for known in self._fields:
            shown = texts[known.name]
            told = not isinstance(known.type, Reference) and known.derived and _told_by(names, shown)
            self._labels[known.name].setVisible(not told)
            self._values[known.name].setVisible(not told)
            self._values[known.name].setText(shown or "—")

    def _text(self, known: Field, value: Any) -> str:
        if isinstance(known.type, Reference) and value:
            # A page may have put the name there already; then nothing is found by it.
            return self._name_of(known.type.register, str(value)) or known.type.format(value)
        return known.type.cover(value) if known.masked else column_text(known, value)


def _told_by(names: Sequence[str], shown: str) -> bool:
    """Whether a name says it: 宋文红（石桥-0078） says 宋文红 and 石桥-0078, but not 文."""
    return bool(shown) and any(shown in (name, *name.removesuffix("）").split("（")) for name in names)
