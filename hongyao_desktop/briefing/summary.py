"""What the work summary (工作情况汇总) says: figures of a unit and period, and the tables beside them.

Nothing here knows about pages or sheets: the paper and the workbook are both made from this one value, so they
cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hongyao_desktop.briefing.queries import FundMonth, UnitLine, by_month, by_unit, fund_months
from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Figure, Period, Scope
from hongyao_desktop.training import queries as training
from hongyao_desktop.volunteers.queries.boards import Place, period_board

UNIT_FIGURES = ("ZY-01", "ZY-02", "ZY-12", "ZY-21", "ZY-31", "ZY-41")
"""Figures that count records and so add up over units; people counted once across units are not among them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as it stood: its definition and its stored integer."""

    figure: Figure
    value: int

    @property
    def shown(self) -> str:
        """The number with its unit, as it stands in text."""
        return f"{self.figure.shown(self.value)}{self.figure.unit.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything a work summary is made from."""

    office: str
    period: Period
    scope: Scope
    readings: Mapping[str, Reading]
    units: Sequence[UnitLine]
    board: Sequence[Place]
    classes: Sequence[Row]
    months: Sequence[FundMonth]
    service_months: Sequence[tuple[str, int]] = ()

    @property
    def title(self) -> str:
        """样例街道2026年1—9月工作情况汇总."""
        return f"{self.scope.label}{period_words(self.period)}工作情况汇总"

    def shown(self, code: str) -> str:
        """A figure with its unit."""
        return self.readings[code].shown

    def value(self, code: str) -> int:
        """A figure's stored integer."""
        return self.readings[code].value


def gather(
    reader: Reader, figures: Sequence[Figure], period: Period, scope: Scope, *, office: str, ranked: int = 20
) -> Summary:
    """Read everything for one summary; call it within one snapshot so that all parts fit together."""
    known = {figure.code: figure for figure in figures}
    unit_id = scope.params["scope_unit"]
    return Summary(
        office=office,
        period=period,
        scope=scope,
        readings={figure.code: Reading(figure, figure.value(reader, period, scope)) for figure in figures},
        units=by_unit(reader, [known[code] for code in UNIT_FIGURES], period, unit_id, scope.label),
        board=period_board(reader, scope, period, ranked),
        classes=training.classes(reader, period, scope),
        months=fund_months(reader, period, scope),
        service_months=by_month(reader, known["ZY-21"], "served_on", period, scope),
    )


def period_words(period: Period) -> str:
    """A period as a title says it: 2026年, 2026年9月, 2026年1—9月, or from day to day."""
    first, last = period.first, period.last
    whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
    if not whole or first.year != last.year:
        end = dates.format_cn(last)
        return f"{dates.format_cn(first)}至{end.removeprefix(f'{first.year}年')}"
    if first.month == 1 and last.month == 12:
        return f"{first.year}年"
    if first.month == last.month:
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}—{last.month}月"
