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
    """What was counted on ``day``, good by good, whether it agreed or not; ``place`` is where a line is looked up.

    Differences from before counts were kept whole stand here too, with the stock on the books just before them.
    """
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql},
        line(id, good_id, book, counted, reason, movement_id, recorded_by) AS (
            SELECT line.id, good_id, book, counted, reason, movement_id, recorded_by
            FROM shop_count AS made JOIN shop_count_line AS line ON line.count_id = made.id
            WHERE made.counted_on = :day
            UNION ALL
            SELECT movement.id, good_id, before, before + quantity, reason, movement.id, recorded_by FROM (
                SELECT *, (
                    SELECT COALESCE(SUM(earlier.quantity), 0) FROM shop_movement AS earlier
                    WHERE earlier.good_id = movement.good_id AND earlier.id < movement.id
                ) AS before
                FROM shop_movement AS movement
                WHERE moved_on = :day AND kind IN ('盘盈', '盘亏') AND NOT EXISTS (
                    SELECT 1 FROM shop_count_line WHERE movement_id = movement.id
                )
            ) AS movement
        )
        SELECT line.*, good.number AS good_number, good.name AS good_name, good.measure,
            EXISTS (SELECT 1 FROM shop_movement WHERE reverses_id = line.movement_id) AS taken_back,
            IIF(line.movement_id IS NULL, 'shop_goods/' || good.id, 'shop_movements/' || line.movement_id) AS place
        FROM line JOIN shop_good AS good ON good.id = line.good_id
        WHERE good.unit_id IN (SELECT id FROM scope)
        ORDER BY length(good.number), good.number, line.id
        """,
        {**scope.params, "day": day.isoformat()},
    )


def last_count(reader: Reader) -> Row | None:
    """The last inventory count: its day, who saved it, how many goods it held and how many differed."""
    return reader.one(
        """
        SELECT made.counted_on, made.recorded_by, made.shelf, COUNT(line.id) AS goods,
            COALESCE(SUM(line.book <> line.counted), 0) AS differing
        FROM shop_count AS made JOIN shop_count_line AS line ON line.count_id = made.id
        WHERE made.id = (SELECT id FROM shop_count ORDER BY counted_on DESC, id DESC LIMIT 1)
        GROUP BY made.id
        """
    )
