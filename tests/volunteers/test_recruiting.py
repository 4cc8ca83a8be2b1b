"""Points for bringing in a volunteer (介绍加入, DOMAIN 1.4: 海林): posted by themselves, taken back with a double."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet, in_force
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.rule_sets import what_would_change
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.rules.forms.points import POINTS
from hongyao_desktop.volunteers.rules.points import Event, event_award, points_rule, service_award
from hongyao_desktop.volunteers.service import enrolment, merging, points
from hongyao_desktop.volunteers.service.events import recruiting_award
from tests.volunteers.conftest import RULES

HAILIN = json.loads((RULES / "volunteer-points-hailin.json").read_text(encoding="utf-8"))


def as_set(body: dict[str, Any]) -> RuleSet:
    day = dt.date(2018, 1, 1)
    return RuleSet(
        id="r", kind=POINTS.kind, name="样例", version=1, effective_on=day, source="样例", body=body
    )


@pytest.fixture
def hailin(office: Office) -> None:
    row = {**HAILIN, "kind": POINTS.kind, "effective_on": "2026-01-01"}
    body = json.dumps(HAILIN["body"], ensure_ascii=False)
    office.transact("规则", lambda w: w.insert("rule_set", {**row, "body": body}))


def balance(office: Office, who: str) -> int:
    return int(lookups.volunteer(office.reader(), who)["points"])


def test_the_rule_of_hailin_in_its_three_numbers() -> None:
    """One hour one point, at most two hours an activity, two points for each one brought in."""
    rule = points_rule(as_set(HAILIN["body"]))
    assert service_award(rule, minutes=60, evidence=Evidence.SIGNED).points == 100
    long = service_award(rule, minutes=300, evidence=Evidence.SIGNED)
    assert (long.points, long.cut_minutes) == (200, 180)
    award = event_award(rule, Event.RECRUITED, "曾国兰（水湾-0002）")
    assert award is not None
    assert award.points == 200
    assert award.explanation == f"介绍加入：曾国兰（水湾-0002），按{rule.title}每人 2 分，得 2 分"
    assert event_award(points_rule(as_set({**HAILIN["body"], "events": {}})), Event.RECRUITED, "") is None


@pytest.mark.usefixtures("hailin")
def test_who_brought_somebody_in_gets_the_points_with_rule_and_reason(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    recruit = enrol("单玥", recruiter_id=who, joined_on="2026-11-18")
    assert balance(office, who) == 200
    entry = recruiting_award(office.reader(), recruit)
    assert entry is not None
    rule = in_force(office.reader(), POINTS.kind, dt.date(2026, 11, 18))
    assert (entry["rule_id"], entry["kind"], entry["earned_on"]) == (rule.id, "奖励", "2026-11-18")
    assert "介绍加入：单玥（水湾-0002）" in entry["explanation"]
    office.transact("改", lambda w: enrolment.save_volunteer(w, {"team": "红领队"}, recruit))
    assert balance(office, who) == 200, "changing something else gives no second award"


@pytest.mark.usefixtures("hailin")
def test_nothing_is_given_before_review_nor_by_a_rule_of_another_day(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    waiting = enrol("单玥", recruiter_id=who, status="待审核")
    enrol("王芳", recruiter_id=who, joined_on="2025-06-01")
    assert balance(office, who) == 0
    office.transact("审核", lambda w: enrolment.approve_volunteer(w, waiting))
    assert balance(office, who) == 200


@pytest.mark.usefixtures("hailin")
def test_another_recruiter_and_none_at_all(office: Office, enrol: Callable[..., str]) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    recruit = enrol("王芳", recruiter_id=who)
    office.transact("改", lambda w: enrolment.save_volunteer(w, {"recruiter_id": other}, recruit))
    assert (balance(office, who), balance(office, other)) == (0, 200)
    office.transact("改", lambda w: enrolment.save_volunteer(w, {"recruiter_id": None}, recruit))
    assert (balance(office, who), balance(office, other)) == (0, 0)
    assert recruiting_award(office.reader(), recruit) is None


@pytest.mark.usefixtures("hailin")
def test_a_double_takes_the_points_back_and_undoing_gives_them_again(
    office: Office, enrol: Callable[..., str]
) -> None:
    who, real = enrol("曾国兰"), enrol("王芳")
    double = enrol("王芳", unit="东门社区", recruiter_id=who)
    assert balance(office, who) == 200
    made = office.transact("合并", lambda w: merging.merge(w, real, double, "身份证相同")).result
    assert balance(office, who) == 0
    said = office.reader().value("SELECT explanation FROM point_entry WHERE kind = '冲正'")
    assert "身份证相同" in said
    office.transact("撤销", lambda w: merging.undo_merge(w, made, "是两个人"))
    assert balance(office, who) == 200


@pytest.mark.usefixtures("hailin")
def test_recruits_go_with_a_recruiter_who_was_a_double(office: Office, enrol: Callable[..., str]) -> None:
    real, double = enrol("曾国兰"), enrol("曾国兰", unit="东门社区")
    recruit = enrol("王芳", recruiter_id=double)
    made = office.transact("合并", lambda w: merging.merge(w, real, double, "身份证相同")).result
    assert (balance(office, real), balance(office, double)) == (200, 0)
    assert lookups.volunteer(office.reader(), recruit)["recruiter_id"] == real
    office.transact("撤销", lambda w: merging.undo_merge(w, made, "是两个人"))
    assert (balance(office, real), balance(office, double)) == (0, 200)
    assert lookups.volunteer(office.reader(), recruit)["recruiter_id"] == double


@pytest.mark.usefixtures("hailin")
def test_nobody_brings_himself_in_and_the_ledger_says_where_to_mend_it(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    recruit = enrol("单玥", recruiter_id=who)
    with pytest.raises(Refusal, match="介绍人不能是本人"):
        office.transact("改", lambda w: enrolment.save_volunteer(w, {"recruiter_id": who}, who))
    with pytest.raises(Refusal, match="互为介绍人"):
        office.transact("改", lambda w: enrolment.save_volunteer(w, {"recruiter_id": recruit}, who))
    entry = recruiting_award(office.reader(), recruit)
    assert entry is not None
    with pytest.raises(Refusal, match="“介绍人”里更正"):
        office.transact("冲正", lambda w: points.reverse_points(w, entry["id"], "记错"))


@pytest.mark.usefixtures("hailin")
def test_the_form_and_what_would_change(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    enrol("单玥", recruiter_id=who, joined_on="2026-11-18")
    values = POINTS.to_values(HAILIN["body"])
    assert values["events"] == "介绍加入 2"
    with pytest.raises(Refusal, match="“另计分的事”里的“拉人”"):
        POINTS.to_body({**values, "events": "拉人 2"})
    draft = points_rule(as_set(POINTS.to_body({**values, "events": "介绍加入 5"})))
    assert POINTS.try_out(draft, {"event": "介绍加入"}) == [
        f"介绍加入：某某，按{draft.title}每人 5 分，得 5 分"
    ]
    found = what_would_change(office.reader(), draft, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert (found.events, found.before, found.after, found.people) == (1, 200, 500, 1)


@pytest.mark.usefixtures("hailin")
def test_enrolling_with_points_is_not_undone_and_is_not_offered(
    office: Office, enrol: Callable[..., str]
) -> None:
    """A posting is reversed, never undone: the recruiter is taken out on the form instead."""
    who = enrol("曾国兰")
    enrol("单玥", recruiter_id=who)
    assert office.undoable() is None
    assert balance(office, who) == 200
