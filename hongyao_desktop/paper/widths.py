"""Widths of table columns (列宽): weights as declared, or measured from what the columns hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.cells import NUMBERS
from hongyao_desktop.paper.document import Column

_SAMPLE_ROOM: Final = 16.0  # in characters: longer text is expected to wrap
LONG_ROOM: Final = 48.0  # in characters: what a long text would like to have
_TO_LONG_TEXTS: Final = 0.8  # share of the room left; the rest loosens all columns
_EVEN: Final = 0.4  # share of the room that texts which must wrap have alike
_FEW: Final = 4.6  # in characters: four and the padding
_LEAST: Final = 2.6  # in characters: two and the padding
_RIGID: Final = NUMBERS | {CellKind.CODE, CellKind.DATE, CellKind.TIME}


def column_widths(
    columns: Sequence[Column],
    needs: Sequence[float],
    total: float,
    size: float,
    wants: Sequence[float] = (),
) -> list[float]:
    """Widths in points that add up to ``total``.

    Columns with a weight share the room by weight. Columns without get what they need (`column_needs`); what is left
    goes to long texts that would have to wrap (``wants``), then to all; what is lacking is taken from the widest text
    columns.
    """
    if all(column.width is not None for column in columns):
        weights = [column.width or 0.0 for column in columns]
        return [total * weight / sum(weights) for weight in weights]
    fixed = sum(need for need, column in zip(needs, columns, strict=True) if column.width is None)
    weighed = sum(column.width for column in columns if column.width is not None)
    if weighed:
        least = sum(_LEAST * size for column in columns if column.width is not None)
        scale = min(1.0, (total - least) / fixed)
        rest = total - fixed * scale
        return [
            need * scale if column.width is None else rest * column.width / weighed
            for need, column in zip(needs, columns, strict=True)
        ]
    return _share(columns, list(needs), total, size, wants)


def crowded(columns: Sequence[Column], needs: Sequence[float], total: float, size: float) -> bool:
    """Whether numbers would have to be squeezed, or text to fewer than four characters a line, in this size."""
    least = 0.0
    for column, need in zip(columns, needs, strict=True):
        if column.width is not None or (column.kind not in _RIGID and column.wrap):
            need = min(need, _FEW * size)  # noqa: PLW2901 -- the need that counts
        least += need
    return least > total


def column_needs(
    columns: Sequence[Column],
    sample: Iterable[Sequence[str]],
    measure: Callable[[str], float],
    size: float,
    pad: float,
    room: float = _SAMPLE_ROOM,
) -> list[float]:
    """What headings and a sample of the content need: numbers and codes in one line, text up to ``room`` characters."""
    needs = []
    for column in columns:
        words = column.label.split("\n")
        label = max(measure(word) for word in words)
        if column.kind in _RIGID and "\n" not in column.label:
            # A long heading over narrow figures goes in two lines.
            label = min(label, max(label / 2, 3 * size))
        needs.append(max(label, _LEAST * size - 2 * pad))
    for row in sample:
        for index, text in enumerate(row):
            if text:
                wide = measure(text)
                if columns[index].kind not in _RIGID and columns[index].wrap:
                    wide = min(wide, room * size)
                needs[index] = max(needs[index], wide)
    return [need + 2 * pad + 1 for need in needs]


def _share(
    columns: Sequence[Column], needs: list[float], total: float, size: float, wants: Sequence[float]
) -> list[float]:
    spare = total - sum(needs)
    if spare >= 0:
        lacking = [max(want - need, 0.0) for want, need in zip(wants, needs, strict=True)] if wants else []
        if any(lacking):
            given = min(1.0, _TO_LONG_TEXTS * spare / sum(lacking))
            needs = [need + lack * given for need, lack in zip(needs, lacking, strict=True)]
            spare = total - sum(needs)
        return [need + spare * need / sum(needs) for need in needs]
    # Too little room: the widest text columns give way first, down to a common level, so that short ones stay whole.
    soft = [index for index, column in enumerate(columns) if column.kind not in _RIGID and column.wrap]
    rigid = sum(need for index, need in enumerate(needs) if index not in soft)
    rest = total - rigid
    if soft and rest > 0:
        level = _level([needs[index] for index in soft], rest)
        cut = [index for index in soft if needs[index] > level]
        for index in cut:
            needs[index] = max(level, _LEAST * size)
        if wants and len(cut) > 1:  # of those that wrap the longer text has more of the room: rows stay low
            much = sum(wants[index] for index in cut)
            for index in cut:
                part = wants[index] * len(cut) / much
                needs[index] = max(level * (_EVEN + (1 - _EVEN) * part), _LEAST * size)
    scale = total / sum(needs)
    return [need * scale for need in needs]


def _level(needs: list[float], room: float) -> float:
    """The height to which wider needs are cut so that all together fit the room."""
    ordered = sorted(needs)
    for index, need in enumerate(ordered):
        level = room / (len(ordered) - index)
        if need >= level:
            return level
        room -= need
    return ordered[-1]
