"""By keyboard alone: a walk-in redemption in fifteen keys, pick-up, cancelling, a delivery and a count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Role, Writer
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.shop.batches import CountPage, StockInPage
from hongyao_desktop.volunteers.page.shop.counter import CounterPage
from hongyao_desktop.volunteers.queries import lookups, shop_papers, slips
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.shop import CountLine
from hongyao_desktop.volunteers.service.enrolment import enrol_volunteer
from hongyao_desktop.volunteers.service.shop import count_stock, redeem
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over
from tests.volunteers.shop_office import TODAY, give, put_limits, put_shelf

NAMES = ("尉迟建国", "王喆堃", "单玥", "王小明", "单小英")

EVERYWHERE = Scope("全部", "scope(id) AS (SELECT id FROM unit)", {})

pytestmark = pytest.mark.journey


@pytest.fixture
def people(tmp_path: Path) -> Iterator[tuple[Office, dict[str, str]]]:
    opened = open_with_search(tmp_path)
    opened.transact("建立单位", put_rules)
    opened.transact("登记规则", put_limits)
    units = opened.transact("登记组织", put_units).result
    ids = {}
    for place, name in enumerate(NAMES):
        form = {"name": name, "unit_id": units["三号网格"], "phone": f"138{place:08d}"}
        ids[name] = opened.transact("登记志愿者", partial(enrol_volunteer, values=form)).result
    opened.transact("奖励", lambda w: give(w, ids["王喆堃"], 100))
    opened.transact("登记商品", put_shelf)
    yield opened, ids
    opened.close()


@pytest.fixture
def office(people: tuple[Office, dict[str, str]]) -> Office:
    return people[0]


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


@pytest.fixture
def counter(screen: Screen) -> CounterPage:
    made = CounterPage(screen.session)
    screen.show(made)
    return made


def stock(office: Office) -> dict[str, int]:
    return {row["name"]: row["stock"] for row in queries.goods_on_shelf(office.reader())}


def test_a_walk_in_redemption_takes_at_most_fifteen_keys(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    hands = screen.hands
    hands.write("wzk")
    hands.enter()
    assert counter.desk.facts.name.text() == "王喆堃"
    assert counter.desk.facts.balance.text() == "100"
    hands.write("xyy")
    hands.enter()
    assert counter.desk.verdict.text() == "用 30 分，积分 100 → 70\n库存 12 → 11 瓶"
    hands.enter()
    screen.said(counter, "王喆堃兑换洗衣液 1kg 1 瓶，用 30 分，余 70 分（兑2026-0001）")
    assert hands.count <= 15
    assert hands.count == 9
    screen.settle()
    assert stock(office)["洗衣液 1kg"] == 11
    assert lookups.volunteer(office.reader(), people[1]["王喆堃"])["points"] == 7000
    assert counter.desk.facts.balance.text() == "70"
    assert counter.desk.facts.visits.text() == "1 / 2 次"
    assert counter.waiting.current is not None
    assert counter.waiting.current["state"] == "已领取"
    assert QApplication.focusWidget() is counter.desk.who.line
    assert not any(counter.shelf.view.is_selected(row) for row in range(3)), (
        "the next one wants something else"
    )


def test_what_a_visit_is_stands_in_words_and_a_used_up_quarter_is_said_before_goods_are_chosen(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    who, good = people[1]["王喆堃"], str(queries.goods_on_shelf(office.reader())[0]["id"])

    def redeem_on(days_ago: int) -> None:
        day = TODAY - timedelta(days=days_ago)
        office.transact("兑换", lambda w: redeem(w, who, good, on=day))
        screen.settle()

    assert "每季度最多 2 次（同一天的几笔算一次）" in counter.desk.rule.text()
    redeem_on(2)
    redeem_on(1)
    screen.hands.write("wzk")
    screen.hands.enter()
    state = counter.desk.facts.state
    assert state.text() == "本季度 2 次已用完，2027年1月1日起可以再兑换"
    assert state.property("tone") == "bad"


def test_a_second_time_on_one_day_is_no_other_visit(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    good = str(queries.goods_on_shelf(office.reader())[0]["id"])
    office.transact("兑换", lambda w: redeem(w, people[1]["王喆堃"], good))
    screen.settle()
    screen.hands.write("wzk")
    screen.hands.enter()
    assert counter.desk.facts.visits.text() == "1 / 2 次"
    assert counter.desk.facts.state.text() == "今天已兑换过，再换不另算一次"


def test_the_same_customer_takes_a_second_good_by_number(
    screen: Screen, counter: CounterPage, office: Office
) -> None:
    hands = screen.hands
    for keys in ("wzk", "1"):
        hands.write(keys)
        hands.enter()
    hands.enter()
    screen.said(counter, "兑2026-0001")
    screen.settle()
    hands.enter()
    hands.write("3")
    hands.enter()
    hands.write("2")
    hands.enter()
    screen.said(counter, "王喆堃兑换理发券 2 张，用 30 分，余 40 分（兑2026-0002）")
    assert stock(office)["理发券"] == 18


def test_two_goods_go_on_one_slip(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    hands = screen.hands
    hands.write("wzk")
    hands.enter()
    hands.write("xyy")
    hands.enter()
    hands.press(Qt.Key.Key_F8)
    assert counter.desk.basket_words.text() == "洗衣液 1kg 1 瓶　30 分"
    assert QApplication.focusWidget() is counter.desk.good.line
    hands.write("cz")
    hands.enter()
    assert counter.desk.verdict.text() == "用 50 分，积分 100 → 50\n库存 2 → 1 份"
    hands.enter()
    screen.said(counter, "王喆堃兑换洗衣液 1kg 1 瓶、抽纸 3 提 1 份，用 50 分，余 50 分（单2026-0001）")
    assert hands.count <= 15
    screen.settle()
    slip, lines = slips.slip(office.reader(), "单2026-0001")
    assert [(row["good_name"], row["points"]) for row in lines] == [("洗衣液 1kg", 3000), ("抽纸 3 提", 2000)]
    assert slip["name"] == "王喆堃"
    assert counter.desk.basket == []
    asked: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: asked.append((place, row)))
    hands.press(Qt.Key.Key_F9)
    assert asked == [("papers", "shop-slip?number=单2026-0001")]


def test_what_was_put_aside_counts_against_the_balance_and_goes_back_with_esc(
    screen: Screen, counter: CounterPage, office: Office
) -> None:
    hands = screen.hands
    for keys in ("wzk", "xyy"):
        hands.write(keys)
        hands.enter()
    hands.press(Qt.Key.Key_F8)
    hands.write("xyy")
    hands.enter()
    hands.write("3")
    assert "还差 20 分" in counter.desk.verdict.text()
    hands.press(Qt.Key.Key_Escape)
    screen.settle()
    assert counter.desk.basket == []
    assert office.reader().value("SELECT COUNT(*) FROM shop_slip") == 0


def test_what_may_not_be_had_is_said_before_and_nothing_happens(
    screen: Screen, counter: CounterPage, office: Office
) -> None:
    hands = screen.hands
    hands.write("ycjg")
    hands.enter()
    hands.write("cz")
    hands.enter()
    assert "还差 20 分" in counter.desk.verdict.text()
    tones = [counter.shelf.model.cell(row, 1).tone for row in range(3)]
    assert tones == ["ink_3", "ink_3", "ink_3"], "what he cannot pay steps back"
    assert counter.desk.verdict.property("tone") == "bad"
    assert not counter.desk.ways.redeem.isEnabled()
    hands.enter()
    screen.said(counter, "要用 20 分，尉迟建国的余额是 0 分，还差 20 分")
    screen.settle()
    assert office.reader().value("SELECT COUNT(*) FROM shop_redemption") == 0


def test_ordered_fetched_and_given_back(screen: Screen, counter: CounterPage, office: Office) -> None:
    hands = screen.hands
    for keys in ("wzk", "cz"):
        hands.write(keys)
        hands.enter()
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.said(counter, "2026年11月27日前来领")
    screen.settle()
    assert counter.waiting.count.text() == "待领 1"
    hands.press(Qt.Key.Key_F6)
    hands.enter()
    screen.said(counter, "王喆堃领走抽纸 3 提 1 份")
    screen.settle()
    assert counter.waiting.count.text() == "待领 0"
    hands.press(Qt.Key.Key_Delete)
    hands.enter()
    screen.said(counter, "退回要写明原因")
    hands.write("受潮")
    hands.enter()
    screen.said(counter, "已退回 兑2026-0001，20 分和 1 份抽纸 3 提已加回")
    screen.settle()
    assert stock(office)["抽纸 3 提"] == 2
    assert counter.desk.facts.balance.text() == "100"
    row = office.reader().one("SELECT state, end_reason FROM shop_redemption_view")
    assert row == {"state": "已退回", "end_reason": "受潮"}


def test_the_shelf_answers_to_the_keyboard_too(screen: Screen, counter: CounterPage) -> None:
    hands = screen.hands
    hands.write("wzk")
    hands.enter()
    hands.press(Qt.Key.Key_F7)
    hands.press(Qt.Key.Key_Down)
    hands.enter()
    assert counter.desk.good.text() == "抽纸 3 提"
    assert QApplication.focusWidget() is counter.desk.quantity.line
    hands.enter()
    screen.said(counter, "王喆堃兑换抽纸 3 提 1 份")


def test_escape_closes_the_list_and_keeps_what_was_typed(screen: Screen, counter: CounterPage) -> None:
    screen.hands.write("sy")
    assert counter.desk.who.popup().matches
    screen.hands.press(Qt.Key.Key_Escape)
    assert counter.desk.who.popup().matches == []
    assert counter.desk.who.text() == "sy"


def test_nothing_chosen_is_asked_for(screen: Screen, counter: CounterPage) -> None:
    screen.hands.write("zzz")
    screen.hands.enter()
    screen.said(counter, "在册的志愿者里没有找到“zzz”，请核对姓名、编号或电话")
    assert counter.desk.who.line.selectedText() == "zzz", "the next letters are typed over it"
    assert counter.desk.customer is None


def test_a_mistyped_quantity_is_typed_over_and_is_not_left_to_the_next_customer(
    screen: Screen, counter: CounterPage, office: Office
) -> None:
    hands = screen.hands
    for keys in ("wzk", "xyy"):
        hands.write(keys)
        hands.enter()
    hands.write("cz")
    hands.enter()
    screen.said(counter, "数量请填整数")
    assert counter.desk.quantity.line.selectedText() == "cz"
    counter.desk.begin()
    hands.write("dy")
    hands.enter()
    assert counter.desk.quantity.line.text() == "1"
    assert office.reader().value("SELECT COUNT(*) FROM shop_redemption") == 0


def test_a_delivery_is_keyed_as_a_grid(screen: Screen, office: Office) -> None:
    page = StockInPage(screen.session)
    screen.show(page)
    hands = screen.hands
    hands.enter()
    hands.write("0231")
    hands.enter()
    hands.write("xyy")
    hands.enter()
    hands.write("10")
    hands.press(Qt.Key.Key_Tab)
    hands.write("180")
    hands.enter()
    hands.write("3")
    hands.enter()
    hands.write("5")
    hands.enter()
    screen.settle()
    assert page.footer.text() == "2 种　数量 15　合计 180.00 元　今年预算还有 19,660.00 元"
    hands.save()
    screen.said(page, "已登记进货 2 种")
    assert stock(office) == {"洗衣液 1kg": 22, "抽纸 3 提": 2, "理发券": 25}
    row = office.reader().one("SELECT source, cost_fen FROM shop_movement WHERE quantity = 10")
    assert row == {"source": "0231", "cost_fen": 18000}


def test_the_day_of_a_delivery_is_typed_over_when_it_had_the_keyboard_already(
    screen: Screen, office: Office
) -> None:
    page = StockInPage(screen.session)
    screen.show(page)
    line = page.form.boxes["moved_on"].entry.editor()
    assert isinstance(line, QLineEdit)
    line.setFocus(Qt.FocusReason.OtherFocusReason)
    line.deselect()
    page.activate()
    assert line.selectedText() == TODAY.isoformat()


def test_a_count_begins_with_the_whole_shelf(screen: Screen, office: Office) -> None:
    page = CountPage(screen.session)
    screen.show(page)
    hands = screen.hands
    assert page.grid.filled == 3
    for number in ("11", "2", "20"):
        hands.write(number)
        hands.press(Qt.Key.Key_Down)

    def findings() -> list[str]:
        return [found.message for row in page.grid.model.grid_rows for found in row.findings]

    screen.qtbot.waitUntil(lambda: findings() == ["账面 12，盘亏 1 瓶，请写明原因"])
    hands.save()
    screen.said(page, "请写明原因")
    hands.write("破损")
    screen.settle()
    hands.save()
    screen.said(page, "已盘点 3 种，1 种按实有数更正")
    assert stock(office)["洗衣液 1kg"] == 11
    row = office.reader().one(
        "SELECT kind, quantity, moved_on, reason FROM shop_movement ORDER BY id DESC LIMIT 1"
    )
    assert row == {"kind": "盘亏", "quantity": -1, "moved_on": TODAY.isoformat(), "reason": "破损"}
    screen.settle()
    assert page.before is not None
    assert (
        page.before.text() == f"上次盘点 2026年11月20日，{screen.session.who.name}录入，3 / 3 种，不符 1 种"
    )


def test_a_count_with_gaps_says_its_difference_in_its_own_row_and_enter_goes_down(
    screen: Screen, office: Office
) -> None:
    page = CountPage(screen.session)
    screen.show(page)
    hands = screen.hands
    model = page.grid.model
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Down)
    hands.write("19")  # only the third good is counted, and five of it are missing
    hands.press(Qt.Key.Key_Tab)
    screen.qtbot.waitUntil(lambda: any(row.findings for row in model.grid_rows))
    assert [bool(row.findings) for row in model.grid_rows[:3]] == [False, False, True]
    page.grid.go(0, 3)
    hands.write("12")
    hands.enter()
    hands.write("2")
    hands.enter()
    assert [row.cells["counted"].text for row in model.grid_rows[:3]] == ["12", "2", "19"]
    assert [row.cells["good_id"].text for row in model.grid_rows[:3]] == ["洗衣液 1kg", "抽纸 3 提", "理发券"]
    page.grid.go(1, 4)  # a reason: the next number is in the row below, not the name of its good
    hands.write("补盘")
    hands.enter()
    assert page.grid.editor.accessibleName() == "第 3 行实有数"


def test_a_count_says_at_its_beginning_who_may_save_it(
    screen: Screen, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = replace(screen.session.who, roles=frozenset({Role.ENTRY}))
    monkeypatch.setattr(type(screen.session), "who", property(lambda _session: clerk))
    page = CountPage(screen.session)
    screen.show(page)
    page.activate()
    assert "盘点由有“审核、审批”权限的同事保存" in page.messages.text


def test_stock_that_another_counter_took_meanwhile_is_refused_and_shown(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    hands, other = screen.hands, people[1]["单玥"]
    office.transact("奖励", lambda w: give(w, other, 100))
    screen.settle()
    hands.write("wzk")
    hands.enter()
    hands.write("2")
    hands.enter()
    hands.write("2")
    assert counter.desk.ways.redeem.isEnabled()
    good = counter.desk.good_id
    # The other counter is quicker: this one has not read its page anew when Enter is pressed.
    office.transact("积分兑换", lambda w: redeem(w, other, good, 1))
    before = lookups.volunteer(office.reader(), people[1]["王喆堃"])["points"]
    hands.enter()
    screen.said(counter, "抽纸 3 提只有 1 份，不够 2 份")
    screen.settle()
    assert stock(office)["抽纸 3 提"] == 1
    assert lookups.volunteer(office.reader(), people[1]["王喆堃"])["points"] == before
    screen.qtbot.waitUntil(lambda: "只有 1 份" in counter.desk.verdict.text())
    assert not counter.desk.ways.redeem.isEnabled()
    hands.write("1")
    hands.enter()
    screen.said(counter, "王喆堃兑换抽纸 3 提 1 份")
    assert stock(office)["抽纸 3 提"] == 0


def test_a_redemption_is_brought_home_by_keyboard(
    screen: Screen, counter: CounterPage, office: Office
) -> None:
    hands = screen.hands
    hands.write("wzk")
    hands.enter()
    hands.write("1")
    hands.enter()
    hands.press(Qt.Key.Key_F4)
    assert QApplication.focusWidget() is counter.desk.delivery.line
    hands.enter()
    screen.said(counter, "没有登记住址，请写明送到哪里")
    assert counter.desk.delivery.isVisible(), "the wish stands, the address may be typed"
    counter.desk.delivery.line.setFocus()
    counter.desk.delivery.line.setText("物业前台")
    hands.enter()
    screen.said(counter, "11月27日前送到")
    screen.settle()
    row = counter.waiting.current
    assert row is not None
    assert (row["state"], row["way"]) == ("待领取", "送货上门")
    listed = counter.waiting.table.model.row(0)
    assert listed is not None
    assert listed["state"] == "待送"
    assert counter.waiting.fetch_button.text() == "送到  Enter"
    assert counter.waiting.count.text() == "待领 0，待送 1"
    assert not counter.desk.delivery.isVisible()


def test_what_is_overdue_is_reminded_of_and_given_up_from_the_counter(
    screen: Screen, counter: CounterPage, office: Office, people: tuple[Office, dict[str, str]]
) -> None:
    who = people[1]["王喆堃"]
    good = str(queries.goods_on_shelf(office.reader())[0]["id"])

    def late(writer: Writer) -> str:
        return redeem(writer, who, good, handed_over=False, on=TODAY - timedelta(days=10))

    made = office.transact("兑换", late).result
    screen.qtbot.waitUntil(lambda: counter.waiting.select(made))
    assert counter.waiting.remind_button.isVisible()
    screen.hands.press(Qt.Key.Key_F10)
    screen.said(counter, "已记下今天催过王喆堃（兑2026-0001）")
    screen.qtbot.waitUntil(lambda: "2026年11月20日催过" in counter.waiting.when.text())
    assert not counter.waiting.remind_button.isVisible()
    screen.hands.press(Qt.Key.Key_F10)
    assert "这一笔不用催" in counter.messages.text
    screen.hands.press(Qt.Key.Key_F11)
    assert counter.waiting.what.text() == "取消逾期没有来领的 1 笔，30 分和库存一并加回；不办按 Esc"
    assert counter.waiting.confirm_button.text() == "取消这 1 笔"
    assert counter.waiting.reason.text() == "逾期未领"
    screen.hands.enter()
    screen.said(counter, "已取消逾期的 1 笔，积分和库存已加回")
    screen.settle()
    assert queries.redemption(office.reader(), made)["state"] == "已取消"
    assert not counter.waiting.late_button.isVisible()


def test_the_sheet_of_a_count_lists_the_shelf_in_the_order_it_is_keyed_back(
    screen: Screen, office: Office
) -> None:
    page = CountPage(screen.session)
    screen.show(page)
    went: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: went.append((place, row)))
    screen.hands.press(Qt.Key.Key_F9)
    assert went == [("papers", "shop-count")]
    assert page.result_button.isHidden()
    screen.hands.press(Qt.Key.Key_F10)
    assert "还没有盘点过" in page.messages.text
    lines = [CountLine(good_id=str(queries.goods_on_shelf(office.reader())[0]["id"]), counted=12)]
    office.transact("盘点库存", lambda writer: count_stock(writer, lines, TODAY))
    screen.hands.press(Qt.Key.Key_F10)
    asked = went[-1][1].partition("?")[2]
    assert dict(parse_qsl(asked)) == {"what": "结果", "day": TODAY.isoformat()}
    on_page = [row["good_id"] for row in page.grid.model.values()]
    assert on_page == [row["id"] for row in shop_papers.shelf(office.reader(), EVERYWHERE)]


def test_who_may_not_redeem_is_told_on_opening(
    screen: Screen,
    office: Office,
    people: tuple[Office, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = str(queries.goods_on_shelf(office.reader())[0]["id"])
    auditor = replace(screen.session.who, roles=frozenset({Role.AUDITOR}))
    monkeypatch.setattr(type(screen.session), "who", property(lambda _session: auditor))
    page = CounterPage(screen.session)
    screen.show(page)
    page.enter()
    assert page.messages.text == "兑换由有“录入、审核”权限的同事办理，这里只能查看"
    office.transact("兑换", lambda w: redeem(w, people[1]["王喆堃"], good, handed_over=False))
    screen.qtbot.waitUntil(lambda: page.waiting.current is not None)
    assert not page.waiting.fetch_button.isVisible()
    assert not page.waiting.back_button.isVisible()
    page.waiting.ask_reason()
    assert not page.waiting.reason.isVisible()
