"""Look-ups that services, screens and imports of orders share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.workdays import Overrides
from hongyao_desktop.orders.records.states import OPEN_STATES, Side
from hongyao_desktop.orders.rules import limits as ways
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.queries.shelf import Shelf

OPEN_SQL = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
STANDS = "NOT EXISTS (SELECT 1 FROM order_rating_back AS back WHERE back.rating_id = rating.id)"
"""Of the ratings called ``rating`` those that were not taken back."""
_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """The three rule sets of orders, each by day, and the office's corrections of the holiday calendar."""

    limits: Shelf[ways.Limits]
    lists: Shelf[ways.Lists]
    duties: Shelf[ways.Duties]
    workdays: Overrides


def rules(reader: Reader) -> Rules:
    """The rule sets of the office, read once for an operation."""
    return Rules(
        Shelf(reader, ways.LIMITS_KIND, "五单时限", ways.limits_of),
        Shelf(reader, ways.LISTS_KIND, "工单来源和类别", ways.lists_of),
        Shelf(reader, ways.DUTIES_KIND, "五单分工", ways.duties_of),
        office_workdays(reader),
    )


def asked_by(reader: Reader, order: Row, volunteer_id: str) -> bool:
    """Whether the volunteer is who asked for the order: the same name and telephone number, both known."""
    found = reader.value(
        "SELECT 1 FROM volunteer JOIN person ON person.id = volunteer.person_id "
        "WHERE volunteer.id = ? AND person.name = ? AND person.phone = ?",
        (volunteer_id, order["resident"], order["phone"]),
    )
    return found is not None


def order(reader: Reader, order_id: str) -> Row:
    """One order with the names around it; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM order_view WHERE id = ?", (order_id,))
    if row is None:
        raise Refusal("这件工单不在台账里，请刷新后重新选择")
    return row


def last_serial(reader: Reader, year: int) -> int:
    """The highest running number of a year; 0 when there is none."""
    return int(reader.value("SELECT MAX(serial) FROM service_order WHERE year = ?", (year,)) or 0)


def ratings(reader: Reader, order_id: str) -> dict[Side, Row]:
    """The ratings of one order by side; those that were taken back (撤回) are left out."""
    rows = reader.all(f"SELECT * FROM order_rating AS rating WHERE order_id = ? AND {STANDS}", (order_id,))
    return {Side(row["side"]): row for row in rows}


def next_round(reader: Reader, order_id: str, side: Side) -> int:
    """The round of the next rating of one side: the first, or the one after those that were taken back."""
    sql = "SELECT COUNT(*) FROM order_rating WHERE order_id = ? AND side = ?"
    return int(reader.value(sql, (order_id, side.value))) + 1


def open_order_like(reader: Reader, phone: str, kind: str, besides: str | None) -> Row | None:
    """An order of the same phone and kind that is not finished yet."""
    return reader.one(
        f"SELECT id, number, asked_on, topic FROM service_order WHERE phone = ? AND kind = ? "
        f"AND state IN ({OPEN_SQL}) AND id IS NOT ? ORDER BY id LIMIT 1",
        (phone, kind, besides),
    )


def order_of_spot(reader: Reader, spot_report_id: str) -> Row | None:
    """The order a spot report was made into, unless that was declined or voided."""
    return reader.one(
        "SELECT id, number, state FROM service_order WHERE spot_report_id = ? AND state NOT IN ('不受理', '作废')",
        (spot_report_id,),
    )


def spot(reader: Reader, spot_report_id: str) -> Row:
    """One spot report; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM spot_view WHERE id = ?", (spot_report_id,))
    if row is None:
        raise Refusal("这件随手拍不在台账里，请刷新列表后重新选择")
    return row


def spots_without_order(reader: Reader, limit: int) -> list[Row]:
    """Spot reports that are not closed and have no order yet, the oldest first."""
    return reader.all(
        "SELECT spot.* FROM spot_view AS spot WHERE spot.status = '待办' AND NOT EXISTS ("
        "SELECT 1 FROM service_order WHERE spot_report_id = spot.id AND state NOT IN ('不受理', '作废')) "
        "ORDER BY spot.reported_on, spot.id LIMIT ?",
        (limit,),
    )


def unit_above(reader: Reader, unit_id: str) -> Row | None:
    """The unit an order is passed up to; None when there is none above."""
    return reader.one(
        "SELECT upper.id, upper.name FROM unit JOIN unit AS upper ON upper.id = unit.parent_id WHERE unit.id = ?",
        (unit_id,),
    )


