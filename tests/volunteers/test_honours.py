"""Stars: 299.5 hours are not 300, the notice ends by working days, a falsehood bars, an objection holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import honours as queries
from hongyao_desktop.volunteers.queries.life import honours_of
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.service import conduct, honours, openings

TODAY = dt.date(2026, 11, 20)


def test_a_review_from_the_list_to_the_grant(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    people = {name: enrol(name) for name in ("曾国兰", "单玥", "尉迟建国", "郭艳")}
    for name, minutes in (("曾国兰", 18_000), ("单玥", 17_970), ("尉迟建国", 6_000), ("郭艳", 6_600)):
        office.transact(
            "期初",
            partial(
                openings.opening_hours, volunteer_id=people[name], minutes=minutes, source="旧册", as_of=TODAY
            ),
        )
    office.transact("失信", lambda w: conduct.record_incident(w, people["郭艳"], "虚报时长", TODAY, "代签"))
    scope = unit_scope(units["样例街道"], "样例街道")
    rule = stars_rules(office.reader()).on(TODAY)
    found = queries.candidates(office.reader(), scope, TODAY, rule)
    assert [(one.row["name"], one.rank.name, bool(one.barred)) for one in found] == [
        ("曾国兰", "二星", False),
        ("单玥", "一星", False),
        ("郭艳", "一星", True),
        ("尉迟建国", "一星", False),
    ]
    assert found[1].rank.sentence == "还差 0.5 小时到二星（300 小时）"
    review = office.transact("评定", lambda w: honours.begin_review(w, TODAY, units["样例街道"])).result
    row = queries.review(office.reader(), review)
    assert (row["people"], row["public_from"], row["public_until"]) == (3, "2026-11-20", "2026-11-26")
    with pytest.raises(Refusal, match="没有达到新星级"):
        office.transact("评定", lambda w: honours.begin_review(w, TODAY, units["样例街道"]))
    with pytest.raises(Refusal, match="11月26日为止"):
        office.transact("授予", lambda w: honours.grant_review(w, review))
    wrong = next(one for one in queries.grants_of(office.reader(), review) if one["name"] == "尉迟建国")
    office.transact("异议", lambda w: honours.refuse_star(w, wrong["id"], "时长有误"))
    assert isinstance(office.clock, FixedClock)
    office.clock.set(dt.datetime(2026, 11, 27, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    assert office.transact("授予", lambda w: honours.grant_review(w, review)).result == 2
    assert [r["words"] for r in honours_of(office.reader(), people["曾国兰"])] == ["二星（星2026-01）"]
    again = queries.candidates(office.reader(), scope, dt.date(2026, 11, 27), rule)
    assert [one.row["name"] for one in again if not one.barred] == ["尉迟建国"]
    granted = next(one for one in queries.grants_of(office.reader(), review) if one["name"] == "单玥")
    office.transact("取消", lambda w: honours.refuse_star(w, granted["id"], "查实虚报"))
    assert queries.grant(office.reader(), granted["id"])["status"] == "取消"


def test_a_review_withdrawn_lets_everybody_be_proposed_again(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    office.transact("期初", lambda w: openings.opening_hours(w, who, 6_000, "旧册", TODAY))
    review = office.transact("评定", lambda w: honours.begin_review(w, TODAY, units["水湾社区"])).result
    office.transact("撤回", lambda w: honours.withdraw_review(w, review, "名单不全"))
    again = office.transact("评定", lambda w: honours.begin_review(w, TODAY, units["水湾社区"])).result
    assert queries.review(office.reader(), again)["number"] == "星2026-02"


def test_a_falsehood_found_while_the_notice_runs_bars_at_the_grant(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    people = [enrol(name) for name in ("曾国兰", "单玥", "郭艳")]
    for who in people:
        hours = partial(openings.opening_hours, volunteer_id=who, minutes=6_000, source="旧册", as_of=TODAY)
        office.transact("期初", hours)
    planned = honours.plan_review(office.reader(), TODAY, units["样例街道"], TODAY)
    assert (len(planned.found), planned.until) == (3, dt.date(2026, 11, 26))
    review = office.transact("评定", lambda w: honours.begin_review(w, TODAY, units["样例街道"])).result
    stranger = enrol("尉迟玉")
    with pytest.raises(Refusal, match="不在星2026-01的名单里"):
        office.transact("异议", lambda w: honours.object_star(w, review, stranger, "代签"))
    office.transact("异议", lambda w: honours.object_star(w, review, people[0], "代签"))
    assert isinstance(office.clock, FixedClock)
    office.clock.set(dt.datetime(2026, 11, 25, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    day = dt.date(2026, 11, 25)
    office.transact("失信", lambda w: conduct.record_incident(w, people[1], "虚报时长", day, "代签"))
    office.clock.set(dt.datetime(2026, 11, 27, 9))  # noqa: DTZ001
    assert office.transact("授予", lambda w: honours.grant_review(w, review)).result == 1
    rows = {row["name"]: row for row in queries.grants_of(office.reader(), review)}
    assert {name: row["status"] for name, row in rows.items()} == {
        "曾国兰": "不授予",
        "单玥": "不授予",
        "郭艳": "已授予",
    }
    assert "暂停评星：2026年11月25日虚报时长" in rows["单玥"]["status_reason"]
    scope = unit_scope(units["样例街道"], "样例街道")
    rule = stars_rules(office.reader()).on(TODAY)
    again = queries.candidates(office.reader(), scope, TODAY, rule, dt.date(2026, 11, 27))
    assert {one.row["name"]: bool(one.barred) for one in again} == {"单玥": True, "曾国兰": False}
