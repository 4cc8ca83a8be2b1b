"""The briefing screen with the keyboard and a click on a number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.printing.reports import report_desk
from hongyao_desktop.briefing.page.screen import BriefingPage
from tests.app.demonstrations import copied
from tests.screens import SECONDS, shown


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[BriefingPage]:
    with (
        open_file(copied(tmp_path), "李静", PASSWORD) as office,
        shown(
            office, tmp_path, qapp, qtbot, lambda session: BriefingPage(session, report_desk(office))
        ) as made,
    ):
        qtbot.waitUntil(lambda: made.report is not None, timeout=SECONDS)
        yield made


def test_a_figure_chosen_in_the_outline_lists_its_records(page: BriefingPage, qtbot: QtBot) -> None:
    page.outline.setFocus()
    QTest.keyClick(page.outline, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.behind.table is not None, timeout=SECONDS)
    assert page.report is not None
    item = page.outline.currentItem()
    code = str(item.data(Qt.ItemDataRole.UserRole))
    reading = page.report.summary.readings[code]
    assert page.behind.value.text() == reading.shown
    assert f"共 {reading.value:,} 条" in page.behind.open_button.text()


def test_a_click_on_a_number_of_the_paper_opens_it(page: BriefingPage, qtbot: QtBot) -> None:
    assert page.report is not None
    spot = page.report.spot_of("ZY-12")
    assert spot is not None
    rect, scale = page.pane.view.sheets()[spot.page - 1], page.pane.view.scale()
    middle = QPoint(
        rect.x() + round((spot.left + spot.right) / 2 * scale),
        rect.y() + round((spot.top + spot.bottom) / 2 * scale),
    )
    QTest.mouseClick(page.pane.view.widget(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: page.behind.table is not None, timeout=SECONDS)
    assert page.behind.label.text().startswith("服务人次")
    assert page.outline.currentItem().data(Qt.ItemDataRole.UserRole) == "ZY-12"


def test_words_are_found_and_marked_and_the_next_place_comes_into_sight(
    page: BriefingPage, qtbot: QtBot
) -> None:
    bar = page.pane.find_bar
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    assert bar.box.hasFocus()
    bar.box.insert("数据来源与口径")  # QTest has no keys for Chinese
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.told.text().startswith("第 1 处，共"), timeout=SECONDS)
    count = len(bar.marks.hits)
    assert count >= 2
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    assert bar.told.text() == f"第 2 处，共 {count} 处"
    hit = bar.marks.rects(1)[0]
    sight = page.pane.view.viewport().rect().translated(0, page.pane.view.verticalScrollBar().value())
    assert sight.intersects(hit)
    QTest.keyClick(bar.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.told.text().startswith("第 1 处")
    bar.box.setText("查无此词")
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.told.text() == "没有找到", timeout=SECONDS)
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert bar.marks.hits == ()


def test_a_double_click_on_a_row_opens_the_record_behind_it(page: BriefingPage, qtbot: QtBot) -> None:
    assert page.report is not None
    spot = next(spot for spot in page.report.spots if spot.source.startswith("volunteers/"))
    page.pane.view.go_to(spot.page)
    rect, scale = page.pane.view.sheets()[spot.page - 1], page.pane.view.scale()
    middle = QPoint(
        rect.x() + round((spot.left + spot.right) / 2 * scale),
        rect.y() + round((spot.top + spot.bottom) / 2 * scale),
    )
    went: list[tuple[str, str]] = []
    page.session.wanted.connect(lambda place, row_id: went.append((place, row_id)))
    QTest.mouseDClick(page.pane.view.widget(), Qt.MouseButton.LeftButton, pos=middle)
    assert went == [tuple(spot.source.split("/"))]


def test_it_is_saved_as_pdf_and_workbook_and_printed(
    page: BriefingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.choose_file = lambda proposed, _kinds: str(tmp_path / proposed)
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已存为" in page.messages.text, timeout=SECONDS)
    pdf = next(tmp_path.glob("*.pdf"))
    QTest.keyClick(page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: "各数与 PDF 一致" in page.messages.text, timeout=SECONDS)
    assert next(tmp_path.glob("*工作情况汇总.xlsx")).stat().st_size > 10_000
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    page.print_on(printer)
    qtbot.waitUntil(lambda: "已送去打印" in page.messages.text, timeout=4 * SECONDS)
    assert len(PdfReader(tmp_path / "打印.pdf").pages) == len(PdfReader(pdf).pages)
    noted = page.session.reader.all(
        "SELECT form FROM print_run WHERE paper = 'summary' ORDER BY printed_at, id"
    )
    assert [row["form"] for row in noted] == ["PDF", "XLSX", "PDF"], "everything that leaves is noted"


def test_a_span_that_ends_before_it_begins_is_refused_and_the_report_stays(page: BriefingPage) -> None:
    before = page.report
    page.form.set_value("last", "2020-01-01")
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert "晚于" in page.messages.text
    assert page.report is before
