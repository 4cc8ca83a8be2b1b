"""Field types of registers (台账字段类型): how a value is read, shown, masked, aligned and laid into cells.

A closed set of classes.  Each parses what clerks type or spreadsheets hold, gives every objection as a
:class:`Problem` and never guesses; values inside the program are those of DESIGN section 3 (money in 分,
durations in minutes, points and 学时 in hundredths, dates as ``YYYY-MM-DD`` text).
"""

# ruff: noqa: ARG002, D102 - every class answers the same questions; FieldType documents them once
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from hongyao_desktop.core import credit, dates, identity, names, phone, text
from hongyao_desktop.core.field_base import (
    Align,
    CellKind,
    FieldType,
    ParseContext,
    Parsed,
    Raw,
    Search,
    as_text,
    error,
)
from hongyao_desktop.core.number_fields import CreditHours, Integer, Minutes, Money, Points
from hongyao_desktop.core.problem import Level, Problem

__all__ = [
    "Align",
    "CellKind",
    "Choice",
    "Code",
    "CreditCode",
    "CreditHours",
    "Date",
    "FieldType",
    "Flag",
    "IdNumber",
    "Integer",
    "Minutes",
    "Money",
    "Name",
    "ParseContext",
    "Parsed",
    "Phone",
    "Points",
    "Raw",
    "Reference",
    "Search",
    "Text",
    "TimeOfDay",
]


@dataclass(frozen=True, slots=True)
class Text(FieldType):
    """Free text; length counted by characters (code points), never by UTF-16 units."""

    max_chars: int = 200
    multiline: bool = False

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = as_text(raw)
        if len(value) > self.max_chars:
            return error("text.long", f"内容有 {len(value)} 个字，最多 {self.max_chars} 个字，请缩短")
        return Parsed(value)


@dataclass(frozen=True, slots=True)
class Name(FieldType):
    """A person's name (姓名): middle dot folded, inner spaces of Han names removed, rare characters kept."""

    mask_kind: ClassVar[str | None] = "name"

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = names.clean(as_text(raw))
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
        value = text.half_width(as_text(raw)).replace(" ", "")
        if len(value) > self.max_chars:
            return error("code.long", f"编号有 {len(value)} 个字符，最多 {self.max_chars} 个，请核对")
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
        value = text.half_width(as_text(raw)).replace(" ", "")
        value = dict(self.synonyms).get(value, value)
        if value in self.options:
            return Parsed(value)
        if self.open_list:
            if len(value) > _LONGEST_WORD:
                return error("choice.long", f"内容有 {len(value)} 个字，最多 {_LONGEST_WORD} 个字，请缩短")
            return Parsed(value)
        shown = "、".join(self.options[:8])
        return error("choice.unknown", f"“{value}”不在可选内容里，请改为：{shown}")


@dataclass(frozen=True, slots=True)
class Flag(FieldType):
    """Yes or no (是/否), stored 1 or 0; ticks and crosses of paper sheets are understood."""

    storage: ClassVar[str] = "INTEGER"
    align: ClassVar[Align] = Align.CENTER
    widget: ClassVar[str] = "flag"
    YES: ClassVar[frozenset[str]] = frozenset("是有对√✓✔☑1YyT")
    NO: ClassVar[frozenset[str]] = frozenset("否无不×✗✘☐0NnF-—/")

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = as_text(raw)
        if value in self.YES:
            return Parsed(1)
        if value in self.NO:
            return Parsed(0)
        return error("flag.unknown", f"“{value}”看不出是“是”还是“否”，请改为是或否")

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
            return error("date.unknown", f"“{raw}”不是日期，请按 2026-03-05 的样子填写")
        try:
            day = dates.parse_date(
                raw if raw is not None else "",
                today=context.today,
                default_year=context.default_year,
                default_month=context.default_month,
                epoch1904=context.epoch1904,
            )
        except dates.DateProblem as problem:
            return error("date.unknown", str(problem))
        if self.past_only and day > context.today:
            return Parsed(
                day.isoformat(),
                (Problem(Level.ERROR, "date.future", f"{dates.format_cn(day)}还没有到，请核对日期"),),
            )
        return Parsed(day.isoformat())


_MINUTES_A_DAY: Final = 24 * 60
_BEYOND_MIDNIGHT: Final = re.compile(r"\s*(2[4-9]|3\d|4[0-7])(?=[:：])")
_NEXT_DAY: Final = re.compile(r"\s*(次日|翌日|第二天|次晨)\s*")


_HOUR_ALONE = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class TimeOfDay(FieldType):
    """A time of day (时刻), stored as minutes since midnight.

    Attributes:
        next_day: the hours after midnight belong to it too: 次日1:00 is 1500, and so is 25:00.
    """

    next_day: bool = False

    storage: ClassVar[str] = "INTEGER"
    align: ClassVar[Align] = Align.CENTER
    cell: ClassVar[CellKind] = CellKind.TIME

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        if isinstance(raw, (bool, dt.timedelta)):
            return error("time.unknown", f"“{raw}”不是时刻，请按 8:30 的样子填写")
        if isinstance(raw, dt.datetime):
            raw = raw.time()
        if isinstance(raw, dt.time):
            return Parsed(raw.hour * 60 + raw.minute)
        if isinstance(raw, dt.date):
            return error("time.unknown", f"“{raw}”是日期，这里要填时刻，如 8:30")
        later = 0
        if context.typed and isinstance(raw, str) and _HOUR_ALONE.fullmatch(raw.strip()):
            raw = f"{int(raw)}:00"
        if self.next_day and isinstance(raw, str):
            if after := _NEXT_DAY.match(raw):
                raw, later = raw[after.end() :], _MINUTES_A_DAY
            elif beyond := _BEYOND_MIDNIGHT.match(raw):
                raw, later = f"{int(beyond[1]) - 24}{raw[beyond.end() :]}", _MINUTES_A_DAY
        try:
            return Parsed(dates.parse_time(raw if raw is not None else "") + later)
        except dates.DateProblem as problem:
            return error("time.unknown", str(problem))

    def format(self, value: Any) -> str:
        if value is None:
            return ""
        if value > _MINUTES_A_DAY:
            return f"次日{dates.format_time(value - _MINUTES_A_DAY)}"
        return dates.format_time(value)


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
        value = identity.normalise(as_text(raw))
        found = tuple(identity.check(identity.guess_kind(value), value))
        return Parsed(value, found)


@dataclass(frozen=True, slots=True)
class Phone(FieldType):
    """A telephone number (联系电话), mobile or landline, kept as text."""

    mask_kind: ClassVar[str | None] = "phone"
    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = phone.normalise(as_text(raw))
        return Parsed(value, tuple(phone.check(value)))


@dataclass(frozen=True, slots=True)
class CreditCode(FieldType):
    """A unified social credit code (统一社会信用代码, GB 32100)."""

    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        value = credit.normalise(as_text(raw))
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
        return Parsed(as_text(raw))
