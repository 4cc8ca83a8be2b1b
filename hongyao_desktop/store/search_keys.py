"""Which keys a searched field gives (检索键): a typed text finds a row when it is the beginning of one of its keys."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, assert_never

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.fields import Search

VERSION: Final = 1
"""Raise it when keys are made differently: every file then builds its keys anew at the next opening."""

LONGEST: Final = 48
_TEXT_STARTS: Final = 24
"""Characters of a free text from which a key starts; nobody searches for the middle of a long note."""

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")
_PIECE = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z\s\-/_.]+")


def query_of(text: str) -> tuple[str, ...]:
    """The words of a typed search text as they are compared with keys; all of them must be found."""
    words = (pinyin.query_key(word)[:LONGEST] for word in text.split())
    return tuple(dict.fromkeys(word for word in words if word))


def keys_of(kind: Search | None, value: Any) -> tuple[str, ...]:
    """The keys of one field's value; none for a field that is not searched."""
    if kind is None or value in (None, ""):
        return ()
    text = str(value)
    match kind:
        case Search.NAME | Search.TEXT | Search.CODE:
            return _word_keys(kind, text)
        case Search.PHONE:
            number = _plain_number(text)
            return number, number[3:] or number, number[-4:]
        case Search.ID:
            number = _plain_number(text)
            return number, number[6:] or number, number[-6:], number[-4:]
        case _:
            assert_never(kind)


def _plain_number(text: str) -> str:
    """A number as it is compared; the usual one, digits alone, needs no cleaning."""
    return text if text.isdecimal() and text.isascii() else pinyin.query_key(text)[:LONGEST]


@lru_cache(maxsize=32_768)
def _word_keys(kind: Search, value: str) -> tuple[str, ...]:
    """Names repeat: in an office of a million people most of the work is spared."""
    if kind is Search.NAME:
        keys = set(pinyin.search_keys(value))
    else:
        keys = _text_keys(value) if kind is Search.TEXT else _code_keys(value)
    return _without_prefixes({key[:LONGEST] for key in keys if key})


def _without_prefixes(keys: set[str]) -> tuple[str, ...]:
    """A key that begins another key of the same value finds nothing that the other does not."""
    ordered = sorted(keys)
    return tuple(
        key
        for key, following in zip(ordered, [*ordered[1:], ""], strict=True)
        if not following.startswith(key)
    )


def _text_keys(value: str) -> set[str]:
    """Suffixes of the text, of its initials and of its pinyin in the likeliest reading."""
    plain = pinyin.query_key(value)
    keys = {plain[start : start + LONGEST] for start in range(min(len(plain), _TEXT_STARTS))}
    syllables = _syllables(plain)[:_TEXT_STARTS]
    first = "".join(syllable[0] for syllable in syllables)
    for start in range(len(syllables)):
        keys.add(first[start:])
        keys.add("".join(syllables[start : start + LONGEST])[:LONGEST])
    return keys


def _syllables(plain: str) -> list[str]:
    """A toneless syllable per character (ü is v), runs of Latin letters and digits whole, signs left out.

    Not through core's names: in a text 单位 is no surname.
    """
    from pypinyin import Style, lazy_pinyin

    found: list[str] = []
    for run in _RUN.findall(plain):
        found += [run] if run.isascii() else lazy_pinyin(run, style=Style.NORMAL, errors="ignore")
    return [syllable.replace("ü", "v") for syllable in found if syllable]


def _code_keys(value: str) -> set[str]:
    """The code whole, from each of its pieces on, and its running number without leading zeros."""
    pieces = [pinyin.query_key(part) for part in _PIECE.findall(value)]
    pieces = [piece for piece in pieces if piece]
    whole = "".join(pieces)
    keys = {whole, whole[-4:]}
    for start, piece in enumerate(pieces):
        rest = "".join(pieces[start + 1 :])
        keys |= {piece + rest, piece.lstrip("0") + rest}
    return keys
