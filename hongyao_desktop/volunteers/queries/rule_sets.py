"""Rule sets on file (规则版本), and what another points rule would change about service already recorded."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.rules import RuleSet, from_row
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shipped import NOT_TAKEN, Shipped, as_row, missing
from hongyao_desktop.volunteers.records.rows import Evidence, SpotStatus
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, RuleForm, form_of
from hongyao_desktop.volunteers.rules.points import Event, PointsRule, Span, service_award, spot_award

MOST = 50_000
"""So many records are counted anew at most; a year of a street is less."""

_SHOWN = 20


def rule_set(reader: Reader, rule_id: str) -> RuleSet | None:
    """One version by its id."""
    row = reader.one("SELECT * FROM rule_set WHERE id = ?", (rule_id,))
    return None if row is None else from_row(row)


_COUNTED: Final = {
    "volunteer-points": "point_entry",
    "volunteer-expiry": "point_expiry",
    "volunteer-approval": "point_lot",
    "volunteer-stars": "star_review",
    "volunteer-conduct": "volunteer_incident",
    "shop-limits": "shop_redemption",
}
"""Where it stands by which version something was counted; other kinds leave no trace in a record."""


def was_used(reader: Reader, rule: RuleSet) -> bool:
    """Whether anything on file was counted by this version."""
    table = _COUNTED.get(rule.kind)
    return (
        table is not None
        and reader.value(f"SELECT 1 FROM {table} WHERE rule_id = ? LIMIT 1", (rule.id,)) is not None
    )


def versions(
    reader: Reader, today: dt.date, forms: Sequence[RuleForm] = FORMS, shipped: Sequence[Shipped] = ()
) -> list[Row]:
    """Every version of a room's rules with its state on ``today``: 现行, 未生效, 历史, 停用 or 样例.

    Examples among ``shipped`` that the file lacks come last, as 未收入.
    """
    kinds = [form.kind for form in forms]
    known = json.dumps([*kinds, *(kind + EXAMPLE for kind in kinds)])
    rows = reader.all(
        "SELECT * FROM rule_set WHERE kind IN (SELECT value FROM json_each(?)) "
        "ORDER BY effective_on DESC, version DESC",
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
    for one in missing(reader, shipped, forms):
        form = form_of(one.kind, forms)
        assert form is not None, "missing() leaves out what has no form"
        found.append({**as_row(one, form.label), "order": kinds.index(form.kind)})
    ranks = {"现行": 0, "未生效": 1, "历史": 2, "停用": 3, "样例": 4, NOT_TAKEN: 5}
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
    """What another rule would make of what is on file: ``counted`` services, closed ``spots``, ``events``.

    ``records`` and ``people`` are those that differ.
    """

    first: dt.date
    last: dt.date
    counted: int
    spots: int
    events: int
    records: int
    people: int
    before: int
    after: int
    lines: tuple[ChangeLine, ...]
    cut_short: bool


@dataclass(slots=True)
class _Recount:
    """Counts one award after the other anew, with what each span has got so far."""

    got: dict[tuple[str, Span, dt.date], int] = field(default_factory=lambda: defaultdict(int))
    whose: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    differ: int = 0

    def add(self, row: Row, caps: Iterable[Span], award: Callable[[dict[Span, int]], int]) -> None:
        """``row`` names volunteer, day and the points on file; ``award`` says what the draft makes of it."""
        who, day = row["volunteer_id"], dt.date.fromisoformat(row["day"])
        keys = {span: (who, span, lookups.span_days(span, day)[0]) for span in caps}
        points = award({span: self.got[key] for span, key in keys.items()})
        for key in keys.values():
            self.got[key] += points
        self.differ += points != row["points"]
        self.whose[who][0] += row["points"]
        self.whose[who][1] += points
        self.names[who] = row["number"], row["name"]


_SERVED = """
    SELECT service.id, service.volunteer_id, service.served_on AS day, service.minutes, service.evidence,
        activity.category, volunteer.kind, volunteer.number, person.name,
        COALESCE((SELECT SUM(points) FROM point_entry WHERE service_record_id = service.id), 0) AS points
    FROM service_record AS service
    JOIN volunteer ON volunteer.id = service.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN activity ON activity.id = service.activity_id
    WHERE service.served_on BETWEEN ? AND ? AND service.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
    ORDER BY service.served_on, service.id LIMIT ?
