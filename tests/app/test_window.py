"""The window: going places by keyboard, leaving, and what happens when the program itself is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.window.home_page import HomePage
from hongyao_desktop.app.window.leaving import Leaving, ask_on_leaving
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.system_page import Checked, SystemPage
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.kit.look import Look, look
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.tokens import HIGH_CONTRAST, LIGHT
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import CTRL, Desk

# A window with a least size makes the offscreen screen complain.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def opened(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with the demonstration office open at its first page."""
    path = copied(tmp_path)
    desk.window.start(path)
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    assert panel.operator.text() == "李静"
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    return desk


def test_every_page_opens_by_keyboard_and_fits_the_smallest_screen(opened: Desk) -> None:
    shell = opened.shell
    window = opened.window
    window.resize(1366, 768)
    sections = [name for name in shell.navigation.items if name != "系统"]
    assert sections[0] == "工作台"
    assert {"志愿积分", "干部培训", "关爱基金", "会议汇报", "表格导入"} <= set(sections)
    for number, section in enumerate(sections[:9], 1):
        opened.press(Qt.Key(Qt.Key.Key_0 + number), CTRL)
        opened.settle()
        spec = shell.specs[shell.place]
        assert spec.section == section
        assert shell.navigation.items[section].isChecked()
    for place in shell.specs:
        shell.open(place)
        opened.settle()
        assert window.size().width() == 1366, place
        assert window.size().height() == 768, place
        assert shell.page is not None
        assert shell.page.minimumSizeHint().width() <= 1366 - 184, place
        assert shell.page.minimumSizeHint().height() <= 768 - 28, place
        assert shell.status.keys.text().endswith("F1 帮助")


def test_tabs_of_a_section_go_round(opened: Desk) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    opened.press(Qt.Key.Key_Tab, CTRL)
    opened.settle()
    assert opened.shell.place == "volunteers.activities"
    opened.press(Qt.Key.Key_Backtab, CTRL | Qt.KeyboardModifier.ShiftModifier)
    opened.settle()
    assert opened.shell.place == "volunteers"
    opened.shell.open("volunteers.activities")
    opened.shell.open_section("工作台")
    opened.shell.open_section("志愿积分")
    assert opened.shell.place == "volunteers.activities", "a section is opened where it was left"


def test_tabs_of_a_section_stand_still_when_another_comes_to_the_front(opened: Desk) -> None:
    places = {}
    for place in ("volunteers", "volunteers.points", "volunteers.shop"):
        opened.shell.open(place)
        opened.settle()
        page = opened.shell.page
        assert page is not None
        tabs = page.siblings
        places[place] = {tab.text(): tab.x() for tab in tabs._tabs[:6]}
        assert tabs.front == opened.shell.specs[place].title
        assert not page.title.isVisible(), "the marked tab says where I am"
        assert tabs.x() == 0
    assert len({tuple(one.items()) for one in places.values()}) == 1


def test_filters_name_what_a_reference_stands_for(opened: Desk) -> None:
    opened.shell.open("volunteers.points")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    reader = opened.shell.session.reader
    units = {row["id"]: row["name"] for row in reader.all("SELECT id, name FROM unit")}
    opened.qtbot.waitUntil(lambda: bool(page.filters._counts.get("unit_id")))
    menu = page.filters._buttons["unit_id"].menu()
    menu.aboutToShow.emit()
    words = [action.text().partition("　")[0] for action in menu.actions() if action.isCheckable()]
    whole = {word for word in words if word.endswith("及下级")}
    assert whole, "a community takes in its grids"
    assert {word.removesuffix("及下级") for word in words} <= set(units.values())
    alone = next(word for word in words if word not in whole)
    chosen = next(row for row, name in units.items() if name == alone)
    page.filters.set_equal("unit_id", chosen)
    assert page.filters._buttons["unit_id"].text() == f"归口组织：{alone}"


def test_what_waits_is_counted_and_opens_its_place(opened: Desk) -> None:
    opened.shell.recount()
    opened.settle()
    work = {place: items for place, items in opened.shell.work.items() if items}
    waiting = sum(item.count for items in work.values() for item in items)
    assert waiting > 0
    assert sum(item.badge for item in opened.shell.navigation.items.values()) == waiting
    opened.shell.open("home")
    opened.settle()
    home = opened.shell.page
    assert isinstance(home, HomePage)
    opened.qtbot.waitUntil(lambda: home.work.count() > 0)
    assert [card.value.text() for card in home.cards if not card.value.text()] == []
    item = home.work.item(0).data(257)
    assert isinstance(item, WorkItem)
    home.work.setFocus()
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.shell.place == item.place


