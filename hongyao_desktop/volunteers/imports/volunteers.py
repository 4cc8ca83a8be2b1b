"""Rosters of volunteers (志愿者花名册) on their way in: one row, one person, never the same person twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Row, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.identity import birth_date
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.people import rules as people_rules
from hongyao_desktop.people import service as people
from hongyao_desktop.volunteers.imports import covered, recruiters
from hongyao_desktop.volunteers.imports.places import Soundness, Units, place_problem, source_of, written
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import VolunteerKind
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS
from hongyao_desktop.volunteers.service.enrolment import enrol_many

_IN_OTHER_WORDS = {
    "phone": covered.telling(VOLUNTEERS.field("phone")),
    "recruiter_id": recruiters.FIELD,
}
FIELDS = tuple(
    _IN_OTHER_WORDS.get(name) or VOLUNTEERS.field(name)
    for name in (
        *("name", "sex", "birth_on", "id_kind", "id_number", "phone", "address", "unit_id", "politics"),
        *("employer", "kind", "platform", "category", "team", "skills", "free_times", "relation_at"),
        *("joined_on", "recruiter_id", "insured_until", "guardian", "publish_consent", "note"),
    )
)
_COMPARED = {"phone": "联系电话", "platform": "所属平台", "category": "服务类别"}


@dataclass(slots=True)
class _Count:
    """What the sheet held, for the summary."""

    read: int = 0
    repeated: int = 0
    known: int = 0
    returned: int = 0
    stated: int | None = None


@dataclass(slots=True)
class _Desk:
    """What one run of planning keeps beside the rows."""

    reader: Reader
    units: Units
    home: str | None
    sound: Soundness
    on_file: Mapping[str, list[Row]]
    numbers: dict[str, int] = field(default_factory=dict)
    phones: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    count: _Count = field(default_factory=_Count)


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this roster would do. Writes nothing."""
    units = Units(reader)
    home = units.of_sheet(facts)
    numbers = [row.values["id_number"] for row in rows if row.values.get("id_number")]
    desk = _Desk(
        reader, units, home.unit_id, Soundness(FIELDS, clock.today()), _people_by_number(reader, numbers)
    )
    problems = [*home.problems]
    items: list[tuple[int, Any]] = []
    settled: set[tuple[int, str]] = set()
    by_number: dict[int, SheetRow] = {}
    for shown_row in rows:
        row, months = _without_months(shown_row, clock.today(), settled)
        problems += [place_problem(problem, row) for problem in months if row.kind == "data"]
        settled |= {(row.number, problem.field or "") for problem in months}
        by_number[row.number] = row
        if row.kind != "data":
            desk.count.stated = _stated_total(row, desk.count.stated)
            continue
        if not any(written(row, name) for name in ("name", "id_number", "phone")):
            continue
        desk.count.read += 1
        item, found = _plan_row(desk, row)
        problems += [place_problem(problem, row) for problem in found]
        if item is not None:
            items.append((row.number, {**item, "source": source_of(facts, row)}))
    known = recruiters.Recruiters(
        reader, [item["recruiter"] for _row, item in items if item.get("recruiter")]
    )
    items, asked = known.settle(items, by_number)
    problems += [place_problem(problem, row) for row, problem in asked]
    desk.count.returned += sum(problem.level is Level.ERROR for _row, problem in asked)
    problems += _total_problems(desk.count)
    summary = {
        "读到人数": str(desk.count.read),
        "可登记": str(len(items)),
        "重复": str(desk.count.repeated),
        "已在册": str(desk.count.known),
        "退回": str(desk.count.returned),
        "归口组织": home.name,
    }
    return ImportPlan(tuple(items), tuple(problems), summary, frozenset(settled))


_DAYS = {"birth_on": "出生日期", "joined_on": "注册日期", "insured_until": "保险到期"}
_TENTH = re.compile(r"\d{4}\.1")


