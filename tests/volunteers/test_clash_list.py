"""Clashes that got onto the file by other ways than recording are listed with both records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.queries.clashes import clashes, overlap_faults
from hongyao_desktop.volunteers.queries.signals import signals
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal
from hongyao_desktop.volunteers.service import recording
from hongyao_desktop.volunteers.service.bulk import bulk_record
from hongyao_desktop.volunteers.service.signals import dismiss

DAY = dt.date(2026, 11, 10)
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))


@pytest.fixture
def laid(office: Office, enrol: Callable[..., str], units: dict[str, str]) -> list[str]:
    """Written past all checks, as a merge could: ids of the records in order."""
    one, other = enrol("曾国兰"), enrol("单玥", "东门社区")

    def record(who: str, title: str, day: dt.date, start: int, end: int) -> tuple[ServiceRecord, None]:
        unit = units["水湾社区"] if who == one else units["东门社区"]
        made = ServiceRecord(
            volunteer_id=who,
            unit_id=unit,
            title=title,
            served_on=day,
            minutes=end - start,
            evidence=Evidence.IMPORTED,
            starts_minute=start,
            ends_minute=end,
        )
        return made, None

    following = DAY + dt.timedelta(days=1)
    batch = [
        record(one, "义剪", DAY, 540, 660),
        record(one, "楼道清洁", DAY, 630, 1000),
        record(one, "夜巡", DAY, 1380, 1500),
        record(other, "义剪", DAY, 540, 660),
        record(one, "早市劝导", following, 30, 90),
        record(one, "助老", following, 90, 150),
    ]
    office.transact("合并", lambda w: bulk_record(w, batch))
    return [row["id"] for row in office.reader().all("SELECT id FROM service_record ORDER BY id")]


def test_every_pair_is_listed_once_with_both_sides(
    office: Office, laid: list[str], units: dict[str, str]
) -> None:
    found = clashes(office.reader(), unit_scope(units["样例街道"], "样例街道"), NOVEMBER)
    assert [(clash.first.title, clash.second.title, clash.minutes) for clash in found] == [
        ("义剪", "楼道清洁", 30),
        ("夜巡", "早市劝导", 30),
    ]
    assert found[0].sentence().startswith("曾国兰（水湾-0001）重叠 0.5 小时：“义剪”")
    assert clashes(office.reader(), unit_scope(units["东门社区"], "东门社区"), NOVEMBER) == []
    assert (
        clashes(
            office.reader(), unit_scope(units["样例街道"], "样例街道"), Period(NOVEMBER.last, NOVEMBER.last)
        )
        == []
    )


def test_the_check_of_the_file_names_them_until_one_is_reversed(office: Office, laid: list[str]) -> None:
    assert overlap_faults in MODULE.checks
    assert len(overlap_faults(office.reader())) == 2
    for place in (1, 4):
        office.transact("冲正", partial(recording.reverse_service, record_id=laid[place], reason="重叠"))
    assert overlap_faults(office.reader()) == []


def test_a_long_day_is_a_suspicion_until_one_record_is_reversed(office: Office, laid: list[str]) -> None:
    def long_days() -> list[Signal]:
        return [one for one in signals(office.reader(), YEAR) if one.kind is Kind.LONG_DAY]

    (long,) = long_days()
    assert (long.records, long.minutes) == (3, 610)
    assert long.sentence.startswith("曾国兰（水湾-0001）2026年11月10日共 10 小时 10 分钟，超过一天 8 小时：“")
    assert set(long.record_ids) == set(laid[:3])
    with pytest.raises(Refusal, match="另一位同事核实"):
        office.transact("核实", lambda w: dismiss(w, long, "看过"))
    office.transact("冲正", partial(recording.reverse_service, record_id=laid[1], reason="重叠"))
    assert long_days() == []
