"""Year end of points (年终清零、到期清零): looked at first, done in one operation, taken back as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import spending
from hongyao_desktop.volunteers.queries.shelf import expiry_rules
from hongyao_desktop.volunteers.rules.expiry import ExpiryRule, Mode
from hongyao_desktop.volunteers.rules.spending import Ending
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import expire, settle

_AT_ONCE = 1000
_NEW = "~"
"""Stands for a year end without an id yet: after all others of the day."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a year end would take: the rule, the day until which awards end, and (volunteer id, points) lines."""

    rule: ExpiryRule
    cutoff_on: dt.date
    lines: tuple[tuple[str, int], ...]

    @property
    def points(self) -> int:
        """Points in all, in hundredths."""
        return sum(points for _who, points in self.lines)


def preview(reader: Reader, today: dt.date) -> Preview:
    """What would be cleared today by the rule in force; refuses where points are kept for good."""
    rule = expiry_rules(reader).on(today)
    cutoff = rule.cutoff(today)
    if cutoff is None:
        raise Refusal(f"按{rule.title}，积分长期有效，不用清零")
    known = spending.endings(reader)
    new = Ending(_NEW, cutoff, today)
    ids = [
        row["volunteer_id"]
        for row in reader.all(
            "SELECT DISTINCT volunteer_id FROM point_entry WHERE earned_on <= ? AND points > 0",
            (cutoff.isoformat(),),
        )
    ]
    lines: list[tuple[str, int]] = []
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        for volunteer_id, account in spending.accounts(reader, part).items():
            points = account.folded([*known, new]).gone[_NEW]
            if points:
                lines.append((volunteer_id, points))
    return Preview(rule, cutoff, tuple(lines))


def run_year_end(writer: Writer) -> str:
    """Clear what the preview shows, every volunteer with one entry that explains itself; returns the batch's id.

    Refuses when nothing is to be cleared. It can be taken back by :func:`withdraw_year_end`.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    today = writer.clock.today()
    found = preview(writer, today)
    if not found.lines:
        raise Refusal(f"{format_cn(found.cutoff_on)}以前得到的积分都已用完，没有要清零的")
    year = today.year
    serial = int(
        writer.value("SELECT COUNT(*) FROM point_expiry WHERE substr(ran_on, 1, 4) = ?", (str(year),))
    )
    batch = writer.insert(
        "point_expiry",
        {
            "number": f"清{year}-{serial + 1:02d}",
            "kind": "年终清零" if found.rule.mode is Mode.CLEAR else "到期清零",
            "cutoff_on": found.cutoff_on.isoformat(),
            "ran_on": today.isoformat(),
            "rule_id": found.rule.id,
            "people": len(found.lines),
            "points": found.points,
            "recorded_by": writer.who.name,
        },
    )
    for volunteer_id, points in found.lines:
        expire(writer, volunteer_id, batch, points)
    settle(writer, [volunteer_id for volunteer_id, _points in found.lines])
    return batch


def withdraw_year_end(writer: Writer, expiry_id: str, reason: str) -> str:
    """Take a year end back (撤回): every entry of it is reversed, points are there again; returns the batch's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("撤回要写明原因")
    batch = writer.one("SELECT * FROM point_expiry WHERE id = ?", (expiry_id,))
    if batch is None:
        raise Refusal("这次清零不在台账里，请刷新列表后重新选择")
    if batch["status"] != "有效":
        raise Refusal(f"{batch['number']} 已经撤回，不能再撤回一次")
    changes = {
        "status": "已撤回",
        "status_reason": reason.strip(),
        "status_on": writer.clock.today().isoformat(),
    }
    writer.update("point_expiry", expiry_id, changes)
    rows = entries_of(writer, expiry_id)
    for row in rows:
        reverse_entry(writer, row, f"撤回{batch['kind']} {batch['number']}：{reason.strip()}")
    settle(writer, [row["volunteer_id"] for row in rows])
    return expiry_id


def entries_of(reader: Reader, expiry_id: str) -> list[Row]:
    """The entries of one year end that stand, with number and name, the most points first."""
    return reader.all(
        """
        SELECT point.*, volunteer.number, person.name, unit.name AS unit_name
        FROM point_expiry_entry AS part
        JOIN point_entry AS point ON point.id = part.point_entry_id
        JOIN volunteer ON volunteer.id = point.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE part.expiry_id = ?
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        ORDER BY point.points, volunteer.number
        """,
        (expiry_id,),
    )
