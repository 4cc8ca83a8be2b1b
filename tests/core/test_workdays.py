"""Working days: corrections of the office first, the published calendar second, Monday to Friday last."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.workdays import add_workdays, assumption, count_workdays, is_workday

EVE = dt.date(2026, 9, 30)


def test_holidays_and_worked_saturdays_of_the_published_calendar() -> None:
    assert not is_workday(dt.date(2026, 10, 1))
    assert is_workday(dt.date(2026, 10, 10))  # a Saturday worked in exchange
    assert add_workdays(EVE, 1) == dt.date(2026, 10, 8)
    assert add_workdays(EVE, 5) == dt.date(2026, 10, 13)


def test_corrections_come_first() -> None:
    overrides = {dt.date(2026, 10, 8): False, dt.date(2026, 10, 3): True}
    assert add_workdays(EVE, 1, overrides) == dt.date(2026, 10, 3)
    assert add_workdays(EVE, 2, overrides) == dt.date(2026, 10, 9)


def test_backwards_and_zero() -> None:
    assert add_workdays(dt.date(2026, 10, 8), -1) == EVE
    assert add_workdays(dt.date(2026, 10, 3), 0) == dt.date(2026, 10, 3)


def test_unknown_years_fall_back_to_the_week_and_say_so() -> None:
    assert add_workdays(dt.date(2090, 1, 6), 1) == dt.date(2090, 1, 9)  # Friday → Monday
    warning = assumption(dt.date(2026, 12, 1), dt.date(2090, 1, 5))
    assert warning is not None
    assert "2090" in warning.message
    assert assumption(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) is None


@given(st.dates(dt.date(2004, 1, 1), dt.date(2060, 1, 1)), st.integers(1, 40))
def test_adding_and_counting_agree(start: dt.date, count: int) -> None:
    end = add_workdays(start, count)
    assert is_workday(end)
    assert count_workdays(start + dt.timedelta(days=1), end) == count


def test_a_calendar_without_working_days_is_noticed() -> None:
    closed = {EVE + dt.timedelta(days=offset): False for offset in range(5000)}
    with pytest.raises(ValueError, match="no working day"):
        add_workdays(EVE, 1, closed)


def test_an_empty_span_counts_nothing() -> None:
    assert count_workdays(EVE, EVE - dt.timedelta(days=1)) == 0
