"""Sheets of service hours (服务时长登记表) on their way in.

What the hours rest on (时长来源): this office did not see the sign-in, it only has the table.  So rows come in as
导入, with the times the table gives and the file, sheet and row they stood in; rows the table itself marks 补录 come
in as 补录 with the reason 原表注明补录.  Only what is keyed in here from a sign-in sheet counts as 签到.  So an auditor
can tell hours to be checked against paper in this office from hours to be checked where the table was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hongyao_desktop.core import names
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Code, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal, has_errors
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.text import quoted
from hongyao_desktop.volunteers.imports.covered import ID_TAIL, telling
from hongyao_desktop.volunteers.imports.crossing import names_in
from hongyao_desktop.volunteers.imports.matching import Roster
from hongyao_desktop.volunteers.imports.places import Soundness, Units, place_problem, source_of, written
from hongyao_desktop.volunteers.imports.spreading import SPAN, is_read_here, spread, stands_in
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord, duration_text
from hongyao_desktop.volunteers.records.services import ACTIVITIES, SERVICES
from hongyao_desktop.volunteers.records.volunteers import CATEGORY, VOLUNTEERS
from hongyao_desktop.volunteers.service.recording import findings, open_activity, write_services

_MADE_UP_WORDS = ("补录", "补登", "补记", "补签")
_MADE_UP_REASON = "原表注明补录"
_DAY = 24 * 60

_TITLE = SERVICES.field("title")
_NAME = VOLUNTEERS.field("name")
_MINUTES = SERVICES.field("minutes")
_LENGTHS = (
    *("服务时数", "时数", "服务时间（小时）", "活动时间（小时）", "时间（小时）", "志愿服务时间（小时）"),
    *("志愿时长", "活动时长", "认定时长", "有效时长", "志愿服务时长"),
)
FIELDS = (
    replace(
        _TITLE,
        aliases=(
            *_TITLE.aliases,
            "活动内容",
            "服务项目",
            "志愿服务内容",
            "服务活动",
            "志愿活动",
            "项目名称",
            "活动项目",
        ),
    ),
    SERVICES.field("served_on"),
    replace(
        _NAME,
        required=True,
        aliases=(*_NAME.aliases, "参加人员", "参与人员", "服务人员", "参加志愿者", "志愿者名单", "人员名单"),
    ),
    ID_TAIL,
    telling(VOLUNTEERS.field("id_number")),
    Field(
        name="number",
        label="志愿者编号",
        type=Code(max_chars=20),
        sensitivity=Sensitivity.OPEN,
        aliases=("编号",),
    ),
    telling(VOLUNTEERS.field("phone")),
    SERVICES.field("starts_minute"),
    SERVICES.field("ends_minute"),
    Field(
        name=SPAN,
        label="起止时间",
        type=Text(max_chars=60),
        sensitivity=Sensitivity.OPEN,
        aliases=("起止", "时间段", "服务时段", "时段", "服务起止时间", "活动时段", "起止时刻"),
        help="如 8:30-11:00。",
    ),
    replace(_MINUTES, required=False, aliases=(*_MINUTES.aliases, "每人时长", "人均时长", "工时", *_LENGTHS)),
    replace(SERVICES.field("reason"), label="补录原因", aliases=()),
    SERVICES.field("witness"),
    replace(CATEGORY, section="基本"),
    ACTIVITIES.field("place"),
    Field(
        name="remark",
        label="备注",
        type=Text(max_chars=200),
        sensitivity=Sensitivity.INTERNAL,
        aliases=("说明",),
        help="写有“补录”的按补录登记。",
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to be written: its record (without activity), its activity's category and place."""

    record: ServiceRecord
    category: str | None
    place: str | None
    unit_id: str | None


@dataclass(slots=True)
class _Count:
    read: int = 0
    minutes: int = 0
    unknown: int = 0
    known: int = 0
    clashes: int = 0
    stated: int | None = None


@dataclass(slots=True)
class _Above:
    """What the row above said, for cells left blank below it."""

    title: str | None = None
    served_on: str | None = None


