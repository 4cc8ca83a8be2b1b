"""By keyboard alone: an activity with ten people goes in, clashes show in their row, points are there at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.batch import ActivityBatchPage
from hongyao_desktop.volunteers.service.enrolment import enrol_volunteer
from tests.screens import SECONDS
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Hands, Screen, open_with_search, screen_over

NAMES = {
    "尉迟建国": "ycjg",
    "王喆堃": "wzk",
    "单玥": "sy",
    "曾桂英": "zgy",
    "解敏": "xm",
    "仇国华": "qgh",
    "查秀兰": "zxl",
    "区少芬": "osf",
    "郭䶮": "gy",
    "朱丽𬬭": "zll",
}

pytestmark = pytest.mark.journey


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    opened.transact("建立单位", put_rules)
    units = opened.transact("登记组织", put_units).result
    for place, name in enumerate((*NAMES, "王小明", "单小英")):
        form = {"name": name, "unit_id": units["三号网格"], "phone": f"138{place:08d}"}
        opened.transact("登记志愿者", partial(enrol_volunteer, values=form))
    yield opened
    opened.close()


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


@pytest.fixture
def page(screen: Screen) -> ActivityBatchPage:
    made = ActivityBatchPage(screen.session)
    screen.show(made)
    return made


def fill_head(hands: Hands, title: str, starts: str, ends: str) -> None:
    hands.write(title)
    hands.enter()
    hands.enter()  # the day stays today
    hands.write(starts)
    hands.enter()
    hands.write(ends)
    hands.press(Qt.Key.Key_F6)


def test_ten_people_without_a_mouse(screen: Screen, page: ActivityBatchPage, office: Office) -> None:
    hands = screen.hands
    fill_head(hands, "早高峰文明劝导", "7:30", "8:30")
    head = hands.count
    for initials in NAMES.values():
        hands.write(initials)
        hands.enter()
    people = hands.count - head
    assert page.grid.problems() == []
    assert page.footer.text() == "10 人　合计 10 小时"
    screen.settle()
    hands.save()
    screen.said(page, "得 100 分")
    assert page.messages.text == "已登记“早高峰文明劝导”10 人，合计 10 小时，得 100 分"
    assert people == sum(map(len, NAMES.values())) + 10
    assert head + people + 1 == hands.count <= 75
    rows = office.reader().all(
        "SELECT name, signed_minutes, points FROM volunteer_view WHERE services = 1 ORDER BY name"
    )
    assert {row["name"] for row in rows} == set(NAMES)
    assert {(row["signed_minutes"], row["points"]) for row in rows} == {(60, 1000)}
    assert page.grid.filled == 0


def test_thirty_people_of_two_initials_take_ninety_keystrokes_and_nothing_else(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    surnames = {"王": "w", "李": "l", "陈": "c", "杨": "y", "黄": "h"}
    given = {"芳": "f", "明": "m", "华": "h", "军": "j", "平": "p", "强": "q"}
    people = {one + two: a + b for one, a in surnames.items() for two, b in given.items()}
    unit = office.reader().value("SELECT id FROM unit WHERE name = '三号网格'")

    def enrol(writer: Writer) -> None:
        for place, name in enumerate(
            ("王芳菲", "李明月", "陈小华", *people)
        ):  # longer names with the same beginning
            form = {"name": name, "unit_id": unit, "phone": f"139{place:08d}"}
            enrol_volunteer(writer, form)

    office.transact("登记志愿者", enrol)
    hands = screen.hands
    fill_head(hands, "大扫除", "8:00", "10:00")
    before = hands.count
    for initials in people.values():
        hands.write(initials)
        hands.enter()
    assert hands.count - before == 90
    hands.save()
    screen.said(page, "已登记“大扫除”30 人，合计 60 小时")
    rows = office.reader().all("SELECT name FROM volunteer_view WHERE services = 1")
    assert {row["name"] for row in rows} == set(people)


def test_a_clash_shows_in_its_row_before_saving(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    hands = screen.hands
    fill_head(hands, "爱心义剪", "9:00", "10:30")
    hands.write("wzk")
    hands.enter()
    screen.settle()
    hands.save()
    screen.said(page, "得 15 分")
    fill_head(hands, "楼道清洁", "10:00", "11:00")
    for initials in ("sy", "wzk"):
        hands.write(initials)
        hands.enter()

    def findings() -> list[str]:
        return [problem.code for row in page.grid.model.grid_rows for problem in row.findings]

    screen.qtbot.waitUntil(lambda: findings() == ["service.overlap"])
    (clash,) = page.grid.model.grid_rows[1].findings
    assert "“爱心义剪”" in clash.message
    assert "重叠 0.5 小时" in clash.message
    hands.save()
    screen.said(page, "第 2 行")
    assert office.reader().value("SELECT COUNT(*) FROM activity") == 1
    assert page.grid.current_row == 1
    hands.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    screen.qtbot.waitUntil(lambda: findings() == [])
    hands.save()
    screen.said(page, "已登记“楼道清洁”1 人")


def test_the_same_person_twice_is_refused_at_once(screen: Screen, page: ActivityBatchPage) -> None:
    fill_head(screen.hands, "义剪", "9:00", "10:00")
    for _ in range(2):
        screen.hands.write("sy")
        screen.hands.enter()
    assert [problem.code for problem in page.grid.problems()] == ["grid.repeated"]


def test_people_join_the_activity_of_the_same_name_after_a_question(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    hands = screen.hands
    for initials, done in (
        ("sy", "已登记“义剪”1 人"),
        ("wzk", "当天已有“义剪”（1 人），这次的人员加到那个活动里"),
    ):
        fill_head(hands, "义剪", "9:00", "10:00")
        hands.write(initials)
        hands.enter()
        hands.save()
        screen.said(page, done)
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 1
    (confirm,) = page.messages.findChildren(QPushButton)
    confirm.setFocus()
    hands.press(Qt.Key.Key_Space)
    screen.said(page, "已登记“义剪”1 人")
    assert office.reader().value("SELECT COUNT(*) FROM activity") == 1
    assert office.reader().value("SELECT people FROM activity_view") == 2


def test_a_shorter_stay_and_a_make_up_are_keyed_in_their_row(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    hands = screen.hands
    fill_head(hands, "义剪", "9:00", "11:00")
    hands.write("sy")
    hands.press(Qt.Key.Key_Tab)
    hands.write("1")
    hands.press(Qt.Key.Key_Tab)
    hands.write("bl")
    hands.press(Qt.Key.Key_Tab)
    hands.write("签到表遗失")
    hands.enter()
    screen.settle()
    hands.save()
    screen.qtbot.waitUntil(lambda: "补录没有写证明人" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 0, (
        "a make-up without witness is asked"
    )
    hands.save()
    screen.said(page, "得 10 分")
    row = office.reader().one("SELECT * FROM service_record")
    assert row is not None
    assert (row["minutes"], row["evidence"], row["reason"]) == (60, "补录", "签到表遗失")


def test_esc_goes_back_to_the_page_it_was_opened_from(screen: Screen, page: ActivityBatchPage) -> None:
    wanted: list[str] = []
    screen.session.wanted.connect(lambda place, _row: wanted.append(place))
    page.back()
    page.open_row("volunteers.activities")
    page.back()
    assert wanted == ["volunteers", "volunteers.activities"]


def test_a_make_up_says_why_and_who_saw_it(screen: Screen, page: ActivityBatchPage, office: Office) -> None:
    hands = screen.hands
    fill_head(hands, "爱心义剪", "9:00", "10:30")
    hands.write("wzk")
    hands.enter()
    for column, words in (("evidence", "补录"), ("reason", "漏签"), ("witness", "网格长")):
        page.grid.model.type_text(0, column, words)
    screen.settle()
    assert page.grid.problems() == []
    hands.save()
    screen.said(page, "已登记“爱心义剪”1 人")
    row = office.reader().one("SELECT evidence, reason, witness FROM service_record")
    assert row == {"evidence": "补录", "reason": "漏签", "witness": "网格长"}


def test_rows_without_a_length_say_where_one_comes_from(screen: Screen, page: ActivityBatchPage) -> None:
    hands = screen.hands
    hands.write("爱心义剪")
    hands.press(Qt.Key.Key_F6)
    hands.write("wzk")
    hands.enter()
    screen.settle()
    screen.qtbot.waitUntil(
        lambda: (
            [problem.message for problem in page.grid.problems()]
            == ["还没有时长：填活动的起止时间，或在这一行填时长"]
        )
    )


def test_a_finding_with_both_records_stands_in_full_below_the_rows(
    screen: Screen, page: ActivityBatchPage
) -> None:
    hands = screen.hands
    fill_head(hands, "爱心义剪", "9:00", "10:30")
    hands.write("wzk")
    hands.enter()
    screen.settle()
    hands.save()
    screen.said(page, "已登记“爱心义剪”1 人")
    assert not page.finding.isVisible()
    fill_head(hands, "楼道清洁", "10:00", "11:00")
    hands.write("wzk")
    hands.enter()
    screen.qtbot.waitUntil(page.finding.isVisible)
    said = page.finding.text()
    assert said.startswith("第 1 行：重叠 0.5 小时：与“爱心义剪”（")
    assert "，本条是“楼道清洁”（" in said
    assert said.endswith("只能登记其中一条")
    hands.write("sy")
    hands.enter()
    screen.settle()
    assert not page.finding.isVisible(), "the row just left is sound"


def test_a_row_that_repeats_another_is_one_fault_and_is_not_summed(
    screen: Screen, page: ActivityBatchPage
) -> None:
    hands = screen.hands
    fill_head(hands, "义剪", "9:00", "11:00")
    for initials in ("sy", "wzk", "sy"):
        hands.write(initials)
        hands.enter()
    screen.settle()
    screen.qtbot.waitUntil(lambda: "1 行要改" in page.footer.text(), timeout=SECONDS)
    assert page.footer.text() == "2 人　合计 4 小时　　1 行要改"
    hands.save()
    screen.qtbot.waitUntil(lambda: "还有 1 处要改，第 3 行" in page.messages.text, timeout=SECONDS)
    assert page.finding.text() == "第 3 行：单玥与第 1 行重复，请删去一行"


def test_hours_longer_than_the_activity_wait_for_an_answer(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    hands = screen.hands
    fill_head(hands, "义剪", "9:00", "11:00")
    hands.write("sy")
    hands.press(Qt.Key.Key_Tab)
    hands.write("5")
    hands.enter()
    screen.settle()
    hands.save()
    screen.qtbot.waitUntil(lambda: "全长只有 2 小时" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 0
    hands.save()
    screen.said(page, "已登记“义剪”1 人")


def test_a_length_that_was_never_typed_follows_the_head_although_the_keyboard_is_on_it(
    screen: Screen, page: ActivityBatchPage
) -> None:
    hands = screen.hands
    fill_head(hands, "义剪", "9:00", "23:00")
    hands.write("sy")
    hands.press(Qt.Key.Key_Tab)
    screen.settle()
    assert page.grid.editor.text() == "14"
    page.form.boxes["ends_minute"].entry.set_text("11:00")
    page._spread_length()
    assert page.grid.editor.text() == "2"
    hands.press(Qt.Key.Key_Tab)
    assert page.grid.model.values()[0]["minutes"] == 120


def test_one_answer_is_given_to_doubts_that_were_all_read(
    screen: Screen, page: ActivityBatchPage, office: Office
) -> None:
    hands = screen.hands
    fill_head(hands, "义剪", "9:00", "11:00")
    for initials in ("sy", "wzk"):
        hands.write(initials)
        hands.press(Qt.Key.Key_Tab)
        hands.write("9")
        hands.enter()
    screen.settle()
    hands.save()
    screen.qtbot.waitUntil(lambda: "超过 8 小时" in page.messages.text, timeout=SECONDS)
    assert page.messages.text.count("（共 2 处）") == 2
    assert "第 1 行：时长 9 小时，活动（9:00—11:00）全长只有 2 小时，请核对（共 2 处）" in page.messages.text
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 0
