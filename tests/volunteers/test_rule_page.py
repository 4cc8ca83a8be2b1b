"""Year ends, the rule bench and the points ledger on the screen: what they say, and what becomes of a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Role, Writer
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.rows import RowQuery
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page import PAGES
from hongyao_desktop.volunteers.page.care.rules import RulePage
from hongyao_desktop.volunteers.page.tabs import RowsTab
from hongyao_desktop.volunteers.queries import tracing
from hongyao_desktop.volunteers.queries import year_end as year_end_queries
from hongyao_desktop.volunteers.rules.forms import form_of
from hongyao_desktop.volunteers.service import enrolment, points, rule_sets, year_end
from tests.screens import SECONDS
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over
from tests.volunteers.shop_office import put_limits

BUILD = {spec.place: spec.build for spec in PAGES}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    assert isinstance(opened.clock, FixedClock)
    opened.clock.set(dt.datetime(2027, 1, 4, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time

    def fill(writer: Writer) -> None:
        put_rules(writer)
        put_limits(writer)
        unit = put_units(writer)["水湾社区"]
        people = [
            enrolment.enrol_volunteer(writer, {"name": name, "unit_id": unit})
            for name in ("曾国兰", "单玥", "单玥")
        ]
        points.award_points(writer, people[0], 900, "优秀", earned_on=dt.date(2024, 6, 1))
        points.award_points(writer, people[0], 500, "优秀", earned_on=dt.date(2026, 6, 1))

    opened.transact("建立单位", fill)
    yield opened
    opened.close()


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def opened(screen: Screen, place: str) -> RegisterPage:
    page = BUILD[place](screen.session)
    screen.show(page)
    assert isinstance(page, RegisterPage)
    return page


def said(screen: Screen, page: Page, words: str) -> None:
    screen.qtbot.waitUntil(lambda: words in page.messages.text, timeout=SECONDS)
    screen.settle()


def test_a_year_end_taken_back_still_says_what_it_took(screen: Screen, office: Office) -> None:
    batch = office.transact("清零", year_end.run_year_end).result
    office.transact("撤回", lambda w: year_end.withdraw_year_end(w, batch, "会议没有通过"))
    rows = year_end_queries.taken_by(office.reader(), batch)
    assert [(row["points"], row["state"]) for row in rows] == [(-900, "已冲正")]
    page = opened(screen, "volunteers.expiries")
    screen.qtbot.waitUntil(lambda: page.panel.label == "清2027-01", timeout=SECONDS)
    assert page.panel.row is not None
    assert [verb.label for verb in page.parts.verbs if verb.shows and verb.shows(page.panel.row)] == []


def test_a_question_has_the_keyboard_and_no_leads_back_to_the_button_of_the_step(
    screen: Screen, office: Office
) -> None:
    page = opened(screen, "volunteers.expiries")
    page.add()
    screen.hands.save()
    said(screen, page, "1 人共 9 分将清零")
    assert page.messages.property("tone") == "warn"
    button = QApplication.focusWidget()
    assert isinstance(button, QPushButton)
    assert button.text() == "确认无误，清零  Ctrl+S"
    screen.hands.press(Qt.Key.Key_Escape)
    button = QApplication.focusWidget()
    assert isinstance(button, QPushButton)
    assert button.text().startswith("清零")
    screen.hands.save()
    said(screen, page, "已清零")


def test_a_row_of_the_ledger_says_what_it_was_paid_with_and_what_became_of_it(
    screen: Screen, office: Office
) -> None:
    who = office.reader().value("SELECT volunteer_id FROM point_entry WHERE points = 900")
    spent = office.transact("扣减", lambda w: points.deduct_points(w, who, 1000, "活动缺席")).result
    oldest = office.reader().value("SELECT id FROM point_entry WHERE points = 900")
    drew = [row for row in tracing.trace(office.reader(), spent) if row["relation"] == "用了"]
    assert [(row["points"], row["earned_on"]) for row in drew] == [(900, "2024-06-01"), (100, "2026-06-01")]
    became = tracing.trace(office.reader(), oldest)[0]
    assert (became["relation"], became["target"], became["points"]) == ("用于", spent, 900)
    page = opened(screen, "volunteers.points")
    assert [tab.label for tab in page.parts.tabs] == ["来源和去向"]
    went: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: went.append((place, row)))
    page.open_row(spent)
    screen.qtbot.waitUntil(lambda: page.panel.row_id == spent)
    screen.hands.press(Qt.Key.Key_F6)
    assert page.panel.head.tab == 1
    lines = page.panel._stack.currentWidget()
    assert isinstance(lines, RowsTab)
    screen.qtbot.waitUntil(lambda: lines.table.model.rowCount() == 2)
    assert QApplication.focusWidget() is lines.table.view
    screen.hands.enter()
    assert went == [("volunteers.points", oldest)], "Enter follows the line to the award it used"
    screen.hands.press(Qt.Key.Key_F6)
    assert page.panel.head.tab == 0


def test_the_ledger_is_printed_as_it_is_narrowed_down(screen: Screen) -> None:
    page = opened(screen, "volunteers.points")
    went: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: went.append((place, row)))
    query = RowQuery(search="单玥").with_equal("kind", "奖励").with_span("entered_on", "2026-01-01", None)
    page.show_query(query)
    page.run_print()
    ((place, asked),) = went
    assert place == "papers"
    assert dict(parse_qsl(asked.partition("?")[2])) == {
        "register": "积分明细",
        "search": "单玥",
        "where": "类别=奖励；记分日期=2026-01-01..",
    }


def test_a_version_is_set_aside_on_the_rule_page(screen: Screen, office: Office) -> None:
    form = form_of("volunteer-expiry")
    assert form is not None
    values = {**form.to_values(form.blank), "name": "新办法", "source": "会议", "effective_on": "2027-03-01"}
    spare = office.transact("规则", lambda w: rule_sets.add_version(w, form, values)).result
    page = RulePage(screen.session)
    screen.show(page)
    screen.settle()
    page.open_row(spare)
    screen.settle()
    assert page.version.heading.text() == "积分结转办法　未生效"
    page.version.ask_stop()
    assert page.version.form is not None
    assert page.version.form.isHidden()
    screen.hands.write("会议没有通过")
    screen.hands.save()
    said(screen, page, "已停用")
    assert office.reader().value("SELECT status FROM rule_set WHERE id = ?", (spare,)) == "停用"
    screen.qtbot.waitUntil(page.version.stop_button.isHidden, timeout=SECONDS)
    assert not page.version.form.isHidden()


def test_the_longest_state_of_a_version_is_not_cut(screen: Screen) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    screen.settle()
    view = page.table.view
    states = view.model().columnCount() - 1
    right = view.columnViewportPosition(states) + view.columnWidth(states)
    assert right <= view.viewport().width(), "with the bar for scrolling beside it"
    for state in ("现行", "未生效", "未收入", "停用"):
        assert view.fontMetrics().horizontalAdvance(state) + 16 <= view.columnWidth(states)


def test_who_may_not_decide_about_rules_tries_them_out_and_is_offered_no_version(
    screen: Screen, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = replace(screen.session.who, roles=frozenset({Role.AUDITOR}))
    monkeypatch.setattr(type(screen.session), "who", property(lambda _session: auditor))
    page = RulePage(screen.session)
    screen.show(page)
    page.enter()
    screen.settle()
    assert page.messages.text == "规则由有“审核、审批”权限的同事修改，这里可以查看和试算"
    assert page.version.save_button.isHidden()
    assert page.bench.result.text()
    assert "Ctrl+S" not in dict(page.keys())
    page.messages.dismiss()
    screen.hands.save()
    assert "查看和试算" in page.messages.text


def test_a_case_that_cannot_be_read_is_said_and_compared_with_nothing(screen: Screen) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    screen.settle()
    screen.hands.press(Qt.Key.Key_F6)
    screen.hands.write("0.62")
    screen.qtbot.waitUntil(lambda: "小时不是整分钟" in page.bench.result.text(), timeout=SECONDS)
    assert page.bench.result.property("tone") == "bad"
    assert page.bench.current.text() == ""


def test_on_a_narrow_page_form_and_bench_take_turns_with_the_list(screen: Screen) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    page.resize(1300, 700)
    screen.settle()
    assert [part.isVisible() for part in (page.table, page.version.heading, page.bench.result)] == [
        True,
        True,
        True,
    ]
    assert page.version.bench_button.isHidden()
    page.resize(800, 600)
    screen.settle()
    assert [part.isVisible() for part in (page.table, page.version.heading, page.bench.result)] == [
        True,
        True,
        False,
    ]
    screen.hands.press(Qt.Key.Key_F6)
    screen.settle()
    assert [part.isVisible() for part in (page.table, page.version.heading, page.bench.result)] == [
        False,
        True,
        True,
    ]
    assert page.bench.trial is not None
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.bench.trial.isAncestorOf(focus)
    screen.hands.press(Qt.Key.Key_Escape)
    screen.settle()
    assert [part.isVisible() for part in (page.table, page.version.heading, page.bench.result)] == [
        True,
        True,
        False,
    ]
    assert QApplication.focusWidget() is page.table.view
    screen.hands.press(Qt.Key.Key_F8)
    screen.settle()
    assert QApplication.focusWidget() is page.bench.change_button
    screen.qtbot.waitUntil(lambda: "没有登记服务" in page.bench.change.text(), timeout=SECONDS)


def test_another_year_end_rule_says_what_it_would_clear_today(screen: Screen, office: Office) -> None:
    page = RulePage(screen.session)
    screen.show(page)
    screen.settle()
    running = office.reader().value("SELECT id FROM rule_set WHERE kind = 'volunteer-expiry'")
    page.open_row(running)
    screen.settle()
    assert page.version.form is not None
    assert page.bench.trial is not None
    assert page.bench.trial.boxes["day"].entry.text() == "2027-01-04", "the bench begins with today"
    page.version.form.boxes["years"].entry.set_text("0")
    page.version.form.boxes["mode"].entry.set_text("清零")
    page.ask_change()
    screen.qtbot.waitUntil(lambda: "现行" in page.bench.change.text(), timeout=SECONDS)
    assert page.bench.change.text().splitlines()[:2] == [
        "假如今天清零，按这一版：2026年12月31日以前得到的，1 人共 14 分",
        "按现行的一版：2024年12月31日以前得到的，1 人共 9 分",
    ]
    page.version.form.boxes["mode"].entry.set_text("不清零")
    page.ask_change()
    screen.qtbot.waitUntil(lambda: "长期有效" in page.bench.change.text(), timeout=SECONDS)
