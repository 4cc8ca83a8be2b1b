"""Workbooks for auditors: exact, typed, nothing alive but our own totals, whole or not at all."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import cells
from hongyao_desktop.sheets.reading import read_book
from hongyao_desktop.sheets.writing import PERCENT, ColumnOut, Properties, SheetOut, write_book
from tests.sheets import makers

COLUMNS = (
    ColumnOut("序号", CellKind.INTEGER, 4),
    ColumnOut("姓名", CellKind.TEXT, 6),
    ColumnOut("身份证号码", CellKind.CODE, 10),
    ColumnOut("日期", CellKind.DATE, 6),
    ColumnOut("金额", CellKind.MONEY, 8, total=True),
    ColumnOut("时长", CellKind.HOURS, 6, total=True),
    ColumnOut("积分", CellKind.POINTS, 6, total=True),
    ColumnOut("签到", CellKind.TIME, 5),
    ColumnOut("出勤率", PERCENT, 5),
)
ROWS: list[list[Any]] = [
    [1, "郭𬬭刚", "320290198001010014", "2026-03-05", 123456, 90, 150, 510, 0.85],
    [2, "䶮", "001122", dt.date(2026, 3, 6), -50, 100, -25, 0, 1],
    [3, "王", None, None, None, None, None, None, None],
]


def written(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "台账.xlsx"
    asked = {"titles": ("样例街道收支台账", "单位：元"), "notes": ("说明：样例",), **changes}
    write_book(path, [SheetOut("台账", COLUMNS, ROWS, **asked)])
    return path


# --------------------------------------------------------------------------------------------------------- the cells


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    rows = read_book(written(tmp_path)).sheets[0].rows
    assert rows[0][0] == "样例街道收支台账"
    assert rows[2] == [column.label for column in COLUMNS]
    assert rows[3][:8] == [
        1,
        "郭𬬭刚",
        "320290198001010014",
        dt.date(2026, 3, 5),
        1234.56,
        1.5,
        1.5,
        dt.time(8, 30),
    ]
    assert rows[4][:5] == [2, "䶮", "001122", dt.date(2026, 3, 6), -0.5]
    assert rows[5] == [3, "王", None, None, None, None, None, None, None]
    assert rows[6][0] == "合计"
    assert (rows[6][4], rows[6][6]) == (1234.06, 1.25)
    assert rows[7][0] == "说明：样例"


def test_codes_are_text_cells_that_keep_all_digits(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path)).worksheets[0]
    cell = sheet["C4"]
    assert (cell.value, cell.data_type, cell.number_format) == ("320290198001010014", "s", "@")
    assert sheet["C5"].value == "001122"


def test_amounts_are_exact_decimals_in_the_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="E4" s="\d+"><v>1234.56</v></c>', xml)
    assert re.search(r'<c r="E5" s="\d+"><v>-0.50</v></c>', xml)
    assert re.search(r'<c r="E7" s="\d+"><f>SUM\(E4:E6\)</f><v>1234.06</v></c>', xml)


@pytest.mark.parametrize("value", [0, 1, -1, 5, 99, 100, 123456789012, -999])
def test_hundredths(value: int) -> None:
    assert cells.hundredths(value) == f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def test_what_a_person_typed_is_never_alive(tmp_path: Path) -> None:
    typed = [
        "=1+1",
        "+1",
        "-1+2",
        "@SUM(A1)",
        '=HYPERLINK("http://example.invalid")',
        "#N/A",
        "{=1}",
        "\t=1",
        "'=1",
    ]
    path = tmp_path / "活的.xlsx"
    columns = [ColumnOut("备注"), ColumnOut("编号", CellKind.CODE), ColumnOut("金额", CellKind.MONEY)]
    write_book(path, [SheetOut("=1+1", columns, [[text, text, text] for text in typed], titles=("=1+1",))])
    sheet = load_workbook(path).worksheets[0]
    for row, text in zip(sheet.iter_rows(min_row=3), typed, strict=True):
        assert [(cell.value, cell.data_type) for cell in row] == [(text, "s")] * 3
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")


def test_text_survives_or_is_made_fit(tmp_path: Path, uncommon_text: str) -> None:
    path = tmp_path / "怪.xlsx"
    write_book(
        path,
        [
            SheetOut(
                "表", [ColumnOut("备注"), ColumnOut("编号", CellKind.CODE)], [[uncommon_text, uncommon_text]]
            )
        ],
    )
    expected = cells.plain_text(uncommon_text)
    row = read_book(path).sheets[0].rows[1]
    assert row[0] == row[1]
    assert str(row[0] or "").strip() == expected.strip()


def test_characters_a_cell_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "控制.xlsx"
    texts = ["甲\x07乙", "一\r\n二\r三", "半\ud842个", "_x0041_", "x" * 40_000, "", "  前后  "]
    write_book(path, [SheetOut("表", [ColumnOut("备注")], [[text] for text in texts])])
    values = [row[0] for row in read_book(path).sheets[0].rows[1:]]
    assert values[0] == "甲乙"
    assert values[1] == "一\n二\n三"
    assert values[2] == "半个"
    assert values[3] == "_x0041_"
    assert isinstance(values[4], str)
    assert len(values[4]) == cells.LONGEST_TEXT
    assert values[4].endswith("（原文过长，已截断）")
    assert values[5] is None
    assert values[6] == "  前后  "


def test_values_of_another_kind_become_text(tmp_path: Path) -> None:
    path = tmp_path / "遮.xlsx"
    rows = [["＊＊＊", "保密", True, "很久以前", 1.5]]
    kinds = (CellKind.MONEY, CellKind.HOURS, CellKind.INTEGER, CellKind.DATE, CellKind.POINTS)
    write_book(
        path,
        [
            SheetOut(
                "表",
                [ColumnOut(kind, kind, total=True) for kind in kinds[:2]]
                + [ColumnOut(kind, kind) for kind in kinds[2:]],
                rows,
            )
        ],
    )
    assert read_book(path).sheets[0].rows[1] == ["＊＊＊", "保密", "True", "很久以前", "1.5"]


def test_days_before_1900_march_are_text() -> None:
    assert cells.number(CellKind.DATE, "1900-02-28") is None
    assert cells.number(CellKind.DATE, "1900-03-01") == "61"
    assert cells.number(CellKind.DATE, "没有日期") is None


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(-(10**13), 10**13), st.integers(0, 10**6)), max_size=20))
def test_sums_are_exact(rows: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = [
            ColumnOut("金额", CellKind.MONEY, total=True),
            ColumnOut("时长", CellKind.HOURS, total=True),
        ]
        (one,) = write_book(Path(folder) / "和.xlsx", [SheetOut("表", columns, rows)])
    assert one.sums == {0: sum(row[0] for row in rows), 1: sum(row[1] for row in rows)}
    assert one.rows == len(rows)


# --------------------------------------------------------------------------------------------------------- the sheet


def test_header_stays_in_view_and_on_every_page(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path)).worksheets[0]
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.auto_filter.ref == "A3:I6"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        9,
        1,
        0,
    )
    assert sheet.page_setup.orientation == "landscape"
    assert not sheet.merged_cells.ranges


def test_narrow_tables_stand_upright_and_widths_count_chinese(tmp_path: Path) -> None:
    path = tmp_path / "窄.xlsx"
    write_book(
        path, [SheetOut("表", [ColumnOut("姓名", width=4), ColumnOut("地址", width=20)], [["张三", "街道"]])]
    )
    sheet = load_workbook(path).worksheets[0]
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.column_dimensions["A"].width == pytest.approx(9.5)
    assert sheet.column_dimensions["B"].width == pytest.approx(41.5)


def test_group_headers_are_merged_and_data_never(tmp_path: Path) -> None:
    path = tmp_path / "组.xlsx"
    columns = (
        ColumnOut("序号"),
        ColumnOut("姓名", group="基本信息"),
        ColumnOut("性别", group="基本信息"),
        ColumnOut("备注"),
    )
    write_book(path, [SheetOut("表", columns, [["1", "张三", "男", None]], titles=("标题",))])
    sheet = load_workbook(path).worksheets[0]
    assert sorted(str(merge) for merge in sheet.merged_cells.ranges) == ["A2:A3", "B2:C2", "D2:D3"]
    assert sheet.freeze_panes == "A4"
    assert [cell.value for cell in sheet[4]] == ["1", "张三", "男", None]
    assert sheet.print_title_rows == "$2:$3", "both rows of the head stand on every page"


def test_names_of_tabs_and_what_the_file_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "名.xlsx"
    one = [ColumnOut("甲")]
    names = ["2026/9 [月]", "2026/9 [月]", "很长" * 30, "", "'引号'"]
    moment = dt.datetime(2026, 9, 30, 8, tzinfo=dt.UTC)
    write_book(
        path, [SheetOut(name, one, []) for name in names], Properties(title="收支台账", created=moment)
    )
    book = load_workbook(path)
    assert book.sheetnames == ["20269 月", "20269 月（2）", ("很长" * 30)[:31], "表", "引号"]
    assert (book.properties.title, book.properties.creator) == ("收支台账", "红耀台账")
    assert book.properties.created == moment.replace(tzinfo=None)


def test_a_row_of_the_wrong_length_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 values for 1 columns"):
        write_book(tmp_path / "错.xlsx", [SheetOut("表", [ColumnOut("甲")], [["一", "二"]])])
    assert not list(tmp_path.iterdir())


# -------------------------------------------------------------------------------------------------------- recomputing


def without_results(source: Path, target: Path) -> Path:
    """The same workbook with formulas only, so that another program must compute them."""
    return makers.repacked(
        source, target, lambda _name, content: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
    )


@pytest.mark.needs("soffice")
def test_another_program_computes_the_same(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:
    path = tmp_path / "核对.xlsx"
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 10) for day in range(1, 28)]
    rows = [
        [
            number,
            f"第{number}人",
            f"{number:018d}",
            day,
            number * 7919 % 1_000_003 - 200_000,
            number * 37 % 600,
            number,
            0,
            0,
        ]
        for number, day in enumerate(days, 1)
    ]
    write_book(
        path,
        [
            SheetOut("收支", COLUMNS, rows),
            SheetOut("它's 空", COLUMNS, []),
            SheetOut("时长", COLUMNS[:6], [row[:6] for row in rows]),
        ],
        control="合计核对",
    )
    ours = read_book(path)
    theirs = read_book(recalculate(without_results(path, tmp_path / "无结果.xlsx")))
    assert [sheet.name for sheet in theirs.sheets] == ["合计核对", "收支", "它's 空", "时长"]
    control = theirs.sheets[0].rows
    assert len(control) == 2 + (1 + 3) + (1 + 3) + (1 + 2) + 1
    for row in control[2:-1]:
        assert row[4] == 0, row
        assert row[3] == pytest.approx(row[2], abs=0.005)
    assert ours.sheets[0].rows[2:-1] == [
        [*row[:2], pytest.approx(row[2]), pytest.approx(row[3], abs=0.005), 0] for row in control[2:-1]
    ]
    for own, other in zip(ours.sheets[1:], theirs.sheets[1:], strict=True):
        for row, same in zip(own.rows, other.rows, strict=True):
            assert [pytest.approx(value) if isinstance(value, float) else value for value in row] == same


@pytest.mark.needs("soffice")
def test_totals_by_a_column_are_computed_the_same(
    tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    path = tmp_path / "汇总.xlsx"
    columns = [
        ColumnOut("类别", CellKind.TEXT),
        ColumnOut("金额", CellKind.MONEY, total=True),
        ColumnOut("时长", CellKind.HOURS, total=True),
    ]
    kinds: list[str | None] = ["慰问", "=1+1", "A*", "a?", None, "慰问（含*）", ">5"]
    rows = [[kinds[number % 7], number * 101, number] for number in range(70)]
    (one,) = write_book(path, [SheetOut("支出", columns, rows, by="类别")], control="合计核对")
    assert {key: group.rows for key, group in one.groups.items()} == dict.fromkeys(
        (kind or "" for kind in kinds), 10
    )
    theirs = read_book(recalculate(without_results(path, tmp_path / "无结果.xlsx")))
    assert [sheet.name for sheet in theirs.sheets] == ["合计核对", "按类别汇总", "支出"]
    own, other = read_book(path).sheets[1].rows, theirs.sheets[1].rows
    assert len(own) == 2 + 7 + 1 + 1
    for row, same in zip(own, other, strict=True):
        assert [pytest.approx(value) if isinstance(value, float) else value for value in row] == same
    assert [row[4] for row in theirs.sheets[0].rows[2:-1]] == [0, 0, 0]


# ------------------------------------------------------------------------------------------------- whole or not at all


def test_an_old_file_stays_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)
    before = path.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match="磁盘空间不够"):
        write_book(path, [SheetOut("表", [ColumnOut("甲")], [["新"]])])
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_nothing_is_left_when_rows_fail_or_the_user_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "临时"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def rows() -> Iterator[list[str]]:
        yield ["一"]
        raise Refusal("读到一半停了")

    def stop(_rows: int) -> None:
        raise Refusal("已停止")

    columns = [ColumnOut("甲")]
    with pytest.raises(Refusal, match="读到一半停了"):
        write_book(tmp_path / "半.xlsx", [SheetOut("前", columns, [["好"]]), SheetOut("表", columns, rows())])
    with pytest.raises(Refusal, match="已停止"):
        write_book(tmp_path / "停.xlsx", [SheetOut("表", columns, [["好"]] * 2000)], progress=stop)
    assert [item.name for item in tmp_path.iterdir()] == ["临时"]
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "正被别的程序打开"),
        (errno.EROFS, "只能读"),
        (errno.ENAMETOOLONG, "文件名太长"),
        (errno.EIO, "没有保存成功"),
    ],
)
def test_each_failure_of_the_disk_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def fail(_self: Path, _target: Path) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Refusal, match=sentence):
        write_book(tmp_path / "甲.xlsx", [SheetOut("表", [ColumnOut("甲")], [])])
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_be_written_to(tmp_path: Path) -> None:
    sheet = SheetOut("表", [ColumnOut("甲")], [])
    with pytest.raises(Refusal, match="没有文件夹"):
        write_book(tmp_path / "没有" / "甲.xlsx", [sheet])
    (tmp_path / "夹.xlsx").mkdir()
    with pytest.raises(Refusal, match="是文件夹"):
        write_book(tmp_path / "夹.xlsx", [sheet])


def test_more_rows_than_a_sheet_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hongyao_desktop.sheets import writing

    monkeypatch.setattr(writing, "_MOST_ROWS", 10)
    with pytest.raises(Refusal, match="超过 10 行"):
        write_book(tmp_path / "多.xlsx", [SheetOut("表", [ColumnOut("甲")], [["一"]] * 20)])
    assert not list(tmp_path.iterdir())


def test_the_inside_of_the_library_is_as_we_use_it() -> None:
    """`stream` overrides two private parts of openpyxl; this names them when a new version has changed them."""
    assert {"_write_rows", "_get_writer", "close"} <= set(vars(WriteOnlyWorksheet))
