"""Restoring and rebuilding from the login page, by keyboard; nothing happens before its result was seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hongyao_desktop.app.access.entrance import FirstRunPanel, LoginPanel
from hongyao_desktop.app.access.restore_panel import ANOTHER, REBUILD, RestorePanel
from hongyao_desktop.store.backup import backups_in, default_folder
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import Answers, Desk
from tests.app.test_undo import begin, change_note, note_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Chosen(Answers):
    """A backup chosen beforehand, too."""

    backup: Path | None = None

    def backup_file(self, parent: QWidget, folder: Path) -> Path | None:
        assert parent.isVisible()
        assert folder.is_dir()
        return self.backup


def backed_up_then_changed(desk: Desk, path: Path) -> tuple[Path, str]:
    """A backup, and after it a note that the backup lacks."""
    begin(desk, path, "李静")
    office = desk.window._office
    assert office is not None
    backup = office.backup(default_folder(path)).path
    row_id = change_note(desk, "afterwards")
    desk.window.leave()
    desk.settle()
    return backup, row_id


def panel_of(desk: Desk) -> RestorePanel:
    panel = desk.window.entrance.panel
    assert isinstance(panel, RestorePanel)
    return panel


def asked(desk: Desk, path: Path, backup: Path, password: str = PASSWORD) -> RestorePanel:
    """The wizard with a backup chosen, the password typed and Enter pressed."""
    desk.window.way_in.show_login(path)
    login = desk.window.entrance.panel
    assert isinstance(login, LoginPanel)
    login.restore_wanted.emit()
    panel = panel_of(desk)
    assert panel.operator.text() == "李静"
    found = [panel.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(panel.list.count())]
    assert found[0] != backup, "leaving made a newer one by itself"
    panel.list.setCurrentRow(found.index(backup))
    panel.password.setFocus()
    desk.type(password)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    return panel


def test_what_would_be_lost_is_seen_before_anything_is_replaced(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    backup, row_id = backed_up_then_changed(desk, path)
    before = path.read_bytes()
    panel = asked(desk, path, backup)
    said = panel.told.toPlainText()
    assert "恢复后会少 2 次操作" in said
    assert "李静　修改人员" in said
    assert path.read_bytes() == before
    assert panel.told.hasFocus(), "a second Enter does not restore"
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    assert path.read_bytes() == before
    panel.primary.click()
    desk.settle()
    login = desk.window.entrance.panel
    assert isinstance(login, LoginPanel)
    kept = next(tmp_path.glob("*被替换*.hongyao"))
    assert kept.name in login.finding.text()
    begin(desk, path, "李静")
    assert note_of(desk, row_id) != "afterwards"
    office = desk.window._office
    assert office is not None
    noted = office.reader().all("SELECT subject FROM access_log WHERE event = '恢复'")
    assert any(backup.name in str(row["subject"]) and kept.name in str(row["subject"]) for row in noted)


def test_a_wrong_password_and_another_choice_begin_again(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    backup, _row = backed_up_then_changed(desk, path)
    panel = asked(desk, path, backup, "Wrong-2026")
    assert "口令" in panel.finding.text()
    assert not panel.told.isVisible()
    panel.password.clear()
    panel.password.setFocus()
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    assert panel.primary.text() == "恢复，原文件另存"
    panel.list.setCurrentRow(panel.list.count() - 1)
    assert panel.list.currentItem().text() == ANOTHER
    assert panel.primary.text() == "选择备份文件"
    assert not panel.told.isVisible()
    desk.press(Qt.Key.Key_Escape)
    assert isinstance(desk.window.entrance.panel, LoginPanel)


def test_a_damaged_backup_is_named_and_cannot_be_restored(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    backup, _row = backed_up_then_changed(desk, path)
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    panel = asked(desk, path, backup)
    words = panel.told.toPlainText() + panel.finding.text()
    assert any(word in words for word in ("不合格", "损坏", "读不出"))
    assert panel.primary.text() == "核对"


def test_log_and_backup_give_everything_back_beside_the_present_file(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    _backup, row_id = backed_up_then_changed(desk, path)
    desk.window.way_in.show_restore(path)
    panel = panel_of(desk)
    panel.list.setCurrentRow(panel.list.count() - 2)
    assert panel.list.currentItem().text() == REBUILD
    panel.password.setFocus()
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    login = desk.window.entrance.panel
    assert isinstance(login, LoginPanel)
    made = next(tmp_path.glob("*重建*.hongyao"))
    assert f"已重建为“{made.name}”" in login.finding.text()
    begin(desk, made, "李静")
    assert note_of(desk, row_id) == "afterwards"


def test_a_lost_file_is_found_again_from_the_first_page(desk: Desk, tmp_path: Path) -> None:
    path = copied(tmp_path)
    backup, _row_id = backed_up_then_changed(desk, path)
    for beside in tmp_path.glob(f"{path.name}*"):
        beside.unlink()
    files = Chosen()
    files.backup, files.next = backup, path
    desk.window.way_in._files = files
    desk.window.way_in.show_first_run()
    first = desk.window.entrance.panel
    assert isinstance(first, FirstRunPanel)
    first.restore_wanted.emit()
    panel = panel_of(desk)
    panel.password.setFocus()
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    assert panel.primary.text() == "恢复，原文件另存"
    panel.primary.click()
    desk.settle()
    assert path.is_file()
    assert backups_in(default_folder(path))
    begin(desk, path, "李静")
