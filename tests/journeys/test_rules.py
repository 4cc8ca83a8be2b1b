"""By keyboard alone: a rule is changed, tried out, compared with the year gone by, and kept as a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.rules import in_force
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.care.rules import RulePage
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.rules import points
from hongyao_desktop.volunteers.service import enrolment, recording
from hongyao_desktop.volunteers.service.recording import Participant
from tests.screens import SECONDS
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

Key = Qt.Key
pytestmark = pytest.mark.journey


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)

    def fill(writer: Writer) -> None:
        put_rules(writer)
        units = put_units(writer)
        who = enrolment.enrol_volunteer(writer, {"name": "曾国兰", "unit_id": units["水湾社区"]})
        head = Activity(title="义剪", held_on=dt.date(2026, 11, 19), starts_minute=540, ends_minute=660)
        recording.record_activity(writer, head, [Participant(volunteer_id=who, minutes=120)])

    opened.transact("建立单位", fill)
    yield opened
    opened.close()


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def test_a_rule_is_changed_tried_and_kept(screen: Screen, office: Office) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    hands = screen.hands
    assert page.bench.result.text().endswith("计 2 小时，得 20 分")
    assert page.bench.current.text() == "与现行的一版相同"
    hands.enter()
    for _field in range(2):
        hands.enter()
    hands.write("会议纪要8号")
    hands.enter()
    here = QApplication.focusWidget()
    assert here is not None
    assert here.accessibleName().startswith("每小时得分")
    hands.press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.write("20")
    hands.press(Key.Key_F6)
    assert page.bench.result.text().endswith("得 40 分")
    assert page.bench.current.text().endswith("得 20 分")
    hands.press(Key.Key_F8)
    screen.qtbot.waitUntil(lambda: "共 20 分 → 40 分" in page.bench.change.text(), timeout=SECONDS)
    assert "曾国兰" in page.bench.change.text()
    assert page.unsaved() == "规则：积分办法改了还没有存为新版本"
    before = office.reader().all("SELECT * FROM rule_set ORDER BY id")
    hands.save()
    screen.qtbot.waitUntil(lambda: "已存为新版本" in page.messages.text, timeout=SECONDS)
    screen.settle()
    assert office.reader().all("SELECT * FROM rule_set ORDER BY id")[: len(before)] == before
    rule = in_force(office.reader(), points.KIND, dt.date(2026, 12, 1))
    assert (rule.version, rule.body["per_hour"], rule.source) == (2, "20", "会议纪要8号")
    assert page.unsaved() is None


def test_every_rule_and_example_opens_with_its_bench(screen: Screen) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    states = set()
    for place in range(page.table.model.rowCount()):
        page.table.select(place)
        screen.settle()
        assert page.bench.result.text()
        assert page.version.kind is not None
        states.add((page.version.kind.kind, page.version.heading.text().rpartition("　")[2]))
    assert {state for _kind, state in states} == {"现行", "样例", "未收入"}, (
        "the file has no example of the shop"
    )
    assert len({kind for kind, _state in states}) >= 7


def test_what_cannot_be_understood_is_said_and_not_kept(screen: Screen, office: Office) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    hands = screen.hands
    hands.enter()
    assert page.version.form is not None
    page.version.form.focus_field("items")
    hands.write("宣讲 十五分")
    page.version.form.focus_field("source")
    hands.write("会议纪要8号")
    assert "每小时还是每次" in page.bench.result.text()
    count = office.reader().value("SELECT COUNT(*) FROM rule_set")
    hands.save()
    screen.qtbot.waitUntil(lambda: "每小时还是每次" in page.messages.text, timeout=SECONDS)
    screen.settle()
    assert office.reader().value("SELECT COUNT(*) FROM rule_set") == count
