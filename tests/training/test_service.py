import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.queries import top_unit, unit_scope
from hongyao_desktop.training import figures, service, year
from hongyao_desktop.training.service import Mark
from tests.training.rooms import FIRST_DAY, Classroom, make_classroom

YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    classroom = make_classroom(tmp_path)
    yield classroom
    classroom.office.close()


def call(room: Classroom, session: int, *marks: str) -> int:
    roll = [Mark(trainee, mark) for trainee, mark in zip(room.trainees, marks, strict=False)]
    return room.office.transact(
        "点名", lambda writer: service.call_roll(writer, room.sessions[session], roll)
    ).result


def figure(room: Classroom, code: str) -> int:
    reader = room.office.reader()
    top = top_unit(reader)
    assert top is not None
    found = next(figure for figure in figures.FIGURES if figure.code == code)
    return found.value(reader, YEAR, unit_scope(top["id"], top["name"]))


def test_a_roll_call_gives_hours_and_figures(room: Classroom) -> None:
    assert call(room, 0, "到", "迟到", "请假") == 3
    assert call(room, 1, "到", "缺勤", "到") == 3
    assert figure(room, "PX-01") == 1
    assert figure(room, "PX-02") == 2
    assert figure(room, "PX-03") == 3
    assert figure(room, "PX-04") == 4
    assert figure(room, "PX-05") == 1600
    assert figure(room, "PX-06") == 2


def test_calling_the_same_roll_again_changes_nothing(room: Classroom) -> None:
    call(room, 0, "到", "迟到", "请假")
    assert call(room, 0, "到", "迟到", "请假") == 0
    assert call(room, 0, "到", "到", "请假") == 1


def test_a_later_rule_changes_no_row_already_written(room: Classroom) -> None:
    call(room, 0, "到")
    room.office.transact(
        "改规则",
        lambda writer: writer.execute(
            "UPDATE rule_set SET effective_on = '2030-01-01' WHERE kind = 'training-credit'"
        ),
    )
    assert figure(room, "PX-05") == 400
    with pytest.raises(Refusal, match="没有生效"):
        call(room, 1, "到")


def test_the_same_half_day_counts_once_in_two_classes(room: Classroom) -> None:
    call(room, 0, "到")

    def second_class(writer: Writer) -> str:
        values = {"name": "网络班", "form": "网络", "starts_on": "2026-05-11", "ends_on": "2026-05-11"}
        class_id = service.save_class(writer, values, None)
        session = service.hold_session(writer, class_id, FIRST_DAY, "全天")
        trainee = service.enrol_trainee(writer, class_id, room.people[0])
        service.call_roll(writer, session, [Mark(trainee, "到")])
        return class_id

    with pytest.raises(Refusal, match=r"单玥.*书记培训班.*网络班"):
        room.office.transact("登记培训班", second_class)
    assert figure(room, "PX-01") == 1


@pytest.mark.parametrize(
    ("day", "part", "sentence"),
    [
        (dt.date(2026, 5, 11), "上午", "同一时段"),
        (dt.date(2026, 5, 11), "全天", "同一时段"),
        (dt.date(2026, 5, 20), "上午", "起止日期"),
        (dt.date(2026, 5, 12), "半夜", "时段"),
    ],
)
def test_a_session_out_of_place_is_refused(room: Classroom, day: dt.date, part: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        room.office.transact("加课次", lambda writer: service.hold_session(writer, room.class_id, day, part))


def test_the_year_sheet_names_the_gap_and_the_exemption(room: Classroom) -> None:
    call(room, 0, "到", "到")
    values = {"category": "党员", "from_on": "2020-01-01"}

    def enrol(writer: Writer) -> None:
        service.save_cadre(writer, {**values, "person_id": room.people[0]}, None)
        service.save_cadre(
            writer,
            {**values, "person_id": room.people[1], "exempt_reason": "患病", "exempt_from": "2026-01-01"},
            None,
        )

    room.office.transact("登记干部类别", enrol)
    reader = room.office.reader()
    top = top_unit(reader)
    assert top is not None
    lines = {line.name: line for line in year.year_sheet(reader, 2026, unit_scope(top["id"], top["name"]))}
    assert (lines["单玥"].required, lines["单玥"].got.central, lines["单玥"].short) == (3200, 400, 2800)
    assert (lines["曾桂英"].short, lines["曾桂英"].exempt_reason) == (0, "患病")


def test_a_class_with_hours_given_cannot_be_cancelled(room: Classroom) -> None:
    call(room, 0, "到")
    with pytest.raises(Refusal, match="改正点名"):
        room.office.transact("取消培训班", lambda writer: service.cancel_class(writer, room.class_id, "停办"))
