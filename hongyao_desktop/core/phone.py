"""Telephone numbers: kept as text, checked by shape only.

Lists of number ranges age fast and would refuse lawful numbers, so only length and the first two digits of a mobile
count.
"""

from __future__ import annotations

import re
from typing import Final

from hongyao_desktop.core import text
from hongyao_desktop.core.problem import Level, Problem

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_AS_STORED: Final = re.compile(r"1[3-9][0-9]{9}")
_AREA: Final = r"0(?:10|2\d|[3-9]\d{2})"
_LANDLINE: Final = re.compile(rf"({_AREA})-?([2-8]\d{{6,7}})(?:-(\d{{1,6}}))?")
_LOCAL: Final = re.compile(r"[2-8]\d{6,7}(?:-\d{1,6})?")
_SERVICE: Final = re.compile(r"1\d{2}|1[0-9]\d{3,4}|9[56]\d{3,6}|[48]00-?\d{3}-?\d{4}")
_THINGS: Final = re.compile(r"1[04]\d{11}")
_TEXT_MARKS: Final = "'`‘’＇\""
"""Typed before a number so that a spreadsheet keeps it as text; no part of it."""
_ABROAD: Final = re.compile(r"(?:\+|00)(?!86)[1-9]\d{5,14}")


def normalise(typed: str) -> str:
    """The number as it is stored: "+86 138-1234-5678" → "13812345678", "(0510)81234567转801" → "0510-81234567-801"."""
    if _AS_STORED.fullmatch(typed):
        return typed
    plain = text.half_width(typed).replace("—", "-").replace("–", "-").strip().lstrip(_TEXT_MARKS)
    plain = re.sub(r"\s*(?:转|分机|ext\.?)\s*", "-", plain, flags=re.IGNORECASE)
    compact = re.sub(r"[\s()-]", "", plain)
    mobile = re.sub(r"^(?:\+86|0086|86)(?=1[3-9]\d{9}$)", "", compact)
    if _MOBILE.fullmatch(mobile):
        return mobile
    plain = re.sub(r"^\((\d{3,4})\)\s*-?\s*", r"\1-", plain.replace(" ", ""))
    plain = re.sub(r"^(?:\+86|0086)-?0?(?=[1-9])", "0", plain) if re.match(r"(?:\+86|0086)", plain) else plain
    landline = _LANDLINE.fullmatch(plain)
    if landline:
        area, number, extension = landline.groups()
        return f"{area}-{number}" + (f"-{extension}" if extension else "")
    return plain


def is_mobile(number: str) -> bool:
    """True for a mobile number in stored form."""
    return _MOBILE.fullmatch(number) is not None


def check(number: str) -> list[Problem]:
    """Findings about a number in stored form. Only what cannot be one telephone number is an error."""
    if (
        is_mobile(number)
        or _LANDLINE.fullmatch(number)
        or _SERVICE.fullmatch(number)
        or _ABROAD.fullmatch(number)
    ):
        return []
    if _THINGS.fullmatch(number):
        return [
            _problem(Level.WARNING, "phone.things", "这是 13 位物联网号码，请核对是不是本人的手机号", number)
        ]
    if _LOCAL.fullmatch(number):
        return [
            _problem(Level.WARNING, "phone.area", "固定电话没有区号，请补上区号，如 0510-81234567", number)
        ]
    if re.search(r"[、,;/，；]", number) and len(re.findall(r"\d{7,}", number)) > 1:
        return [_problem(Level.ERROR, "phone.many", "一格只能填一个电话，另一个请写到备注", number)]
    if re.fullmatch(r"1[3-9]\d*", number):
        message = f"手机号码应为 11 位，现有 {len(number)} 位，请核对"
        return [_problem(Level.ERROR, "phone.length", message, number)]
    if re.search(r"[^\d+-]", number):
        return [_problem(Level.ERROR, "phone.text", "电话里有数字以外的内容，请只填号码", number)]
    return [_problem(Level.WARNING, "phone.odd", "电话号码的位数或开头少见，请核对", number)]


def _problem(level: Level, code: str, message: str, number: str) -> Problem:
    return Problem(level, code, message, value=number)
