"""An old list of orders becomes opening records: the states its columns show, no hours, nothing twice."""

from __future__ import annotations

from typing import Any

from hongyao_desktop.core.desk import ImportPlan, SheetFacts, SheetRow
from hongyao_desktop.core.problem import Level
from hongyao_desktop.orders.imports.orders import FIELDS, TARGET
from hongyao_desktop.store import Office
from tests.orders.desk import Desk

FACTS = SheetFacts("旧工单.xlsx", "0" * 64, "2025年", "水湾社区2025年工单台账")
COLUMNS = {field.name: chr(ord("A") + place) for place, field in enumerate(FIELDS)}
BASE: dict[str, Any] = {"resident": "解敏", "topic": "路灯不亮", "asked_on": "2025-03-04"}


def rows(*changes: dict[str, Any]) -> list[SheetRow]:
    made = []
    for number, change in enumerate(changes, 3):
        values = {key: value for key, value in {**BASE, **change}.items() if value is not None}
        made.append(SheetRow(number, values, {key: str(value) for key, value in values.items()}, COLUMNS))
    return made


def plan(office: Office, *changes: dict[str, Any]) -> ImportPlan:
    return TARGET.plan(office.reader(), FACTS, rows(*changes), office.clock)


def test_rows_stand_in_the_state_their_columns_show(desk: Desk) -> None:
    planned = plan(
        desk.office,
        {
            "old_number": "25-7",
            "completed_on": "2025-03-08",
            "word": "满意",
            "helper": "单玥",
            "channel": "走访",
        },
        {"topic": "陪诊", "completed_on": "2025-03-09", "helper": "某人"},
        {"topic": "理发", "helper": "郭艳"},
        {"topic": "买药", "channel": "路过"},
    )
    assert planned.summary == {
        "读到件数": "4",
        "已登记过": "0",
        "表内重复": "0",
        "退回": "0",
        "可登记": "4",
        "已办结": "2",
        "已评单": "1",
    }
    assert {"import.helper", "import.channel"} <= {problem.code for problem in planned.problems}
    written = desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned)).result
    assert written == 4
    found = desk.office.reader().all("SELECT * FROM order_view ORDER BY serial")
    assert [row["state"] for row in found] == ["已评单", "已完成", "已接单", "已点单"]
    assert [row["number"] for row in found] == [f"2025-000{n}" for n in (1, 2, 3, 4)]
    assert [row["helper_name"] for row in found] == ["单玥", "某人", "郭艳", None]
    assert (found[0]["unit_name"], found[0]["old_number"], found[0]["opening"]) == ("水湾社区", "25-7", 1)
    assert found[0]["source"] == "旧工单.xlsx·2025年·第3行"
    assert (found[0]["kind"], found[3]["channel"]) == ("家电维修", "其他")
    steps = desk.office.reader().all("SELECT move, to_state, source FROM order_step ORDER BY id")
    assert [step["move"] for step in steps] == ["期初"] * 4
    assert (desk.count("service_record"), desk.count("order_rating"), desk.faults()) == (0, 1, [])
    again = plan(desk.office, {"completed_on": "2025-03-08"}, {"topic": "新的"}, {"topic": "新的"})
    assert (again.summary["已登记过"], again.summary["表内重复"], len(again.items)) == ("1", "1", 1)


def test_what_cannot_be_is_returned_with_its_place(desk: Desk) -> None:
    planned = plan(
        desk.office,
        {"resident": None},
        {"completed_on": "2025-03-01"},
        {"asked_on": "2027-01-01"},
        {"topic": "只有评价", "word": "满意"},
    )
    errors = [problem for problem in planned.problems if problem.level is Level.ERROR]
    assert [(problem.row, problem.code) for problem in errors] == [
        (3, "import.blank"),
        (4, "import.completed"),
    ]
    assert [number for number, _item in planned.items] == [6]
    assert planned.summary["退回"] == "2"
    assert any(problem.code == "import.rating" for problem in planned.problems)


def test_an_imported_order_goes_on_like_any_other(desk: Desk) -> None:
    planned = plan(
        desk.office, {"helper": "单玥"}, {"topic": "陪诊", "completed_on": "2025-03-09", "helper": "单玥"}
    )
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    at_work, done = desk.office.reader().all("SELECT id FROM service_order ORDER BY serial")
    assert desk.rate(done["id"]) is None, "hours of older years come with the list of hours"
    desk.finish(at_work["id"])
    assert desk.rate(at_work["id"]) is None
    assert desk.order(at_work["id"])["state"] == "已评单"
    assert desk.faults() == []
