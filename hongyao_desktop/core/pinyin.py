"""Pinyin of names: what a list is sorted by and what the search box finds.

pypinyin knows the characters; the surname readings are our own (`surnames`), because it reads 单, 曾, 仇 and
others as the common word. The surname reading sorts, every reading can be searched. Computed once when a name is
saved and stored, never while typing. Syllables are toneless, ü is v. The library is imported on first use (a fifth
of a second).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from hongyao_desktop.core import names, text
from hongyao_desktop.core.surnames import SURNAME_READINGS, split_surname

Reading = tuple[str, ...]
"""One reading of a name: a syllable per character; a run of Latin letters or digits is one syllable."""

MAX_READINGS: Final = 24
"""A name of many-sounding characters has hundreds of readings; the likeliest are kept."""

MAX_KEYS: Final = 160
"""Bound for the search keys of one name, so that a pasted paragraph cannot flood the index."""

_MAX_KEY_LENGTH: Final = 48
_UNKNOWN_SYLLABLE: Final = "{"
"""Sorts after every letter, so characters without a known reading come last."""

_PART: Final = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def sort_key(name: str) -> str:
    """Text that sorts names by surname reading, then character, then the next character: all 张 stand together.

    Plain comparison of code points is enough (SQLite BINARY). Equal names have equal keys.
    """
    parts = _parts(name)
    syllables = _main_reading(parts)
    pairs = zip(syllables, parts, strict=True)
    return "\t".join(f"{syllable or _UNKNOWN_SYLLABLE} {part}" for syllable, part in pairs)


def readings(name: str) -> tuple[Reading, ...]:
    """Every reading of the name, the one it sorts by first, at most `MAX_READINGS`.

    A character unknown to the dictionary stands for itself. An empty name has no reading.
    """
    parts = _parts(name)
    if not parts:
        return ()
    main = tuple(syllable or part for syllable, part in zip(_main_reading(parts), parts, strict=True))
    choices = []
    fixed = _fixed_surname(parts)
    for index, part in enumerate(parts):
        others = () if index < fixed else _character_readings(part)
        choices.append((main[index], *(other for other in others if other != main[index])))
    # Fewest departures from the main reading first, so that the bound cuts off the unlikely ones.
    ways = itertools.islice(itertools.product(*(range(len(choice)) for choice in choices)), 4096)
    ranked = sorted(ways, key=lambda way: (sum(map(bool, way)), sum(way)))
    return tuple(
        tuple(choices[index][pick] for index, pick in enumerate(way)) for way in ranked[:MAX_READINGS]
    )


def search_keys(name: str) -> set[str]:
    """Keys under which a name is found when a typed text is the beginning of one of them.

    Each suffix of the name, of its initials and of its full pinyin by syllable, for every reading.
    """
    parts = _parts(name)
    keys: set[str] = set()
    for index in range(len(parts)):
        _add(keys, "".join(parts[index:]).casefold())
    for reading in readings(name):
        for index in range(len(reading)):
            tail = reading[index:]
            _add(keys, "".join(tail))
            _add(keys, "".join(syllable[0] for syllable in tail))
    return keys


def query_key(typed: str) -> str:
    """What a typed search text is compared as: half width, lower case, no spaces, dots and apostrophes, ü as v."""
    plain = (
        unicodedata.normalize("NFC", text.half_width(typed)).casefold().replace("ü", "v").replace("u:", "v")
    )
    return re.sub(rf"[\s'{names.DOT}•・．\-]", "", plain)


def initials(name: str) -> str:
    """First letters of the main reading: 张伟华 → "zwh"."""
    parts = _parts(name)
    return "".join((syllable or part)[0] for syllable, part in zip(_main_reading(parts), parts, strict=True))


def _add(keys: set[str], key: str) -> None:
    if key and len(keys) < MAX_KEYS:
        keys.add(key[:_MAX_KEY_LENGTH])


def _parts(name: str) -> tuple[str, ...]:
    """Characters that count; letters and digits in a run are one part, dots and spaces none."""
    return tuple(
        part.casefold() if part.isascii() else part
        for part in _PART.findall(names.clean(name))
        if part.isalnum() or _LETTER.match(part)
    )


def _fixed_surname(parts: tuple[str, ...]) -> int:
    """How many leading characters form a compound surname, whose reading leaves no choice."""
    surname, given = split_surname("".join(parts))
    return len(surname) if len(surname) > 1 and given and surname in SURNAME_READINGS else 0


def _main_reading(parts: tuple[str, ...]) -> tuple[str | None, ...]:
    """A syllable per part, the surname as a surname; None for a character the dictionary lacks."""
    if not parts:
        return ()
    whole = "".join(parts)
    surname, given = split_surname(whole)
    # A word of one character is a surname too when it stands alone; Latin letters never are.
    table = SURNAME_READINGS.get(surname) if all(len(part) == 1 for part in parts[: len(surname)]) else None
    if table is None:
        return _words(parts)
    rest = parts[len(surname) :] if given else ()
    return (*table, *_words(rest))


def _words(parts: tuple[str, ...]) -> tuple[str | None, ...]:
    """Syllables with the dictionary's word readings (重庆 → chong qing).

    Characters among which no word of the dictionary stands read as each of them does alone: known without cutting.
    """
    if _holds_a_word("".join(parts)):
        return _cut(parts)
    return tuple(itertools.chain.from_iterable(_cut((part,)) for part in parts))


_LONGEST_NAME: Final = 4
"""Longer texts have too many beginnings and ends to look each up."""


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, object]:
    from pypinyin.constants import PHRASES_DICT

    found: Mapping[str, object] = PHRASES_DICT
    return found


_STRETCHES: Final = tuple(
    tuple(slice(start, end) for start in range(length - 1) for end in range(start + 2, length + 1))
    for length in range(_LONGEST_NAME + 1)
)
"""Where words of two characters or more may stand, by the length of the text."""


def _holds_a_word(text: str) -> bool:
    if len(text) > _LONGEST_NAME:
        return True
    phrases = _phrases()
    return any([text[stretch] in phrases for stretch in _STRETCHES[len(text)]])  # noqa: C419 - quicker than asking one by one


@lru_cache(maxsize=65536)
def _cut(parts: tuple[str, ...]) -> tuple[str | None, ...]:
    from pypinyin import Style, lazy_pinyin

    found: list[str | None] = []
    run: list[str] = []

    # Unknown characters come back as they are, one by one; the stubs know only functions that return text.
    as_they_are: Any = list

    def flush() -> None:
        syllables = lazy_pinyin("".join(run), style=Style.NORMAL, errors=as_they_are) if run else []
        found.extend(syllable if syllable.isascii() else None for syllable in syllables)
        run.clear()

    for part in parts:
        if len(part) == 1 and not part.isascii():
            run.append(part)
        else:
            flush()
            found.append(part)
    flush()
    return tuple(found)


@lru_cache(maxsize=16384)
def _character_readings(part: str) -> tuple[str, ...]:
    """All toneless readings of one character, the surname reading included; the part itself if none is known."""
    if part.isascii():
        return (part,)
    from pypinyin import Style, pinyin

    known = pinyin(part, style=Style.NORMAL, heteronym=True, errors="ignore")
    syllables = [syllable for syllable in (known[0] if known else []) if syllable]
    surname = SURNAME_READINGS.get(part)
    if surname:
        syllables.extend(surname)
    return tuple(dict.fromkeys(syllables)) or (part,)
