"""The last row of the cash book, always open for the next receipt or payment.

Enter goes on from cell to cell, and past what the words of the summary already decide (category, payee, side); in the
last cell it books.  Nothing is asked twice: day, handler and method stay for the next entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QWidget

from hongyao_desktop.core.fields import Choice, Money
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.fund import records
from hongyao_desktop.fund.page.said import SaidLine
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.fund.rules import Categories, payee_of, voucher
from hongyao_desktop.kit.inputs import FieldInput, make_input
from hongyao_desktop.kit.keys import EnterKeys, is_composing
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space, Width

_MAIN = ("entry_on", "summary", "category", "in_fen", "out_fen", "method", "handler", "attachments")
_MORE = ("counterparty", "receipt_number", "persons")
_KEPT = ("entry_on", "method", "handler")
_HINT_LEAST = 320
_MORE_WIDTH = {"counterparty": 150, "receipt_number": 130, "persons": 64}
_PLACEHOLDERS = {
    "summary": "摘要，如 大病救助：姓名",
    "category": "类别",
    "in_fen": "收入",
    "out_fen": "支出",
    "handler": "经办人",
    "attachments": "张",
}
_SIDES = {"收入": "in_fen", "支出": "out_fen"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the row: a draft if it can be read, and what is wrong with it."""

    draft: Draft | None
    problems: tuple[Problem, ...]


