import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Level
from hongyao_desktop.fund import rules
from hongyao_desktop.fund.records import Draft
from tests.fund.books import OPENED, TODAY, shipped

CATEGORIES = rules.categories_from(shipped("fund-categories").body)
LIMITS = rules.limits_from(shipped("fund-limits").body)
GOOD = Draft(
    day=dt.date(2026, 3, 5), summary="慰问老党员：王喆堃", out_fen=100_000, category="慰问老党员", persons=1
)


@pytest.mark.parametrize(
    ("direction", "summary", "name"),
    [
        ("收入", "区财政拨款", "区财政拨款"),
        ("收入", "党员自愿捐款", "党员自愿捐款"),
        ("收入", "专项党费下拨", "专项党费下拨"),
        ("收入", "共建单位定向捐赠", "定向捐赠"),
        ("收入", "利息", "利息"),
        ("支出", "走访慰问困难党员：查堃", "走访慰问困难党员"),
        ("支出", "大病救助：胡昇", "大病救助"),
        ("支出", "助学帮扶：陈䶮华", "助学帮扶"),
        ("支出", "慰问老党员：杨磊", "慰问老党员"),
        ("支出", "春节走访慰问老党员", "慰问老党员"),
    ],
)
def test_words_of_a_summary_name_the_category(direction: str, summary: str, name: str) -> None:
    guessed = CATEGORIES.guess(direction, summary)
    assert guessed is not None
    assert guessed.name == name


def test_a_summary_without_such_words_is_not_forced_into_a_category() -> None:
    assert CATEGORIES.guess("支出", "打印费") is None
    assert CATEGORIES.fallback("支出").name == "其他支出"


def test_words_of_the_other_side_do_not_count() -> None:
    assert CATEGORIES.guess("支出", "利息") is None


def test_a_rule_set_without_a_place_for_the_unknown_is_refused() -> None:
    body = {
        "categories": [c for c in shipped("fund-categories").body["categories"] if c["name"] != "其他支出"]
    }
    with pytest.raises(ValueError, match="支出方的兜底"):
        rules.categories_from(body)


def codes(draft: Draft, today: dt.date = TODAY, limits: rules.Limits | None = LIMITS) -> list[str]:
    return [problem.code for problem in rules.draft_problems(draft, today, OPENED, limits)]


def test_a_good_payment_has_no_problem() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"in_fen": 1}, "fund.sides"),
        ({"out_fen": 0}, "fund.blank"),
        ({"out_fen": -5}, "fund.negative"),
        ({"summary": " "}, "fund.summary"),
        ({"day": TODAY + dt.timedelta(days=1)}, "fund.future"),
        ({"day": OPENED - dt.timedelta(days=1)}, "fund.early"),
        ({"method": "微信"}, "fund.method"),
        ({"attachments": -1}, "fund.attachments"),
        ({"out_fen": 2_000_001}, "fund.single"),
    ],
)
def test_what_is_wrong_with_a_draft_is_named(change: dict[str, object], code: str) -> None:
    assert codes(replace(GOOD, **change)) == [code]  # type: ignore[arg-type]


def test_today_and_the_opening_day_both_count() -> None:
    assert codes(replace(GOOD, day=TODAY)) == []
    assert codes(replace(GOOD, day=OPENED)) == []


def test_a_payment_to_many_is_measured_by_head() -> None:
    assert codes(replace(GOOD, out_fen=6_000_000, persons=3)) == []
    assert codes(replace(GOOD, out_fen=6_000_001, persons=3)) == ["fund.single"]


def test_much_cash_is_allowed_with_a_reminder() -> None:
    found = rules.draft_problems(replace(GOOD, out_fen=100_001, method="现金"), TODAY, OPENED, LIMITS)
    assert [(problem.code, problem.level) for problem in found] == [("fund.cash", Level.WARNING)]


def test_last_year_stays_open_until_the_day_the_rule_names() -> None:
    draft = replace(GOOD, day=dt.date(2026, 12, 28))
    assert codes(draft, dt.date(2027, 1, 31)) == []
    assert codes(draft, dt.date(2027, 2, 1)) == ["fund.prior_year"]
    assert codes(draft, dt.date(2028, 1, 5)) == ["fund.prior_year"]


def test_old_books_are_not_measured_by_todays_limits() -> None:
    assert codes(replace(GOOD, out_fen=9_000_000), dt.date(2030, 6, 1), limits=None) == []


def test_red_and_blue_summaries_follow_the_rule() -> None:
    day = dt.date(2026, 9, 3)
    assert rules.reversal_summary(day, 5) == "注销9月3日记-005号凭证"
    assert rules.replacement_summary(day, 5) == "订正9月3日记-005号凭证"
    assert rules.prior_year_summary(day, 1234) == "更正2026年9月3日记-1234号凭证"


@pytest.mark.parametrize(
    ("summary", "payee"),
    [
        ("大病救助：曾祎", "曾祎"),
        ("大病救助: 曾祎", "曾祎"),
        ("利息", None),
        ("：曾祎", None),
        ("走访慰问：本次共走访了十五户困难党员家庭并送去慰问品若干", None),
    ],
)
def test_the_party_after_the_colon_is_the_payee(summary: str, payee: str | None) -> None:
    assert rules.payee_of(summary) == payee


# --- never below zero ------------------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 12))


def test_the_first_day_below_zero_is_named_with_what_is_missing() -> None:
    days = [(dt.date(2026, 3, 1), 50), (dt.date(2026, 3, 3), -200), (dt.date(2026, 3, 9), 500)]
    short = rules.first_shortage(days, 30)
    assert short == rules.Shortage(dt.date(2026, 3, 3), 120)
    assert short is not None
    assert short.sentence == "2026年3月3日的结余不够，差 1.20 元"
    assert rules.first_shortage(days, 150) is None


@given(
    st.dictionaries(DAYS, st.integers(0, 500), min_size=1),
    st.lists(st.tuples(DAYS, st.integers(1, 300)), max_size=12),
    st.integers(0, 300),
)
def test_a_purse_lets_through_exactly_what_leaves_no_day_below_zero(
    receipts: dict[dt.date, int], payments: list[tuple[dt.date, int]], start: int
) -> None:
    nets = dict(receipts)
    for day, _out in payments:
        nets.setdefault(day, 0)
    purse = rules.Purse(nets, start)
    booked = dict(nets)
    for day, out in sorted(payments, key=lambda payment: payment[0]):
        tried = {**booked, day: booked[day] - out}
        expected = rules.first_shortage(sorted(tried.items()), start)
        assert purse.admit(day, out) == expected
        if expected is None:
            booked = tried
    assert rules.first_shortage(sorted(booked.items()), start) is None
