"""打印材料 with the keyboard: choosing, previewing, saving, printing, and what is noted of it."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPointF, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.printing.paper_form import ARCHIVE, LOCKED, fields_of, known_before
from hongyao_desktop.app.printing.paper_page import PaperPage
from hongyao_desktop.app.printing.papers import PAPERS, SHELVES, find_paper
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.settings import OFFICE_PHONE
from hongyao_desktop.paper.archive import archive_findings
from hongyao_desktop.paper.preview import page_image, page_text
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
    assert page.stack.currentWidget() is page.pane
    assert runs(office) == []


def test_every_paper_has_its_form_and_can_be_chosen(page: PaperPage, qtbot: QtBot) -> None:
    for paper in PAPERS:
        page.open_row(paper.name)
        assert page.paper is paper
        assert set(page.form.boxes) == {field.name for field in fields_of(paper)}
        qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


def test_a_paper_is_found_by_its_initials_and_chosen_from_the_keyboard(page: PaperPage, qtbot: QtBot) -> None:
    QTest.keyClick(page, Qt.Key.Key_F3)
    assert page.focusWidget() is page.list.finder
    QTest.keyClicks(page.list.finder, "qdb")
    assert page.list.shown() == ["活动签到表", "培训签到表"]
    before = page.paper
    assert before.label not in page.list.shown()
    QTest.keyClick(page.list.finder, Qt.Key.Key_Return)
    assert page.focusWidget() is page.list.list
    assert page.paper.label == page.list.shown()[0]
    QTest.keyClick(page, Qt.Key.Key_F3)
    QTest.keyClick(page.list.finder, Qt.Key.Key_Escape)
    assert page.list.shown() == [paper.label for paper in PAPERS]
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


def test_the_names_of_sections_are_passed_over_and_a_search_never_hides_the_paper_asked_for(
    page: PaperPage, qtbot: QtBot
) -> None:
    last_of_briefing = SHELVES[0][1][-1]
    first_of_volunteers = SHELVES[1][1][0]
    page.open_row(last_of_briefing.name)
    QTest.keyClick(page.list.list, Qt.Key.Key_Down)
    assert page.paper is first_of_volunteers
    page.list.finder.setText("没有这份材料")
    assert page.list.shown() == []
    page.open_row("certificate")
    assert page.paper.name == "certificate"
    assert page.list.shown() == [paper.label for paper in PAPERS]
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


def test_what_is_wanting_is_said_where_it_is_wanting(page: PaperPage, office: Office) -> None:
    page.open_row("activity-sign-in")
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert page.form.boxes["set_activity"].hint.text == "活动还没有填"
    assert page.focusWidget() is page.form.boxes["set_activity"].entry.editor()
    assert runs(office) == []


def test_a_certificate_is_seen_before_it_has_its_number_and_has_it_only_when_given_out(
    page: PaperPage, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_row("certificate")
    qtbot.waitUntil(lambda: "先填志愿者" in page.empty.teaching, timeout=SECONDS)
    volunteer = office.reader().value(
        "SELECT volunteer_id FROM service_record WHERE served_on >= ? LIMIT 1", (page.form.value("first"),)
    )
    issued = office.reader().value("SELECT COUNT(*) FROM service_certificate")
    page.form.set_value("set_volunteer", volunteer)
    page.preview()
    qtbot.waitUntil(lambda: page.draft is not None, timeout=SECONDS)
    assert page.draft is not None
    words = page_text(page.draft.pdf, 1)
    assert "编号：（存盘或打印时开具）" in words
    assert "单位负责人：（待填）" in words
    assert office.reader().value("SELECT COUNT(*) FROM service_certificate") == issued
    page.form.set_value("set_chief", "赵书记")
    page.form.set_value("set_contact", "0512-65001234")
    page.choose_file = lambda _proposed: str(tmp_path / "证明.pdf")
    page.save()
    qtbot.waitUntil(lambda: "已存为" in page.messages.text, timeout=SECONDS)
    number = office.reader().value("SELECT number FROM service_certificate ORDER BY id DESC LIMIT 1")
    assert office.reader().value("SELECT COUNT(*) FROM service_certificate") == issued + 1
    assert str(number) in page_text(tmp_path / "证明.pdf", 1)
    assert f"证明编号 {number}" in page.messages.text
    page.choose_file = lambda _proposed: str(tmp_path / "再存.pdf")
    page.save()
    qtbot.waitUntil(lambda: "已存为 再存.pdf" in page.messages.text, timeout=SECONDS)
    assert office.reader().value("SELECT COUNT(*) FROM service_certificate") == issued + 1, (
        "saved again, not issued"
    )
    assert str(number) in page_text(tmp_path / "再存.pdf", 1)


def test_what_is_typed_for_a_paper_is_kept_until_it_is_given_out(
    page: PaperPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_row("list?register=人员")
    assert page.drafts() == [], "filled in from elsewhere, not typed"
    page.form.set_value("last", "2026-11-01")
    assert page.form.dirty
    page.open_row("board")
    page.form.set_value("first", "2026-02-01")
    assert [kept.key for kept in page.drafts()] == [], "days alone are no work to keep"
    page.form.set_value("set_limit", "5")
    [kept] = page.drafts()
    assert (kept.key, kept.label) == ("paper:board", "志愿者榜的内容")
    assert kept.values["texts"]["set_limit"] == "5"
    page.choose_file = lambda _proposed: str(tmp_path / "榜.pdf")
    page.save()
    qtbot.waitUntil(lambda: "已存为 榜.pdf" in page.messages.text, timeout=SECONDS)
    assert page.drafts() == []
    page.put_back(kept)
    assert page.paper.name == "board"
    assert page.form.value("set_limit") == "5"
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


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


def file_printer(out: Path) -> QPrinter:
    """A printer that prints into a PDF file, as the system's dialog offers one."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(out))
    return printer


