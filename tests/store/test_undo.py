"""Undo: the operator's last operation is put back whole, or a sentence says why not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, Undo
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import CLERK, make_file, make_office, open_file


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_office(tmp_path)
    yield opened
    opened.close()


def unit(code: str, name: str = "水湾社区", parent_id: str | None = None) -> dict[str, Any]:
    return {"code": code, "name": name, "level": "社区", "kind": "社区", "parent_id": parent_id}


def add(office: Office, code: str, parent_id: str | None = None) -> str:
    return office.transact("新增组织", lambda w: w.insert("unit", unit(code, parent_id=parent_id))).result


def table(office: Office) -> list[dict[str, Any]]:
    return office.reader().all("SELECT * FROM unit ORDER BY id")


def test_each_kind_of_change_is_put_back_and_the_file_passes(office: Office) -> None:
    first = add(office, "01")
    second = add(office, "02")
    before = table(office)

    def mixed(writer: DoorWriter) -> None:
        writer.update("unit", first, {"name": "改名", "note": "x"})
        writer.update("unit", first, {"name": "再改名"})
        writer.execute("DELETE FROM unit WHERE id = ?", (second,))
        child = writer.insert("unit", unit("03", parent_id=first))
        writer.insert("unit", unit("04", parent_id=child))

    office.transact("整理组织", mixed)
    assert office.undoable() == "整理组织"
    changes = office.undo_last()
    assert changes.op == "撤销：整理组织"
    assert first in changes.tables["unit"]
    assert table(office) == before
    assert office.check().ok


def test_undo_walks_back_one_operation_at_a_time_also_after_a_restart(office: Office) -> None:
    first = add(office, "01")
    office.transact("修改组织", lambda w: w.update("unit", first, {"name": "甲"}))
    office.transact("修改名称", lambda w: w.update("unit", first, {"name": "乙"}))
    office.undo_last()
    assert office.undoable() == "修改组织"
    office.close()
    with open_file(office.path) as again:
        assert again.undoable() == "修改组织"
        again.undo_last()
        assert again.reader().value("SELECT name FROM unit") == "水湾社区"
        again.undo_last()
        assert table(again) == []
        assert again.undoable() is None
        with pytest.raises(Refusal, match="没有可以撤销的操作"):
            again.undo_last()
        add(again, "05")
        assert again.undoable() == "新增组织"


def test_undo_takes_back_only_ones_own(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_file(path, who=CLERK.name) as clerk:
        unit_id = add(clerk, "01")
    with open_file(path) as other:
        assert other.undoable() is None
        other.transact("修改组织", lambda w: w.update("unit", unit_id, {"name": "改"}))
    with open_file(path, who=CLERK.name) as clerk:
        assert clerk.undoable() is None
        with pytest.raises(Refusal, match="又被修改过"):
            clerk.undo_last()
        assert clerk.reader().value("SELECT name FROM unit") == "改"


def test_a_row_that_others_point_to_is_not_taken_away(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_file(path, who=CLERK.name) as clerk:
        parent = add(clerk, "01")
    with open_file(path) as other:
        add(other, "02", parent)
    with open_file(path, who=CLERK.name) as clerk:
        with pytest.raises(Refusal, match="引用"):
            clerk.undo_last()
        assert len(table(clerk)) == 2
        assert clerk.check().ok


def test_postings_are_never_undone_and_hide_what_lies_below(office: Office) -> None:
    add(office, "01")
    texts = ("printed_at", "operator", "paper", "title", "purpose", "unit_name", "first_on", "last_on")
    run = dict.fromkeys((*texts, "head", "checksum", "digest"), "x")
    counts = {"form": "PDF", "options": "{}", "line_count": 0, "pages": 1}
    office.transact("打印", lambda w: w.insert("print_run", {**run, **counts}))
    assert office.undoable() is None
    with pytest.raises(Refusal, match="冲正"):
        office.undo_last()


def test_a_note_of_an_import_keeps_nothing_from_being_taken_back_and_stays(office: Office) -> None:
    run = dict.fromkeys(("target", "file_name", "file_digest", "sheet_name", "imported_at", "operator"), "x")
    counts = {"rows_read": 1, "rows_written": 1, "rows_returned": 0, "mapping": "{}"}

    def bring(writer: DoorWriter) -> None:
        writer.insert("unit", unit("09"))
        writer.insert("import_run", {**run, **counts})

    before = office.reader().value("SELECT count(*) FROM unit")
    office.transact("导入组织", bring)
    assert office.undoable() == "导入组织"
    office.undo_last()
    assert office.reader().value("SELECT count(*) FROM unit") == before
    assert office.reader().value("SELECT count(*) FROM import_run") == 1
    assert office.check().ok


def test_log_entries_are_skipped_over(office: Office) -> None:
    add(office, "01")
    office.transact("登记查看", lambda w: w.insert("unit", unit("09")), undo=Undo.SKIP)
    assert office.undoable() == "新增组织"
    office.transact("结账", lambda w: w.insert("unit", unit("10")), undo=Undo.NO)
    assert office.undoable() is None


steps = st.lists(
    st.tuples(st.sampled_from("aud"), st.integers(0, 3), st.text("甲乙丙", max_size=2)), max_size=5
)


@given(before=steps, operation=steps)
def test_undo_restores_whatever_an_operation_did(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], operation: list[Any]
) -> None:
    def run(writer: DoorWriter, todo: list[Any]) -> None:
        for kind, number, name in todo:
            known = writer.value("SELECT id FROM unit WHERE code = ?", (str(number),))
            if kind == "a" and known is None:
                writer.insert("unit", unit(str(number), name))
            elif kind == "u" and known is not None:
                writer.update("unit", known, {"name": name, "note": name})
            elif kind == "d" and known is not None:
                writer.execute("DELETE FROM unit WHERE id = ?", (known,))

    with make_office(tmp_path_factory.mktemp("undo")) as office:
        office.transact("先", partial(run, todo=before))
        rows = table(office)
        done = office.transact("后", partial(run, todo=operation))
        if done.changes is not None:
            office.undo_last()
        assert table(office) == rows
        assert office.check().ok
