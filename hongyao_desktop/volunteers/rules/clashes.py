"""What is wrong or doubtful about a service record (时长核查): findings that describe both records.

Sources of the checks: DOMAIN 1.4 "Fraud tests", section 8 items 5, 6 and 15.  Numbers come from the rule set
``volunteer-limits``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hongyao_desktop.core import dates
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.core.text import quoted
from hongyao_desktop.volunteers.records.rows import (
    Activity,
    Evidence,
    ServiceRecord,
    Standing,
    Training,
    VolunteerStatus,
    clock_text,
    duration_text,
)
from hongyao_desktop.volunteers.rules.body import read_body, whole

KIND = "volunteer-limits"

ASKED: Final = frozenset(
    f"service.{name}"
    for name in (
        "window",
        "beyond",
        "not_over",
        "day_long",
        "own_hours",
        "staff",
        "again",
        "training",
        "moved",
        "late",
        "witness",
    )
)
"""Doubts that whoever keys a service in answers before it is written; a table brings them in and they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The rule set ``volunteer-limits``: minutes, days, times and years of age.

    After ``late_days`` a service is a make-up, after ``void_days`` it is not taken at all; 0 takes it however late.
    ``staff_categories`` are those of the register of cadres (干部) whose daily work is no voluntary service; their
    office hours are from ``office_from_minute`` until ``office_until_minute`` of working days.
    """

    title: str
    day_warn_minutes: int
    day_refuse_minutes: int
    overlap_minutes: int
    late_days: int
    sign_ins_per_activity: int
    window_tolerance_minutes: int
    adult_age: int
    presence_percent: int = 0
    void_days: int = 0
    staff_categories: tuple[str, ...] = ()
    office_from_minute: int = 510
    office_until_minute: int = 1050


def limits_of(rule: RuleSet) -> Limits:
    """The rule set's body as a value; refuses a body that is incomplete, naming the rule."""

    def reading(body: Mapping[str, Any]) -> Limits:
        return Limits(
            title=rule.title,
            day_warn_minutes=whole(body["day_warn_minutes"]),
            day_refuse_minutes=whole(body["day_refuse_minutes"], 1),
            overlap_minutes=whole(body["overlap_minutes"], 1),
            late_days=whole(body["late_days"]),
            sign_ins_per_activity=whole(body["sign_ins_per_activity"], 1),
            window_tolerance_minutes=whole(body["window_tolerance_minutes"]),
            adult_age=whole(body["adult_age"]),
            presence_percent=whole(body.get("presence_percent", 0)),
            void_days=whole(body.get("void_days", 0)),
            staff_categories=tuple(str(name) for name in body.get("staff_categories", ())),
            office_from_minute=whole(body.get("office_from_minute", 510)),
            office_until_minute=whole(body.get("office_until_minute", 1050)),
        )

    return read_body(rule, reading)


def least_presence(length: int, limits: Limits) -> int:
    """Fewest minutes that count as having been at an activity of ``length`` minutes; parts of a minute round up."""
    return -(-length * limits.presence_percent // 100)


def too_short(minutes: int, length: int, limits: Limits) -> bool:
    """Whether a presence of ``minutes`` is below the least share of an activity of ``length`` minutes."""
    return minutes < least_presence(length, limits)


def overlap_minutes(first: ServiceRecord, second: ServiceRecord) -> int:
    """Minutes both records claim at once; 0 when apart or when the times of one are not known."""
    one, other = first.span, second.span
    if one is None or other is None:
        return 0
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)


def same_activity(first: ServiceRecord, second: ServiceRecord) -> bool:
    """Both were given to one activity: the same one on file, or the same title on the same day."""
    if first.activity_id is not None and first.activity_id == second.activity_id:
        return True
    return first.title == second.title and first.served_on == second.served_on


