"""Sheets as other streets keep them (外街道的表): each read exactly or sent back with a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from hongyao_desktop.core.desk import ImportTarget
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake.committing import commit
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports import openings, service_records
from hongyao_desktop.volunteers.service import imported

Cells = Sequence[Sequence[object]]
Enrol = Callable[..., str]
PHONES = {"曾国兰": "13800000001", "单玥": "13800000002", "王喆": "13800000003"}
DAY = "2026-03-05"
LAN, YUE = PHONES["曾国兰"], PHONES["单玥"]
LIST = ["姓名", "电话", "活动名称", "服务日期", "服务时长"]


@pytest.fixture
def people(enrol: Enrol) -> dict[str, str]:
    """Id to name."""
    return {enrol(name, phone=phone): name for name, phone in PHONES.items()}


def kept(folder: Path, sheets: Mapping[str, Cells]) -> Path:
    book = Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        page = book.active if number == 0 else book.create_sheet()
        assert page is not None
        page.title = title
        for row in rows:
            page.append(list(row))
    path = folder / "外街道.xlsx"
    book.save(path)
    return path


def read(
    office: Office,
    folder: Path,
    rows: Cells | Mapping[str, Cells],
    target: ImportTarget = service_records.TARGET,
) -> Rehearsal:
    sheets = rows if isinstance(rows, Mapping) else {"Sheet1": rows}
    return rehearse(kept(folder, sheets), target, office.reader(), office.clock)


def services(found: Rehearsal, people: dict[str, str]) -> list[tuple[str, str, int]]:
    return sorted(
        (people[line.record.volunteer_id], line.record.served_on.isoformat(), line.record.minutes)
        for part in found.parts
        for _row, line in part.plan.items
    )


def reasons(found: Rehearsal) -> list[str]:
    return [reason for part in found.parts for why in part.reasons().values() for reason in why]


def said(found: Rehearsal) -> str:
    return "\n".join(problem.message for problem in found.problems)


BOTH = [("单玥", DAY, 90), ("曾国兰", DAY, 120)]
LAYOUTS: dict[str, Cells | dict[str, Cells]] = {
    "activity and day above the table": [
        ["志愿服务签到表"],
        ["活动名称：河道清洁", None, "活动日期：2026年3月5日"],
        ["姓名", "电话", "时长"],
        ["曾国兰", LAN, 2],
        ["单玥", YUE, 1.5],
    ],
    "activity in the title, day as label and value": [
        ["河道清洁志愿服务签到表"],
        ["活动时间", "2026年3月5日", "活动地点", "东河"],
        ["姓名", "电话", "时长"],
        ["曾国兰", LAN, 2],
        ["单玥", YUE, 1.5],
    ],
    "day in the title": [
        ["2026年3月5日河道清洁签到表"],
        ["姓名", "电话", "时长"],
        ["曾国兰", LAN, 2],
        ["单玥", YUE, 1.5],
    ],
    "a column for each person": [
        ["日期", "活动名称", "曾国兰", "单玥", "王喆", "备注"],
        [DAY, "河道清洁", 2, "1小时30分", None, "晴"],
    ],
    "days as bare numbers": [
        ["2026年3月水湾社区志愿服务考勤"],
        ["序号", "姓名", "电话", *range(1, 32), "合计"],
        [1, "曾国兰", LAN, *[None] * 4, 2, *[None] * 26, 2],
        [2, "单玥", YUE, *[None] * 4, 1.5, *[None] * 26, 1.5],
    ],
    "days below their month, weekdays below the days": [
        ["志愿服务考勤"],
        ["姓名", "电话", "2026年3月", None],
        [None, None, "4日", "5日"],
        [None, None, "三", "四"],
        ["曾国兰", LAN, None, 2],
        ["单玥", YUE, None, 1.5],
    ],
    "year, month and day in three columns": [
        ["姓名", "电话", "活动名称", "年", "月", "日", "服务时长"],
        ["曾国兰", LAN, "河道清洁", 2026, 3, 5, 2],
        ["单玥", YUE, "河道清洁", 2026, 3, 5, 1.5],
    ],
    "the times of a sign-in machine": [
        ["姓名", "电话", "活动名称", "签到时间", "签退时间"],
        ["曾国兰", LAN, "河道清洁", "2026-03-05 09:00", "2026-03-05 11:00"],
        ["单玥", YUE, "河道清洁", "2026-03-05 09:00:00", "2026-03-05 10:30:00"],
    ],
    "hours and minutes in two columns": [
        [*LIST[:4], "小时", "分钟"],
        ["曾国兰", LAN, "河道清洁", DAY, 2, None],
        ["单玥", YUE, "河道清洁", DAY, 1, 30],
    ],
    "minutes": [
        [*LIST[:4], "时长(min)"],
        ["曾国兰", LAN, "河道清洁", DAY, 120],
        ["单玥", YUE, "河道清洁", DAY, 90],
    ],
    "a time with the unit of a length": [
        [*LIST[:4], "服务时间（小时）"],
        ["曾国兰", LAN, "河道清洁", DAY, 2],
        ["单玥", YUE, "河道清洁", DAY, 1.5],
    ],
    "a column 时间 that holds both times": [
        [*LIST[:4], "时间"],
        ["曾国兰", LAN, "河道清洁", DAY, "上午9:00-11:00"],
        ["单玥", YUE, "河道清洁", DAY, "0900-1030"],
    ],
    "a column 活动时间 that holds the day": [
        ["2026年志愿服务登记"],
        ["姓名", "电话", "活动名称", "活动时间", "时长"],
        ["曾国兰", LAN, "河道清洁", "3月5日", 2],
        ["单玥", YUE, "河道清洁", "3月5日", "一小时三十分"],
    ],
    "remarks beside the names, one section for each group": [
        LIST,
        ["河道组"],
        ["曾国兰（组长）", LAN, "河道清洁", "2026、3、5", "2hrs"],
        ["巡河分队"],
        ["单玥同志", f"'{YUE}", "河道清洁", "2026 3 5", "1h30m"],
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_two_records(
    office: Office, people: dict[str, str], tmp_path: Path, layout: str
) -> None:
    found = read(office, tmp_path, LAYOUTS[layout])
    assert services(found, people) == BOTH
    assert reasons(found) == []
    done = office.transact("导入", lambda writer: commit(writer, found)).result
    assert done.written == 2
    again = read(office, tmp_path, LAYOUTS[layout])
    assert services(again, people) == []


@pytest.mark.parametrize("between", [" ", "　", "\n", "/", "|", "和", "、 "])
def test_several_names_in_a_cell_however_they_are_set_apart(
    office: Office, people: dict[str, str], tmp_path: Path, between: str
) -> None:
    rows: Cells = [
        ["日期", "活动名称", "参加人员", "时长"],
        [DAY, "河道清洁", between.join(PHONES), 2],
        [DAY, "义诊", "曾 国 兰", 1],
    ]
    found = read(office, tmp_path, rows)
    assert services(found, people) == sorted([*((name, DAY, 120) for name in PHONES), ("曾国兰", DAY, 60)])


def test_somebody_unknown_among_several_is_named_and_the_others_come_in(
    office: Office, people: dict[str, str], tmp_path: Path
) -> None:
    rows: Cells = [["日期", "活动名称", "参加人员", "时长"], [DAY, "河道清洁", "曾国兰 路人甲", 2]]
    found = read(office, tmp_path, rows)
    assert services(found, people) == [("曾国兰", DAY, 120)]
    assert "花名册里没有路人甲" in reasons(found)[0]


def test_morning_and_afternoon_in_one_cell_are_two_records(
    office: Office, people: dict[str, str], tmp_path: Path
) -> None:
    """Only the first pair was read, and two hours were lost without a word."""
    head = ["姓名", "电话", "活动名称", "日期", "起止时间", "时长"]
    rows: Cells = [
        head,
        ["曾国兰", LAN, "河道清洁", DAY, "9:00-11:00，14:00-16:30", None],
        ["单玥", YUE, "河道清洁", DAY, "9:00-11:00\n14:00-16:00", 3],
    ]
    found = read(office, tmp_path, rows)
    assert services(found, people) == [("曾国兰", DAY, 120), ("曾国兰", DAY, 150)]
    assert reasons(found) == ["一格里有 2 段时间，相加 4 小时，与时长 3 小时不一致，请分成几行填写"]


@pytest.mark.parametrize("unit", ["天", "次", "学时"])
def test_a_length_in_another_unit_is_not_taken_for_hours(
    office: Office, people: dict[str, str], tmp_path: Path, unit: str
) -> None:
    """Half a day came in as half an hour."""
    rows: Cells = [
        [*LIST[:4], f"时长（{unit}）"],
        ["曾国兰", LAN, "河道清洁", DAY, 0.5],
        ["单玥", YUE, "河道清洁", DAY, "1.5小时"],
    ]
    found = read(office, tmp_path, rows)
    assert services(found, people) == [("单玥", DAY, 90)]
    assert f"表头的单位是“{unit}”，不能当作小时读，请换算成小时再填" in reasons(found)


def test_what_stood_above_the_table_is_said(office: Office, people: dict[str, str], tmp_path: Path) -> None:
    rows: Cells = [
        ["河道清洁签到表"],
        ["活动时间：2026年3月5日 9:00-11:00"],
        ["姓名", "电话", "签名"],
        ["曾国兰", LAN, None],
    ]
    found = read(office, tmp_path, rows)
    assert services(found, people) == [("曾国兰", DAY, 120)]
    told = "按表头上方写的登记：活动名称“河道清洁”、服务日期2026年3月5日、时长 2 小时，请核对"
    assert told in said(found)


@pytest.mark.parametrize(
    "above",
    [
        ["截至2025年12月31日志愿服务时长汇总表"],
        ["2025年度志愿服务时长统计（日期：2025年12月31日）"],
        ["志愿服务签到表", "填表日期：2026年3月5日"],
        ["河道清洁签到表", "活动时间：2026年3月5日至7日"],
    ],
)
def test_a_sheet_that_tells_no_single_day_is_refused_whole(
    office: Office, people: dict[str, str], tmp_path: Path, above: list[str]
) -> None:
    """What somebody has altogether is no service of one day."""
    rows: Cells = [*([line] for line in above), ["姓名", "电话", "服务时长"], ["曾国兰", LAN, 20]]
    assert len(people) == 3
    with pytest.raises(Refusal, match="服务日期"):
        read(office, tmp_path, rows)


def test_columns_headed_by_nobody_on_the_register_are_said_to_be_unread(
    office: Office, people: dict[str, str], tmp_path: Path
) -> None:
    found = read(office, tmp_path, [["日期", "活动名称", "路人甲", "路人乙"], [DAY, "河道清洁", 2, 1]])
    assert services(found, people) == []
    assert "列名里也没有花名册上的人，没有读取" in said(found)
    found = read(office, tmp_path, [["日期", "活动名称", "曾国兰", "路人乙"], [DAY, "河道清洁", 2, 1]])
    assert services(found, people) == [("曾国兰", DAY, 120)]
    assert "“路人乙”（D 列）没有对应的栏目，不会导入" in said(found)
    assert "“曾国兰”" not in said(found)


def test_hidden_rows_are_read_and_told(office: Office, people: dict[str, str], tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (LIST, ["曾国兰", LAN, "河道清洁", DAY, 2], ["单玥", YUE, "河道清洁", DAY, 1.5]):
        page.append(row)
    page.row_dimensions[3].hidden = True
    book.save(tmp_path / "隐藏.xlsx")
    found = rehearse(tmp_path / "隐藏.xlsx", service_records.TARGET, office.reader(), office.clock)
    assert services(found, people) == BOTH
    assert "表里有 1 行是隐藏的（第 3 行），一样会读取，不要的请先删去" in said(found)


def test_sheets_named_by_the_day(office: Office, people: dict[str, str], tmp_path: Path) -> None:
    head: Cells = [["2026年河道清洁签到表"], ["姓名", "电话", "时长"]]
    rows = {"3月5日": [*head, ["曾国兰", LAN, 2]], "3月6日": [*head, ["曾国兰", LAN, 1]]}
    assert services(read(office, tmp_path, rows), people) == [
        ("曾国兰", DAY, 120),
        ("曾国兰", "2026-03-06", 60),
    ]


def test_a_table_of_balances_says_when_its_total_is_another(
    office: Office, people: dict[str, str], tmp_path: Path
) -> None:
    rows: Cells = [
        ["积分台账（截止二〇二五年十二月三十一日）"],
        ["序号", "姓名", "手机", "累计时长", "积分合计"],
        [1, "曾国兰", LAN, 12.5, 300],
        [2, "单玥", YUE, "无", 10],
        ["合计", None, None, 12.5, 320],
    ]
    found = read(office, tmp_path, rows, openings.TARGET)
    items = [item for part in found.parts for _row, item in part.plan.items]
    assert [(people[i["volunteer_id"]], i["minutes"], i["points"], i["as_of"]) for i in items] == [
        ("曾国兰", 750, 30_000, "2025-12-31"),
        ("单玥", 0, 1_000, "2025-12-31"),
    ]
    assert "表上积分合计 320，逐行相加 310，请核对是否有漏行" in said(found)
    assert "表上时长合计" not in said(found)


def test_days_that_are_dates_of_the_sheet(office: Office, people: dict[str, str], tmp_path: Path) -> None:
    rows: Cells = [
        ["姓名", "电话", "活动名称", dt.date(2026, 3, 4), dt.date(2026, 3, 5)],
        ["曾国兰", LAN, "河道清洁", None, 2],
    ]
    assert services(read(office, tmp_path, rows), people) == [("曾国兰", DAY, 120)]


def test_an_import_of_hours_is_taken_back_as_a_whole_and_comes_in_again(
    office: Office, people: dict[str, str], tmp_path: Path
) -> None:
    rows: Cells = [
        LIST,
        ["曾国兰", LAN, "河道清洁", DAY, 2],
        ["单玥", YUE, "河道清洁", DAY, 1.5],
        ["王喆", PHONES["王喆"], "河道清洁", DAY, 1],
    ]
    first = read(office, tmp_path, rows[:3])
    office.transact("导入服务时长登记表", lambda writer: commit(writer, first))
    second = read(office, tmp_path, rows)
    assert services(second, people) == [("王喆", DAY, 60)]
    office.transact("导入服务时长登记表", lambda writer: commit(writer, second))
    in_force = "SELECT name FROM service_view WHERE state = '有效' ORDER BY name"
    record = office.reader().value("SELECT id FROM service_view WHERE name = '单玥'")
    with pytest.raises(Refusal, match="写明原因"):
        office.transact("撤回", lambda writer: imported.withdraw_import(writer, record, " "))
    taken = office.transact(
        "撤回", lambda writer: imported.withdraw_import(writer, record, "导错了月份")
    ).result
    assert taken == 2
    assert [row["name"] for row in office.reader().all(in_force)] == ["王喆"]
    points = "SELECT name, points FROM volunteer_view WHERE points <> 0"
    assert [row["name"] for row in office.reader().all(points)] in (["王喆"], [])
    with pytest.raises(Refusal, match="都已经冲正"):
        office.transact("撤回", lambda writer: imported.withdraw_import(writer, record, "再撤"))
    again = read(office, tmp_path, rows)
    assert services(again, people) == BOTH
    office.transact("导入服务时长登记表", lambda writer: commit(writer, again))
    assert len(office.reader().all(in_force)) == 3
