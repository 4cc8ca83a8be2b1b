"""Spot reports merge into the first one and give its reporter points once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.service import spots
from hongyao_desktop.volunteers.service.spots import SpotTaken

REPORT: dict[str, Any] = {
    "reported_on": "2026-11-01",
    "reported_minute": 600,
    "reporter": "翟建",
    "platform": "网约车",
    "place": "三号网格",
    "content": "路灯不亮，已拍照",
}


def take(office: Office, **changes: Any) -> SpotTaken:
    return office.transact("登记随手拍", lambda w: spots.report_spot(w, {**REPORT, **changes})).result


def status(office: Office, taken: SpotTaken) -> str:
    return str(office.reader().value("SELECT status FROM spot_report WHERE id = ?", (taken.report_id,)))


def points(office: Office, volunteer_id: str) -> int:
    return int(lookups.volunteer(office.reader(), volunteer_id)["points"])


def close(office: Office, taken: SpotTaken, **changes: Any) -> None:
    office.transact("办结随手拍", lambda w: spots.close_spot(w, taken.report_id, **changes))


def test_a_repeat_is_merged_and_the_first_reporter_gets_the_points(
    office: Office, enrol: Callable[..., str]
) -> None:
    first_by, second_by = enrol("翟建", kind="新就业群体", platform="网约车"), enrol("郭艳")
    first = take(office, volunteer_id=first_by)
    second = take(
        office, volunteer_id=second_by, reporter="郭艳", reported_on="2026-11-03", content="路灯坏了"
    )
    assert (status(office, first), status(office, second)) == ("待办", "并入")
    assert second.merged_into is not None
    assert second.merged_into["id"] == first.report_id
    close(office, first, outcome="已更换灯泡")
    assert (points(office, first_by), points(office, second_by)) == (500, 0)
    row = office.reader().one("SELECT * FROM spot_view WHERE id = ?", (first.report_id,))
    assert row is not None
    assert (row["merged_reports"], row["status"], row["kind"], row["unit_name"]) == (
        1,
        "办结",
        "照明损坏",
        "样例街道",
    )


def test_the_repeat_is_announced_before_saving(office: Office, units: dict[str, str]) -> None:
    take(office)
    (problem,) = spots.check_spot(office.reader(), {**REPORT, "reporter": "郭艳"}, None)
    assert problem.message == "与翟建2026年11月1日上报的“路灯不亮，已拍照”是同一问题，保存后并入首报"


def test_another_place_kind_or_a_later_time_is_a_report_of_its_own(
    office: Office, units: dict[str, str]
) -> None:
    take(office)
    for changes in (
        {"place": "四号网格"},
        {"content": "井盖破损"},
        {"reported_on": "2026-11-04", "reported_minute": 601},
    ):
        assert take(office, **changes).merged_into is None


def test_points_wait_until_the_reporter_is_matched_and_follow_a_correction(
    office: Office, enrol: Callable[..., str]
) -> None:
    one, other = enrol("翟建"), enrol("翟建", phone="13812345678")
    taken = take(office, closed_on="2026-11-02")
    assert status(office, taken) == "办结"
    assert office.reader().value("SELECT COUNT(*) FROM point_entry") == 0
    for volunteer_id in (one, one, other):
        office.transact(
            "对应志愿者", partial(spots.claim_spot, report_id=taken.report_id, volunteer_id=volunteer_id)
        )
    assert (points(office, one), points(office, other)) == (0, 500)
    assert lookups.total_faults(office.reader()) == []


def test_a_day_of_many_reports_is_capped(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("翟建")
    for place in "一二三四五":
        take(office, volunteer_id=one, place=f"{place}号网格", closed_on="2026-11-01")
    assert points(office, one) == 2000
    last = office.reader().one("SELECT * FROM point_entry ORDER BY id DESC LIMIT 1")
    assert last is not None
    assert (last["points"], last["cut_points"]) == (0, 500)
    assert "五号网格" in last["explanation"]


def test_closing_is_checked(office: Office, units: dict[str, str]) -> None:
    taken = take(office)
    with pytest.raises(Refusal, match="早于上报日期"):
        close(office, taken, closed_on=dt.date(2026, 10, 31))
    with pytest.raises(Refusal, match="还没有到"):
        close(office, taken, closed_on=dt.date(2026, 11, 21))
    close(office, taken)
    with pytest.raises(Refusal, match="已办结，不能再办结"):
        close(office, taken)


def test_voiding_takes_the_points_back(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("翟建")
    taken = take(office, volunteer_id=one, closed_on="2026-11-01")
    assert points(office, one) == 500
    office.transact("作废", lambda w: spots.void_spot(w, taken.report_id, "照片是旧的"))
    assert (points(office, one), status(office, taken)) == (0, "作废")
    with pytest.raises(Refusal, match="已作废"):
        office.transact("作废", lambda w: spots.void_spot(w, taken.report_id, "再来"))
    assert take(office).merged_into is None


def test_mending_a_report_keeps_its_status_and_guards_its_reporter(
    office: Office, enrol: Callable[..., str]
) -> None:
    one, other = enrol("翟建"), enrol("郭艳")
    taken = take(office, volunteer_id=one, closed_on="2026-11-01")
    office.transact("修改随手拍", lambda w: spots.save_spot(w, {"place": "东门"}, taken.report_id))
    assert status(office, taken) == "办结"
    with pytest.raises(Refusal, match="对应志愿者"):
        office.transact("修改随手拍", lambda w: spots.save_spot(w, {"volunteer_id": other}, taken.report_id))


def test_what_is_missing_is_said(office: Office, units: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="地点没有填写"):
        take(office, place=None)
