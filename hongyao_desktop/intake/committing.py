"""Writing a rehearsed import: all good rows in one named operation, the others back in their own layout."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

from hongyao_desktop.core.clock import iso_second
from hongyao_desktop.core.desk import Writer, require
from hongyao_desktop.intake.rehearsal import Part, Rehearsal, without_collecting
from hongyao_desktop.sheets.marked import MarkedTable, write_returned


@dataclass(frozen=True, slots=True)
class Committed:
    """What an import wrote: records, and rows that went back."""

    written: int
    returned: int


def operation_name(rehearsal: Rehearsal) -> str:
    """How the import is called in the journal and beside undo."""
    return f"导入{rehearsal.target.label}"


def commit(writer: Writer, rehearsal: Rehearsal) -> Committed:
    """Write a rehearsed import inside one operation.

    What was written since the rehearsal may clash with it, and a part may speak of people the part before it makes;
    so those parts are planned anew against the present state, and nothing is written that was not checked against it.
    """
    require(writer, *rehearsal.target.roles)
    unchanged = writer.op_seq - 1 == rehearsal.last_operation
    written = 0
    for number, part in enumerate(rehearsal.parts):
        plan = part.plan
        if number or not unchanged:
            plan = rehearsal.target.plan(writer, part.facts, part.rows, writer.clock)
        with without_collecting():
            done = rehearsal.target.commit(writer, part.facts, plan) if plan.items else 0
        written += done
        if done:
            _note_run(writer, rehearsal, part, done)
    return Committed(written, rehearsal.returned)


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
    """Where the rows that went back are put: beside the file, as “… 退回.xlsx”.

    A file of that name that is there already may hold corrections somebody has begun; the next number is taken then.
    """
    plain = path.with_name(f"{path.stem} 退回.xlsx")
    numbered = (path.with_name(f"{path.stem} 退回 {number}.xlsx") for number in itertools.count(2))
    return next(name for name in itertools.chain([plain], numbered) if not name.exists())


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
