"""Points follow one dated rule and every award says how it came about."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.rules import points, shop
from hongyao_desktop.volunteers.rules.forms import FORMS, form_of
from hongyao_desktop.volunteers.rules.points import PointsRule, Span, points_rule, service_award, spot_award

RULES = Path(__file__).parents[2] / "resources" / "rules"
BODY: dict[str, Any] = {
    "per_hour": "10",
    "step_minutes": 30,
    "rounding": "舍去",
    "at_least_minutes": 0,
    "single_cap_minutes": 120,
    "evidence": ["签到", "补录", "导入"],
    "coefficients": {"应急值守": "1.5"},
    "caps": {},
    "spot": {"points": "5", "caps": {"每日": "12"}},
}


def rule_set(body: Mapping[str, Any], kind: str = points.KIND) -> RuleSet:
    return RuleSet(
        id="r1",
        kind=kind,
        name="志愿积分办法",
        version=1,
        effective_on=dt.date(2026, 1, 1),
        source="样例",
        body=body,
    )


def rule(**changes: Any) -> PointsRule:
    return points_rule(rule_set({**BODY, **changes}))


def test_five_hours_under_a_two_hour_cap_explain_what_was_cut() -> None:
    award = service_award(rule(), minutes=300, evidence=Evidence.SIGNED)
    assert (award.points, award.counted_minutes, award.cut_minutes) == (2000, 120, 180)
    assert award.cut_by == "单次最多计 2 小时"
    assert award.explanation == (
        "服务 5 小时，按《志愿积分办法》第1版（2026年1月1日起）每小时 10 分，单次最多计 2 小时，计 2 小时，得 20 分"
    )


@pytest.mark.parametrize(
    ("minutes", "changes", "expected"),
    [
        (90, {}, 1500),
        (89, {}, 1000),
        (29, {}, 0),
        (89, {"rounding": "进位"}, 1500),
        (75, {"rounding": "四舍五入"}, 1500),
        (74, {"rounding": "四舍五入"}, 1000),
        (20, {"at_least_minutes": 60, "step_minutes": 1}, 1000),
        (100, {"step_minutes": 1, "per_hour": "1"}, 167),
        (480, {"single_cap_minutes": None}, 8000),
        (60, {"per_hour": "0.5"}, 50),
    ],
)
def test_steps_rounding_and_minimum(minutes: int, changes: dict[str, Any], expected: int) -> None:
    assert service_award(rule(**changes), minutes=minutes, evidence=Evidence.SIGNED).points == expected


def test_a_category_carries_its_coefficient_and_says_so() -> None:
    award = service_award(rule(), minutes=60, evidence=Evidence.SIGNED, category="应急值守")
    assert award.points == 1500
    assert "“应急值守”系数 1.5" in award.explanation


def test_a_day_cap_gives_what_is_left_and_says_what_was_cut() -> None:
    award = service_award(
        rule(caps={"每日": "30"}), minutes=120, evidence=Evidence.SIGNED, already={Span.DAY: 2500}
    )
    assert (award.points, award.cut_points, award.cut_by) == (500, 1500, "每日最多 30 分")
    assert award.explanation.endswith("当日最多 30 分，已得 25 分，少计 15 分，得 5 分")


def test_hours_that_do_not_count_get_no_points_and_a_reason() -> None:
    award = service_award(rule(evidence=["签到"]), minutes=60, evidence=Evidence.IMPORTED)
    assert (award.points, award.counted_minutes, award.cut_minutes) == (0, 0, 60)
    assert "导入时长不计积分" in award.explanation


def test_spot_reports_have_points_and_a_cap_of_their_own() -> None:
    assert spot_award(rule()).points == 500
    capped = spot_award(rule(), {Span.DAY: 1000})
    assert (capped.points, capped.cut_points) == (200, 300)
    assert "少计 3 分" in capped.explanation


def test_a_rule_that_lacks_an_entry_is_named() -> None:
    body = {key: value for key, value in BODY.items() if key != "per_hour"}
    with pytest.raises(Refusal, match=r"《志愿积分办法》第1版.*缺少“per_hour”"):
        points_rule(rule_set(body))


@pytest.mark.parametrize(
    "changes", [{"per_hour": 10}, {"step_minutes": 0}, {"rounding": "随意"}, {"caps": {"每周": "1"}}]
)
def test_a_rule_written_wrongly_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="看不懂"):
        rule(**changes)


def test_every_shipped_rule_set_can_be_read() -> None:
    shipped = [json.loads(path.read_text(encoding="utf-8")) for path in RULES.glob("volunteer-*.json")]
    for one in shipped:
        form = form_of(one["kind"])
        assert form is not None, one["kind"]
        form.read(rule_set(one["body"], one["kind"]))
        assert form.to_body(form.to_values(one["body"])).keys() >= one["body"].keys()
    assert {one["kind"] for one in shipped} >= {form.kind for form in FORMS if form.kind != shop.KIND}
    assert all(one["source"] and one["effective_on"] <= "2018-01-01" for one in shipped)


@given(
    st.lists(st.tuples(st.integers(1, 600), st.sampled_from([None, "应急值守"])), max_size=6), st.randoms()
)
def test_the_order_of_one_day_does_not_change_its_points(
    services: list[tuple[int, str | None]], order: Any
) -> None:
    one_day = rule(caps={"每日": "45"})

    def total(sequence: list[tuple[int, str | None]]) -> int:
        got = 0
        for minutes, category in sequence:
            got += service_award(
                one_day,
                minutes=minutes,
                evidence=Evidence.SIGNED,
                category=category,
                already={Span.DAY: got},
            ).points
        return got

    shuffled = list(services)
    order.shuffle(shuffled)
    assert total(services) == total(shuffled) <= 4500


@given(st.integers(1, 5000), st.sampled_from(["舍去", "进位", "四舍五入"]), st.integers(1, 120))
def test_more_service_never_gives_fewer_points(minutes: int, rounding: str, step: int) -> None:
    one = rule(rounding=rounding, step_minutes=step, single_cap_minutes=None)
    shorter = service_award(one, minutes=minutes, evidence=Evidence.SIGNED)
    longer = service_award(one, minutes=minutes + 1, evidence=Evidence.SIGNED)
    assert 0 <= shorter.points <= longer.points
    assert shorter.counted_minutes is not None
    assert shorter.cut_minutes == max(minutes - shorter.counted_minutes, 0)
