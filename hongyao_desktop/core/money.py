"""Money (金额): integer 分 inside, read from what clerks and spreadsheets write, shown in figures and capitals.

Rules of the capital form (大写): 会计基础工作规范 art. 52 and the bill rules of 支付结算办法 annex 1. No float is
ever used for arithmetic; a float from a spreadsheet is read with the 15 digits the spreadsheet itself shows.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from hongyao_desktop.core import text

MAX_FEN: Final = 10**15 - 1
"""Largest amount taken: just below 10 万亿元, where the digits a spreadsheet keeps run out."""


class MoneyProblem(ValueError):
    """An amount that cannot be read for certain; the text is a Chinese sentence for the user."""


_SHAPE: Final = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.(?P<part>\d+))?")
_UNITS: Final = {"元": 2, "圆": 2, "块": 2, "万元": 6, "万": 6, "亿元": 10, "亿": 10, "": 2}
_UNIT_TAIL: Final = re.compile(r"(万元|亿元|元|圆|块|万|亿)?$")


def parse_fen(value: str | float | Decimal) -> int:
    """Amount in 分. Plain numbers are yuan: 12.5 → 1250.

    Takes 1,234.5  ¥1,234.50  1234元  1.2万元  full-width digits  -5  （1,234.00） and capitals (壹仟元整). Raises
    MoneyProblem for text that is no amount, more than two decimals that are not zero, wrongly placed thousands
    separators, scientific notation and amounts above `MAX_FEN`.
    """
    if isinstance(value, bool):
        raise MoneyProblem("这里要填金额，不能填“是”或“否”")
    if isinstance(value, float):
        # A spreadsheet shows 15 digits; the rest is noise of binary fractions (0.1 + 0.2).
        return _to_fen(_decimal(f"{value:.15g}", str(value)), 2, str(value))
    if isinstance(value, int | Decimal):
        return _to_fen(Decimal(value), 2, str(value))
    return _parse_text(value)


def _parse_text(typed: str) -> int:
    shown = text.clean(typed)
    plain = text.half_width(typed).removeprefix("人民币").strip()
    if not plain:
        raise MoneyProblem("没有填写金额，请补填")
    if re.search("[零壹贰叁肆伍陆柒捌玖拾佰仟]", plain):
        return parse_capital(plain)
    plain = re.sub("(元|圆)[整正]$", r"\1", plain)
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].strip()
    plain = plain.removeprefix("¥").lstrip()
    sign = re.match(r"[-+负]\s*", plain)
    if sign:
        if negative:
            raise MoneyProblem(f"“{shown}”既有括号又有正负号，看不出正负，请只留一种")
        negative, plain = sign.group().strip() != "+", plain[sign.end() :]
    plain = plain.removeprefix("¥").lstrip()
    tail = _UNIT_TAIL.search(plain)
    unit = tail.group() if tail else ""
    plain = plain[: len(plain) - len(unit)].rstrip()
    shape = _SHAPE.fullmatch(plain)
    if shape is None:
        raise _unreadable(plain, shown)
    digits = re.sub("[ ,]", "", shape["whole"]) + (f".{shape['part']}" if shape["part"] else "")
    fen = _to_fen(_decimal(digits, shown), _UNITS[unit], shown)
    return -fen if negative else fen


def _unreadable(plain: str, shown: str) -> MoneyProblem:
    if re.fullmatch(r"[\d., ]+", plain):
        return MoneyProblem(f"“{shown}”里的逗号、空格或小数点位置不对，请写成 1,234.50 的样子")
    if re.fullmatch(r"\d+(\.\d+)?[eE][+-]?\d+", plain):
        return MoneyProblem(f"“{shown}”是科学计数，看不出准确金额，请写出全部数字")
    return MoneyProblem(f"“{shown}”不是金额，请只填数字，如 1,234.50")


def _decimal(digits: str, shown: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise MoneyProblem(f"“{shown}”不是金额，请只填数字，如 1,234.50") from None
    return number


def _to_fen(number: Decimal, places: int, shown: str) -> int:
    if not number.is_finite():
        raise MoneyProblem(f"“{shown}”不是金额，请只填数字，如 1,234.50")
    if number.adjusted() > 20:
        raise MoneyProblem(f"“{shown}”超出可记的最大金额，请核对")
    # Whole numbers only: Decimal's own arithmetic rounds to 28 digits and would lose a far decimal unseen.
    negative, figures, exponent = number.as_tuple()
    size = int("".join(map(str, figures)))
    shift = int(exponent) + places
    unit: int = 10 ** min(abs(shift), 1000)
    whole, rest = (size * unit, 0) if shift >= 0 else divmod(size, unit)
    if rest:
        raise MoneyProblem(f"“{shown}”不足一分的部分无法入账，请最多填到分")
    if whole > MAX_FEN:
        raise MoneyProblem(f"“{shown}”超出可记的最大金额，请核对")
    return -whole if negative else whole


def format_fen(fen: int) -> str:
    """Figures with thousands separators and always two decimals: 123456 → "1,234.56", -5 → "-0.05"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def format_yuan_sign(fen: int) -> str:
    """Figures with the sign before them and no gap: "¥1,234.56", "¥-0.05"."""
    return f"¥{format_fen(fen)}"


