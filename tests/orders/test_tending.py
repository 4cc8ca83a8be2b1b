"""Between two steps: a longer limit, a rest, a helper or a paper leaves the order in its state and is written down."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial

import pytest

from hongyao_desktop.core.attached import FileMark
from hongyao_desktop.core.desk import Role, Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.orders.page.life import step_words
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.queries.boards import View
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import Event, State
from hongyao_desktop.orders.rules.limits import due_after_rest, due_words, duties_of
from hongyao_desktop.orders.service import stepping, taking, tending
from hongyao_desktop.people.queries import unit_scope
from tests.orders.desk import ORDER, TODAY, Desk

DAY = dt.date
PAPER = FileMark("现场照片.jpg", 20_480, "ab" * 32)
NOVEMBER = DAY(2026, 11, 1)
BY_CODE = {figure.code: figure for figure in FIGURES}


def do(desk: Desk, verb: Callable[..., object], *given: object, **more: object) -> None:
    desk.office.transact("跟进", lambda writer: verb(writer, *given, **more))


def value(desk: Desk, code: str, first: dt.date = NOVEMBER, last: DAY = TODAY) -> int:
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    return BY_CODE[code].value(desk.office.reader(), Period(first, last), scope)


def told(desk: Desk, order_id: str) -> list[str]:
    return [": ".join(step_words(step, 2026)) for step in boards.life_of(desk.office.reader(), order_id)]


def test_a_longer_limit_keeps_the_day_before_and_counts_as_in_time(desk: Desk) -> None:
    order_id = desk.accepted()
    assert desk.order(order_id)["due_on"] == "2026-11-27"
    do(desk, tending.extend, order_id, DAY(2026, 12, 4), "等水管配件到货")
    order = desk.order(order_id)
    assert (order["state"], order["due_on"], order["finish_due_on"]) == ("已接单", "2026-12-04", "2026-12-04")
    (event,) = boards.events_of(desk.office.reader(), order_id)
    assert (event["due_before"], event["due_on"], event["reason"]) == (
        "2026-11-27",
        "2026-12-04",
        "等水管配件到货",
    )
    assert told(desk, order_id)[-1] == "11月20日: 延期到2026年12月4日：等水管配件到货"
    desk.on(DAY(2026, 12, 3))
    desk.finish(order_id)
    december = (DAY(2026, 12, 1), DAY(2026, 12, 31))
    assert (value(desk, "GD-03", *december), value(desk, "GD-04", *december)) == (1, 0)
    assert (value(desk, "GD-10"), value(desk, "GD-10", *december)) == (1, 0)
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        (DAY(2026, 11, 27), "配件", "本步期限是2026年11月27日，延期要改到更晚的一天"),
        (DAY(2026, 12, 4), " ", "延期要写明原因"),
    ],
)
def test_a_limit_is_not_made_shorter_nor_moved_without_a_reason(
    desk: Desk, until: DAY, reason: str, words: str
) -> None:
    order_id = desk.accepted()
    with pytest.raises(Refusal, match=words):
        do(desk, tending.extend, order_id, until, reason)
    assert desk.order(order_id)["due_on"] == "2026-11-27"


def test_the_wished_day_does_not_take_back_a_longer_limit(desk: Desk) -> None:
    order_id = desk.take()
    do(desk, tending.extend, order_id, DAY(2026, 12, 4), "支部换届")
    changed = {**ORDER, "wanted_by": "2026-11-18"}
    desk.office.transact("修改", lambda w: taking.save_order(w, changed, order_id))
    assert desk.order(order_id)["due_on"] == "2026-12-04"
    desk.decide(order_id)
    assert desk.order(order_id)["due_on"] == TODAY.isoformat(), "the next step has its own limit again"


def test_an_order_at_rest_has_no_limit_and_takes_no_step(desk: Desk) -> None:
    order_id = desk.accepted()
    do(desk, tending.hold, order_id, "居民住院，约好出院后再办")
    order = desk.order(order_id)
    assert (order["held_on"], order["due_on"], order["finish_due_on"]) == ("2026-11-20", None, None)
    board = boards.board(desk.office.reader(), DAY(2026, 12, 20), view=View.HELD)
    assert (board.counts[View.HELD], board.counts[View.OVERDUE]) == (1, 0)
    (card,) = board.columns[3].cards
    assert (card.due, card.overdue, card.held) == ("挂起 30 天", False, True)
    assert boards.waiting(desk.office.reader(), TODAY) == {}
    with pytest.raises(Refusal, match="工单正挂起，先恢复再完成"):
        desk.finish(order_id)
    with pytest.raises(Refusal, match="工单正挂起，先恢复再延期"):
        do(desk, tending.extend, order_id, DAY(2026, 12, 31), "再等")
    assert (value(desk, "GD-06"), value(desk, "GD-07", last=DAY(2026, 12, 31)), value(desk, "GD-09")) == (
        1,
        0,
        1,
    )
    assert desk.faults() == []


def test_taken_up_again_the_limit_moves_by_the_working_days_of_the_rest(desk: Desk) -> None:
    order_id = desk.accepted()
    do(desk, tending.hold, order_id, "居民住院")
    desk.on(DAY(2026, 11, 30))
    do(desk, tending.resume, order_id, note="居民已出院")
    order = desk.order(order_id)
    # Six working days from Monday the 23rd to Monday the 30th; the limit was Friday the 27th.
    assert (order["held_on"], order["due_on"], order["finish_due_on"]) == (None, "2026-12-07", "2026-12-07")
    assert told(desk, order_id)[-2:] == [
        "11月20日: 挂起：居民住院",
        "11月30日: 恢复，期限顺延到2026年12月7日：居民已出院",
    ]
    with pytest.raises(Refusal, match="没有挂起，不用恢复"):
        do(desk, tending.resume, order_id)
    assert value(desk, "GD-09", last=DAY(2026, 11, 29)) == 1
    assert value(desk, "GD-09", last=DAY(2026, 11, 30)) == 0
    desk.finish(order_id)
    assert desk.faults() == []


def test_what_was_overdue_stays_overdue_after_a_rest() -> None:
    monday = DAY(2026, 11, 23)
    assert due_after_rest(DAY(2026, 11, 20), monday, monday) == DAY(2026, 11, 20)
    assert due_after_rest(DAY(2026, 11, 20), monday, DAY(2026, 11, 25)) == DAY(2026, 11, 24)
    assert due_words(None, monday, monday) == "今天挂起"


def test_voiding_ends_a_rest(desk: Desk) -> None:
    order_id = desk.take()
    do(desk, tending.hold, order_id, "核实身份")
    do(desk, stepping.void_order, order_id, "查无此人")
    order = desk.order(order_id)
    assert (order["state"], order["held_on"]) == (State.VOID, None)
    assert desk.faults() == []


def test_follow_ups_and_helpers_stand_between_the_steps(desk: Desk) -> None:
    order_id = desk.accepted()
    do(desk, tending.follow_up, order_id, "已联系物业，答应周三来看")
    do(desk, tending.join, order_id, desk.people["郭艳"], note="带工具")
    assert told(desk, order_id)[-2:] == [
        "11月20日: 跟进：已联系物业，答应周三来看",
        "11月20日: 郭艳协办：带工具",
    ]
    for name, words in (("郭艳", "已经在协办"), ("单玥", "就是接单人")):
        with pytest.raises(Refusal, match=words):
            do(desk, tending.join, order_id, desk.people[name])
    desk.rate(desk.order(order_id)["id"] if desk.finish(order_id) else order_id)
    assert desk.count("service_record") == 1, "no hours were said for the helper"
    with pytest.raises(Refusal, match="现在是“已评单”，不能跟进"):
        do(desk, tending.follow_up, order_id, "又打来电话")


def leave(desk: Desk, name: str) -> None:
    left = {"status": "退出", "status_reason": "搬走", "left_on": "2026-11-19"}
    desk.office.transact("退出", lambda w: w.update("volunteer", desk.people[name], left))


def test_who_has_left_does_not_help(desk: Desk) -> None:
    order_id = desk.accepted()
    leave(desk, "郭艳")
    with pytest.raises(Refusal, match=r"郭艳.*不是在册志愿者，协办请选别人"):
        do(desk, tending.join, order_id, desk.people["郭艳"])


def test_an_order_given_to_somebody_who_has_left_says_so_and_waits_for_another(desk: Desk) -> None:
    order_id = desk.take()
    desk.decide(order_id)
    desk.dispatch(order_id)
    assert boards.missing_of(desk.order(order_id)) == []
    leave(desk, "单玥")
    assert boards.missing_of(desk.order(order_id)) == ["接单人已退出"]
    with pytest.raises(Refusal, match=r"单玥.*不是在册志愿者，请改派别人"):
        desk.accept(order_id)
    desk.dispatch(order_id, "郭艳", reason="单玥已搬走")
    desk.accept(order_id)
    assert boards.missing_of(desk.order(order_id)) == []


def test_a_paper_is_known_by_its_hash(desk: Desk) -> None:
    order_id = desk.take()
    do(desk, tending.attach, order_id, PAPER, note="现场")
    with pytest.raises(Refusal, match="与本单已登记的附件内容相同"):
        do(desk, tending.attach, order_id, FileMark("换了名字.jpg", 20_480, PAPER.sha256))
    assert told(desk, order_id)[-1] == "11月20日: 附件：现场照片.jpg（abababab）；现场"
    assert desk.order(order_id)["due_on"] == "2026-11-17", "a paper moves no limit"


@pytest.mark.parametrize("kind", list(Event))
def test_a_rule_set_of_before_says_who_by_the_step_that_is_most_alike(desk: Desk, kind: Event) -> None:
    row = desk.office.reader().one("SELECT * FROM rule_set WHERE kind = 'order-duties'")
    assert row is not None
    body = json.loads(row["body"])
    alike = {
        Event.EXTEND: (Role.REVIEW, Role.APPROVE),
        Event.HOLD: (Role.REVIEW, Role.APPROVE),
        Event.JOIN_LATE: (Role.ENTRY,),
    }
    assert duties_of(from_row(row)).roles[kind] == alike.get(kind, (Role.ENTRY, Role.REVIEW))
    body["roles"][kind.value] = ["录入"]
    told_so = from_row({**row, "body": json.dumps(body, ensure_ascii=False)})
    assert duties_of(told_so).roles[kind] == (Role.ENTRY,)


def test_a_day_before_the_step_or_after_today_is_refused(desk: Desk) -> None:
    order_id = desk.take()
    for day, words in (
        (DAY(2026, 11, 21), "还没有到"),
        (DAY(2026, 11, 13), "早于上一步（已点单，2026年11月16日）"),
    ):
        with pytest.raises(Refusal, match=words):
            do(desk, tending.follow_up, order_id, "电话无人接", on=day)


def test_the_file_itself_keeps_the_shape_of_an_event(desk: Desk) -> None:
    order_id = desk.take()
    do(desk, tending.follow_up, order_id, "电话无人接")
    row = desk.office.reader().one("SELECT * FROM order_event")
    assert row is not None

    def write(changes: dict[str, str], writer: Writer) -> None:
        values = {name: held for name, held in row.items() if name != "id"}
        writer.insert("order_event", {**values, **changes})

    for changes in ({"kind": "延期"}, {"kind": "协办"}, {"kind": "附件"}, {"note": ""}):
        with pytest.raises(Exception, match="CHECK"):
            desk.office.transact("硬写", partial(write, changes))
    desk.office.transact("照样", partial(write, {}))
    assert desk.count("order_event") == 2
    assert lookups.rest_faults(desk.office.reader()) == []
