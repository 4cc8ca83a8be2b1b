"""Stars by lifetime hours, and repeats among spot reports."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.rules.spots import Sighting, SpotsRule, first_report, kind_of, spots_rule
from hongyao_desktop.volunteers.rules.stars import StarsRule, counted_minutes, rank_of, stars_rule

RULES = Path(__file__).parents[2] / "resources" / "rules"


def shipped(name: str) -> RuleSet:
    rule = json.loads((RULES / f"{name}.json").read_text(encoding="utf-8"))
    return RuleSet(**{**rule, "id": "r", "effective_on": dt.date.fromisoformat(rule["effective_on"])})


@pytest.fixture(scope="module")
def five_stars() -> StarsRule:
    return stars_rule(shipped("volunteer-stars"))


@pytest.fixture(scope="module")
def spots() -> SpotsRule:
    return spots_rule(shipped("volunteer-spots"))


def test_half_an_hour_short_is_short(five_stars: StarsRule) -> None:
    rank = rank_of(five_stars, 299 * 60 + 30)
    assert (rank.reached, rank.name, rank.lack_minutes) == (1, "一星", 30)
    assert rank.sentence == "还差 0.5 小时到二星（300 小时）"


@pytest.mark.parametrize(
    ("hours", "name"),
    [(0, ""), (99, ""), (100, "一星"), (300, "二星"), (999, "三星"), (1500, "五星"), (9000, "五星")],
)
def test_thresholds_are_reached_on_the_hour(five_stars: StarsRule, hours: int, name: str) -> None:
    assert rank_of(five_stars, hours * 60).name == name


def test_a_place_that_asks_for_points_too_counts_both() -> None:
    both = stars_rule(shipped("volunteer-stars-longquanyi"))
    assert rank_of(both, 100 * 60, 99_999).name == "一星"
    assert rank_of(both, 100 * 60, 100_000).name == "二星"
    assert rank_of(both, 100 * 60, 99_999).sentence == "还差 0.01 分到二星（100 小时）"


def test_only_the_evidence_the_rule_names_counts(five_stars: StarsRule) -> None:
    minutes = {Evidence.SIGNED: 60, Evidence.MADE_UP: 30, Evidence.IMPORTED: 15}
    assert counted_minutes(five_stars, minutes) == 105
    assert counted_minutes(replace(five_stars, evidence=frozenset({Evidence.SIGNED})), minutes) == 60


@pytest.mark.parametrize("second", [{"hours": "100"}, {"hours": "200", "points": "50"}])
def test_thresholds_must_rise(second: dict[str, str]) -> None:
    rule = shipped("volunteer-stars")
    stars = [{"name": "一星", "hours": "100", "points": "60"}, {"name": "二星", **second}]
    with pytest.raises(Refusal, match="从低到高"):
        stars_rule(replace(rule, body={**rule.body, "stars": stars}))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("路灯不亮，已拍照", "照明损坏"),
        ("井盖破损，已拍照", "井盖道路"),
        ("消防通道被占，已拍照", "消防通道"),
        ("电动车飞线，已拍照", "飞线充电"),
        ("墙皮脱落", "其他"),
        ("飞线充电堵塞通道", "飞线充电"),
    ],
)
def test_the_kind_follows_from_the_words(spots: SpotsRule, content: str, kind: str) -> None:
    assert kind_of(spots, content) == kind


FIRST = Sighting("a", dt.date(2026, 9, 1), 600, "u1", "四号网格", "照明损坏")


@pytest.mark.parametrize(
    ("changes", "merged"),
    [
        ({}, True),
        ({"reported_on": dt.date(2026, 9, 4), "reported_minute": 600}, True),
        ({"reported_on": dt.date(2026, 9, 4), "reported_minute": 601}, False),
        ({"reported_on": dt.date(2026, 8, 31)}, False),
        ({"kind": "井盖道路"}, False),
        ({"place": "三号网格"}, False),
        ({"unit_id": "u2"}, False),
    ],
)
def test_a_repeat_is_merged_within_its_hours(
    spots: SpotsRule, changes: dict[str, object], merged: bool
) -> None:
    new = replace(FIRST, id="b", **{"reported_minute": 660, **changes})  # type: ignore[arg-type]
    assert first_report(spots, new, [FIRST]) == (FIRST if merged else None)


def test_the_first_of_several_is_the_first_reporter(spots: SpotsRule) -> None:
    later = replace(FIRST, id="0", reported_minute=630)
    new = replace(FIRST, id="c", reported_minute=700)
    assert first_report(spots, new, [later, FIRST]) == FIRST


def test_a_fault_that_comes_back_after_closing_is_a_new_report(spots: SpotsRule) -> None:
    closed = replace(FIRST, closed_on=dt.date(2026, 9, 1))
    same_day = replace(FIRST, id="b", reported_minute=700)
    next_day = replace(FIRST, id="b", reported_on=dt.date(2026, 9, 2))
    assert first_report(spots, same_day, [closed]) == closed
    assert first_report(spots, next_day, [closed]) is None
