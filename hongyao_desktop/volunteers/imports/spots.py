"""Lists of spot reports (随手拍上报表) on their way in, old encodings and half-lost names included."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core import dates, names
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Row, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.volunteers.imports import covered
from hongyao_desktop.volunteers.imports.covered import telling
from hongyao_desktop.volunteers.imports.places import Soundness, Units, place_problem, source_of, written
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import spots_rules
from hongyao_desktop.volunteers.records.points import SPOTS
from hongyao_desktop.volunteers.rules.spots import Sighting, first_report, kind_of
from hongyao_desktop.volunteers.service.spots import report_spot, sighting_of

FIELDS = (
    Field(
        name="reported_at",
        label="上报时间",
        type=Text(max_chars=40),
        sensitivity=Sensitivity.OPEN,
        required=True,
        aliases=("时间", "上报日期", "日期", "发现时间", "发现日期"),
        help="日期，后面可以跟时刻，如 2026/9/10 12:37。",
    ),
    Field(
        name="reporter",
        label="上报人",
        type=Text(max_chars=60),
        sensitivity=Sensitivity.INTERNAL,
        required=True,
        aliases=SPOTS.field("reporter").aliases,
    ),
    telling(SPOTS.field("phone")),
    SPOTS.field("platform"),
    SPOTS.field("place"),
    SPOTS.field("kind"),
    SPOTS.field("content"),
    Field(
        name="closed_on",
        label="办结时间",
        type=SPOTS.field("closed_on").type,
        sensitivity=Sensitivity.OPEN,
        aliases=("办结日期", "完成时间", "处理日期"),
    ),
    Field(
        name="outcome",
        label="办理结果",
        type=SPOTS.field("outcome").type,
        sensitivity=Sensitivity.INTERNAL,
        aliases=("处理结果", "办理情况"),
    ),
    SPOTS.field("note"),
)
_MOMENT = re.compile(r"(?P<day>.*?\d[日号]?)(?:[T\s]+(?P<time>\d{1,2}[:：时点].*|[上下]午.*))?")
_SECONDS = re.compile(r"(:\d\d):\d\d$")


@dataclass(slots=True)
class _Desk:
    """What one run of planning keeps beside the rows."""

    reader: Reader
    units: Units
    home: str | None
    today: dt.date
    sound: Soundness
    roster: Mapping[str, list[Row]]
    seen: list[Sighting] = field(default_factory=list)
    count: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("读到件数", "并入首报", "已登记过", "退回"), 0)
    )


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this list would do. Writes nothing."""
    units = Units(reader)
    home = units.of_sheet(facts)
    reporters = [names.clean(row.values["reporter"]) for row in rows if row.values.get("reporter")]
    desk = _Desk(
        reader,
        units,
        home.unit_id,
        clock.today(),
        Soundness(FIELDS, clock.today()),
        lookups.volunteers_by_name(reader, reporters),
    )
    problems = list(home.problems)
    good: list[tuple[SheetRow, dict[str, Any]]] = []
    for row in rows:
        if row.kind != "data" or not any(
            written(row, name) for name in ("reporter", "content", "reported_at")
        ):
            continue
        desk.count["读到件数"] += 1
        values, found = _plan_row(desk, row)
        problems += [place_problem(problem, row) for problem in found]
        if values is None:
            # A cell that could not be read was objected to when it was read, not here.
            desk.count["退回"] += not any(problem.code == "import.known" for problem in found)
        else:
            good.append((row, {**values, "source": source_of(facts, row)}))
    # The earliest report of a fault is the first one, wherever it stands in the list.
    good.sort(key=lambda pair: (pair[1]["reported_on"], pair[1]["reported_minute"] or 0, pair[0].number))
    for row, values in good:
        problems += [place_problem(problem, row) for problem in _repeat_problems(desk, row, values)]
    unmatched = sum(values["volunteer_id"] is None for _, values in good)
    if unmatched:
        message = f"{unmatched} 件的上报人没有对应到志愿者，导入后可用“对应志愿者”认领，积分随即记上"
        problems.append(Problem(Level.WARNING, "import.unmatched", message, "reporter"))
    summary = {name: str(number) for name, number in desk.count.items()}
    summary |= {
        "可登记": str(len(good)),
        "已办结": str(sum(bool(values.get("closed_on")) for _, values in good)),
    }
    return ImportPlan(tuple((row.number, values) for row, values in good), tuple(problems), summary)


def _plan_row(desk: _Desk, row: SheetRow) -> tuple[dict[str, Any] | None, list[Problem]]:
    values = {name: value for name, value in row.values.items() if value is not None}
    found = [
        Problem(Level.ERROR, "import.blank", f"没有填写{item.label}", item.name)
        for item in FIELDS
        if item.required and not written(row, item.name)
    ]
    moment = values.pop("reported_at", None)
    if moment is not None:
        day, minute, wrong = read_moment(moment, desk.today)
        found += [wrong] if wrong else []
        values |= {"reported_on": day.isoformat() if day else None, "reported_minute": minute}
    if has_errors(found) or not desk.sound(row):
        return None, found
    found += _day_problems(desk, values)
    if has_errors(found):
        return None, found
    values["reporter"] = names.clean(values["reporter"])
    found += _reporter_problems(desk, values)
    values["volunteer_id"] = _reporter_by_phone(desk, values)
    found += _uncover(values)
    values["unit_id"] = desk.units.named(values["place"], desk.home) or desk.home
    values["kind"] = values.get("kind") or kind_of(
        spots_rules(desk.reader).nearest(dt.date.fromisoformat(values["reported_on"])), values["content"]
    )
    if _on_file(desk.reader, values):
        desk.count["已登记过"] += 1
        message = f"{values['reporter']}上报的“{values['content']}”已经登记过，不重复登记"
        return None, [*found, Problem(Level.WARNING, "import.known", message, "content")]
    return values, found


