"""Year ends of points (积分清零): what one would take, and what one took."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import spending
from hongyao_desktop.volunteers.queries.shelf import expiry_rules
from hongyao_desktop.volunteers.rules.expiry import ExpiryRule
from hongyao_desktop.volunteers.rules.spending import Ending

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


def preview(reader: Reader, today: dt.date, draft: ExpiryRule | None = None) -> Preview:
    """What would be cleared today by the rule in force, or by a draft; refuses where points are kept for good."""
    rule = draft or expiry_rules(reader).on(today)
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


def taken_by(reader: Reader, expiry_id: str) -> list[Row]:
    """Every entry a year end made, those taken back and counted anew included, the most points first."""
    return reader.all(
        "SELECT point.* FROM point_expiry_entry AS part JOIN point_view AS point ON point.id = part.point_entry_id "
        "WHERE part.expiry_id = ? ORDER BY point.points, point.number, point.id",
        (expiry_id,),
    )


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
