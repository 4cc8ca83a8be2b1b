"""Approval of points (积分认定): what waits for a round, what is not usable yet."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.volunteers.queries.shelf import approval_rules
from hongyao_desktop.volunteers.rules.approval import KIND, ApprovalRule, Step, approval_rule

_OPEN = """
    point.kind IN ('服务', '随手拍', '奖励') AND point.points > 0
    AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
    AND NOT EXISTS (
        SELECT 1 FROM point_lot_entry AS part JOIN point_lot AS lot ON lot.id = part.lot_id
        WHERE part.point_entry_id = point.id AND lot.status {states}
    )
"""


_NOT_USABLE = _OPEN.format(states="= '可用'")
_NOT_HELD = _OPEN.format(states="<> '退回'")


def asked_since(reader: Reader, today: dt.date) -> dt.date | None:
    """Since when points need approval by the rule in force today; None when they do not."""
    shelf = approval_rules(reader)
    since = None
    # A newer version that asks too does not free what waits under the older one.
    for row in reader.all(
        "SELECT DISTINCT effective_on FROM rule_set WHERE kind = ? AND status = '有效' AND effective_on <= ? "
        "ORDER BY effective_on DESC",
        (KIND, today.isoformat()),
    ):
        day = dt.date.fromisoformat(row["effective_on"])
        if not shelf.on(day).asked:
            break
        since = day
    return since


def pending_points(reader: Reader, volunteer_id: str, today: dt.date) -> int:
    """Points of one volunteer that are entered but not usable yet, in hundredths."""
    since = asked_since(reader, today)
    if since is None:
        return 0
    return int(
        reader.value(
            f"SELECT SUM(point.points) FROM point_entry AS point WHERE point.volunteer_id = ? "
            f"AND point.entered_on >= ? AND {_NOT_USABLE}",
            (volunteer_id, since.isoformat()),
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a round of approval would hold: ids of entries, people, points in hundredths."""

    entry_ids: tuple[str, ...]
    people: int
    points: int


def waiting_entries(reader: Reader, unit_id: str, first: dt.date, last: dt.date, since: dt.date) -> Waiting:
    """Entries of a unit and below, entered within these days, that no round holds yet."""
    rows = reader.all(
        f"""
        WITH RECURSIVE scope(id) AS (
            SELECT :unit UNION SELECT unit.id FROM unit JOIN scope ON unit.parent_id = scope.id
        )
        SELECT point.id, point.volunteer_id, point.points FROM point_entry AS point
        WHERE point.entered_on BETWEEN :first AND :last AND point.entered_on >= :since
            AND point.unit_id IN (SELECT id FROM scope) AND {_NOT_HELD}
        ORDER BY point.id
        """,
        {
            "unit": unit_id,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "since": since.isoformat(),
        },
    )
    return Waiting(
        tuple(row["id"] for row in rows),
        len({row["volunteer_id"] for row in rows}),
        sum(row["points"] for row in rows),
    )


@dataclass(frozen=True, slots=True)
class WaitingInAll:
    """Entries of the whole office that no round holds: how many, and since when the oldest waits."""

    entries: int
    first_on: dt.date


def waiting_in_all(reader: Reader, today: dt.date, before: dt.date | None = None) -> WaitingInAll | None:
    """What waits for a round, entered until ``today`` or, when given, before a day; None when nothing does."""
    since = asked_since(reader, today)
    if since is None:
        return None
    last = today if before is None else before - dt.timedelta(days=1)
    row = reader.one(
        "SELECT COUNT(*) AS entries, MIN(point.entered_on) AS first_on FROM point_entry AS point "
        f"WHERE point.entered_on BETWEEN ? AND ? AND {_NOT_HELD}",
        (since.isoformat(), last.isoformat()),
    )
    if row is None or not row["entries"]:
        return None
    return WaitingInAll(row["entries"], dt.date.fromisoformat(row["first_on"]))


