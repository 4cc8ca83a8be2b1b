"""An old list of orders becomes opening records: the states its columns show, no hours, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hongyao_desktop.core.desk import ImportPlan, SheetFacts, SheetRow
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.problem import Level
from hongyao_desktop.orders.imports.columns import FIELDS, ListedPhone
from hongyao_desktop.orders.imports.orders import TARGET
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
    assert planned.summary["退回"] == "3", "the day that has not come is returned too"
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


def test_a_column_of_states_is_read_and_must_agree_with_the_finishing_day(desk: Desk) -> None:
    planned = plan(
        desk.office,
        {"topic": "修灯", "state": "已完成"},
        {"topic": "理发", "state": "已接单", "helper": "单玥"},
        {"topic": "停车", "state": "已接单"},
        {"topic": "占道", "state": "不受理", "note": "不属于社区"},
        {"topic": "买药", "state": "已接单", "completed_on": "2025-03-09"},
        {"topic": "陪诊", "state": "已评单", "completed_on": "2025-03-09"},
        {"topic": "噪音", "state": "已转出"},
    )
    errors = [problem.message for problem in planned.problems if problem.level is Level.ERROR]
    assert errors == [
        "状态是“已完成”，没有完成日期，请补上办结的日期",
        "状态是“已接单”，又有完成日期，请核对后改成一致",
    ]
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    found = desk.office.reader().all("SELECT topic, state, closed_on FROM service_order ORDER BY serial")
    assert [(row["topic"], row["state"], row["closed_on"]) for row in found] == [
        ("理发", "已接单", None),
        ("停车", "已议单", None),
        ("占道", "不受理", "2025-03-04"),
        ("陪诊", "已完成", None),
        ("噪音", "已转出", "2025-03-04"),
    ]
    assert desk.faults() == []


def test_one_number_over_two_orders_is_pointed_at_and_both_are_taken(desk: Desk) -> None:
    twice = ({"old_number": "GD-1"}, {"old_number": "GD-1", "topic": "另一件"})
    planned = plan(desk.office, *twice)
    (said,) = (problem.message for problem in planned.problems if problem.code == "import.number")
    assert said == "工单编号“GD-1”与第 3 行相同，内容不同，请核对编号"
    assert len(planned.items) == 2
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    later = plan(desk.office, {"old_number": "GD-1", "topic": "第三件"})
    assert "与工单 2025-0001 相同" in later.problems[-1].message


def test_a_phone_struck_out_by_the_hot_line_is_left_out_and_said(desk: Desk) -> None:
    context = ParseContext(today=desk.clock.today(), default_year=2026)
    read = ListedPhone().read("138****0001", context)
    assert [(problem.level, problem.message) for problem in read.problems] == [
        (Level.WARNING, "电话是打了星号的，没有带入，请向居民问清后补填")
    ]
    assert [problem.level for problem in ListedPhone().read("1380000", context).problems] == [Level.ERROR]
    planned = plan(desk.office, {"phone": "138****0001"}, {"topic": "陪诊", "phone": "13812345678"})
    assert [opening.values.get("phone") for _row, opening in planned.items] == [None, "13812345678"]


def test_the_unit_of_the_heading_written_in_a_row_is_that_unit(desk: Desk) -> None:
    planned = plan(desk.office, {"unit_name": "水湾社区"}, {"topic": "陪诊", "unit_name": "无此社区"})
    assert [problem.message for problem in planned.problems if problem.code == "import.unit"] == [
        "组织体系里没有“无此社区”，先归到填报单位"
    ]


@pytest.mark.parametrize(
    ("name", "shown", "value"),
    [
        ("state", "办理中", "已接单"),
        ("state", "已办结", "已完成"),
        ("state", "退回", "不受理"),
        ("outcome", "是", "已解决"),
        ("word", "非常不满意", "不满意"),
        ("word", "五星", "满意"),
    ],
)
def test_words_of_other_lists_are_known(desk: Desk, name: str, shown: str, value: str) -> None:
    field = next(field for field in FIELDS if field.name == name)
    assert field.type.read(shown, ParseContext(today=desk.clock.today(), default_year=2026)).value == value


def test_rows_whose_cells_could_not_be_read_count_as_returned(desk: Desk) -> None:
    (good, unread) = rows({}, {"topic": "陪诊"})
    unread = replace(
        unread, values={"topic": "陪诊", "resident": "解敏"}
    )  # the day stood there, but was no day
    planned = TARGET.plan(desk.office.reader(), FACTS, [good, unread], desk.office.clock)
    assert (planned.summary["读到件数"], planned.summary["可登记"], planned.summary["退回"]) == (
        "2",
        "1",
        "1",
    )
    again = plan(desk.office, {}, {})
    assert (again.summary["表内重复"], again.summary["退回"]) == ("1", "0")


def test_who_served_himself_is_kept_as_a_name_only(desk: Desk) -> None:
    planned = plan(
        desk.office,
        {"resident": "单玥", "phone": "13912345670", "completed_on": "2025-03-08", "helper": "单玥"},
        {"resident": "郭艳", "topic": "理发", "completed_on": "2025-03-08", "helper": "郭艳"},
    )
    own = [problem.message for problem in planned.problems if problem.code == "import.own"]
    assert [words[:10] for words in own] == ["接单人单玥就是诉求人", "接单人与诉求人同名（"]
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    rows = desk.office.reader().all("SELECT helper_name, volunteer_id FROM order_view ORDER BY number")
    assert [row["helper_name"] for row in rows] == ["单玥", "郭艳"]
    assert [row["volunteer_id"] is None for row in rows] == [True, False]


def test_a_list_of_disputes_names_the_parties(desk: Desk) -> None:
    planned = plan(desk.office, {"matter": "矛盾纠纷", "parties": "301 张家与 302 李家"})
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    row = desk.office.reader().one("SELECT matter, parties FROM service_order")
    assert row == {"matter": "矛盾纠纷", "parties": "301 张家与 302 李家"}


def test_a_list_tells_what_was_talked_over(desk: Desk) -> None:
    done = {"completed_on": "2025-03-08", "outcome": "已解决"}
    told = ("小院议事", "是", "否", None)
    lines = [{**done, "topic": f"第 {place} 件", "deliberated_at": word} for place, word in enumerate(told)]
    planned = plan(desk.office, *lines)
    desk.office.transact("导入", lambda w: TARGET.commit(w, FACTS, planned))
    rows = desk.office.reader().all("SELECT deliberated_at FROM service_order ORDER BY number")
    assert [row["deliberated_at"] for row in rows] == ["小院议事", "议事协商", None, None]
