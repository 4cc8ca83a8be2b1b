"""Registers with a form take sheets too: a row is written whole or goes back whole, never both."""

from __future__ import annotations

from pathlib import Path

import pytest

from hongyao_desktop.app.modules import find_target
from hongyao_desktop.intake.committing import commit
from hongyao_desktop.intake.rehearsal import rehearse
from tests.offices import make_office

HEADER = "姓名,性别,出生日期,联系电话,政治面貌\r\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("钱秀兰,女,59.2.4,13800000001,群众", "年份只有两位"),
        ("钱秀兰,女,1959-02-30,13800000001,群众", "没有30日"),
        ("钱秀兰,女,1959-02-04,#N/A,群众", "公式错误"),
        ("钱秀兰,F,1959-02-04,13800000001,群众", "可选内容"),
    ],
)
def test_a_row_with_one_unreadable_cell_goes_back_and_is_not_written(
    tmp_path: Path, row: str, told: str
) -> None:
    path = tmp_path / "人员.csv"
    path.write_text(f"{HEADER}赵铁柱,男,1955-01-01,13800000000,群众\r\n{row}\r\n", encoding="utf-8-sig")
    with make_office(tmp_path) as office:
        found = rehearse(path, find_target("people"), office.reader(), office.clock)
        done = office.transact("导入", lambda writer: commit(writer, found)).result
        names = [person["name"] for person in office.reader().all("SELECT name FROM person")]
    assert (done.written, done.returned) == (1, 1)
    assert names == ["赵铁柱"]
    assert [told in problem.message for problem in found.problems if problem.row == 3] == [True]
