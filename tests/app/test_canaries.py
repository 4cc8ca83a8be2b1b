"""Leak canaries: a mark in every secret field, which nothing may carry out of the file unasked.

Lists, default exports, papers for the public, crash reports, temporary files, window titles, the access log and
whatever else lies on the disk are searched for the marks (CODEBASES 4 and 6).
"""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.crash import write_report
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.printing.papers import PAPERS, Wishes, print_paper
from hongyao_desktop.app.window.leaving import Leaving
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Sensitivity
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store import access
from hongyao_desktop.store.drafts import Drafts
from tests.app.demonstrations import PASSWORD, Told
from tests.app.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Run = Callable[..., Told]
MARKS = {
    ("person", "id_number"): "11010519491231002X",
    ("person", "address"): "金丝雀胡同七七号",
    ("shop_redemption", "deliver_to"): "金丝雀大街六六栋",
    ("service_order", "phone"): "19900007777",
    ("service_order", "address"): "金丝雀小区九九幢",
    ("service_order", "parties"): "金丝雀当事人八八",
}
"""A mark for each secret column; a number that looks like one goes through the same masking as a real one."""


def plant(writer: Writer) -> None:
    for (table, column), mark in MARKS.items():
        if table != "shop_redemption":
            writer.execute(f"UPDATE {table} SET {column} = ?", (mark,))
    # Where goods are brought to is only ever added.
    for row in writer.all("SELECT id FROM shop_redemption"):
        values = {"redemption_id": row["id"], "address": MARKS["shop_redemption", "deliver_to"]}
        writer.insert("shop_delivery", {**values, "recorded_by": "李静"})


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


def said_by(widget: QWidget) -> Iterator[str]:
    """Everything a widget and what is in it say: texts, tips, what screen readers hear, the rows of lists."""
    for child in [widget, *widget.findChildren(QWidget)]:
        yield from (child.toolTip(), child.accessibleName(), child.accessibleDescription())
        if isinstance(child, QLabel | QLineEdit | QAbstractButton):
            yield child.text()
        if isinstance(child, QPlainTextEdit):
            yield child.toPlainText()
        if isinstance(child, QAbstractItemView) and child.model() is not None:
            model = child.model()
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            for row in range(min(model.rowCount(), 20)):
                for column in range(columns):
                    yield str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole))


def test_the_window_shows_no_secret_unasked_and_its_title_none(desk: Desk, marked: Path) -> None:
    desk.window.way_in.open_office(marked, "李静", PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    rows = 0
    for place in desk.shell.specs:
        desk.shell.open(place)
        desk.settle()
        desk.press(Qt.Key.Key_Down)
        desk.settle()
        assert desk.shell.page is not None
        said = list(said_by(desk.shell.page))
        rows += sum(view.model() is not None for view in desk.shell.page.findChildren(QAbstractItemView))
        assert found_in("\n".join([*said, desk.window.windowTitle()])) == set(), place
    assert rows > len(desk.shell.specs) / 2, "most pages have a list"
    assert any("110105********002X" in text for text in said_by(desk.shell.pages["people"])), "it was there"


def test_behind_the_lock_nothing_is_left_on_the_screen(desk: Desk, marked: Path) -> None:
    desk.window.way_in.open_office(marked, "李静", PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    desk.shell.open("people")
    desk.settle()
    page = desk.shell.page
    assert isinstance(page, RegisterPage)
    page.panel.form.unmask("id_number")
    assert found_in("\n".join(said_by(page))) == {MARKS["person", "id_number"]}
    desk.window.guard.lock()
    desk.settle()
    assert not page.isVisible()
    seen = [
        text
        for widget in QApplication.topLevelWidgets()
        for child in [widget, *widget.findChildren(QWidget)]
        if child.isVisible()
        for text in (child.windowTitle(), child.text() if isinstance(child, QLabel | QLineEdit) else "")
    ]
    assert any("已锁定" in text for text in seen)
    assert found_in("\n".join(map(str, seen))) == set()
    assert not any("水湾" in str(text) or page.panel.label in str(text) for text in seen)


def test_a_draft_is_in_the_encrypted_file_only_and_in_no_log(
    run: Run, desk: Desk, marked: Path, tmp_path: Path
) -> None:
    desk.window.way_in.open_office(marked, "李静", PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()
    desk.shell.open("people")
    desk.settle()
    page = desk.shell.page
    assert isinstance(page, RegisterPage)
    page.add()
    page.panel.form.boxes["name"].entry.set_text("金丝雀草稿")
    page.panel.form.set_value("id_number", MARKS["person", "id_number"])
    page.panel.form.boxes["address"].entry.set_text(MARKS["person", "address"])
    page.session.drafts.keep()
    desk.settle()
    office = desk.window._office
    assert office is not None
    assert MARKS["person", "address"] in str([draft.values for draft in Drafts(office).all()])
    marks = {*MARKS.values(), "金丝雀草稿"}
    office.backup(tmp_path / "盘")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.parent.name == "盘" for path in kept)
    assert {path.name for path in kept for mark in marks if mark in raw(path)} == set()
    titles = [widget.windowTitle() for widget in QApplication.topLevelWidgets()]
    assert not any(mark in title for title in titles for mark in marks)
    operations = office.reader().all("SELECT op, reason FROM journal_operation ORDER BY seq DESC LIMIT 50")
    images = office.reader().all("SELECT * FROM journal_image ORDER BY n DESC LIMIT 50")
    assert "金丝雀草稿" not in str(operations) + str(images), "a draft is no record"
    desk.answer = Leaving.KEEP
    desk.window.leave()
    desk.settle()
    told = run("access-log", marked, "--as", "吴日志", "--json")
    assert not any(mark in told.out for mark in marks)


def test_the_access_log_names_what_was_seen_but_not_the_value(run: Run, marked: Path, tmp_path: Path) -> None:
    run("export", marked, "people", tmp_path / "a.csv", "--purpose", "审计")
    told = run("access-log", marked, "--as", "吴日志", "--json")
    assert told.code == 0
    assert "人员" in told.out
    assert found_in(told.out) == set()
    assert access.EXPORT in told.out
