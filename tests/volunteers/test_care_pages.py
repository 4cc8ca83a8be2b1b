"""The pages that look after points, by keyboard: what they show, what they ask before they act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Changes, Operator, Role, Writer
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page import PAGES, volunteers
from hongyao_desktop.volunteers.page.care.signals import SignalPage
from hongyao_desktop.volunteers.page.tabs import RowsTab
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal
from hongyao_desktop.volunteers.service import (
    conduct,
    enrolment,
    honours,
    merging,
    openings,
    points,
    recording,
)
from hongyao_desktop.volunteers.service.recording import Participant
from tests.screens import SECONDS
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

BUILD = {spec.place: spec.build for spec in PAGES}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    assert isinstance(opened.clock, FixedClock)
    opened.clock.set(dt.datetime(2027, 1, 4, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time

    def fill(writer: Writer) -> None:
        put_rules(writer)
        unit = put_units(writer)["水湾社区"]
        people = [
            enrolment.enrol_volunteer(writer, {"name": name, "unit_id": unit})
            for name in ("曾国兰", "单玥", "单玥")
        ]
        points.award_points(writer, people[0], 900, "优秀", earned_on=dt.date(2024, 6, 1))
        points.award_points(writer, people[0], 500, "优秀", earned_on=dt.date(2026, 6, 1))
        head = Activity(title="义剪", held_on=dt.date(2026, 12, 30), starts_minute=540, ends_minute=660)
        recording.record_activity(writer, head, [Participant(volunteer_id=people[0], minutes=120)])
        conduct.record_incident(writer, people[1], "缺席", dt.date(2026, 12, 30), "没有到")

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


@pytest.mark.parametrize("place", sorted(BUILD))
def test_every_page_opens_and_has_nothing_unsaved(screen: Screen, place: str) -> None:
    page = BUILD[place](screen.session)
    screen.show(page)
    assert page.unsaved() is None
    assert page.title.text()


def test_a_year_end_says_first_what_it_would_take(screen: Screen, office: Office) -> None:
    page = opened(screen, "volunteers.expiries")
    page.add()
    screen.hands.save()
    said(screen, page, "1 人共 9 分将清零")
    assert office.reader().value("SELECT COUNT(*) FROM point_expiry") == 0
    screen.hands.save()
    said(screen, page, "已清零")
    row = office.reader().one("SELECT number, people, points, cutoff_on FROM point_expiry")
    assert row == {"number": "清2027-01", "people": 1, "points": 900, "cutoff_on": "2024-12-31"}
    screen.qtbot.waitUntil(lambda: page.panel.label == "清2027-01", timeout=SECONDS)


def test_a_merge_says_first_what_would_move(screen: Screen, office: Office) -> None:
    page = opened(screen, "volunteers.merges")
    page.add()
    hands = screen.hands
    hands.write("sy")
    hands.enter()
    hands.write("sy")
    hands.press(Qt.Key.Key_Down)
    hands.enter()
    hands.write("身份证核对")
    hands.save()
    said(screen, page, "保留 水湾-000")
    assert "保留 水湾-000" in page.messages.text
    hands.save()
    said(screen, page, "已合并：水湾-000")
    assert "的 0 条时长共 0 小时、0 分转到 水湾-000" in page.messages.text
    row = office.reader().one("SELECT status, reason FROM volunteer_merge")
    assert row == {"status": "有效", "reason": "身份证核对"}
    gone = office.reader().value("SELECT gone_number FROM volunteer_merge_view")
    assert [len(office.search("volunteer_merges", typed)) for typed in ("sy", "单玥", gone, "wjk")] == [
        1,
        1,
        1,
        0,
    ]


def test_two_of_one_name_are_told_apart_and_may_be_two_people(screen: Screen, office: Office) -> None:
    office.transact(
        "生日", lambda w: w.execute("UPDATE person SET birth_on = '1980-05-01' WHERE name = '单玥'")
    )
    page = opened(screen, "volunteers.merges")
    (pair,) = merging.likely_doubles(office.reader())
    page.add()
    form = page.panel._verb
    assert form is not None
    texts = form.form.texts()
    shown = [texts[name]["text"] for name in ("kept_id", "gone_id")]
    assert shown == [f"单玥（{pair['kept_number']}）", f"单玥（{pair['gone_number']}）"]
    form.form.set_value("reason", "电话核实是两个人")
    form.form.set_value("verdict", "不是同一人")
    screen.hands.save()
    said(screen, page, "已记下不是同一人，以后不再列为疑似重复")
    assert office.reader().value("SELECT COUNT(*) FROM volunteer_merge") == 0
    assert merging.likely_doubles(office.reader()) == []


def test_an_incident_shows_names_and_how_often(screen: Screen, office: Office) -> None:
    page = opened(screen, "volunteers.incidents")
    screen.settle()
    row = page.panel.row
    assert row is not None
    assert (row["volunteer_id"], row["unit_id"]) == ("单玥", "水湾社区")
    who = office.reader().value("SELECT volunteer_id FROM volunteer_incident")
    assert lookups.volunteer(office.reader(), who)["name"] == "单玥"


def test_a_new_incident_does_not_stand_under_the_name_of_somebody_else(screen: Screen) -> None:
    page = opened(screen, "volunteers.incidents")
    screen.settle()
    assert page.panel.head.isVisible()
    page.add()
    assert not page.panel.head.isVisible()
    page.back()
    assert page.panel.head.isVisible()


def test_the_page_of_a_volunteer_says_that_he_is_barred(screen: Screen, office: Office) -> None:
    who = office.reader().value("SELECT id FROM volunteer ORDER BY number DESC LIMIT 1")
    until = dt.date(2027, 6, 30)
    office.transact("限制", lambda w: conduct.put_bar(w, who, "暂停评星", "代签", until_on=until))
    office.transact("限制", lambda w: conduct.put_bar(w, who, "黑名单", "代签"))
    page = opened(screen, "volunteers")
    page.open_row(who)
    screen.settle()
    row = page.panel.row
    assert row is not None
    read = volunteers.facts(screen.session).facts
    assert read is not None
    note = read(office.reader(), row).note
    assert "黑名单，到解除为止；暂停评星，到2027-06-30" in note


def test_who_lacks_little_is_listed_beside_a_rating(screen: Screen, office: Office) -> None:
    who = [row["id"] for row in office.reader().all("SELECT id FROM volunteer ORDER BY number")]

    def fill(writer: Writer) -> None:
        openings.opening_hours(writer, who[1], 120 * 60, "旧册", dt.date(2026, 12, 1))
        openings.opening_hours(writer, who[2], 100 * 60 - 30, "旧册", dt.date(2026, 12, 1))
        honours.begin_review(writer, dt.date(2026, 12, 31))

    office.transact("评定", fill)
    page = opened(screen, "volunteers.reviews")
    screen.settle()
    page.panel.open_tab(2)
    (table,) = [one for one in page.findChildren(RowsTab) if one.table.view.accessibleName() == "还差不多的"]
    screen.qtbot.waitUntil(lambda: table.table.model.rowCount() == 1, timeout=SECONDS)
    screen.qtbot.waitUntil(lambda: "还差 0.5 小时到一星（100 小时）" in table.said.text(), timeout=SECONDS)


def test_a_suspicion_needs_words_before_it_is_set_aside(screen: Screen, office: Office) -> None:
    page = SignalPage(screen.session)
    screen.show(page)
    assert page.current is None
    assert page.table.model.rowCount() == 0
    page.dismiss()
    assert office.reader().value("SELECT COUNT(*) FROM signal_dismissal") == 0


def test_two_records_stand_side_by_side_and_are_opened_by_keyboard(screen: Screen, office: Office) -> None:
    def lay(writer: Writer) -> str:
        unit = writer.value("SELECT id FROM unit WHERE name = '水湾社区'")
        who = enrolment.enrol_volunteer(writer, {"name": "尉迟小明", "unit_id": unit})
        record = ServiceRecord(
            volunteer_id=who,
            title="义剪",
            served_on=writer.clock.today(),
            minutes=60,
            evidence=Evidence.IMPORTED,
        )
        return recording.write_services(writer, [(record, None), (record, None)])[0].record_id

    first = office.transact("合并", lay).result
    wanted: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row: wanted.append((place, row)))
    page = SignalPage(screen.session)
    screen.show(page)
    screen.qtbot.waitUntil(page.pair.isVisible, timeout=SECONDS)
    assert not page.records.isVisible()
    assert [side.text() for side in page.pair.values["title"]] == ["义剪", "义剪"]
    screen.hands.press(Qt.Key.Key_F6)
    screen.hands.enter()
    assert wanted == [("volunteers.services", first)]
    page.dismiss()
    assert "请由另一位同事核实" in page.messages.text
    page.print_list()
    assert wanted[-1] == ("papers", "service-signals")


def test_suspicions_are_looked_for_anew_when_a_rule_or_a_deduction_changes(screen: Screen) -> None:
    page = SignalPage(screen.session)
    for table in ("rule_set", "point_entry", "volunteer_incident"):
        assert page.touches(Changes(1, "改", {table: ("x",)})), table
    assert not page.touches(Changes(1, "改", {"fund_entry": ("x",)}))
    page.deleteLater()


def test_a_review_is_looked_at_published_and_its_notice_printed_from_its_page(
    screen: Screen, office: Office
) -> None:
    who = office.reader().value("SELECT id FROM volunteer ORDER BY number LIMIT 1")
    day = dt.date(2025, 12, 31)
    office.transact("转入", lambda w: openings.opening_hours(w, who, 6_000, "旧册", day))
    page = opened(screen, "volunteers.reviews")
    page.add()
    screen.hands.save()
    said(screen, page, "拟评 1 人：一星 1 人；今天起公示 5 个工作日，到2027年1月8日")
    assert office.reader().value("SELECT COUNT(*) FROM star_review") == 0
    screen.hands.save()
    said(screen, page, "星2027-01：1 人开始公示，到2027年1月8日，第二天起可以授予")
    screen.qtbot.waitUntil(lambda: page.panel.label == "星2027-01", timeout=SECONDS)
    went: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row_id: went.append((place, row_id)))
    page.parts.printing(page)  # type: ignore[misc]
    notice = "volunteer-notice?what=星级&number=星2027-01&start=2027-01-04&days=5"
    assert went == [("papers", notice)]
    grant = next(verb for verb in page.parts.verbs if verb.label == "授予")
    page.panel.run_verb(grant)
    screen.hands.save()
    said(screen, page, "公示到2027年1月8日为止，第二天起才能授予")
    assert isinstance(office.clock, FixedClock)
    office.clock.set(dt.datetime(2027, 1, 9, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    screen.hands.save()
    said(screen, page, "星2027-01已授予 1 人")


@pytest.mark.parametrize(
    ("place", "offered"),
    [
        ("volunteers", {"退出"}),
        ("volunteers.lots", {"开始认定"}),
        ("volunteers.expiries", set()),
        ("volunteers.reviews", {"开始评定"}),
        ("volunteers.grants", set()),
        ("volunteers.incidents", set()),
        ("volunteers.bars", set()),
        ("volunteers.dismissals", set()),
        ("volunteers.merges", set()),
    ],
)
def test_a_clerk_is_offered_his_own_steps_and_told_of_those_of_others(
    screen: Screen, office: Office, place: str, offered: set[str]
) -> None:
    whole = {verb.label for verb in opened(screen, place).parts.verbs if verb.run is not None}
    office.who = Operator(office.who.id, office.who.name, frozenset({Role.ENTRY}))
    page = opened(screen, place)
    assert {verb.label for verb in page.parts.verbs if verb.run is not None} == offered
    rows = {verb.label for verb in page.parts.barred}
    assert rows == {label for label in whole - offered if label not in _WITHOUT_ROW}
    assert all(verb.roles for verb in page.parts.barred), "who takes it is said"


_WITHOUT_ROW = {"开始认定", "清零", "开始评定", "登记失信", "列入", "核对重复"}


def test_hours_alone_are_no_star_on_the_page_of_a_volunteer(screen: Screen, office: Office) -> None:
    who = office.reader().value("SELECT id FROM volunteer ORDER BY number LIMIT 1")
    day = dt.date(2025, 12, 31)
    office.transact("转入", lambda w: openings.opening_hours(w, who, 6_000, "旧册", day))

    def note() -> str:
        facts = volunteers.facts(screen.session).facts
        assert facts is not None
        return facts(office.reader(), lookups.volunteer(office.reader(), who)).note

    assert note().startswith("达到一星，还没有授予；还差 198 小时到二星")
    review = office.transact("评定", lambda w: honours.begin_review(w, office.clock.today())).result
    assert isinstance(office.clock, FixedClock)
    office.clock.set(dt.datetime(2027, 1, 11, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    office.transact("授予", lambda w: honours.grant_review(w, review))
    assert note().startswith("已授予一星；还差 198 小时到二星")
    page = opened(screen, "volunteers.grants")
    screen.qtbot.waitUntil(lambda: bool(page.panel.row_id), timeout=SECONDS)
    page.panel.run_verb(next(verb for verb in page.parts.verbs if verb.run is not None))
    screen.hands.write("虚报时长")
    screen.hands.save()
    said(screen, page, "曾国兰的一星已取消")
    assert note().startswith("达到一星，还没有授予")


def test_an_incident_says_what_it_brought(screen: Screen, office: Office) -> None:
    row = office.reader().one("SELECT id FROM volunteer_incident")
    assert row is not None
    page = opened(screen, "volunteers.incidents")
    told = next(verb.told for verb in page.parts.verbs if verb.label == "登记失信")
    assert told is not None
    assert told(office.reader(), row["id"], {}) == "已登记单玥的缺席：不扣分"


def test_who_left_is_not_told_how_far_the_next_star_is(screen: Screen, office: Office) -> None:
    rows = office.reader().all("SELECT id FROM volunteer ORDER BY number LIMIT 2")
    first, second = (row["id"] for row in rows)
    office.transact("合并", lambda w: merging.merge(w, first, second, "电话核实是同一个人"))
    office.transact("退出", lambda w: enrolment.retire_volunteer(w, first, "搬走"))
    facts = volunteers.facts(screen.session).facts
    assert facts is not None
    notes = [facts(office.reader(), lookups.volunteer(office.reader(), who)) for who in (first, second)]
    assert [one.note for one in notes] == [
        "2027年1月4日退出：搬走",
        "2027年1月4日退出：并入水湾-0001：电话核实是同一个人",
    ]
    assert [one.share for one in notes] == [None, None]


def test_a_minor_without_a_guardian_is_told_on_his_page_until_he_has_one(
    screen: Screen, office: Office
) -> None:
    unit = office.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    given = {"name": "王小明", "unit_id": unit, "birth_on": "2014-05-01", "joined_on": "2027-01-04"}
    who = office.transact("登记", lambda w: enrolment.enrol_volunteer(w, given)).result
    facts = volunteers.facts(screen.session).facts
    assert facts is not None
    note = facts(office.reader(), lookups.volunteer(office.reader(), who)).note
    assert "12 周岁，还没有登记监护人同意" in note
    agreed = {"guardian": "王大明（父）"}
    office.transact("修改", lambda w: enrolment.save_volunteer(w, agreed, who))
    assert "监护人" not in facts(office.reader(), lookups.volunteer(office.reader(), who)).note


def test_a_suspicion_set_aside_leaves_the_keyboard_on_the_next(screen: Screen) -> None:
    page = SignalPage(screen.session)
    screen.show(page)
    found = [
        Signal(
            kind=Kind.WINDOW,
            key=f"k{n}",
            operator="李静",
            records=0,
            minutes=60,
            sentence=f"第 {n} 条",
            record_ids=(),
        )
        for n in range(4)
    ]
    page._show(found)
    page.table.select(2)
    page._show([one for one in found if one.key != "k2"])
    assert page.current is not None
    assert page.current.key == "k3", "what came after it, not the top of the list again"
    page._show(found[:2])
    assert page.current is not None
    assert page.current.key == "k1"
    page._show([])
    assert page.current is None
