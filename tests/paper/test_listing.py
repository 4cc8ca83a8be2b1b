"""The printed list of any register."""

from collections.abc import Iterator
from typing import Any

import pytest

from hongyao_desktop.core.fields import IdNumber, Minutes, Money, Name, Phone, Reference, Text
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.paper.document import Foot, Meta, Orientation
from hongyao_desktop.paper.listing import list_fields, register_list
from tests.paper.papers import HEAD, MOMENT, Drawn

FIELDS = (
    Field(name="number", label="编号", type=Text(), sensitivity=Sensitivity.OPEN),
    Field(
        name="person_id", label="人员", type=Reference(register="people"), sensitivity=Sensitivity.INTERNAL
    ),
    Field(name="name", label="姓名", type=Name(), sensitivity=Sensitivity.PERSONAL),
    Field(name="phone", label="电话", type=Phone(), sensitivity=Sensitivity.PERSONAL, width=11),
    Field(name="id_number", label="证件号码", type=IdNumber(), sensitivity=Sensitivity.SECRET, width=18),
    Field(name="minutes", label="时长", type=Minutes(), sensitivity=Sensitivity.OPEN),
    Field(name="amount_fen", label="金额", type=Money(), sensitivity=Sensitivity.OPEN),
)
REGISTER = Register(
    name="helpers",
    label="志愿者名册",
    table="helper",
    source="helper",
    title_field="name",
    fields=FIELDS,
    list_columns=("number", "person_id", "name", "phone", "id_number", "minutes", "amount_fen"),
    sort="number",
    help="测试用",
    sum_columns=("minutes",),
)


class Rows:
    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in range(50):
            yield {
                "number": f"SW-{index:03d}",
                "person_id": "0190",
                "name": "张小伟",
                "phone": "13812345678",
                "id_number": "11010119900307123X",
                "minutes": 90,
                "amount_fen": 12345,
            }


def paper(purpose: Purpose) -> Drawn:
    return Drawn(
        register_list(
            REGISTER,
            Rows(),
            unit="水湾社区",
            meta=Meta(MOMENT),
            foot=Foot("李静打印", HEAD),
            purpose=purpose,
            note="条件：在册",
        )
    )


def test_ids_and_secrets_are_not_in_a_list_by_default() -> None:
    assert [field.name for field in list_fields(REGISTER)] == [
        "number",
        "name",
        "phone",
        "minutes",
        "amount_fen",
    ]


def test_an_internal_list_has_all_rows_its_sum_and_who_signs() -> None:
    with paper(Purpose.INTERNAL) as drawn:
        words = drawn.words
        pages = drawn.pages
    assert "水湾社区志愿者名册" in words
    assert words.count("张小伟") == 50
    assert words.count("123.45") == 50
    assert "75.0" in pages[-1]
    assert "制表人：" in pages[-1]
    assert "条件：在册" in pages[-1]
    assert "110101" not in words
    assert len(pages) > 1
    assert all("本页小计" in page for page in pages)


def test_a_public_list_holds_no_phone_and_no_full_name() -> None:
    with paper(Purpose.PUBLIC) as drawn:
        words = drawn.words
    assert "13812345678" not in words
    assert "张小伟" not in words
    assert "SW-049" in words


@pytest.mark.parametrize(("width", "expected"), [(6, Orientation.PORTRAIT), (20, Orientation.LANDSCAPE)])
def test_wide_lists_lie(width: int, expected: Orientation) -> None:
    fields = tuple(
        Field(name=f"f{index}", label=f"栏{index}", type=Text(), sensitivity=Sensitivity.OPEN, width=width)
        for index in range(4)
    )
    made = register_list(REGISTER, [], unit="甲", meta=Meta(MOMENT), foot=Foot(), fields=fields)
    assert made.orientation is expected
