"""Orders as papers list them."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope


def order_by_number(reader: Reader, number: str) -> Row | None:
    """One order by its number; None when there is none."""
    return reader.one("SELECT * FROM order_view WHERE number = ?", (number,))


def orders_taken(reader: Reader, period: Period, scope: Scope) -> list[Row]:
    """Orders asked for within the period in the scope, in the order of their days; voided ones are left out."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT * FROM order_view
        WHERE asked_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope) AND state <> '作废'
        ORDER BY asked_on, id
        """,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )
