"""Giving a table's columns to fields (列对应): by name, by near name, by what stands below, and never in silence.

An exact name counts as known. Anything less is a guess and comes back as a question; two columns for one field are a
question too; a column nobody wants is listed. A remembered or stated choice (`fixed`) goes before everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from hongyao_desktop.core import fields as field_types
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.intake import words
from hongyao_desktop.intake.matching import SOMEBODY_ELSE, HeaderIndex, How, Match, TargetField, by_name
from hongyao_desktop.intake.table import Column, FoundTable
from hongyao_desktop.sheets.book import Cell

__all__ = [
    "RETURNED",
    "Doubt",
    "HeaderIndex",
    "How",
    "Mapping",
    "Match",
    "TargetField",
    "best_table",
    "map_columns",
]

RETURNED = "退回原因"
"""Header of the column that returned rows carry (`sheets.marked`); never asked about when they come back."""

_SAMPLED = 60
_ENOUGH_SAMPLES = 3
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Doubt:
    """Several columns for one field; the first is the one taken for now."""

    field: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds which field, and everything that is not certain about it.

    Attributes:
        columns: column key to field name.
        matches: the same with grounds.
        unknown: columns no field wants; their content would not be imported.
        ignored: columns that only count rows or carry the reasons of returned rows.
        ambiguous: fields with several columns.
        missing_required: required fields without a column.
        problems: all of it as Chinese sentences.
    """

    columns: dict[str, str]
    matches: tuple[Match, ...]
    unknown: tuple[Column, ...]
    ignored: tuple[Column, ...]
    ambiguous: tuple[Doubt, ...]
    missing_required: tuple[TargetField, ...]
    problems: tuple[Problem, ...]

    @property
    def by_field(self) -> dict[str, Column]:
        """Field name to column."""
        return {match.field: match.column for match in self.matches}


# ------------------------------------------------------------------------------------------------------------ mapping


def map_columns(
    table: FoundTable, fields: Sequence[TargetField], *, fixed: AnyMapping[str, str] | None = None
) -> Mapping:
    """Give the table's columns to the fields of an import target or register.

    Args:
        table: as found.
        fields: what columns are looked for; a required one without a column is an error.
        fixed: column key to field name ("" for: leave this column out); goes before everything else.
    """
    index = HeaderIndex(fields)
    labels = {field.name: field.label for field in fields}
    stated, left_out = _stated(table, labels, fixed or {})
    chosen = list(stated)
    open_columns = [
        column
        for column in table.columns
        if column.key not in left_out and all(match.column is not column for match in stated)
    ]
    candidates = [match for column in open_columns for match in by_name(column, index)]
    doubts = _choose(table, candidates, chosen)
    chosen += _by_content(table, fields, chosen, open_columns)
    order = {column.key: position for position, column in enumerate(table.columns)}
    chosen.sort(key=lambda match: order[match.column.key])
    return _summed_up(table, fields, chosen, doubts, left_out)


def best_table(tables: Sequence[FoundTable], fields: Sequence[TargetField]) -> tuple[FoundTable, Mapping]:
    """The table that fits some fields best, with its mapping; `tables` must not be empty.

    Required fields found count most, then fields by exact name, then rows.
    """
    mapped = [(table, map_columns(table, fields)) for table in tables]

    def fit(pair: tuple[FoundTable, Mapping]) -> tuple[int, int, int, int]:
        table, mapping = pair
        exact = sum(match.how in {How.STATED, How.EXACT} for match in mapping.matches)
        return -len(mapping.missing_required), exact, len(mapping.matches), len(table.rows)

    return max(mapped, key=fit)


def _stated(
    table: FoundTable, labels: AnyMapping[str, str], fixed: AnyMapping[str, str]
) -> tuple[list[Match], set[str]]:
    matches: list[Match] = []
    left_out: set[str] = set()
    for column in table.columns:
        if column.key not in fixed:
            continue
        if fixed[column.key] in labels:
            matches.append(Match(column, fixed[column.key], How.STATED, 100.0))
        else:
            left_out.add(column.key)
    return matches, left_out


def _choose(table: FoundTable, candidates: list[Match], chosen: list[Match]) -> list[Doubt]:
    """Take the surest match of each field and column; the rest of a field's columns are doubts."""
    doubts: list[Doubt] = []
    taken_fields = {match.field for match in chosen}
    filled = {match.column.key: _filled(table, match.column) for match in candidates}
    ranked = sorted(candidates, key=lambda match: (filled[match.column.key] == 0, -match.score))
    by_field: dict[str, list[Match]] = {}
    taken_columns: set[str] = set()
    for match in ranked:
        if match.field in taken_fields or match.column.key in taken_columns:
            continue
        by_field.setdefault(match.field, []).append(match)
    for field, matches in by_field.items():
        open_matches = [match for match in matches if match.column.key not in taken_columns]
        if not open_matches:
            continue
        best = open_matches[0]
        chosen.append(best)
        taken_columns.add(best.column.key)
        rivals = [
            match.column
            for match in open_matches[1:]
            if match.how is How.EXACT
            and filled[match.column.key]
            and not _same_content(table, best.column, match.column)
        ]
        if rivals and best.how is How.EXACT:
            doubts.append(Doubt(field, (best.column, *rivals)))
    return doubts