def test_it_goes_to_a_printer(page: PaperPage, office: Office, qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "打印.pdf"
    page.choose_printer = lambda _name: file_printer(out)
    page.open_row("cash-book")
    QTest.keyClick(page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "已送去打印" in page.messages.text, timeout=SECONDS)
    assert len(PdfReader(out).pages) >= 1
    assert runs(office) == [("cash-book", "PDF")]


def test_what_is_moved_for_a_printed_form_is_moved_on_the_sheet_and_remembered(
    page: PaperPage, qtbot: QtBot, tmp_path: Path
) -> None:
    plain, moved = tmp_path / "原样.pdf", tmp_path / "套打.pdf"

    def print_to(out: Path) -> tuple[float, float]:
        page.choose_printer = lambda _name: file_printer(out)
        QTest.keyClick(page, Qt.Key.Key_F9)
        qtbot.waitUntil(lambda: "已送去打印" in page.messages.text, timeout=SECONDS)
        page.messages.clear()
        return ink_begins(out)

    page.open_row("cash-book")
    before = print_to(plain)
    page.form.set_value("move_right", 300)
    page.form.set_value("move_down", -150)
    after = print_to(moved)
    assert after[0] - before[0] == pytest.approx(3.0, abs=0.3)
    assert after[1] - before[1] == pytest.approx(-1.5, abs=0.3)
    again = PaperPage(page.session, page.session._office)  # type: ignore[arg-type]
    again.open_row("cash-book")
    assert (again.form.value("move_right"), again.form.value("move_down")) == (300, -150)
    again.deleteLater()


def ink_begins(pdf: Path) -> tuple[float, float]:
    """Where the first ink of a page stands, in millimetres from its upper left."""
    dpi = 150
    drawn = page_image(pdf, 1, dpi)
    lines = [drawn.data[y * drawn.stride :][: 3 * drawn.width : 3] for y in range(drawn.height)]
    top = next(y for y, line in enumerate(lines) if min(line) < 128)
    left = min(next(x for x, shade in enumerate(line) if shade < 128) for line in lines if min(line) < 128)
    return left / dpi * 25.4, top / dpi * 25.4


def test_a_name_is_found_and_its_record_opened_with_the_keyboard(page: PaperPage, qtbot: QtBot) -> None:
    page.open_row("board")
    qtbot.waitUntil(
        lambda: page.draft is not None and page.draft.asked.paper.name == "board", timeout=SECONDS
    )
    assert page.draft is not None
    spot = next(spot for spot in page.draft.spots if spot.source.startswith("volunteers/"))
    row = page.session.reader.one("SELECT number FROM volunteer WHERE id = ?", (spot.source.split("/")[1],))
    assert row is not None
    went: list[tuple[str, str]] = []
    page.session.wanted.connect(lambda place, row_id: went.append((place, row_id)))
    bar = page.pane.find_bar
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.box.hasFocus()
    bar.box.setText(row["number"])
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.told.text().startswith("第 1 处"), timeout=SECONDS)
    QTest.keyClick(bar.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert went == [tuple(spot.source.split("/"))]


def test_a_double_click_on_a_row_opens_the_record_also_on_a_turned_sheet(
    page: PaperPage, qtbot: QtBot
) -> None:
    page.open_row("volunteer-list")
    qtbot.waitUntil(lambda: page.draft is not None, timeout=SECONDS)
    qtbot.waitUntil(lambda: len(page.view.sheets()) > 1, timeout=SECONDS)
    assert page.draft is not None
    spot = page.draft.spots[0]
    rect, scale = page.view.sheets()[spot.page - 1], page.view.scale()
    assert rect.width() > rect.height()
    at = QPointF((spot.left + spot.right) / 2 * scale, (spot.top + spot.bottom) / 2 * scale)
    went: list[tuple[str, str]] = []
    page.session.wanted.connect(lambda place, row_id: went.append((place, row_id)))
    QTest.mouseDClick(
        page.view.widget(), Qt.MouseButton.LeftButton, pos=(QPointF(rect.topLeft()) + at).toPoint()
    )
    assert went == [tuple(spot.source.split("/"))]


def test_the_file_is_archived_or_locked_when_the_form_says_so(
    page: PaperPage, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_row("board")
    page.choose_file = lambda _proposed: str(tmp_path / "a.pdf")
    page.form.set_value("out_kind", ARCHIVE)
    page.form.set_value("out_code", "是")
    page.save()
    qtbot.waitUntil(lambda: "已存为" in page.messages.text, timeout=SECONDS)
    assert archive_findings((tmp_path / "a.pdf").read_bytes()) == ()
    page.messages.clear()
    page.form.set_value("out_kind", LOCKED)
    page.save()
    assert "打开密码" in page.form.boxes["out_password"].hint.text
    page.form.set_value("out_password", "kaihui-2026")
    page.save()
    qtbot.waitUntil(lambda: "已存为" in page.messages.text, timeout=SECONDS)
    assert PdfReader(tmp_path / "a.pdf").is_encrypted
    assert runs(office) == [("board", "PDF/A"), ("board", "加密PDF")]


def test_a_span_that_ends_before_it_begins_is_refused_and_nothing_is_noted(
    page: PaperPage, office: Office
) -> None:
    page.form.set_value("last", "2020-01-01")
    page.preview()
    assert "早于起始日期" in page.form.boxes["last"].hint.text
    assert runs(office) == []


def test_a_notice_says_where_to_object_as_the_last_one_did(page: PaperPage, office: Office) -> None:
    notice = find_paper("volunteer-notice")
    assert known_before(office.reader(), notice) == {}
    run = {
        "printed_at": "2026-11-20T09:00:00",
        "operator": "李静",
        "paper": notice.name,
        "title": "公示",
        "form": "PDF",
        "purpose": "公示",
        "unit_name": "样例街道",
        "first_on": "2026-01-01",
        "last_on": "2026-11-20",
        "line_count": 1,
        "pages": 1,
        "head": "a",
        "checksum": "b",
        "digest": "c",
    }
    for place, phone in (("一楼", "051986120000"), ("三楼302室", "051986123456"), ("", "")):
        options = json.dumps({"place": place, "phone": phone})
        office.transact("打印", partial(_insert, values={**run, "options": options}))
    page.open_row("volunteer-notice?what=积分")
    assert page.form.value("set_place") == "三楼302室"
    assert page.form.value("set_phone") == "051986123456"
    changed = {"id": OFFICE_PHONE.key, "value": "051986129999"}
    office.transact("设置", lambda w: w.insert("setting", changed))
    assert known_before(office.reader(), notice)["set_phone"] == "051986129999"


def _insert(writer: Writer, values: dict[str, object]) -> str:
    return writer.insert("print_run", values)


def test_a_certificate_that_is_issued_anew_asks_for_its_reason(page: PaperPage, qtbot: QtBot) -> None:
    page.open_row("certificate?volunteer=水湾-0001&chief=周主任&reason=")
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)
    assert page.form.value("set_chief") == "周主任"
    assert page.form.value("set_reason") is None
    assert page.form.boxes["set_reason"].entry.editor().hasFocus()
