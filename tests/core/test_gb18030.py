"""GB 18030 by the edition of 2022, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.gb18030 import PUA_REPAIR, decode, encode, private_use, repair_pua

EDITION_2022 = {
    "FE59": "\u9fb4",
    "FE61": "\u9fb5",
    "FE66": "\u9fb6",
    "FE67": "\u9fb7",
    "FE6D": "\u9fb8",
    "FE7E": "\u9fb9",
    "FE90": "\u9fba",
    "FEA0": "\u9fbb",
    "A6D9": "\ufe10",
    "A6DA": "\ufe12",
    "A6DB": "\ufe11",
    "A6F3": "\ufe19",
    "A8BC": "ḿ",
}


@pytest.mark.parametrize(("code", "char"), EDITION_2022.items())
def test_two_byte_codes_of_the_edition(code: str, char: str) -> None:
    assert decode(bytes.fromhex(code)) == char
    assert encode(char) == bytes.fromhex(code)


@pytest.mark.parametrize(
    ("pua", "char"),
    [
        ("\ue81e", "\u9fb4"),
        ("\ue826", "\u9fb5"),
        ("\ue82b", "\u9fb6"),
        ("\ue82c", "\u9fb7"),
        ("\ue832", "\u9fb8"),
        ("\ue843", "\u9fb9"),
        ("\ue854", "\u9fba"),
        ("\ue864", "\u9fbb"),
    ],
)
def test_the_eight_rows_of_the_repair(pua: str, char: str) -> None:
    assert PUA_REPAIR[pua] == char
    assert repair_pua(f"李{pua}") == f"李{char}"
    assert encode(pua) == encode(char)


def test_components_that_stayed_private_are_read_but_written_by_four_bytes() -> None:
    assert decode(bytes.fromhex("FE51")) == "\U00020087"
    assert encode("\U00020087") == bytes.fromhex("95329031")


@given(st.text(st.characters(exclude_categories=["Cs", "Co"])))
def test_every_character_survives(text: str) -> None:
    assert decode(encode(text)) == text.removeprefix("\ufeff")


def test_old_bytes_of_a_corrected_character_are_still_read() -> None:
    assert decode(bytes.fromhex("82359037")) == "\u9fb4"


def test_byte_order_mark_and_wrong_bytes() -> None:
    assert decode(b"\x84\x31\x95\x33" + "姓名".encode("gb18030")) == "姓名"
    with pytest.raises(UnicodeDecodeError):
        decode(b"\xff\xff")


def test_unknown_private_characters_are_found_not_changed() -> None:
    assert repair_pua("李\ue000") == "李\ue000"
    assert private_use("李\ue000王\U000f0001") == [1, 3]
