"""The dry run of an import (核对): what a file would add to a register, and everything wrong with it, without writing.

A file may hold several tables for one register (a sheet for each month); each becomes a part with its own plan.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Row, SheetFacts, SheetRow
from hongyao_desktop.core.fields import ParseContext, Reference
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field
from hongyao_desktop.intake import words
from hongyao_desktop.intake.mapping import HeaderIndex, Mapping, map_columns
from hongyao_desktop.intake.parsing import RowParser
from hongyao_desktop.intake.table import FoundTable, RowKind, find_in_book
from hongyao_desktop.sheets.book import Book
from hongyao_desktop.sheets.reading import read_book

_LOOKED_AT = 20
"""Rows in which the first text of a column is looked for."""

BLOCKING = frozenset({Level.ERROR, Level.QUESTION})
"""Findings that send a row back; a warning lets it pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of the file: how its columns were understood, its rows, and what they would become."""

    facts: SheetFacts
    table: FoundTable
    mapping: Mapping
    rows: tuple[SheetRow, ...]
    reading: tuple[Problem, ...]
    plan: ImportPlan

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every finding in the order of the sheet; those about the whole table first."""
        found = (*self.reading, *self.plan.problems)
        return tuple(sorted(found, key=lambda problem: (problem.row or 0, problem.column or "")))

    @property
    def data(self) -> tuple[SheetRow, ...]:
        """The rows that hold records."""
        return tuple(row for row in self.rows if row.kind == RowKind.DATA)

    def reasons(self) -> dict[tuple[int, str], list[str]]:
        """Why rows go back: the sentences by sheet row and the row's first column letter (its block)."""
        blocking: dict[int, list[Problem]] = {}
        for problem in self.problems:
            if problem.level in BLOCKING and problem.row is not None:
                blocking.setdefault(problem.row, []).append(problem)
        found: dict[tuple[int, str], list[str]] = {}
        for row in self.data:
            own = [
                problem.message
                for problem in blocking.get(row.number, ())
                if problem.column is None or problem.column in row.columns.values()
            ]
            if own:
                found[row.number, first_column(row)] = own
        return found

    def blamed(self) -> dict[int, set[str]]:
        """The column letters that findings which send a row back point at, by sheet row."""
        found: dict[int, set[str]] = {}
        for problem in self.problems:
            if problem.level in BLOCKING and problem.row is not None and problem.column is not None:
                found.setdefault(problem.row, set()).add(problem.column)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A file held against a register: nothing has been written yet.

    ``last_operation`` is the journal's number at which it was planned; ``earlier`` the last import of the same file.
    """

    target: ImportTarget
    path: Path
    book: Book
    parts: tuple[Part, ...]
    earlier: Row | None
    last_operation: int

    @property
    def read(self) -> int:
        """How many records the file holds."""
        return sum(len(part.data) for part in self.parts)

    @property
    def returned(self) -> int:
        """How many rows would go back."""
        return sum(len(part.reasons()) for part in self.parts)

    @property
    def ready(self) -> int:
        """How many items would be written."""
        return sum(len(part.plan.items) for part in self.parts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every finding of every part."""
        return tuple(problem for part in self.parts for problem in part.problems)


def first_column(row: SheetRow) -> str:
    """The first sheet column of a row, which tells side-by-side blocks apart."""
    return min(row.columns.values(), key=lambda letters: (len(letters), letters), default="")


def rehearse(
    path: Path, target: ImportTarget, reader: Reader, clock: Clock, *, sheet: str | None = None
) -> Rehearsal:
    """Read a file and plan its import into ``target``.

    Raises ``Refusal`` with one sentence when the file cannot be read, holds no table, or no table has the columns
    the register needs.
    """
    with without_collecting():
        return _rehearse(path, target, reader, clock, sheet)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Python goes through all its objects for circles again and again while a long sheet fills the memory.

    A sheet has none, and the search is a sixth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rehearse(path: Path, target: ImportTarget, reader: Reader, clock: Clock, sheet: str | None) -> Rehearsal:
    last_operation = int(reader.value("SELECT COALESCE(MAX(seq), 0) FROM journal_operation"))
    book = read_book(path)
    index = HeaderIndex(target.fields)
    expected = [field.label for field in target.fields if field.required] or [target.fields[0].label]
    tables = find_in_book(book, index.knows, expected=expected, sheet=sheet)
    mapped = [(table, map_columns(table, target.fields)) for table in tables]
    told = [(table, mapping, _facts(book, table)) for table, mapping in mapped]
    fitting = [one for one in told if not missing(target, *one)]
    if not fitting:
        _refuse_unfit(book, target, told)
    today = clock.today()
    parts = tuple(
        _part(facts, table, mapping, target, reader, clock, ParseContext(today, table.year, table.month))
        for table, mapping, facts in fitting
    )
    earlier = reader.one(
        "SELECT * FROM import_run WHERE target = ? AND file_digest = ?"
        " AND NOT EXISTS (SELECT 1 FROM journal_image AS noted JOIN journal_operation AS back"
        " ON back.undoes = noted.op_seq WHERE noted.row_id = import_run.id)"  # taken back since
        " ORDER BY imported_at DESC LIMIT 1",
        (target.name, book.digest),
    )
    return Rehearsal(
        target=target, path=path, book=book, parts=parts, earlier=earlier, last_operation=last_operation
    )


