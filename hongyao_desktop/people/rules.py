"""Checks on people and units that look at several fields at once. Findings only; nothing is raised or written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hongyao_desktop.core import dates, identity
from hongyao_desktop.core.identity import IdKind
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.people.records import UNIT_LEVELS


def identity_problems(values: Mapping[str, Any]) -> list[Problem]:
    """What contradicts the identity number: its own check digit, the sex and the birth date beside it.

    A failing check digit of a resident number stops the row unless ``id_override`` says what was compared with the
    original (DOMAIN section 8 items 2 and 3).
    """
    number = values.get("id_number")
    if not number:
        return []
    kind = IdKind(values["id_kind"]) if values.get("id_kind") else identity.guess_kind(number)
    found = [problem.at(field="id_number") for problem in identity.check(kind, number)]
    if values.get("id_override"):
        found = [
            Problem(Level.WARNING, problem.code, problem.message, "id_number")
            if problem.level is Level.ERROR
            else problem
            for problem in found
        ]
    born = identity.birth_date(number)
    stated = values.get("birth_on")
    if born is not None and stated and stated != born.isoformat():
        message = f"证件号码上的出生日期是{dates.format_cn(born)}，表上写的是{stated}，请核对哪个对"
        found.append(Problem(Level.WARNING, "person.birth", message, "birth_on", value=str(stated)))
    sex = identity.sex(number)
    if sex is not None and values.get("sex") and values["sex"] != sex:
        message = f"按证件号码应为{sex}，表上写的是{values['sex']}，请核对"
        found.append(Problem(Level.WARNING, "person.sex", message, "sex", value=str(values["sex"])))
    return found


def closing_problems(values: Mapping[str, Any], closed: Collection[str]) -> list[Problem]:
    """A record in one of the closing states says why; nothing is closed without a reason."""
    status = values.get("status")
    if status not in closed or str(values.get("status_reason") or "").strip():
        return []
    return [Problem(Level.ERROR, "status.reason", f"状态是“{status}”，请写明原因", "status_reason")]


def fill_from_identity(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with birth date, sex and kind filled from a valid number; what was typed is never overwritten."""
    filled = dict(values)
    number = filled.get("id_number")
    if not number:
        return filled
    born, sex = identity.birth_date(number), identity.sex(number)
    if not filled.get("birth_on") and born is not None:
        filled["birth_on"] = born.isoformat()
    if not filled.get("sex") and sex is not None:
        filled["sex"] = sex
    if not filled.get("id_kind"):
        filled["id_kind"] = identity.guess_kind(number).value
    return filled


def level_problem(level: str, parent_level: str | None) -> Problem | None:
    """A unit stands directly or further below a unit of a higher level; only a street stands alone."""
    if parent_level is None:
        if level == UNIT_LEVELS[0]:
            return None
        return Problem(Level.ERROR, "unit.parent", f"{level}组织要选上级组织", "parent_id")
    if UNIT_LEVELS.index(parent_level) >= UNIT_LEVELS.index(level):
        message = f"上级是{parent_level}，不能再管{level}，请改选上级组织"
        return Problem(Level.ERROR, "unit.level", message, "parent_id")
    return None
