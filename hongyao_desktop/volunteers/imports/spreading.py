"""Sheets of hours that are no list of one service a row (一行几人、一行几天), laid out as such a list.

Offices keep hours as attendance sheets with a column for each day, as one row for each activity with everybody in one
cell, and with 8:30-11:00 in one cell.  Each becomes rows of one person and one day; nothing is guessed: a tick says no
hours, and several days in one cell no hours of each.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from hongyao_desktop.core import dates, hours, text
from hongyao_desktop.core.desk import SheetFacts, SheetRow
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.imports.places import place_problem, written
from hongyao_desktop.volunteers.records.rows import duration_text

SPAN: Final = "span"
"""The field of a cell that holds both times: 8:30-11:00."""

_DAY = 24 * 60
_NOISE: Final = Decimal("0.01")
_MORE: Final = re.compile(r"[（(].*[）)]$")
_DAY_ALONE: Final = re.compile(r"(\d{1,2})[日号]")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_YEAR_MONTH: Final = re.compile(r"(?:(20\d\d)\s*[年.-]\s*)?(\d{1,2})\s*月")
_YEAR: Final = re.compile(r"(20\d\d)\s*年?")
_BETWEEN: Final = re.compile(r"\s*(?:[-－—–―~～]+|至|到)\s*")
_TIMES: Final = re.compile(
    r"(?:[上下中][午]|早上?|晚上?|次日)?\s*\d{1,2}\s*(?:[:：.]\d{2}|[点时](?:半|\d{1,2}分?)?)"
    r"\s*(?:[-－—–―~～]+|至|到)\s*"
    r"(?:[上下中][午]|早上?|晚上?|次日)?\s*\d{1,2}\s*(?:[:：.]\d{2}|[点时](?:半|\d{1,2}分?)?)"
)
_SEVERAL: Final = re.compile(r"[、，,；;]")
_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
_TICKS: Final = frozenset("√✓✔☑●○◯到是有")
_TITLE_END: Final = re.compile(r"(?:考勤|签到|登记|统计|汇总|记录|明细|时长|情况)+[表册单]?$")
_SUMS: Final = ("合计", "小计", "合计时长", "总时长", "本月合计")
_TELLS: Final = ("number", "phone", "id_number", "id_tail")


def is_day_header(header: str) -> bool:
    """Whether a column is one day: 1日, 9月1日, 9.1, 2026-09-01, with a weekday behind it or not."""
    plain = _MORE.sub("", text.clean(header))
    return bool(
        _DAY_ALONE.fullmatch(plain) or _MONTH_DAY.fullmatch(plain) or re.fullmatch(r"20\d\d[-./年].*", plain)
    )


def is_read_here(header: str) -> bool:
    """Columns that no field wants and that are looked at all the same: days, and what they are checked by."""
    return is_day_header(header) or header in _SUMS or header in ("人数", "参加人数")


def stands_in(headers: Collection[str]) -> frozenset[str]:
    """Columns of days tell the day, and such a sheet has its activity in its title."""
    return frozenset(("served_on", "title")) if any(map(is_day_header, headers)) else frozenset()


@dataclass(slots=True)
class Spread:
    """Rows of one person and one day each, and what was to be said about it."""

    rows: list[SheetRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    settled: set[tuple[int, str]] = field(default_factory=set)


def spread(facts: SheetFacts, rows: Sequence[SheetRow], fields: Collection[str], today: dt.date) -> Spread:
    """The rows with days, people and times apart; other rows as they are."""
    done = Spread()
    headers = {header for row in rows for header in row.raw if header not in fields and is_day_header(header)}
    days = _days(facts, headers, today)
    title = _title(facts) if headers and not any("title" in row.raw for row in rows) else None
    for row in rows:
        if row.kind != "data":
            done.rows.append(row)
            continue
        here = _fraction(_timed(row, done), done)
        if title and not here.values.get("title"):
            here = replace(here, values={**here.values, "title": title}, raw={**here.raw, "title": title})
        for one in _people(here, done):
            done.rows += (
                _by_day(one, days, headers, done.problems)
                if headers and not written(one, "served_on")
                else [one]
            )
    return done


# ------------------------------------------------------------------------------------------------ times


def _timed(row: SheetRow, done: Spread) -> SheetRow:
    """Both times of one cell as start and end; a cell that is no span stays with what else the row says."""
    if written(row, "starts_minute") or written(row, "ends_minute"):
        return row
    for name in (SPAN, "served_on", "minutes"):
        found = _TIMES.search(row.raw.get(name) or "")
        both = _both(found.group()) if found else None
        if found is not None and both is not None:
            starts, ends = both
            raw = {**row.raw, "starts_minute": found.group(), "ends_minute": found.group()}
            if name == "minutes":
                raw["minutes"] = ""
                done.settled.add((row.number, name))
            return replace(row, values={**row.values, "starts_minute": starts, "ends_minute": ends}, raw=raw)
    return row


def _fraction(row: SheetRow, done: Spread) -> SheetRow:
    """A length kept as a part of a day, which a spreadsheet shows as 2:30, is that many minutes of the day."""
    shown = (row.raw.get("minutes") or "").strip()
    if row.values.get("minutes") is not None or not re.fullmatch(r"0?\.\d{4,}", shown):
        return row
    minutes = Decimal(shown) * _DAY
    whole = round(minutes)
    if not whole or abs(minutes - whole) > _NOISE:
        return row
    message = f"时长“{shown}”按一天的几分之几读作 {duration_text(whole)}，请核对"
    done.problems.append(place_problem(Problem(Level.WARNING, "import.fraction", message, "minutes"), row))
    done.settled.add((row.number, "minutes"))
    return replace(row, values={**row.values, "minutes": whole})


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


# ------------------------------------------------------------------------------------------------ people


def _people(row: SheetRow, done: Spread) -> list[SheetRow]:
    """One row for each person of a cell that names several and tells nobody apart."""
    names = [name.strip() for name in _SEVERAL.split(text.clean(row.raw.get("name") or "")) if name.strip()]
    if len(names) < 2 or not all(map(_NAME.fullmatch, names)) or any(written(row, key) for key in _TELLS):
        return [row]
    length = row.values.get("minutes")
    each = f"各记 {duration_text(length)}" if length else "各记一条"
    message = f"这一格有 {len(names)} 人，{each}，请核对"
    done.settled.add((row.number, "name"))
    done.problems.append(place_problem(Problem(Level.WARNING, "import.several", message, "name"), row))
    counted = (row.raw.get("人数") or row.raw.get("参加人数") or "").strip().removesuffix("人")
    if counted.isdigit() and int(counted) != len(names):
        message = f"表上写 {counted} 人，名单里是 {len(names)} 人，请核对"
        done.problems.append(place_problem(Problem(Level.WARNING, "import.counted", message, "name"), row))
    return [
        replace(row, values={**row.values, "name": name}, raw={**row.raw, "name": name}) for name in names
    ]


# ------------------------------------------------------------------------------------------------ days


def _days(facts: SheetFacts, headers: Collection[str], today: dt.date) -> dict[str, dt.date]:
    """The day of each column; year and month stand in title, sheet or file name."""
    year: int | None = None
    month: int | None = None
    for words in (facts.title, *facts.lines.values(), *facts.more, facts.sheet_name, facts.file_name):
        if (known := _YEAR_MONTH.search(words)) and month is None:
            year, month = int(known[1]) if known[1] else year, int(known[2])
        if year is None and (told := _YEAR.search(words)):
            year = int(told[1])
    found = {}
    for header in headers:
        plain = _MORE.sub("", text.clean(header))
        alone, pair = _DAY_ALONE.fullmatch(plain), _MONTH_DAY.fullmatch(plain)
        try:
            if alone and month is not None:
                found[header] = dt.date(year or today.year, month, int(alone[1]))
            elif pair:
                found[header] = dt.date(year or today.year, int(pair[1]), int(pair[2]))
            elif not alone:
                found[header] = dates.parse_date(plain, today=today)
        except ValueError:
            continue  # the column is named with the first row that has something in it
    return found


def _title(facts: SheetFacts) -> str | None:
    """The activity a sheet of attendance is about: its line 活动名称, or its title without the words for a sheet."""
    named = facts.lines.get("活动名称") or facts.lines.get("活动")
    if named:
        return named.strip()
    plain = _MORE.sub("", facts.title.strip()).strip()
    plain = _YEAR_MONTH.sub("", plain).removesuffix("份")
    return _TITLE_END.sub("", plain).strip(" 　份的") or plain or None


def _by_day(
    row: SheetRow, days: Mapping[str, dt.date], headers: Collection[str], problems: list[Problem]
) -> list[SheetRow]:
    """One row for each day that has something written under it."""
    made = []
    for header in row.raw:
        cell = text.clean(row.raw[header]) if header in headers else ""
        if not cell or cell in {"0", "/", "-", "—", "×", "无"}:
            continue
        letter = row.columns.get(header)
        columns = {**row.columns, **({"minutes": letter, "served_on": letter} if letter else {})}
        here = replace(row, columns=columns, raw={**row.raw, "served_on": header, "minutes": cell})
        if header not in days:
            message = f"“{header}”看不出是哪年哪月的，请在标题里写明，如 2026年9月"
            problems.append(place_problem(Problem(Level.ERROR, "import.day", message, "served_on"), here))
            continue
        try:
            length = row.values.get("minutes") if cell in _TICKS else hours.parse_hours(cell)
        except hours.AmountProblem as unread:
            problems.append(place_problem(Problem(Level.ERROR, "import.cell", str(unread), "minutes"), here))
            continue
        if not length:
            message = f"{dates.format_cn(days[header])}只打了记号，没有写几小时，请改写成小时数"
            problems.append(place_problem(Problem(Level.ERROR, "import.tick", message, "minutes"), here))
            continue
        values = {**row.values, "served_on": days[header].isoformat(), "minutes": length}
        made.append(replace(here, values=values))
    stated = next((row.raw[name] for name in _SUMS if row.raw.get(name)), "")
    counted = sum(one.values["minutes"] for one in made)
    if made and _hours_of(stated) not in (None, counted):
        message = f"表上合计 {stated}，逐日相加 {duration_text(counted)}，请核对"
        problems.append(place_problem(Problem(Level.WARNING, "import.row_total", message, "name"), row))
    return made


def _hours_of(shown: str) -> int | None:
    try:
        return hours.parse_hours(shown)
    except hours.AmountProblem:
        return None
