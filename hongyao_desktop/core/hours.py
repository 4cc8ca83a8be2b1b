"""Lengths of time in minutes, and points or 学时 in hundredths: integers inside, decimals on paper.

One hour is 60 minutes; how many minutes make one 学时 is a matter of a dated rule set, not of this module.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hongyao_desktop.core import text

_MAX_MINUTES: Final = 100_000_000
_MAX_CENTI: Final = 10**14
# What a division of whole minutes by 60 leaves after a spreadsheet has rounded it to 4 decimals or more.
_MINUTE_NOISE: Final = Decimal("0.01")


class AmountProblem(ValueError):
    """A length of time or a number of points that cannot be read; the text is a Chinese sentence for the user."""


def format_minutes(minutes: int) -> str:
    """In hours: 90 → "1.5", 93 → "1.55"; where two decimals are not exact, in words: 91 → "1小时31分"."""
    sign, size = ("-", -minutes) if minutes < 0 else ("", minutes)
    if size % 3 == 0:
        return sign + _trimmed(size * 5 // 3)
    hour, rest = divmod(size, 60)
    return f"{sign}{hour}小时{rest}分" if hour else f"{sign}{rest}分"


_WORDS: Final = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)(?:个?小时|个?钟头|个?钟|时|hours?|hrs?|h))?"
    r"(?:(?P<half>半)|(?P<quarters>[13])刻钟?|(?P<minutes>\d+)(?:分钟|分|mins?|m))?整?"
)
_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_HALVES: Final = {"半小时": 30, "半个小时": 30, "半个钟头": 30, "半个钟": 30}


def parse_hours(typed: str) -> int:
    """Minutes of a length written in hours (1.5, 1.5小时, 1小时30分, 1:30, 半小时, 1个半小时) or in minutes (90分钟).

    A bare number is hours. Raises AmountProblem when the text is no length of time, or is not whole minutes (1.33).
    """
    shown = text.clean(typed)
    plain = re.sub(r"\s", "", text.half_width(typed)).lower()
    if not plain:
        raise AmountProblem("没有填写时长，请补填")
    if plain in _HALVES:
        return _HALVES[plain]
    plain = re.sub(
        "([一二两三四五六七八九十]+)(?=个|小时|分|刻)",
        lambda m: str(text.chinese_number(m.group()) or m.group()),
        plain,
    )
    plain = re.sub(r"^(\d+)个半(小时|钟头)?$", r"\1.5小时", plain)
    clock = _CLOCK.fullmatch(plain)
    if clock:
        return _bounded(int(clock[1]) * 60 + int(clock[2]), shown)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if plain.startswith("-") and _NUMBER.fullmatch(plain[1:]):
        raise AmountProblem(f"“{shown}”是负数，时长不能小于 0，请核对")
    if _NUMBER.fullmatch(plain):
        return _whole_minutes(Decimal(plain), shown)
    words = _WORDS.fullmatch(plain)
    if words is None or not re.search(r"\d|半", plain):
        raise AmountProblem(f"“{shown}”不是时长，请填小时数，如 1.5，或写成 1小时30分")
    extra = 30 if words["half"] else int(words["minutes"] or 0) + int(words["quarters"] or 0) * 15
    return _bounded(_whole_minutes(Decimal(words["hours"] or 0), shown) + extra, shown)


def _whole_minutes(hours: Decimal, shown: str) -> int:
    minutes = hours * 60
    whole = int(minutes.to_integral_value())
    if abs(minutes - whole) > _MINUTE_NOISE:
        near = format_minutes(whole)
        raise AmountProblem(
            f"“{shown}”小时不是整分钟，请写成几小时几分，如 {near if '分' in near else '1小时20分'}"
        )
    return _bounded(whole, shown)


def _bounded(minutes: int, shown: str) -> int:
    if minutes > _MAX_MINUTES:
        raise AmountProblem(f"“{shown}”超出可记的最长时间，请核对")
    return minutes


def format_centi(centi: int) -> str:
    """Hundredths as a decimal without needless zeros: 1250 → "12.5", -5 → "-0.05", 300 → "3"."""
    return ("-" if centi < 0 else "") + _trimmed(abs(centi))


def parse_centi(typed: str) -> int:
    """Hundredths of points or 学时: "12.5" → 1250, "3分" → 300, "-0.25" → -25.

    Raises AmountProblem for text that is no number or has more than two decimals that are not zero.
    """
    shown = text.clean(typed)
    plain = re.sub(r"\s", "", text.half_width(typed))
    plain = re.sub(r"(?<=\d)(?:积分|学时|课时|分)$", "", plain)
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not plain:
        raise AmountProblem("没有填写数值，请补填")
    shape = re.fullmatch(r"([-+]?)(\d*)(?:\.(\d*))?", plain)
    if shape is None or not (shape[2] or shape[3]):
        raise AmountProblem(f"“{shown}”不是数值，请只填数字，如 12.5")
    decimals = (shape[3] or "").rstrip("0")
    if len(decimals) > 2:
        raise AmountProblem(f"“{shown}”多于两位小数，请最多填两位小数")
    size = int(shape[2].lstrip("0")[:20] or 0) * 100 + int(decimals.ljust(2, "0"))
    if size > _MAX_CENTI:
        raise AmountProblem(f"“{shown}”超出可记的最大数值，请核对")
    return -size if shape[1] == "-" else size


def _trimmed(centi: int) -> str:
    whole, rest = divmod(centi, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