def _samples(table: FoundTable, column: Column) -> list[Cell]:
    position = table.position(column.key)
    values = (row.values[position] for row in table.data_rows)
    return list(islice((value for value in values if value is not None), _SAMPLED))


def _filled(table: FoundTable, column: Column) -> int:
    return len(_samples(table, column))


def _same_content(table: FoundTable, one: Column, other: Column) -> bool:
    first, second = table.position(one.key), table.position(other.key)
    return all(row.values[first] == row.values[second] for row in islice(table.data_rows, 500))


# ------------------------------------------------------------------------------------------------------------ content

_RESIDENT = re.compile(r"^\d{17}[\dXx]$|^\d{15}$")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")


def _by_content(
    table: FoundTable, fields: Sequence[TargetField], chosen: list[Match], columns: Sequence[Column]
) -> list[Match]:
    """Columns without a usable name whose cells can be only one thing: identity numbers, mobile numbers."""
    taken = {match.column.key for match in chosen}
    found: list[Match] = []
    fields_taken = {match.field for match in chosen}
    for column in columns:
        if column.key in taken or (column.base in words.GENERIC):
            continue
        looks_like = _looks_like(_samples(table, column))
        if looks_like is None or SOMEBODY_ELSE.search("".join(column.path)):
            continue
        fitting = [
            field
            for field in fields
            if isinstance(getattr(field, "type", None), looks_like) and field.name not in fields_taken
        ]
        if len(fitting) == 1:
            found.append(Match(column, fitting[0].name, How.CONTENT, 60.0))
            fields_taken.add(fitting[0].name)
    return found


def _looks_like(samples: Sequence[Cell]) -> type[field_types.FieldType] | None:
    texts = [words.squeeze(words.cell_text(value)) for value in samples]
    if len(texts) < _ENOUGH_SAMPLES:
        return None
    for pattern, kind in ((_RESIDENT, field_types.IdNumber), (_MOBILE, field_types.Phone)):
        if sum(pattern.match(text) is not None for text in texts) >= _SHARE * len(texts):
            return kind
    return None


# ---------------------------------------------------------------------------------------------------------- sentences


def _named(column: Column) -> str:
    return f"“{column.name}”（{column.letter} 列）" if column.path else f"{column.letter} 列（没有列名）"


def _summed_up(
    table: FoundTable,
    fields: Sequence[TargetField],
    chosen: list[Match],
    doubts: list[Doubt],
    left_out: set[str],
) -> Mapping:
    labels = {field.name: field.label for field in fields}
    mapped = {match.column.key for match in chosen}
    doubted = {column.key for doubt in doubts for column in doubt.columns}
    ignored = tuple(
        column
        for column in table.columns
        if column.key not in mapped
        and (column.key in left_out or column.base in words.SEQUENCE or column.base == RETURNED)
    )
    unknown = tuple(
        column
        for column in table.columns
        if column.key not in mapped | doubted
        and column not in ignored
        and (column.path or _filled(table, column))
    )
    found = {match.field for match in chosen}
    missing = tuple(field for field in fields if field.required and field.name not in found)
    problems: list[Problem] = []
    header_row = table.header_rows[1]
    for field in missing:
        others = f"（也可写作：{'、'.join(field.aliases[:3])}）" if field.aliases else ""
        message = f"没有找到“{field.label}”这一列{others}，请在表头补上或指定是哪一列"
        problems.append(Problem(Level.ERROR, "mapping.missing", message, field.name, header_row))
    for doubt in doubts:
        names = "、".join(_named(column) for column in doubt.columns)
        message = f"{names}都可能是“{labels[doubt.field]}”，先按 {doubt.columns[0].letter} 列读取，请确认"
        place = (header_row, doubt.columns[0].letter)
        problems.append(Problem(Level.QUESTION, "mapping.twice", message, doubt.field, *place))
    for match in chosen:
        if match.how not in {How.STATED, How.EXACT}:
            message = f"{_named(match.column)}按“{labels[match.field]}”读取（{match.how.value}），请确认"
            place = (header_row, match.column.letter)
            problems.append(Problem(Level.QUESTION, "mapping.guess", message, match.field, *place))
    for column in unknown:
        message = f"{_named(column)}没有对应的栏目，不会导入"
        problems.append(
            Problem(Level.WARNING, "mapping.unknown", message, None, header_row, column.letter, column.name)
        )
    return Mapping(
        columns={match.column.key: match.field for match in chosen},
        matches=tuple(chosen),
        unknown=unknown,
        ignored=ignored,
        ambiguous=tuple(doubts),
        missing_required=missing,
        problems=tuple(problems),
    )
