"""Whose sheet it is (填报单位): units named around a table or in its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hongyao_desktop.core import text
from hongyao_desktop.core.desk import Reader, Row, SheetFacts, SheetRow
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field


@dataclass(frozen=True, slots=True)
class SheetHome:
    """The unit a sheet belongs to, and what to say when it had to be assumed."""

    unit_id: str | None
    name: str
    problems: tuple[Problem, ...] = ()


class Units:
    """The units in use, loaded once for an import; finds them by the names clerks write."""

    def __init__(self, reader: Reader) -> None:
        self._units = reader.all("SELECT id, name, code, level, parent_id FROM unit WHERE status = '在用'")
        self._by_id = {unit["id"]: unit for unit in self._units}

    def of_sheet(self, facts: SheetFacts) -> SheetHome:
        """The unit whose name stands in the lines around the table, its title, or the names of sheet and file."""
        for shown in (*facts.lines.values(), facts.title, facts.sheet_name, facts.file_name):
            named = [unit for unit in self._units if unit["name"] in shown]
            if named:
                found = max(named, key=lambda unit: (self._depth(unit), len(unit["name"])))
                return SheetHome(found["id"], found["name"])
        top = next((unit for unit in self._units if unit["parent_id"] is None), None)
        if top is None:
            return SheetHome(None, "")
        message = f"表上没有写明填报单位，先归到{top['name']}，导入后可以逐个修改"
        return SheetHome(top["id"], top["name"], (Problem(Level.WARNING, "import.unit", message, "unit_id"),))

    def named(self, shown: str, home: str | None) -> str | None:
        """The unit a cell means: this name or number, below ``home`` first; None when unknown or not the only one."""
        exact = [unit for unit in self._units if shown in (unit["name"], unit["code"])]
        ending = [unit for unit in self._units if unit["name"].endswith(shown)]
        for candidates in (exact, ending):
            near = [unit for unit in candidates if self._below(unit, home)]
            for found in (near, candidates):
                if len(found) == 1:
                    return str(found[0]["id"])
        return None

    def _depth(self, unit: Row) -> int:
        return len(self._line(unit))

    def _line(self, unit: Row) -> list[str]:
        """The unit and all above it."""
        line: list[str] = []
        at: Row | None = unit
        while at is not None and at["id"] not in line:
            line.append(at["id"])
            at = self._by_id.get(at["parent_id"])
        return line

    def _below(self, unit: Row, home: str | None) -> bool:
        return home is None or home in self._line(unit)


def source_of(facts: SheetFacts, row: SheetRow) -> str:
    """Where a record came from, as it is kept with the record: file, sheet, row."""
    return f"{facts.file_name}·{facts.sheet_name}·第{row.number}行"


def place_problem(problem: Problem, row: SheetRow) -> Problem:
    """The finding with its row, column and raw text filled in."""
    field = problem.field or ""
    return problem.at(row=row.number, column=row.columns.get(field), value=row.raw.get(field) or None)


def written(row: SheetRow, field: str) -> bool:
    """True when the cell holds anything, readable or not."""
    return bool(text.clean(row.raw.get(field) or ""))


def sound(row: SheetRow, fields: Sequence[Field], today: dt.date) -> bool:
    """False when a filled cell is unreadable or holds what its field objects to; reading has said so already."""
    context = ParseContext(today=today)
    for field in fields:
        value = row.values.get(field.name)
        if value is None:
            if written(row, field.name):
                return False
        elif isinstance(value, str) and not field.type.parse(value, context).good:
            return False
    return True
