"""What is behind one figure (数字的来历): value, definition, and the records it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.briefing.summary import Reading
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.figure import Figure
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space


class FigurePanel(QWidget):
    """One figure and its rows.

    Signals:
        open_wanted: the register behind the figure should open (its name).
    """

    open_wanted = Signal(str)

    def __init__(self, registers: Mapping[str, Register], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registers = registers
        self._register = ""
        style = look()
        self.label = named(QLabel("选一项指标", self), "sectionTitle")
        self.value = named(QLabel(self), "bigFigure")
        self.definition = named(
            QLabel("点正文里的数字，或在左边选一项，这里列出它的口径和背后的记录。", self), "note"
        )
        self.label.setWordWrap(True)
        self.definition.setWordWrap(True)
        self.table: RegisterTable | None = None
        self.open_button = QPushButton("打开台账", self)
        self.open_button.clicked.connect(lambda _checked=False: self.open_wanted.emit(self._register))
        self.open_button.hide()
        self._below = QWidget(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(style.px(Space.M),) * 4)
        self._column.setSpacing(style.px(Space.S))
        for widget in (self.label, self.value, self.definition):
            self._column.addWidget(widget)
        self._column.addWidget(self._below, 1)
        self._column.addWidget(self.open_button)

    def show_reading(self, reading: Reading) -> None:
        """Name a figure; its rows follow."""
        figure = reading.figure
        self.label.setText(f"{figure.label}　{figure.code}")
        self.value.setText(reading.shown)
        self.definition.setText(figure.definition)
        self._register = figure.register
        self.open_button.hide()
        self._take_away()

    def show_rows(self, figure: Figure, rows: Sequence[Row], reader: Reader) -> None:
        """List the records behind the figure."""
        self._take_away()
        table = RegisterTable(_fields(figure, self._registers[figure.register]), name=f"{figure.label}的记录")
        table.show_rows(HeldRows(rows), reader, position=0 if rows else None)
        self.table = table
        self._below.hide()
        self._column.insertWidget(3, table, 1)
        register = self._registers[figure.register]
        self.open_button.setText(f"共 {len(rows):,} 条，打开{register.label}")
        self.open_button.show()

    def _take_away(self) -> None:
        if self.table is not None:
            self._column.removeWidget(self.table)
            self._below.show()
            self.table.hide()
            self.table.deleteLater()
            self.table = None


def _fields(figure: Figure, register: Register) -> list[Field]:
    """The columns of a drill-down: as the register describes them where it knows them."""
    known = {field.name: field for field in register.fields}
    return [
        known.get(name)
        or Field(
            name=name,
            label=heading,
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            width=max(6, len(heading)),
        )
        for name, heading in figure.columns
    ]
