"""Text files: the right encoding, the right separator, every character."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core import gb18030
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import delimited

MAINLAND = "姓名,性别,单位,备注\n张伟,男,水湾社区党委,走访慰问困难党员\n欧阳娜,女,街道办事处,理论宣讲\n"
TAIWAN = "姓名,性別,單位,備註\n張偉,男,水灣社區黨委,走訪慰問困難黨員\n歐陽娜,女,街道辦事處,理論宣講\n"
RARE = "姓名,备注\n郭𬬭刚,䶮𰻞\n王\ue81e,竖排︐标点\n"


def rows_of(data: bytes) -> tuple[list[list[str]], str, str]:
    text, encoding, _notes = delimited.decode(data, "表.csv")
    rows, separator = delimited.split(text)
    return list(rows), encoding, separator


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (MAINLAND, "utf-8", "utf-8"),
        (MAINLAND, "utf-8-sig", "utf-8-sig"),
        (MAINLAND, "utf-16", "utf-16"),
        (MAINLAND, "utf-16-le", "utf-16-le"),
        (MAINLAND, "utf-16-be", "utf-16-be"),
        (MAINLAND, "gb2312", "gb18030"),
        (MAINLAND, "gbk", "gb18030"),
        (MAINLAND, "gb18030", "gb18030"),
        (TAIWAN, "big5", "big5"),
        (TAIWAN, "utf-8", "utf-8"),
        (RARE, "gb18030", "gb18030"),
        (RARE, "utf-8", "utf-8"),
    ],
)
def test_encodings_of_offices(text: str, encoding: str, found: str) -> None:
    rows, chosen, separator = rows_of(text.encode(encoding))
    assert (chosen, separator) == (found, ",")
    expected = gb18030.repair_pua(text) if found == "gb18030" else text
    assert rows == list(csv.reader(io.StringIO(expected)))


def test_corrected_codes_of_2022_are_read_as_the_real_characters() -> None:
    rows, encoding, _ = rows_of("姓名,备注\n王".encode("gb18030") + b"\xfe\x59" + ",甲\n".encode("gb18030"))
    assert encoding == "gb18030"
    assert rows[1][0] == "王\u9fb4"


def test_a_few_bad_bytes_are_told_and_many_refused() -> None:
    good = (MAINLAND * 40).encode("gb18030")
    text, _encoding, notes = delimited.decode(good[:900] + b"\xff\xff" + good[900:], "表.csv")
    assert "走访慰问" in text
    assert len(notes) == 1
    assert "读不出" in notes[0]
    with pytest.raises(Refusal, match="不是表格"):
        delimited.decode(b"\xff\xff\x80\xff" * 500, "表.csv")


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，", "；"])
def test_separators(separator: str) -> None:
    text = MAINLAND.replace(",", separator)
    rows, found = delimited.split(text)
    assert found == separator
    assert list(rows)[1] == ["张伟", "男", "水湾社区党委", "走访慰问困难党员"]


def test_columns_set_with_spaces() -> None:
    rows, separator = delimited.split(
        "姓名    电话        单位\n张三    13800000000    水湾社区\n李四  13900000000  党校\n"
    )
    assert separator == " "
    assert list(rows)[2] == ["李四", "13900000000", "党校"]


def test_a_separator_line_of_a_spreadsheet_program() -> None:
    rows, separator = delimited.split("sep=;\r\n姓名;备注\r\n张三;甲,乙,丙\r\n")
    assert separator == ";"
    assert list(rows) == [["姓名", "备注"], ["张三", "甲,乙,丙"]]


def test_commas_inside_text_do_not_win_over_tabs() -> None:
    text = "内容\t日期\n井盖破损，已拍照,请处理\t9月1日\n路灯不亮，已拍照,请处理\t9月2日\n"
    rows, separator = delimited.split(text)
    assert separator == "\t"
    assert list(rows)[1] == ["井盖破损，已拍照,请处理", "9月1日"]


def test_titles_and_blank_lines_above_do_not_confuse() -> None:
    text = "水湾社区花名册,,,\n\n" + MAINLAND
    rows, separator = delimited.split(text)
    assert separator == ","
    assert len(list(rows)) == 5


def test_a_stray_quotation_mark_does_not_swallow_the_file() -> None:
    lines = [
        "姓名,备注",
        *(f'张{number},"英寸" 说明' if number != 5 else '李四,"半个引号' for number in range(200)),
    ]
    rows, _ = delimited.split("\n".join(lines))
    found = list(rows)
    assert len(found) == 201
    assert found[6] == ["李四", '"半个引号']
    assert found[1] == ["张0", '"英寸" 说明']


def test_quoted_cells_keep_their_lines_and_commas() -> None:
    rows, _ = delimited.split('姓名,备注\n张三,"第一行\n第二行,还有""引号"""\n')
    assert list(rows)[1] == ["张三", '第一行\n第二行,还有"引号"']


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="0123"', "0123"),
        ("'=A1", "=A1"),
        ("'0123", "0123"),
        ("\t0123", "0123"),
        ("'引号", "'引号"),
        ("=A1", "=A1"),
    ],
)
def test_ways_to_protect_a_text(written: str, meant: str) -> None:
    assert delimited._bare(written) == meant


CELLS = st.text(
    alphabet=st.one_of(
        st.sampled_from("张王李赵𬬭䶮欧阳0123456789 ，。、-/:\"',;"), st.characters(categories=["Lo"])
    ),
    max_size=12,
).map(lambda text: text.strip())


@given(
    st.lists(st.lists(CELLS.filter(bool), min_size=3, max_size=3), min_size=2, max_size=12),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_what_a_program_writes_comes_back(rows: list[list[str]], encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["姓名", "单位", "备注"], *rows])
    text, _encoding, notes = delimited.decode(out.getvalue().encode(encoding), "表.csv")
    read, separator = delimited.split(text)
    assert notes == ()
    assert separator == ","
    assert list(read)[1:] == [[delimited._bare(value) for value in row] for row in rows]


@pytest.mark.parametrize(
    "text", ["刘祎杰,138\n缪丽国,138\n陈建玥,138", "查娟祎,138\n高平,138\n郭军,138", "姓名\n昇玥"]
)
def test_names_outside_the_old_table_do_not_make_a_file_foreign(text: str) -> None:
    assert delimited.decode(text.encode("gb18030"), "表.csv")[:2] == (text, "gb18030")
