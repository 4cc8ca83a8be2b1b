"""Taking back an import of old points and hours as a whole (整批撤回), from any of its entries."""

from __future__ import annotations

from hongyao_desktop.core.desk import Role, Row, Writer
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.volunteers import REASON
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, PointKind
from hongyao_desktop.volunteers.service import openings


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    openings.withdraw_batch(writer, str(row["id"]), values["reason"])
    return str(row["id"])


def _is_opening(row: Row) -> bool:
    opening = row.get("kind") == PointKind.OPENING or row.get("title") == OPENING_HOURS
    return bool(opening and row["state"] == "有效")


WITHDRAW = Verb(
    label="整批撤回",
    run=_withdraw,
    roles=(Role.REVIEW, Role.APPROVE),
    fields=(REASON,),
    note="和这一笔一起导入的期初积分和时长全部冲正，原记录保留；已经用掉的积分会成为欠分。",
    shows=_is_opening,
    reason="reason",
    done="已整批撤回，改好表格可以再导入",
)
