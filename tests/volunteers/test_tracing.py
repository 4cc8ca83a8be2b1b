"""Where points came from and where they went: an award followed through spending, reversal, debt and year end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hongyao_desktop.core.desk import Row
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.tracing import trace
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import recording, shop, year_end
from hongyao_desktop.volunteers.service.points import opening_points
from tests.volunteers.shop_office import TODAY, give, put_limits, put_shelf


@pytest.fixture
def goods(office: Office, units: dict[str, str]) -> dict[str, str]:
    assert units
    office.transact("登记规则", put_limits)
    return office.transact("登记商品", put_shelf).result


def do(office: Office, verb: Callable[..., Any], *values: Any, **named: Any) -> Any:
    return office.transact("办理", lambda writer: verb(writer, *values, **named)).result


def story(office: Office, entry_id: str) -> list[tuple[str, str, int]]:
    return [(row["relation"], row["kind"], row["points"]) for row in trace(office.reader(), entry_id)]


def entry_of(office: Office, redemption_id: str) -> str:
    reader = office.reader()
    return str(reader.value("SELECT point_entry_id FROM shop_redemption WHERE id = ?", (redemption_id,)))


def test_an_award_is_followed_to_its_spending_and_back(
    office: Office, goods: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    bonus = do(office, give, who, 50)
    assert story(office, bonus) == [("还剩", "", 5000)]
    made = do(office, shop.redeem, who, goods["洗衣液 1kg"])
    spent = entry_of(office, made)
    assert story(office, bonus) == [("用于", "兑换", 3000), ("还剩", "", 2000)]
    assert story(office, spent) == [("起因", "兑换", -3000), ("用了", "奖励", 3000)]
    lines = trace(office.reader(), spent)
    assert lines[0]["explanation"] == "兑2026-0001 兑换洗衣液 1kg 1 瓶，已领取"
    assert (lines[0]["place"], lines[0]["target"]) == ("volunteers.shop.redemptions", made)
    assert (lines[1]["place"], lines[1]["target"]) == ("volunteers.points", bonus)
    do(office, shop.return_redemption, made, "不合用")
    back = office.reader().value("SELECT id FROM point_entry WHERE reverses_id = ?", (spent,))
    assert story(office, spent) == [("起因", "兑换", -3000), ("被冲正", "冲正", 3000)]
    assert story(office, back) == [("冲正", "兑换", -3000)]
    assert story(office, bonus) == [("还剩", "", 5000)]


def test_points_taken_back_after_they_were_spent_leave_a_debt_that_is_said(
    office: Office, goods: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    record = ServiceRecord(
        volunteer_id=who, title="义剪", served_on=TODAY, minutes=240, evidence=Evidence.SIGNED
    )
    served = do(office, recording.record_service, record).record_id
    award = office.reader().value("SELECT id FROM point_entry WHERE service_record_id = ?", (served,))
    (cause, rest) = trace(office.reader(), award)
    assert (cause["relation"], cause["explanation"]) == ("起因", "义剪，服务4小时（签到）")
    assert (cause["place"], cause["target"]) == ("volunteers.services", served)
    assert rest["relation"] == "还剩"
    spent = entry_of(office, do(office, shop.redeem, who, goods["理发券"]))
    do(office, recording.reverse_service, served, "没有到场")
    assert story(office, spent) == [("起因", "兑换", -1500), ("欠分", "", -1500)]
    assert story(office, award)[1][0] == "被冲正"


def test_an_entry_nobody_knows_has_no_story(office: Office) -> None:
    rows: list[Row] = trace(office.reader(), "0")
    assert rows == []


def test_points_that_ran_out_tell_the_year_end_that_took_them(
    office: Office, goods: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    old = do(office, opening_points, who, 900, "旧册", as_of=dt.date(2022, 6, 1))
    do(office, year_end.run_year_end)
    gone = office.reader().value("SELECT id FROM point_entry WHERE kind = '到期'")
    assert story(office, old) == [("用于", "到期", 900), ("还剩", "", 0)]
    assert story(office, gone) == [("起因", "到期", -900), ("用了", "期初", 900)]
    cause = trace(office.reader(), gone)[0]
    assert cause["place"] == "volunteers.expiries"
    assert "没有用的积分到期" in cause["explanation"]
    assert trace(office.reader(), old)[1]["explanation"] == "这一笔已经用完"
