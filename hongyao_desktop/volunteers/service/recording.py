"""Recording service hours (登记服务时长) with their points, and taking records back (冲正)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.problem import Level, Problem, Refusal, has_errors
from hongyao_desktop.core.workdays import NO_OVERRIDES
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.queries import conduct, lookups
from hongyao_desktop.volunteers.queries.duties import duties_between
from hongyao_desktop.volunteers.queries.shelf import limits_rules, points_rules
from hongyao_desktop.volunteers.queries.signups import signup
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord, Standing
from hongyao_desktop.volunteers.rules.clashes import over_problems, record_problems
from hongyao_desktop.volunteers.rules.points import Award, PointsRule, Span, service_award
from hongyao_desktop.volunteers.rules.staff import staff_problem
from hongyao_desktop.volunteers.service.entries import point_row, reverse_entry
from hongyao_desktop.volunteers.service.settling import refill_caps, settle

_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One person in an activity: ``minutes`` of service, times where known, what the hours rest on."""

    volunteer_id: str
    minutes: int
    starts_minute: int | None = None
    ends_minute: int | None = None
    evidence: Evidence = Evidence.SIGNED
    reason: str | None = None
    witness: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A service record that was written, with its award (None where no points rule was in force that day)."""

    record_id: str
    volunteer_id: str
    award: Award | None


@dataclass(frozen=True, slots=True)
class ActivityRecorded:
    """What recording an activity made: the activity, one record for each person, and what was doubtful."""

    activity_id: str
    records: tuple[Recorded, ...]
    warnings: tuple[Problem, ...]

    @property
    def points(self) -> int:
        """Points awarded altogether, in hundredths."""
        return sum(recorded.award.points for recorded in self.records if recorded.award)


def services_for(head: Activity, participants: Sequence[Participant]) -> list[ServiceRecord]:
    """The service records that these participants of an activity make; times not given are those of the activity."""
    records = []
    for person in participants:
        timed = person.starts_minute is not None or person.ends_minute is not None
        stays = person.minutes == head.minutes
        records.append(
            ServiceRecord(
                volunteer_id=person.volunteer_id,
                title=head.title,
                served_on=head.held_on,
                minutes=person.minutes,
                evidence=person.evidence,
                activity_id=head.id,
                starts_minute=person.starts_minute if timed or not stays else head.starts_minute,
                ends_minute=person.ends_minute if timed or not stays else head.ends_minute,
                reason=person.reason,
                witness=person.witness,
                source=person.source,
            )
        )
    return records


def findings(
    reader: Reader,
    records: Sequence[ServiceRecord],
    *,
    activity: Activity | None,
    today: dt.date,
    recorder: str,
    instead_of: str = "",
    now: dt.datetime | None = None,
) -> list[list[Problem]]:
    """Findings for each of ``records`` in order, against what is on file and against the sound records before it.

    ``instead_of`` is the record that a correction takes back; nothing is held against that one. With ``now`` services
    that are not over yet are found.
    """
    if not records:
        return []
    people = [record.volunteer_id for record in records]
    days = [record.served_on for record in records]
    known = lookups.standings(reader, people)
    beside: dict[str, list[ServiceRecord]] = defaultdict(list)
    for volunteer_id, others in lookups.services_around(reader, people, min(days), max(days)).items():
        beside[volunteer_id] = [other for other in others if other.id != instead_of]
    limits = limits_rules(reader)
    voided = conduct.voided_activities(reader, set(people))
    trainings = lookups.trainings_on(reader, people, min(days), max(days))
    newest = limits.nearest(max(days))
    duties = duties_between(reader, newest.staff_categories, min(days), max(days), people)
    worked = office_workdays(reader) if duties else NO_OVERRIDES
    found = []
    for record in records:
        standing = known.get(record.volunteer_id)
        if standing is None:
            message = "没有选定志愿者，请输入姓名首字母后选择"
            found.append([Problem(Level.ERROR, "service.nobody", message, "volunteer_id")])
            continue
        others = beside[record.volunteer_id]
        problems = record_problems(
            record,
            standing=standing,
            activity=activity,
            others=others,
            limits=limits.nearest(record.served_on),
            today=today,
            recorder=recorder,
            trainings=trainings.get(record.volunteer_id, ()),
        )
        elapsed = None if now is None else _elapsed(record.served_on, now)
        if elapsed is not None:
            problems += over_problems(record, activity, elapsed, limits.nearest(record.served_on))
        held = duties.get(record.volunteer_id, ())
        on_staff = staff_problem(record, standing, held, limits.nearest(record.served_on), worked)
        if on_staff is not None:
            problems.append(on_staff)
        kind = voided.get((record.volunteer_id, record.activity_id or ""))
        if kind is not None:
            message = (
                f"{standing.shown}在这次活动里有{kind}，按 0 小时计，不登记时长；查无此事的先在“失信”里撤销"
            )
            problems = [*problems, Problem(Level.ERROR, "service.voided", message, "volunteer_id")]
        found.append(problems)
        if not has_errors(problems):
            others.append(record)
    return found


def _elapsed(day: dt.date, now: dt.datetime) -> int | None:
    """Minutes since the midnight that began ``day``, if that was today's or yesterday's; None for earlier ones."""
    days = (now.date() - day).days
    return days * _DAY + now.hour * 60 + now.minute if 0 <= days <= 1 else None


def activity_findings(
    reader: Reader,
    head: Activity,
    participants: Sequence[Participant],
    *,
    today: dt.date,
    recorder: str,
    now: dt.datetime | None = None,
) -> list[list[Problem]]:
    """Findings for each participant in order: what the batch entry shows in its rows while it is filled in."""
    records = services_for(head, participants)
    return findings(reader, records, activity=head, today=today, recorder=recorder, now=now)


def activity_joined(reader: Reader, record: ServiceRecord) -> Activity | None:
    """The activity of this name and day that a single service belongs to (a late-comer of the sheet).

    Where several units held one of the name, the one he signed up for, else his own unit's; None when there is none.
    """
    known = lookups.activities_named(reader, record.title, record.served_on)
    if len(known) < 2:
        return known[0] if known else None
    listed = [one for one in known if one.id is not None and signup(reader, one.id, record.volunteer_id)]
    standing = lookups.standings(reader, [record.volunteer_id]).get(record.volunteer_id)
    own = [one for one in known if standing is not None and one.unit_id == standing.unit_id]
    return next(iter([*listed, *own]), None)


def head_problems(head: Activity, today: dt.date) -> list[Problem]:
    """What is wrong about the activity itself."""
    found = []
    if not head.title.strip():
        found.append(Problem(Level.ERROR, "activity.title", "活动名称没有填写", "title"))
    if head.held_on > today:
        found.append(Problem(Level.ERROR, "activity.early", "活动日期还没有到，不能先登记时长", "held_on"))
    if (head.starts_minute is None) != (head.ends_minute is None):
        found.append(
            Problem(Level.ERROR, "activity.half", "开始和结束时间要么都填，要么都不填", "ends_minute")
        )
    elif head.minutes is not None and head.minutes <= 0:
        found.append(Problem(Level.ERROR, "activity.times", "结束时间要晚于开始时间", "ends_minute"))
    return found


def record_activity(writer: Writer, head: Activity, participants: Sequence[Participant]) -> ActivityRecorded:
    """One activity with everyone who took part, their hours and points: all of it or nothing.

    ``head.id`` None makes the activity, else people are added to it. Refuses with every error found; problems carry
    the place of the participant in the list (from 1) as their row.
    """
    require(writer, Role.ENTRY)
    today = writer.clock.today()
    wrong = head_problems(head, today)
    if wrong:
        raise Refusal(wrong[0].message, problems=wrong)
    if not participants:
        raise Refusal("还没有填参加的志愿者，请至少选一人")
    rows = activity_findings(
        writer, head, participants, today=today, recorder=writer.who.name, now=_moment(writer, head.held_on)
    )
    problems = [problem.at(row=place) for place, found in enumerate(rows, 1) for problem in found]
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    if errors:
        first = errors[0]
        raise Refusal(f"{first.place()}：{first.message}", problems=errors)
    activity_id = _held(writer, head.id) if head.id else open_activity(writer, head)
    placed = replace(head, id=activity_id)
    written = write_services(
        writer, [(record, head.category) for record in services_for(placed, participants)]
    )
    _arrived(writer, activity_id, [person.volunteer_id for person in participants])
    return ActivityRecorded(activity_id, tuple(written), tuple(problems))


def _moment(writer: Writer, day: dt.date) -> dt.datetime | None:
    """The moment of writing, asked for only where it matters: yesterday's service may have run past midnight."""
    return writer.clock.now() if (writer.clock.today() - day).days <= 1 else None