def clash_problems(new: ServiceRecord, others: Iterable[ServiceRecord], limits: Limits) -> list[Problem]:
    """Overlaps and double entries between ``new`` and the same person's ``others``, and too many sign-ins."""
    found: list[Problem] = []
    times_there = 1
    for other in others:
        if other.volunteer_id != new.volunteer_id:
            continue
        overlap = overlap_minutes(new, other)
        together = same_activity(new, other)
        times_there += together and other.served_on == new.served_on
        if overlap >= limits.overlap_minutes:
            message = f"重叠 {duration_text(overlap)}：与{other.described()}，本条是{new.described()}，只能登记其中一条"
            found.append(Problem(Level.ERROR, "service.overlap", message, "starts_minute"))
        elif together and (new.span is None or other.span is None):
            message = f"可能重复：同一活动已登记过{other.described()}，本条是{new.described()}"
            found.append(Problem(Level.ERROR, "service.double", message, "volunteer_id"))
        elif together:
            message = f"同一活动还登记过{other.described()}，请核对是否分两次参加"
            found.append(Problem(Level.WARNING, "service.again", message, "volunteer_id"))
        elif (new.span is None or other.span is None) and other.served_on == new.served_on:
            message = f"当天还有{other.described()}，有一条没有起止时间，无法核对是否重叠"
            found.append(Problem(Level.WARNING, "service.untimed", message, "starts_minute"))
    if times_there > limits.sign_ins_per_activity:
        message = f"同一活动一天最多签到 {limits.sign_ins_per_activity} 次，本条是第 {times_there} 次"
        found.append(Problem(Level.ERROR, "service.sign_ins", message, "volunteer_id"))
    return found


def training_problems(record: ServiceRecord, trainings: Iterable[Training]) -> list[Problem]:
    """Service while the same person sat in a training session: a warning, because only the part of the day is known."""
    found: list[Problem] = []
    for training in trainings:
        if training.day != record.served_on:
            continue
        first, last = training.span
        starts, ends = record.starts_minute, record.ends_minute
        whole_day = training.part == "全天"
        overlaps = whole_day if starts is None or ends is None else starts < last and first < ends
        if overlaps:
            message = f"当天{training.part}在参加培训{quoted(training.title)}，与{record.described()}可能重叠，请核对"
            found.append(Problem(Level.WARNING, "service.training", message, "starts_minute"))
    return found


def day_problems(new: ServiceRecord, others: Iterable[ServiceRecord], limits: Limits) -> list[Problem]:
    """Too much service on one day: more than the refusal limit is an error, more than the first limit a warning."""
    same_day = [
        other
        for other in others
        if other.volunteer_id == new.volunteer_id and other.served_on == new.served_on
    ]
    total = new.minutes + sum(other.minutes for other in same_day)
    if total <= limits.day_warn_minutes:
        return []
    shown = "、".join(other.described() for other in same_day)
    beside = f"，另有{shown}" if shown else ""
    if total > limits.day_refuse_minutes:
        limit = duration_text(limits.day_refuse_minutes)
        message = f"这一天合计 {duration_text(total)}，超过 {limit}，不能登记{beside}"
        return [Problem(Level.ERROR, "service.day_refused", message, "minutes")]
    message = (
        f"这一天合计 {duration_text(total)}，超过 {duration_text(limits.day_warn_minutes)}，请核对{beside}"
    )
    return [Problem(Level.WARNING, "service.day_long", message, "minutes")]


def length_problems(record: ServiceRecord) -> list[Problem]:
    """Length against the times beside it: credited time can be shorter than the stay, never longer."""
    if record.minutes <= 0:
        return [Problem(Level.ERROR, "service.length", "时长要大于 0，冲减请用“冲正”", "minutes")]
    starts, ends = record.starts_minute, record.ends_minute
    if starts is None and ends is None:
        return []
    if starts is None or ends is None:
        return [
            Problem(Level.ERROR, "service.half_time", "开始和结束时间要么都填，要么都不填", "ends_minute")
        ]
    if ends <= starts:
        message = f"结束时间 {clock_text(ends)} 不晚于开始时间 {clock_text(starts)}，请核对"
        return [Problem(Level.ERROR, "service.times", message, "ends_minute")]
    stay = ends - starts
    if record.minutes > stay:
        message = f"时长 {duration_text(record.minutes)}，起止时间只有 {duration_text(stay)}，请核对"
        return [Problem(Level.ERROR, "service.longer", message, "minutes")]
    if record.minutes < stay:
        message = f"时长 {duration_text(record.minutes)}，起止时间有 {duration_text(stay)}，按时长登记"
        return [Problem(Level.WARNING, "service.shorter", message, "minutes")]
    return []


