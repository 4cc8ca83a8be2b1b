"""工作日设置 with the keyboard, and what follows it: the end of a notice."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.printing.papers import find_paper, request_for
from hongyao_desktop.app.window.workdays_page import WorkdaysPage
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.workdays import add_workdays
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.people.papers import notice_span
from hongyao_desktop.store import Office
from tests.app.demonstrations import copied
from tests.screens import SECONDS, shown

CONTACT = {"phone": "0512-65001234", "place": "街道党群服务中心", "start": "2026-11-23"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_file(copied(tmp_path), "赵审核", PASSWORD) as opened:
        yield opened


@pytest.fixture
def page(office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[WorkdaysPage]:
    with shown(office, tmp_path, qapp, qtbot, WorkdaysPage) as made:
        yield made


def notice_ends(office: Office) -> dt.date:
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 11, 20))
    request = request_for(office, find_paper("volunteer-notice"), period, None, CONTACT)
    return notice_span(request).last


def test_days_off_are_added_counted_with_and_taken_back(
    page: WorkdaysPage, office: Office, qtbot: QtBot
) -> None:
    assert page.form.boxes["first"].entry.editor().hasFocus()
    assert notice_ends(office) == dt.date(2026, 11, 27)
    page.form.set_value("first", "2026-11-24")
    page.form.set_value("last", "2026-11-25")
    page.form.set_value("note", "防汛值守后补休")
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已更正 2 天" in page.messages.text, timeout=SECONDS)
    assert office_workdays(office.reader()) == {dt.date(2026, 11, 24): False, dt.date(2026, 11, 25): False}
    assert notice_ends(office) == dt.date(2026, 12, 1)
    qtbot.waitUntil(lambda: len(page._rows) == 2, timeout=SECONDS)
    page.table.select(0)
    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已撤回 1 天" in page.messages.text, timeout=SECONDS)
    assert office_workdays(office.reader()) == {dt.date(2026, 11, 24): False}
    assert notice_ends(office) == dt.date(2026, 11, 30)


def test_a_span_that_ends_before_it_begins_is_said_at_its_place(page: WorkdaysPage, office: Office) -> None:
    page.form.set_value("first", "2027-02-08")
    page.form.set_value("last", "2027-02-01")
    page.add()
    assert page.form.boxes["last"].hint.text == "早于起始日期，请核对"
    assert office_workdays(office.reader()) == {}


def test_a_half_typed_correction_is_kept_until_it_is_added(
    page: WorkdaysPage, office: Office, qtbot: QtBot
) -> None:
    assert (page.drafts(), page.unsaved()) == ((), None)
    page.form.set_value("first", "2026-11-24")
    page.form.set_value("note", "防汛值守后")
    [kept] = page.drafts()
    assert page.unsaved() == "工作日设置里有一处更正还没有添加"
    page.form.load({"kind": "放假"})
    assert page.drafts() == ()
    page.put_back(kept)
    assert page.form.value("note") == "防汛值守后"
    assert office_workdays(office.reader()) == {}, "putting back corrects nothing"
    page.add()
    qtbot.waitUntil(lambda: "已更正 1 天" in page.messages.text, timeout=SECONDS)
    assert (page.drafts(), page.unsaved()) == ((), None)


def test_an_order_is_due_by_the_corrected_days(page: WorkdaysPage, office: Office, qtbot: QtBot) -> None:
    from hongyao_desktop.orders.queries import lookups
    from hongyao_desktop.orders.records.states import State
    from hongyao_desktop.orders.rules.limits import due_day

    page.form.set_value("first", "2026-11-24")
    page.form.set_value("last", "2026-11-27")
    page.add()
    qtbot.waitUntil(lambda: "已更正 4 天" in page.messages.text, timeout=SECONDS)
    rules = lookups.rules(office.reader())
    since = dt.date(2026, 11, 23)
    limits = rules.limits.nearest(since)
    state = State.ASKED
    channel = rules.lists.nearest(since).channels[0]
    plain = due_day(limits, state, channel, since)
    late = due_day(limits, state, channel, since, overrides=rules.workdays)
    assert plain is not None
    assert late == add_workdays(since, limits.days_for(state, channel), office_workdays(office.reader()))
    assert late > plain


def test_who_may_not_correct_reads_and_is_told_who_may(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    with (
        open_file(copied(tmp_path), "李静", PASSWORD) as office,
        shown(office, tmp_path, qapp, qtbot, WorkdaysPage) as page,
    ):
        qtbot.waitUntil(lambda: "由审核、审批人员或系统管理员办理" in page.told.text(), timeout=SECONDS)
        assert not page.form.isVisible()
        assert page.keys() == (("Esc", "返回"),)
