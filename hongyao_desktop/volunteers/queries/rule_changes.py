"""What another version of a rule would change (会改变什么) beside points: stars, and who is named for striking off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.volunteers.queries import conduct
from hongyao_desktop.volunteers.queries.life import rank_of_row
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.rules.conduct import ConductRule
from hongyao_desktop.volunteers.rules.stars import StarsRule


@dataclass(frozen=True, slots=True)
class Difference:
    """One volunteer for whom another rule says something else: words for now, and for then."""

    number: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """How many volunteers were looked at, those for whom something differs, and how many of them gain or lose by it."""

    people: int
    lines: Sequence[Difference]
    better: int = 0
    worse: int = 0


def star_changes(reader: Reader, draft: StarsRule, today: dt.date) -> Differences:
    """Stars of all in service by the rule in force today, and by the draft; writes nothing."""
    running = stars_rules(reader).find(today)
    now = None if running is None else MeritBook(reader, running, today)
    then = MeritBook(reader, draft, today)
    people, better, worse, lines = 0, 0, 0, []
    for row in reader.stream("SELECT * FROM volunteer_view WHERE status = '在册' ORDER BY number"):
        people += 1
        before = None if now is None else rank_of_row(now, row)
        after = rank_of_row(then, row)
        name = before.name if before is not None else ""
        if name != after.name:
            held = before.reached if before is not None else 0
            better += after.reached > held
            worse += after.reached < held
            lines.append(Difference(row["number"], row["name"], name or "没有星级", after.name or "没有星级"))
    return Differences(people, lines, better, worse)


def strike_off_changes(reader: Reader, draft: ConductRule, today: dt.date) -> Differences:
    """Whom the draft would strike off for what happened this year, and whom the rule in force would."""
    now = {one.row["volunteer_id"]: one for one in conduct.strike_offs(reader, today.year, today)}
    then = {one.row["volunteer_id"]: one for one in conduct.strike_offs(reader, today.year, today, draft)}
    people = reader.value(
        f"SELECT COUNT(DISTINCT volunteer_id) FROM ({conduct.BLAMED}) WHERE substr(happened_on, 1, 4) = ?",
        (str(today.year),),
    )
    rows = {who: one.row for who, one in (now | then).items() if (who in now) != (who in then)}
    words = {True: "建议注销", False: "不建议注销"}
    lines = [
        Difference(row["number"], row["name"], words[who in now], words[who in then])
        for who, row in rows.items()
    ]
    return Differences(int(people or 0), sorted(lines, key=lambda line: line.number))
