"""The three sample files of an office go in, and going in twice adds nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import ImportPlan, ImportTarget, SheetFacts, SheetRow
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports import service_records, spots, volunteers
from hongyao_desktop.volunteers.queries import lookups

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))
NOWHERE = SheetFacts("表.xlsx", "d", "Sheet1", "")


def sample(start: str) -> Path:
    return next(path for path in SAMPLES.iterdir() if path.name.startswith(start))


def take(office: Office, start: str, target: ImportTarget) -> tuple[Rehearsal, int]:
    rehearsal = rehearse(sample(start), target, office.reader(), office.clock)
    (part,) = rehearsal.parts
    written = office.transact("导入", lambda w: target.commit(w, part.facts, part.plan)).result
    return rehearsal, written


def summary(rehearsal: Rehearsal) -> dict[str, str]:
    (part,) = rehearsal.parts
    return dict(part.plan.summary)


def codes(problems: tuple[Problem, ...], level: Level | None = None) -> list[tuple[int | None, str]]:
    return [(p.row, p.code) for p in problems if level in (None, p.level)]


def rows(target: ImportTarget, *values: dict[str, Any]) -> list[SheetRow]:
    names = [field.name for field in target.fields]
    return [
        SheetRow(number, one, {name: str(one.get(name) or "") for name in names}, dict.fromkeys(names, "A"))
        for number, one in enumerate(values, 3)
    ]


def plan(
    office: Office, target: ImportTarget, *values: dict[str, Any], facts: SheetFacts = NOWHERE
) -> ImportPlan:
    return target.plan(office.reader(), facts, rows(target, *values), office.clock)


def put(office: Office, target: ImportTarget, planned: ImportPlan) -> int:
    return office.transact("导入", lambda w: target.commit(w, NOWHERE, planned)).result


# ------------------------------------------------------------------------------------------------ the roster


def test_the_roster_goes_in_and_its_four_wrong_rows_come_back(office: Office, units: dict[str, str]) -> None:
    rehearsal, written = take(office, "01", volunteers.TARGET)
    expected = EXPECTED["01"]
    wrong = expected["rows_with_wrong_or_damaged_id"]
    assert summary(rehearsal) == {
        "读到人数": str(expected["rows_with_people"]),
        "可登记": "55",
        "重复": str(expected["repeated_people"]),
        "已在册": "0",
        "退回": str(wrong),
        "归口组织": "水湾社区",
    }
    assert (written, rehearsal.returned) == (55, wrong)
    (part,) = rehearsal.parts
    assert sorted(number for number, _column in part.reasons()) == [13, 21, 27, 45]
    assert (62, "import.repeated") in codes(rehearsal.problems)
    people = {row["name"]: row for row in office.reader().all("SELECT * FROM volunteer_view")}
    assert len(people) == 55
    assert {"郭䶮", "仇华", "缪堃", "解平", "朱丽𬬭"} <= people.keys()
    assert {row["unit_name"] for row in people.values()} == {"水湾社区"}
    rider = people["徐霞"]
    assert (rider["kind"], rider["platform"], rider["birth_on"], rider["category"]) == (
        "新就业群体",
        "快递",
        "1992-10-10",
        "网格巡查",
    )
    assert sum(row["kind"] == "新就业群体" for row in people.values()) == 12
    assert people["解娜敏"]["source"] == f"{sample('01').name}·花名册·第5行"


def test_the_roster_twice_adds_nobody(office: Office, units: dict[str, str]) -> None:
    take(office, "01", volunteers.TARGET)
    rehearsal, written = take(office, "01", volunteers.TARGET)
    assert (written, rehearsal.ready, summary(rehearsal)["已在册"]) == (0, 0, "55")
    assert office.reader().value("SELECT COUNT(*) FROM volunteer") == 55


def test_a_sheet_without_a_unit_goes_to_the_office_and_says_so(office: Office, units: dict[str, str]) -> None:
    planned = plan(office, volunteers.TARGET, {"name": "王芳", "phone": "13812345678"})
    assert codes(planned.problems) == [(None, "import.unit")]
    assert planned.items[0][1]["unit_id"] == units["样例街道"]


def test_an_office_without_units_is_told_so(office: Office) -> None:
    planned = plan(office, volunteers.TARGET, {"name": "曾国兰", "phone": "13812345678"})
    (said,) = [one.message for one in planned.problems if one.code == "import.row_unit"]
    assert "还没有登记组织" in said
    assert "None" not in said


def test_a_cell_names_the_unit_below_the_sheets_own(office: Office, units: dict[str, str]) -> None:
    facts = SheetFacts("表.xlsx", "d", "Sheet1", "水湾社区花名册")
    values = {"name": "王芳", "phone": "13812345678"}
    planned = plan(office, volunteers.TARGET, {**values, "unit_id": "三号网格"}, facts=facts)
    assert planned.items[0][1]["unit_id"] == units["三号网格"]
    planned = plan(office, volunteers.TARGET, {**values, "unit_id": "九号网格"}, facts=facts)
    assert codes(planned.problems) == [(3, "import.row_unit")]
    assert planned.items[0][1]["unit_id"] == units["水湾社区"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "王芳"}, "import.no_key"),
        ({"phone": "13812345678"}, "import.name"),
    ],
)
def test_a_row_that_names_nobody_comes_back(
    office: Office, units: dict[str, str], values: dict[str, str], code: str
) -> None:
    planned = plan(office, volunteers.TARGET, values)
    assert (3, code) in codes(planned.problems, Level.ERROR)
    assert planned.items == ()


def test_a_birth_date_that_contradicts_the_number_is_shown_and_kept(
    office: Office, units: dict[str, str]
) -> None:
    values = {"name": "朱丽𬬭", "id_number": "320290198506185169", "birth_on": "1985-06-19"}
    planned = plan(office, volunteers.TARGET, values)
    assert (3, "person.birth") in codes(planned.problems, Level.WARNING)
    put(office, volunteers.TARGET, planned)
    assert office.reader().value("SELECT birth_on FROM person") == "1985-06-19"


def test_insurance_guardian_relation_and_consent_come_with_a_roster(
    office: Office, units: dict[str, str]
) -> None:
    given = {
        "insured_until": "2027-06-30",
        "guardian": "母亲 李梅",
        "relation_at": "东门支部",
        "publish_consent": 1,
    }
    values = {"name": "朱丽𬬭", "id_number": "320290198506185169", **given}
    put(office, volunteers.TARGET, plan(office, volunteers.TARGET, values))
    row = office.reader().one(f"SELECT {', '.join(given)} FROM volunteer")
    assert row == given


def test_a_covered_phone_is_not_stored_and_does_not_tell_who_it_is(
    office: Office, units: dict[str, str]
) -> None:
    values = {"name": "朱丽𬬭", "id_number": "320290198506185169", "phone": "138*5678"}
    planned = plan(office, volunteers.TARGET, values)
    assert (3, "import.covered") in codes(planned.problems, Level.WARNING)
    put(office, volunteers.TARGET, planned)
    assert office.reader().one("SELECT name, phone FROM person") == {"name": "朱丽𬬭", "phone": None}
    planned = plan(office, volunteers.TARGET, {"name": "王小虎", "phone": "138*5678"})
    assert (planned.items, codes(planned.problems, Level.ERROR)) == ((), [(3, "import.no_key")])


def test_another_name_on_the_same_number_comes_back(office: Office, enrol: Callable[..., str]) -> None:
    enrol("朱丽𬬭", id_number="320290198506185169")
    planned = plan(office, volunteers.TARGET, {"name": "朱丽", "id_number": "320290198506185169"})
    assert (3, "import.other_name") in codes(planned.problems, Level.ERROR)
    assert planned.items == ()


def test_what_differs_from_the_register_is_said_and_left(office: Office, enrol: Callable[..., str]) -> None:
    enrol("朱丽𬬭", id_number="320290198506185169", phone="13812345678")
    values = {"name": "朱丽𬬭", "id_number": "320290198506185169", "phone": "13912345678"}
    planned = plan(office, volunteers.TARGET, values)
    assert planned.items == ()
    assert "联系电话与台账不同，台账未改" in planned.problems[-1].message


def test_an_unreadable_cell_keeps_its_row_out(office: Office, units: dict[str, str]) -> None:
    row = SheetRow(
        7,
        {"name": "王芳", "phone": "13812345678", "sex": None},
        {"name": "王芳", "phone": "13812345678", "sex": "未知"},
        {},
    )
    planned = volunteers.plan(office.reader(), NOWHERE, [row], office.clock)
    assert (planned.items, planned.summary["退回"]) == ((), "1")


def test_a_total_that_does_not_fit_is_said(office: Office, units: dict[str, str]) -> None:
    (row,) = rows(volunteers.TARGET, {"name": "王芳", "phone": "13812345678"})
    total = SheetRow(4, {}, {"序号": "合计", "name": "2"}, {}, "total")
    planned = volunteers.plan(office.reader(), NOWHERE, [row, total], office.clock)
    assert (None, "import.total") in codes(planned.problems)


# ------------------------------------------------------------------------------------------------ hours


def test_the_hours_go_in_and_the_planted_overlap_is_found(office: Office, units: dict[str, str]) -> None:
    take(office, "01", volunteers.TARGET)
    rehearsal, written = take(office, "02", service_records.TARGET)
    expected = EXPECTED["02"]
    assert summary(rehearsal) == {
        "读到记录": str(expected["records"]),
        "时长合计（小时）": str(expected["minutes"] // 60),
        "可登记": "68",
        "重叠": str(expected["overlapping_pairs_planted"]),
        "已登记过": "0",
        "没有对应的志愿者": "4",
        "活动": "6",
    }
    errors = codes(rehearsal.problems, Level.ERROR)
    assert errors == [
        (4, "import.unknown"),
        (19, "import.unknown"),
        (20, "import.unknown"),
        (64, "import.unknown"),
        (75, "service.overlap"),
    ]
    (overlap,) = [p for p in rehearsal.problems if p.code == "service.overlap"]
    assert "“爱心义剪”" in overlap.message
    assert "“楼道清洁”" in overlap.message
    assert (written, rehearsal.returned) == (68, 5)
    totals = office.reader().one(
        "SELECT SUM(signed_minutes) AS signed, SUM(made_up_minutes) AS made_up, "
        "SUM(imported_minutes) AS imported FROM volunteer_total"
    )
    assert totals is not None
    assert totals["signed"] == 0
    assert totals["made_up"] + totals["imported"] == expected["minutes"] - 60 - 120 - 120 - 90 - 90
    made_up = office.reader().all("SELECT reason, witness FROM service_record WHERE evidence = '补录'")
    assert made_up
    assert {row["reason"] for row in made_up} == {"原表注明补录"}
    assert office.reader().value("SELECT COUNT(*) FROM activity") == 6
    assert lookups.total_faults(office.reader()) == []


def test_every_point_of_the_import_explains_itself(office: Office, units: dict[str, str]) -> None:
    take(office, "01", volunteers.TARGET)
    take(office, "02", service_records.TARGET)
    entries = office.reader().all(
        "SELECT point.*, service.minutes FROM point_entry AS point "
        "JOIN service_record AS service ON service.id = point.service_record_id"
    )
    assert len(entries) == 68
    for entry in entries:
        assert entry["points"] == min(entry["minutes"], 120) * 1000 // 60
        assert entry["counted_minutes"] + entry["cut_minutes"] == entry["minutes"]
        assert "第1版（2018年1月1日起）" in entry["explanation"]


def test_the_hours_twice_add_nothing(office: Office, units: dict[str, str]) -> None:
    take(office, "01", volunteers.TARGET)
    take(office, "02", service_records.TARGET)
    rehearsal, written = take(office, "02", service_records.TARGET)
    assert (written, summary(rehearsal)["已登记过"]) == (0, "68")
    assert office.reader().value("SELECT COUNT(*) FROM service_record") == 68


SERVED = {"title": "义剪", "served_on": "2026-09-03", "name": "王芳", "minutes": 60}


def test_a_name_alone_is_taken_only_when_one_bears_it(office: Office, enrol: Callable[..., str]) -> None:
    enrol("王芳", id_number="320290198506185169")
    planned = plan(office, service_records.TARGET, SERVED)
    assert (3, "import.name_only") in codes(planned.problems, Level.WARNING)
    assert len(planned.items) == 1
    enrol("王芳", phone="13812345678")
    planned = plan(office, service_records.TARGET, SERVED)
    assert (3, "import.ambiguous") in codes(planned.problems, Level.ERROR)
    assert planned.items == ()
    for key in ({"id_tail": "5169"}, {"phone": "13812345678"}, {"number": "水湾-0002"}):
        planned = plan(office, service_records.TARGET, {**SERVED, **key})
        assert (len(planned.items), codes(planned.problems, Level.ERROR)) == (1, [])
    planned = plan(office, service_records.TARGET, {**SERVED, "id_tail": "0000"})
    assert (3, "import.mismatch") in codes(planned.problems, Level.ERROR)


def test_lengths_come_from_times_and_cross_midnight(office: Office, enrol: Callable[..., str]) -> None:
    enrol("王芳")
    values = {**SERVED, "minutes": None, "starts_minute": 1380, "ends_minute": 60}
    planned = plan(office, service_records.TARGET, values)
    record = planned.items[0][1].record
    assert (record.minutes, record.starts_minute, record.ends_minute) == (120, 1380, 1500)
    planned = plan(office, service_records.TARGET, {**SERVED, "minutes": None})
    assert (3, "import.blank") in codes(planned.problems, Level.ERROR)


def test_title_and_day_left_blank_are_those_above(office: Office, enrol: Callable[..., str]) -> None:
    enrol("王芳")
    enrol("李娜")
    planned = plan(
        office, service_records.TARGET, SERVED, {**SERVED, "name": "李娜", "title": None, "served_on": None}
    )
    assert [line.record.title for _row, line in planned.items] == ["义剪", "义剪"]
    planned = plan(office, service_records.TARGET, {**SERVED, "title": None})
    assert (3, "import.blank") in codes(planned.problems, Level.ERROR)


def test_hours_join_the_activity_on_file(office: Office, enrol: Callable[..., str]) -> None:
    enrol("王芳")
    enrol("李娜")
    for name in ("王芳", "李娜"):
        planned = plan(office, service_records.TARGET, {**SERVED, "name": name, "category": "应急值守"})
        put(office, service_records.TARGET, planned)
    assert office.reader().value("SELECT people FROM activity_view") == 2
    assert office.reader().value("SELECT MAX(points) FROM volunteer_total") == 1500


def test_a_total_of_hours_that_does_not_fit_is_said(office: Office, enrol: Callable[..., str]) -> None:
    enrol("王芳")
    total = SheetRow(9, {"minutes": 90}, {"minutes": "1.5"}, {}, "total")
    planned = service_records.plan(
        office.reader(), NOWHERE, [*rows(service_records.TARGET, SERVED), total], office.clock
    )
    (said,) = [p for p in planned.problems if p.code == "import.total"]
    assert said.message == "表上合计 1.5 小时，逐行相加 1 小时，请核对"


# ------------------------------------------------------------------------------------------------ spot reports


def test_a_covered_phone_tells_who_reported_and_is_not_stored(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("解堃娜", phone="13812345678")
    for reporter, place in (("解堃娜", "一号楼"), ("外地骑手", "二号楼")):
        row = {**SEEN, "reporter": reporter, "place": place, "phone": "138*5678"}
        planned = plan(office, spots.TARGET, row)
        assert [p.message for p in planned.problems if p.code == "import.covered"] == [
            "电话 138****5678 带星号，不能拨打，没有写入"
        ]
        put(office, spots.TARGET, planned)
    rows = office.reader().all("SELECT reporter, phone, volunteer_id FROM spot_report ORDER BY place")
    assert [(row["reporter"], row["phone"], row["volunteer_id"]) for row in rows] == [
        ("解堃娜", None, who),
        ("外地骑手", None, None),
    ]


def test_the_spot_reports_go_in_once(office: Office, units: dict[str, str]) -> None:
    rehearsal, written = take(office, "05", spots.TARGET)
    expected = EXPECTED["05"]["reports"]
    assert written == expected
    assert summary(rehearsal)["读到件数"] == str(expected)
    assert codes(rehearsal.problems, Level.ERROR) == []
    report = office.reader().one("SELECT * FROM spot_view WHERE reporter = '解堃娜'")
    assert report is not None
    assert (report["reported_on"], report["reported_minute"], report["closed_on"]) == (
        "2026-09-10",
        757,
        "2026-09-30",
    )
    assert (report["kind"], report["platform"], report["status"], report["unit_name"]) == (
        "井盖道路",
        "快递",
        "办结",
        "三号网格",
    )
    assert office.reader().value("SELECT COUNT(*) FROM spot_report WHERE status = '待办'") == 4
    again, written = take(office, "05", spots.TARGET)
    assert (written, summary(again)["已登记过"]) == (0, str(expected))


SEEN = {"reported_at": "2026/9/10 12:37", "reporter": "翟建", "place": "东门", "content": "路灯不亮"}


def test_a_name_that_lost_a_character_is_pointed_at_and_kept(office: Office, units: dict[str, str]) -> None:
    planned = plan(office, spots.TARGET, {**SEEN, "reporter": "郭?刚"})
    assert (3, "name.lost") in codes(planned.problems, Level.WARNING)
    put(office, spots.TARGET, planned)
    assert office.reader().value("SELECT reporter FROM spot_report") == "郭?刚"


def test_the_earliest_report_is_the_first_wherever_it_stands(office: Office, units: dict[str, str]) -> None:
    later = {**SEEN, "reported_at": "2026-09-11 08:00", "reporter": "郭艳"}
    planned = plan(office, spots.TARGET, later, SEEN)
    assert (3, "import.repeat") in codes(planned.problems)
    assert planned.summary["并入首报"] == "1"
    put(office, spots.TARGET, planned)
    assert office.reader().value("SELECT reporter FROM spot_report WHERE status = '并入'") == "郭艳"


def test_name_and_phone_match_the_reporter_a_name_alone_does_not(
    office: Office, enrol: Callable[..., str]
) -> None:
    one = enrol("翟建", phone="13812345678", kind="新就业群体", platform="快递")
    planned = plan(office, spots.TARGET, SEEN)
    assert planned.items[0][1]["volunteer_id"] is None
    assert {(3, "import.same_name"), (None, "import.unmatched")} <= set(codes(planned.problems))
    planned = plan(office, spots.TARGET, {**SEEN, "phone": "13812345678", "closed_on": "2026-09-12"})
    assert planned.items[0][1]["volunteer_id"] == one
    put(office, spots.TARGET, planned)
    assert lookups.volunteer(office.reader(), one)["points"] == 500


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reported_at": "前天"}, "import.moment"),
        ({"reported_at": "2026/9/10 99:00"}, "import.moment"),
        ({"reported_at": "2026-12-01"}, "import.early"),
        ({"closed_on": "2026-09-09"}, "import.closed"),
        ({"place": None}, "import.blank"),
    ],
)
def test_reports_that_cannot_be_come_back(
    office: Office, units: dict[str, str], changes: dict[str, Any], code: str
) -> None:
    planned = plan(office, spots.TARGET, {**SEEN, **changes})
    assert (3, code) in codes(planned.problems, Level.ERROR)
    assert planned.items == ()


@pytest.mark.parametrize(
    ("shown", "day", "minute"),
    [
        ("2026/9/10 12:37", dt.date(2026, 9, 10), 757),
        ("2026-09-10 12:37:00", dt.date(2026, 9, 10), 757),
        ("2026年9月10日 8:05", dt.date(2026, 9, 10), 485),
        ("2026.9.10", dt.date(2026, 9, 10), None),
        ("2026-09-10T07:00", dt.date(2026, 9, 10), 420),
    ],
)
def test_moments_as_clerks_write_them(shown: str, day: dt.date, minute: int | None) -> None:
    assert spots.read_moment(shown, dt.date(2026, 11, 20)) == (day, minute, None)


def test_the_same_person_with_and_without_a_number_is_one(office: Office, units: dict[str, str]) -> None:
    whole = {"name": "朱丽𬬭", "id_number": "320290198506185169", "phone": "15799556063"}
    short = {"name": "朱丽𬬭", "phone": "15799556063"}
    for values in ((whole, short), (short, whole)):
        planned = plan(office, volunteers.TARGET, *values)
        assert (len(planned.items), planned.summary["重复"]) == (1, "1")
    other = {**whole, "id_number": "32029019950508546X"}
    assert len(plan(office, volunteers.TARGET, whole, other).items) == 2


def test_people_on_file_and_new_ones_are_enrolled_together(office: Office, units: dict[str, str]) -> None:
    from hongyao_desktop.people.service import save_person

    person = {"name": "朱丽𬬭", "id_number": "320290198506185169", "unit_id": units["三号网格"]}
    known = office.transact("登记人员", lambda w: save_person(w, person, None)).result
    planned = plan(
        office,
        volunteers.TARGET,
        {"name": "王芳", "phone": "13812345678", "joined_on": "2025-01-01", "note": "队长"},
        {"name": "朱丽𬬭", "id_number": "320290198506185169", "phone": "15799556063", "platform": "快递"},
        facts=SheetFacts("表.xlsx", "d", "Sheet1", "东门社区"),
    )
    assert put(office, volunteers.TARGET, planned) == 2
    rows = {row["name"]: row for row in office.reader().all("SELECT * FROM volunteer_view")}
    assert (rows["朱丽𬬭"]["person_id"], rows["朱丽𬬭"]["phone"], rows["朱丽𬬭"]["kind"]) == (
        known,
        "15799556063",
        "新就业群体",
    )
    assert (rows["朱丽𬬭"]["number"], rows["朱丽𬬭"]["unit_name"]) == ("水湾-0001", "三号网格")
    assert (rows["王芳"]["number"], rows["王芳"]["note"], rows["王芳"]["joined_on"]) == (
        "东门-0001",
        "队长",
        "2025-01-01",
    )
    assert office.reader().value("SELECT note FROM person WHERE name = '王芳'") is None
