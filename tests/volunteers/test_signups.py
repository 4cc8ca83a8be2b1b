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
from hongyao_desktop.people import service as people
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.sheet import SheetPage
from hongyao_desktop.volunteers.queries import boards, life, lookups, paper_rows
from hongyao_desktop.volunteers.queries import signups as queries
from hongyao_desktop.volunteers.queries.finding import likely_first, match_of
from hongyao_desktop.volunteers.service import (
    activities,
    enrolment,
    merging,
    openings,
    points,
    recording,
    signups,
)
from hongyao_desktop.volunteers.service.recording import Participant
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


def test_who_leaves_is_taken_off_the_lists_still_to_come(office: Office, enrol: Callable[..., str]) -> None:
    stays, leaves, pauses = enrol("曾国兰"), enrol("单玥"), enrol("徐霞")
    today = office.clock.today()
    made = []
    for days in (-3, 3):
        form = {"title": "义剪", "held_on": str(today + dt.timedelta(days=days))}
        one = office.transact("计划", partial(activities.save_activity, values=form, row_id=None)).result
        for who in (stays, leaves, pauses):
            office.transact("报名", partial(signups.sign_up, activity_id=one, volunteer_id=who))
        made.append(one)
    office.transact("退出", lambda w: enrolment.retire_volunteer(w, leaves, "搬走"))
    off = {"status": "停用", "status_reason": "养伤"}
    office.transact("停用", lambda w: enrolment.save_volunteer(w, off, pauses))
    reader = office.reader()
    assert [row["name"] for row in queries.signups_of(reader, made[1])] == ["曾国兰"]
    assert len(queries.signups_of(reader, made[0])) == 3, "what was is not changed"
    gone = queries.signup(reader, made[1], leaves)
    assert gone is not None
    assert gone["status_reason"] == "已退出：搬走"