def _without_months(
    row: SheetRow, today: dt.date, agreed: set[tuple[int, str]]
) -> tuple[SheetRow, list[Problem]]:
    """The row without days of which only year and month are written (出生年月), each with its finding.

    The birth then follows from the identity number, and where that agrees nothing is said (``agreed`` gets the
    cell); nothing else is known to the day, so it stays blank.
    """
    if not any(row.values.get(name) is None and row.raw.get(name) for name in _DAYS):
        return row, []
    found: list[Problem] = []
    raw = dict(row.raw)
    for name, label in _DAYS.items():
        shown = (raw.get(name) or "").strip()
        if row.values.get(name) is not None or not shown:
            continue
        try:
            year, month = dates.parse_month(shown)
        except dates.DateProblem:
            continue
        if dt.date(year, month, 1) > today and name != "insured_until":
            continue
        raw[name] = ""
        born = birth_date(row.values.get("id_number") or "") if name == "birth_on" else None
        message = f"{label}“{shown}”只有年月，没有写入，请问清后补填"
        if born is not None and ((born.year, born.month) == (year, month) or _TENTH.fullmatch(shown)):
            agreed.add((row.number, name))
            continue
        if born is not None:
            message = f"{label}“{shown}”与证件号码里的{dates.format_cn(born)}不符，按证件号码登记，请核对"
        found.append(Problem(Level.WARNING, "import.month", message, name))
    return (replace(row, raw=raw) if raw != row.raw else row), found