def _arrived(writer: Writer, activity_id: str, volunteer_ids: Sequence[str]) -> None:
    """Who signed up and has hours now was there (到场), whichever way they were keyed in."""
    open_ = writer.all(
        "SELECT id, volunteer_id FROM activity_signup WHERE activity_id = ? AND status IN ('报名', '缺席')",
        (activity_id,),
    )
    for row in open_:
        if row["volunteer_id"] in volunteer_ids:
            writer.update("activity_signup", row["id"], {"status": "到场"})


def _held(writer: Writer, activity_id: str) -> str:
    """A planned activity has taken place once somebody served in it; a cancelled one stays cancelled."""
    status = writer.value("SELECT status FROM activity WHERE id = ?", (activity_id,))
    if status == "取消":
        raise Refusal("这个活动已经取消，不能再登记时长")
    if status == "计划":
        writer.update("activity", activity_id, {"status": "已举办"})
    return activity_id


def open_activity(writer: Writer, head: Activity) -> str:
    """Write an activity that took place; one without a unit belongs to the office itself."""
    row = head.columns()
    if row["unit_id"] is None:
        row["unit_id"] = lookups.office_unit_id(writer)
    return writer.insert("activity", row)


def record_service(writer: Writer, record: ServiceRecord, *, now: dt.datetime | None = None) -> Recorded:
    """One person's service, with its points. Refuses with every error found, both records described.

    With ``now`` one that has not begun is refused as well.
    """
    require(writer, Role.ENTRY)
    activity = lookups.activity(writer, record.activity_id) if record.activity_id else None
    (problems,) = findings(
        writer,
        [record],
        activity=activity,
        today=writer.clock.today(),
        recorder=writer.who.name,
        now=now,
    )
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    if errors:
        raise Refusal(errors[0].message, problems=errors)
    if record.activity_id is not None:
        _held(writer, record.activity_id)
    (recorded,) = write_services(writer, [(record, activity.category if activity else None)])
    if record.activity_id is not None:
        _arrived(writer, record.activity_id, [record.volunteer_id])
    return recorded