def _facts(book: Book, table: FoundTable) -> SheetFacts:
    return SheetFacts(book.file_name, book.digest, table.sheet_name, table.title, table.context, table.titles)


def missing(target: ImportTarget, table: FoundTable, mapping: Mapping, facts: SheetFacts) -> list[Field]:
    """Required fields without a column; a reference such as the unit may stand in the sheet's head instead."""
    absent = {field.name for field in mapping.missing_required}
    if absent and target.stands_in is not None:
        absent -= target.stands_in(
            [column.key for column in mapping.unknown], facts, _first_texts(table, mapping)
        )
    return [
        field for field in target.fields if field.name in absent and not isinstance(field.type, Reference)
    ]


def _first_texts(table: FoundTable, mapping: Mapping) -> dict[str, str]:
    """The first text under each column that has a field."""
    found = {}
    for key, name in mapping.columns.items():
        place = table.position(key)
        cells = (row.values[place] for row in islice(table.data_rows, _LOOKED_AT))
        found[name] = next((words.cell_text(cell) for cell in cells if cell is not None), "")
    return found


def _refuse_unfit(
    book: Book, target: ImportTarget, told: Sequence[tuple[FoundTable, Mapping, SheetFacts]]
) -> None:
    lacking = [(missing(target, *one), one[0]) for one in told]
    fields, table = min(lacking, key=lambda pair: (len(pair[0]), -pair[1].known))
    absent = "、".join(field.label for field in fields)
    found = "、".join(column.name for column in table.columns[:8])
    raise Refusal(
        f"“{book.file_name}”的工作表“{table.sheet_name}”缺少“{absent}”列，不像是{target.label}；"
        f"表头读到的是：{found}"
    )


def _part(
    facts: SheetFacts,
    table: FoundTable,
    mapping: Mapping,
    target: ImportTarget,
    reader: Reader,
    clock: Clock,
    context: ParseContext,
) -> Part:
    fields = {field.name: field for field in target.fields}
    parser = RowParser(table, mapping, fields, context)
    rows = tuple(parser.rows())
    plan = target.plan(reader, facts, rows, clock)
    return Part(
        facts=facts,
        table=table,
        mapping=mapping,
        rows=rows,
        reading=(
            *(one for one in _mapping_problems(mapping, target) if (0, one.value) not in plan.settled),
            *_hidden_rows(table),
            *(one for one in parser.problems if (one.row, one.field) not in plan.settled),
        ),
        plan=_without_unreadable(plan, parser.unreadable),
    )


def _mapping_problems(mapping: Mapping, target: ImportTarget) -> Iterator[Problem]:
    """What is doubtful about the columns, less what the target deals with itself.

    A table that lacks what it needs came no further; what the sheet's head makes up for is no finding.
    """
    for problem in mapping.problems:
        if problem.code == "mapping.missing":
            continue
        if (
            problem.code == "mapping.unknown"
            and target.claims is not None
            and target.claims(problem.value or "")
        ):
            continue
        yield problem


def _hidden_rows(table: FoundTable) -> Iterator[Problem]:
    """Rows that the sheet hides are read as the others are; the clerk, who does not see them, is told."""
    hidden = [row.sheet_row for row in table.rows if row.hidden and row.kind is RowKind.DATA]
    if hidden:
        rows = "、".join(str(row) for row in hidden[:5])
        more = "等" if len(hidden) > 5 else ""
        message = f"表里有 {len(hidden)} 行是隐藏的（第 {rows} 行{more}），一样会读取，不要的请先删去"
        yield Problem(Level.WARNING, "table.hidden", message, row=hidden[0])


def _without_unreadable(plan: ImportPlan, unreadable: set[tuple[int, str]]) -> ImportPlan:
    """The plan's findings without those that only repeat that a cell could not be read.

    What the plan read in a way of its own it has to be heard about.
    """
    kept = tuple(
        problem
        for problem in plan.problems
        if problem.row is None
        or (problem.row, problem.column or "") not in unreadable
        or (problem.row, problem.field) in plan.settled
    )
    return replace(plan, problems=kept)
