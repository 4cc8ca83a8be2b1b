"""Rules as data: forms, versions that never alter an old one, the test bench and what would change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet, in_force
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.care.rule_lines import change_words
from hongyao_desktop.volunteers.queries import rule_sets as queries
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, form_of
from hongyao_desktop.volunteers.rules.forms.approval import APPROVAL
from hongyao_desktop.volunteers.rules.forms.points import POINTS
from hongyao_desktop.volunteers.rules.points import points_rule, service_award, spot_award
from hongyao_desktop.volunteers.service import recording, rule_sets
from hongyao_desktop.volunteers.service.approval import begin_lot
from hongyao_desktop.volunteers.service.points import award_points
from hongyao_desktop.volunteers.service.recording import Participant, record_activity
from hongyao_desktop.volunteers.service.spots import report_spot
from tests.volunteers.conftest import RULES

SHIPPED = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RULES.glob("*.json"))]
OURS = [one for one in SHIPPED if form_of(one["kind"]) is not None]
TODAY = dt.date(2026, 11, 20)


def rule_of(one: dict[str, Any], body: Any = None) -> RuleSet:
    return RuleSet(
        id="r",
        kind=one["kind"],
        name=one["name"],
        version=one["version"],
        effective_on=dt.date.fromisoformat(one["effective_on"]),
        source=one["source"],
        body=one["body"] if body is None else body,
    )


@pytest.mark.parametrize("one", OURS, ids=[one["name"] for one in OURS])
def test_a_form_gives_back_the_rule_it_showed(one: dict[str, Any]) -> None:
    form = form_of(one["kind"])
    assert form is not None
    again = form.to_body(form.to_values(one["body"]))
    assert form.read(rule_of(one, again)) == form.read(rule_of(one))
    assert form.try_out(form.read(rule_of(one)), form.defaults)


def test_every_place_of_the_sources_is_among_the_examples() -> None:
    """One example for each practice of a place that a rule can say, under the place's name and its kind of rule."""
    wanted = {
        "volunteer-points": ("海林", "苏州", "高校", "胶州", "广东", "北京"),
        "volunteer-limits": ("广东", "高校"),
        "volunteer-stars": ("龙泉驿", "社区年度", "广东"),
        "volunteer-conduct": ("龙泉驿", "广东", "海林"),
        "volunteer-expiry": ("清零", "结转两年", "长期有效"),
        "volunteer-approval": ("网格录入、社区审核、街道确认、公示",),
        "shop-limits": ("海林",),
    }
    for kind, places in wanted.items():
        names = "".join(one["name"] for one in OURS if one["kind"] == kind + EXAMPLE)
        assert [place for place in places if place not in names] == [], kind
    assert {form.kind for form in FORMS} <= {one["kind"] for one in OURS}


