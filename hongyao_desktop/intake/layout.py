"""How the columns under a header lie (列的排布): wide columns, columns without a name, blocks side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hongyao_desktop.intake import words
from hongyao_desktop.intake.grid import Grid
from hongyao_desktop.intake.heading import Header, Heading

_SAMPLED = 200
MISSING = -1
_MOST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One block of columns: the same headings as its neighbours of a group.

    Attributes:
        headings: by position; None for a column without a header.
        columns: the (first) grid column of each position, or `MISSING`.
        spans: all grid columns of each position: more than one where a header is drawn over several.
    """

    headings: tuple[Heading | None, ...]
    columns: tuple[int, ...]
    spans: tuple[tuple[int, ...], ...]

    def place(self, position: int) -> int:
        """The grid column of a position; the block's first one for a column the block does not have."""
        column = self.columns[position]
        return column if column != MISSING else min(column for column in self.columns if column != MISSING)


@dataclass(frozen=True, slots=True)
class _Piece:
    heading: Heading | None
    span: tuple[int, ...]

    @property
    def name(self) -> tuple[str, ...]:
        return tuple(text.key for text in self.heading.path) if self.heading else ()


def blocks_of(grid: Grid, header: Header, end: int | None = None) -> list[list[Block]]:
    """The tables under a header, each as its blocks from left to right; nothing from row `end` on is looked at."""
    filled, crowded = _fill_of(grid, header, grid.height if end is None else end)
    segments = _segments(grid, header, filled, crowded)
    groups: list[list[list[_Piece]]] = []
    for segment in segments:
        pieces = _periods(segment)
        if groups and _continues(groups[-1][0], pieces[0]):
            groups[-1] += pieces
        elif groups and _is_spaced(groups[-1], pieces):
            groups[-1][0] += pieces[0]
        else:
            groups.append(pieces)
    return [[_block(group[0], pieces) for pieces in group] for group in groups]


def _fill_of(grid: Grid, header: Header, end: int) -> tuple[Counter[int], set[int]]:
    """How many body rows fill each column, and which columns are filled together with their left neighbour."""
    filled: Counter[int] = Counter()
    crowded: set[int] = set()
    for row in range(header.body, min(header.body + _SAMPLED, end)):
        columns = [column for column, _value in grid.filled(row)]
        if len(columns) < 2:
            continue
        filled.update(columns)
        crowded.update(right for left, right in pairwise(columns) if right == left + 1)
    return filled, crowded


def _segments(grid: Grid, header: Header, filled: Counter[int], crowded: set[int]) -> list[list[_Piece]]:
    """Runs of columns that belong together: cut at columns with neither a name nor anything below."""
    named = sorted(
        column
        for column, heading in header.headings.items()
        if filled[column]
        or not isinstance(heading.raw, str)
        or not words.LABELLED.search(heading.raw + " ")
        or words.is_label(heading.raw)
    ) or sorted(header.headings)
    enough = 2 if filled.total() > 2 * len(named) else 1
    first, last = named[0], named[-1]
    while first > 0 and filled[first - 1] >= enough:
        first -= 1
    while last + 1 < grid.width and filled[last + 1] >= enough:
        last += 1
    segments: list[list[_Piece]] = [[]]
    column = first
    while column <= last:
        heading = header.headings.get(column)
        if heading is None and not filled[column]:
            if segments[-1]:
                segments.append([])
            column += 1
            continue
        span = [column]
        while heading is not None and _same_cell(header.headings.get(span[-1] + 1), heading):
            if span[-1] + 1 in crowded:
                break
            span.append(span[-1] + 1)
        segments[-1].append(_Piece(heading, tuple(span)))
        column = span[-1] + 1
    return [segment for segment in segments if any(piece.heading for piece in segment)]


def _same_cell(heading: Heading | None, other: Heading) -> bool:
    return heading is not None and heading.origins == other.origins


def _periods(segment: list[_Piece]) -> list[list[_Piece]]:
    """Cut a run whose names repeat (序号 姓名 电话 | 序号 姓名 电话) into its blocks."""
    names = [piece.name for piece in segment]
    for lead in (0, 1):
        rest = names[lead:]
        if not rest or not rest[0]:
            continue
        starts = [position for position, name in enumerate(rest) if name == rest[0]]
        if len(starts) < 2:
            continue
        period = starts[1]
        blocks = [rest[start:end] for start, end in zip(starts, [*starts[1:], len(rest)], strict=True)]
        naming = any(
            words.NAMING.search(name[-1]) or name[-1] in words.SEQUENCE for name in blocks[0] if name
        )
        tail = len(blocks[-1]) - period  # columns after the last block that all blocks share
        if 0 < tail <= _MOST_SHARED:
            blocks[-1] = blocks[-1][:period]
        else:
            tail = 0
        if period >= 2 and naming and all(_is_prefix(block, blocks[0]) for block in blocks[1:]):
            cuts = [start + lead for start in starts[1:]]
            end = len(segment) - tail
            shared = segment[end:]
            return [
                segment[start:stop] + shared for start, stop in zip([0, *cuts], [*cuts, end], strict=True)
            ]
    return [segment]


def _is_prefix(block: Sequence[tuple[str, ...]], first: Sequence[tuple[str, ...]]) -> bool:
    """True if a block has the first block's names, perhaps without some of the last ones."""
    return 2 <= len(block) <= len(first) and list(block) == list(first[: len(block)])


def _continues(first: list[_Piece], block: list[_Piece]) -> bool:
    """True if a run after a gap is one more block of the same table."""
    names, others = [piece.name for piece in first], [piece.name for piece in block]
    common = len([name for name in others if name and name in names])
    return common >= 2 and common >= 0.6 * len(others)


def _is_spaced(groups: list[list[_Piece]], pieces: list[list[_Piece]]) -> bool:
    """True if a run after a gap only goes on with the same table: it repeats no name and starts no numbering."""
    if len(groups) != 1 or len(pieces) != 1:
        return False
    names = {piece.name for piece in groups[0] if piece.name}
    others = [piece.name for piece in pieces[0] if piece.name]
    return not any(name in names for name in others) and not any(
        name[-1] in words.SEQUENCE for name in others
    )


def _block(first: list[_Piece], pieces: list[_Piece]) -> Block:
    """A block with its columns in the order of the first block's."""
    if pieces is first:
        ordered: list[_Piece | None] = list(pieces)
    else:
        waiting = list(pieces)
        ordered = []
        for wanted in first:
            match = next((piece for piece in waiting if piece.name == wanted.name), None)
            if match is not None:
                waiting.remove(match)
            ordered.append(match)
    return Block(
        headings=tuple(piece.heading for piece in first),
        columns=tuple(piece.span[0] if piece else MISSING for piece in ordered),
        spans=tuple(piece.span if piece else () for piece in ordered),
    )
