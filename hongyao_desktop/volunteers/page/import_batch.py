"""Taking back an import of hours as a whole (整批撤回), from any of its records."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.volunteers import REASON
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, Evidence
from hongyao_desktop.volunteers.service import imported


def _withdraw_hours(writer: Writer, values: Row, row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    imported.withdraw_import(writer, str(row["id"]), values["reason"])
    return str(row["id"])


def _is_imported(row: Row) -> bool:
    by_sheet = row.get("evidence") in (Evidence.IMPORTED, Evidence.MADE_UP) and bool(row.get("source"))
    return by_sheet and row.get("title") != OPENING_HOURS and row["state"] == "有效"


def _how_many(reader: Reader, _values: Row, row: Row | None) -> list[Problem]:
    """How much goes back with this one, asked before it does."""
    batch = imported.imported_with(reader, str(row["id"])) if row is not None else []
    message = f"这次导入的 {len(batch)} 条时长都会冲正，再按一次确认"
    return [Problem(Level.WARNING, "import.batch", message)] if batch else []


WITHDRAW_HOURS = Verb(
    label="整批撤回",
    run=_withdraw_hours,
    roles=(Role.ENTRY, Role.REVIEW),
    fields=(REASON,),
    note="和这一条一次导入的时长和它们的积分全部冲正，原记录保留；已经用掉的积分会成为欠分。",
    check=_how_many,
    shows=_is_imported,
    reason="reason",
    done="已整批撤回，改好表格可以再导入",
)
