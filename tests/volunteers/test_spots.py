"""Spot reports merge into the first one and give its reporter points once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.spots import first_lookup
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.service import spots
from hongyao_desktop.volunteers.service.spots import SpotTaken
from tests.offices import REVIEWER
from tests.volunteers.test_care import as_who

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


def test_whose_report_it_is_is_said_before_the_points_go_astray(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    first = enrol("郭艳", phone="13800000001")
    new = {**REPORT, "reporter": "郭艳", "place": "西门"}
    (problem,) = spots.check_spot(office.reader(), new, None)
    assert (problem.code, problem.level) == ("spot.claimable", Level.WARNING)
    assert "志愿者里有郭艳（" in problem.message
    assert spots.check_spot(office.reader(), {**new, "phone": "13800000001"}, None) == []
    assert spots.check_spot(office.reader(), {**new, "volunteer_id": first}, None) == []
    enrol("郭艳", phone="13800000002")
    (problem,) = spots.check_spot(office.reader(), new, None)
    assert "有 2 位郭艳" in problem.message
    other = {**new, "reporter": "周敏", "volunteer_id": first}
    (problem,) = spots.check_spot(office.reader(), other, None)
    assert problem.level is Level.QUESTION
    assert problem.message.startswith("上报人是周敏，对应的志愿者是郭艳（")


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


def test_the_same_fault_told_in_other_words_is_merged_by_hand(
    office: Office, enrol: Callable[..., str]
) -> None:
    one, other = enrol("翟建"), enrol("郭艳")
    first = take(office, volunteer_id=one)
    second = take(office, volunteer_id=other, reporter="郭艳", place="三号网格东头", reported_on="2026-11-02")
    third = take(office, place="三号网格东头", reporter="路人", reported_on="2026-11-03")
    assert third.merged_into is not None
    close(office, second)
    assert points(office, other) == 500
    office.transact("并入首报", lambda w: spots.merge_spot(w, second.report_id, first.report_id))
    rows = office.reader().all("SELECT merged_into_id FROM spot_report WHERE status = '并入'")
    assert [row["merged_into_id"] for row in rows] == [first.report_id, first.report_id]
    assert (points(office, one), points(office, other)) == (0, 0)
    close(office, first)
    assert (points(office, one), points(office, other)) == (500, 0)


def test_what_is_merged_by_hand_must_be_earlier_and_in_force(office: Office, units: dict[str, str]) -> None:
    first, later = take(office), take(office, place="四号网格", reported_on="2026-11-05")

    def merge(report: SpotTaken, into: SpotTaken) -> None:
        office.transact("并入首报", lambda w: spots.merge_spot(w, report.report_id, into.report_id))

    with pytest.raises(Refusal, match="2026年11月5日上报的，比这一件晚"):
        merge(first, later)
    with pytest.raises(Refusal, match="不能并入它自己"):
        merge(first, first)
    merge(later, first)
    with pytest.raises(Refusal, match="已并入，不能再并入别的"):
        merge(later, first)


def test_a_report_merged_by_mistake_is_taken_out_and_has_points_of_its_own(
    office: Office, enrol: Callable[..., str]
) -> None:
    first = take(office)
    other = enrol("郭艳")
    second = take(office, volunteer_id=other, reporter="郭艳", content="路灯不亮，另一盏")
    assert status(office, second) == "并入"
    with pytest.raises(Refusal, match="拆出要写明原因"):
        office.transact("拆出", lambda w: spots.split_spot(w, second.report_id, " "))
    office.transact("拆出", lambda w: spots.split_spot(w, second.report_id, "是另一盏路灯"))
    close(office, second)
    assert (status(office, first), status(office, second), points(office, other)) == ("待办", "办结", 500)
    with pytest.raises(Refusal, match="没有并入首报，不用拆出"):
        office.transact("拆出", lambda w: spots.split_spot(w, second.report_id, "再拆"))


def test_a_reporter_with_a_volunteers_name_and_phone_is_that_volunteer(
    office: Office, enrol: Callable[..., str]
) -> None:
    who = enrol("翟建", phone="13812345678")
    taken = take(office, phone="13812345678", closed_on="2026-11-02")
    assert points(office, who) == 500
    assert status(office, taken) == "办结"
    take(office, phone="13900000000", place="五号网格", closed_on="2026-11-02")
    assert points(office, who) == 500, "another phone is somebody else of this name"


def test_the_first_report_is_chosen_among_earlier_ones_of_its_kind_first(
    office: Office, units: dict[str, str]
) -> None:
    lamp = take(office, place="一号楼前", reported_on="2026-10-01")
    cover = take(office, place="二号楼前", reported_on="2026-10-05", content="井盖破损")
    own = take(office, place="三号楼前", reported_on="2026-10-20")
    take(office, place="四号楼前", reported_on="2026-10-25")
    row = office.reader().one("SELECT * FROM spot_view WHERE id = ?", (own.report_id,))
    lookup = first_lookup(row)
    found = [match.id for match in lookup.find(office.reader(), "", 9)]
    assert found == [lamp.report_id, cover.report_id], "not itself, and none that came later"
    assert [match.id for match in lookup.find(office.reader(), "井盖", 9)] == [cover.report_id]


def test_the_reviewer_who_is_offered_the_form_may_take_a_report(
    office: Office, units: dict[str, str]
) -> None:
    reviewed = as_who(office, REVIEWER.name)
    assert status(reviewed, take(reviewed)) == "待办"
    reviewed.close()
