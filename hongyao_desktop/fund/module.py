"""What the party-care fund shows to the rest of the program."""

from __future__ import annotations

from hongyao_desktop.core.desk import Desk
from hongyao_desktop.core.module import Module
from hongyao_desktop.fund import figures, queries, service
from hongyao_desktop.fund.imports import FUND_TARGET
from hongyao_desktop.fund.records import FUND_ENTRIES, FUNDS
from hongyao_desktop.fund.service.ledger import KEEPERS

MODULE = Module(
    name="fund",
    label="关爱基金",
    desks=(
        Desk(register=FUND_ENTRIES),
        Desk(register=FUNDS, check=service.check_fund, save=service.save_fund, roles=KEEPERS),
    ),
    figures=figures.FIGURES,
    targets=(FUND_TARGET,),
    checks=(queries.book_problems,),
)
