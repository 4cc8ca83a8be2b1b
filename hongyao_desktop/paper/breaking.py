"""Breaking Chinese text into lines (断行): 避头尾, whole words and numbers, punctuation that gives way.

Rules: no closing mark begins a line and no opening mark ends one (避头尾); 破折号 and 省略号 stay in one piece; a
Latin word or a number is not cut unless it is longer than the line. A closing mark that would begin a line is
drawn back by letting the line's punctuation give up half of its blank, else the character before it goes along to
the next line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

NO_START: Final = frozenset(
    "、。，．：；？！）］｝〕〉》」』】〗〙〛’”·～‐–％‰℃′″々〻ゝゞヽヾーぁぃぅぇぉっゃゅょァィゥェォッャュョ｡､,.;:!?)]}%°"
)
"""Marks that may not begin a line."""
NO_END: Final = frozenset("（［｛〔〈《「『【〖〘〚‘“＄￥￡([{$¥£№")
"""Marks that may not end a line."""
_CLOSING_BLANK: Final = frozenset("、。，．：；？！）］｝〕〉》」』】〗’”")
_OPENING_BLANK: Final = frozenset("（［｛〔〈《「『【〖‘“")

_ATOM: Final = re.compile(r"\n|—{2,}|…{2,}|[ ]+|[!-~¡-ɏͰ-ϿЀ-ӿ‐-–′″]+|.", re.DOTALL)
_EPSILON: Final = 1e-6
_MAX_GAP: Final = 0.45
"""A line is not stretched by more than this per gap, in units of an ideograph: rather a ragged line than a torn one."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece that is never cut: an ideograph, a mark, a word, a number, blanks.

    Attributes:
        text: the characters.
        width: advance.
        give: how much of the width is blank that may go.
        lead: whether that blank is before the ink (opening marks).
        tag: whatever the caller wants back (face, source).
    """

    text: str
    width: float
    give: float = 0.0
    lead: bool = False
    tag: object = None

    @property
    def blank(self) -> bool:
        """Whether these are blanks, which vanish at the end of a line."""
        return self.text[0] == " "


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place in the line (x from the line's left edge)."""

    atom: Atom
    x: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line: what stands where, its natural end, and whether the paragraph goes on."""

    placed: tuple[Placed, ...]
    width: float
    last: bool

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(placed.atom.text for placed in self.placed)


def atoms(text: str, measure: Callable[[str], float], tag: object = None) -> list[Atom]:
    """Cut a legible text into pieces; a line break is a piece of its own. ``measure`` gives an advance."""
    pieces = []
    for piece in _ATOM.findall(text):
        if piece == "\n":
            pieces.append(Atom(piece, 0.0, tag=tag))
            continue
        wide = measure(piece)
        if piece in _CLOSING_BLANK:
            pieces.append(Atom(piece, wide, wide / 2, tag=tag))
        elif piece in _OPENING_BLANK:
            pieces.append(Atom(piece, wide, wide / 2, lead=True, tag=tag))
        else:
            pieces.append(Atom(piece, wide, tag=tag))
    return pieces


def may_break(before: Atom, after: Atom) -> bool:
    """Whether a line may end between two neighbouring pieces."""
    if after.blank:
        return False  # blanks hang on to what stands before them
    if before.blank:
        return after.text[0] not in NO_START
    return before.text[-1] not in NO_END and after.text[0] not in NO_START


def break_lines(
    pieces: Sequence[Atom],
    width: float,
    *,
    first: float | None = None,
    justify: bool = True,
    cut: Callable[[Atom, float], tuple[Atom, Atom]] | None = None,
) -> list[SetLine]:
    """Break a paragraph into lines of ``width``; ``first`` is the room of the first line if it is indented.

    Args:
        pieces: from `atoms`; a line break piece ends a line.
        width: room of a line.
        first: room of the first line.
        justify: whether lines that go on are set to the full width.
        cut: cuts a piece that is longer than a whole line at a given width; without it such a piece sticks out.
    """
    lines: list[SetLine] = []
    queue = list(pieces)
    start = 0
    room = width if first is None else first
    while start < len(queue):
        end, forced = _line_end(queue, start, room)
        if end == start + 1 and cut is not None and queue[start].width > room and len(queue[start].text) > 1:
            queue[start : start + 1] = cut(queue[start], room)
            end, forced = start + 1, False
        taken = [piece for piece in queue[start:end] if piece.text != "\n"]
        while taken and taken[-1].blank:
            taken.pop()
        last = forced or end >= len(queue)
        lines.append(_set(taken, room, last=last, justify=justify))
        start = end
        while start < len(queue) and queue[start].blank:
            start += 1
        room = width
    return lines or [SetLine((), 0.0, True)]


def _line_end(queue: Sequence[Atom], start: int, room: float) -> tuple[int, bool]:
    """Index after the line's last piece, and whether a line break was asked for."""
    used = give = 0.0
    best = start
    for index in range(start, len(queue)):
        piece = queue[index]
        if piece.text == "\n":
            return index + 1, True
        used += piece.width
        give += piece.give
        more = index + 1 < len(queue) and queue[index + 1].text != "\n"
        free = not more or may_break(piece, queue[index + 1])
        visible = used - piece.width if piece.blank else used  # blanks at the end may hang over
        if visible <= room + _EPSILON:
            best = index + 1 if free else best
        elif not piece.blank:
            # Over the edge: what may not begin a line is drawn back if marks and half a character of gaps give room.
            if piece.text[0] not in NO_START or used - room > give + piece.width / 2 + _EPSILON:
                break
            if free:
                return index + 1, False
    if best > start:
        return best, False
    return _cut_anywhere(queue, start, room), False


def _cut_anywhere(queue: Sequence[Atom], start: int, room: float) -> int:
    """Where nothing may break the line is cut all the same rather than run off the page; one piece at least."""
    used, index = queue[start].width, start + 1
    while index < len(queue) and used + queue[index].width <= room + _EPSILON and queue[index].text != "\n":
        used += queue[index].width
        index += 1
    return index


def _set(taken: Sequence[Atom], room: float, *, last: bool, justify: bool) -> SetLine:
    natural = sum(piece.width for piece in taken)
    spare = room - natural
    shrink: list[float] = [0.0] * len(taken)
    gap = 0.0
    if spare < -1e-6 and taken:
        # The last mark loses its blank first, the others share what is still needed, the gaps take the rest.
        need = -spare
        if not taken[-1].lead and taken[-1].give:
            shrink[-1] = min(need, taken[-1].give)
            need -= shrink[-1]
        others = [index for index, piece in enumerate(taken[:-1]) if piece.give]
        total = sum(taken[index].give for index in others)
        if need > 0 and total > 0:
            share = min(1.0, need / total)
            for index in others:
                shrink[index] = taken[index].give * share
            need -= total * share
        if need > 1e-6 and len(taken) > 1:
            gap = -need / (len(taken) - 1)
    elif justify and not last and len(taken) > 1:
        gap = spare / (len(taken) - 1)
        unit = max(piece.width / len(piece.text) for piece in taken)
        if gap > _MAX_GAP * unit:
            gap = 0.0
    placed = []
    x = 0.0
    for index, piece in enumerate(taken):
        placed.append(Placed(piece, x - (shrink[index] if piece.lead else 0.0)))
        x += piece.width - shrink[index] + gap
    return SetLine(tuple(placed), x - gap if taken else 0.0, last)
