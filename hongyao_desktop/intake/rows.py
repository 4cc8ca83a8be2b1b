"""What each row below a header is (辨认行): data, a total, a carried balance, a blank, a note, a header once more.

A row is data unless something says otherwise: leaving a row out silently would be a lie, so every other verdict needs
its own evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from hongyao_desktop.intake import words
from hongyao_desktop.sheets.book import Cell


class RowKind(StrEnum):
    """What a row below the header is."""

    DATA = "data"
    TOTAL = "total"
    CARRY = "carry"
    BLANK = "blank"
    NOTE = "note"
    HEADER = "header"


# A row with three or more filled cells and none of these is data; looked for before anything slower. Texts are joined
# by the unit separator, so that a colon at the end of a cell and a word that begins one can be told.
_SUSPICIOUS = re.compile(
    "[合小总總共累]\\s*[计計]|共\\s*\\d|平\\s*均|总[数人金]|结\\s*[转余]|余\\s*额|[前次下上]\\s*页|转\\s*入|[期年月]初"
    "|[\u4e00-\u9fff)）][:：]"
)
_MANY = 3
_RULE = re.compile(r"^[-—–=_*.…·]{2,}$")
_DASH = frozenset("-—–/\\－／―0无")


class RowJudge:
    """Judges the body rows of one block of columns.

    Works on shown values only: what a merge above hands down does not make a row data.
    """

    def __init__(
        self, headings: Sequence[str], header_rows: Sequence[Sequence[Cell]], sequence: Sequence[int]
    ) -> None:
        """Remember what the header looks like.

        Args:
            headings: names by position, for their number.
            header_rows: the header's own cells, row by row.
            sequence: positions of columns that only count the rows.
        """
        self._width = len(headings)
        self._header_rows = [
            {position: _bare(value) for position, value in enumerate(row) if value is not None}
            for row in header_rows
        ]
        self._first_characters = {text[:1] for row in self._header_rows for text in row.values()}
        self._sequence = frozenset(sequence)

    def judge(self, values: Sequence[Cell], *, wide: bool = False, first_body_row: bool = False) -> RowKind:
        """The kind of a row.

        Args:
            values: shown values of the block's columns, None where empty or covered by a merge.
            wide: one merged cell is drawn over most of the row.
            first_body_row: the row stands right below the header.
        """
        filled = len(values) - values.count(None)
        if filled == 0:
            return RowKind.BLANK
        if filled >= _MANY and not wide and not first_body_row and self._is_plainly_data(values):
            return RowKind.DATA
        return self._judge_closely(values, wide=wide, first_body_row=first_body_row)

    def _is_plainly_data(self, values: Sequence[Cell]) -> bool:
        texts = [value for value in values if isinstance(value, str)]
        if not texts:
            return not self._only_counted([pair for pair in enumerate(values) if pair[1] is not None])
        first = texts[0].lstrip()[:1]
        if (
            not first
            or first in _DASH
            or first in self._first_characters
            or _SUSPICIOUS.search("\x1f".join(texts))
        ):
            return False
        for position in self._sequence:
            counter = values[position]
            if isinstance(counter, str) and not words.COUNTER.match(counter.strip()):
                return False
        return True

    def _judge_closely(self, values: Sequence[Cell], *, wide: bool, first_body_row: bool) -> RowKind:
        cells = [
            (position, value)
            for position, value in enumerate(values)
            if value is not None and not (isinstance(value, str) and not words.squeeze(value))
        ]
        if not cells or self._only_counted(cells):
            return RowKind.BLANK
        if self._is_header(cells):
            return RowKind.HEADER
        texts = [(position, words.squeeze(value)) for position, value in cells if isinstance(value, str)]
        if _SUSPICIOUS.search("\x1f".join(text for _position, text in texts)):
            for kind, pattern in ((RowKind.CARRY, words.CARRY), (RowKind.TOTAL, words.TOTAL)):
                if self._is_summed(texts, pattern):
                    return kind
        if self._is_note(cells, texts, wide=wide, first_body_row=first_body_row):
            return RowKind.NOTE
        return RowKind.DATA

    def _only_counted(self, cells: Sequence[tuple[int, Cell]]) -> bool:
        """A row that was numbered beforehand and never filled in; a formula's zero does not fill it."""
        if all(isinstance(value, str) and _RULE.match(value.strip()) for _position, value in cells):
            return True
        if not any(position in self._sequence for position, _value in cells):
            return all(
                words.squeeze(words.cell_text(value)) in words.DASHES for _position, value in cells
            ) and (len(cells) > 1 or isinstance(cells[0][1], str))
        for position, value in cells:
            if position in self._sequence:
                if not words.is_numeric(value) and not words.COUNTER.match(words.cell_text(value).strip()):
                    return False
            elif words.squeeze(words.cell_text(value)) not in words.DASHES:
                return False
        return True

    def _is_header(self, cells: Sequence[tuple[int, Cell]]) -> bool:
        first = next((value for _position, value in cells if isinstance(value, str)), None)
        if first is None or first.lstrip()[:1] not in self._first_characters:
            return False
        for header in self._header_rows:
            if not header:
                continue
            same = sum(header.get(position) == _bare(value) for position, value in cells)
            if same >= min(2, len(header)) and same >= 0.7 * max(len(cells), 1) and same >= 0.6 * len(header):
                return True
        return False

    def _is_summed(self, texts: Sequence[tuple[int, str]], pattern: re.Pattern[str]) -> bool:
        """One cell is nothing but the word, and at most one other cell says something in words."""
        others = 0
        found = False
        for _position, text in texts:
            if pattern.match(text):
                found = True
            elif not words.is_numeric(text) and not words.is_dated(text) and text not in words.DASHES:
                others += 1
        return found and others <= 1

    def _is_note(
        self,
        cells: Sequence[tuple[int, Cell]],
        texts: Sequence[tuple[int, str]],
        *,
        wide: bool,
        first_body_row: bool,
    ) -> bool:
        if not texts:
            return False
        position, first = texts[0]
        if words.NOTE_LABELLED.match(first) and position == cells[0][0]:
            return True
        if position in self._sequence and words.EXAMPLE.match(first):
            return True
        if first_body_row and self._is_advice(texts):
            return True
        if len(cells) <= 2:
            if words.BLANK_BELOW.match(first):
                return True
            if words.NOTE_OPENING.match(first) or words.NUMBERED_REMARK.match(first):
                return len(first) > 2 or wide or position in self._sequence
        if len(cells) == 1 and (wide or self._is_lone_text(position, first)):
            return True
        few = len(texts) == len(cells) <= max(2, self._width // 3)
        return few and all(words.LABELLED.search(text) for _position, text in texts)

    @staticmethod
    def _is_advice(texts: Sequence[tuple[int, str]]) -> bool:
        """Right below the header: how each column is to be filled in (必填, 18 位, 如：2026-01-01)."""
        advice = sum(words.ADVICE.search(text) is not None for _position, text in texts)
        return advice >= 2 and advice * 2 >= len(texts)

    def _is_lone_text(self, position: int, text: str) -> bool:
        """The only cell of a row: a section's name, a remark or a signature, unless it could be a person or thing."""
        if self._width < 3:
            return False
        if position in self._sequence:
            return not words.is_numeric(text)
        return len(text) > 25 or words.SECTION.match(text) is not None


def _bare(value: Cell) -> str:
    """A cell's text without white space: enough to know a header again, and quick."""
    return "".join((value if isinstance(value, str) else words.cell_text(value)).split())
