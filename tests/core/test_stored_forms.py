"""What already stands in stored form is taken by a short way; it must say what the long way says.

An invisible character in front sends the same content the long way round.
"""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from hongyao_desktop.core import dates, identity, names, phone
from hongyao_desktop.core.identity import IdKind

UNSEEN = "\u200b"
TODAY = dt.date(2026, 11, 22)
DIGITS = st.text("0123456789", min_size=17, max_size=17)


@given(DIGITS)
def test_the_check_digit_is_the_one_of_python_stdnum(digits: str) -> None:
    assert identity.check_digit(digits) == str(ric.calc_check_digit(digits + "0"))


@given(DIGITS, st.sampled_from("0123456789X"))
def test_identity_numbers(digits: str, last: str) -> None:
    assert identity.normalise(digits + last) == identity.normalise(UNSEEN + digits + last)


@given(
    st.sampled_from(["11", "32", "44", "65", "71", "81", "99"]),
    st.dates(dt.date(1700, 1, 1), dt.date(2099, 12, 31)).map(lambda day: day.strftime("%Y%m%d").zfill(8))
    | st.text("0123456789", min_size=8, max_size=8),
    st.text("0123456789", min_size=3, max_size=3) | st.just("000"),
    st.booleans(),
)
def test_a_sound_citizen_number_is_told_sound_by_the_long_way_too(
    area: str, birth: str, serial: str, right: bool
) -> None:
    body = f"{area}0101{birth}{serial}"
    digit = identity.check_digit(body)
    number = body + (digit if right else ("0" if digit != "0" else "1"))
    assert identity.check(IdKind.RESIDENT, number) == identity._check_resident(IdKind.RESIDENT, number, None)


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["13", "12", "19"]))
def test_mobile_numbers(rest: str, first: str) -> None:
    assert phone.normalise(first + rest) == phone.normalise(UNSEEN + first + rest)


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_days(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    told = []
    for written in (text, UNSEEN + text):
        try:
            told.append(str(dates.parse_date(written, today=TODAY)))
        except dates.DateProblem as problem:
            told.append(str(problem))
    assert told[0] == told[1]


@given(st.text(st.characters(min_codepoint=0x4DFE, max_codepoint=0xA001), min_size=1, max_size=33))
def test_names(name: str) -> None:
    assert names.clean(name) == names.clean(UNSEEN + name)
    # the same findings as in a name that has a dot in it, less those that speak of the whole
    own = [
        problem.code for problem in names.problems(name) if problem.code not in ("name.short", "name.long")
    ]
    dotted = [problem.code for problem in names.problems(f"{name}·买") if problem.code != "name.long"]
    assert own == dotted
