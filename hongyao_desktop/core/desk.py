"""What rooms hand each other: how facts are read, how they are written, and who does it.

Services, screens and the import desk speak to these protocols, so none of them needs to know the
file behind them.  ``store`` is the only room that implements :class:`Reader` and :class:`Writer`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from hongyao_desktop.core.problem import Level, Problem, Refusal

if TYPE_CHECKING:
    from hongyao_desktop.core.clock import Clock
    from hongyao_desktop.core.register import Field, Register

Row = dict[str, Any]
Params = Sequence[Any] | Mapping[str, Any]


class Role(StrEnum):
    """What an operator (操作员) may do; checked in services, never only on a screen."""

    ENTRY = "录入"
    REVIEW = "审核"
    APPROVE = "审批"
    CASHIER = "出纳"
    AUDITOR = "审计"
    SYSTEM_ADMIN = "系统管理员"
    SECURITY_ADMIN = "安全管理员"
    AUDIT_ADMIN = "审计管理员"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person at the keyboard (操作员). ``id`` is a UUIDv7 text."""

    id: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one confirmed operation touched: table name to row ids. Screens listen to this."""

    seq: int
    op: str
    tables: Mapping[str, tuple[str, ...]]


class Reader(Protocol):
    """A query-only view of the office file."""

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query."""

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None."""

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """The rows one at a time, for results too large to hold."""


class Writer(Reader, Protocol):
    """The inside of the door: exists only while one named operation runs."""

    who: Operator
    clock: Clock
    op_seq: int

    def insert(self, table: str, values: Mapping[str, Any]) -> str:
        """Add a row; returns its id, made unless given."""

    def insert_many(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows that all have the same columns; returns how many."""

    def update(self, table: str, row_id: str, changes: Mapping[str, Any]) -> None:
        """Change a row; refuses when it is not there."""

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one INSERT, UPDATE or DELETE; returns how many rows it touched."""


def require(writer: Writer, *roles: Role) -> None:
    """Refuse unless the operator holds one of ``roles``; the refusal names the colleagues who do."""
    if not writer.who.roles.intersection(roles):
        raise Refusal(f"{writer.who.name}没有“{roles_words(roles)}”权限，{_ask(_holders(writer, roles))}")


def roles_words(roles: Iterable[Role]) -> str:
    """Roles as a sentence names them: 录入、审核."""
    return "、".join(role.value for role in roles)


def who_may(reader: Reader, *roles: Role) -> str:
    """A sentence for whoever may not take a step: which right it asks for, and which colleagues have it."""
    return f"这一步要“{'”或“'.join(role.value for role in roles)}”权限，{_ask(_holders(reader, roles))}"


def _holders(reader: Reader, roles: Sequence[Role]) -> list[str]:
    marks = ", ".join("?" * len(roles))
    rows = reader.all(
        "SELECT name FROM operator WHERE status = '在用' AND EXISTS "
        f"(SELECT 1 FROM json_each(roles) WHERE value IN ({marks})) ORDER BY id LIMIT 3",
        [role.value for role in roles],
    )
    return [str(row["name"]) for row in rows]


def _ask(names: Sequence[str]) -> str:
    return f"请由{'、'.join(names)}办理" if names else "现在没有操作员有，请系统管理员授权"


def require_reason(reason: str) -> None:
    """Refuse a step that must say why it is taken and does not."""
    if not reason.strip():
        raise Refusal("请写明原因，它会记入日志")


def refuse_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Raise the first error among ``problems`` as a refusal; return the rest (warnings, questions)."""
    found = tuple(problems)
    errors = tuple(problem for problem in found if problem.level is Level.ERROR)
    if errors:
        raise Refusal(errors[0].message, problems=errors)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """How one register (台账) is worked at: its description and the verbs behind its form.

    ``save`` writes a new row (``row_id`` None) or changes one and returns the row id; a register
    without ``save`` is a ledger: its page offers the verbs of its service instead.
    ``check`` finds what is wrong before saving, without writing; a ledger has none, its verbs check for themselves.
    ``roles`` are those ``save`` requires, so that a page can say before anything is typed who may not write here;
    the service checks them all the same.
    Rows are never deleted: a step of the page sets the closing status with a reason.
    """

    register: Register
    check: Callable[[Reader, Row, str | None], list[Problem]] | None = None
    save: Callable[[Writer, Row, str | None], str] | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One body row of a sheet after mapping and parsing, on its way into a register.

    ``number`` is the 1-based row of the sheet, ``values`` holds parsed values by field name (None where
    blank or unreadable), ``raw`` the text as it stood, ``columns`` the sheet column letter by field.
    """

    number: int
    values: Row
    raw: Mapping[str, str]
    columns: Mapping[str, str]
    kind: str = "data"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What stood around the table: file and sheet name, title, and key/value lines such as 时间, 地点.

    ``more`` holds the other lines above the table that are no label with a value (截至2025年12月31日).
    """

    file_name: str
    file_digest: str
    sheet_name: str
    title: str
    lines: Mapping[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do: items ready to be written, by sheet row, and every finding.

    A row with an ERROR has no item; ``summary`` holds counts and control totals in Chinese labels. ``settled`` names
    cells (row, field) that the plan read in a way of its own: what reading them as one value found does not hold;
    row 0 with the name of a column: the plan reads that column although no field wants it.
    """

    items: tuple[tuple[int, Any], ...]
    problems: tuple[Problem, ...]
    summary: Mapping[str, str]
    settled: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """A place that sheets can be imported into (导入目标).

    ``plan`` only reads; ``commit`` writes a plan inside one operation and returns how many records it made.
    ``fields`` are mapped against the sheet's header by label and aliases; ``claims`` says which other headers the
    plan reads by itself (the sessions of a sign-in sheet), ``stands_in`` which required fields such headers, or
    what stands around the table, make up for: it is given those headers, the facts, and the first text under each
    column that has a field. Who has one of ``roles`` may import.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    plan: Callable[[Reader, SheetFacts, Sequence[SheetRow], Clock], ImportPlan]
    commit: Callable[[Writer, SheetFacts, ImportPlan], int]
    register: str
    help: str
    claims: Callable[[str], bool] | None = None
    stands_in: Callable[[Collection[str], SheetFacts, Mapping[str, str]], frozenset[str]] | None = None
    roles: tuple[Role, ...] = (Role.ENTRY,)
