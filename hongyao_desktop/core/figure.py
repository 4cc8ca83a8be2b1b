"""Figures (指标): named, documented queries, so that no number is ever typed into a report by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hongyao_desktop.core import hours, money

if TYPE_CHECKING:
    from hongyao_desktop.core.desk import Reader, Row


class Unit(StrEnum):
    """Unit of a figure (单位) and with it how the stored integer is written."""

    PEOPLE = "人"
    TIMES = "人次"
    PIECES = "件"
    UNITS = "个"
    ENTRIES = "笔"
    SESSIONS = "场"
    CLASSES = "期"
    HOURS = "小时"
    CREDIT_HOURS = "学时"
    POINTS = "分"
    YUAN = "元"


class PeriodRule(StrEnum):
    """How a figure uses the period (时间口径)."""

    WITHIN = "期间发生"
    AS_OF = "截至期末"


@dataclass(frozen=True, slots=True)
class Period:
    """A closed span of days; both ends count (DOMAIN: deadlines inclusive)."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"起始日期 {self.first} 晚于截止日期 {self.last}，请核对")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose records count (统计范围): a common table expression ``scope(id)`` and its parameters."""

    label: str
    sql: str
    params: Mapping[str, str]


_COUNT = "COUNT(*)"
_SUM = re.compile(r"COALESCE\(SUM\((\w+)\), 0\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure (指标).

    ``rows`` is a SELECT of exactly the records behind the figure, with the parameters ``:first`` and ``:last``
    (ISO dates); the table ``scope(id)`` holds the unit asked for and all below it. ``measure`` says how the rows
    make the number: ``COUNT(*)`` or ``COALESCE(SUM(column), 0)`` over ``rows`` and nothing else, so the number and
    its drill-down cannot disagree.
    ``columns`` are the (column, heading) pairs a drill-down shows; ``register`` is where the rows open.
    ``kept`` gives the same number out of sums kept beside the rows, for screens on which a million rows are too many
    to read; papers never use it.
    """

    code: str
    label: str
    unit: Unit
    definition: str
    period_rule: PeriodRule
    rows: str
    measure: str
    columns: tuple[tuple[str, str], ...]
    register: str
    group: str
    kept: Callable[[Reader, Period, Scope], int] | None = None

    def __post_init__(self) -> None:
        if self.measure != _COUNT and not _SUM.fullmatch(self.measure):
            raise ValueError(f"figure {self.code}: measure must be {_COUNT} or COALESCE(SUM(column), 0)")

    @property
    def sum_column(self) -> str | None:
        """The column of ``rows`` that is added up; None when the rows are counted. Spreadsheets recompute by it."""
        found = _SUM.fullmatch(self.measure)
        return found[1] if found else None

    def value(self, reader: Reader, period: Period, scope: Scope) -> int:
        """The figure's stored integer (people, minutes, hundredths, 分)."""
        sql = f"WITH RECURSIVE {scope.sql} SELECT {self.measure} FROM ({self.rows})"
        return int(reader.value(sql, _params(period, scope)) or 0)

    def glance(self, reader: Reader, period: Period, scope: Scope) -> int:
        """The same number at a glance: out of the sums that are kept, where there are any."""
        return (self.kept or self.value)(reader, period, scope)

    def drill(self, reader: Reader, period: Period, scope: Scope, limit: int = -1) -> list[Row]:
        """The records behind the figure, in the order of the query; ``limit`` -1 means all."""
        sql = f"WITH RECURSIVE {scope.sql} SELECT * FROM ({self.rows}) LIMIT {int(limit)}"
        return reader.all(sql, _params(period, scope))

    def shown(self, value: int) -> str:
        """The value as written on paper, without its unit."""
        return format_value(self.unit, value)


def format_value(unit: Unit, value: int) -> str:
    """Write a stored integer in its unit: 分 as 元, minutes as hours, hundredths as 学时 or points."""
    match unit:
        case Unit.YUAN:
            return money.format_fen(value)
        case Unit.HOURS:
            return _grouped(hours.format_minutes(value))
        case Unit.CREDIT_HOURS | Unit.POINTS:
            return _grouped(hours.format_centi(value))
        case _:
            return f"{value:,}"


def _grouped(number: str) -> str:
    """Thousands separators for a decimal number; a length in words (1小时31分) stays as it is."""
    found = re.fullmatch(r"(-?)(\d+)(\.\d+)?", number)
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}" if found else number


def _params(period: Period, scope: Scope) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params}
