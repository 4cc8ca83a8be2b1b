"""Cleaning takes out what nobody sees and leaves every character that means something."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.text import chinese_number, clean, half_width, quoted


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("张\u200b伟\u200d\ufeff", "张伟"),
        ("\u202e张伟\u202c", "张伟"),
        ("\u2066张伟\u2069", "张伟"),
        ("张\u3000 \u00a0伟", "张 伟"),
        ("  两端\t", "两端"),
        ("一行\r\n二行\u2028三行\r四行", "一行\n二行\n三行\n四行"),
        ("张\t伟\x07", "张 伟"),
        ("e\u0301cole", "école"),
        ("软\u00ad连字", "软连字"),
        ("标签\U000e0041", "标签"),
    ],
)
def test_clean(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy


@pytest.mark.parametrize(
    "kept",
    ["张𬬭𠮷", "王𰻞𱍐", "\uf9dd用", "葛\U000e0100城", "李\ue81e", "“引号”，句号。", "一行\n二行", "Ａ１"],
)
def test_meaning_is_kept(kept: str) -> None:
    assert clean(kept) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(dirty: str) -> None:
    tidy = clean(dirty)
    assert clean(tidy) == tidy
    assert half_width(half_width(dirty)) == half_width(dirty)


@given(st.text(st.characters(categories=["Lo", "Nd", "Nl"])))
def test_letters_and_digits_are_never_lost(letters: str) -> None:
    unseen = "\u115f\u1160\u3164\uffa0"  # fillers are letters by category but draw nothing
    assert clean(letters) == "".join(char for char in letters if char not in unseen)


def test_half_width_is_for_numbers() -> None:
    assert half_width("１２：３０") == "12:30"
    assert half_width("￥１，２３４．５０") == "¥1,234.50"
    assert half_width("٣٢١") == "321"
    assert half_width("Ｘ－１") == "X-1"


@given(st.integers(0, 99))
def test_small_chinese_numbers(number: int) -> None:
    figures = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = (f"{figures[tens] if tens > 1 else ''}十" if tens else "") + (
        figures[ones] if ones or not tens else ""
    )
    assert chinese_number(written) == number


@pytest.mark.parametrize(("written", "number"), [("廿五", 25), ("二〇二六", 2026), ("十", 10), ("卅", 30)])
def test_other_ways_of_writing_numbers(written: str, number: int) -> None:
    assert chinese_number(written) == number


@pytest.mark.parametrize("written", ["", "一百", "十十", "三五十二", "甲", "5"])
def test_no_small_number(written: str) -> None:
    assert chinese_number(written) is None


def test_nothing_but_ascii_spaces_is_left(uncommon_text: str) -> None:
    tidy = clean(uncommon_text)
    assert not [char for char in tidy if char != " " and unicodedata.category(char) in ("Zs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("清洁河道", "“清洁河道”"),
        ("《民法典》", "《民法典》"),
        ("「红领」", "「红领」"),
        ("“银龄”", "“银龄”"),
        ("《民法典》宣讲", "“《民法典》宣讲”"),
        ("“银龄”课堂", "“‘银龄’课堂”"),
        ("《民法典》和《条例》", "“《民法典》和《条例》”"),
    ],
)
def test_a_title_stands_in_one_pair_of_marks(title: str, said: str) -> None:
    assert quoted(title) == said
