"""Terms of conduct of places (DOMAIN 1.4): 龙泉驿 strikes off, 海林 counts the activity of a complaint as nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.care.rule_lines import strike_words
from hongyao_desktop.volunteers.queries import conduct as queries
from hongyao_desktop.volunteers.queries import lookups, signals
from hongyao_desktop.volunteers.queries.evidence import evidence_rows
from hongyao_desktop.volunteers.queries.rule_changes import strike_off_changes
from hongyao_desktop.volunteers.queries.shelf import conduct_rules
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal
from hongyao_desktop.volunteers.rules.conduct import ConductRule, conduct_rule, deregister_reason
from hongyao_desktop.volunteers.rules.forms.conduct import CONDUCT
from hongyao_desktop.volunteers.service import conduct, enrolment, points
from hongyao_desktop.volunteers.service.recording import Participant, record_activity
from tests.volunteers.conftest import RULES


def shipped(name: str) -> dict[str, Any]:
    text = (RULES / f"volunteer-conduct-{name}.json").read_text(encoding="utf-8")
    one: dict[str, Any] = json.loads(text)
    return one


def as_set(body: dict[str, Any]) -> RuleSet:
    day = dt.date(2018, 1, 1)
    return RuleSet(
        id="r", kind=CONDUCT.kind, name="样例", version=1, effective_on=day, source="样例", body=body
    )


def rule_of(name: str) -> ConductRule:
    return conduct_rule(as_set(shipped(name)["body"]))


def take_on(office: Office, name: str) -> None:
    """The example of a place becomes the office's own rule."""
    one = shipped(name)
    row = {**one, "kind": CONDUCT.kind, "effective_on": "2020-01-01"}
    body = json.dumps(one["body"], ensure_ascii=False)
    office.transact("规则", lambda w: w.insert("rule_set", {**row, "body": body}))


def incident(office: Office, who: str, kind: str, activity_id: str | None = None, day: int = 18) -> str:
    on = office.clock.today().replace(day=day)
    return office.transact(
        "登记失信", lambda w: conduct.record_incident(w, who, kind, on, "电话投诉", activity_id)
    ).result


def row_of(office: Office, who: str) -> Row:
    return lookups.volunteer(office.reader(), who)


def struck(office: Office) -> list[Signal]:
    today = office.clock.today()
    found = signals.signals(office.reader(), Period(today.replace(day=1), today))
    return [one for one in found if one.kind is Kind.STRIKE_OFF]


@pytest.mark.parametrize(
    ("times", "left", "words"),
    [
        ({"缺席": 4}, 0, None),
        ({"缺席": 5}, 0, "2026年缺席 5 次"),
        ({"恶意行为": 3}, 100, "2026年恶意行为 3 次"),
        ({"缺席": 1}, -1, "2026年积分 -0.01 分"),
        ({"缺席": 1}, 0, None),
        ({}, None, None),
    ],
)
def test_longquanyi_strikes_off_by_times_and_by_a_year_below_nothing(
    times: dict[str, int], left: int | None, words: str | None
) -> None:
    reason = deregister_reason(rule_of("longquanyi"), times, left, year=2026)
    assert (reason is None) == (words is None)
    assert (words or "") in (reason or "")


def test_a_year_below_nothing_is_proposed_and_a_person_decides(
    office: Office, enrol: Callable[..., str]
) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    take_on(office, "longquanyi")
    for one in (who, other):
        office.transact("奖励", partial(points.award_points, volunteer_id=one, points=1500, reason="优秀"))
    incident(office, who, "缺席")
    incident(office, other, "缺席", day=17)
    assert row_of(office, who)["points"] == 0, "twenty points are due, there were fifteen"
    office.transact("奖励", lambda w: points.award_points(w, other, 500, "优秀"))
    (found,) = struck(office)
    assert found.volunteer_id == who
    assert "曾国兰（水湾-0001）2026年积分 -5 分" in found.sentence
    (record,) = evidence_rows(office.reader(), found.kind, found.record_ids)
    assert record["title"] == "缺席：电话投诉"
    assert row_of(office, who)["status"] == "在册", "it is proposed, not done"
    office.transact("退出", lambda w: enrolment.retire_volunteer(w, who, "按办法注销"))
    assert struck(office) == []


