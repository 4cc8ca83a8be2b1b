"""Field types that are counted with (计数的字段): whole numbers, money, lengths of time, points, 学时."""

# ruff: noqa: ARG002, D102 - every class answers the same questions; FieldType documents them once
from __future__ import annotations

import datetime as dt
from abc import ABC
from dataclasses import dataclass
from typing import Any, ClassVar

from hongyao_desktop.core import hours, money, text
from hongyao_desktop.core.field_base import (
    Align,
    CellKind,
    FieldType,
    ParseContext,
    Parsed,
    Raw,
    as_text,
    error,
)


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
        shown = text.half_width(as_text(raw)).replace(",", "").replace(" ", "")
        try:
            value = int(shown)
        except ValueError:
            return error("integer.unknown", f"“{shown}”不是整数，请只填数字")
        if not self.low <= value <= self.high:
            return error("integer.range", f"{value} 超出范围，应在 {self.low} 到 {self.high} 之间")
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
            return error("money.unknown", f"“{raw}”不是金额，请填数字，如 1,234.50")
        try:
            fen = money.parse_fen(raw if raw is not None else "")
        except ValueError as problem:
            return error("money.unknown", str(problem))
        if fen < 0 and not self.allow_negative:
            return error("money.negative", f"金额 {money.format_fen(fen)} 是负数，冲减请用“冲正”")
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
                return error("hours.seconds", "时长带有秒，请按整分钟填写")
            return Parsed(seconds // 60)
        if isinstance(raw, (bool, dt.date)):
            return error("hours.unknown", f"“{raw}”不是时长，请填小时数，如 1.5")
        if isinstance(raw, dt.time):
            return Parsed(raw.hour * 60 + raw.minute)
        try:
            return Parsed(hours.parse_hours(as_text(raw)))
        except ValueError as problem:
            return error("hours.unknown", str(problem))

    def format(self, value: Any) -> str:
        return "" if value is None else hours.format_minutes(value)


@dataclass(frozen=True, slots=True)
class Points(_Number):
    """Points (积分), stored in hundredths of a point."""

    allow_negative: bool = False
    cell: ClassVar[CellKind] = CellKind.POINTS

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        try:
            value = hours.parse_centi(as_text(raw))
        except ValueError as problem:
            return error("points.unknown", str(problem))
        if value < 0 and not self.allow_negative:
            return error("points.negative", "这里不能填负数，扣减请用“扣分”或“冲正”")
        return Parsed(value)

    def format(self, value: Any) -> str:
        return "" if value is None else hours.format_centi(value)


@dataclass(frozen=True, slots=True)
class CreditHours(Points):
    """Class hours (学时), stored in hundredths; what one 学时 is, a dated rule set says."""

    cell: ClassVar[CellKind] = CellKind.CREDIT
