"""Names: folded where spelling varies, untouched where the character is the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.names import clean, length, problems, same_name
from hongyao_desktop.core.problem import Level


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("张\u200b伟\u200d\ufeff", "张伟"),
        ("张\u202e伟", "张伟"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提・艾力", "阿卜杜拉·买买提·艾力"),
        ("阿卜杜拉 ． 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉··买买提", "阿卜杜拉·买买提"),
        ("张三。", "张三"),
        ("李\ue81e", "李\u9fb4"),
        ("John  F. Smith", "John F. Smith"),
        ("José", "José"),
        ("张伟\n", "张伟"),
    ],
)
def test_clean(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@pytest.mark.parametrize(
    "name", ["张𬬭𠮷", "䶮㐀", "𡉃", "㐂", "王𰻞𱍐", "𮯰", "\uf9dd用", "葛\U000e0100城", "〇丁", "々木"]
)
def test_rare_characters_stay(name: str) -> None:
    assert clean(name) == name
    assert not [problem for problem in problems(name) if problem.level is Level.ERROR]


@given(st.text(max_size=12))
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)


@given(st.text(max_size=12))
def test_every_name_can_be_judged(typed: str) -> None:
    assert all(problem.message and problem.code.startswith("name.") for problem in problems(clean(typed)))


@pytest.mark.parametrize(
    ("name", "code", "level"),
    [
        ("", "name.empty", Level.ERROR),
        ("李\ue000", "name.private", Level.ERROR),
        ("李\U000f0001", "name.private", Level.ERROR),
        ("李□", "name.lost", Level.ERROR),
        ("李\ufffd", "name.lost", Level.ERROR),
        ("李?", "name.lost", Level.ERROR),
        ("张*三", "name.lost", Level.ERROR),
        ("李" + chr(0xD83D), "name.lost", Level.ERROR),
        ("张三2", "name.odd", Level.WARNING),
        ("张三（大）", "name.odd", Level.WARNING),
        ("张三😀", "name.odd", Level.WARNING),
        ("王\u2f08", "name.radical", Level.WARNING),
        ("\uf9dd用", "name.compatible", Level.WARNING),
        ("张", "name.short", Level.WARNING),
        ("张" * 31, "name.long", Level.WARNING),
    ],
)
def test_doubts(name: str, code: str, level: Level) -> None:
    assert (code, level) in {(problem.code, problem.level) for problem in problems(name)}


@pytest.mark.parametrize(
    "name", ["张伟", "欧阳娜娜", "阿卜杜拉·买买提", "张𬬭", "O'Neil", "Jean-Luc", "José"]
)
def test_good_names_have_no_problem(name: str) -> None:
    assert problems(name) == []


def test_the_lost_place_is_named() -> None:
    (found,) = problems("李□明")
    assert "第 2 个字" in found.message


def test_length_counts_characters() -> None:
    assert length("张𬬭𠮷") == 3
    assert length("葛\U000e0100城") == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("张 三", "张三"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉.买买提"),
        ("JOHN SMITH", "John Smith"),
        ("葛\U000e0100城", "葛城"),
        ("\uf9dd用", "\uf9dd用"),
    ],
)
def test_same_name(first: str, second: str) -> None:
    assert same_name(first, second)


def test_different_or_empty_names_are_not_the_same() -> None:
    assert not same_name("张𬬭", "张伦")
    assert not same_name("", "")
    assert not same_name("·", " ")


def test_uncommon_text_is_judged_without_failing(uncommon_text: str) -> None:
    name = clean(uncommon_text)
    assert clean(name) == name
    assert isinstance(problems(name), list)
