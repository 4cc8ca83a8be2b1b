"""The points shop: points and stock fall and come back together, within every limit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hongyao_desktop.core.desk import Reader, Writer
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.store import Office
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.volunteers.queries import lookups, shop_figures, shop_papers
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.records.shop import REDEMPTIONS, CountLine, StockLine, Used
from hongyao_desktop.volunteers.rules import shop as rules
from hongyao_desktop.volunteers.service import enrolment, points, shop
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.recording import Participant, record_activity
from tests.offices import open_file
from tests.volunteers.conftest import RULES
from tests.volunteers.shop_office import TODAY, give, put_limits, put_shelf

EVERYWHERE = Scope("全部", "scope(id) AS (SELECT id FROM unit)", {})
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def goods(office: Office, units: dict[str, str]) -> dict[str, str]:
    assert units
    office.transact("登记规则", put_limits)
    return office.transact("登记商品", put_shelf).result


@pytest.fixture
def one(office: Office, enrol: Callable[..., str]) -> str:
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: give(w, who, 200))
    return who


def do(office: Office, verb: Callable[..., Any], *values: Any, **named: Any) -> Any:
    return office.transact("办理", lambda w: verb(w, *values, **named)).result


def state(office: Office, who: str, good: str) -> tuple[int, int]:
    reader = office.reader()
    return lookups.volunteer(reader, who)["points"], queries.good(reader, good)["stock"]


def faults(reader: Reader) -> list[str]:
    found = [
        *queries.stock_faults(reader),
        *queries.redemption_faults(reader),
        *lookups.total_faults(reader),
    ]
    return [problem.message for problem in found]


def limits(office: Office, **changes: Any) -> None:
    """A second version of the limits, in force from now on."""
    rule = json.loads((RULES / "shop-limits.json").read_text(encoding="utf-8"))
    body = rule.pop("body") | changes
    row = {**rule, "version": 2, "body": json.dumps(body)}
    office.transact("修改规则", lambda w: w.insert("rule_set", row))


# ------------------------------------------------------------------------------------------------ redemption


def test_points_and_stock_fall_in_one_operation(office: Office, goods: dict[str, str], one: str) -> None:
    soap = goods["洗衣液 1kg"]
    head = Activity(title="义剪", held_on=TODAY, starts_minute=480, ends_minute=540)
    do(office, record_activity, head, [Participant(volunteer_id=one, minutes=60)])
    done = office.transact("兑换", lambda w: shop.redeem(w, one, soap, 2))
    assert done.changes is not None
    assert set(done.changes.tables) == {
        *("point_entry", "point_link", "shop_redemption", "shop_movement", "shop_step")
    }
    assert state(office, one, soap) == (15000, 10)
    row = queries.redemption(office.reader(), done.result)
    assert (row["number"], row["points"], row["state"]) == ("兑2026-0001", 6000, "已领取")
    assert row["pick_up_by"] == "2026-11-27"
    entry = office.reader().one("SELECT * FROM point_entry WHERE id = ?", (row["point_entry_id"],))
    assert entry is not None
    assert entry["explanation"] == "兑换洗衣液 1kg 2 瓶，每瓶 30 分，用 60 分（兑2026-0001）"
    assert entry["rule_id"] == row["rule_id"]
    assert lookups.volunteer(office.reader(), one)["total_minutes"] == 60
    assert faults(office.reader()) == []


def test_cancelling_gives_points_and_stock_back_by_reversal(
    office: Office, goods: dict[str, str], one: str
) -> None:
    soap = goods["洗衣液 1kg"]
    made = do(office, shop.redeem, one, soap, 1, handed_over=False)
    assert queries.redemption(office.reader(), made)["state"] == "待领取"
    do(office, shop.cancel_redemption, made, "本人不要了")
    assert state(office, one, soap) == (20000, 12)
    kinds = office.reader().all(
        "SELECT kind, points FROM point_entry WHERE points < 0 OR kind = '冲正' ORDER BY id"
    )
    assert [(row["kind"], row["points"]) for row in kinds] == [("兑换", -3000), ("冲正", 3000)]
    row = queries.redemption(office.reader(), made)
    assert (row["state"], row["end_reason"]) == ("已取消", "本人不要了")
    with pytest.raises(Refusal, match="不能再取消"):
        do(office, shop.cancel_redemption, made, "再来")
    with pytest.raises(Refusal, match="不能再领取"):
        do(office, shop.hand_over, made)
    assert faults(office.reader()) == []


def test_what_was_fetched_is_returned_not_cancelled(office: Office, goods: dict[str, str], one: str) -> None:
    soap = goods["洗衣液 1kg"]
    made = do(office, shop.redeem, one, soap, 1, handed_over=False)
    with pytest.raises(Refusal, match="领取过的才能退回"):
        do(office, shop.return_redemption, made, "漏液")
    do(office, shop.hand_over, made)
    with pytest.raises(Refusal, match="请用“退回”"):
        do(office, shop.cancel_redemption, made, "漏液")
    with pytest.raises(Refusal, match="写明原因"):
        do(office, shop.return_redemption, made, " ")
    do(office, shop.return_redemption, made, "漏液")
    assert state(office, one, soap) == (20000, 12)
    assert queries.redemption(office.reader(), made)["state"] == "已退回"
    assert faults(office.reader()) == []


def test_more_than_there_is_is_refused_and_nothing_moves(
    office: Office, goods: dict[str, str], one: str
) -> None:
    tissues, soap = goods["抽纸 3 提"], goods["洗衣液 1kg"]
    with pytest.raises(Refusal, match="抽纸 3 提只有 2 份，不够 3 份"):
        do(office, shop.redeem, one, tissues, 3)
    do(office, points.deduct_points, one, 18000, "缺席")
    with pytest.raises(Refusal, match="还差 10 分"):
        do(office, shop.redeem, one, soap, 1)
    with pytest.raises(Refusal, match="数量至少是 1"):
        do(office, shop.redeem, one, tissues, 0)
    assert state(office, one, tissues) == (2000, 2)
    assert office.reader().value("SELECT COUNT(*) FROM shop_redemption") == 0


def test_the_file_itself_keeps_stock_from_falling_below_zero(office: Office, goods: dict[str, str]) -> None:
    row = {"good_id": goods["抽纸 3 提"], "kind": "盘亏", "quantity": -3, "moved_on": "2026-11-20"}
    with pytest.raises(Exception, match=r"CHECK|约束|不符"):
        office.transact(
            "硬写", lambda w: w.insert("shop_movement", {**row, "reason": "x", "recorded_by": "某"})
        )
    assert faults(office.reader()) == []


def test_debt_and_leaving_bar_from_redeeming(
    office: Office, goods: dict[str, str], enrol: Callable[..., str]
) -> None:
    debtor, gone = enrol("单玥"), enrol("解敏")
    entry = office.transact("奖励", lambda w: give(w, debtor, 40)).result
    do(office, shop.redeem, debtor, goods["洗衣液 1kg"])
    do(office, points.reverse_points, entry, "表扬错人")
    with pytest.raises(Refusal, match="欠 30 分，补足后才能兑换"):
        do(office, shop.redeem, debtor, goods["理发券"])
    office.transact("奖励", lambda w: give(w, gone, 100))
    do(office, enrolment.retire_volunteer, gone, "本人申请")
    with pytest.raises(Refusal, match="在册的志愿者才能兑换"):
        do(office, shop.redeem, gone, goods["理发券"])


def test_points_of_a_redemption_come_back_only_together_with_the_goods(
    office: Office, goods: dict[str, str], one: str
) -> None:
    redemption = do(office, shop.redeem, one, goods["理发券"], 1)
    row = office.reader().one(
        "SELECT number, point_entry_id FROM shop_redemption WHERE id = ?", (redemption,)
    )
    assert row is not None
    with pytest.raises(Refusal, match=f"{row['number']}，请在积分超市取消或退回"):
        do(office, points.reverse_points, row["point_entry_id"], "点错")
    do(office, shop.return_redemption, redemption, "点错")
    assert faults(office.reader()) == []


def test_limits_of_the_quarter(office: Office, goods: dict[str, str], one: str) -> None:
    ticket, soap = goods["理发券"], goods["洗衣液 1kg"]
    limits(office, quarter_visits=1, quarter_points="60", quarter_same_good=2)
    first = do(office, shop.redeem, one, ticket, 2)
    with pytest.raises(Refusal, match="每人每季度最多 2 张，曾国兰已兑换 2 张"):
        do(office, shop.redeem, one, ticket)
    do(office, shop.redeem, one, soap)  # the same day is the same visit
    with pytest.raises(Refusal, match="本季度已用完，2027年1月1日起可以再兑换"):
        do(office, shop.redeem, one, goods["抽纸 3 提"])
    do(office, shop.return_redemption, first, "不理了")
    assert queries.used_in_quarter(office.reader(), one, TODAY) == Used(
        visits=1, points=3000, today=True, again_on=dt.date(2027, 1, 1)
    )
    later = dt.date(2026, 12, 1)
    (found,) = shop.redemption_problems(office.reader(), one, ticket, 1, later)
    assert found.message.startswith("曾国兰本季度已兑换 1 次，按《样例街道积分兑换办法》第2版")
    assert shop.redemption_problems(office.reader(), one, ticket, 1, dt.date(2027, 1, 4)) == []


def test_a_limit_that_is_not_used_up_says_what_is_left_of_it_not_when_it_begins_anew(
    office: Office, goods: dict[str, str], one: str
) -> None:
    ticket = goods["理发券"]

    def said(quantity: int) -> str:
        (found,) = shop.redemption_problems(office.reader(), one, ticket, quantity, TODAY)
        return found.message

    assert said(4) == "理发券每人每季度最多 3 张，曾国兰还可以换 3 张"
    do(office, shop.redeem, one, ticket, 2)
    assert said(2) == "理发券每人每季度最多 3 张，曾国兰已兑换 2 张，还可以换 1 张"
    do(office, shop.redeem, one, ticket, 1)
    assert said(1) == "理发券每人每季度最多 3 张，曾国兰已兑换 3 张，2027年1月1日起可以再兑换"


def test_no_limits_in_force_is_said(office: Office, one: str, units: dict[str, str]) -> None:
    assert units
    good = do(office, shop.save_good, {"name": "毛巾", "points": 500}, None)
    with pytest.raises(Refusal, match="规则"):
        do(office, shop.redeem, one, good)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31"),
        ("2026-06-30", "2026-04-01", "2026-06-30"),
        ("2026-09-05", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_quarters(day: str, first: str, last: str) -> None:
    found = rules.quarter_of(dt.date.fromisoformat(day))
    assert tuple(one.isoformat() for one in found) == (first, last)


def test_a_rule_set_without_an_entry_is_named() -> None:
    rule = RuleSet(
        id="r",
        kind=rules.KIND,
        name="办法",
        version=1,
        effective_on=TODAY,
        source="",
        body={"quarter_visits": 1},
    )
    with pytest.raises(Refusal, match="quarter_points"):
        rules.shop_rule(rule)


# ------------------------------------------------------------------------------------------------ stock


def test_a_delivery_beyond_the_budget_of_the_year_is_refused(office: Office, goods: dict[str, str]) -> None:
    soap = goods["洗衣液 1kg"]
    limits(office, year_budget="400")
    line = StockLine(good_id=soap, quantity=5, cost_fen=6000)
    do(office, shop.stock_in, [line], TODAY)
    with pytest.raises(Refusal, match=r"还剩 0\.00 元，不够这次的 60\.00 元"):
        do(office, shop.stock_in, [line], TODAY)
    do(office, shop.stock_in, [replace(line, cost_fen=None)], TODAY)  # a gift costs nothing
    do(office, shop.stock_in, [replace(line, cost_fen=6000)], dt.date(2025, 12, 30))
    assert queries.good(office.reader(), soap)["stock"] == 27
    assert queries.spent_in_year(office.reader(), 2026) == 40000


def test_a_count_writes_the_difference_with_its_reason(office: Office, goods: dict[str, str]) -> None:
    soap, tissues, ticket = goods["洗衣液 1kg"], goods["抽纸 3 提"], goods["理发券"]
    lines = [
        CountLine(good_id=soap, counted=10, reason="破损两瓶"),
        CountLine(good_id=tissues, counted=3, reason="上次少记一份"),
        CountLine(good_id=ticket, counted=20),
    ]
    with pytest.raises(Refusal, match="账面 12，盘亏 2 瓶，请写明原因"):
        do(office, shop.count_stock, [replace(lines[0], reason=" ")], TODAY)
    with pytest.raises(Refusal, match="改为今天"):
        do(office, shop.count_stock, lines, dt.date(2026, 11, 1))
    made = do(office, shop.count_stock, lines, TODAY)
    rows = [queries.movement(office.reader(), one) for one in made]
    assert [(row["kind"], row["quantity"], row["reason"]) for row in rows] == [
        ("盘亏", -2, "破损两瓶"),
        ("盘盈", 1, "上次少记一份"),
    ]
    assert [p.level for p in shop.count_problems(office.reader(), lines)] == []
    assert faults(office.reader()) == []


def test_a_changed_price_leaves_what_was_redeemed_and_is_told_with_its_last_day(
    office: Office, goods: dict[str, str], one: str
) -> None:
    soap = goods["洗衣液 1kg"]
    first = do(office, shop.redeem, one, soap)
    assert queries.earlier_prices(office.reader(), soap) == []
    do(office, shop.save_good, {"name": "洗衣液 1kg", "points": 3500}, soap)
    second = do(office, shop.redeem, one, soap)
    prices = [queries.redemption(office.reader(), made)["price_points"] for made in (first, second)]
    assert prices == [3000, 3500]
    assert queries.earlier_prices(office.reader(), soap) == [{"price_points": 3000, "last_on": "2026-11-20"}]
    assert REDEMPTIONS.field("price_points").label == "当时单价"


def test_a_count_that_agrees_is_on_file_too(office: Office, goods: dict[str, str]) -> None:
    ticket, soap = goods["理发券"], goods["洗衣液 1kg"]
    reader = office.reader()
    assert shop_papers.last_count(reader) is None
    assert shop_papers.counted(reader, EVERYWHERE, TODAY) == []
    assert do(office, shop.count_stock, [CountLine(good_id=ticket, counted=20)], TODAY) == []
    count = shop_papers.last_count(office.reader())
    assert count is not None
    assert (count["counted_on"], count["goods"], count["shelf"], count["differing"]) == (
        "2026-11-20",
        1,
        3,
        0,
    )
    lines = [CountLine(good_id=soap, counted=11, reason="破损"), CountLine(good_id=ticket, counted=20)]
    made = do(office, shop.count_stock, lines, TODAY)
    do(office, shop.reverse_movement, made[0], "后来找到了")
    rows = shop_papers.counted(office.reader(), EVERYWHERE, TODAY)
    assert [(row["good_name"], row["book"], row["counted"], bool(row["taken_back"])) for row in rows] == [
        ("洗衣液 1kg", 12, 11, True),
        ("理发券", 20, 20, False),
        ("理发券", 20, 20, False),
    ]


def test_taking_back_a_delivery_needs_the_goods(office: Office, goods: dict[str, str], one: str) -> None:
    soap = goods["洗衣液 1kg"]
    delivered = office.reader().value("SELECT id FROM shop_movement WHERE good_id = ?", (soap,))
    redeemed = do(office, shop.redeem, one, soap)
    with pytest.raises(Refusal, match="不够冲正 12"):
        do(office, shop.reverse_movement, delivered, "登错")
    out = office.reader().value("SELECT id FROM shop_movement WHERE kind = '兑换'")
    with pytest.raises(Refusal, match="请取消或退回那笔兑换"):
        do(office, shop.reverse_movement, out, "登错")
    do(office, shop.return_redemption, redeemed, "退了")
    do(office, shop.reverse_movement, delivered, "登错")
    assert queries.good(office.reader(), soap)["stock"] == 0
    assert queries.spent_in_year(office.reader(), 2026) == 22000
    with pytest.raises(Refusal, match="已经冲正过"):
        do(office, shop.reverse_movement, delivered, "登错")


def test_goods_are_numbered_stopped_and_offered_again(
    office: Office, goods: dict[str, str], one: str
) -> None:
    soap = goods["洗衣液 1kg"]
    assert queries.good(office.reader(), goods["理发券"])["number"] == "003"
    (found,) = shop.check_good(office.reader(), {"name": "肥皂", "points": 100, "number": "001"}, None)
    assert "编号 001 已用于洗衣液 1kg" in found.message
    do(office, shop.stop_good, soap, "换牌子")
    with pytest.raises(Refusal, match="已停换"):
        do(office, shop.redeem, one, soap)
    do(office, shop.offer_good, soap)
    assert do(office, shop.redeem, one, soap)


def test_who_hands_out_does_not_write_off(office: Office, goods: dict[str, str]) -> None:
    office.close()
    with open_file(office.path, who="王某") as clerk, pytest.raises(Refusal, match="没有“审核、审批”权限"):
        do(clerk, shop.count_stock, [CountLine(good_id=goods["理发券"], counted=19, reason="少")], TODAY)


# ------------------------------------------------------------------------------------------------ checks, figures


def test_points_given_back_alone_are_found_and_can_be_put_right(
    office: Office, goods: dict[str, str], one: str
) -> None:
    soap = goods["洗衣液 1kg"]
    made = do(office, shop.redeem, one, soap)
    entry = queries.redemption(office.reader(), made)["point_entry_id"]

    def alone(writer: Writer) -> str:
        row = writer.one("SELECT * FROM point_view WHERE id = ?", (entry,))
        assert row is not None
        return reverse_entry(writer, row, "绕过兑换")

    office.transact("冲正", alone)
    assert faults(office.reader()) == ["兑换 兑2026-0001：积分已单独冲正而兑换还有效，请把这笔兑换取消或退回"]
    do(office, shop.return_redemption, made, "补办")
    assert state(office, one, soap) == (20000, 12)
    assert faults(office.reader()) == []


def test_a_bent_total_and_loose_points_are_found(office: Office, goods: dict[str, str], one: str) -> None:
    def bend(writer: Writer) -> None:
        writer.execute("DELETE FROM shop_waiting")
        writer.execute("UPDATE shop_stock SET quantity = 99 WHERE good_id = ?", (goods["理发券"],))
        writer.insert(
            "point_entry",
            {
                "volunteer_id": one,
                "entered_on": "2026-11-20",
                "earned_on": "2026-11-20",
                "kind": "兑换",
                "points": -1,
                "explanation": "无单兑换",
                "recorded_by": "某",
            },
        )

    do(office, shop.redeem, one, goods["抽纸 3 提"], handed_over=False)
    office.transact("绕过", bend)
    first, waiting, second = faults(office.reader())
    assert waiting == "兑换 兑2026-0001：待领取名单与经过不符"
    assert first.startswith("理发券（003）的库存是 99，流水合计是 20")
    assert second.endswith("的兑换积分没有对应的兑换记录")


def test_figures(office: Office, goods: dict[str, str], one: str) -> None:
    do(office, shop.redeem, one, goods["洗衣液 1kg"], 2)
    do(office, shop.redeem, one, goods["抽纸 3 提"], 2, handed_over=False)
    gone = do(office, shop.redeem, one, goods["理发券"])
    do(office, shop.return_redemption, gone, "不理了")
    reader = office.reader()
    values = {figure.code: figure.value(reader, YEAR, EVERYWHERE) for figure in shop_figures.FIGURES}
    assert values == {"ZY-51": 2, "ZY-52": 10000, "ZY-53": 1, "ZY-54": 2, "ZY-55": 34000}
    for figure in shop_figures.FIGURES:
        rows = figure.drill(reader, YEAR, EVERYWHERE)
        assert rows
        assert {column for column, _label in figure.columns} <= set(rows[0])
        assert "口径" not in figure.definition


def test_late_pick_ups_and_scarce_goods(office: Office, goods: dict[str, str], one: str) -> None:
    made = do(office, shop.redeem, one, goods["抽纸 3 提"], 1, handed_over=False)
    reader = office.reader()
    assert queries.late_pick_ups(reader, dt.date(2026, 11, 27)) == []
    assert [row["id"] for row in queries.late_pick_ups(reader, dt.date(2026, 11, 28))] == [made]
    assert [row["name"] for row in queries.scarce_goods(reader)] == ["抽纸 3 提"]
    assert [row["id"] for row in queries.counter_rows(reader, TODAY)] == [made]
    customer = queries.customer(reader, one, TODAY)
    assert (customer.balance, customer.waiting, customer.used.visits) == (18000, 1, 1)


def test_the_shop_is_the_same_in_a_file_rebuilt_from_the_log(
    office: Office, goods: dict[str, str], one: str
) -> None:
    made = do(office, shop.redeem, one, goods["洗衣液 1kg"], 3, handed_over=False)
    do(office, shop.cancel_redemption, made, "不要了")
    do(office, shop.redeem, one, goods["抽纸 3 提"], 2)
    expected = office.reader().all("SELECT * FROM shop_stock ORDER BY good_id")
    assert office.check().ok
    office.close()
    opened = office._opened
    path = office.path.with_name("重建.hyt")
    rebuild(opened.backup_folder, path, file_id=opened.file_id, file_key=opened.file_key)
    with open_file(path) as again:
        assert again.reader().all("SELECT * FROM shop_stock ORDER BY good_id") == expected
        assert faults(again.reader()) == []
        assert again.check().ok


def test_names_as_people_type_them_are_kept(
    office: Office, goods: dict[str, str], uncommon_text: str
) -> None:
    assert goods
    name = uncommon_text.strip()[:40]
    if not name:
        problems = shop.check_good(office.reader(), {"name": None, "points": 100}, None)
        assert [problem.level for problem in problems] == [Level.ERROR]
        return
    made = do(office, shop.save_good, {"name": name, "points": 100}, None)
    assert queries.good(office.reader(), made)["name"] == name
