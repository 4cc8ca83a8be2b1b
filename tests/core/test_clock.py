"""One source of time, which tests can hold still."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hongyao_desktop.core.clock import BEIJING, FixedClock, SystemClock, iso_second


def test_the_system_clock_tells_beijing_time() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(hours=8)


def test_a_fixed_clock_stands_and_steps() -> None:
    clock = FixedClock(datetime(2026, 3, 5, 8, 30), step=timedelta(seconds=1))  # noqa: DTZ001 - taken as Beijing time
    assert iso_second(clock.now()) == "2026-03-05T08:30:00+08:00"
    assert iso_second(clock.now()) == "2026-03-05T08:30:01+08:00"
    clock.advance(timedelta(days=1))
    assert clock.today() == date(2026, 3, 6)


def test_the_day_changes_at_midnight_in_beijing() -> None:
    clock = FixedClock(datetime(2026, 3, 5, 23, 59, tzinfo=BEIJING))
    assert clock.today() == date(2026, 3, 5)
    clock.set(datetime(2026, 3, 6, 0, 0, tzinfo=BEIJING))
    assert clock.today() == date(2026, 3, 6)


def test_a_moment_without_a_zone_cannot_be_stored() -> None:
    with pytest.raises(ValueError, match="time zone"):
        iso_second(datetime(2026, 3, 5))  # noqa: DTZ001 - the point of the test
