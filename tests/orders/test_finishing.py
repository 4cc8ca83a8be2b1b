"""One order makes one service record, once both sides have rated or for a stated reason, whatever is repeated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.orders.queries import boards
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import HoursAfter, Outcome, Word
from hongyao_desktop.orders.service import finishing, posting, taking, tending
from hongyao_desktop.orders.service.finishing import Finish, Score
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.volunteers.queries import lookups as volunteers
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import recording, spots
from tests.offices import make_office
from tests.orders.desk import NOON, TODAY, Desk


@pytest.fixture
def prompt_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose rule set records hours at once when an order is finished."""
    clock = FixedClock(NOON)
    office = make_office(tmp_path, clock=clock)
    yield Desk(office, clock).prepare(hours_after=HoursAfter.COMPLETED.value)
    office.close()


def test_no_rating_no_hours_and_then_exactly_one_record(desk: Desk) -> None:
    order_id = desk.accepted()
    assert desk.finish(order_id) is None
    assert desk.finish(order_id) is None, "saved twice"
    assert desk.count("service_record") == 0
    (missing,) = boards.unrated_orders(desk.office.reader())
    assert boards.missing_of(missing) == ["缺居民、支部评价"]
    assert desk.rate(order_id, branch=None) is None
    (missing,) = boards.unrated_orders(desk.office.reader())
    assert boards.missing_of(missing) == ["缺支部评价"]
    assert desk.count("service_record") == 0
    record_id = desk.rate(order_id)
    assert record_id == desk.rate(order_id) == desk.finish(order_id)
    assert boards.unrated_orders(desk.office.reader()) == []
    row = desk.office.reader().one("SELECT * FROM service_view")
    assert row is not None
    assert (row["id"], row["name"], row["minutes"], row["evidence"]) == (record_id, "单玥", 90, "签到")
    assert (row["title"], row["source"]) == ("五单服务：厨房水管漏水，请人上门修", "工单 2026-0001")
    assert volunteers.volunteer(desk.office.reader(), desk.people["单玥"])["points"] == 1500
    assert (desk.count("service_record"), desk.count("point_entry"), desk.faults()) == (1, 1, [])


def test_the_rule_set_may_record_hours_at_once(prompt_desk: Desk) -> None:
    order_id = prompt_desk.accepted()
    record_id = prompt_desk.finish(order_id)
    assert record_id is not None
    assert prompt_desk.finish(order_id) == prompt_desk.rate(order_id) == record_id
    assert (prompt_desk.count("service_record"), prompt_desk.faults()) == (1, [])


def test_hours_before_the_rating_need_a_stated_reason_and_count_as_made_up(desk: Desk) -> None:
    order_id = desk.accepted()
    record_id = desk.finish(order_id, post_early="居民长期在外，联系不上")
    row = desk.office.reader().one("SELECT * FROM service_record")
    assert row is not None
    assert (row["id"], row["evidence"]) == (record_id, "补录")
    assert row["reason"] == "未评单先记时长：居民长期在外，联系不上"
    again = desk.office.transact("先记", lambda w: finishing.post_early(w, order_id, "再来")).result
    assert again == desk.rate(order_id) == record_id
    assert (desk.count("service_record"), desk.faults()) == (1, [])


def test_points_follow_the_rule_of_the_service_day_and_a_reversal_is_told(desk: Desk) -> None:
    order_id = desk.accepted()
    desk.finish(order_id, minutes=None, starts_minute=23 * 60, ends_minute=30)
    record_id = desk.rate(order_id)
    assert record_id is not None
    entry = desk.office.reader().one(
        "SELECT rule_set.effective_on FROM point_entry JOIN rule_set ON rule_set.id = point_entry.rule_id"
    )
    assert entry is not None
    assert entry["effective_on"] <= TODAY.isoformat()
    assert desk.order(order_id)["minutes"] == 90
    desk.office.transact("冲正", lambda w: recording.reverse_service(w, record_id, "没有去"))
    assert desk.rate(order_id) == record_id
    said = posting.hours_words(desk.office.reader(), desk.order(order_id))
    assert said.endswith("（签到），后已冲正")


