"""Reading the rows below a header (读表体): their values with merges filled down, their kinds, where the table ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from hongyao_desktop.intake import words
from hongyao_desktop.intake.header import HeaderFinder
from hongyao_desktop.intake.heading import Header
from hongyao_desktop.intake.layout import MISSING, Block
from hongyao_desktop.intake.rows import RowJudge, RowKind
from hongyao_desktop.sheets.book import Cell

_SECTION = re.compile(
    r"^(?:第?[一二三四五六七八九十\d]{1,3}(?:网格|支部|党支部|小区|小组|组|社区|村|批次?|期|季度|片区?)"
    r"|[一二三四五六七八九十]{1,3}、.{2,}|[(（][一二三四五六七八九十]{1,3}[)）].{2,}"
    r"|.{2,14}(?:社区|支部|网格|党委|党总支|街道|小组|村委会|居委会|办公室|中心|党员|人员|群体))[:：]?$"
)
_ENDS = (RowKind.BLANK, RowKind.NOTE, RowKind.TOTAL, RowKind.CARRY)
_MOST_TITLES = 2  # lines above a table that look like records of one cell
_ENOUGH_KNOWN = 2
_SAMPLED = 60


@dataclass(slots=True)
class Stretch:
    """One row of one block: grid row, block number, kind, values by position, merged positions, section."""

    row: int
    block: int
    kind: RowKind
    values: Sequence[Cell]
    merged: frozenset[int] = frozenset()
    section: str = ""


_NO_POSITIONS: frozenset[int] = frozenset()


class Body:
    """The rows under a header for one group of side-by-side blocks."""

    def __init__(self, finder: HeaderFinder, header: Header, blocks: Sequence[Block]) -> None:
        """`blocks` are of one group: the same headings."""
        self._finder = finder
        self._grid = finder.grid
        self._header = header
        self._blocks = blocks
        headings = blocks[0].headings
        self._sequence = [
            position
            for position, heading in enumerate(headings)
            if heading and heading.leaf.base in words.SEQUENCE
        ]
        self._sequence += self._unnamed_counters(blocks[0])
        names = [heading.leaf.shown if heading else "" for heading in headings]
        header_rows = range(header.first, header.body)
        self._judges = [
            RowJudge(names, [self._header_cells(row, block) for row in header_rows], self._sequence)
            for block in blocks
        ]
        self._covered = [self._cover(block) for block in blocks]
        self._readers = [_reader(block) for block in blocks]
        self._lines: list[list[Stretch]] = []
        self._own_again: set[tuple[tuple[int, Cell], ...]] = set()

    def _header_cells(self, row: int, block: Block) -> list[Cell]:
        return [self._grid.value(row, column) if column != MISSING else None for column in block.columns]

    def _unnamed_counters(self, block: Block) -> list[int]:
        """Positions of columns without a header that only count the rows: 1, 2, 3."""
        found = []
        rows = range(self._header.body, min(self._header.body + _SAMPLED, self._grid.height))
        for position, (heading, column) in enumerate(zip(block.headings, block.columns, strict=True)):
            if heading is not None or column == MISSING:
                continue
            values = [value for row in rows if (value := self._grid.value(row, column)) is not None]
            numbers = [value for value in values if isinstance(value, int)]
            if len(numbers) > 1 and len(numbers) * 2 > len(values) and numbers == sorted(set(numbers)):
                found.append(position)
        return found

    def _cover(self, block: Block) -> dict[int, dict[int, Cell]]:
        """By grid row and position: places that a merge covers, with the value it hands down (None sideways)."""
        positions = {column: position for position, span in enumerate(block.spans) for column in span}
        covered: dict[int, dict[int, Cell]] = {}
        for (top, left), (_top, _left, bottom, right) in self._grid.areas.items():
            if bottom < self._header.body:
                continue
            for column in range(left, right + 1):
                position = positions.get(column)
                if position is None:
                    continue
                own = column == left
                same_column = positions.get(left) == position
                value = self._grid.rows[top][left] if own else None
                for row in range(max(top, self._header.body), bottom + 1):
                    if (row == top and own) or (not own and same_column):
                        continue
                    covered.setdefault(row, {})[position] = value
        return covered

    # --------------------------------------------------------------------------------------------------------- reading

    def read(
        self, until: int | None = None, following: Header | None = None
    ) -> tuple[list[Stretch], int, Header | None]:
        """All lines block by block, the row after the last one, and the header of the next table if one follows.

        Args:
            until: read no further than before this row, and look for no other table.
            following: the next table's header where it is known already.
        """
        lines: list[list[Stretch]] = [[] for _block in self._blocks]
        end = self._grid.height if until is None else until
        if following is not None:
            end = following.first
        faulty = {row - self._grid.sheet.row_offset for row, _column in self._grid.sheet.faults}
        may_end = False
        row = self._header.body
        while row < end:
            if until is None and (may_end or self._may_head(row)):
                other = self._other_header(row)
                if other is not None:
                    following, end = other, row
                    break
            for number in range(len(self._blocks)):
                line = self._line(row, number)
                if line.kind is RowKind.BLANK and row in faulty:
                    line.kind = RowKind.DATA
                lines[number].append(line)
            _agree([block_lines[-1] for block_lines in lines])
            may_end = lines[0][-1].kind in _ENDS or _is_single_text(lines[0][-1])
            row += 1
        if following is not None:
            end = self._give_back_titles(lines)
        for block_lines in lines:
            self._find_bare_total(block_lines)
            self._find_closing_lines(block_lines)
            _name_sections(block_lines)
        self._lines = lines
        return [line for block_lines in lines for line in block_lines], end, following

    def _line(self, row: int, number: int) -> Stretch:
        values = self._readers[number](self._grid.rows[row])
        covered = self._covered[number].get(row)
        shown: Sequence[Cell] = values
        if covered:
            shown = [None if position in covered else value for position, value in enumerate(values)]
        wide = bool(covered or self._grid.areas) and self._is_wide(row, number, shown)
        kind = self._judges[number].judge(shown, wide=wide, first_body_row=row == self._header.body)
        if covered and kind is RowKind.DATA:
            filled = [covered.get(position, value) for position, value in enumerate(shown)]
            return Stretch(row, number, kind, filled, frozenset(covered))
        return Stretch(row, number, kind, shown, _NO_POSITIONS)

    def _is_wide(self, row: int, number: int, shown: Sequence[Cell]) -> bool:
        """True if the first filled cell of the row is drawn over most of the block and nothing else is beside it."""
        positions = [position for position, value in enumerate(shown) if value is not None]
        if len(positions) != 1:
            return False
        block = self._blocks[number]
        column = block.spans[positions[0]][0]
        top, left, _bottom, right = self._grid.area(row, column)
        inside = [position for position, span in enumerate(block.spans) if span and left <= span[0] <= right]
        return top == row and len(inside) >= max(2, len(block.columns) / 2)

    def _may_head(self, row: int) -> bool:
        """Right below records, too, another header may stand: it begins with two words of all offices."""
        first = next((value for value in self._grid.rows[row] if value is not None), None)
        if first.__class__ is not str or first not in words.GENERIC:
            return False
        texts = [value for value in self._grid.rows[row] if value is not None][:2]
        return len(texts) > 1 and isinstance(texts[1], str) and texts[1] in words.GENERIC

    def _other_header(self, row: int) -> Header | None:
        """The header of another table that begins at this row: it must be known, and not this table's own again."""
        cells = self._grid.filled(row)
        shown = tuple(cells)
        if shown in self._own_again:
            return None
        labels = sum(words.is_label(value) for _column, value in cells)
        if labels < _ENOUGH_KNOWN or labels < 0.6 * len(cells):
            return None
        columns = range(self._grid.width)
        best: Header | None = None
        for last in range(row, min(row + 3, self._grid.height)):
            header = self._finder.judge(row, last, columns)
            if header is not None and (best is None or header.score > best.score):
                best = header
        if best is None:
            return None
        names = {heading.path[-1].key for heading in best.headings.values()}
        own = {heading.path[-1].key for heading in self._header.headings.values()}
        common = {name for name in names if self._finder.texts.known(name) or name in words.GENERIC}
        if names <= own:
            self._own_again.add(shown)  # printed on every page: not worth judging again
            return None
        if len(common) < max(_ENOUGH_KNOWN, 0.5 * len(names)):
            return None
        return best

    def _give_back_titles(self, lines: list[list[Stretch]]) -> int:
        """Lines directly above the next table's header are its titles; returns the first of them."""
        last = lines[0]
        keep = len(last)
        while keep and (
            last[keep - 1].kind in {RowKind.NOTE, RowKind.BLANK} or _is_single_text(last[keep - 1])
        ):
            keep -= 1
        tail = last[keep:]
        blanks = [number for number, line in enumerate(tail) if line.kind is RowKind.BLANK]
        singles = [_is_single_text(line) for line in tail]
        gap = next((number for number in blanks if sum(singles[number:]) <= _MOST_TITLES), None)
        if gap is not None:
            keep += gap
        else:
            keep = len(last)
            while keep and last[keep - 1].kind is RowKind.NOTE:
                keep -= 1
            keep += sum(1 for line in last[keep:] if words.NOTE_LABELLED.match(_text_of(line)))
        first = last[keep].row if keep < len(last) else last[-1].row + 1
        for block_lines in lines:
            del block_lines[keep:]
        return first

    def _find_bare_total(self, lines: list[Stretch]) -> None:
        """A last row of bare sums, without the word: only numbers, each the sum of its column."""
        position = len(lines) - 1
        while position >= 0 and lines[position].kind is not RowKind.DATA:
            position -= 1
        if position < 2:
            return
        line = lines[position]
        filled = [(place, value) for place, value in enumerate(line.values) if value is not None]
        if line.merged or not filled or len(filled) * 2 > len(line.values):
            return
        if not all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for _place, value in filled
        ):
            return
        if any(place in self._sequence for place, _value in filled):
            return
        for place, value in filled:
            above = [other.values[place] for other in lines[:position] if other.kind is RowKind.DATA]
            numbers = [float(number) for number in above if isinstance(number, (int, float))]
            if len(numbers) < 2 or not isinstance(value, (int, float)) or abs(sum(numbers) - value) > 0.005:
                return
        lines[position] = replace(line, kind=RowKind.TOTAL)

    def _find_closing_lines(self, lines: list[Stretch]) -> None:
        """Below the last full row: a date, a seal, an office's name standing alone are the letter's end, no records."""
        headings = self._blocks[0].headings
        for line in reversed(lines):
            if line.kind is not RowKind.DATA:
                continue
            filled = [(place, value) for place, value in enumerate(line.values) if value is not None]
            if len(filled) > 1 or not filled or line.merged or len(headings) < 3:
                return
            place, value = filled[0]
            heading = headings[place]
            naming = heading is not None and words.PERSON.search(heading.leaf.base) is not None
            text = words.squeeze(words.cell_text(value))
            closing = words.is_dated(value) or words.SEAL.search(text) is not None
            if naming:
                closing = closing or (len(text) >= 8 and "·" not in text)
            elif place >= len(headings) // 2 and isinstance(value, str):
                closing = closing or not words.is_numeric(value)
            if not closing:
                return
            line.kind = RowKind.NOTE

    def labelled_notes(self) -> Iterator[list[Cell]]:
        """Note lines below the header that carry labelled values (填表人：… 填报日期：…)."""
        for block_lines in self._lines:
            for line in block_lines:
                if line.kind is RowKind.NOTE and any(
                    isinstance(value, str) and words.LABELLED.search(value) for value in line.values
                ):
                    yield [value for value in line.values if value is not None]


