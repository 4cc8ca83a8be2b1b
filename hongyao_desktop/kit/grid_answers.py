"""The drop-down of a grid's cell: rows of another register, or words of a list, that answer what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import Choice
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.kit.completion import CompletionPopup, find_words
from hongyao_desktop.kit.grid_model import ANSWERS_AT_MOST, GridColumn
from hongyao_desktop.kit.keys import ComposingLineEdit


class CellAnswers:
    """What drops below the editor of a grid, in whatever cell that stands; made when something is first offered.

    ``chosen`` is told the answer that was taken.
    """

    def __init__(
        self, editor: ComposingLineEdit, reader: Callable[[], Reader], chosen: Callable[[Match], None]
    ) -> None:
        self._editor = editor
        self._reader = reader
        self._chosen = chosen
        self.popup: CompletionPopup | None = None

    @property
    def open(self) -> bool:
        """Whether answers stand there."""
        return self.popup is not None and not self.popup.isHidden()

    def offer(self, column: GridColumn, typed: str) -> None:
        """Answers to what was typed; none for a column that is not chosen from, or while nothing is typed."""
        found: Sequence[Match] = ()
        if typed and column.lookup is not None:
            found = column.lookup.find(self._reader(), typed, ANSWERS_AT_MOST)
        elif typed and isinstance(column.field.type, Choice):
            found = [Match(word, word) for word in find_words(column.field.type.options, typed)]
        self._show(found)

    def ask(self, column: GridColumn) -> bool:
        """All there is to choose from, by key; False where the column is not chosen from."""
        if column.lookup is not None:
            self._show(column.lookup.find(self._reader(), self._editor.text().strip(), ANSWERS_AT_MOST))
        elif isinstance(column.field.type, Choice):
            self._show([Match(word, word) for word in column.field.type.options])
        else:
            return False
        return True

    def take(self) -> bool:
        """Take the marked answer; False when none stands there."""
        return self.popup is not None and self.open and self.popup.take()

    def move_mark(self, step: int) -> None:
        """Mark the next answer, or the one before."""
        if self.popup is not None:
            self.popup.move_mark(step)

    def close(self) -> None:
        """Put the answers away; nothing is taken."""
        if self.popup is not None:
            self.popup.hide()

    def _show(self, matches: Sequence[Match]) -> None:
        if self.popup is None:
            self.popup = CompletionPopup(self._editor)
            self.popup.chosen.connect(self._chosen)
        self.popup.offer(matches)
