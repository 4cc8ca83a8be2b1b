"""Every paper and workbook of the demonstration office under the programs that others open them with."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.printing.papers import PAPERS, Wishes, find_paper, print_paper
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.archive import archive_findings
from hongyao_desktop.paper.catalogue import PaperSpec
from hongyao_desktop.store import Office
from tests.app.demonstrations import PASSWORD, copied

TODAY = dt.date.today()  # noqa: DTZ011 - the demonstration office is made for today
PERIOD = Period(TODAY - dt.timedelta(days=365), TODAY)
CONTACT = {"phone": "0512-65001234", "place": "街道党群服务中心"}


def options_of(reader: Reader) -> dict[str, dict[str, str]]:
    """What papers must be told; the people are whoever the demonstration made."""
    volunteer = str(
        reader.value(
            "SELECT volunteer_id FROM service_record WHERE served_on > ? LIMIT 1", (f"{PERIOD.first}",)
        )
    )
    person = str(
        reader.value("SELECT person_id FROM trainee JOIN attendance ON trainee_id = trainee.id LIMIT 1")
    )
    return {
        "volunteer-notice": {**CONTACT, "what": "积分"},
        "aid-notice": CONTACT,
        "activity-sign-in": {"activity": str(reader.value("SELECT id FROM activity LIMIT 1"))},
        "certificate": {"volunteer": volunteer, "chief": "赵书记", "contact": "0512-65001234"},
        "volunteer-file": {"volunteer": volunteer},
        "credit-proof": {"person": person},
        "cadre-file": {"person": person},
        "order-slip": {"number": str(reader.value("SELECT number FROM service_order LIMIT 1"))},
        "points-lot": {"number": str(reader.value("SELECT number FROM point_lot LIMIT 1"))},
        "shop-slip": {"number": str(reader.value("SELECT number FROM shop_redemption LIMIT 1"))},
        "list": {"register": "人员"},
        "pack": {"papers": "summary,board,cash-book,year-gaps,volunteer-list"},
    }


CONTROL = "合计核对"
HEAD = {CONTROL: 2, "与纸面核对": 3, "指标核对": 3}
"""The row of the header in the sheets that check a workbook."""
CHECKS = frozenset(HEAD)


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every paper as PDF and PDF/A, and as a workbook where it has a table."""
    folder = tmp_path_factory.mktemp("papers")
    home = tmp_path_factory.mktemp("office")
    with open_file(copied(home), "李静", PASSWORD) as office:
        options = options_of(office.reader())
        for paper in PAPERS:
            print_three(office, paper, folder, options.get(paper.name, {}))
        for register in REGISTERS:
            for kind in (".pdf", ".xlsx"):
                out, chosen = folder / f"list-{register.name}{kind}", {"register": register.label}
                print_paper(
                    office, find_paper("list"), out, PERIOD, options=chosen, wishes=Wishes(noted=False)
                )
    return folder


def print_three(office: Office, paper: PaperSpec, folder: Path, chosen: dict[str, str]) -> None:
    """A paper as PDF, as PDF/A and as a workbook."""
    # The register of prints would be one longer in its workbook than on its paper.
    first = Wishes(noted=paper.name != "print-runs")
    print_paper(office, paper, folder / f"{paper.name}.pdf", PERIOD, options=chosen, wishes=first)
    chosen = {"number": certificate(office.reader())} if paper.name == "certificate" else chosen
    archive = Wishes(archive=True, code=True, noted=False)
    print_paper(office, paper, folder / f"{paper.name}.archive.pdf", PERIOD, options=chosen, wishes=archive)
    if paper.name != "pack":
        out = folder / f"{paper.name}.xlsx"
        print_paper(office, paper, out, PERIOD, options=chosen, wishes=Wishes(noted=False))


def certificate(reader: Reader) -> str:
    return str(reader.value("SELECT number FROM service_certificate ORDER BY number DESC LIMIT 1"))