"""
_SPOTTED = """
    SELECT spot.id, spot.volunteer_id, spot.reported_on AS day, spot.kind, volunteer.number, person.name,
        COALESCE((SELECT SUM(points) FROM point_entry WHERE spot_report_id = spot.id), 0) AS points
    FROM spot_report AS spot
    JOIN volunteer ON volunteer.id = spot.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    WHERE spot.reported_on BETWEEN ? AND ? AND spot.status = ?
    ORDER BY spot.reported_on, spot.id LIMIT ?
"""
_RECRUITED = """
    SELECT recruit.id, recruit.recruiter_id AS volunteer_id, recruit.joined_on AS day, volunteer.number, person.name,
        COALESCE((
            SELECT SUM(point.points) FROM point_event AS made JOIN point_entry AS point
                ON point.id = made.point_entry_id OR point.reverses_id = made.point_entry_id
            WHERE made.subject_id = recruit.id AND point.volunteer_id = recruit.recruiter_id
        ), 0) AS points
    FROM volunteer AS recruit
    JOIN volunteer ON volunteer.id = recruit.recruiter_id
    JOIN person ON person.id = volunteer.person_id
    WHERE recruit.recruiter_id IS NOT NULL AND recruit.status = '在册' AND recruit.joined_on BETWEEN ? AND ?
    ORDER BY recruit.joined_on, recruit.id LIMIT ?
"""


def what_would_change(reader: Reader, rule: PointsRule, first: dt.date, last: dt.date) -> RuleChange:
    """Count services and spot reports of these days anew by ``rule``, caps and all, by their days; writes nothing."""
    span = first.isoformat(), last.isoformat()
    served = reader.all(_SERVED, (*span, MOST + 1))
    spotted = reader.all(_SPOTTED, (*span, SpotStatus.CLOSED.value, MOST + 1))
    recruited = reader.all(_RECRUITED, (*span, MOST + 1))
    services, spots, events = _Recount(), _Recount(), _Recount()
    for row in recruited[:MOST]:
        events.add(row, (), lambda _already: rule.events.get(Event.RECRUITED, 0))
    for row in served[:MOST]:
        services.add(
            row,
            rule.caps,
            lambda already, row=row: (
                service_award(  # type: ignore[misc]
                    rule,
                    minutes=row["minutes"],
                    evidence=Evidence(row["evidence"]),
                    category=row["category"],
                    kind=row["kind"],
                    already=already,
                ).points
            ),
        )
    for row in spotted[:MOST]:
        spots.add(
            row,
            rule.spot_caps,
            lambda already, row=row: spot_award(rule, already, row["kind"]).points,  # type: ignore[misc]
        )
    recounts = services, spots, events
    names = services.names | spots.names | events.names
    whose = {
        who: [sum(sums) for sums in zip(*(one.whose[who] for one in recounts), strict=True)] for who in names
    }
    lines = [ChangeLine(*names[who], *sums) for who, sums in whose.items() if sums[0] != sums[1]]
    lines.sort(key=lambda line: (-abs(line.after - line.before), line.number))
    return RuleChange(
        first=first,
        last=last,
        counted=len(served[:MOST]),
        spots=len(spotted[:MOST]),
        events=len(recruited[:MOST]),
        records=sum(one.differ for one in recounts),
        people=len(lines),
        before=sum(sums[0] for sums in whose.values()),
        after=sum(sums[1] for sums in whose.values()),
        lines=tuple(lines[:_SHOWN]),
        cut_short=len(served) > MOST or len(spotted) > MOST,
    )
