"""Identity documents (证件): which kind a number is, whether it can be right, what it says of birth and sex.

Rules: GB 11643 (citizen number, also on the residence permits of 港澳台 with area 81, 82, 83), the 2023 form and
the old form of the permanent residence card for foreigners, the 港澳 and 台湾 travel passes, passports. The kind chosen
on the form decides the check. A lawful number is never refused: an area code that is not known only warns, and a
check digit blocks the three resident kinds alone, where it may be overridden with a reason.
The check digit is computed here (a test holds it against python-stdnum, whose full validation refuses lawful numbers).
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import re
from functools import lru_cache
from operator import mul
from typing import Final

from hongyao_desktop.core import text
from hongyao_desktop.core.problem import Level, Problem


class IdKind(enum.StrEnum):
    """Kinds of documents; the value is the Chinese name that is stored and shown."""

    RESIDENT = "居民身份证"
    HK_MACAO_RESIDENCE = "港澳居民居住证"
    TAIWAN_RESIDENCE = "台湾居民居住证"
    FOREIGN_RESIDENCE = "外国人永久居留身份证"
    HK_MACAO_PASS = "港澳居民来往内地通行证"  # noqa: S105 - the name of a travel pass
    TAIWAN_PASS = "台湾居民来往大陆通行证"  # noqa: S105 - the name of a travel pass
    PASSPORT = "护照"
    OTHER = "其他"


DAMAGED_SENTENCE: Final = "证件号码后三位已被表格软件改成 000，请对照原件补录"

_RESIDENT_KINDS: Final = frozenset({IdKind.RESIDENT, IdKind.HK_MACAO_RESIDENCE, IdKind.TAIWAN_RESIDENCE})
# First two digits of GB/T 2260; county codes come and go, these have not changed since 1997.
_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()  # noqa: SIM905
)
_AS_STORED: Final = re.compile("[0-9]{17}[0-9X]")
_EIGHTEEN: Final = re.compile(r"\d{17}[\dX]")
_SEVENTEEN: Final = re.compile(r"\d{17}")
_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, 0, -1))
_CHECK_CHARACTERS: Final = "10X98765432"
_FIFTEEN: Final = re.compile(r"\d{15}")
_FOREIGN_OLD: Final = re.compile(r"[A-Z]{3}\d{12}")
_HK_MACAO: Final = re.compile(r"[HM]\d{8}(?:\d{2})?")
_TAIWAN: Final = re.compile(r"\d{8}(?:\d{2}[A-Z]?|\([A-Z]\))?")
_PASSPORT: Final = re.compile(r"[A-Z0-9]{6,12}")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?1[4-9]")
_COVERED: Final = re.compile("[*＊●]{2,}")
_TAIL: Final = re.compile(r"\d{1,5}[\dX]")
_OLDEST_YEARS: Final = 125


def normalise(typed: str) -> str:
    """The number as it is stored: half width, upper case (x → X), without spaces, hyphens and a leading apostrophe.

    Cyrillic, Greek and multiplication-sign look-alikes of a closing X become X, because a clerk cannot see them.
    """
    if _AS_STORED.fullmatch(typed):
        return typed
    plain = re.sub(r"[\s_-]", "", text.half_width(typed)).lstrip("'`‘’").upper()
    return re.sub(r"(?<=^\d{17})[\u0425\u03a7\u00d7\u2715\u2716*]$", "X", plain)


def guess_kind(number: str) -> IdKind:
    """The likely kind of a number in stored form. Digits in a length no document has count as a citizen number."""
    if _EIGHTEEN.fullmatch(number):
        if number.startswith(("81", "82")):
            return IdKind.HK_MACAO_RESIDENCE
        if number.startswith("83"):
            return IdKind.TAIWAN_RESIDENCE
        return IdKind.FOREIGN_RESIDENCE if number.startswith("9") else IdKind.RESIDENT
    if _FOREIGN_OLD.fullmatch(number):
        return IdKind.FOREIGN_RESIDENCE
    if _HK_MACAO.fullmatch(number):
        return IdKind.HK_MACAO_PASS
    if _TAIWAN.fullmatch(number):
        return IdKind.TAIWAN_PASS
    if re.fullmatch(r"\d{11,}[\dX]?|\d{9,}X", number) or _SCIENTIFIC.fullmatch(number):
        return IdKind.RESIDENT
    if re.fullmatch(r"[A-Z]{1,2}\d{6,9}|[A-Z]\d{2}[A-Z]\d{5}", number):
        return IdKind.PASSPORT
    return IdKind.OTHER


def check(kind: IdKind | str, number: str, *, today: dt.date | None = None) -> list[Problem]:
    """Findings about a number in stored form, by the rules of its kind. With `today`, a birth date ahead of it too.

    `kind` is an `IdKind` or its Chinese name; another word raises ValueError.
    """
    if kind.__class__ is not IdKind:
        kind = IdKind(kind)
    if kind is IdKind.OTHER:
        return _check_other(number)
    if not number:
        return [_problem(Level.ERROR, "id.empty", "没有填写证件号码，请补填", number)]
    if kind is IdKind.RESIDENT and today is None and _is_plainly_right(number):
        return []
    if kind in _RESIDENT_KINDS:
        return _check_resident(kind, number, today)
    if kind is IdKind.FOREIGN_RESIDENCE:
        return _check_foreign(number, today)
    shape, sentence = _SHAPES[kind]
    if shape.fullmatch(number):
        return []
    return [_problem(Level.WARNING, "id.shape", sentence, number)]


def _check_other(number: str) -> list[Problem]:
    """Any document may be meant; only what is plainly a part of a number is said."""
    if _COVERED.search(number):
        message = "证件号码有几位打了星号，不是完整的号码，请对照原件补全"
        return [_problem(Level.ERROR, "id.covered", message, number)]
    if _TAIL.fullmatch(number):
        message = f"证件号码只有 {len(number)} 位，像是只写了后几位，请核对"
        return [_problem(Level.WARNING, "id.tail", message, number)]
    return []


_SHAPES: Final = {
    IdKind.HK_MACAO_PASS: (_HK_MACAO, "港澳居民来往内地通行证号码应为字母 H 或 M 加 8 位数字，请核对"),
    IdKind.TAIWAN_PASS: (_TAIWAN, "台湾居民来往大陆通行证号码应为 8 位数字，请核对"),
    IdKind.PASSPORT: (_PASSPORT, "护照号码一般为 6 到 12 位字母和数字，请核对"),
}


@lru_cache(maxsize=4096)
def _is_plainly_right(number: str) -> bool:
    """A citizen number at which nothing is to be found, told quickly: an import asks for every row, more than once."""
    return (
        _AS_STORED.fullmatch(number) is not None
        and number[:2] in _PROVINCES
        and _birth_of(number[6:14]) is not None
        and check_digit(number) == number[17]
    )


def _check_resident(kind: IdKind, number: str, today: dt.date | None) -> list[Problem]:
    if _SCIENTIFIC.fullmatch(number):
        message = "证件号码已被表格软件改成科学计数，后几位已丢失，请对照原件补录"
        return [_problem(Level.ERROR, "id.damaged", message, number)]
    if kind is IdKind.RESIDENT and _FIFTEEN.fullmatch(number):
        return _check_fifteen(number)
    if not re.fullmatch(r"\d*X?", number):
        message = f"{kind}号码只能是数字，最后一位可以是 X，请核对"
        return [_problem(Level.ERROR, "id.letter", message, number)]
    if len(number) != 18:
        message = f"{kind}号码应为 18 位，现有 {len(number)} 位，请核对"
        return [_problem(Level.ERROR, "id.length", message, number)]
    if number.endswith("000") and check_digit(number) != "0":
        return [_problem(Level.ERROR, "id.damaged", DAMAGED_SENTENCE, number)]
    found = []
    if not _EIGHTEEN.fullmatch(number):
        found.append(_problem(Level.ERROR, "id.letter", f"{kind}号码里的 X 只能在最后一位，请核对", number))
        return found
    found += _check_birth(number, today, Level.ERROR)
    found += _check_area(kind, number)
    if check_digit(number) != number[17]:
        message = "证件号码校验位不符，号码里可能有一位填错，请对照原件核对"
        found.append(_problem(Level.ERROR, "id.check", message, number))
    return found


def _check_fifteen(number: str) -> list[Problem]:
    if _birth_of("19" + number[6:12]) is None:
        return [_problem(Level.ERROR, "id.birth", "证件号码第 7 到 12 位不是出生日期，请核对", number)]
    message = "这是 15 位旧号码，请对照现在的证件改填 18 位号码"
    return [_problem(Level.WARNING, "id.old", message, number), *_check_area(IdKind.RESIDENT, number)]


def _check_area(kind: IdKind, number: str) -> list[Problem]:
    expected = {
        IdKind.RESIDENT: _PROVINCES,
        IdKind.HK_MACAO_RESIDENCE: frozenset({"81", "82"}),
        IdKind.TAIWAN_RESIDENCE: frozenset({"83"}),
    }[kind]
    if number[:2] in expected:
        return []
    if number[:2] == "71":
        message = "证件号码以 71 开头，台湾居民居住证应以 83 开头，请对照原件核对"
    else:
        message = f"{kind}号码少见以 {number[:2]} 开头，请核对证件种类和号码"
    return [_problem(Level.WARNING, "id.area", message, number)]


def _check_birth(number: str, today: dt.date | None, level: Level) -> list[Problem]:
    birth = _birth_of(number[6:14])
    if birth is None:
        return [_problem(level, "id.birth", "证件号码第 7 到 14 位不是出生日期，请核对", number)]
    if today is not None and birth > today:
        return [_problem(level, "id.birth", "证件号码里的出生日期还没有到，请核对", number)]
    if today is not None and birth.year < today.year - _OLDEST_YEARS:
        return [_problem(Level.WARNING, "id.age", "按证件号码年龄已超过 125 岁，请核对", number)]
    return []


def _check_foreign(number: str, today: dt.date | None) -> list[Problem]:
    if _FOREIGN_OLD.fullmatch(number):
        return []
    if not _EIGHTEEN.fullmatch(number) or not number.startswith("9"):
        message = "外国人永久居留身份证号码应为 9 开头的 18 位（旧证为 3 个字母加 12 位数字），请核对"
        return [_problem(Level.WARNING, "id.shape", message, number)]
    if number.endswith("000") and check_digit(number) != "0":
        return [_problem(Level.ERROR, "id.damaged", DAMAGED_SENTENCE, number)]
    found = _check_birth(number, today, Level.WARNING)
    if check_digit(number) != number[17]:
        found.append(_problem(Level.WARNING, "id.check", "证件号码校验位不符，请对照原件核对", number))
    return found


def check_digit(number: str) -> str:
    """The check character (ISO 7064 MOD 11-2) for the first 17 digits. Raises ValueError if they are not digits."""
    if not _SEVENTEEN.match(number):
        raise ValueError("the first 17 characters are not digits")
    return _CHECK_CHARACTERS[sum(map(mul, _WEIGHTS, map(int, number[:17]))) % 11]


def to_eighteen(number: str) -> str:
    """The 18-digit form of a 15-digit number: century and check digit added.

    Serials 996 to 999 were kept for people older than a hundred, so their century is 18, else 19. Raises ValueError
    for other text. The new number is a proposal: some people got another one.
    """
    if not _FIFTEEN.fullmatch(number):
        raise ValueError("not a number of 15 digits")
    century = "18" if number[12:] in {"996", "997", "998", "999"} else "19"
    body = number[:6] + century + number[6:]
    return body + check_digit(body)


def numeric_cell_problem(value: float) -> Problem | None:
    """What has happened to an identity number kept as a number in a spreadsheet cell; None if nothing was lost.

    A spreadsheet keeps 15 digits and turns the rest to 000; other programs reading the cell make other last digits
    of it. So every number of 16 digits or more is damaged, whatever it ends with.
    """
    if isinstance(value, bool) or not math.isfinite(value) or abs(value) < 10**15:
        return None
    shown = f"{value:.15g}"
    return Problem(Level.ERROR, "id.damaged", DAMAGED_SENTENCE, value=shown)


def birth_date(number: str) -> dt.date | None:
    """Birth date in a citizen number (15 or 18 digits), residence permit or new permanent residence card, else None.

    The old card for foreigners has a year of two digits, so nothing is read from it.
    """
    if _EIGHTEEN.fullmatch(number):
        return _birth_of(number[6:14])
    if _FIFTEEN.fullmatch(number):
        return _birth_of(to_eighteen(number)[6:14])
    return None


def sex(number: str) -> str | None:
    """男 for an odd serial, 女 for an even one; None for documents that do not tell."""
    if _EIGHTEEN.fullmatch(number):
        serial = number[16]
    elif _FIFTEEN.fullmatch(number):
        serial = number[14]
    else:
        return None
    return "男" if int(serial) % 2 else "女"


def _birth_of(digits: str) -> dt.date | None:
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return day if day.year >= 1800 else None


def _problem(level: Level, code: str, message: str, number: str) -> Problem:
    return Problem(level, code, message, value=number)
