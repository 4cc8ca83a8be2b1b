"""Finding the header of a table (找表头): which rows name the columns, and what each column is called.

Candidates of one to four rows are laid over every promising place and scored; the best one wins. What counts: texts
the registers know, texts all offices use, short texts over columns that hold data. What counts against it: numbers,
sentences, 「标签：内容」 and a single text drawn over the whole width, which is a title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from hongyao_desktop.intake import words
from hongyao_desktop.intake.grid import Grid, Place
from hongyao_desktop.intake.words import HeaderText
from hongyao_desktop.sheets.book import Cell

Known = Callable[[str], bool]

_LOOKED_AT = 120
_MOST_CANDIDATES = 40
_MOST_HEADER_ROWS = 4
_ROWS_OF_A_TABLE = 3
_SAMPLED_BELOW = 14
_SERIES_WORTH = 0.3
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


class HeaderFinder:
    """Looks for headers in one grid; remembers what each text is, so that nothing is worked out twice."""

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

    def best(self, start: int, columns: range, end: int | None = None) -> Header | None:
        """The best header from a row on (and before `end`) within some columns; None where nothing names columns."""
        candidates = self._candidates(start, columns)
        bottom = self.grid.height if end is None else end
        best: Header | None = None
        for first in candidates:
            for height in range(1, _MOST_HEADER_ROWS + 1):
                if first + height > bottom:
                    break
                header = self.judge(first, first + height - 1, columns)
                if header is not None and (best is None or header.score > best.score + 1e-9):
                    best = header
        return best

    def earlier(self, start: int, later: Header, columns: range) -> Header | None:
        """A table of its own above a better header: its words are known, and at least two records follow it."""
        if later.first - start < _ROWS_OF_A_TABLE:
            return None
        header = self.best(start, columns, later.first)
        if header is None or header.last >= later.first:
            return None
        texts = {heading.origins: heading.leaf for heading in header.headings.values()}.values()
        familiar = sum(self.known(text.key) or text.base in words.GENERIC for text in texts)
        filled = [len(self.grid.filled(row)) for row in range(header.body, later.first)]
        records = sum(count > 1 for count in filled)
        enough = 1 if 0 in filled else 2  # a gap tells them apart
        if familiar < 2 or familiar * 2 < len(texts) or records < enough:
            return None
        return None if self.is_form_row(header.first) else header

    def is_sideways(self, header: Header) -> bool:
        """True if the words that head columns stand one below the other, and a person fills a column."""
        first = min(header.headings)
        if (
            sum(
                knows_path(heading.path, self.known) or heading.leaf.base in words.GENERIC
                for heading in header.headings.values()
            )
            > 1
        ):
            return False
        rows = range(header.body, min(header.body + _LOOKED_AT, self.grid.height))
        below = [value for row in rows if (value := self.grid.value(row, first)) is not None]
        familiar = sum(isinstance(value, str) and self._is_known(value) for value in below)
        return len(below) > 1 and familiar == len(below)

    def names_values_below(self, row: int) -> list[tuple[HeaderText, Cell]]:
        """Labels of a row with the values right below them: a line of context drawn as a small table; [] for none."""
        labels = self.grid.filled(row)
        if len(labels) < 2 or row + 1 >= self.grid.height:
            return []
        if not all(isinstance(value, str) and self._is_known(value) for _column, value in labels):
            return []
        below = [self.grid.value(row + 1, column) for column, _value in labels]
        if any(value is None or (isinstance(value, str) and self._is_known(value)) for value in below):
            return []
        return [(self.text(value), under) for (_column, value), under in zip(labels, below, strict=True)]

    def _candidates(self, start: int, columns: range) -> list[int]:
        """Rows a header may begin at: the most promising ones, in sheet order."""
        promising: list[tuple[float, int]] = []
        end = min(start + _LOOKED_AT, self.grid.height)
        for row in range(start, end):
            promise = self._promise(row, columns)
            if promise > 0:
                promising.append((promise, row))
        if not any(promise >= 2 for promise, _row in promising):
            promising += self._far_candidates(end, columns)
        chosen = sorted(promising, key=lambda item: (-item[0], item[1]))[:_MOST_CANDIDATES]
        rows = {row for _promise, row in chosen}
        # a header may begin with a row of groups that promises little by itself
        return sorted(rows | {row - 1 for row in rows if row > start})

    def _far_candidates(self, start: int, columns: range) -> list[tuple[float, int]]:
        found: list[tuple[float, int]] = []
        for row in range(start, self.grid.height):
            first = [
                value for value in self.grid.rows[row][columns.start : columns.stop] if value is not None
            ][:2]
            if (
                len(first) == 2
                and all(isinstance(value, str) and len(value) < 20 for value in first)
                and any(self._is_known(value) for value in first)
            ):
                promise = self._promise(row, columns)
                if promise >= 2:
                    found.append((promise, row))
                    if len(found) >= _MOST_CANDIDATES:
                        break
        return found

    def _is_known(self, value: Cell) -> bool:
        header = self.text(value)
        return self.known(header.key) or header.base in words.GENERIC

    def _promise(self, row: int, columns: range) -> float:
        labels = hits = 0
        for column, value in self.grid.filled(row):
            if column not in columns or not words.is_label(value):
                continue
            labels += 1
            hits += self._is_known(value)
        if labels < 2:
            return float(hits)
        return hits * 2 + min(labels, 6) * 0.2

    # ------------------------------------------------------------------------------------------------------ one of them

    def judge(self, first: int, last: int, columns: range) -> Header | None:
        """Score a block of rows as a header; None if it cannot be one."""
        if not self._may_be_rows(first, last, columns):
            return None
        while last + 1 < self.grid.height and self._only_annotates(last + 1, columns):
            last += 1
        headings = self.headings(first, last, columns)
        if not headings:
            return None
        body = self._body_start(last, headings)
        score, known = self._score(first, last, body, headings, columns)
        if score <= 0:
            return None
        return Header(first, last, body, headings, score, known)

    def _may_be_rows(self, first: int, last: int, columns: range) -> bool:
        for row in range(first, last + 1):
            cells = [item for item in self.grid.filled(row) if item[0] in columns]
            if not cells and not any(corner[0] >= first for corner in self.grid.reaching(row)):
                return False
            signatures = sum(
                isinstance(value, str) and words.NOTE_LABELLED.match(words.squeeze(value)) is not None
                for _column, value in cells
            )
            if signatures > 1 and signatures * 2 >= len(cells):
                return False  # 填表人：　审核人：　日期：
            if any(self.grid.area(row, column)[2] > last for column, _value in cells):
                return False  # a merge reaches out of the block downwards: the block is too short
        return not any(corner[1] in columns for corner in self.grid.reaching(first))

    def _only_annotates(self, row: int, columns: range) -> bool:
        """A row of units and remarks below the names: （小时）, 元, 是/否."""
        cells = [value for column, value in self.grid.filled(row) if column in columns]
        texts = [self.text(value) for value in cells if isinstance(value, str)]
        if not texts or len(texts) < len(cells):
            return False
        if all(self.known(text.key) for text in texts):
            return False
        if len(texts) > 2 and all(_MACHINE_NAME.match(text.base) for text in texts):
            return True
        return all(text.base in words.UNITS or not text.base or words.is_remark(text.base) for text in texts)

    def is_form_row(self, row: int) -> bool:
        """A row of a form filled in for one person: a label, its value, a label, its value."""
        cells = self.grid.filled(row)
        marks = [isinstance(value, str) and self._is_known(value) for _column, value in cells]
        return (
            bool(marks)
            and marks[0]
            and not any(marks[1::2])
            and (len(marks) == 2 or all(marks[0::2]))
            and len(marks) > 1
        )

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
                header = self.text(value)
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
        if self.known(header.key):
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

    def _body_start(self, last: int, headings: dict[int, Heading]) -> int:
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

    def _score(
        self, first: int, last: int, body: int, headings: dict[int, Heading], columns: range
    ) -> tuple[float, int]:
        paths = {heading.origins: heading for heading in headings.values()}
        known = sum(knows_path(heading.path, self.known) for heading in paths.values())
        score = 3.0 * known
        series = self._series(paths.values())
        worths = [
            _SERIES_WORTH if heading.column in series else self._worth(heading) for heading in paths.values()
        ]
        score += sum(worths)
        score -= self._unlike_groups(first, last, columns)
        score -= 0.5 * (last - first)
        score -= self._repeats(paths.values())
        score -= 1.0 * self._leaves_names_above(first, columns)
        below, covered = self._below(body, headings, columns)
        if below:
            score += 5.0 * covered - 2.5
            if covered < 0.5 and len(paths) < 3:
                score -= 3
        elif not known:
            score -= 3
        if not known and not self._convinces(paths.values(), worths, body):
            return 0, 0
        return score, known

    def _convinces(self, headings: Collection[Heading], worths: list[float], body: int) -> bool:
        """Without a word that registers know: words of all offices, or words over figures."""
        generic = sum(heading.leaf.base in words.GENERIC for heading in headings)
        if len(headings) == 1:
            return generic == 1 and self.grid.width == 1 and self.grid.height > body + 1
        if sum(worth > 0 for worth in worths) < 2:
            return False
        if generic > 1 or (generic and len(headings) < 6):
            return True
        headerish = sum(words.HEADERISH.search(heading.leaf.base) is not None for heading in headings)
        return headerish * 2 >= len(headings) or self._contrast(headings, body) > 0

    def _contrast(self, headings: Collection[Heading], body: int) -> int:
        """How many columns have a word above and figures or dates below."""
        rows = range(body, min(body + _SAMPLED_BELOW, self.grid.height))
        contrast = 0
        for heading in headings:
            if not words.is_label(heading.leaf.shown):
                continue
            below = [value for row in rows if (value := self.grid.value(row, heading.column)) is not None]
            figures = sum(words.is_numeric(value) or words.is_dated(value) for value in below)
            contrast += len(below) > 0 and figures * 2 > len(below)
        return contrast

    def _series(self, headings: Collection[Heading]) -> set[int]:
        """Columns headed by days or months, all different, beside a column that names something."""
        marked = [
            heading for heading in headings if words.is_dated(heading.raw) or words.is_numeric(heading.raw)
        ]
        named = any(
            heading.leaf.base in words.GENERIC or self.known(heading.leaf.key) for heading in headings
        )
        shown = {tuple(text.key for text in heading.path) for heading in marked}
        if not named or len(marked) < 2 or len(shown) < len(marked):
            return set()
        return {heading.column for heading in marked}

    def _worth(self, heading: Heading) -> float:
        leaf = heading.leaf
        if leaf.base in words.GENERIC:
            return 1.2
        if words.is_label(leaf.shown):
            return 0.4
        if words.is_dated(heading.raw) or words.is_numeric(heading.raw):
            return -0.6
        return -2.0

    def _unlike_groups(self, first: int, last: int, columns: range) -> float:
        """What speaks against the upper rows: titles, labelled values, lone remarks."""
        penalty = 0.0
        for row in range(first, last + 1):
            cells = [(column, value) for column, value in self.grid.filled(row) if column in columns]
            if len(cells) == 1:
                column = cells[0][0]
                area = self.grid.area(row, column)
                if area[3] - area[1] + 1 >= max(2, 0.8 * self._used_width(last, columns)):
                    penalty += 5.0
                elif last > first and not any(corner[0] >= first for corner in self.grid.reaching(row)):
                    penalty += 3.0
            if row < last:
                penalty += 1.5 * sum(not words.is_label(value) for _column, value in cells)
                penalty += 4.0 * sum(
                    1 for _column, value in cells if isinstance(value, str) and words.LABELLED.search(value)
                )
        return penalty

    def _leaves_names_above(self, first: int, columns: range) -> bool:
        """Right above stand several short texts: they are the upper part of the header, not left out."""
        if not first:
            return False
        above = [value for column, value in self.grid.filled(first - 1) if column in columns]
        return (
            len(above) > 1
            and all(words.is_label(value) for value in above)
            and not any(words.LABELLED.search(str(value)) for value in above)
            and not self.is_form_row(first - 1)
        )

    def _used_width(self, row: int, columns: range) -> int:
        used = [column for column, _value in self.grid.filled(row) if column in columns]
        return used[-1] - used[0] + 1 if used else len(columns)

    def _repeats(self, headings: Collection[Heading]) -> float:
        """Many columns of one name speak against a header, unless the whole header repeats (tables side by side)."""
        names = Counter(tuple(text.key for text in heading.path) for heading in headings)
        counts = set(names.values())
        if len(counts) == 1:
            return 0.0
        return 0.4 * sum(count - 1 for count in names.values())

    def _below(self, body: int, headings: dict[int, Heading], columns: range) -> tuple[int, float]:
        """How many rows follow, and which share of the columns they fill has a name."""
        used: Counter[int] = Counter()
        rows = 0
        row = body
        while row < self.grid.height and rows < _SAMPLED_BELOW:
            cells = [column for column, _value in self.grid.filled(row) if column in columns]
            row += 1
            if not cells:
                continue
            rows += 1
            if len(cells) > 1 or len(columns) == 1:
                used.update(cells)
        if not used:
            return rows, 0.0
        return rows, sum(count for column, count in used.items() if column in headings) / used.total()


def _is_machine_name(base: str, above: HeaderText) -> bool:
    """A system's name of a column below the Chinese one: id_no below 身份证号."""
    return _MACHINE_NAME.match(base) is not None and not above.base.isascii()
