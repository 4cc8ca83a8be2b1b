"""What a form of a rule set is, and the few ways in which lists and tables are written as lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import FieldType, Integer, Points, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.rules import RuleSet

Body = Mapping[str, Any]
WORKDAYS = "workdays"
"""Where the test bench puts the office's corrections of working days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    """One kind of rule set as a clerk edits it.

    Attributes:
        kind: as in the table ``rule_set``; ``label`` and ``help`` for people.
        fields: the inputs of the body; ``to_values`` and ``to_body`` turn one into the other.
        read: reads a rule set, refusing what cannot be understood.
        blank: the body that a first version begins with.
        trial: inputs of the test bench; ``try_out`` says in sentences what the rule makes of them.
            The office's corrections of working days stand under :data:`WORKDAYS`.
        defaults: what stands in the test bench at first.
        past: what a version means for the time since its day, when that day is over.
    """

    kind: str
    label: str
    help: str
    fields: tuple[Field, ...]
    to_values: Callable[[Body], Row]
    to_body: Callable[[Row], dict[str, Any]]
    read: Callable[[RuleSet], Any]
    blank: Body
    trial: tuple[Field, ...]
    try_out: Callable[[Any, Row], list[str]]
    defaults: Row
    past: str = "已经记下的不变，以后补登那一段时间的按这一版"


def made(
    name: str, label: str, kind: FieldType, *, section: str = "基本", width: int = 8, **more: Any
) -> Field:
    """An input of a rule's form."""
    return Field(
        name=name,
        label=label,
        type=kind,
        sensitivity=Sensitivity.OPEN,
        section=section,
        width=width,
        **more,
    )


def lines_input(name: str, label: str, help_: str, example: str, section: str = "基本") -> Field:
    """A small table, one line for each entry."""
    return made(
        name,
        label,
        Text(max_chars=2000, multiline=True),
        section=section,
        width=14,
        help=help_,
        example=example,
    )


POINTS = Points()
MINUTES = Integer(high=100_000)
COUNT = Integer(high=10_000)

_SIGNS = re.compile(r"[、,，;；\s]+")
_ENTRY = re.compile(r"^(?P<word>.+?)[\s：:]+(?P<rest>.+)$")


def words(shown: str | None) -> list[str]:
    """Words divided by 、, commas or blanks."""
    return [word for word in _SIGNS.split(shown or "") if word]


def entries(shown: str | None, what: str) -> list[tuple[str, str]]:
    """Lines "名称 内容" of a small table; refuses a line without both, and a name that stands twice."""
    found: list[tuple[str, str]] = []
    for line in re.split(r"[\n；;]+", shown or ""):
        if not line.strip():
            continue
        parts = _ENTRY.match(line.strip())
        if parts is None:
            raise Refusal(f"“{what}”里的“{line.strip()}”要写成“名称 内容”，中间空一格")
        found.append((parts["word"].strip(), parts["rest"].strip()))
    names = [name for name, _rest in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Refusal(f"“{what}”里“{twice}”写了两次，请留一行")
    return found


def numbers(shown: str | None, what: str) -> dict[str, str]:
    """Lines "名称 数" as a table of decimals written as text."""
    return {name: plain(rest, f"{what}里的{name}") for name, rest in entries(shown, what)}


def plain(shown: str, what: str) -> str:
    """A decimal as rule sets hold it; refuses what is no number, naming where."""
    try:
        return hours.format_centi(hours.parse_centi(shown)).replace(",", "")
    except ValueError as wrong:
        raise Refusal(f"“{what}”：{wrong}") from wrong


def as_points(value: int | None) -> str:
    """Hundredths as a rule set holds them: text, so that no fraction is ever rounded."""
    return hours.format_centi(value or 0).replace(",", "")


def of_points(value: Any) -> int:
    """Hundredths of a decimal text."""
    return hours.parse_centi(str(value))


def table(rows: Iterable[tuple[str, Any]]) -> str:
    """A small table as lines."""
    return "\n".join(f"{name} {value}" for name, value in rows)
