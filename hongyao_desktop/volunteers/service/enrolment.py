"""Enrolling and changing volunteers (登记志愿者)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from hongyao_desktop.core import dates, ids
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.identity import birth_date
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people import service as people
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import limits_rules
from hongyao_desktop.volunteers.records.rows import VolunteerKind, VolunteerStatus
from hongyao_desktop.volunteers.records.volunteers import PERSON_FIELDS, VOLUNTEERS
from hongyao_desktop.volunteers.rules.clashes import age_on
from hongyao_desktop.volunteers.service.events import award_recruiting, take_back_recruiting
from hongyao_desktop.volunteers.service.signups import drop_signups

_OWN_FIELDS = tuple(
    field.name for field in VOLUNTEERS.entered if field.name not in (*PERSON_FIELDS, "status", "left_on")
)
_OUT = (VolunteerStatus.PAUSED.value, VolunteerStatus.LEFT.value)
_DEFAULTS = (("kind", VolunteerKind.ORDINARY.value), ("publish_consent", 0))
_WIDTH = 4


def check_volunteer(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about a volunteer's form before saving, the person's part included."""
    known = people.same_person(reader, values) if row_id is None else None
    person_id = known["id"] if known else None
    if row_id is not None:
        person_id = lookups.volunteer(reader, row_id)["person_id"]
    found = people.missing_fields(VOLUNTEERS, values)
    found += [
        problem
        for problem in people.check_person(reader, values, person_id)
        if problem.code != "field.missing"
    ]
    enrolled = lookups.volunteer_of_person(reader, known["id"]) if known else None
    if enrolled is not None:
        again = "请打开原来那条把状态改回在册" if enrolled["status"] in _OUT else "不用重复登记"
        message = f"{values['name']}已经是志愿者（{enrolled['number']}，{enrolled['status']}），{again}"
        found.append(Problem(Level.ERROR, "volunteer.known", message, "name"))
    return found + _role_problems(reader, values) + _recruiter_problems(reader, values, row_id)


def _recruiter_problems(reader: Reader, values: Mapping[str, Any], row_id: str | None) -> list[Problem]:
    """Nobody brings himself in, nor the one who brought him in."""
    recruiter_id = values.get("recruiter_id")
    if recruiter_id is None or row_id is None:
        return []
    if recruiter_id == row_id:
        message = "介绍人不能是本人，请重新选择"
        return [Problem(Level.ERROR, "volunteer.recruiter", message, "recruiter_id")]
    recruiter = lookups.volunteer(reader, recruiter_id)
    if recruiter["recruiter_id"] == row_id:
        message = f"{recruiter['name']}登记的介绍人正是这位志愿者，两人不能互为介绍人，请核对"
        return [Problem(Level.ERROR, "volunteer.recruiter", message, "recruiter_id")]
    return []


def _role_problems(reader: Reader, values: Mapping[str, Any]) -> list[Problem]:
    """Findings about the volunteer's own fields."""
    found = []
    if values.get("kind") == VolunteerKind.NEW_EMPLOYMENT and not values.get("platform"):
        message = "新就业群体请填写所属平台"
        found.append(Problem(Level.WARNING, "volunteer.platform", message, "platform"))
    if values.get("status") in _OUT and not values.get("status_reason"):
        message = f"状态改为{values['status']}要写明原因"
        found.append(Problem(Level.ERROR, "volunteer.reason", message, "status_reason"))
    joined, left = values.get("joined_on"), values.get("left_on")
    if joined and left and left < joined:
        message = f"离开日期{left}早于注册日期{joined}，请核对"
        found.append(Problem(Level.ERROR, "volunteer.left", message, "left_on"))
    born = values.get("birth_on") or birth_date(values.get("id_number") or "")
    if born and joined and not values.get("guardian"):
        day = dt.date.fromisoformat(joined)
        age = age_on(dt.date.fromisoformat(str(born)), day)
        limits = limits_rules(reader).find(day)
        if limits is not None and age < limits.adult_age:
            message = f"注册时 {age} 周岁，未满 {limits.adult_age} 周岁，请登记监护人同意"
            found.append(Problem(Level.WARNING, "volunteer.guardian", message, "guardian"))
    return found


def without_guardian(reader: Reader, row: Mapping[str, Any], today: dt.date) -> str:
    """That a minor is in service without a guardian's consent on file, in words; "" when that is not so today."""
    if not row["birth_on"] or row["guardian"] or row["status"] != VolunteerStatus.ACTIVE.value:
        return ""
    limits = limits_rules(reader).find(today)
    age = age_on(dt.date.fromisoformat(row["birth_on"]), today)
    if limits is None or age >= limits.adult_age:
        return ""
    return f"{age} 周岁，还没有登记监护人同意"


