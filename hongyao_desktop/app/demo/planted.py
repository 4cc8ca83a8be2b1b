"""Entries of a demonstration that somebody should look at (疑点): a few, planted, so that the list has something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hongyao_desktop.app.demo.services import Session, Volunteer, serve
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.service.recording import Participant, write_services

NIGHT = dt.time(22, 41)
_HALF = 24
_MORNING, _AFTERNOON, _LENGTH = 8 * 60, 14 * 60, 240
_LATE = dt.timedelta(days=47)

Entry = tuple[dt.date, dt.time | None, Callable[[Writer], Any]]
"""The day it is entered, the time of day where that matters, and what is entered."""


def planted(held: Sequence[Session], volunteers: Sequence[Volunteer], today: dt.date) -> list[Entry]:
    """Two sheets of whole hours keyed at night within a minute, one hour twice, a sheet much too late."""
    days = {head.held_on for head, _people in held}
    quiet = [day for ago in range(30, 120) if (day := today - dt.timedelta(days=ago)) not in days]
    free = quiet[0]
    # A large office has something on nearly every day: then the late sheet names people who had nothing on then.
    entered = next((day for day in quiet[1:] if day - _LATE not in days), quiet[-1])
    there = {one.volunteer_id for head, people in held if head.held_on == entered - _LATE for one in people}
    idle = [one for one in volunteers if one.id not in there]
    sheets = [
        _sheet("小区大扫除", free, _MORNING, volunteers[:_HALF]),
        _sheet("小区大扫除（下午）", free, _AFTERNOON, volunteers[_HALF : 2 * _HALF]),
    ]
    head, people = next(one for one in reversed(held) if one[1])
    twice = people[0].volunteer_id
    entries: list[Entry] = [(free, NIGHT, partial(serve, session=sheet)) for sheet in sheets]
    entries.append((head.held_on, None, lambda w: _from_a_table(w, head, twice)))
    late = _sheet("重阳敬老", entered - _LATE, _MORNING, idle[:3])
    entries.append((entered, None, lambda w: serve(w, late)))
    return entries


def _sheet(title: str, day: dt.date, starts: int, people: Sequence[Volunteer]) -> Session:
    head = Activity(
        title=title,
        held_on=day,
        category="环境整治",
        unit_id=people[0].unit_id,
        place="辖区内",
        starts_minute=starts,
        ends_minute=starts + _LENGTH,
    )
    return head, [Participant(volunteer_id=one.id, minutes=_LENGTH) for one in people]


def _from_a_table(writer: Writer, head: Activity, volunteer_id: str) -> None:
    """The same hour in the table of another office: entered past the checks, as a merge or an older version could."""
    record = ServiceRecord(
        volunteer_id=volunteer_id,
        title=head.title,
        served_on=head.held_on,
        minutes=60,
        evidence=Evidence.IMPORTED,
        source="文明实践所签到汇总.xlsx 第 8 行",
    )
    write_services(writer, [(record, None)])