def write_services(writer: Writer, services: Sequence[tuple[ServiceRecord, str | None]]) -> list[Recorded]:
    """Write checked records, each with its category, and award the points of the rule in force on the service day."""
    today = writer.clock.today()
    known = lookups.standings(writer, [record.volunteer_id for record, _ in services])
    office = lookups.office_unit_id(writer)
    shelf = points_rules(writer)
    got: dict[tuple[str, Span, dt.date], int] = {}
    for day in {record.served_on for record, _ in services}:
        rule = shelf.find(day)
        people = [record.volunteer_id for record, _ in services if record.served_on == day]
        if rule is not None and rule.caps:
            for volunteer_id, spans in lookups.points_got(writer, people, rule.caps, day).items():
                for span, points in spans.items():
                    got[volunteer_id, span, lookups.span_days(span, day)[0]] = points
    written: list[Recorded] = []
    records: list[Row] = []
    entries: list[Row] = []
    for record, category in services:
        placed = placed_in_unit(record, known[record.volunteer_id], office)
        record_id = new_id(writer.clock)
        records.append({"id": record_id, **placed.columns(), **_hand(writer, today)})
        rule = shelf.find(record.served_on)
        award = None
        if rule is not None:
            award = _awarded(rule, record, category, known[record.volunteer_id].kind, got)
            entries.append(point_row(placed, record_id, award, rule, today=today, hand=writer.who.name))
        written.append(Recorded(record_id, record.volunteer_id, award))
    writer.insert_many("service_record", records)
    writer.insert_many("point_entry", entries)
    settle(writer, known.keys())
    return written


def _hand(writer: Writer, today: dt.date) -> dict[str, str]:
    return {"recorded_on": today.isoformat(), "recorded_by": writer.who.name}


def placed_in_unit(record: ServiceRecord, standing: Standing, office: str | None) -> ServiceRecord:
    """The record with the unit its volunteer belongs to on the day of recording."""
    return replace(record, unit_id=record.unit_id or standing.unit_id or office)


def _awarded(
    rule: PointsRule,
    record: ServiceRecord,
    category: str | None,
    kind: str | None,
    got: dict[tuple[str, Span, dt.date], int],
) -> Award:
    keys = {
        span: (record.volunteer_id, span, lookups.span_days(span, record.served_on)[0]) for span in rule.caps
    }
    already = {span: got.get(key, 0) for span, key in keys.items()}
    award = service_award(
        rule,
        minutes=record.minutes,
        evidence=record.evidence,
        category=category,
        kind=kind,
        already=already,
    )
    for key in keys.values():
        got[key] = got.get(key, 0) + award.points
    return award


def reverse_service(writer: Writer, record_id: str, reason: str) -> str:
    """Take back one service record and the points it made (冲正); returns the id of the reversing record."""
    require(writer, Role.ENTRY, Role.REVIEW)
    reason = reason.strip()
    if not reason:
        raise Refusal("冲正要写明原因")
    row = lookups.service(writer, record_id)
    if row["state"] != "有效":
        raise Refusal(
            f"{row['name']}的这条记录{'是冲正记录' if row['reverses_id'] else '已经冲正过'}，不能再冲正"
        )
    kept = ("volunteer_id", "unit_id", "activity_id", "title", "served_on", "evidence", "witness")
    reversing = writer.insert(
        "service_record",
        {
            **{name: row[name] for name in kept},
            "starts_minute": row["starts_minute"],
            "ends_minute": row["ends_minute"],
            "minutes": -row["minutes"],
            "reason": reason,
            "reverses_id": record_id,
            **_hand(writer, writer.clock.today()),
        },
    )
    for entry in lookups.point_entries_in_force(writer, "service_record_id", record_id):
        reverse_entry(writer, entry, reason)
    refill_caps(writer, row["volunteer_id"], dt.date.fromisoformat(row["served_on"]))
    settle(writer, [row["volunteer_id"]])
    return reversing