def day_of_entry_problems(record: ServiceRecord, today: dt.date, limits: Limits) -> list[Problem]:
    """Entered before the service took place, or so late that it is a make-up; make-ups need reason and witness."""
    found: list[Problem] = []
    if record.served_on > today:
        message = f"服务日期{dates.format_cn(record.served_on)}还没有到，不能先登记"
        found.append(Problem(Level.ERROR, "service.early", message, "served_on"))
    late = (today - record.served_on).days
    if 0 < limits.void_days < late and record.evidence is not Evidence.IMPORTED:
        message = f"服务已过去 {late} 天，按{limits.title}超过 {limits.void_days} 天不再登记"
        return [Problem(Level.ERROR, "service.void", message, "served_on")]
    if record.evidence is Evidence.SIGNED and late > limits.late_days:
        message = f"服务已过去 {late} 天，超过 {limits.late_days} 天，应按补录登记并写明原因"
        found.append(Problem(Level.WARNING, "service.late", message, "evidence"))
    if record.evidence is Evidence.MADE_UP:
        if not record.reason:
            found.append(Problem(Level.ERROR, "service.reason", "补录要写明原因", "reason"))
        if not record.witness:
            found.append(Problem(Level.WARNING, "service.witness", "补录没有写证明人，请补填", "witness"))
    return found


def over_problems(
    record: ServiceRecord, activity: Activity | None, elapsed: int, limits: Limits
) -> list[Problem]:
    """Whether a service of today is over: one that has not begun is refused, one still going on is doubtful.

    ``elapsed`` counts the minutes since the midnight that began its day. Leaving early is usual, so what ends later
    than now by its own times may stand; a service without times is held against those of its activity.
    """
    starts, ends = record.starts_minute, record.ends_minute
    if starts is None and activity is not None and activity.starts_minute is not None:
        starts = activity.starts_minute
        ends = starts + record.minutes
    if starts is None or ends is None:
        return []
    now = clock_text(elapsed)
    if starts > elapsed:
        message = f"{clock_text(starts)} 才开始，现在是 {now}，开始以后再登记"
        return [Problem(Level.ERROR, "service.not_begun", message, "starts_minute")]
    if ends > elapsed + limits.window_tolerance_minutes:
        message = (
            f"到 {clock_text(ends)} 才够 {duration_text(record.minutes)}，现在是 {now}，请核对是否已经结束"
        )
        return [Problem(Level.WARNING, "service.not_over", message, "ends_minute")]
    return []


def activity_problems(record: ServiceRecord, activity: Activity, limits: Limits) -> list[Problem]:
    """Service against its activity: another day, outside its times, longer than it (a make-up never may be)."""
    if record.served_on != activity.held_on:
        held_on = dates.format_cn(activity.held_on)
        message = f"服务日期{dates.format_cn(record.served_on)}不是活动当天（{held_on}），请核对"
        return [Problem(Level.ERROR, "service.other_day", message, "served_on")]
    length = activity.minutes
    if length is None or activity.starts_minute is None or activity.ends_minute is None:
        return []
    found: list[Problem] = []
    if record.evidence is Evidence.MADE_UP and record.minutes > length:
        message = f"补录 {duration_text(record.minutes)}，活动全长只有 {duration_text(length)}，不能超过"
        found.append(Problem(Level.ERROR, "service.over_activity", message, "minutes"))
    if too_short(record.minutes, length, limits):
        least = duration_text(least_presence(length, limits))
        share = f"活动全长的 {limits.presence_percent}%（{least}）"
        message = f"到场 {duration_text(record.minutes)}，不足{share}，不登记时长"
        found.append(Problem(Level.ERROR, "service.presence", message, "minutes"))
    if record.starts_minute is not None and record.ends_minute is not None:
        early = activity.starts_minute - record.starts_minute
        late = record.ends_minute - activity.ends_minute
        if max(early, late) > limits.window_tolerance_minutes:
            span = f"{clock_text(activity.starts_minute)}—{clock_text(activity.ends_minute)}"
            message = f"起止时间超出活动时间（{span}）{duration_text(max(early, late))}，请核对"
            found.append(Problem(Level.WARNING, "service.window", message, "starts_minute"))
    elif (
        record.evidence is not Evidence.MADE_UP and record.minutes > length + limits.window_tolerance_minutes
    ):
        span = f"{clock_text(activity.starts_minute)}—{clock_text(activity.ends_minute)}"
        message = (
            f"时长 {duration_text(record.minutes)}，活动（{span}）全长只有 {duration_text(length)}，请核对"
        )
        found.append(Problem(Level.WARNING, "service.beyond", message, "minutes"))
    return found


