"""What is wrong with a value, and how bad that is.

A check never raises: it returns a list of `Problem`, so that a form can show all of them at once and an import can put
them beside the row. `Refusal` is for the other case, when a whole job cannot go on because of something outside the
program (a wrong file, a wrong password, a full disk): it carries one Chinese sentence for the user and an exit code.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace


class Level(enum.StrEnum):
    """How much a problem matters.

    ERROR stops the row (some may be overridden with a reason, the service decides which); WARNING lets it pass and is
    shown; QUESTION needs a person's answer before the row goes in.
    """

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"


_LEVEL_WORDS = {Level.ERROR: "错误", Level.WARNING: "提醒", Level.QUESTION: "待确认"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one value.

    Attributes:
        level: how much it matters.
        code: stable short key such as "id.damaged"; tests and overrides use it, users never see it.
        message: Chinese sentence: what, where, what to do.
        field: name of the register field, if one field is to blame.
        row: sheet row as the user counts it, from 1.
        column: sheet column letter, such as "C".
        value: the text as it was typed or read.
    """

    level: Level
    code: str
    message: str
    field: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def at(
        self,
        *,
        field: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> Problem:
        """The same problem with its place filled in; a place already known stays."""
        return replace(
            self,
            field=self.field if self.field is not None else field,
            row=self.row if self.row is not None else row,
            column=self.column if self.column is not None else column,
            value=self.value if self.value is not None else value,
        )

    def place(self) -> str:
        """The place in Chinese: "第 5 行 C 列", "第 5 行", "C 列", or "" when it is not in a sheet."""
        parts = []
        if self.row is not None:
            parts.append(f"第 {self.row} 行")
        if self.column is not None:
            parts.append(f"{self.column} 列")
        return " ".join(parts)

    def sentence(self) -> str:
        """Level, place and message in one line, for lists and reports."""
        place = self.place()
        where = f"{place}：" if place else ""
        return f"［{_LEVEL_WORDS[self.level]}］{where}{self.message}"


def has_errors(problems: Iterable[Problem]) -> bool:
    """True if at least one of the problems stops the row."""
    return any(problem.level is Level.ERROR for problem in problems)


class Refusal(Exception):
    """The world's error, told to the user: one Chinese sentence and an exit code.

    Attributes:
        message: one Chinese sentence: what happened, where, what to do.
        exit_code: what the command line returns (1 findings or failure, 2 wrong use).
        problems: the single findings behind the refusal, if there are any.
    """

    def __init__(self, message: str, exit_code: int = 1, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return self.message
