"""Inputs of a form, one for each kind of field: what was typed is kept as typed until the field reads it.

Those that complete from a drop-down stand here, the plain ones in :mod:`plain_inputs`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import Choice, Flag, ParseContext, Parsed, Reference, Text
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.completion import CompletionKeys, CompletionPopup, find_words, is_whole
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.plain_inputs import FieldInput, FlagInput, LineInput, MaskedInput, TextInput
from hongyao_desktop.kit.tokens import Space

__all__ = [
    "ChoiceInput",
    "FieldInput",
    "FlagInput",
    "LineInput",
    "MaskedInput",
    "ReferenceInput",
    "TextInput",
    "make_input",
]

ANSWERS_AT_MOST = 12


class _CompletingInput(LineInput):
    """A line with a drop-down of answers."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._popup: CompletionPopup | None = None
        self.arrow = named(QToolButton(self.line), "dropButton")
        self.arrow.setIcon(look().icon("chevron"))
        self.arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.arrow.setCursor(Qt.CursorShape.ArrowCursor)
        self.arrow.setAccessibleName(f"{field.label}备选")
        self.arrow.clicked.connect(self._drop)
        inside = QHBoxLayout(self.line)
        inside.setContentsMargins(0, 1, 1, 1)
        inside.addStretch(1)
        inside.addWidget(self.arrow)
        self.line.setTextMargins(0, 0, look().px(Space.XL), 0)
        self.line.textEdited.connect(self._typed)

    def popup(self) -> CompletionPopup:
        """The drop-down, made when first needed."""
        if self._popup is None:
            self._popup = CompletionPopup(self.line)
            self._popup.chosen.connect(self._chosen)
            CompletionKeys(self.line, self._popup, self.ask)
        return self._popup

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make the drop-down ready when the keyboard arrives."""
        if event.type() == QEvent.Type.FocusIn:
            self.popup()
        return super().eventFilter(watched, event)

    def accept_completion(self) -> bool:
        """Take the marked answer of the open drop-down."""
        return self._popup is not None and not self._popup.isHidden() and self._popup.take()

    def ask(self) -> None:
        """Offer all answers to what stands there."""
        raise TypeError("every completing input asks its own source")

    def _typed(self, _text: str) -> None:
        raise TypeError("every completing input reads typing itself")

    def _chosen(self, match: Match) -> None:
        raise TypeError(f"every completing input takes the answer itself: {match.id}")

    def _drop(self) -> None:
        self.line.setFocus()
        popup = self.popup()
        if popup.isHidden():
            self.ask()
        else:
            popup.hide()

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """No drop-down on what cannot be changed."""
        super().set_read_only(read_only)
        self.arrow.setVisible(not read_only)


class ChoiceInput(_CompletingInput):
    """One of a list of words: typed, by pinyin initials, or from the drop-down."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        assert isinstance(field.type, Choice)
        self._options = field.type.options

    def ask(self) -> None:
        """Offer every word, the one that stands there marked."""
        words = list(self._options)
        self.popup().offer([Match(word, word) for word in words])
        if self.text() in words:
            self.popup().move_mark(words.index(self.text()))

    def settle(self, context: ParseContext) -> None:
        """Initials or a beginning that fit exactly one word become that word; the only one whose all they are, too."""
        found = find_words(self._options, self.text()) if self.text().strip() else []
        key = pinyin.query_key(self.text())
        found = [word for word in found if is_whole(word, key)] or found
        if self.text() not in self._options and len(found) == 1:
            self.set_text(found[0])
        super().settle(context)

    def _typed(self, text: str) -> None:
        found = find_words(self._options, text) if text.strip() else []
        self.popup().offer([Match(word, word) for word in found if word != text])

    def _chosen(self, match: Match) -> None:
        self.line.setText(match.label)
        self.edited.emit()


class ReferenceInput(_CompletingInput):
    """A row of another register, found by name, pinyin initials or number; stored as that row's id."""

    def __init__(
        self, field: Field, lookup: Lookup, reader: Callable[[], Reader], parent: QWidget | None = None
    ) -> None:
        super().__init__(field, parent)
        self._lookup = lookup
        self._reader = reader
        self._match: Match | None = None
        self.line.setPlaceholderText("首字母或编号")

    @property
    def match(self) -> Match | None:
        """The row chosen."""
        return self._match

    def ask(self) -> None:
        """Offer rows for what stands there (all first ones for nothing)."""
        typed = "" if self._match is not None else self.text().strip()
        self.popup().offer(self._lookup.find(self._reader(), typed, ANSWERS_AT_MOST))

    def draft(self) -> Any:
        """The chosen row beside the words, so that of two people with one name the right one comes back."""
        return self.text() if self._match is None else {"text": self.text(), "id": self._match.id}

    def take_draft(self, kept: Any) -> None:
        """The row, if it can still be found, else the words."""
        if not isinstance(kept, dict):
            self.set_text(str(kept))
            return
        self.show_value(kept["id"])
        if self._match is None:
            self.set_text(str(kept["text"]))

    def show_value(self, value: Any) -> None:
        """Show the row with this id by its name."""
        self._match = self._lookup.show(self._reader(), value) if value else None
        self.set_text(self._match.label if self._match else "")
        self.line.setToolTip(self._match.note if self._match else "")

    def show_match(self, match: Match) -> None:
        """Show a row that is already at hand."""
        self._match = match
        self.set_text(match.label)
        self.line.setToolTip(match.note)

    def set_text(self, text: str) -> None:
        """Put typed text back; it has to be chosen again unless it is the chosen row's name."""
        super().set_text(text)
        if self._match is not None and text != self._match.label:
            self._match = None

    def parsed(self, context: ParseContext) -> Parsed:  # noqa: ARG002 - an id depends on nothing
        """The id of the chosen row; typed text that was never chosen is an objection, never a guess."""
        typed = self.text().strip()
        if not typed:
            return Parsed(None)
        if self._match is not None:
            return Parsed(self._match.id)
        message = f"“{typed}”还没有从备选里选定，请按 ↓ 选择"
        return Parsed(None, (Problem(Level.ERROR, "reference.open", message, self.field.name),))

    def settle(self, context: ParseContext) -> None:  # noqa: ARG002 - a name depends on nothing
        """A typed name that belongs to exactly one row is that row."""
        typed = self.text().strip()
        if self._match is None and typed:
            exact = [m for m in self._lookup.find(self._reader(), typed, ANSWERS_AT_MOST) if m.label == typed]
            if len(exact) == 1:
                self.show_match(exact[0])

    def _typed(self, text: str) -> None:
        self._match = None
        typed = text.strip()
        found = self._lookup.find(self._reader(), typed, ANSWERS_AT_MOST) if typed else []
        self.popup().offer(found)

    def _chosen(self, match: Match) -> None:
        self.show_match(match)
        self.edited.emit()


def make_input(
    field: Field,
    lookup: Lookup | None,
    reader: Callable[[], Reader],
    parent: QWidget | None = None,
) -> FieldInput:
    """The input for a field, by its type."""
    match field.type:
        case Flag():
            return FlagInput(field, parent)
        case Choice():
            return ChoiceInput(field, parent)
        case Reference() if lookup is not None:
            return ReferenceInput(field, lookup, reader, parent)
        case Text(multiline=True):
            return TextInput(field, parent)
        case _:
            return MaskedInput(field, parent) if field.masked else LineInput(field, parent)
