"""Identity numbers: lawful ones pass, damaged ones are named, the kind decides. All numbers here are samples."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.identity import (
    DAMAGED_SENTENCE,
    IdKind,
    birth_date,
    check,
    check_digit,
    guess_kind,
    normalise,
    numeric_cell_problem,
    sex,
    to_eighteen,
)
from hongyao_desktop.core.problem import Level

TODAY = dt.date(2026, 11, 22)
births = st.dates(dt.date(1910, 1, 1), TODAY)


def lawful(area: str, birth: dt.date, serial: int) -> str:
    body = f"{area}{birth:%Y%m%d}{serial:03d}"
    return body + check_digit(body)


@pytest.mark.parametrize(
    ("number", "kind", "birth", "told_sex"),
    [
        ("11010519491231002X", IdKind.RESIDENT, dt.date(1949, 12, 31), "女"),
        ("440524188001010014", IdKind.RESIDENT, dt.date(1880, 1, 1), "男"),
        ("11010219840406970X", IdKind.RESIDENT, dt.date(1984, 4, 6), "女"),
        ("810000199408230021", IdKind.HK_MACAO_RESIDENCE, dt.date(1994, 8, 23), "女"),
        ("830000199201300022", IdKind.TAIWAN_RESIDENCE, dt.date(1992, 1, 30), "女"),
        ("932682198501010017", IdKind.FOREIGN_RESIDENCE, dt.date(1985, 1, 1), "男"),
        ("CHN310178041212", IdKind.FOREIGN_RESIDENCE, None, None),
        ("H12345678", IdKind.HK_MACAO_PASS, None, None),
        ("M1234567800", IdKind.HK_MACAO_PASS, None, None),
        ("12345678", IdKind.TAIWAN_PASS, None, None),
        ("E12345678", IdKind.PASSPORT, None, None),
        ("EA1234567", IdKind.PASSPORT, None, None),
        ("军字第1234号", IdKind.OTHER, None, None),
    ],
)
def test_lawful_numbers_pass(number: str, kind: IdKind, birth: dt.date | None, told_sex: str | None) -> None:
    assert guess_kind(number) is kind
    assert check(kind, number) == []
    assert (birth_date(number), sex(number)) == (birth, told_sex)


@given(st.sampled_from(["110105", "320290", "659999", "810000", "830000"]), births, st.integers(0, 999))
def test_every_lawful_number_passes_its_own_kind(area: str, birth: dt.date, serial: int) -> None:
    number = lawful(area, birth, serial)
    assert check(guess_kind(number), number, today=TODAY) == []
    assert birth_date(number) == birth
    assert sex(number) == ("男" if serial % 2 else "女")


@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(birth: dt.date, serial: int, place: int, shift: int) -> None:
    number = lawful("110105", birth, serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    codes = {problem.code for problem in check(IdKind.RESIDENT, wrong) if problem.level is Level.ERROR}
    assert codes & {"id.check", "id.birth", "id.damaged"}


@given(births, st.integers(0, 999))
def test_the_tail_a_spreadsheet_leaves_is_refused_by_name(birth: dt.date, serial: int) -> None:
    number = lawful("320290", birth, serial)
    damaged = number[:15] + "000"
    found = check(IdKind.RESIDENT, damaged)
    if check_digit(damaged) == "0":
        assert not found  # then it is a lawful number and must not be refused
    else:
        assert [(problem.code, problem.message) for problem in found] == [("id.damaged", DAMAGED_SENTENCE)]


@pytest.mark.parametrize("cell", [110105194912310000.0, 110105194912310032.0, 11010519491231002, 1e17])
def test_a_number_cell_of_more_than_15_digits_is_damaged(cell: float) -> None:
    found = numeric_cell_problem(cell)
    assert found is not None
    assert (found.level, found.code, found.message) == (Level.ERROR, "id.damaged", DAMAGED_SENTENCE)


@pytest.mark.parametrize("cell", [110105491231002.0, 12345678, 0, float("nan"), float("inf")])
def test_a_number_cell_of_up_to_15_digits_lost_nothing(cell: float) -> None:
    assert numeric_cell_problem(cell) is None


@pytest.mark.parametrize("typed", ["1.10105E+17", "1.10105194912310E+17", "1.1e17"])
def test_scientific_notation_is_damaged(typed: str) -> None:
    number = normalise(typed)
    assert [problem.code for problem in check(guess_kind(number), number)] == ["id.damaged"]


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002X",
        "11010519491231002Х",  # a Cyrillic letter
        "11010519491231002×",
        "110105194912\u200b31002X",
    ],
)
def test_the_writing_is_repaired(typed: str) -> None:
    assert normalise(typed) == "11010519491231002X"


@pytest.mark.parametrize(
    ("kind", "number", "code", "level"),
    [
        (IdKind.RESIDENT, "", "id.empty", Level.ERROR),
        (IdKind.RESIDENT, "11010519491231002", "id.length", Level.ERROR),
        (IdKind.RESIDENT, "1101051949123100212", "id.length", Level.ERROR),
        (IdKind.RESIDENT, "1101051949123100AB", "id.letter", Level.ERROR),
        (IdKind.RESIDENT, "1101051949X2310021", "id.letter", Level.ERROR),
        (IdKind.RESIDENT, "110105194912310021", "id.check", Level.ERROR),
        (IdKind.RESIDENT, "110105194913310021", "id.birth", Level.ERROR),
        (IdKind.RESIDENT, "110105491231002", "id.old", Level.WARNING),
        (IdKind.RESIDENT, "110105491331002", "id.birth", Level.ERROR),
        (IdKind.RESIDENT, "810000199408230021", "id.area", Level.WARNING),
        (IdKind.TAIWAN_RESIDENCE, "710000199201300020", "id.area", Level.WARNING),
        (IdKind.HK_MACAO_RESIDENCE, "810000199408230022", "id.check", Level.ERROR),
        (IdKind.FOREIGN_RESIDENCE, "932682198501010018", "id.check", Level.WARNING),
        (IdKind.FOREIGN_RESIDENCE, "932682198513010017", "id.birth", Level.WARNING),
        (IdKind.FOREIGN_RESIDENCE, "932682198501010000", "id.damaged", Level.ERROR),
        (IdKind.FOREIGN_RESIDENCE, "12345", "id.shape", Level.WARNING),
        (IdKind.HK_MACAO_PASS, "12345678", "id.shape", Level.WARNING),
        (IdKind.TAIWAN_PASS, "H12345678", "id.shape", Level.WARNING),
        (IdKind.PASSPORT, "E1", "id.shape", Level.WARNING),
    ],
)
def test_findings(kind: IdKind, number: str, code: str, level: Level) -> None:
    assert (code, level) in {(problem.code, problem.level) for problem in check(kind, number, today=TODAY)}


def test_birth_dates_ahead_or_long_ago() -> None:
    ahead = lawful("110105", dt.date(2030, 1, 1), 1)
    assert [problem.code for problem in check(IdKind.RESIDENT, ahead, today=TODAY)] == ["id.birth"]
    old = check(IdKind.RESIDENT, "440524188001010014", today=TODAY)
    assert [(problem.code, problem.level) for problem in old] == [("id.age", Level.WARNING)]


def test_the_kind_may_be_given_by_its_name_and_must_exist() -> None:
    assert check("居民身份证", "11010519491231002X") == []
    with pytest.raises(ValueError, match="驾驶证"):
        check("驾驶证", "1")


def test_fifteen_digits_become_eighteen() -> None:
    assert to_eighteen("110105491231002") == "11010519491231002X"
    assert to_eighteen("110105801231998")[6:10] == "1880"
    assert birth_date("110105491231002") == dt.date(1949, 12, 31)
    assert sex("110105491231002") == "女"
    with pytest.raises(ValueError, match="15 digits"):
        to_eighteen("11010519491231002X")


@given(st.text(max_size=20))
def test_any_text_is_judged(typed: str) -> None:
    number = normalise(typed)
    assert normalise(number) == number
    for kind in (guess_kind(number), *IdKind):
        assert all(problem.message for problem in check(kind, number, today=TODAY))
    assert birth_date(number) is None or sex(number) in ("男", "女")


def test_messages_never_repeat_the_number() -> None:
    for number in ("110105194912310021", "110105194912310000", "11010519491231002", "110105491231002"):
        assert not [problem for problem in check(IdKind.RESIDENT, number) if number in problem.message]
