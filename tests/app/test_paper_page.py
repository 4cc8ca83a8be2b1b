"""打印材料 with the keyboard: choosing, previewing, saving, printing, and what is noted of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.printing.paper_page import PaperPage, fields_of
from hongyao_desktop.app.printing.papers import PAPERS
from hongyao_desktop.store import Office
from tests.app.demonstrations import copied
from tests.screens import SECONDS, shown


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_file(copied(tmp_path), "李静", PASSWORD) as opened:
        yield opened


@pytest.fixture
def page(office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[PaperPage]:
    with shown(office, tmp_path, qapp, qtbot, lambda session: PaperPage(session, office)) as made:
        yield made


def runs(office: Office) -> list[tuple[str, str]]:
    rows = office.reader().all("SELECT paper, form FROM print_run ORDER BY printed_at, id")
    return [(row["paper"], row["form"]) for row in rows]


def test_the_first_paper_is_previewed_at_once_and_a_draft_is_not_noted(
    page: PaperPage, office: Office, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.draft is not None, timeout=SECONDS)
    assert page.stack.currentWidget() is page.view
    assert runs(office) == []


def test_every_paper_has_its_form_and_can_be_chosen(page: PaperPage, qtbot: QtBot) -> None:
    for paper in PAPERS:
        page.open_row(paper.name)
        assert page.paper is paper
        assert set(page.form.boxes) == {field.name for field in fields_of(paper)}
        qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


def test_what_is_wanting_is_said_where_it_is_wanting(page: PaperPage, office: Office) -> None:
    page.open_row("activity-sign-in")
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert page.form.boxes["set_activity"].hint.text == "活动还没有填"
    assert page.focusWidget() is page.form.boxes["set_activity"].entry.editor()
    assert runs(office) == []


def test_a_certificate_has_its_number_only_when_it_is_given_out(page: PaperPage, qtbot: QtBot) -> None:
    page.open_row("certificate")
    qtbot.waitUntil(lambda: "存盘或打印时才开具" in page.empty.teaching, timeout=SECONDS)


def test_a_board_for_the_public_is_saved_as_pdf_and_workbook_and_noted(
    page: PaperPage, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_row("board")
    page.form.set_value("purpose", "公示")

    def save(ending: str) -> None:
        page.choose_file = lambda proposed: str((tmp_path / proposed).with_suffix(ending))
        QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: f"{ending}，并登记" in page.messages.text, timeout=SECONDS)
        page.messages.clear()

    save(".pdf")
    save(".xlsx")
    assert runs(office) == [("board", "PDF"), ("board", "XLSX")]


def test_it_goes_to_a_printer(page: PaperPage, office: Office, qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "打印.pdf"

    def to_a_file(_name: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out))
        return printer

    page.choose_printer = to_a_file
    page.open_row("cash-book")
    QTest.keyClick(page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "已送去打印" in page.messages.text, timeout=SECONDS)
    assert len(PdfReader(out).pages) >= 1
    assert runs(office) == [("cash-book", "PDF")]


def test_a_span_that_ends_before_it_begins_is_refused_and_nothing_is_noted(
    page: PaperPage, office: Office
) -> None:
    page.form.set_value("last", "2020-01-01")
    page.preview()
    assert page.messages.text
    assert runs(office) == []
