"""Random values for every field type (字段类型), for property tests. The shipped program carries no test library."""

from __future__ import annotations

import datetime as dt
from functools import singledispatch
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hongyao_desktop.core import fields, identity

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("𬬭䶮𠮷㐀𰻞")


@singledispatch
def stored_values(kind: fields.FieldType) -> SearchStrategy[Any]:
    """Values as they are stored for a field of this type."""
    raise LookupError(f"no strategy for {type(kind).__name__}: add one to tests/strategies.py")


@stored_values.register
def _(kind: fields.Text) -> SearchStrategy[str]:
    return st.text(HAN, min_size=1, max_size=min(kind.max_chars, 30))


@stored_values.register
def _(_kind: fields.Name) -> SearchStrategy[str]:
    return st.text(HAN, min_size=2, max_size=4)


@stored_values.register
def _(kind: fields.Code) -> SearchStrategy[str]:
    return st.text("0123456789ABCXYZ-", min_size=1, max_size=min(kind.max_chars, 12))


@stored_values.register
def _(kind: fields.Choice) -> SearchStrategy[str]:
    return st.sampled_from(kind.options)


@stored_values.register
def _(_kind: fields.Flag) -> SearchStrategy[int]:
    return st.sampled_from((0, 1))


@stored_values.register
def _(_kind: fields.Date) -> SearchStrategy[str]:
    return st.dates(dt.date(1920, 1, 1), dt.date(2026, 11, 20)).map(dt.date.isoformat)


@stored_values.register
def _(_kind: fields.TimeOfDay) -> SearchStrategy[int]:
    return st.integers(0, 1439)


@stored_values.register
def _(kind: fields.Integer) -> SearchStrategy[int]:
    return st.integers(kind.low, kind.high)


@stored_values.register
def _(_kind: fields.Money) -> SearchStrategy[int]:
    return st.integers(0, 10**12)


@stored_values.register
def _(_kind: fields.Minutes) -> SearchStrategy[int]:
    return st.integers(0, 4000).map(lambda tenths: tenths * 6)


@stored_values.register
def _(_kind: fields.Points) -> SearchStrategy[int]:
    return st.integers(0, 10**8)


@stored_values.register
def _(_kind: fields.IdNumber) -> SearchStrategy[str]:
    return st.builds(
        _identity_number, st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)), st.integers(0, 999)
    )


def _identity_number(born: dt.date, order: int) -> str:
    body = f"320290{born:%Y%m%d}{order:03d}"
    return next(
        body + last
        for last in "0123456789X"
        if not any(
            problem.level == "error"
            for problem in identity.check(identity.guess_kind(body + last), body + last)
        )
    )


@stored_values.register
def _(_kind: fields.Phone) -> SearchStrategy[str]:
    return st.from_regex(r"1[35789][0-9]{9}", fullmatch=True)


@stored_values.register
def _(_kind: fields.CreditCode) -> SearchStrategy[str]:
    return st.sampled_from(("91350100M000100Y43",))


@stored_values.register
def _(_kind: fields.Reference) -> SearchStrategy[str]:
    return st.text(HAN, min_size=1, max_size=10)
