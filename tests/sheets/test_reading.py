"""What stands in a spreadsheet comes over as it stands there, whatever the file is called and made with."""

from __future__ import annotations

import datetime as dt
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from hongyao_desktop.sheets import child, wire
from hongyao_desktop.sheets.book import BookKind, Limits, column_letter, column_number
from hongyao_desktop.sheets.package import matters
from hongyao_desktop.sheets.reading import read_book
from tests.sheets import makers

XLSX_SAMPLES = sorted(makers.SAMPLES.glob("*.xlsx"))


def sample(number: int) -> Path:
    return next(makers.SAMPLES.glob(f"{number:02d}*"))


# ----------------------------------------------------------------------------------------------------- the samples


def test_the_roster_has_its_header_merges_and_rows() -> None:
    book = read_book(sample(1))
    (sheet,) = book.sheets
    assert (book.kind, sheet.name, len(sheet.rows), sheet.width) == (BookKind.XLSX, "花名册", 71, 10)
    assert {(0, 0, 0, 9), (2, 0, 3, 0), (2, 1, 2, 4), (2, 7, 2, 8), (70, 6, 70, 9)} <= set(sheet.merged)
    assert sheet.rows[3][1] == "姓 名"
    assert sheet.rows[6][3] == dt.date(1995, 5, 8)
    assert sheet.rows[4][4] == "320290198909111236"


def test_an_identity_number_in_a_numeric_cell_stays_a_number() -> None:
    rows = read_book(sample(1)).sheets[0].rows
    damaged = [row[4] for row in rows if isinstance(row[4], int)]
    assert len(damaged) == 3
    assert all(len(str(value)) == 18 and str(value).endswith("000") for value in damaged)


def test_the_text_file_is_gb18030_with_quoted_commas() -> None:
    book = read_book(sample(5))
    assert (book.kind, book.encoding, book.separator) == (BookKind.CSV, "gb18030", ",")
    rows = book.sheets[0].rows
    assert len(rows) == 13
    assert rows[0] == ["上报时间", "姓名", "平台", "地点", "内容", "办结时间"]
    assert rows[5][1] == "郭𬬭刚"
    assert rows[1][4] == "井盖破损，已拍照"
    assert rows[2][5] is None


def test_a_book_is_known_again_by_its_digest() -> None:
    assert read_book(sample(2)).digest == read_book(sample(2)).digest != read_book(sample(3)).digest


