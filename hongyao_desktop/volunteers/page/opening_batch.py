"""Old balances (期初): entered by hand one after the other; an import of them taken back whole (整批撤回)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, roles_words
from hongyao_desktop.core.hours import format_centi
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.kit.writing import may
from hongyao_desktop.volunteers.page.volunteers import OPENING, REASON
from hongyao_desktop.volunteers.queries import openings as queries
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, PointKind
from hongyao_desktop.volunteers.service import openings, points


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    openings.withdraw_batch(writer, str(row["id"]), values["reason"])
    return str(row["id"])


def _is_opening(row: Row) -> bool:
    opening = row.get("kind") == PointKind.OPENING or row.get("title") == OPENING_HOURS
    return bool(opening and row["state"] == "有效")


_WITHDRAW = Verb(
    label="整批撤回",
    run=_withdraw,
    roles=(Role.REVIEW, Role.APPROVE),
    fields=(REASON,),
    note="和这一笔一起导入的期初积分和时长全部冲正，原记录保留；已经用掉的积分会成为欠分。",
    shows=_is_opening,
    reason="reason",
    done="已整批撤回，改好表格可以再导入",
)


def withdraw_batch(session: Session) -> Verb:
    """The step for entries that came in with others; one that was typed by hand is reversed alone."""

    def came_with_others(row: Row) -> bool:
        return _is_opening(row) and bool(queries.batch_of(session.reader, str(row["id"])))

    return replace(_WITHDRAW, shows=came_with_others)


def _opening(writer: Writer, values: Row, _row: Row | None) -> str:
    as_of = dt.date.fromisoformat(values["as_of"])
    return points.opening_points(
        writer, values["volunteer_id"], values["points"], values["reason"], as_of=as_of
    )


def _opened_words(reader: Reader, entry_id: str) -> str:
    row = reader.one("SELECT name, number, points FROM point_view WHERE id = ?", (entry_id,))
    return (
        ""
        if row is None
        else f"已录入{row['name']}（{row['number']}）的期初积分 {format_centi(row['points'])} 分"
    )


def _as_before(session: Session, _row: Row | None) -> Row:
    """Day and paper of the last old balance: many of them stand on one page of the old book."""
    last = queries.last_opening(session.reader)
    if last is None:
        return {"as_of": session.today().isoformat()}
    return {"as_of": last["earned_on"], "reason": last["source"]}


ENTER = replace(
    OPENING,
    run=_opening,
    fields=(POINTS.field("volunteer_id"), *OPENING.fields),
    note="从旧积分册转来的余额，每人一次，一人接一人录；也可以从表格导入。",
    shows=None,
    needs_row=False,
    repeats=True,
    defaults=_as_before,
    told=lambda reader, entry_id, _values: _opened_words(reader, entry_id),
)
"""Old balances by hand; the step concerns nobody's entry in the list."""


def enter(page: RegisterPage) -> None:
    """F5 on the page of points."""
    if may(page.session.who, OPENING.roles):
        page.panel.run_verb(ENTER)
    else:
        page.say(Tone.INFO, f"期初积分由有“{roles_words(OPENING.roles)}”权限的同事录入")
