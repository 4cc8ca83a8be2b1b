"""Whose sheet it is (填报单位): units named around a table or in its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import identity, phone, text
from hongyao_desktop.core.desk import Reader, Row, SheetFacts, SheetRow
from hongyao_desktop.core.fields import Date, IdNumber, Phone
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.core.register import Field
from hongyao_desktop.volunteers.imports.covered import COVER, CoveredId, CoveredPhone


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
    raw = row.raw.get(field) or ""
    return raw != "" and text.clean(raw) != ""


class Soundness:
    """Tells rows whose cells could all be read and hold nothing their field objects to.

    Reading a cell has already said what is wrong with it.  Most types give no value then; numbers and days of the
    kinds below keep what stood there, so they are looked at again.
    """

    def __init__(self, fields: Sequence[Field], today: dt.date) -> None:
        self._names = frozenset(field.name for field in fields)
        self._ids = [field.name for field in fields if isinstance(field.type, IdNumber)]
        self._phones = [field.name for field in fields if isinstance(field.type, Phone)]
        self._telling = frozenset(f.name for f in fields if isinstance(f.type, (CoveredId, CoveredPhone)))
        self._past = [field.name for field in fields if isinstance(field.type, Date) and field.type.past_only]
        self._today = today.isoformat()

    def __call__(self, row: SheetRow) -> bool:
        """Whether the row may become a record."""
        values = row.values
        if any(
            shown and name in self._names and values.get(name) is None and written(row, name)
            for name, shown in row.raw.items()
        ):
            return False
        if any(values.get(name) and values[name] > self._today for name in self._past):
            return False
        found: list[Problem] = []
        for name in self._ids:
            if values.get(name) and not self._covered(name, values):
                found += identity.check(identity.guess_kind(values[name]), values[name])
        for name in self._phones:
            if values.get(name) and not self._covered(name, values):
                found += phone.check(values[name])
        return not has_errors(found)

    def _covered(self, name: str, values: Mapping[str, Any]) -> bool:
        """A covered number where it only tells who is meant; one that would be stored has to be whole."""
        return name in self._telling and COVER in values[name]
