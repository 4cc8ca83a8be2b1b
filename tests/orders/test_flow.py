"""No order skips a state; who may do what, by when, and why something came back, is written down."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from functools import partial

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.states import Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import due_day, due_words, limits_of, overdue_days
from hongyao_desktop.orders.service import stepping, tending
from tests.offices import open_file
from tests.orders.desk import NOON, TODAY, Desk

DAY = dt.date


def test_every_move_starts_where_the_one_before_ended() -> None:
    assert flow.moves_from(State.ASKED)[0] is Move.DECIDE
    for before, after in zip(flow.MAIN_LINE, flow.MAIN_LINE[1:], strict=False):
        (usual, *_others) = flow.moves_from(before)
        assert flow.leads_to(usual, before) is after
    for move, (sources, _targets) in flow.TRANSITIONS.items():
        for state in State:
            if state not in sources:
                with pytest.raises(Refusal, match=f"工单现在是“{state}”，不能{move}"):
                    flow.leads_to(move, state)
    assert all(flow.moves_from(state) == (Move.TAKE_BACK,) for state in State if state.closed)


def test_limits_count_working_days_and_the_wished_day_comes_first(desk: Desk) -> None:
    limits = lookups.rules(desk.office.reader()).limits.on(TODAY)
    friday = DAY(2026, 11, 20)
    assert due_day(limits, State.ASKED, "走访", friday) == DAY(2026, 11, 23)
    assert due_day(limits, State.ACCEPTED, "走访", friday) == DAY(2026, 11, 27)
    assert due_day(limits, State.ACCEPTED, "吹哨报到", friday) == DAY(2026, 11, 24)
    assert due_day(limits, State.ACCEPTED, "走访", friday, wanted_by=DAY(2026, 11, 21)) == DAY(2026, 11, 21)
    assert due_day(limits, State.ACCEPTED, "走访", friday, wanted_by=DAY(2026, 11, 1)) == friday
    assert due_day(limits, State.RATED, "走访", friday) is None
    assert (overdue_days(DAY(2026, 11, 18), friday), overdue_days(friday, friday)) == (2, 0)
    words = [due_words(friday + dt.timedelta(days=n), friday) for n in (-2, 0, 1, 3)]
    assert words == ["逾期 2 天", "今天到期", "明天到期", "还有 3 天"]


def test_the_whole_life_of_an_order_is_written_down(desk: Desk) -> None:
    order_id = desk.take()
    desk.decide(order_id)
    desk.dispatch(order_id)
    desk.give_back(order_id)
    desk.dispatch(order_id, "尉迟建国")
    desk.dispatch(order_id, "郭艳", reason="尉迟建国联系不上")
    desk.accept(order_id)
    desk.finish(order_id, result="换了水管接头")
    desk.rate(order_id)
    steps = boards.steps_of(desk.office.reader(), order_id)
    assert [step["move"] for step in steps] == [
        "点单",
        "议单",
        "派单",
        "拒单",
        "派单",
        "改派",
        "接单",
        "完成",
        "评单",
    ]
    assert [step["helper_name"] for step in steps[2:7]] == ["单玥", "单玥", "尉迟建国", "郭艳", "郭艳"]
    assert steps[3]["reason"] == "出差在外"
    assert steps[-1]["note"] == "居民满意（5 分）；支部满意（5 分）"
    order = desk.order(order_id)
    assert (order["number"], order["state"], order["dispatches"], order["refusals"]) == (
        "2026-0001",
        "已评单",
        3,
        1,
    )
    assert (order["kind"], order["channel"], order["unit_name"]) == ("家电维修", "一键呼叫", "样例街道")
    assert desk.faults() == []


def test_a_step_cannot_be_skipped(desk: Desk) -> None:
    order_id = desk.take()
    for step in (
        partial(desk.dispatch, order_id),
        partial(desk.accept, order_id),
        partial(desk.finish, order_id),
        partial(desk.rate, order_id),
    ):
        with pytest.raises(Refusal, match="先议单"):
            step()
    assert desk.order(order_id)["state"] == "已点单"
    assert desk.count("order_step") == 1
    assert desk.count("service_record") == 0


def test_what_comes_back_needs_a_reason(desk: Desk) -> None:
    order_id = desk.take()
    with pytest.raises(Refusal, match="不受理要写明原因"):
        desk.office.transact("不受理", lambda w: stepping.decline(w, order_id, "  "))
    desk.decide(order_id)
    desk.dispatch(order_id)
    with pytest.raises(Refusal, match="拒单要写明原因"):
        desk.give_back(order_id, "")
    with pytest.raises(Refusal, match="改派要写明原因"):
        desk.dispatch(order_id, "郭艳")
    with pytest.raises(Refusal, match="已经派给单玥"):
        desk.dispatch(order_id, "单玥", reason="再派")


def test_nobody_serves_himself(desk: Desk) -> None:
    """The same name and number: hours for one's own errand are none; a namesake may take it."""
    order_id = desk.take(resident="单玥", phone="13912345670")
    desk.decide(order_id)
    with pytest.raises(Refusal, match="就是诉求人，自己的事不算志愿服务"):
        desk.dispatch(order_id, "单玥")
    desk.dispatch(order_id, "郭艳")
    desk.accept(order_id)
    with pytest.raises(Refusal, match="协办请选别人"):
        desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people["单玥"]))
    namesake = desk.take(resident="单玥", phone="13900000000", topic="换灯泡")
    desk.decide(namesake)
    desk.dispatch(namesake, "单玥")
    assert desk.order(namesake)["volunteer_id"] == desk.people["单玥"]


