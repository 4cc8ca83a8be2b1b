"""Saving a form of a register: objections under their inputs, a question answered by keyboard, undo, refusals."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.register_page import RegisterPage
from tests.kit.keyboard import focused, hold, press
from tests.kit.office import FakeOffice
from tests.kit.people_page import entry_text


def test_edit_and_save_by_keyboard(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    press("↓")
    QApplication.processEvents()
    assert page.new_button.property("primary") is True
    page.edit()
    assert focused() is page.panel.form.boxes["name"].entry.editor()
    page.panel.form.focus_field("note")
    press("熟悉电脑")
    assert page.panel.buttons.save.property("primary") is True
    assert page.new_button.property("primary") is False
    press("\n")
    assert focused() is page.panel.buttons.save, "Enter in the last field goes on to 保存"
    press("\n")
    qtbot.waitUntil(lambda: page.messages.text.startswith("已保存 单玥"))
    assert office.reader().value("SELECT note FROM people WHERE id = 'p000001'") == "熟悉电脑"
    assert office.ops == [("修改志愿者", None)]
    assert page.panel.buttons.save.property("primary") is False
    settle()
    assert page.table.current_id() == "p000001"


def test_a_changed_name_is_told_as_it_was_saved(page: RegisterPage, qtbot: QtBot) -> None:
    page.edit()
    page.panel.form.focus_field("name")
    hold(Qt.Key.Key_A)
    press("章琛")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "已保存" in page.messages.text)
    assert page.messages.text.startswith("已保存 章琛")


def test_saving_is_undone_from_the_message(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    page.edit()
    page.panel.form.focus_field("note")
    press("错了\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "已保存" in page.messages.text)
    page.messages._action.click()
    qtbot.waitUntil(lambda: page.messages.text == "已撤销：修改志愿者")
    settle()
    assert office.reader().value("SELECT note FROM people WHERE id = 'p000000'") is None
    assert entry_text(page, "note") == ""


def test_objections_appear_under_their_inputs_and_nothing_is_written(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot
) -> None:
    hold(Qt.Key.Key_N)
    assert page.panel.head.name_label.text() == "新增志愿者"
    press("张三\n")
    hold(Qt.Key.Key_S)
    assert page.messages.text == "还有 1 处要改：证件号码还没有填"
    assert focused() is page.panel.form.boxes["id_number"].entry.editor()
    assert office.ops == []


def test_a_question_is_answered_once(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    hold(Qt.Key.Key_N)
    press("单玥\n\n11010519491231002X\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "是不是同一个人" in page.messages.text)
    assert office.ops == []
    page.messages._action.click()
    qtbot.waitUntil(lambda: office.ops == [("登记志愿者", None)])
    qtbot.waitUntil(lambda: page.messages.text.startswith("已新增 单玥"))
    qtbot.waitUntil(lambda: entry_text(page, "name") == "单玥")
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 25)


def asked_about_a_name(office: FakeOffice, page: RegisterPage, qtbot: QtBot) -> None:
    """A new 单玥 stands in the form, and the page asks whether she is the one already on file."""
    hold(Qt.Key.Key_N)
    press("单玥\n\n11010519491231002X\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "是不是同一个人" in page.messages.text)
    assert focused() is page.messages._action, "the keyboard is on the answer"
    assert office.ops == []


def test_enter_says_yes_to_a_question(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    asked_about_a_name(office, page, qtbot)
    press("\n")
    qtbot.waitUntil(lambda: page.messages.text.startswith("已新增 单玥"))
    assert office.ops == [("登记志愿者", None)]
    assert page.panel.form.isAncestorOf(focused()), (
        "where Ctrl+S leaves it; the next Enter must not take it back"
    )


def test_the_key_that_led_to_a_question_answers_it(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot
) -> None:
    asked_about_a_name(office, page, qtbot)
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.messages.text.startswith("已新增 单玥"))
    assert office.ops == [("登记志愿者", None)]


def test_esc_says_no_to_a_question_and_leads_back_to_what_it_is_about(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot
) -> None:
    asked_about_a_name(office, page, qtbot)
    press("⎋")
    assert focused() is page.panel.form.boxes["name"].entry.editor()
    qtbot.waitUntil(lambda: page.messages.text == "")
    assert page.panel.form_dirty
    assert office.ops == []


def test_what_is_typed_after_a_question_takes_it_away(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot
) -> None:
    asked_about_a_name(office, page, qtbot)
    page.panel.form.focus_field("name")
    press("单阅")
    qtbot.waitUntil(lambda: page.messages.text == "")
    assert focused() is page.panel.form.boxes["name"].entry.editor()
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: len(office.ops) == 1)
    qtbot.waitUntil(lambda: page.messages.text.startswith("已新增"))


def test_a_refusal_keeps_what_was_typed(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    hold(Qt.Key.Key_N)
    press("不许\n\n11010519491231002X\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.messages.text == "这个名字今天不能登记，请明天再试")
    assert entry_text(page, "name") == "不许"
    assert page.panel.form_dirty
    assert office.ops == []