def day_of(value: str | None) -> dt.date | None:
    """A stored day."""
    return dt.date.fromisoformat(value) if value else None


def number_faults(reader: Reader) -> list[Problem]:
    """Years whose order numbers have a gap."""
    rows = reader.all(
        "SELECT year, COUNT(*) AS orders, MAX(serial) AS last FROM service_order GROUP BY year "
        "HAVING COUNT(*) <> MAX(serial)"
    )
    return [
        Problem(
            Level.ERROR,
            "orders.number",
            f"{row['year']} 年工单号到 {row['last']} 号，实际只有 {row['orders']} 件，中间有缺号，请联系维护人员",
        )
        for row in rows
    ]


def life_faults(reader: Reader) -> list[Problem]:
    """Orders whose state is not what their steps lead to, or whose steps do not follow each other."""
    rows = reader.all(
        """
        WITH step AS (
            SELECT id, order_id, from_state, to_state,
                LAG(to_state) OVER (PARTITION BY order_id ORDER BY id) AS before,
                ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY id DESC) AS back
            FROM order_step
        ), broken AS (
            SELECT order_id FROM step WHERE from_state IS NOT before
            UNION
            SELECT service_order.id FROM service_order
            LEFT JOIN step ON step.order_id = service_order.id AND step.back = 1
            WHERE step.to_state IS NOT service_order.state
        )
        SELECT number FROM broken JOIN service_order ON service_order.id = broken.order_id ORDER BY number LIMIT ?
        """,
        (_FAULTS_SHOWN,),
    )
    return [
        Problem(
            Level.ERROR,
            "orders.life",
            f"工单 {row['number']} 的状态与办理记录对不上，请停止录入并联系维护人员",
        )
        for row in rows
    ]


def rest_faults(reader: Reader) -> list[Problem]:
    """Open orders that rest although they were taken up again, or the other way round."""
    rows = reader.all(
        f"""
        SELECT number FROM service_order WHERE state IN ({OPEN_SQL}) AND held_on IS NOT (
            SELECT iif(kind = '挂起', happened_on, NULL) FROM order_event AS event
            WHERE event.order_id = service_order.id AND kind IN ('挂起', '恢复') ORDER BY event.id DESC LIMIT 1
        ) ORDER BY number LIMIT ?
        """,
        (_FAULTS_SHOWN,),
    )
    return [
        Problem(
            Level.ERROR,
            "orders.rest",
            f"工单 {row['number']} 的挂起与跟进记录对不上，请停止录入并联系维护人员",
        )
        for row in rows
    ]


def hours_faults(reader: Reader) -> list[Problem]:
    """Orders whose service records are of somebody else or of another length, missing, or more than one a person.

    Looked at as they were made: what was corrected or merged since leads back to them. Steps that were taken back may
    have made others, which are reversed.
    """
    rows = reader.all(
        """
        SELECT service_order.number FROM service_order
        JOIN service_record AS service ON service.id = service_order.service_record_id
        WHERE service.volunteer_id IS NOT service_order.volunteer_id
            OR service.minutes IS NOT service_order.minutes
            OR (SELECT COUNT(*) FROM order_step
                WHERE order_id = service_order.id AND service_record_id = service.id) <> 1
        UNION
        SELECT ord.number FROM order_step AS step JOIN service_order AS ord ON ord.id = step.order_id
        WHERE step.service_record_id IS NOT NULL AND step.service_record_id IS NOT ord.service_record_id
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = step.service_record_id)
        UNION
        SELECT number FROM (
            SELECT ord.number, share.service_record_id IS NULL AS missing,
                service.volunteer_id IS NOT share.volunteer_id
                    OR service.minutes IS NOT share.minutes OR ord.volunteer_id = share.volunteer_id AS wrong,
                ord.state = '已评单' AND NOT EXISTS (
                    SELECT 1 FROM volunteer_merge WHERE gone_id = share.volunteer_id) AS rated
            FROM order_share AS share JOIN service_order AS ord ON ord.id = share.order_id
            LEFT JOIN service_record AS service ON service.id = share.service_record_id
        ) WHERE iif(missing, rated, wrong)
        ORDER BY number LIMIT ?
        """,
        (_FAULTS_SHOWN,),
    )
    return [
        Problem(
            Level.ERROR,
            "orders.hours",
            f"工单 {row['number']} 与它的服务时长对不上，请停止录入并联系维护人员",
        )
        for row in rows
    ]
