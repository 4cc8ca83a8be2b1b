"""The door: one named operation is written whole, journalled and announced, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import Changes, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.store.driver import IntegrityError
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import fixed_clock, make_office, open_file


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_office(tmp_path, clock=fixed_clock())
    opened.finish_index()
    yield opened
    opened.close()


def add_unit(writer: DoorWriter, code: str = "01", name: str = "水湾街道") -> str:
    return writer.insert("unit", {"code": code, "name": name, "level": "街道", "kind": "街道"})


def test_an_operation_is_read_back_announced_and_journalled(office: Office) -> None:
    heard: list[Changes] = []
    stop = office.subscribe(heard.append)
    before = office.head()
    done = office.transact("新增组织", add_unit, reason="首次登记")
    assert office.reader().value("SELECT name FROM unit WHERE id = ?", (done.result,)) == "水湾街道"
    assert heard == [done.changes]
    assert done.changes is not None
    assert done.changes.tables == {"unit": (done.result,)}
    last = office.reader().one("SELECT * FROM journal_operation ORDER BY seq DESC LIMIT 1")
    assert last is not None
    assert (last["op"], last["operator_name"], last["reason"]) == ("新增组织", "全某", "首次登记")
    assert last["hash"] == office.head() != before
    stop()
    office.transact("新增组织", lambda w: add_unit(w, "02"))
    assert len(heard) == 1


def test_an_error_inside_leaves_nothing(office: Office) -> None:
    before = office.head()

    def fails(writer: DoorWriter) -> None:
        add_unit(writer)
        raise LookupError("half way")

    with pytest.raises(LookupError):
        office.transact("新增组织", fails)
    assert office.head() == before
    assert office.reader().value("SELECT count(*) FROM unit") == 0
    assert office.transact("新增组织", add_unit).changes is not None


def test_an_operation_that_changes_nothing_is_not_recorded(office: Office) -> None:
    unit = office.transact("新增组织", add_unit).result
    before = office.head()
    assert office.transact("修改组织", lambda w: w.update("unit", unit, {"name": "水湾街道"})).changes is None
    assert office.head() == before


def test_writing_past_the_door_is_refused_by_the_file_itself(office: Office) -> None:
    unit = office.transact("新增组织", add_unit).result
    connection = office._door._live()
    for statement in (
        "INSERT INTO unit(id, code, name, level, kind) VALUES ('x', '9', 'x', '街道', 'x')",
        "UPDATE unit SET name = 'x'",
        "DELETE FROM unit",
        f"REPLACE INTO unit(id, code, name, level, kind) VALUES ('{unit}', '9', 'x', '街道', 'x')",
    ):
        with pytest.raises(IntegrityError):
            connection.execute(statement)
    for table in ("journal_operation", "journal_image"):
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(f"DELETE FROM {table}")
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    assert office.reader().value("SELECT name FROM unit") == "水湾街道"


def test_append_only_tables_keep_their_rows_even_inside_the_door(office: Office) -> None:
    run = {
        "target": "volunteers",
        "file_name": "a.xlsx",
        "file_digest": "00",
        "sheet_name": "Sheet1",
        "imported_at": "2026-11-20T09:00:00+08:00",
        "operator": "王某",
        "rows_read": 1,
        "rows_written": 1,
        "rows_returned": 0,
        "mapping": "{}",
    }
    row_id = office.transact("导入", lambda w: w.insert("import_run", run)).result
    for sql in ("UPDATE import_run SET rows_read = 2", "DELETE FROM import_run"):
        with pytest.raises(IntegrityError, match="append-only"):
            office.transact("改", partial(DoorWriter.execute, sql=sql))
    assert office.reader().value("SELECT rows_read FROM import_run WHERE id = ?", (row_id,)) == 1


def test_operations_do_not_nest(office: Office) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        office.transact("外", lambda _: office.transact("内", add_unit))
    assert office.reader().value("SELECT count(*) FROM unit") == 0


def test_a_writer_is_dead_after_its_operation(office: Office) -> None:
    kept = office.transact("新增组织", lambda w: (add_unit(w), w)[1]).result
    with pytest.raises(RuntimeError, match="ended"):
        kept.insert("unit", {})


def test_the_writer_lets_only_changes_of_module_tables_pass(office: Office) -> None:
    for sql in (
        "COMMIT",
        "DROP TABLE unit",
        "PRAGMA foreign_keys = OFF",
        "DELETE FROM journal_image",
        "SELECT 1",
    ):
        with pytest.raises(ValueError, match="only INSERT"):
            office.transact("试", partial(DoorWriter.execute, sql=sql))
    with pytest.raises(ValueError, match="not a table"):
        office.transact("试", lambda w: w.insert("journal_image", {"n": 1}))


def test_duplicates_and_broken_references_are_refused_in_words(office: Office) -> None:
    office.transact("新增组织", add_unit)
    with pytest.raises(Refusal, match="重复"):
        office.transact("新增组织", add_unit)
    with pytest.raises(Refusal, match="不存在"):
        office.transact(
            "新增", lambda w: w.insert("person", {"name": "张某", "sort_key": "zhang mou", "unit_id": "none"})
        )


def test_updating_a_row_that_is_gone_is_refused(office: Office) -> None:
    with pytest.raises(Refusal, match="不在了"):
        office.transact("修改组织", lambda w: w.update("unit", "nothing", {"name": "x"}))


def test_many_rows_go_in_with_their_images(office: Office) -> None:
    rows = ({"code": f"{n:05}", "name": f"组{n}", "level": "网格", "kind": "网格"} for n in range(5000))
    done = office.transact("导入组织", lambda w: w.insert_many("unit", rows))
    assert done.result == 5000
    assert done.changes is not None
    assert len(done.changes.tables["unit"]) == 5000
    with pytest.raises(ValueError, match="differ"):
        office.transact("导入", lambda w: w.insert_many("unit", [{"code": "a"}, {"name": "b"}]))


def test_readers_cannot_write_and_see_what_is_confirmed(office: Office) -> None:
    with pytest.raises(Refusal):
        office.reader().all("DELETE FROM journal_head")
    with office.reader() as reader:
        assert reader.one("SELECT count(*) AS units FROM unit") == {"units": 0}
        office.transact("新增组织", add_unit)
        assert reader.value("SELECT count(*) FROM unit") == 1
    with office.reader().snapshot() as frozen:
        office.transact("新增组织", lambda w: add_unit(w, "02"))
        assert frozen.value("SELECT count(*) FROM unit") == 1
    assert [row["code"] for row in office.reader().stream("SELECT code FROM unit ORDER BY code")] == [
        "01",
        "02",
    ]


def test_closing_never_waits_for_a_reader_in_another_thread(office: Office) -> None:
    office.transact("导入", lambda w: w.insert_many("unit", [_row(n) for n in range(500)]))
    begun: list[Iterator[Row]] = []

    def begin() -> None:
        begun.append(office.reader().stream("SELECT * FROM unit"))
        next(begun[0])

    with ThreadPoolExecutor(1) as pool:
        pool.submit(begin).result()
        office.close()
        with pytest.raises(Refusal, match="已经关闭"):
            pool.submit(lambda: list(begun[0])).result()


def test_threads_read_on_their_own_connections(office: Office) -> None:
    add = office.transact("新增组织", add_unit).result
    with ThreadPoolExecutor(4) as pool:
        names = list(
            pool.map(lambda _: office.reader().value("SELECT name FROM unit WHERE id = ?", (add,)), range(40))
        )
    assert names == ["水湾街道"] * 40


def test_many_threads_write_one_after_the_other(office: Office) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(lambda n: office.transact("新增组织", partial(add_unit, code=f"{n}")), range(20))
        )
    seqs = sorted(item.changes.seq for item in done if item.changes is not None)
    assert seqs == list(range(seqs[0], seqs[0] + 20))
    assert office.check().ok


def _row(number: int) -> dict[str, Any]:
    return {"code": f"{number:05}", "name": "x" * 50, "level": "网格", "kind": "网格"}


def test_confirmed_work_is_there_after_reopening(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.transact("新增组织", add_unit)
    head = office.head()
    office.close()
    with open_file(office.path) as again:
        assert again.head() == head
        assert again.reader().value("SELECT name FROM unit") == "水湾街道"
    with pytest.raises(Refusal, match="已经关闭"):
        again.transact("新增组织", add_unit)
