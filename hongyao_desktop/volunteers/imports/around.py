"""What stands around a table of hours (表头上方): the activity, its day and its times, where no column tells them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core import dates, text
from hongyao_desktop.core.desk import SheetFacts

_NAMED: Final = ("活动名称", "活动主题", "活动项目", "服务项目", "服务内容", "项目名称", "活动", "主题")
_DATED: Final = ("活动日期", "活动时间", "服务日期", "服务时间", "日期", "时间")
MORE: Final = re.compile(r"[（(].*[）)]$")
YEAR_MONTH: Final = re.compile(r"(?:(20\d\d)\s*[年./-]\s*)?(\d{1,2})\s*月")
_NUMBERED_MONTH: Final = re.compile(r"(20\d\d)\s*[./-]\s*(1[0-2]|0?[1-9])(?![\d./-])")
_YEAR: Final = re.compile(r"(20\d\d)\s*年?")
_WHOLE_DAY: Final = re.compile(
    r"20\d\d\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]|([-./])\s*\d{1,2}\s*\1\s*\d{1,2})"
)
_SUMMING: Final = re.compile(r"截[至止]|累计|汇总|年度|花名册|积分|排[行名]|余额|结余")
_MONTH_AND_DAY: Final = re.compile(r"(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_SHEET_DAY: Final = re.compile(r"\d{1,2}(?:月|[.-])\d{1,2}[日号]?")
_TITLE_END: Final = re.compile(r"(?:(?:考勤|签到|登记|统计|汇总|记录|明细|时长|名单|情况)+[表册单]?)$")
_BETWEEN: Final = re.compile(r"\s*(?:[-－—–―~～]+|至|到)\s*")
_HALF: Final = r"(?:[上下中][午]|早上?|晚上?|次日)?"
_CLOCK: Final = r"\s*\d{1,2}\s*(?:[:：.]\d{2}|[点时](?:半|\d{1,2}分?)?)"
_TO: Final = r"\s*(?:[-－—–―~～]+|至|到)\s*"
_TIMES: Final = re.compile(rf"{_HALF}{_CLOCK}{_TO}{_HALF}{_CLOCK}")
_SHORT: Final = re.compile(rf"({_HALF})\s*(\d{{1,2}}){_TO}({_HALF}\s*\d{{1,2}}\s*[点时](?:半|\d{{1,2}}分?)?)")
_FOUR: Final = re.compile(rf"(?<!\d)(\d{{2}})(\d{{2}}){_TO}(\d{{2}})(\d{{2}})(?!\d)")
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Told:
    """Title, day (YYYY-MM-DD) and times (minutes of the day) that the lines around a table tell of all its rows."""

    title: str | None = None
    day: str | None = None
    span: tuple[int, int] | None = None


def told(facts: SheetFacts, today: dt.date) -> Told:
    """What the head of a sheet says of the whole activity; nothing is made up where it does not."""
    day = span = None
    for key in _DATED:
        line = facts.lines.get(key, "")
        day = day or _day_in(line, facts, today)
        span = span or (times_in(line) or (None, None))[1]
    for words in () if _sums_up(facts) else (facts.title, *facts.more, facts.sheet_name):
        day = day or _day_in(words, facts, today)
    if day is None and _SHEET_DAY.fullmatch(facts.sheet_name.strip()):
        year, _month = period(facts)
        if year is not None:
            day = _read(facts.sheet_name, today, year)
    return Told(activity(facts), day.isoformat() if day is not None and day <= today else None, span)


def stands_in(
    headers: Collection[str], facts: SheetFacts, first: Mapping[str, str], today: dt.date
) -> frozenset[str]:
    """Which of 活动名称 and 服务日期 the head of the sheet, or the times of its rows, make up for."""
    known = told(facts, today)
    found = {"title"} if known.title else set()
    lengths = {"minutes", "starts_minute", "ends_minute", "span"} & set(first) or known.span
    if not lengths and not any(header.endswith(("时间", "小时", "分钟")) for header in headers):
        return frozenset()  # a list of names below a date is no list of hours
    clock = first.get("starts_minute", "")
    if known.day or _WHOLE_DAY.search(clock) or {"时间", "活动时间"} & set(headers):
        found.add("served_on")
    return frozenset(found)


def activity(facts: SheetFacts) -> str | None:
    """The activity a sheet is about: its line 活动名称, or its title without the words for a sheet."""
    for key in _NAMED:
        if facts.lines.get(key):
            return facts.lines[key].strip()
    if _sums_up(facts):
        return None
    plain = MORE.sub("", facts.title.strip()).strip()
    plain = YEAR_MONTH.sub("", _WHOLE_DAY.sub("", plain)).removesuffix("份")
    plain = _YEAR.sub("", plain) if _YEAR.match(plain) else plain
    return _TITLE_END.sub("", plain).strip(" 　份的度") or plain.strip() or None


def _sums_up(facts: SheetFacts) -> bool:
    """A sheet of what somebody has altogether (截至…累计、汇总) is about no one activity and no one day."""
    return any(_SUMMING.search(words) for words in (facts.title, *facts.more, *facts.lines))


def period(facts: SheetFacts) -> tuple[int | None, int | None]:
    """Year and month the sheet is about: from title, lines, names of sheet and file."""
    year: int | None = None
    month: int | None = None
    for words in (facts.title, *facts.lines.values(), *facts.more, facts.sheet_name, facts.file_name):
        known = YEAR_MONTH.search(words) or _NUMBERED_MONTH.search(words)
        if known and month is None:
            year, month = int(known[1]) if known[1] else year, int(known[2])
        if year is None and (found := _YEAR.search(words)):
            year = int(found[1])
    return year, month


def _day_in(words: str, facts: SheetFacts, today: dt.date) -> dt.date | None:
    """The one day a line names; None for none or several (3月5日至7日)."""
    found = list(_WHOLE_DAY.finditer(words))
    if len(found) == 1 and not re.match(rf"{_TO}\d{{1,2}}[月日号]", words[found[0].end() :]):
        return _read(re.sub(r"\s", "", found[0].group()), today, None)
    if found or words not in facts.lines.values():
        return None
    year, _month = period(facts)
    short = re.match(r"\s*(\d{1,2}月\d{1,2}[日号])(?!\s*[-至到~—])", words)
    return _read(short[1], today, year) if short and year is not None else None


def _read(words: str, today: dt.date, year: int | None) -> dt.date | None:
    try:
        return dates.parse_date(words, today=today, default_year=year)
    except dates.DateProblem:
        return None


def clock_day(shown: str, facts: SheetFacts, today: dt.date) -> str | None:
    """The day (YYYY-MM-DD) of a time with its day, as sign-in machines write it; None for a bare time or a length.

    A day without its year (3月5日 9:00) has the year of the sheet.
    """
    plain = text.half_width(shown)
    found = _WHOLE_DAY.search(plain) or _MONTH_AND_DAY.search(plain)
    day = _read(re.sub(r"\s", "", found.group()), today, period(facts)[0]) if found else None
    return day.isoformat() if day is not None else None


def all_times(shown: str) -> list[tuple[int, int]]:
    """Every pair of times of a text: 9:00-11:00，14:00-16:00."""
    found = [_both(one.group()) for one in _TIMES.finditer(shown)]
    return [pair for pair in found if pair is not None]


def times_in(shown: str) -> tuple[str, tuple[int, int]] | None:
    """Both times of a text (8:30-11:00, 9-11点, 0830-1100) with the words they stood in; None where it has none."""
    found = _TIMES.search(shown)
    if found is not None and (pair := _both(found.group())) is not None:
        return found.group(), pair
    four = _FOUR.search(text.half_width(shown))
    if four is not None:
        pair = _both(f"{four[1]}:{four[2]}-{four[3]}:{four[4]}")
        return (four.group(), pair) if pair is not None else None
    short = _SHORT.search(text.half_width(shown))
    if short is not None and (pair := _both(f"{short[1]}{short[2]}点-{short[3]}")) is not None:
        return short.group(), pair
    return None


def _both(shown: str) -> tuple[int, int] | None:
    parts = _BETWEEN.split(shown.strip(), maxsplit=1)
    if len(parts) != 2:
        return None
    later = parts[1].startswith("次日")
    half = re.match(r"[下晚]", parts[0])
    try:
        starts = dates.parse_time(parts[0])
        ends = dates.parse_time(parts[1].removeprefix("次日"))
    except dates.DateProblem:
        return None
    if half and not later and ends < starts and ends + _DAY // 2 > starts:
        ends += _DAY // 2  # 下午2点到5点
    return starts, ends + (_DAY if later else 0)
