"""A round of approval: what waits, who may take a step, what an objection leaves behind, and how the page asks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.masking import HIDDEN_TEXT, Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.paper.document import cells_of
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.volunteers.page.care import approval as page_of_lots
from hongyao_desktop.volunteers.page.care import year_ends
from hongyao_desktop.volunteers.page.shop.desk import CounterDesk
from hongyao_desktop.volunteers.papers.notice import NOTICE
from hongyao_desktop.volunteers.queries import approval as lots
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import Activity, Evidence
from hongyao_desktop.volunteers.rules.forms.approval import APPROVAL
from hongyao_desktop.volunteers.rules.forms.form import WORKDAYS
from hongyao_desktop.volunteers.rules.points import points_rule, service_award
from hongyao_desktop.volunteers.service import approval, enrolment, points, recording, rule_sets
from hongyao_desktop.volunteers.service.recording import Participant
from tests.offices import ALL_ROLES, CLERK, PASSWORD, REVIEWER
from tests.screens import SECONDS
from tests.volunteers.conftest import RULES, put_rules, put_units
from tests.volunteers.screen import REGISTERS, Screen, open_with_search, screen_over
from tests.volunteers.shop_office import put_limits
from tests.volunteers.test_care import as_who, give, put_rule
from tests.volunteers.test_papers import request

TODAY = dt.date(2026, 11, 20)
STEPS = {"steps": ["社区审核", "街道确认"], "public_days": 5}
LOTS = page_of_lots.LOTS_PLACE


def test_a_newer_version_does_not_free_what_waits(office: Office, enrol: Callable[..., str]) -> None:
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", STEPS))
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: give(w, who))
    newer = {"steps": "社区审核", "public_days": 7, "name": "本办规则", "source": "会议"}
    day = {"effective_on": "2026-12-01"}
    office.transact("规则", lambda w: rule_sets.add_version(w, APPROVAL.kind, {**newer, **day}))
    assert lots.asked_since(office.reader(), dt.date(2026, 12, 2)) == dt.date(2026, 1, 1)
    assert lots.pending_points(office.reader(), who, dt.date(2026, 12, 2)) == 500


def test_an_objection_is_no_step(office: Office, units: dict[str, str], enrol: Callable[..., str]) -> None:
    """Who began a round does not review it because somebody objected in between; who objected still may."""
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", STEPS))
    people = [enrol(name) for name in ("曾国兰", "单玥")]
    for who in people:
        office.transact("奖励", partial(give, who=who))
    lot = office.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], TODAY, TODAY)).result
    office = as_who(office, REVIEWER.name)
    office.transact("异议", lambda w: approval.object_to(w, lot, people[0], "没有参加"))
    office = as_who(office, ALL_ROLES.name)
    with pytest.raises(Refusal, match="请由另一位同事办理"):
        office.transact("审核", lambda w: approval.pass_step(w, lot))
    office = as_who(office, REVIEWER.name)
    office.transact("审核", lambda w: approval.pass_step(w, lot, "名单属实"))
    assert lots.lot(office.reader(), lot)["waits_for"] == "街道确认"
    office.close()


def test_an_objection_leaves_its_room_to_what_a_cap_had_cut(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", STEPS))
    who = enrol("曾国兰")
    for start in (8, 10, 12, 14, 16):  # five times 20 points, the day gives 80
        head = Activity(
            title=f"义剪{start}", held_on=TODAY, starts_minute=start * 60, ends_minute=start * 60 + 120
        )
        there = [Participant(volunteer_id=who, minutes=120)]
        office.transact("登记", partial(recording.record_activity, head=head, participants=there))
        if start == 14:
            lot = office.transact(
                "认定", lambda w: approval.begin_lot(w, units["水湾社区"], TODAY, TODAY)
            ).result
    assert lookups.volunteer(office.reader(), who)["points"] == 8000
    office.transact("异议", lambda w: approval.object_to(w, lot, who, "没有参加"))
    assert lookups.volunteer(office.reader(), who)["points"] == 2000
    assert lookups.total_faults(office.reader()) == []


def test_the_bench_counts_the_notice_by_the_office_s_working_days() -> None:
    rule = APPROVAL.read(
        rule_sets.draft_of(APPROVAL, {"steps": "社区审核", "public_days": 5, "effective_on": "2026-01-01"})
    )
    asked = {"day": "2026-11-23"}
    assert "11月27日" in APPROVAL.try_out(rule, asked)[1]
    holiday = {dt.date(2026, 11, 25): False}
    assert "11月30日" in APPROVAL.try_out(rule, {**asked, WORKDAYS: holiday})[1]


def test_a_past_day_of_an_approval_rule_says_what_it_holds_back(office: Office) -> None:
    values = {**APPROVAL.to_values(STEPS), "name": "认定", "source": "会议", "effective_on": "2026-11-01"}
    (found,) = rule_sets.check_version(office.reader(), APPROVAL.kind, values, TODAY)
    assert "都要认定以后才能使用" in found.message


def test_the_notice_of_a_round_names_its_people_and_no_others(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", STEPS))
    people = [enrol(name, publish_consent=int(name != "徐霞")) for name in ("曾国兰", "单玥", "徐霞", "郭䶮")]
    for who in people[:3]:
        office.transact("奖励", partial(give, who=who))
    lot = office.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], TODAY, TODAY)).result
    row = lots.lot(office.reader(), lot)
    office.transact("奖励", lambda w: give(w, people[3]))
    asked = NOTICE.options(
        {"what": "积分", "number": row["number"], "phone": "051912345678", "place": "社区"}
    )
    with pytest.raises(Refusal, match="公示开始以后才能打印公示"):
        NOTICE.build(request(office, units["东门社区"], Purpose.PUBLIC, **asked))
    office = as_who(office, REVIEWER.name)
    office.transact("审核", lambda w: approval.pass_step(w, lot))
    office = as_who(office, ALL_ROLES.name)
    office.transact("确认", lambda w: approval.pass_step(w, lot))
    office.transact("异议", lambda w: approval.object_to(w, lot, people[1], "没有参加"))
    document = NOTICE.build(request(office, units["东门社区"], Purpose.PUBLIC, **asked))
    (table,) = document.tables()
    rows = [cells_of(line) for line in table.rows]
    assert [line[1:] for line in rows] == [
        ("水湾-0001", "曾*兰", "水湾社区", 1, 500),
        ("水湾-0003", HIDDEN_TEXT, "水湾社区", 1, 500),
    ], "neither whom somebody objected to nor who got points later"
    said = "".join(str(getattr(block, "text", "")) for block in document.blocks)
    assert "共有2名志愿者、2笔、10分（认定编号 认2026-001）" in said
    office.close()


# ------------------------------------------------------------------------------------------------ the page


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    opened.transact("规则", put_rules)
    opened.transact("规则", lambda w: put_rule(w, "volunteer-approval", STEPS))
    unit = opened.transact("组织", put_units).result["水湾社区"]
    for name in ("曾国兰", "单玥"):
        who = opened.transact(
            "登记", partial(enrolment.enrol_volunteer, values={"name": name, "unit_id": unit})
        ).result
        opened.transact("奖励", partial(points.award_points, volunteer_id=who, points=120_000, reason="优秀"))
    yield opened
    opened.close()


@pytest.fixture
def screen(waiting: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(waiting, tmp_path, qapp, qtbot) as made:
        yield made


def _lots(screen: Screen) -> RegisterPage:
    page = page_of_lots.build_lots(screen.session)
    screen.show(page)
    assert isinstance(page, RegisterPage)
    return page


def _said(screen: Screen, page: RegisterPage, words: str) -> None:
    screen.qtbot.waitUntil(lambda: words in page.messages.text, timeout=SECONDS)
    screen.settle()


def test_a_round_says_first_what_it_would_hold(screen: Screen, waiting: Office) -> None:
    page = _lots(screen)
    page.add()
    screen.hands.save()
    _said(screen, page, "2 笔、2 人共 2,400 分归为一批，先由社区审核")
    assert waiting.reader().value("SELECT COUNT(*) FROM point_lot") == 0
    screen.hands.save()
    _said(screen, page, "认2026-001已归为一批，接着由社区审核")
    screen.qtbot.waitUntil(lambda: page.panel.label == "认2026-001", timeout=SECONDS)
    wanted: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row_id: wanted.append((place, row_id)))
    page.run_print()
    assert wanted == [("papers", "points-lot?number=认2026-001")]
    row = page.panel.row
    assert row is not None
    offered = {verb.label for verb in page.parts.verbs if verb.shows is None or verb.shows(row)}
    assert "退回" in offered
    assert not {"审核通过", "转为可用"} & offered  # who began it does not review it; there is no notice yet


def test_the_desk_says_what_waits_since_last_month_and_for_whom(screen: Screen, waiting: Office) -> None:
    reader, session = waiting.reader(), screen.session
    assert page_of_lots.lots_work(reader, session) == []
    unit = waiting.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY))
    # The one who began it is not asked to review it.
    assert page_of_lots.lots_work(waiting.reader(), session) == []


def test_a_round_sent_back_is_work_until_another_holds_its_entries(screen: Screen, waiting: Office) -> None:
    unit = waiting.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    lot = waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY)).result
    assert page_of_lots.lots_work(waiting.reader(), screen.session) == []
    page = _lots(screen)
    page.panel.run_verb(next(verb for verb in page.parts.verbs if verb.label == "退回"))
    screen.hands.write("没有签到表")
    screen.hands.save()
    _said(screen, page, "认2026-001已退回，积分留待重新认定")
    (item,) = page_of_lots.lots_work(waiting.reader(), screen.session)
    assert (item.words, item.count, item.due, item.row_id) == (
        "退回的积分认定",
        1,
        "认2026-001 没有签到表",
        lot,
    )
    waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY))
    assert page_of_lots.lots_work(waiting.reader(), screen.session) == []


def test_the_notice_of_a_round_fills_its_own_names_and_days(screen: Screen, waiting: Office) -> None:
    newer = {"name": "新办法", "source": "会议", "effective_on": "2026-11-20", "steps": "", "public_days": 2}
    waiting.transact("规则", lambda w: rule_sets.add_version(w, APPROVAL.kind, newer))
    unit = waiting.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY))
    page = _lots(screen)
    wanted: list[tuple[str, str]] = []
    screen.session.wanted.connect(lambda place, row_id: wanted.append((place, row_id)))
    page.run_print()
    assert wanted == [("papers", "volunteer-notice?what=积分&number=认2026-001&start=2026-11-20&days=2")]


def test_steps_are_not_offered_to_those_who_may_not_take_them(
    waiting: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    unit = waiting.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    lot = waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY)).result
    path = waiting.path
    waiting.close()
    other = open_office(
        path,
        operator=CLERK.name,
        password=PASSWORD,
        clock=waiting.clock,
        state=path.parent / "state",
        registers=REGISTERS,
    )
    try:
        with screen_over(other, tmp_path, qapp, qtbot) as made:
            page = _lots(made)
            row = lots.lot(other.reader(), lot)
            assert not any(verb.shows(row) for verb in page.parts.verbs if verb.shows is not None)
            ends = year_ends.build_expiries(made.session)
            made.show(ends)
            assert isinstance(ends, RegisterPage)
            taken = {"status": "有效"}
            assert not any(verb.shows(taken) for verb in ends.parts.verbs if verb.shows is not None)
    finally:
        other.close()


def test_the_notice_says_when_it_is_over(screen: Screen, waiting: Office) -> None:
    unit = waiting.reader().value("SELECT id FROM unit WHERE name = '水湾社区'")
    newer = {
        "name": "本办规则",
        "source": "会议",
        "effective_on": "2026-11-20",
        "steps": "",
        "public_days": 2,
    }
    waiting.transact("规则", lambda w: rule_sets.add_version(w, APPROVAL.kind, newer))
    lot = waiting.transact("认定", lambda w: approval.begin_lot(w, unit, TODAY, TODAY)).result
    page = _lots(screen)
    facts = page.parts.facts
    assert facts is not None
    row = lots.lot(waiting.reader(), lot)
    assert facts(waiting.reader(), row).note == "公示到2026年11月23日，第二天起可以转为可用"
    over = {**row, "public_until": "2026-11-19"}
    assert facts(waiting.reader(), over).note == "公示到2026年11月19日，已经期满，没有异议就可以转为可用"


def test_the_counter_shows_what_may_be_used_not_what_still_waits(screen: Screen, waiting: Office) -> None:
    waiting.transact("规则", put_limits)
    host = QWidget()
    screen.qtbot.addWidget(host)
    desk = CounterDesk(screen.session, host)
    desk.who.show_value(waiting.reader().value("SELECT id FROM volunteer ORDER BY number LIMIT 1"))
    desk.refresh()
    assert desk.facts.balance.text() == "0"
    assert desk.facts.state.text() == "另有 1200 分还没有认定，认定后才能用"


# ------------------------------------------------------------------------------------------------ steps as data

JIAOZHOU = {
    "steps": [{"name": "队内公示", "public_days": 5, "every": "每月"}, {"name": "上级审核", "every": "每季"}],
    "public_days": 0,
}


def test_jiaozhou_is_published_every_month_in_the_team_and_audited_every_quarter_above(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    shipped = json.loads((RULES / "volunteer-approval-jiaozhou.json").read_text(encoding="utf-8"))
    assert shipped["body"] == JIAOZHOU
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", JIAOZHOU))
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: give(w, who))
    clock = office.clock
    assert isinstance(clock, FixedClock)

    def begin(first: dt.date, last: dt.date) -> str:
        return office.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], first, last)).result

    first, last = dt.date(2026, 11, 1), dt.date(2026, 11, 20)
    with pytest.raises(Refusal, match="队内公示每月办一次，2026年12月1日起才能公示这一批"):
        begin(first, last)
    clock.set(dt.datetime(2026, 12, 1, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    with pytest.raises(Refusal, match="一批要在同一个月里"):
        begin(dt.date(2026, 10, 5), dt.date(2026, 11, 30))
    lot = begin(first, dt.date(2026, 11, 30))
    row = lots.lot(office.reader(), lot)
    assert (row["status"], row["public_until"]) == ("公示中", "2026-12-07")
    assert row["waits_for"] == "队内公示至2026-12-07"
    assert lots.goes_on(office.reader(), row)
    clock.set(dt.datetime(2026, 12, 8, 9))  # noqa: DTZ001
    office.transact("期满", lambda w: approval.release_lot(w, lot))
    row = lots.lot(office.reader(), lot)
    assert (row["status"], row["waits_for"]) == ("审核中", "上级审核")
    assert lots.not_before(office.reader(), row) == dt.date(2027, 1, 1)
    assert lots.open_lots(office.reader(), dt.date(2026, 12, 31)) == []
    assert lots.pending_points(office.reader(), who, clock.today()) == 500
    office = as_who(office, REVIEWER.name)
    with pytest.raises(Refusal, match="2027年1月1日起办"):
        office.transact("审核", lambda w: approval.pass_step(w, lot))
    clock.set(dt.datetime(2027, 1, 4, 9))  # noqa: DTZ001
    assert [one["id"] for one in lots.open_lots(office.reader(), clock.today())] == [lot]
    office.transact("审核", lambda w: approval.pass_step(w, lot, "抽查属实"))
    assert lots.lot(office.reader(), lot)["status"] == "可用"
    assert lots.pending_points(office.reader(), who, clock.today()) == 0
    steps = [(one["step"], one["recorded_by"]) for one in lots.lot_steps(office.reader(), lot)]
    assert steps == [("队内公示期满", ALL_ROLES.name), ("上级审核", REVIEWER.name)]
    office.close()


def test_who_began_a_round_does_not_audit_it_after_the_notice(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    steps = [{"name": "队内公示", "public_days": 1}, "上级审核"]
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", {"steps": steps, "public_days": 2}))
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: give(w, who))
    lot = office.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], TODAY, TODAY)).result
    assert isinstance(office.clock, FixedClock)
    office.clock.advance(dt.timedelta(days=4))
    office.transact("期满", lambda w: approval.release_lot(w, lot))
    with pytest.raises(Refusal, match="请由另一位同事办理"):
        office.transact("审核", lambda w: approval.pass_step(w, lot))
    office = as_who(office, REVIEWER.name)
    # A newer version without a notice does not shorten the way of a round that has begun.
    newer = {"steps": "", "public_days": 0, "name": "新办法", "source": "会议", "effective_on": "2026-11-23"}
    office.transact("规则", lambda w: rule_sets.add_version(w, APPROVAL.kind, newer))
    office.transact("审核", lambda w: approval.pass_step(w, lot))
    row = lots.lot(office.reader(), lot)
    assert (row["status"], row["waits_for"]) == ("公示中", f"公示至{row['public_until']}")
    assert not lots.goes_on(office.reader(), row)
    office.close()


def test_steps_are_typed_line_by_line_and_the_bench_plays_them() -> None:
    typed = {"steps": "队内公示 公示5个工作日 每月\n上级审核 每季", "public_days": 0}
    body = APPROVAL.to_body(typed)
    assert body == JIAOZHOU
    assert APPROVAL.to_values(body)["steps"] == "队内公示 公示5日 每月\n上级审核 每季"
    assert APPROVAL.to_body({"steps": "社区审核、街道确认"})["steps"] == ["社区审核", "街道确认"]
    with pytest.raises(Refusal, match="“社区审核”后面的“三天”看不懂"):
        APPROVAL.to_body({"steps": "社区审核 三天"})
    rule = APPROVAL.read(rule_sets.draft_of(APPROVAL, {**typed, "effective_on": "2026-01-01"}))
    assert APPROVAL.try_out(rule, {"day": "2026-11-23"}) == [
        "登记 → 队内公示（公示 5 个工作日，每月） → 上级审核（每季）",
        "队内公示：2026年12月1日至2026年12月7日，5 个工作日",
        "上级审核：2027年1月1日起办",
        "最早2027年1月1日可以使用",
    ]


def test_in_jiaozhou_less_than_an_hour_counts_as_one() -> None:
    one = json.loads((RULES / "volunteer-points-jiaozhou.json").read_text(encoding="utf-8"))
    day = dt.date(2018, 1, 1)
    made = RuleSet(
        id="r", kind="volunteer-points", name="样例", version=1, effective_on=day, source="", body=one["body"]
    )
    rule = points_rule(made)
    award = [
        service_award(rule, minutes=minutes, evidence=Evidence.SIGNED).points for minutes in (20, 60, 90)
    ]
    assert award == [100, 100, 150]