class EntryRow(QFrame):
    """Inputs under the columns of the table, and a line below for what else belongs to an entry.

    Signals:
        edited: something was typed.
        book_wanted: Enter in the last cell.
        up_wanted: ↑ was pressed; the table should take the keyboard.
        cell_entered: the keyboard came into a cell (its name); it should be in sight.
    """

    edited = Signal()
    book_wanted = Signal()
    up_wanted = Signal()
    cell_entered = Signal(str)

    def __init__(self, session: Session, categories: Categories, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("登记一笔")
        self._session = session
        self._categories = categories
        words = tuple(c.name for c in categories.listed if c.direction in _SIDES and c.kind != "更正")
        self._guessed: dict[str, str] = {}
        self._corrects: str | None = None
        self._year = session.today().year
        fields = {
            field.name: field
            for field in (
                records.ENTRY_ON,
                records.SUMMARY,
                replace(records.CATEGORY, type=Choice(words, open_list=True)),
                replace(records.IN_FEN, type=Money()),
                replace(records.OUT_FEN, type=Money()),
                records.METHOD,
                records.HANDLER,
                records.ATTACHMENTS,
                records.COUNTERPARTY,
                records.RECEIPT_NUMBER,
                records.PERSONS,
            )
        }
        self.inputs: dict[str, FieldInput] = {}
        self._keys = EnterKeys(self)
        self._keys.onward.connect(self._onward)
        self._keys.backward.connect(self._backward)
        for name, field in fields.items():
            entry = make_input(field, None, lambda: session.reader, self)
            entry.name_for_readers(field.label, field.help)
            editor = entry.editor()
            if name in _PLACEHOLDERS and isinstance(editor, QLineEdit):
                editor.setPlaceholderText(_PLACEHOLDERS[name])
            entry.edited.connect(lambda name=name: self._edited(name))
            entry.editor().installEventFilter(self._keys)
            entry.editor().installEventFilter(self)
            self.inputs[name] = entry
        self._labels: dict[str, QLabel] = {}
        for name in _MORE:
            label = named(QLabel(fields[name].label, self), "fieldLabel")
            label.setBuddy(self.inputs[name].editor())
            self._labels[name] = label
        self.number = named(QLabel("", self), "note")
        self.balance = named(QLabel("", self), "note")
        self.balance.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hint = SaidLine(self)
        self._columns: dict[str, tuple[int, int]] = {}
        for before, after in zip((*_MAIN, *_MORE), (*_MAIN[1:], *_MORE), strict=False):
            QWidget.setTabOrder(self.inputs[before].editor(), self.inputs[after].editor())
        self.set_heights()

    # --- what it offers -------------------------------------------------------------------------------------------

    def set_book(self, next_number: int, year: int) -> None:
        """Take the number the next entry will have, and the year that short dates mean."""
        self._year = year
        self.number.setText(voucher(next_number))

    def begin(self) -> None:
        """An empty row with today's day, for the first entry."""
        self.inputs["entry_on"].show_value(self._session.today().isoformat())
        self.inputs["method"].show_value(records.METHODS[0])

    def clear(self) -> None:
        """Empty the row for the next entry; day, method and handler stay."""
        for name, entry in self.inputs.items():
            if name not in _KEPT:
                entry.set_text("")
            entry.set_tone("")
        self._guessed.clear()
        self._corrects = None

    def take_over(self, values: dict[str, Any], corrects: str) -> None:
        """Fill the row with an entry that was just taken back, to be booked anew."""
        self.clear()
        for name, value in values.items():
            self.inputs[name].show_value(value)
        self._corrects = corrects

    def texts(self) -> dict[str, Any]:
        """What stands in the cells as typed, and which entry it corrects, for a draft."""
        return {
            "cells": {name: entry.text() for name, entry in self.inputs.items()},
            "corrects": self._corrects,
        }

    def restore(self, texts: Mapping[str, Any]) -> None:
        """Put a draft back."""
        self.clear()
        for name, text in texts["cells"].items():
            if name in self.inputs:
                self.inputs[name].set_text(text)
        self._corrects = texts["corrects"]
        self.edited.emit()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not kept from entry to entry."""
        return any(entry.text().strip() for name, entry in self.inputs.items() if name not in _KEPT)

    def focus_first(self) -> None:
        """Put the keyboard in the day, ready to be typed over."""
        self.go_to("entry_on")

    def go_to(self, name: str) -> None:
        """Put the keyboard in one cell, its text selected."""
        editor = self.inputs[name].editor()
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        select = getattr(editor, "selectAll", None)
        if select is not None:
            select()

    def holds_keyboard(self) -> bool:
        """Whether one of its cells has the keyboard."""
        return any(entry.editor().hasFocus() for entry in self.inputs.values())

    def read(self) -> Typed:
        """Read the cells; a draft comes only when all can be read and the needed ones are filled."""
        context = replace(self._session.context(), default_year=self._year)
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, entry in self.inputs.items():
            parsed = entry.parsed(context)
            values[name] = parsed.value
            problems += [problem.at(field=name) for problem in parsed.problems]
        if not values["entry_on"] and not problems:
            problems.append(Problem(Level.ERROR, "field.missing", "日期没有填写", "entry_on"))
        if not values["summary"] and not problems:
            problems.append(Problem(Level.ERROR, "field.missing", "摘要没有填写", "summary"))
        if not values["in_fen"] and not values["out_fen"] and not problems:
            problems.append(Problem(Level.ERROR, "fund.blank", "收入和支出都是空的，请填一边", "in_fen"))
        if any(problem.level is Level.ERROR for problem in problems):
            return Typed(None, tuple(problems))
        draft = Draft(
            day=dt.date.fromisoformat(values["entry_on"]),
            summary=values["summary"],
            in_fen=values["in_fen"] or 0,
            out_fen=values["out_fen"] or 0,
            category=values["category"] or None,
            method=values["method"] or records.METHODS[0],
            counterparty=values["counterparty"],
            handler=values["handler"],
            attachments=values["attachments"] or 0,
            persons=values["persons"],
            receipt_number=values["receipt_number"],
            corrects_id=self._corrects,
        )
        return Typed(draft, tuple(problems))

    def tell(self, text: str, tone: str = "ink_3") -> None:
        """Say something in the line below the cells."""
        self.hint.tell(text, tone)

    def mark(self, problems: Sequence[Problem]) -> None:
        """Mark the cells to blame and say the first finding."""
        for entry in self.inputs.values():
            entry.set_tone("")
        if not problems:
            return
        tones = {Level.ERROR: "bad", Level.WARNING: "warn", Level.QUESTION: "warn"}
        for problem in reversed(problems):
            if problem.field in self.inputs:
                self.inputs[problem.field].set_tone(tones[problem.level])
        worst = min(problems, key=lambda problem: problem.level is not Level.ERROR)
        self.tell(worst.message, tones[worst.level])

    def foretell(self, balance_fen: int | None) -> None:
        """Show the balance as it will stand after this entry."""
        self.balance.setText("" if balance_fen is None else format_fen(balance_fen))

    # --- keyboard -------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑ leaves for the table unless a drop-down is open; leaving a cell rewrites it as it is kept."""
        if event.type() == QEvent.Type.FocusOut:
            entry = self._entry_of(watched)
            if entry is not None and not is_composing(watched):
                self._settle(entry)
        elif event.type() == QEvent.Type.FocusIn:
            entry = self._entry_of(watched)
            if entry is not None:
                self.cell_entered.emit(entry.field.name)
        elif (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Up
            and not is_composing(watched)
        ):
            self.up_wanted.emit()
            return True
        return False

    def _entry_of(self, editor: QObject | None) -> FieldInput | None:
        return next((entry for entry in self.inputs.values() if entry.editor() is editor), None)

    def _settle(self, entry: FieldInput) -> None:
        entry.settle(replace(self._session.context(), default_year=self._year))

    def _onward(self, editor: QWidget) -> None:
        entry = self._entry_of(editor)
        if entry is None:
            return
        entry.accept_completion()
        self._settle(entry)
        following = self._after(entry.field.name)
        if following is None:
            self.book_wanted.emit()
        else:
            self.go_to(following)

    def _after(self, name: str) -> str | None:
        """The cell Enter goes to; None books."""
        if name == "summary":
            side = self._decide()
            return _SIDES[side] if side else "category"
        if name == "category":
            known = self._categories.named(self.inputs["category"].text())
            return _SIDES.get(known.direction, "in_fen") if known else "in_fen"
        if name == "in_fen":
            return "handler" if self.inputs["in_fen"].text().strip() else "out_fen"
        if name == "out_fen":
            return "handler"
        if name in ("attachments", "persons"):
            return None
        order = (*_MAIN, *_MORE)
        return order[order.index(name) + 1]

    def _backward(self, editor: QWidget) -> None:
        entry = self._entry_of(editor)
        if entry is None:
            return
        order = (*_MAIN, *_MORE)
        place = order.index(entry.field.name)
        self.go_to(order[max(place - 1, 0)])

    def _decide(self) -> str | None:
        """Fill category and payee from the words of the summary; the side, when they leave no doubt."""
        summary = self.inputs["summary"].text()
        guesses = [found for side in _SIDES if (found := self._categories.guess(side, summary)) is not None]
        self._fill("counterparty", payee_of(summary) or "")
        if len(guesses) != 1:
            self._fill("category", "")
            return None
        self._fill("category", guesses[0].name)
        return guesses[0].direction if self.inputs["category"].text() == guesses[0].name else None

    def _fill(self, name: str, text: str) -> None:
        """Set a cell unless the clerk typed something there."""
        entry = self.inputs[name]
        if entry.text() in ("", self._guessed.get(name)):
            entry.set_text(text)
            self._guessed[name] = text

    def _edited(self, name: str) -> None:
        self.inputs[name].set_tone("")
        self.edited.emit()

    # --- layout ---------------------------------------------------------------------------------------------------

    def set_heights(self) -> None:
        """Follow the text size in force."""
        self._place()

    def align(self, columns: dict[str, tuple[int, int]]) -> None:
        """Stand under the table's columns: name to (left edge, width)."""
        self._columns = columns
        self._place()

    def _place(self) -> None:
        style = look()
        gap, row, edge = style.px(Space.S), style.px(Height.INPUT), style.px(Width.EDGE)
        for name, (left, width) in self._columns.items():
            if name == "voucher":
                self.number.setGeometry(left + style.px(Space.M), gap, width - style.px(Space.M), row)
            elif name == "balance_fen":
                self.balance.setGeometry(left, gap, width - style.px(Space.M), row)
            elif name in self.inputs:
                shift = edge if left <= edge else 0
                self.inputs[name].setGeometry(left + shift + 1, gap, width - shift - 2, row)
        left = style.px(Space.M)
        top = 2 * gap + row
        for name in _MORE:
            label = self._labels[name]
            width = style.text_width(label.text()) + style.px(Space.XS)
            label.setGeometry(left, top, width, row)
            left += width
            self.inputs[name].setGeometry(left, top, style.px(_MORE_WIDTH[name]), row)
            left += style.px(_MORE_WIDTH[name]) + style.px(Space.M)
        height = self.hint.sizeHint().height()
        if self.width() - left - gap >= style.px(_HINT_LEAST):
            self.hint.setGeometry(left, top + (row - height) // 2, self.width() - left - gap, height)
            self.setFixedHeight(top + row + gap)
        else:  # with large text a finding takes a line of its own: what stands against an entry is said to its end
            below = top + row + style.px(Space.XS)
            self.hint.setGeometry(style.px(Space.M), below, self.width() - 2 * style.px(Space.M), height)
            self.setFixedHeight(below + height)

    def resizeEvent(self, event: Any) -> None:
        """The hint takes what is left of the width."""
        super().resizeEvent(event)
        self._place()
