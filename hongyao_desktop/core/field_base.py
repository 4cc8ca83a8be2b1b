"""What all field types have in common (字段类型的共同部分): reading, showing, masking, aligning, laying into cells."""

# ruff: noqa: D102 - every class answers the same questions; FieldType documents them once
from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from hongyao_desktop.core import masking, text
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Level, Problem

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class Align(StrEnum):
    """How a value stands in its column."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


class CellKind(StrEnum):
    """How a value lies in a spreadsheet or paper cell; ``sheets`` and ``paper`` know these words."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    MONEY = "money"
    POINTS = "points"
    HOURS = "hours"
    CREDIT = "credit"
    DATE = "date"
    TIME = "time"


class Search(StrEnum):
    """Which keys a field gives to the search box: suffixes of a name and of its pinyin, tails of numbers."""

    NAME = "name"
    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    ID = "id"


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What reading a value may depend on: the day it is read, and the year and month a short date lies in.

    ``typed`` is an input with a label over it, where a bare 9 in a time is nine o'clock; in a sheet it may be hours.
    """

    today: dt.date
    default_year: int | None = None
    default_month: int | None = None
    epoch1904: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value ready for the file (None when blank or unreadable) and everything worth saying about it."""

    value: Any
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not any(problem.level is Level.ERROR for problem in self.problems)


def error(code: str, message: str) -> Parsed:
    """What reading gives when nothing can be made of a value."""
    return Parsed(None, (Problem(Level.ERROR, code, message),))


def as_text(raw: Raw) -> str:
    """The text of a cell as a clerk would read it: whole numbers without a decimal point."""
    if isinstance(raw, str):
        return text.clean(raw)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, dt.datetime) and raw.time() == dt.time(0):
        return raw.date().isoformat()
    return text.clean(str(raw))


class FieldType(ABC):
    """Base of all field types. ``storage`` is the column type in a STRICT table."""

    storage: ClassVar[str] = "TEXT"
    align: ClassVar[Align] = Align.LEFT
    widget: ClassVar[str] = "line"
    cell: ClassVar[CellKind] = CellKind.TEXT
    mask_kind: ClassVar[str | None] = None

    def parse(self, raw: Raw, context: ParseContext) -> Parsed:
        """Read what was typed or found in a cell; blank gives ``Parsed(None)``."""
        if raw is None or (isinstance(raw, str) and not text.clean(raw)):
            return Parsed(None)
        return self.read(raw, context)

    @abstractmethod
    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        """Read a value that is not blank."""

    def format(self, value: Any) -> str:
        """The value as shown on screen and paper; blank for None."""
        return "" if value is None else str(value)

    def mask(self, value: Any, purpose: Purpose) -> str:
        """The value as shown for ``purpose``; a type without a masking rule shows nothing but a mark."""
        if value is None:
            return ""
        if self.mask_kind is None:
            return self.format(value) if purpose in (Purpose.INTERNAL, Purpose.AUDIT) else "＊"
        return masking.mask(self.mask_kind, self.format(value), purpose)

    def cover(self, value: Any) -> str:
        """A secret value as a screen shows it until somebody asks: never the whole, whatever papers may show."""
        shown = self.mask(value, Purpose.INTERNAL)
        return self.mask(value, Purpose.PUBLIC) if shown and shown == self.format(value) else shown