def _reader(block: Block) -> Callable[[list[Cell]], Sequence[Cell]]:
    """A function that takes a block's values out of a sheet row, as fast as the layout allows."""
    if any(column == MISSING for column in block.columns) or any(len(span) > 1 for span in block.spans):
        spans = block.spans

        def read_spans(row: list[Cell]) -> Sequence[Cell]:
            return [next((row[column] for column in span if row[column] is not None), None) for span in spans]

        return read_spans
    columns = block.columns
    first, last = columns[0], columns[-1]
    if columns == tuple(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*columns)


def _agree(lines: Sequence[Stretch]) -> None:
    """A total drawn over all blocks says its word in one of them only; the others' bare numbers belong to it."""
    kind = next((line.kind for line in lines if line.kind in {RowKind.TOTAL, RowKind.CARRY}), None)
    if kind is not None:
        for line in lines:
            if line.kind is RowKind.DATA and not any(isinstance(value, str) for value in line.values):
                line.kind = kind


def _is_single_text(line: Stretch) -> bool:
    if line.kind is not RowKind.DATA or len(line.values) - line.values.count(None) != 1:
        return False
    return any(isinstance(value, str) for value in line.values)


def _text_of(line: Stretch) -> str:
    return words.squeeze("".join(words.cell_text(value) for value in line.values if value is not None))


def _name_sections(lines: list[Stretch]) -> None:
    """Give every row the section title above it; a title repeated on each page is none."""
    section = ""
    for line in lines:
        if line.kind is RowKind.NOTE:
            filled = [value for value in line.values if value is not None]
            if len(filled) == 1 and isinstance(filled[0], str):
                text = words.squeeze(filled[0])
                if (
                    len(text) <= 25
                    and not words.NOTE_LABELLED.match(text)
                    and not words.NOTE_OPENING.match(text)
                ):
                    section = words.header_text(filled[0]).shown
        line.section = section
