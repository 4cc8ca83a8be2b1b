"""Check first, then write: the way every form, verb and batch goes through the door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from hongyao_desktop.core.desk import Reader, Writer
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.kit.session import Session

T = TypeVar("T")


def objections(problems: Sequence[Problem], accepted: Collection[str]) -> list[Problem]:
    """Errors, and questions nobody has answered yet."""
    return [
        found
        for found in problems
        if found.level is Level.ERROR or (found.level is Level.QUESTION and found.code not in accepted)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[T]):
    """One operation an operator asks for.

    Attributes:
        op: its Chinese name in the journal; ``reason`` why, where one is asked for.
        check: finds objections, on a reading worker.
        write: the verb.
        accepted: codes of questions the operator answered with yes.
        done: gets the result and the warnings found.
        objected: gets everything found when something stands in the way.
        refused: gets a refusal that has no findings.
        draft: key of the form this saves, whose draft goes with it.
    """

    op: str
    check: Callable[[Reader], list[Problem]]
    write: Callable[[Writer], T]
    accepted: Collection[str]
    done: Callable[[T, list[Problem]], None]
    objected: Callable[[list[Problem]], None]
    refused: Callable[[Exception], None]
    reason: str | None = None
    draft: str = ""


def confirm(session: Session, owner: QObject, step: Step[T]) -> None:
    """Look for objections first; when there are none, write. Answers come on the window's thread."""

    def fail(error: Exception) -> None:
        if isinstance(error, Refusal) and error.problems:
            step.objected(list(error.problems))
        else:
            step.refused(error)

    def checked(found: list[Problem]) -> None:
        if objections(found, step.accepted):
            step.objected(found)
            return
        session.write(
            owner,
            step.op,
            step.write,
            lambda result: step.done(result, found),
            fail,
            reason=step.reason,
            draft=step.draft,
        )

    session.read(owner, step.check, checked, fail)
