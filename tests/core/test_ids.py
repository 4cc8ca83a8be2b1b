"""Identifiers rise, also when the clock does not."""

from datetime import datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.clock import BEIJING, FixedClock
from hongyao_desktop.core.ids import IdMaker

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=BEIJING)


def test_it_is_a_version_7_uuid_of_its_millisecond() -> None:
    text = IdMaker().make(FixedClock(NOON))
    uuid = UUID(text)
    assert (uuid.version, uuid.variant, str(uuid)) == (7, RFC_4122, text)
    assert uuid.int >> 80 == int(NOON.timestamp() * 1000)


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
