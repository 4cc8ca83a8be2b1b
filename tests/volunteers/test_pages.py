"""The pages over a real office: what they show, and their verbs by keyboard."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Role
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.verb_form import VerbForm
from hongyao_desktop.people import service as person_service
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page import PAGES
from hongyao_desktop.volunteers.page.activities import WITHDRAW
from hongyao_desktop.volunteers.page.batch import ActivityBatch, activity_of_head
from hongyao_desktop.volunteers.page.tabs import RowsTab
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.finding import (
    everyone_lookup,
    first_among,
    likely_first,
    volunteer_lookup,
)
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, PointKind, ServiceRecord
from hongyao_desktop.volunteers.service import activities, enrolment, openings, recording, signups, spots
from hongyao_desktop.volunteers.service.recording import Participant
from tests.screens import SECONDS
from tests.volunteers.conftest import RULES, put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

DAY = dt.date(2026, 11, 18)
BY_PLACE = {spec.place: spec for spec in PAGES}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    opened.transact("建立单位", put_rules)
    yield opened
    opened.close()


@pytest.fixture
def people(office: Office) -> dict[str, str]:
    units = office.transact("登记组织", put_units).result
    forms = {
        name: {"name": name, "unit_id": units["三号网格"], "phone": f"138{place:08d}"}
        for place, name in enumerate(("曾国兰", "徐霞", "单玥", "王芳", "王方明", "伟芳"))
    }
    forms["徐霞"] |= {"kind": "新就业群体", "platform": "快递", "insured_until": "2026-10-01"}
    forms["单玥"] |= {"status": "待审核"}
    return {
        name: office.transact("登记志愿者", partial(enrolment.enrol_volunteer, values=form)).result
        for name, form in forms.items()
    }


@pytest.fixture
def served(office: Office, people: dict[str, str]) -> str:
    """One signed activity of two people and one made-up hour; returns the id of the made-up record."""
    head = Activity(title="文明劝导", held_on=DAY, starts_minute=480, ends_minute=780)
    team = [Participant(volunteer_id=people[name], minutes=300) for name in ("曾国兰", "徐霞")]
    office.transact("登记活动", lambda w: recording.record_activity(w, head, team))
    made_up = ServiceRecord(
        volunteer_id=people["曾国兰"],
        title="助老",
        served_on=DAY,
        minutes=60,
        evidence=Evidence.MADE_UP,
        reason="漏签",
        witness="李某",
        starts_minute=840,
        ends_minute=900,
    )
    return office.transact("登记时长", lambda w: recording.record_service(w, made_up)).result.record_id


@pytest.fixture
def screen(
    office: Office, people: dict[str, str], tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def open_page(screen: Screen, place: str) -> RegisterPage:
    page = BY_PLACE[place].build(screen.session)
    assert isinstance(page, RegisterPage)
    screen.show(page)
    return page


def words_of(page: RegisterPage) -> str:
    return "\n".join(label.text() for label in page.panel.head.findChildren(QLabel) if not label.isHidden())


def cells(page: RegisterPage, row: int = 0) -> list[str]:
    model = page.table.model
    return [model.cell(row, column).text for column in range(len(model.fields))]


def press(screen: Screen, page: RegisterPage, label: str) -> None:
    """Reach a step of the record as Tab does, and take it with the space bar."""
    button = next(
        button for button in page.panel.findChildren(QPushButton) if button.text().startswith(label)
    )
    button.setFocus()
    screen.hands.press(Qt.Key.Key_Space)
    screen.settle()


def test_a_volunteers_life_stands_beside_the_list(
    screen: Screen, served: str, people: dict[str, str]
) -> None:
    page = open_page(screen, "volunteers")
    assert cells(page) == ["水湾-0001", "曾国兰", "", "三号网格", "", "6.0", "30", "", "在册"]
    screen.qtbot.waitUntil(lambda: "还差 94 小时到一星" in words_of(page))
    shown = words_of(page)
    for words in ("曾国兰", "水湾-0001", "签到\n5.0", "补录\n1.0", "导入\n0.0", "积分\n30", "本月服务 2 次"):
        assert words in shown
    page.open_row(people["徐霞"])
    screen.qtbot.waitUntil(lambda: "保险已过期 50 天" in words_of(page))


def test_tabs_tell_hours_points_and_months(
    screen: Screen, served: str, people: dict[str, str], office: Office
) -> None:
    page = open_page(screen, "volunteers")

    def tab(place: int) -> RowsTab:
        page.panel.open_tab(place)
        screen.settle()
        return next(tab for tab in page.panel.findChildren(RowsTab) if tab.isVisible())

    hours = tab(1)
    assert [hours.table.model.cell(row, 3).text for row in range(2)] == ["补录", "签到"]
    assert hours.said.text() == "14:00—15:00，漏签，证明人 李某，全某 2026-11-20 登记"
    points = tab(2)
    assert [points.table.model.cell(row, 3).text for row in range(2)] == ["30", "20"]
    points.table.select(1)
    assert "服务 5 小时" in points.said.text()
    assert "单次最多计 2 小时" in points.said.text()
    awards = tab(3)
    assert [awards.table.model.cell(row, 3).text for row in range(2)] == ["20", "10"]
    day = dt.date(2025, 12, 31)
    office.transact("转入", lambda w: openings.opening_hours(w, people["曾国兰"], 7680, "旧册第1页", day))
    months = tab(4)
    screen.qtbot.waitUntil(lambda: months.table.model.rowCount() == 2, timeout=SECONDS)
    assert [months.table.model.cell(1, column).text for column in (0, 1, 4)] == ["期初转入", "", "128.0"]
    months.table.select(1)
    assert "2025-12 由启用台账以前的旧簿册转入" in months.said.text()
    assert [months.table.model.cell(0, column).text for column in range(6)] == [
        "2026-11",
        "2",
        "5.0",
        "1.0",
        "0.0",
        "30",
    ]


def test_a_record_is_reversed_by_keyboard(screen: Screen, served: str, office: Office) -> None:
    page = open_page(screen, "volunteers.services")
    page.open_row(served)
    screen.settle()
    assert "助老" in words_of(page)
    press(screen, page, "冲正")
    screen.hands.write("登错人")
    screen.hands.save()
    screen.said(page, "已冲正，时长和积分已收回")
    row = office.reader().one("SELECT made_up_minutes, points FROM volunteer_view WHERE name = '曾国兰'")
    assert row == {"made_up_minutes": 0, "points": 2000}


def test_opening_points_are_entered_from_the_page_of_points_and_are_no_step_of_an_entry(
    screen: Screen, served: str, office: Office
) -> None:
    page = open_page(screen, "volunteers.points")
    screen.settle()
    assert "录入期初积分" not in [verb.label for verb in page.parts.verbs if verb.needs_row]
    hands = screen.hands
    hands.press(Qt.Key.Key_F5)
    assert page.panel.verb_open
    hands.write("zgl")
    hands.enter()
    hands.write("40")
    hands.enter()
    hands.write("2025-12-31")
    hands.enter()
    hands.write("2025年积分册第3页")
    hands.save()
    screen.said(page, "已录入曾国兰（水湾-0001）的期初积分 40 分")
    screen.settle()
    assert page.panel.verb_open, "the next one of the old book is typed at once"
    kept = {
        box.field.name: box.entry.text()
        for form in page.panel.findChildren(VerbForm)
        for box in form.form.boxes.values()
    }
    assert (kept["as_of"], kept["reason"], kept["points"]) == ("2025-12-31", "2025年积分册第3页", "")
    row = office.reader().one("SELECT points, earned_on, source FROM point_entry WHERE kind = '期初'")
    assert row == {"points": 4000, "earned_on": "2025-12-31", "source": "2025年积分册第3页"}
    steps = {verb.label: verb for verb in page.parts.verbs}
    entry = office.reader().one("SELECT * FROM point_view WHERE kind = '期初'")
    assert entry is not None
    assert steps["整批撤回"].shows is not None
    assert not steps["整批撤回"].shows(entry), "it came in alone"


def test_a_half_typed_step_about_nobody_is_not_called_by_the_entry_in_the_list(
    screen: Screen, served: str
) -> None:
    page = open_page(screen, "volunteers.points")
    screen.settle()
    assert page.panel.label
    screen.hands.press(Qt.Key.Key_F5)
    screen.hands.write("xx")
    assert [draft.label for draft in page.panel.verb_drafts()] == ["录入期初积分"]


def test_who_may_not_decide_about_points_learns_it_before_typing(
    screen: Screen, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = replace(screen.session.who, roles=frozenset({Role.ENTRY}))
    monkeypatch.setattr(type(screen.session), "who", property(lambda _session: clerk))
    page = open_page(screen, "volunteers")
    screen.settle()
    offered = [verb.label for verb in page.parts.verbs]
    assert "退出" in offered
    assert not {"奖励积分", "扣减积分", "审核通过", "恢复在册", "录入期初积分"} & set(offered)
    assert {"奖励积分", "扣减积分", "录入期初积分"} <= {verb.label for verb in page.parts.barred}
    points = open_page(screen, "volunteers.points")
    screen.hands.press(Qt.Key.Key_F5)
    assert "期初积分由有“审核、审批”权限的同事录入" in points.messages.text
    assert not points.panel.verb_open


def test_an_auditor_goes_from_what_came_to_what_went_by_the_views(screen: Screen, served: str) -> None:
    page = open_page(screen, "volunteers.points")
    screen.settle()
    shown = [button.text().split(" ")[0] for button in page.filters.findChildren(QAbstractButton)]
    assert [word for word in shown if word in tuple(PointKind)] == [
        *("服务", "随手拍", "奖励", "扣减", "兑换", "到期", "期初")
    ]


def test_a_ledger_shows_names_not_ids(screen: Screen, served: str, people: dict[str, str]) -> None:
    for place in ("volunteers.services", "volunteers.points"):
        page = open_page(screen, place)
        shown = "\n".join(label.text() for label in page.panel.sheet.findChildren(QLabel))
        assert "曾国兰（水湾-0001）" in shown or "徐霞（水湾-0002）" in shown
        assert not any(volunteer_id in shown for volunteer_id in people.values())


def test_one_service_is_keyed_by_keyboard_and_clashes_are_refused(
    screen: Screen, served: str, office: Office
) -> None:
    page = open_page(screen, "volunteers.services")
    hands = screen.hands
    hands.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    hands.write("zgl")
    hands.enter()
    hands.write("夜巡")
    hands.enter()
    hands.write("11.18")
    hands.enter()
    hands.write("14:30")
    hands.enter()
    hands.write("15:30")
    hands.enter()
    hands.save()
    (form,) = page.panel.findChildren(VerbForm)
    screen.qtbot.waitUntil(lambda: "重叠 0.5 小时：与“助老”" in form.form.boxes["starts_minute"].hint.text)
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 3


def test_a_report_is_closed_by_keyboard(screen: Screen, people: dict[str, str], office: Office) -> None:
    values = {
        "reporter": "徐霞",
        "volunteer_id": people["徐霞"],
        "reported_on": "2026-11-18",
        "place": "东门",
        "content": "路灯不亮",
    }
    office.transact("登记随手拍", partial(spots.report_spot, values=values))
    page = open_page(screen, "volunteers.spots")
    work = BY_PLACE["volunteers.spots"].work
    assert work is not None
    assert [item.count for item in work(office.reader(), screen.session)] == [1]
    press(screen, page, "办结")
    screen.hands.save()
    screen.said(page, "已办结")
    assert office.reader().value("SELECT points FROM volunteer_view WHERE name = '徐霞'") == 500
    assert list(work(office.reader(), screen.session)) == []
    screen.qtbot.waitUntil(lambda: "每件 5 分，得 5 分" in words_of(page))


def test_the_way_to_the_next_star_is_drawn_below_the_sentence_that_tells_it(
    screen: Screen, people: dict[str, str], served: str
) -> None:
    page = open_page(screen, "volunteers")
    page.open_row(people["曾国兰"])
    screen.settle()
    head = page.panel.head
    screen.qtbot.waitUntil(lambda: "还差 94 小时到" in words_of(page))
    assert head.share.isVisible()
    assert head.share.value() == 6, "6 of 100 hours"
    assert "还差 94 小时到" in head.share.accessibleName()
    page.add()
    assert not head.share.isVisible()


def test_a_minor_enrolled_today_without_consent_is_told_in_the_message(
    screen: Screen, people: dict[str, str], office: Office
) -> None:
    page = open_page(screen, "volunteers")
    page.add()
    assert page.panel.form.value("joined_on") == office.clock.today().isoformat()
    for name, value in (("name", "曾小明"), ("birth_on", "2012-05-01")):
        page.panel.form.set_value(name, value)
    unit = office.reader().value("SELECT id FROM unit WHERE name = '三号网格'")
    page.panel.form.set_value("unit_id", unit)
    screen.hands.save()
    screen.said(page, "已新增 曾小明；注册时 14 周岁，未满 18 周岁，请登记监护人同意")


def test_a_list_by_day_begins_with_the_latest_and_says_so(
    screen: Screen, people: dict[str, str], office: Office
) -> None:
    for place, day in enumerate(("2026-11-02", "2026-11-18", "2026-11-09")):
        values = {"reporter": "徐霞", "reported_on": day, "place": f"{place}号楼", "content": "路灯不亮"}
        office.transact("登记随手拍", partial(spots.report_spot, values=values))
    page = open_page(screen, "volunteers.spots")
    days = [cells(page, row)[0] for row in range(3)]
    assert days == ["2026-11-18", "2026-11-09", "2026-11-02"]
    assert page.status.order.text() == "按上报日期，近的在前"
    oldest = str(office.reader().value("SELECT id FROM spot_report ORDER BY reported_on LIMIT 1"))
    page.open_row(oldest)
    screen.settle()
    assert (page.table.current_id(), page.table.current_position()) == (oldest, 2)
    by_name = BY_PLACE["volunteers"].build(screen.session)
    assert isinstance(by_name, RegisterPage)
    screen.show(by_name)
    assert by_name.status.order.text() == "按编号排序"


def test_who_waits_for_review_is_work_for_the_reviewer(screen: Screen, office: Office) -> None:
    work = BY_PLACE["volunteers"].work
    assert work is not None
    assert [(item.words, item.count) for item in work(office.reader(), screen.session)] == [
        ("待审核的志愿者", 1),
        ("保险到期或快到期的志愿者", 1),
    ]
    insurance = work(office.reader(), screen.session)[1]
    assert insurance.due == "徐霞 2026年10月1日到期"
    later = {"insured_until": "2027-10-01"}
    office.transact("续保", lambda w: enrolment.save_volunteer(w, later, insurance.row_id))
    assert len(work(office.reader(), screen.session)) == 1


def test_choices_put_whole_initials_first_and_leave_out_who_cannot_serve(
    screen: Screen, office: Office, served: str
) -> None:
    lookup = volunteer_lookup(screen.session.lookups)
    found = [match.label for match in lookup.find(office.reader(), "wf", 12)]
    assert found[:2] == ["王芳", "伟芳"]
    assert found[2] == "王方明"
    assert lookup.find(office.reader(), "sy", 12) == []
    (match,) = lookup.find(office.reader(), "zgl", 12)
    assert match.note == "水湾-0001　三号网格　尾号0000"
    shown = lookup.show(office.reader(), match.id)
    assert shown is not None
    assert shown.label == "曾国兰"


def test_who_served_last_comes_first_among_the_equally_close(office: Office, people: dict[str, str]) -> None:
    def served_on(name: str, day: int) -> None:
        record = ServiceRecord(
            volunteer_id=people[name],
            title="巡查",
            served_on=dt.date(2026, 11, day),
            minutes=60,
            evidence=Evidence.IMPORTED,
        )
        office.transact("登记时长", partial(recording.record_service, record=record))

    def order() -> list[str]:
        return [row["name"] for row in likely_first(office.reader(), list(people.values()), "wf", 3)]

    assert order() == ["王芳", "伟芳", "王方明"]
    served_on("王方明", 1)
    served_on("伟芳", 2)
    assert order() == ["伟芳", "王芳", "王方明"]
    assert pinyin.initials("伟芳") == pinyin.initials("王芳")


def test_a_planned_dangerous_activity_is_joined_with_its_danger(
    screen: Screen, office: Office, people: dict[str, str]
) -> None:
    reader = office.reader()
    batch = ActivityBatch(screen.session)
    head = {**batch.defaults(screen.session), "title": "河道清理", "starts_minute": 480, "ends_minute": 540}
    plan = {"title": "河道清理", "held_on": head["held_on"], "dangerous": 1, "status": "计划"}
    planned = office.transact("新增活动", partial(activities.save_activity, values=plan, row_id=None)).result
    rows = [{"volunteer_id": people["曾国兰"]}]
    assert batch.check_head(reader, head) == []
    assert [(problem.row, problem.code) for problem in batch.check(reader, head, rows)] == [
        (1, "service.uninsured")
    ]
    person = {"insured_until": "2027-01-01"}
    office.transact("续保", lambda w: enrolment.save_volunteer(w, person, people["曾国兰"]))
    assert batch.check(reader, head, rows) == []
    office.transact("登记志愿活动", lambda w: batch.save(w, head, rows))
    activity = reader.one("SELECT id, status, people FROM activity_view")
    assert activity == {"id": planned, "status": "已举办", "people": 1}
    assert [problem.code for problem in batch.check_head(reader, head)] == ["activity.join"]


def test_an_end_before_the_start_is_the_next_day() -> None:
    head = {"title": "夜巡", "held_on": "2026-11-18", "starts_minute": 1320, "ends_minute": 60}
    activity = activity_of_head(head)
    assert activity is not None
    assert (activity.minutes, activity.ends_minute) == (180, 1500)
    assert activity_of_head({"title": "夜巡"}) is None


def test_an_objection_offers_those_of_the_round_first(office: Office, people: dict[str, str]) -> None:
    rows = [
        row
        for row in office.reader().all("SELECT id, number, name, unit_name FROM volunteer_view")
        if row["name"] == "王方明"
    ]
    lookup = first_among(lambda _reader: rows, volunteer_lookup({}))
    assert [match.label for match in lookup.find(office.reader(), "w", 9)] == ["王方明"]
    assert [match.label for match in lookup.find(office.reader(), "", 9)] == ["王方明"]
    assert {match.label for match in lookup.find(office.reader(), "徐霞", 9)} == {"徐霞"}


def test_who_brought_somebody_in_is_written_on_the_form_and_no_undo_is_offered_for_a_posting(
    screen: Screen, people: dict[str, str], office: Office
) -> None:
    one = json.loads((RULES / "volunteer-points-hailin.json").read_text(encoding="utf-8"))
    row = {**one, "kind": "volunteer-points", "effective_on": "2026-01-01"}
    body = json.dumps(one["body"], ensure_ascii=False)
    office.transact("规则", lambda w: w.insert("rule_set", {**row, "body": body}))
    page = open_page(screen, "volunteers")
    unit = office.reader().value("SELECT id FROM unit WHERE name = '三号网格'")
    for name, recruiter, undo in (("曾小明", people["曾国兰"], False), ("曾小红", None, True)):
        page.add()
        for field, value in (("name", name), ("unit_id", unit), ("recruiter_id", recruiter)):
            page.panel.form.set_value(field, value)
        screen.hands.save()
        screen.said(page, f"已新增 {name}")
        offered = [button.text() for button in page.messages.findChildren(QPushButton) if button.isVisible()]
        assert ("撤销" in offered) == undo, name
    assert lookups.volunteer(office.reader(), people["曾国兰"])["points"] == 200


def test_the_page_of_somebody_who_died_says_so_and_offers_no_points(
    screen: Screen, people: dict[str, str], office: Office
) -> None:
    page = open_page(screen, "volunteers")
    person = office.reader().value("SELECT person_id FROM volunteer WHERE id = ?", (people["曾国兰"],))
    office.transact("去世", lambda w: person_service.retire_person(w, person, "病故", status="去世"))
    page.open_row(people["曾国兰"])
    screen.qtbot.waitUntil(lambda: "去世，时长和积分保留，不再登记和兑换" in words_of(page), timeout=SECONDS)
    row = page.panel.row
    assert row is not None
    offered = {verb.label for verb in page.parts.verbs if verb.shows is None or verb.shows(row)}
    assert not {"奖励积分", "扣减积分", "退出"} & offered
    assert "开具证明" in offered


def test_hours_find_who_has_left_or_waits_marked_and_last(
    screen: Screen, office: Office, people: dict[str, str]
) -> None:
    left = {"status": "退出", "left_on": "2026-11-10", "status_reason": "搬家"}
    office.transact("退出", lambda w: enrolment.save_volunteer(w, left, people["王芳"]))
    reader = office.reader()
    assert "王芳" not in [m.label for m in volunteer_lookup(screen.session.lookups).find(reader, "wf", 12)]
    found = everyone_lookup(screen.session.lookups).find(reader, "wf", 12)
    assert found[-1].label == "王芳"
    assert found[-1].note.endswith("已退出")
    assert found[0].label == "伟芳"


def test_a_single_service_goes_into_the_activity_of_its_name_and_is_held_against_it(
    screen: Screen, office: Office, people: dict[str, str]
) -> None:
    plan = {
        "title": "河道清理",
        "held_on": "2026-11-18",
        "status": "计划",
        "starts_minute": 540,
        "ends_minute": 660,
    }
    planned = office.transact("计划", partial(activities.save_activity, values=plan, row_id=None)).result
    office.transact("报名", lambda w: signups.sign_up(w, planned, people["曾国兰"]))
    page = open_page(screen, "volunteers.services")
    hands = screen.hands
    hands.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    for typed in ("zgl", "河道清理", "11.18", "8:00", "11:00"):
        hands.write(typed)
        hands.enter()
    hands.save()
    screen.qtbot.waitUntil(lambda: "超出活动时间（9:00—11:00）1 小时" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 0, "asked before it is written"
    hands.save()
    screen.qtbot.waitUntil(lambda: "记在活动“河道清理”里" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT activity_id FROM service_record") == planned
    assert office.reader().value("SELECT status FROM activity_signup") == "到场"
    assert office.reader().value("SELECT status FROM activity") == "已举办"


def test_only_who_signed_up_can_be_taken_off_the_list(office: Office, people: dict[str, str]) -> None:
    plan = {"title": "河道清理", "held_on": "2026-11-25", "status": "计划"}
    planned = office.transact("计划", partial(activities.save_activity, values=plan, row_id=None)).result
    office.transact("报名", lambda w: signups.sign_up(w, planned, people["曾国兰"]))
    lookup = WITHDRAW.lookups
    assert lookup is not None
    offered = lookup(office.reader().one("SELECT * FROM activity"))["volunteer_id"]
    assert [match.label for match in offered.find(office.reader(), "", 12)] == ["曾国兰"]
    assert offered.find(office.reader(), "wf", 12) == []
    assert offered.find(office.reader(), "zgl", 12)[0].note.startswith("行码 01　水湾-0001")
    taken = {"volunteer_id": people["曾国兰"], "reason": "临时有事"}
    assert WITHDRAW.told is not None, "the news names who was taken off"
    assert WITHDRAW.told(office.reader(), planned, taken) == "已取消曾国兰（水湾-0001）的报名"


def test_the_list_of_a_community_takes_in_its_grids(
    screen: Screen, office: Office, people: dict[str, str]
) -> None:
    units = {row["name"]: row["id"] for row in office.reader().all("SELECT id, name FROM unit")}
    for name, unit in (("曾国海", "水湾社区"), ("徐小霞", "东门社区")):
        given = {"name": name, "unit_id": units[unit]}
        office.transact("登记", partial(enrolment.enrol_volunteer, values=given))
    page = BY_PLACE["volunteers"].build(screen.session)
    screen.show(page)
    assert isinstance(page, RegisterPage)
    screen.qtbot.waitUntil(lambda: bool(page.filters._counts.get("unit_id")), timeout=SECONDS)
    menu = QMenu(page)
    page.filters._fill(menu, page.register.field("unit_id"))
    offered = {action.text(): action for action in menu.actions() if action.text()}
    assert list(offered) == [
        "全部",
        "样例街道及下级　8",
        "水湾社区及下级　7",
        "三号网格　6",
        "水湾社区本级　1",
        "东门社区　1",
    ]
    offered["水湾社区及下级　7"].trigger()
    screen.qtbot.waitUntil(lambda: "共 7 条" in page.status.words.text(), timeout=SECONDS)
    assert page.filters._buttons["unit_id"].text() == "所在组织：水湾社区及下级"


def test_the_head_of_an_activity_says_its_stage_as_the_list_does(
    screen: Screen, office: Office, people: dict[str, str]
) -> None:
    plan = {"title": "河道清理", "held_on": "2026-11-18", "status": "计划"}
    office.transact("计划", partial(activities.save_activity, values=plan, row_id=None))
    page = open_page(screen, "volunteers.activities")
    stage = office.reader().value("SELECT stage FROM activity_view")
    assert stage in ("待举办", "今天", "待回录")
    screen.qtbot.waitUntil(lambda: stage in words_of(page), timeout=SECONDS)
    assert "计划" not in words_of(page), "planned is what was said before the day, not where it stands"
