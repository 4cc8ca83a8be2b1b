"""What screens are given over a real office file: lists, look-ups by initials, the log of looks at secrets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.modules import REGISTERS, find_register
from hongyao_desktop.app.window.screen_session import make_session
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core import pinyin
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.rows import RowQuery
from hongyao_desktop.kit.session import Session
from hongyao_desktop.people import service as people
from hongyao_desktop.store import Office, open_office
from tests.app.demonstrations import PASSWORD, copied


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Office]:
    made = open_office(
        copied(tmp_path),
        operator="李静",
        password=PASSWORD,
        clock=SystemClock(),
        state=tmp_path / "state",
        registers=REGISTERS,
    )
    yield made
    made.close()


@pytest.fixture
def session(opened: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Session]:
    assert qapp is not None
    jobs = Jobs()
    made = make_session(opened, jobs, WindowMemory(tmp_path))
    yield made
    qtbot.waitUntil(jobs.idle)
    made.close()
    jobs.close()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_every_list_answers_search_and_order(session: Session, register: Register) -> None:
    source = session.make_rows(session.reader, register, RowQuery())
    rows = source.page(session.reader, 0)
    assert len(rows) == min(source.count(), source.page_size)
    if rows:
        middle = str(rows[len(rows) // 2]["id"])
        assert source.locate(session.reader, middle) == len(rows) // 2
    searched = session.make_rows(session.reader, register, RowQuery(search="w"))
    assert searched.count() <= source.count()
    backwards = session.make_rows(session.reader, register, RowQuery(descending=True))
    assert backwards.count() == source.count()


def test_people_are_found_by_initials_and_told_apart(session: Session) -> None:
    lookup = session.lookups["people"]
    row = session.reader.one("SELECT id, name FROM person ORDER BY id LIMIT 1")
    assert row is not None
    found = lookup.find(session.reader, pinyin.initials(row["name"]), 50)
    match = next(match for match in found if match.id == row["id"])
    assert match.label == row["name"]
    assert match.note
    assert match.row["id"] == row["id"]
    shown = lookup.show(session.reader, row["id"])
    assert shown is not None
    assert shown.label == row["name"]
    assert lookup.show(session.reader, "nobody") is None
    assert lookup.find(session.reader, "qqqqqqq", 50) == []
    assert len(lookup.find(session.reader, "", 5)) == 5


def test_a_look_at_a_secret_stands_in_the_journal_and_is_no_step_to_undo(
    session: Session, opened: Office, qtbot: QtBot
) -> None:
    before = opened.undoable()
    owner = QObject()
    seen: list[str] = []
    people = find_register("people")
    for row_id in ("p1", "p2"):
        session.reveal(owner, people, row_id, "id_number", lambda to=row_id: seen.append(to))  # type: ignore[misc]
    qtbot.waitUntil(lambda: seen == ["p1", "p2"])
    logged = session.reader.all(
        "SELECT operation.op, operation.operator_name, image.after FROM journal_operation AS operation "
        "JOIN journal_image AS image ON image.op_seq = operation.seq "
        "WHERE operation.op = '查看敏感信息' ORDER BY operation.seq"
    )
    assert [row["operator_name"] for row in logged] == ["李静", "李静"]
    assert "p1" in logged[0]["after"]
    assert "证件号码" in logged[1]["after"]
    assert opened.undoable() == before
    assert opened.check().ok


def test_changes_are_heard_on_the_windows_thread_whoever_wrote(
    session: Session, opened: Office, qtbot: QtBot
) -> None:
    row_id = session.reader.value("SELECT id FROM person LIMIT 1")
    with qtbot.waitSignal(session.changed) as heard:
        opened.transact("改备注", lambda writer: writer.update("person", row_id, {"note": "甲"}))
    assert heard.args is not None
    assert heard.args[0].tables == {"person": (row_id,)}
    owner = QObject()
    done: list[str] = []
    session.undo(owner, done.append, lambda error: done.append(str(error)))
    qtbot.waitUntil(lambda: done == ["改备注"])
    assert session.undoable() != "改备注"
    assert session.reader.value("SELECT note FROM person WHERE id = ?", (row_id,)) != "甲"


def test_what_is_closed_is_offered_last_and_says_so(session: Session, opened: Office) -> None:
    lookup = session.lookups["people"]
    offered = [match.id for match in lookup.find(session.reader, "", 3)]
    rows = session.reader.all("SELECT id, name FROM person WHERE name LIKE '王%' ORDER BY sort_key LIMIT 2")
    gone = str(rows[0]["id"])
    for row_id in (gone, offered[0]):
        opened.transact("迁出或去世", partial(people.retire_person, person_id=row_id, reason="迁往外区"))
    found = lookup.find(session.reader, "w", 50)
    assert found[-1].row["status"] == "迁出"
    assert all("迁出" not in match.note for match in found if match.id not in (gone, offered[0]))
    last = next(match for match in found if match.id == gone)
    assert last.note.startswith("迁出")
    assert offered[0] not in [match.id for match in lookup.find(session.reader, "", 3)]
    shown = lookup.show(session.reader, gone)
    assert shown is not None
    assert shown.label == rows[0]["name"], "an old record still shows who it was"
