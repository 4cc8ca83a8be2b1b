"""Whole kinds of office tables, each with its own mess.

Activities in merged cells, attendance by days, ledgers of old with month and day apart, statistics by unit under a
three-row header, text-only exports, and two kinds in one sheet.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hongyao_desktop.intake import words
from hongyao_desktop.intake.table import find_tables
from hongyao_desktop.sheets.book import Cell, Merge, Sheet
from hongyao_desktop.sheets.reading import read_book
from tests.intake.test_table_corpus import Chance, a_day, a_name, digits

Row = list[Cell]


@dataclass
class Drawing:
    """A sheet being drawn, with the records that must be found: by row, and by block where there are several."""

    rows: list[Row] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    records: dict[tuple[int, int], Row] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    header_end: int = 0

    def add(self, *cells: Cell) -> int:
        self.rows.append(list(cells))
        return len(self.rows) - 1

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.merged.append((top, left, bottom, right))

    def record(self, *cells: Cell, shown: Row | None = None) -> None:
        at = self.add(*(shown if shown is not None else cells))
        self.records[at, 0] = list(cells)

    def title(self, chance: Chance, text: str, width: int) -> None:
        at = self.add(*([None] * chance.choice([0, 0, 1]) + [text]))
        if self.rows[at][0] is not None and chance.random() < 0.7:
            self.merge(at, 0, at, width - 1)


def activities(chance: Chance) -> Drawing:
    """Hours by activity, the activity's name and day in merged cells (or, in exports, only in the first row)."""
    sheet = Drawing(
        keys=["活动名称", "活动日期", "志愿者姓名", "身份证后四位", "签到", "签退", "时长（小时）"]
    )
    sheet.title(chance, "2026年9月志愿服务时长登记表", 7)
    sheet.header_end = sheet.add(*sheet.keys)
    for number in range(chance.randint(1, 4)):
        name, day = f"活动{number + 1}号", a_day(chance)
        count = chance.randint(1, 5)
        first = len(sheet.rows)
        for position in range(count):
            own: Row = [a_name(chance), digits("", 4)(chance), "9:00", "10:30", 1.5]
            sheet.record(name, day, *own, shown=[name, day, *own] if not position else [None, None, *own])
        sheet.merge(first, 0, first + count - 1, 0)
        sheet.merge(first, 1, first + count - 1, 1)
        if chance.random() < 0.3:
            at = sheet.add("小计", None, None, None, None, None, count * 1.5)
            sheet.merge(at, 0, at, 2)
    sheet.add("合计", None, None, None, None, None, 99)
    return sheet


def attendance(chance: Chance) -> Drawing:
    """People by days: numbers of days, real dates, or 上午 and 下午 under each day."""
    days = chance.randint(2, 6)
    style = chance.choice(["numbers", "dates", "halves", "texts"])
    sheet = Drawing()
    width = 3 + days * (2 if style == "halves" else 1)
    sheet.title(chance, "书记培训班签到表", width)
    if chance.random() < 0.5:
        sheet.add("时间：2026年5月11日—13日    地点：街道党校    主讲：区委党校")
    start = dt.date(2026, 5, 11)
    if style == "halves":
        top = sheet.add(
            "序号", "姓名", "单位", *(cell for day in range(days) for cell in (f"5月{11 + day}日", None))
        )
        end = sheet.add(None, None, None, *(["上午", "下午"] * days))
        for column in range(3):
            sheet.merge(top, column, end, column)
        for day in range(days):
            sheet.merge(top, 3 + 2 * day, top, 4 + 2 * day)
        sheet.keys = [
            "序号",
            "姓名",
            "单位",
            *(f"5月{11 + day}日/{half}" for day in range(days) for half in ("上午", "下午")),
        ]
    else:
        heads: Row = []
        for day in range(days):
            shown: dict[str, Cell] = {
                "numbers": day + 1,
                "dates": start + dt.timedelta(day),
                "texts": f"{11 + day}日上午",
            }
            heads.append(shown[style])
        end = sheet.add("序号", "姓名", "单位", *heads)
        sheet.keys = ["序号", "姓名", "单位", *(words.cell_text(head) for head in heads)]
    sheet.header_end = end
    for number in range(chance.randint(2, 9)):
        marks: Row = [chance.choice(["√", "√", "请假", "迟到", None]) for _mark in range(width - 3)]
        sheet.record(number + 1, a_name(chance), f"第{number}社区", *marks)
    return sheet


