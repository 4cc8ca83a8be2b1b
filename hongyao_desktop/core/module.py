"""What a module (业务模块) shows to the rest of the program. ``app`` keeps the ordered tuple of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hongyao_desktop.core.desk import Desk, ImportTarget, Reader
from hongyao_desktop.core.figure import Figure
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module's registers, their desks, its figures and its import targets, in the order they are shown.

    ``checks`` recompute what the module derives from its records (totals, balances, gapless numbers) for
    ``hongyao check``; each returns an error for what does not fit.
    """

    name: str
    label: str
    desks: tuple[Desk, ...]
    figures: tuple[Figure, ...] = ()
    targets: tuple[ImportTarget, ...] = ()
    checks: tuple[Callable[[Reader], list[Problem]], ...] = ()

    @property
    def registers(self) -> tuple[Register, ...]:
        """The registers behind the desks."""
        return tuple(desk.register for desk in self.desks)
