"""Finding the header of a table (找表头): which rows name the columns.

Candidates of one to four rows are laid over every promising place and scored; the best one wins. What counts: texts
the registers know, texts all offices use, short texts over columns that hold data. What counts against it: numbers,
sentences, 「标签：内容」 and a single text drawn over the whole width, which is a title.
"""

from __future__ import annotations

from hongyao_desktop.intake import words
from hongyao_desktop.intake.grid import Grid
from hongyao_desktop.intake.header_score import HeaderScore
from hongyao_desktop.intake.heading import ColumnNamer, Header, Known, Texts, knows_path
from hongyao_desktop.intake.words import HeaderText
from hongyao_desktop.sheets.book import Cell

_LOOKED_AT = 120
_MOST_CANDIDATES = 40
_MOST_HEADER_ROWS = 4
_ROWS_OF_A_TABLE = 3


class HeaderFinder:
    """Looks for headers in one grid."""

    def __init__(self, grid: Grid, known: Known) -> None:
        """`known` tells whether a comparable header text belongs to some register."""
        self.grid = grid
        self.texts = Texts(grid, known)
        self._namer = ColumnNamer(self.texts)
        self._score = HeaderScore(self.texts)

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
        familiar = sum(self.texts.known(text.key) or text.base in words.GENERIC for text in texts)
        filled = [len(self.grid.filled(row)) for row in range(header.body, later.first)]
        records = sum(count > 1 for count in filled)
        enough = 1 if 0 in filled else 2  # a gap tells them apart
        if familiar < 2 or familiar * 2 < len(texts) or records < enough:
            return None
        return None if self.texts.is_form_row(header.first) else header

    def is_sideways(self, header: Header) -> bool:
        """True if the words that head columns stand one below the other, and a person fills a column."""
        first = min(header.headings)
        if (
            sum(
                knows_path(heading.path, self.texts.known) or heading.leaf.base in words.GENERIC
                for heading in header.headings.values()
            )
            > 1
        ):
            return False
        rows = range(header.body, min(header.body + _LOOKED_AT, self.grid.height))
        below = [value for row in rows if (value := self.grid.value(row, first)) is not None]
        familiar = sum(isinstance(value, str) and self.texts.is_known(value) for value in below)
        return len(below) > 1 and familiar == len(below)

    def names_values_below(self, row: int) -> list[tuple[HeaderText, Cell]]:
        """Labels of a row with the values right below them: a line of context drawn as a small table; [] for none."""
        labels = self.grid.filled(row)
        if len(labels) < 2 or row + 1 >= self.grid.height:
            return []
        if not all(isinstance(value, str) and self.texts.is_known(value) for _column, value in labels):
            return []
        below = [self.grid.value(row + 1, column) for column, _value in labels]
        if any(value is None or (isinstance(value, str) and self.texts.is_known(value)) for value in below):
            return []
        return [
            (self.texts.text(value), under) for (_column, value), under in zip(labels, below, strict=True)
        ]

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
                and any(self.texts.is_known(value) for value in first)
            ):
                promise = self._promise(row, columns)
                if promise >= 2:
                    found.append((promise, row))
                    if len(found) >= _MOST_CANDIDATES:
                        break
        return found

    def _promise(self, row: int, columns: range) -> float:
        labels = hits = 0
        for column, value in self.grid.filled(row):
            if column not in columns or not words.is_label(value):
                continue
            labels += 1
            hits += self.texts.is_known(value)
        if labels < 2:
            return float(hits)
        return hits * 2 + min(labels, 6) * 0.2

    # ------------------------------------------------------------------------------------------------------ one of them

    # ------------------------------------------------------------------------------------------------------ one of them

    def judge(self, first: int, last: int, columns: range) -> Header | None:
        """Score a block of rows as a header; None if it cannot be one."""
        if not self._may_be_rows(first, last, columns):
            return None
        while last + 1 < self.grid.height and self._namer.only_annotates(last + 1, columns):
            last += 1
        headings = self._namer.headings(first, last, columns)
        if not headings:
            return None
        body = self._namer.body_start(last, headings)
        score, known = self._score.score(first, last, body, headings, columns)
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
