"""Volunteers: one per person, numbered by community, leaving with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.service import enrolment
from tests.offices import CLERK, open_file

ID = "320290198506185169"


def test_numbers_run_on_by_community(office: Office, enrol: Callable[..., str]) -> None:
    made = [enrol("朱丽"), enrol("张伟", "三号网格"), enrol("单玥", "东门社区"), enrol("曾桂英", "样例街道")]
    numbers = [lookups.volunteer(office.reader(), one)["number"] for one in made]
    assert numbers == ["水湾-0001", "水湾-0002", "东门-0001", "样例-0001"]


def test_numbers_go_past_four_digits(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    first = enrol("朱丽")
    office.transact("改编号", lambda w: w.update("volunteer", first, {"number": "水湾-9999"}))
    assert lookups.volunteer(office.reader(), enrol("张伟"))["number"] == "水湾-10000"
    assert lookups.volunteer(office.reader(), enrol("单玥"))["number"] == "水湾-10001"


def test_person_and_role_are_written_together(office: Office, enrol: Callable[..., str]) -> None:
    made = enrol("朱丽𬬭", id_number=ID, phone="15799556063", kind="新就业群体", platform="快递")
    row = lookups.volunteer(office.reader(), made)
    assert (row["name"], row["sex"], row["birth_on"]) == ("朱丽𬬭", "女", "1985-06-18")
    assert (row["kind"], row["platform"], row["unit_name"], row["status"]) == (
        "新就业群体",
        "快递",
        "水湾社区",
        "在册",
    )
    assert (row["total_minutes"], row["points"], row["joined_on"]) == (0, 0, None)


def test_the_same_person_is_not_enrolled_twice(office: Office, enrol: Callable[..., str]) -> None:
    enrol("朱丽𬬭", id_number=ID)
    with pytest.raises(Refusal, match="已经是志愿者（水湾-0001，在册），不用重复登记"):
        enrol("朱丽𬬭", id_number=ID)
    assert office.reader().value("SELECT COUNT(*) FROM person") == 1


def test_someone_on_file_becomes_a_volunteer_and_stays_one_person(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    from hongyao_desktop.people.service import save_person

    person = {"name": "朱丽𬬭", "id_number": ID, "unit_id": units["三号网格"]}
    known = office.transact("登记人员", lambda w: save_person(w, person, None)).result
    problems = enrolment.check_volunteer(
        office.reader(), {"name": "朱丽𬬭", "id_number": ID, "unit_id": units["水湾社区"]}, None
    )
    assert problems == []
    row = lookups.volunteer(office.reader(), enrol("朱丽𬬭", id_number=ID, phone="15799556063"))
    assert (row["person_id"], row["phone"], row["unit_name"]) == (known, "15799556063", "三号网格")


def test_a_wrong_check_digit_needs_a_word_about_the_original(enrol: Callable[..., str]) -> None:
    with pytest.raises(Refusal):
        enrol("尉迟艳", id_number="320290197701132570")
    assert enrol("尉迟艳", id_number="320290197701132570", id_override="已对照原件")


def test_changing_keeps_what_the_form_did_not_hold(office: Office, enrol: Callable[..., str]) -> None:
    made = enrol("朱丽𬬭", id_number=ID, phone="15799556063", category="助老", joined_on="2025-01-01")
    office.transact(
        "修改志愿者", lambda w: enrolment.save_volunteer(w, {"phone": "15799556064", "category": None}, made)
    )
    row = lookups.volunteer(office.reader(), made)
    assert (row["phone"], row["category"], row["id_number"], row["joined_on"]) == (
        "15799556064",
        None,
        ID,
        "2025-01-01",
    )
    assert row["number"] == "水湾-0001"


def test_leaving_has_a_day_and_a_reason(office: Office, enrol: Callable[..., str]) -> None:
    made = enrol("朱丽", phone="15799556063")
    with pytest.raises(Refusal, match="写明原因"):
        office.transact("退出", lambda w: enrolment.retire_volunteer(w, made, " "))
    office.transact("退出", lambda w: enrolment.retire_volunteer(w, made, "本人申请"))
    row = lookups.volunteer(office.reader(), made)
    assert (row["status"], row["left_on"], row["status_reason"]) == ("退出", "2026-11-20", "本人申请")
    with pytest.raises(Refusal, match="不用再办"):
        office.transact("退出", lambda w: enrolment.retire_volunteer(w, made, "本人申请"))
    with pytest.raises(Refusal, match="已经是志愿者（水湾-0001，退出），请打开原来那条"):
        enrol("朱丽", phone="15799556063")
    office.transact("恢复", lambda w: enrolment.save_volunteer(w, {"status": "在册"}, made))
    assert lookups.volunteer(office.reader(), made)["left_on"] is None


def test_status_by_the_form_needs_its_reason(office: Office, enrol: Callable[..., str]) -> None:
    made = enrol("朱丽")
    with pytest.raises(Refusal, match="停用要写明原因"):
        office.transact("停用", lambda w: enrolment.save_volunteer(w, {"status": "停用"}, made))


def test_only_a_reviewer_takes_a_waiting_volunteer_on(office: Office, enrol: Callable[..., str]) -> None:
    made = enrol("朱丽", status="待审核")
    path = office.path
    office.close()
    with open_file(path, who=CLERK.name) as clerk:
        with pytest.raises(Refusal, match="没有“审核、审批”权限"):
            clerk.transact("审核", lambda w: enrolment.approve_volunteer(w, made))
        with pytest.raises(Refusal, match="没有“审核、审批”权限"):
            clerk.transact("审核", lambda w: enrolment.save_volunteer(w, {"status": "在册"}, made))
        assert lookups.volunteer(clerk.reader(), made)["status"] == "待审核"


def test_doubts_about_the_role_are_said_before_saving(office: Office, units: dict[str, str]) -> None:
    form = {
        "name": "朱丽",
        "unit_id": units["水湾社区"],
        "kind": "新就业群体",
        "birth_on": "2010-01-01",
        "joined_on": "2026-01-01",
        "left_on": "2025-01-01",
    }
    problems = {problem.code: problem for problem in enrolment.check_volunteer(office.reader(), form, None)}
    assert problems["volunteer.platform"].level is Level.WARNING
    assert "16 周岁" in problems["volunteer.guardian"].message
    assert problems["volunteer.left"].level is Level.ERROR
    by_number = {**form, "birth_on": None, "id_number": "32020120100101101X"}
    found = enrolment.check_volunteer(office.reader(), by_number, None)
    assert "volunteer.guardian" in [problem.code for problem in found], "the number tells the birthday"
    missing = enrolment.check_volunteer(office.reader(), {}, None)
    assert {(problem.code, problem.field) for problem in missing} == {
        ("field.missing", "name"),
        ("field.missing", "unit_id"),
    }


def test_insurance_that_has_passed_is_counted_in_days(office: Office) -> None:
    today = office.clock.today()
    assert enrolment.expired_insurance({"insured_until": "2026-11-20"}, today) is None
    lapsed = enrolment.expired_insurance({"insured_until": "2026-09-28"}, today)
    assert lapsed is not None
    assert lapsed.message == "已过期 53 天，安排有风险的活动前请续保"


def test_undoing_an_enrolment_leaves_no_total_behind(office: Office, enrol: Callable[..., str]) -> None:
    enrol("朱丽")
    assert office.reader().value("SELECT COUNT(*) FROM volunteer_total") == 1
    office.undo_last()
    assert office.reader().value("SELECT COUNT(*) FROM volunteer") == 0
    assert office.reader().value("SELECT COUNT(*) FROM volunteer_total") == 0


def test_many_are_enrolled_in_one_go_with_numbers_that_run_on(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    from hongyao_desktop.people.service import bulk_people

    enrol("朱丽")
    office.transact(
        "登记人员",
        lambda w: bulk_people(w, ({"name": f"张某{n}", "unit_id": units["三号网格"]} for n in range(5))),
    )
    people = office.reader().all("SELECT id, unit_id FROM person WHERE name LIKE '张某%' ORDER BY id")
    made = office.transact(
        "登记志愿者",
        lambda w: enrolment.bulk_enrol(w, [{"person_id": p["id"], "unit_id": p["unit_id"]} for p in people]),
    ).result
    numbers = [lookups.volunteer(office.reader(), one)["number"] for one in made]
    assert numbers == [f"水湾-000{n}" for n in range(2, 7)]