# ---------------------------------------------------------------------------------------------------- other programs


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder with the samples as another program writes them in the format asked for."""
    made: dict[str, Path] = {}

    def convert(ending: str) -> Path:
        if ending not in made:
            folder = tmp_path_factory.mktemp(ending)
            profile = tmp_path_factory.mktemp("profile")
            options = f"--headless --convert-to {ending} --outdir".split()
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation={profile.as_uri()}",
                    *options,
                    str(folder),
                    *XLSX_SAMPLES,
                ],
                capture_output=True,
                timeout=110,
                check=True,
            )
            made[ending] = folder
        return made[ending]

    return convert


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("ending", ["xls", "ods"])
@pytest.mark.parametrize("source", XLSX_SAMPLES, ids=lambda path: path.name[:2])
def test_old_and_open_formats_say_the_same(
    converted: Callable[[str], Path], source: Path, ending: str
) -> None:
    ours = read_book(source).sheets[0]
    theirs = read_book(converted(ending) / f"{source.stem}.{ending}")
    assert theirs.kind is BookKind(ending)
    assert theirs.sheets[0].rows == ours.rows
    assert sorted(theirs.sheets[0].merged) == sorted(ours.merged)


@pytest.mark.needs("soffice")
def test_a_web_page_called_xls(converted: Callable[[str], Path], tmp_path: Path) -> None:
    page = converted("html") / f"{sample(1).stem}.html"
    renamed = tmp_path / "花名册.xls"
    renamed.write_bytes(page.read_bytes())
    book = read_book(renamed)
    ours = read_book(sample(1)).sheets[0]
    assert book.kind is BookKind.HTML
    assert sorted(book.sheets[0].merged) == sorted(ours.merged)
    assert [row[1] for row in book.sheets[0].rows[2:60]] == [row[1] for row in ours.rows[2:60]]


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    for name in ("名单.xls", "名单.csv", "名单.et", "名单"):
        path = makers.simple(tmp_path / "源.xlsx").rename(tmp_path / name)
        assert read_book(path).kind is BookKind.XLSX


# -------------------------------------------------------------------------------------------- cells of a workbook


NOON = dt.datetime(2026, 3, 1, 12, 30)  # noqa: DTZ001 - cells know no time zone


def odd_cells(sheet: Worksheet) -> None:
    sheet["C3"] = 320290198803051230
    sheet["D3"], sheet["D3"].number_format = dt.date(2026, 3, 1), 'yyyy"年"m"月"'
    sheet["E3"] = NOON
    sheet["F3"], sheet["G3"] = dt.time(9, 30), dt.timedelta(hours=30)
    sheet["H3"], sheet["I3"], sheet["J3"] = "#DIV/0!", "=SUM(1,2)", True
    sheet["K3"], sheet["K3"].number_format = 0.85, "0%"
    sheet["L3"], sheet["L3"].number_format = 42, "000000"
    sheet["M3"], sheet["M3"].number_format = dt.date(2026, 3, 5), "yyyy-mm-dd"
    sheet["N3"], sheet["N3"].data_type = "=1+1", "s"
    sheet["O3"] = "第一行\n第二行 𬬭䶮"
    sheet.row_dimensions[5].hidden = True
    sheet["A5"] = "被隐藏"


def test_every_kind_of_cell(tmp_path: Path) -> None:
    sheet = read_book(makers.workbook(tmp_path / "杂.xlsx", odd_cells)).sheets[0]
    assert (sheet.row_offset, sheet.col_offset) == (2, 0)
    values = [sheet.cell(2, column) for column in range(2, 15)]
    identity = values[0]
    assert isinstance(identity, int)
    assert len(str(identity)) == 18
    assert values[1:] == [
        dt.date(2026, 3, 1),
        NOON,
        dt.time(9, 30),
        dt.timedelta(hours=30),
        None,
        None,
        True,
        0.85,
        42,
        dt.date(2026, 3, 5),
        "=1+1",
        "第一行\n第二行 𬬭䶮",
    ]
    assert sheet.formats == {(2, 3): 'yyyy"年"m"月"', (2, 10): "0%", (2, 11): "000000"}
    assert sheet.faults == {(2, 7): "#DIV/0!", (2, 8): "formula"}
    assert sheet.hidden_rows == {4}
    assert sheet.cell(0, 0) is None
    assert sheet.cell(99, 99) is None


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = dt.date(2026, 3, 1)
    book.save(tmp_path / "苹果.xlsx")
    assert read_book(tmp_path / "苹果.xlsx").sheets[0].rows == [[dt.date(2026, 3, 1)]]


def test_hidden_and_empty_sheets(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first["A1"] = "看得见"
    book.create_sheet("空表")
    hidden = book.create_sheet("藏着")
    hidden["B2"], hidden.sheet_state = "看不见", "hidden"
    book.save(tmp_path / "三张.xlsx")
    sheets = read_book(tmp_path / "三张.xlsx").sheets
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("藏着", True)]
    assert sheets[1].cell(1, 1) == "看不见"


def test_parts_with_prefixes_and_single_quotes(tmp_path: Path) -> None:
    """Other programs write the same XML in other clothes."""

    def dress(name: str, content: bytes) -> bytes:
        if name.endswith("sheet1.xml"):
            for tag in (
                b"worksheet",
                b"sheetData",
                b"row",
                b"c",
                b"v",
                b"f",
                b"mergeCells",
                b"mergeCell",
                b"is",
                b"t",
            ):
                content = content.replace(b"<%s>" % tag, b"<x:%s>" % tag).replace(
                    b"</%s>" % tag, b"</x:%s>" % tag
                )
                content = content.replace(b"<%s " % tag, b"<x:%s " % tag).replace(
                    b"<%s/>" % tag, b"<x:%s/>" % tag
                )
            content = content.replace(b"xmlns=", b"xmlns:x=").replace(b'ref="A1:B1"', b"ref='A1:B1'")
        return content

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["B2"] = "标题", "=1+1", "#N/A"
        sheet.merge_cells("A1:B1")

    plain = makers.workbook(tmp_path / "源.xlsx", fill)
    sheet = read_book(makers.repacked(plain, tmp_path / "别家.xlsx", dress)).sheets[0]
    assert sheet.merged == ((0, 0, 0, 1),)
    assert sheet.faults == {(1, 0): "formula", (1, 1): "#N/A"}


@pytest.mark.parametrize(
    ("code", "meaning_changes"),
    [
        ("General", False),
        ("0.00", False),
        ("#,##0.00_ ;[Red]\\-#,##0.00\\ ", False),
        ('#,##0.00"元"', False),
        ("yyyy-mm-dd", False),
        ('[$-804]yyyy"年"m"月"d"日";@', False),
        ("h:mm", False),
        ("[h]:mm", False),
        ("@", False),
        ("0%", True),
        ("0.00%", True),
        ("00000", True),
        ("000-0000", True),
        ('yyyy"年"m"月"', True),
        ('m"月"d"日"', True),
        ("mmm-yy", True),
    ],
)
def test_formats_that_show_something_else(code: str, meaning_changes: bool) -> None:
    assert matters(code) is meaning_changes


# --------------------------------------------------------------------------------------------------- pages and old XML


def test_a_page_with_spans_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="gb2312"><style>td{x:1}</style><title>表</title></head><body><table>'
        "<tr><td colspan=3>花名册</td></tr><tr><td rowspan=2>一组<td>张&nbsp;三<td style=\"mso-number-format:'\\@'\">"
        "32029019900101001X</tr><tr><td>李<br>四<td><table><tr><td>内层</td></tr></table></tr></table>"
    )
    path = tmp_path / "导出.xls"
    path.write_bytes(page.encode("gb18030"))
    book = read_book(path)
    assert book.kind is BookKind.HTML
    assert book.sheets[0].rows == [
        ["花名册", None, None],
        ["一组", "张 三", "32029019900101001X"],
        [None, "李\n四", "内层"],
    ]
    assert book.sheets[0].merged == ((0, 0, 0, 2), (1, 0, 2, 0))


def test_workbook_xml_of_2003(tmp_path: Path) -> None:
    path = tmp_path / "旧系统.xls"
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单"><Table>'
        '<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">标题</Data></Cell></Row>'
        '<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="Number">3</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-03-05T00:00:00.000</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    book = read_book(path)
    assert book.kind is BookKind.XML2003
    assert book.sheets[0].name == "名单"
    assert book.sheets[0].rows[0] == ["标题", None, None]
    assert book.sheets[0].rows[3] == [None, 3, dt.date(2026, 3, 5)]
    assert book.sheets[0].merged == ((0, 0, 0, 2),)


def test_a_locked_open_document_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "锁.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
        package.writestr("content.xml", "\x12\x34")
    from hongyao_desktop.core.problem import Refusal

    with pytest.raises(Refusal, match="密码"):
        read_book(path)


# -------------------------------------------------------------------------------------------------------- machinery


def test_letters_and_numbers_of_columns() -> None:
    assert [column_letter(number) for number in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert all(column_number(column_letter(number)) == number for number in range(2000))
    with pytest.raises(ValueError, match="a"):
        column_number("a")
    with pytest.raises(ValueError, match=r"^$"):
        column_number("")


def test_the_request_keeps_any_path_and_limit() -> None:
    path, limits = Path("/甲/\udcd5\udcc5.xlsx"), Limits(seconds=1.5, cells=7)
    assert wire.read_request(wire.request(path, limits)) == (path, limits)


def test_a_frozen_program_starts_itself_as_a_reading_process() -> None:
    assert child.wanted(["/opt/hongyao/hongyao", child.ARGUMENT])
    assert not child.wanted(["/opt/hongyao/hongyao"])
    assert not child.wanted(["/opt/hongyao/hongyao", "import", child.ARGUMENT])


def test_progress_counts_the_rows(tmp_path: Path) -> None:
    told: list[int] = []
    makers.simple(tmp_path / "多.xlsx", [["序号"], *([number] for number in range(5000))])
    read_book(tmp_path / "多.xlsx", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 5001
