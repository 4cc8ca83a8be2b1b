"""Finding tables in the sheets offices really make."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from hongyao_desktop.intake.table import FoundTable, find_in_book, find_tables
from hongyao_desktop.sheets.book import Sheet
from hongyao_desktop.sheets.reading import read_book
from tests.intake.made_sheets import drawn

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))


def sample(number: int) -> FoundTable:
    (table,) = find_in_book(read_book(next(SAMPLES.glob(f"{number:02d}*"))))
    return table


def only(sheet: Sheet) -> FoundTable:
    (table,) = find_tables(sheet)
    return table


def keys(table: FoundTable) -> list[str]:
    return [column.key for column in table.columns]


def kinds(table: FoundTable) -> Counter[str]:
    return Counter(row.kind.value for row in table.rows)


def data(table: FoundTable, key: str) -> list[object]:
    position = table.position(key)
    return [row.values[position] for row in table.data_rows]


# ---------------------------------------------------------------------------------------------------- the samples


def test_the_roster() -> None:
    table = sample(1)
    assert list(table.header_rows) == EXPECTED["01"]["header_rows"]
    assert kinds(table) == {"data": EXPECTED["01"]["rows_with_people"], "blank": 5, "total": 1, "note": 1}
    assert keys(table)[:6] == [
        "序号",
        "基本信息/姓名",
        "基本信息/性别",
        "基本信息/出生年月",
        "基本信息/身份证号码",
        "联系方式",
    ]
    assert table.columns[7].path == ("是否新就业群体",)
    assert table.columns[8].path == ("是否新就业群体", "所属平台")
    assert table.title == "样例街道水湾社区“红领”志愿者花名册"
    assert table.context["填报单位"] == "水湾社区党委"
    assert table.context["填报日期"] == "2026年9月30日"
    assert (table.year, table.month) == (2026, 9)
    rows = list(table.data_rows)
    assert (rows[0].sheet_row, rows[-1].sheet_row) == (5, 64)
    assert rows[57].cells["基本信息/姓名"] == (rows[2].values[1], "B", 62, False)


def test_the_hours() -> None:
    table = sample(2)
    assert kinds(table) == {"data": EXPECTED["02"]["records"], "total": 1}
    assert table.columns[6].unit == "小时"
    assert (
        sum(round(float(str(value)) * 60) for value in data(table, "时长（小时）"))
        == EXPECTED["02"]["minutes"]
    )
    assert all(data(table, "活动名称"))
    assert len(set(data(table, "活动名称"))) == 7
    filled = list(table.data_rows)[1].cells["活动名称"]
    assert filled == ("爱心义剪", "A", 4, True)
    assert list(table.data_rows)[-1].values[0] == "楼道清洁"


def test_the_sign_in_sheet() -> None:
    table = sample(3)
    assert table.blocks == 2
    assert [min(one.letters[block] for one in table.columns) for block in (0, 1)] == ["A", "G"]
    assert kinds(table) == {"data": EXPECTED["03"]["people"]}
    marks = Counter(str(value or "") for key in ("11日上午", "11日下午") for value in data(table, key))
    assert marks == EXPECTED["03"]["marks"]
    assert table.context == {
        "时间": "2026年5月11日—13日",
        "地点": "街道党校三楼",
        "主讲": "区委党校讲师团",
        "计划学时": "24",
    }
    assert data(table, "序号") == list(range(1, 41))
    last = list(table.data_rows)[-1]
    assert (last.sheet_row, last.block, last.cells["姓名"].column_letter) == (23, 1, "H")


def test_the_cash_book() -> None:
    table = sample(4)
    assert kinds(table) == {"data": EXPECTED["04"]["entries"], "total": 10, "carry": 1}
    assert table.unit == "元"
    assert table.header_rows == (3, 3)
    assert (table.year, table.month) == (2026, None)


def test_the_text_file() -> None:
    table = sample(5)
    assert kinds(table) == {"data": EXPECTED["05"]["reports"]}
    assert table.header_rows == (1, 1)
    assert table.title == ""


# ----------------------------------------------------------------------------------------------- above the header

PLAIN = """
序号 | 姓名 | 身份证号 | 电话
1 | 张三 | '320290198001010014 | '13800000000
2 | 李四 | '320290198001010022 | '13900000000
"""


def test_a_plain_table() -> None:
    table = only(drawn(PLAIN))
    assert (table.header_rows, keys(table), kinds(table)) == (
        (1, 1),
        ["序号", "姓名", "身份证号", "电话"],
        {"data": 2},
    )


def test_places_are_those_of_the_sheet() -> None:
    table = only(drawn(PLAIN, down=5, right=2))
    assert table.header_rows == (6, 6)
    first = next(iter(table.data_rows)).cells["姓名"]
    assert (first.sheet_row, first.column_letter) == (7, "D")


def test_a_title_that_does_not_start_in_the_first_column() -> None:
    table = only(
        drawn("""
         |  | 水湾社区志愿者花名册 |
         |  |  |
        填报单位： | 水湾社区 |  | 填报日期：2026.9.30
        序号 | 姓名 | 电话 | 备注
        1 | 张三 | '13800000000 |
        """)
    )
    assert (table.title, table.header_rows) == ("水湾社区志愿者花名册", (4, 4))
    assert table.context == {"填报单位": "水湾社区", "填报日期": "2026.9.30"}
    assert (table.year, table.month) == (2026, 9)


def test_an_attachment_mark_is_not_the_title() -> None:
    table = only(
        drawn("""
        附件1 | | |
        2026年一季度慰问困难党员名册 | ~ | ~ | ~
        单位：万元 | | |
        姓名 | 家庭住址 | 慰问金额（万元） | 签字
        张三 | 一号楼 | 0.1 |
        """)
    )
    assert table.title == "2026年一季度慰问困难党员名册"
    assert (table.unit, table.columns[2].unit) == ("万元", "万元")
    assert (table.year, table.month) == (2026, None)


@pytest.mark.parametrize(
    ("line", "context"),
    [
        (
            "时间：2026年5月11日 14:30-17:00  地点：三楼  主讲：王老师",
            {"时间": "2026年5月11日 14:30-17:00", "地点": "三楼", "主讲": "王老师"},
        ),
        ("填 报 单 位：水湾社区", {"填报单位": "水湾社区"}),
        (
            "单位(公章):水湾社区　　　审核人:　　　电话:0571-123",
            {"单位": "水湾社区", "审核人": "", "电话": "0571-123"},
        ),
        ("活动名称：爱心义剪", {"活动名称": "爱心义剪"}),
    ],
)
def test_lines_of_labels_and_values(line: str, context: dict[str, str]) -> None:
    table = only(drawn(f"{line} | | |\n{PLAIN.strip()}"))
    assert table.context == context


# -------------------------------------------------------------------------------------------------------- headers


def test_breaks_spaces_stars_and_numbers_in_headers() -> None:
    table = only(
        drawn("""
        序\\n号 | *姓 名 | 1.身份证\\n号码（必填） | 联系 电话： | ★备　注
        1 | 张三 | '320290198001010014 | '13800000000 | 甲
        """)
    )
    assert [column.base for column in table.columns] == ["序号", "姓名", "身份证号码", "联系电话", "备注"]
    assert table.columns[2].remark == "必填"


def test_full_width_and_other_brackets() -> None:
    table = only(
        drawn("""
        姓名 | 时长〔小时〕 | 金额【元】 | 身份证号（后四位） | 学时/分钟
        张三 | 1.5 | 100 | '0014 | 90
        李四 | 2 | 50 | '0022 | 45
        """)
    )
    assert [column.unit for column in table.columns] == [None, "小时", "元", None, "分钟"]
    assert table.columns[3].base == "身份证号后四位"


def test_two_header_rows_without_merges() -> None:
    table = only(
        drawn("""
        序号 | 基本信息 | | | 联系方式 | 备注
         | 姓名 | 性别 | 年龄 | |
        1 | 张三 | 男 | 40 | '13800000000 |
        2 | 李四 | 女 | 41 | '13900000000 |
        """)
    )
    assert table.header_rows == (1, 2)
    assert keys(table) == ["序号", "基本信息/姓名", "基本信息/性别", "基本信息/年龄", "联系方式", "备注"]


def test_three_merged_header_rows() -> None:
    table = only(
        drawn("""
        党员教育培训统计表 | ~ | ~ | ~ | ~ | ~
        序号 | 姓名 | 学时情况 | ~ | ~ | 备注
        ^ | ^ | 集中培训 | ~ | 网络 | ^
        ^ | ^ | 上半年 | 下半年 | ^ | ^
        1 | 张三 | 16 | 8 | 20 |
        2 | 李四 | 12 | 10 | 18 | 借调
        """)
    )
    assert table.header_rows == (2, 4)
    assert keys(table) == [
        "序号",
        "姓名",
        "学时情况/集中培训/上半年",
        "学时情况/集中培训/下半年",
        "学时情况/网络",
        "备注",
    ]


def test_a_row_of_units_and_a_row_of_column_numbers_belong_to_the_header() -> None:
    table = only(
        drawn("""
        姓名 | 服务时长 | 补助 | 备注
         | （小时） | （元） |
        甲 | 1 | 2 | 3
        张三 | 1.5 | 100 |
        李四 | 2.5 | 200 |
        """)
    )
    assert table.header_rows == (1, 3)
    assert [column.unit for column in table.columns] == [None, "小时", "元", None]
    assert kinds(table) == {"data": 2}


def test_advice_below_the_header_is_no_record() -> None:
    table = only(
        drawn("""
        姓名 | 性别 | 出生日期 | 电话
        必填 | 请选择男或女 | 格式：2026-01-01 | 11位数字
        张三 | 男 | 2000-01-01 | '13800000000
        """)
    )
    assert kinds(table) == {"note": 1, "data": 1}


def test_an_example_row_is_no_record() -> None:
    table = only(
        drawn(
            "序号 | 姓名 | 电话 | 地址\n例 | 张三 | '13800000000 | 一号楼\n1 | 李四 | '13900000000 | 二号楼"
        )
    )
    assert data(table, "姓名") == ["李四"]


def test_days_as_columns() -> None:
    table = only(
        drawn("""
        9月考勤表 | ~ | ~ | ~ | ~ | ~ | ~
        序号 | 姓名 | 1 | 2 | 3 | 4 | 合计
        1 | 张三 | √ | √ | | √ | 3
        2 | 李四 | | √ | √ | | 2
        """)
    )
    assert table.header_rows == (2, 2)
    assert keys(table) == ["序号", "姓名", "1", "2", "3", "4", "合计"]
    assert kinds(table) == {"data": 2}


def test_real_dates_as_columns_under_a_group() -> None:
    table = only(
        drawn("""
        姓名 | 单位 | 签到 | ~ | ~
        ^ | ^ | 2026-05-11 | 2026-05-12 | 2026-05-13
        张三 | 一社区 | √ | √ | √
        李四 | 二社区 | √ | 请假 | √
        """)
    )
    assert table.header_rows == (1, 2)
    assert [str(column.raw) for column in table.columns[2:]] == ["2026-05-11", "2026-05-12", "2026-05-13"]
    assert keys(table)[2] == "签到/2026-05-11"


def test_sessions_under_days() -> None:
    table = only(
        drawn("""
        姓名 | 5月11日 | ~ | 5月12日 | ~
        ^ | 上午 | 下午 | 上午 | 下午
        张三 | √ | √ | √ | √
        李四 | √ | 请假 | √ | √
        """)
    )
    assert keys(table) == ["姓名", "5月11日/上午", "5月11日/下午", "5月12日/上午", "5月12日/下午"]
    assert table.blocks == 1


def test_a_header_drawn_over_two_columns_is_one_column() -> None:
    table = only(
        drawn("""
        序号 | 姓名 | ~ | 电话 | 备注
        1 | 张三 | ~ | '13800000000 |
        2 | | 李四 | '13900000000 | 写在右边
        """)
    )
    assert keys(table) == ["序号", "姓名", "电话", "备注"]
    assert data(table, "姓名") == ["张三", "李四"]


def test_a_header_over_columns_that_are_both_filled_stays_two() -> None:
    table = only(
        drawn("""
        姓名 | 出勤 | ~ | 备注
        张三 | √ | √ | 甲
        李四 | √ | 请假 | 乙
        """)
    )
    assert keys(table) == ["姓名", "出勤", "出勤#2", "备注"]


def test_a_column_without_a_header() -> None:
    table = only(
        drawn("""
        序号 | 姓名 | | 电话
        1 | 张三 | 组长 | '13800000000
        2 | 李四 | 组员 | '13900000000
        """)
    )
    assert keys(table)[2] == "（C 列无标题）"
    assert table.columns[2].path == ()


def test_a_header_that_no_office_knows_is_found_by_its_shape() -> None:
    table = only(drawn("甲种指标 | 乙种指标 | 丙种指标\n1 | 2 | 3\n4 | 5 | 6\n7 | 8 | 9"))
    assert keys(table) == ["甲种指标", "乙种指标", "丙种指标"]
    assert kinds(table) == {"data": 3}


def test_a_known_header_wins_over_likely_rows_above() -> None:
    sheet = drawn("""
    街道 | 社区 | 书记 | 人数
    样例 | 水湾 | 王某 | 一百人
    甲 | 乙 | 丙 | 丁
    红星编号 | 红星姓氏 | 红星门派 | 备注
    h1 | 张 | 一 |
    h2 | 李 | 二 |
    """)
    (*_others, table) = find_tables(sheet, lambda text: text.startswith("红星"))
    assert keys(table)[:3] == ["红星编号", "红星姓氏", "红星门派"]
    assert kinds(table)["data"] == 2
