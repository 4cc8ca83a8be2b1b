"""Names of persons: cleaned for storage, checked, compared.

A name may hold any Unicode character. Nothing is replaced by a look-alike; what is taken out or folded is
only what was never part of the name: invisible characters, spaces put in to line up columns, and the many dots typed
for the dot of minority names (stored as U+00B7).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from hongyao_desktop.core import gb18030, text
from hongyao_desktop.core.problem import Level, Problem

DOT: Final = "\u00b7"

_DOTS = ".\u2022\u30fb\uff0e\uff65\u2027\u2219\u22c5\u0387\u00b7\u25cf\u3002"
_DOT_RUN: Final = re.compile(f" *[{re.escape(_DOTS)}]+ *")
_HAN: Final = re.compile(
    "[\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
)
_HAN_SPACE: Final = re.compile(r"(?<![A-Za-z]) +| +(?![A-Za-z])")
_SELECTOR: Final = re.compile("[\ufe00-\ufe0d\U000e0100-\U000e01ef]")
_COMPATIBILITY: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICAL: Final = re.compile("[\u2e80-\u2fdf]")
# What programs leave behind when they could not keep a character.
_LOST: Final = re.compile("[\ufffd\ufffe\uffff\u25a1\u25a0\u25af\u25ae\u2b1c\u3013?？]|\\*")
# Digits, punctuation and pictures, which are no part of a name; apostrophe, hyphen and dot are.
_ODD: Final = re.compile(
    "[0-9０-９!-&(-,/:-@\\[-`{-~、，；：（）《》“”！…—★☆\u2600-\u27bf\U0001f000-\U0001faff]"
)
_LONGEST_USUAL = 30
# Nothing to clean and nothing to find in it; nearly every name of a roster.
_USUAL: Final = re.compile(f"[\u4e00-\u9fff]{{2,{_LONGEST_USUAL}}}")


def clean(name: str) -> str:
    """The name as it is stored. Safe to repeat: cleaning a clean name changes nothing."""
    if _USUAL.fullmatch(name):
        return name
    value = gb18030.repair_pua(text.clean(name)).replace("\n", " ").replace("\uff07", "'")
    if not _HAN.search(value):
        # A name in Latin letters (a foreign resident) keeps its dots and spaces.
        return value
    value = _DOT_RUN.sub(DOT, value).strip(DOT + " ")
    return _HAN_SPACE.sub("", value)


def length(name: str) -> int:
    """Number of characters as people count them: code points, without glyph selectors and combining marks."""
    return sum(1 for char in _SELECTOR.sub("", name) if not unicodedata.combining(char))


def problems(name: str) -> list[Problem]:
    """Everything doubtful about a cleaned name. A rare character is no problem; a lost or private one is an error."""
    if _USUAL.fullmatch(name):
        return []
    if not name:
        return [Problem(Level.ERROR, "name.empty", "没有填写姓名，请补填", value=name)]
    found = [
        Problem(level, code, message, value=name)
        for index, char in enumerate(name, 1)
        for level, code, message in _character_problem(index, char)
    ]
    count = length(name)
    if count == 1 and _HAN.search(name):
        found.append(Problem(Level.WARNING, "name.short", "姓名只有一个字，请核对是否漏字", value=name))
    if count > _LONGEST_USUAL:
        message = f"姓名有 {count} 个字，请核对是否把别的内容填进了姓名"
        found.append(Problem(Level.WARNING, "name.long", message, value=name))
    return found


def _character_problem(index: int, char: str) -> Iterator[tuple[Level, str, str]]:
    """What is doubtful about the character at place `index` (from 1): at most one finding."""
    if gb18030.private_use(char):
        message = (
            f"姓名第 {index} 个字是本机自造字（U+{ord(char):04X}），别的电脑显示不出，"
            "请改用标准字，并在“证件用字说明”里写明"
        )
        yield Level.ERROR, "name.private", message
    elif _LOST.match(char) or "\ud800" <= char <= "\udfff":
        yield Level.ERROR, "name.lost", f"姓名第 {index} 个字已丢失，请对照证件补录原字"
    elif _ODD.match(char):
        yield Level.WARNING, "name.odd", f"姓名里有“{char}”，请核对，说明文字请写到备注"
    elif _RADICAL.match(char):
        plain = unicodedata.normalize("NFKC", char)
        hint = f"，如果是“{plain}”请改写" if plain != char else ""
        yield Level.WARNING, "name.radical", f"姓名里的“{char}”是部首符号{hint}，请核对"
    elif _COMPATIBILITY.match(char) and unicodedata.normalize("NFC", char) != char:
        plain = unicodedata.normalize("NFC", char)
        message = f"姓名里的“{char}”是兼容用字，通常写作“{plain}”，请对照证件核对"
        yield Level.WARNING, "name.compatible", message


def compare_key(name: str) -> str:
    """What two spellings of one name have in common: without dots, spaces, selectors and case, compatibility folded."""
    value = unicodedata.normalize("NFKC", _SELECTOR.sub("", clean(name))).casefold()
    return re.sub(rf"[\s{re.escape(_DOTS)}'-]", "", value)


def same_name(first: str, second: str) -> bool:
    """True if both texts write the same name; says nothing about being the same person."""
    return compare_key(first) == compare_key(second) != ""