def test_a_clash_with_other_service_is_found_when_finishing(desk: Desk) -> None:
    first = desk.accepted()
    desk.finish(first, minutes=None, starts_minute=540, ends_minute=630)
    desk.rate(first)
    second = desk.accepted(topic="请人理发")
    finish = Finish(completed_on=TODAY, starts_minute=600, ends_minute=660)
    found = finishing.check_finish(desk.office.reader(), second, finish, today=TODAY, recorder="全某")
    assert [problem.code for problem in found] == ["service.overlap"]
    with pytest.raises(Refusal, match="重叠"):
        desk.finish(second, minutes=None, starts_minute=600, ends_minute=660)
    assert desk.order(second)["state"] == "已接单"


def test_a_finished_order_is_not_finished_otherwise(desk: Desk) -> None:
    order_id = desk.finished()
    with pytest.raises(Refusal, match="已登记完成，登错了请先撤回"):
        desk.finish(order_id, minutes=120)
    desk.rate(order_id, branch=None)
    with pytest.raises(Refusal, match="要改请先撤回评单"):
        desk.rate(order_id, Word.POOR)
    with pytest.raises(Refusal, match="请至少填一方"):
        desk.rate(desk.finished(topic="请人理发"), None, None)


def test_a_score_must_suit_its_word(desk: Desk) -> None:
    order_id = desk.finished()
    with pytest.raises(Refusal, match="“满意”应打 4 至 5 分，现在是 1 分"):
        desk.office.transact("评单", lambda w: finishing.rate(w, order_id, resident=Score(Word.GOOD, 1)))


def test_an_order_without_hours_makes_no_record(desk: Desk) -> None:
    order_id = desk.accepted()
    desk.finish(order_id, minutes=None)
    assert desk.rate(order_id) is None
    assert (desk.order(order_id)["state"], desk.count("service_record")) == ("已评单", 0)
    with pytest.raises(Refusal, match="没有时长可记"):
        desk.office.transact("先记", lambda w: finishing.post_early(w, order_id, "补"))


def test_only_a_dispute_is_mediated(desk: Desk) -> None:
    plain = desk.accepted()
    with pytest.raises(Refusal, match="只用于矛盾纠纷"):
        desk.finish(plain, outcome=Outcome.MEDIATED)
    dispute = desk.accepted(matter="矛盾纠纷", parties="楼上楼下两户", topic="楼上漏水到楼下，两家争吵")
    desk.finish(dispute, outcome=Outcome.MEDIATED)
    assert desk.order(dispute)["outcome"] == "已调解"


def test_a_spot_report_becomes_an_order_and_is_closed_with_it(desk: Desk) -> None:
    report = {
        "reported_on": "2026-11-18",
        "reporter": "翟建",
        "place": "东门40号旁",
        "content": "路灯不亮，已拍照",
        "volunteer_id": desk.people["郭艳"],
    }
    spot_id = desk.office.transact("登记随手拍", lambda w: spots.report_spot(w, report)).result.report_id
    asked = {"asked_on": "2026-11-19", "phone": "13812345678"}
    order_id = desk.office.transact("转工单", lambda w: taking.order_from_spot(w, spot_id, asked)).result
    order = desk.order(order_id)
    assert (order["channel"], order["matter"], order["resident"]) == ("随手拍", "民情事项", "翟建")
    assert order["topic"] == "东门40号旁：路灯不亮，已拍照"
    with pytest.raises(Refusal, match="已转为工单 2026-0001"):
        desk.office.transact("转工单", lambda w: taking.order_from_spot(w, spot_id, asked))
    desk.decide(order_id)
    desk.dispatch(order_id)
    desk.accept(order_id)
    desk.finish(order_id, result="换了灯泡")
    spot = desk.office.reader().one("SELECT * FROM spot_report")
    assert spot is not None
    assert (spot["status"], spot["closed_on"], spot["outcome"]) == (
        "办结",
        "2026-11-20",
        "工单 2026-0001：换了灯泡",
    )
    assert volunteers.volunteer(desk.office.reader(), desk.people["郭艳"])["points"] == 500


def test_a_report_merged_while_its_order_runs_closes_the_first_report(desk: Desk) -> None:
    def report(day: str, place: str, who: str) -> str:
        values = {"reported_on": day, "reporter": who, "place": place, "content": "路灯不亮"}
        return desk.office.transact("登记随手拍", lambda w: spots.report_spot(w, values)).result.report_id

    first, second = report("2026-11-17", "东门", "翟建"), report("2026-11-18", "东门口", "路人")
    order_id = desk.office.transact("转工单", lambda w: taking.order_from_spot(w, second, {})).result
    desk.office.transact("并入首报", lambda w: spots.merge_spot(w, second, first))
    desk.decide(order_id)
    desk.dispatch(order_id)
    desk.accept(order_id)
    desk.finish(order_id, result="换了灯泡")
    rows = desk.office.reader().all("SELECT id, status, outcome FROM spot_report ORDER BY id")
    assert [(row["id"], row["status"], row["outcome"]) for row in rows] == [
        (first, "办结", "工单 2026-0001：换了灯泡"),
        (second, "并入", None),
    ]