def ledger(chance: Chance) -> Drawing:
    """A cash book: carried balance, months with totals, year to date, pages carried over."""
    apart = chance.random() < 0.5
    sheet = Drawing()
    sheet.title(chance, "党内关爱基金收支台账（2026年）", 7)
    if chance.random() < 0.5:
        sheet.add(*([None] * 6), "单位：元")
    if apart:
        top = sheet.add("2026年", None, "凭证号", "摘要", "收入", "支出", "结余")
        end = sheet.add("月", "日", *([None] * 5))
        sheet.merge(top, 0, top, 1)
        for column in range(2, 7):
            sheet.merge(top, column, end, column)
        sheet.keys = ["2026年/月", "2026年/日", "凭证号", "摘要", "收入", "支出", "结余"]
        date: Callable[[int], Row] = lambda month: [month, chance.randint(1, 28)]  # noqa: E731
        blank: Row = [None, None]
    else:
        end = sheet.add("日期", "凭证号", "摘要", "收入", "支出", "结余", "经办人")
        sheet.keys = ["日期", "凭证号", "摘要", "收入", "支出", "结余", "经办人"]
        date = lambda month: [f"2026.{month}.{chance.randint(1, 28)}"]  # noqa: E731
        blank = [None]
    sheet.header_end = end
    sheet.add(*blank, None, chance.choice(["上年结转", "承前页", "期初余额"]), None, None, "52,300.00")
    for month in range(1, chance.randint(2, 5)):
        for _entry in range(chance.randint(1, 4)):
            row = [*date(month), f"记-{chance.randrange(99):03d}"]
            row += chance.choice([["拨款", "1,000.00", None], ["慰问困难党员：" + a_name(chance), None, 500]])
            row += ["12,300.00"] + ([] if apart else [a_name(chance)])
            sheet.record(*row)
        when = chance.choice([blank, date(month)])
        sheet.add(*when, None, chance.choice([f"{month}月合计", "本月合计", "本 月 合 计"]), 1000, 500, None)
        sheet.add(*blank, None, "本年累计", 1000, 500, 12300)
    sheet.add(*blank, None, chance.choice(["过次页", "结转下年"]), None, None, 12300)
    width = len(sheet.keys)
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    return sheet


def statistics(chance: Chance) -> Drawing:
    """Figures by unit under a three-row header, with a total above or below."""
    sheet = Drawing()
    sheet.title(chance, "各社区志愿服务情况统计表", 7)
    top = sheet.add("序号", "单位", "志愿者人数", None, None, "服务时长", "备注")
    middle = sheet.add(None, None, "党员", None, "群众", None, None)
    end = sheet.add(None, None, "在职", "退休", None, None, None)
    for column in (0, 1, 5, 6):
        sheet.merge(top, column, end, column)
    sheet.merge(top, 2, top, 4)
    sheet.merge(middle, 2, middle, 3)
    sheet.merge(middle, 4, end, 4)
    sheet.keys = [
        "序号",
        "单位",
        "志愿者人数/党员/在职",
        "志愿者人数/党员/退休",
        "志愿者人数/群众",
        "服务时长",
        "备注",
    ]
    sheet.header_end = end
    above = chance.random() < 0.4
    if above:
        sheet.add("合计", None, 10, 20, 30, 400.5, None)
    for number in range(chance.randint(2, 8)):
        figures: Row = [chance.randrange(50) for _figure in range(3)]
        sheet.record(number + 1, f"第{number}社区", *figures, chance.randrange(999) / 2, None)
    if not above:
        sheet.add("合计", None, 10, 20, 30, 400.5, None)
    sheet.add("填表人：", None, None, "审核人：", None, "日期：", None)
    return sheet


def text_export(chance: Chance) -> Drawing:
    """A system's export: texts only, no merges, titles in the first cell, empty columns at the end."""
    keys = ["序号", "姓名", "证件号码", "手机号", "服务日期", "服务时长", "积分", "备注"]
    chosen = ["姓名", *[key for key in keys if key != "姓名" and chance.random() < 0.7]]
    if len(chosen) < 3:
        chosen += ["手机号", "积分"]
    sheet = Drawing(keys=list(dict.fromkeys(key for key in keys if key in chosen)))
    if chance.random() < 0.4:
        sheet.add("志愿服务记录导出")
        sheet.add("导出时间：2026-09-30 10:00:00")
    sheet.header_end = sheet.add(*sheet.keys)
    for number in range(chance.randint(1, 9)):
        values: dict[str, Cell] = {
            "序号": str(number + 1),
            "姓名": a_name(chance),
            "证件号码": digits("3202901", 11)(chance),
            "手机号": digits("13", 9)(chance),
            "服务日期": "2026-09-01 09:00",
            "服务时长": "1.5",
            "积分": str(chance.randrange(99)),
            "备注": chance.choice([None, "补录", "计入本月"]),
        }
        sheet.record(*(values[key] for key in sheet.keys))
    return sheet


