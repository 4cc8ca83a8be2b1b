"""Telephone numbers and codes of organisations and places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core import credit, phone
from hongyao_desktop.core.problem import Level


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("(0510)81234567", "0510-81234567"),
        ("0510 81234567", "0510-81234567"),
        ("0510—81234567", "0510-81234567"),
        ("(0510)81234567转801", "0510-81234567-801"),
        ("010-82345678", "010-82345678"),
        ("01082345678", "010-82345678"),
        ("+86 510 81234567", "0510-81234567"),
        ("400-123-4567", "400-123-4567"),
        ("12345", "12345"),
    ],
)
def test_phones_are_stored_in_one_form_and_pass(typed: str, stored: str) -> None:
    assert phone.normalise(typed) == stored
    assert phone.check(stored) == []


@given(st.integers(13000000000, 19999999999))
def test_every_mobile_passes_whatever_its_range(number: int) -> None:
    assert phone.is_mobile(phone.normalise(str(number)))
    assert phone.check(str(number)) == []


@pytest.mark.parametrize(
    ("number", "code", "level"),
    [
        ("1381234567", "phone.length", Level.ERROR),
        ("138123456789", "phone.length", Level.ERROR),
        ("13812345678/13912345678", "phone.many", Level.ERROR),
        ("无", "phone.text", Level.ERROR),
        ("1064812345678", "phone.things", Level.WARNING),
        ("81234567", "phone.area", Level.WARNING),
        ("0138123456", "phone.odd", Level.WARNING),
    ],
)
def test_phones_with_doubts(number: str, code: str, level: Level) -> None:
    assert [(problem.code, problem.level) for problem in phone.check(number)] == [(code, level)]


@given(st.text(max_size=20))
def test_any_text_has_a_steady_stored_form(typed: str) -> None:
    stored = phone.normalise(typed)
    assert phone.normalise(stored) == stored
    assert len(phone.check(stored)) <= 1


def test_credit_codes() -> None:
    assert credit.check("91350100M000100Y43") == []
    early = credit.check("91350100M0001TGQXM")
    assert [(problem.code, problem.level) for problem in early] == [("credit.check", Level.WARNING)]
    assert credit.normalise("９１３５ 0100-m000100y43") == "91350100M000100Y43"
    assert credit.check_character("91350100M000100Y4") == "3"


@pytest.mark.parametrize(
    ("code", "finding", "level"),
    [
        ("91350100M000100Y4", "credit.length", Level.ERROR),
        ("", "credit.length", Level.ERROR),
        ("91350100I000100Y43", "credit.letter", Level.ERROR),
        ("913501A0M000100Y43", "credit.place", Level.WARNING),
        ("P1350100M000100Y43", "credit.registrar", Level.WARNING),
    ],
)
def test_credit_codes_with_doubts(code: str, finding: str, level: Level) -> None:
    assert (finding, level) in {(problem.code, problem.level) for problem in credit.check(code)}


@given(
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17),
    st.integers(0, 16),
    st.integers(1, 30),
)
def test_one_wrong_character_is_noticed(body: str, place: int, shift: int) -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    other = alphabet[(alphabet.index(body[place]) + shift) % 31]
    wrong = body[:place] + other + body[place + 1 :]
    assert credit.check_character(body) != credit.check_character(wrong)


def test_the_registering_office_is_named() -> None:
    assert credit.registrar("5" * 18) == "民政"
    assert credit.registrar("") is None
    with pytest.raises(ValueError, match="not the body"):
        credit.check_character("I" * 17)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("320213001002", "居委会", "320213001000"),
        ("320213001200", "村委会", "320213001000"),
        ("320213001000", "街道", "320213000000"),
        ("320213100", "镇", "320213000000"),
        ("320213200", "乡", "320213000000"),
        ("320213400", "政企合一", "320213000000"),
        ("320213700", "其他", "320213000000"),
        ("320213", "县", "320200000000"),
        ("3202", "市", "320000000000"),
        ("32", "省", None),
        ("429004001001", "居委会", "429004001000"),
        ("429004", "县", "429000000000"),
    ],
)
def test_division_codes(code: str, level: str, parent: str | None) -> None:
    found = credit.division(code)
    assert (found.level, found.parent, len(found.code)) == (level, parent, 12)


@pytest.mark.parametrize(
    "code", ["", "0", "3", "320", "32021300100", "３２甲", "320213000001", "320200001000", "000000"]
)
def test_wrong_division_codes(code: str) -> None:
    with pytest.raises(ValueError, match="请核对"):
        credit.division(code)
