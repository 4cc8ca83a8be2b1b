"""Checking: an untouched file passes, and every way of changing one behind the program's back is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hongyao_desktop.core.fields import Search, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.store.blocks import BLOCK
from hongyao_desktop.store.drafts import Drafts
from hongyao_desktop.store.driver import PAGE_SIZE
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file, make_office, open_file
from tests.store.tampering import raw, without_triggers

UNITS = Register(
    name="units",
    label="组织",
    table="unit",
    source="unit",
    title_field="name",
    fields=(
        Field(name="code", label="编码", type=Text(), sensitivity=Sensitivity.OPEN),
        Field(name="name", label="名称", type=Text(), sensitivity=Sensitivity.OPEN, search=Search.TEXT),
    ),
    list_columns=("code", "name"),
    sort="code",
    help="",
)


def unit(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "level": "社区", "kind": "社区"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with three operations of one, five and one image and a change."""
    path = make_file(tmp_path)
    opened = open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=fixed_clock(),
        state=tmp_path / "state",
        registers=(UNITS,),
    )
    first = opened.transact("新增组织", lambda w: w.insert("unit", unit("01", "水湾社区"))).result
    opened.transact(
        "导入组织", lambda w: w.insert_many("unit", [unit(f"1{n}", f"第{n}社区") for n in range(5)])
    )
    opened.transact("修改组织", lambda w: w.update("unit", first, {"name": "新水湾社区", "note": "改名"}))
    opened.transact("新增组织", lambda w: w.insert("unit", unit("02", "望海社区")))
    yield opened
    opened.close()


def last_seq(office: Office) -> int:
    return int(office.reader().value("SELECT seq FROM journal_head"))


def test_an_untouched_file_passes_and_progress_reaches_the_end(office: Office) -> None:
    steps: list[tuple[int, int]] = []
    report = office.check(lambda done, total: steps.append((done, total)))
    assert report.findings == ()
    assert report.ok
    assert report.head == office.head()
    assert report.operations == last_seq(office)
    assert report.images == office.reader().value("SELECT count(*) FROM journal_image")
    assert steps == sorted(steps)
    assert steps[-1][0] > 0


def test_a_check_can_be_broken_off(office: Office) -> None:
    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    def stop_in_the_trees(done: int, total: int) -> None:
        if done > total // 6:
            raise InterruptedError

    for stopping in (stop, stop_in_the_trees):
        with pytest.raises(InterruptedError):
            office.check(stopping)
    assert office.check().ok


def test_a_damaged_page_that_no_tree_uses_any_more_is_found_too(office: Office) -> None:
    """Nothing reads it today, but the disk that damaged it is the one the office works on."""
    drafts = Drafts(office)
    drafts.keep("people:new", {"note": "x" * 100_000})
    drafts.drop("people:new")
    free, pages = (
        office.reader().value(f"SELECT {n} FROM pragma_{n}") for n in ("freelist_count", "page_count")
    )
    assert free > 20
    office.close()
    data = bytearray(office.path.read_bytes())
    data[(pages - 1) * PAGE_SIZE + 100] ^= 1
    office.path.write_bytes(data)
    with make_again(office.path.parent) as again:
        findings = again.check().findings
        assert [problem.code for problem in findings] == ["check.page"]
        assert f"page {pages}" in findings[0].message


def test_progress_begins_at_once_and_ends_at_the_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hongyao_desktop.store.check._STEPS_A_TURN", 20)
    steps: list[tuple[int, int]] = []
    assert office.check(lambda done, total: steps.append((done, total))).ok
    assert steps[0][0] == 0
    assert steps == sorted(steps)
    done, total = steps[-1]
    assert done == total
    pages = office.reader().value("SELECT page_count FROM pragma_page_count")
    assert len([done for done, _ in steps if pages < done < 2 * pages]) > 0


def test_operations_larger_than_a_block_and_deletions_pass(office: Office) -> None:
    office.transact(
        "导入", lambda w: w.insert_many("unit", [unit(f"x{n}", "大批") for n in range(2 * BLOCK + 17)])
    )
    office.transact("清理", lambda w: w.execute("DELETE FROM unit WHERE code LIKE 'x1%'"))
    assert office.check().findings == ()


def change_row(c: Any, _n: int) -> None:
    c.execute("UPDATE unit SET name = '假社区', note = 'x' WHERE code = '01'")


