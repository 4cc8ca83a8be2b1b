"""A program killed in the middle of many forms: its operator gets every letter back, nobody else sees one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.store.drafts import Drafts
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import CTRL, Desk
from tests.app.half_typed import FILE_PASSWORD, ID_NUMBER, standing

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ROOT = Path(__file__).resolve().parents[2]
Kill = Callable[..., dict[str, Any]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture
def kill(path: Path, tmp_path: Path) -> Iterator[Kill]:
    """Let another program type, kill it without a warning, and give what stood in its forms."""
    running: list[subprocess.Popen[str]] = []

    def run(*extra: str, operator: str = "李静") -> dict[str, Any]:
        program = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.app.half_typed",
                str(path),
                str(tmp_path / "state"),
                operator,
                PASSWORD,
                *extra,
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "HONGYAO_STATE_DIR": str(tmp_path / "state")},
        )
        running.append(program)
        assert program.stdout is not None
        line = program.stdout.readline()
        program.send_signal(signal.SIGKILL)
        program.wait()
        program.stdout.close()
        assert line, "the program died before it was killed"
        found: dict[str, Any] = json.loads(line)
        return found

    yield run
    for program in running:
        program.kill()
        program.wait()


def log_in(desk: Desk, path: Path, name: str) -> None:
    if desk.window.shell is not None:
        desk.window.leave()
        desk.settle()
    desk.window.way_in.open_office(path, name, PASSWORD)
    desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
    desk.settle()


def counts(desk: Desk) -> dict[str, int]:
    office = desk.window._office
    assert office is not None
    tables = ("person", "service_record", "fund_entry", "attendance", "service_order", "shop_movement")
    return {table: office.reader().value(f"SELECT COUNT(*) FROM {table}") for table in tables}


@pytest.mark.parametrize("how", [(), ("lock",)], ids=["working", "locked"])
def test_every_half_typed_form_comes_back_after_a_kill(
    desk: Desk, path: Path, kill: Kill, how: tuple[str, ...]
) -> None:
    log_in(desk, path, "李静")
    before = counts(desk)
    desk.window.leave()
    desk.settle()
    typed = kill(*how)
    assert {place: len(forms) for place, forms in typed.items()} == {
        "people": 2,
        "volunteers": 1,
        "volunteers.batch": 1,
        "volunteers.shop.stock_in": 1,
        "training.classes": 1,
        "fund": 2,
        "volunteers.rules": 1,
        "orders": 1,
        "papers": 1,
    }
    assert FILE_PASSWORD not in json.dumps(typed), "the password of a locked file is not kept"

    log_in(desk, path, "赵审核")
    for place in typed:
        desk.shell.open(place)
        desk.settle()
        assert desk.shell.page is not None
        assert "上次没有保存" not in desk.shell.page.messages.text, "only its own operator is offered a draft"

    log_in(desk, path, "李静")
    left = {item.place for items in desk.shell.work.values() for item in items if "没保存完" in item.words}
    assert left == set(typed), "the first page lists what is unfinished"
    for place, forms in typed.items():
        desk.shell.open(place)
        desk.settle()
        page = desk.shell.page
        assert page is not None
        assert page.messages.text.startswith("上次没有保存"), place
        assert standing(page) == {}, "nothing is put anywhere unasked"
        page.messages._action.click()
        desk.settle()
        assert standing(page) == forms, place
    assert counts(desk) == before, "putting back writes nothing"

    desk.window.session.drafts.keep()  # type: ignore[union-attr]
    desk.settle()
    office = desk.window._office
    assert office is not None
    assert len(Drafts(office).all()) == sum(len(forms) for forms in typed.values())
    page = desk.shell.pages["people"]
    assert isinstance(page, RegisterPage)
    desk.shell.open("people")
    desk.settle()
    assert page.panel.adding
    assert page.panel.form.boxes["id_number"].entry.text() == ID_NUMBER
    desk.press(Qt.Key.Key_S, CTRL)
    desk.settle()
    if page.messages._action.text().startswith("确认无误，保存"):
        page.messages._action.click()
        desk.settle()
    assert "已新增" in page.messages.text
    assert counts(desk)["person"] == before["person"] + 1
    assert "people:" not in {draft.place for draft in Drafts(office).all()}, "saved: the draft is gone"


def test_a_half_typed_number_stands_in_the_encrypted_file_only(
    desk: Desk, path: Path, kill: Kill, tmp_path: Path
) -> None:
    assert desk.window.isVisible()
    kill()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert ID_NUMBER.encode() not in content, file
            assert "欧阳新来".encode() not in content, file
            assert "欧阳新来".encode("utf-16-le") not in content, file
