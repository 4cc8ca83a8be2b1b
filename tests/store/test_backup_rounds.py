"""Backups that make themselves: when they are made, when they are not, and what is said when they cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import BACKUP_KEEP, SECOND_BACKUP_FOLDER
from hongyao_desktop.store import Office, access, backup_rounds, restore
from hongyao_desktop.store.limits import put_setting
from tests.offices import fixed_clock, make_office, open_file
from tests.store.registers import unit


def begins_with_import(op: str) -> bool:
    return op.startswith("导入")


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path, clock=clock)
    opened.back_up_by_itself(begins_with_import)
    yield opened
    opened.close()


def add(office: Office, code: str, op: str = "新增组织") -> None:
    office.transact(op, lambda w: w.insert("unit", unit(code, f"第{code}社区")))
    assert office.rounds is not None
    office.rounds.finish()


def made(office: Office) -> list[int]:
    return sorted(backup.seq for backup in office.backups())


def seq(office: Office) -> int:
    return int(office.reader().value("SELECT seq FROM journal_head"))


def test_the_first_save_of_a_day_is_followed_by_a_backup_and_later_ones_are_not(
    office: Office, clock: FixedClock
) -> None:
    assert made(office) == []
    add(office, "01")
    first = seq(office)
    assert made(office) == [first]
    add(office, "02")
    assert made(office) == [first]
    clock.advance(timedelta(days=1))
    add(office, "03")
    assert made(office) == [first, seq(office)]


def test_a_backup_comes_before_an_import_and_holds_what_was_there_before(office: Office) -> None:
    add(office, "01")
    add(office, "02")
    before = seq(office)
    add(office, "03", op="导入组织")
    assert made(office)[-1] == before
    add(office, "04", op="导入组织")
    assert made(office)[-1] == before + 1


def test_closing_makes_one_when_something_changed_and_none_when_only_the_access_log_did(
    office: Office, clock: FixedClock
) -> None:
    add(office, "01")
    add(office, "02")
    last = seq(office)
    clock.advance(timedelta(minutes=1))
    office.close()
    assert made(office)[-1] == last
    with open_file(office.path, clock=clock) as again:
        again.back_up_by_itself(begins_with_import)
        access.begin(again)
        clock.advance(timedelta(minutes=1))
    assert made(again)[-1] == last
    assert again.backups()[0].path.stat().st_size > 0


def test_the_backup_of_the_close_is_the_file_that_was_closed(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    add(office, "01")
    add(office, "02")
    key, head = office.opened.file_key, office.head()
    clock.advance(timedelta(minutes=1))
    office.close()
    (newest, *_) = office.backups()
    shown = restore.rehearse(newest.path, office.path, key, clock)
    assert (shown.findings, shown.lost_count, shown.current_readable) == ((), 0, True)
    restore.restore(newest.path, tmp_path / "x.hyt", key, clock=clock, state=tmp_path / "other")
    with open_file(tmp_path / "x.hyt") as again:
        assert again.reader().one("SELECT 1 FROM journal_operation WHERE hash = ?", (head,)) is not None


def test_after_a_restore_a_shorter_journal_is_backed_up_too(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    add(office, "01")
    early = office.backups()[0]
    for code in ("02", "03", "04", "05"):
        add(office, code)
    clock.advance(timedelta(minutes=1))
    office.close()
    longest = made(office)[-1]
    restore.restore(early.path, office.path, office.opened.file_key, clock=clock, state=tmp_path / "state")
    clock.advance(timedelta(minutes=1))
    with open_file(office.path, clock=clock) as again:
        again.back_up_by_itself(begins_with_import)
    assert again.backups()[0].seq < longest


def test_a_second_folder_gets_every_backup_and_is_missed_when_it_is_not_there(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    second = tmp_path / "U盘"
    office.transact("设置", lambda w: put_setting(w, SECOND_BACKUP_FOLDER.key, str(second)))
    assert office.rounds is not None
    office.rounds.finish()
    assert [sentence for sentence in office.problems if "插上 U 盘" in sentence]
    second.mkdir()
    clock.advance(timedelta(minutes=1))
    add(office, "01", op="导入组织")
    add(office, "02", op="导入组织")
    assert office.problems == ()
    newest = office.backups()[0]
    assert [copy.seq for copy in office.backups(second)] == [newest.seq]
    assert (second / newest.path.name).read_bytes() == newest.path.read_bytes()
    assert (second / f"{newest.path.name}.keys").exists()
    assert not list(second.glob(".*"))


def test_a_copy_that_reads_back_otherwise_is_thrown_away(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, "01")
    newest = office.backups()[0]
    monkeypatch.setattr(backup_rounds, "_digest", lambda path: str(path).encode())
    with pytest.raises(Refusal, match="核对不上"):
        backup_rounds.copy_to(newest, tmp_path / "state")
    assert not list((tmp_path / "state").glob("*.hyb*"))


def test_old_ones_are_thinned(office: Office, clock: FixedClock) -> None:
    office.transact("设置", lambda w: put_setting(w, BACKUP_KEEP.key, "3"))
    for number in range(6):
        clock.advance(timedelta(days=40))
        add(office, f"{number}")
    assert len(made(office)) == 3
    assert made(office)[-1] == seq(office)


def test_a_folder_that_takes_no_backup_stops_neither_work_nor_closing(office: Office) -> None:
    folder = office.opened.backup_folder
    office.finish_index()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    add(office, "01")
    add(office, "02", op="导入组织")
    assert [sentence for sentence in office.problems if "自动备份没有做成" in sentence]
    office.close()
    folder.unlink()
    with open_file(office.path) as again:
        assert again.reader().value("SELECT count(*) FROM unit") == 2


def test_a_file_taken_away_or_replaced_is_not_backed_up_in_the_place_of_the_real_one(
    office: Office, tmp_path: Path
) -> None:
    add(office, "01")
    before = made(office)
    office.path.rename(tmp_path / "moved")
    office.path.write_bytes(b"x" * 9000)
    with pytest.raises(Refusal, match="被移动、删除或替换"):
        office.backup()
    office.close()
    assert made(office) == before


def test_a_very_large_file_is_not_copied_at_every_closing(
    office: Office, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    monkeypatch.setattr(backup_rounds, "LARGE_BYTES", 1)
    add(office, "01")
    add(office, "02")
    before = made(office)
    office.close()
    assert made(office) == before
    with open_file(office.path, clock=clock) as again:
        again.back_up_by_itself(begins_with_import)
        clock.advance(timedelta(days=1))
    assert len(made(again)) == len(before) + 1


def test_whoever_only_reads_makes_no_backups(tmp_path: Path) -> None:
    make_office(tmp_path).close()
    with open_file(tmp_path / "水湾街道.hyt", read_only=True) as beside:
        beside.back_up_by_itself(begins_with_import)
        assert beside.rounds is None


def test_what_a_killed_backup_left_is_swept_away_after_a_day(office: Office, clock: FixedClock) -> None:
    add(office, "01")
    folder = office.opened.backup_folder
    old, young = (folder / f".{office.path.name}.{number}-abcd.new" for number in (1, 2))
    for path, age in ((old, timedelta(days=2)), (young, timedelta(minutes=2))):
        path.write_bytes(b"x")
        at = (clock.now() - age).timestamp()
        os.utime(path, (at, at))
    office.backup()
    assert not old.exists()
    assert young.exists()
