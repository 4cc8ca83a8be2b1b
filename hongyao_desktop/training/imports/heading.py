"""The head of a sign-in sheet: which class it speaks of, and which of its columns are sessions on which day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hongyao_desktop.core import hours, text
from hongyao_desktop.core.desk import SheetFacts
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.training import rules
from hongyao_desktop.training.records import FORMS, TIERS

Slot = tuple[dt.date, str]
"""A session as a sheet knows it: its day and its part of the day."""

_PARTS = (
    ("上午", "上午|早上|早晨|a\\.?m\\.?"),
    ("下午", "下午|午后|p\\.?m\\.?"),
    ("晚上", "晚上|晚间|夜间|晚"),
    ("全天", "全天|整天|全日"),
)
_PART = re.compile("|".join(f"(?P<p{place}>{words})" for place, (_part, words) in enumerate(_PARTS)))
_TAIL = re.compile(r"[/\-:,]*(?:签到|签名|签字|出勤|考勤|点名|到课|打卡)(?:情况)?$")
_SIGNED_OUT = re.compile(r"签退")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?")
_WEEKDAYS = "一二三四五六日"
_EDGES = "/-—:,、·()"
_DATED = re.compile(
    r"(?:(?P<year>20\d{2})[-./年])?(?:(?P<month>\d{1,2})(?P<sign>[-./月]))?(?P<day>\d{1,2})(?P<unit>[日号])?"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?)?"
)
_NUMBER = "[0-9一二三四五六七八九十]{1,3}"
_NTH_DAY = re.compile(f"第({_NUMBER})[天日]")
_NTH_LECTURE = re.compile(
    f"第({_NUMBER})(?:讲|课|节|次|场|期|堂|专题)|(?:课次|专题|讲座|课程|签到)({_NUMBER})"
)
_SAME_NAME = re.compile(r"#\d+$")

_WHOLE = re.compile(r"(20\d{2})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})[月.\-/](\d{1,2})[日号]?(?!\d)")
_UNTIL = re.compile(r"[—–\-至到~～]+(?:(20\d{2})[年.\-/])?(?:(\d{1,2})[月.\-/])?(\d{1,2})[日号]?")
_TITLE_TAIL = re.compile(
    r"(?:人员|学员)?(?:签到|考勤|点名|出勤|学员|花名)(?:登记|情况|统计)?[表册簿单]?(?:[（(].*[)）])?$"
)

_TIME = ("时间", "培训时间", "日期", "培训日期", "起止时间", "起止日期", "上课时间", "会议时间")
_PLACE = ("地点", "培训地点", "上课地点", "会议地点")
_TEACHER = ("主讲", "主讲人", "授课人", "授课老师", "授课教师", "讲师", "师资")
_HOST = ("主办", "主办单位", "举办单位", "组织单位")
_CREDIT = ("计划学时", "学时", "总学时", "培训学时")
_FORM = ("培训形式", "形式", "培训方式", "方式")
_ONLINE = re.compile("网络|线上|在线|云课堂|网上")


@dataclass(frozen=True, slots=True)
class ClassHead:
    """What the head of a sheet says about the class; ``planned_credit`` in hundredths of 学时."""

    name: str
    starts_on: dt.date
    ends_on: dt.date
    form: str
    tier: str | None
    place: str | None
    teacher: str | None
    host: str | None
    planned_credit: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The class of a sheet, its session columns by header text, and what is doubtful about them."""

    head: ClassHead
    columns: Mapping[str, Slot]
    topics: Mapping[Slot, str]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Column:
    """A column that looks like a session, before its day is known for certain."""

    header: str
    part: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    nth_day: int | None = None
    lecture: int | None = None
    weekday: int | None = None
    topic: str | None = None
    sure: bool = True


@dataclass(slots=True)
class _Span:
    """What is known of the days of the class: first and last day, else year and month."""

    days: tuple[dt.date, dt.date] | None
    year: int | None
    month: int | None
    today: dt.date
    problems: list[Problem] = field(default_factory=list)

    def date_of(self, column: _Column) -> dt.date | None:
        """The day of a column with at least a day of the month; None when there is no such day."""
        if column.day is None:
            return None
        month = column.month or (self.days[0].month if self.days else self.month)
        year = column.year or (self.days[0].year if self.days else self.year)
        if month is None:
            raise Refusal(f"“{column.header}”没有写月份，请在表格上方写上“时间：2026年5月11日—13日”后再导入")
        if year is None:
            year = self._guessed_year(month, column.day)
        try:
            day = dt.date(year, month, column.day)
        except ValueError:
            return None
        if self.days is not None and day < self.days[0] and not column.year:
            later = _next_month(day) if not column.month else rules.years_later(day, 1)
            return later if later <= self.days[1] + dt.timedelta(days=31) else day
        return day

    def _guessed_year(self, month: int, day: int) -> int:
        """A sheet without a year is the latest one that can have been held already."""
        year = self.today.year if (month, day) <= (self.today.month, self.today.day) else self.today.year - 1
        message = f"表上没有写年份，按 {year} 年记；不对的话请在表格上方写明时间再导入"
        if all(problem.code != "class.year" for problem in self.problems):
            self.problems.append(Problem(Level.WARNING, "class.year", message))
        return year


