"""Orders as papers list them."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.orders.queries.lookups import OPEN_SQL


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


def happened(reader: Reader, first: dt.date, last: dt.date, scope: Scope) -> list[Row]:
    """Steps and events of these days in the scope, in the order they were written down."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT id, order_id, number, topic, move, taken_on, recorded_by, helper_name, reason, note
        FROM order_step_view AS step
        WHERE taken_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope) AND move <> '期初'
        UNION ALL
        SELECT id, order_id, number, topic, kind, happened_on, recorded_by, helper_name, reason,
            COALESCE(note, file_name)
        FROM order_event_view AS event
        WHERE happened_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope)
        ORDER BY id
        """,
        {"first": first.isoformat(), "last": last.isoformat(), **scope.params},
    )


def still_open(reader: Reader, scope: Scope) -> list[Row]:
    """Every open order of the scope with its last follow-up, the most urgent first, those at rest last."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT order_view.*, event.happened_on AS followed_on, event.note AS followed
        FROM order_view
        LEFT JOIN order_event AS event ON event.id = (
            SELECT MAX(id) FROM order_event WHERE order_id = order_view.id AND kind = '跟进')
        WHERE order_view.unit_id IN (SELECT id FROM scope) AND order_view.state IN ({OPEN_SQL})
        ORDER BY order_view.due_on IS NULL, order_view.due_on, order_view.id
        """,
        scope.params,
    )
