"""Examples that a later version brings: an office at work is offered them, and takes them in with a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import in_force
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.care.rules import RulePage
from hongyao_desktop.volunteers.queries import rule_sets as queries
from hongyao_desktop.volunteers.queries.shipped import missing, read_shipped
from hongyao_desktop.volunteers.service import rule_sets
from tests.screens import SECONDS
from tests.volunteers.conftest import RULES, put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

LATER = {"volunteer-approval-jiaozhou", "volunteer-stars-beijing", "shop-limits-hailin"}
"""What the version that made the file did not know yet, by file."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    opened.transact("建立单位", put_units)
    known = [path.stem for path in RULES.glob("volunteer-*.json") if path.stem not in LATER]
    opened.transact("登记规则", lambda writer: put_rules(writer, *known))
    yield opened
    opened.close()


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def test_what_a_file_lacks_is_listed_and_taken_in_once(office: Office) -> None:
    shipped = read_shipped(RULES)
    lacking = missing(office.reader(), shipped)
    assert {one.name for one in lacking} == {
        json.loads((RULES / f"{stem}.json").read_text(encoding="utf-8"))["name"] for stem in LATER
    }
    rows = queries.versions(office.reader(), office.clock.today(), shipped=shipped)
    assert {row["name"] for row in rows if row["state"] == "未收入"} == {one.name for one in lacking}
    in_use = in_force(office.reader(), "volunteer-approval", office.clock.today())
    made = office.transact("收入样例", lambda w: rule_sets.take_examples(w, shipped)).result
    assert len(made) == len(LATER)
    rows = queries.versions(office.reader(), office.clock.today(), shipped=shipped)
    assert {row["state"] for row in rows if row["id"] in made} == {"样例"}
    assert not [row for row in rows if row["state"] == "未收入"]
    assert in_force(office.reader(), "volunteer-approval", office.clock.today()) == in_use, "none is in force"
    with pytest.raises(Refusal, match="都在这里了"):
        office.transact("收入样例", lambda w: rule_sets.take_examples(w, shipped))


def test_the_bench_offers_them_and_a_key_takes_them_in(screen: Screen, office: Office) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    screen.qtbot.waitUntil(lambda: "程序新带的样例本台账还没有" in page.messages.text, timeout=SECONDS)
    assert "胶州积分公示和审核" in page.messages.text
    assert "收入样例" in dict(page.keys()).values()
    page.open_row("shipped/volunteer-approval-example/胶州积分公示和审核（样例）/1")
    screen.settle()
    assert page.version.heading.text().endswith("未收入")
    assert page.bench.result.text(), "it is tried out before it is taken in"
    screen.hands.press(Qt.Key.Key_F7)
    screen.qtbot.waitUntil(lambda: "已收入 3 个样例" in page.messages.text, timeout=SECONDS)
    screen.settle()
    known = office.reader().value("SELECT COUNT(*) FROM rule_set WHERE name = '胶州积分公示和审核（样例）'")
    assert known == 1
    assert "收入样例" not in dict(page.keys()).values()
    screen.hands.press(Qt.Key.Key_F7)
    screen.qtbot.waitUntil(lambda: "不用再收入" in page.messages.text, timeout=SECONDS)
