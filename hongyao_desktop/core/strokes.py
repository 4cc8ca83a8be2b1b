"""Ordering by strokes (姓氏笔画排序), as on lists of people of equal rank.

The custom for published lists: fewer strokes first; among equals by the kind of each stroke in writing order,
横 竖 撇 点 折; names of one surname are ordered by the given name, one character before two, then by its strokes.
What the data (``resources/strokes/``) does not know comes last, by code point.
"""

from __future__ import annotations

import functools
import lzma
from pathlib import Path
from typing import Final

from hongyao_desktop.core.surnames import split_surname

LABEL: Final = "姓氏笔画"
_FILE: Final = Path(__file__).resolve().parents[2] / "resources" / "strokes" / "strokes.txt.xz"
_UNKNOWN: Final = 999

CharacterKey = tuple[int, str, int]
NameKey = tuple[tuple[CharacterKey, ...], int, tuple[CharacterKey, ...]]


@functools.lru_cache(maxsize=1)
def _table() -> dict[str, tuple[int, str]]:
    """Stroke count and order of every character; about 98,000, read once when first asked for."""
    found: dict[str, tuple[int, str]] = {}
    for line in lzma.decompress(_FILE.read_bytes()).decode("utf-8").splitlines():
        head, _tab, characters = line.partition("\t")
        count, _blank, order = head.partition(" ")
        entry = int(count), order or "6"  # of unknown order after the others of the same count
        for character in characters:
            found[character] = entry
    return found


def character_key(character: str) -> CharacterKey:
    """Where a character stands: strokes, their order, code point."""
    count, order = _table().get(character, (_UNKNOWN, ""))
    return count, order, ord(character)


def name_key(name: str) -> NameKey:
    """Where a name stands in a list by strokes of the surname."""
    surname, given = split_surname(name)
    return tuple(map(character_key, surname)), len(given), tuple(map(character_key, given))
