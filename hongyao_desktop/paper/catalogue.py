"""The list of papers that can be printed (文件清单): name, help, parameters, and the function that declares it.

Modules list theirs as :class:`PaperSpec`; ``app`` gathers them for the command line and the print menu.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.document import Document, Foot


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be set for a paper besides period and unit: name for ``--set``, Chinese label, default."""

    name: str
    label: str
    default: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequest:
    """What is printed for whom. ``head`` is the journal's chain value; ``printed_by`` an operator's name."""

    reader: Reader
    clock: Clock
    office: str
    printed_by: str
    head: str
    period: Period
    scope: Scope
    purpose: Purpose = Purpose.INTERNAL
    options: Mapping[str, str] = field(default_factory=dict)

    def foot(self, note: str = "") -> Foot:
        """The print run at the foot: who, when, which records."""
        moment = self.clock.now().strftime("%Y-%m-%d %H:%M")
        span = f"{self.period.first.isoformat()} 至 {self.period.last.isoformat()}"
        parts = [f"{self.printed_by} {moment} 打印", f"{self.scope.label} {span}", note]
        return Foot(run="；".join(part for part in parts if part), chain_head=self.head)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSpec:
    """A paper that can be printed (可打印的文件).

    ``workbook`` writes the same paper as a spreadsheet, for papers that have one.
    """

    name: str
    label: str
    help: str
    build: Callable[[PaperRequest], Document]
    parameters: tuple[Parameter, ...] = ()
    workbook: Callable[[PaperRequest, Path], object] | None = None

    def options(self, given: Mapping[str, str]) -> dict[str, str]:
        """The parameters with their defaults filled in; raises KeyError for one the paper does not have."""
        known = {parameter.name: parameter.default for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise KeyError(name)
        return {**known, **given}
