"""Year ends of points (积分清零): a look at what would go, the run, and taking it back as a whole."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.fields import Points, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.care.approval import (
    PEOPLE_COLUMNS,
    column,
    desk_of,
    id_of,
    points_text,
    tone,
)
from hongyao_desktop.volunteers.page.tabs import RowsTab, reversal_tone
from hongyao_desktop.volunteers.page.volunteers import DECIDERS, REASON
from hongyao_desktop.volunteers.queries import year_end as year_ends
from hongyao_desktop.volunteers.records.care import EXPIRIES
from hongyao_desktop.volunteers.service import year_end

EXPIRIES_PLACE: Final = "volunteers.expiries"


def _run(writer: Writer, _values: Row, _row: Row | None) -> str:
    return year_end.run_year_end(writer)


def _withdraw(writer: Writer, values: Row, row: Row | None) -> str:
    return year_end.withdraw_year_end(writer, id_of(row), values["reason"])


def _look(session: Session, reader: Reader) -> list[Problem]:
    """The preview, asked as a question: the second press of the key clears."""
    try:
        found = year_ends.preview(reader, session.today())
    except Refusal as wrong:
        return [Problem(Level.ERROR, "expiry.rule", str(wrong))]
    if not found.lines:
        message = f"没有{format_cn(found.cutoff_on)}以前得到、还没有用的积分，不用清零"
        return [Problem(Level.ERROR, "expiry.nothing", message)]
    message = (
        f"按{found.rule.title}，{format_cn(found.cutoff_on)}以前得到、还没有用的积分：{len(found.lines):,} 人共 "
        f"{points_text(found.points)} 分将清零"
    )
    return [Problem(Level.QUESTION, "expiry.preview", message)]


def _expiry_people(session: Session) -> RowsTab:
    columns = (
        *PEOPLE_COLUMNS[:2],
        column("points", "清零", Points(allow_negative=True), 4),
        column("state", "状态", Text(), 4),
    )
    return RowsTab(
        session,
        columns,
        year_ends.taken_by,
        name="清零名单",
        empty=("名单是空的", "这一批没有清去积分"),
        tone=reversal_tone,
        says=lambda row: str(row["explanation"]),
    )


def _print(page: RegisterPage) -> None:
    """F9: the list of the batch in front; while one is being run, or before there is any, of what would go today."""
    row = None if page.panel.verb_open else page.panel.row
    page.session.go("papers", f"points-expiry?number={row['number']}" if row is not None else "points-expiry")


def build_expiries(session: Session) -> Page:
    """The page of year ends."""
    parts = RegisterPageParts(
        title="清零",
        search_hint="编号",
        new_label="清零",
        verbs=(
            Verb(
                label="清零",
                run=_run,
                roles=DECIDERS,
                needs_row=False,
                note="按“规则”里的积分结转办法清零：先说明人数和分数，再按一次 Ctrl+S 才清；清单可以先打印。",
                check=lambda reader, _values, _row: _look(session, reader),
                done="已清零，每人一笔，可以整批撤回",
            ),
            Verb(
                label="撤回",
                run=_withdraw,
                roles=DECIDERS,
                fields=(REASON,),
                note="这一批清掉的积分全部还回。",
                shows=lambda row: bool(row["status"] == "有效"),
                reason="reason",
                done="已撤回，积分已还回",
            ),
        ),
        tone=tone,
        facts=lambda _reader, row: Facts(
            figures=(("人数", f"{row['people']:,}"), ("清零积分", points_text(row["points"]))),
            subtitle=row["kind"],
        ),
        tabs=(DetailTab(label="名单", build=_expiry_people),),
        printing=_print,
        watches=("point_expiry_entry", "point_entry"),
    )
    return RegisterPage(session, desk_of(EXPIRIES), parts)