def test_spending_does_not_strike_off_and_an_incident_taken_back_neither(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    take_on(office, "longquanyi")
    office.transact("奖励", lambda w: points.award_points(w, who, 1500, "优秀"))
    mistake = incident(office, who, "恶意行为")
    assert len(struck(office)) == 1
    office.transact("撤销", lambda w: conduct.withdraw_incident(w, mistake, "认错了人"))
    assert struck(office) == []
    assert row_of(office, who)["points"] == 1500
    incident(office, who, "缺席")
    assert queries.points_of_year(office.reader(), who, 2026) == 1500, "what incidents took is counted once"


def test_a_year_below_nothing_by_deductions_made_by_hand_counts_too(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    take_on(office, "longquanyi")
    old = dt.date(2025, 6, 1)
    office.transact("奖励", lambda w: points.award_points(w, who, 1500, "优秀", earned_on=old))
    office.transact("扣减", lambda w: points.deduct_points(w, who, 700, "损坏公物"))
    (found,) = struck(office)
    assert "2026年积分 -7 分" in found.sentence
    (row,) = evidence_rows(office.reader(), Kind.STRIKE_OFF, found.record_ids)
    assert (row["place"], row["title"]) == ("volunteers.points", "扣减 7 分：损坏公物")


def test_what_would_change_names_whom_another_rule_strikes_off(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    today = office.clock.today()
    draft = rule_of("longquanyi")
    assert strike_words(strike_off_changes(office.reader(), draft, today), 2026) == [
        "2026年没有失信记录和扣减，看不出变化"
    ]
    incident(office, who, "缺席")
    said = strike_words(strike_off_changes(office.reader(), draft, today), 2026)
    assert said[:2] == [
        "假如2026年按这一版：有失信记录或扣减的 1 人里，1 人不同",
        "曾国兰（水湾-0001） 不建议注销 → 建议注销",
    ]


@pytest.fixture
def activity(office: Office, enrol: Callable[..., str]) -> tuple[str, str]:
    """An activity of two hours with one volunteer, by the rules of 海林; ids of both."""
    who = enrol("曾国兰")
    take_on(office, "hailin")

    def put(writer: Writer) -> str:
        head = Activity(title="入户走访", held_on=writer.clock.today().replace(day=18), category="助老")
        return record_activity(writer, head, [Participant(volunteer_id=who, minutes=120)]).activity_id

    return who, office.transact("登记", put).result


def test_in_hailin_a_complaint_makes_the_activity_nothing_and_taking_it_back_restores_it(
    office: Office, activity: tuple[str, str]
) -> None:
    who, activity_id = activity
    before = row_of(office, who)
    assert (before["total_minutes"], before["points"]) == (120, 2000)
    complaint = incident(office, who, "投诉", activity_id)
    after = row_of(office, who)
    assert (after["total_minutes"], after["points"], after["services"]) == (0, 0, 0)
    said = office.reader().value("SELECT explanation FROM point_entry WHERE kind = '冲正'")
    assert "这次活动按 0 小时计" in said
    office.transact("撤销", lambda w: conduct.withdraw_incident(w, complaint, "查无此事"))
    back = row_of(office, who)
    assert (back["total_minutes"], back["points"], back["services"]) == (120, 2000, 1)
    assert lookups.total_faults(office.reader()) == []


def test_hours_of_an_activity_that_counts_for_nothing_are_not_taken_later(
    office: Office, activity: tuple[str, str], enrol: Callable[..., str]
) -> None:
    late = enrol("单玥")
    complaint = incident(office, late, "投诉", activity[1])
    head = lookups.activity(office.reader(), activity[1])
    there = [Participant(volunteer_id=late, minutes=60)]
    with pytest.raises(Refusal, match="在这次活动里有投诉，按 0 小时计"):
        office.transact("登记", partial(record_activity, head=head, participants=there))
    office.transact("撤销", lambda w: conduct.withdraw_incident(w, complaint, "查无此事"))
    office.transact("登记", partial(record_activity, head=head, participants=there))
    assert row_of(office, late)["total_minutes"] == 60


def test_in_hailin_a_complaint_names_its_activity(office: Office, activity: tuple[str, str]) -> None:
    with pytest.raises(Refusal, match="请选是哪一次活动"):
        incident(office, activity[0], "投诉")
    assert row_of(office, activity[0])["total_minutes"] == 120


def test_a_form_refuses_an_incident_that_is_not_in_the_table() -> None:
    body = CONDUCT.to_body({"deductions": "缺席 0", "voids": "投诉"})
    with pytest.raises(Refusal, match="“投诉”没有列在每次扣分里"):
        CONDUCT.read(as_set(body))
    with pytest.raises(Refusal, match="要写次数"):
        CONDUCT.to_body({"deductions": "缺席 0", "deregister": "缺席 很多"})
    typed = CONDUCT.to_body({"deductions": "缺席 0", "deregister": "缺席 5次", "deregister_below": 0})
    assert (typed["deregister"], typed["deregister_below"]) == ({"缺席": 5}, "0")


def test_the_bench_says_that_the_activity_counts_for_nothing() -> None:
    said = CONDUCT.try_out(rule_of("hailin"), {"kind": "投诉", "times": 1})
    assert "那次活动的时长和积分冲正，按 0 小时计" in said
    said = CONDUCT.try_out(rule_of("longquanyi"), {"kind": "恶意行为", "times": 1, "earned": 9900})
    assert any("建议注销：2026年积分 -1 分" in line for line in said)


def test_the_rule_in_force_is_the_one_of_the_day(office: Office, activity: tuple[str, str]) -> None:
    assert conduct_rules(office.reader()).on(office.clock.today()).voids == {"投诉", "不服从安排"}
