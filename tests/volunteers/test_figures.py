"""Figures: the number, its records, its unit and its period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.boards import balance_board, group_board, period_board
from hongyao_desktop.volunteers.queries.figures import FIGURES
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import (
    certificates,
    enrolment,
    honours,
    openings,
    points,
    recording,
    spots,
)
from hongyao_desktop.volunteers.service.recording import Participant

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
SEPTEMBER = Period(dt.date(2026, 9, 1), dt.date(2026, 9, 30))
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
BY_LABEL = {figure.label: figure for figure in FIGURES}


@pytest.fixture
def filled(office: Office, enrol: Callable[..., str], units: dict[str, str]) -> dict[str, str]:
    """Three volunteers in two communities, one activity with two people, hours of all three kinds, two reports."""
    people = {
        "甲": enrol("曾国兰", joined_on="2026-11-02"),
        "乙": enrol("徐霞", "三号网格", kind="新就业群体", platform="快递", joined_on="2025-01-01"),
        "丙": enrol("单玥", "东门社区"),
    }
    head = Activity(
        title="文明劝导",
        held_on=dt.date(2026, 11, 18),
        starts_minute=480,
        ends_minute=540,
        unit_id=units["水湾社区"],
    )
    team = [Participant(volunteer_id=people[key], minutes=60) for key in ("甲", "乙")]
    office.transact("登记活动", lambda w: recording.record_activity(w, head, team))
    base = ServiceRecord(
        volunteer_id=people["丙"],
        title="助老",
        served_on=dt.date(2026, 11, 1),
        minutes=90,
        evidence=Evidence.IMPORTED,
    )

    def serve(**changes: Any) -> str:
        record = replace(base, **changes)
        return office.transact("登记时长", lambda w: recording.record_service(w, record)).result.record_id

    serve()
    serve(
        volunteer_id=people["甲"],
        title="补",
        minutes=30,
        evidence=Evidence.MADE_UP,
        reason="漏签",
        witness="李某",
    )
    serve(volunteer_id=people["甲"], served_on=dt.date(2026, 9, 30), minutes=45)
    wrong = serve(title="登错", served_on=dt.date(2026, 11, 30 - 20), minutes=600)
    office.transact("冲正", lambda w: recording.reverse_service(w, wrong, "登错人"))
    office.transact("奖励", lambda w: points.award_points(w, people["乙"], 500, "优秀"))
    office.transact("扣分", lambda w: points.deduct_points(w, people["甲"], 300, "缺席"))
    report = {
        "reporter": "徐霞",
        "volunteer_id": people["乙"],
        "place": "东门",
        "content": "路灯不亮",
        "unit_id": units["三号网格"],
    }
    for day, closed in (("2026-11-03", "2026-11-05"), ("2026-11-04", None), ("2026-10-30", "2026-11-01")):
        values = {**report, "reported_on": day, "closed_on": closed}
        office.transact("登记随手拍", partial(spots.report_spot, values=values))

    def reward(writer: Writer) -> None:
        openings.opening_hours(writer, people["丙"], 120 * 60, "2025年旧册第3页", dt.date(2026, 6, 30))
        review = honours.begin_review(writer, dt.date(2026, 11, 20), units["样例街道"])
        for one in writer.all("SELECT id FROM star_grant WHERE review_id = ?", (review,)):
            writer.update("star_grant", one["id"], {"status": "已授予"})
        writer.update("star_review", review, {"status": "已授予"})
        asked = certificates.Application(
            volunteer=people["甲"], period=NOVEMBER, chief="周某", handler="王某", contact="000"
        )
        first = certificates.issue_certificate(writer, asked)
        certificates.issue_certificate(writer, replace(asked, replaces=first, reason="写错"))

    office.transact("评星和证明", reward)
    return people


def at(units: dict[str, str], name: str) -> Scope:
    return unit_scope(units[name], name)


def value(office: Office, label: str, scope: Scope, period: Period = NOVEMBER) -> int:
    return BY_LABEL[label].value(office.reader(), period, scope)


@pytest.mark.parametrize(
    ("label", "street", "water", "east"),
    [
        ("在册志愿者", 3, 2, 1),
        ("新就业群体志愿者", 1, 1, 0),
        ("期内新注册志愿者", 1, 1, 0),
        ("活动场次", 1, 1, 0),
        ("服务人次", 4, 3, 1),
        ("参与志愿者", 3, 2, 1),
        ("服务时长", 240, 150, 90),
        ("其中签到时长", 120, 120, 0),
        ("其中补录时长", 30, 30, 0),
        ("其中导入时长", 90, 0, 90),
        ("新就业群体服务时长", 60, 60, 0),
        ("参与的新就业群体志愿者", 1, 1, 0),
        ("其中期初转入时长", 0, 0, 0),
        ("授予星级", 1, 0, 1),
        ("开具服务证明", 1, 1, 0),
        ("积分扣减", 300, 300, 0),
        ("随手拍上报", 2, 2, 0),
        ("随手拍办结", 2, 2, 0),
    ],
)
def test_november_by_unit(
    office: Office,
    filled: dict[str, str],
    units: dict[str, str],
    label: str,
    street: int,
    water: int,
    east: int,
) -> None:
    got = [value(office, label, at(units, name)) for name in ("样例街道", "水湾社区", "东门社区")]
    assert got == [street, water, east]


def test_points_given_out_are_those_entered_in_the_period(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    # 甲 1000 + 500 + 0 (45 minutes make one half hour: 500), 乙 1000 + 500 bonus + 2 reports, 丙 1500; the reversed 0
    assert value(office, "积分发放", at(units, "样例街道")) == 1000 + 500 + 500 + 1000 + 500 + 1000 + 1500
    assert value(office, "积分发放", at(units, "东门社区")) == 1500
    assert value(office, "积分发放", at(units, "样例街道"), SEPTEMBER) == 0


def test_every_figure_is_the_sum_or_count_of_its_records(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    scope = at(units, "样例街道")
    assert len({figure.code for figure in FIGURES}) == len(FIGURES) == 19
    for figure in FIGURES:
        rows = figure.drill(office.reader(), YEAR, scope)
        column = figure.sum_column
        assert figure.value(office.reader(), YEAR, scope) == (
            len(rows) if column is None else sum(row[column] for row in rows)
        )
        assert {name for name, _heading in figure.columns} | {"id"} <= rows[0].keys(), figure.label
        assert figure.definition.endswith("。")


def test_hours_of_older_books_are_marked_in_the_period_they_stand_in(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    street = at(units, "样例街道")
    june = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    got = [value(office, label, street, june) for label in ("服务时长", "其中导入时长", "其中期初转入时长")]
    assert got == [7200, 7200, 7200]
    assert value(office, "参与的新就业群体志愿者", street, june) == 0


def test_the_three_kinds_of_hours_make_the_whole(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    for name in units:
        for period in (NOVEMBER, SEPTEMBER):
            parts = ("其中签到时长", "其中补录时长", "其中导入时长")
            whole = value(office, "服务时长", at(units, name), period)
            assert whole == sum(value(office, part, at(units, name), period) for part in parts)


def test_who_left_or_died_is_counted_up_to_that_day(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    scope = at(units, "样例街道")
    left = {"status": "退出", "left_on": "2026-11-10", "status_reason": "本人申请"}
    office.transact("退出", lambda w: enrolment.save_volunteer(w, left, filled["丙"]))
    dead = {"status": "去世", "status_on": "2026-11-15"}
    person = office.reader().value("SELECT person_id FROM volunteer WHERE id = ?", (filled["乙"],))
    office.transact("去世", lambda w: w.update("person", person, dead))
    by_day = {
        day: value(office, "在册志愿者", scope, Period(dt.date(2026, 11, 1), dt.date(2026, 11, day)))
        for day in (1, 2, 9, 10, 15)
    }
    assert by_day == {1: 2, 2: 3, 9: 3, 10: 2, 15: 1}


def test_boards_say_their_ties(office: Office, filled: dict[str, str], units: dict[str, str]) -> None:
    board = period_board(office.reader(), at(units, "样例街道"), NOVEMBER)
    assert [(place.place, place.row["name"], place.row["minutes"]) for place in board] == [
        (1, "单玥", 90),
        (1, "曾国兰", 90),
        (3, "徐霞", 60),
    ]
    balance = balance_board(office.reader(), at(units, "水湾社区"))
    assert [(place.place, place.row["name"], place.row["points"]) for place in balance] == [
        (1, "徐霞", 2500),
        (2, "曾国兰", 1700),
    ]


def test_a_shared_last_place_is_shown_whole(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    for name, amount in (
        ("甲某", 500),
        ("乙某", 300),
        ("丙某", 300),
        ("丁某", 300),
        ("戊某", 100),
        ("己某", 0),
    ):
        one = enrol(name)
        if amount:
            office.transact(
                "奖励", partial(points.award_points, volunteer_id=one, points=amount, reason="优秀")
            )

    def board(places: int) -> list[tuple[int, int]]:
        found = balance_board(office.reader(), at(units, "水湾社区"), places)
        return [(place.place, place.row["points"]) for place in found]

    assert board(1) == [(1, 500)]
    assert board(2) == board(4) == [(1, 500), (2, 300), (2, 300), (2, 300)]
    assert board(5) == board(50) == [*board(2), (5, 100)]


def test_who_left_or_died_is_on_no_board_but_his_hours_stay_with_the_unit(
    office: Office, filled: dict[str, str], units: dict[str, str]
) -> None:
    scope = at(units, "样例街道")
    whole = sum(place.row["minutes"] for place in group_board(office.reader(), scope, NOVEMBER, teams=False))
    left = {"status": "退出", "left_on": "2026-11-10", "status_reason": "本人申请"}
    office.transact("退出", lambda w: enrolment.save_volunteer(w, left, filled["丙"]))
    dead = {"status": "去世", "status_on": "2026-11-15"}
    person = office.reader().value("SELECT person_id FROM volunteer WHERE id = ?", (filled["乙"],))
    office.transact("去世", lambda w: w.update("person", person, dead))
    (last,) = period_board(office.reader(), scope, NOVEMBER)
    assert (last.place, last.row["id"]) == (1, filled["甲"]), "places are counted among those who are named"
    assert {place.row["id"] for place in balance_board(office.reader(), scope)} <= {filled["甲"]}
    after = group_board(office.reader(), scope, NOVEMBER, teams=False)
    assert sum(place.row["minutes"] for place in after) == whole > last.row["minutes"]
