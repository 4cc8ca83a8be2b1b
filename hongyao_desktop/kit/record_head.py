"""The head of a record: name, state, figures, a sentence, and the tabs of its life."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.parts import Facts, RegisterPageParts
from hongyao_desktop.kit.pieces import ElidedLabel, empty_out, named, restate, word_tab
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space


class RecordHead(QWidget):
    """What stands above the form of a record.

    Signals:
        tab_wanted: a tab was pressed (its place, 0 is the form).
    """

    tab_wanted = Signal(int)

    def __init__(
        self, session: Session, register: Register, parts: RegisterPageParts, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._register = register
        self._parts = parts
        self._row_id = ""
        style = look()
        self.name_label = named(ElidedLabel(self), "recordTitle")
        self.subtitle = named(ElidedLabel(self), "recordSubtitle")
        self.state = named(QLabel(self), "recordState")
        line = QHBoxLayout()
        line.setSpacing(style.px(Space.S))
        line.addWidget(self.name_label)
        line.addWidget(self.subtitle, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self.state)
        self.figures = QHBoxLayout()
        self.figures.setSpacing(style.px(Space.L))
        self.note = named(QLabel(self), "note")
        self.note.setWordWrap(True)
        self.share = named(QProgressBar(self), "share")
        self.share.setRange(0, 100)
        self.share.setTextVisible(False)
        self.share.setFixedHeight(style.px(Space.XS))
        self.share.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addLayout(line)
        column.addLayout(self.figures)
        column.addWidget(self.note)
        column.addWidget(self.share)
        column.addWidget(self._build_tabs())

    def _build_tabs(self) -> QWidget:
        self.tab_row = QWidget(self)
        tabs = QHBoxLayout(self.tab_row)
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.setSpacing(look().px(Space.S))
        self.tab_buttons: list[QToolButton] = []
        for number, label in enumerate(["基本", *(tab.label for tab in self._parts.tabs)]):
            button = word_tab(label, self.tab_row, partial(self.tab_wanted.emit, number))
            self.tab_buttons.append(button)
            tabs.addWidget(button)
        tabs.addStretch(1)
        self.tab_buttons[0].setChecked(True)
        self.tab_row.setVisible(bool(self._parts.tabs))
        return self.tab_row

    @property
    def tab(self) -> int:
        """The tab that is pressed; 0 is the form."""
        return next((n for n, button in enumerate(self.tab_buttons) if button.isChecked()), 0)

    def show_new(self, title: str) -> None:
        """A record that is not on file yet has a title and nothing else."""
        self._row_id = ""
        self.show()
        self.name_label.setText(title)
        for label in (self.subtitle, self.state, self.note):
            label.clear()
            label.hide()
        self.share.hide()
        self._show_figures(())
        self.tab_row.hide()

    def show_row(self, row: Row) -> None:
        """Name and state at once; figures and note when they have been read."""
        register = self._register
        self._row_id = str(row["id"])
        self.show()
        self.name_label.setText(
            register.field(register.title_field).type.format(row.get(register.title_field))
        )
        self.subtitle.hide()
        self.note.hide()
        self.share.hide()
        self._show_figures(())
        self.tab_row.setVisible(bool(self._parts.tabs))
        status = register.status_field
        word = register.field(status).type.format(row.get(status)) if status else ""
        tone = self._parts.tone(register.field(status), row) if status and self._parts.tone else None
        self.state.setText(f"● {word}" if word else "")
        self.state.setVisible(bool(word))
        restate(self.state, "tone", tone or "")
        facts = self._parts.facts
        if facts is not None:
            row_id = self._row_id
            self._session.read(
                self, lambda reader: facts(reader, row), lambda found: self._show_facts(row_id, found)
            )

    def _show_facts(self, row_id: str, facts: Facts) -> None:
        if row_id != self._row_id:
            return
        self.subtitle.setText(facts.subtitle)
        self.subtitle.setVisible(bool(facts.subtitle))
        self.note.setText(facts.note)
        self.note.setVisible(bool(facts.note))
        self.share.setVisible(facts.share is not None)
        self.share.setValue(facts.share or 0)
        self.share.setAccessibleName(facts.note)
        self._show_figures(facts.figures)

    def _show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        empty_out(self.figures)
        for label, text in figures:
            cell = QWidget(self)
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(named(QLabel(label, cell), "fieldLabel"))
            column.addWidget(named(QLabel(text, cell), "figure"))
            self.figures.addWidget(cell, 1)
