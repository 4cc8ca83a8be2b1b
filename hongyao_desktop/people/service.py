"""The verbs of people and units: enrol, change, close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from hongyao_desktop.core import names, pinyin
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require, require_reason
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.people import queries, rules
from hongyao_desktop.people.records import PEOPLE, PERSON_GONE, UNITS

_PERSON_COLUMNS = frozenset(field.name for field in PEOPLE.entered)
_UNIT_COLUMNS = frozenset(field.name for field in UNITS.entered)


def missing_fields(register: Register, values: Mapping[str, Any]) -> list[Problem]:
    """One error for each required field left blank."""
    return [
        Problem(Level.ERROR, "field.missing", f"{field.label}没有填写", field.name)
        for field in register.entered
        if field.required and values.get(field.name) in (None, "")
    ]


def check_person(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about a person before saving, among them others with the same number."""
    found = missing_fields(PEOPLE, values) + rules.identity_problems(values)
    found += rules.closing_problems(values, PERSON_GONE)
    number = values.get("id_number")
    if number:
        for other in queries.people_by_id_number(reader, number):
            if other["id"] != row_id:
                message = f"证件号码与在册的{other['name']}相同，请核对是不是同一个人"
                found.append(Problem(Level.WARNING, "person.same_id", message, "id_number"))
    return found


def save_person(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new person or change one; returns the person id. Refuses what `check_person` calls an error."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_person(writer, values, row_id))
    row = person_row(values)
    if row_id is None:
        return writer.insert("person", row)
    writer.update("person", row_id, row)
    return row_id


def person_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """The table row of a person: filled from the identity number, with the key that sorts by surname reading."""
    filled = rules.fill_from_identity(values)
    row = {key: value for key, value in filled.items() if key in _PERSON_COLUMNS}
    if row.get("status") is None:
        row.pop("status", None)
    if "name" in row:
        row["sort_key"] = pinyin.sort_key(row["name"])
    return row


def bulk_people(writer: Writer, people: Iterable[Mapping[str, Any]]) -> int:
    """Write many checked people in one go (import, demonstration); returns how many."""
    require(writer, Role.ENTRY)
    return writer.insert_many("person", map(person_row, people))


def same_person(reader: Reader, values: Mapping[str, Any]) -> Row | None:
    """The person these values speak of: by identity number, else by phone and name; never by name alone."""
    name, number = values.get("name"), values.get("id_number")
    if number:
        alike = [row for row in queries.people_by_id_number(reader, number) if row["name"] == name]
        return alike[0] if len(alike) == 1 else None
    if name and values.get("phone"):
        alike = queries.find_people(reader, name, phone=values["phone"])
        return alike[0] if len(alike) == 1 else None
    return None


def enrol_person(writer: Writer, values: Row) -> str:
    """The id of the person these values speak of, made when not on file; blank fields on file are filled in."""
    known = same_person(writer, values)
    if known is None:
        return save_person(writer, values, None)
    blanks = {key: value for key, value in person_row(values).items() if value and known.get(key) is None}
    if blanks:
        writer.update("person", known["id"], blanks)
    return str(known["id"])


def retire_person(
    writer: Writer, person_id: str, reason: str, *, status: str = "迁出", on: dt.date | None = None
) -> None:
    """Mark a person as moved away (迁出) or dead (去世) from a day (today) on, with the reason."""
    require(writer, Role.ENTRY, Role.REVIEW)
    require_reason(reason)
    today = writer.clock.today()
    if on is not None and on > today:
        raise Refusal(f"日期{format_cn(on)}还没有到，请填已经发生的那一天")
    changes = {"status": status, "status_on": (on or today).isoformat(), "status_reason": reason.strip()}
    writer.update("person", person_id, changes)


def return_person(writer: Writer, person_id: str, reason: str) -> None:
    """Take a person who moved away, or was closed by mistake, back (恢复在册); the reason is journalled."""
    require(writer, Role.ENTRY, Role.REVIEW)
    require_reason(reason)
    writer.update("person", person_id, {"status": "在册", "status_on": None, "status_reason": None})


def check_unit(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a unit before saving: number taken, wrong level, a circle in the tree."""
    found = missing_fields(UNITS, values)
    if found:
        return found
    taken = reader.one("SELECT id, name FROM unit WHERE code = ?", (values["code"],))
    if taken is not None and taken["id"] != row_id:
        message = f"组织编号 {values['code']} 已用于{taken['name']}，请换一个"
        found.append(Problem(Level.ERROR, "unit.code", message, "code"))
    parent_id = values.get("parent_id")
    parent = reader.one("SELECT * FROM unit WHERE id = ?", (parent_id,)) if parent_id else None
    if parent_id and parent is None:
        found.append(Problem(Level.ERROR, "unit.parent", "上级组织不在台账里，请重新选择", "parent_id"))
        return found
    wrong = rules.level_problem(values["level"], parent["level"] if parent else None)
    if wrong is not None:
        found.append(wrong)
    secretary = values.get("secretary")
    if secretary:
        found += [problem.at(field="secretary") for problem in names.problems(secretary)]
    found += rules.closing_problems(values, ("撤销",))
    if values.get("status") == "撤销" and row_id is not None:
        found += _still_below(reader, row_id)
    return found


def _still_below(reader: Reader, unit_id: str) -> list[Problem]:
    below = reader.value("SELECT COUNT(*) FROM unit WHERE parent_id = ? AND status = '在用'", (unit_id,))
    if not below:
        return []
    message = f"下面还有 {below} 个在用的组织，请先把它们改到别的上级或撤销"
    return [Problem(Level.ERROR, "unit.below", message, "status")]


def save_unit(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new unit or change one; returns the unit id."""
    require(writer, Role.ENTRY, Role.SYSTEM_ADMIN)
    refuse_errors(check_unit(writer, values, row_id))
    row = {key: value for key, value in values.items() if key in _UNIT_COLUMNS}
    if row_id is None:
        return writer.insert("unit", {key: value for key, value in row.items() if value is not None})
    writer.update("unit", row_id, row)
    return row_id


def retire_unit(writer: Writer, unit_id: str, reason: str) -> None:
    """Close a unit (撤销) today; refuses while units below it are still in use."""
    require(writer, Role.ENTRY, Role.SYSTEM_ADMIN)
    require_reason(reason)
    refuse_errors(_still_below(writer, unit_id))
    today = writer.clock.today().isoformat()
    writer.update("unit", unit_id, {"status": "撤销", "closed_on": today, "status_reason": reason.strip()})


def reopen_unit(writer: Writer, unit_id: str, reason: str) -> None:
    """Use a closed unit again (恢复使用); the reason is journalled."""
    require(writer, Role.ENTRY, Role.SYSTEM_ADMIN)
    require_reason(reason)
    writer.update("unit", unit_id, {"status": "在用", "closed_on": None, "status_reason": None})
