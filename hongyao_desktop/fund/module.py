"""What the party-care fund shows to the rest of the program."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.desk import Desk, Reader, Row
from hongyao_desktop.core.module import Module
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.fund import figures, service
from hongyao_desktop.fund.imports import FUND_TARGET
from hongyao_desktop.fund.papers import CASH_BOOK
from hongyao_desktop.fund.records import FUND_ENTRIES, FUNDS
from hongyao_desktop.fund.workbooks import write_cash_book
from hongyao_desktop.paper.catalogue import PaperSpec


def _ledger_only(_reader: Reader, _values: Row, _row_id: str | None) -> list[Problem]:
    """The ledger has no form: entries are booked and reversed on the cash book's own page."""
    return [Problem(Level.ERROR, "fund.ledger", "日记账不能在表单里改，请用收款、付款和冲正")]


PAPERS: tuple[PaperSpec, ...] = (replace(CASH_BOOK, workbook=write_cash_book),)

MODULE = Module(
    name="fund",
    label="关爱基金",
    desks=(
        Desk(register=FUND_ENTRIES, check=_ledger_only),
        Desk(register=FUNDS, check=service.check_fund, save=service.save_fund, retire=service.retire_fund),
    ),
    figures=figures.FIGURES,
    targets=(FUND_TARGET,),
)
