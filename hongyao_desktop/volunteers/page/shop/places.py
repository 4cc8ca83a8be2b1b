"""Where the pages of the shop are, and how goods are found by a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Row
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.kit.completion import find_words
from hongyao_desktop.volunteers.queries import shop as queries

CLERKS: Final = (Role.ENTRY, Role.REVIEW)
"""Who redeems, hands over and cancels."""

COUNTER: Final = "volunteers.shop"
GOODS: Final = "volunteers.shop.goods"
REDEMPTIONS: Final = "volunteers.shop.redemptions"
MOVEMENTS: Final = "volunteers.shop.movements"
STOCK_IN: Final = "volunteers.shop.stock_in"
COUNT: Final = "volunteers.shop.count"


def good_match(row: Row) -> Match:
    """A good as one answer of a drop-down: its price and what is left."""
    stock = f"库存 {row['stock']} {row['measure']}" if row["stock"] else "缺货"
    return Match(
        row["id"], row["name"], f"{row['number']}　{hours.format_centi(row['points'])} 分　{stock}", row
    )


def goods_lookup() -> Lookup:
    """Goods on offer by number, name or initials. A shelf is short: it is read whole, then narrowed here."""

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        rows = queries.goods_on_shelf(reader)
        wanted = typed.strip()
        numbered = [row for row in rows if wanted.isdigit() and _fits_number(row["number"], wanted)]
        named = {name: place for place, name in enumerate(find_words([row["name"] for row in rows], wanted))}
        called = sorted((row for row in rows if row["name"] in named), key=lambda row: named[row["name"]])
        found = {row["id"]: row for row in (*numbered, *called)}
        return [good_match(row) for row in found.values()][:limit]

    def show(reader: Reader, row_id: str) -> Match | None:
        return good_match(queries.good(reader, row_id))

    return Lookup(find=find, show=show)


def _fits_number(number: str, typed: str) -> bool:
    """Leading zeros need not be typed: 3 finds 003 (and 030 after it is not meant)."""
    return number == typed or number.lstrip("0") == typed.lstrip("0")
