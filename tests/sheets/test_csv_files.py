"""Text files: read back the same, harmless in a spreadsheet program."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets.csv_files import csv_text, harmless, write_csv
from hongyao_desktop.sheets.reading import read_book
from hongyao_desktop.sheets.writing import PERCENT, ColumnOut

COLUMNS = [ColumnOut("姓名"), ColumnOut("电话", CellKind.CODE), ColumnOut("金额", CellKind.MONEY)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_reads_back(tmp_path: Path, encoding: Literal["utf-8-sig", "gb18030"]) -> None:
    path = tmp_path / "名单.csv"
    rows: list[list[Any]] = [
        ["郭𬬭刚", "013800000000", -1050],
        ["王\u9fb4", "=cmd|' /C calc'!A0", 1],
        ['引"号,逗号\n换行', None, None],
    ]
    assert write_csv(path, COLUMNS, rows, encoding) == 3
    book = read_book(path)
    assert book.encoding == encoding
    assert book.sheets[0].rows == [
        ["姓名", "电话", "金额"],
        ["郭𬬭刚", "013800000000", "-10.50"],
        ["王\u9fb4", "=cmd|' /C calc'!A0", "0.01"],
        ['引"号,逗号\n换行', None, None],
    ]


def test_the_corrected_codes_of_2022_are_written(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    write_csv(path, [ColumnOut("姓名")], [["\u9fb4"]], "gb18030")
    assert b"\xfe\x59" in path.read_bytes()


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "+cmd", "-cmd", "-1+1", " =1", "\n=1", "＝1+1", "－甲", "+86 138"]
)
def test_what_acts_is_made_harmless(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-12.50", "+86138", "-1,234", "-5%", "甲=乙", "", "2026-03-05", "a@b.c", "0123"]
)
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (CellKind.MONEY, -1205, "-12.05"),
        (CellKind.HOURS, 90, "1.5"),
        (CellKind.POINTS, 150, "1.50"),
        (CellKind.INTEGER, 3, "3"),
        (CellKind.TIME, 510, "8:30"),
        (CellKind.DATE, "2026-03-05", "2026-03-05"),
        (CellKind.CODE, "0012", "0012"),
        (PERCENT, 0.125, "12.5%"),
        (CellKind.MONEY, "＊＊", "＊＊"),
        (CellKind.TEXT, None, ""),
    ],
)
def test_values_as_a_person_reads_them(kind: Any, value: Any, shown: str) -> None:
    assert csv_text(kind, value) == shown


def test_a_character_the_encoding_has_not(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有文件夹"):
        write_csv(tmp_path / "没有" / "甲.csv", COLUMNS, [])
    write_csv(tmp_path / "甲.csv", [ColumnOut("备注")], [["半\ud842个"]], "gb18030")
    assert read_book(tmp_path / "甲.csv").sheets[0].rows[1] == ["半个"]


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        min_size=1,
        max_size=8,
    )
)
def test_no_line_of_a_file_starts_a_formula(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "甲.csv"
        write_csv(path, [ColumnOut("备注")], [[text] for text in texts])
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")[1:-1]
    assert len(lines) == len(texts)
    for line in lines:
        bare = line.strip('"').strip()
        assert not bare or bare[0] not in "=@" or bare.startswith("'")