THEMES = [activities, attendance, ledger, statistics, text_export]


def finished(chance: Chance, drawing: Drawing) -> tuple[Sheet, int, int]:
    """The drawing as a sheet, pushed away from the corner, sometimes with empty columns at its right."""
    width = max(len(row) for row in drawing.rows) + chance.choice([0, 0, 1, 3])
    rows = [[*row, *([None] * (width - len(row)))] for row in drawing.rows]
    down, right = chance.randrange(4), chance.randrange(3)
    merged = tuple(
        (top + down, left + right, bottom + down, last + right) for top, left, bottom, last in drawing.merged
    )
    return Sheet("表", rows, row_offset=down, col_offset=right, merged=merged), down, right


@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_every_kind_of_table_is_read_whole(seed: int) -> None:
    chance = random.Random(seed)
    drawing = chance.choice(THEMES)(chance)
    sheet, down, _right = finished(chance, drawing)
    tables = find_tables(sheet)
    assert len(tables) == 1
    (table,) = tables
    assert table.header_rows[1] == drawing.header_end + down + 1
    assert [column.key for column in table.columns] == drawing.keys
    found = {(row.sheet_row, row.block): list(row.values) for row in table.data_rows}
    assert found == {(row + down + 1, block): record for (row, block), record in drawing.records.items()}


def test_the_same_through_a_real_file(tmp_path: Path) -> None:
    """Sixty sheets written by another library and read back: values, merges and places survive the way."""
    book = Workbook()
    book.remove(book.worksheets[0])
    drawings: list[tuple[Drawing, int]] = []
    for seed in range(60):
        chance = random.Random(seed)
        drawing = THEMES[seed % len(THEMES)](chance)
        sheet, down, right = finished(chance, drawing)
        target = book.create_sheet(f"{seed}")
        for row_number, row in enumerate(sheet.rows, down + 1):
            for column_number, value in enumerate(row, right + 1):
                if value is not None:
                    target.cell(row_number, column_number, value)
        for top, left, bottom, last in sheet.merged:
            target.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=last + 1
            )
        drawings.append((drawing, down))
    book.save(tmp_path / "六十张.xlsx")
    sheets = read_book(tmp_path / "六十张.xlsx").sheets
    assert len(sheets) == 60
    for sheet, (drawing, down) in zip(sheets, drawings, strict=True):
        (table,) = find_tables(sheet)
        assert [column.key for column in table.columns] == drawing.keys
        found = {(row.sheet_row, row.block): list(row.values) for row in table.data_rows}
        assert found == {(row + down + 1, block): record for (row, block), record in drawing.records.items()}


@settings(max_examples=100)
@given(st.integers(0, 10**9))
def test_two_kinds_one_below_the_other_are_two_tables(seed: int) -> None:
    chance = random.Random(seed)
    first, second = (make(chance) for make in chance.sample([activities, ledger, statistics, text_export], 2))
    width = max(len(row) for drawing in (first, second) for row in drawing.rows)
    rows = [[*row, *([None] * (width - len(row)))] for row in first.rows]
    rows += [[None] * width for _gap in range(chance.choice([1, 1, 2]))]
    below = len(rows)
    rows += [[*row, *([None] * (width - len(row)))] for row in second.rows]
    merged = [
        *first.merged,
        *((top + below, left, bottom + below, last) for top, left, bottom, last in second.merged),
    ]
    tables = find_tables(Sheet("表", rows, merged=tuple(merged)))
    assert len(tables) == 2
    for table, drawing, down in zip(tables, (first, second), (0, below), strict=True):
        assert [column.key for column in table.columns] == drawing.keys
        found = {(row.sheet_row, row.block): list(row.values) for row in table.data_rows}
        assert found == {(row + down + 1, block): record for (row, block), record in drawing.records.items()}
