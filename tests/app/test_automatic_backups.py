"""Backups nobody has to think of, in the window's way of opening and at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hongyao_desktop.app.large_operations import comes_after_a_backup
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.resources import resource
from hongyao_desktop.core.settings import DEMONSTRATION
from hongyao_desktop.store.backup import backups_in
from hongyao_desktop.store.limits import put_setting
from tests.app.demonstrations import Told

SAMPLE = next(resource("demo", "samples").glob("05 *"))


@pytest.mark.parametrize(
    ("op", "before"),
    [("导入随手拍上报表", True), ("年终清零", True), ("登记志愿服务", False), ("撤销：导入人员", False)],
)
def test_imports_and_year_ends_come_after_a_backup(op: str, before: bool) -> None:
    assert comes_after_a_backup(op) is before


def test_an_import_at_the_command_line_leaves_a_backup_from_before_and_one_from_after(
    run: Callable[..., Told], office: Path
) -> None:
    folder = office.with_name(f"{office.stem}-备份")
    before = run("check", office, "--json").data["operations"]
    assert run("import", office, "spot_reports", SAMPLE, "--commit").code == 1
    made = sorted(backup.seq for backup in backups_in(folder))
    assert len(made) == 2
    assert before <= made[0] < made[1]
    assert run("list", office, "spot_reports").code == 0
    assert sorted(backup.seq for backup in backups_in(folder)) == made, "looking changes nothing"


def test_the_window_backs_up_at_closing(office: Path) -> None:
    opened = OpenOffices().open(office, "李静", "Yanshi-2026")
    opened.transact("设置", lambda writer: put_setting(writer, DEMONSTRATION.key, "1"))
    last = opened.reader().value("SELECT max(seq) FROM journal_operation WHERE op = '设置'")
    opened.close()
    assert max((backup.seq for backup in opened.backups()), default=0) >= int(last or 0)
    assert opened.backups()
