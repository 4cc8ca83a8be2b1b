"""Files made to do harm, by somebody who even has the key: refused or reported in a moment, the live file untouched."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, restore
from hongyao_desktop.store.backup import Backup, file_id_of
from hongyao_desktop.store.driver import connect
from hongyao_desktop.store.rebuild import rebuild
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_office, open_file
from tests.store.registers import unit

ENDLESS = "WITH RECURSIVE forever(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT {} FROM forever"


def stop_again(table: str) -> str:
    """The trigger that was dropped for a moment, as it was."""
    return (
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN"
        f" SELECT RAISE(ABORT, 'append-only: {table}'); END"
    )


HARM = {
    "extra trigger": ["CREATE TRIGGER evil AFTER INSERT ON unit BEGIN DELETE FROM person; END"],
    "view for the office": ["DROP TABLE office", f"CREATE VIEW office AS {ENDLESS.format('n AS name')}"],
    "view for the journal": [
        "DROP TABLE journal_head",
        f"CREATE VIEW journal_head AS {ENDLESS.format('n AS seq')}",
    ],
    "view for the images": [
        "DROP TABLE journal_image",
        f"CREATE VIEW journal_image AS {ENDLESS.format('n')}",
    ],
    "view for the upgrades": [
        "DROP TABLE _sqlite_migrations",
        f"CREATE VIEW _sqlite_migrations AS {ENDLESS.format('n AS id, n AS name, n AS migration_set')}",
    ],
    "endless index": ["CREATE TABLE heap(x)", "CREATE INDEX slow ON heap(length(zeroblob(x)))"],
    "newer program": ["PRAGMA user_version = 9999"],
    "no program": ["PRAGMA user_version = 0"],
    "negative program": ["PRAGMA user_version = -5"],
    "broken schema": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE' WHERE name = 'unit'",
    ],
    "schema of another root": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'unit'",
    ],
    "text that is no text": [
        "DROP TRIGGER office_update",
        "UPDATE office SET name = CAST(x'ff80fe' AS TEXT)",
    ],
    "shape that is no JSON": [
        "DROP TRIGGER journal_shape_fixed",
        "UPDATE journal_shape SET columns = '{', added = '[[[[', renamed = 'x'",
        stop_again("journal_shape"),
    ],
    "image that is no JSON": [
        "DROP TRIGGER journal_image_fixed",
        "UPDATE journal_image SET after = 'x' || char(30, 31, 30)",
        stop_again("journal_image"),
    ],
    "numbers out of range": [
        "DROP TRIGGER journal_operation_fixed",
        "UPDATE journal_operation SET first_image = 9223372036854775807, images = 9223372036854775807",
        stop_again("journal_operation"),
    ],
    "unknown algorithm": [
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE journal_head SET algorithm = 'md5'",
    ],
    "no head": ["DELETE FROM journal_head"],
    "no office": ["DROP TRIGGER office_delete", "DELETE FROM office"],
    "head of another table": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'journal_head'",
    ],
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_office(tmp_path)
    opened.transact("新增组织", lambda w: w.insert("unit", unit("01", "水湾社区")))
    yield opened
    opened.close()


def harmed(office: Office, made: Backup, statements: list[str]) -> Path:
    """The backup after somebody with the key ran ``statements`` on it."""
    connection = connect(made.path, office._opened.file_key, office._opened.file_id)
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return made.path


@pytest.mark.parametrize("harm", HARM)
def test_a_hostile_backup_is_shown_up_in_a_moment_and_never_restored(
    office: Office, tmp_path: Path, harm: str
) -> None:
    made = office.backup()
    key = office._opened.file_key
    path = harmed(office, made, HARM[harm])
    office.close()
    before = office.path.read_bytes()
    began = time.monotonic()
    try:
        shown = restore.rehearse(path, office.path, key, fixed_clock())
    except Refusal as refusal:
        sentence = refusal.message
    else:
        assert shown.findings
        sentence = shown.findings[0].message
    assert len(sentence) < 120
    with pytest.raises(Refusal):
        restore.restore(path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    assert time.monotonic() - began < 5
    assert office.path.read_bytes() == before
    with open_file(office.path) as again:
        assert again.check().ok


@pytest.mark.parametrize("harm", HARM)
def test_rebuilding_passes_over_a_hostile_backup(office: Office, tmp_path: Path, harm: str) -> None:
    office.finish_index()
    harmed(office, office.backup(), HARM[harm])
    opened = office._opened
    done = rebuild(opened.backup_folder, tmp_path / "r.hyt", file_id=opened.file_id, file_key=opened.file_key)
    assert done.base is None
    with open_file(tmp_path / "r.hyt") as again:
        assert again.reader().value("SELECT name FROM unit") == "水湾社区"


@pytest.mark.parametrize("harm", HARM)
def test_a_hostile_file_in_the_place_of_the_live_one_is_refused_or_reported(
    office: Office, harm: str
) -> None:
    made = office.backup()
    path = harmed(office, made, HARM[harm])
    office.close()
    shutil.copyfile(path, office.path)
    began = time.monotonic()
    said = ""
    try:
        with open_file(office.path) as live:
            said = " ".join(problem.message for problem in live.check().findings)
    except Refusal as refusal:
        said = refusal.message
    assert said
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"<html>" + b"x" * 5000,
        b"PK\x03\x04" + b"x" * 5000,
        b"SQLite format 3\x00" + b"\x00" * 5000,
    ],
)
def test_what_is_no_backup_at_all_is_refused(office: Office, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.20261120-090000.7.hyb"
    path.write_bytes(content)
    with pytest.raises(Refusal):
        restore.file_key_of(path, ALL_ROLES.name, PASSWORD, tmp_path / "state")
    key = office._opened.file_key
    office.close()
    before = office.path.read_bytes()
    with pytest.raises(Refusal):
        restore.restore(path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    assert office.path.read_bytes() == before


def test_a_log_made_by_somebody_else_adds_nothing(office: Office, tmp_path: Path) -> None:
    office.finish_index()
    opened = office._opened
    folder = opened.backup_folder
    for path in folder.glob("*.hylog"):
        data = path.read_bytes()
        (folder / path.name.replace(".000001.", ".000002.")).write_bytes(
            data[:24] + b"REC1" + data[60:] + data[24:]
        )
        (folder / path.name.replace(".000001.", ".000003.")).write_bytes(b"x" * 1000)
    done = rebuild(folder, tmp_path / "r.hyt", file_id=opened.file_id, file_key=opened.file_key)
    assert done.seq == office.reader().value("SELECT seq FROM journal_head")
    assert file_id_of(tmp_path / "r.hyt") == opened.file_id
