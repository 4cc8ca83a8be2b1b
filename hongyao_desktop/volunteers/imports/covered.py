"""Numbers that a list shows covered (158****8603): enough to tell two of one name apart, never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from hongyao_desktop.core import text
from hongyao_desktop.core.field_base import ParseContext, Parsed, Raw, as_text
from hongyao_desktop.core.fields import Code, IdNumber, Phone
from hongyao_desktop.core.register import Field, Sensitivity

COVER: Final = "*"
_STARS: Final = re.compile(r"[*＊×✕•●·█xX]{2,}")
_LEAST = 4
"""So many characters have to be open, or the number tells nobody apart."""


ID_TAIL: Final = Field(
    name="id_tail",
    label="身份证后四位",
    type=Code(max_chars=6),
    sensitivity=Sensitivity.PERSONAL,
    aliases=(
        "证件后四位",
        "证件尾号",
        "身份证尾号",
        "后四位",
        "身份证号后四位",
        "证件号码后四位",
        "身份证号码后四位",
    ),
    help="与姓名一起认人。",
)
"""The last characters of an identity number, where a list has no more of it."""


def covered(typed: str) -> str | None:
    """The open ends of a covered number with one star between them ("158*8603"); None for any other text."""
    plain = re.sub(r"\s", "", text.half_width(typed)).upper()
    found = _STARS.search(plain)
    if found is None:
        return None
    head, tail = plain[: found.start()], plain[found.end() :]
    fits = re.fullmatch(r"\d*", head) and re.fullmatch(r"\d*X?", tail) and len(tail) >= _LEAST
    return f"{head}{COVER}{tail}" if fits else None


def fits(shown: str, stored: str | None) -> bool:
    """Whether a number on file is the one a list shows, covered or in full."""
    if COVER not in shown:
        return stored == shown
    head, _star, tail = shown.partition(COVER)
    return stored is not None and stored.startswith(head) and stored.endswith(tail)


@dataclass(frozen=True, slots=True)
class CoveredPhone(Phone):
    """A telephone number that only tells who is meant: a covered one will do."""

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        """The number as its field reads it, or the open ends of a covered one."""
        shown = covered(
            as_text(raw)
        )  # below, ``Phone`` by name: slots make the class anew, super() knows the old
        return Parsed(shown) if shown is not None else Phone.read(self, raw, context)


@dataclass(frozen=True, slots=True)
class CoveredId(IdNumber):
    """An identity number that only tells who is meant: a covered one will do."""

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        """The number as its field reads it, or the open ends of a covered one."""
        shown = covered(raw) if isinstance(raw, str) else None
        return Parsed(shown) if shown is not None else IdNumber.read(self, raw, context)


def telling(field: Field) -> Field:
    """The field of a register as a list uses it that only tells who is meant."""
    kind = CoveredId() if isinstance(field.type, IdNumber) else CoveredPhone()
    return replace(field, type=kind, required=False)
