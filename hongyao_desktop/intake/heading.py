"""What header rows call their columns (列名): groups over names, units and remarks below them, numbers of columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hongyao_desktop.intake import words
from hongyao_desktop.intake.grid import Grid, Place
from hongyao_desktop.intake.words import HeaderText
from hongyao_desktop.sheets.book import Cell

Known = Callable[[str], bool]

_MACHINE_NAME = re.compile(r"^[a-z][a-z0-9_.\-]+$")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one sheet column is called.

    Attributes:
        column: column of the grid.
        path: texts from the group down to the column's own, without repeats.
        raw: the last cell of the path as it stands, for headers that are dates or numbers.
        origins: places of the path's cells; equal origins side by side are one wide column.
        unit: unit of measure found in brackets or in a line of units below.
    """

    column: int
    path: tuple[HeaderText, ...]
    raw: Cell
    origins: tuple[Place, ...]
    unit: str | None

    @property
    def leaf(self) -> HeaderText:
        """The column's own text."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows (grid rows, inclusive) and the headings they give, by column; body begins at `body`."""

    first: int
    last: int
    body: int
    headings: dict[int, Heading]
    score: float
    known: int


def knows_path(path: Sequence[HeaderText], known: Known) -> bool:
    """True if a register knows a column by its text, alone or together with its group's."""
    leaf = path[-1]
    if known(leaf.key) or (leaf.harmless and known(leaf.base)):
        return True
    return any(known(group.base + leaf.base) for group in path[:-1]) or (
        len(path) > 1 and not words.is_label(leaf.base) and known(path[-2].base)
    )


class Texts:
    """The texts of one grid as header texts; remembers what each is, so that nothing is worked out twice."""

    def __init__(self, grid: Grid, known: Known) -> None:
        """`known` tells whether a comparable header text (see `words.header_text`) belongs to some register."""
        self.grid = grid
        self._known_texts: dict[str, bool] = {}
        self._known = known
        self._texts: dict[str, HeaderText] = {}

    def known(self, key: str) -> bool:
        """`known`, asked once for each text."""
        if key not in self._known_texts:
            self._known_texts[key] = bool(key) and self._known(key)
        return self._known_texts[key]

    def text(self, value: Cell) -> HeaderText:
        """`words.header_text`, worked out once for each text."""
        raw = words.cell_text(value)
        if raw not in self._texts:
            self._texts[raw] = words.header_text(raw)
        return self._texts[raw]

    # ------------------------------------------------------------------------------------------------------- the best

    def is_known(self, value: Cell) -> bool:
        """True if registers or all offices know a cell's text as a header."""
        header = self.text(value)
        return self.known(header.key) or header.base in words.GENERIC

    def is_form_row(self, row: int) -> bool:
        """A row of a form filled in for one person: a label, its value, a label, its value."""
        cells = self.grid.filled(row)
        marks = [isinstance(value, str) and self.is_known(value) for _column, value in cells]
        return (
            bool(marks)
            and marks[0]
            and not any(marks[1::2])
            and (len(marks) == 2 or all(marks[0::2]))
            and len(marks) > 1
        )


