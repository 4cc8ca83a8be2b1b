"""What a customer wants at the counter survives a crash: kept while it is typed, put back, gone once redeemed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.store.drafts import Drafts as Kept
from hongyao_desktop.volunteers.page.shop.counter import CounterPage
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.service.enrolment import enrol_volunteer
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over
from tests.volunteers.shop_office import give, put_limits, put_shelf


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)

    def fill(writer: Writer) -> None:
        put_rules(writer)
        put_limits(writer)
        form = {"name": "王喆堃", "unit_id": put_units(writer)["三号网格"]}
        give(writer, enrol_volunteer(writer, form), 100)
        put_shelf(writer)

    opened.transact("建立单位", fill)
    yield opened
    opened.close()


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def at_counter(screen: Screen) -> CounterPage:
    page = CounterPage(screen.session)
    screen.show(page)
    screen.session.drafts.watch("shop", page)
    return page


def kept(screen: Screen, office: Office) -> list[str]:
    screen.session.drafts.keep()
    screen.settle()
    return [str(one.values["label"]) for one in Kept(office).all()]


def test_a_wish_is_put_back_after_a_crash_and_gone_once_redeemed(screen: Screen, office: Office) -> None:
    page, hands = at_counter(screen), screen.hands
    hands.write("wzk")
    hands.enter()
    assert kept(screen, office) == []
    hands.write("xyy")
    hands.enter()
    page.desk.add_more()
    hands.write("3")
    hands.enter()
    hands.write("2")
    assert screen.session.drafts.due
    assert kept(screen, office) == ["兑换 王喆堃"]
    [draft] = page.drafts()

    screen.hosts[-1].hide()
    again = at_counter(screen)
    assert again.drafts() == []
    again.put_back(draft)
    assert again.desk.basket_words.text() == "洗衣液 1kg 1 瓶　30 分"
    assert again.desk.verdict.text() == "用 60 分，积分 100 → 40\n库存 20 → 18 张"
    assert again.unsaved() == "积分超市：选好的商品还没有兑换"
    who = again.desk.volunteer_id
    assert lookups.volunteer(office.reader(), who)["points"] == 10_000, "putting back redeems nothing"
    again.desk.ways.redeem.click()
    screen.said(again, "用 60 分，余 40 分")
    screen.settle()
    assert (again.drafts(), kept(screen, office)) == ([], [])
