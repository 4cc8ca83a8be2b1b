"""Columns find their fields; what is not certain is asked, what is not wanted is listed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hongyao_desktop.core.fields import Date, FieldType, IdNumber, Name, Phone, Text
from hongyao_desktop.core.problem import Level
from hongyao_desktop.intake.mapping import HeaderIndex, How, Mapping, best_table, map_columns
from hongyao_desktop.intake.table import find_in_book, find_tables
from hongyao_desktop.sheets.reading import read_book
from tests.intake.made_sheets import drawn

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"


@dataclass(frozen=True)
class AField:
    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    type: FieldType = field(default_factory=Text)


FIELDS = (
    AField("name", "姓名", ("人员姓名", "志愿者姓名"), required=True, type=Name()),
    AField("sex", "性别"),
    AField("born", "出生日期", ("出生年月",), type=Date()),
    AField("id", "证件号码", ("身份证号码", "身份证号", "身份证"), required=True, type=IdNumber()),
    AField("phone", "联系电话", ("手机号码", "手机号", "手机", "电话", "联系方式"), type=Phone()),
    AField("address", "家庭住址", ("住址",)),
    AField("new_group", "是否新就业群体"),
    AField("guardian", "监护人姓名"),
    AField("note", "备注"),
)
BODY = "张三|男|1980-01-01|'320290198001010014|'13800000000"


def mapped(header: str, *rows: str, fixed: dict[str, str] | None = None) -> Mapping:
    (table,) = find_tables(drawn("\n".join([header, *rows])), HeaderIndex(FIELDS).knows)
    return map_columns(table, FIELDS, fixed=fixed)


def codes(mapping: Mapping) -> list[str]:
    return [problem.code for problem in mapping.problems]


def test_the_roster_of_the_sample() -> None:
    tables = find_in_book(read_book(next(SAMPLES.glob("01*"))), HeaderIndex(FIELDS).knows)
    table, mapping = best_table(tables, FIELDS)
    assert table.header_rows == tuple(
        json.loads((SAMPLES / "EXPECTED.json").read_text("utf-8"))["01"]["header_rows"]
    )
    assert mapping.columns == {
        "基本信息/姓名": "name",
        "基本信息/性别": "sex",
        "基本信息/出生年月": "born",
        "基本信息/身份证号码": "id",
        "联系方式": "phone",
        "是否新就业群体": "new_group",
        "备注": "note",
    }
    assert {column.name for column in mapping.unknown} >= {"服务类别", "所属平台"}
    assert [column.name for column in mapping.ignored] == ["序号"]
    assert mapping.missing_required == ()


def test_labels_aliases_spaces_breaks_and_remarks() -> None:
    mapping = mapped("*姓 名|性别|出生\\n年月|身份证号（必填）|手机 号码：", BODY, BODY)
    assert list(mapping.columns.values()) == ["name", "sex", "born", "id", "phone"]
    assert all(match.how is How.EXACT for match in mapping.matches)
    assert mapping.problems == ()


def test_a_missing_required_column_is_an_error_that_names_other_spellings() -> None:
    mapping = mapped("姓名|性别|联系电话", "张三|男|'138", "李四|女|'139")
    assert [field.name for field in mapping.missing_required] == ["id"]
    (problem,) = mapping.problems
    assert (problem.level, problem.field, problem.row) == (Level.ERROR, "id", 1)
    assert (
        problem.message
        == "没有找到“证件号码”这一列（也可写作：身份证号码、身份证号、身份证），请在表头补上或指定是哪一列"
    )


def test_the_last_digits_are_not_the_number() -> None:
    mapping = mapped("姓名|身份证号(后四位)|性别", "张三|'0014|男", "李四|'0022|女")
    assert "id" not in mapping.by_field
    assert [column.name for column in mapping.unknown] == ["身份证号(后四位)"]


@pytest.mark.parametrize("header", ["参训人员姓名", "姓名/Name", "姓名(常用名)", "姓名1"])
def test_near_names_are_taken_and_asked_about(header: str) -> None:
    mapping = mapped(f"{header}|性别|身份证号", "张三|男|'320290198001010014", "李四|女|'320290198001010022")
    assert mapping.by_field["name"].letter == "A"
    (problem,) = mapping.problems
    assert (problem.code, problem.level, problem.column) == ("mapping.guess", Level.QUESTION, "A")
    assert "按“姓名”读取" in problem.message


def test_a_slip_of_the_pen() -> None:
    mapping = mapped("姓名|身份证号码码|联系电花", "张三|甲|乙", "李四|丙|丁")
    assert {match.field: match.how for match in mapping.matches} == {"name": How.EXACT, "id": How.NEAR}
    assert codes(mapping) == ["mapping.guess", "mapping.unknown"]


@pytest.mark.parametrize("header", ["父亲姓名", "紧急联系人姓名", "户主姓名", "代领人姓名"])
def test_somebody_else_s_name_is_not_taken(header: str) -> None:
    mapping = mapped(f"{header}|性别|身份证号", "张三|男|甲", "李四|女|乙")
    assert "name" not in mapping.by_field


def test_names_under_somebody_else_s_group() -> None:
    (table,) = find_tables(
        drawn("""
        姓名|身份证号|父亲|~|监护人|~
        ^|^|姓名|电话|姓名|电话
        小明|'320290201001010014|张三|'138|李四|'139
        """)
    )
    mapping = map_columns(table, FIELDS)
    assert mapping.columns == {"姓名": "name", "身份证号": "id", "监护人/姓名": "guardian"}
    assert [column.key for column in mapping.unknown] == ["父亲/姓名", "父亲/电话", "监护人/电话"]


def test_two_columns_for_one_field_are_a_question() -> None:
    mapping = mapped("姓名|手机|联系电话|身份证号", "张三|'138|'0571|甲", "李四|'139|'0572|乙")
    (doubt,) = mapping.ambiguous
    assert (doubt.field, [column.letter for column in doubt.columns]) == ("phone", ["C", "B"])
    assert mapping.by_field["phone"].letter == "C"
    assert (
        mapping.problems[0].message
        == "“联系电话”（C 列）、“手机”（B 列）都可能是“联系电话”，先按 C 列读取，请确认"
    )


def test_a_second_column_that_is_empty_or_the_same_is_no_question() -> None:
    empty = mapped("姓名|联系电话|手机|身份证号", "张三||'138|甲", "李四||'139|乙")
    assert (empty.by_field["phone"].letter, empty.ambiguous) == ("C", ())
    same = mapped("姓名|联系电话|手机|身份证号", "张三|'138|'138|甲", "李四|'139|'139|乙")
    assert same.ambiguous == ()


def test_columns_without_a_name_are_told_by_their_content() -> None:
    rows = [f"'3202901980010100{number}|张{number}|'138000000{number}" for number in (10, 11, 12)]
    mapping = mapped("编码|姓名|热线", *rows)
    assert {match.field: match.how for match in mapping.matches} == {
        "id": How.CONTENT,
        "name": How.EXACT,
        "phone": How.CONTENT,
    }
    assert codes(mapping) == ["mapping.guess", "mapping.guess"]


def test_a_word_of_its_own_is_not_bent_to_another_field() -> None:
    fields = (AField("on", "日期", required=True), AField("name", "姓名"))
    (table,) = find_tables(
        drawn("姓名|出生日期|入党日期\n张三|1980-01-01|2000-01-01\n李四|1981-01-01|2001-01-01")
    )
    assert map_columns(table, fields).columns == {"姓名": "name"}


def test_a_stated_choice_goes_before_everything() -> None:
    mapping = mapped(
        "姓名|曾用名|身份证号",
        "张三|张五|甲",
        "李四|李五|乙",
        fixed={"曾用名": "name", "身份证号": "", "别的": "id"},
    )
    assert mapping.columns == {"曾用名": "name"}
    assert [column.key for column in mapping.ignored] == ["身份证号"]
    assert [column.key for column in mapping.unknown] == ["姓名"]
    assert mapping.matches[0].how is How.STATED


def test_the_reasons_of_returned_rows_are_not_asked_about() -> None:
    mapping = mapped("序号|姓名|身份证号|退回原因", "1|张三|甲|原第 5 行：不对", "2|李四|乙|原第 6 行：不对")
    assert [column.name for column in mapping.ignored] == ["序号", "退回原因"]
    assert mapping.problems == ()


def test_the_table_that_fits_is_chosen() -> None:
    tables = find_tables(
        drawn("""
        日期|摘要|金额
        2026-01-01|拨款|1
        2026-01-02|慰问|2
        -
        姓名|性别|身份证号
        张三|男|甲
        """),
        HeaderIndex(FIELDS).knows,
    )
    assert len(tables) == 2
    table, mapping = best_table(tables, FIELDS)
    assert table.header_rows == (5, 5)
    assert mapping.missing_required == ()


def test_an_index_knows_labels_and_aliases_in_any_dress() -> None:
    index = HeaderIndex((AField("led", "书记（组长）", ("负责人",)),))
    assert index.knows("书记组长")
    assert index.owners("负责人") == [("led", 1)]
    assert not index.knows("组长")
