"""The form of a register, laid out from its description: labels above inputs, findings in their reserved place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Parsed
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.field_box import FieldBox, HintLine, lines_of
from hongyao_desktop.kit.inputs import MaskedInput, make_input
from hongyao_desktop.kit.keys import EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Space, Width

PLAIN_SECTION = "基本"
"""The first section of most registers; it needs no heading."""


class FormPanel(QScrollArea):
    """A form generated from fields.

    Signals:
        changed: the form became changed, or clean again.
        typed: the operator edited something, or the form became clean again.
        finished: Enter was pressed in the last field.
        settled: an input was left and its value read.
        reveal_wanted: 显示 was pressed beside a masked field (its name).
    """

    changed = Signal()
    typed = Signal()
    finished = Signal()
    settled = Signal()
    reveal_wanted = Signal(str)

    def __init__(
        self,
        fields: Sequence[Field],
        session: Session,
        *,
        lookups: Mapping[str, Lookup] | None = None,
        name: str = "表单",
        columns: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("form")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self._session = session
        self._columns = 0
        self._asked_columns = columns
        self._dirty = False
        self._loaded: dict[str, Any] = {}
        self.boxes: dict[str, FieldBox] = {}
        self._sections: list[tuple[QGridLayout, list[FieldBox]]] = []
        self._keys = EnterKeys(self)
        self._keys.onward.connect(self._onward)
        self._keys.backward.connect(self._backward)
        self._lines: list[HintLine] = []
        self._body = body = QWidget(self)
        body.setObjectName("formBody")
        self._column = QVBoxLayout(body)
        self._column.setSpacing(look().px(Space.XS))
        self._column.setContentsMargins(0, 0, look().px(Space.M), 0)
        self._build(fields, {**session.lookups, **(lookups or {})}, body)
        self._column.addStretch(1)
        self.setWidget(body)
        self._arrange()
        if columns:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # -- building

    def _build(self, fields: Sequence[Field], lookups: Mapping[str, Lookup], body: QWidget) -> None:
        names = list(dict.fromkeys(field.section for field in fields))
        for position, section in enumerate(names):
            if position or section != PLAIN_SECTION:
                title = named(QLabel(section, body), "sectionTitle")
                if position:
                    self._column.addSpacing(look().px(Space.S))
                self._column.addWidget(title)
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(look().px(Space.L))
            grid.setVerticalSpacing(2)
            boxes = [self._box(field, lookups, body) for field in fields if field.section == section]
            self._sections.append((grid, boxes))
            self._column.addLayout(grid)

    def _box(self, field: Field, lookups: Mapping[str, Lookup], body: QWidget) -> FieldBox:
        register = getattr(field.type, "register", "")
        entry = make_input(field, lookups.get(field.name) or lookups.get(register), self._reader, body)
        entry.editor().installEventFilter(self._keys)
        entry.editor().installEventFilter(self)
        entry.edited.connect(lambda name=field.name: self._edited(name))
        entry.left.connect(lambda name=field.name: self._left(name))
        if isinstance(entry, MaskedInput):
            entry.reveal_wanted.connect(lambda name=field.name: self.reveal_wanted.emit(name))
        box = FieldBox(field, entry, body)
        self.boxes[field.name] = box
        return box

    def _reader(self) -> Any:
        return self._session.reader

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One or two columns, by the width there is; in a lower place the input with the keyboard stays in sight."""
        super().resizeEvent(event)
        self._arrange()
        if event.size().height() < event.oldSize().height():
            for box in self.boxes.values():
                if box.entry.editor().hasFocus():
                    self._reach(box)

    def _arrange(self) -> None:
        columns = 2 if self.viewport().width() >= look().px(Width.TWO_COLUMNS_FROM) else 1
        columns = self._asked_columns or columns
        if columns == self._columns:
            return
        self._columns = columns
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines.clear()
        for grid, boxes in self._sections:
            while grid.count():
                grid.takeAt(0)
            for column in range(max(columns, 2)):
                grid.setColumnStretch(column, 1 if column < columns else 0)
            self._lay(grid, boxes, columns)

    def _lay(self, grid: QGridLayout, boxes: Sequence[FieldBox], columns: int) -> None:
        for row, line in enumerate(lines_of(boxes, columns)):
            column = 0
            for box, span in line:
                grid.addWidget(box, 2 * row, column, 1, span, Qt.AlignmentFlag.AlignTop)
                column += span
            hints = HintLine([box for box, _span in line], self._body)
            hints.show()
            self._lines.append(hints)
            grid.addWidget(hints, 2 * row + 1, 0, 1, columns)

    def sizeHint(self) -> QSize:
        """As high as its content when the columns were asked for (a head), else whatever there is."""
        if not self._asked_columns:
            return super().sizeHint()
        return QSize(super().sizeHint().width(), self._body.sizeHint().height())

    # -- values

    def load(self, values: Mapping[str, Any]) -> None:
        """Show stored values; the form is clean afterwards."""
        for name, box in self.boxes.items():
            box.entry.show_value(values.get(name))
            box.entry.set_tone("")
            box.hint.clear()
        self._loaded = self.texts()
        self._set_dirty(dirty=False)
        self.verticalScrollBar().setValue(0)

    def blank(self, given: Mapping[str, Any] | None = None) -> None:
        """Begin a new row with the defaults of the description and what is given."""
        defaults = {name: box.field.default for name, box in self.boxes.items()}
        self.load({**defaults, **(given or {})})

    def texts(self, *, changed_only: bool = False) -> dict[str, Any]:
        """What stands in the inputs, for a draft; masked values that were not typed over are left out.

        ``changed_only`` leaves out what was not touched: a draft of a stored record must not carry its other
        fields back in time when somebody else has changed them since.
        """
        found = {name: box.entry.draft() for name, box in self.boxes.items()}
        return {
            name: kept
            for name, kept in found.items()
            if kept is not None and not (changed_only and self._loaded.get(name, "") == kept)
        }

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Put a draft back; the form counts as changed."""
        for name, kept in texts.items():
            if name in self.boxes and self.boxes[name].entry.draft() != kept:
                self.boxes[name].entry.take_draft(kept)
                self.boxes[name].entry.settle(self._session.context())
        self._set_dirty(dirty=True)
        self.typed.emit()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._dirty

    def value(self, name: str) -> Any:
        """What one input means now; None when blank or unreadable."""
        return self.boxes[name].entry.parsed(self._session.context()).value

    def set_value(self, name: str, value: Any) -> None:
        """Fill one input on behalf of the operator."""
        self.boxes[name].entry.show_value(value)
        self._edited(name)

    def read(self) -> tuple[Row, list[Problem]]:
        """All values by field name, and what is wrong with them (required fields left blank among it)."""
        values: Row = {}
        problems: list[Problem] = []
        for name, box in self.boxes.items():
            box.entry.settle(self._session.context())
            parsed = box.entry.parsed(self._session.context())
            values[name] = parsed.value
            problems += (problem.at(field=name) for problem in parsed.problems)
            if box.field.required and parsed.value is None and parsed.good:
                problems.append(Problem(Level.ERROR, "required", f"{box.field.label}还没有填", name))
        return values, problems

    def show_problems(self, problems: Iterable[Problem], *, focus: bool = True) -> list[Problem]:
        """Put each finding under its input and go to the first objection; returns those without an input here."""
        for box in self.boxes.values():
            box.hint.clear()
            box.entry.set_tone("")
        elsewhere: list[Problem] = []
        first: FieldBox | None = None
        for problem in sorted(problems, key=lambda found: found.level is not Level.ERROR):
            box_or_none = self.boxes.get(problem.field or "")
            if box_or_none is None:
                elsewhere.append(problem)
                continue
            if not box_or_none.entry.editor().property("tone"):
                self._find(box_or_none, problem)
            if first is None and problem.level is Level.ERROR:
                first = box_or_none
        if first is not None and focus:
            first.entry.editor().setFocus(Qt.FocusReason.OtherFocusReason)
            self._reach(first)
        return elsewhere

    def saved(self) -> None:
        """What stands here is now stored."""
        for box in self.boxes.values():
            if box.entry.editor().property("tone") == "bad":
                box.entry.set_tone("")
                box.hint.clear()
        self._set_dirty(dirty=False)

    def unmask(self, name: str) -> None:
        """Show a masked field in full, after the asking has been logged."""
        entry = self.boxes[name].entry
        if isinstance(entry, MaskedInput):
            entry.unmask()
            entry.editor().setFocus()

    def set_read_only(self, *, read_only: bool) -> None:
        """Let everything be read but not changed."""
        for box in self.boxes.values():
            box.entry.set_read_only(read_only)

    # -- keyboard

    def focus_first(self) -> None:
        """Go to the first input."""
        for box in self.boxes.values():
            if box.entry.editor().isEnabled():
                box.entry.editor().setFocus(Qt.FocusReason.TabFocusReason)
                if isinstance(line := box.entry.editor(), QLineEdit):
                    line.selectAll()  # it may have had the keyboard already, which selects nothing
                self._reach(box)
                return

    def focus_field(self, name: str) -> None:
        """Go to one input."""
        self.boxes[name].entry.editor().setFocus(Qt.FocusReason.TabFocusReason)
        self._reach(self.boxes[name])

    def _onward(self, editor: QWidget) -> None:
        order = list(self.boxes.values())
        place = self._place_of(editor)
        order[place].entry.accept_completion()
        if place + 1 < len(order):
            self._go(order[place + 1])
        else:
            order[place].entry.settle(self._session.context())
            self.finished.emit()

    def _backward(self, editor: QWidget) -> None:
        place = self._place_of(editor)
        if place:
            self._go(list(self.boxes.values())[place - 1])

    def _go(self, box: FieldBox) -> None:
        box.entry.editor().setFocus(Qt.FocusReason.TabFocusReason)
        self._reach(box)

    def _place_of(self, editor: QWidget) -> int:
        return next(n for n, box in enumerate(self.boxes.values()) if box.entry.editor() is editor)

    def _reach(self, box: FieldBox) -> None:
        self.ensureWidgetVisible(box, 0, look().px(Space.S))
        # The help stands under the row, not in the box: its line has to be in sight as well.
        foot = box.mapTo(self.widget(), box.rect().bottomLeft())
        below = look().px(HintLine.LINE) + look().px(Space.XS)
        self.ensureVisible(foot.x(), foot.y() + below, 0, look().px(Space.XS))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the input that gets the keyboard in sight, with its help below it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            came = event.type() == QEvent.Type.FocusIn
            for box in self.boxes.values():
                if box.entry.editor() is watched:
                    box.hint.help(wanted=came)
                if came and box.entry.editor() is watched:
                    QTimer.singleShot(0, box, lambda reached=box: self._reach(reached))
        return False

    # -- inside

    def _edited(self, name: str) -> None:
        box = self.boxes[name]
        if box.entry.editor().property("tone"):
            box.entry.set_tone("")
            box.hint.clear()
        self._set_dirty(dirty=True)
        self.typed.emit()

    def _left(self, name: str) -> None:
        box = self.boxes[name]
        if not self._dirty or QApplication.activePopupWidget() is not None:
            return
        box.entry.settle(self._session.context())
        self.settled.emit()
        parsed: Parsed = box.entry.parsed(self._session.context())
        if parsed.problems and not box.entry.editor().property("tone"):
            self._find(box, parsed.problems[0])

    def _find(self, box: FieldBox, problem: Problem) -> None:
        tone = "bad" if problem.level is Level.ERROR else "warn"
        box.entry.set_tone(tone)
        box.hint.tell(problem.message, tone)
        box.entry.editor().setAccessibleDescription(problem.message)

    def _set_dirty(self, *, dirty: bool) -> None:
        if dirty != self._dirty:
            self._dirty = dirty
            self.changed.emit()
            if not dirty:
                self.typed.emit()