def read_moment(shown: str, today: dt.date) -> tuple[dt.date | None, int | None, Problem | None]:
    """Day and minute of a text such as 2026/9/10 12:37; the minute is None where only a day is given."""
    match = _MOMENT.fullmatch(shown.strip())
    if match is None:
        message = f"“{shown}”看不出上报时间，请按 2026-9-10 12:37 的样子填写"
        return None, None, Problem(Level.ERROR, "import.moment", message, "reported_at")
    try:
        day = dates.parse_date(match["day"], today=today)
        minute = dates.parse_time(_SECONDS.sub(r"\1", match["time"])) if match["time"] else None
    except ValueError as wrong:
        return None, None, Problem(Level.ERROR, "import.moment", str(wrong), "reported_at")
    return day, minute, None


def _day_problems(desk: _Desk, values: Mapping[str, Any]) -> list[Problem]:
    found = []
    if values["reported_on"] > desk.today.isoformat():
        found.append(Problem(Level.ERROR, "import.early", "上报日期还没有到，请核对", "reported_at"))
    if values.get("closed_on") and values["closed_on"] < values["reported_on"]:
        found.append(Problem(Level.ERROR, "import.closed", "办结时间早于上报时间，请核对", "closed_on"))
    if values.get("closed_on") and values["closed_on"] > desk.today.isoformat():
        found.append(Problem(Level.ERROR, "import.closed", "办结时间还没有到，请核对", "closed_on"))
    return found


def _reporter_problems(desk: _Desk, values: Mapping[str, Any]) -> list[Problem]:
    """A name with a lost character goes in as it stands and is pointed at; so is a volunteer of the same name."""
    name = values["reporter"]
    found = [Problem(Level.WARNING, p.code, p.message, "reporter") for p in names.problems(name)]
    alike = desk.roster.get(name, [])
    if alike and _reporter_by_phone(desk, values) is None:
        numbers = "、".join(row["number"] for row in alike[:5])
        message = f"花名册里有同名志愿者（{numbers}），没有自动对应，请核对后用“对应志愿者”认领"
        found.append(Problem(Level.WARNING, "import.same_name", message, "reporter"))
    return found


def _reporter_by_phone(desk: _Desk, values: Mapping[str, Any]) -> str | None:
    """As :func:`spots.reporter_by_phone`, from the names that were read for the whole list."""
    phone = values.get("phone")
    named = desk.roster.get(values["reporter"], [])
    alike = [row for row in named if phone and covered.fits(phone, row["phone"])]
    return str(alike[0]["id"]) if len(alike) == 1 else None


def _uncover(values: dict[str, Any]) -> list[Problem]:
    """A covered number (138****1234) tells who is meant, but is none to be called by: it is not stored."""
    phone = values.get("phone")
    if not phone or covered.COVER not in phone:
        return []
    del values["phone"]
    shown = phone.replace(covered.COVER, "****")
    message = f"电话 {shown} 带星号，不能拨打，没有写入"
    return [Problem(Level.WARNING, "import.covered", message, "phone")]


def _on_file(reader: Reader, values: Mapping[str, Any]) -> bool:
    row = reader.one(
        "SELECT id FROM spot_report WHERE reported_on = ? AND reported_minute IS ? AND reporter = ? "
        "AND place = ? AND content = ?",
        tuple(
            values.get(name) for name in ("reported_on", "reported_minute", "reporter", "place", "content")
        ),
    )
    return row is not None


def _repeat_problems(desk: _Desk, row: SheetRow, values: Mapping[str, Any]) -> list[Problem]:
    """Say when a row repeats an earlier report, of this list or on file."""
    day = dt.date.fromisoformat(values["reported_on"])
    rule = spots_rules(desk.reader).nearest(day)
    closed = values.get("closed_on")
    new = Sighting(
        f"第{row.number}行",
        day,
        values["reported_minute"],
        values["unit_id"],
        values["place"],
        values["kind"],
        dt.date.fromisoformat(closed) if closed else None,
    )
    since = day - dt.timedelta(hours=rule.merge_hours + 24)
    on_file = desk.reader.all(
        "SELECT * FROM spot_report WHERE reported_on BETWEEN ? AND ? AND place = ? AND status IN ('待办', '办结')",
        (since.isoformat(), day.isoformat(), values["place"]),
    )
    first = first_report(rule, new, [*map(sighting_of, on_file), *desk.seen])
    if first is None:
        desk.seen.append(new)
        return []
    desk.count["并入首报"] += 1
    where = f"本表{first.id}" if first in desk.seen else dates.format_cn(first.reported_on)
    message = f"与{where}上报的是同一问题，并入首报，积分归首报人"
    return [Problem(Level.WARNING, "import.repeat", message, "content")]


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Take the plan's reports, earliest first; returns how many."""
    for _row, values in planned.items:
        report_spot(writer, values, source=values["source"])
    return len(planned.items)


TARGET = ImportTarget(
    name="spot_reports",
    label="随手拍上报表",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=SPOTS.name,
    help="一行一件。同一处同一类的重复上报并入首报；上报人凭姓名加电话对应志愿者，只有姓名的导入后认领。",
)