def expired_insurance(values: Mapping[str, Any], today: dt.date) -> Problem | None:
    """A hint under the insurance date once it has passed."""
    until = values.get("insured_until")
    if not until:
        return None
    days = (today - dt.date.fromisoformat(until)).days
    if days <= 0:
        return None
    message = f"已过期 {days} 天，安排有风险的活动前请续保"
    return Problem(Level.WARNING, "volunteer.insurance", message, "insured_until")


def save_volunteer(writer: Writer, values: Row, row_id: str | None) -> str:
    """Enrol a volunteer or change one, the person's part included; returns the volunteer id."""
    return enrol_volunteer(writer, values) if row_id is None else _change(writer, values, row_id)


def enrol_volunteer(writer: Writer, values: Row, *, source: str | None = None) -> str:
    """Write a new volunteer for the person these values speak of, made when not on file; returns the volunteer id.

    ``joined_on`` stays blank when not given: the office may not know it, and a made-up day would change figures.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_volunteer(writer, values, None))
    person_id = people.enrol_person(writer, _person_part(values))
    unit_id = writer.value("SELECT unit_id FROM person WHERE id = ?", (person_id,))
    home = lookups.home_of(writer, unit_id or values["unit_id"])
    number = f"{home.prefix}-{lookups.last_number(writer, home.prefix) + 1:0{_WIDTH}d}"
    row = {
        **_own_part(writer, values),
        "person_id": person_id,
        "number": number,
        "source": source,
    }
    volunteer_id = writer.insert("volunteer", row)
    award_recruiting(writer, volunteer_id)
    return volunteer_id


def _change(writer: Writer, values: Row, row_id: str) -> str:
    require(writer, Role.ENTRY, Role.REVIEW)
    before = lookups.volunteer(writer, row_id)
    whole = {**before, **values}
    refuse_errors(check_volunteer(writer, whole, row_id))
    if before["status"] == VolunteerStatus.PENDING and values.get("status") == VolunteerStatus.ACTIVE:
        require(writer, Role.REVIEW, Role.APPROVE)
    people.save_person(writer, _person_part(whole), before["person_id"])
    writer.update("volunteer", row_id, _own_part(writer, whole))
    if whole.get("status") in _OUT and before["status"] not in _OUT:
        drop_signups(writer, row_id, f"已{whole['status']}：{whole['status_reason']}")
    if whole.get("recruiter_id") != before["recruiter_id"]:
        take_back_recruiting(writer, row_id, "介绍人更正")
        award_recruiting(writer, row_id)
    elif before["status"] == VolunteerStatus.PENDING:
        award_recruiting(writer, row_id)
    return row_id


def _person_part(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in PERSON_FIELDS if name in values}


def _own_part(writer: Writer, values: Mapping[str, Any]) -> dict[str, Any]:
    """The volunteer's own columns; the day of leaving follows the status."""
    row = {name: values[name] for name in _OWN_FIELDS if name in values}
    for name in ("kind", "publish_consent"):
        if row.get(name) is None:
            row.pop(name, None)
    status = values.get("status") or VolunteerStatus.ACTIVE.value
    left_on = None
    if status in _OUT:
        left_on = values.get("left_on") or writer.clock.today().isoformat()
    return {**row, "status": status, "left_on": left_on}


def approve_volunteer(writer: Writer, volunteer_id: str) -> None:
    """Take a waiting volunteer (待审核) onto the register; the one who reviews is not the one who enters."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if lookups.volunteer(writer, volunteer_id)["status"] != VolunteerStatus.PENDING:
        raise Refusal("这位志愿者不在待审核状态，不用再审核")
    writer.update("volunteer", volunteer_id, {"status": VolunteerStatus.ACTIVE.value})
    award_recruiting(writer, volunteer_id)


def retire_volunteer(writer: Writer, volunteer_id: str, reason: str) -> None:
    """Mark a volunteer as having left (退出) from today, with the reason; hours and points stay.

    He is taken off the lists of activities still to come.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("退出要写明原因")
    row = lookups.volunteer(writer, volunteer_id)
    if row["status"] in _OUT:
        left_on = dates.format_cn(dt.date.fromisoformat(row["left_on"]))
        raise Refusal(f"{row['name']}已于{left_on}{row['status']}，不用再办")
    today = writer.clock.today().isoformat()
    changes = {"status": VolunteerStatus.LEFT.value, "left_on": today, "status_reason": reason.strip()}
    writer.update("volunteer", volunteer_id, changes)
    drop_signups(writer, volunteer_id, f"已退出：{reason.strip()}")