def test_the_form_is_checked(desk: Desk) -> None:
    reader = desk.office.reader()
    base = {"resident": "曾桂英", "topic": "漏水", "asked_on": "2026-11-16", "phone": "13812345678"}
    assert taking.check_order(reader, base, None) == []
    codes: dict[str, dict[str, str | None]] = {
        "order.wanted": {"wanted_by": "2026-11-01"},
        "order.channel": {"channel": "路过"},
        "order.parties": {"matter": "矛盾纠纷"},
        "field.missing": {"topic": None},
    }
    for code, changes in codes.items():
        assert [p.code for p in taking.check_order(reader, {**base, **changes}, None)] == [code]
    desk.take()
    assert [p.code for p in taking.check_order(reader, base, None)] == ["order.alike"]
    with pytest.raises(Refusal, match="还没有到"):
        desk.take(asked_on="2026-11-21")


def test_mending_an_order_keeps_its_state_and_moves_its_day(desk: Desk) -> None:
    order_id = desk.take()
    desk.office.transact("修改工单", lambda w: taking.save_order(w, {"wanted_by": "2026-11-16"}, order_id))
    assert desk.order(order_id)["due_on"] == "2026-11-16"
    with pytest.raises(Refusal, match="不能改到别的年份"):
        desk.office.transact("修改工单", lambda w: taking.save_order(w, {"asked_on": "2025-11-16"}, order_id))
    desk.decide(order_id)
    changed = {"unit_id": desk.units["东门社区"]}
    with pytest.raises(Refusal, match="议单之后不能再改受理组织"):
        desk.office.transact("修改工单", lambda w: taking.save_order(w, changed, order_id))
    desk.dispatch(order_id)
    desk.accept(order_id)
    desk.finish(order_id, completed_on=dt.date(2026, 11, 20))
    desk.rate(order_id)
    with pytest.raises(Refusal, match="已经结束，不能再修改"):
        desk.office.transact("修改工单", lambda w: taking.save_order(w, {"topic": "别的"}, order_id))


def test_what_a_resident_said_stands_in_the_life_of_the_order(desk: Desk) -> None:
    order_id = desk.finished()
    score = Score(Word.POOR, remark="水管又漏了")
    desk.office.transact("评单", lambda w: finishing.rate(w, order_id, resident=score, branch=score))
    (*_, last) = boards.steps_of(desk.office.reader(), order_id)
    assert last["note"] == "居民不满意（2 分）；支部不满意（2 分）；意见：水管又漏了"


def test_a_closed_order_is_taken_up_once_more_and_stays_as_it_is(desk: Desk) -> None:
    order_id = desk.take()
    with pytest.raises(Refusal, match="还没有结束，不用续办"):
        desk.office.transact("续办", lambda w: taking.take_again(w, order_id, "又漏了"))
    desk.decide(order_id)
    desk.dispatch(order_id)
    desk.accept(order_id)
    desk.finish(order_id)
    desk.rate(order_id, Word.POOR)
    before = desk.order(order_id)
    with pytest.raises(Refusal, match="续办要写明原因"):
        desk.office.transact("续办", lambda w: taking.take_again(w, order_id, " "))
    again = desk.order(
        desk.office.transact("续办", lambda w: taking.take_again(w, order_id, "又漏了")).result
    )
    assert desk.order(order_id) == before
    assert (again["number"], again["state"], again["note"]) == ("2026-0002", "已点单", "续 2026-0001：又漏了")
    assert (again["resident"], again["phone"], again["kind"], again["asked_on"]) == (
        *("曾桂英", "13812345678", "家电维修"),
        "2026-11-20",
    )
    assert desk.faults() == []


def helped(desk: Desk) -> str:
    """An order at work with two helpers."""
    order_id = desk.accepted()
    for name in ("郭艳", "尉迟建国"):
        desk.office.transact("协办", lambda w, name=name: tending.join(w, order_id, desk.people[name]))  # type: ignore[misc]
    return order_id


