"""Dates, months and times of day as clerks and spreadsheets write them (GB/T 7408).

Stored as YYYY-MM-DD; shown as 2026年3月5日. Nothing missing is ever invented: a two-digit year, a month without a day
and an order that could be day-month or month-day are refused with a sentence.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Final

from hongyao_desktop.core import text

_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2199
_MINUTES_A_DAY: Final = 1440


class DateProblem(ValueError):
    """A date, month or time that cannot be read for certain; the text is a Chinese sentence for the user."""


_RELATIVE: Final = {
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "昨天": -1,
    "昨日": -1,
    "前天": -2,
    "大前天": -3,
    "明天": 1,
    "明日": 1,
    "后天": 2,
}
# A time of day or a weekday after a date is no part of the date.
_TAIL: Final = re.compile(
    r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
    r"(?:(?:[T\s]+|(?<=[日号]))\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"(?:\s*(?:上午|下午|中午|晚上|全天))?$"
)
_SEVERAL_DAYS: Final = re.compile(
    r"\d[日号]?\s*[、,，;；和及至到~～]\s*\d|\d[/.月]\d{1,2}[日号]?\s*[-–—]\s*\d"
)
_FULL: Final = re.compile(r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})\.?|年(\d{1,2})月(\d{1,2})[日号]?)")
_AS_STORED: Final = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})(?:[-./](\d{1,2})\.?|年(\d{1,2})月?份?)")
_COMPACT_MONTH: Final = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})(?:[-./](\d{1,2})|月(\d{1,2})[日号]?)")
_DAY: Final = re.compile(r"(\d{1,2})[日号]")
_ODD_SIGNS: Final = re.compile(r"(\d{4})(?:\s*([、，,\\_·])\s*|(\s+))(\d{1,2})(?:\s*\2\s*|\3)(\d{1,2})")
"""A whole date set apart by other signs; with four digits of a year in front it can be nothing else."""
_SHORT_YEAR: Final = re.compile(r"'?\d{2}(?:([-./])\d{1,2}\1\d{1,2}|年.*)")
_YEAR_LAST: Final = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{4}")
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_LOOKS_LIKE_YEAR: Final = re.compile(r"(?:18|19|20)\d{2}年?")
_CHINESE_FIGURES: Final = re.compile("[〇○零一二三四五六七八九十廿卅]+")


def parse_date(
    value: str | dt.date | float,
    *,
    today: dt.date,
    default_year: int | None = None,
    default_month: int | None = None,
    epoch1904: bool = False,
) -> dt.date:
    """The calendar day meant by a cell or by what was typed.

    Takes 2026-03-05, 2026.3.5, 2026/3/5, 2026、3、5, 20260305, 2026年3月5日, 二〇二六年三月五日, full-width forms, a
    trailing time or weekday, spreadsheet serials (1900 system with its day-60 error, or 1904), 今天 昨天; "3.5" and
    "3月5日" only with `default_year`, "11日" only with `default_month` as well. Raises DateProblem otherwise.
    """
    if isinstance(value, str):
        stored = _AS_STORED.fullmatch(value)
        if stored:
            return _day(int(stored[1]), int(stored[2]), int(stored[3]), value)
    if isinstance(value, dt.datetime):
        return _in_range(value.date())
    if isinstance(value, dt.date):
        return _in_range(value)
    if isinstance(value, bool):
        raise DateProblem("这里要填日期，不能填“是”或“否”")
    if isinstance(value, int | float):
        return _from_number(value, epoch1904=epoch1904)
    shown = text.clean(value)
    plain = _plain(value)
    if not plain:
        raise DateProblem("没有填写日期，请补填")
    if plain in _RELATIVE:
        return today + dt.timedelta(days=_RELATIVE[plain])
    plain = _TAIL.sub("", plain)
    full = _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain) or _ODD_SIGNS.fullmatch(plain)
    if full:
        year, month, day = (int(group) for group in full.groups() if group and group.isdigit())
        return _day(year, month, day, shown)
    if _SERIAL.fullmatch(plain):
        # A serial that lost its cell format on the way through CSV; 20000 is 1954, 79999 is 2119.
        return _from_number(float(plain), epoch1904=epoch1904)
    return _from_part(plain, shown, default_year, default_month)


def _from_part(plain: str, shown: str, default_year: int | None, default_month: int | None) -> dt.date:
    """A date of which the year (and month) stand elsewhere in the sheet; the refusals for all that is no date."""
    part = _MONTH_DAY.fullmatch(plain)
    if part:
        if default_year is None:
            raise DateProblem(f"“{shown}”没有写年份，请补上年份，如 2026年3月5日")
        return _day(default_year, int(part[1]), int(part[2] or part[3]), shown)
    only_day = _DAY.fullmatch(plain)
    if only_day:
        if default_year is None or default_month is None:
            raise DateProblem(f"“{shown}”没有写年份和月份，请补全日期，如 2026年3月5日")
        return _day(default_year, default_month, int(only_day[1]), shown)
    if _YEAR_MONTH.fullmatch(plain) or _COMPACT_MONTH.fullmatch(plain):
        raise DateProblem(f"“{shown}”只有年月，没有写哪一日，请补上日期")
    if _LOOKS_LIKE_YEAR.fullmatch(plain):
        raise DateProblem(f"“{shown}”只有年份，请补上月和日")
    if _YEAR_LAST.fullmatch(plain):
        raise DateProblem(f"“{shown}”分不清月和日的先后，请按年、月、日的顺序写，如 2026-03-05")
    if _SHORT_YEAR.fullmatch(plain):
        raise DateProblem(f"“{shown}”的年份只有两位，请写成四位年份，如 2026年3月5日")
    if _SEVERAL_DAYS.search(shown):
        raise DateProblem(f"“{shown}”里不止一天，请一天一行填写")
    raise DateProblem(f"“{shown}”不是日期，请写成 2026-03-05 或 2026年3月5日 的样子")


def parse_month(value: str | dt.date | float, *, default_year: int | None = None) -> tuple[int, int]:
    """Year and month of 2026年3月, 2026.03, 2026-3, 202603, or of a full date; "3月" only with `default_year`.

    Raises DateProblem otherwise. A number 2026.1 is refused, since a spreadsheet makes it of 2026.10 as well.
    """
    if isinstance(value, dt.date):
        return _in_range(value).year, value.month
    if isinstance(value, bool):
        raise DateProblem("这里要填年月，不能填“是”或“否”")
    if isinstance(value, int | float):
        return _month_from_number(value)
    shown = text.clean(value)
    plain = _TAIL.sub("", _plain(value))
    found = _YEAR_MONTH.fullmatch(plain) or _COMPACT_MONTH.fullmatch(plain)
    if found:
        year, month = (int(group) for group in found.groups() if group)
        return _month(year, month, shown)
    only = re.fullmatch(r"(\d{1,2})月份?", plain)
    if only:
        if default_year is None:
            raise DateProblem(f"“{shown}”没有写年份，请补上年份，如 2026年3月")
        return _month(default_year, int(only[1]), shown)
    full = _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if full:
        year, month, day = (int(group) for group in full.groups() if group and group.isdigit())
        checked = _day(year, month, day, shown)
        return checked.year, checked.month
    if _SHORT_YEAR.fullmatch(plain) or re.fullmatch(r"\d{2}[-./]\d{1,2}", plain):
        raise DateProblem(f"“{shown}”的年份只有两位，请写成四位年份，如 2026年3月")
    raise DateProblem(f"“{shown}”不是年月，请写成 2026年3月 的样子")


def _month_from_number(value: float) -> tuple[int, int]:
    shown = f"{value:.15g}"
    if _COMPACT_MONTH.fullmatch(shown) or re.fullmatch(r"\d{4}\.\d{2}", shown):
        return parse_month(shown)
    if re.fullmatch(r"\d{4}\.1", shown):
        raise DateProblem(f"“{shown}”分不清是 1 月还是 10 月，请写成 2026年1月 的样子")
    if re.fullmatch(r"\d{4}\.\d", shown):
        return parse_month(shown)
    day = _from_number(value, epoch1904=False)
    return day.year, day.month


def _plain(value: str) -> str:
    plain = re.sub(r"\s*([-./年月日号])\s*", r"\1", text.half_width(value).replace("\n", " "))
    plain = re.sub("[—–－﹣]", "-", plain).strip()
    if _CHINESE_FIGURES.search(plain) and re.search("[年月日号]", plain):
        plain = re.sub(
            rf"({_CHINESE_FIGURES.pattern})(?=[年月日号])", lambda match: _arabic(match.group(1)), plain
        )
    return re.sub(r"^(公元|公历|阳历)", "", plain)


def _arabic(figures: str) -> str:
    number = text.chinese_number(figures)
    return figures if number is None else str(number)


def _day(year: int, month: int, day: int, shown: str) -> dt.date:
    _month(year, month, shown)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise DateProblem(f"“{shown}”有误：{year}年{month}月没有{day}日，请核对") from None


def _month(year: int, month: int, shown: str) -> tuple[int, int]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DateProblem(f"“{shown}”的年份不合常理，请核对")
    if not 1 <= month <= 12:
        raise DateProblem(f"“{shown}”有误：没有{month}月，请核对")
    return year, month


def _in_range(day: dt.date) -> dt.date:
    _month(day.year, day.month, day.isoformat())
    return day


def _from_number(value: float, *, epoch1904: bool) -> dt.date:
    if not math.isfinite(value):
        raise DateProblem("单元格里的数值不是日期，请写成 2026-03-05 的样子")
    shown = f"{value:.15g}"
    if _COMPACT.fullmatch(shown):
        year, month, day = int(shown[:4]), int(shown[4:6]), int(shown[6:])
        return _day(year, month, day, shown)
    if _COMPACT_MONTH.fullmatch(shown) or re.fullmatch(r"(?:18|19|20)\d{2}\.\d{1,2}", shown):
        raise DateProblem(f"“{shown}”只有年月，没有写哪一日，请补上日期")
    if _LOOKS_LIKE_YEAR.fullmatch(shown):
        raise DateProblem(f"“{shown}”只有年份，请补上月和日")
    return from_serial(value, epoch1904=epoch1904)


def from_serial(serial: float, *, epoch1904: bool = False) -> dt.date:
    """The day of a spreadsheet serial number; a fraction (time of day) is dropped.

    In the 1900 system day 60 is 29 February 1900, which never was: it is refused, and days before it count from
    31 December 1899, later ones from a day earlier. Raises DateProblem outside 1900 to 2199.
    """
    whole = math.floor(serial)
    shown = f"{serial:.15g}"
    if epoch1904:
        base = dt.date(1904, 1, 1)
    elif whole == 60:
        raise DateProblem(f"单元格里的日期序号 {shown} 对应 1900年2月29日，没有这一天，请核对")
    else:
        base = dt.date(1899, 12, 31) if whole < 60 else dt.date(1899, 12, 30)
    if not (0 if epoch1904 else 1) <= whole <= 109_574:
        raise DateProblem(f"“{shown}”不是日期，请写成 2026-03-05 或 2026年3月5日 的样子")
    return base + dt.timedelta(days=whole)


def format_cn(day: dt.date) -> str:
    """2026年3月5日: Arabic figures, no leading zero (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


# --- time of day ----------------------------------------------------------------------------------------------------

_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.\d+)?)?")
_CLOCK_DIGITS: Final = re.compile(r"(\d{1,2})(\d{2})")
_CLOCK_WORDS: Final = re.compile(r"(\d{1,2})(?:点钟?|时)(?:(半)|(一刻|三刻)|(\d{1,2})分?)?")
_HALF_OF_DAY: Final = re.compile(r"(凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|am|pm)")