def test_help_names_the_keys_of_the_page_and_gives_the_keyboard_back(opened: Desk) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    before = QApplication.focusWidget()
    opened.press(Qt.Key.Key_F1)
    assert opened.shell.help.isVisible()
    assert opened.shell.help.words.text()
    opened.press(Qt.Key.Key_Escape)
    assert not opened.shell.help.isVisible()
    assert QApplication.focusWidget() is before


def test_going_to_a_register_opens_the_row(opened: Desk) -> None:
    session = opened.window.session
    assert session is not None
    row_id = session.reader.value("SELECT id FROM volunteer ORDER BY number DESC LIMIT 1")
    session.go("volunteers", row_id)
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    opened.qtbot.waitUntil(lambda: page.table.current_id() == row_id)
    session.go("no such place")
    assert opened.shell.place == "volunteers"


def test_every_control_of_every_page_has_a_name(opened: Desk) -> None:
    nameless: list[str] = []
    kinds = (QLineEdit, QPlainTextEdit, QAbstractButton, QAbstractItemView)
    for place in opened.shell.specs:
        opened.shell.open(place)
        opened.settle()
        page = opened.shell.page
        assert page is not None
        for kind in kinds:
            for widget in page.findChildren(kind):
                if not widget.isVisible() or widget.objectName().startswith("qt_"):
                    continue
                if isinstance(widget, QAbstractItemView) and widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
                    continue  # headers, and parts of a table that only show: the table itself has the name
                seen = QAccessible.queryAccessibleInterface(widget)
                if not seen.text(QAccessible.Text.Name).strip():
                    nameless.append(f"{place}: {type(widget).__name__} {widget.objectName()}")
    assert nameless == []


def test_a_fault_of_the_program_is_told_and_reported(opened: Desk, tmp_path: Path) -> None:
    page = opened.shell.page
    assert page is not None
    nobody: dict[str, str] = {}
    opened.window.jobs.read(page, lambda: nobody["secret name"], lambda _none: None)
    opened.qtbot.waitUntil(lambda: "程序出了问题" in page.messages.text)
    reports = list((tmp_path / "state" / "crashes").glob("*.txt"))
    assert len(reports) == 1
    text = reports[0].read_text(encoding="utf-8")
    assert "KeyError" in text
    assert "secret name" not in text


def test_a_refusal_nobody_took_is_shown_on_the_page(opened: Desk) -> None:
    opened.window.jobs.refused.emit("磁盘已满，没有保存")
    assert opened.shell.page is not None
    assert opened.shell.page.messages.text == "磁盘已满，没有保存"


def test_leaving_with_typed_text_asks_and_keeps_it(opened: Desk) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    page.edit()
    opened.type("x")
    opened.answer = Leaving.STAY
    assert not opened.window.close()
    assert len(opened.asked) == 1
    assert opened.asked[0][0].startswith("志愿者：")
    assert opened.window.isVisible()
    opened.answer = Leaving.DISCARD
    assert opened.window.close()


def test_another_text_size_makes_the_pages_anew(opened: Desk) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    opened.shell.open("system")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, SystemPage)
    before = opened.shell
    try:
        page.scale_buttons[1.25].click()
        opened.settle()
        assert opened.shell is not before
        assert opened.shell.place == "system"
        assert opened.shell.navigation.width() == 230
        assert opened.memory.get("window/scale") == 1.25
    finally:
        look().change(scale=1.0)
        opened.settle()


