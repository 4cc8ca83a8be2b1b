"""Amounts: read from what clerks type, exact to 分, capitals by the rule."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hongyao_desktop.core.money import (
    MAX_FEN,
    MoneyProblem,
    capital,
    capital_digits,
    format_fen,
    format_yuan_sign,
    parse_capital,
    parse_fen,
)

amounts = st.one_of(
    st.integers(-MAX_FEN, MAX_FEN),
    st.integers(-1_000_000, 1_000_000),
    # many zeros inside, where the rules for 零 bite
    st.lists(st.sampled_from("0000000159"), min_size=1, max_size=15).map(
        lambda figures: int("".join(figures))
    ),
)

CAPITALS = [
    (140950, "壹仟肆佰零玖元伍角整", None),
    (600714, "陆仟零柒元壹角肆分", None),
    (32504, "叁佰贰拾伍元零肆分", None),
    (1640902, "壹万陆仟肆佰零玖元零贰分", None),
    (168032, "壹仟陆佰捌拾元叁角贰分", "壹仟陆佰捌拾元零叁角贰分"),
    (10700053, "壹拾万柒仟元伍角叁分", "壹拾万柒仟元零伍角叁分"),
    (100000500, "壹佰万零伍元整", None),
    (1000, "壹拾元整", None),
    (5, "伍分", None),
    (10000000000, "壹亿元整", None),
    (0, "零元整", None),
    (50, "伍角整", None),
    (10005, "壹佰元零伍分", None),
    (10005000 * 1000, "壹亿零伍万元整", None),
    (10000500000, "壹亿零伍仟元整", None),
    (100010000000000, "壹万零壹亿元整", None),
    (100000000000000, "壹万亿元整", None),
    (-1234, "负壹拾贰元叁角肆分", None),
]


@pytest.mark.parametrize(("fen", "words", "with_zero"), CAPITALS)
def test_capitals(fen: int, words: str, with_zero: str | None) -> None:
    assert capital_digits(fen) == words
    assert capital_digits(fen, zero_before_jiao=True) == (with_zero or words)
    assert capital(fen) == f"人民币{words}"


@given(amounts, st.booleans())
def test_capitals_are_read_back(fen: int, zero: bool) -> None:
    words = capital(fen, zero_before_jiao=zero)
    assert parse_capital(words) == fen
    assert parse_capital(words.replace("元", "圆").replace("整", "正")) == fen
    assert parse_fen(words) == fen


@given(amounts)
def test_capitals_keep_their_shape(fen: int) -> None:
    words = capital_digits(fen)
    assert "零零" not in words
    assert words.endswith(("整", "分"))
    assert not words.startswith(("拾", "零拾"))
    assert words.count("亿") <= 1
    assert words.count("万") <= 2


@given(amounts)
def test_figures_are_read_back(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen
    assert parse_fen(format_yuan_sign(fen)) == fen
    assert parse_fen(Decimal(fen).scaleb(-2)) == fen
    assert format_fen(fen)[-3] == "."


@given(st.integers(-(10**13), 10**13))
def test_what_a_spreadsheet_keeps_as_a_double_is_exact(fen: int) -> None:
    assert parse_fen(fen / 100) == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,234.5", 123450),
        ("¥1,234.50", 123450),
        ("￥1，234.50", 123450),
        ("1234元", 123400),
        ("300050.00元", 30005000),
        ("1000元整", 100000),
        ("人民币1000元", 100000),
        ("1.2万元", 1200000),
        ("3亿", 30000000000),
        ("１２３４．５", 123450),
        ("-5", -500),
        ("－5", -500),
        ("−5", -500),
        ("-¥5.00", -500),
        ("负100元", -10000),
        ("（1,234.00）", -123400),
        ("(1234)", -123400),
        (" 52,300.00 ", 5230000),
        ("1 234.50", 123450),
        ("0", 0),
        ("12.500", 1250),
        (12, 1200),
        (0.1 + 0.2, 30),
        (1234.5600000000002, 123456),
        (3000.5, 300050),
        (Decimal("0.01"), 1),
        ("壹拾万零柒仟元伍角叁分", 10700053),
    ],
)
def test_amounts_as_typed(typed: str | float | Decimal, fen: int) -> None:
    assert parse_fen(typed) == fen


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "没有填写"),
        ("　", "没有填写"),
        ("12,34", "位置不对"),
        ("1.234,5", "位置不对"),
        ("1,2345", "位置不对"),
        ("12 34", "位置不对"),
        ("1..5", "位置不对"),
        ("1e5", "科学计数"),
        ("1.0E+17", "科学计数"),
        ("1.005", "不足一分"),
        ("1.23456789万", "不足一分"),
        (1.005, "不足一分"),
        ("1." + "0" * 40 + "1", "不足一分"),
        (Decimal("1E-2000"), "不足一分"),
        (Decimal("0.001"), "不足一分"),
        ("-(5)", "不是金额"),
        ("(-5)", "看不出正负"),
        ("2美元", "不是金额"),
        ("3角", "不是金额"),
        ("五百元", "不是金额"),
        ("见附件", "不是金额"),
        ("元", "不是金额"),
        (float("nan"), "不是金额"),
        (float("inf"), "不是金额"),
        (True, "是"),
        ("99999999999999999", "超出"),
        (1e300, "超出"),
        ("1" * 400, "超出"),
    ],
)
def test_amounts_refused(typed: str | float | Decimal, because: str) -> None:
    with pytest.raises(MoneyProblem, match=because):
        parse_fen(typed)


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("拾元整", "请写作“壹拾元整”"),
        ("壹万伍元整", "请写作“壹万零伍元整”"),
        ("壹佰元伍分", "请写作“壹佰元零伍分”"),
        ("壹佰零零伍元", "写法不规范"),
        ("伍拾壹佰元", "写法不规范"),
        ("一千元", "不是大写数字"),
        ("壹仟", "不是金额大写"),
        ("", "不是金额大写"),
        ("人民币", "不是金额大写"),
    ],
)
def test_capitals_refused(written: str, because: str) -> None:
    with pytest.raises(MoneyProblem, match=because):
        parse_capital(written)


@given(
    st.one_of(
        st.text(max_size=15), st.text("0123456789.,-+()¥元万亿整正零壹拾角分时小半个钟:e ", max_size=12)
    )
)
def test_any_text_is_read_or_refused_with_a_sentence(typed: str) -> None:
    try:
        fen, sentence = parse_fen(typed), "请"
    except MoneyProblem as problem:
        fen, sentence = 0, str(problem)
    assert abs(fen) <= MAX_FEN
    assert "请" in sentence


@given(st.floats())
def test_any_float_is_read_to_the_fen_or_refused(value: float) -> None:
    try:
        fen = parse_fen(value)
    except MoneyProblem:
        return
    assert abs(fen / 100 - value) <= max(abs(value) * 1e-14, 1e-9)


def test_amounts_too_large_for_paper_are_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="out of range"):
        capital_digits(MAX_FEN + 1)


@given(st.sampled_from(["", "元", "万元", "¥"]), st.integers(0, 10**9))
def test_signs_and_units_do_not_change_the_amount(unit: str, yuan: int) -> None:
    assume(not (unit == "万元" and yuan > 10**8))
    shown = f"¥{yuan}" if unit == "¥" else f"{yuan}{unit}"
    assert parse_fen(shown) == yuan * 100 * (10_000 if unit == "万元" else 1)
