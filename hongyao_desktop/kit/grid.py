"""A grid for keying many rows: the editor always stands in the current cell, so no first letter is ever eaten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Align
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.kit.grid_answers import CellAnswers
from hongyao_desktop.kit.grid_model import GridColumn, GridModel, pasted_lines
from hongyao_desktop.kit.grid_view import GridDelegate, GridView
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.keys import ENTER, ComposingLineEdit
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, once
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

GridCheck = Callable[[Reader, list[Row]], list[Problem]]
"""Finds clashes and doubts among the filled rows; ``Problem.row`` counts them from 1. Runs on a reading worker."""


class EntryGrid(QFrame):
    """Keys of the grid: Enter next row (or next required cell), Tab next cell, ↓ choose or next row, Ctrl+D repeat
    the value above, Ctrl+Delete remove the row, Ctrl+V lay a block from a spreadsheet over the cells.

    Signals:
        changed: rows or findings changed.
        moved: the editor stands in another cell.
        finished: Enter was pressed in the blank row at the end.
    """  # noqa: D205 - the keys belong together

    changed = Signal()
    moved = Signal()
    finished = Signal()

    def __init__(
        self,
        columns: Sequence[GridColumn],
        session: Session,
        *,
        check: GridCheck | None = None,
        name: str = "录入表",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.setAccessibleName(name)
        self._session = session
        self._check = check
        self._job: Job | None = None
        self.current_row = 0
        self._column = 0
        self._choosing = False
        self.model = GridModel(columns, lambda: session.reader, session.context, self)
        self.view = GridView(self)
        self.view.setAccessibleName(name)
        self.view.setModel(self.model)
        self.view.setItemDelegate(GridDelegate(self.model, lambda: self.current_row, self))
        self.view.cell_pressed.connect(self.go)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.view)
        self.editor = named(ComposingLineEdit(self.view.viewport()), "cellEditor")
        self.editor.installEventFilter(self)
        self.editor.textEdited.connect(self._typed)
        self.answers = CellAnswers(self.editor, lambda: session.reader, self._chosen)
        self.view.verticalScrollBar().valueChanged.connect(lambda _value: self._place())
        self.view.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        self.view.horizontalScrollBar().valueChanged.connect(lambda _value: self._place())
        self.view.horizontalHeader().sectionResized.connect(lambda *_sizes: self._place())
        self._check_later = once(self)
        self._check_later.timeout.connect(self._run_check)
        self.model.dataChanged.connect(lambda *_cells: self.changed.emit())
        self.model.rowsRemoved.connect(lambda *_rows: self.changed.emit())
        self.editor.textEdited.connect(lambda _text: self._session.drafts.typed())
        look().changed.connect(self.restyle)
        self.restyle()
        self.go(0, self._first(), focus=False)

    # -- for the page

    def rows(self) -> list[Row]:
        """Values of the filled rows; see :meth:`GridModel.values`."""
        self.commit()
        return self.model.values()

    def problems(self) -> list[Problem]:
        """Objections and findings of the filled rows."""
        self.commit()
        return self.model.problems()

    def set_default(self, name: str, text: str) -> None:
        """What new rows hold in a repeating column, as text (from the head of the page)."""
        shown = self.model.grid_rows[self.current_row].cells[self._name()].text
        self.model.set_default(name, text)
        follows = self.model.grid_rows[self.current_row].cells[self._name()].text
        if follows != shown and self.editor.text() == shown:
            self._load(follows)  # else the editor would write the old default back, as if it had been typed

    def clear(self) -> None:
        """Begin anew; what was being asked about the rows before does not concern the new ones."""
        self._check_later.stop()
        if self._job is not None:
            self._job.drop()
            self._job = None
        self._load("")
        self.current_row, self._column = 0, self._first()
        self.model.clear()
        self.go(0, self._first(), focus=False)
        self.changed.emit()

    def drafts(self) -> list[dict[str, Any]]:
        """What was typed in the filled rows, the letters in the open cell among it."""
        rows = self.model.drafts()
        if self.typing:
            filled = self.model.filled()
            if self.current_row in filled:
                rows[filled.index(self.current_row)][self._name()] = self.editor.text()
            else:
                rows.append({self._name(): self.editor.text()})
        return rows

    def put_back(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Fill an empty grid with what :meth:`drafts` gave."""
        self.model.put_back(rows)
        self.current_row, self._column = len(self.model.grid_rows) - 1, self._first()
        self._load("")
        self.go(self.current_row, self._first(), focus=False)
        self._check_later.start()

    def focus(self) -> None:
        """Put the keyboard into the current cell."""
        self.go(self.current_row, self._column)

    @property
    def typing(self) -> bool:
        """Whether letters stand in the open cell that were not taken over yet."""
        cell = self.model.grid_rows[self.current_row].cells[self._name()]
        return bool(self.editor.text().strip()) and self.editor.text() != cell.text

    @property
    def filled(self) -> int:
        """Number of filled rows."""
        return len(self.model.filled())

    def recheck(self) -> None:
        """Ask the page's check again (the head changed)."""
        self._check_later.start()

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.view.verticalHeader().setDefaultSectionSize(style.px(Height.ROW))
        self.view.verticalHeader().setFixedWidth(style.px(Height.TOOLBAR))
        self.view.horizontalHeader().setFixedHeight(style.px(Height.INPUT))
        for place, column in enumerate(self.model.columns):
            wide = style.px(TypeSize.BODY) * column.field.width + 2 * style.px(Space.S)
            self.view.setColumnWidth(place, wide)
        self._place()

    def show_row(self, place: int, field: str | None = None) -> None:
        """Go to a row that has something to say: to the cell it is about where that is typed into."""
        names = [column.field.name if column.entered else "" for column in self.model.columns]
        self.go(place, names.index(field) if field in names and field else self._first())

    # -- moving

    def go(self, row: int, column: int, *, focus: bool = True) -> None:
        """Put the editor into a cell; the cell left is read first."""
        self.commit()
        row = max(0, min(row, len(self.model.grid_rows) - 1))
        if not 0 <= column < len(self.model.columns) or not self.model.columns[column].entered:
            column = self._first()
        self.current_row, self._column = row, column
        shown = self.model.columns[column]
        self._load(self.model.grid_rows[row].cells[shown.field.name].text)
        right = shown.field.type.align is Align.RIGHT
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.editor.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.editor.setAccessibleName(f"第 {row + 1} 行{shown.field.label}")
        self.view.scrollTo(self.model.index(row, column))
        self._place()
        self.view.viewport().update()
        if focus:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def _keep_in_sight(self, *_range: int) -> None:
        """A row that was just added, or a sentence below that took room, must not leave what is typed out of sight."""
        if self.editor.hasFocus() and self.current_row < len(self.model.grid_rows):
            self.view.scrollTo(self.model.index(self.current_row, self._column))
            self._place()

    def findings_here(self) -> tuple[int, list[Problem]]:
        """What was found about the row the editor is in, or about the one just left: its place, and the findings."""
        for place in (self.current_row, self.current_row - 1):
            found = self.model.grid_rows[place].problems() if 0 <= place < len(self.model.grid_rows) else []
            if found:
                return place, found
        return self.current_row, []

    def commit(self) -> None:
        """Read what stands in the editor into its cell."""
        name = self._name()
        cell = self.model.grid_rows[self.current_row].cells[name]
        if self.editor.text() != cell.text:
            self.model.type_text(self.current_row, name, self.editor.text())
            self._load(self.model.grid_rows[self.current_row].cells[name].text)
            self._check_later.start()

    def _load(self, text: str) -> None:
        self.answers.close()
        self.editor.setText(text)
        self.editor.selectAll()

    def _first(self) -> int:
        return next(place for place, column in enumerate(self.model.columns) if column.entered)

    def _name(self) -> str:
        return self.model.columns[self._column].field.name

    def _next_cell(self, step: int) -> None:
        entered = [place for place, column in enumerate(self.model.columns) if column.entered]
        spot = entered.index(self._column) + step
        if 0 <= spot < len(entered):
            self.go(self.current_row, entered[spot])
        elif step > 0:
            self.go(self.current_row + 1, entered[0])
        elif self.current_row:
            self.go(self.current_row - 1, entered[-1])

    def _onward(self) -> None:
        if self.model.grid_rows[self.current_row].blank and not self.editor.text().strip():
            self.finished.emit()
            return
        self.answers.take()
        self.commit()
        cells = self.model.grid_rows[self.current_row].cells
        wanted = [
            place
            for place, column in enumerate(self.model.columns)
            if place > self._column and column.entered and (column.field.required or column.stops)
            if not cells[column.field.name].text
        ]
        if wanted:
            self.go(self.current_row, wanted[0])
        else:
            self.go(self.current_row + 1, self._landing(self.current_row + 1))

    def _landing(self, row: int) -> int:
        """Where Enter goes in the next row: to its first cell, unless the row is filled and waits further on.

        A row that stands there already (a shelf to be counted) is not typed over at its name.
        """
        if row >= len(self.model.grid_rows) or self.model.grid_rows[row].blank:
            return self._first()
        if self.model.columns[self._column].stops:
            return self._column
        return next((place for place, column in enumerate(self.model.columns) if column.stops), self._first())

    # -- answers

    def _typed(self, text: str) -> None:
        self.answers.offer(self.model.columns[self._column], text.strip())

    def _ask(self) -> bool:
        return self.answers.ask(self.model.columns[self._column])

    def _chosen(self, match: Match) -> None:
        name = self._name()
        column = self.model.columns[self._column]
        self.model.type_text(
            self.current_row, name, match.label, match if column.lookup is not None else None
        )
        self.editor.setText(self.model.grid_rows[self.current_row].cells[name].text)
        self._check_later.start()

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drive grid and drop-down from the editor, unless the input method is composing."""
        if watched is not self.editor:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.answers.close()
            self.commit()
            return False
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and not self.editor.composing
        ):
            return self._key(event)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_ours(event)
        ):
            event.accept()  # Ctrl+D, Ctrl+Delete and Esc belong to the grid while it has the keyboard
            return True
        return False

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return event.key() in (Qt.Key.Key_D, Qt.Key.Key_Delete)
        return event.key() == Qt.Key.Key_Escape and self._can_step_back()

    def _can_step_back(self) -> bool:
        cell = self.model.grid_rows[self.current_row].cells[self._name()]
        return self.answers.open or self.editor.text() != cell.text

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control:
            return self._control_key(key)
        if key in ENTER:
            if shift:
                self.go(self.current_row - 1, self._column)
            else:
                self._onward()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.answers.take()
            self._next_cell(-1 if key == Qt.Key.Key_Backtab else 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._up_or_down(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and self._can_step_back():
            self.answers.close()
            self._load(self.model.grid_rows[self.current_row].cells[self._name()].text)
        else:
            return self._sideways(key, shift=shift)
        return True

    def _up_or_down(self, step: int) -> None:
        if self.answers.open:
            self.answers.move_mark(step)
            return
        cell = self.model.grid_rows[self.current_row].cells[self._name()]
        unsettled = cell.match is None or self.editor.text() != cell.text
        if step > 0 and unsettled and self.editor.text().strip() and self._ask():
            return
        if step > 0 and not self.editor.text().strip() and self._ask():
            return
        place = self.current_row + step
        last = len(self.model.grid_rows) - 1
        # Below the last row a new one begins, and a row begins with its first cell.
        begins = step > 0 and place == last and self.model.grid_rows[last].blank
        self.go(place, self._first() if begins else self._column)

    def _sideways(self, key: int, *, shift: bool) -> bool:
        if shift or self.editor.hasSelectedText() or key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        end = 0 if key == Qt.Key.Key_Left else len(self.editor.text())
        if self.editor.cursorPosition() != end:
            return False
        self._next_cell(-1 if key == Qt.Key.Key_Left else 1)
        return True

    def _control_key(self, key: int) -> bool:
        if key == Qt.Key.Key_D:
            self.model.fill_down(self.current_row, self._name())
            self._load(self.model.grid_rows[self.current_row].cells[self._name()].text)
            self._check_later.start()
            return True
        if key == Qt.Key.Key_Delete:
            self._load("")
            place = self.current_row
            self.editor.setText(self.model.grid_rows[place].cells[self._name()].text)
            self.model.remove(place)
            self.current_row = min(place, len(self.model.grid_rows) - 1)
            self._load(self.model.grid_rows[self.current_row].cells[self._name()].text)
            self.go(self.current_row, self._column)
            self._check_later.start()
            return True
        if key == Qt.Key.Key_V:
            return self._paste()
        return False

    def _paste(self) -> bool:
        lines = pasted_lines(QGuiApplication.clipboard().text())
        if not lines:
            return False
        start = self.current_row
        self._load(self.model.grid_rows[start].cells[self._name()].text)
        count = self.model.paste(start, self._column, lines)
        self._load(self.model.grid_rows[start].cells[self._name()].text)
        self.go(start + count, self._first())
        self._check_later.start()
        return True

    # -- inside

    def _place(self) -> None:
        rect = self.view.visualRect(self.model.index(self.current_row, self._column))
        self.editor.setGeometry(rect.adjusted(0, 0, -1, -1))
        self.editor.setVisible(rect.isValid() and not rect.isEmpty())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the editor in its cell, and the cell in sight."""
        super().resizeEvent(event)
        self.view.scrollTo(self.model.index(self.current_row, self._column))
        self._place()

    def _run_check(self) -> None:
        check = self._check
        if self._job is not None:
            self._job.drop()
            self._job = None
        if check is None:
            return
        positions = self.model.filled()
        rows = self.model.values()
        self._job = self._session.read(
            self,
            lambda reader: check(reader, rows),
            lambda found: self.model.set_findings(positions, found),
        )