def add_row(c: Any, _n: int) -> None:
    c.execute("INSERT INTO unit(id, code, name, level, kind) VALUES ('u', '99', '凭空社区', '社区', 'x')")


def delete_row(c: Any, _n: int) -> None:
    c.execute("DELETE FROM unit WHERE code = '02'")


def swap_rows(c: Any, _n: int) -> None:
    c.execute("UPDATE unit SET name = iif(code = '10', '第1社区', '第0社区') WHERE code IN ('10', '11')")


def alter_operation(c: Any, n: int) -> None:
    c.execute("UPDATE journal_operation SET operator_name = '别人' WHERE seq = ?", (n - 1,))


def alter_hash(c: Any, n: int) -> None:
    c.execute(
        "UPDATE journal_operation SET hash = iif(hash LIKE 'a%', 'b', 'a') || substr(hash, 2) WHERE seq = ?",
        (n - 1,),
    )


def delete_operation(c: Any, n: int) -> None:
    c.execute("DELETE FROM journal_operation WHERE seq = ?", (n - 1,))


def delete_operation_and_images(c: Any, n: int) -> None:
    c.execute("DELETE FROM journal_image WHERE op_seq = ?", (n - 1,))
    c.execute("DELETE FROM journal_operation WHERE seq = ?", (n - 1,))


def insert_operation(c: Any, n: int) -> None:
    columns = [row[1] for row in c.execute("PRAGMA table_info(journal_operation)") if row[1] != "seq"]
    c.execute(
        f"INSERT INTO journal_operation(seq, {', '.join(columns)})"
        f" SELECT ?, {', '.join(columns)} FROM journal_operation WHERE seq = ?",
        (n + 1, n),
    )


def reorder_operations(c: Any, n: int) -> None:
    c.execute("UPDATE journal_operation SET seq = -1 WHERE seq = ?", (n,))
    c.execute("UPDATE journal_operation SET seq = ? WHERE seq = ?", (n, n - 1))
    c.execute("UPDATE journal_operation SET seq = ? WHERE seq = -1", (n - 1,))


def truncate(c: Any, n: int) -> None:
    c.execute("DELETE FROM journal_image WHERE op_seq = ?", (n,))
    c.execute("DELETE FROM journal_operation WHERE seq = ?", (n,))


def alter_image(c: Any, _n: int) -> None:
    c.execute("UPDATE journal_image SET after = replace(after, '第3社区', '第9社区')")


def delete_image(c: Any, _n: int) -> None:
    c.execute("DELETE FROM journal_image WHERE after LIKE '%第2社区%'")


def insert_image(c: Any, n: int) -> None:
    c.execute(
        "INSERT INTO journal_image(op_seq, table_name, row_id, action, before, after)"
        " SELECT ?, table_name, row_id, action, before, after FROM journal_image WHERE op_seq = ?",
        (n, n),
    )


def swap_images(c: Any, _n: int) -> None:
    first, second = (
        c.execute(f"SELECT n FROM journal_image WHERE after LIKE '%第{k}社区%'").fetchone()[0] for k in (1, 2)
    )
    c.execute("UPDATE journal_image SET n = -5 WHERE n = ?", (first,))
    c.execute("UPDATE journal_image SET n = ? WHERE n = ?", (first, second))
    c.execute("UPDATE journal_image SET n = ? WHERE n = -5", (second,))


def separator_in_operation(c: Any, n: int) -> None:
    c.execute("UPDATE journal_operation SET prev = prev || char(30) || char(31) WHERE seq = ?", (n - 1,))


@pytest.mark.parametrize(
    ("tamper", "code", "words"),
    [
        (change_row, "check.row", "组织 01 假社区 的名称、note与日志不符"),
        (add_row, "check.row_extra", "组织 99 凭空社区 在日志里没有来历"),
        (delete_row, "check.row_gone", "组织 02 望海社区 在日志里有，表里没有"),
        (swap_rows, "check.row", "组织 10 第1社区 的名称与日志不符"),
        (alter_operation, "check.operation", "（修改组织，别人，"),
        (alter_hash, "check.operation", "修改组织"),
        (delete_operation, "check.missing", "日志缺少第 {before} 号操作"),
        (delete_operation_and_images, "check.missing", "日志缺少第 {before} 号操作"),
        (insert_operation, "check.order", "第 {after} 号操作接不上前一号"),
        (reorder_operations, "check.order", "第 {before} 号操作接不上前一号"),
        (truncate, "check.head", "日志应到第 {last} 号操作，实际到第 {before} 号"),
        (alter_image, "check.image", "导入组织"),
        (delete_image, "check.image", "导入组织"),
        (insert_image, "check.image", "不属于任何操作的影像"),
        (swap_images, "check.image", "导入组织"),
        (separator_in_operation, "check.operation", "第 {before} 号操作"),
    ],
)
def test_tampering_is_found_and_named(
    office: Office, tamper: Callable[[Any, int], None], code: str, words: str
) -> None:
    n = last_seq(office)
    with without_triggers(office) as connection:
        tamper(connection, n)
    report = office.check()
    assert not report.ok
    expected = words.format(before=n - 1, last=n, after=n + 1)
    assert [p for p in report.findings if p.code == code and expected in p.message], report.findings


