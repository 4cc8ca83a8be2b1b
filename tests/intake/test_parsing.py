"""Reading values column by column gives, cell for cell, what reading each cell by itself would give."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hongyao_desktop.core.fields import (
    CreditCode,
    Date,
    IdNumber,
    Minutes,
    Money,
    ParseContext,
    Parsed,
    Phone,
    Points,
    TimeOfDay,
)
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.fund.module import MODULE as FUND
from hongyao_desktop.intake import words
from hongyao_desktop.intake.mapping import Mapping
from hongyao_desktop.intake.parsing import RowParser
from hongyao_desktop.intake.table import Column, FoundTable, RowKind, TableRow
from hongyao_desktop.sheets.book import Cell
from hongyao_desktop.volunteers.imports.volunteers import TARGET as ROSTER
from hongyao_desktop.volunteers.module import MODULE as VOLUNTEERS

FIELDS = {
    field.name: field for target in (*FUND.targets, *VOLUNTEERS.targets, ROSTER) for field in target.fields
}
NUMBERS = (Phone, IdNumber, Date, TimeOfDay, CreditCode, Minutes, Points)
NONE_WORDS = ("无", "暂无", "没有", "/", "／", "\\", "-", "－", "–", "—", "——")
DITTO = frozenset({"同上", "上同", "〃", "″", "''"})
CONTEXT = ParseContext(dt.date(2026, 11, 22), 2026, 3)
ODD = (
    None,
    "",
    " ",
    "　",
    "\u200b",
    "1",
    "１",
    "1.0",
    "是",
    "√",
    "#N/A",
    "#REF!",
    "—",
    "张三",
    "张 三",
    "张三\u200f",
    "\ue123",
    "𠮷田",
    "阿依古丽.买买提",
    "13812345678",
    "+86 138-1234-5678",
    "0510-81234567转8",
    "320290198001010014",
    "３２０２９０１９８００１０１００１４",
    "32029019800101001x",
    "3.2029E+17",
    "2026-03-05",
    "2026.3.5",
    "3月5日",
    "5日",
    "45000",
    "二〇二六年三月五日",
    "2026-02-30",
    "8:30",
    "下午2点",
    "1.5",
    "1小时30分",
    "-3",
    "1,234.50",
    "￥12",
    "1.2万元",
    "=1+1",
    "@SUM(A1)",
    "a" * 300,
    0,
    1,
    True,
    False,
    1.0,
    2.5,
    -1,
    45000,
    45000.5,
    20260305,
    320290198001010000,
    float("inf"),
    1e300,
    dt.date(2026, 3, 5),
    dt.datetime.fromisoformat("2026-03-05T08:30"),
    dt.datetime.fromisoformat("2026-03-05"),
    dt.time(8, 30),
    dt.timedelta(hours=30),
    dt.timedelta(seconds=61),
    dt.date(2030, 1, 1),
)
CELLS = st.sampled_from(ODD) | st.text(max_size=8).filter(lambda text: text.strip() not in DITTO)


def _plainly(cell: Cell, field: Field, unit: str, own: str) -> Parsed:
    """One cell by itself, a bare number with the unit of its header; ``own`` is the unit of its column alone."""
    fitting = {Money: ("", "万元"), Minutes: ("", "分钟", "小时")}.get(type(field.type))
    bare = isinstance(cell, str) and re.fullmatch(r"[-−]?[\d,，]*\d(?:\.\d+)?", cell.strip())
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if fitting and own not in fitting and (number or (isinstance(cell, str) and bare)):
        wanted = "元" if isinstance(field.type, Money) else "小时"
        told = f"表头的单位是“{own}”，不能当作{wanted}读，请换算成{wanted}再填"
        return Parsed(None, (Problem(Level.ERROR, "cell.unit", told),))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if isinstance(field.type, Money) and unit == "万元":
            return field.type.parse(f"{cell}万元", CONTEXT)
        if isinstance(field.type, Minutes) and unit in ("分钟", "分"):
            return field.type.parse(f"{cell}分钟", CONTEXT)
    if isinstance(cell, str):
        if isinstance(field.type, NUMBERS) and cell in NONE_WORDS:
            return Parsed(None)
        if cell in ("#N/A", "#REF!"):
            return Parsed(
                None, (Problem(Level.ERROR, "cell.fault", f"这一格是公式错误 {cell}，请改成实际内容"),)
            )
    return field.type.parse(cell, CONTEXT)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(["", "万元", "分钟", "小时"]), min_size=5, max_size=5),
    st.sampled_from([None, "万元", "分钟"]),
    st.lists(st.tuples(st.sampled_from(RowKind), st.lists(CELLS, min_size=6, max_size=6)), max_size=30),
)
def test_a_column_is_read_as_its_cells_are(
    names: list[str], units: list[str], table_unit: str | None, body: list[tuple[RowKind, list[Any]]]
) -> None:
    width = len(names) + 1
    columns = tuple(
        Column(
            key=f"列{place}",
            name=f"列{place}",
            path=(f"列{place}",),
            letters=(chr(65 + place),),
            unit=unit or None,
        )
        for place, unit in zip(range(width), [*units, ""], strict=False)
    )
    rows = [TableRow(number, 0, kind, cells[:width], columns) for number, (kind, cells) in enumerate(body, 3)]
    table = FoundTable("表", "", (), {}, table_unit, 2026, 3, (1, 2), columns, rows, 1, width)
    mapping = Mapping({f"列{place}": name for place, name in enumerate(names)}, (), (), (), (), (), ())
    parser = RowParser(table, mapping, FIELDS, CONTEXT)
    told = list(parser.rows())

    kept = [row for row in rows if row.kind not in (RowKind.BLANK, RowKind.NOTE, RowKind.HEADER)]
    assert [row.number for row in told] == [row.sheet_row for row in kept]
    problems, unreadable = [], set()
    for row, found in zip(kept, told, strict=True):
        for place, name in enumerate(names):
            unit = columns[place].unit or table_unit or ""
            parsed = _plainly(row.values[place], FIELDS[name], unit, columns[place].unit or "")
            assert found.values[name] == parsed.value
            assert type(found.values[name]) is type(parsed.value)
            shown = "" if row.values[place] is None else words.cell_text(row.values[place])
            if isinstance(FIELDS[name].type, NUMBERS) and shown in NONE_WORDS:
                shown = ""
            assert found.raw[name] == shown
            assert found.columns[name] == chr(65 + place)
            if row.kind is RowKind.DATA:
                for problem in parsed.problems:
                    letter = chr(65 + place)
                    problems.append(problem.at(field=name, row=row.sheet_row, column=letter, value=shown))
                    if problem.level is Level.ERROR:
                        unreadable.add((row.sheet_row, letter))
        assert found.raw[f"列{width - 1}"] is not None, "a column no field has is kept as it stands"
        assert found.kind == row.kind.value
    assert parser.problems == problems
    assert parser.unreadable == unreadable


COLUMN = Column(key="电话", name="电话", path=("电话",), letters=("A",))
OTHER = Column(key="类别", name="类别", path=("类别",), letters=("B",))


def read(
    cells: list[tuple[Cell, Cell]], fields: tuple[str, str] = ("phone", "category"), **odd: Any
) -> tuple[list[dict[str, Any]], list[tuple[int | None, str | None, str]]]:
    """The values and findings of a table of two columns, its first row of data being row 2."""
    columns = (COLUMN, OTHER)
    rows = [TableRow(number, 0, RowKind.DATA, pair, columns) for number, pair in enumerate(cells, 2)]
    table = FoundTable("表", "", (), {}, None, None, None, (1, 1), columns, rows, 1, 2, **odd)
    parser = RowParser(
        table,
        Mapping(dict(zip(("电话", "类别"), fields, strict=True)), (), (), (), (), (), ()),
        FIELDS,
        CONTEXT,
    )
    values = [dict(row.values) for row in parser.rows()]
    return values, [(problem.row, problem.column, problem.message) for problem in parser.problems]


def test_ditto_marks_repeat_the_row_above_but_never_a_number_that_is_ones_own() -> None:
    values, problems = read([("13800000000", "助老"), ("13800000001", "同上"), ("同上", "〃")])
    assert [row["category"] for row in values] == ["助老", "助老", "助老"]
    assert [row["phone"] for row in values[:2]] == ["13800000000", "13800000001"]
    assert [(row, column) for row, column, _message in problems] == [(4, "A")]


def test_a_dash_or_none_in_a_cell_for_a_number_is_an_empty_cell() -> None:
    values, problems = read([("无", "无"), ("/", "助老"), ("——", "助老")])
    assert [row["phone"] for row in values] == [None, None, None]
    assert values[0]["category"] == "无", "a word of a list may be any word"
    assert problems == []


def test_cells_that_look_empty_and_are_not_are_told() -> None:
    values, problems = read(
        [(None, "助老"), (None, None), ("#VALUE!", "助老")], faults={(2, "A"): "#N/A", (3, "B"): "formula"}
    )
    assert [row["phone"] for row in values] == [None, None, None]
    assert problems == [
        (2, "A", "这一格是公式错误 #N/A，请改成实际内容"),
        (3, "B", "这一格是公式，文件里没有它的结果，请在 Excel 或 WPS 中打开并保存一次，再导入"),
        (4, "A", "这一格是公式错误 #VALUE!，请改成实际内容"),
    ]


def test_leading_zeros_and_months_without_a_day_are_read_as_they_are_shown() -> None:
    values, problems = read(
        [(dt.date(1980, 1, 1), 123), (dt.date(1980, 1, 1), 123)],
        ("birth_on", "number"),
        formats={(2, "A"): 'yyyy"年"m"月"', (2, "B"): "00000", (3, "B"): "General"},
    )
    assert [(row["birth_on"], row["number"]) for row in values] == [(None, "00123"), ("1980-01-01", "123")]
    assert [(row, column) for row, column, _message in problems] == [(2, "A")]
    assert "没有写哪一日" in problems[0][2]
