"""Import into any register with a form (普通台账导入): what the form would check and save, for every row of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from hongyao_desktop.core import text
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Desk, ImportPlan, ImportTarget, Reader, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.core.register import Field, Register


def plain_target(desk: Desk, registers: Sequence[Register]) -> ImportTarget:
    """The import target of a register: its own entered fields, its own check and save.

    ``registers`` are those a reference may point to: in a sheet it is written as the other row's title or number.
    """
    return ImportTarget(
        name=desk.register.name,
        label=desk.register.label,
        fields=tuple(_for_sheet(field) for field in desk.register.entered),
        plan=partial(_plan, desk, {register.name: register for register in registers}),
        commit=partial(_commit, desk),
        register=desk.register.name,
        help=desk.register.help,
    )


def _for_sheet(field: Field) -> Field:
    """A field as a sheet names it: what has a default need not be in the sheet."""
    return replace(field, required=False) if field.default is not None else field


def _plan(
    desk: Desk,
    registers: dict[str, Register],
    reader: Reader,
    _facts: SheetFacts,
    rows: Sequence[SheetRow],
    _clock: Clock,
) -> ImportPlan:
    problems: list[Problem] = []
    items: list[tuple[int, dict[str, Any]]] = []
    seen: dict[tuple[Any, ...], int] = {}
    body = [row for row in rows if row.kind == "data"]
    for row in body:
        if _unreadable(desk.register, row):
            continue  # reading it has said why
        values, found = _values(desk.register, registers, reader, row)
        if not has_errors(found):
            found += desk.check(reader, values, None) if desk.check else []
        key = tuple(values.get(field.name) for field in desk.register.entered)
        if key in seen:
            message = f"与第 {seen[key]} 行完全相同，只取一行"
            found.append(Problem(Level.ERROR, "row.repeated", message))
        seen.setdefault(key, row.number)
        problems += [
            problem.at(row=row.number, column=row.columns.get(problem.field or "")) for problem in found
        ]
        if not has_errors(found):
            items.append((row.number, values))
    return ImportPlan(tuple(items), tuple(problems), {"读到记录": str(len(body))})


def _unreadable(register: Register, row: SheetRow) -> bool:
    """Whether something stands in a cell that gave no value: such a row goes back whole."""
    return any(
        row.values.get(field.name) is None and text.clean(row.raw.get(field.name) or "")
        for field in register.entered
    )


def _values(
    register: Register, registers: dict[str, Register], reader: Reader, row: SheetRow
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    found: list[Problem] = []
    for field in register.entered:
        value = row.values.get(field.name)
        if value is None:
            value = field.default
        elif isinstance(field.type, Reference):
            value, doubt = _resolve(reader, registers[field.type.register], field, value)
            found += [doubt] if doubt else []
        values[field.name] = value
    return values, found


def _resolve(
    reader: Reader, target: Register, field: Field, written: str
) -> tuple[str | None, Problem | None]:
    """The id of the one row that carries this title or number; several or none is an error that says so."""
    columns = [target.title_field]
    columns += [other.name for other in target.fields if other.name in ("code", "number")]
    where = " OR ".join(f"{column} = ?" for column in columns)
    rows = reader.all(f"SELECT id FROM {target.source} WHERE {where} LIMIT 2", [written] * len(columns))
    if len(rows) == 1:
        return rows[0]["id"], None
    reason = "台账里没有" if not rows else "台账里不止一个"
    message = f"{field.label}“{written}”：{target.label}{reason}，请先登记或改写编号"
    return None, Problem(Level.ERROR, "reference.unknown", message, field.name, value=written)


def _commit(desk: Desk, writer: Writer, _facts: SheetFacts, plan: ImportPlan) -> int:
    assert desk.save is not None, "only registers with a form are plain targets"
    for _row, values in plan.items:
        desk.save(writer, values, None)
    return len(plan.items)