def test_an_order_is_passed_up_handed_over_or_voided(desk: Desk) -> None:
    order_id = desk.take(unit_id=desk.units["三号网格"])
    for upper in ("水湾社区", "样例街道"):
        done = desk.office.transact("上报", lambda w: stepping.refer_up(w, order_id, "网格办不了"))
        assert done.result == upper
        assert (desk.order(order_id)["state"], desk.order(order_id)["unit_name"]) == ("已点单", upper)
    with pytest.raises(Refusal, match="没有上级组织，请用“转出”"):
        desk.office.transact("上报", lambda w: stepping.refer_up(w, order_id, "办不了"))
    desk.office.transact("转出", lambda w: stepping.hand_over(w, order_id, "转区住建局"))
    assert (desk.order(order_id)["state"], desk.order(order_id)["due_on"]) == ("已转出", None)
    other = desk.take(topic="请人理发")
    desk.office.transact("作废", lambda w: stepping.void_order(w, other, "登错了"))
    assert (desk.order(other)["number"], desk.order(other)["state"]) == ("2026-0002", "作废")
    assert desk.faults() == []


def test_a_day_before_the_last_step_or_after_today_is_refused(desk: Desk) -> None:
    order_id = desk.take()
    with pytest.raises(Refusal, match="议单日期2026年11月15日早于上一步"):
        desk.decide(order_id, DAY(2026, 11, 15))
    with pytest.raises(Refusal, match="还没有到"):
        desk.decide(order_id, DAY(2026, 11, 21))
    desk.decide(order_id, DAY(2026, 11, 17))
    assert desk.order(order_id)["due_on"] == "2026-11-18"


def test_roles_come_from_the_rule_set(desk: Desk) -> None:
    path = desk.office.path
    order_id = desk.take()
    desk.office.close()
    with (
        closing(open_file(path, who="王某", clock=FixedClock(NOON))) as office,
        pytest.raises(Refusal, match="没有“审核、审批”权限"),
    ):
        office.transact("作废", lambda w: stepping.void_order(w, order_id, "登错"))
    with closing(open_file(path, who="李某", clock=FixedClock(NOON))) as office:
        office.transact("不受理", lambda w: stepping.decline(w, order_id, "重复"))
        assert lookups.order(office.reader(), order_id)["state"] == "不受理"


def test_a_rule_set_with_a_hole_says_which_entry(desk: Desk) -> None:
    rule = lookups.rules(desk.office.reader())
    assert rule.limits.on(TODAY).title == "《样例街道五单服务时限》第1版（2018年1月1日起）"
    row = desk.office.reader().one("SELECT * FROM rule_set WHERE kind = 'order-limits'")
    assert row is not None
    broken = from_row({**row, "body": '{"workdays": {"已点单": 1}, "by_channel": {}}'})
    with pytest.raises(Refusal, match="缺少“已议单”一项"):
        limits_of(broken)


def test_numbers_of_a_year_have_no_gap(desk: Desk) -> None:
    first = desk.take()
    last_year = desk.take(asked_on="2025-12-30", topic="请人理发")
    second = desk.take(topic="孩子放学没人接")
    numbers = [desk.order(order_id)["number"] for order_id in (first, last_year, second)]
    assert numbers == ["2026-0001", "2025-0001", "2026-0002"]
    assert desk.faults() == []


def test_the_database_itself_refuses_a_skipped_state(desk: Desk) -> None:
    order_id = desk.take()
    order = desk.order(order_id)
    row = {
        "order_id": order_id,
        "move": "完成",
        "from_state": "已点单",
        "to_state": "已完成",
        "taken_on": "2026-11-20",
        "unit_id": order["unit_id"],
        "recorded_on": "2026-11-20",
        "recorded_by": "全某",
    }
    with pytest.raises(Exception, match="CHECK constraint failed"):
        desk.office.transact("完成", lambda w: w.insert("order_step", row))