def served(desk: Desk) -> list[tuple[str, int, int | None]]:
    rows = desk.office.reader().all("SELECT name, minutes, starts_minute FROM service_view ORDER BY name")
    return [(row["name"], row["minutes"], row["starts_minute"]) for row in rows]


def test_each_who_did_an_order_gets_one_record_with_his_own_minutes(desk: Desk) -> None:
    order_id = helped(desk)
    told = {desk.people["郭艳"]: None, desk.people["尉迟建国"]: 30}
    times = {"starts_minute": 540, "ends_minute": 630, "minutes": None, "helpers": told}
    assert desk.finish(order_id, **times) is None
    assert desk.finish(order_id, **times) is None, "saved twice"
    assert (desk.count("service_record"), desk.count("order_share")) == (0, 2)
    reader = desk.office.reader()
    assert "协办郭艳 1.5 小时、尉迟建国 0.5 小时评单后登记" in posting.hours_words(
        reader, desk.order(order_id)
    )
    record_id = desk.rate(order_id)
    assert record_id == desk.rate(order_id) == desk.finish(order_id, **times)
    assert sorted(served(desk)) == sorted([("单玥", 90, 540), ("郭艳", 90, 540), ("尉迟建国", 30, 540)])
    assert (desk.count("service_record"), desk.count("point_entry"), desk.faults()) == (3, 3, [])
    assert posting.hours_words(reader, desk.order(order_id)).endswith("尉迟建国 0.5 小时已登记")
    figure = next(one for one in FIGURES if one.label == "工单登记时长" or "时长" in one.label)
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    assert figure.value(desk.office.reader(), Period(TODAY, TODAY), scope) == 210


def test_a_helper_who_did_not_come_gets_none_and_nobody_else_does(desk: Desk) -> None:
    order_id = helped(desk)
    with pytest.raises(Refusal, match="登记过的协办人"):
        desk.finish(order_id, helpers={desk.people["单玥"]: 30})
    desk.finish(order_id, minutes=60, helpers={desk.people["郭艳"]: 0, desk.people["尉迟建国"]: 120})
    desk.rate(order_id)
    assert sorted(served(desk)) == sorted([("单玥", 60, None), ("尉迟建国", 120, None)])
    assert desk.faults() == []


def test_hours_of_helpers_are_recorded_with_those_of_who_took_the_order(prompt_desk: Desk) -> None:
    order_id = helped(prompt_desk)
    prompt_desk.finish(order_id, helpers={prompt_desk.people["郭艳"]: None})
    assert len(served(prompt_desk)) == 2
    prompt_desk.rate(order_id)
    assert (prompt_desk.count("service_record"), prompt_desk.faults()) == (2, [])


def test_a_clash_of_a_helper_stands_in_the_way_and_says_whose_it_is(desk: Desk) -> None:
    order_id = helped(desk)
    other = ServiceRecord(
        volunteer_id=desk.people["郭艳"],
        title="夜巡",
        served_on=TODAY,
        minutes=60,
        evidence=Evidence.SIGNED,
        starts_minute=560,
        ends_minute=620,
    )
    desk.office.transact("登记", lambda w: recording.record_service(w, other))
    told = {desk.people["郭艳"]: None}
    finish = Finish(completed_on=TODAY, starts_minute=540, ends_minute=630, helpers=told)
    (clash,) = finishing.check_finish(desk.office.reader(), order_id, finish, today=TODAY, recorder="王某")
    assert clash.message.startswith("郭艳")
    assert "夜巡" in clash.message
    with pytest.raises(Refusal, match="夜巡"):
        desk.finish(order_id, starts_minute=540, ends_minute=630, minutes=None, helpers=told)


def test_hours_that_were_left_out_are_asked_about_and_may_be_none(desk: Desk) -> None:
    order_id = desk.accepted()
    reader = desk.office.reader()
    asked = finishing.check_finish(reader, order_id, Finish(completed_on=TODAY), today=TODAY, recorder="王某")
    assert [(problem.level, problem.field) for problem in asked] == [(Level.QUESTION, "minutes")]
    assert "单玥这一单不记时长和积分" in asked[0].message
    told = Finish(completed_on=TODAY, minutes=30)
    assert finishing.check_finish(reader, order_id, told, today=TODAY, recorder="王某") == []
    assert desk.finish(order_id, minutes=None) is None
