"""Field types of registers (台账字段类型): how a value is read, shown, masked, aligned and laid into cells.

A closed set of classes.  Each parses what clerks type or spreadsheets hold, gives every objection as a
:class:`Problem` and never guesses; values inside the program are those of DESIGN section 3 (money in 分,
durations in minutes, points and 学时 in hundredths, dates as ``YYYY-MM-DD`` text).
"""

# ruff: noqa: ARG002, D102 - every class answers the same questions; FieldType documents them once
from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from hongyao_desktop.core import credit, dates, hours, identity, masking, money, names, phone, text
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
    """What reading a value may depend on: the day it is read, and the year and month a short date lies in."""

    today: dt.date
    default_year: int | None = None
    default_month: int | None = None
    epoch1904: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value ready for the file (None when blank or unreadable) and everything worth saying about it."""

    value: Any
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not any(problem.level is Level.ERROR for problem in self.problems)


def _error(code: str, message: str) -> Parsed:
    return Parsed(None, (Problem(Level.ERROR, code, message),))


def _as_text(raw: Raw) -> str:
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


@dataclass(frozen=True, slots=True)
class Text(FieldType):
    """Free text; length counted by characters (code points), never by UTF-16 units."""

    max_chars: int = 200
    multiline: bool = False

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = _as_text(raw)
        if len(value) > self.max_chars:
            return _error("text.long", f"内容有 {len(value)} 个字，最多 {self.max_chars} 个字，请缩短")
        return Parsed(value)


@dataclass(frozen=True, slots=True)
class Name(FieldType):
    """A person's name (姓名): middle dot folded, inner spaces of Han names removed, rare characters kept."""

    mask_kind: ClassVar[str | None] = "name"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = names.clean(_as_text(raw))
        problems = tuple(names.problems(value))
        if any(problem.level is Level.ERROR for problem in problems):
            return Parsed(None, problems)
        return Parsed(value, problems)


@dataclass(frozen=True, slots=True)
class Code(FieldType):
    """A number that is not counted with (编号, 凭证号): kept as text with its leading zeros."""

    max_chars: int = 40
    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = text.half_width(_as_text(raw)).replace(" ", "")
        if len(value) > self.max_chars:
            return _error("code.long", f"编号有 {len(value)} 个字符，最多 {self.max_chars} 个，请核对")
        return Parsed(value)


_LONGEST_WORD = 100
"""A word of one's own beside those of a list; longer is no word any more."""


@dataclass(frozen=True, slots=True)
class Choice(FieldType):
    """One of a short list of words; ``synonyms`` maps other spellings seen in sheets to the listed word."""

    options: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...] = ()
    open_list: bool = False
    widget: ClassVar[str] = "choice"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = text.half_width(_as_text(raw)).replace(" ", "")
        value = dict(self.synonyms).get(value, value)
        if value in self.options:
            return Parsed(value)
        if self.open_list:
            if len(value) > _LONGEST_WORD:
                return _error("choice.long", f"内容有 {len(value)} 个字，最多 {_LONGEST_WORD} 个字，请缩短")
            return Parsed(value)
        shown = "、".join(self.options[:8])
        return _error("choice.unknown", f"“{value}”不在可选内容里，请改为：{shown}")


@dataclass(frozen=True, slots=True)
class Flag(FieldType):
    """Yes or no (是/否), stored 1 or 0; ticks and crosses of paper sheets are understood."""

    storage: ClassVar[str] = "INTEGER"
    align: ClassVar[Align] = Align.CENTER
    widget: ClassVar[str] = "flag"
    YES: ClassVar[frozenset[str]] = frozenset("是有对√✓✔☑1YyT")
    NO: ClassVar[frozenset[str]] = frozenset("否无不×✗✘☐0NnF-—/")

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = _as_text(raw)
        if value in self.YES:
            return Parsed(1)
        if value in self.NO:
            return Parsed(0)
        return _error("flag.unknown", f"“{value}”看不出是“是”还是“否”，请改为是或否")

    def format(self, value: Any) -> str:
        return "" if value is None else ("是" if value else "否")


@dataclass(frozen=True, slots=True)
class Date(FieldType):
    """A calendar day (日期), stored ``YYYY-MM-DD``. A missing day is never invented (DOMAIN 5.4)."""

    past_only: bool = False
    align: ClassVar[Align] = Align.CENTER
    widget: ClassVar[str] = "date"
    cell: ClassVar[CellKind] = CellKind.DATE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, (bool, dt.time, dt.timedelta)):
            return _error("date.unknown", f"“{raw}”不是日期，请按 2026-03-05 的样子填写")
        try:
            day = dates.parse_date(
                raw if raw is not None else "",
                today=context.today,
                default_year=context.default_year,
                default_month=context.default_month,
                epoch1904=context.epoch1904,
            )
        except dates.DateProblem as problem:
            return _error("date.unknown", str(problem))
        if self.past_only and day > context.today:
            return Parsed(
                day.isoformat(),
                (Problem(Level.ERROR, "date.future", f"{dates.format_cn(day)}还没有到，请核对日期"),),
            )
        return Parsed(day.isoformat())


