"""Backups: whole, verified, thinned with age; restoring shows what would be lost and keeps what it replaces."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.clock import BEIJING, FixedClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Making, Office, OfficeInfo, backup, create_office, keys, restore
from hongyao_desktop.store.backup import Backup, default_folder, superseded
from hongyao_desktop.store.journal import Head
from tests.offices import ALL_ROLES, CHEAP, CLERK, PASSWORD, fixed_clock, make_office, open_file
from tests.store.registers import unit

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=BEIJING)


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path, clock=clock)
    yield opened
    opened.close()


def add(office: Office, code: str) -> str:
    return office.transact("新增组织", lambda w: w.insert("unit", unit(code, f"第{code}社区"))).result


def key_of(office: Office) -> bytes:
    return office._opened.file_key


def test_a_backup_is_an_office_file_of_its_own(office: Office, tmp_path: Path) -> None:
    add(office, "01")
    steps: list[tuple[int, int]] = []
    made = office.backup(tmp_path / "盘", lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0
    assert made.seq == office.reader().value("SELECT seq FROM journal_head")
    assert sorted(path.suffix for path in made.path.parent.iterdir()) == [".hyb", ".keys"]
    add(office, "02")
    with open_file(made.path, read_only=True) as copy:
        assert copy.reader().value("SELECT count(*) FROM unit") == 1
        assert copy.check().ok
    assert [item.path for item in office.backups(tmp_path / "盘")] == [made.path]


def test_the_usual_folder_lies_beside_the_file_or_where_the_setting_says(
    office: Office, tmp_path: Path
) -> None:
    assert office.backup().path.parent == default_folder(office.path)
    chosen = tmp_path / "别处"
    office.transact("设置", lambda w: w.insert("setting", {"id": "backup.folder", "value": str(chosen)}))
    office.close()
    with open_file(office.path) as again:
        assert again.backup().path.parent == chosen


def test_a_folder_that_cannot_be_used_is_refused_in_words(office: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Refusal, match="用不了"):
        office.backup(tmp_path / "file")


def test_no_room_is_refused_before_anything_is_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(Refusal, match="空间不够"):
        office.backup(tmp_path / "盘")
    assert list((tmp_path / "盘").iterdir()) == []


@pytest.mark.parametrize("percent", [0, 1, 5, 20, 40, 50, 80, 99])
def test_a_copy_that_came_out_otherwise_is_thrown_away(
    percent: int, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that says it wrote what it did not write, wherever: in the schema, in rows, at the end."""
    copy = backup._copy

    def spoiled(source: backup.Source, target: Path, progress: None) -> Head:
        head = copy(source, target, progress)
        data = bytearray(target.read_bytes())
        data[len(data) * percent // 100] ^= 1
        target.write_bytes(data)
        return head

    monkeypatch.setattr(backup, "_copy", spoiled)
    with pytest.raises(Refusal, match="备份写好后核对不上，已丢弃"):
        office.backup(tmp_path / "盘")
    assert list((tmp_path / "盘").iterdir()) == []


def test_breaking_off_leaves_nothing(office: Office, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise StopIteration

    with pytest.raises(StopIteration):
        office.backup(tmp_path / "盘", stop)
    assert list((tmp_path / "盘").iterdir()) == []


def test_a_folder_that_is_gone_has_no_backups(office: Office, tmp_path: Path) -> None:
    assert office.backups(tmp_path / "拔掉的盘") == []


def test_the_rehearsal_shows_what_would_be_lost_and_changes_nothing(
    office: Office, clock: FixedClock
) -> None:
    add(office, "01")
    made = office.backup()
    add(office, "02")
    add(office, "03")
    before = office.path.read_bytes()
    shown = restore.rehearse(made.path, office.path, key_of(office), clock)
    assert shown.findings == ()
    assert shown.office == "水湾街道党工委办公室"
    assert shown.seq == made.seq
    assert [(lost.op, lost.who) for lost in shown.lost] == [("新增组织", "全某")] * 2
    assert (shown.lost_count, shown.current_readable) == (2, True)
    assert office.path.read_bytes() == before


def test_restoring_keeps_the_replaced_file_and_is_journalled(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    add(office, "01")
    made = office.backup()
    add(office, "02")
    key = key_of(office)
    with pytest.raises(Refusal, match="已在另一个窗口"):
        restore.restore(made.path, office.path, key, clock=clock, state=tmp_path / "state")
    office.close()
    clock.advance(timedelta(hours=1))
    kept = restore.restore(made.path, office.path, key, clock=clock, state=tmp_path / "state")
    assert kept is not None
    with open_file(office.path, clock=clock) as again:
        assert again.warnings == ()
        assert again.reader().value("SELECT count(*) FROM unit") == 1
        last = again.reader().one("SELECT op, reason FROM journal_operation ORDER BY seq DESC LIMIT 1")
        assert last == {"op": "从备份恢复", "reason": made.path.name}
        add(again, "04")
        again.finish_index()
        assert again.check().ok
    with open_file(kept, read_only=True) as replaced:
        assert replaced.reader().value("SELECT count(*) FROM unit") == 2
        assert replaced.check().ok


def test_a_damaged_backup_is_not_restored_and_the_file_stays(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    add(office, "01")
    made = office.backup()
    key = key_of(office)
    office.close()
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.path.write_bytes(data)
    before = office.path.read_bytes()
    with pytest.raises(Refusal):
        restore.restore(made.path, office.path, key, clock=clock, state=tmp_path / "state")
    assert office.path.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if "restore" in path.name or "被替换" in path.name]


def test_a_backup_of_another_office_is_not_put_in_its_place(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    other = create_office(
        tmp_path / "other.hyt",
        office=OfficeInfo("别的办公室", "别处"),
        operators=[(CLERK, PASSWORD)],
        clock=clock,
        making=Making(CHEAP),
        state=tmp_path,
    )
    made = other.backup()
    key = key_of(other)
    other.close()
    office.close()
    with pytest.raises(Refusal, match="选择同一个台账文件的备份"):
        restore.restore(made.path, office.path, key, clock=clock, state=tmp_path / "state")


def test_a_file_is_restored_where_there_is_none_any_more(
    office: Office, tmp_path: Path, clock: FixedClock
) -> None:
    add(office, "01")
    made = office.backup()
    office.close()
    shutil.rmtree(tmp_path / "state")
    office.path.unlink()
    keys.ring_path(office.path).unlink()
    key = restore.file_key_of(made.path, ALL_ROLES.name, PASSWORD, tmp_path / "state")
    assert restore.restore(made.path, office.path, key, clock=clock, state=tmp_path / "state") is None
    with open_file(office.path) as again:
        assert again.reader().value("SELECT count(*) FROM unit") == 1


def test_thinning_keeps_every_new_one_and_one_of_each_older_day_week_and_month(
    office: Office, clock: FixedClock
) -> None:
    made = office.backup()
    clock.advance(timedelta(days=40))
    for hours in (0, 1, 2):
        clock.advance(timedelta(hours=hours))
        add(office, f"{hours}")
        office.backup()
    assert office.thin_backups(30) == []
    assert [item.path for item in office.thin_backups(3)] == [made.path]
    assert not made.path.exists()
    assert not keys.ring_path(made.path).exists()
    assert len(office.backups()) == 3


def backup_at(hours: int) -> Backup:
    return Backup(Path(f"{hours}.hyb"), NOW - timedelta(hours=hours), 10_000 - hours, 1)


@given(ages=st.sets(st.integers(0, 24 * 800), max_size=60), most=st.integers(3, 40))
def test_thinning_never_takes_the_newest_and_never_thins_twice(ages: set[int], most: int) -> None:
    backups = [backup_at(age) for age in ages]
    gone = superseded(backups, NOW, most)
    kept = [backup for backup in backups if backup not in gone]
    newest = sorted(backups, key=lambda backup: backup.made_at)[-3:]
    assert all(backup in kept for backup in newest)
    assert len(kept) <= max(most, 3)
    assert superseded(kept, NOW, most) == []
    fresh = [backup for backup in backups if NOW - backup.made_at < timedelta(days=2)]
    assert len(fresh) > most or all(backup in kept for backup in fresh)