class ColumnNamer:
    """Reads the names of columns off a block of header rows."""

    def __init__(self, texts: Texts) -> None:
        """`texts` of the grid to read."""
        self.grid = texts.grid
        self.texts = texts

    def only_annotates(self, row: int, columns: range) -> bool:
        """A row of units and remarks below the names: （小时）, 元, 是/否."""
        cells = [value for column, value in self.grid.filled(row) if column in columns]
        texts = [self.texts.text(value) for value in cells if isinstance(value, str)]
        if not texts or len(texts) < len(cells):
            return False
        if all(self.texts.known(text.key) for text in texts):
            return False
        if len(texts) > 2 and all(_MACHINE_NAME.match(text.base) for text in texts):
            return True
        return all(text.base in words.UNITS or not text.base or words.is_remark(text.base) for text in texts)

    def headings(self, first: int, last: int, columns: range) -> dict[int, Heading]:
        """The name of every column over a block of header rows."""
        touched = {
            column
            for row in range(first, last + 1)
            for filled, _value in self.grid.filled(row)
            for column in range(self.grid.area(row, filled)[1], self.grid.area(row, filled)[3] + 1)
            if column in columns
        }
        places = {column: self._places(first, last, column, columns) for column in sorted(touched)}
        shared = Counter(place for stacked in places.values() for place in stacked)
        named: dict[int, Heading] = {}
        for column, over in places.items():
            path: list[HeaderText] = []
            origins: list[Place] = []
            unit: str | None = None
            raw: Cell = None
            for place in over:
                value = self.grid.rows[place[0]][place[1]]
                header = self.texts.text(value)
                alone = bool(path) and shared[origins[-1]] == 1  # below a group 月 and 日 are names
                if path and (words.is_remark(header.base) or (alone and self._annotates(header, path[-1]))):
                    unit = unit or header.unit or (header.base if header.base in words.UNITS else None)
                    continue
                if (not header.base and not header.unit) or (path and header.key == path[-1].key):
                    continue
                path.append(header)
                origins.append(place)
                unit = header.unit or unit
                raw = value
            if path:
                named[column] = Heading(column, tuple(path), raw, tuple(origins), unit)
        return named

    def _annotates(self, header: HeaderText, above: HeaderText) -> bool:
        """A text below a name that is its unit or says how to fill it in, and no name of its own."""
        if not header.base:
            return True
        if self.texts.known(header.key):
            return False
        if header.base in words.UNITS or _is_machine_name(header.base, above):
            return True
        return words.is_signature(header.base) and above.base.endswith(("人", "者", "员"))

    def _places(self, first: int, last: int, column: int, columns: range) -> list[Place]:
        """Where the texts over a column stand, from the group down; unmerged groups reach to the right."""
        places: list[Place] = []
        for row in range(first, last + 1):
            place = self.grid.owner(row, column)
            if self._is_empty(place):
                place = self._group_to_the_left(row, last, column, columns) or place
            if not self._is_empty(place) and place not in places:
                places.append(place)
        return places

    def _is_empty(self, place: Place) -> bool:
        return self.grid.value(*place) is None

    def _group_to_the_left(self, row: int, last: int, column: int, columns: range) -> Place | None:
        """A group's text drawn in its first column only: 「基本信息」, blank, blank over 姓名, 性别, 年龄."""
        if row == last or not self._named_below(row, last, column):
            return None
        for left in range(column - 1, columns.start - 1, -1):
            place = self.grid.owner(row, left)
            if not self._named_below(row, last, left):
                return None
            if not self._is_empty(place):
                return place if place not in self.grid.areas else None
        return None

    def _named_below(self, row: int, last: int, column: int) -> bool:
        return any(
            self.grid.owner(below, column)[0] > row and not self._is_empty(self.grid.owner(below, column))
            for below in range(row + 1, last + 1)
        )

    def body_start(self, last: int, headings: dict[int, Heading]) -> int:
        """The first row below the header; a row that only numbers the columns (甲 乙 1 2 3) is part of it."""
        row = last + 1
        while row < min(last + 3, self.grid.height) and not self.grid.filled(row):
            row += 1
        if row < self.grid.height and self._numbers_columns(row, headings):
            return row + 1
        return last + 1

    def _numbers_columns(self, row: int, headings: dict[int, Heading]) -> bool:
        values = [self.grid.value(row, column) for column in sorted(headings)]
        shown = [words.squeeze(words.cell_text(value)).strip("()") for value in values if value is not None]
        if len(shown) < 3 or len(shown) < len(values) - 1:
            return False
        letters = list("甲乙丙丁戊己庚辛")
        while shown and letters and shown[0] == letters[0]:
            shown.pop(0)
            letters.pop(0)
        if (
            letters[:1] == ["甲"]
            and len(shown) < 4
            and not any(words.NAMING.search(heading.leaf.base) for heading in headings.values())
        ):
            return False  # 1, 2, 3 may be three figures; below 姓名 it is not
        return shown == [str(number) for number in range(1, len(shown) + 1)]

    # --------------------------------------------------------------------------------------------------------- scoring


def _is_machine_name(base: str, above: HeaderText) -> bool:
    """A system's name of a column below the Chinese one: id_no below 身份证号."""
    return _MACHINE_NAME.match(base) is not None and not above.base.isascii()
