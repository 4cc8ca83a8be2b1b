"""Redemptions that wait: brought home, reminded of, given up when overdue; and when a limit begins anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import lookups, slips
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.service import waiting
from hongyao_desktop.volunteers.service.shop import hand_over, redeem
from hongyao_desktop.volunteers.service.slips import redeem_several
from tests.volunteers.shop_office import TODAY, give, put_limits, put_shelf


@pytest.fixture
def goods(office: Office, units: dict[str, str]) -> dict[str, str]:
    assert units
    office.transact("登记规则", lambda writer: put_limits(writer, quarter_visits=1))
    return office.transact("登记商品", put_shelf).result


@pytest.fixture
def one(office: Office, enrol: Callable[..., str]) -> str:
    who = enrol("曾国兰")
    office.transact("奖励", lambda writer: give(writer, who, 200))
    return who


def do(office: Office, verb: Callable[..., Any], *values: Any, **named: Any) -> Any:
    return office.transact("办理", lambda writer: verb(writer, *values, **named)).result


def order(office: Office, who: str, good: str, days_ago: int) -> str:
    day = TODAY - dt.timedelta(days=days_ago)
    return str(do(office, redeem, who, good, handed_over=False, on=day))


def test_a_limit_of_the_quarter_says_when_it_begins_anew(
    office: Office, goods: dict[str, str], one: str
) -> None:
    order(office, one, goods["理发券"], 3)
    with pytest.raises(Refusal, match=r"每季度最多 1 次（同一天的几笔算一次），2027年1月1日起可以再兑换"):
        do(office, redeem, one, goods["理发券"])


def test_goods_are_brought_to_the_address_that_was_given(
    office: Office, goods: dict[str, str], one: str
) -> None:
    wishes = [(goods["理发券"], 1), (goods["洗衣液 1kg"], 2)]
    slip = do(office, redeem_several, one, wishes, deliver_to=" 物业前台 ")
    head, rows = slips.slip(office.reader(), slip)
    assert head["number"] == "单2026-0001"
    assert {(row["state"], row["way"], row["deliver_to"]) for row in rows} == {
        ("待领取", "送货上门", "物业前台")
    }
    do(office, hand_over, rows[0]["id"])
    assert queries.redemption(office.reader(), rows[0]["id"])["state"] == "已领取"
    with pytest.raises(Refusal, match="已领取，不能再改为送货"):
        do(office, waiting.deliver, rows[0]["id"])
    with pytest.raises(Refusal, match="已经是送货上门"):
        do(office, waiting.deliver, rows[1]["id"])


def test_without_an_address_nothing_is_ordered_to_be_brought(
    office: Office, goods: dict[str, str], one: str
) -> None:
    with pytest.raises(Refusal, match="曾国兰没有登记住址，请写明送到哪里"):
        do(office, redeem_several, one, [(goods["理发券"], 1)], deliver_to="")
    assert office.reader().value("SELECT COUNT(*) FROM shop_redemption") == 0

    def move(writer: Writer) -> None:
        person = writer.value("SELECT person_id FROM volunteer WHERE id = ?", (one,))
        writer.update("person", person, {"address": "水湾一巷3号"})

    office.transact("登记住址", move)
    slip = do(office, redeem_several, one, [(goods["理发券"], 1)], deliver_to="")
    (row,) = slips.slip(office.reader(), slip)[1]
    assert row["deliver_to"] == "水湾一巷3号"


def test_a_customer_is_reminded_once_a_day(office: Office, goods: dict[str, str], one: str) -> None:
    made = order(office, one, goods["理发券"], 10)
    do(office, waiting.remind, made)
    assert queries.redemption(office.reader(), made)["reminded_on"] == TODAY.isoformat()
    with pytest.raises(Refusal, match="今天已经催过"):
        do(office, waiting.remind, made)
    do(office, hand_over, made)
    with pytest.raises(Refusal, match="不用再催"):
        do(office, waiting.remind, made)


def test_everything_overdue_is_given_up_at_once_and_comes_back(
    office: Office, goods: dict[str, str], one: str, enrol: Callable[..., str]
) -> None:
    other, third = enrol("单玥"), enrol("王喆堃")
    for who in (other, third):
        do(office, give, who, 50)
    late = [order(office, who, goods["理发券"], 10) for who in (one, other)]
    brought = order(office, third, goods["理发券"], 10)
    do(office, waiting.deliver, brought, "物业前台")
    with pytest.raises(Refusal, match="逾期的现在是 2 笔，不是刚才看到的 1 笔"):
        office.transact("取消", lambda w: waiting.cancel_late(w, "逾期未领", expected=1))
    assert do(office, waiting.cancel_late, "逾期未领") == 2
    reader = office.reader()
    states = {made: queries.redemption(reader, made)["state"] for made in (*late, brought)}
    assert states == {late[0]: "已取消", late[1]: "已取消", brought: "待领取"}
    assert lookups.volunteer(reader, one)["points"] == 20000
    assert queries.good(reader, goods["理发券"])["stock"] == 19
    assert queries.stock_faults(reader) == []
    assert queries.redemption_faults(reader) == []
    with pytest.raises(Refusal, match="没有逾期的兑换"):
        do(office, waiting.cancel_late, "逾期未领")