def run(*command: str | Path) -> str:
    """What a program says; it must end well."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.needs("qpdf")
def test_qpdf_finds_nothing(printed: Path) -> None:
    pdfs = sorted(printed.glob("*.pdf"))
    assert len(pdfs) == 2 * len(PAPERS) + len(REGISTERS)
    for pdf in pdfs:
        assert "No syntax or stream encoding errors found" in run("qpdf", "--check", pdf), pdf.name


@pytest.mark.needs("pdftotext", "pdffonts")
def test_poppler_reads_every_word_and_finds_every_font_inside(printed: Path) -> None:
    for pdf in sorted(printed.glob("*.pdf")):
        words = run("pdftotext", "-q", pdf, "-")
        assert "核验码" in words, pdf.name
        assert "\ufffd" not in words, pdf.name
        for line in run("pdffonts", pdf).splitlines()[2:]:
            embedded, subset, unicode_map = re.findall(r"\b(yes|no)\b", line)[:3]
            assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), f"{pdf.name}: {line}"


@pytest.mark.needs("gs")
def test_ghostscript_draws_every_page_without_a_word(printed: Path) -> None:
    pdfs = sorted(printed.glob("*.pdf"))
    said = run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=nullpage", *pdfs)
    assert said.strip() == ""


def test_every_paper_passes_for_the_archive(printed: Path) -> None:
    for pdf in sorted(printed.glob("*.archive.pdf")):
        assert archive_findings(pdf.read_bytes()) == (), pdf.name


@pytest.mark.needs("soffice")
def test_libreoffice_computes_the_same_in_every_workbook(
    printed: Path, recalculate_all: Callable[[Sequence[Path]], Path]
) -> None:
    """Zero difference in every check of every paper's and every register's workbook, and nowhere an error."""
    import openpyxl

    books = sorted(printed.glob("*.xlsx"))
    assert len(books) == len(PAPERS) - 1 + len(REGISTERS)
    fresh = recalculate_all(books)
    checked = 0
    for book in books:
        computed = openpyxl.load_workbook(fresh / book.name, data_only=True)
        for sheet in computed.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "e", f"{book.name} {sheet.title} {cell.coordinate}: {cell.value}"
            for place, difference in differences(sheet):
                assert abs(difference) < 0.005, f"{book.name} {place}"
                checked += 1
    assert checked > 5 * len(books)


def differences(sheet: Worksheet) -> Iterator[tuple[str, float]]:
    """The numbers of a checking sheet that must be zero, with their place."""
    if sheet.title not in HEAD:
        return
    head = [cell.value for cell in sheet[HEAD[sheet.title]]]
    for row in sheet.iter_rows(min_row=HEAD[sheet.title] + 1):
        cell = row[head.index("差额")]
        if is_number(cell.value):
            yield f"{sheet.title} {cell.coordinate}", float(str(cell.value))


@pytest.mark.needs("soffice")
def test_a_difference_would_be_seen(
    tmp_path: Path, printed: Path, recalculate: Callable[[Path], Path]
) -> None:
    """The check above can fail: one amount changed by hand shows up in the computed differences."""
    import openpyxl

    changed = tmp_path / "改过.xlsx"
    book = openpyxl.load_workbook(printed / "aid-notice.xlsx")
    sheet = book["帮扶公示"]
    cell = next(
        cell for row in sheet.iter_rows() for cell in row if is_number(cell.value) and cell.column == 5
    )
    cell.value = float(str(cell.value)) + 1
    book.save(changed)
    computed = openpyxl.load_workbook(recalculate(changed), data_only=True)
    found = {place for sheet in computed.worksheets for place, value in differences(sheet) if value}
    assert {place.split()[0] for place in found} == {CONTROL, "与纸面核对"}


@pytest.mark.needs("pdftotext")
def test_every_figure_of_a_workbook_stands_on_the_paper(printed: Path) -> None:
    """The 纸面数 of the tie-out are held against the words of the PDF itself."""
    import openpyxl

    checked = 0
    for book in sorted(printed.glob("*.xlsx")):
        opened = openpyxl.load_workbook(book, data_only=True)
        sheet = next((opened[name] for name in CHECKS if name in opened.sheetnames and name != CONTROL), None)
        assert sheet is not None, f"{book.name}：没有与纸面核对的表"
        head = [cell.value for cell in sheet[HEAD[sheet.title]]]
        value = head.index("纸面数" if "纸面数" in head else "汇总数值")
        words = run("pdftotext", "-q", "-layout", printed / f"{book.stem}.pdf", "-")
        said = {float(word.replace(",", "")) for word in re.findall(r"-?\d[\d,]*\.?\d*", words)}
        for row in sheet.iter_rows(min_row=HEAD[sheet.title] + 1, values_only=True):
            if row[1] and is_number(row[value]):
                figure = round(float(str(row[value])), 2)
                assert figure in said or figure == 0, f"{book.name} {row}"
                checked += 1
    assert checked > 150


def test_every_workbook_is_laid_out_for_work(printed: Path) -> None:
    """Frozen header, filters, A4, nothing merged among the records, long numbers as text."""
    import openpyxl

    long_number = re.compile(r"\d{15,}[0-9Xx]?")
    for book in sorted(printed.glob("*.xlsx")):
        opened = openpyxl.load_workbook(book)
        assert opened.properties.title, book.name
        assert "日志校验值" in str(opened.properties.subject), book.name
        for sheet in opened.worksheets:
            where = f"{book.name} {sheet.title}"
            assert sheet.freeze_panes, where
            assert sheet.auto_filter.ref, where
            assert str(sheet.page_setup.paperSize) == "9", where
            first = int(re.sub(r"\D", "", str(sheet.freeze_panes)))
            assert all(merged.max_row < first for merged in sheet.merged_cells.ranges), where
            for row in sheet.iter_rows(min_row=first):
                for cell in row:
                    if cell.value is not None and long_number.fullmatch(str(cell.value)):
                        assert (cell.data_type, cell.number_format) == ("s", "@"), (
                            f"{where} {cell.coordinate}"
                        )


def test_a_pack_has_bookmarks_and_page_numbers_that_go_on(printed: Path) -> None:
    import pikepdf

    from hongyao_desktop.paper.preview import page_count, page_text

    pdf = printed / "pack.pdf"
    with pikepdf.open(pdf) as opened, opened.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
    assert titles[:2] == ["封面", "目录"]
    assert len(titles) == 7
    assert "— " not in page_text(pdf, 1)
    assert "— 1 —" in page_text(pdf, 3)
    last = page_count(pdf)
    assert f"— {last - 2} —" in page_text(pdf, last)
    contents = page_text(pdf, 2)
    numbers = [int(number) for number in re.findall(r"…\s*(\d+)\s*$", contents, re.MULTILINE)]
    assert len(numbers) == 5
    for number, title in zip(numbers, titles[2:], strict=True):
        packed = re.sub(r"\s", "", page_text(pdf, number + 2))
        assert re.sub(r"\s", "", title).split("（")[0][:6] in packed


def test_a_paper_for_nobody_is_refused(tmp_path: Path) -> None:
    options = {"volunteer": "查无此人"}
    paper = next(paper for paper in PAPERS if paper.name == "volunteer-file")
    with open_file(copied(tmp_path), "李静", PASSWORD) as office:
        with pytest.raises(Refusal, match="没有编号或姓名为"):
            print_paper(office, paper, tmp_path / "a.pdf", PERIOD, options=options)
        assert not (tmp_path / "a.pdf").exists()
