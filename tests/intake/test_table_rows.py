"""Rows below a header: records, totals, blanks and notes; several tables in a sheet; sheets without any table."""

from __future__ import annotations

from collections import Counter

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake.no_table import no_table
from hongyao_desktop.intake.table import FoundTable, RowKind, find_in_book, find_tables
from hongyao_desktop.sheets.book import Book, BookKind, Sheet
from tests.intake.made_sheets import drawn

PLAIN = """
序号 | 姓名 | 身份证号 | 电话
1 | 张三 | '320290198001010014 | '13800000000
2 | 李四 | '320290198001010022 | '13900000000
"""


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
    assert table.blocks == 3
    assert [one.letters for one in table.columns] == [("A", "D", "G"), ("B", "E", "H")]
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
