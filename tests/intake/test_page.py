"""The import screen by keyboard: choose, look, write, put aside."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.modules import TARGETS
from hongyao_desktop.app.resources import resource
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.intake.page.findings_view import FindingsView, WholeLines
from hongyao_desktop.intake.page.screen import ImportPage
from hongyao_desktop.kit.look import dress
from hongyao_desktop.store import Office
from tests.app.demonstrations import copied
from tests.screens import SECONDS, shown

SAMPLES = resource("demo", "samples")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_file(copied(tmp_path), "李静", PASSWORD) as opened:
        yield opened


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, office: Office, tmp_path: Path) -> Iterator[ImportPage]:
    with shown(office, tmp_path, qapp, qtbot, lambda session: ImportPage(session, TARGETS)) as made:
        yield made


def bring(page: ImportPage, qtbot: QtBot, path: Path) -> None:
    page.choose = lambda: str(path)
    QTest.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)


def volunteers(office: Office) -> int:
    return int(office.reader().value("SELECT COUNT(*) FROM volunteer"))


def test_a_roster_is_read_looked_at_written_and_put_aside(
    page: ImportPage, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    before = volunteers(office)
    bring(page, qtbot, next(SAMPLES.glob("01 *")))
    assert page.write_button.text() == "写入 55 条 Ctrl+S"
    assert page.aside_button.text() == "退回的 4 行另存 F7"
    assert volunteers(office) == before
    QTest.keyClick(page.findings.list, Qt.Key.Key_Down)
    chosen = page.findings.list.currentItem().data(Qt.ItemDataRole.UserRole)
    assert isinstance(chosen, Problem)
    assert page.sheet.currentIndex().row() == (chosen.row or 0) - 1
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已写入 55 条" in page.messages.text, timeout=SECONDS)
    assert volunteers(office) == before + 55
    page.choose_back = lambda _proposed: str(tmp_path / "退回.xlsx")
    QTest.keyClick(page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: "退回.xlsx" in page.messages.text, timeout=SECONDS)
    rows = list(openpyxl.load_workbook(tmp_path / "退回.xlsx").worksheets[0].iter_rows(values_only=True))
    assert sum("证件号码" in str(row[-1]) for row in rows) == 4


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("width", [250, 283, 300, 330, 420])
def test_every_finding_is_said_to_its_end(qtbot: QtBot, qapp: QApplication, width: int) -> None:
    words = (
        "证件号码后三位已被表格软件改成 000，请对照原件补录",
        "证件号码校验位不符，号码里可能有一位填错，请对照原件核对",
    )
    if not qapp.styleSheet():
        dress(qapp)
    view = FindingsView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    view.show_problems([Problem(Level.ERROR, "x", words[row % 2], None, row=row) for row in range(10, 30)])
    view.resize(width, 500)
    found = view.list
    qtbot.waitUntil(lambda: found.visualItemRect(found.item(0)).width() == found.viewport().width())
    for row in (0, 1):
        index = found.indexFromItem(found.item(row))
        option = QStyleOptionViewItem()
        found.initViewItemOption(option)
        delegate = found.itemDelegate()
        assert isinstance(delegate, WholeLines)
        delegate.initStyleOption(option, index)
        option.rect = found.visualRect(index)  # type: ignore[attr-defined]  # left out of the stubs
        area = found.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, found)
        layout = QTextLayout(str(index.data()), found.font())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(area.width() - 6)
        layout.endLayout()
        assert layout.lineCount() * found.fontMetrics().lineSpacing() <= area.height()


def test_a_second_press_writes_nothing_twice(page: ImportPage, office: Office, qtbot: QtBot) -> None:
    bring(page, qtbot, next(SAMPLES.glob("01 *")))
    for _ in range(2):
        QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已写入 55 条" in page.messages.text, timeout=SECONDS)
    after = volunteers(office)
    bring(page, qtbot, next(SAMPLES.glob("01 *")))
    assert not page.write_button.isEnabled()
    assert "导入过" in page.messages.text
    assert volunteers(office) == after


def test_an_import_is_taken_back_where_it_was_made_and_can_go_in_again(
    page: ImportPage, office: Office, qtbot: QtBot
) -> None:
    before = volunteers(office)
    bring(page, qtbot, next(SAMPLES.glob("01 *")))
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已写入 55 条" in page.messages.text, timeout=SECONDS)
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: volunteers(office) == before, timeout=SECONDS)
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)
    assert page.write_button.text() == "写入 55 条 Ctrl+S"
    assert page.write_button.isEnabled()
    assert "已撤销：导入志愿者花名册" in page.messages.text
    last = "SELECT MAX(seq) FROM journal_operation"
    before_again = office.reader().value(last)
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # not what was done elsewhere
    qtbot.waitUntil(lambda: "没有可以撤回的导入" in page.messages.text, timeout=SECONDS)
    assert office.reader().value(last) == before_again


def test_another_register_chosen_while_a_file_is_written_or_read(
    page: ImportPage, office: Office, qtbot: QtBot
) -> None:
    before = volunteers(office)
    roster = next(SAMPLES.glob("01 *"))
    bring(page, qtbot, roster)
    page.write()
    page._show_target(next(target for target in TARGETS if target.name == "spot_reports"))
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)
    assert volunteers(office) > before
    assert page.messages.text.startswith("已写入 55 条到志愿者")
    page.read(roster)
    page._show_target(next(target for target in TARGETS if target.name == "volunteers"))
    qtbot.waitUntil(page.session.jobs.idle, timeout=SECONDS)
    assert page._rehearsal is not None
    assert page._rehearsal.target.name == "volunteers", "read again for the register chosen last"


def test_what_is_no_spreadsheet_leaves_the_page_as_it_was(
    page: ImportPage, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = tmp_path / "会议纪要.docx"
    wrong.write_bytes(b"PK\x03\x04" + b"\0" * 2000)
    bring(page, qtbot, wrong)
    assert "会议纪要" in page.messages.text
    assert page.stack.currentWidget() is page.empty
    assert not page.write_button.isVisible()


def test_escape_puts_the_file_away(page: ImportPage, qtbot: QtBot) -> None:
    bring(page, qtbot, next(SAMPLES.glob("05 *")))
    page.messages.clear()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.empty
    assert page.open_button.hasFocus()


@pytest.mark.parametrize(
    ("asked", "help_"),
    [
        ("spot_reports", "同一处同一类的重复上报并入首报"),
        ("orders", "按旧表作期初登记"),
        ("volunteers", "按证件号码认人"),
        ("nothing of the kind", "按证件号码认人"),
    ],
)
def test_the_page_one_comes_from_says_what_is_imported(page: ImportPage, asked: str, help_: str) -> None:
    page.open_row(asked)
    assert help_ in page.file_label.text()