def standing_problems(standing: Standing, served_on: dt.date) -> list[Problem]:
    """Whether the person could serve that day: alive, on the register, not before joining."""
    found: list[Problem] = []
    day = dates.format_cn(served_on)
    gone = standing.person_status_on
    if standing.person_status == "去世" and (gone is None or served_on >= gone):
        when = f"（{dates.format_cn(gone)}）" if gone else ""
        found.append(_standing_error("service.dead", f"{standing.shown}已去世{when}，不能登记{day}的服务"))
    elif standing.person_status == "迁出" and (gone is None or served_on >= gone):
        message = f"{standing.shown}已迁出，请核对{day}的服务"
        found.append(Problem(Level.WARNING, "service.moved", message, "volunteer_id"))
    if standing.status in (VolunteerStatus.PAUSED, VolunteerStatus.LEFT) and (
        standing.left_on is None or served_on >= standing.left_on
    ):
        since = f"，自{dates.format_cn(standing.left_on)}起" if standing.left_on else ""
        message = f"{standing.shown}已{standing.status.value}{since}，不能登记{day}的服务"
        found.append(_standing_error("service.inactive", message))
    if standing.status is VolunteerStatus.PENDING:
        message = f"{standing.shown}还在待审核，审核通过后再登记时长"
        found.append(_standing_error("service.pending", message))
    if standing.joined_on is not None and served_on < standing.joined_on:
        message = f"{standing.shown}{dates.format_cn(standing.joined_on)}才注册，早于注册日期的服务请核对"
        found.append(Problem(Level.WARNING, "service.before_joining", message, "served_on"))
    return found


def doubts(problems: Iterable[Problem]) -> list[Problem]:
    """Findings as they are put to somebody at the keyboard: the doubts of :data:`ASKED` become questions."""
    return [
        replace(problem, level=Level.QUESTION)
        if problem.level is Level.WARNING and problem.code in ASKED
        else problem
        for problem in problems
    ]


def _standing_error(code: str, message: str) -> Problem:
    return Problem(Level.ERROR, code, message, "volunteer_id")


def fitness_problems(standing: Standing, activity: Activity, limits: Limits) -> list[Problem]:
    """Minors need a guardian's consent and keep away from danger; danger needs insurance (条例 arts. 15, 17)."""
    found: list[Problem] = []
    minor = standing.birth_on is not None and age_on(standing.birth_on, activity.held_on) < limits.adult_age
    if minor and not standing.guardian:
        message = f"{standing.shown}未满 {limits.adult_age} 周岁，没有登记监护人同意"
        found.append(Problem(Level.WARNING, "service.guardian", message, "volunteer_id"))
    if not activity.dangerous:
        return found
    if minor:
        message = f"{standing.shown}未满 {limits.adult_age} 周岁，不能参加有人身危险的活动"
        found.append(_standing_error("service.minor", message))
    if standing.insured_until is None or standing.insured_until < activity.held_on:
        state = (
            "没有登记保险"
            if standing.insured_until is None
            else f"保险{dates.format_cn(standing.insured_until)}到期"
        )
        message = f"{standing.shown}{state}，不能参加有人身危险的活动，请先办保险"
        found.append(_standing_error("service.uninsured", message))
    return found


def age_on(birth_on: dt.date, day: dt.date) -> int:
    """Full years on ``day``; born on 29 February counts from 1 March in other years."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def recorder_problem(recorder: str, standing: Standing) -> Problem | None:
    """The operator has the beneficiary's name: hours for oneself should be keyed in by somebody else."""
    if recorder != standing.name:
        return None
    message = f"登记人与志愿者{standing.shown}同名，本人的时长请由同事登记"
    return Problem(Level.WARNING, "service.own_hours", message, "volunteer_id")


def record_problems(
    record: ServiceRecord,
    *,
    standing: Standing,
    activity: Activity | None,
    others: Sequence[ServiceRecord],
    limits: Limits,
    today: dt.date,
    recorder: str,
    trainings: Sequence[Training] = (),
) -> list[Problem]:
    """Every finding about one new record beside the same person's ``others``, errors first."""
    found = length_problems(record) + day_of_entry_problems(record, today, limits)
    found += standing_problems(standing, record.served_on)
    if activity is not None:
        found += activity_problems(record, activity, limits) + fitness_problems(standing, activity, limits)
    found += clash_problems(record, others, limits) + day_problems(record, others, limits)
    found += training_problems(record, trainings)
    own = recorder_problem(recorder, standing)
    if own is not None:
        found.append(own)
    return sorted(found, key=lambda problem: problem.level is not Level.ERROR)
