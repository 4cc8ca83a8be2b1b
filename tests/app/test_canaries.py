"""Leak canaries: a mark in every secret field, which nothing may carry out of the file unasked.

Lists, default exports, papers for the public, crash reports, temporary files, window titles, the access log and
whatever else lies on the disk are searched for the marks (CODEBASES 4 and 6).
"""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.crash import write_report
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.printing.papers import PAPERS, Wishes, print_paper
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Sensitivity
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store import access
from tests.app.demonstrations import PASSWORD, Told
from tests.app.test_window import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Run = Callable[..., Told]
MARKS = {
    ("person", "id_number"): "11010519491231002X",
    ("person", "address"): "金丝雀胡同七七号",
    ("service_order", "phone"): "19900007777",
    ("service_order", "address"): "金丝雀小区九九幢",
    ("service_order", "parties"): "金丝雀当事人八八",
}
"""A mark for each secret column; a number that looks like one goes through the same masking as a real one."""


def plant(writer: Writer) -> None:
    for (table, column), mark in MARKS.items():
        writer.execute(f"UPDATE {table} SET {column} = ?", (mark,))


@pytest.fixture
def marked(office: Path) -> Path:
    """The demonstration office with a mark in every row of every secret field."""
    with open_file(office, "李静", PASSWORD) as opened:
        opened.transact("放金丝雀", plant)
        secret = {
            (register.table, field.name)
            for register in REGISTERS
            for field in register.fields
            if field.sensitivity is Sensitivity.SECRET
        }
        # A volunteer's number and address are those of the person.
        held = {("person", name) if table == "volunteer" else (table, name) for table, name in secret}
        assert held == MARKS.keys(), "a new secret field needs a mark here"
        seen = opened.reader().one("SELECT id_number, address FROM volunteer_view LIMIT 1")
        assert seen is not None
        assert set(seen.values()) <= set(MARKS.values())
    return office


def found_in(text: str) -> set[str]:
    return {mark for mark in MARKS.values() if mark in text}


def text_of(path: Path) -> str:
    """All text of a file that was put out."""
    match path.suffix:
        case ".xlsx":
            with zipfile.ZipFile(path) as book:
                return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        case ".pdf":
            document = pypdfium2.PdfDocument(path)
            try:
                return "".join(page.get_textpage().get_text_range() for page in document)
            finally:
                document.close()
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_lists_and_default_exports_carry_no_secret(
    run: Run, marked: Path, tmp_path: Path, register: object
) -> None:
    name = getattr(register, "name", "")
    for arguments in (("--limit", "20"), ("--limit", "20", "--json")):
        assert found_in(run("list", marked, name, *arguments).out) == set()
    for suffix in (".xlsx", ".csv"):
        out = tmp_path / f"{name}{suffix}"
        assert run("export", marked, name, out).code == 0
        assert found_in(text_of(out)) == set()


def test_the_marks_do_leave_with_a_purpose_so_they_were_there(run: Run, marked: Path, tmp_path: Path) -> None:
    out = tmp_path / "全部.csv"
    assert run("export", marked, "people", out, "--purpose", "审计").code == 0
    assert found_in(text_of(out)) == {MARKS["person", "id_number"], MARKS["person", "address"]}


def test_papers_for_the_public_carry_no_secret(marked: Path, tmp_path: Path) -> None:
    printed = []
    with open_file(marked, "李静", PASSWORD) as opened:
        year = dt.date.today().year  # noqa: DTZ011 - the demonstration ends today
        period = Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
        for paper in PAPERS:
            if Purpose.PUBLIC not in paper.purposes:
                continue
            out = tmp_path / f"{paper.name}.pdf"
            try:
                print_paper(opened, paper, out, period, wishes=Wishes(purpose=Purpose.PUBLIC))
            except Refusal:
                assert not out.exists()
                continue
            printed.append(paper.name)
            assert found_in(text_of(out)) == set()
    assert printed


def test_nothing_beside_the_file_holds_a_mark(
    run: Run, marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("HONGYAO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert run("list", marked, "people", "--search", MARKS["person", "id_number"][-4:]).code == 0
    out = tmp_path / "报.pdf"
    assert run("paper", marked, "summary", out, "--as", "赵审核").code == 0
    assert run("list", marked, "people", "--limit", "1").code == 0
    with pytest.raises(ValueError, match=MARKS["person", "address"]) as caught:
        int(MARKS["person", "address"])
    report = write_report(caught.type, caught.tb, dt.datetime.now(tz=dt.UTC))
    assert report is not None
    searched = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert report in searched
    assert any(path.name.endswith(".access") for path in searched)
    leaking = [
        path.name for path in searched if found_in(text_of(path) if path.suffix == ".txt" else raw(path))
    ]
    assert leaking == []


def raw(path: Path) -> str:
    """A file's bytes as text, in both encodings a mark could stand in."""
    data = path.read_bytes()
    return data.decode("utf-8", "replace") + data.decode("gb18030", "replace")


def test_the_window_shows_no_secret_unasked_and_its_title_none(desk: Desk, marked: Path) -> None:
    desk.window.way_in.open_office(marked, "李静", PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    looked = 0
    for place, spec in desk.shell.specs.items():
        if spec.register is None:
            continue
        desk.shell.open(place)
        desk.settle()
        page = desk.shell.page
        if not isinstance(page, RegisterPage):
            continue
        model = page.table.model
        shown = [
            str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole))
            for row in range(min(model.rowCount(), 20))
            for column in range(model.columnCount())
        ]
        said = [widget.text() for widget in page.findChildren(QLineEdit)]
        assert found_in("\n".join([*shown, *said, desk.window.windowTitle()])) == set(), place
        looked += 1
    assert looked >= 5


def test_the_access_log_names_what_was_seen_but_not_the_value(run: Run, marked: Path, tmp_path: Path) -> None:
    run("export", marked, "people", tmp_path / "a.csv", "--purpose", "审计")
    told = run("access-log", marked, "--as", "吴日志", "--json")
    assert told.code == 0
    assert "人员" in told.out
    assert found_in(told.out) == set()
    assert access.EXPORT in told.out
