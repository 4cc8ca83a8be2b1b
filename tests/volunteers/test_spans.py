"""Sums over any span of days: cut into whole spans, stretched over idle days, equal to the ledger added up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.figure import Period
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.boards import group_board, period_board
from hongyao_desktop.volunteers.queries.figures import FIGURES
from hongyao_desktop.volunteers.queries.spans import spans_of, stretched, sum_faults
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import recording

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2027, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def period(first: str, last: str) -> Period:
    return Period(day(first), day(last))


@pytest.mark.parametrize(
    ("first", "last", "whole", "days"),
    [
        ("2026-01-01", "2026-12-31", ("2026",), ()),
        ("2025-01-01", "2026-12-31", ("2025", "2026"), ()),
        ("2026-01-01", "2026-06-30", ("2026-Q1", "2026-Q2"), ()),
        ("2026-07-01", "2026-10-31", ("2026-Q3", "2026-10"), ()),
        ("2024-02-01", "2024-02-29", ("2024-02",), ()),
        ("2023-02-01", "2023-02-28", ("2023-02",), ()),
        ("2024-02-01", "2024-02-28", (), (("2024-02-01", "2024-02-28"),)),
        ("2026-03-10", "2026-03-20", (), (("2026-03-10", "2026-03-20"),)),
        (
            "2025-11-15",
            "2026-05-02",
            ("2025-12", "2026-Q1", "2026-04"),
            (("2025-11-15", "2025-11-30"), ("2026-05-01", "2026-05-02")),
        ),
    ],
)
def test_a_period_is_cut_into_the_largest_spans(
    first: str, last: str, whole: tuple[str, ...], days: tuple[tuple[str, str], ...]
) -> None:
    spans = spans_of(period(first, last))
    assert spans.whole == whole
    assert spans.days == tuple((day(one), day(other)) for one, other in days)


def _days_of(label: str) -> list[dt.date]:
    """Every day of a whole span, found by looking at every day there is."""
    year = int(label[:4])
    days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    days = [one for one in days if one.year == year]
    if len(label) == 4:
        return days
    if "Q" in label:
        return [one for one in days if (one.month + 2) // 3 == int(label[-1])]
    return [one for one in days if one.month == int(label[-2:])]


@given(one=DAYS, other=DAYS)
def test_the_spans_hold_every_day_once_and_no_other(one: dt.date, other: dt.date) -> None:
    whole = Period(min(one, other), max(one, other))
    spans = spans_of(whole)
    held = [each for label in spans.whole for each in _days_of(label)]
    for first, last in spans.days:
        held += [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    assert sorted(held) == [
        whole.first + dt.timedelta(days=number) for number in range((whole.last - whole.first).days + 1)
    ]
    assert len(spans.days) <= 2


SERVED = tuple(
    day(text)
    for text in (
        "2024-12-31",
        "2025-01-01",
        "2025-02-28",
        "2025-06-30",
        "2025-07-01",
        "2025-12-31",
        "2026-03-09",
        "2026-03-31",
        "2026-05-20",
        "2026-11-03",
    )
)


@pytest.fixture
def served(office: Office, enrol: Callable[..., str], units: dict[str, str]) -> Office:
    """Three people in two communities and two teams; one record in three is taken back."""
    people = [
        enrol("曾国兰", team="巡逻队"),
        enrol("单玥", "东门社区", team="巡逻队"),
        enrol("徐霞", "三号网格"),
    ]
    for number, served_on in enumerate(SERVED):
        for place, who in enumerate(people):
            record = ServiceRecord(
                volunteer_id=who,
                title="值守",
                served_on=served_on,
                minutes=30 * (1 + number) + place,
                evidence=Evidence.IMPORTED,
                unit_id=units["东门社区"] if place == 1 else units["水湾社区"],
            )
            made = office.transact("登记", partial(recording.record_service, record=record)).result
            if (number + place) % 3 == 0:
                office.transact(
                    "冲正", partial(recording.reverse_service, record_id=made.record_id, reason="记错")
                )
    return office


def test_boards_equal_the_ledger_added_up_over_any_period(served: Office, units: dict[str, str]) -> None:
    reader = served.reader()
    rows = reader.all("SELECT * FROM service_record")
    edges = sorted(
        {*SERVED, *(one + dt.timedelta(days=1) for one in SERVED), day("2025-01-01"), day("2026-12-31")}
    )
    scopes = {
        name: (unit_scope(units[name], name), ids)
        for name, ids in (
            ("样例街道", None),
            ("水湾社区", {units["水湾社区"]}),
            ("东门社区", {units["东门社区"]}),
        )
    }
    compared = 0
    for first in edges:
        for last in (one for one in edges if one >= first):
            span = Period(first, last)
            for scope, ids in scopes.values():
                minutes: Counter[str] = Counter()
                for row in rows:
                    if first.isoformat() <= row["served_on"] <= last.isoformat() and (
                        ids is None or row["unit_id"] in ids
                    ):
                        minutes[row["volunteer_id"]] += row["minutes"]
                board = {place.row["id"]: place.row["minutes"] for place in period_board(reader, scope, span)}
                assert board == {who: total for who, total in minutes.items() if total > 0}
                of_units = group_board(reader, scope, span, teams=False)
                assert sum(place.row["minutes"] for place in of_units) == sum(minutes.values())
                assert sum(place.row["people"] for place in of_units) == len(board)
                compared += len(board)
    assert compared > 200


def test_figures_at_a_glance_equal_the_figures(served: Office, units: dict[str, str]) -> None:
    reader = served.reader()
    edges = sorted({*SERVED, *(one + dt.timedelta(days=1) for one in SERVED), day("2026-12-31")})
    quick = [figure for figure in FIGURES if figure.kept is not None]
    assert [figure.code for figure in quick] == ["ZY-13", "ZY-21"]
    seen: Counter[str] = Counter()
    for figure in quick:
        for unit in ("样例街道", "东门社区"):
            scope = unit_scope(units[unit], unit)
            for first in edges:
                for span in (Period(first, last) for last in edges if last >= first):
                    number = figure.value(reader, span, scope)
                    assert figure.glance(reader, span, scope) == number, (figure.code, unit, span)
                    seen[figure.code] += bool(number)
    assert min(seen.values()) > 100


def test_boards_of_teams_count_members_once_and_nobody_else(served: Office, units: dict[str, str]) -> None:
    scope = unit_scope(units["样例街道"], "样例街道")
    reader = served.reader()
    (team,) = group_board(reader, scope, period("2024-01-01", "2026-12-31"), teams=True)
    expected = reader.value(
        "SELECT SUM(minutes) FROM service_record JOIN volunteer ON volunteer.id = volunteer_id WHERE team <> ''"
    )
    assert (team.row["name"], team.row["people"], team.row["minutes"]) == ("巡逻队", 2, expected)


def test_a_period_is_stretched_over_days_without_service_but_never_into_another_year(served: Office) -> None:
    reader = served.reader()
    assert stretched(reader, period("2026-02-01", "2026-03-30")) == period("2026-01-01", "2026-03-30")
    assert stretched(reader, period("2026-03-10", "2026-11-03")) == period("2026-03-10", "2026-12-31")
    assert stretched(reader, period("2026-06-01", "2026-10-31")) == period("2026-05-21", "2026-11-02")


def test_the_sums_fit_the_ledger_and_a_row_too_many_is_found(served: Office) -> None:
    assert sum_faults(served.reader()) == []
    served.transact(
        "改动",
        lambda w: w.execute(
            "INSERT INTO service_sum(span, unit_id, volunteer_id, minutes, services)"
            " VALUES ('2023', '', 'nobody', 60, 1)"
        ),
    )
    (fault,) = sum_faults(served.reader())
    assert "有 1 人次的按年时长合计" in fault.message


def test_a_community_holds_its_grids_on_the_board_of_units(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    """Who served in the community and in its grid counts once in it; a building stands with its community too."""
    building = {"code": "010301", "name": "一号楼", "level": "楼栋", "kind": "楼栋党小组"}
    block = office.transact(
        "登记", lambda w: w.insert("unit", {**building, "parent_id": units["三号网格"]})
    ).result
    both, other = enrol("曾国兰"), enrol("单玥", "东门社区")
    for who, unit, minutes in (
        (both, units["水湾社区"], 60),
        (both, units["三号网格"], 30),
        (other, block, 15),
        (other, units["东门社区"], 105),
        (other, units["样例街道"], 45),
    ):
        record = ServiceRecord(
            volunteer_id=who,
            title=f"值守{minutes}",
            served_on=day("2026-03-09"),
            minutes=minutes,
            evidence=Evidence.IMPORTED,
            unit_id=unit,
        )
        office.transact("登记", partial(recording.record_service, record=record))

    def board(name: str, *, each: bool = False) -> list[tuple[int, str, int, int, int]]:
        found = group_board(
            office.reader(),
            unit_scope(units[name], name),
            period("2026-01-01", "2026-12-31"),
            teams=False,
            each=each,
        )
        return [
            (one.place, *(one.row[key] for key in ("name", "people", "services", "minutes"))) for one in found
        ]

    assert board("样例街道") == [
        (1, "东门社区", 1, 1, 105),
        (1, "水湾社区", 2, 3, 105),
        (3, "样例街道本级", 1, 1, 45),
    ]
    assert board("水湾社区") == [(1, "水湾社区本级", 1, 1, 60), (2, "三号网格", 2, 2, 45)]
    assert board("东门社区") == [(1, "东门社区", 1, 1, 105)]
    assert board("样例街道", each=True) == [
        (1, "东门社区", 1, 1, 105),
        (2, "水湾社区本级", 1, 1, 60),
        (3, "样例街道本级", 1, 1, 45),
        (4, "三号网格本级", 1, 1, 30),
        (5, "一号楼", 1, 1, 15),
    ]
    spring = period("2026-03-01", "2026-03-31")
    west = group_board(
        office.reader(), unit_scope(units["东门社区"], "东门社区"), spring, teams=False, each=True
    )
    assert [one.row["name"] for one in west] == ["东门社区"], (
        "nobody stands beside it that it could be mistaken for"
    )
