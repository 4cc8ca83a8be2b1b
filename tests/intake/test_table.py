"""Finding tables in the sheets offices really make."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake.table import FoundTable, RowKind, find_in_book, find_tables, no_table
from hongyao_desktop.sheets.book import Book, BookKind, Sheet
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
    assert (table.blocks, table.block_spans) == (2, (("A", "F"), ("G", "L")))
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


# ------------------------------------------------------------------------------------------------------- the body


def test_totals_carried_balances_and_blank_rows() -> None:
    table = only(
        drawn("""
        日期 | 凭证号 | 摘要 | 收入 | 支出 | 余额
         | | 承前页 | | | 100
        2026-01-05 | 记-1 | 拨款 | 50 | | 150
        2026-01-31 | | 本月合计 | 50 | 0 | 150
        2026-01-31 | | 本 年 累 计 | 50 | 0 | 150
        2026-02-03 | 记-2 | 慰问张三小计三人 | | 20 | 130
        -
         | | 过次页 | | | 130
        """)
    )
    assert [row.kind.value for row in table.rows] == [
        "carry",
        "data",
        "total",
        "total",
        "data",
        "blank",
        "carry",
    ]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("合计 | | | 100", "total"),
        ("小  计 | | | 100", "total"),
        ("总计： | 2人 | | 100", "total"),
        (" | 合计：2人 | | ", "total"),
        ("一季度合计 | | | 100", "total"),
        ("水湾社区 | 小计 | | 100", "total"),
        ("平均 | | | 50", "total"),
        ("上年结转 | | | 100", "carry"),
        ("期初余额 | | | 100", "carry"),
        ("3 | 王五 | | ", "data"),
        ("3 | 合计明 | '13800000000 | ", "data"),
        (" | 王五 | | ", "data"),
        ("3 | | | ", "blank"),
        ("3 | | | 0", "blank"),
        ("3 | | - | /", "blank"),
        ("填表人：张三 | | 审核人：李四 | ", "note"),
        ("制表：张三 | | | ", "note"),
        ("注：以上数据截至9月30日 | | | ", "note"),
        ("说明：1.身份证必填；2.一人一行。 | ~ | ~ | ~", "note"),
        ("1、本表一式两份，社区和街道各存一份 | ~ | ~ | ~", "note"),
        ("备注 | 本表由社区填写 | | ", "note"),
        ("以下空白 | | | ", "note"),
        ("第二网格 | ~ | ~ | ~", "note"),
        ("第二网格 | | | ", "note"),
        ("序号 | 姓名 | 电话 | 金额", "header"),
        ("序 号 | 姓  名 | 电话 | 金额", "header"),
        ("联系电话：0571-12345678 | | | ", "note"),
    ],
)
def test_kinds_of_rows(row: str, kind: str) -> None:
    table = only(
        drawn(f"""
        序号 | 姓名 | 电话 | 金额
        1 | 张三 | '13800000000 | 60
        2 | 李四 | '13900000000 | 40
        {row}
        """)
    )
    assert [found.kind.value for found in table.rows] == ["data", "data", kind]


def test_a_row_of_bare_sums_is_a_total() -> None:
    table = only(drawn("姓名 | 单位 | 金额 | 人数\n张三 | 甲 | 60 | 2\n李四 | 乙 | 40 | 1\n | | 100 | 3"))
    assert kinds(table) == {"data": 2, "total": 1}


def test_a_last_row_of_numbers_that_is_no_sum_stays_data() -> None:
    table = only(drawn("姓名 | 单位 | 金额 | 人数\n张三 | 甲 | 60 | 2\n李四 | 乙 | 40 | 1\n | | 99 | 3"))
    assert kinds(table) == {"data": 3}


def test_merged_cells_are_filled_down_within_their_merge_only() -> None:
    table = only(
        drawn("""
        活动 | 日期 | 姓名 | 时长
        义剪 | 2026-09-01 | 张三 | 1
        ^ | ^ | 李四 | 2
        | | 王五 | 3
        巡查 | 2026-09-02 | 赵六 | ~
        """)
    )
    assert data(table, "活动") == ["义剪", "义剪", None, "巡查"]
    rows = list(table.data_rows)
    assert [row.cells["活动"].from_merge for row in rows] == [False, True, False, False]
    assert rows[3].cells["时长"] == (None, "D", 5, True)


def test_a_merge_over_blank_numbered_rows_makes_no_records() -> None:
    table = only(
        drawn("""
        序号 | 社区 | 姓名 | 电话
        1 | 水湾 | 张三 | '13800000000
        2 | ^ | 李四 | '13900000000
        3 | ^ | |
        4 | ^ | |
        """)
    )
    assert kinds(table) == {"data": 2, "blank": 2}


def test_sections_name_the_rows_below_them() -> None:
    table = only(
        drawn("""
        序号 | 姓名 | 电话
        一、党员志愿者 | ~ | ~
        1 | 张三 | '13800000000
        二、群众志愿者 | ~ | ~
        1 | 李四 | '13900000000
        """)
    )
    assert [(row.values[1], row.section) for row in table.data_rows] == [
        ("张三", "一、党员志愿者"),
        ("李四", "二、群众志愿者"),
    ]


def test_the_header_comes_back_on_every_printed_page() -> None:
    table = only(
        drawn("""
        水湾社区花名册 | ~ | ~
        序号 | 姓名 | 电话
        1 | 张三 | '13800000000
        2 | 李四 | '13900000000
        水湾社区花名册 | ~ | ~
        序号 | 姓名 | 电话
        3 | 王五 | '13700000000
        """)
    )
    assert data(table, "序号") == [1, 2, 3]
    assert kinds(table) == {"data": 3, "note": 1, "header": 1}


def test_two_header_rows_come_back_too() -> None:
    table = only(
        drawn("""
        序号 | 基本信息 | ~ | 备注
        ^ | 姓名 | 性别 | ^
        1 | 张三 | 男 |
        序号 | 基本信息 | ~ | 备注
        ^ | 姓名 | 性别 | ^
        2 | 李四 | 女 |
        """)
    )
    assert data(table, "基本信息/姓名") == ["张三", "李四"]
    assert kinds(table) == {"data": 2, "header": 2}


def test_a_cell_with_an_error_is_not_a_blank_row() -> None:
    sheet = drawn("姓名 | 金额 | 备注\n张三 | 1 | 甲\n | | ")
    broken = Sheet(name="表", rows=sheet.rows, faults={(2, 1): "#REF!"})
    assert kinds(only(broken)) == {"data": 2}


def test_hidden_rows_are_told() -> None:
    sheet = drawn(PLAIN)
    hidden = Sheet(name="表", rows=sheet.rows, hidden_rows=frozenset({2}))
    assert [row.hidden for row in only(hidden).data_rows] == [False, True]


# ------------------------------------------------------------------------------------------------- several tables


def test_three_blocks_with_gaps_between() -> None:
    table = only(
        drawn("""
        签到表 | ~ | ~ | ~ | ~ | ~ | ~ | ~
        序号 | 姓名 | | 序号 | 姓名 | | 序号 | 姓名
        1 | 张三 | | 3 | 王五 | | 5 | 孙七
        2 | 李四 | | 4 | 赵六 | | |
        """)
    )
    assert (table.blocks, table.block_spans) == (3, (("A", "B"), ("D", "E"), ("G", "H")))
    assert data(table, "姓名") == ["张三", "李四", "王五", "赵六", "孙七"]


def test_blocks_where_the_second_lacks_the_last_column() -> None:
    table = only(drawn("姓名|电话|备注|姓名|电话\n张三|'138|甲|李四|'139\n王五|'137||赵六|'136"))
    assert table.blocks == 2
    assert data(table, "姓名") == ["张三", "王五", "李四", "赵六"]


def test_an_empty_column_inside_a_table_does_not_cut_it() -> None:
    table = only(drawn("序号 | 姓名 | | 电话 | 备注\n1 | 张三 | | '138 | 甲\n2 | 李四 | | '139 | 乙"))
    assert (table.blocks, keys(table)) == (1, ["序号", "姓名", "电话", "备注"])


def test_different_tables_side_by_side() -> None:
    first, second = find_tables(
        drawn("""
        序号 | 姓名 | 电话 | | 序号 | 项目 | 金额
        1 | 张三 | '138 | | 1 | 慰问 | 500
        2 | 李四 | '139 | | 2 | 助学 | 1000
        3 | 王五 | '137 | | | |
        """)
    )
    assert (keys(first), keys(second)) == (["序号", "姓名", "电话"], ["序号", "项目", "金额"])
    assert (kinds(first)["data"], kinds(second)["data"]) == (3, 2)


def test_different_tables_one_below_the_other() -> None:
    first, second = find_tables(
        drawn("""
        一、收入明细 | | |
        日期 | 捐款人 | 金额 | 备注
        2026-01-05 | 张三 | 100 |
        合计 | | 100 |
        -
        二、支出明细 | | |
        日期 | 慰问对象 | 慰问金额 | 经办人
        2026-01-06 | 李四 | 50 | 王五
        合计 | | 50 |
        """)
    )
    assert (first.title, second.title) == ("一、收入明细", "二、支出明细")
    assert (first.header_rows, second.header_rows) == ((2, 2), (7, 7))
    assert (kinds(first), kinds(second)) == ({"data": 1, "total": 1}, {"data": 1, "total": 1})


def test_labels_and_values_in_cells_of_their_own_are_context() -> None:
    table = only(
        drawn("""
        培训签到表 | ~ | ~ | ~
        培训班名称 | 书记培训班 | 时间 | 2026-05-11
        地点 | 党校 | 主讲人 | 王老师
        课时 | 24 | 人数 | 40
        序号 | 姓名 | 单位 | 签到
        1 | 张三 | 一社区 | √
        """)
    )
    assert table.header_rows == (5, 5)
    assert table.context["培训班名称"] == "书记培训班"
    assert table.context["地点"] == "党校"
    assert kinds(table) == {"data": 1}


# ------------------------------------------------------------------------------------------------------- odd ones


def test_the_ledger_of_old_with_month_and_day_apart() -> None:
    table = only(
        drawn("""
        党内关爱基金明细账|~|~|~|~|~|~
        2026年|~|凭证|~|摘要|借方|余额
        月|日|字|号|^|^|^
        1|1|||上年结转||52300
        1|5|记|1|拨款|1000|53300
        |31|||本月合计|1000|53300
        """)
    )
    assert keys(table)[:5] == ["2026年/月", "2026年/日", "凭证/字", "凭证/号", "摘要"]
    assert [row.kind.value for row in table.rows] == ["carry", "data", "total"]


def test_a_system_s_own_names_below_the_header_are_no_record() -> None:
    table = only(drawn("姓名|身份证号|联系电话\nname|id_no|phone\n张三|'320290198001010014|'138"))
    assert (table.header_rows, keys(table), kinds(table)) == (
        (1, 2),
        ["姓名", "身份证号", "联系电话"],
        {"data": 1},
    )


def test_rows_numbered_beforehand_without_a_header_over_the_numbers() -> None:
    table = only(drawn("|姓名|性别|电话\n1|张三|男|'138\n2|李四|女|'139\n3|||\n4|||"))
    assert kinds(table) == {"data": 2, "blank": 2}


def test_rows_numbered_in_rings() -> None:
    table = only(drawn("序号|姓名|性别|电话\n①|张三|男|'138\n②|李四|女|'139\n③|||"))
    assert kinds(table) == {"data": 2, "blank": 1}


def test_rules_drawn_with_dashes_and_column_numbers_after_a_gap() -> None:
    table = only(
        drawn("序号|姓名|金额|签名\n-\n甲|乙|1|2\n1|张三|500|\n-----|-----|-----|-----\n2|李四|600|")
    )
    assert kinds(table) == {"data": 2, "blank": 1}


def test_a_letter_s_end_below_the_table_is_no_record() -> None:
    table = only(
        drawn("""
        姓名|单位|职务|电话
        张三|甲|书记|'138
        王五|||
        |||水湾社区党委（盖章）
        |||2026-09-30
        """)
    )
    assert [row.kind.value for row in table.rows] == ["data", "data", "note", "note"]


def test_a_remark_beside_the_header_is_no_column() -> None:
    table = only(drawn("花名册|~|~||\n序号|姓名|电话||注意：请如实填写\n1|张三|'138||\n2|李四|'139||"))
    assert keys(table) == ["序号", "姓名", "电话"]


def test_a_total_above_the_records() -> None:
    table = only(drawn("单位|人数|时长\n合计|30|60\n水湾社区|10|20\n和平社区|20|40"))
    assert [row.kind.value for row in table.rows] == ["total", "data", "data"]


def test_totals_that_say_more() -> None:
    table = only(
        drawn("""
        序号|姓名|金额|签字
        1|张三|500|
        2|李四|500|
        合计（大写）：壹仟元整|~|1000|
        共 2 人，其中党员1人|||
        合计：2人，其中党员1人|||
        """)
    )
    assert [row.kind.value for row in table.rows] == ["data", "data", "total", "note", "total"]


def test_a_list_of_nothing_but_names() -> None:
    table = only(drawn("姓名\n张三\n李四"))
    assert data(table, "姓名") == ["张三", "李四"]


def test_names_in_columns_without_any_header_are_no_table() -> None:
    assert find_tables(drawn("名单|\n张三|李四\n王五|赵六")) == []


def test_months_and_dates_as_columns() -> None:
    first = only(drawn("编号|活动|1月|2月|3月\n1|义诊|3|4|5\n2|巡查|1|2|3"))
    assert keys(first) == ["编号", "活动", "1月", "2月", "3月"]
    second = only(drawn("姓名|2026-09-01|2026-09-02\n张三|1|2\n李四|1.5|"))
    assert keys(second) == ["姓名", "2026-09-01", "2026-09-02"]


def test_a_second_table_that_differs_in_one_column_only() -> None:
    first, second = find_tables(
        drawn("""
        收入|~|~
        日期|来源|金额
        2026-01-01|拨款|100
        合计||100
        支出|~|~
        日期|用途|金额
        2026-01-02|慰问|50
        """)
    )
    assert (first.title, second.title) == ("收入", "支出")
    assert (kinds(first), kinds(second)) == ({"data": 1, "total": 1}, {"data": 1})


def test_a_better_known_table_does_not_swallow_the_one_above() -> None:
    sheet = drawn("""
    收支情况|~|~
    日期|摘要|金额
    2026-01-01|拨款|1
    2026-01-02|慰问|2
    人员名册|~|~
    红星编号|红星姓氏|备注
    h1|张|
    h2|李|
    """)
    first, second = find_tables(sheet, lambda text: text.startswith("红星") or text == "备注")
    assert (first.title, second.title) == ("收支情况", "人员名册")
    assert (kinds(first), kinds(second)) == ({"data": 2}, {"data": 2})


def test_another_header_right_below_records() -> None:
    first, second = find_tables(drawn("姓名|电话|备注\n张三|'138|\n日期|摘要|金额\n2026-01-01|拨款|1"))
    assert (kinds(first), kinds(second)) == ({"data": 1}, {"data": 1})


def test_context_drawn_as_a_small_table() -> None:
    table = only(
        drawn("""
        培训签到表|~|~|~
        培训班名称|时间|地点|主讲人
        书记培训班|2026-05-11|党校|王老师
        序号|姓名|单位|签到
        1|张三|一社区|√
        2|李四|二社区|√
        """)
    )
    assert table.title == "培训签到表"
    assert table.context == {
        "培训班名称": "书记培训班",
        "时间": "2026-05-11",
        "地点": "党校",
        "主讲人": "王老师",
    }


# ---------------------------------------------------------------------------------------------------- no table at all


def test_a_form_says_that_it_is_one() -> None:
    sheet = drawn("""
    志愿者登记表 | ~ | ~ | ~
    姓名 | 张三 | 性别 | 男
    出生日期 | 1980年1月1日 | 民族 | 汉
    身份证号 | '320290198001010014 | ~ | ~
    家庭住址 | 一号楼 | ~ | ~
    """)
    assert find_tables(sheet) == []
    assert no_table(sheet).code == "table.form"


def test_a_table_on_its_side_says_how_to_turn_it() -> None:
    sheet = drawn("姓名|张三|李四|王五\n性别|男|女|男\n电话|'138|'139|'137")
    assert find_tables(sheet) == []
    assert no_table(sheet).code == "table.sideways"


def test_prose_is_no_table_and_the_sentence_says_what_was_looked_for() -> None:
    sheet = drawn("关于开展志愿服务的通知\n各社区党委：\n现将有关事项通知如下，请认真贯彻落实。\n特此通知。")
    book = Book("通知.xlsx", BookKind.XLSX, (sheet,), "0")
    with pytest.raises(Refusal) as caught:
        find_in_book(book, expected=["姓名", "身份证号码"])
    assert "没有找到表头（要找的列名如：姓名、身份证号码）" in caught.value.message
    assert "通知.xlsx" in caught.value.message


def test_hidden_sheets_are_looked_at_only_when_named() -> None:
    shown, hidden = drawn(PLAIN, name="看得见"), drawn(PLAIN, name="藏着")
    hidden = Sheet(name="藏着", rows=hidden.rows, hidden=True)
    book = Book("册.xlsx", BookKind.XLSX, (shown, hidden), "0")
    assert [table.sheet_name for table in find_in_book(book)] == ["看得见"]
    assert [table.sheet_name for table in find_in_book(book, sheet="藏着")] == ["藏着"]
    with pytest.raises(Refusal, match="没有名为“九月”的工作表；现有：看得见、藏着"):
        find_in_book(book, sheet="九月")


def test_an_empty_template_is_a_table_without_records() -> None:
    table = only(drawn("志愿者花名册 | ~ | ~ | ~\n序号 | 姓名 | 身份证号码 | 联系电话"))
    assert (table.header_rows, table.rows) == ((2, 2), [])


def test_kinds_have_the_words_others_rely_on() -> None:
    assert [kind.value for kind in RowKind] == ["data", "total", "carry", "blank", "note", "header"]