def lot(reader: Reader, lot_id: str) -> Row:
    """One round with what it waits for; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM point_lot_view WHERE id = ?", (lot_id,))
    if row is None:
        raise Refusal("这一批认定不在台账里，请刷新列表后重新选择")
    return row


def lot_numbered(reader: Reader, number: str) -> Row:
    """One round by its number, as a paper names it; refuses a number that is not on file."""
    row = reader.one("SELECT * FROM point_lot_view WHERE number = ?", (number.strip(),))
    if row is None:
        raise Refusal(f"没有编号为“{number}”的积分认定，请核对", exit_code=2)
    return row


def lot_steps(reader: Reader, lot_id: str) -> list[Row]:
    """The steps a round has taken, in order."""
    return reader.all("SELECT * FROM point_lot_step WHERE lot_id = ? ORDER BY id", (lot_id,))


def may_take(reader: Reader, row: Row, name: str) -> bool:
    """Whether this operator may take the next step of a round: who took one, or began it, does not take the next.

    A notice that has ended is no step somebody took.
    """
    if row["status"] != "审核中":
        return True
    steps = json.loads(row["steps"])
    hands = [one["recorded_by"] for one in lot_steps(reader, row["id"]) if one["step"] in steps]
    return name not in (hands or [row["recorded_by"]])


def rule_of(reader: Reader, row: Row) -> ApprovalRule:
    """The version a round was begun by; it goes its way by that one, whatever holds by then."""
    found = reader.one("SELECT * FROM rule_set WHERE id = ?", (row["rule_id"],))
    assert found is not None, "rules are never deleted"
    return approval_rule(from_row(found))


def next_step(reader: Reader, row: Row) -> Step | None:
    """The step a round waits for or is in; None when only the last notice is left."""
    steps = rule_of(reader, row).steps
    return steps[row["steps_done"]] if row["steps_done"] < len(steps) else None


def goes_on(reader: Reader, row: Row) -> bool:
    """Whether something is left to do after the notice a round is in."""
    rule = rule_of(reader, row)
    return row["steps_done"] + 1 < len(rule.steps) or (
        row["steps_done"] + 1 == len(rule.steps) and rule.public_days > 0
    )


def not_before(reader: Reader, row: Row) -> dt.date | None:
    """The first day on which a round's review is taken, where the rule has it wait for the month or quarter."""
    step = next_step(reader, row) if row["status"] == "审核中" else None
    return None if step is None else step.not_before(dt.date.fromisoformat(row["last_on"]))


def lot_entries(reader: Reader, lot_id: str) -> list[Row]:
    """Every entry of a round with whom it is for and its state, by day."""
    return reader.all(
        "SELECT point.* FROM point_lot_entry AS part JOIN point_view AS point ON point.id = part.point_entry_id "
        "WHERE part.lot_id = ? ORDER BY point.earned_on, point.number, point.id",
        (lot_id,),
    )


def lot_people(reader: Reader, lot_id: str) -> list[Row]:
    """Who got how many points by a round that still stand, the most first."""
    return reader.all(
        """
        SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, COUNT(*) AS entries,
            SUM(point.points) AS points
        FROM point_lot_entry AS part
        JOIN point_entry AS point ON point.id = part.point_entry_id
        JOIN volunteer ON volunteer.id = point.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE part.lot_id = ? AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        GROUP BY volunteer.id ORDER BY points DESC, volunteer.number
        """,
        (lot_id,),
    )


def returned_lots(reader: Reader) -> list[Row]:
    """Rounds sent back whose entries no other round holds yet, the latest first."""
    return reader.all(
        f"""
        SELECT own.* FROM point_lot_view AS own WHERE own.status = '退回' AND EXISTS (
            SELECT 1 FROM point_lot_entry AS mine JOIN point_entry AS point ON point.id = mine.point_entry_id
            WHERE mine.lot_id = own.id AND {_NOT_HELD}
        ) ORDER BY own.number DESC
        """
    )


def open_lots(reader: Reader, today: dt.date) -> list[Row]:
    """Rounds that wait for a step one can take today, or whose notice has ended, the oldest first."""
    rows = reader.all(
        "SELECT * FROM point_lot_view WHERE status = '审核中' OR status = '公示中' AND public_until < ? "
        "ORDER BY last_on, number",
        (today.isoformat(),),
    )
    return [row for row in rows if (not_before(reader, row) or today) <= today]
