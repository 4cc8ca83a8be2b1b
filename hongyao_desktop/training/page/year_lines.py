"""Lines of the year sheet as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core import hours, pinyin
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CreditHours, Name, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.training.year import YearLine

_INTERNAL = Sensitivity.INTERNAL

YEAR_FIELDS: Final = (
    Field(name="name", label="姓名", type=Name(), sensitivity=_INTERNAL, width=5),
    Field(name="unit_name", label="所在组织", type=Text(), sensitivity=_INTERNAL, width=9),
    Field(name="categories", label="类别", type=Text(), sensitivity=_INTERNAL, width=8),
    Field(name="asked", label="应修", type=Text(), sensitivity=_INTERNAL, width=6),
    Field(name="central", label="集中", type=CreditHours(), sensitivity=_INTERNAL, width=3),
    Field(name="online", label="网络", type=CreditHours(), sensitivity=_INTERNAL, width=3),
    Field(name="other", label="其他", type=CreditHours(), sensitivity=_INTERNAL, width=3),
    Field(
        name="state",
        label="还差",
        type=Text(),
        sensitivity=_INTERNAL,
        width=6,
        help="按每一项要求分别算，网络学时不抵集中学时。",
    ),
)


@dataclass(frozen=True, slots=True)
class YearView:
    """A choice among the lines: its label and the state it shows (None for all)."""

    label: str
    state: str | None


VIEWS: Final = (
    YearView("全部", None),
    YearView("未达到", "short"),
    YearView("已达到", "met"),
    YearView("免学", "exempt"),
    YearView("没有要求", "free"),
)


def state_of(line: YearLine) -> str:
    """Which of the views a line belongs to."""
    if line.exempt_reason:
        return "exempt"
    if not line.needs:
        return "free"
    return "short" if line.short else "met"


def row_of(line: YearLine) -> Row:
    """A line as a row of the list; ``gap`` sorts it."""
    asked = "、".join(f"{need.label} {hours.format_centi(need.requirement.credit)}" for need in line.needs)
    kind = state_of(line)
    missing = "、".join(f"{need.label} {hours.format_centi(need.short)}" for need in line.needs if need.short)
    words = {"exempt": "免学", "free": "—", "met": "已达到", "short": missing}
    return {
        "id": line.person_id,
        "name": line.name,
        "unit_name": line.unit_name,
        "categories": "、".join(line.categories),
        "asked": asked or "—",
        "central": line.got.central,
        "online": line.got.online,
        "other": line.got.other,
        "state": words[kind],
        "kind": kind,
        "gap": line.short,
        "asked_centi": line.required,
    }


_SORTED_BY: Final = {"state": "gap", "asked": "asked_centi"}
_NUMBERS: Final = ("gap", "asked_centi", "central", "online", "other")


def ordered(rows: Sequence[Row], column: str, *, descending: bool) -> list[Row]:
    """Rows by a column; names by pinyin, what is missing by its size. Equal ones keep their order."""
    if not column:
        return list(rows)
    key = _SORTED_BY.get(column, column)
    if key == "name":
        return sorted(rows, key=lambda row: pinyin.sort_key(row["name"]), reverse=descending)
    blank = 0 if key in _NUMBERS else ""
    return sorted(rows, key=lambda row: row[key] or blank, reverse=descending)


def searched(rows: Sequence[Row], typed: str) -> list[Row]:
    """Rows whose name or initials begin with what was typed, or whose unit or category holds it."""
    wanted = typed.strip()
    if not wanted:
        return list(rows)
    key = pinyin.query_key(wanted)
    return [
        row
        for row in rows
        if wanted in row["name"]
        or wanted in (row["unit_name"] or "")
        or wanted in row["categories"]
        or bool(key and any(known.startswith(key) for known in pinyin.search_keys(row["name"])))
    ]