def parse_time(value: str | float | dt.time | dt.datetime) -> int:
    """Minutes since midnight of 8:30, ８：３０, 8.30, 0830, 8点半, 下午2:30, 14时30分 or a fraction of a day.

    Seconds are dropped, as a sign-in machine's are. 24:00 is 1440, the end of the day. Raises DateProblem otherwise; a
    bare "8" is refused, because it may be a number of hours.
    """
    if isinstance(value, dt.datetime | dt.time):
        return value.hour * 60 + value.minute
    if isinstance(value, bool):
        raise DateProblem("这里要填时刻，不能填“是”或“否”")
    if isinstance(value, int | float):
        return _time_from_number(value)
    shown = text.clean(value)
    plain = re.sub(r"\s", "", text.half_width(value)).lower()
    if not plain:
        raise DateProblem("没有填写时刻，请补填")
    with_date = re.fullmatch(r"\d{4}([-./])\d{1,2}\1\d{1,2}[t\s]+(\d.*)", text.half_width(value).lower())
    if with_date:
        plain = with_date[2]
    plain = re.sub("([一二两三四五六七八九十]+)(?=[点时分])", lambda match: _arabic(match.group(1)), plain)
    half = _HALF_OF_DAY.search(plain)
    if half:
        plain = plain.replace(half.group(), "", 1)
    hour, minute = _hour_minute(plain, shown)
    if (
        half
        and hour < 12
        and (half[1] in ("下午", "傍晚", "晚上", "晚", "pm") or (half[1] == "中午" and hour < 6))
    ):
        hour += 12
    if minute > 59 or hour * 60 + minute > _MINUTES_A_DAY:
        raise DateProblem(f"“{shown}”不是一天里的时刻，请写成 8:30 的样子")
    return hour * 60 + minute


