"""Codes of organisations and places: unified social credit code (统一社会信用代码) and statistical division code.

GB 32100-2015 for the first; some lawful codes given out early fail its check character, so that is a warning only. The
second is the 12-digit 统计用区划代码: GB/T 2260 county, then three digits each for street and community.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core import text
from hongyao_desktop.core.problem import Level, Problem

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_REGISTRARS: Final = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "军队",
    "N": "农业农村",
    "Y": "其他",
}


def normalise(typed: str) -> str:
    """Upper case, half width, without gaps and hyphens."""
    return re.sub(r"[\s-]", "", text.half_width(typed)).upper()


def check(code: str) -> list[Problem]:
    """Findings about a unified credit code in stored form."""

    def problem(level: Level, key: str, message: str) -> Problem:
        return Problem(level, key, message, value=code)

    if len(code) != 18:
        return [
            problem(Level.ERROR, "credit.length", f"统一社会信用代码应为 18 位，现有 {len(code)} 位，请核对")
        ]
    wrong = sorted({char for char in code if char not in _ALPHABET})
    if wrong:
        shown = "、".join(wrong)
        message = f"统一社会信用代码里不会有“{shown}”，请核对（不用字母 I、O、S、V、Z）"
        return [problem(Level.ERROR, "credit.letter", message)]
    found = []
    if not code[2:8].isdigit():
        found.append(problem(Level.WARNING, "credit.place", "统一社会信用代码第 3 到 8 位应是数字，请核对"))
    if code[0] not in _REGISTRARS:
        found.append(
            problem(Level.WARNING, "credit.registrar", f"统一社会信用代码少见以“{code[0]}”开头，请核对")
        )
    if check_character(code) != code[17]:
        message = "统一社会信用代码的校验位不符，请对照证书核对；早期发放的代码可能如此，核对无误可以保留"
        found.append(problem(Level.WARNING, "credit.check", message))
    return found


def check_character(code: str) -> str:
    """The check character that belongs to the first 17 characters.

    Raises ValueError unless there are 17 or 18 characters of the code's alphabet.
    """
    if len(code) not in (17, 18) or any(char not in _ALPHABET for char in code[:17]):
        raise ValueError("not the body of a unified credit code")
    from stdnum.cn import uscc

    return str(uscc.calc_check_digit(code[:17]))


def registrar(code: str) -> str | None:
    """Who registered the organisation, by the first character: "民政"; None when unknown."""
    return _REGISTRARS.get(code[:1])


@dataclass(frozen=True, slots=True)
class Division:
    """A statistical division code taken apart.

    Attributes:
        code: 12 digits.
        level: 省, 市, 县, 街道, 镇, 乡, 政企合一, 居委会 or 村委会 (or 其他 for a number outside the ranges).
        parent: 12-digit code of the next higher division, None for a province.
    """

    code: str
    level: str
    parent: str | None


_STREET_LEVELS: Final = ((1, 99, "街道"), (100, 199, "镇"), (200, 399, "乡"), (400, 599, "政企合一"))
_COMMUNITY_LEVELS: Final = ((1, 199, "居委会"), (200, 399, "村委会"))


def division(code: str) -> Division:
    """A 12-digit code (or 2, 4, 6, 9 digits, which are filled up with zeros) taken apart.

    Raises ValueError with a Chinese sentence for anything else.
    """
    plain = normalise(code)
    if not re.fullmatch(r"[1-9]\d(?:\d{2}|\d{4}|\d{7}|\d{10})?", plain):
        raise ValueError("区划代码应为 12 位数字（也可只填前 2、4、6、9 位），请核对")
    full = plain.ljust(12, "0")
    parts = [full[:2], full[2:4], full[4:6], full[6:9], full[9:]]
    filled = [int(part) > 0 for part in parts]
    depth = max(index for index, there in enumerate(filled) if there)
    # A city level of 00 is lawful above a county (省直辖县); other gaps are not.
    if not all(filled[:depth]) and not (depth >= 2 and all(filled[2:depth])):
        raise ValueError("区划代码中间一级是 0 而下一级不是 0，请核对")
    level = ("省", "市", "县", _band(int(parts[3]), _STREET_LEVELS), _band(int(parts[4]), _COMMUNITY_LEVELS))[
        depth
    ]
    cut = (0, 2, 4, 6, 9)[depth]
    parent = full[:cut].ljust(12, "0") if cut else None
    return Division(full, level, parent)


def _band(number: int, bands: tuple[tuple[int, int, str], ...]) -> str:
    return next((word for low, high, word in bands if low <= number <= high), "其他")
