"""Rows that go back: the sender's own layout, the bad rows only, each with its reasons."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets.book import Book
from hongyao_desktop.sheets.marked import REASON_HEADER, MarkedTable, write_returned
from hongyao_desktop.sheets.reading import read_book
from tests.sheets import makers


def book(number: int) -> Book:
    return read_book(next(makers.SAMPLES.glob(f"{number:02d}*")))


def test_titles_header_and_merges_stay(tmp_path: Path) -> None:
    source = book(1)
    reasons = {(7, "A"): ["身份证号码校验位不对，请核对。"], (62, "A"): ["与第 7 行重复", "请确认"]}
    table = MarkedTable("花名册", (3, 4), reasons, cells={7: ["E"]})
    out = tmp_path / "退回.xlsx"
    assert write_returned(source, [table], out) == 2
    sheet = read_book(out).sheets[0]
    original = source.sheets[0]
    assert [row[:10] for row in sheet.rows[:4]] == original.rows[:4]
    assert set(sheet.merged) == {merge for merge in original.merged if merge[0] < 4} | {(2, 10, 3, 10)}
    assert sheet.rows[2][10] == REASON_HEADER
    assert [row[:10] for row in sheet.rows[4:]] == [original.rows[6], original.rows[61]]
    assert sheet.rows[4][10] == "原第 7 行：身份证号码校验位不对，请核对"
    assert sheet.rows[5][10] == "原第 62 行：与第 7 行重复；请确认"
    assert sheet.rows[4][3] == dt.date(1995, 5, 8)
    written = load_workbook(out).worksheets[0]
    assert written["E5"].fill.fgColor.rgb == "FFFFE1E1"
    assert written["E5"].number_format == "@"


def test_a_damaged_number_stays_the_number_it_was(tmp_path: Path) -> None:
    source = book(1)
    row = next(number for number, cells in enumerate(source.sheets[0].rows, 1) if isinstance(cells[4], int))
    write_returned(
        source, [MarkedTable("花名册", (3, 4), {(row, "A"): ["号码已损坏"]})], tmp_path / "退回.xlsx"
    )
    assert read_book(tmp_path / "退回.xlsx").sheets[0].rows[4][4] == source.sheets[0].rows[row - 1][4]


def test_a_row_taken_out_of_a_merge_keeps_its_value(tmp_path: Path) -> None:
    write_returned(book(2), [MarkedTable("9月", (2, 2), {(5, "A"): ["时间重叠"]})], tmp_path / "退回.xlsx")
    row = read_book(tmp_path / "退回.xlsx").sheets[0].rows[2]
    assert row[:3] == ["爱心义剪", "2026-09-03", "乐红磊"]


def test_only_the_block_to_blame_goes_back(tmp_path: Path) -> None:
    table = MarkedTable(
        "签到", (3, 3), {(5, "A"): ["甲"], (5, "G"): ["乙"], (4, "G"): ["丙"]}, (("A", "F"), ("G", "L"))
    )
    write_returned(book(3), [table], tmp_path / "退回.xlsx")
    rows = read_book(tmp_path / "退回.xlsx").sheets[0].rows[3:]
    assert [[row[0], row[1], row[6], row[7], row[12]] for row in rows] == [
        [2, "何芳娟", None, None, "原第 5 行：甲"],
        [None, None, 21, "胡超建", "原第 4 行：丙"],
        [None, None, 22, "徐刚霞", "原第 5 行：乙"],
    ]


def test_a_text_file_goes_back_as_text_in_its_encoding(tmp_path: Path) -> None:
    source = book(5)
    name = source.sheets[0].name
    write_returned(source, [MarkedTable(name, (1, 1), {(6, "A"): ["时间不对"]})], tmp_path / "退回.csv")
    returned = read_book(tmp_path / "退回.csv")
    assert returned.encoding == "gb18030"
    assert returned.sheets[0].rows == [
        [*source.sheets[0].rows[0], REASON_HEADER],
        [*source.sheets[0].rows[5], "原第 6 行：时间不对"],
    ]


def test_a_file_returned_twice_has_one_column_of_reasons(tmp_path: Path) -> None:
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    write_returned(book(1), [MarkedTable("花名册", (3, 4), {(7, "A"): ["一次"]})], first)
    write_returned(read_book(first), [MarkedTable("花名册", (3, 4), {(5, "A"): ["两次"]})], second)
    sheet = read_book(second).sheets[0]
    assert [row[-1] for row in sheet.rows[2:]] == [REASON_HEADER, None, "原第 5 行：两次"]
    assert sheet.width == 11


def test_what_was_typed_is_not_alive_in_the_copy(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "备注"
        sheet["A2"], sheet["A2"].data_type = "=1+1", "s"

    source = read_book(makers.workbook(tmp_path / "源.xlsx", fill))
    write_returned(source, [MarkedTable("Sheet", (1, 1), {(2, "A"): ["=2+2"]})], tmp_path / "退回.xlsx")
    sheet = load_workbook(tmp_path / "退回.xlsx").worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["B2"].data_type == "s"


def test_two_tables_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    table = MarkedTable("9月", (2, 2), {(5, "A"): ["甲"]})
    assert write_returned(book(2), [table, table], tmp_path / "退回.xlsx") == 2
    assert load_workbook(tmp_path / "退回.xlsx").sheetnames == ["9月", "9月（2）"]
    with pytest.raises(Refusal, match="没有文件夹"):
        write_returned(book(2), [table], tmp_path / "没有" / "退回.xlsx")
