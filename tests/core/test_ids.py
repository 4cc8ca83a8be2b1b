"""Identifiers rise, also when the clock does not."""

from datetime import datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.clock import BEIJING, FixedClock
from hongyao_desktop.core.ids import IdMaker, id_millisecond, is_id, new_id, predictable_ids

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=BEIJING)


def test_it_is_a_version_7_uuid_of_its_millisecond() -> None:
    text = IdMaker().make(FixedClock(NOON))
    uuid = UUID(text)
    assert (uuid.version, uuid.variant, str(uuid)) == (7, RFC_4122, text)
    assert id_millisecond(text) == int(NOON.timestamp() * 1000)


def test_ten_thousand_in_one_millisecond_still_rise() -> None:
    maker, clock = IdMaker(), FixedClock(NOON)
    made = [maker.make(clock) for _ in range(10_000)]
    assert made == sorted(set(made))


@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=30))
def test_they_rise_although_the_clock_is_set_back(steps: list[int]) -> None:
    maker, clock = IdMaker(), FixedClock(NOON)
    made = []
    for step in steps:
        clock.advance(timedelta(milliseconds=step))
        made.append(maker.make(clock))
    assert made == sorted(set(made))
    assert all(map(is_id, made))


def test_a_predictable_row_for_golden_files_and_only_inside_the_block() -> None:
    rows = []
    for _ in range(2):
        with predictable_ids(7):
            rows.append([new_id(FixedClock(NOON)) for _ in range(3)])
    assert rows[0] == rows[1]
    assert new_id(FixedClock(NOON)) not in rows[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0195f0a0-0000-4000-8000-000000000000",
        "0195F0A0-0000-7000-8000-00000000000A",
        "0195f0a0000070008000",
    ],
)
def test_other_texts_are_no_identifiers(text: str) -> None:
    assert not is_id(text)
    with pytest.raises(ValueError, match="not an identifier"):
        id_millisecond(text)
