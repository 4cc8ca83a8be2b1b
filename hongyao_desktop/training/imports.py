"""Sign-in sheets of training classes (培训签到表) on their way in.

The head of such a sheet names the class, its days, place and planned 学时; every further column is one session.  A
blank cell is not taken for an absence: it is asked about (PEERS section 8 item 8).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.people import queries as people
from hongyao_desktop.people import service as people_service
from hongyao_desktop.people.records import ID_NUMBER, NAME, PHONE
from hongyao_desktop.training import service
from hongyao_desktop.training.service import Mark

_MARKS = {
    "到": "√ ✓ ✔ ☑ ● ○ 到 已到 出勤 实到 签到 1 是 v V",
    "迟到": "迟到 迟 晚到",
    "早退": "早退 退",
    "请假": "请假 假 事假 病假 公假 公差",
    "缺勤": "缺勤 缺 缺席 旷课 未到 × ✗ X x 0 否",
}
MARK_WORDS = {word: mark for mark, words in _MARKS.items() for word in words.split()}
"""What stands in the cells of sign-in sheets, and what it means."""

_SESSION = re.compile(
    r"(?:(?P<year>\d{4})[年.\-/])?(?:(?P<month>\d{1,2})[月.\-/])?(?P<day>\d{1,2})[日号]?(?P<part>上午|下午|晚上|全天)?$"
)
_DAY = re.compile(r"(?P<year>\d{4})[年.\-/](?P<month>\d{1,2})[月.\-/](?P<day>\d{1,2})日?")
_UNTIL = re.compile(r"[—–\-至到~～]+(?:(?P<month>\d{1,2})[月.\-/])?(?P<day>\d{1,2})[日号]?")
_TITLE_TAIL = re.compile(r"(?:培训)?(?:人员)?(?:签到|考勤|点名|学员)(?:登记)?[表册簿]$")


@dataclass(frozen=True, slots=True)
class ClassHead:
    """What the head of a sheet says about the class."""

    name: str
    starts_on: dt.date
    ends_on: dt.date
    place: str | None
    teacher: str | None
    planned_credit: int


@dataclass(frozen=True, slots=True)
class RollLine:
    """One trainee of the sheet: the person found on file or None, and the marks by (day, part)."""

    person_id: str | None
    values: Mapping[str, Any]
    post: str | None
    marks: tuple[tuple[dt.date, str, str, str | None], ...]


def _days(text: str, year: int) -> tuple[dt.date, dt.date] | None:
    """First and last day named in a line such as 2026年5月11日—13日; None without a whole date."""
    flat = text.replace(" ", "")
    first = _DAY.search(flat)
    if first is None:
        short = re.search(r"(\d{1,2})月(\d{1,2})日", flat)
        if short is None:
            return None
        start, rest = dt.date(year, int(short[1]), int(short[2])), flat[short.end() :]
    else:
        start, rest = dt.date(int(first["year"]), int(first["month"]), int(first["day"])), flat[first.end() :]
    whole = _DAY.search(rest)
    if whole is not None:
        return start, dt.date(int(whole["year"]), int(whole["month"]), int(whole["day"]))
    until = _UNTIL.match(rest)
    if until is None:
        return start, start
    month = int(until["month"]) if until["month"] else start.month
    return start, dt.date(start.year, month, int(until["day"]))


def read_head(facts: SheetFacts, sessions: Sequence[tuple[dt.date, str]], today: dt.date) -> ClassHead:
    """The class a sheet speaks of; refuses when neither its head nor its columns name a day."""
    year = _title_year(facts.title) or today.year
    lines = facts.lines
    stated = next((lines[key] for key in ("时间", "培训时间", "日期", "培训日期") if key in lines), "")
    try:
        days = _days(stated, year)
    except ValueError:
        days = None
    if days is None and sessions:
        days = min(day for day, _part in sessions), max(day for day, _part in sessions)
    if days is None:
        raise Refusal("表头没有写明培训时间，请在表格上方写上“时间：2026年5月11日—13日”后再导入")
    credit = next((lines[key] for key in ("计划学时", "学时") if key in lines), "")
    try:
        planned = hours.parse_centi(credit) if credit else 0
    except ValueError:
        planned = 0
    name = _TITLE_TAIL.sub("", facts.title.replace(" ", "")) or facts.sheet_name
    return ClassHead(
        name=name,
        starts_on=days[0],
        ends_on=max(days),
        place=lines.get("地点") or lines.get("培训地点"),
        teacher=lines.get("主讲") or lines.get("授课人") or lines.get("主讲人"),
        planned_credit=planned,
    )


def _title_year(title: str) -> int | None:
    found = re.search(r"(20\d{2})年", title)
    return int(found[1]) if found else None


def session_columns(
    headers: Sequence[str], facts: SheetFacts, today: dt.date
) -> dict[str, tuple[dt.date, str]]:
    """The columns that are sessions: header text to (day, part). A day without a month takes the head's month."""
    year = _title_year(facts.title) or today.year
    stated = next((facts.lines[key] for key in ("时间", "培训时间", "日期") if key in facts.lines), "")
    try:
        days = _days(stated, year)
    except ValueError:
        days = None
    found: dict[str, tuple[dt.date, str]] = {}
    for header in headers:
        match = _SESSION.search(re.sub(r"[\s/（）()]", "", header))
        if match is None or (match["part"] is None and match["month"] is None and "日" not in header):
            continue
        month = int(match["month"]) if match["month"] else (days[0].month if days else today.month)
        start = days[0].year if days else year
        try:
            day = dt.date(int(match["year"]) if match["year"] else start, month, int(match["day"]))
        except ValueError:
            continue
        if days is not None and not match["month"] and day < days[0]:
            day = _next_month(day)
        found[header] = (day, match["part"] or "全天")
    return found