def _people_by_number(reader: Reader, numbers: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for marks, part in lookups.in_parts(numbers):
        for row in reader.all(f"SELECT * FROM person WHERE id_number IN ({marks})", part):
            found.setdefault(row["id_number"], []).append(row)
    return found


def _plan_row(desk: _Desk, row: SheetRow) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The values to enrol, or None with the findings that say why not."""
    values = {name: value for name, value in row.values.items() if value is not None}
    found = [*_row_problems(row, values), *_uncover(values)]
    if has_errors(found) or not desk.sound(row):
        desk.count.returned += 1
        return None, found
    earlier = _seen(desk, row, values)
    if earlier is not None:
        desk.count.repeated += 1
        message = f"与第 {earlier} 行是同一人，不重复登记"
        return None, [*found, Problem(Level.WARNING, "import.repeated", message, "name")]
    known, wrong = _known_person(desk, values)
    if wrong is not None:
        desk.count.returned += 1
        return None, [*found, wrong]
    if known is not None:
        enrolled = lookups.volunteer_of_person(desk.reader, known["id"])
        if enrolled is not None:
            desk.count.known += 1
            return None, [*found, _already(values, known, enrolled)]
    values, unit_problem = _placed(desk, values)
    if unit_problem is not None:
        found.append(unit_problem)
    if "kind" not in values:
        new = VolunteerKind.NEW_EMPLOYMENT if values.get("platform") else VolunteerKind.ORDINARY
        values["kind"] = new.value
    return {**values, "person_id": known["id"] if known else None}, found


def _uncover(values: dict[str, Any]) -> list[Problem]:
    """A covered phone (138****1234) is not stored; without an identity number nobody is told apart by it."""
    phone = values.get("phone")
    if not phone or covered.COVER not in phone:
        return []
    del values["phone"]
    shown = phone.replace(covered.COVER, "****")
    if values.get("id_number"):
        message = f"电话 {shown} 带星号，不能拨打，没有写入"
        return [Problem(Level.WARNING, "import.covered", message, "phone")]
    message = f"电话 {shown} 带星号，又没有证件号码，无法确认是谁，请补填一项"
    return [Problem(Level.ERROR, "import.no_key", message, "phone")]


def _seen(desk: _Desk, row: SheetRow, values: Mapping[str, Any]) -> int | None:
    """The row above that is the same person: the same number, or name and phone where one of the two has no number."""
    number, phone = values.get("id_number"), values.get("phone")
    if number in desk.numbers:
        return desk.numbers[number]
    by_phone = desk.phones.get((values["name"], phone)) if phone else None
    if by_phone is not None and not (number and by_phone[1]):
        return by_phone[0]
    if number:
        desk.numbers[number] = row.number
    if phone:
        desk.phones.setdefault((values["name"], phone), (row.number, bool(number)))
    return None


def _row_problems(row: SheetRow, values: Mapping[str, Any]) -> list[Problem]:
    """Findings that need more than one cell; single cells were read and judged before."""
    found: list[Problem] = []
    if not written(row, "name"):
        found.append(Problem(Level.ERROR, "import.name", "没有填写姓名，请补填", "name"))
    elif not (written(row, "id_number") or written(row, "phone")):
        message = "没有证件号码也没有电话，无法确认是谁，请补填一项"
        found.append(Problem(Level.ERROR, "import.no_key", message, "id_number"))
    found += [p for p in people_rules.identity_problems(values) if not p.code.startswith("id.")]
    return found


def _known_person(desk: _Desk, values: Mapping[str, Any]) -> tuple[Row | None, Problem | None]:
    """The person on file these values speak of; an error when the number belongs to somebody else there."""
    number = values.get("id_number")
    if number is None:
        return people.same_person(desk.reader, dict(values)), None
    alike = desk.on_file.get(number, [])
    same = [person for person in alike if person["name"] == values["name"]]
    if len(same) == 1:
        return same[0], None
    if alike:
        message = f"证件号码与在册的{alike[0]['name']}相同，姓名却不同，请核对"
        return None, Problem(Level.ERROR, "import.other_name", message, "id_number")
    return None, None


def _already(values: Mapping[str, Any], person: Row, volunteer: Row) -> Problem:
    """The person is on the register; what the sheet has otherwise is shown, the register stays as it is."""
    on_file = {**volunteer, "phone": person["phone"]}
    differing = [
        label
        for name, label in _COMPARED.items()
        if values.get(name) and on_file.get(name) and values[name] != on_file[name]
    ]
    beside = f"；{'、'.join(differing)}与台账不同，台账未改" if differing else ""
    message = f"{values['name']}已在册（{volunteer['number']}），不重复登记{beside}"
    return Problem(Level.WARNING, "import.known", message, "name")


def _placed(desk: _Desk, values: dict[str, Any]) -> tuple[dict[str, Any], Problem | None]:
    """The values with their unit: the one the cell names, else the sheet's own."""
    shown = values.get("unit_id")
    unit_id = desk.units.named(str(shown), desk.home) if shown else desk.home
    if unit_id is not None:
        return {**values, "unit_id": unit_id}, None
    if shown:
        message = f"组织体系里没有唯一的“{shown}”，先归到填报单位，导入后请核对"
    else:
        message = "台账里还没有登记组织，这一行没有归口，请先在“人员与组织”登记本单位"
    return {**values, "unit_id": desk.home}, Problem(Level.WARNING, "import.row_unit", message, "unit_id")


def _stated_total(row: SheetRow, stated: int | None) -> int | None:
    """The number of people a total row states, if it states one."""
    for shown in row.raw.values():
        number = re.fullmatch(r"\s*(\d{1,6})(?:\.0+)?\s*人?\s*", shown or "")
        if number and row.kind == "total":
            return int(number[1])
    return stated


def _total_problems(count: _Count) -> list[Problem]:
    if count.stated is None or count.stated == count.read:
        return []
    message = f"表上合计 {count.stated} 人，逐行读到 {count.read} 人，请核对是否有漏行"
    return [Problem(Level.WARNING, "import.total", message)]


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Enrol everyone the plan holds; returns how many."""
    places = {number: place for place, (number, _values) in enumerate(planned.items)}
    forms = [values for _row, values in planned.items]
    brought = {
        place: places[values["recruiter_row"]]
        for place, values in enumerate(forms)
        if values.get("recruiter_row") in places
    }
    return enrol_many(writer, forms, brought)


TARGET = ImportTarget(
    name="volunteers",
    label="志愿者花名册",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=VOLUNTEERS.name,
    help="一行一人。按证件号码认人，没有证件的按姓名加电话；同一人不重复登记，号码有误的退回。",
)
