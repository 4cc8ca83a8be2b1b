"""Pinyin: surnames read as surnames, every reading found, all of one surname together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from hongyao_desktop.core.pinyin import (
    MAX_KEYS,
    MAX_READINGS,
    _cut,
    _words,
    initials,
    query_key,
    readings,
    search_keys,
    sort_key,
)
from hongyao_desktop.core.surnames import COMPOUND_SURNAMES, SURNAME_READINGS, split_surname


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("仇英", "qiu ying"),
        ("解缙", "xie jin"),
        ("查良镛", "zha liang yong"),
        ("区伟", "ou wei"),
        ("朴正", "piao zheng"),
        ("盖叫天", "ge jiao tian"),
        ("翟建", "zhai jian"),
        ("乐毅", "yue yi"),
        ("缪明", "miao ming"),
        ("尉迟恭", "yu chi gong"),
        ("万俟明", "mo qi ming"),
        ("长孙无忌", "zhang sun wu ji"),
        ("令狐冲", "ling hu chong"),
        ("欧阳修", "ou yang xiu"),
        ("吕布", "lv bu"),
        ("张伟", "zhang wei"),
        ("马佳怡", "ma jia yi"),
    ],
)
def test_the_surname_reading_comes_first(name: str, syllables: str) -> None:
    assert readings(name)[0] == tuple(syllables.split())
    assert [part.split(" ")[0] for part in sort_key(name).split("\t")] == syllables.split()


def test_given_names_are_not_read_as_surnames() -> None:
    assert readings("王乐")[0] == ("wang", "le")
    assert ("wang", "yue") in readings("王乐")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", ["shan", "dan", "danxiong", "sxx", "dxx", "xiong", "xx", "雄", "单雄"]),
        ("张伟", ["z", "zh", "zhangw", "zw", "wei", "w", "伟"]),
        ("尉迟恭", ["yuchi", "ycg", "chigong", "恭"]),
        ("阿卜杜拉·买买提", ["abd", "abdlmmt", "maimaiti", "买买提", "阿卜杜拉买"]),
        ("吕布", ["lv", "lb"]),
        ("张𬬭", ["zhanglun", "zl", "𬬭"]),
        ("张𠮷", ["zhang", "𠮷"]),
        ("John Smith", ["john", "smith", "johnsm", "js"]),
    ],
)
def test_what_is_typed_is_found(name: str, typed: list[str]) -> None:
    keys = search_keys(name)
    missed = [text for text in typed if not any(key.startswith(query_key(text)) for key in keys)]
    assert not missed


def test_syllables_are_found_at_their_beginning_only() -> None:
    assert not any(key.startswith("hangwei") for key in search_keys("张伟"))


def test_names_sort_by_surname_then_character() -> None:
    shuffled = [
        "张伟民",
        "章一",
        "单田",
        "𠮷一",
        "先轸",
        "张一",
        "西门庆",
        "仇英",
        "张伟",
        "尚云",
        "欧阳修",
        "邱一",
        "张三",
    ]
    assert sorted(shuffled, key=sort_key) == [
        "欧阳修",
        "仇英",
        "邱一",
        "单田",
        "尚云",
        "西门庆",
        "先轸",
        "张三",
        "张伟",
        "张伟民",
        "张一",
        "章一",
        "𠮷一",
    ]


def test_unknown_characters_stand_for_themselves() -> None:
    assert readings("𠮷") == (("𠮷",),)
    assert search_keys("𠮷") == {"𠮷"}
    assert sort_key("𠮷") > sort_key("座")


@given(st.text(max_size=10))
def test_any_text_is_bounded_and_steady(name: str) -> None:
    found = readings(name)
    assert len(found) <= MAX_READINGS
    assert len({len(reading) for reading in found}) <= 1
    keys = search_keys(name)
    assert len(keys) <= MAX_KEYS
    assert "" not in keys
    assert keys == search_keys(name)
    assert len(initials(name)) == (len(found[0]) if found else 0)


def test_a_name_of_many_readings_keeps_the_main_one() -> None:
    name = "乐和重长行朝参差"
    assert len(readings(name)) == MAX_READINGS
    assert readings(name)[0][0] == "yue"


@pytest.mark.parametrize(
    ("typed", "key"),
    [(" Zhang Wei ", "zhangwei"), ("LÜ", "lv"), ("xi'an", "xian"), ("阿卜·买", "阿卜买"), ("ｚｗ", "zw")],
)
def test_query_key(typed: str, key: str) -> None:
    assert query_key(typed) == key


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("欧阳娜", ("欧阳", "娜")),
        ("司马", ("司", "马")),
        ("爱新觉罗启星", ("爱新觉罗", "启星")),
        ("张", ("张", "")),
        ("", ("", "")),
    ],
)
def test_split_surname(name: str, parts: tuple[str, str]) -> None:
    assert split_surname(name) == parts


def test_the_surname_table_is_well_formed() -> None:
    for surname, syllables in SURNAME_READINGS.items():
        assert len(surname) == len(syllables), surname
        assert all(syllable.isascii() and syllable.islower() for syllable in syllables), surname
        assert len(surname) == 1 or surname in COMPOUND_SURNAMES, surname


PHRASES = st.sampled_from(sorted(word for word in PHRASES_DICT if len(word) <= 3))
RUNS = st.lists(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | PHRASES | st.sampled_from("𠮷ё7"), max_size=4
)


@given(RUNS)
def test_reading_character_by_character_gives_what_cutting_into_words_gives(pieces: list[str]) -> None:
    parts = tuple("".join(pieces))
    assert _words(parts) == _cut.__wrapped__(parts)
