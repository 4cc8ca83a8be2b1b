"""Sessions, trainees and the roll: what is refused, what is corrected, what is left alone."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.people import service as people
from hongyao_desktop.training import queries, service
from hongyao_desktop.training.service import Mark
from tests.training.rooms import FIRST_DAY, Classroom, make_classroom, shipped

YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    classroom = make_classroom(tmp_path)
    yield classroom
    classroom.office.close()


def write(room: Classroom, fn: Callable[[Writer], Any]) -> Any:
    return room.office.transact("改动", fn).result


def call(room: Classroom, session: str, *marks: str) -> int:
    return call_all(room, session, [Mark(who, mark) for who, mark in zip(room.trainees, marks, strict=False)])


def call_all(room: Classroom, session: str, roll: list[Mark]) -> int:
    return int(write(room, lambda writer: service.call_roll(writer, session, roll)))


def sheet_of(room: Classroom) -> queries.ClassSheet:
    sheet = queries.class_sheet(room.office.reader(), room.class_id)
    assert sheet is not None
    return sheet


# ----------------------------------------------------------------------------------------------------- the roll


def test_a_stranger_in_the_roll_is_refused_and_nothing_is_written(room: Classroom) -> None:
    def other_class(writer: Writer) -> str:
        values = {"name": "另一班", "form": "脱产", "starts_on": "2026-05-11", "ends_on": "2026-05-11"}
        class_id = service.save_class(writer, values, None)
        return service.enrol_trainee(writer, class_id, room.people[0])

    stranger = write(room, other_class)
    roll = [Mark(room.trainees[0], "到"), Mark(stranger, "到")]
    with pytest.raises(Refusal, match="1 人不在“书记培训班”的学员名单里"):
        write(room, lambda writer: service.call_roll(writer, room.sessions[0], roll))
    assert sheet_of(room).marks == {}


def test_the_last_of_two_marks_for_one_person_counts(room: Classroom) -> None:
    roll = [Mark(room.trainees[0], "到"), Mark(room.trainees[0], "请假", "开会")]
    assert write(room, lambda writer: service.call_roll(writer, room.sessions[0], roll)) == 1
    assert sheet_of(room).mark(room.sessions[0], room.trainees[0]) == "请假"


def test_one_roll_is_one_operation_and_undone_as_one(room: Classroom) -> None:
    call(room, room.sessions[0], "到", "到", "请假")
    assert room.office.undoable() == "改动"
    room.office.undo_last()
    assert sheet_of(room).marks == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"), [("晚上", "全天", False), ("全天", "晚上", False), ("全天", "下午", True)]
)
def test_an_evening_stands_beside_a_whole_day_of_another_class(
    room: Classroom, mine: str, theirs: str, clash: bool
) -> None:
    def two_classes(writer: Writer) -> None:
        for name, part in (("甲班", mine), ("乙班", theirs)):
            values = {"name": name, "form": "脱产", "starts_on": "2026-05-12", "ends_on": "2026-05-12"}
            class_id = service.save_class(writer, values, None)
            session = service.hold_session(writer, class_id, dt.date(2026, 5, 12), part)
            trainee = service.enrol_trainee(writer, class_id, room.people[0])
            service.call_roll(writer, session, [Mark(trainee, "到")])

    if clash:
        with pytest.raises(Refusal, match="单玥 2026-05-12 全天已在“甲班”点到，不能同时在“乙班”点到"):
            write(room, two_classes)
    else:
        write(room, two_classes)
        assert room.office.reader().value("SELECT COUNT(*) FROM attendance") == 2


def test_two_hundred_people_are_called_fast(room: Classroom) -> None:
    def enrol(writer: Writer) -> list[str]:
        people.bulk_people(writer, [{"name": f"学员{number}"} for number in range(200)])
        ids = [row["id"] for row in writer.all("SELECT id FROM person WHERE name LIKE '学员%'")]
        new = [service.Newcomer(person) for person in ids]
        return list(service.enrol_trainees(writer, room.class_id, new).values())

    trainees = write(room, enrol)
    began = time.perf_counter()
    for session in room.sessions:
        roll = [Mark(trainee, "到") for trainee in trainees]
        assert call_all(room, session, roll) == 200
    assert time.perf_counter() - began < 1


# ----------------------------------------------------------------------------------------------------- sessions


def test_a_corrected_length_counts_again_what_was_marked(room: Classroom) -> None:
    call(room, room.sessions[0], "到", "早退", "请假")
    values = {"held_on": "2026-05-11", "part": "上午", "minutes": 120, "topic": "党章"}
    write(room, lambda w: service.save_session(w, room.class_id, values, room.sessions[0]))
    sheet = sheet_of(room)
    assert [sheet.credit(trainee) for trainee in room.trainees] == [200, 100, 0]
    assert sheet.sessions[0]["topic"] == "党章"
    assert sheet.sessions[0]["full_credit"] == 200


def test_a_session_is_not_moved_onto_another_class(room: Classroom) -> None:
    call(room, room.sessions[0], "到")

    def other_class(writer: Writer) -> None:
        values = {"name": "另一班", "form": "脱产", "starts_on": "2026-05-12", "ends_on": "2026-05-12"}
        class_id = service.save_class(writer, values, None)
        session = service.hold_session(writer, class_id, dt.date(2026, 5, 12), "上午")
        trainee = service.enrol_trainee(writer, class_id, room.people[0])
        service.call_roll(writer, session, [Mark(trainee, "到")])

    write(room, other_class)
    values = {"held_on": "2026-05-12", "part": "上午"}
    with pytest.raises(Refusal, match="单玥 2026-05-12 上午已在“另一班”点到，课次不能改到这个时段"):
        write(room, lambda w: service.save_session(w, room.class_id, values, room.sessions[0]))


def test_a_session_without_marks_can_be_cancelled_and_its_slot_used_again(room: Classroom) -> None:
    call(room, room.sessions[0], "到")
    with pytest.raises(Refusal, match="已点名 1 人"):
        write(room, lambda w: service.cancel_session(w, room.sessions[0], "停课"))
    write(room, lambda w: service.cancel_session(w, room.sessions[1], "下雨停课"))
    assert [row["part"] for row in sheet_of(room).sessions] == ["上午"]
    with pytest.raises(Refusal, match="已取消，不能点名"):
        call(room, room.sessions[1], "到")
    write(room, lambda w: service.hold_session(w, room.class_id, FIRST_DAY, "下午"))
    assert [row["part"] for row in sheet_of(room).sessions] == ["上午", "下午"]


def test_a_day_has_only_so_many_hours(room: Classroom) -> None:
    with pytest.raises(Refusal, match="超过一天最多的 14 小时"):
        write(room, lambda w: service.hold_session(w, room.class_id, FIRST_DAY, "晚上", minutes=400))
    with pytest.raises(Refusal, match="大于零"):
        write(room, lambda w: service.hold_session(w, room.class_id, FIRST_DAY, "晚上", minutes=0))


def test_the_next_session_is_proposed(room: Classroom) -> None:
    assert service.next_slot(sheet_of(room)) == ("2026-05-12", "上午")
    write(room, lambda w: service.hold_session(w, room.class_id, dt.date(2026, 5, 12), "上午"))
    assert service.next_slot(sheet_of(room)) == ("2026-05-12", "下午")


# ------------------------------------------------------------------------------------------------------ classes


def test_what_is_emptied_in_the_form_is_emptied(room: Classroom) -> None:
    values = {"name": "书记培训班", "form": "脱产", "starts_on": "2026-05-11", "ends_on": "2026-05-13"}
    write(room, lambda w: service.save_class(w, {**values, "place": "党校"}, room.class_id))
    write(room, lambda w: service.save_class(w, {**values, "place": None, "number": None}, room.class_id))
    row = sheet_of(room).training
    assert (row["place"], row["number"], row["status"]) == (None, "2026-01", "进行中")


def test_a_class_is_cancelled_with_a_reason_only(room: Classroom) -> None:
    values = {"name": "书记培训班", "form": "脱产", "starts_on": "2026-05-11", "ends_on": "2026-05-13"}
    with pytest.raises(Refusal, match="请用“取消班次”"):
        write(room, lambda w: service.save_class(w, {**values, "status": "取消"}, room.class_id))
    write(room, lambda w: service.cancel_class(w, room.class_id, "改期"))
    with pytest.raises(Refusal, match="已取消，不能再加学员"):
        write(room, lambda w: service.enrol_trainee(w, room.class_id, room.people[0]))
    with pytest.raises(Refusal, match="已取消，不能再加课次"):
        write(room, lambda w: service.hold_session(w, room.class_id, dt.date(2026, 5, 12), "上午"))
    with pytest.raises(Refusal, match="已取消，不能点名"):
        call(room, room.sessions[0], "到")


def test_a_second_class_of_the_same_name_and_day_and_another_form_are_asked_about(room: Classroom) -> None:
    values = {"name": "书记培训班", "form": "脱产", "starts_on": "2026-05-11", "ends_on": "2026-05-13"}
    reader = room.office.reader()
    (double,) = service.check_class(reader, values, None)
    assert (double.level, double.code) == (Level.QUESTION, "class.double")
    assert service.check_class(reader, {**values, "form": "网络"}, room.class_id) == []
    call(room, room.sessions[0], "到")
    (form,) = service.check_class(reader, {**values, "form": "网络"}, room.class_id)
    assert (form.level, form.code) == (Level.QUESTION, "class.form")


# ------------------------------------------------------------------------------------------------- certificates


def test_leave_over_one_seventh_forbids_the_certificate_with_the_rule_quoted(room: Classroom) -> None:
    call(room, room.sessions[0], "请假", "到", "缺勤")
    call(room, room.sessions[1], "到", "到", "到")
    reader = room.office.reader()
    (over,) = service.check_certificate(reader, room.trainees[0])
    assert over.level is Level.ERROR
    assert "单玥请假4学时，全班8学时，超过1/7（干部教育培训工作条例" in over.message
    assert service.check_certificate(reader, room.trainees[1]) == []
    assert [problem.code for problem in service.check_certificate(reader, room.trainees[2])] == [
        "certificate.absent"
    ]
    with pytest.raises(Refusal, match="不能发结业证"):
        write(room, lambda w: service.complete_trainee(w, room.trainees[0]))
    write(room, lambda w: service.complete_trainee(w, room.trainees[1]))
    write(room, lambda w: service.withdraw_trainee(w, room.trainees[0], "请假超过七分之一"))
    states = [row["status"] for row in sheet_of(room).trainees]
    assert states == ["退学", "结业", "在学"]
    with pytest.raises(Refusal, match="已退学"):
        write(room, lambda w: service.complete_trainee(w, room.trainees[0]))


def test_the_meter_follows_what_is_typed_before_it_is_saved(room: Classroom) -> None:
    sheet = sheet_of(room)
    trainee, first = room.trainees[0], room.sessions[0]
    assert not sheet.meter(trainee).exceeded
    assert sheet.meter(trainee, {(first, trainee): "请假"}).exceeded
    call(room, first, "请假")
    sheet = sheet_of(room)
    assert sheet.meter(trainee).exceeded
    assert not sheet.meter(trainee, {(first, trainee): "到"}).exceeded


# ------------------------------------------------------------------------------------------------- rule changes


def new_rule(room: Classroom, credit: int, day: str) -> None:
    rule = shipped("training-credit")
    body = json.loads(json.dumps(dict(rule.body)))
    body["parts"]["上午"]["credit"] = credit
    row = {"kind": rule.kind, "name": rule.name, "version": 2, "effective_on": day, "source": "本地文件"}
    write(room, lambda w: w.insert("rule_set", {**row, "body": json.dumps(body, ensure_ascii=False)}))


def test_a_changed_rule_changes_past_rows_only_when_asked_and_lists_them_first(room: Classroom) -> None:
    call(room, room.sessions[0], "到", "迟到", "请假")
    new_rule(room, 300, "2026-05-01")
    assert sheet_of(room).credit(room.trainees[0]) == 400
    reader = room.office.reader()
    shown = queries.differences(reader, YEAR, room.class_id)
    assert [(row.person_name, row.before, row.after.credit) for row in shown] == [
        ("单玥", 400, 300),
        ("曾桂英", 400, 300),
    ]
    assert write(room, lambda w: service.recount(w, shown, YEAR, room.class_id)) == 2
    assert sheet_of(room).credit(room.trainees[0]) == 300
    row = reader.one("SELECT * FROM attendance_view WHERE person_name = '单玥'")
    assert row is not None
    assert "第2版" in row["explanation"]
    assert queries.differences(reader, YEAR, None) == []


def test_a_list_that_is_no_longer_true_is_not_written(room: Classroom) -> None:
    call(room, room.sessions[0], "到", "到")
    new_rule(room, 300, "2026-05-01")
    shown = queries.differences(room.office.reader(), YEAR, None)
    call(room, room.sessions[0], "缺勤")
    with pytest.raises(Refusal, match="请重新核算"):
        write(room, lambda w: service.recount(w, shown, YEAR, None))
    assert sheet_of(room).credit(room.trainees[1]) == 400