def readmit_volunteer(writer: Writer, volunteer_id: str, reason: str) -> str:
    """Take a volunteer who left or paused back onto the register (恢复在册), with the reason; returns the id.

    Refused for who died, and for who was merged into another volunteer.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("恢复在册要写明原因")
    row = lookups.volunteer(writer, volunteer_id)
    if row["status"] not in _OUT:
        raise Refusal(f"{row['name']}现在是“{row['status']}”，不用恢复")
    if row["person_status"] == "去世":
        raise Refusal(f"{row['name']}已去世，不能恢复在册")
    merged = writer.value(
        "SELECT kept_number FROM volunteer_merge_view WHERE gone_id = ? AND status = '有效'", (volunteer_id,)
    )
    if merged is not None:
        raise Refusal(f"{row['name']}（{row['number']}）已并到 {merged}，要恢复请先撤销合并")
    changes = {"status": VolunteerStatus.ACTIVE.value, "left_on": None, "status_reason": reason.strip()}
    writer.update("volunteer", volunteer_id, changes)
    return volunteer_id


def enrol_many(
    writer: Writer, forms: Sequence[Mapping[str, Any]], brought: Mapping[int, int] | None = None
) -> int:
    """Enrol people whose forms were checked by a plan; returns how many.

    ``person_id`` names the person on file; None makes a new one. ``unit_id`` is needed, ``source`` kept as it is.
    ``brought``: by place among the forms, the place of the one who brought this one in, where he is enrolled with
    them. Whoever brought somebody in gets what is due for it.
    """
    require(writer, Role.ENTRY)
    new = [form for form in forms if form.get("person_id") is None]
    last = writer.value("SELECT COALESCE(MAX(rowid), 0) FROM person")
    people.bulk_people(writer, ({name: form.get(name) for name in PERSON_FIELDS} for form in new))
    made = writer.all("SELECT id, unit_id FROM person WHERE rowid > ? ORDER BY rowid", (last,))
    rows = [_volunteer_row(writer, form, person) for form, person in zip(new, made, strict=True)]
    for form in forms:
        if form.get("person_id") is not None:
            person_id = people.enrol_person(writer, _person_part(form))
            unit_id = writer.value("SELECT unit_id FROM person WHERE id = ?", (person_id,))
            rows.append(_volunteer_row(writer, form, {"id": person_id, "unit_id": unit_id}))
    made_ids = bulk_enrol(writer, rows)
    order = [place for place, form in enumerate(forms) if form.get("person_id") is None]
    order += [place for place, form in enumerate(forms) if form.get("person_id") is not None]
    by_place = dict(zip(order, made_ids, strict=True))
    for place, recruiter in (brought or {}).items():
        writer.update("volunteer", by_place[place], {"recruiter_id": by_place[recruiter]})
    for place, form in enumerate(forms):
        if form.get("recruiter_id") is not None or place in (brought or {}):
            award_recruiting(writer, by_place[place])
    return len(made_ids)


def _volunteer_row(writer: Writer, form: Mapping[str, Any], person: Row) -> dict[str, Any]:
    row = {name: form.get(name) for name in _OWN_FIELDS}
    for name, value in _DEFAULTS:
        if row[name] is None:
            row[name] = value
    row["status"] = status = form.get("status") or VolunteerStatus.ACTIVE.value
    row["left_on"] = writer.clock.today().isoformat() if status in _OUT else None
    row["source"] = form.get("source")
    row["person_id"] = person["id"]
    row["unit_id"] = person["unit_id"] or form["unit_id"]
    return row


def bulk_enrol(writer: Writer, volunteers: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write many checked volunteers in one go (demonstration); returns their ids in the order given.

    Each needs ``person_id`` of a person on file and ``unit_id`` of that person; other columns of the table
    ``volunteer`` as wanted, the same ones for all. Numbers run on by community. No findings are looked for here.
    """
    require(writer, Role.ENTRY)
    homes: dict[str, lookups.Home] = {}
    counters: dict[str, count[int]] = {}
    made: list[str] = []

    def rows() -> Iterable[dict[str, Any]]:
        for values in volunteers:
            row = dict(values)
            unit_id = row.pop("unit_id")
            if unit_id not in homes:
                homes[unit_id] = lookups.home_of(writer, unit_id)
            prefix = homes[unit_id].prefix
            if prefix not in counters:
                counters[prefix] = count(lookups.last_number(writer, prefix) + 1)
            row["number"] = f"{prefix}-{next(counters[prefix]):0{_WIDTH}d}"
            row["id"] = ids.new_id(writer.clock)
            made.append(row["id"])
            yield row

    writer.insert_many("volunteer", rows())
    return made
