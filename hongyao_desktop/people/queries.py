"""Named questions about people and units."""

from __future__ import annotations

from typing import Any

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Figure, PeriodRule, Scope, Unit


def unit_scope(unit_id: str, label: str) -> Scope:
    """The unit and everything below it, as the ``scope`` table of figures."""
    return Scope(
        label=label,
        sql=(
            "scope(id) AS (SELECT :scope_unit UNION "
            "SELECT unit.id FROM unit JOIN scope ON unit.parent_id = scope.id)"
        ),
        params={"scope_unit": unit_id},
    )


def own_scope(unit_id: str, label: str) -> Scope:
    """The unit alone, without what lies below it (本级)."""
    return Scope(label=label, sql="scope(id) AS (SELECT :scope_unit)", params={"scope_unit": unit_id})


def units_below(reader: Reader, unit_id: str) -> list[Row]:
    """The units directly below, in the order of the tree; closed ones too, for what happened while they were open."""
    return reader.all("SELECT * FROM unit WHERE parent_id = ? ORDER BY position, code", (unit_id,))


def top_unit(reader: Reader) -> Row | None:
    """The office's own unit: the one without a unit above it."""
    return reader.one("SELECT * FROM unit WHERE parent_id IS NULL ORDER BY position, code LIMIT 1")


def unit_by_name(reader: Reader, name: str) -> Row | None:
    """The only unit in use with this name or number; None when there is none or more than one."""
    found = reader.all(
        "SELECT * FROM unit WHERE (name = ?1 OR code = ?1) AND status = '在用' LIMIT 2", (name,)
    )
    return found[0] if len(found) == 1 else None


def person(reader: Reader, person_id: str) -> Row | None:
    """One person with the name of the unit."""
    return reader.one("SELECT * FROM person_view WHERE id = ?", (person_id,))


def people_by_id_number(reader: Reader, id_number: str) -> list[Row]:
    """Everyone with this identity number; more than one where a number was issued twice."""
    return reader.all("SELECT * FROM person WHERE id_number = ?", (id_number,))


def find_people(
    reader: Reader,
    name: str,
    *,
    id_tail: str | None = None,
    phone: str | None = None,
    unit_id: str | None = None,
) -> list[Row]:
    """People of this name, narrowed by the tail of the identity number, the phone or the unit where given.

    A name alone may well give several people: the caller asks, it never takes the first (PEERS section 10).
    """
    sql = "SELECT * FROM person_view WHERE name = ?"
    params: list[Any] = [name]
    if id_tail:
        sql += " AND id_number IS NOT NULL AND substr(id_number, -length(?)) = ?"
        params += [id_tail.upper(), id_tail.upper()]
    if phone:
        sql += " AND phone = ?"
        params.append(phone)
    if unit_id:
        sql += " AND unit_id = ?"
        params.append(unit_id)
    return reader.all(sql + " ORDER BY sort_key, id", params)


FIGURES = (
    Figure(
        code="RY-01",
        label="在册人员",
        unit=Unit.PEOPLE,
        definition="人员台账中状态为“在册”的人数，一人只计一次。",
        period_rule=PeriodRule.AS_OF,
        rows=(
            "SELECT id, name, unit_name, status FROM person_view "
            "WHERE status = '在册' AND unit_id IN (SELECT id FROM scope)"
        ),
        measure="COUNT(*)",
        columns=(("name", "姓名"), ("unit_name", "所在组织"), ("status", "状态")),
        register="people",
        group="人员",
    ),
    Figure(
        code="ZZ-01",
        label="党组织",
        unit=Unit.UNITS,
        definition="组织体系台账中在用的各级组织数，含本级。",
        period_rule=PeriodRule.AS_OF,
        rows="SELECT id, code, name, level, kind FROM unit WHERE status = '在用' AND id IN (SELECT id FROM scope)",
        measure="COUNT(*)",
        columns=(("code", "编号"), ("name", "组织名称"), ("level", "层级"), ("kind", "类型")),
        register="units",
        group="组织",
    ),
)
