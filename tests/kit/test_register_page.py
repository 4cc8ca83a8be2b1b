"""The page of a register, by keyboard: search, filters, editing, drafts, saving with objections, undo, verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from hongyao_desktop.core.desk import Desk, Row, Writer
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from tests.kit.conftest import Shown
from tests.kit.keyboard import focused, hold, press
from tests.kit.office import DESK, PEOPLE, FakeOffice
from tests.kit.people_page import PARTS, REASON, STOP, entry_text


def test_the_first_row_is_shown_with_its_facts(page: RegisterPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.panel.head.note.text() == "共 24 人")
    assert page.panel.head.name_label.text() == "王喆堃"
    assert page.panel.head.subtitle.text() == "水湾-0231"
    assert page.panel.head.state.text() == "● 在册"
    assert focused() is page.table.view


def test_arrows_walk_the_list_and_the_form_follows(page: RegisterPage) -> None:
    press("↓↓")
    assert entry_text(page, "name") == "尉迟建国"
    press("↑")
    assert entry_text(page, "name") == "单玥"


def test_search_by_initials_then_enter_goes_to_the_list(
    page: RegisterPage, settle: Callable[[], None]
) -> None:
    hold(Qt.Key.Key_F)
    assert focused() is page.search
    press("ycjg")
    settle()
    assert page.table.model.rowCount() == 1
    press("\n")
    settle()
    assert focused() is page.table.view
    assert entry_text(page, "name") == "尉迟建国"
    press("⎋")
    settle()
    assert page.search.text() == ""
    assert page.table.model.rowCount() == 24


def test_nothing_found_says_how_to_go_on(
    page: RegisterPage, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    hold(Qt.Key.Key_F)
    press("xxxx")
    settle()
    assert page.table.empty.isVisible()
    qtbot.waitUntil(page.panel.nothing.isVisible)
    assert page.panel.nothing.teaching == "", "there is no row at the left to choose"
    page.table.empty.buttons()[0].click()
    settle()
    assert page.table.model.rowCount() == 24


def test_views_are_counted_and_narrow_the_list(
    page: RegisterPage, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    labels = [tab.text() for tab in page.filters.tabs]
    qtbot.waitUntil(lambda: page.filters.tabs[0].text() == "全部 24", timeout=5000)
    assert [tab.text() for tab in page.filters.tabs] == ["全部 24", "待审核 3", "在册 21", "停用"], labels
    page.filters.choose_view(1)
    settle()
    assert page.table.model.rowCount() == 3
    page.filters.choose_view(0)
    page.filters.set_equal("grid", "一网格")
    settle()
    assert page.table.model.rowCount() == 6
    page.filters.set_span("minutes", 0, 600)
    settle()
    assert page.table.model.rowCount() < 6
    page.clear_query()
    settle()
    assert page.table.model.rowCount() == 24


def test_the_keyboard_stays_where_a_list_runs_empty_and_comes_back_with_it(
    page: RegisterPage, settle: Callable[[], None]
) -> None:
    page.table.view.setFocus()
    page.filters.choose_view(3)
    settle()
    assert page.table.model.rowCount() == 0
    assert focused() is page.table.empty.buttons()[0], "Enter lifts the conditions"
    press("⎋")
    assert focused() is page.table.empty.buttons()[0]
    page.filters.choose_view(3)
    page.clear_query()
    page.filters.choose_view(3)
    settle()
    press("\n")
    settle()
    assert page.table.model.rowCount() == 24
    assert focused() is page.table.view


def test_a_span_that_is_being_asked_goes_with_its_page(
    page: RegisterPage, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    page.filters._ask_span(PEOPLE.field("insured_until"))
    page.filters._ask_span(PEOPLE.field("minutes"))
    panel = page.filters._panel
    assert panel is not None
    assert PEOPLE.field("minutes").label in [label.text() for label in panel.findChildren(QLabel)]
    settle()
    assert page.filters._panel is panel, "the one before it is gone for good, and takes nothing along"
    page.hide()
    assert panel.isHidden(), "it floated over the next page, with the keyboard"
    qtbot.waitUntil(lambda: not isValid(panel))
    page.show()
    assert not page.filters.close_panel()


def test_a_span_is_typed_and_read_like_a_field(page: RegisterPage, settle: Callable[[], None]) -> None:
    page.filters._ask_span(PEOPLE.field("insured_until"))
    panel = page.filters._panel
    assert panel is not None
    panel.first.setFocus()
    press("明年\n")
    press("12.31\n")
    assert "明年" in panel._finding.text()
    panel.first.setText("1.1")
    panel.confirm()
    settle()
    assert focused() is page.table.view, "the panel is gone; keys of the page work on"
    assert page.query.spans == (("insured_until", "2026-01-01", "2026-12-31"),)
    assert [
        chip.text() for chip in page.filters.findChildren(QPushButton, "chip") if not chip.isHidden()
    ] == ["保险到期：2026-01-01 至 2026-12-31  ×"]


def test_the_status_line_counts_and_sums(
    page: RegisterPage, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    qtbot.waitUntil(lambda: "合计" in page.status.words.text())
    assert page.status.words.text().endswith("共 24 条　　合计：时长 8,844.5，积分 88,445")
    hold(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.status.words.text().endswith("选中 2 条：时长 410.5，积分 4,105")


def test_a_header_orders_the_list_both_ways(page: RegisterPage, settle: Callable[[], None]) -> None:
    page.table._sort(5)
    settle()
    first = page.table.model.row(0)
    assert first is not None
    assert first["minutes"] == 420 * 6
    page.table._sort(5)
    settle()
    last = page.table.model.row(0)
    assert last is not None
    assert last["minutes"] == 10060 * 6
    assert page.status.order.text() == "按时长排序"


def test_what_others_save_leaves_a_half_typed_record_alone(
    page: RegisterPage, session: Session, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    hold(Qt.Key.Key_N)
    press("李新")
    done: list[str] = []
    session.write(
        page, "改名", lambda w: w.update("people", "p000000", {"sex": "女"}), lambda _none: done.append("x")
    )
    qtbot.waitUntil(lambda: bool(done))
    settle()
    assert entry_text(page, "name") == "李新"
    assert page.panel.adding
    assert page.messages.text == ""


def test_typed_text_survives_going_elsewhere_and_back(page: RegisterPage, settle: Callable[[], None]) -> None:
    page.edit()
    page.panel.form.focus_field("note")
    press("改到一半")
    press("⎋")
    assert focused() is page.table.view
    press("↓")
    assert "王喆堃的修改还没有保存" in page.messages.text
    assert page.unsaved() == "志愿者：王喆堃"
    assert entry_text(page, "note") == ""
    page.messages._action.click()
    settle()
    assert page.table.current_id() == "p000000"
    assert entry_text(page, "note") == "改到一半"
    assert page.panel.form_dirty


def test_a_new_row_survives_too(page: RegisterPage, settle: Callable[[], None]) -> None:
    hold(Qt.Key.Key_N)
    press("李新")
    press("⎋↓")
    settle()
    assert "新" in page.messages.text
    hold(Qt.Key.Key_N)
    assert entry_text(page, "name") == "李新"


def test_undo_takes_back_typing_first(page: RegisterPage) -> None:
    page.edit()
    page.panel.form.focus_field("note")
    press("不要了")
    page.undo()
    assert entry_text(page, "note") == ""
    assert not page.panel.form_dirty


def test_a_look_at_a_secret_number_is_logged_before_it_shows(
    page: RegisterPage, office: FakeOffice, qtbot: QtBot
) -> None:
    box = page.panel.form.boxes["id_number"]
    assert box.entry.text() == "110105********002X"
    box.entry.button.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: box.entry.text() == "11010519491231002X")
    assert office.reader().all("SELECT * FROM looked") == [
        {"register": "people", "row_id": "p000000", "field": "id_number"}
    ]


def test_what_others_save_appears_and_the_place_is_kept(
    page: RegisterPage, session: Session, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    press("↓↓↓")
    done: list[str] = []
    session.write(
        page,
        "改名",
        lambda writer: writer.update("people", "p000005", {"name": "李平"}),
        lambda _none: done.append("x"),
    )
    qtbot.waitUntil(lambda: bool(done))
    settle()
    row = page.table.model.row(5)
    assert row is not None
    assert row["name"] == "李平"
    assert page.table.current_id() == "p000003"


def test_a_verb_has_its_own_form_and_reason(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    page.panel.run_verb(STOP)
    press("搬走了\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.messages.text == "已停用")
    assert office.ops == [("停用", "搬走了")]
    qtbot.waitUntil(lambda: page.panel.head.state.text() == "● 停用")
    assert not page.panel.verb_open


def test_a_verb_is_left_without_doing_it(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    page.panel.run_verb(STOP)
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "还有 1 处要改" in page.messages.text)
    page.messages.clear()
    press("⎋")
    assert not page.panel.verb_open
    assert office.ops == []
    assert focused() is page.table.view


def test_a_refused_verb_says_why_and_stays(page: RegisterPage, office: FakeOffice, qtbot: QtBot) -> None:
    page.panel.run_verb(STOP)
    press("不许\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.messages.text == "今天不能停用")
    verb = page.panel._verb
    assert verb is not None
    assert verb.form.isAncestorOf(focused()), "the next Enter must not press 返回"
    assert page.panel.verb_open
    assert office.ops == []


def test_a_ledger_is_read_and_written_by_verbs_only(
    session: Session, shown: Shown, office: FakeOffice, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    def enter(writer: Writer, values: Row, row: Row | None) -> str:
        assert row is None
        return writer.insert(
            "people", {"name": values["reason"], "number": "水湾-0001", "phone": "1", "status": "在册"}
        )

    ledger = Desk(register=PEOPLE)
    parts = RegisterPageParts(
        verbs=(Verb(label="登记一笔", fields=(REASON,), run=enter, needs_row=False, done="已登记"),)
    )
    page = RegisterPage(session, ledger, parts)
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: page.table.current_id() == "p000000")
    settle()
    assert page.panel._stack.currentWidget() is page.panel.sheet
    assert not page.panel.buttons.save.isVisible()
    assert "F2" not in dict(page.keys())
    hold(Qt.Key.Key_N)
    press("捐款\n")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.messages.text == "已登记")
    assert office.ops == [("登记一笔", None)]


def test_a_step_that_is_taken_again_and_again_stays_open_and_says_whose_it_was(
    session: Session, shown: Shown, office: FakeOffice, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    often = replace(
        STOP, repeats=True, done="", told=lambda _reader, _row_id, values: f"记下了{values['reason']}"
    )
    page = RegisterPage(session, DESK, replace(PARTS, verbs=(often,)))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: page.table.current_id() != "")
    settle()
    row_id = page.table.current_id()
    page.panel.run_verb(often)
    for reason in ("外出", "生病"):
        press(reason)
        hold(Qt.Key.Key_S)
        settle()
        assert page.messages.text == f"记下了{reason}"
        qtbot.waitUntil(lambda: page.panel.verb_open)
        assert page.panel.row_id == row_id
        again = page.panel._verb
        assert again is not None
        entry = again.form.boxes["reason"].entry
        assert entry.isAncestorOf(focused())
        assert entry.text() == ""
    press("⎋")
    settle()
    assert not page.panel.verb_open
    assert focused() is page.table.view
    assert office.ops == [("停用", "外出"), ("停用", "生病")]


def test_an_empty_register_teaches_both_ways_to_fill_it(
    session: Session, shown: Shown, office: FakeOffice, qtbot: QtBot
) -> None:
    office.db.execute("DELETE FROM people")
    imported: list[str] = []
    page = RegisterPage(session, DESK, RegisterPageParts(importing=lambda _page: imported.append("x")))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: len(page.table.empty.buttons()) == 2)
    assert [button.text() for button in page.table.empty.buttons()] == ["新增志愿者  Ctrl+N", "从表格导入"]
    page.table.empty.buttons()[1].click()
    assert imported == ["x"]


def test_widths_and_splitter_are_remembered(
    session: Session, shown: Shown, qtbot: QtBot, settle: Callable[[], None], page: RegisterPage
) -> None:
    page.table.view.setColumnWidth(1, 222)
    page.splitter.moveSplitter(600, 1)
    assert session.memory.get("register/people/widths")[1] == 222
    again = RegisterPage(session, DESK, PARTS)
    shown(again)
    again.enter()
    settle()
    assert again.table.view.columnWidth(1) == 222
    assert again.splitter.sizes()[0] == page.splitter.sizes()[0]


def test_the_current_row_stays_in_sight_above_a_message(
    page: RegisterPage, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    last = page.table.visible_span()[1] - 2
    page.table.select(last)
    settle()
    view = page.table.view
    before = view.viewport().height()
    page.say(Tone.BAD, "今天不能停用")
    qtbot.waitUntil(lambda: view.viewport().height() < before)
    assert view.visualRect(page.table.model.index(last, 0)).bottom() < view.viewport().height()


def test_the_only_step_of_a_record_is_a_button_wherever_it_stands_among_all_steps(
    session: Session, shown: Shown, qtbot: QtBot
) -> None:
    def step(label: str, *, offered: bool) -> Verb:
        return Verb(label=label, run=lambda _w, _v, _r: "", shows=lambda _row: offered)

    verbs = (step("领取", offered=False), step("取消", offered=False), step("退回", offered=True))
    page = RegisterPage(session, DESK, replace(PARTS, verbs=verbs))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: bool(page.panel.row_id))
    visible = [button.text() for _verb, button in page.panel.buttons.verbs if button.isVisible()]
    assert visible == ["退回"]
    assert not page.panel.buttons.more.isVisible()
