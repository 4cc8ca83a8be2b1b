"""The way in: the first run, a new office, the login, another file; refusals stand under their inputs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
)

from hongyao_desktop.app.access.entrance import FirstRunPanel, LoginPanel
from hongyao_desktop.app.access.first_run import (
    AdministratorsPanel,
    CombinedPanel,
    FreshPanel,
    NewOfficePanel,
)
from hongyao_desktop.app.window import run_window
from hongyao_desktop.app.window.main_window import MainWindow
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import Desk

# A window with a least size makes the offscreen screen complain.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_first_run_offers_the_ways_to_begin(desk: Desk) -> None:
    desk.window.start(None)
    panel = desk.window.entrance.panel
    assert isinstance(panel, FirstRunPanel)
    assert QApplication.focusWidget() is panel.findChildren(QAbstractButton, "way")[0]
    panel.new_wanted.emit()
    assert isinstance(desk.window.entrance.panel, NewOfficePanel)
    desk.window.entrance.panel.back_wanted.emit()
    assert isinstance(desk.window.entrance.panel, FirstRunPanel)


def test_a_new_office_is_made_by_keyboard_and_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.window.way_in.show_new_office()
    panel = desk.window.entrance.panel
    assert isinstance(panel, NewOfficePanel)
    panel.primary.click()
    assert panel.finding.text() == "请写单位全称"
    for text in ("Office", "Unit", "Clerk", "short", "other"):
        desk.type(text)
        desk.press(Qt.Key.Key_Return)
    assert panel.finding.text() == "口令至少要 8 个字符"
    panel.password.setText("longenough")
    panel.primary.click()
    assert panel.finding.text() == "口令要含大写字母、小写字母、数字、符号中的 3 种", (
        "before anything else is asked"
    )
    panel.password.setText(PASSWORD)
    panel.again.setText(PASSWORD)
    panel.primary.click()
    posts = desk.window.entrance.panel
    assert isinstance(posts, AdministratorsPanel)
    desk.press(Qt.Key.Key_Escape)
    panel = desk.window.entrance.panel
    assert isinstance(panel, NewOfficePanel)
    assert [line.text() for line in panel.lines] == ["Office", "Unit", "Clerk", PASSWORD, PASSWORD]
    panel.primary.click()
    posts = desk.window.entrance.panel
    assert isinstance(posts, AdministratorsPanel)
    for text in ("Clerk", "Two", "Three"):
        desk.type(text)
        desk.press(Qt.Key.Key_Return)
    assert "Clerk已经担任别的岗位" in posts.finding.text()
    posts.names[0].setText("One")
    desk.files.next = tmp_path / "new.hongyao"
    posts.primary.click()
    desk.qtbot.waitUntil(lambda: isinstance(desk.window.entrance.panel, FreshPanel), timeout=20_000)
    fresh = desk.window.entrance.panel
    assert isinstance(fresh, FreshPanel)
    assert not fresh.primary.isEnabled()
    desk.files.next = None
    fresh.save_button.click()
    assert "还没有保存恢复密钥" in fresh.finding.text()
    desk.files.next = tmp_path / "sheet.pdf"
    fresh.save_button.click()
    assert desk.files.next.read_bytes().startswith(b"%PDF")
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    assert desk.shell.navigation.unit.text() == "Office\nUnit"
    assert desk.shell.status.operator.text().startswith("Clerk（")
    assert desk.offices.last_used() == tmp_path / "new.hongyao"


def test_a_small_office_gives_up_separate_posts_with_a_reason(desk: Desk, tmp_path: Path) -> None:
    desk.window.way_in.show_administrators("Office", "Unit", "Clerk", PASSWORD)
    posts = desk.window.entrance.panel
    assert isinstance(posts, AdministratorsPanel)
    posts.combined_wanted.emit()
    panel = desk.window.entrance.panel
    assert isinstance(panel, CombinedPanel)
    desk.press(Qt.Key.Key_Return)
    assert panel.finding.text() == "请写明为什么不能分设"
    desk.type("two people only")
    desk.files.next = tmp_path / "new.hongyao"
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: isinstance(desk.window.entrance.panel, FreshPanel), timeout=20_000)
    fresh = desk.window.entrance.panel
    assert isinstance(fresh, FreshPanel)
    fresh.start_wanted.emit()
    desk.settle()
    assert {"system.operators", "system.access", "people"} <= desk.shell.specs.keys()
    office = desk.window._office
    assert office is not None
    reason = office.reader().value("SELECT reason FROM journal_operation WHERE op = '确定岗位'")
    assert reason == "two people only"


def test_the_login_stands_in_the_middle_and_tab_passes_over_the_names(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    desk.window.start(path)
    desk.window.show()
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    middle = panel.mapTo(desk.window, panel.rect().center())
    assert abs(middle.x() - desk.window.width() // 2) <= 1
    assert panel.finding.alignment() & Qt.AlignmentFlag.AlignTop
    panel.operator.setFocus()
    desk.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is panel.password
    assert panel.findChildren(QAbstractButton, "chip")


def test_a_wrong_password_is_said_under_the_input(desk: Desk, tmp_path: Path) -> None:
    desk.window.start(copied(tmp_path))
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    desk.press(Qt.Key.Key_Return)
    assert panel.finding.text() == "请输入口令"
    desk.type("wrong-password")
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: panel.finding.text() == "口令不对，请重新输入", timeout=20_000)
    assert QApplication.focusWidget() is panel.password
    assert desk.window.shell is None


def test_a_file_that_is_none_of_ours_is_refused_in_one_sentence(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.hongyao"
    other.write_bytes(b"not a file of ours")
    desk.window.start(other)
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    panel.operator.setText("李静")
    panel.password.setText(PASSWORD)
    panel.primary.click()
    desk.qtbot.waitUntil(lambda: "不是本程序的台账文件" in panel.finding.text(), timeout=20_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a file of ours", "不是本程序的台账文件"),
        (b"SQLite format 3\0" + bytes(5000), "是没有加密的数据库"),
        (bytes(range(256)) * 40, "的钥匙文件不在文件旁边"),
        (None, "找不到文件"),
    ],
)
def test_what_cannot_be_opened_says_so_before_a_password_is_typed(
    desk: Desk, tmp_path: Path, content: bytes | None, words: str
) -> None:
    other = tmp_path / "other.hongyao"
    if content is not None:
        other.write_bytes(content)
    desk.window.start(other)
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    assert words in panel.finding.text()
    desk.type("C")
    assert panel.finding.text() == ""


def test_another_file_is_chosen_and_the_demonstration_is_one_click_away(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(tmp_path)
    desk.window.start(None)
    desk.files.next = None
    desk.window.way_in.choose_file()
    assert isinstance(desk.window.entrance.panel, FirstRunPanel)
    desk.files.next = path
    desk.window.way_in.choose_file()
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    panel._choose("赵审核")
    assert panel.operator.text() == "赵审核"
    assert QApplication.focusWidget() is panel.password
    monkeypatch.setattr(desk.offices, "demo_path", lambda: path)
    desk.window.way_in.show_first_run()
    first = desk.window.entrance.panel
    assert isinstance(first, FirstRunPanel)
    first.demo_wanted.emit()
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    assert desk.shell.status.operator.text().startswith("李静")


def test_the_program_starts_and_ends(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import QTimer

    monkeypatch.setenv("HONGYAO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)
    opened: list[str] = []

    def look_and_leave() -> None:
        window = next(w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        if window.shell is None or not window.jobs.idle():
            QTimer.singleShot(20, look_and_leave)
            return
        opened.append(window.shell.place)
        window.close()

    QTimer.singleShot(0, look_and_leave)
    assert run_window.main(copied(tmp_path)) == 0
    assert opened == ["home"]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
