"""Who brought whom in (介绍人): read from a roster, asked about where it may be several, given out by name."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from hongyao_desktop.core.desk import ImportPlan, SheetFacts, Writer
from hongyao_desktop.intake.committing import commit
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports import volunteers

Enrol = Callable[..., str]
HEAD = ["姓名", "联系电话", "介绍人"]


@pytest.fixture
def two_of_a_name(enrol: Enrol) -> None:
    enrol("曾国兰", phone="13800000001")
    enrol("张伟", phone="13800000009")
    enrol("张伟", phone="13800000010")


def read(office: Office, folder: Path, rows: list[list[object]], name: str = "花名册.xlsx") -> Rehearsal:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["水湾社区志愿者花名册"])
    page.append(HEAD)
    for row in rows:
        page.append(row)
    book.save(folder / name)
    return rehearse(folder / name, volunteers.TARGET, office.reader(), office.clock)


def reasons(found: Rehearsal) -> dict[int, list[str]]:
    return {row: why for part in found.parts for (row, _column), why in part.reasons().items()}


def recruiters(office: Office) -> dict[str, str | None]:
    rows = office.reader().all(
        "SELECT one.name, other.name AS by_name FROM volunteer_view AS one"
        " LEFT JOIN volunteer_view AS other ON other.id = one.recruiter_id WHERE one.number > '水湾-0003'"
    )
    return {row["name"]: row["by_name"] for row in rows}


@pytest.mark.usefixtures("two_of_a_name")
def test_by_name_by_number_or_from_the_same_list(office: Office, tmp_path: Path) -> None:
    found = read(
        office,
        tmp_path,
        [
            ["吴大山", "13900000002", "周小琴"],
            ["周小琴", "13900000001", "曾国兰"],
            ["孙正", "13900000003", "水湾-0003"],
            ["李平", "13900000004", "张伟（水湾-0002）"],
            ["钱进", "13900000005", "路人甲"],
            ["何青", "13900000006", None],
        ],
    )
    assert reasons(found) == {}
    warned = [problem.message for problem in found.problems if problem.code == "import.recruiter"]
    assert warned == ["介绍人路人甲不在花名册里，没有登记为介绍人，记在备注里"]
    office.transact("导入", lambda writer: commit(writer, found))
    assert recruiters(office) == {
        "吴大山": "周小琴",
        "周小琴": "曾国兰",
        "孙正": "张伟",
        "李平": "张伟",
        "钱进": None,
        "何青": None,
    }
    note = "SELECT note FROM volunteer_view WHERE name = '钱进'"
    assert office.reader().value(note) == "介绍人：路人甲"
    number = "SELECT other.number FROM volunteer_view AS one JOIN volunteer AS other ON other.id = one.recruiter_id"
    assert office.reader().value(f"{number} WHERE one.name = '孙正'") == "水湾-0003"
    assert office.reader().value(f"{number} WHERE one.name = '李平'") == "水湾-0002"
    again = read(office, tmp_path, [["周小琴", "13900000001", "曾国兰"]])
    assert again.ready == 0


@pytest.mark.usefixtures("two_of_a_name")
def test_a_name_of_several_asks_and_so_does_a_wrong_number(office: Office, tmp_path: Path) -> None:
    found = read(
        office,
        tmp_path,
        [
            ["吴大山", "13900000002", "张伟"],
            ["周小琴", "13900000001", "周小琴"],
            ["孙正", "13900000003", "曾国兰（水湾-0002）"],
            ["李平", "13900000004", "曾国兰"],
        ],
    )
    assert reasons(found) == {
        3: ["介绍人张伟有 2 位（水湾-0002、水湾-0003），请写明志愿者编号"],
        4: ["介绍人不能是本人，请核对"],
        5: ["介绍人编号 水湾-0002 是张伟，与“曾国兰（水湾-0002）”的姓名不同，请核对"],
    }
    assert found.ready == 1
    assert found.parts[0].plan.summary["退回"] == "3"


def test_a_month_of_birth_does_not_send_the_person_back(office: Office, tmp_path: Path, enrol: Enrol) -> None:
    enrol("曾国兰", phone="13800000001")
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["姓名", "证件号码", "联系电话", "出生年月", "注册时间"],
        ["周小琴", "320290196003050124", "13900000001", 1960.03, "2020年3月"],
        ["吴大山", "320290197101020310", "13900000002", "1972.05", None],
        ["孙正", None, "13900000003", "1970年5月", None],
    ):
        page.append(list(row))
    book.save(tmp_path / "册.xlsx")
    found = rehearse(tmp_path / "册.xlsx", volunteers.TARGET, office.reader(), office.clock)
    assert reasons(found) == {}
    assert [problem.message for problem in found.problems if problem.code == "import.month"] == [
        "注册日期“2020年3月”只有年月，没有写入，请问清后补填",
        "出生日期“1972.05”与证件号码里的1971年1月2日不符，按证件号码登记，请核对",
        "出生日期“1970年5月”只有年月，没有写入，请问清后补填",
    ]
    office.transact("导入", lambda writer: commit(writer, found))
    born = office.reader().all(
        "SELECT name, birth_on FROM volunteer_view WHERE name <> '曾国兰' ORDER BY number"
    )
    assert [(row["name"], row["birth_on"]) for row in born] == [
        ("周小琴", "1960-03-05"),
        ("吴大山", "1971-01-02"),
        ("孙正", None),
    ]


def test_memory_is_not_searched_while_rows_are_written_and_is_again_afterwards(
    office: Office, tmp_path: Path, enrol: Enrol
) -> None:
    """A tenth of the time of writing a long roster went into searching it for circles it cannot have."""
    enrol("曾国兰", phone="13800000001")
    found = read(office, tmp_path, [["吴大山", "13900000002", None]])
    seen: list[bool] = []

    def spy(writer: Writer, facts: SheetFacts, plan: ImportPlan) -> int:
        seen.append(gc.isenabled())
        return volunteers.commit(writer, facts, plan)

    watched = replace(found, target=replace(volunteers.TARGET, commit=spy))
    assert office.transact("导入", lambda writer: commit(writer, watched)).result.written == 1
    assert seen == [False]
    assert gc.isenabled()
