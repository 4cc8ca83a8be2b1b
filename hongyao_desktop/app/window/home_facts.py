"""What stands on the first page besides the work that waits: four figures with their months, and what happened last."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.app.modules import FIGURES, TARGETS
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Figure, Period, PeriodRule, Scope

CARD_CODES: Final = ("ZY-21", "ZY-13", "PX-05", "JJ-03")
"""The figures on the first page: hours served, volunteers who served, 学时, balance of the funds."""

MONTHS: Final = 12
RECENT: Final = 6


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: this year's value (or today's), and the last twelve months, oldest first."""

    label: str
    value: str
    unit: str
    note: str
    months: tuple[int, ...]
    month_words: tuple[str, ...]
    ends: tuple[str, str]
    register: str


@dataclass(frozen=True, slots=True)
class RecentLine:
    """Something that was done: day and time, words, who did it."""

    at: str
    words: str
    who: str


def last_months(today: dt.date, count: int = MONTHS) -> list[Period]:
    """The last ``count`` months up to today, oldest first; the running one ends today."""
    periods: list[Period] = []
    year, month = today.year, today.month
    for _step in range(count):
        last = dt.date(year, month, calendar.monthrange(year, month)[1])
        periods.append(Period(dt.date(year, month, 1), min(last, today)))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return periods[::-1]


def card_figures(codes: Sequence[str] = CARD_CODES) -> list[Figure]:
    """The four figures, in the order they stand in."""
    by_code = {figure.code: figure for figure in FIGURES}
    return [by_code[code] for code in codes if code in by_code]


def card(reader: Reader, figure: Figure, scope: Scope, today: dt.date) -> Card:
    """One of the figures of the office."""
    year = Period(dt.date(today.year, 1, 1), today)
    months = last_months(today)
    values = tuple(figure.glance(reader, month, scope) for month in months)
    as_of = figure.period_rule is PeriodRule.AS_OF
    return Card(
        label=figure.label,
        value=figure.shown(figure.glance(reader, year, scope)),
        unit=figure.unit.value,
        note=f"截至 {year.last.month}月{year.last.day}日" if as_of else f"{year.first.year} 年至今",
        months=values,
        month_words=tuple(
            f"{month.first.year}年{month.first.month}月 {figure.shown(value)} {figure.unit.value}"
            for month, value in zip(months, values, strict=True)
        ),
        ends=(_month_name(months[0]), _month_name(months[-1])),
        register=figure.register,
    )


def _month_name(month: Period) -> str:
    return f"{month.first.year}年{month.first.month}月"


def imports_done(reader: Reader) -> list[RecentLine]:
    """The last sheets that were read in."""
    labels = {target.name: target.label for target in TARGETS}
    rows = reader.all(
        "SELECT target, file_name, imported_at, operator, rows_written, rows_returned FROM import_run "
        "ORDER BY imported_at DESC, id DESC LIMIT ?",
        (RECENT,),
    )
    return [
        RecentLine(
            shown_moment(row["imported_at"]),
            f"{labels.get(row['target'], row['target'])}：{row['file_name']}，写入 {row['rows_written']:,} 条"
            + (f"，退回 {row['rows_returned']:,} 条" if row["rows_returned"] else ""),
            row["operator"],
        )
        for row in rows
    ]


def operations_done(reader: Reader) -> list[RecentLine]:
    """The last operations in the journal."""
    rows = reader.all(
        "SELECT op, operator_name, at, images FROM journal_operation"
        " WHERE undo <> 'skip' ORDER BY seq DESC LIMIT ?",
        (RECENT,),
    )
    return [
        RecentLine(
            shown_moment(row["at"]),
            row["op"] + (f"（{row['images']:,} 处）" if row["images"] > 1 else ""),
            row["operator_name"],
        )
        for row in rows
    ]


def shown_moment(text: str) -> str:
    """A stored moment as day and time; what is no moment is shown as it stands."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"
