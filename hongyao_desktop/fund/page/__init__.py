"""Screens of the party-care fund: the cash book (现金日记账) and the list of funds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.fund import service
from hongyao_desktop.fund.module import MODULE
from hongyao_desktop.fund.page.book import CashBookPage
from hongyao_desktop.fund.records import FUNDS
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb

__all__ = ["CashBookPage", "fund_pages"]

_REASON = Field(
    name="reason",
    label="原因",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=14,
    example="抄错一位",
)


def _correct_opening(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    fund_id = str(row["id"])
    service.correct_opening(
        writer, fund_id, values["opening_fen"] or 0, values["opening_source"] or "", values["reason"]
    )
    return fund_id


def _opening_of(_session: Session, row: Row | None) -> Row:
    return {} if row is None else {name: row[name] for name in ("opening_fen", "opening_source")}


_RED_AND_ANEW = "原来的期初用红字冲掉，按这里重新登记。"

_CORRECT_OPENING = Verb(
    label="更正期初",
    run=_correct_opening,
    fields=(
        replace(
            FUNDS.field("opening_fen"),
            section=_REASON.section,
            required=True,
            help=_RED_AND_ANEW,
        ),
        replace(FUNDS.field("opening_source"), section=_REASON.section, required=True),
        _REASON,
    ),
    defaults=_opening_of,
    reason="reason",
    done="已更正期初",
)


def _stop(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    service.retire_fund(writer, str(row["id"]), values["reason"])
    return str(row["id"])


def _use_again(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    service.reopen_fund(writer, str(row["id"]), values["reason"])
    return str(row["id"])


_STOP = Verb(
    label="停用",
    run=_stop,
    fields=(replace(_REASON, example="并入街道关爱基金"),),
    note="结余为零才能停用。账还能看、能打印，不再登记收付。",
    shows=lambda row: row["status"] == "在用",
    reason="reason",
    done="已停用",
)
_USE_AGAIN = Verb(
    label="恢复使用",
    run=_use_again,
    fields=(replace(_REASON, example="停用时选错"),),
    shows=lambda row: row["status"] != "在用",
    reason="reason",
    done="已恢复使用",
)


def _build_funds(session: Session) -> Page:
    desk = next(desk for desk in MODULE.desks if desk.register is FUNDS)
    parts = RegisterPageParts(
        title="基金",
        new_label="建账",
        search_hint="基金名称",
        verbs=(_CORRECT_OPENING, _STOP, _USE_AGAIN),
        defaults=lambda made: {"opened_on": made.today().replace(month=1, day=1).isoformat()},
        watches=("fund_entry", "fund_category", "unit"),
    )
    return RegisterPage(session, desk, parts)


def fund_pages(
    printing: Callable[[CashBookPage], None] | None = None,
    importing: Callable[[CashBookPage], None] | None = None,
) -> tuple[PageSpec, ...]:
    """The pages; ``printing`` (F9) and ``importing`` get the cash book, which knows its fund and period."""
    return (
        PageSpec(
            place="fund",
            section="关爱基金",
            title="现金日记账",
            icon="fund",
            build=lambda session: CashBookPage(session, printing, importing),
            register="fund_entries",
            help="收付都记在最后一行，登记后不能改；记错了用冲正。",
        ),
        PageSpec(
            place="fund.funds",
            section="关爱基金",
            title="基金",
            icon="fund",
            build=_build_funds,
            register="funds",
            help="一个基金一本账，建账时录入期初余额和出处。",
        ),
    )
