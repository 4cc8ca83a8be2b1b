"""Rule sets on file (规则版本), and what another points rule would change about service already recorded."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.rules import RuleSet, from_row
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, RuleForm, form_of
from hongyao_desktop.volunteers.rules.points import PointsRule, Span, service_award

MOST = 50_000
"""So many records are counted anew at most; a year of a street is less."""

_SHOWN = 20


def rule_set(reader: Reader, rule_id: str) -> RuleSet | None:
    """One version by its id."""
    row = reader.one("SELECT * FROM rule_set WHERE id = ?", (rule_id,))
    return None if row is None else from_row(row)


def versions(reader: Reader, today: dt.date, forms: Sequence[RuleForm] = FORMS) -> list[Row]:
    """Every version of a room's rules with its state on ``today``: 现行, 未生效, 历史, 停用 or 样例."""
    kinds = [form.kind for form in forms]
    known = json.dumps([*kinds, *(kind + EXAMPLE for kind in kinds)])
    rows = reader.all(
        """
        SELECT rule.*, EXISTS (SELECT 1 FROM point_entry WHERE rule_id = rule.id LIMIT 1) AS used
        FROM rule_set AS rule WHERE kind IN (SELECT value FROM json_each(?))
        ORDER BY effective_on DESC, version DESC
        """,
        (known,),
    )
    running: set[str] = set()
    found = []
    for row in rows:
        form = form_of(row["kind"], forms)
        if form is None:
            continue
        state = _state(row, today, running)
        found.append({**row, "label": form.label, "state": state, "order": kinds.index(form.kind)})
    ranks = {"现行": 0, "未生效": 1, "历史": 2, "停用": 3, "样例": 4}
    return sorted(found, key=lambda row: (row["order"], ranks[row["state"]]))


def _state(row: Row, today: dt.date, running: set[str]) -> str:
    if row["kind"].endswith(EXAMPLE):
        return "样例"
    if row["status"] != "有效":
        return "停用"
    if dt.date.fromisoformat(row["effective_on"]) > today:
        return "未生效"
    if row["kind"] in running:
        return "历史"
    running.add(row["kind"])
    return "现行"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One volunteer whose points would differ: points as they are, and as they would be, in hundredths."""

    number: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What another rule would make of services already recorded. ``records`` and ``people`` are those that differ."""

    first: dt.date
    last: dt.date
    counted: int
    records: int
    people: int
    before: int
    after: int
    lines: tuple[ChangeLine, ...]
    cut_short: bool


def what_would_change(reader: Reader, rule: PointsRule, first: dt.date, last: dt.date) -> RuleChange:
    """Count the services of these days anew by ``rule``, caps and all, in the order of their days; writes nothing."""
    rows = reader.all(
        """
        SELECT service.id, service.volunteer_id, service.served_on, service.minutes, service.evidence,
            activity.category, volunteer.kind, volunteer.number, person.name,
            COALESCE((SELECT SUM(points) FROM point_entry WHERE service_record_id = service.id), 0) AS points
        FROM service_record AS service
        JOIN volunteer ON volunteer.id = service.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN activity ON activity.id = service.activity_id
        WHERE service.served_on BETWEEN ? AND ? AND service.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
        ORDER BY service.served_on, service.id LIMIT ?
        """,
        (first.isoformat(), last.isoformat(), MOST + 1),
    )
    got: dict[tuple[str, Span, dt.date], int] = defaultdict(int)
    whose: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    names: dict[str, tuple[str, str]] = {}
    differ = before = after = 0
    for row in rows[:MOST]:
        day = dt.date.fromisoformat(row["served_on"])
        keys = {span: (row["volunteer_id"], span, lookups.span_days(span, day)[0]) for span in rule.caps}
        points = service_award(
            rule,
            minutes=row["minutes"],
            evidence=Evidence(row["evidence"]),
            category=row["category"],
            kind=row["kind"],
            already={span: got[key] for span, key in keys.items()},
        ).points
        for key in keys.values():
            got[key] += points
        differ += points != row["points"]
        before, after = before + row["points"], after + points
        whose[row["volunteer_id"]][0] += row["points"]
        whose[row["volunteer_id"]][1] += points
        names[row["volunteer_id"]] = row["number"], row["name"]
    lines = [ChangeLine(*names[who], *sums) for who, sums in whose.items() if sums[0] != sums[1]]
    lines.sort(key=lambda line: (-abs(line.after - line.before), line.number))
    return RuleChange(
        first=first,
        last=last,
        counted=len(rows[:MOST]),
        records=differ,
        people=len(lines),
        before=before,
        after=after,
        lines=tuple(lines[:_SHOWN]),
        cut_short=len(rows) > MOST,
    )