@dataclass(frozen=True, slots=True)
class TimeOfDay(FieldType):
    """A time of day (时刻), stored as minutes since midnight."""

    storage: ClassVar[str] = "INTEGER"
    align: ClassVar[Align] = Align.CENTER
    cell: ClassVar[CellKind] = CellKind.TIME

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, (bool, dt.timedelta)):
            return _error("time.unknown", f"“{raw}”不是时刻，请按 8:30 的样子填写")
        if isinstance(raw, dt.datetime):
            raw = raw.time()
        if isinstance(raw, dt.time):
            return Parsed(raw.hour * 60 + raw.minute)
        if isinstance(raw, dt.date):
            return _error("time.unknown", f"“{raw}”是日期，这里要填时刻，如 8:30")
        try:
            return Parsed(dates.parse_time(raw if raw is not None else ""))
        except dates.DateProblem as problem:
            return _error("time.unknown", str(problem))

    def format(self, value: Any) -> str:
        return "" if value is None else dates.format_time(value)


class _Number(FieldType, ABC):
    storage: ClassVar[str] = "INTEGER"
    align: ClassVar[Align] = Align.RIGHT
    widget: ClassVar[str] = "number"


@dataclass(frozen=True, slots=True)
class Integer(_Number):
    """A whole number within bounds."""

    low: int = 0
    high: int = 1_000_000_000
    cell: ClassVar[CellKind] = CellKind.INTEGER

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        shown = text.half_width(_as_text(raw)).replace(",", "").replace(" ", "")
        try:
            value = int(shown)
        except ValueError:
            return _error("integer.unknown", f"“{shown}”不是整数，请只填数字")
        if not self.low <= value <= self.high:
            return _error("integer.range", f"{value} 超出范围，应在 {self.low} 到 {self.high} 之间")
        return Parsed(value)

    def format(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"


@dataclass(frozen=True, slots=True)
class Money(_Number):
    """An amount of money (金额), stored in 分 (integer). Negative only where a red entry is meant."""

    allow_negative: bool = False
    cell: ClassVar[CellKind] = CellKind.MONEY
    widget: ClassVar[str] = "money"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, (bool, dt.date, dt.time, dt.timedelta)):
            return _error("money.unknown", f"“{raw}”不是金额，请填数字，如 1,234.50")
        try:
            fen = money.parse_fen(raw if raw is not None else "")
        except ValueError as problem:
            return _error("money.unknown", str(problem))
        if fen < 0 and not self.allow_negative:
            return _error("money.negative", f"金额 {money.format_fen(fen)} 是负数，冲减请用“冲正”")
        return Parsed(fen)

    def format(self, value: Any) -> str:
        return "" if value is None else money.format_fen(value)


@dataclass(frozen=True, slots=True)
class Minutes(_Number):
    """A length of time entered in hours (时长), stored in minutes."""

    cell: ClassVar[CellKind] = CellKind.HOURS

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, dt.timedelta):
            seconds = int(raw.total_seconds())
            if seconds % 60:
                return _error("hours.seconds", "时长带有秒，请按整分钟填写")
            return Parsed(seconds // 60)
        if isinstance(raw, (bool, dt.date)):
            return _error("hours.unknown", f"“{raw}”不是时长，请填小时数，如 1.5")
        if isinstance(raw, dt.time):
            return Parsed(raw.hour * 60 + raw.minute)
        try:
            return Parsed(hours.parse_hours(_as_text(raw)))
        except ValueError as problem:
            return _error("hours.unknown", str(problem))

    def format(self, value: Any) -> str:
        return "" if value is None else hours.format_minutes(value)


@dataclass(frozen=True, slots=True)
class Points(_Number):
    """Points (积分), stored in hundredths of a point."""

    allow_negative: bool = False
    cell: ClassVar[CellKind] = CellKind.POINTS

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        try:
            value = hours.parse_centi(_as_text(raw))
        except ValueError as problem:
            return _error("points.unknown", str(problem))
        if value < 0 and not self.allow_negative:
            return _error("points.negative", "这里不能填负数，扣减请用“扣分”或“冲正”")
        return Parsed(value)

    def format(self, value: Any) -> str:
        return "" if value is None else hours.format_centi(value)


@dataclass(frozen=True, slots=True)
class CreditHours(Points):
    """Class hours (学时), stored in hundredths; what one 学时 is, a dated rule set says."""

    cell: ClassVar[CellKind] = CellKind.CREDIT


@dataclass(frozen=True, slots=True)
class IdNumber(FieldType):
    """An identity number (证件号码) of any lawful kind; the row's own kind field decides the check on saving.

    Reading only repairs the writing (full-width, small x, spaces) and reports what is doubtful; a number whose
    last digits a spreadsheet has already replaced is refused (DOMAIN section 8 item 35).
    """

    mask_kind: ClassVar[str | None] = "id"
    cell: ClassVar[CellKind] = CellKind.CODE
    widget: ClassVar[str] = "masked"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            problem = identity.numeric_cell_problem(raw)
            if problem is not None:
                return Parsed(None, (problem,))
        value = identity.normalise(_as_text(raw))
        found = tuple(identity.check(identity.guess_kind(value), value))
        return Parsed(value, found)


@dataclass(frozen=True, slots=True)
class Phone(FieldType):
    """A telephone number (联系电话), mobile or landline, kept as text."""

    mask_kind: ClassVar[str | None] = "phone"
    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = phone.normalise(_as_text(raw))
        return Parsed(value, tuple(phone.check(value)))


@dataclass(frozen=True, slots=True)
class CreditCode(FieldType):
    """A unified social credit code (统一社会信用代码, GB 32100)."""

    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = credit.normalise(_as_text(raw))
        return Parsed(value, tuple(credit.check(value)))


@dataclass(frozen=True, slots=True)
class Reference(FieldType):
    """A link to one row of another register, chosen by name or pinyin; stored as that row's id.

    In a sheet the cell holds the shown name; the import target of the module resolves it, because a name alone
    never identifies a person.
    """

    register: str
    widget: ClassVar[str] = "reference"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        return Parsed(_as_text(raw))