def test_stars_of_longquanyi_go_up_to_diamond_by_hours_and_points() -> None:
    (one,) = (one for one in OURS if one["name"].startswith("龙泉驿区星级"))
    form = form_of(one["kind"])
    assert form is not None
    steps = [(star.name, star.minutes // 60, star.points) for star in form.read(rule_of(one)).stars]
    assert steps[0] == ("一星", 50, 50_000)
    assert steps[4:] == [("五星", 800, 840_000), ("金星", 1000, 1_050_000), ("钻石星", 2000, 2_100_000)]


def _values(**changes: Any) -> dict[str, Any]:
    one = next(one for one in OURS if one["kind"] == POINTS.kind)
    head = {"name": one["name"], "source": "党工委会议纪要", "effective_on": "2026-07-01"}
    return {**POINTS.to_values(one["body"]), **head, **changes}


def test_a_change_is_a_new_version_and_old_awards_keep_theirs(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")

    def serve(day: dt.date) -> None:
        record = ServiceRecord(
            volunteer_id=who, title="义剪", served_on=day, minutes=60, evidence=Evidence.SIGNED
        )
        office.transact("登记", lambda w: recording.record_service(w, record))

    serve(dt.date(2026, 6, 30))
    old = office.reader().all("SELECT * FROM rule_set ORDER BY id")
    made = office.transact(
        "改办法", lambda w: rule_sets.add_version(w, POINTS.kind, _values(per_hour=2000))
    ).result
    assert office.reader().all("SELECT * FROM rule_set WHERE id <> ? ORDER BY id", (made,)) == old
    serve(dt.date(2026, 7, 1))
    rows = office.reader().all("SELECT earned_on, points, rule_id FROM point_entry ORDER BY earned_on")
    assert [(row["earned_on"], row["points"]) for row in rows] == [("2026-06-30", 1000), ("2026-07-01", 2000)]
    assert rows[0]["rule_id"] != rows[1]["rule_id"] == made
    assert in_force(office.reader(), POINTS.kind, dt.date(2026, 7, 1)).version == 2


def test_a_version_is_checked_before_it_is_kept(office: Office) -> None:
    reader = office.reader()
    asked = [p.code for p in rule_sets.check_version(reader, POINTS.kind, _values(), TODAY)]
    assert asked == ["rule.past"]
    wrong = rule_sets.check_version(reader, POINTS.kind, _values(items="宣讲 十五分"), TODAY)
    assert "每小时还是每次" in wrong[0].message
    missing = rule_sets.check_version(reader, POINTS.kind, _values(source=""), TODAY)
    assert [p.message for p in missing] == ["依据没有填写"]
    future = _values(effective_on="2027-01-01")
    assert rule_sets.check_version(reader, POINTS.kind, future, TODAY) == []


def test_what_would_change_counts_anew_and_writes_nothing(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol(name) for name in ("曾国兰", "单玥")]
    head = Activity(
        title="义剪", held_on=dt.date(2026, 11, 19), starts_minute=540, ends_minute=720, category="便民服务"
    )
    participants = [Participant(volunteer_id=one, minutes=180) for one in people]
    office.transact("登记", lambda w: record_activity(w, head, participants))
    before = office.head()
    draft = points_rule(rule_sets.draft_of(POINTS, _values(items="便民服务 每次 5")))
    found = queries.what_would_change(office.reader(), draft, dt.date(2026, 11, 1), TODAY)
    assert (found.counted, found.records, found.people) == (2, 2, 2)
    assert (found.before, found.after) == (4000, 1000)
    assert {(line.name, line.before, line.after) for line in found.lines} == {
        ("曾国兰", 2000, 500),
        ("单玥", 2000, 500),
    }
    same = points_rule(rule_sets.draft_of(POINTS, _values()))
    assert queries.what_would_change(office.reader(), same, dt.date(2026, 11, 1), TODAY).records == 0
    assert office.head() == before


def test_items_times_pieces_and_who_counts() -> None:
    draft = points_rule(
        rule_sets.draft_of(
            POINTS,
            _values(
                items="宣讲 每次 15\n助老 每小时 12",
                uncounted="捐款捐物",
                eligible="新就业群体",
                spot_kinds="消防通道 8",
            ),
        )
    )

    def points(category: str, kind: str = "新就业群体") -> int:
        return service_award(draft, minutes=90, evidence=Evidence.SIGNED, category=category, kind=kind).points

    assert (points("宣讲"), points("助老"), points("捐款捐物")) == (1500, 1800, 0)
    assert points("宣讲", "普通") == 0
    assert (spot_award(draft, kind="消防通道").points, spot_award(draft, kind="其他").points) == (800, 500)


def test_a_version_that_was_used_is_not_set_aside(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    record = ServiceRecord(
        volunteer_id=who, title="义剪", served_on=TODAY, minutes=60, evidence=Evidence.SIGNED
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    used = in_force(office.reader(), POINTS.kind, TODAY).id
    with pytest.raises(Refusal, match="已经用过"):
        office.transact("停用", lambda w: rule_sets.stop_version(w, used, "不用了"))
    spare = office.transact(
        "改办法", lambda w: rule_sets.add_version(w, POINTS.kind, _values(effective_on="2027-01-01"))
    ).result
    office.transact("停用", lambda w: rule_sets.stop_version(w, spare, "会议没有通过"))
    states = {row["id"]: row["state"] for row in queries.versions(office.reader(), TODAY)}
    assert (states[used], states[spare]) == ("现行", "停用")


def test_too_short_a_presence_is_not_recorded(office: Office, enrol: Callable[..., str]) -> None:
    limits = form_of("volunteer-limits")
    assert limits is not None
    one = next(one for one in OURS if one["kind"] == limits.kind)
    values = {
        **limits.to_values(one["body"]),
        "presence_percent": 60,
        "name": one["name"],
        "source": "会议纪要",
        "effective_on": "2026-01-01",
    }
    office.transact("改限额", lambda w: rule_sets.add_version(w, limits.kind, values))
    who = enrol("曾国兰")
    head = Activity(title="巡查", held_on=TODAY, starts_minute=540, ends_minute=720)
    short = [Participant(volunteer_id=who, minutes=100)]
    with pytest.raises(Refusal, match="不足活动全长的 60%"):
        office.transact("登记", lambda w: record_activity(w, head, short))
    enough = [Participant(volunteer_id=who, minutes=108)]
    done = office.transact("登记", lambda w: record_activity(w, head, enough)).result
    assert len(done.records) == 1


def test_spot_reports_are_counted_anew_too(office: Office, enrol: Callable[..., str]) -> None:
    """The caps of reports are their own; what is open, merged or void gives nothing and is left out."""
    who = enrol("曾国兰")
    for place in ("一号楼", "二号楼", "三号楼"):
        values = {
            "volunteer_id": who,
            "reporter": "曾国兰",
            "reported_on": "2026-11-18",
            "place": place,
            "content": "路灯不亮",
            "closed_on": None if place == "三号楼" else "2026-11-19",
        }
        office.transact("登记", partial(report_spot, values=values))
    span = dt.date(2026, 11, 1), TODAY
    draft = points_rule(rule_sets.draft_of(POINTS, _values(spot_points=800)))
    found = queries.what_would_change(office.reader(), draft, *span)
    assert (found.counted, found.spots, found.records, found.people) == (0, 2, 2, 1)
    assert (found.before, found.after) == (1000, 1600)
    capped = points_rule(rule_sets.draft_of(POINTS, _values(spot_points=800, spot_cap_day=1000)))
    assert queries.what_would_change(office.reader(), capped, *span).after == 1000
    assert "2 件随手拍" in change_words(found)[0]


def test_a_version_some_round_went_by_is_not_set_aside(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    values = {"name": "认定", "source": "会议", "effective_on": "2026-01-01", "steps": "社区审核"}
    asked = office.transact(
        "规则", lambda w: rule_sets.add_version(w, APPROVAL.kind, {**values, "public_days": 5})
    ).result
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: award_points(w, who, 500, "优秀"))
    office.transact("认定", lambda w: begin_lot(w, units["水湾社区"], TODAY, TODAY))
    with pytest.raises(Refusal, match="已经用过"):
        office.transact("停用", lambda w: rule_sets.stop_version(w, asked, "不用了"))


def test_a_year_end_rule_of_the_past_says_that_what_was_cleared_stays(office: Office) -> None:
    values = {
        "name": "结转",
        "source": "会议",
        "effective_on": "2026-01-01",
        "mode": "清零",
        "month_day": "12-31",
    }
    (asked,) = rule_sets.check_version(office.reader(), "volunteer-expiry", values, TODAY)
    assert asked.message == "2026年1月1日已经过去：做过的清零不变，以后再清零按这一版"
