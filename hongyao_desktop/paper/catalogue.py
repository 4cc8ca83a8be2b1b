"""The list of papers that can be printed (文件清单): name, help, parameters, and the function that declares it.

Modules list theirs as :class:`PaperSpec`; ``app`` gathers them for the command line and the print menu.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.dates import DateProblem, parse_date
from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.core.workdays import Overrides
from hongyao_desktop.paper.document import Document, Foot, Meta

YES = frozenset({"1", "是", "要", "true", "yes"})
NO = frozenset({"", "0", "否", "不要", "false", "no"})
YES_OR_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be set for a paper besides period and unit: name for ``--set``, Chinese label, default.

    Attributes:
        required: the paper cannot be printed without it.
        public: its text is published on purpose (a contact phone), so the leak scan lets it pass.
        kept: it is the same from one paper to the next (who signs), so a form begins with that of the last one.
        choices: the only words it takes, for a form to offer; empty for any text.
    """

    name: str
    label: str
    default: str
    help: str
    required: bool = False
    public: bool = False
    kept: bool = False
    choices: tuple[str, ...] = ()


def _nothing_found(_register: str, _search: str) -> tuple[Register, Iterable[Row]]:
    raise LookupError("this request was made without registers")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequest:
    """What is printed for whom.

    Attributes:
        head: the journal's chain value.
        printed_by: an operator's name.
        purpose: decides masking.
        options: the paper's own parameters, defaults filled in.
        rows_of: the description and the rows of a register by its name and a search text, for plain lists.
        workdays: the office's corrections of the holiday calendar.
        settings: stored settings by key.
        remarks: sentences for who prints, such as "next year's holidays are not known yet"; papers add to it.
    """

    reader: Reader
    clock: Clock
    office: str
    printed_by: str
    head: str
    period: Period
    scope: Scope
    purpose: Purpose = Purpose.INTERNAL
    options: Mapping[str, str] = field(default_factory=dict)
    rows_of: Callable[[str, str], tuple[Register, Iterable[Row]]] = _nothing_found
    workdays: Overrides = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def foot(self, note: str = "", *, dated: bool = True) -> Foot:
        """The print run at the foot: who, when, which records; a paper that has no period is not ``dated``."""
        moment = self.clock.now().strftime("%Y-%m-%d %H:%M")
        span = f" {self.period.first.isoformat()} 至 {self.period.last.isoformat()}" if dated else ""
        parts = [f"{self.printed_by} {moment} 打印", f"{self.scope.label}{span}", note]
        return Foot(run="；".join(part for part in parts if part), chain_head=self.head)

    def meta(self, subject: str) -> Meta:
        """What the file says about itself."""
        return Meta(created=self.clock.now(), author=self.office, subject=subject)

    def text(self, name: str) -> str:
        """A parameter as it was set, without blanks around."""
        return self.options.get(name, "").strip()

    def yes(self, name: str) -> bool:
        """Whether a parameter says yes (是, 1)."""
        return self.text(name).lower() in YES

    def count(self, name: str, label: str, *, low: int = 0, high: int = 100_000) -> int:
        """A whole number; refuses anything else with a sentence that names the parameter."""
        text = self.text(name)
        if not text.isdecimal() or not low <= int(text) <= high:
            raise Refusal(f"“{label}”要填 {low} 到 {high} 之间的整数，现在是“{text}”", exit_code=2)
        return int(text)

    def day(self, name: str, label: str, default: dt.date) -> dt.date:
        """A date; ``default`` when it was left empty, refuses what is no date."""
        text = self.text(name)
        if not text:
            return default
        try:
            return parse_date(text, today=self.clock.today())
        except DateProblem as problem:
            raise Refusal(f"“{label}”写作“{text}”看不懂：{problem}", exit_code=2) from problem

    def choice(self, name: str, label: str, choices: Iterable[str]) -> str:
        """One of several words; refuses others."""
        text = self.text(name)
        allowed = tuple(choices)
        if text not in allowed:
            raise Refusal(f"“{label}”只能是{'、'.join(allowed)}，现在是“{text}”", exit_code=2)
        return text

    def params(self) -> dict[str, str]:
        """What queries within the period and scope are bound with: first, last and those of the scope."""
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            **self.scope.params,
        }


def row_behind(source: str) -> tuple[str, str] | None:
    """Register and row id of a line's source ("volunteers/0190…"), so that a screen can open the record.

    None for a source that is something else, such as the code of a figure.
    """
    register, slash, row_id = source.partition("/")
    return (register, row_id) if slash and register and row_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSpec:
    """A paper that can be printed (可打印的文件).

    Attributes:
        workbook: writes the same paper as a spreadsheet of its own; without it the paper's tables are written.
        purposes: what it may be printed for, the usual one first. What is for the public passes the leak scan.
        issue: run inside one named operation before ``build`` (giving a certificate its number); returns options
            that ``build`` then finds. Printing again passes what it returned.
        issued_as: the Chinese name of that operation.
        preview: how such a paper will look, before it is given its number; it is never given out.
    """

    name: str
    label: str
    help: str
    build: Callable[[PaperRequest], Document]
    parameters: tuple[Parameter, ...] = ()
    workbook: Callable[[PaperRequest, Path], object] | None = None
    purposes: tuple[Purpose, ...] = (Purpose.INTERNAL,)
    issue: Callable[[Writer, PaperRequest], Mapping[str, str]] | None = None
    issued_as: str = ""
    preview: Callable[[PaperRequest], Document] | None = None

    def options(self, given: Mapping[str, str]) -> dict[str, str]:
        """The parameters with their defaults filled in; raises KeyError for one the paper does not have.

        Refuses neither yes nor no where only those can be meant: taken for a no, it would print another paper than
        was asked for.
        """
        known = {parameter.name: parameter.default for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise KeyError(name)
        made = {**known, **given}
        for parameter in self.parameters:
            word = made[parameter.name].strip()
            if parameter.choices == YES_OR_NO and word.lower() not in YES | NO:
                raise Refusal(f"“{parameter.label}”只能填“是”或“否”，现在是“{word}”", exit_code=2)
        return made

    def missing(self, options: Mapping[str, str]) -> tuple[Parameter, ...]:
        """Parameters without which the paper cannot be printed and that are empty."""
        return tuple(
            parameter
            for parameter in self.parameters
            if parameter.required and not options.get(parameter.name, "").strip()
        )

    def published(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """What the paper publishes on purpose."""
        return tuple(options[parameter.name] for parameter in self.parameters if parameter.public)
