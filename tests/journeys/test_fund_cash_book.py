"""The cash book by keyboard alone: a receipt, a payment, a refusal, a reversal, on a real office file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.register import Register
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.page import CashBookPage, fund_pages
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import dress
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.rows import HeldRows, RowQuery, RowSource
from hongyao_desktop.kit.session import Session
from tests.fund.books import Bookroom, lay_ground, make_bookroom
from tests.offices import make_office

Key = Qt.Key


def make_rows(reader: Reader, register: Register, query: RowQuery) -> RowSource:
    return HeldRows(reader.all(f"SELECT * FROM {register.source}"), register.sum_columns)


class Desk:
    """A clerk with nothing but a keyboard."""

    def __init__(self, qtbot: QtBot, jobs: Jobs, page: CashBookPage, window: QWidget) -> None:
        self.qtbot = qtbot
        self.window = window
        self.jobs = jobs
        self.page = page
        self.strokes = 0

    @property
    def here(self) -> QWidget:
        """Where the keyboard is."""
        widget = QApplication.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        return widget

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for key in keys:
            self.strokes += 1
            QTest.keyClick(self.here, key, held)
        self.settle()

    def write(self, text: str) -> None:
        """Type figures key by key; commit Chinese as an input method does."""
        if text.isascii():
            self.strokes += len(text)
            QTest.keyClicks(self.here, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self.here, event)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.jobs.idle)
        QApplication.processEvents()
        self.qtbot.waitUntil(self.jobs.idle)

    def said(self, words: str) -> None:
        """Wait until the line beside the cells says so."""
        hint = self.page.dock.entry.hint
        self.qtbot.waitUntil(lambda: words in hint.text)

    def column(self, name: str) -> list[str]:
        """What a column of the table shows."""
        model = self.page.table.model
        place = next(n for n, field in enumerate(model.fields) if field.name == name)
        return [model.cell(row, place).text for row in range(model.rowCount())]


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    crashes: list[tuple[str, BaseException]] = []
    made.crashed.connect(lambda what, error: crashes.append((what, error)))
    yield made
    qtbot.waitUntil(made.idle)
    made.close()
    assert crashes == []


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 20, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time


@pytest.fixture
def room(tmp_path: Path, clock: FixedClock) -> Iterator[Bookroom]:
    room = make_bookroom(tmp_path, who="王某", clock=clock)
    yield room
    room.office.close()


def show(qtbot: QtBot, page: Page) -> QWidget:
    """Show a page in a bare window: the offscreen plugin warns of windows that have a layout of their own."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1182, 740)
    page.setParent(host)
    page.setGeometry(host.rect())
    host.show()
    host.activateWindow()
    page.show()
    page.enter()
    return host


def open_page(qtbot: QtBot, qapp: QApplication, jobs: Jobs, session: Session) -> Desk:
    dress(qapp)
    page = CashBookPage(session)
    desk = Desk(qtbot, jobs, page, show(qtbot, page))
    desk.settle()
    return desk


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, jobs: Jobs, room: Bookroom) -> Iterator[Desk]:
    session = Session(room.office, jobs, make_rows=make_rows)
    yield open_page(qtbot, qapp, jobs, session)
    session.close()


def test_a_receipt_and_a_payment_are_booked_without_a_mouse(desk: Desk, room: Bookroom) -> None:
    assert desk.here.accessibleName() == "日期"
    desk.press(Key.Key_Return)
    desk.write("区财政拨款")
    desk.press(Key.Key_Return)
    assert desk.here.accessibleName() == "收入", "the words of the summary have decided the side"
    desk.write("30,000")
    desk.press(Key.Key_Return)
    desk.write("李静")
    desk.press(Key.Key_Return, Key.Key_1, Key.Key_Return)
    desk.said("已登记 记-001　收入 30,000.00 元")

    desk.write("11.18")
    desk.press(Key.Key_Return)
    desk.write("大病救助：单玥")
    desk.press(Key.Key_Return)
    assert desk.here.accessibleName() == "支出"
    desk.write("3000.5")
    desk.press(Key.Key_S, ctrl=True)
    desk.said("已登记 记-002　支出 3,000.50 元")

    assert desk.here.accessibleName() == "日期"
    assert desk.column("entry_on") == ["2026-01-01", "", "2026-11-18", "2026-11-20", ""]
    assert desk.column("balance_fen") == ["10,000.00", "10,000.00", "6,999.50", "36,999.50", "36,999.50"]
    assert desk.column("summary")[-1] == "11月合计"
    row = room.office.reader().one("SELECT * FROM fund_entry_view WHERE number = 2")
    assert row is not None
    assert (row["category"], row["counterparty"], row["handler"]) == ("大病救助", "单玥", "李静")
    assert (row["made_by"], row["method"], row["persons"]) == ("王某", "银行", 1)


