"""Sign-in sheets on their way in, from the sample file and from sheets made here."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.intake.rehearsal import rehearse
from hongyao_desktop.people import service as people
from hongyao_desktop.store import Office
from hongyao_desktop.training import queries, service
from hongyao_desktop.training.imports.sign_in import SIGN_IN
from hongyao_desktop.training.service import Mark
from tests.training.rooms import FIRST_DAY, Classroom, make_classroom
from tests.training.sheets import SignInSheet

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    classroom = make_classroom(tmp_path)
    yield classroom
    classroom.office.close()


@pytest.fixture
def office(room: Classroom) -> Office:
    return room.office


def codes(problems: Any) -> list[str]:
    return sorted(problem.code for problem in problems)


def counted(office: Office) -> dict[str, int]:
    """Every table of training with its number of rows, and the 学时 given."""
    reader = office.reader()
    tables = ("person", "training_class", "training_session", "trainee", "attendance")
    found = {table: reader.value(f"SELECT COUNT(*) FROM {table}") for table in tables}
    return {**found, "credit": reader.value("SELECT COALESCE(SUM(credit), 0) FROM attendance")}


# --------------------------------------------------------------------------------------------------------- the sample


def test_the_sample_goes_in_as_expected_and_a_second_time_adds_nothing(office: Office) -> None:
    expected = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))["03"]
    before = counted(office)
    for turn in range(2):
        found = rehearse(SAMPLES / "03 书记培训班签到表.xlsx", SIGN_IN, office.reader(), office.clock)
        (part,) = found.parts
        summary = part.plan.summary
        assert int(summary["读到学员"]) == len(part.data) == found.ready == expected["people"]
        assert found.returned == 0
        marks = {"√": "到", "请假": "请假", "迟到": "迟到", "": "空白"}
        assert {sign: int(summary[word]) for sign, word in marks.items()} == expected["marks"]
        assert summary["起止"] == "2026-05-11 至 2026-05-13"
        blank = [problem for problem in part.problems if problem.code == "mark.blank"]
        assert len(blank) == 1
        assert (blank[0].row, blank[0].column, blank[0].level) == (13, "J", Level.WARNING)
        written = office.transact(
            "导入培训签到表",
            lambda writer, part=part: SIGN_IN.commit(writer, part.facts, part.plan),  # type: ignore[misc]
        ).result
        new = 79 if turn == 0 else 0
        assert (written, summary["新增点名"], summary["已在台账"]) == (new, str(new), str(79 - new))
        assert ("import.known" in codes(part.problems)) is (turn == 1)
        after = counted(office)
        assert after == {
            "person": before["person"] + 40,
            "training_class": 2,
            "training_session": 4,
            "trainee": 43,
            "attendance": 79,
            "credit": 71 * 400 + 5 * 400,
        }
    training = office.reader().one("SELECT * FROM training_class WHERE place = '街道党校三楼'")
    assert training is not None
    assert (training["planned_credit"], training["teacher"]) == (2400, "区委党校讲师团")


# ------------------------------------------------------------------------------------------------- corrected and again


def test_a_corrected_sheet_corrects_marks_and_keeps_the_rest(office: Office) -> None:
    first = SignInSheet("姓名", "单位及职务", "11日上午", "11日下午")
    first.add("王喆堃", "水湾社区书记", "√", "√").add("李䶮", "东门社区书记", "√", "")
    assert first.take(office)[1] == 3
    again = SignInSheet("姓名", "单位及职务", "11日上午", "11日下午", "12日上午")
    again.add("王喆堃", "水湾社区书记", "病假", "√", "√").add("李䶮", "东门社区书记", "√", "√", "√")
    found, written = again.take(office)
    summary = found.summary
    assert (summary["新增点名"], summary["改正点名"], summary["已在台账"]) == ("3", "1", "2")
    assert written == 4
    row = office.reader().one("SELECT * FROM attendance_view WHERE mark = '请假'")
    assert row is not None
    assert (row["person_name"], row["reason"], row["credit"]) == ("王喆堃", "病假", 0)
    assert counted(office)["training_class"] == 2
    assert again.take(office)[1] == 0


def test_a_later_sheet_of_the_same_class_extends_its_days(office: Office) -> None:
    days = {"时间": "2026年6月1日—6月2日"}
    SignInSheet("姓名", "1日上午", title="网格员班签到表", lines=days).add("王喆堃", "√").take(office)
    later = SignInSheet(
        "姓名",
        "单位及职务",
        "6月2日上午",
        "6月3日上午",
        title="网格员班签到表",
        lines={"时间": "2026年6月2日—3日"},
    )
    later.add("单玉", "北门社区", "√", "√").take(office)
    held = office.reader().one("SELECT * FROM training_class_view WHERE name = '网格员班'")
    assert held is not None
    assert (held["starts_on"], held["ends_on"], held["sessions"]) == ("2026-06-01", "2026-06-03", 3)


def test_a_whole_day_does_not_fit_beside_its_half(office: Office) -> None:
    SignInSheet("姓名", "11日上午").add("王喆堃", "√").take(office)
    with pytest.raises(Refusal, match="5月11日上午已有课次，表上“11日”是全天"):
        SignInSheet("姓名", "11日").add("王喆堃", "√").plan(office)


# ------------------------------------------------------------------------------------------------------ what is doubted


def test_a_blank_is_no_absence_and_a_column_not_yet_held_makes_no_session(office: Office) -> None:
    sheet = SignInSheet("姓名", "11日上午", "13日下午")
    found, written = sheet.add("王喆堃", "√", "").add("李䶮", "", "").take(office)
    assert written == 1
    assert codes(found.problems) == ["mark.blank", "session.idle"]
    assert found.summary["课次"] == "1"
    assert office.reader().value("SELECT COUNT(*) FROM attendance WHERE mark = '缺勤'") == 0


def test_doubtful_rows_go_back_and_the_others_go_in(office: Office) -> None:
    sheet = SignInSheet("姓名", "单位及职务", "11日上午")
    sheet.add("王喆堃", "水湾社区书记", "√")
    sheet.add("王喆堃", "水湾社区书记", "√")  # twice
    sheet.add("", "水湾社区书记", "√")  # no name
    sheet.add("李䶮", "东门社区书记", "△")  # unknown sign
    found, written = sheet.take(office)
    assert codes(found.problems) == ["field.missing", "mark.unknown", "trainee.repeated"]
    assert {problem.row for problem in found.problems} == {5, 6, 7}
    unknown = next(problem for problem in found.problems if problem.code == "mark.unknown")
    assert (unknown.column, unknown.value) == ("C", "△")
    assert ([row for row, _line in found.items], written) == ([4], 1)


def test_two_people_of_one_name_in_one_sheet_are_two_people(office: Office) -> None:
    sheet = SignInSheet("姓名", "单位及职务", "11日上午")
    sheet.add("王伟", "水湾社区书记", "√").add("王伟", "东门社区书记", "×")
    assert sheet.take(office)[1] == 2
    assert sheet.take(office)[1] == 0, "the second import knows each by his post"
    assert office.reader().value("SELECT COUNT(*) FROM person WHERE name = '王伟'") == 2


def test_the_count_of_the_sheet_is_held_against_its_marks(office: Office) -> None:
    sheet = SignInSheet("姓名", "11日上午", "11日下午")
    sheet.add("王喆堃", "√", "√").add("李䶮", "√", "请假").add("应到", "2", "2", kind="total")
    sheet.add("实到", "2", "2", kind="total")
    (problem,) = sheet.plan(office).problems
    assert (problem.code, problem.row, problem.column) == ("roll.total", 7, "C")
    assert "实到 2 人，逐行数到 1 人" in problem.message


def test_one_half_day_in_two_classes_goes_back_with_the_other_class_named(room: Classroom) -> None:
    roll = [Mark(room.trainees[0], "到")]
    room.office.transact("点名", lambda writer: service.call_roll(writer, room.sessions[0], roll))
    sheet = SignInSheet("姓名", "单位及职务", "11日", title="网络课堂签到表").add("单玥", "书记", "√")
    found = sheet.plan(room.office)
    assert codes(found.problems) == ["mark.elsewhere"]
    assert "单玥5月11日全天已在“书记培训班”点到" in found.problems[0].message
    assert found.items == ()
    absent = SignInSheet("姓名", "单位及职务", "11日", title="网络课堂签到表").add("单玥", "书记", "请假")
    assert len(absent.plan(room.office).items) == 1, "who was not there clashes with nothing"


# ----------------------------------------------------------------------------------------------------------- who it is


def put(office: Office, **values: Any) -> str:
    return office.transact("登记人员", lambda w: people.save_person(w, values, None)).result


def asked(office: Office, name: str, **cells: str) -> tuple[str | None, list[str]]:
    """The person an import takes a row for (None for a new one, 回 for a row sent back), and what it asks."""
    found = SignInSheet("姓名", *cells, "11日上午").add(name, *cells.values(), "√").plan(office)
    person = found.items[0][1].person_id if found.items else "回"
    return person, codes(found.problems)


def test_people_are_known_by_number_phone_post_or_unit(office: Office) -> None:
    unit = office.reader().value("SELECT id FROM unit")
    by_number = put(office, name="曾桂英", id_number="11010519491231002X")
    by_phone = put(office, name="曾桂英", phone="13800000001")
    by_post = put(office, name="曾桂英", employer="东门社区党委书记")
    by_unit = put(office, name="查良", unit_id=unit)
    assert asked(office, "曾桂英", 证件号码="11010519491231002X") == (by_number, [])
    assert asked(office, "曾桂英", 手机="13800000001") == (by_phone, [])
    assert asked(office, "曾桂英", 单位及职务="东门社区 党委书记") == (by_post, [])
    assert asked(office, "查良", 单位及职务="样例街道办事处主任") == (by_unit, [])
    assert asked(office, "区少芬", 单位及职务="水湾社区") == (None, [])


def test_a_like_name_alone_is_asked_about_and_a_foreign_number_refused(office: Office) -> None:
    put(office, name="查良", phone="13800000001")
    put(office, name="解敏", id_number="11010519491231002X")
    assert asked(office, "查良", 单位及职务="水湾社区") == ("回", ["trainee.same_name"])
    assert asked(office, "仇国华", 证件号码="11010519491231002X") == ("回", ["trainee.number"])
    assert asked(office, "解敏", 证件号码="110105194912310038") == (None, []), (
        "another number is another person"
    )
    put(office, name="查良", employer="水湾社区")
    put(office, name="查良", employer="水湾社区")
    assert asked(office, "查良", 单位及职务="水湾社区") == ("回", ["trainee.same_name"])


def test_the_list_of_the_class_knows_its_own_people_after_they_moved(office: Office) -> None:
    sheet = SignInSheet("姓名", "单位及职务", "11日上午").add("王喆堃", "水湾社区书记", "√")
    sheet.take(office)
    person = office.reader().value("SELECT id FROM person WHERE name = '王喆堃'")
    office.transact(
        "修改人员", lambda w: people.save_person(w, {"name": "王喆堃", "employer": "区委党校"}, person)
    )
    assert sheet.take(office)[1] == 0
    assert office.reader().value("SELECT COUNT(*) FROM person WHERE name = '王喆堃'") == 1


def test_the_category_of_that_day_stands_on_the_list(room: Classroom) -> None:
    def make_cadre(writer: Writer) -> None:
        for category, first, last in (("党员", "2020-01-01", None), ("社区工作者", "2026-05-12", None)):
            values = {"category": category, "post": "支部书记", "from_on": first, "until_on": last}
            service.save_cadre(writer, {**values, "person_id": room.people[2]}, None)

    room.office.transact("登记干部类别", make_cadre)
    sheet = SignInSheet("姓名", "单位及职务", "11日上午", title="另一个班签到表")
    sheet.add("欧阳建国", "支部书记", "请假").take(room.office)
    trainee = room.office.reader().one("SELECT * FROM trainee ORDER BY rowid DESC")
    assert trainee is not None
    assert (trainee["person_id"], trainee["category"]) == (room.people[2], "党员")


# ---------------------------------------------------------------------------------------------------------------- speed


def test_two_hundred_people_and_six_sessions_go_in_fast(office: Office) -> None:
    days = [f"{day}日{part}" for day in (11, 12, 13) for part in ("上午", "下午")]
    sheet = SignInSheet("姓名", "单位及职务", *days)
    sheet.add_all([f"学员{chr(0x4E00 + place)}", f"第{place}社区书记", *["√"] * 6] for place in range(200))
    began = time.perf_counter()
    assert sheet.take(office)[1] == 1200
    first = time.perf_counter() - began
    began = time.perf_counter()
    assert sheet.take(office)[1] == 0
    again = time.perf_counter() - began
    sheet_of_class = queries.class_sheet(
        office.reader(),
        office.reader().value("SELECT class_id FROM attendance_view WHERE held_on = ?", (str(FIRST_DAY),)),
    )
    assert sheet_of_class is not None
    assert len(sheet_of_class.marks) == 1200
    assert first < 3
    assert again < 1
