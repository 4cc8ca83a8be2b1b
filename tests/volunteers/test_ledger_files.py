"""What the ledgers hold survives nasty text, undo, a rebuilt file, and the check of the whole file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.records.services import ACTIVITIES
from hongyao_desktop.volunteers.service import cancelling, recording
from hongyao_desktop.volunteers.service.recording import ActivityRecorded, Participant
from tests.offices import open_file

DAY = dt.date(2026, 11, 18)


def hold(office: Office, people: list[str], title: str = "义剪") -> ActivityRecorded:
    head = Activity(title=title, held_on=DAY, starts_minute=480, ends_minute=540)
    team = [Participant(volunteer_id=one, minutes=60) for one in people]
    return office.transact("登记活动", lambda w: recording.record_activity(w, head, team)).result


def test_titles_as_people_type_them_are_kept(
    office: Office, enrol: Callable[..., str], uncommon_text: str
) -> None:
    parsed = ACTIVITIES.field("title").type.parse(uncommon_text, ParseContext(today=DAY))
    one = enrol("曾国兰")
    if not parsed.value:
        assert not parsed.good or not uncommon_text.strip()
        return
    hold(office, [one], parsed.value)
    row = office.reader().one("SELECT title FROM service_record")
    assert row == {"title": parsed.value}
    with pytest.raises(Refusal) as refused:
        hold(office, [one], parsed.value)
    assert parsed.value in refused.value.message


def test_points_are_not_undone_but_reversed(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    hold(office, [one])
    with pytest.raises(Refusal):
        office.undo_last()
    assert lookups.volunteer(office.reader(), one)["points"] == 1000
    assert lookups.total_faults(office.reader()) == []


def test_totals_are_right_in_a_file_rebuilt_from_the_log(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol("曾国兰"), enrol("单玥")]
    done = hold(office, people)
    record = done.records[0].record_id
    office.transact("冲正", lambda w: recording.reverse_service(w, record, "登错"))
    expected = office.reader().all("SELECT * FROM volunteer_total ORDER BY volunteer_id")
    office.close()
    opened = office._opened
    path = office.path.with_name("重建.hyt")
    rebuild(opened.backup_folder, path, file_id=opened.file_id, file_key=opened.file_key)
    with open_file(path) as again:
        assert again.reader().all("SELECT * FROM volunteer_total ORDER BY volunteer_id") == expected
        assert lookups.total_faults(again.reader()) == []
        assert again.check().ok


def test_the_check_of_the_file_passes_after_a_day_of_work(office: Office, enrol: Callable[..., str]) -> None:
    done = hold(office, [enrol("曾国兰"), enrol("单玥")])
    office.transact("取消活动", lambda w: cancelling.cancel_activity(w, done.activity_id, "下雨"))
    report = office.check()
    assert report.ok, report.findings
