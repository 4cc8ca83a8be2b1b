"""Cleaning of text as it comes from spreadsheets, chat programs and web pages.

Text copied into cells carries characters nobody sees: zero-width spaces, direction marks, soft hyphens, non-breaking
and full-width spaces. Left in, they make equal names differ and can turn a printed line round. Every value passes here
before it is looked at, so the common case (nothing to do) must be quick.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls without tab, line feed, carriage return, next line
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"  # soft hyphen, joiner, Arabic mark, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction marks and overrides
    "\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9-\ufffc"  # fillers, emoji selectors, byte-order mark, annotations
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # musical controls, tags
)
_INVISIBLE_RUN: Final = re.compile(f"[{_INVISIBLE}]+")
_SPACE_RUN: Final = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_END: Final = re.compile(" ?(?:\r\n|[\r\x85\u2028\u2029\n]) ?")
# Anything that `clean` might change. CJK compatibility ideographs are kept: NFC would put another character in a name.
_SUSPECT: Final = re.compile(
    f"[{_INVISIBLE}\r\t\x85\u00a0\u0300-\u036f\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|  | \n|\n "
)
_COMBINED: Final = re.compile("[^\u0300-\u036f\uf900-\ufaff\U0002f800-\U0002fa1f][\u0300-\u036f]+")

# Digits of other scripts: int() would take them, a number stored with them would never be found again.
_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")

_HALF_WIDTH: Final = {
    **{0xFF01 + offset: 0x21 + offset for offset in range(94)},
    0x3000: 0x20,
    0xFFE5: 0xA5,
    0xFFE0: 0xA2,
    0xFFE1: 0xA3,
    0x2212: 0x2D,
    0xFE63: 0x2D,
}


def clean(text: str) -> str:
    """Without invisible and direction characters, odd spaces as one plain space, ends stripped, lines kept.

    A letter and its combining mark become one character (NFC), so that e-acute is one character however it was typed.
    Han characters are never replaced.
    """
    if _SUSPECT.search(text):
        text = _INVISIBLE_RUN.sub("", text)
        text = _SPACE_RUN.sub(" ", text)
        text = _LINE_END.sub("\n", text)
        text = _COMBINED.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)
    return text.strip()


_MARKED: Final = re.compile("《[^《》]*》|「[^「」]*」|『[^『』]*』|“[^“”]*”")
_INNER_MARKS: Final = str.maketrans("“”", "‘’")


def quoted(title: str) -> str:
    """A title in quotation marks; one that is a marked title as a whole keeps its own, marks within become single."""
    if _MARKED.fullmatch(title):
        return title
    return f"“{title.translate(_INNER_MARKS)}”"


def half_width(text: str) -> str:
    """`clean`, and full-width letters, digits and signs as plain ones: "１２：３０" → "12:30".

    For numbers and codes; not for prose, where full-width punctuation is right.
    """
    text = clean(text)
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(
        lambda match: str(unicodedata.decimal(match.group())), text.translate(_HALF_WIDTH)
    )


_CHINESE_DIGITS: Final = {char: index for index, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}


def chinese_number(text: str) -> int | None:
    """Value of a number below one hundred in small Chinese figures (三十一, 十, 廿五, 〇五), None for other text."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text:
        return None
    if "十" not in text:
        if any(char not in _CHINESE_DIGITS for char in text):
            return None
        return int("".join(str(_CHINESE_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or any(char not in _CHINESE_DIGITS for char in tens + ones):
        return None
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)
