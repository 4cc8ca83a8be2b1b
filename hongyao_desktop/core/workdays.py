"""Working days (工作日): publicity periods and deadlines are counted in them.

Three layers, the first that knows decides: the office's own corrections, the published holiday calendar (library
chinesecalendar, renewed once a year when the State Council announces the next one), and Monday to Friday. When the last
is all there is, `assumption` says so, because 调休 and holidays of that year are still unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from hongyao_desktop.core.problem import Level, Problem

Overrides = Mapping[dt.date, bool]
"""The office's corrections: day → True for a working day, False for a day off."""

NO_OVERRIDES: Final[Overrides] = MappingProxyType({})

# Ten years of searching: more means the corrections switch off every day.
_LONGEST_SEARCH: Final = 3660


def is_workday(day: dt.date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """True if the day is worked."""
    known = overrides.get(day)
    return _published(day) if known is None else known


def add_workdays(start: dt.date, count: int, overrides: Overrides = NO_OVERRIDES) -> dt.date:
    """The `count`-th working day after `start` (before it for a negative count); `start` itself is never counted.

    With a count of 0 it is `start`. Raises ValueError when the corrections leave no working day to be found.
    """
    step = dt.timedelta(days=1 if count >= 0 else -1)
    day, left, searched = start, abs(count), 0
    while left:
        day += step
        searched += 1
        if is_workday(day, overrides):
            left -= 1
            searched = 0
        elif searched > _LONGEST_SEARCH:
            raise ValueError(f"no working day found near {day.isoformat()}")
    return day


def count_workdays(first: dt.date, last: dt.date, overrides: Overrides = NO_OVERRIDES) -> int:
    """How many working days lie between both days, both included; 0 when `last` is before `first`."""
    days = (last - first).days + 1
    return sum(is_workday(first + dt.timedelta(days=offset), overrides) for offset in range(max(days, 0)))


def assumption(first: dt.date, last: dt.date, overrides: Overrides = NO_OVERRIDES) -> Problem | None:
    """A warning when the period reaches into years whose holidays neither this program nor the office knows."""
    low, high = _published_years()
    told = {day.year for day in overrides}
    unknown = [
        year for year in range(first.year, last.year + 1) if not low <= year <= high and year not in told
    ]
    if not unknown:
        return None
    years = f"{unknown[0]}年" if len(unknown) == 1 else f"{unknown[0]}年至{unknown[-1]}年"
    message = f"程序里还没有{years}的放假安排，暂按周一至周五上班推算，请在“工作日设置”里补录节假日和调休"
    return Problem(Level.WARNING, "workday.assumed", message)


@lru_cache(maxsize=4096)
def _published(day: dt.date) -> bool:
    low, high = _published_years()
    if not low <= day.year <= high:
        return day.weekday() < 5
    import chinese_calendar

    return bool(chinese_calendar.is_workday(day))


@lru_cache(maxsize=1)
def _published_years() -> tuple[int, int]:
    from chinese_calendar.constants import holidays

    return min(holidays).year, max(holidays).year
