"""Masking by purpose (脱敏): what may be seen of a number, name or address depends on what the output is for.

One policy serves every output (screen, paper, spreadsheet, export). The built-in policy follows custom (no national
standard fixes it): ID first 6 and last 4 inside, first and last character in public; phone 3 and 4; bank card last 4;
address down to the community; a public list names the person only as far as is needed to tell two people apart.
An office may load another policy from its rule sets; `policy_from` refuses one that would open a number in public.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.surnames import split_surname

HIDDEN_TEXT: Final = "****"
"""Stands for a value that is not shown at all; a fixed length, so that it does not betray the length of the value."""


class Kind(enum.StrEnum):
    """What is masked; PRIVATE is any sensitive text (illness, family detail, belief)."""

    ID = "id"
    PHONE = "phone"
    NAME = "name"
    BANK = "bank"
    ADDRESS = "address"
    BIRTH = "birth"
    PRIVATE = "private"


class Purpose(enum.StrEnum):
    """What an output is for."""

    INTERNAL = "internal"
    PUBLIC = "public"
    REPORT = "report"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        """The Chinese word: 内部, 公示, 报送, 审计."""
        return _PURPOSE_LABELS[self]


_PURPOSE_LABELS = {
    Purpose.INTERNAL: "内部",
    Purpose.PUBLIC: "公示",
    Purpose.REPORT: "报送",
    Purpose.AUDIT: "审计",
}


class Style(enum.StrEnum):
    """How much of a value stays open."""

    OPEN = "open"
    MIDDLE = "middle"
    """Middle hidden: ID 6 + 4, phone 3 + 4."""
    EDGE = "edge"
    """First and last character open."""
    TAIL = "tail"
    """Last four open."""
    SURNAME = "surname"
    """A name as 张*, 张*三, 欧阳**."""
    PLACE = "place"
    """An address down to the community, a birth date down to the year."""
    HIDDEN = "hidden"


Policy = Mapping[Purpose, Mapping[Kind, Style]]

DEFAULT_POLICY: Final[Policy] = MappingProxyType(
    {
        Purpose.INTERNAL: {
            Kind.ID: Style.MIDDLE,
            Kind.PHONE: Style.MIDDLE,
            Kind.NAME: Style.OPEN,
            Kind.BANK: Style.TAIL,
            Kind.ADDRESS: Style.OPEN,
            Kind.BIRTH: Style.OPEN,
            Kind.PRIVATE: Style.OPEN,
        },
        Purpose.PUBLIC: {
            Kind.ID: Style.EDGE,
            Kind.PHONE: Style.HIDDEN,
            Kind.NAME: Style.SURNAME,
            Kind.BANK: Style.HIDDEN,
            Kind.ADDRESS: Style.PLACE,
            Kind.BIRTH: Style.HIDDEN,
            Kind.PRIVATE: Style.HIDDEN,
        },
        Purpose.REPORT: {
            Kind.ID: Style.OPEN,
            Kind.PHONE: Style.OPEN,
            Kind.NAME: Style.OPEN,
            Kind.BANK: Style.TAIL,
            Kind.ADDRESS: Style.OPEN,
            Kind.BIRTH: Style.OPEN,
            Kind.PRIVATE: Style.HIDDEN,
        },
        Purpose.AUDIT: {
            Kind.ID: Style.OPEN,
            Kind.PHONE: Style.MIDDLE,
            Kind.NAME: Style.OPEN,
            Kind.BANK: Style.OPEN,
            Kind.ADDRESS: Style.PLACE,
            Kind.BIRTH: Style.OPEN,
            Kind.PRIVATE: Style.HIDDEN,
        },
    }
)

_KIND_LABELS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.ID: "证件号码",
        Kind.PHONE: "电话",
        Kind.NAME: "姓名",
        Kind.BANK: "银行账号",
        Kind.ADDRESS: "住址",
        Kind.BIRTH: "出生日期",
        Kind.PRIVATE: "其他敏感内容",
    }
)

_STYLES_BY_KIND: Final[Mapping[Kind, frozenset[Style]]] = MappingProxyType(
    {
        Kind.ID: frozenset({Style.OPEN, Style.MIDDLE, Style.EDGE, Style.TAIL, Style.HIDDEN}),
        Kind.PHONE: frozenset({Style.OPEN, Style.MIDDLE, Style.EDGE, Style.TAIL, Style.HIDDEN}),
        Kind.NAME: frozenset({Style.OPEN, Style.SURNAME, Style.HIDDEN}),
        Kind.BANK: frozenset({Style.OPEN, Style.EDGE, Style.TAIL, Style.HIDDEN}),
        Kind.ADDRESS: frozenset({Style.OPEN, Style.PLACE, Style.HIDDEN}),
        Kind.BIRTH: frozenset({Style.OPEN, Style.PLACE, Style.HIDDEN}),
        Kind.PRIVATE: frozenset({Style.OPEN, Style.HIDDEN}),
    }
)


def policy_from(data: Mapping[str, Mapping[str, str]]) -> Policy:
    """A policy from a rule set: purpose → kind → style, all as words. What is left out stays as in the default.

    Raises ValueError with a Chinese sentence for an unknown word, a style that does not suit the kind, or a public
    style that leaves a number, address, birth date or private text open (个人信息保护法 art. 25; 志愿服务条例 art. 20).
    """
    merged: dict[Purpose, dict[Kind, Style]] = {key: dict(row) for key, row in DEFAULT_POLICY.items()}
    for purpose_word, row in data.items():
        if purpose_word not in set(Purpose):
            raise ValueError(
                f"脱敏规则里没有“{purpose_word}”这种用途，请改用 internal、public、report 或 audit"
            )
        purpose = Purpose(purpose_word)
        for kind_word, style_word in row.items():
            if kind_word not in set(Kind):
                raise ValueError(f"脱敏规则里没有“{kind_word}”这一项，请核对规则文件")
            kind = Kind(kind_word)
            if style_word not in set(Style) or Style(style_word) not in _STYLES_BY_KIND[kind]:
                raise ValueError(f"{_KIND_LABELS[kind]}不能用“{style_word}”这种脱敏方式，请核对规则文件")
            style = Style(style_word)
            if purpose is Purpose.PUBLIC and style is Style.OPEN and kind is not Kind.NAME:
                raise ValueError(f"公示材料不得公开完整的{_KIND_LABELS[kind]}，请改为部分隐藏或不显示")
            merged[purpose][kind] = style
    return MappingProxyType(merged)


def mask(kind: str, value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """The text that may be shown of `value` for this purpose. An empty value stays empty.

    `kind` is one of the words of `Kind`; another word raises ValueError.
    """
    if not value:
        return value
    kind = Kind(kind)
    style = policy[purpose][kind]
    if style is Style.OPEN:
        return value
    if style is Style.HIDDEN:
        return HIDDEN_TEXT
    if style is Style.SURNAME:
        return _name_outline(value)
    if style is Style.PLACE:
        return _year_only(value) if kind is Kind.BIRTH else _to_community(value)
    if style is Style.TAIL:
        return _keep(value, 0, 4)
    if style is Style.EDGE:
        return _keep(value, 1, 1)
    return _id_ends(value) if kind is Kind.ID else _keep(value, 3, 4)


def mask_id(value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """Document number; the birth segment never stays open except where the whole number does."""
    return mask(Kind.ID, value, purpose, policy)


def mask_phone(value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """Telephone number."""
    return mask(Kind.PHONE, value, purpose, policy)


def mask_name(value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """Name of a person."""
    return mask(Kind.NAME, value, purpose, policy)


def mask_bank(value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """Bank account or card number."""
    return mask(Kind.BANK, value, purpose, policy)


def mask_address(value: str, purpose: Purpose, policy: Policy = DEFAULT_POLICY) -> str:
    """Home address."""
    return mask(Kind.ADDRESS, value, purpose, policy)


def _keep(value: str, head: int, tail: int) -> str:
    # A value too short to hide at least half of itself is hidden as a whole.
    if (head + tail) * 2 > len(value) + 3 or len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def _id_ends(value: str) -> str:
    if len(value) == 18:
        return value[:6] + "*" * 8 + value[14:]
    if len(value) == 15 and value[:3].isalpha():
        # Old permanent residence card: 3 letters, 4 digits of region, 6 of birth, 2 more.
        return value[:3] + "*" * 10 + value[13:]
    if len(value) == 15:
        # Old resident number: birth is 7-12, so only three may stay open at the end.
        return value[:6] + "*" * 6 + value[12:]
    return _keep(value, 1, 2)


def _name_outline(name: str) -> str:
    for dot in "·•．・":
        if dot in name:
            parts = name.split(dot)
            first = parts[0][:1] + "*" * (len(parts[0]) - 1)
            return dot.join([first, *("*" * len(part) for part in parts[1:])])
    if name.isascii():
        # A name in Latin letters: the first letter of each word, as on a public list of foreign residents.
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in name.split())
    surname, given = split_surname(name)
    if len(surname) > 1 or len(given) < 2:
        return surname + "*" * len(given)
    return surname + "*" * (len(given) - 1) + given[-1]


_COMMUNITY = re.compile(
    r"^(.*?(?:社区|居委会|村委会|居民委员会|村民委员会)|.*?(?:镇|乡|苏木).{1,8}?(?:村|嘎查)|.*?(?:街道|镇|乡|苏木))"
)


def _to_community(address: str) -> str:
    found = _COMMUNITY.match(address)
    return (found.group(1) if found else "") + "***"


def _year_only(birth: str) -> str:
    found = re.match(r"\d{4}", birth)
    return f"{found.group()}年" if found else HIDDEN_TEXT


# --- looking for what slipped through -------------------------------------------------------------------------------

_GAP = r"[ \u00a0\u3000\t\r\n-]{0,2}"
_EDGE_BEFORE = r"(?<![0-9A-Za-z])(?<!\d[.,])"
_EDGE_AFTER = r"(?![0-9A-Za-z])(?![.,]\d)"
_ID18 = re.compile(_EDGE_BEFORE + r"\d(?:" + _GAP + r"\d){16}" + _GAP + r"[0-9Xx]" + _EDGE_AFTER)
_ID15 = re.compile(_EDGE_BEFORE + r"[1-9]\d{14}" + _EDGE_AFTER)
_MOBILE = re.compile(_EDGE_BEFORE + r"(?:\+?86[ -]?)?1[3-9]\d(?:" + _GAP + r"\d){8}" + _EDGE_AFTER)
_BANK = re.compile(_EDGE_BEFORE + r"[1-9](?:" + _GAP + r"\d){15,18}" + _EDGE_AFTER)
_HALF_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {
    0xFF38: 0x58,
    0xFF58: 0x78,
    0xFF0D: 0x2D,
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def leak_scan(text: str, allowed: Collection[str] = ()) -> list[Problem]:
    """Every full ID, mobile and bank card number in a text that is to be published.

    Digits may be full-width or broken by a space, a hyphen or a line end, as happens in text taken from a PDF.
    `allowed` holds numbers that are public on purpose, such as the office's own contact phone. The found number is
    repeated in the message only in masked form, because messages end up in logs.
    """
    plain = text.translate(_HALF_WIDTH)
    permitted = {re.sub(r"\D", "", number) for number in allowed}
    line_ends = [match.start() for match in re.finditer("\n", plain)]
    taken = bytearray(len(plain))
    found: list[tuple[int, Problem]] = []

    def report(match: re.Match[str], code: str, word: str) -> None:
        start, end = match.span()
        number = re.sub(_GAP, "", match.group())
        if re.sub(r"\D", "", number) in permitted or any(taken[start:end]):
            return
        taken[start:end] = b"\1" * (end - start)
        shown = _keep(number, 3, 2)
        line = bisect_left(line_ends, start) + 1
        message = f"第 {line} 行出现完整的{word}（{shown}），公示材料不得包含，请改用脱敏后的内容"
        found.append((start, Problem(Level.ERROR, code, message, value=shown)))

    for match in _ID18.finditer(plain):
        if _looks_like_id(
            re.sub(_GAP, "", match.group()), broken=re.search(r"[^0-9Xx]", match.group()) is not None
        ):
            report(match, "leak.id", "证件号码")
    for match in _ID15.finditer(plain):
        if _real_date("19" + match.group()[6:12]):
            report(match, "leak.id", "证件号码")
    for match in _MOBILE.finditer(plain):
        report(match, "leak.phone", "手机号码")
    for match in _BANK.finditer(plain):
        if _luhn(re.sub(_GAP, "", match.group())):
            report(match, "leak.bank", "银行卡号")
    return [problem for _, problem in sorted(found, key=lambda item: item[0])]


def _looks_like_id(number: str, *, broken: bool) -> bool:
    check = "10X98765432"[sum(int(c) * w for c, w in zip(number[:17], _WEIGHTS, strict=True)) % 11]
    if check == number[17].upper():
        return True
    # A wrong check digit is still somebody's number mistyped, but only when it stands there in one piece.
    return not broken and number[0] in "12345678" and _real_date(number[6:14])


def _real_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    try:
        return 1880 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def _luhn(number: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(number)):
        digit = int(char)
        if index % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0
