"""A corrected hour is a traced new version; a cancelled activity says first what it takes back; a series is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.activities import activity_facts
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import signups as signup_queries
from hongyao_desktop.volunteers.queries.correcting import correction_words
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.service import activities, cancelling, points, recording, signups
from hongyao_desktop.volunteers.service.correcting import (
    Correction,
    correct_service,
    correction_findings,
)
from hongyao_desktop.volunteers.service.recording import Participant

TODAY = dt.date(2026, 11, 20)
HEAD = Activity(title="义剪", held_on=TODAY, starts_minute=540, ends_minute=720)
RIGHT = Correction(
    minutes=150, starts_minute=540, ends_minute=690, reason="照签到表应为 2.5 小时", raised_by="曾国兰"
)


def held(office: Office, *people: str) -> recording.ActivityRecorded:
    everybody = [Participant(volunteer_id=one, minutes=180) for one in people]
    return office.transact("登记", lambda w: recording.record_activity(w, HEAD, everybody)).result


def test_a_correction_keeps_both_versions_and_counts_once(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    old = held(office, who).records[0].record_id
    new = office.transact("更正", lambda w: correct_service(w, old, RIGHT)).result
    before, after = (lookups.service(office.reader(), one) for one in (old, new))
    assert (before["state"], before["minutes"]) == ("已冲正", 180)
    assert (after["state"], after["minutes"], after["ends_minute"]) == ("有效", 150, 690)
    assert after["activity_id"] == before["activity_id"]
    person = lookups.volunteer(office.reader(), who)
    assert (person["signed_minutes"], person["services"]) == (150, 1)
    assert correction_words(office.reader(), old).startswith("已更正为 2.5 小时（曾国兰提出，")
    assert correction_words(office.reader(), new).startswith("更正前是 3 小时（曾国兰提出，")
    with pytest.raises(Refusal, match="已经冲正，不能再更正"):
        office.transact("更正", lambda w: correct_service(w, old, RIGHT))


def test_a_correction_is_held_against_everything_but_itself(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    old = held(office, who).records[0].record_id
    row = lookups.service(office.reader(), old)

    def found(right: Correction) -> list[str]:
        asked = correction_findings(office.reader(), row, right, today=dt.date(2027, 3, 1), recorder="李静")
        return [problem.code for problem in asked if problem.level is Level.ERROR]

    assert found(RIGHT) == [], "months later a correction is still taken"
    same = Correction(minutes=180, starts_minute=540, ends_minute=720, reason="核对")
    assert found(same) == ["service.same"]
    later = Activity(title="夜巡", held_on=TODAY, starts_minute=720, ends_minute=780)
    people = [Participant(volunteer_id=who, minutes=60)]
    office.transact("登记", lambda w: recording.record_activity(w, later, people))
    assert found(Correction(minutes=210, starts_minute=540, ends_minute=750, reason="核对")) == [
        "service.overlap"
    ]
    with pytest.raises(Refusal, match="写明原因"):
        office.transact(
            "更正",
            lambda w: correct_service(
                w, old, Correction(minutes=60, starts_minute=None, ends_minute=None, reason=" ")
            ),
        )


def test_cancelling_says_what_it_takes_back_and_whom_it_leaves_in_debt(
    office: Office, enrol: Callable[..., str]
) -> None:
    one, other = enrol("曾国兰"), enrol("单玥")
    done = held(office, one, other)
    assert cancelling.cancel_findings(office.reader(), "无") == []
    office.transact("扣减", lambda w: points.deduct_points(w, one, 500, "兑换"))
    (asked,) = cancelling.cancel_findings(office.reader(), done.activity_id)
    assert asked.level is Level.QUESTION
    each = lookups.volunteer(office.reader(), other)["points"]
    assert asked.message.startswith("将冲正 2 人 6 小时，收回 ")
    assert asked.message.endswith("，其中 1 人的积分已经用掉，会欠 5 分")
    office.transact("取消", lambda w: cancelling.cancel_activity(w, done.activity_id, "下雨"))
    assert lookups.volunteer(office.reader(), one)["points"] == -500
    assert lookups.volunteer(office.reader(), other)["points"] == 0 < each


def test_nobody_is_absent_from_a_cancelled_activity(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    values = {"title": "清洁楼道", "held_on": "2026-11-28", "status": "计划"}
    activity = office.transact("计划", lambda w: activities.save_activity(w, values, None)).result
    office.transact("报名", lambda w: signups.sign_up(w, activity, who))
    office.transact("取消", lambda w: cancelling.cancel_activity(w, activity, "下雨"))
    row = office.reader().one("SELECT status, status_reason FROM activity_signup")
    assert row == {"status": "取消", "status_reason": "活动取消：下雨"}


def test_what_has_not_come_is_planned_and_what_is_over_waits(office: Office, units: dict[str, str]) -> None:
    def put(title: str, day: str, **more: str) -> str:
        values = {"title": title, "held_on": day, **more}
        return office.transact("登记", lambda w: activities.save_activity(w, values, None)).result

    put("义剪", "2199-01-01", status="已举办")
    put("巡查", "2026-11-02")
    put("助老", "2026-11-01", status="计划")
    put("宣讲", "2026-11-03", status="取消")
    rows = office.reader().all("SELECT title, status, stage FROM activity_view ORDER BY held_on")
    assert [(row["title"], row["status"], row["stage"]) for row in rows] == [
        ("助老", "计划", "待回录"),
        ("巡查", "已举办", "待回录"),
        ("宣讲", "取消", "取消"),
        ("义剪", "计划", "待举办"),
    ]
    waiting = signup_queries.waiting_sheets(office.reader(), TODAY)
    assert [row["title"] for row in waiting] == ["助老", "巡查"]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("每天", ["2027-01-01", "2027-01-02"]),
        ("每周", ["2027-01-07", "2027-01-14"]),
        ("每两周", ["2027-01-14", "2027-01-28"]),
        ("每月", ["2027-01-31", "2027-02-28"]),
    ],
)
def test_a_series_has_its_days(every: str, days: list[str]) -> None:
    found = activities.days_of_series(dt.date(2026, 12, 31), every, 2)
    assert [day.isoformat() for day in found] == days


def test_a_series_is_planned_with_its_list_and_only_once(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol("曾国兰"), enrol("单玥")]
    values = {
        "title": "夜巡",
        "held_on": "2026-11-27",
        "starts_minute": 1380,
        "ends_minute": 60,
        "wanted": 5,
        "place": "东门",
    }
    first = office.transact("登记", lambda w: activities.save_activity(w, values, None)).result
    for who in people:
        office.transact("报名", partial(signups.sign_up, activity_id=first, volunteer_id=who))
    plan = partial(activities.plan_series, activity_id=first, every="每周", count=3, with_list=True)
    made = office.transact("再排", plan).result
    rows = office.reader().all("SELECT * FROM activity_view WHERE id <> ? ORDER BY held_on", (first,))
    assert [row["held_on"] for row in rows] == ["2026-12-04", "2026-12-11", "2026-12-18"]
    assert {(row["status"], row["ends_minute"], row["wanted"], row["signed_up"]) for row in rows} == {
        ("计划", 1500, 5, 2)
    }
    assert [row["place"] for row in signup_queries.signups_of(office.reader(), made[2])] == [1, 2]
    with pytest.raises(Refusal, match="都已经有同名活动"):
        office.transact("再排", plan)
    with pytest.raises(Refusal, match="1 到 60 场"):
        office.transact("再排", partial(plan, count=61))


def test_the_board_says_how_far_recruiting_has_come_and_why_it_was_cancelled(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    values = {"title": "清洁楼道", "held_on": "2199-11-28", "wanted": 2}
    activity = office.transact("计划", lambda w: activities.save_activity(w, values, None)).result

    def note() -> str:
        row = office.reader().one("SELECT * FROM activity_view")
        assert row is not None
        return activity_facts(office.reader(), row).note

    office.transact("报名", lambda w: signups.sign_up(w, activity, who))
    assert note() == "招募 2 人，已报名 1 人，还差 1 人"
    office.transact("取消", lambda w: cancelling.cancel_activity(w, activity, "下雨"))
    assert note() == "取消原因：下雨"