def _hour_minute(plain: str, shown: str) -> tuple[int, int]:
    clock = _CLOCK.fullmatch(plain) or _CLOCK_DIGITS.fullmatch(plain)
    if clock:
        return int(clock[1]), int(clock[2])
    words = _CLOCK_WORDS.fullmatch(plain)
    if words:
        quarter = {"一刻": 15, "三刻": 45}.get(words[3] or "", 0)
        return int(words[1]), 30 if words[2] else quarter or int(words[4] or 0)
    if re.fullmatch(r"0?\.\d+", plain):
        return divmod(_time_from_number(float(plain)), 60)
    if re.fullmatch(r"\d{1,2}", plain):
        raise DateProblem(f"“{shown}”只有一个数，看不出是几点还是几小时，请写成 {int(plain)}:00 的样子")
    raise DateProblem(f"“{shown}”不是时刻，请写成 8:30 的样子")


def _time_from_number(value: float) -> int:
    """A fraction of a day (of a serial with date, its fraction); whole numbers of three or four digits as 830, 1430."""
    if not math.isfinite(value) or value < 0:
        raise DateProblem("单元格里的数值不是时刻，请写成 8:30 的样子")
    if value == int(value) and value >= 100:
        return parse_time(f"{int(value):04d}")
    if value == int(value) and value > 1:
        raise DateProblem(f"“{int(value)}”只有一个数，看不出是几点还是几小时，请写成 8:30 的样子")
    if value == 1:
        return _MINUTES_A_DAY
    # A tenth of a second is allowed for what a binary fraction lacks of the full minute.
    return math.floor((value % 1) * _MINUTES_A_DAY + 1 / 600)


def format_time(minutes: int) -> str:
    """HH:MM of minutes since midnight: 510 → "08:30". Raises ValueError outside one day (0 to 1440)."""
    if not 0 <= minutes <= _MINUTES_A_DAY:
        raise ValueError(f"not minutes of one day: {minutes}")
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}"
