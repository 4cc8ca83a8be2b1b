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
from hongyao_desktop.volunteers.imports import around
from hongyao_desktop.volunteers.imports.around import MORE
from hongyao_desktop.volunteers.imports.crossing import (
    Knows,
    bare_name,
    by_person,
    may_be_people,
    people_columns,
    split_names,
)
from hongyao_desktop.volunteers.imports.places import place_problem, written
from hongyao_desktop.volunteers.records.rows import duration_text

SPAN: Final = "span"
"""The field of a cell that holds both times: 8:30-11:00."""

_DAY = 24 * 60
_NOISE: Final = Decimal("0.01")
_DAY_ALONE: Final = re.compile(r"(\d{1,2})[日号]?")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_TICKS: Final = frozenset("√✓✔☑●○◯到是有")
_WEEKDAYS: Final = re.compile(r"(?:星期|周)?[一二三四五六日天]")
_SUMS: Final = ("合计", "小计", "合计时长", "总时长", "本月合计")
_TELLS: Final = ("number", "phone", "id_number", "id_tail")
_APART: Final = re.compile(r"(?:.*[/：:])?(?:志愿|服务|活动)*(?:时长)?[（(]?(小时|时|分钟|分)数?[）)]?")
"""Columns of hours and of minutes beside each other, or of minutes alone."""
_LENGTHS: Final = ("时间", "服务时间", "活动时间", "志愿服务时间")
"""Columns that hold a day in one office, both times in another, a length in the next."""
_YMD: Final = ("年", "月", "日")


def _leaf(header: str) -> tuple[str, str]:
    """The group over a column and its own text, without a weekday below or in brackets behind: 2026年3月/5日/四."""
    parts = [MORE.sub("", part) for part in text.clean(header).split("/")]
    while len(parts) > 1 and _WEEKDAYS.fullmatch(parts[-1]):
        parts.pop()
    if len(parts) > 1 and all(part.isdigit() for part in parts):
        return "", "/".join(parts)  # 2026/3/5, 3/5
    return "/".join(parts[:-1]), parts[-1]


def is_day_header(header: str) -> bool:
    """Whether a column is one day: 1日, 5, 9月1日, 9.1, 2026-09-01, with a weekday or below its month or not."""
    plain = _leaf(header)[1]
    alone = _DAY_ALONE.fullmatch(plain)
    if alone:
        return 1 <= int(alone[1]) <= 31
    return bool(_MONTH_DAY.fullmatch(plain) or re.fullmatch(r"20\d\d[-./年].*[\d日号]", plain))


def is_read_here(header: str) -> bool:
    """Columns that no field wants and that are looked at all the same: days, and what they are checked by."""
    return (
        is_day_header(header)
        or header in (*_SUMS, *_LENGTHS, *_YMD, "人数", "参加人数")
        or _APART.fullmatch(header) is not None
    )


def stands_in(headers: Collection[str], facts: SheetFacts, first: Mapping[str, str]) -> frozenset[str]:
    """Columns of days tell the day, columns of people who it was; title and day may stand around the table."""
    found = around.stands_in(headers, facts, first, dt.date.max)
    if any(map(is_day_header, headers)):
        found |= {"served_on", "title"}
    if "日" in headers:
        found |= {"served_on"}
    if may_be_people(headers):
        found |= {"name"}
    return found


