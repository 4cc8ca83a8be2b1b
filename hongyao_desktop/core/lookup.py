"""How a value that refers to a row of another register finds it: what was typed in, the rows it may mean out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hongyao_desktop.core.desk import Reader, Row


@dataclass(frozen=True, slots=True)
class Match:
    """One answer to what was typed into a field that refers to another register.

    ``note`` tells two of the same name apart (number, grid, phone tail).
    """

    id: str
    label: str
    note: str = ""
    row: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a field that refers to another register finds its row.

    ``find`` takes what was typed (name, pinyin initials, number) and how many answers are wanted, best first;
    ``show`` gives one row by id; ``above``, where the rows form a tree, names for each the one directly above it.
    They run on the window's thread: indexed reads only.
    """

    find: Callable[[Reader, str, int], Sequence[Match]]
    show: Callable[[Reader, str], Match | None]
    above: Callable[[Reader], Mapping[str, str | None]] | None = None