def test_pages_out_of_sight_are_not_dressed_anew(opened: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    page.edit()
    opened.type("x")
    for place in ("orders", "fund.book", "system"):
        opened.shell.open(place)
        opened.settle()
    system = opened.shell.page
    assert isinstance(system, SystemPage)
    dressed: list[set[str]] = []
    apply = Look.apply

    def noted(self: Look, application: QApplication) -> None:
        here = opened.shell.session  # a window of an earlier test may not be gone yet
        dressed.append(
            {
                widget.title.text()
                for widget in application.allWidgets()
                if isinstance(widget, Page) and widget.session is here
            }
        )
        apply(self, application)

    monkeypatch.setattr(Look, "apply", noted)
    try:
        system.theme_buttons["高对比度"].click()
        opened.qtbot.waitUntil(lambda: bool(dressed), timeout=5_000)
        assert dressed == [{page.title.text(), system.title.text()}], (
            "what is in front, and what is half typed"
        )
        assert system.theme_buttons["高对比度"].property("chosen")
        opened.shell.open("volunteers")
        assert page.panel.form_dirty
        opened.shell.open("orders")
        opened.settle()
        assert opened.shell.page is opened.shell.pages["orders"]
    finally:
        look().change(palette=LIGHT)
        opened.settle()


def test_another_text_size_does_not_cost_what_was_typed(opened: Desk) -> None:
    opened.shell.open("volunteers")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    page.edit()
    opened.type("x")
    before = opened.shell
    try:
        look().change(scale=1.1)
        opened.settle()
        assert opened.shell is before
        assert page.panel.form_dirty
        assert "还有没保存的内容" in page.messages.text
    finally:
        look().change(scale=1.0)
        opened.settle()


def test_the_window_comes_back_as_it_was_left(
    opened: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.window.resize(1240, 720)
    QApplication.processEvents()
    opened.window.close()
    again = MainWindow(opened.offices, WindowMemory(tmp_path / "state"))
    qtbot.addWidget(again)
    assert again.height() == 720, "the width is bounded by the offscreen screen"
    assert opened.offices.last_used() == tmp_path / "演示单位.hongyao"
    again.jobs.close()


def test_the_question_on_leaving_keeps_what_was_typed_unless_told_otherwise(
    qapp: QApplication, qtbot: QtBot
) -> None:
    from PySide6.QtCore import QTimer

    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def answer(word: str) -> None:
        box = qapp.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, lambda: answer(word))
            return
        assert box.text() == "还有没保存的内容"
        next(button for button in box.buttons() if button.text() == word).click()

    for wanted in Leaving:
        QTimer.singleShot(0, lambda to=wanted.value: answer(to))
        assert ask_on_leaving(window, ["志愿者：张三"], True) is wanted

    def escape() -> None:
        box = qapp.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, escape)
            return
        assert [button.text() for button in box.buttons()].count("留着，下次接着填") == 0
        QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, escape)
    assert ask_on_leaving(window, ["操作员：新增操作员"], False) is Leaving.STAY


def test_a_backup_is_one_key_and_shows_below(opened: Desk) -> None:
    opened.settle()
    assert opened.shell.status.file_state.text().endswith("还没有备份")
    opened.shell.open("system")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, SystemPage)
    assert page.backup_words.text().startswith("还没有备份过")
    opened.press(Qt.Key.Key_F7)
    opened.qtbot.waitUntil(lambda: page.messages.text.startswith("已备份到 "), timeout=20_000)
    opened.settle()
    assert page.backup_words.text().startswith("最近一次备份：")
    assert Path(page.messages.text.removeprefix("已备份到 ")).is_file()
    opened.shell.open("home")
    opened.settle()
    assert "已备份 " in opened.shell.status.file_state.text()


def test_the_file_is_proved_unchanged_from_the_window(opened: Desk) -> None:
    opened.shell.open("system")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, SystemPage)
    assert page.head_label.text().startswith("当前校验值")
    opened.press(Qt.Key.Key_F8)
    opened.qtbot.waitUntil(lambda: "核对无误" in page.result.text(), timeout=20_000)
    assert page.progress.isHidden()
    page._show_result(
        Checked(False, 1, 1, "", tuple(Problem(Level.ERROR, "x", f"第 {n} 处") for n in range(7)))
    )
    assert "还有 2 处" in page.result.text()
    page.theme_buttons["高对比度"].click()
    opened.qtbot.waitUntil(lambda: look().palette is HIGH_CONTRAST)
    page.theme_buttons["普通"].click()
    opened.qtbot.waitUntil(lambda: look().palette is LIGHT)


def test_a_memory_that_cannot_be_read_is_no_memory(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path)
    memory.put("a", [1, 2.5, "三"])
    memory.keep()
    assert WindowMemory(tmp_path).get("a") == [1, 2.5, "三"]
    memory._settings.setValue("b", "{broken")
    assert memory.get("b") is None
    assert memory.get("c") is None


def test_help_closes_although_what_had_the_keyboard_is_gone(opened: Desk) -> None:
    opened.shell.open("people")
    opened.settle()
    page = opened.shell.page
    assert isinstance(page, RegisterPage)
    passing = QLineEdit(page)
    passing.show()
    passing.setFocus()
    opened.press(Qt.Key.Key_F1)
    assert opened.shell.help.isVisible()
    delete(passing)
    opened.press(Qt.Key.Key_Escape)
    assert not opened.shell.help.isVisible()
    assert page.table.view.hasFocus()
