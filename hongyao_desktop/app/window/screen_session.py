"""From an opened office file to what screens are given: lists, look-ups by pinyin initials, logged looks at secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from hongyao_desktop.app.access.reveal_reason import ScreenSession
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.core.register import Field, Register
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.rows import RowQuery, RowSource
from hongyao_desktop.store import Office, access
from hongyao_desktop.store.drafts import Drafts
from hongyao_desktop.store.pages import ListQuery

NOTE_FIELDS = 2
"""So many further columns of a row tell two of the same name apart in a drop-down."""

IN_USE = frozenset({"在用", "在册"})
"""States of registers whose other states mean that a record is closed."""


def make_session(office: Office, jobs: Jobs, memory: WindowMemory) -> ScreenSession:
    """The session of the operator who opened ``office``."""

    def make_rows(reader: Reader, register: Register, query: RowQuery) -> RowSource:  # noqa: ARG001 - the office reads for itself
        return office.pages(
            register,
            ListQuery(
                search=query.search,
                equals=query.equals,
                spans=query.spans,
                sort=query.sort,
                descending=query.descending,
            ),
        )

    lookups = {register.name: register_lookup(office, register) for register in office.registers}
    # A file opened for reading takes no drafts, and nothing is typed in it.
    drafts = None if office.opened.read_only else Drafts(office)
    session = ScreenSession(office, jobs, make_rows=make_rows, lookups=lookups, memory=memory, drafts=drafts)
    session.log = partial(log_look, office)
    return session


def register_lookup(office: Office, register: Register) -> Lookup:
    """Rows of a register by name, initials or number; the next columns of its list stand beside the name.

    What is closed (a unit 撤销, a person 迁出) is not offered before something is typed, then comes last and says so:
    an old event may still need it.
    """
    title = register.field(register.title_field)
    beside = [register.field(name) for name in register.list_columns if name != register.title_field]
    notes = [field for field in beside if not field.masked and field.type.storage == "TEXT"][:NOTE_FIELDS]

    status = register.field(register.status_field) if register.status_field else None
    usual = status.default if status is not None and status.default in IN_USE else None
    only = f"WHERE {register.status_field} = ?" if usual else ""

    def closed(row: Row) -> str:
        """The state of a row that is not in use any more, in words; "" for one that is."""
        return "" if status is None or not usual or row[status.name] == usual else str(row[status.name])

    def find(reader: Reader, typed: str, most: int) -> Sequence[Match]:
        if not typed.strip():
            asked = (usual, most) if usual else (most,)
            rows = reader.all(
                f"SELECT * FROM {register.source} {only} ORDER BY {register.sort} LIMIT ?", asked
            )
            return [_match(row, title, notes, "") for row in rows]
        ids = office.search(register, typed, most)
        marks = ", ".join("?" * len(ids))
        rows = reader.all(f"SELECT * FROM {register.source} WHERE id IN ({marks})", ids) if ids else []
        by_id = {str(row["id"]): row for row in rows}
        found = [by_id[row_id] for row_id in ids if row_id in by_id]
        return [
            _match(row, title, notes, closed(row)) for row in sorted(found, key=lambda r: bool(closed(r)))
        ]

    def show(reader: Reader, row_id: str) -> Match | None:
        row = reader.one(f"SELECT * FROM {register.source} WHERE id = ?", (row_id,))
        return None if row is None else _match(row, title, notes, closed(row))

    def above(reader: Reader) -> Mapping[str, str | None]:
        rows = reader.all(f"SELECT id, {register.tree_field} AS above FROM {register.table}")
        return {row["id"]: row["above"] for row in rows}

    return Lookup(find=find, show=show, above=above if register.tree_field else None)


def _match(row: Row, title: Field, notes: Sequence[Field], state: str) -> Match:
    words = [state, *(_shown(field, row) for field in notes)]
    return Match(str(row["id"]), _shown(title, row), "　".join(word for word in words if word), row)


def _shown(field: Field, row: Row) -> str:
    value = row.get(field.name)
    return field.type.cover(value) if field.masked else field.type.format(value)


def log_look(office: Office, register: str, row_id: str, field_name: str, reason: str) -> None:
    """Note a look at a masked value in the access log: who, when, which record, which field, what for."""
    described = next(known for known in office.registers if known.name == register)
    row = office.reader().one(f"SELECT * FROM {described.source} WHERE id = ?", (row_id,))
    title = "" if row is None else _shown(described.field(described.title_field), row)
    access.record(
        office,
        access.Visit(
            event=access.LOOK,
            subject=f"{described.label}　{title}".strip(),
            register=register,
            row_id=row_id,
            field=described.field(field_name).label,
            purpose=reason or None,
        ),
    )
