"""Lists by strokes of the surname."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.strokes import character_key, name_key


def test_counts_of_surnames_as_the_dictionary_has_them() -> None:
    known = {
        "丁": 2,
        "万": 3,
        "王": 4,
        "叶": 5,
        "刘": 6,
        "李": 7,
        "周": 8,
        "赵": 9,
        "高": 10,
        "黄": 11,
        "韩": 12,
    }
    assert {name: character_key(name)[0] for name in known} == known


def test_kinds_of_strokes_decide_among_equals() -> None:
    assert min("乐邓冯", key=character_key) == "邓"
    # 四画：王（横）、贝（竖）、仇（撇）、方（点）、尹（折）
    assert sorted("尹方仇贝王", key=character_key) == list("王贝仇方尹")
    # 七画：李（横）、吴（竖）、何（撇）、沈（点）、张（折）
    assert sorted("张沈何吴李", key=character_key) == list("李吴何沈张")


def test_a_list_of_names_in_the_usual_order() -> None:
    wanted = [
        "丁一",
        "丁大伟",
        "马华",
        "王伟",
        "王丽",
        "王小明",
        "方圆",
        "刘强",
        "李娜",
        "欧阳修",
        "欧阳海燕",
        "单玥",
        "赵敏",
    ]
    names = wanted.copy()
    random.Random(3).shuffle(names)
    assert sorted(names, key=name_key) == wanted


def test_rare_characters_have_a_place_and_what_is_unknown_comes_last() -> None:
    assert [character_key(one)[0] for one in "𬬭喆"] == [9, 12]
    assert max(["A", "龘", "一"], key=name_key) == "A"


@given(st.lists(st.text(alphabet="王李张单𬬭喆·AB", max_size=4)))
def test_the_order_does_not_depend_on_where_names_stood(names: list[str]) -> None:
    mixed = names.copy()
    random.Random(1).shuffle(mixed)
    assert sorted(names, key=name_key) == sorted(mixed, key=name_key)
