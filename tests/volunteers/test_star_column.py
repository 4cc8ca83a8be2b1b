"""The star column of the list agrees with the rule that is printed on papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.life import life, rank_of_row
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.queries.paper_rows import sums_until
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.service import openings, points, shop, year_end
from tests.volunteers.shop_office import put_limits, put_shelf

CASES = [
    (0, 0, 0, 0),
    (5999, 0, 0, 0),
    (6000, 0, 0, 99),
    (3000, 2000, 1000, 100_000),
    (90_000, 0, 0, -500),
    (18_000, 0, 0, 300_000),
]


@pytest.mark.parametrize("example", [None, "龙泉驿区", "某社区"])
def test_stars_in_the_list_are_those_of_the_rule(
    office: Office, enrol: Callable[..., str], example: str | None
) -> None:
    people = [enrol(f"志愿{chr(0x4E00 + n)}") for n in range(len(CASES))]

    def prepare(writer: Writer) -> int:
        for volunteer_id, (signed, made_up, imported, balance) in zip(people, CASES, strict=True):
            writer.execute(
                "UPDATE volunteer_total SET signed_minutes = ?, made_up_minutes = ?, imported_minutes = ?, points = ? "
                "WHERE volunteer_id = ?",
                (signed, made_up, imported, balance, volunteer_id),
            )
        if example:
            rule = writer.one(
                "SELECT * FROM rule_set WHERE name LIKE ? AND kind LIKE 'volunteer-stars%'", (f"{example}%",)
            )
            assert rule is not None
            body = rule["body"].replace('"导入"]', '"签到"]') if example == "某社区" else rule["body"]
            changed = {"id": None, "kind": "volunteer-stars", "effective_on": "2026-01-01", "body": body}
            writer.insert("rule_set", {**rule, **changed})
        return writer.op_seq

    office.transact("准备", prepare)
    rule = stars_rules(office.reader()).on(office.clock.today())
    rows = office.reader().all("SELECT * FROM volunteer_view ORDER BY number")
    expected = [
        rank_of_row(MeritBook(office.reader(), rule, office.clock.today()), row).reached for row in rows
    ]
    assert [len(row["stars"]) for row in rows] == expected
    assert len(set(expected)) >= 2


def test_spending_and_a_year_end_never_lower_a_star(office: Office, enrol: Callable[..., str]) -> None:
    """龙泉驿 asks for hours and points: what was redeemed or cleared still counts as earned, a deduction does not."""
    who = enrol("曾国兰")
    office.transact("样例规则", _use_longquanyi)
    day = office.clock.today()

    def earn(writer: Writer) -> None:
        openings.opening_hours(writer, who, 60 * 60, "2025年时长册第3页", day)
        points.opening_points(writer, who, 60_000, "2025年积分册第3页", as_of=day.replace(year=day.year - 1))
        put_limits(writer, quarter_points=None, quarter_same_good=None)

    office.transact("期初", earn)
    goods = office.transact("货架", put_shelf).result
    redeemed = office.transact("兑换", lambda w: shop.redeem(w, who, goods["洗衣液 1kg"], 5)).result
    assert _shown(office, who) == (45_000, 60_000, "★")
    office.transact("清零", year_end.run_year_end)
    assert _shown(office, who) == (0, 60_000, "★")
    rank = life(office.reader(), who, day).rank
    assert rank is not None
    assert (rank.name, rank.lack_minutes, rank.lack_points) == ("一星", 40 * 60, 40_000)
    office.transact("退回", lambda w: shop.return_redemption(w, redeemed, "破损"))
    assert _shown(office, who) == (0, 60_000, "★")
    rule = stars_rules(office.reader()).on(day)
    (row,) = sums_until(office.reader(), unit_scope(_unit_of(office, who), "水湾社区"), day.isoformat())
    assert rank_of_row(MeritBook(office.reader(), rule, office.clock.today()), row).name == "一星"
    office.transact("奖励", lambda w: points.award_points(w, who, 10_000, "年度表扬"))
    office.transact("扣分", lambda w: points.deduct_points(w, who, 10_000, "虚报时长"))
    assert _shown(office, who) == (10_000, 60_000, "★")  # the deduction took of what the year end had taken


def _use_longquanyi(writer: Writer) -> None:
    rule = writer.one("SELECT * FROM rule_set WHERE kind LIKE 'volunteer-stars%' AND name LIKE '龙泉驿区%'")
    assert rule is not None
    writer.insert("rule_set", {**rule, "id": None, "kind": "volunteer-stars", "effective_on": "2026-01-01"})
    clear = writer.one("SELECT * FROM rule_set WHERE kind LIKE 'volunteer-expiry%' AND name LIKE '年终清零%'")
    assert clear is not None
    writer.insert("rule_set", {**clear, "id": None, "kind": "volunteer-expiry", "effective_on": "2026-01-01"})


def _shown(office: Office, who: str) -> tuple[int, int, str]:
    row = office.reader().one("SELECT * FROM volunteer_view WHERE id = ?", (who,))
    assert row is not None
    return row["points"], row["earned_points"], row["stars"]


def _unit_of(office: Office, who: str) -> str:
    return str(office.reader().value("SELECT unit_id FROM volunteer_view WHERE id = ?", (who,)))