def is_session(header: str) -> bool:
    """True for a column header that names a session, such as 11日上午."""
    match = _SESSION.search(re.sub(r"[\s/（）()]", "", header))
    return match is not None and (match["part"] is not None or match["month"] is not None or "日" in header)


def _next_month(day: dt.date) -> dt.date:
    """The same day of the next month: a class that runs over the end of a month."""
    try:
        return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    except ValueError:
        return day


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What the sheet would add: the class, its sessions, the trainees and their marks."""
    today = clock.today()
    body = [row for row in rows if row.kind == "data"]
    headers = list(dict.fromkeys(header for row in body for header in row.raw))
    columns = session_columns(headers, facts, today)
    if not columns:
        raise Refusal("没有找到课次列，列名要像“11日上午”或“5月11日下午”，请核对表头")
    head = read_head(facts, list(columns.values()), today)
    problems: list[Problem] = []
    items: list[tuple[int, RollLine]] = []
    counts: Counter[str] = Counter()
    seen: dict[tuple[str, str], int] = {}
    for row in body:
        line, found = _line(reader, row, columns, counts)
        name, post = row.values.get("name") or "", row.values.get("post") or ""
        if name and (name, post) in seen:
            message = f"{name}与第 {seen[name, post]} 行重复，同一人只记一次"
            found.append(Problem(Level.ERROR, "trainee.repeated", message, "name"))
        seen.setdefault((name, post), row.number)
        problems += [
            problem.at(row=row.number, column=row.columns.get(problem.field or "")) for problem in found
        ]
        blocked = any(
            problem.level is Level.ERROR or problem.code == "trainee.same_name" for problem in found
        )
        if line is not None and not blocked:
            items.append((row.number, line))
    summary = {
        "班次": head.name,
        "起止": f"{head.starts_on.isoformat()} 至 {head.ends_on.isoformat()}",
        "读到学员": str(len(body)),
        "课次": str(len(columns)),
        **{mark: str(counts[mark]) for mark in (*_MARKS, "空白")},
    }
    return ImportPlan(tuple(items), tuple(problems), summary)


def _line(
    reader: Reader, row: SheetRow, columns: Mapping[str, tuple[dt.date, str]], counts: Counter[str]
) -> tuple[RollLine | None, list[Problem]]:
    found: list[Problem] = []
    marks: list[tuple[dt.date, str, str, str | None]] = []
    for header, (day, part) in columns.items():
        written = row.raw.get(header, "").strip()
        column = row.columns.get(header)
        if not written:
            counts["空白"] += 1
            message = f"{day.month}月{day.day}日{part}没有记号，确认是缺勤再补记，先不计入"
            found.append(Problem(Level.QUESTION, "mark.blank", message, None, row.number, column))
            continue
        mark = MARK_WORDS.get(written)
        if mark is None:
            message = f"“{written}”看不出是到、迟到、早退、请假还是缺勤，请改写"
            found.append(Problem(Level.ERROR, "mark.unknown", message, None, row.number, column, written))
            continue
        counts[mark] += 1
        reason = written if mark == "请假" and written not in ("请假", "假") else None
        marks.append((day, part, mark, reason))
    name, post = row.values.get("name"), row.values.get("post")
    if not name:
        found.append(Problem(Level.ERROR, "field.missing", "姓名没有填写", "name"))
        return None, found
    person_id, doubt = _who(reader, row.values)
    if doubt is not None:
        found.append(doubt)
    return RollLine(person_id, dict(row.values), post, tuple(marks)), found


def _who(reader: Reader, values: Mapping[str, Any]) -> tuple[str | None, Problem | None]:
    """The person on file: by number, by phone and name, or by name and post; a like name alone is asked about."""
    known = people_service.same_person(reader, values)
    if known is not None:
        return known["id"], None
    alike = people.find_people(reader, values["name"])
    post = values.get("post")
    same_post = [person for person in alike if post and person["employer"] == post]
    if len(same_post) == 1:
        return same_post[0]["id"], None
    if alike and not (post and all(person["employer"] for person in alike)):
        shown = alike[0]["employer"] or alike[0]["unit_name"] or "未写单位"
        message = (
            f"台账里已有同名的{values['name']}（{shown}），不能只凭姓名认定，请在表上补电话或证件号码，"
            "或先在人员台账里写明其单位及职务"
        )
        return None, Problem(Level.QUESTION, "trainee.same_name", message, "name")
    return None, None


def commit(writer: Writer, facts: SheetFacts, found: ImportPlan) -> int:
    """Write the class, its sessions, trainees and marks; returns how many marks were added or corrected."""
    lines: list[RollLine] = [item for _row, item in found.items]
    slots = sorted({(day, part) for line in lines for day, part, _mark, _reason in line.marks})
    head = read_head(facts, slots, writer.clock.today())
    class_id = _class(writer, head, facts, slots)
    sessions = {
        (day, part): _session(writer, class_id, day, part)
        for day, part in sorted(slots, key=lambda slot: (slot[0], "上全下晚".index(slot[1][0])))
    }
    rolls: dict[str, list[Mark]] = {session_id: [] for session_id in sessions.values()}
    for line in lines:
        person_id = line.person_id or people_service.save_person(
            writer, {**_person_values(line.values), "employer": line.post}, None
        )
        trainee_id = service.enrol_trainee(writer, class_id, person_id, post=line.post)
        for day, part, mark, reason in line.marks:
            rolls[sessions[day, part]].append(Mark(trainee_id, mark, reason))
    return sum(service.call_roll(writer, session_id, roll) for session_id, roll in rolls.items())


def _person_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in ("name", "phone", "id_number") if values.get(key)}


def _class(writer: Writer, head: ClassHead, facts: SheetFacts, slots: Sequence[tuple[dt.date, str]]) -> str:
    known = writer.one(
        "SELECT id FROM training_class WHERE name = ? AND starts_on = ?",
        (head.name, head.starts_on.isoformat()),
    )
    if known is not None:
        return str(known["id"])
    last = max([head.ends_on, *(day for day, _part in slots)])
    first = min([head.starts_on, *(day for day, _part in slots)])
    values = {
        "name": head.name,
        "form": "脱产",
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "place": head.place,
        "teacher": head.teacher,
        "planned_credit": head.planned_credit,
        "note": f"由“{facts.file_name}”导入",
    }
    return service.save_class(writer, values, None)


def _session(writer: Writer, class_id: str, day: dt.date, part: str) -> str:
    known = writer.one(
        "SELECT id FROM training_session WHERE class_id = ? AND held_on = ? AND part = ?",
        (class_id, day.isoformat(), part),
    )
    return str(known["id"]) if known is not None else service.hold_session(writer, class_id, day, part)


POST = Field(
    name="post",
    label="单位及职务",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.INTERNAL,
    width=12,
    aliases=("工作单位及职务", "单位职务", "职务", "单位", "工作单位"),
)
NOTE = Field(name="note", label="备注", type=Text(), sensitivity=Sensitivity.INTERNAL, width=10)

SIGN_IN = ImportTarget(
    name="attendance",
    label="培训签到表",
    fields=(NAME, POST, PHONE, ID_NUMBER, NOTE),
    plan=plan,
    commit=commit,
    register="attendance",
    claims=is_session,
    help="一张签到表是一个班次：表格上方写班名、时间、地点，每个课次一列（如“11日上午”），格内打√或写迟到、请假。",
)
