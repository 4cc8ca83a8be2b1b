"""The order board at work: found by number, name or phone, put to rest and taken up again, printed, mended, noted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.fields import Choice
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.module import MODULE
from hongyao_desktop.orders.page import PAGES, OrderBoardPage
from hongyao_desktop.orders.page.columns import short_number
from hongyao_desktop.orders.queries import boards
from hongyao_desktop.orders.queries.boards import View
from hongyao_desktop.orders.rules.forms import LISTS
from hongyao_desktop.orders.service import stepping, taking, tending
from hongyao_desktop.store import open_office
from hongyao_desktop.volunteers.page.spots import build as spot_page
from hongyao_desktop.volunteers.service import rule_sets, spots
from tests.offices import ALL_ROLES, PASSWORD, make_file
from tests.orders.desk import NOON, Desk
from tests.screens import SECONDS
from tests.volunteers.screen import REGISTERS, Screen, screen_over

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

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


def counts(page: OrderBoardPage) -> list[str]:
    return [lane.count.text() for lane in page.lanes.lanes]


def shown(page: OrderBoardPage) -> str:
    return str(page.panel.life.order["number"]) if page.panel.life is not None else ""


@pytest.mark.parametrize("words", ["2026-0002", "曾桂英", "zgy", "5678", "水管"])
def test_an_order_is_found_and_enter_goes_to_it(screen: Screen, desk: Desk, words: str) -> None:
    desk.take(resident="单玥", phone="13900000001", topic="请人理发")
    desk.take()
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_F, CTRL)
    hands.write(words)
    screen.qtbot.waitUntil(lambda: counts(page)[0] == "1", timeout=SECONDS)
    hands.enter()
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0002", timeout=SECONDS)
    screen.settle()
    hands.press(Key.Key_Escape)
    screen.qtbot.waitUntil(lambda: counts(page)[0] == "2", timeout=SECONDS)
    assert page.search.words() == ""


def test_who_asks_about_a_closed_order_is_answered_from_the_board(screen: Screen, desk: Desk) -> None:
    order_id = desk.finished()
    desk.rate(order_id)
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_F, CTRL)
    hands.write("5678")
    screen.qtbot.waitUntil(page.ended.isVisible, timeout=SECONDS)
    assert page.ended.text() == "已结束的 1 件"
    hands.enter()
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    assert page.panel.note.text() == "这件工单已经结束"
    hands.press(Key.Key_F, CTRL)
    hands.write("9999")
    hands.enter()
    screen.said(page, "没有找到“9999”，请换工单号、姓名或电话后四位再查")


def test_an_order_rests_and_is_taken_up_again_without_a_mouse(screen: Screen, desk: Desk) -> None:
    order_id = desk.accepted()
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    menu = page.panel.more.menu()
    assert menu is not None
    labels = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert labels == [
        *("退单", "作废", "撤回接单", "跟进", "延期", "挂起", "协办", "附件", "修改内容", "打印工单")
    ]
    menu.actions()[labels.index("挂起")].trigger()
    hands.write("居民住院")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已挂起，不计时限")
    screen.settle()
    assert (page.panel.view.state.text(), page.panel.form.verb.label if page.panel.form else "") == (
        "办理中 · 今天挂起",
        "恢复",
    )
    hands.press(Key.Key_5, ALT)
    screen.qtbot.waitUntil(page.tabs[View.HELD].isChecked, timeout=SECONDS)
    assert counts(page) == ["0", "0", "0", "1", "0"]
    hands.enter()
    screen.settle()
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已恢复，期限已顺延")
    screen.settle()
    assert desk.order(order_id)["held_on"] is None
    assert page.panel.form is not None
    assert page.panel.form.verb.label == "完成", "the usual step is offered again"


def test_slip_and_form_are_one_key_away_and_a_paper_is_noted(
    screen: Screen, desk: Desk, tmp_path: Path
) -> None:
    order_id = desk.take()
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    asked: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: asked.append((place, row)))
    hands.press(Key.Key_F9)
    hands.press(Key.Key_F2)
    assert asked == [("papers", "order-slip?number=2026-0001"), ("orders.list", order_id)]
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(b"abc")
    menu = page.panel.more.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "附件").trigger()
    form = page.panel.form
    assert form is not None
    assert form.file is not None
    form.file.choose = lambda: str(photo)
    form.file.button.click()
    screen.settle()
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已登记附件")
    screen.settle()
    (event,) = boards.events_of(desk.office.reader(), order_id)
    assert (event["kind"], event["file_name"], event["file_hash"][:8]) == ("附件", "现场.jpg", "ba7816bf")


def test_a_long_text_leaves_room_for_the_steps_and_unfolds(screen: Screen, desk: Desk) -> None:
    desk.accepted(topic="门前停车占道，" * 40)
    page = opened(screen)
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    screen.settle()
    view = page.panel.view
    assert (len(view.topic.text()), view.whole.text()) == (81, "全文 280 字")
    assert view.past.height() >= 60, "the last steps are seen above the form"
    view.whole.click()
    assert (len(view.topic.text()), view.whole.text()) == (280, "收起")


def test_an_empty_board_says_why_and_what_to_do(screen: Screen, desk: Desk) -> None:
    page, hands = opened(screen), screen.hands
    screen.settle()
    assert page.lanes.empty.isVisible()
    assert page.lanes.empty.teaching.startswith("按 Ctrl+N 登记新工单")
    desk.take(asked_on="2026-11-20")
    screen.qtbot.waitUntil(lambda: not page.lanes.empty.isVisible(), timeout=SECONDS)
    hands.press(Key.Key_2, ALT)
    screen.qtbot.waitUntil(page.lanes.empty.isVisible, timeout=SECONDS)
    assert page.lanes.empty.teaching == "按 Alt+1 看全部。"


def test_a_second_order_of_the_same_phone_and_kind_is_asked_about_once(screen: Screen, desk: Desk) -> None:
    desk.take(asked_on="2026-11-20")
    page, hands = opened(screen), screen.hands
    screen.settle()
    hands.press(Key.Key_N, CTRL)
    for text in ("曾桂英", "13812345678", "厨房水管又漏水"):
        hands.write(text)
        hands.enter()
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "同一电话已有未办结的同类工单 2026-0001（厨房水管漏水，请人上门修），请核对是否重复")
    assert desk.count("service_order") == 1
    screen.settle()
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "2026-0002　已登记工单")
    assert desk.count("service_order") == 2


def test_what_was_only_a_warning_is_said_with_the_step(screen: Screen, desk: Desk) -> None:
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_N, CTRL)
    form = page.panel.form
    assert form is not None
    for name, value in (("resident", "曾桂英"), ("topic", "楼上漏水争执"), ("matter", "矛盾纠纷")):
        form.form.set_value(name, value)
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已登记工单；矛盾纠纷还没有写当事人，请尽快补上")
    assert desk.count("service_order") == 1


def test_a_search_looks_through_all_orders_whatever_was_looked_at(screen: Screen, desk: Desk) -> None:
    desk.take(asked_on="2026-11-20")
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_5, ALT)
    screen.qtbot.waitUntil(page.lanes.empty.isVisible, timeout=SECONDS)
    hands.press(Key.Key_F, CTRL)
    hands.write("zgy")
    screen.qtbot.waitUntil(lambda: counts(page)[0] == "1", timeout=SECONDS)
    assert page.tabs[View.ALL].isChecked()


def test_a_report_tells_what_became_of_its_order(screen: Screen, desk: Desk) -> None:
    values = {"reported_on": "2026-11-18", "reporter": "翟建", "place": "东门", "content": "路灯不亮"}
    report = desk.office.transact("登记随手拍", lambda w: spots.report_spot(w, values)).result.report_id
    order_id = desk.office.transact("转工单", lambda w: taking.order_from_spot(w, report, {})).result
    desk.office.transact("不受理", lambda w: stepping.decline(w, order_id, "已列入改造，月底更换"))
    page = spot_page(screen.session)
    screen.show(page)
    page.open_row(report)
    screen.settle()
    words = "　".join(label.text() for label in page.findChildren(QLabel))
    assert "曾转工单 2026-0001（不受理：已列入改造，月底更换）" in words
    assert isinstance(page, RegisterPage)
    row = page.panel.row
    assert row is not None
    offered = [verb.label for verb in page.parts.verbs if verb.shows is None or verb.shows(row)]
    assert "转工单" in offered, "it may be taken up again"
    assert "并入首报" in offered
    assert "拆出" not in offered


def test_sources_of_the_rule_in_force_stand_in_the_form(screen: Screen, desk: Desk) -> None:
    row = desk.office.reader().one("SELECT * FROM rule_set WHERE kind = 'order-lists'")
    assert row is not None
    head = {"name": "工单来源", "effective_on": "2026-11-01", "source": "会议纪要8号"}
    values = {**LISTS.to_values(json.loads(row["body"])), **head, "channels": "12345热线、走访、随手拍"}
    desk.office.transact("改规则", lambda w: rule_sets.add_version(w, LISTS, values))
    page, hands = opened(screen), screen.hands
    hands.press(Key.Key_N, CTRL)
    form = page.panel.form
    assert form is not None
    field = form.form.boxes["channel"].field
    assert isinstance(field.type, Choice)
    assert (field.type.options, form.form.texts()["channel"]) == (
        ("12345热线", "走访", "随手拍"),
        "12345热线",
    )
    for name, value in (("resident", "曾桂英"), ("topic", "楼道灯不亮")):
        form.form.set_value(name, value)
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已登记工单")
    assert desk.office.reader().value("SELECT channel FROM service_order") == "12345热线"


def test_after_the_last_rating_the_hours_are_told_and_the_next_of_the_column_is_chosen(
    screen: Screen, desk: Desk
) -> None:
    desk.take(topic="停车难", phone="13900000009")
    first, second = desk.finished(), desk.finished(topic="请人理发")
    desk.rate(first, branch=None)
    page, hands = opened(screen), screen.hands
    page.open_row(first)
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0002", timeout=SECONDS)
    screen.settle()
    form = page.panel.form
    assert form is not None
    form.form.set_value("branch_word", "满意")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "2026-0002　已登记评价；已登记单玥2026年11月20日服务时长 1.5 小时（签到）")
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0003", timeout=SECONDS)
    assert page.lanes.chosen == second, "not the first card of the board"


def test_a_closed_order_is_taken_up_again_from_the_board(screen: Screen, desk: Desk) -> None:
    order_id = desk.finished()
    desk.rate(order_id)
    page, hands = opened(screen), screen.hands
    page.open_row(order_id)
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    menu = page.panel.more.menu()
    assert menu is not None
    labels = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert labels == ["续办", "撤回评单", "补记协办", "附件", "打印工单"]
    menu.actions()[0].trigger()
    hands.write("水管又漏")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "2026-0002　已立新单续办")
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0002", timeout=SECONDS)
    screen.settle()
    assert "备注：续 2026-0001：水管又漏" in page.panel.view.about.text()
    assert page.panel.form is not None
    assert page.panel.form.verb.label == "议单"


def test_a_step_in_the_ledger_names_its_order_and_unit_and_shows_no_id(screen: Screen, desk: Desk) -> None:
    order_id = desk.take()
    (steps,) = [each for each in MODULE.desks if each.register.name == "order_steps"]
    page = RegisterPage(screen.session, steps)
    screen.show(page)
    step = boards.steps_of(desk.office.reader(), order_id)[0]
    page.open_row(step["id"])
    screen.settle()
    shown_words = {label.accessibleName(): label.text() for label in page.panel.sheet.findChildren(QLabel)}
    assert (shown_words["工单"], shown_words["受理组织"]) == ("2026-0001", "样例街道")
    assert order_id not in shown_words.values()


def test_the_hours_of_a_helper_are_asked_for_where_the_order_is_finished(screen: Screen, desk: Desk) -> None:
    order_id = desk.accepted()
    desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people["郭艳"]))
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    screen.settle()
    form = page.panel.form
    assert form is not None
    asked = [box.field.label for box in form.form.boxes.values()]
    assert asked[asked.index("服务时长") + 1] == "协办郭艳时长"
    form.form.set_value("starts_minute", 540)
    form.form.set_value("ends_minute", 630)
    form.form.set_value(f"share_{desk.people['郭艳']}", 30)
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已登记完成，等待双方评单")
    screen.settle()
    assert "双方评单后登记服务时长；协办郭艳 0.5 小时评单后登记" in page.panel.view.about.text()
    desk.rate(order_id)
    rows = desk.office.reader().all("SELECT name, minutes FROM service_view ORDER BY minutes")
    assert [(row["name"], row["minutes"]) for row in rows] == [("郭艳", 30), ("单玥", 90)]


def test_a_step_is_confirmed_without_scrolling_whatever_its_form_asks(screen: Screen, desk: Desk) -> None:
    order_id = desk.accepted(matter="矛盾纠纷", topic="楼上卫生间漏水到楼下，两家对赔偿有争议，" * 4)
    for name in ("郭艳", "尉迟建国"):
        desk.office.transact("协办", lambda w, name=name: tending.join(w, order_id, desk.people[name]))  # type: ignore[misc]
    page = opened(screen)
    page.window().resize(1180, 720)
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    screen.settle()
    form = page.panel.form
    assert form is not None
    (confirm,) = (button for button in form.findChildren(QPushButton) if button.text().startswith("完成"))
    assert confirm.visibleRegion().boundingRect() == confirm.rect()


def test_the_number_on_a_narrow_card_leaves_its_year_away() -> None:
    metrics = QFontMetrics(QApplication.font())
    wide = metrics.horizontalAdvance("2026-0089")
    assert short_number("2026-0089", metrics, wide) == "2026-0089"
    assert short_number("2026-0089", metrics, wide - 1) == "0089"


def test_a_finish_that_was_wrong_is_taken_back_and_stands_in_the_form_again(
    screen: Screen, desk: Desk
) -> None:
    desk.on(dt.date(2026, 11, 19))
    order_id = desk.accepted()
    desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people["郭艳"]))
    desk.finish(order_id, starts_minute=540, ends_minute=630, minutes=None, helpers={desk.people["郭艳"]: 30})
    desk.on(dt.date(2026, 11, 20))
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    menu = page.panel.more.menu()
    assert menu is not None
    labels = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    menu.actions()[labels.index("撤回完成")].trigger()
    hands.press(Key.Key_S, CTRL)
    assert desk.order(order_id)["state"] == "已完成", "not without its reason"
    hands.write("时长登错")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "2026-0001　已撤回完成")
    screen.settle()
    assert page.panel.form is not None
    texts = page.panel.form.form.texts()
    assert (texts["completed_on"], texts["starts_minute"], texts["ends_minute"]) == (
        *("2026-11-19", "09:00"),
        "10:30",
    )
    assert texts[f"share_{desk.people['郭艳']}"] == "0.5"
    hands.enter()
    screen.settle()
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "已登记完成")
    assert (desk.order(order_id)["minutes"], desk.faults()) == (90, [])


def test_who_may_not_take_an_order_is_told_where_another_is_chosen(screen: Screen, desk: Desk) -> None:
    order_id = desk.take(resident="郭艳", phone="13912345672")
    desk.decide(order_id)
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    hands.enter()
    screen.settle()
    form = page.panel.form
    assert form is not None
    form.form.set_value("volunteer_id", desk.people["郭艳"])
    form.form.focus_field("note")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "就是诉求人，自己的事不算志愿服务，请派给别人")
    editor = form.form.boxes["volunteer_id"].entry.editor()
    screen.qtbot.waitUntil(editor.hasFocus, timeout=SECONDS)
    assert desk.order(order_id)["state"] == "已议单"


def test_an_order_passed_up_by_mistake_comes_back_from_the_board(screen: Screen, desk: Desk) -> None:
    order_id = desk.take(unit_id=desk.units["水湾社区"])
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    assert "撤回点单" not in offered(page), "what was only asked for is voided"
    before = desk.order(order_id)
    desk.office.transact("上报", lambda w: stepping.refer_up(w, order_id, "要街道协调"))
    page.reload()
    screen.qtbot.waitUntil(lambda: "撤回上报" in offered(page), timeout=SECONDS)
    menu = page.panel.more.menu()
    assert menu is not None
    menu.actions()[offered(page).index("撤回上报")].trigger()
    hands.write("社区能办")
    hands.press(Key.Key_S, CTRL)
    screen.said(page, "2026-0001　已撤回上报")
    assert desk.order(order_id) == before


def offered(page: OrderBoardPage) -> list[str]:
    """The other steps of the chosen order."""
    return [action.text().split("\t")[0] for action in page.panel.more.menu().actions()]


def test_an_order_with_helpers_is_finished_on_the_board_also_from_the_list(
    screen: Screen, desk: Desk
) -> None:
    order_id = desk.accepted()
    listed = next(spec for spec in PAGES if spec.place == "orders.list")
    page = listed.build(screen.session)
    assert isinstance(page, RegisterPage)

    def finishing() -> list[Verb]:
        row = desk.order(order_id)
        shown = [verb for verb in page.parts.verbs if verb.shows is None or verb.shows(row)]
        assert shown[-2].label == "撤回上一步", "not beside 撤销 of the form"
        return [verb for verb in shown if verb.label == "完成"]

    (alone,) = finishing()
    assert alone.run is not None
    desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people["郭艳"]))
    (helped,) = finishing()
    assert helped.direct is not None
    asked: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: asked.append((place, row)))
    helped.direct(screen.session, desk.order(order_id))
    assert asked == [("orders", order_id)], "its form asks how long each helper was there"


def test_the_menu_of_steps_gives_the_keyboard_back_to_the_cards(screen: Screen, desk: Desk) -> None:
    desk.accepted()
    page, hands = opened(screen), screen.hands
    screen.qtbot.waitUntil(lambda: shown(page) == "2026-0001", timeout=SECONDS)
    page.panel.more.setFocus()
    page.panel.more.menu().aboutToHide.emit()
    screen.qtbot.waitUntil(lambda: not page.panel.more.hasFocus(), timeout=SECONDS)
    hands.enter()
    screen.settle()
    form = page.panel.form
    assert form is not None
    here = QApplication.focusWidget()
    assert here is not None
    assert form.isAncestorOf(here), "Enter on the card begins its next step"
