"""What is planted in a demonstration clashes with nothing, also in an office that has something on every day."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.app.demo.planted import planted
from hongyao_desktop.app.demo.services import Session, Volunteer
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.service.recording import Participant

TODAY = dt.date(2026, 11, 23)


def test_a_busy_office_gets_its_late_sheet_too() -> None:
    people = [Volunteer(f"v{number}", "u", new_employment=False) for number in range(60)]
    free = {TODAY - dt.timedelta(days=ago) for ago in (40, 41)}
    held: list[Session] = [
        (
            Activity(title="义剪", held_on=day, starts_minute=480, ends_minute=600),
            [Participant(volunteer_id="v0", minutes=120)],
        )
        for day in (TODAY - dt.timedelta(days=ago) for ago in range(200, 0, -1))
        if day not in free
    ]
    entries = planted(held, people, TODAY)
    assert [day for day, _time, _what in entries][-1] == TODAY - dt.timedelta(days=41)
    assert {day for day, time, _what in entries if time is not None} == {TODAY - dt.timedelta(days=40)}
