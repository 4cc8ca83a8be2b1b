"""Every paper and workbook of the demonstration office under the programs that others open them with."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.printing.papers import PAPERS, Wishes, print_paper
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.archive import archive_findings
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
        "list": {"register": "人员"},
        "pack": {"papers": "summary,board,cash-book,year-gaps,volunteer-list"},
    }


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every paper as PDF and PDF/A, and as a workbook where it has a table."""
    folder = tmp_path_factory.mktemp("papers")
    home = tmp_path_factory.mktemp("office")
    with open_file(copied(home), "李静", PASSWORD) as office:
        options = options_of(office.reader())
        for paper in PAPERS:
            chosen = options.get(paper.name, {})
            print_paper(office, paper, folder / f"{paper.name}.pdf", PERIOD, options=chosen)
            chosen = {"number": certificate(office.reader())} if paper.name == "certificate" else chosen
            archive = Wishes(archive=True, code=True, noted=False)
            print_paper(
                office, paper, folder / f"{paper.name}.archive.pdf", PERIOD, options=chosen, wishes=archive
            )
            if paper.name != "pack":
                out = folder / f"{paper.name}.xlsx"
                print_paper(office, paper, out, PERIOD, options=chosen, wishes=Wishes(noted=False))
    return folder


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
    assert len(pdfs) == 2 * len(PAPERS)
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
def test_libreoffice_computes_the_same_in_every_workbook(printed: Path, tmp_path: Path) -> None:
    import openpyxl

    books = sorted(printed.glob("*.xlsx"))
    assert len(books) == len(PAPERS) - 1
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    run(
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        tmp_path,
        *books,
    )
    checked = 0
    for book in books:
        computed = openpyxl.load_workbook(tmp_path / book.name, data_only=True)
        for sheet in computed.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "e", f"{book.name} {sheet.title} {cell.coordinate}: {cell.value}"
        for row in computed["合计核对"].iter_rows(min_row=3, min_col=5, max_col=5):
            if row[0].value is not None:
                assert abs(float(str(row[0].value))) < 0.005, f"{book.name} {row[0].coordinate}"
                checked += 1
    assert checked > len(books)


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
