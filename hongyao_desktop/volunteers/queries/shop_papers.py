"""What the papers of the points shop ask for: redemptions of a period, what waits, the shelf, what a count found."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope


def redemptions(reader: Reader, scope: Scope, period: Period) -> list[Row]:
    """Redemptions ordered within the period in order of their numbers; ``stands`` is 0 for cancelled ones."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT *, state IN ('待领取', '已领取') AS stands FROM shop_redemption_view
        WHERE ordered_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope)
        ORDER BY year, serial
        """,
        {**scope.params, "first": period.first.isoformat(), "last": period.last.isoformat()},
    )


def waiting(reader: Reader, scope: Scope) -> list[Row]:
    """What is not fetched yet, the longest waiting first, with the customer's telephone."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT redemption.*, person.phone FROM shop_waiting AS open
        JOIN shop_redemption_view AS redemption ON redemption.id = open.redemption_id
        JOIN volunteer ON volunteer.id = redemption.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        WHERE redemption.unit_id IN (SELECT id FROM scope)
        ORDER BY redemption.pick_up_by, redemption.year, redemption.serial
        """,
        scope.params,
    )


def shelf(reader: Reader, scope: Scope) -> list[Row]:
    """Goods in the order in which the page of counting shows them: all on offer, by number."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT * FROM shop_good_view WHERE status = '在换' AND unit_id IN (SELECT id FROM scope)
        ORDER BY length(number), number
        """,
        scope.params,
    )


def counted(reader: Reader, scope: Scope, day: dt.date) -> list[Row]:
    """The differences a count of ``day`` found, each with the stock on the books just before it."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT movement.*, (
            SELECT COALESCE(SUM(earlier.quantity), 0) FROM shop_movement AS earlier
            WHERE earlier.good_id = movement.good_id AND earlier.id < movement.id
        ) AS before
        FROM shop_movement_view AS movement
        WHERE movement.moved_on = :day AND movement.kind IN ('盘盈', '盘亏')
            AND movement.unit_id IN (SELECT id FROM scope)
        ORDER BY length(movement.good_number), movement.good_number, movement.id
        """,
        {**scope.params, "day": day.isoformat()},
    )
