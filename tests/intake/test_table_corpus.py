"""Hundreds of sheets nobody has seen: put together at random from what offices do, and found again exactly.

Each example draws titles, unit lines, a header of one to three rows, blocks, sections, blank rows, totals and notes
around a body whose records are known, and asks for precisely those records in their places.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from hongyao_desktop.intake.table import find_tables
from hongyao_desktop.sheets.book import Cell, Merge, Sheet

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗单曾仇区解查"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英𬬭䶮"
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 12, 31))
Chance = random.Random


def one_of(*choices: Cell) -> Callable[[Chance], Cell]:
    def choose(chance: Chance) -> Cell:
        return choices[chance.randrange(len(choices))]

    return choose


def a_day(chance: Chance) -> Cell:
    day = dt.date(2020, 1, 1) + dt.timedelta(chance.randrange(2500))
    shown: tuple[Cell, ...] = (
        day,
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    return shown[chance.randrange(3)]


def a_name(chance: Chance) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice([1, 2])))


def digits(lead: str, count: int) -> Callable[[Chance], Cell]:
    return lambda chance: lead + "".join(chance.choices("0123456789", k=count))


@dataclass(frozen=True)
class Kind:
    """A column: its header, how its cells come about, and under which group it may stand."""

    header: tuple[str, ...]
    cells: Callable[[Chance], Cell]
    group: str


KINDS = [
    Kind(("性别", "性 别"), one_of("男", "女"), "基本信息"),
    Kind(
        ("身份证号码", "身份证号", "公民身份号码（必填）", "身份证\n号码"), digits("3202901", 11), "基本信息"
    ),
    Kind(("出生日期", "出生年月"), a_day, "基本信息"),
    Kind(("联系电话", "手机号码", "联系方式"), digits("13", 9), "联系信息"),
    Kind(("家庭住址", "现住址"), one_of("水湾路1号", "和平里3栋2单元", None), "联系信息"),
    Kind(("服务时长（小时）", "时长"), one_of(1, 2, 3, 8, 1.5, 2.5), "服务情况"),
    Kind(("服务类别", "活动名称"), one_of("文明劝导", "助老：送餐", "理论宣讲", "爱心义剪"), "服务情况"),
    Kind(("金额（元）", "慰问金额", "金额"), one_of(500, 1000, 2000, "1,200.00", "500元"), "救助情况"),
    Kind(("政治面貌", "所在党支部"), one_of("中共党员", "群众", "共青团员"), "基本信息"),
    Kind(("签到", "签名"), one_of("√", None, "请假", "8:30"), "考勤"),
    Kind(("本地指标甲", "本地指标乙"), lambda chance: chance.randrange(100), "其他"),
    Kind(("备注", "备　注"), one_of(None, None, "补录", "与上年合计核对过", "注意联系"), "其他"),
]
TITLES = [
    "2026年9月水湾社区志愿者花名册",
    "样例街道慰问困难党员登记表（2026年度）",
    "附件1",
    "“红领”志愿服务台账",
    "关于报送统计表的名单",
]
LINES = [
    ["填报单位：水湾社区党委", "填报日期：2026年9月30日"],
    ["单位：元"],
    ["时间：2026年5月11日 地点：党校三楼"],
    ["单位（盖章）：", "负责人（签字）："],
]
NOTES = [
    ["填表人：张三", "审核人：李四"],
    ["注：本表一式两份。"],
    ["说明：身份证号码必填，一人一行。"],
    ["制表人（签字）：", "联系电话：0571-88888888", "日期："],
    ["1、本表由社区填写，街道汇总。"],
]


@dataclass
class Draft:
    """A sheet being put together."""

    width: int
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)

    def add(self, cells: list[Cell]) -> int:
        self.rows.append([*cells, *([None] * (self.width - len(cells)))])
        return len(self.rows) - 1

    def line(self, texts: list[str], *, across: bool) -> None:
        """A line of texts, the only one drawn over the whole width, several spread over it."""
        row: list[Cell] = [None] * self.width
        step = max(self.width // len(texts), 1)
        for number, text in enumerate(texts[: self.width]):
            row[min(number * step, self.width - 1)] = text
        at = self.add(row)
        if across and len(texts) == 1:
            self.merge(at, 0, at, self.width - 1)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.merged.append((top, left, bottom, right))


@dataclass
class Made:
    """A finished sheet with everything that must be found in it."""

    sheet: Sheet
    header_rows: tuple[int, int]
    names: list[str]
    records: dict[tuple[int, int], list[Cell]]


def made_sheet(seed: int) -> Made:  # noqa: C901, PLR0912 - one long recipe reads better in one piece
    chance = random.Random(seed)

    def yes(odds: int) -> bool:
        return chance.randrange(odds) == 0

    kinds = sorted(chance.sample(KINDS, chance.randint(2, 7)), key=lambda kind: kind.group)
    numbered = not yes(4)
    names = ["序号"] if numbered else []
    names += [chance.choice(["姓名", "姓 名", "志愿者姓名"]), *(chance.choice(kind.header) for kind in kinds)]
    groups = ([""] if numbered else []) + [""] + [kind.group for kind in kinds]
    blocks = 2 if len(names) <= 5 and yes(5) else 1
    width = len(names) * blocks
    sheet = Draft(width)

    # above
    for title in chance.sample(TITLES, chance.randint(0, 2)):
        sheet.line([title], across=yes(2))
        if yes(5):
            sheet.add([])
    if yes(2):
        sheet.line(chance.choice(LINES), across=yes(2))

    # header
    grouped = len(kinds) > 2 and yes(2) and blocks == 1
    merged_header = yes(2)
    first = len(sheet.rows)
    if grouped:
        upper: list[Cell] = []
        for position, group in enumerate(groups):
            fresh = position == 0 or groups[position - 1] != group
            upper.append(names[position] if not group else (group if fresh else None))
        sheet.add(upper)
        lower: list[Cell] = [None if not group else name for group, name in zip(groups, names, strict=True)]
        last = sheet.add(lower)
        for position, group in enumerate(groups):
            if not group:
                if merged_header:
                    sheet.merge(first, position, last, position)
            elif position == 0 or groups[position - 1] != group:
                end = position
                while end + 1 < len(groups) and groups[end + 1] == group:
                    end += 1
                if merged_header:
                    sheet.merge(first, position, first, end)
    else:
        last = sheet.add([*names * blocks])
    header_end = last
    if yes(7):
        header_end = sheet.add(list(range(1, width + 1)))

    # body
    records: dict[tuple[int, int], list[Cell]] = {}
    serial = 0
    for _row in range(chance.randint(2, 8)):
        if yes(10) and blocks == 1:
            sheet.line([chance.choice(["第二网格", "一、党员志愿者", "水湾社区党支部"])], across=True)
        if yes(13) and blocks == 1 and not grouped:
            sheet.add([*names])
        if yes(13):
            sheet.add([])
        line: list[Cell] = []
        at = len(sheet.rows)
        for block in range(blocks):
            serial += 1
            record: list[Cell] = [serial] if numbered else []
            record += [a_name(chance), *(kind.cells(chance) for kind in kinds)]
            records[at, block] = record
            line += record
        sheet.add(line)
    if numbered and yes(3):
        for _row in range(2):
            serial += 1
            sheet.add([serial])
    if yes(2):
        total: list[Cell] = [chance.choice(["合计", "合  计", "总计：", "小计"])]
        total += [None] * (width - 2)
        sheet.add([*total, 12345])
    for note in chance.sample(NOTES, chance.randint(0, 2)):
        sheet.line(note, across=yes(2))

    down, right = chance.randrange(4), chance.randrange(3)
    shifted = tuple(
        (top + down, left + right, bottom + down, end + right) for top, left, bottom, end in sheet.merged
    )
    return Made(
        Sheet("表", sheet.rows, row_offset=down, col_offset=right, merged=shifted),
        (first + down + 1, header_end + down + 1),
        [name.replace(" ", "").replace("\u3000", "").replace("\n", "") for name in names],
        {(row + down + 1, block): record for (row, block), record in records.items()},
    )


SEEDS = st.integers(0, 10**9)


@settings(max_examples=400)
@given(SEEDS)
def test_every_record_is_found_and_nothing_else(seed: int) -> None:
    made = made_sheet(seed)
    tables = find_tables(made.sheet)
    assert len(tables) == 1
    (table,) = tables
    assert table.header_rows == made.header_rows
    assert [column.name for column in table.columns] == made.names
    found = {(row.sheet_row, row.block): list(row.values) for row in table.data_rows}
    assert found == made.records


@settings(max_examples=150)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), DAYS), max_size=6),
        max_size=12,
    )
)
def test_any_cells_at_all_give_tables_or_a_sentence(rows: list[list[Cell]]) -> None:
    width = max((len(row) for row in rows), default=0)
    sheet = Sheet("表", [[*row, *([None] * (width - len(row)))] for row in rows])
    for table in find_tables(sheet):
        assert table.columns
        assert all(len(row.values) == len(table.columns) for row in table.rows)
        assert len({column.key for column in table.columns}) == len(table.columns)
        assert all(row.cells for row in table.rows)


@settings(max_examples=100)
@given(SEEDS, st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=5))
def test_merges_drawn_anywhere_do_no_harm(seed: int, merges: list[tuple[int, int, int, int]]) -> None:
    made = made_sheet(seed)
    drawn = tuple((min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merges)
    sheet = Sheet("表", made.sheet.rows, merged=made.sheet.merged + drawn)
    for table in find_tables(sheet):
        assert all(len(row.values) == len(table.columns) for row in table.rows)
