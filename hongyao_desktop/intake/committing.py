"""Writing a rehearsed import: all good rows in one named operation, the others back in their own layout."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hongyao_desktop.core.clock import Clock, iso_second
from hongyao_desktop.core.desk import Reader, Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake.rehearsal import Part, Rehearsal, rehearse
from hongyao_desktop.sheets.marked import MarkedTable, write_returned

T = TypeVar("T")


class OfficeDoor(Protocol):
    """What an import needs of an opened office."""

    @property
    def clock(self) -> Clock:
        """Where times come from."""

    def head(self) -> str:
        """The journal's chain value."""

    def reader(self) -> Reader:
        """The query-only view."""

    def transact(self, op: str, fn: Callable[[Writer], T]) -> Any:
        """Run one named operation."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What an import wrote: records, and rows that went back."""

    written: int
    returned: int


def commit(office: OfficeDoor, rehearsal: Rehearsal, head: str) -> Committed:
    """Write a rehearsed import as one operation.

    ``head`` is the chain value the rehearsal was made at: when something was written since, the file is planned anew,
    so that nothing is written that was not checked against the present state.
    """
    if office.head() != head:
        again = rehearse(rehearsal.path, rehearsal.target, office.reader(), office.clock)
        if again.book.digest != rehearsal.book.digest:
            raise Refusal(f"“{rehearsal.path.name}”在核对之后被改过，请重新核对再导入")
        rehearsal = again
    written = office.transact(
        f"导入{rehearsal.target.label}", lambda writer: _write(writer, rehearsal)
    ).result
    return Committed(int(written), rehearsal.returned)


def _write(writer: Writer, rehearsal: Rehearsal) -> int:
    require(writer, Role.ENTRY)
    target = rehearsal.target
    written = 0
    for number, part in enumerate(rehearsal.parts):
        plan = part.plan
        if number:  # the parts before it may have made people or activities this one speaks of
            plan = target.plan(writer, part.facts, part.rows, writer.clock)
        done = target.commit(writer, part.facts, plan) if plan.items else 0
        written += done
        if done:
            _note_run(writer, rehearsal, part, done)
    return written


def _note_run(writer: Writer, rehearsal: Rehearsal, part: Part, written: int) -> None:
    row = {
        "target": rehearsal.target.name,
        "file_name": part.facts.file_name,
        "file_digest": part.facts.file_digest,
        "sheet_name": part.facts.sheet_name,
        "imported_at": iso_second(writer.clock.now()),
        "operator": writer.who.name,
        "rows_read": len(part.data),
        "rows_written": written,
        "rows_returned": len(part.reasons()),
        "mapping": json.dumps(dict(part.mapping.columns), ensure_ascii=False),
    }
    writer.insert("import_run", row)


def returned_path(path: Path) -> Path:
    """Where the rows that went back are put: beside the file, as “… 退回.xlsx”."""
    return path.with_name(f"{path.stem} 退回.xlsx")


def write_back(rehearsal: Rehearsal, out: Path) -> int:
    """Write the rows that went back into ``out`` in the file's own layout, each with its reasons; returns how many."""
    tables = []
    for part in rehearsal.parts:
        reasons = part.reasons()
        if reasons:
            first, last = part.table.columns[0].letters, part.table.columns[-1].letters
            tables.append(
                MarkedTable(
                    part.table.sheet_name,
                    part.table.header_rows,
                    reasons,
                    blocks=tuple(zip(first, last, strict=True)),
                    cells=part.blamed(),
                )
            )
    if tables:
        write_returned(rehearsal.book, tables, out)
    return sum(len(table.reasons) for table in tables)