def read_heading(
    headers: Sequence[str], facts: SheetFacts, today: dt.date, rule_on: RuleSet | None = None
) -> Heading:
    """The class and the session columns of a sheet.

    ``rule_on`` tells how long a lecture without a part of the day is, by comparing the planned 学时. Refuses when no
    column can be a session, or when neither head nor columns name a day.
    """
    flat = text.half_width(facts.title)
    year = _first_number(r"(20\d{2})年?", flat)
    stated = _line(facts, _TIME)
    days = _days(text.half_width(stated), year or today.year) if stated else None
    span = _Span(days, year, _first_number(r"(?:20\d{2})年?[-./]?(\d{1,2})月", flat), today)
    columns = [column for header in headers if (column := _column(header)) is not None]
    planned = _planned(facts)
    slots = _settle(columns, span, planned, rule_on)
    if not slots:
        raise Refusal("没有找到课次列，列名要像“11日上午”或“5月11日下午”，请核对表头")
    held = [day for day, _part in slots.values()]
    first, last = (days[0], days[1]) if days else (min(held), max(held))
    head = ClassHead(
        name=_TITLE_TAIL.sub("", text.clean(facts.title).replace(" ", "")) or facts.sheet_name,
        starts_on=min(first, *held),
        ends_on=max(last, *held),
        form=_form(facts),
        tier=next((tier for tier in TIERS if tier in facts.title), None),
        place=_line(facts, _PLACE) or None,
        teacher=_line(facts, _TEACHER) or None,
        host=_line(facts, _HOST) or None,
        planned_credit=planned,
    )
    topics = {
        slots[column.header]: column.topic for column in columns if column.topic and column.header in slots
    }
    return Heading(head, slots, topics, tuple(span.problems))


# ------------------------------------------------------------------------------------------------------------- columns


def is_session(header: str) -> bool:
    """True for a header that may name a session, so that the import desk does not call it unknown."""
    return _column(header) is not None


def _column(header: str) -> _Column | None:
    """A header that may be a session, else None."""
    plain = re.sub(r"\s", "", text.half_width(_SAME_NAME.sub("", header))).lower()
    plain = plain.replace("（", "(").replace("）", ")")
    if _SIGNED_OUT.search(plain):
        return None
    plain = _TAIL.sub("", plain)
    weekday = _WEEKDAY.search(plain)
    rest = _WEEKDAY.sub("", plain)
    column = _Column(header)
    if weekday is not None:
        column.weekday = _WEEKDAYS.index(weekday[1].replace("天", "日"))
    found = _PART.search(rest)
    if found is None:
        return _dated(column, rest.strip(_EDGES))
    column.part = _PARTS[int(str(found.lastgroup)[1:])][0]
    before, after = rest[: found.start()].strip(_EDGES), rest[found.end() :].strip(_EDGES)
    if before and after:  # 5月11日上午党章学习: what follows is the topic
        column.topic = after
        return _dated(column, before)
    return _dated(column, before or after)


def _dated(column: _Column, rest: str) -> _Column | None:
    """The column with its day read from what is left of its header; None when that is no day."""
    part = column.part
    if not rest:
        return column if part or column.weekday is not None else None
    nth, lecture, dated = _NTH_DAY.fullmatch(rest), _NTH_LECTURE.fullmatch(rest), _DATED.fullmatch(rest)
    if nth is not None:
        column.nth_day = _number(nth[1])
    elif lecture is not None:
        column.lecture = _number(lecture[1] or lecture[2])
    elif dated is not None:
        column.year, column.month, column.day = (
            int(dated[name]) if dated[name] else None for name in ("year", "month", "day")
        )
        column.sure = bool(part or column.year or dated["unit"] or dated["sign"] == "月")
        if not column.sure and column.month is None:
            return None
    else:
        return None
    return column


def _number(figures: str) -> int | None:
    return int(figures) if figures.isdigit() else text.chinese_number(figures)


def _settle(columns: Sequence[_Column], span: _Span, planned: int, rule: RuleSet | None) -> dict[str, Slot]:
    """Give every session column its day and part."""
    slots: dict[str, Slot] = {}
    lectures = [column for column in columns if column.lecture is not None and column.part is None]
    seen_parts: dict[str, int] = {}
    for column in columns:
        if column in lectures:
            continue
        slot = _slot(column, span, seen_parts)
        if slot is None:
            continue
        taken = next((header for header, known in slots.items() if known == slot), None)
        if taken is not None:
            message = f"“{column.header}”与“{taken}”是同一时段，只读“{taken}”一列"
            span.problems.append(Problem(Level.WARNING, "session.twice", message))
            continue
        slots[column.header] = slot
    if lectures and not slots:
        return _lectures(lectures, span, planned, rule)
    return slots


