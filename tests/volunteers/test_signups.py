"""Recruiting, the sheet in row order, and keying it back: blanks are absent only when somebody says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.sheet import SheetPage
from hongyao_desktop.volunteers.queries import signups as queries
from hongyao_desktop.volunteers.service import activities, enrolment, recording, signups
from tests.screens import SECONDS
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

TODAY = dt.date(2026, 11, 20)
NAMES = tuple(
    f"{surname}{given}" for surname in "赵钱孙李周吴" for given in ("建国", "桂英", "国兰", "秀珍", "志强")
)


def plan(writer: Writer, wanted: int | None = None) -> str:
    values = {
        "title": "清洁楼道",
        "held_on": TODAY.isoformat(),
        "starts_minute": 540,
        "ends_minute": 660,
        "status": "计划",
        "wanted": wanted,
    }
    return activities.save_activity(writer, values, None)


def test_a_full_list_takes_nobody_and_a_place_is_kept(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol(name) for name in NAMES[:3]]
    activity = office.transact("计划", partial(plan, wanted=2)).result

    def join(who: str) -> str:
        return office.transact("报名", lambda w: signups.sign_up(w, activity, who)).result

    for who in people[:2]:
        join(who)
    with pytest.raises(Refusal, match="已经报名，行码 01"):
        join(people[0])
    with pytest.raises(Refusal, match="招募 2 人已满"):
        join(people[2])
    office.transact("取消", lambda w: signups.withdraw_signup(w, activity, people[0], "临时有事"))
    join(people[2])
    rows = queries.signups_of(office.reader(), activity)
    assert [(row["name"], row["place"]) for row in rows] == [(NAMES[1], 2), (NAMES[2], 3)]


def test_who_signed_gets_hours_and_the_rest_are_absent(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol(name) for name in NAMES[:3]]
    activity = office.transact("计划", plan).result
    for who in people[:2]:
        office.transact("报名", partial(signups.sign_up, activity_id=activity, volunteer_id=who))
    there = recording.Participant(volunteer_id=people[0], minutes=120)
    walk_in = recording.Participant(volunteer_id=people[2], minutes=60)
    lines = [(people[0], there), (people[1], None), (people[2], walk_in)]
    done = office.transact("回录", lambda w: signups.key_back(w, activity, lines)).result
    assert len(done.records) == 2
    states = {row["name"]: row["status"] for row in queries.signups_of(office.reader(), activity)}
    assert states == {NAMES[0]: "到场", NAMES[1]: "缺席"}
    row = office.reader().one("SELECT status, people, minutes, signed_up FROM activity_view")
    assert row == {"status": "已举办", "people": 2, "minutes": 180, "signed_up": 2}


@pytest.fixture
def recruited(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    opened = open_with_search(tmp_path)

    def fill(writer: Writer) -> str:
        put_rules(writer)
        unit = put_units(writer)["水湾社区"]
        activity = plan(writer)
        for name in NAMES:
            who = enrolment.enrol_volunteer(writer, {"name": name, "unit_id": unit})
            signups.sign_up(writer, activity, who)
        return activity

    yield opened, opened.transact("建立单位", fill).result
    opened.close()


@pytest.fixture
def screen(
    recruited: tuple[Office, str], tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[Screen]:
    with screen_over(recruited[0], tmp_path, qapp, qtbot) as made:
        yield made


def test_thirty_rows_are_keyed_back_by_keyboard(screen: Screen, recruited: tuple[Office, str]) -> None:
    office, activity = recruited
    page = SheetPage(screen.session)
    screen.show(page)
    page.open_row(activity)
    screen.settle()
    hands = screen.hands
    for place in range(len(NAMES)):
        if place not in (3, 17):
            hands.write("2")
        hands.press(Qt.Key.Key_Down)
    screen.settle()
    assert hands.count <= 90
    hands.save()
    screen.qtbot.waitUntil(
        lambda: "报名 30 人，2 人没有填时长，保存后记为缺席" in page.messages.text, timeout=SECONDS
    )
    screen.settle()
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 0, "not before it is confirmed"
    hands.save()
    screen.qtbot.waitUntil(lambda: "到场 28 人" in page.messages.text, timeout=SECONDS)
    screen.settle()
    rows = queries.signups_of(office.reader(), activity)
    assert [row["name"] for row in rows if row["status"] == "缺席"] == [NAMES[3], NAMES[17]]
    assert office.reader().value("SELECT SUM(minutes) FROM service_record") == 28 * 120
