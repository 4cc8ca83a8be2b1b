"""The verbs of the fund: open it, book a receipt or a payment, take an entry back, put an error right.

Nothing here changes or removes an entry.  Every verb checks roles itself and refuses whatever would leave any day of
the fund below zero.  Amounts are 分.
"""

from hongyao_desktop.fund.service.booking import book_payment, book_receipt, bulk_book, check_entry, complete
from hongyao_desktop.fund.service.correcting import correct_opening, correct_prior_year, reverse_entry
from hongyao_desktop.fund.service.funds import (
    check_fund,
    enter_opening,
    open_fund,
    reopen_fund,
    retire_fund,
    save_fund,
)
from hongyao_desktop.fund.service.ledger import KEEPERS, categories_on

__all__ = [
    "KEEPERS",
    "book_payment",
    "book_receipt",
    "bulk_book",
    "categories_on",
    "check_entry",
    "check_fund",
    "complete",
    "correct_opening",
    "correct_prior_year",
    "enter_opening",
    "open_fund",
    "reopen_fund",
    "retire_fund",
    "reverse_entry",
    "save_fund",
]
