"""The office's corrections of the calendar: kept as text, read back, asked first."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.day_corrections import (
    DayCorrection,
    DayKind,
    overrides_of,
    read_corrections,
    write_corrections,
)
from hongyao_desktop.core.settings import DAY_CORRECTIONS, SettingProblem
from hongyao_desktop.core.workdays import add_workdays, assumption, is_workday

NOTES = st.text(alphabet="春节国庆调休防汛值守 0123456789", max_size=12).map(
    lambda note: " ".join(note.split())
)
CORRECTIONS = st.lists(
    st.builds(
        DayCorrection,
        day=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
        kind=st.sampled_from(DayKind),
        note=NOTES,
    ),
    max_size=30,
    unique_by=lambda correction: correction.day,
)


@given(CORRECTIONS)
def test_what_is_kept_is_read_back_by_day(corrections: list[DayCorrection]) -> None:
    stored = {DAY_CORRECTIONS.key: write_corrections(corrections)}
    assert list(read_corrections(stored)) == sorted(corrections, key=lambda one: one.day)
    assert overrides_of(stored) == {one.day: one.kind is DayKind.ON for one in corrections}


def test_the_last_word_on_a_day_counts_and_a_mark_in_a_note_does_no_harm() -> None:
    day = dt.date(2027, 2, 8)
    kept = write_corrections(
        [DayCorrection(day, DayKind.OFF), DayCorrection(day, DayKind.ON, "值守|2027-02-09休")]
    )
    assert read_corrections({DAY_CORRECTIONS.key: kept}) == (
        DayCorrection(day, DayKind.ON, "值守 2027-02-09休"),
    )


def test_a_day_off_and_a_day_on_move_the_end_of_a_notice() -> None:
    monday = dt.date(2026, 11, 23)
    before = monday - dt.timedelta(days=1)
    assert add_workdays(before, 5) == dt.date(2026, 11, 27)
    stored = {
        DAY_CORRECTIONS.key: write_corrections(
            [
                DayCorrection(dt.date(2026, 11, 25), DayKind.OFF),
                DayCorrection(dt.date(2026, 11, 28), DayKind.ON),
            ]
        )
    }
    known = overrides_of(stored)
    assert not is_workday(dt.date(2026, 11, 25), known)
    assert add_workdays(before, 5, known) == dt.date(2026, 11, 28)


def test_a_year_the_office_has_entered_is_no_longer_an_assumption() -> None:
    first, last = dt.date(2099, 2, 1), dt.date(2099, 2, 10)
    assert assumption(first, last) is not None
    assert assumption(first, last, {dt.date(2099, 1, 1): False}) is None
    assert assumption(first, last, {dt.date(2098, 1, 1): False}) is not None


def test_more_than_a_file_keeps_is_refused() -> None:
    days = (dt.date(2000, 1, 1) + dt.timedelta(days=offset) for offset in range(3000))
    with pytest.raises(SettingProblem, match="工作日更正"):
        write_corrections(DayCorrection(day, DayKind.OFF) for day in days)