def _slot(column: _Column, span: _Span, seen_parts: dict[str, int]) -> Slot | None:
    part = column.part or "全天"
    if column.day is not None:
        day = span.date_of(column)
        within = span.days is not None and day is not None and span.days[0] <= day <= span.days[1]
        return (day, part) if day is not None and (column.sure or within) else None
    if span.days is None:
        raise Refusal(f"“{column.header}”看不出是哪一天，请在表格上方写上“时间：2026年5月11日—13日”后再导入")
    first, last = span.days
    if column.nth_day is not None:
        day = first + dt.timedelta(days=column.nth_day - 1)
    elif column.weekday is not None:
        day = first + dt.timedelta(days=(column.weekday - first.weekday()) % 7)
    else:  # 上午、下午 alone: each of the same name is one day further
        day = first + dt.timedelta(days=seen_parts.get(part, 0))
        seen_parts[part] = seen_parts.get(part, 0) + 1
    return (day, part) if day <= last else None


def _lectures(columns: Sequence[_Column], span: _Span, planned: int, rule: RuleSet | None) -> dict[str, Slot]:
    """第一讲, 第二讲 …: two a day are morning and afternoon; one a day is what the planned 学时 say it is."""
    if span.days is None:
        raise Refusal(
            f"“{columns[0].header}”看不出是哪一天，请在表格上方写上“时间：2026年5月11日—13日”后再导入"
        )
    first, last = span.days
    days = (last - first).days + 1
    if len(columns) == 2 * days:
        parts = ["上午", "下午"] * days
    elif len(columns) == days and rule is not None:
        each = planned // days if planned % days == 0 else -1
        usual = {part: int(known["credit"]) for part, known in rule.body["parts"].items()}
        if each not in (usual["全天"], usual["上午"]):
            raise _unclear(columns, days)
        parts = ["全天" if each == usual["全天"] else "上午"] * days
    else:
        raise _unclear(columns, days)
    slots = {}
    for place, column in enumerate(columns):
        slots[column.header] = first + dt.timedelta(days=place * days // len(columns)), parts[place]
    day, part = slots[columns[0].header]
    message = (
        f"“{columns[0].header}”等 {len(columns)} 列没有写日期，从 {day.isoformat()} {part}起依次记；"
        "不对的话请把列名改成“11日上午”再导入"
    )
    span.problems.append(Problem(Level.WARNING, "session.order", message))
    return slots


def _unclear(columns: Sequence[_Column], days: int) -> Refusal:
    return Refusal(
        f"“{columns[0].header}”等 {len(columns)} 列分在 {days} 天里，看不出各是哪天哪个时段，"
        "请把列名改成“11日上午”的样子"
    )


# ---------------------------------------------------------------------------------------------------------------- head


def _line(facts: SheetFacts, keys: Sequence[str]) -> str:
    return next((facts.lines[key] for key in keys if facts.lines.get(key)), "")


def _first_number(pattern: str, flat: str) -> int | None:
    found = re.search(pattern, flat)
    return int(found[1]) if found else None


def _planned(facts: SheetFacts) -> int:
    try:
        return hours.parse_centi(_line(facts, _CREDIT))
    except ValueError:
        return 0


def _form(facts: SheetFacts) -> str:
    """网络 only when the sheet says so; never filed as 集中 training by mistake, which the summary shows."""
    stated = _line(facts, _FORM)
    named = next((form for form in FORMS if form in stated), None)
    if named is not None:
        return named
    return "网络" if _ONLINE.search(stated or facts.title) else "脱产"


def _days(stated: str, year: int) -> tuple[dt.date, dt.date] | None:
    """First and last day named in a line such as 2026年5月11日—13日; None without a day."""
    flat = re.sub(r"\s", "", _WEEKDAY.sub("", stated))
    try:
        whole = _WHOLE.search(flat)
        if whole is not None:
            first, rest = dt.date(*(int(part) for part in whole.groups())), flat[whole.end() :]
        else:
            short = _MONTH_DAY.search(flat)
            if short is None:
                return None
            first, rest = dt.date(year, int(short[1]), int(short[2])), flat[short.end() :]
        until = _UNTIL.match(rest)
        if until is None:
            return first, first
        month = int(until[2]) if until[2] else first.month
        later = first.year + (month < first.month)
        last = dt.date(int(until[1]) if until[1] else later, month, int(until[3]))
    except ValueError:
        return None
    return (first, last) if last >= first else None


def _next_month(day: dt.date) -> dt.date:
    """The same day of the next month, for a class that runs over the end of a month; the day itself where none is."""
    try:
        return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    except ValueError:
        return day