@dataclass(slots=True)
class _Read:
    """Rows that could be read as records, each with its findings so far."""

    lines: list[tuple[SheetRow, Line]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    settled: frozenset[tuple[int, str]] = frozenset()
    count: _Count = field(default_factory=_Count)


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this sheet would do. Writes nothing."""
    home = Units(reader).of_sheet(facts)
    read = _read_rows(reader, facts, rows, home.unit_id, clock.today())
    count = read.count
    items: list[tuple[int, Any]] = []
    records = [line.record for _, line in read.lines]
    # The operator of the import is not the one who served; "recorder = beneficiary" has no meaning here.
    judged = findings(reader, records, activity=None, today=clock.today(), recorder="")
    known = _already_there(reader, records)
    for place, ((row, line), found) in enumerate(zip(read.lines, judged, strict=True)):
        if place in known:
            count.known += 1
            message = f"{row.values['name']}的{line.record.described()}已经登记过，不重复登记"
            read.problems.append(place_problem(Problem(Level.WARNING, "import.known", message, "name"), row))
            continue
        count.clashes += any(problem.code == "service.overlap" for problem in found)
        read.problems += [place_problem(problem, row) for problem in found]
        if not has_errors(found):
            items.append((row.number, line))
    if count.stated is not None and count.stated != count.minutes:
        message = f"表上合计 {duration_text(count.stated)}，逐行相加 {duration_text(count.minutes)}，请核对"
        read.problems.append(Problem(Level.WARNING, "import.total", message, "minutes"))
    summary = {
        "读到记录": str(count.read),
        "时长合计（小时）": duration_text(count.minutes).removesuffix(" 小时"),
        "可登记": str(len(items)),
        "重叠": str(count.clashes),
        "已登记过": str(count.known),
        "没有对应的志愿者": str(count.unknown),
        "活动": str(len({(line.record.title, line.record.served_on) for _, line in items})),
    }
    return ImportPlan(tuple(items), (*home.problems, *read.problems), summary, read.settled)


def _read_rows(
    reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], home: str | None, today: dt.date
) -> _Read:
    read = _Read()
    written_names = [name for row in rows if row.raw.get("name") for name in names_in(row.raw["name"])]
    named = any("name" in row.raw for row in rows)
    if not named:
        written_names += [names.clean(header) for row in rows[:1] for header in row.raw]
    roster = Roster(reader, list(dict.fromkeys(written_names)))
    laid = spread(facts, rows, [known.name for known in FIELDS], today, roster.knows)
    read.problems += laid.problems
    read.settled = frozenset(laid.settled)
    rows = laid.rows
    if not named and not any(place[0] == 0 for place in laid.settled):
        message = (
            f"工作表“{facts.sheet_name}”没有“姓名”一列，列名里也没有花名册上的人，没有读取；"
            "一列是一个人的表，列名要写花名册里的姓名"
        )
        read.problems.append(Problem(Level.ERROR, "import.no_people", message))
        rows = ()
    above = _Above()
    sound = Soundness(FIELDS, today)
    for row in rows:
        if row.kind == "total":
            read.count.stated = row.values.get("minutes") or read.count.stated
        if row.kind != "data" or not any(
            written(row, name) for name in ("name", "minutes", "starts_minute", SPAN)
        ):
            continue
        read.count.read += 1
        values, found = _filled(row, above)
        read.count.minutes += values.get("minutes") or 0
        record = None
        if not has_errors(found) and sound(row):
            match = roster.match(values)
            if match.problem is not None:
                found.append(match.problem)
            if match.row is None:
                read.count.unknown += 1
            else:
                record = _record(facts, row, values, match.row["id"])
        read.problems += [place_problem(problem, row) for problem in found]
        if record is not None:
            read.lines.append((row, Line(record, values.get("category"), values.get("place"), home)))
    return read


def _filled(row: SheetRow, above: _Above) -> tuple[dict[str, Any], list[Problem]]:
    """The row's values with title and day taken from the row above where blank, and the length from the times."""
    values = {name: value for name, value in row.values.items() if value is not None}
    found: list[Problem] = []
    for name, label in (("title", "活动名称"), ("served_on", "服务日期")):
        if name not in values and not written(row, name):
            if getattr(above, name) is None:
                found.append(Problem(Level.ERROR, "import.blank", f"没有填写{label}", name))
            else:
                values[name] = getattr(above, name)
        elif name in values:
            setattr(above, name, values[name])
    starts, ends = values.get("starts_minute"), values.get("ends_minute")
    if starts is not None and ends is not None and ends <= starts:
        ends = values["ends_minute"] = ends + _DAY
    if "minutes" not in values and not written(row, "minutes"):
        if starts is None or ends is None:
            found.append(Problem(Level.ERROR, "import.blank", "没有填写时长，也没有签到签退时间", "minutes"))
        else:
            values["minutes"] = ends - starts
    if not written(row, "name"):
        found.append(Problem(Level.ERROR, "import.blank", "没有填写志愿者姓名", "name"))
    return values, found


def _record(facts: SheetFacts, row: SheetRow, values: dict[str, Any], volunteer_id: str) -> ServiceRecord:
    remark = str(values.get("remark") or "")
    made_up = any(word in remark for word in _MADE_UP_WORDS) or bool(values.get("reason"))
    reason = values.get("reason") or _MADE_UP_REASON
    return ServiceRecord(
        volunteer_id=volunteer_id,
        title=values["title"],
        served_on=dt.date.fromisoformat(values["served_on"]),
        minutes=values["minutes"],
        evidence=Evidence.MADE_UP if made_up else Evidence.IMPORTED,
        starts_minute=values.get("starts_minute"),
        ends_minute=values.get("ends_minute"),
        reason=reason if made_up else (remark or None),
        witness=values.get("witness"),
        source=source_of(facts, row),
    )


def _already_there(reader: Reader, records: Sequence[ServiceRecord]) -> set[int]:
    """Places of the records that are on file already, word for word: the same sheet was imported before."""
    if not records:
        return set()
    days = [record.served_on for record in records]
    people = [record.volunteer_id for record in records]
    on_file = {
        _content(other)
        for others in lookups.services_around(reader, people, min(days), max(days)).values()
        for other in others
    }
    return {place for place, record in enumerate(records) if _content(record) in on_file}


def _content(record: ServiceRecord) -> tuple[Any, ...]:
    times = (record.starts_minute, record.ends_minute, record.minutes)
    return (record.volunteer_id, record.title, record.served_on, *times)


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Write the plan's records with their points, making the activities not yet on file; returns how many."""
    groups: dict[tuple[str, dt.date], list[Line]] = {}
    for _row, line in planned.items:
        groups.setdefault((line.record.title, line.record.served_on), []).append(line)
    services: list[tuple[ServiceRecord, str | None]] = []
    for (title, day), lines in groups.items():
        activity_id, category = _activity(writer, title, day, lines)
        services += [
            (replace(line.record, activity_id=activity_id), line.category or category) for line in lines
        ]
    return len(write_services(writer, services))


def _activity(writer: Writer, title: str, day: dt.date, lines: Sequence[Line]) -> tuple[str, str | None]:
    """The activity these rows belong to and its category: the one on file, or a new one with the rows' times."""
    on_file = lookups.activities_named(writer, title, day)
    mine = [activity for activity in on_file if activity.unit_id == lines[0].unit_id] or on_file
    if mine:
        if mine[0].id is None:
            raise Refusal(f"活动{quoted(title)}读取不完整，请重新打开台账后再导入")
        return mine[0].id, mine[0].category
    category = next((line.category for line in lines if line.category), None)
    starts = [line.record.starts_minute for line in lines if line.record.starts_minute is not None]
    ends = [line.record.ends_minute for line in lines if line.record.ends_minute is not None]
    head = Activity(
        title=title,
        held_on=day,
        category=category,
        unit_id=lines[0].unit_id,
        place=next((line.place for line in lines if line.place), None),
        starts_minute=min(starts) if starts and ends else None,
        ends_minute=max(ends) if starts and ends else None,
        source=lines[0].record.source,
    )
    return open_activity(writer, head), category


TARGET = ImportTarget(
    name="service_records",
    label="服务时长登记表",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=SERVICES.name,
    claims=is_read_here,
    stands_in=stands_in,
    help="一行一人一次；一天一列、一列一人、一格几人的也可以。按姓名加证件后四位认人；来源记为“导入”，备注写“补录”的记为“补录”；重叠的退回。",
)
