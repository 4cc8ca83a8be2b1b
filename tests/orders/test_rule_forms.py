"""The rule sets of orders as a clerk edits them: what is typed becomes the body, what is unclear is said."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hongyao_desktop.core.desk import Role, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Event, Move
from hongyao_desktop.orders.rules.forms import DUTIES, FORMS, LIMITS, LISTS
from hongyao_desktop.volunteers.queries import rule_sets as queries
from hongyao_desktop.volunteers.rules.forms import RuleForm
from hongyao_desktop.volunteers.rules.forms.form import WORKDAYS
from hongyao_desktop.volunteers.service import rule_sets
from tests.orders.desk import TODAY, Desk

HEAD = {"name": "水湾街道五单时限", "effective_on": "2026-11-20", "source": "党工委会议纪要8号"}


def running(desk: Desk, form: RuleForm) -> Row:
    row = desk.office.reader().one("SELECT * FROM rule_set WHERE kind = ?", (form.kind,))
    assert row is not None
    return row


def typed(desk: Desk, form: RuleForm, **changes: Any) -> Row:
    return {**form.to_values(json.loads(running(desk, form)["body"])), **HEAD, **changes}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_what_is_shown_and_saved_again_is_the_same_rule(desk: Desk, form: RuleForm) -> None:
    row = running(desk, form)
    body = form.to_body(typed(desk, form))
    again = from_row({**row, "body": json.dumps(body, ensure_ascii=False)})
    assert form.read(again) == form.read(from_row(row))
    assert form.try_out(form.read(again), form.defaults)
    (shown,) = (
        one for one in queries.versions(desk.office.reader(), TODAY, FORMS) if one["kind"] == form.kind
    )
    assert (shown["label"], shown["state"]) == (form.label, "现行")


def test_a_new_version_moves_the_limits_of_what_is_taken_from_its_day_on(desk: Desk) -> None:
    before = desk.take()
    values = typed(desk, LIMITS, days_0=3, by_channel="走访 议单 0、办结 2")
    desk.office.transact("改规则", lambda w: rule_sets.add_version(w, LIMITS, values))
    after, visit = (
        desk.take(topic="陪诊", asked_on="2026-11-20"),
        desk.take(topic="理发", channel="走访", asked_on="2026-11-20"),
    )
    assert desk.order(before)["due_on"] == "2026-11-17"
    assert desk.order(after)["due_on"] == "2026-11-25"
    assert desk.order(visit)["due_on"] == "2026-11-20"


def test_the_bench_says_when_each_step_is_due(desk: Desk) -> None:
    rule = lookups.rules(desk.office.reader()).limits.on(TODAY)
    (said,) = LIMITS.try_out(rule, {"channel": "吹哨报到", "day": "2026-11-20"})
    assert said == (
        "每一步都拖到最后一天：议单最迟2026年11月23日，派单最迟2026年11月24日，接单最迟2026年11月24日，"
        "办结最迟2026年11月26日，评单最迟2026年12月1日"
    )
    moved = {dt.date(2026, 11, 23): False, dt.date(2026, 11, 22): True}
    asked = {"channel": "吹哨报到", "day": "2026-11-20", WORKDAYS: moved}
    (said,) = LIMITS.try_out(rule, asked)
    assert said.startswith("每一步都拖到最后一天：议单最迟2026年11月22日，派单最迟2026年11月24日"), (
        "days the office moved count as they do for orders"
    )


def test_duties_of_before_are_written_out_and_may_be_given_to_others(desk: Desk) -> None:
    values = typed(desk, DUTIES)
    assert "延期 审核、审批" in values["roles"].splitlines()
    values["roles"] = values["roles"].replace("延期 审核、审批", "延期 录入")
    desk.office.transact("改规则", lambda w: rule_sets.add_version(w, DUTIES, values))
    roles = lookups.rules(desk.office.reader()).duties.on(TODAY).roles
    assert (roles[Event.EXTEND], roles[Move.DECLINE]) == ((Role.ENTRY,), (Role.REVIEW, Role.APPROVE))


@pytest.mark.parametrize(
    ("form", "changes", "words"),
    [
        (LIMITS, {"days_3": None}, "“办结”的工作日还没有填"),
        (LIMITS, {"by_channel": "走访 上门 2"}, "“走访”要写步骤和工作日，如：走访 接单 0、办结 2"),
        (LISTS, {"channels": "走访、其他"}, "要留着“随手拍”"),
        (LISTS, {"kinds": ""}, "“类别和字眼”至少要有一行"),
        (DUTIES, {"roles": "派单 录入"}, "“谁可以办”里缺“点单、议单"),
        (DUTIES, {"roles": "派单 书记"}, "“派单”里的“书记”不是可以办理的权限"),
        (DUTIES, {"roles": "飞单 录入"}, "没有“飞单”这一步"),
        (DUTIES, {"scores": "满意 5-4"}, "“满意”的分数要在 1 到 5 之间，小的写在前面"),
        (DUTIES, {"scores": "满意 好"}, "要写成“满意 4-5”的样子"),
    ],
)
def test_what_is_unclear_is_said_before_it_is_kept(
    desk: Desk, form: RuleForm, changes: dict[str, Any], words: str
) -> None:
    values = typed(desk, form, **changes)
    (problem,) = rule_sets.check_version(desk.office.reader(), form, values, dt.date(2026, 11, 20))
    assert words in problem.message
    with pytest.raises(Refusal):
        desk.office.transact("改规则", lambda w: rule_sets.add_version(w, form, values))
