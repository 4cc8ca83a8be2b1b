"""By keyboard alone: an order goes from the call to the dispatch in few keys, and on to its one service record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Changes
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.orders.module import MODULE
from hongyao_desktop.orders.page import PAGES, OrderBoardPage
from hongyao_desktop.orders.page.columns import CardColumn, broken
from hongyao_desktop.orders.page.life import Life
from hongyao_desktop.orders.queries.boards import View
from hongyao_desktop.store import open_office
from hongyao_desktop.volunteers.page.spots import build as spot_page
from hongyao_desktop.volunteers.service import spots
from tests.offices import ALL_ROLES, PASSWORD, make_file
from tests.orders.desk import NOON, Desk
from tests.screens import SECONDS
from tests.volunteers.screen import REGISTERS, Screen, screen_over

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
TEXT = ("曾桂英", "13812345678", "厨房水管漏水，请人上门修")

pytestmark = pytest.mark.journey


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path, clock = make_file(tmp_path), FixedClock(NOON)
    office = open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=clock,
        state=path.parent / "state",
        registers=(*REGISTERS, *MODULE.registers),
    )
    yield Desk(office, clock).prepare()
    office.close()


@pytest.fixture
def screen(desk: Desk, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(desk.office, tmp_path, qapp, qtbot) as made:
        yield made


def opened(screen: Screen) -> OrderBoardPage:
    page = OrderBoardPage(screen.session)
    screen.show(page)
    return page


def here() -> str:
    widget = QApplication.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def reached(screen: Screen, name: str) -> None:
    """Wait until the keyboard is where it should be."""
    screen.qtbot.waitUntil(lambda: here().startswith(name), timeout=SECONDS)
    screen.settle()


def said(screen: Screen, page: OrderBoardPage, words: str) -> None:
    """Wait until the message bar says so, on a busy machine too."""
    screen.qtbot.waitUntil(lambda: words in page.messages.text, timeout=SECONDS)


def says(label: QLabel, words: str) -> bool:
    return label.text() == words


def counts(page: OrderBoardPage) -> list[str]:
    return [lane.count.text() for lane in page.lanes.lanes]


def test_from_the_call_to_the_dispatch_in_forty_keys(screen: Screen, desk: Desk) -> None:
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_N, CTRL)
    reached(screen, "居民姓名")
    for text in TEXT:
        hands.write(text)
        hands.enter()
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "2026-0001　已登记工单")
    reached(screen, "日期")
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "支部已受理")
    reached(screen, "接单党员")
    hands.write("sy")
    hands.enter()
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "已派单，等待接单")
    reached(screen, "待接单 1 件")
    assert hands.count - sum(map(len, TEXT)) <= 12, "forty keys is the bar"
    order = desk.order(page.panel.life.order["id"] if page.panel.life else "")
    assert (order["state"], order["helper_name"], order["kind"]) == ("已派单", "单玥", "家电维修")
    assert counts(page) == ["0", "0", "1", "0", "0"]
    assert desk.faults() == []


def test_the_board_may_hear_of_a_step_before_its_answer_comes(screen: Screen, desk: Desk) -> None:
    """The form that waits for the answer stays, else the answer would find nobody on a slow disk."""
    order_id = desk.take()
    desk.decide(order_id)
    desk.dispatch(order_id)
    page, hands = opened(screen), screen.hands
    reached(screen, "待接单 1 件")
    hands.enter()
    reached(screen, "日期")
    answer = threading.Event()

    def hold(_changes: Changes) -> None:
        answer.wait(SECONDS / 1000)

    stop = desk.office.subscribe(hold)
    lives: list[str] = []
    shown = page.panel.show_life

    def show(life: Life) -> None:
        shown(life)
        lives.append(life.order["state"])

    page.panel.show_life = show  # type: ignore[method-assign]
    hands.press(Key.Key_S, CTRL)
    screen.qtbot.waitUntil(lambda: "已接单" in lives, timeout=SECONDS)
    assert page.messages.text == "", "the step has no answer yet"
    answer.set()
    said(screen, page, "已接单，开始办理")
    reached(screen, "办理中 1 件")
    stop()


def test_on_to_the_end_without_a_mouse(screen: Screen, desk: Desk) -> None:
    order_id = desk.take()
    desk.decide(order_id)
    desk.dispatch(order_id)
    page, hands = opened(screen), screen.hands
    reached(screen, "待接单 1 件")
    hands.enter()
    reached(screen, "日期")
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "已接单，开始办理")
    reached(screen, "办理中 1 件")
    hands.enter()
    reached(screen, "完成日期")
    for _field in range(4):
        hands.enter()
    reached(screen, "服务时长")
    hands.write("1.5")
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "等待双方评单")
    assert desk.count("service_record") == 0
    reached(screen, "待评单 1 件")
    hands.enter()
    reached(screen, "居民评价")
    hands.write("my")
    hands.enter()
    hands.enter()
    hands.write("jb")
    hands.enter()
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "已登记评价")
    row = desk.office.reader().one("SELECT minutes, evidence FROM service_record")
    assert row == {"minutes": 90, "evidence": "签到"}
    words = desk.office.reader().all("SELECT side, word, score FROM order_rating ORDER BY side DESC")
    assert [(row["side"], row["word"], row["score"]) for row in words] == [
        ("支部", "基本满意", 3),
        ("居民", "满意", 5),
    ]
    screen.qtbot.waitUntil(lambda: page.rated.text() == "本月已评单 1 件")
    assert hands.count <= 25


def test_arrows_go_through_the_columns_and_views_narrow_the_board(screen: Screen, desk: Desk) -> None:
    first = desk.take(asked_on="2026-11-10", topic="请人理发")
    desk.take(topic="孩子放学没人接")
    desk.accepted()
    desk.finished(topic="陪诊")
    page, hands = opened(screen), screen.hands
    reached(screen, "待议单 2 件，逾期 2 件")
    assert counts(page) == ["2", "0", "0", "1", "1"]
    screen.qtbot.waitUntil(lambda: page.panel.life is not None and page.panel.life.order["id"] == first)
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Right)
    reached(screen, "办理中")
    hands.press(Key.Key_Right)
    reached(screen, "待评单")
    hands.press(Key.Key_Left)
    reached(screen, "办理中")
    assert isinstance(QApplication.focusWidget(), CardColumn)
    hands.press(Key.Key_2, ALT)
    screen.qtbot.waitUntil(lambda: counts(page) == ["2", "0", "0", "0", "0"])
    assert page.tabs[View.OVERDUE].text() == "逾期 2"
    hands.press(Key.Key_4, ALT)
    screen.qtbot.waitUntil(lambda: counts(page) == ["0", "0", "0", "0", "1"])
    (card,) = page.lanes.lanes[4].list.cards.cards
    assert (card.name, card.missing, card.due) == ("曾*英", "缺居民、支部评价", "还有 5 天")


def test_what_was_typed_stays_and_a_refusal_is_said(screen: Screen, desk: Desk) -> None:
    desk.accepted()
    desk.accepted(topic="请人理发")
    page, hands = opened(screen), screen.hands
    reached(screen, "办理中 2 件")
    hands.enter()
    reached(screen, "完成日期")
    hands.press(Key.Key_End)
    for _sign in range(10):
        hands.press(Key.Key_Backspace)
    hands.write("11.30")
    hands.press(Key.Key_S, CTRL)
    screen.qtbot.waitUntil(lambda: "还没有到" in page.messages.text)
    assert page.unsaved() == "“完成”填了一半"
    first = page.panel.life.order["id"] if page.panel.life else ""
    page.lanes.focus_cards()
    hands.press(Key.Key_Down)
    screen.qtbot.waitUntil(lambda: page.panel.life is not None and page.panel.life.order["id"] != first)
    assert page.unsaved() == "“完成”填了一半"
    hands.press(Key.Key_Up)
    screen.qtbot.waitUntil(lambda: page.panel.life is not None and page.panel.life.order["id"] == first)
    form = page.panel.form
    assert form is not None
    assert form.form.texts()["completed_on"] == "11.30"


def test_a_spot_report_becomes_an_order_from_its_own_page(screen: Screen, desk: Desk) -> None:
    values = {"reported_on": "2026-11-19", "reporter": "王骑手", "place": "三号楼", "content": "路灯不亮"}
    report = desk.office.transact("上报", lambda w: spots.report_spot(w, values)).result.report_id
    asked: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: asked.append((place, row)))
    reports = spot_page(screen.session)
    screen.show(reports)
    assert isinstance(reports, RegisterPage)
    verb = next(verb for verb in reports.parts.verbs if verb.label == "转工单")
    row = reports.panel.row
    assert row is not None
    assert verb.shows is not None
    assert verb.shows(row)
    reports.panel.run_verb(verb)
    assert asked == [("orders", f"spot:{report}")]
    page, hands = opened(screen), screen.hands
    page.open_row(asked[0][1])
    reached(screen, "点单日期")
    hands.press(Key.Key_S, CTRL)
    said(screen, page, "已转为工单")
    order = desk.office.reader().one("SELECT topic, spot_report_id, channel FROM service_order")
    assert order is not None
    assert (order["spot_report_id"], order["channel"]) == (report, "随手拍")
    screen.settle()
    reports.open_row(report)
    screen.settle()
    assert reports.panel.row is not None
    assert not verb.shows(reports.panel.row), "one order for a report"


def test_a_look_at_the_phone_is_logged(screen: Screen, desk: Desk) -> None:
    desk.take()
    page = opened(screen)
    view = page.panel.view
    screen.qtbot.waitUntil(lambda: view.contact["phone"].text() == "138****5678")
    assert view.contact["address"].text() == "住址不显示"
    assert view.title.text() == "2026-0001　曾*英"
    for field, shown in (("phone", "13812345678"), ("address", "三号楼2单元401")):
        view.reveal[field].click()
        screen.qtbot.waitUntil(partial(says, view.contact[field], shown))
    looks = desk.office.reader().all(
        "SELECT field, row_id FROM access_log WHERE register = 'orders' ORDER BY id"
    )
    assert [look["field"] for look in looks] == ["联系电话", "住址"]


def test_the_first_page_is_told_what_waits(screen: Screen, desk: Desk) -> None:
    desk.take(asked_on="2026-11-10")
    desk.accepted(topic="请人理发")
    (board,) = [spec for spec in PAGES if spec.work is not None]
    assert board.work is not None
    (item,) = board.work(desk.office.reader(), screen.session)
    assert (item.words, item.count, item.due, item.overdue) == ("待议单的工单", 1, "逾期 9 天", True)


def test_every_page_of_the_section_opens(screen: Screen, desk: Desk) -> None:
    order_id = desk.take()
    for spec in PAGES:
        page = spec.build(screen.session)
        screen.show(page)
        page.open_row(order_id)
        screen.settle()
        assert page.unsaved() is None


@pytest.mark.usefixtures("qapp")
def test_a_line_never_begins_with_a_closing_mark() -> None:
    metrics = QFontMetrics(look().font())
    width = metrics.horizontalAdvance("电动车没")
    first, second = broken("电动车没，有人从楼上飞线", metrics, width, 2)
    assert first == "电动车"
    assert second.startswith("没，")
    assert broken("短", metrics, width, 2) == ["短"]