def test_a_known_payment_takes_few_keys(desk: Desk) -> None:
    desk.press(Key.Key_Return)
    desk.write("慰问老党员：曾桂英")
    desk.press(Key.Key_Return)
    desk.write("500")
    desk.press(Key.Key_S, ctrl=True)
    desk.said("已登记 记-001　支出 500.00 元")
    assert desk.strokes <= 6


def test_what_will_be_and_what_cannot_be_is_said_while_typing(desk: Desk, room: Bookroom) -> None:
    room.payment(dt.date(2026, 3, 3), 990_000, "打印费")
    desk.settle()
    desk.write("3.1")
    desk.press(Key.Key_Return)
    desk.write("慰问老党员：单玥")
    desk.press(Key.Key_Return)
    desk.write("80")
    desk.said("登记后 3月1日结余 9,920.00 元")
    assert desk.page.dock.entry.balance.text() == "9,920.00"
    desk.press(Key.Key_Backspace, Key.Key_Backspace)
    desk.write("220")
    desk.said("2026年3月3日的结余不够，差 120.00 元")
    desk.press(Key.Key_S, ctrl=True)
    desk.said("2026年3月3日的结余不够，差 120.00 元")
    assert desk.here.accessibleName() == "支出"
    assert desk.here.property("tone") == "bad"
    assert queries.next_number(room.office.reader(), room.fund_id, 2026) == 2
    assert desk.page.unsaved() == "日记账里有一笔还没有登记"
    desk.press(Key.Key_Escape)
    assert desk.page.unsaved() is None


def test_an_unreadable_cell_is_named_and_nothing_is_booked(desk: Desk, room: Bookroom) -> None:
    desk.press(Key.Key_Return)
    desk.write("利息")
    desk.press(Key.Key_Return)
    desk.write("12,34")
    desk.press(Key.Key_S, ctrl=True)
    assert desk.here.accessibleName() == "收入"
    assert "1,234.50" in desk.page.dock.entry.hint.text
    assert queries.next_number(room.office.reader(), room.fund_id, 2026) == 1


def test_an_entry_is_taken_back_and_booked_anew(desk: Desk, room: Bookroom) -> None:
    room.payment(dt.date(2026, 11, 18), 50_000, "慰问老党员：单玥", handler="李静")
    desk.qtbot.waitUntil(lambda: "记-001" in desk.column("voucher"))
    desk.settle()
    desk.press(Key.Key_Up, Key.Key_F8)
    strip = desk.page.dock.strip
    assert desk.here is strip.reason
    desk.press(Key.Key_S, ctrl=True)
    assert strip.hint.text == "请写明原因"
    desk.write("金额写错")
    desk.press(Key.Key_Return, Key.Key_Tab, Key.Key_Space)
    desk.qtbot.waitUntil(
        lambda: desk.page.dock.entry.inputs["summary"].text().startswith("订正11月18日记-001号凭证")
    )
    assert desk.here.accessibleName() == "支出"
    desk.write("300")
    desk.press(Key.Key_S, ctrl=True)
    desk.said("已登记 记-003　支出 300.00 元")
    assert desk.column("summary") == [
        "上年结转",
        "1月合计",
        "慰问老党员：单玥（已冲正）",
        "订正11月18日记-001号凭证：慰问老党员：单玥",
        "注销11月18日记-001号凭证",
        "11月合计",
    ]
    assert desk.column("out_fen") == ["", "0.00", "500.00", "300.00", "-500.00", "300.00"]
    rows = room.office.reader().all("SELECT * FROM fund_entry_view WHERE number > 0 ORDER BY number")
    assert [row["state"] for row in rows] == ["已冲正", "红字", "正常"]
    assert rows[1]["reason"] == "金额写错"
    assert rows[2]["corrects_id"] == rows[0]["id"]
    assert queries.balance_at(room.office.reader(), room.fund_id, dt.date(2026, 11, 20)) == 970_000