_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")


def capital(fen: int, *, zero_before_jiao: bool = False) -> str:
    """Capitals with the prefix 人民币: 140950 → "人民币壹仟肆佰零玖元伍角整".

    `zero_before_jiao` writes the 零 that the rule leaves open when the 元 digit is 0 and 角 is not:
    168032 → 壹仟陆佰捌拾元叁角贰分, or 壹仟陆佰捌拾元零叁角贰分. Below zero "负" stands after the prefix.
    """
    return "人民币" + capital_digits(fen, zero_before_jiao=zero_before_jiao)


def capital_digits(fen: int, *, zero_before_jiao: bool = False) -> str:
    """Capitals without the prefix. Raises ValueError above `MAX_FEN`."""
    return _render(fen, zero_before_jiao=zero_before_jiao, zero_after_wan=False)


def _render(fen: int, *, zero_before_jiao: bool, zero_after_wan: bool) -> str:
    if abs(fen) > MAX_FEN:
        raise ValueError(f"amount out of range: {fen}")
    yuan, rest = divmod(abs(fen), 100)
    jiao, cent = divmod(rest, 10)
    words = _whole(yuan, zero_after_wan=zero_after_wan) + "元" if yuan else ""
    if jiao:
        if yuan and yuan % 10 == 0 and zero_before_jiao:
            words += "零"
        words += f"{_DIGITS[jiao]}角"
    elif cent and yuan:
        words += "零"
    if cent:
        words += f"{_DIGITS[cent]}分"
    else:
        words = (words or "零元") + "整"
    return ("负" if fen < 0 else "") + words


def _whole(number: int, *, zero_after_wan: bool) -> str:
    """A whole number above zero: by 亿, then 万, then four digits."""
    for unit, word in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, unit)
        if not high:
            continue
        words = _whole(high, zero_after_wan=zero_after_wan) + word
        if low:
            # 零 when the next digit is 0; where only the last digit before 万 or 亿 is 0, the rule leaves it open.
            gap = low < unit // 10 or (zero_after_wan and high % 10 == 0)
            words += ("零" if gap else "") + _whole(low, zero_after_wan=zero_after_wan)
        return words
    words = ""
    pending = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if pending and words else "") + _DIGITS[digit] + _PLACES[place]
            pending = False
        else:
            pending = True
    return words


_CAPITAL_VARIANTS: Final = str.maketrans(
    "圆园正贰貳参參陸億萬弌弍弎〇○两", "元元整贰贰叁叁陆亿万壹贰叁零零贰"
)
_SMALL: Final = {digit: value for value, digit in enumerate(_DIGITS)}


def parse_capital(written: str) -> int:
    """分 of an amount in capitals, for checking it against the figures.

    Both lawful forms of 零 are taken, 圆 for 元 and 正 for 整; 整 may be missing. Raises MoneyProblem for anything
    not written by the rule (拾元, a missing 零 inside), because then the paper has to be written anew.
    """
    shown = text.clean(written)
    plain = re.sub(r"\s", "", text.half_width(written)).removeprefix("人民币").translate(_CAPITAL_VARIANTS)
    body = plain.removeprefix("负").removesuffix("整")
    shape = re.fullmatch(r"(?:(.+?)元)?零?(?:(.)角)?零?(?:(.)分)?", body)
    if not body or shape is None:
        raise MoneyProblem(f"“{shown}”不是金额大写，请写成“壹仟贰佰元整”的样子")
    whole, jiao, cent = shape.groups()
    try:
        fen = _loose(whole or "") * 100 + _SMALL[jiao or "零"] * 10 + _SMALL[cent or "零"]
    except KeyError:
        raise MoneyProblem(f"“{shown}”里有不是大写数字的字，请改用零壹贰叁肆伍陆柒捌玖拾佰仟万亿") from None
    if fen > MAX_FEN:
        raise MoneyProblem(f"“{shown}”超出可记的最大金额，请核对")
    forms = {
        _render(fen, zero_before_jiao=before_jiao, zero_after_wan=after_wan).removesuffix("整")
        for before_jiao in (False, True)
        for after_wan in (False, True)
    }
    if body not in forms:
        right = capital_digits(fen)
        raise MoneyProblem(f"“{shown}”的大写写法不规范，如果金额是 {format_fen(fen)} 元，请写作“{right}”")
    return -fen if plain.startswith("负") else fen


def _loose(words: str) -> int:
    """Value of capitals whatever their order; the caller compares with the proper form. May raise KeyError."""
    for word, unit in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(word)
        if found:
            return _loose(high) * unit + _loose(low)
    total = digit = 0
    for char in words:
        if char in _PLACES[1:]:
            total += (digit or 1) * 10 ** _PLACES.index(char)
            digit = 0
        else:
            digit = _SMALL[char]
    return total + digit
