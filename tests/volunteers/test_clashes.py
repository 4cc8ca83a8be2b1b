"""Findings about service records: each shows both sides and says what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.records.rows import (
    Activity,
    Evidence,
    ServiceRecord,
    Standing,
    Training,
    VolunteerStatus,
)
from hongyao_desktop.volunteers.rules import clashes
from hongyao_desktop.volunteers.rules.clashes import Limits
from hongyao_desktop.volunteers.rules.forms.standards import LIMITS as LIMITS_FORM

DAY = dt.date(2026, 9, 3)
TODAY = dt.date(2026, 9, 5)
LIMITS = Limits(
    title="《限额》第1版",
    day_warn_minutes=480,
    day_refuse_minutes=1440,
    overlap_minutes=1,
    late_days=30,
    sign_ins_per_activity=3,
    window_tolerance_minutes=30,
    adult_age=18,
)
SOMEBODY = Standing(
    id="v1", person_id="p1", number="水湾-0001", name="曾国兰", status=VolunteerStatus.ACTIVE, unit_id="u1"
)
SERVED = ServiceRecord(
    id="s1",
    volunteer_id="v1",
    title="爱心义剪",
    served_on=DAY,
    minutes=90,
    evidence=Evidence.SIGNED,
    starts_minute=540,
    ends_minute=630,
)


def at(start: int, end: int, **changes: object) -> ServiceRecord:
    times = {"id": None, "starts_minute": start, "ends_minute": end, "minutes": end - start, **changes}
    return replace(SERVED, **times)  # type: ignore[arg-type]


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def found(record: ServiceRecord, *others: ServiceRecord) -> list[Problem]:
    return clashes.clash_problems(record, others, LIMITS)


def test_one_minute_of_overlap_is_refused_and_both_records_are_shown() -> None:
    (problem,) = found(at(629, 700, title="楼道清洁"), SERVED)
    assert (problem.code, problem.level) == ("service.overlap", Level.ERROR)
    assert problem.message == (
        "重叠 1 分钟：与“爱心义剪”（2026年9月3日 9:00—10:30，1.5 小时，签到），"
        "本条是“楼道清洁”（2026年9月3日 10:29—11:40，1 小时 11 分钟，签到），只能登记其中一条"
    )


def test_services_that_touch_do_not_overlap() -> None:
    assert found(at(630, 700, title="楼道清洁"), SERVED) == []


def test_a_service_over_midnight_meets_the_next_morning() -> None:
    night = at(1380, 1500, title="夜间巡查")
    morning = at(30, 90, title="早市劝导", served_on=DAY + dt.timedelta(days=1))
    assert clashes.overlap_minutes(night, morning) == 30
    assert codes(found(morning, night)) == ["service.overlap"]


def test_the_same_activity_twice_is_double_unless_the_times_are_apart() -> None:
    assert codes(found(at(540, 630, starts_minute=None, ends_minute=None, minutes=90), SERVED)) == [
        "service.double"
    ]
    again = found(at(840, 900), SERVED)
    assert (codes(again), again[0].level) == (["service.again"], Level.WARNING)


def test_other_people_do_not_clash() -> None:
    assert found(at(540, 630, volunteer_id="v2"), SERVED) == []


def test_a_fourth_sign_in_on_one_day_is_refused() -> None:
    others = [at(60 * hour, 60 * hour + 30, id=f"s{hour}") for hour in (8, 10, 12)]
    assert "service.sign_ins" in codes(found(at(840, 870), *others))
    assert "service.sign_ins" not in codes(found(at(840, 870), *others[:2]))


def test_a_long_day_warns_and_an_impossible_one_is_refused() -> None:
    def on_day(new: int, *before: int) -> list[Problem]:
        others = [replace(SERVED, id=str(n), minutes=m) for n, m in enumerate(before)]
        return clashes.day_problems(at(0, new), others, LIMITS)

    assert on_day(480) == []
    assert on_day(1, 480)[0].code == "service.day_long"
    assert on_day(961, 480)[0].code == "service.day_refused"
    assert "爱心义剪" in on_day(961, 480)[0].message


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (at(540, 600, minutes=61), ["service.longer"]),
        (at(540, 600, minutes=45), ["service.shorter"]),
        (at(540, 540, minutes=10), ["service.times"]),
        (at(540, 600, ends_minute=None), ["service.half_time"]),
        (at(540, 600, minutes=0), ["service.length"]),
        (at(540, 600), []),
    ],
)
def test_length_against_times(record: ServiceRecord, expected: list[str]) -> None:
    assert codes(clashes.length_problems(record)) == expected


def test_days_of_entry() -> None:
    def on(served_on: dt.date, evidence: Evidence = Evidence.SIGNED, **changes: object) -> list[str]:
        record = replace(SERVED, served_on=served_on, evidence=evidence, **changes)  # type: ignore[arg-type]
        return codes(clashes.day_of_entry_problems(record, TODAY, LIMITS))

    assert on(TODAY) == []
    assert on(TODAY + dt.timedelta(days=1)) == ["service.early"]
    assert on(TODAY - dt.timedelta(days=30)) == []
    assert on(TODAY - dt.timedelta(days=31)) == ["service.late"]
    assert on(TODAY - dt.timedelta(days=31), Evidence.IMPORTED) == []
    assert on(DAY, Evidence.MADE_UP) == ["service.reason", "service.witness"]
    assert on(DAY, Evidence.MADE_UP, reason="签到表遗失", witness="李某") == []


@pytest.mark.parametrize("evidence", [Evidence.SIGNED, Evidence.MADE_UP])
def test_after_the_last_day_nothing_is_taken_any_more(evidence: Evidence) -> None:
    """石油大学: papers within a week, void after a month; hours of an old book are not meant."""
    limits = replace(LIMITS, late_days=7, void_days=30)
    late = replace(
        SERVED, served_on=TODAY - dt.timedelta(days=31), evidence=evidence, reason="漏签", witness="单玥"
    )
    (problem,) = clashes.day_of_entry_problems(late, TODAY, limits)
    assert problem.level is Level.ERROR
    assert problem.message == "服务已过去 31 天，按《限额》第1版超过 30 天不再登记"
    in_time = replace(late, served_on=TODAY - dt.timedelta(days=30))
    assert "service.void" not in codes(clashes.day_of_entry_problems(in_time, TODAY, limits))
    old_book = replace(late, evidence=Evidence.IMPORTED)
    assert clashes.day_of_entry_problems(old_book, TODAY, limits) == []


def test_against_the_activity() -> None:
    activity = Activity(title="爱心义剪", held_on=DAY, starts_minute=540, ends_minute=660)

    def against(record: ServiceRecord) -> list[str]:
        return codes(clashes.activity_problems(record, activity, LIMITS))

    assert against(SERVED) == []
    assert against(at(510, 660)) == []
    assert against(at(509, 660)) == ["service.window"]
    assert against(replace(SERVED, served_on=TODAY)) == ["service.other_day"]
    made_up = replace(
        SERVED, evidence=Evidence.MADE_UP, reason="补", minutes=121, starts_minute=None, ends_minute=None
    )
    assert against(made_up) == ["service.over_activity"]
    # Hours keyed beside a name bring no times: longer than the activity is asked about all the same.
    keyed = replace(SERVED, starts_minute=None, ends_minute=None)
    assert against(replace(keyed, minutes=150)) == []
    assert against(replace(keyed, minutes=151)) == ["service.beyond"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"person_status": "去世", "person_status_on": DAY}, ["service.dead"]),
        ({"person_status": "去世", "person_status_on": TODAY}, []),
        ({"person_status": "去世"}, ["service.dead"]),
        ({"person_status": "迁出", "person_status_on": DAY}, ["service.moved"]),
        ({"status": VolunteerStatus.LEFT, "left_on": DAY}, ["service.inactive"]),
        ({"status": VolunteerStatus.LEFT, "left_on": TODAY}, []),
        ({"status": VolunteerStatus.PENDING}, ["service.pending"]),
        ({"joined_on": TODAY}, ["service.before_joining"]),
    ],
)
def test_who_could_serve_that_day(changes: dict[str, object], expected: list[str]) -> None:
    assert codes(clashes.standing_problems(replace(SOMEBODY, **changes), DAY)) == expected  # type: ignore[arg-type]


def test_danger_needs_full_age_and_insurance() -> None:
    safe = Activity(title="河道清理", held_on=DAY)
    danger = replace(safe, dangerous=True)
    young = replace(SOMEBODY, birth_on=dt.date(2008, 9, 4))
    assert codes(clashes.fitness_problems(young, safe, LIMITS)) == ["service.guardian"]
    assert codes(clashes.fitness_problems(replace(young, guardian="父亲同意"), safe, LIMITS)) == []
    assert codes(clashes.fitness_problems(replace(young, guardian="父亲同意"), danger, LIMITS)) == [
        "service.minor",
        "service.uninsured",
    ]
    adult = replace(SOMEBODY, birth_on=dt.date(2008, 9, 3), insured_until=DAY)
    assert clashes.fitness_problems(adult, danger, LIMITS) == []
    lapsed = replace(adult, insured_until=DAY - dt.timedelta(days=1))
    assert codes(clashes.fitness_problems(lapsed, danger, LIMITS)) == ["service.uninsured"]


def test_nobody_keys_in_their_own_hours_unseen() -> None:
    assert clashes.recorder_problem("李静", SOMEBODY) is None
    own = clashes.recorder_problem("曾国兰", SOMEBODY)
    assert own is not None
    assert own.code == "service.own_hours"


def test_errors_come_before_warnings() -> None:
    problems = clashes.record_problems(
        at(600, 1150, title="楼道清洁", evidence=Evidence.MADE_UP),
        standing=SOMEBODY,
        activity=None,
        others=[SERVED],
        limits=LIMITS,
        today=TODAY,
        recorder="李静",
    )
    levels = [problem.level for problem in problems]
    assert levels == sorted(levels, key=lambda level: level is not Level.ERROR)
    assert {"service.overlap", "service.reason", "service.day_long"} <= set(codes(problems))


times = st.tuples(st.integers(0, 1440), st.integers(1, 600)).map(lambda t: (t[0], min(t[0] + t[1], 2880)))


@given(times, times, st.integers(-1, 1))
def test_overlap_is_the_same_from_both_sides(
    first: tuple[int, int], second: tuple[int, int], days: int
) -> None:
    one = at(*first)
    other = at(*second, served_on=DAY + dt.timedelta(days=days))
    minutes_of_one = set(range(first[0], first[1]))
    shifted = {minute + days * 1440 for minute in range(second[0], second[1])}
    assert (
        clashes.overlap_minutes(one, other)
        == clashes.overlap_minutes(other, one)
        == len(minutes_of_one & shifted)
    )


@pytest.mark.parametrize(
    ("part", "starts", "clashes_there"),
    [
        ("上午", 540, True),
        ("下午", 540, False),
        ("下午", 660, True),
        ("全天", 1080, False),
        ("全天", None, True),
    ],
)
def test_service_while_in_a_training_is_asked_about(
    part: str, starts: int | None, clashes_there: bool
) -> None:
    day = dt.date(2026, 11, 19)
    served = ServiceRecord(
        volunteer_id="v",
        title="义剪",
        served_on=day,
        minutes=120,
        evidence=Evidence.SIGNED,
        starts_minute=starts,
        ends_minute=None if starts is None else starts + 120,
    )
    found = clashes.training_problems(
        served, [Training(day, part, "书记班"), Training(dt.date(2026, 11, 18), part, "别的班")]
    )
    assert [problem.code for problem in found] == (["service.training"] if clashes_there else [])
    assert all("书记班" in problem.message and "义剪" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("record", "now", "expected"),
    [
        (at(540, 630), 700, []),
        (at(540, 630), 610, []),  # leaving a little early is usual
        (at(540, 630), 590, ["service.not_over"]),
        (at(540, 630), 530, ["service.not_begun"]),
        (at(1320, 1500), 1440 + 60, []),  # over midnight, keyed in at one o'clock
        (at(1320, 1500), 1400, ["service.not_over"]),
        (replace(SERVED, starts_minute=None, ends_minute=None, minutes=60), 590, ["service.not_begun"]),
        (replace(SERVED, starts_minute=None, ends_minute=None, minutes=60), 610, ["service.not_over"]),
        (replace(SERVED, starts_minute=None, ends_minute=None, minutes=60), 660, []),
    ],
)
def test_what_has_not_begun_is_refused_and_what_goes_on_is_doubtful(
    record: ServiceRecord, now: int, expected: list[str]
) -> None:
    activity = Activity(title="义剪", held_on=DAY, starts_minute=600, ends_minute=720)
    assert codes(clashes.over_problems(record, activity, now, LIMITS)) == expected


def test_doubts_are_questions_at_the_keyboard_and_warnings_elsewhere() -> None:
    long = clashes.day_problems(at(480, 1020), [], LIMITS)
    assert [problem.level for problem in long] == [Level.WARNING]
    assert [problem.level for problem in clashes.doubts(long)] == [Level.QUESTION]
    short = clashes.length_problems(at(540, 630, minutes=60))
    assert clashes.doubts(short) == short, "a stay shorter than its times only says how it is taken"


def test_the_least_presence_is_the_same_where_it_is_tried_and_where_it_is_asked() -> None:
    limits = replace(LIMITS, presence_percent=33)
    activity = Activity(title="义剪", held_on=DAY, starts_minute=540, ends_minute=640)
    assert clashes.least_presence(100, limits) == 33
    assert clashes.least_presence(95, limits) == 32, "31.35 minutes are not reached by 31"
    assert clashes.too_short(31, 95, limits)
    assert not clashes.too_short(32, 95, limits)
    (problem,) = clashes.activity_problems(at(540, 572), activity, limits)
    assert "33%（0.55 小时）" in problem.message
    told = LIMITS_FORM.try_out(limits, {"minutes": 31, "length": 95, "days": 0})
    assert "至少到场 32 分钟" in told[1]
