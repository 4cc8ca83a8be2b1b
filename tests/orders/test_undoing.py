"""Mistakes are mended without losing them: steps taken back, helpers noted late, hours corrected, people merged."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import Event, Move, State, Word
from hongyao_desktop.orders.service import finishing, posting, stepping, taking, tending, undoing
from hongyao_desktop.orders.service.finishing import Finish, Score
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.volunteers.queries import lookups as volunteers
from hongyao_desktop.volunteers.queries import signals
from hongyao_desktop.volunteers.records.suspicions import Kind
from hongyao_desktop.volunteers.service import correcting, enrolment, merging, recording, spots
from hongyao_desktop.volunteers.service.correcting import Correction
from tests.offices import open_file
from tests.orders.desk import NOON, TODAY, Desk
from tests.volunteers.conftest import put_rules

BY_CODE = {figure.code: figure for figure in FIGURES}
PERIOD = Period(TODAY, TODAY)


def back(desk: Desk, order_id: str, reason: str = "点错了") -> Move:
    return desk.office.transact("撤回", lambda w: undoing.take_back(w, order_id, reason)).result


def join(desk: Desk, order_id: str, name: str) -> None:
    desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people[name]))


def figure(desk: Desk, code: str) -> int:
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    return int(BY_CODE[code].value(desk.office.reader(), PERIOD, scope))


def minutes_of(desk: Desk, name: str) -> int:
    return int(volunteers.volunteer(desk.office.reader(), desk.people[name])["total_minutes"])


def points_of(desk: Desk, name: str) -> int:
    return int(volunteers.volunteer(desk.office.reader(), desk.people[name])["points"])


def test_an_order_finished_by_mistake_is_at_work_again_with_its_limit(desk: Desk) -> None:
    order_id = desk.accepted()
    before = desk.order(order_id)
    desk.finish(order_id, starts_minute=540, ends_minute=630, minutes=None, result="换了水管")
    with pytest.raises(Refusal, match="撤回要写明原因"):
        back(desk, order_id, " ")
    assert back(desk, order_id, "点错了卡片") is Move.COMPLETE
    after = desk.order(order_id)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"starts_minute", "ends_minute", "minutes", "result"}, (
        "kept for the form of the next time"
    )
    assert (figure(desk, "GD-02"), figure(desk, "GD-08")) == (0, 0)
    assert posting.hours_words(desk.office.reader(), after) == ""
    (*_, last) = boards.life_of(desk.office.reader(), order_id)
    assert (last["move"], last["reason"]) == ("撤回", "点错了卡片")
    assert last["note"] == "完成（原登记 2026年11月20日，已解决，1.5 小时）"
    desk.finish(order_id, minutes=60)
    desk.rate(order_id)
    assert (minutes_of(desk, "单玥"), figure(desk, "GD-32"), desk.faults()) == (60, 60, [])


def test_a_rating_taken_back_reverses_hours_and_points_and_may_be_given_anew(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    desk.finish(order_id, minutes=90, helpers={desk.people["郭艳"]: 30})
    first = desk.rate(order_id, Word.POOR, Word.GOOD)
    assert points_of(desk, "单玥") > 0
    with pytest.raises(Refusal, match="要改请先撤回评单"):
        desk.rate(order_id, Word.GOOD, Word.GOOD)
    assert back(desk, order_id, "居民评价录反了") is Move.RATE
    assert [minutes_of(desk, name) for name in ("单玥", "郭艳")] == [0, 0]
    assert [points_of(desk, name) for name in ("单玥", "郭艳")] == [0, 0]
    assert (figure(desk, "GD-11"), figure(desk, "GD-14"), figure(desk, "GD-32")) == (0, 0, 0)
    order = desk.order(order_id)
    assert (order["state"], order["resident_word"], order["closed_on"]) == ("已完成", None, None)
    assert desk.faults() == []
    second = desk.rate(order_id)
    assert second not in (None, first)
    assert [minutes_of(desk, name) for name in ("单玥", "郭艳")] == [90, 30]
    assert (figure(desk, "GD-12"), figure(desk, "GD-14"), figure(desk, "GD-32")) == (1, 0, 120)
    standing = desk.office.reader().all("SELECT word, standing FROM order_rating_view ORDER BY id")
    assert [row["standing"] for row in standing] == ["已撤回", "已撤回", "有效", "有效"]
    assert desk.faults() == []


def test_minutes_that_are_no_decimals_are_said_in_words(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    desk.finish(order_id, minutes=40, helpers={desk.people["郭艳"]: 20})
    desk.rate(order_id)
    said = posting.hours_words(desk.office.reader(), desk.order(order_id))
    assert said == "已登记单玥2026年11月20日服务时长 40 分钟（签到）；协办郭艳 20 分钟已登记"
    back(desk, order_id)
    back(desk, order_id)
    (*_, last) = boards.life_of(desk.office.reader(), order_id)
    assert last["note"] == "完成（原登记 2026年11月20日，已解决，40 分钟）"


def test_one_side_is_taken_back_by_itself_when_it_was_rated_last(desk: Desk) -> None:
    order_id = desk.finished()
    desk.rate(order_id, Word.GOOD, None)
    desk.rate(order_id, None, Word.POOR)
    back(desk, order_id, "支部评价录错")
    order = desk.order(order_id)
    assert (order["resident_word"], order["branch_word"], order["state"]) == ("满意", None, "已完成")
    desk.rate(order_id, None, Word.FAIR)
    assert desk.order(order_id)["branch_word"] == "基本满意"
    assert desk.faults() == []


def test_every_step_leads_back_to_where_the_order_stood(desk: Desk) -> None:
    order_id = desk.take()
    with pytest.raises(Refusal, match="只登记了点单"):
        back(desk, order_id)
    stood = [desk.order(order_id)]

    def took(step: Any) -> None:
        step()
        stood.append(desk.order(order_id))

    def give_back() -> None:
        desk.give_back(order_id)

    took(lambda: desk.decide(order_id))
    took(lambda: desk.dispatch(order_id))
    took(lambda: desk.dispatch(order_id, "郭艳", reason="单玥不在"))
    took(give_back)
    took(lambda: desk.dispatch(order_id, "尉迟建国"))
    took(lambda: desk.accept(order_id))
    took(give_back)
    moves = []
    while len(stood) > 1:
        stood.pop()
        moves.append(back(desk, order_id))
        assert desk.order(order_id) == stood[-1], moves
    assert moves == ["退单", "接单", "派单", "拒单", "改派", "派单", "议单"]
    assert desk.faults() == []


@pytest.mark.parametrize("move", ["不受理", "转出", "上报", "作废"])
def test_an_early_end_by_mistake_is_taken_back(desk: Desk, move: str) -> None:
    order_id = desk.take(unit_id=desk.units["水湾社区"])
    before = desk.order(order_id)
    steps: dict[str, Any] = {
        "不受理": lambda w: stepping.decline(w, order_id, "不归我们管"),
        "转出": lambda w: stepping.hand_over(w, order_id, "转住建局"),
        "上报": lambda w: stepping.refer_up(w, order_id, "要街道协调"),
        "作废": lambda w: stepping.void_order(w, order_id, "重复"),
    }
    desk.office.transact(move, steps[move])
    assert back(desk, order_id) == move
    assert desk.order(order_id) == before
    assert desk.faults() == []


def test_an_order_that_rested_when_it_was_voided_rests_again(desk: Desk) -> None:
    order_id = desk.take()
    desk.office.transact("挂起", lambda w: tending.hold(w, order_id, "居民外出"))
    with pytest.raises(Refusal, match="只登记了点单"):
        back(desk, order_id)
    desk.office.transact("作废", lambda w: stepping.void_order(w, order_id, "登错"))
    back(desk, order_id)
    order = desk.order(order_id)
    assert (order["state"], order["held_on"], order["due_on"]) == ("已点单", "2026-11-20", None)
    assert desk.faults() == []


def test_a_spot_report_waits_again_and_its_points_go(desk: Desk) -> None:
    report = {
        "reporter": "单玥",
        "phone": "13912345670",
        "reported_on": "2026-11-18",
        "place": "东门路口",
        "content": "井盖破损",
        "unit_id": desk.units["水湾社区"],
    }
    spot_id = desk.office.transact("登记随手拍", lambda w: spots.report_spot(w, report)).result.report_id
    order_id = desk.office.transact("转工单", lambda w: taking.order_from_spot(w, spot_id, {})).result
    desk.decide(order_id)
    desk.dispatch(order_id, "郭艳")
    desk.accept(order_id)
    desk.finish(order_id)
    got = points_of(desk, "单玥")
    assert got > 0
    back(desk, order_id)
    spot = desk.office.reader().one("SELECT * FROM spot_report")
    assert spot is not None
    assert (spot["status"], spot["closed_on"], points_of(desk, "单玥")) == ("待办", None, 0)
    desk.finish(order_id)
    assert points_of(desk, "单玥") == got, "once, however often it was finished"


def test_whoever_may_take_a_step_may_take_it_back(desk: Desk) -> None:
    path = desk.office.path
    order_id = desk.take()
    desk.decide(order_id)
    desk.office.close()
    with closing(open_file(path, who="李某", clock=FixedClock(NOON))) as office:
        office.transact("撤回", lambda w: undoing.take_back(w, order_id, "点错了"))
        office.transact("不受理", lambda w: stepping.decline(w, order_id, "不归我们管"))
    with (
        closing(open_file(path, who="王某", clock=FixedClock(NOON))) as office,
        pytest.raises(Refusal, match="没有“审核、审批”权限"),
    ):
        office.transact("撤回", lambda w: undoing.take_back(w, order_id, "点错了"))


def test_a_helper_who_was_forgotten_gets_his_hours_as_made_up_and_once(desk: Desk) -> None:
    order_id = desk.finished()
    desk.rate(order_id)
    who = desk.people["郭艳"]

    def late(minutes: int, reason: str = "完成时漏登", volunteer_id: str = who) -> str | None:
        return desk.office.transact(
            "补记协办", lambda w: posting.add_helper(w, order_id, volunteer_id, minutes, reason)
        ).result

    with pytest.raises(Refusal, match="要写明原因"):
        late(30, " ")
    with pytest.raises(Refusal, match="就是接单人"):
        late(30, volunteer_id=desk.people["单玥"])
    record_id = late(30)
    row = desk.office.reader().one("SELECT * FROM service_record WHERE id = ?", (record_id,))
    assert row is not None
    assert (row["minutes"], row["evidence"], row["reason"]) == (30, "补录", "补记协办：完成时漏登")
    with pytest.raises(Refusal, match="已经登记"):
        late(30)
    assert (minutes_of(desk, "单玥"), minutes_of(desk, "郭艳"), figure(desk, "GD-32")) == (90, 30, 120)
    assert posting.hours_words(desk.office.reader(), desk.order(order_id)).endswith("协办郭艳 0.5 小时已登记")
    (*_, last) = boards.life_of(desk.office.reader(), order_id)
    assert (last["move"], last["note"]) == (Event.JOIN, "补记 0.5 小时")
    assert desk.faults() == []


def test_a_helper_noted_before_the_rating_waits_for_it(desk: Desk) -> None:
    order_id = desk.finished()
    added = desk.office.transact(
        "补记协办", lambda w: posting.add_helper(w, order_id, desk.people["郭艳"], 30, "漏登")
    ).result
    assert added is None
    assert desk.count("service_record") == 0
    desk.rate(order_id)
    assert (minutes_of(desk, "郭艳"), desk.faults()) == (30, [])


def correct(desk: Desk, record_id: str, minutes: int) -> str:
    right = Correction(minutes=minutes, starts_minute=None, ends_minute=None, reason="照签到表")
    return desk.office.transact("更正", lambda w: correcting.correct_service(w, record_id, right)).result


def test_an_order_shows_the_hours_as_they_were_corrected(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    desk.finish(order_id, minutes=90, helpers={desk.people["郭艳"]: 30})
    first = desk.rate(order_id)
    assert first is not None
    (share,) = boards.shares_of(desk.office.reader(), order_id)
    second = correct(desk, first, 120)
    third = correct(desk, second, 150)
    correct(desk, share["service_record_id"], 45)
    order = desk.order(order_id)
    assert (order["living_record_id"], order["posted_minutes"]) == (third, 150)
    words = posting.hours_words(desk.office.reader(), order)
    assert "2.5 小时（签到），由 1.5 小时更正" in words
    assert "郭艳 0.75 小时（由 0.5 小时更正）已登记" in words
    living = volunteers.service(desk.office.reader(), third)
    assert living["source"].startswith("工单 2026-0001；更正 "), "of which order it is stays known"
    assert (figure(desk, "GD-32"), desk.faults()) == (195, [])
    back(desk, order_id, "评错了")
    assert [minutes_of(desk, name) for name in ("单玥", "郭艳")] == [0, 0], "what lives is reversed"
    assert (figure(desk, "GD-32"), desk.faults()) == (0, [])


def test_an_order_says_that_its_hours_were_reversed(desk: Desk) -> None:
    order_id = desk.finished()
    record_id = desk.rate(order_id)
    assert record_id is not None
    right = correct(desk, record_id, 60)
    desk.office.transact("冲正", lambda w: recording.reverse_service(w, right, "没有去"))
    order = desk.order(order_id)
    assert order["posted_minutes"] == 0
    assert posting.hours_words(desk.office.reader(), order).endswith("后已冲正")
    assert (figure(desk, "GD-32"), desk.faults()) == (0, [])


def twin(desk: Desk, name: str) -> str:
    form = {"name": name, "unit_id": desk.units["水湾社区"], "phone": "13700001111"}
    return desk.office.transact("登记", lambda w: enrolment.save_volunteer(w, form, None)).result


def merge(desk: Desk, kept: str, gone: str) -> str:
    """Make the entry of ``gone`` one with another."""
    return desk.office.transact("合并", lambda w: merging.merge(w, kept, desk.people[gone], "同一人")).result


def test_orders_go_along_with_a_merge_and_come_back_when_it_is_undone(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    desk.finish(order_id, minutes=90, helpers={desk.people["郭艳"]: 30})
    desk.rate(order_id)
    kept, helper = twin(desk, "单玥"), twin(desk, "郭艳")
    merges = [merge(desk, kept, "单玥"), merge(desk, helper, "郭艳")]
    order = desk.order(order_id)
    (share,) = boards.shares_of(desk.office.reader(), order_id)
    assert (order["volunteer_id"], order["volunteer_status"], order["posted_minutes"]) == (kept, "在册", 90)
    assert (share["volunteer_id"], share["posted_minutes"]) == (helper, 30)
    service = desk.office.reader().one(
        "SELECT * FROM service_record WHERE id = ?", (order["living_record_id"],)
    )
    assert service is not None
    assert service["volunteer_id"] == kept
    assert service["source"].startswith("工单 2026-0001；原登记在")
    assert (figure(desk, "GD-31"), figure(desk, "GD-32"), desk.faults()) == (1, 120, [])
    for merged in merges:
        desk.office.transact("撤销", partial(merging.undo_merge, merge_id=merged, reason="是两个人"))
    order = desk.order(order_id)
    (share,) = boards.shares_of(desk.office.reader(), order_id)
    assert (order["volunteer_id"], order["posted_minutes"]) == (desk.people["单玥"], 90)
    assert (share["volunteer_id"], share["posted_minutes"]) == (desk.people["郭艳"], 30)
    assert [minutes_of(desk, name) for name in ("单玥", "郭艳")] == [90, 30]
    assert (figure(desk, "GD-32"), desk.faults()) == (120, [])


def test_hours_corrected_after_a_merge_go_back_with_it(desk: Desk) -> None:
    order_id = desk.finished()
    desk.rate(order_id)
    kept = twin(desk, "单玥")
    merged = desk.office.transact(
        "合并", lambda w: merging.merge(w, kept, desk.people["单玥"], "同一人")
    ).result
    correct(desk, desk.order(order_id)["living_record_id"], 60)
    desk.office.transact("撤销", lambda w: merging.undo_merge(w, merged, "是两个人"))
    assert (minutes_of(desk, "单玥"), desk.order(order_id)["posted_minutes"]) == (60, 60)
    assert int(volunteers.volunteer(desk.office.reader(), kept)["total_minutes"]) == 0
    assert desk.faults() == []


def test_an_order_at_work_is_finished_by_whom_a_merge_left(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    kept = twin(desk, "单玥")
    desk.office.transact("合并", lambda w: merging.merge(w, kept, desk.people["单玥"], "同一人"))
    desk.office.transact("合并", lambda w: merging.merge(w, kept, desk.people["郭艳"], "也是同一人"))
    order = desk.order(order_id)
    assert (order["volunteer_id"], boards.missing_of(order)) == (kept, [])
    assert {row["volunteer_id"] for row in boards.helpers_of(desk.office.reader(), order_id)} == {kept}
    desk.finish(order_id)
    desk.rate(order_id)
    assert int(volunteers.volunteer(desk.office.reader(), kept)["total_minutes"]) == 90
    assert desk.faults() == []


def test_who_was_merged_since_helps_once(desk: Desk) -> None:
    order_id = desk.accepted()
    join(desk, order_id, "郭艳")
    join(desk, order_id, "尉迟建国")
    helpers = {desk.people[name]: 30 for name in ("郭艳", "尉迟建国")}
    desk.finish(order_id, helpers=helpers)
    desk.office.transact(
        "合并", lambda w: merging.merge(w, desk.people["郭艳"], desk.people["尉迟建国"], "同一人")
    )
    desk.rate(order_id)
    assert [minutes_of(desk, name) for name in ("单玥", "郭艳", "尉迟建国")] == [90, 30, 0]
    assert desk.faults() == []


def test_what_was_talked_over_is_counted_and_stands_on_the_order(desk: Desk) -> None:
    order_id = desk.accepted(matter="矛盾纠纷", parties="两户")
    finish = Finish(completed_on=TODAY, deliberated_at=" 小院议事 ")
    desk.office.transact("完成", lambda w: finishing.complete(w, order_id, finish))
    other = desk.accepted(topic="请人理发")
    desk.finish(other)
    assert desk.order(order_id)["deliberated_at"] == "小院议事"
    assert (figure(desk, "GD-20"), figure(desk, "GD-23")) == (2, 1)


def test_nobody_takes_an_order_he_asked_for_by_any_way(desk: Desk) -> None:
    own = desk.take(resident="郭艳", phone="13912345672")
    desk.decide(own)
    with pytest.raises(Refusal, match=r"郭艳.*就是诉求人，自己的事不算志愿服务，请派给别人"):
        desk.dispatch(own, "郭艳")
    desk.dispatch(own)
    desk.accept(own)
    with pytest.raises(Refusal, match="就是诉求人，自己的事不算志愿服务，协办请选别人"):
        join(desk, own, "郭艳")
    desk.finish(own)
    with pytest.raises(Refusal, match="就是诉求人，自己的事不算志愿服务，协办请选别人"):
        desk.office.transact(
            "补记协办", lambda w: posting.add_helper(w, own, desk.people["郭艳"], 30, "漏登")
        )
    score = Score(Word.GOOD)
    desk.office.transact("评单", lambda w: finishing.rate(w, own, resident=score, branch=score))
    assert State(desk.order(own)["state"]) is State.RATED
    assert dt.date.fromisoformat(desk.order(own)["closed_on"]) == TODAY


def test_corrected_hours_of_orders_are_no_suspicion_of_hours_without_activity(desk: Desk) -> None:
    desk.office.transact("规则", lambda w: put_rules(w, "volunteer-signals", "volunteer-conduct"))
    made = []
    for place in range(10):
        order_id = desk.accepted(topic=f"第 {place} 件")
        desk.finish(order_id, minutes=30)
        record_id = desk.rate(order_id)
        assert record_id is not None
        correct(desk, record_id, 20)
        made.append(desk.order(order_id)["posted_minutes"])
    assert made == [20] * 10
    kinds = [one.kind for one in signals.signals(desk.office.reader(), PERIOD)]
    assert Kind.NO_ACTIVITY not in kinds
