"""Sheets that are no list of one service a row: days as columns, several people in a cell, both times in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from hongyao_desktop.core.desk import SheetFacts
from hongyao_desktop.core.problem import Level
from hongyao_desktop.intake import rehearsal
from hongyao_desktop.intake.committing import commit
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports import service_records
from hongyao_desktop.volunteers.imports.spreading import is_day_header, stands_in
from hongyao_desktop.volunteers.service import enrolment

Cells = list[list[object]]


def sheet(folder: Path, rows: Cells, name: str = "登记.xlsx", title: str = "台账") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    book.save(folder / name)
    return folder / name


def read(office: Office, path: Path) -> rehearsal.Rehearsal:
    return rehearsal.rehearse(path, service_records.TARGET, office.reader(), office.clock)


def lines(found: rehearsal.Rehearsal) -> list[tuple[str, int, int | None, int | None]]:
    """Day, minutes and times of the rows that would be written."""
    return [
        (
            line.record.served_on.isoformat(),
            line.record.minutes,
            line.record.starts_minute,
            line.record.ends_minute,
        )
        for part in found.parts
        for _row, line in part.plan.items
    ]


def said(found: rehearsal.Rehearsal, level: Level = Level.ERROR) -> list[str]:
    return [
        problem.message
        for part in found.parts
        for problem in (*part.reading, *part.plan.problems)
        if problem.level is level
    ]


def test_days_as_columns_become_rows_and_a_second_time_adds_nothing(
    office: Office, enrol: Callable[..., str], tmp_path: Path
) -> None:
    enrol("曾国兰", phone="13800000001")
    enrol("单玥", phone="13800000002")
    path = sheet(
        tmp_path,
        [
            ["水湾社区2026年9月志愿者服务考勤表（小时）"],
            ["序号", "姓名", "手机号", "1日", "3日（周四）", "9月5日", "合计"],
            [1, "曾国兰", "13800000001", 2, None, "1.5小时", 3.5],
            [2, "单玥", "13800000002", "√", 2, None, 5],
            ["", "合计", "", 2, 2, 1.5, 5.5],
        ],
    )
    found = read(office, path)
    assert lines(found) == [
        ("2026-09-01", 120, None, None),
        ("2026-09-05", 90, None, None),
        ("2026-09-03", 120, None, None),
    ]
    assert said(found) == ["2026年9月1日只打了记号，没有写几小时，请改写成小时数"]
    assert "表上合计 5，逐日相加 2 小时，请核对" in said(found, Level.WARNING)
    done = office.transact("导入", lambda w: commit(w, found)).result
    assert done.written == 3
    row = office.reader().one("SELECT DISTINCT title FROM activity")
    assert row == {"title": "水湾社区志愿者服务"}
    assert lines(read(office, path)) == []


def test_days_without_a_year_and_month_are_asked_for(
    office: Office, enrol: Callable[..., str], tmp_path: Path
) -> None:
    enrol("曾国兰", phone="13800000001")
    rows: Cells = [["志愿服务考勤表"], ["姓名", "手机号", "1日", "2日"], ["曾国兰", "13800000001", 2, 1]]
    found = read(office, sheet(tmp_path, rows, "考勤.xlsx"))
    assert lines(found) == []
    assert said(found)[0] == "“1日”看不出是哪年哪月的，请在标题里写明，如 2026年9月"


def test_several_people_in_one_cell(office: Office, enrol: Callable[..., str], tmp_path: Path) -> None:
    for name in ("曾国兰", "单玥", "王喆"):
        enrol(name)
    rows: Cells = [
        ["日期", "活动名称", "参加人员", "人数", "每人时长"],
        ["2026-10-26", "河道清洁", "曾国兰、单玥，王喆", 4, 2],
    ]
    found = read(office, sheet(tmp_path, rows))
    assert lines(found) == [("2026-10-26", 120, None, None)] * 3
    warned = said(found, Level.WARNING)
    assert "这一格有 3 人，各记 2 小时，请核对" in warned
    assert "表上写 4 人，名单里是 3 人，请核对" in warned
    assert not [words for words in warned if "姓名里有" in words]


@pytest.mark.parametrize(
    ("times", "length", "expected"),
    [
        ("8:30-11:00", None, (150, 510, 660)),
        ("上午8点半至11点", None, (150, 510, 660)),
        ("8：30～11：00", "2.5小时", (150, 510, 660)),
        ("下午2点到5点", None, (180, 840, 1020)),
        ("22:00-次日1:00", 3, (180, 1320, 1500)),
        ("早8点—9点", None, (60, 480, 540)),
        (None, 150 / 1440, (150, None, None)),
        (None, "2个半小时", (150, None, None)),
        (None, "8:30-11:00", (150, 510, 660)),
    ],
)
def test_times_and_lengths_as_offices_write_them(
    office: Office,
    enrol: Callable[..., str],
    tmp_path: Path,
    times: str | None,
    length: object,
    expected: tuple[int, int | None, int | None],
) -> None:
    enrol("曾国兰", phone="13800000001")
    rows: Cells = [
        ["姓名", "电话", "活动内容", "日期", "起止时间", "时长"],
        ["曾国兰", "13800000001", "文明劝导", "2026.9.3", times, length],
    ]
    found = read(office, sheet(tmp_path, rows))
    assert lines(found) == [("2026-09-03", *expected)]
    assert said(found) == []


def test_minutes_kept_as_text_are_minutes(office: Office, enrol: Callable[..., str], tmp_path: Path) -> None:
    enrol("曾国兰", phone="13800000001")
    path = tmp_path / "登记.csv"
    text = (
        "姓名,电话,活动名称,服务日期,服务时长(分钟)\n曾国兰,13800000001,反诈宣传,2026-10-20 14:00-15:30,90\n"
    )
    path.write_bytes(text.encode("gb18030"))
    assert lines(read(office, path)) == [("2026-10-20", 90, 840, 930)]


@pytest.mark.parametrize("days", ["9/12-9/13", "2026-9-14、15", "9月3日至5日"])
def test_several_days_in_one_cell_go_back_with_what_to_do(
    office: Office, enrol: Callable[..., str], tmp_path: Path, days: str
) -> None:
    enrol("曾国兰", phone="13800000001")
    rows: Cells = [
        ["姓名", "电话", "活动名称", "日期", "时长"],
        ["曾国兰", "13800000001", "文明劝导", days, 4],
    ]
    assert said(read(office, sheet(tmp_path, rows))) == [f"“{days}”里不止一天，请一天一行填写"]


def test_headers_that_are_days() -> None:
    yes = ("1日", "31号", "9月1日", "9.1", "9/12", "2026-09-01", "3日（周四）")
    assert all(map(is_day_header, yes))
    assert not any(map(is_day_header, ("日期", "合计", "星期日", "1组", "生日", "每日时长")))
    assert stands_in(["备注", "合计"], SheetFacts("登记.xlsx", "", "台账", ""), {}) == frozenset()
    assert stands_in(["1日"], SheetFacts("登记.xlsx", "", "台账", ""), {}) == {"served_on", "title"}


def test_who_left_does_not_make_a_name_doubtful(
    office: Office, enrol: Callable[..., str], tmp_path: Path
) -> None:
    stays, leaves = enrol("曾国兰"), enrol("曾国兰", "东门社区")
    rows: Cells = [["姓名", "活动名称", "日期", "时长"], ["曾国兰", "文明劝导", "2026-10-26", 2]]
    path = sheet(tmp_path, rows)
    assert lines(read(office, path)) == []
    office.transact("退出", lambda w: enrolment.retire_volunteer(w, leaves, "搬走"))
    found = read(office, path)
    assert [line.record.volunteer_id for part in found.parts for _row, line in part.plan.items] == [stays]