def test_who_died_is_not_signed_up_not_absent_not_on_the_board_and_not_rated(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    today = office.clock.today()
    plan = {"title": "义剪", "held_on": str(today), "starts_minute": 540, "ends_minute": 660}
    made = office.transact("计划", lambda w: activities.save_activity(w, plan, None)).result
    office.transact("报名", lambda w: signups.sign_up(w, made, who))
    office.transact("奖励", lambda w: points.award_points(w, who, 500, "优秀"))
    day = dt.date(2026, 1, 1)
    office.transact("转入", lambda w: openings.opening_hours(w, who, 5990, "旧册", day))
    scope = unit_scope(units["样例街道"], "样例街道")
    assert [place.row["id"] for place in boards.balance_board(office.reader(), scope)] == [who]
    assert [row["id"] for row, _rank in life.nearly_there(office.reader(), today, 60)] == [who]
    person = office.reader().value("SELECT person_id FROM volunteer WHERE id = ?", (who,))
    office.transact("去世", lambda w: people.retire_person(w, person, "病故", status="去世"))
    reader = office.reader()
    assert boards.balance_board(reader, scope) == []
    assert life.nearly_there(reader, today, 60) == []
    assert paper_rows.sums_until(reader, scope, str(today)) == []
    with pytest.raises(Refusal, match="已去世，不能报名"):
        office.transact("报名", lambda w: signups.sign_up(w, made, who))
    there = Participant(volunteer_id=other, minutes=120)
    office.transact("回录", lambda w: signups.key_back(w, made, [(who, None), (other, there)]))
    signed = queries.signup(office.reader(), made, who)
    assert signed is not None
    assert (signed["status"], signed["status_reason"]) == ("取消", "已去世")
    found = likely_first(office.reader(), [who, other], "", 9)
    assert [row["id"] for row in found] == [other, who]
    assert "已去世" in match_of(found[1]).note


def test_the_rows_carry_the_codes_of_the_paper(screen: Screen, recruited: tuple[Office, str]) -> None:
    office, activity = recruited
    first = queries.signups_of(office.reader(), activity)[0]["volunteer_id"]
    office.transact("取消", lambda w: signups.withdraw_signup(w, activity, first, "临时有事"))
    page = SheetPage(screen.session)
    screen.show(page)
    page.open_row(activity)
    screen.settle()
    model = page.grid.model
    codes = [model.index(row, 1).data() for row in range(3)]
    assert codes == ["02", "03", "04"], "the paper keeps the place of who withdrew, the grid counts anew"
    assert page.title.text() == "回录签到表　2026年11月20日 9:00—11:00，全长 2 小时"


def test_who_came_without_signing_up_is_typed_below_the_last_row(
    screen: Screen, recruited: tuple[Office, str]
) -> None:
    office, activity = recruited
    unit = office.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    form = {"name": "尉迟小明", "unit_id": unit}
    office.transact("登记志愿者", lambda w: enrolment.enrol_volunteer(w, form))
    page = SheetPage(screen.session)
    screen.show(page)
    page.open_row(activity)
    screen.settle()
    hands = screen.hands
    for _name in NAMES:
        hands.write("2")
        hands.press(Qt.Key.Key_Down)
    hands.write("ycxm")
    hands.enter()
    screen.settle()
    assert page.grid.model.values()[-1]["volunteer_id"]
    screen.qtbot.waitUntil(
        lambda: [problem.code for problem in page.grid.problems()] == ["sheet.no_hours"], timeout=SECONDS
    )
    hands.write("1.5")
    hands.enter()
    screen.settle()
    assert page.grid.problems() == []
    hands.save()
    screen.qtbot.waitUntil(lambda: "到场 31 人" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT COUNT(*) FROM service_record WHERE minutes = 90") == 1


def test_the_next_sheet_is_chosen_above_the_rows(screen: Screen, recruited: tuple[Office, str]) -> None:
    office, activity = recruited
    title = lookups.activity(office.reader(), activity).title
    page = SheetPage(screen.session)
    screen.show(page)
    screen.settle()
    assert page.title.text() == "回录签到表"
    screen.hands.write(title)
    screen.settle()
    screen.hands.press(Qt.Key.Key_Return)
    screen.settle()
    assert "全长" in page.title.text()
    assert [page.grid.model.index(row, 1).data() for row in range(2)] == ["01", "02"]
    screen.hands.write("2")
    screen.hands.press(Qt.Key.Key_Down)
    screen.settle()
    screen.hands.save()
    screen.qtbot.waitUntil(lambda: "29 人没有填时长" in page.messages.text, timeout=SECONDS)
    screen.settle()
    screen.hands.save()
    screen.qtbot.waitUntil(lambda: f"已回录“{title}”：到场 1 人" in page.messages.text, timeout=SECONDS)
    assert page.title.text() == "回录签到表", "the next sheet is another day"


def test_enter_goes_down_the_hours(screen: Screen, recruited: tuple[Office, str]) -> None:
    page = SheetPage(screen.session)
    screen.show(page)
    page.open_row(recruited[1])
    screen.settle()
    for _name in NAMES:
        screen.hands.write("2")
        screen.hands.enter()
    screen.settle()
    assert [row["minutes"] for row in page.grid.model.values()] == [120] * len(NAMES)


def test_a_half_keyed_sheet_put_back_keeps_codes_and_session(
    screen: Screen, recruited: tuple[Office, str]
) -> None:
    office, activity = recruited
    first = queries.signups_of(office.reader(), activity)[0]["volunteer_id"]
    office.transact("取消", lambda w: signups.withdraw_signup(w, activity, first, "临时有事"))
    page = SheetPage(screen.session)
    screen.show(page)
    page.open_row(activity)
    screen.settle()
    screen.hands.write("2")
    screen.hands.enter()
    (draft,) = page.drafts()
    again = SheetPage(screen.session)
    screen.show(again)
    again.put_back(draft)
    screen.settle()
    assert again.title.text() == page.title.text() != "回录签到表"
    assert [again.grid.model.index(row, 1).data() for row in range(2)] == ["02", "03"]
    assert [row["minutes"] for row in again.grid.model.values()][:2] == [120, None]


def test_places_on_lists_go_along_in_a_merge_and_back(office: Office, enrol: Callable[..., str]) -> None:
    kept, gone = enrol("曾国兰"), enrol("曾国兰")
    made = []
    for title in ("义剪", "义诊"):
        form = {"title": title, "held_on": str(office.clock.today() + dt.timedelta(days=3))}
        made.append(
            office.transact("计划", partial(activities.save_activity, values=form, row_id=None)).result
        )
    for one, who in ((made[0], gone), (made[1], gone), (made[1], kept)):
        office.transact("报名", partial(signups.sign_up, activity_id=one, volunteer_id=who))

    def lists() -> list[list[str]]:
        return [[row["volunteer_id"] for row in queries.signups_of(office.reader(), one)] for one in made]

    merged = office.transact("合并", lambda w: merging.merge(w, kept, gone, "身份证核对")).result
    assert lists() == [[kept], [kept]]
    office.transact("撤销", lambda w: merging.undo_merge(w, merged, "是两个人"))
    assert lists() == [[gone], [gone, kept]]


def test_the_list_of_an_activity_shows_who_came_with_hours_also_without_signing_up(
    office: Office, enrol: Callable[..., str]
) -> None:
    people = [enrol(name) for name in NAMES[:3]]
    activity = office.transact("计划", plan).result
    for who in people[:2]:
        office.transact("报名", partial(signups.sign_up, activity_id=activity, volunteer_id=who))
    there = [
        Participant(volunteer_id=people[0], minutes=120),
        Participant(volunteer_id=people[2], minutes=60),
    ]
    head = lookups.activity(office.reader(), activity)
    office.transact("登记", lambda w: recording.record_activity(w, head, there))
    rows = queries.people_of(office.reader(), activity)
    assert [(row["code"], row["name"], row["minutes"], row["status"]) for row in rows] == [
        ("01", NAMES[0], 120, "到场"),  # marked although the batch was used, not the sheet
        ("02", NAMES[1], None, "报名"),
        ("", NAMES[2], 60, "到场"),
    ]