@pytest.mark.parametrize("tamper", [alter_operation, alter_hash, delete_operation, truncate, alter_image])
def test_recent_tampering_is_told_at_the_next_opening(
    office: Office, tamper: Callable[[Any, int], None]
) -> None:
    with without_triggers(office) as connection:
        tamper(connection, last_seq(office))
    office.close()
    with open_file(office.path) as again:
        assert [sentence for sentence in again.warnings if "先做一次核查" in sentence]


def test_each_dropped_trigger_and_changed_table_is_found(office: Office) -> None:
    with raw(office) as connection:
        connection.execute("DROP TRIGGER unit_update")
        connection.execute("DROP INDEX unit_parent")
        connection.execute("CREATE TRIGGER extra AFTER INSERT ON unit BEGIN SELECT 1; END")
        connection.execute("DROP VIEW person_view")
    messages = "\n".join(problem.message for problem in office.check().findings)
    assert "触发器 unit_update 缺失" in messages
    assert "索引 unit_parent 缺失" in messages
    assert "触发器 extra 多出" in messages
    assert "视图 person_view 缺失" in messages


def test_a_journal_cut_back_with_its_head_is_found_by_this_computers_note(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.transact("新增组织", lambda w: w.insert("unit", unit("01", "水湾社区")))
    printed = office.head()
    office.close()
    with make_again(tmp_path) as again:
        n = last_seq(again)
        with without_triggers(again) as c:
            c.execute("DELETE FROM unit")
            truncate(c, n)
            c.execute(
                "UPDATE journal_head SET seq = ?, images = (SELECT max(n) FROM journal_image),"
                " hash = (SELECT hash FROM journal_operation WHERE seq = ?)",
                (n - 1, n - 1),
            )
        report = again.check(printed_head=printed)
        codes = [problem.code for problem in report.findings]
        assert codes == ["check.note", "check.printed", "check.log"]
        # the note is not overwritten by a shorter journal when the file is closed and opened again
        again.close()
        with make_again(tmp_path) as third:
            assert "“用备份恢复”里重建" in third.warnings[0]
            assert "被旧文件替换" in third.warnings[1]


def make_again(folder: Path) -> Office:
    from tests.offices import FILE_NAME, open_file

    return open_file(folder / FILE_NAME)


def test_a_printed_head_is_known_by_its_first_letters(office: Office) -> None:
    printed = office.head()[:16].upper()
    assert office.check(printed_head=f"{printed[:8]} {printed[8:]}").ok
    assert [p.code for p in office.check(printed_head="0" * 16).findings] == ["check.printed"]


def test_a_row_changed_and_changed_back_passes(office: Office) -> None:
    with without_triggers(office) as connection:
        change_row(connection, 0)
    with without_triggers(office) as connection:
        connection.execute("UPDATE unit SET name = '新水湾社区', note = '改名' WHERE code = '01'")
    assert office.check().ok


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@hypothesis_settings(max_examples=25)
@given(rows=st.lists(st.tuples(texts, texts, st.integers(-(2**63), 2**63 - 1)), max_size=6))
def test_whatever_stands_in_a_row_the_file_passes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]]
) -> None:
    with make_office(tmp_path_factory.mktemp("any")) as office:
        for number, (name, note, position) in enumerate(rows):
            values = {"code": str(number), "name": name, "level": "社区", "kind": "x", "position": position}
            add = partial(DoorWriter.insert, table="unit", values=values)
            row_id = office.transact(f"新增{note}", add, reason=name).result
            change = partial(DoorWriter.update, table="unit", row_id=row_id, changes={"note": note})
            office.transact("改", change)
        assert office.check().findings == ()