@dataclass(slots=True)
class Spread:
    """Rows of one person and one day each, and what was to be said about it."""

    rows: list[SheetRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    settled: set[tuple[int, str]] = field(default_factory=set)


def spread(
    facts: SheetFacts,
    rows: Sequence[SheetRow],
    fields: Collection[str],
    today: dt.date,
    knows: Knows = lambda _name: False,
) -> Spread:
    """The rows with days, people and times apart; other rows as they are."""
    done = Spread()
    known = {header for row in rows for header in row.raw if header not in fields}
    headers = {header for header in known if is_day_header(header)}
    if not any("name" in row.raw for row in rows):
        people = people_columns(known, knows)
        done.settled |= {(0, header) for header in people}
        rows = list(by_person(rows, people, done.problems))
    days = _days(facts, headers, today)
    head = _from_head(facts, rows, headers, today, done)
    for row in rows:
        if row.kind != "data":
            done.rows.append(row)
            continue
        if headers and _is_weekdays(row, headers):
            continue  # the days of the week below the days of the month
        here = _fraction(
            _apart(_timed(_dated(_whole_day(row, facts, today), facts, today), done), done), done
        )
        here = _told(here, head)
        for one in (part for each in _people(here, done, knows) for part in _parts(each, done)):
            done.rows += (
                _by_day(one, days, headers, done.problems)
                if headers and not written(one, "served_on")
                else [one]
            )
    return done


def _from_head(
    facts: SheetFacts, rows: Sequence[SheetRow], headers: Collection[str], today: dt.date, done: Spread
) -> around.Told:
    """What the head tells of all rows, less what a column tells; what was taken from there is said."""
    told = around.told(facts, today)
    here = {name for row in rows for name in row.raw}
    title = None if "title" in here else told.title
    has_day = "served_on" in here or headers or "日" in here or any(name in here for name in _LENGTHS)
    day = None if has_day else told.day
    timed = bool(here & {"minutes", "starts_minute", "ends_minute", SPAN, *_LENGTHS} or headers)
    timed = timed or any(_APART.fullmatch(name) for name in here)
    span = None if timed else told.span
    said = [f"活动名称“{title}”"] if title and not headers else []
    said += [f"服务日期{dates.format_cn(dt.date.fromisoformat(day))}"] if day else []
    said += [f"时长 {duration_text(span[1] - span[0])}"] if span else []
    if said:
        message = f"表里没有这几列，按表头上方写的登记：{'、'.join(said)}，请核对"
        done.problems.append(Problem(Level.WARNING, "import.head", message))
    return around.Told(title, day, span)


def _told(row: SheetRow, head: around.Told) -> SheetRow:
    """The row with what stands around the table of all rows."""
    values, raw = dict(row.values), dict(row.raw)
    for name, value in (("title", head.title), ("served_on", head.day)):
        if value and not values.get(name) and not written(row, name):
            values[name], raw[name] = value, value
    if head.span is not None:
        values["starts_minute"], values["ends_minute"] = head.span
    return replace(row, values=values, raw=raw)


# ------------------------------------------------------------------------------------------------ times


def _whole_day(row: SheetRow, facts: SheetFacts, today: dt.date) -> SheetRow:
    """A day kept in columns of its own for year, month and day."""
    shown = [(row.raw.get(name) or "").strip().rstrip("年月日") for name in _YMD]
    if written(row, "served_on") or not shown[2].isdigit():
        return row
    year, month = around.period(facts)
    parts = [
        int(part) if part.isdigit() else told for part, told in zip(shown, (year, month, None), strict=True)
    ]
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return row
    said = f"{parts[0]}-{parts[1]}-{parts[2]}"
    try:
        day = dates.parse_date(said, today=today)
    except dates.DateProblem:
        return row
    return replace(
        row, values={**row.values, "served_on": day.isoformat()}, raw={**row.raw, "served_on": said}
    )


def _dated(row: SheetRow, facts: SheetFacts, today: dt.date) -> SheetRow:
    """The day told by a sign-in machine's time, or by a column 时间, where no column is the day's own."""
    if written(row, "served_on"):
        return row
    for name in ("starts_minute", *_LENGTHS):
        shown = row.raw.get(name) or ""
        day = around.clock_day(shown, facts, today)
        if day is not None:
            return replace(row, values={**row.values, "served_on": day}, raw={**row.raw, "served_on": shown})
    return row


def _timed(row: SheetRow, done: Spread) -> SheetRow:
    """Both times of one cell as start and end; a cell that is no span stays with what else the row says."""
    if written(row, "starts_minute") or written(row, "ends_minute"):
        return row
    for name in (SPAN, "served_on", "minutes", *_LENGTHS):
        found = around.times_in(row.raw.get(name) or "")
        if found is not None:
            shown, (starts, ends) = found
            raw = {**row.raw, "starts_minute": shown, "ends_minute": shown}
            if name == "minutes":
                raw["minutes"] = ""
                done.settled.add((row.number, name))
            return replace(row, values={**row.values, "starts_minute": starts, "ends_minute": ends}, raw=raw)
    return row


def _parts(row: SheetRow, done: Spread) -> list[SheetRow]:
    """One row for each pair of times of a cell that holds several, morning and afternoon."""
    spans = max(
        (around.all_times(row.raw.get(name) or "") for name in (SPAN, "served_on", "minutes", *_LENGTHS)),
        key=len,
    )
    if len(spans) < 2:
        return [row]
    lengths = [ends - starts if ends > starts else ends - starts + _DAY for starts, ends in spans]
    written_length = row.values.get("minutes")
    if written_length is not None and written_length != sum(lengths):
        message = (
            f"一格里有 {len(spans)} 段时间，相加 {duration_text(sum(lengths))}，"
            f"与时长 {duration_text(written_length)}不一致，请分成几行填写"
        )
        done.problems.append(place_problem(Problem(Level.ERROR, "import.spans", message, SPAN), row))
        return []
    message = f"一格里有 {len(spans)} 段时间，分作 {len(spans)} 条登记，请核对"
    done.problems.append(place_problem(Problem(Level.WARNING, "import.spans", message, SPAN), row))
    return [
        replace(
            row, values={**row.values, "starts_minute": pair[0], "ends_minute": pair[1], "minutes": length}
        )
        for pair, length in zip(spans, lengths, strict=True)
    ]


def _apart(row: SheetRow, done: Spread) -> SheetRow:
    """A length kept as hours and minutes in two columns, as minutes alone, or below a header that only says 时间."""
    if written(row, "minutes") or row.values.get("starts_minute") is not None:
        return row
    minutes, shown, letters = 0, "", None
    for header, cell in row.raw.items():
        unit = _APART.fullmatch(header)
        if unit is None or not cell.strip() or header in row.values:
            continue
        shown, letters = f"{shown}{cell.strip()}{unit[1]}", letters or row.columns.get(header)
        try:
            minutes += hours.parse_hours(f"{cell.strip()}{'小时' if unit[1] in ('小时', '时') else '分钟'}")
        except hours.AmountProblem:
            minutes = 0
            break
    if not shown:
        for name in _LENGTHS:
            cell = (row.raw.get(name) or "").strip()
            length = _hours_of(cell) if cell and name not in row.values else None
            if length:
                minutes, shown, letters = length, cell, row.columns.get(name)
                message = f"“{name}”一列的“{cell}”按时长 {duration_text(length)} 读取，请核对"
                at = replace(row, columns={**row.columns, "minutes": letters} if letters else row.columns)
                done.problems.append(
                    place_problem(Problem(Level.WARNING, "import.length", message, "minutes"), at)
                )
                break
    if not shown:
        return row
    return replace(
        row,
        values={**row.values, "minutes": minutes or None},
        raw={**row.raw, "minutes": shown},
        columns={**row.columns, "minutes": letters} if letters else row.columns,
    )


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


# ------------------------------------------------------------------------------------------------ people


def _people(row: SheetRow, done: Spread, knows: Knows) -> list[SheetRow]:
    """One row for each person of a cell that names several and tells nobody apart."""
    names = split_names(row.raw.get("name") or "", knows)
    if len(names) < 2 or any(written(row, key) for key in _TELLS):
        one, found = bare_name(row, knows)
        if found is not None:
            done.settled.add((row.number, "name"))
            done.problems.append(place_problem(found, row))
        return [one]
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


def _is_weekdays(row: SheetRow, headers: Collection[str]) -> bool:
    """A row of nothing but weekdays below the days."""
    cells = [cell for header in headers if (cell := text.clean(row.raw.get(header) or ""))]
    return bool(cells) and not written(row, "name") and all(map(_WEEKDAYS.fullmatch, cells))


def _days(facts: SheetFacts, headers: Collection[str], today: dt.date) -> dict[str, dt.date]:
    """The day of each column; year and month stand over it, in title, sheet or file name."""
    year, month = around.period(facts)
    found = {}
    for header in headers:
        group, plain = _leaf(header)
        over = around.YEAR_MONTH.search(group)
        here = (int(over[1]) if over[1] else year, int(over[2])) if over else (year, month)
        alone, pair = _DAY_ALONE.fullmatch(plain), _MONTH_DAY.fullmatch(plain)
        try:
            if alone and here[1] is not None:
                found[header] = dt.date(here[0] or today.year, here[1], int(alone[1]))
            elif pair:
                found[header] = dt.date(here[0] or today.year, int(pair[1]), int(pair[2]))
            elif not alone:
                found[header] = dates.parse_date(plain, today=today)
        except ValueError:
            continue  # the column is named with the first row that has something in it
    return found


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