def test_an_error_of_last_year_gets_a_blue_entry_of_this_year(
    qtbot: QtBot, qapp: QApplication, jobs: Jobs, room: Bookroom, clock: FixedClock
) -> None:
    wrong = room.payment(dt.date(2026, 11, 18), 50_000, "慰问老党员：单玥")
    clock.set(dt.datetime(2027, 3, 1, 9))  # noqa: DTZ001 - same
    session = Session(room.office, jobs, make_rows=make_rows)
    desk = open_page(qtbot, qapp, jobs, session)
    desk.page.open_row(wrong)
    desk.settle()
    desk.press(Key.Key_Up)
    desk.page.table.select(desk.page.table.place_of(wrong) or 0)
    desk.press(Key.Key_F8)
    desk.write("多付")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_A, ctrl=True)
    desk.write("200")
    desk.press(Key.Key_S, ctrl=True)
    desk.said("已用 记-001 更正 记-001")
    assert desk.column("summary") == ["上年结转", "更正2026年11月18日记-001号凭证", "3月合计"]
    assert desk.column("in_fen") == ["", "200.00", "200.00"]
    session.close()


def test_the_book_is_walked_searched_and_copied_by_keyboard(desk: Desk, room: Bookroom) -> None:
    room.payment(dt.date(2026, 2, 3), 10_000, "助学帮扶：欧阳慧")
    room.receipt(dt.date(2026, 3, 3), 20_000, "利息")
    desk.qtbot.waitUntil(lambda: "记-002" in desk.column("voucher"))
    desk.settle()
    desk.press(Key.Key_PageDown, Key.Key_PageDown, ctrl=True)
    assert desk.column("summary") == ["上月结余", "助学帮扶：欧阳慧", "2月合计"]
    assert desk.page.figures.values["结余"].text() == "9,900.00"
    desk.press(Key.Key_PageUp, Key.Key_PageUp, ctrl=True)
    desk.press(Key.Key_F, ctrl=True)
    desk.write("欧阳")
    desk.qtbot.waitUntil(lambda: desk.column("summary") == ["助学帮扶：欧阳慧"])
    desk.press(Key.Key_Return)
    desk.press(Key.Key_C, ctrl=True)
    assert QGuiApplication.clipboard().text().split("\t")[:3] == ["2026-02-03", "记-001", "助学帮扶：欧阳慧"]
    desk.press(Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: len(desk.column("summary")) == 6)
    assert desk.here.accessibleName() == "日期"


def test_the_opening_balance_and_red_entries_are_not_reversed_here(desk: Desk, room: Bookroom) -> None:
    desk.press(Key.Key_Up)
    desk.page.table.select(0)
    desk.press(Key.Key_F8)
    assert "更正期初" in desk.page.messages.text
    wrong = room.payment(dt.date(2026, 11, 18), 100, "打印费")
    red = room.reverse(wrong)
    desk.qtbot.waitUntil(lambda: desk.page.table.place_of(red) is not None)
    desk.settle()
    desk.page.table.select(desk.page.table.place_of(red) or 0)
    desk.press(Key.Key_F8)
    assert desk.page.messages.text == "这一笔是红字"


def test_without_a_fund_the_page_says_what_comes_first(
    qtbot: QtBot, qapp: QApplication, jobs: Jobs, tmp_path: Path
) -> None:
    with make_office(tmp_path) as office:
        office.transact("准备", lay_ground)
        session = Session(office, jobs, make_rows=make_rows)
        desk = open_page(qtbot, qapp, jobs, session)
        asked: list[str] = []
        session.wanted.connect(lambda place, _row: asked.append(place))
        [button] = desk.page.empty.buttons()
        button.setFocus()
        desk.press(Key.Key_Space)
        assert (button.text(), asked) == ("建账", ["fund.funds"])
        session.close()


def test_an_opening_balance_is_put_right_on_the_page_of_funds(
    qtbot: QtBot, qapp: QApplication, jobs: Jobs, room: Bookroom
) -> None:
    dress(qapp)
    session = Session(room.office, jobs, make_rows=make_rows)
    page = next(spec for spec in fund_pages() if spec.place == "fund.funds").build(session)
    assert isinstance(page, RegisterPage)
    window = show(qtbot, page)
    qtbot.waitUntil(lambda: page.table.current_id() == room.fund_id)
    qtbot.waitUntil(jobs.idle)
    page.panel.run_verb(page.parts.verbs[0])
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "期初余额（必填）"
    for text in ("9,999", "银行回单", "抄错"):
        here = QApplication.focusWidget()
        assert isinstance(here, QLineEdit)
        here.selectAll()
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(here, event)
        QTest.keyClick(here, Key.Key_Return)
    QTest.keyClick(window.focusWidget(), Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: (queries.fund(room.office.reader(), room.fund_id) or {})["opening_fen"] == 999_900
    )
    qtbot.waitUntil(jobs.idle)
    session.close()
