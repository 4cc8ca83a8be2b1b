"""The only place that asks for the time.

Everything else takes a `Clock`, so that tests, golden papers and demonstration files are the same on every run.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol

BEIJING = timezone(timedelta(hours=8), "+08:00")
"""China has one time zone and no summer time, so a fixed offset is exact and needs no time-zone data on Windows."""


class Clock(Protocol):
    """Where the program gets the time from."""

    def now(self) -> datetime:
        """The present moment, aware, in the office's time zone."""

    def today(self) -> date:
        """The calendar day in the office's time zone."""


class SystemClock:
    """The clock of the machine, shown in the office's time zone whatever the machine is set to."""

    def __init__(self, zone: timezone = BEIJING) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """The present moment, aware."""
        return datetime.now(self._zone)

    def today(self) -> date:
        """The calendar day."""
        return self.now().date()


class FixedClock:
    """A clock that stands still until it is moved; for tests, golden papers and demonstration files.

    A moment without a zone is taken as Beijing time.
    """

    def __init__(self, moment: datetime, step: timedelta = timedelta(0)) -> None:
        """`step` is added after every reading, so that records made in a row keep their order."""
        self._moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=BEIJING)
        self._step = step

    def now(self) -> datetime:
        """The moment it stands at."""
        moment = self._moment
        self._moment = moment + self._step
        return moment

    def today(self) -> date:
        """The calendar day it stands at; does not count as a reading."""
        return self._moment.date()

    def advance(self, delta: timedelta) -> None:
        """Move forward (or back, to play a machine whose clock was corrected)."""
        self._moment += delta

    def set(self, moment: datetime) -> None:
        """Stand at another moment."""
        self._moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=BEIJING)


def iso_second(moment: datetime) -> str:
    """Text stored in the file: "2026-03-05T08:30:00+08:00", to the second.

    Raises ValueError for a moment without a zone: such a time cannot be compared between offices.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return moment.isoformat(timespec="seconds")


def full_moment(text: str) -> str:
    """A stored moment with its year, for lists that go far back."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%Y-%m-%d %H:%M}"
