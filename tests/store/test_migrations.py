"""Migrations: guarded, journalled, with a copy before; images from before a change of columns stay comparable."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.store.driver import Connection, DriverError, connect_memory
from hongyao_desktop.store.migrate import Step, known_steps, migrate, schema_of
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.store.watch import reshaping, rewatch, watch
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file, make_office
from tests.store.golden import GOLDEN, schema_text
from tests.store.registers import unit

KNOWN = known_steps()
TABLE = "CREATE TABLE extra(id TEXT PRIMARY KEY NOT NULL, a TEXT, b INTEGER) STRICT"


def step(name: str, *statements: str, watched: tuple[str, ...] = ()) -> Step:
    return Step(name, statements, watched)


def add_column(connection: Connection) -> None:
    with reshaping(connection, "extra", added={"c": "新"}):
        connection.execute("ALTER TABLE extra ADD COLUMN c TEXT NOT NULL DEFAULT '新'")


def rename_and_drop(connection: Connection) -> None:
    with reshaping(connection, "extra", renamed={"a": "name"}, dropped=("b",)):
        connection.execute("ALTER TABLE extra RENAME COLUMN a TO name")
        connection.execute("ALTER TABLE extra DROP COLUMN b")


FIRST = step("m9001_extra", TABLE, watched=("extra",))
SECOND = replace(step("m9002_column"), upgrade=add_column)
THIRD = replace(step("m9003_rename"), upgrade=rename_and_drop)


def opened(path: Path, *more: Step) -> Office:
    return open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=fixed_clock(),
        state=path.parent / "state",
        steps=(*KNOWN, *more),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path)


def test_the_schema_of_a_new_file_is_the_golden_one() -> None:
    sentence = "the schema changed: if that was meant, run python -m tests.store.golden and commit the result"
    assert schema_text() == GOLDEN.read_text(encoding="utf-8"), sentence


def test_no_step_uses_transform_and_every_table_is_strict_and_watched_or_known() -> None:
    folder = Path(__file__).parents[2] / "hongyao_desktop" / "store" / "migrations"
    for source in folder.glob("m*.py"):
        assert "transform(" not in source.read_text(encoding="utf-8")
    connection = connect_memory()
    migrate(connection, KNOWN, clock=fixed_clock(), algorithm="sha256")
    schema = schema_of(connection)
    tables = {name.removeprefix("table ") for name in schema if name.startswith("table ")}
    loose = {name for name in tables if "STRICT" not in schema[f"table {name}"].rpartition(")")[2]}
    assert loose == {"_sqlite_migrations"}
    watched = {row[0] for row in connection.execute("SELECT table_name FROM journal_shape")}
    kernel = {"draft", "journal_head", "journal_operation", "journal_image", "key_ring", "_sqlite_migrations"}
    search = {"search_register", "search_row", "search_key"}
    # What is left are sums that triggers of watched tables keep, and that can be added up anew at any time.
    triggers = " ".join(sql for name, sql in schema.items() if name.startswith("trigger "))
    assert [name for name in tables - watched - kernel - search if f"INTO {name}" not in triggers] == []
    connection.close()


def test_references_never_cascade() -> None:
    for name, sql in schema_of_new().items():
        if name.startswith("table "):
            assert "CASCADE" not in sql
            assert "SET NULL" not in sql


def schema_of_new() -> dict[str, str]:
    connection = connect_memory()
    try:
        migrate(connection, KNOWN, clock=fixed_clock(), algorithm="sha256")
        return schema_of(connection)
    finally:
        connection.close()


def test_an_older_file_is_brought_up_to_date_with_a_copy_before(path: Path) -> None:
    with opened(path) as office:
        office.transact("新增", lambda w: w.insert("unit", unit("01", "a")))
    with opened(path, FIRST) as office:
        assert [backup.path.exists() for backup in office.backups()] == [True]
        last = office.reader().one(
            "SELECT op, operator_name, reason FROM journal_operation ORDER BY seq DESC LIMIT 1"
        )
        assert last == {"op": "升级数据表", "operator_name": "程序", "reason": "m9001_extra"}
        office.transact("新增", lambda w: w.insert("extra", {"a": "x", "b": 1}))
        assert office.undoable() == "新增"
        steps = (*KNOWN, FIRST)
        assert [p.message for p in office.check().findings if "extra" not in p.message] == []
        assert office.reader().value("PRAGMA user_version") == len(steps)
    with opened(path, FIRST) as office:
        assert len(office.backups()) == 1


def test_images_from_before_a_change_of_columns_still_fit(path: Path) -> None:
    with opened(path, FIRST) as office:
        for number in range(3):
            row = {"id": f"r{number}", "a": f"甲{number}", "b": number}
            office.transact("新增", partial(DoorWriter.insert, table="extra", values=row))
    with opened(path, FIRST, SECOND) as office:
        assert office.reader().value("SELECT c FROM extra WHERE id = 'r0'") == "新"
        assert [p for p in office.check().findings if p.code != "check.schema"] == []
        office.transact("改", lambda w: w.update("extra", "r1", {"c": "改", "a": "乙"}))
    with opened(path, FIRST, SECOND, THIRD) as office:
        assert office.reader().all("SELECT * FROM extra ORDER BY id") == [
            {"id": "r0", "name": "甲0", "c": "新"},
            {"id": "r1", "name": "乙", "c": "改"},
            {"id": "r2", "name": "甲2", "c": "新"},
        ]
        assert [p for p in office.check().findings if p.code != "check.schema"] == []
        office.undo_last()
        assert office.reader().value("SELECT name || c FROM extra WHERE id = 'r1'") == "甲1新"
        assert [p for p in office.check().findings if p.code != "check.schema"] == []
        office.finish_index()
        connection = office._door._live()
        connection.execute("DROP TRIGGER extra_update")
        connection.execute("UPDATE extra SET name = '假' WHERE id = 'r2'")
        assert [p.message for p in office.check().findings if p.code == "check.row"] == [
            "表 extra 的记录 r2 的name与日志不符，被绕过程序改动"
        ]


def test_a_table_noted_again_with_the_columns_it_had_still_fits(path: Path) -> None:
    with opened(path, FIRST) as office:
        office.transact("新增", lambda w: w.insert("extra", {"id": "r", "a": "甲", "b": 1}))
    again = replace(step("m9002_again"), upgrade=lambda connection: rewatch(connection, "extra"))
    with opened(path, FIRST, again) as office:
        assert [p for p in office.check().findings if p.code != "check.schema"] == []
        office.undo_last()
        assert office.reader().all("SELECT * FROM extra") == []
        assert [p for p in office.check().findings if p.code != "check.schema"] == []


def test_an_upgrade_that_makes_records_is_rebuilt_with_the_records_it_made(path: Path) -> None:
    """Their ids are new every time; those of the log count, and what was worked on them afterwards comes back too."""

    def make_records(connection: Connection) -> None:
        rewatch(connection, "extra")
        for (name,) in connection.execute("SELECT a FROM extra ORDER BY id").fetchall():
            connection.execute(
                "INSERT INTO extra(id, a, b) VALUES (?, ?, 7)", (secrets.token_hex(8), f"{name}续")
            )
        connection.execute("UPDATE extra SET b = b + 1 WHERE b < 7")

    step_with_records = replace(step("m9002_records"), upgrade=make_records)
    steps = (*KNOWN, FIRST, step_with_records)
    with opened(path, FIRST) as office:
        for number in range(3):
            row = {"id": f"r{number}", "a": f"甲{number}", "b": number}
            office.transact("新增", partial(DoorWriter.insert, table="extra", values=row))
    with opened(path, FIRST, step_with_records) as office:
        office.transact("改", lambda w: w.execute("UPDATE extra SET a = '改了' WHERE a = '甲1续'"))
        office.finish_index()
        before, last = office.reader().all("SELECT * FROM extra ORDER BY id"), office.head()
        known = office.opened
    for backup in known.backup_folder.glob("*.hyb"):
        backup.unlink()
    target = path.with_name("重建.hyt")
    done = rebuild(known.backup_folder, target, file_id=known.file_id, file_key=known.file_key, steps=steps)
    assert done.missing_from is None
    with opened(target, FIRST, step_with_records) as again:
        assert again.head() == last
        assert again.reader().all("SELECT * FROM extra ORDER BY id") == before
        assert len(before) == 6


def test_a_file_is_rebuilt_over_its_upgrades(path: Path) -> None:
    steps = (*KNOWN, FIRST, SECOND, THIRD)
    with opened(path, FIRST) as office:
        office.transact("新增", lambda w: w.insert("extra", {"id": "r", "a": "甲", "b": 1}))
    with opened(path, *steps[len(KNOWN) :]) as office:
        office.finish_index()
        office.transact("改", lambda w: w.update("extra", "r", {"name": "乙"}))
        before = office.reader().all("SELECT * FROM journal_operation")
        inside = office._opened
        for backup in office.backups():
            backup.path.unlink()
        target = path.with_name("again.hyt")
        rebuild(inside.backup_folder, target, file_id=inside.file_id, file_key=inside.file_key, steps=steps)
    with opened(target, *steps[len(KNOWN) :]) as again:
        assert again.reader().all("SELECT * FROM journal_operation") == before
        assert again.reader().all("SELECT * FROM extra") == [{"id": "r", "name": "乙", "c": "新"}]


def test_a_file_from_a_newer_program_is_refused(path: Path) -> None:
    opened(path, FIRST).close()
    before = path.read_bytes()
    with pytest.raises(Refusal, match="更新版本的程序"):
        opened(path)
    assert path.read_bytes() == before


def test_a_step_put_in_before_applied_ones_is_refused(path: Path) -> None:
    opened(path, FIRST).close()
    between = step("m9000_between", "CREATE TABLE between_two(id TEXT PRIMARY KEY) STRICT")
    with pytest.raises(Refusal, match="对不上"):
        opened(path, between, FIRST)
    with pytest.raises(Refusal, match="对不上"):
        opened(path, replace(FIRST, name="m9001_renamed"))


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    broken = step("m9002_broken", "CREATE TABLE half(id TEXT PRIMARY KEY) STRICT", "this is no SQL")
    with pytest.raises(DriverError):
        opened(path, FIRST, broken)
    with opened(path, FIRST) as office:
        assert office.reader().value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0
        office.transact("新增", lambda w: w.insert("extra", {"a": "x"}))


def test_an_older_file_is_not_upgraded_by_looking_at_it(path: Path) -> None:
    with pytest.raises(Refusal, match="旧版本的文件"):
        open_office(
            path,
            operator=ALL_ROLES.name,
            password=PASSWORD,
            clock=fixed_clock(),
            state=path.parent / "state",
            steps=(*KNOWN, FIRST),
            read_only=True,
        )


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE TABLE t(id TEXT PRIMARY KEY, x REAL) STRICT", "REAL"),
        ("CREATE TABLE t(a TEXT, b TEXT, PRIMARY KEY(a, b)) STRICT", "exactly one column"),
        ("CREATE TABLE t(a TEXT) STRICT", "exactly one column"),
        ("CREATE TABLE t(id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID", "WITHOUT ROWID"),
    ],
)
def test_a_table_that_cannot_be_watched_is_found_while_the_migration_is_written(sql: str, words: str) -> None:
    connection = connect_memory()
    connection.execute(sql)
    with pytest.raises(ValueError, match=words):
        watch(connection, "t")
    connection.close()


def test_a_forgotten_column_is_found_while_the_migration_is_written(path: Path) -> None:
    def forgetful(connection: Connection) -> None:
        connection.execute("ALTER TABLE extra ADD COLUMN c TEXT")
        rewatch(connection, "extra")

    with pytest.raises(ValueError, match="not the old ones"):
        opened(path, FIRST, replace(step("m9002_x"), upgrade=forgetful))


def test_pictures_of_whole_bytes_come_back_by_undo(path: Path) -> None:
    photo = step(
        "m9001_photo",
        "CREATE TABLE photo(id TEXT PRIMARY KEY NOT NULL, data BLOB) STRICT",
        watched=("photo",),
    )
    with opened(path, photo) as office:
        office.transact("新增", lambda w: w.insert("photo", {"id": "p", "data": b"\x00\xff\x10"}))
        office.transact("改", lambda w: w.update("photo", "p", {"data": None}))
        office.undo_last()
        assert office.reader().value("SELECT data FROM photo") == b"\x00\xff\x10"
        assert [p for p in office.check().findings if p.code != "check.schema"] == []


def test_opening_a_file_that_needs_nothing_does_not_load_the_migration_library(tmp_path: Path) -> None:
    import subprocess
    import sys

    make_office(tmp_path).close()
    program = (
        "import sys; from pathlib import Path; from tests.offices import open_file;"
        " open_file(Path(sys.argv[1])).close(); print('sqlite_utils' in sys.modules)"
    )
    from tests.offices import FILE_NAME

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / FILE_NAME)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "False"
