"""The year sheet: snapshots, spans, columns, exemptions, and its speed over a street's years."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.people import service as people
from hongyao_desktop.people.queries import top_unit, unit_scope
from hongyao_desktop.training import service
from hongyao_desktop.training.rules import Got
from hongyao_desktop.training.service import Mark
from hongyao_desktop.training.year import YearLine, attended, year_sheet
from tests.training.rooms import Classroom, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    classroom = make_classroom(tmp_path)
    yield classroom
    classroom.office.close()


def cadre(
    room: Classroom, person: int, category: str, first: str, last: str | None = None, **more: Any
) -> None:
    values = {
        "person_id": room.people[person],
        "category": category,
        "from_on": first,
        "until_on": last,
        **more,
    }
    room.office.transact("登记干部类别", lambda w: service.save_cadre(w, values, None))


def lines(room: Classroom, year: int = 2026) -> dict[str, YearLine]:
    reader = room.office.reader()
    top = top_unit(reader)
    assert top is not None
    return {line.name: line for line in year_sheet(reader, year, unit_scope(top["id"], top["name"]))}


def attend(room: Classroom, person: int, form: str, *days: str, part: str = "全天") -> None:
    """One person attends a class of this form on these days."""

    def write(writer: Writer) -> None:
        values = {"name": f"{form}班{days[0]}", "form": form, "starts_on": min(days), "ends_on": max(days)}
        class_id = service.save_class(writer, values, None)
        trainee = service.enrol_trainee(writer, class_id, room.people[person])
        for day in days:
            session = service.hold_session(writer, class_id, dt.date.fromisoformat(day), part)
            service.call_roll(writer, session, [Mark(trainee, "到")])

    room.office.transact("登记培训", write)


def test_columns_are_kept_apart_and_a_class_over_new_year_is_split(room: Classroom) -> None:
    cadre(room, 0, "党员", "2020-01-01")
    attend(room, 0, "脱产", "2025-12-31", "2026-01-01", "2026-01-02")
    attend(room, 0, "网络", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")
    attend(room, 0, "自学", "2026-04-01")
    assert lines(room)["单玥"].got == Got(1600, 4000, 800)
    assert lines(room)["单玥"].short == 1600, "five days online leave the central column as it is"
    assert lines(room, 2025)["单玥"].got == Got(800, 0, 0)
    rows = attended(room.office.reader(), room.people[0], 2026)
    assert [(row["form"], row["times"], row["credit"]) for row in rows] == [
        ("脱产", 2, 1600),
        ("网络", 5, 4000),
        ("自学", 1, 800),
    ]


def test_every_requirement_stands_for_itself(room: Classroom) -> None:
    cadre(room, 0, "党员", "2020-01-01")
    cadre(room, 0, "社区工作者", "2021-01-01")
    attend(room, 0, "网络", *(f"2026-03-0{day}" for day in range(1, 7)))
    line = lines(room)["单玥"]
    assert [(need.label, need.short) for need in line.needs] == [("合计", 0), ("集中", 3200)]
    assert (line.required, line.short) == (4000, 3200)
    assert line.needs[1].sentence.startswith("党员集中32学时，已得0学时，还差32学时（党员教育管理工作条例")


def test_categories_are_those_of_the_last_day_of_the_year(room: Classroom) -> None:
    cadre(room, 0, "村（社区）书记", "2020-01-01", "2026-06-30")
    cadre(room, 0, "党员", "2026-07-01")
    assert lines(room)["单玥"].categories == ("党员",)
    assert lines(room, 2025)["单玥"].categories == ("村（社区）书记",)


def test_somebody_who_left_is_measured_on_the_leaving_day(room: Classroom) -> None:
    cadre(room, 0, "社区工作者", "2020-01-01", "2026-03-31")
    cadre(room, 0, "村（社区）书记", "2026-04-01", "2026-08-31")
    assert lines(room)["单玥"].categories == ("村（社区）书记",)
    cadre(room, 1, "党员", "2020-01-01")
    room.office.transact("迁出", lambda w: people.retire_person(w, room.people[1], "迁往外区"))
    assert lines(room)["曾桂英"].categories == ("党员",), "moved away in November of that year"
    assert "曾桂英" not in lines(room, 2027)
    assert "单玥" not in lines(room, 2027)


def test_the_exempt_are_not_short_and_the_reason_stands_there(room: Classroom) -> None:
    ill = {"exempt_reason": "长期患病", "exempt_from": "2026-03-01"}
    cadre(room, 0, "党员", "2020-01-01", **ill)
    cadre(room, 1, "党员", "2020-01-01", **ill, exempt_until="2026-06-30")
    found = lines(room)
    assert (found["单玥"].short, found["单玥"].exempt_reason) == (0, "长期患病")
    assert found["单玥"].needs[0].short == 3200
    assert (found["曾桂英"].short, found["曾桂英"].exempt_reason) == (3200, None), "well again on 31 December"
    assert lines(room, 2025)["单玥"].short == 3200


def test_a_social_worker_has_three_years(room: Classroom) -> None:
    cadre(room, 0, "助理社会工作师", "2024-03-01")
    attend(room, 0, "网络", *(f"2024-02-0{day}" for day in range(1, 5)))  # before the registration
    attend(room, 0, "网络", *(f"2024-05-0{day}" for day in range(1, 6)))
    attend(room, 0, "脱产", "2026-05-20", "2026-05-21")
    (need,) = lines(room)["单玥"].needs
    assert (need.first, need.last) == (dt.date(2024, 3, 1), dt.date(2027, 2, 28))
    assert (need.got, need.short) == (5600, 1600)
    assert "助理社会工作师2024-03-01 至 2027-02-28 合计72学时，已得56学时，还差16学时" in need.sentence
    assert lines(room, 2025)["单玥"].needs[0].got == 4000
    assert lines(room)["单玥"].got == Got(1600, 0, 0)


def test_people_without_a_unit_belong_to_the_office(room: Classroom) -> None:
    nobody = room.office.transact("登记人员", lambda w: people.save_person(w, {"name": "查良"}, None)).result
    values = {"person_id": nobody, "category": "党员", "from_on": "2020-01-01"}
    room.office.transact("登记干部类别", lambda w: service.save_cadre(w, values, None))
    assert lines(room)["查良"].unit_name == "样例街道"


def fill(writer: Writer, cadres: int, sessions: int, seats: int) -> None:
    """Rows as years of training leave them, written past the verbs for speed."""
    chance = random.Random(5)
    people.bulk_people(writer, ({"name": f"干部{number}"} for number in range(cadres)))
    ids = [row["id"] for row in writer.all("SELECT id FROM person WHERE name LIKE '干部%'")]
    columns = ("category", "from_on")
    writer.insert_many(
        "cadre",
        ({"person_id": person, **dict(zip(columns, ("党员", "2020-01-01"), strict=True))} for person in ids),
    )
    rule = writer.value("SELECT id FROM rule_set WHERE kind = 'training-credit'")
    for number in range(sessions // 4):
        first = dt.date(2026, 1, 1) + dt.timedelta(days=number % 300)
        values = {
            "form": "脱产",
            "starts_on": first.isoformat(),
            "ends_on": (first + dt.timedelta(1)).isoformat(),
        }
        class_id = writer.insert(
            "training_class", {**values, "year": 2026, "number": f"甲-{number}", "name": f"班{number}"}
        )
        people_here = chance.sample(ids, seats)
        writer.insert_many(
            "trainee",
            (
                {"class_id": class_id, "person_id": who, "position": place}
                for place, who in enumerate(people_here)
            ),
        )
        trainees = [row["id"] for row in writer.all("SELECT id FROM trainee WHERE class_id = ?", (class_id,))]
        for offset in range(4):
            day = first + dt.timedelta(days=offset // 2)
            session = writer.insert(
                "training_session",
                {
                    "class_id": class_id,
                    "held_on": day.isoformat(),
                    "part": ("上午", "下午")[offset % 2],
                    "minutes": 240,
                },
            )
            row = {"session_id": session, "mark": "到", "minutes": 240, "credit": 400, "rule_id": rule}
            writer.insert_many(
                "attendance", ({**row, "trainee_id": who, "explanation": "试算"} for who in trainees)
            )


def test_the_year_sheet_of_a_big_office_is_fast(room: Classroom) -> None:
    room.office.transact("装入", lambda w: fill(w, cadres=1000, sessions=400, seats=100))
    lines(room)
    began = time.perf_counter()
    found = lines(room)
    taken = time.perf_counter() - began
    assert len(found) == 1000
    assert sum(line.got.central for line in found.values()) == 40_000 * 400
    assert taken < 0.3, f"{taken * 1000:.0f} ms for 1,000 people over 40,000 attendances"
