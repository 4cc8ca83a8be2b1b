"""The log of sealed operations: what is in it, and what it bears with."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, access, appending, restore, sealed
from hongyao_desktop.store.appending import SealedLog
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.store.sealed import History, read_log, segments
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import fixed_clock, open_file
from tests.store import logs
from tests.store.logs import (
    FIELDS,
    FILE_ID,
    KEY,
    add,
    build_anew,
    everything,
    fail_at_commit,
    forget_last_mark,
    write_log,
)
from tests.store.registers import person, unit

office = logs.office  # the fixture


def test_the_log_can_be_ahead_of_the_file_and_is_never_behind_for_long(office: Office) -> None:
    add(office, "01")
    folder = office._opened.backup_folder
    held = [
        operation.fields["seq"]
        for operation in read_log(folder, office._opened.file_id, office._opened.file_key)
    ]
    assert held == list(range(1, office.reader().value("SELECT seq FROM journal_head") + 1))


def test_a_log_folder_that_vanishes_stops_nothing_and_is_caught_up_with(
    office: Office, tmp_path: Path
) -> None:
    folder = office._opened.backup_folder
    add(office, "01")
    folder.rename(tmp_path / "拔出")
    folder.write_text("in the way", encoding="utf-8")
    add(office, "02")
    office.finish_index()
    assert [sentence for sentence in office.problems if "写不进" in sentence]
    add(office, "03")
    office.finish_index()
    folder.unlink()
    (tmp_path / "拔出").rename(folder)
    add(office, "04")
    office.finish_index()
    assert office.problems == ()
    done, path = build_anew(office)
    assert done.missing_from is None
    with open_file(path) as again:
        assert everything(again) == everything(office)


def test_a_file_put_back_to_an_older_state_is_noticed_and_what_is_missing_can_be_had(
    office: Office, tmp_path: Path
) -> None:
    add(office, "01")
    office.close()
    old = tmp_path / "old"
    shutil.copyfile(office.path, old)
    with open_file(office.path) as now:
        now.finish_index()
        add(now, "02")
        add(now, "03")
        before = everything(now)
    shutil.rmtree(tmp_path / "state")
    shutil.copyfile(old, office.path)
    with open_file(office.path) as back:
        assert [sentence for sentence in back.warnings if "操作备份日志" in sentence]
    done, path = build_anew(office)
    assert done.missing_from is None
    with open_file(path) as again:
        assert everything(again) == before


def test_an_operation_that_only_the_log_has_was_never_confirmed(office: Office, tmp_path: Path) -> None:
    """The program died between the two syncs."""
    add(office, "01")
    office.close()
    old = office.path.read_bytes()
    with open_file(office.path) as now:
        add(now, "02")
    office.path.write_bytes(old)
    forget_last_mark(office)
    shutil.rmtree(tmp_path / "state")
    with open_file(office.path) as back:
        assert back.warnings == ()
        opened = back._opened
        assert History(opened.backup_folder, opened.file_id, opened.file_key).tip == back.head()
        add(back, "03")
        back.finish_index()
        before = everything(back)
        _, path = build_anew(back)
    with open_file(path) as again:
        assert everything(again) == before


@pytest.mark.parametrize("closed", [True, False])
def test_a_file_just_one_confirmed_operation_older_is_noticed_too(
    office: Office, tmp_path: Path, closed: bool
) -> None:
    """No note of this computer helps: it is another computer, or the program was killed before it could note."""
    add(office, "01")
    office.close()
    old = office.path.read_bytes()
    now = open_file(office.path)
    add(now, "02")
    before = everything(now)
    if closed:
        now.close()
        shutil.rmtree(tmp_path / "state")
    folder = tmp_path / "later"
    shutil.copytree(now._opened.backup_folder, folder / now._opened.backup_folder.name)
    now.close()
    path = folder / office.path.name
    path.write_bytes(old)
    shutil.copyfile(f"{office.path}.keys", f"{path}.keys")
    with open_file(path) as back:
        assert [sentence for sentence in back.warnings if "有 1 次操作在文件里没有" in sentence]
        opened = back._opened
    target = folder / "r.hyt"
    rebuild(opened.backup_folder, target, file_id=opened.file_id, file_key=opened.file_key)
    with open_file(target) as again:
        assert everything(again) == before


def test_looking_and_checking_say_too_what_only_the_log_has(office: Office, tmp_path: Path) -> None:
    add(office, "01")
    office.close()
    old = office.path.read_bytes()
    with open_file(office.path) as now:
        add(now, "02")
        add(now, "03")
        assert now.check().ok
    office.path.write_bytes(old)
    shutil.rmtree(tmp_path / "state")
    with open_file(office.path, read_only=True) as beside:
        assert [sentence for sentence in beside.warnings if "有 2 次操作在文件里没有" in sentence]
        assert [problem.code for problem in beside.check().findings] == ["check.log"]
    with open_file(office.path) as back:
        assert [problem.code for problem in back.check().findings] == ["check.log"]


def test_a_file_put_back_to_an_older_state_is_looked_at_only_until_it_was_rebuilt_or_restored(
    office: Office, tmp_path: Path
) -> None:
    """Whatever was written into it would begin a second history, and rebuilding would follow that one."""
    add(office, "01")
    made = office.backup()
    office.close()
    old = office.path.read_bytes()
    with open_file(office.path) as now:
        add(now, "02")
        key, before = now.opened.file_key, everything(now)
    office.path.write_bytes(old)
    shutil.rmtree(tmp_path / "state")
    for _ in range(2):
        with open_file(office.path) as back:
            access.begin(back)
            assert [sentence for sentence in back.warnings if "只能查看" in sentence]
            assert len(everything(back)["unit"]) == 1
            with pytest.raises(Refusal, match="请退出，在登录页“用备份恢复”里重建"):
                add(back, "03")
            back.finish_index()
    assert office.path.read_bytes() == old
    done, path = build_anew(office)
    assert done.missing_from is None
    with open_file(path) as again:
        assert everything(again) == before
    restore.restore(made.path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    with open_file(office.path) as accepted:  # what was done after the backup is given up knowingly
        assert accepted.warnings == ()
        add(accepted, "03")


def test_a_crash_before_the_mark_is_made_good_at_the_next_opening(office: Office) -> None:
    add(office, "01")
    office.close()
    old = office.path.read_bytes()
    with open_file(office.path) as now:
        add(now, "02")
    forget_last_mark(office)
    open_file(office.path).close()
    office.path.write_bytes(old)
    with open_file(office.path) as back:
        assert [sentence for sentence in back.warnings if "操作备份日志" in sentence]


def test_the_tip_of_the_log_decides_between_histories(office: Office, tmp_path: Path) -> None:
    """Restored, worked on, and then the replaced file was restored in its turn and worked on."""
    add(office, "01")
    made = office.backup()
    add(office, "02")
    key = office._opened.file_key
    office.close()
    kept = restore.restore(made.path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    assert kept is not None
    with open_file(office.path) as restored:
        restored.finish_index()
        add(restored, "03")
    restore.restore(kept, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    with open_file(office.path) as back:
        back.finish_index()
        add(back, "04")
        before = everything(back)
        made.path.unlink()
        done, path = build_anew(back)
    assert (done.base, done.missing_from) == (None, None)
    with open_file(path) as again:
        assert everything(again) == before
        assert [row["code"] for row in before["unit"]] == ["01", "02", "04"]


@pytest.mark.parametrize("method", ["append", "confirm", "take_back", "sync"])
def test_a_log_that_fails_at_any_call_never_stops_the_work_and_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    add(office, "01")
    with monkeypatch.context() as patched:
        patched.setattr(SealedLog, method, fails)
        add(office, "02")
        with pytest.raises(Refusal):
            office.transact("重复", fail_at_commit)
        add(office, "03")
        office.finish_index()
        assert office.problems or method == "take_back"  # the last save needed no taking back
    add(office, "04")
    office.finish_index()
    assert office.problems == ()
    before = everything(office)
    assert [row["code"] for row in before["unit"]] == ["01", "02", "03", "04"]
    done, path = build_anew(office)
    assert done.missing_from is None
    with open_file(path) as again:
        assert everything(again) == before


def test_an_operation_refused_at_the_last_moment_leaves_no_trace_in_the_log(office: Office) -> None:
    """The log has it already when the file says no."""
    add(office, "01")
    with pytest.raises(Refusal):
        office.transact("重复", fail_at_commit)
    add(office, "02")
    opened = office._opened
    logged = [operation.hash for operation in read_log(opened.backup_folder, opened.file_id, opened.file_key)]
    journal = [row["hash"] for row in office.reader().all("SELECT hash FROM journal_operation ORDER BY seq")]
    assert logged == journal


def test_a_log_made_with_another_key_is_left_alone_and_a_new_one_begun(office: Office) -> None:
    add(office, "01")
    opened = office._opened
    office.close()
    (path,) = segments(opened.backup_folder, opened.file_id)
    path.unlink()
    strange = SealedLog(opened.backup_folder, opened.file_id, bytes(32))
    strange.open()
    strange.append([1, *FIELDS, "p"], "h", [b"x"])
    strange.close()
    (path,) = segments(opened.backup_folder, opened.file_id)
    content = path.read_bytes()
    with open_file(office.path) as again:
        again.finish_index()
        assert again.problems == ()
        add(again, "02")
        before = everything(again)
    assert path.read_bytes() == content
    done, rebuilt = build_anew(office)
    assert done.missing_from is None
    with open_file(rebuilt) as anew:
        assert everything(anew) == before


def test_a_segment_taken_away_does_not_stop_the_log(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "_SEGMENT_BYTES", 500)
    for number in range(5):
        add(office, f"{number}")
    opened = office._opened
    office.close()
    found = segments(opened.backup_folder, opened.file_id)
    assert len(found) > 3
    found[1].unlink()
    found[2].write_bytes(b"rubbish")
    with open_file(office.path) as again:
        for number in range(5, 8):
            add(again, f"{number}")
        assert again.problems == ()
        last = again.head()
    assert History(opened.backup_folder, opened.file_id, opened.file_key).tip == last
    names = [path.name for path in segments(opened.backup_folder, opened.file_id)]
    assert names == sorted(names)


def test_an_operation_the_file_did_not_take_is_taken_out_of_the_log(office: Office) -> None:
    add(office, "01")
    connection = office._door._live()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    rows = [unit(f"x{n}", "a" * 300) for n in range(60)]
    for more in range(40):
        connection.execute(f"PRAGMA max_page_count = {pages + more}")
        try:
            office.transact("导入", partial(DoorWriter.insert_many, table="unit", rows=rows))
        except Refusal:
            continue
        break
    connection.execute("PRAGMA max_page_count = 1000000")
    add(office, "02")
    opened = office._opened
    logged = [operation.hash for operation in read_log(opened.backup_folder, opened.file_id, opened.file_key)]
    journal = [row["hash"] for row in office.reader().all("SELECT hash FROM journal_operation ORDER BY seq")]
    assert logged == journal


def test_after_a_restore_the_log_follows_the_new_history(office: Office, tmp_path: Path) -> None:
    add(office, "01")
    made = office.backup()
    add(office, "02")
    key = office._opened.file_key
    office.close()
    restore.restore(made.path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    with open_file(office.path) as again:
        assert again.warnings == ()
        again.finish_index()
        add(again, "03")
        before = everything(again)
        _, path = build_anew(again)
    with open_file(path) as rebuilt:
        assert everything(rebuilt) == before
        assert [row["code"] for row in before["unit"]] == ["01", "03"]


def test_nothing_of_the_records_can_be_read_in_the_log(office: Office) -> None:
    office.transact("新增人员", lambda w: w.insert("person", person("欧阳海", phone="13812345678")))
    for path in segments(office._opened.backup_folder, office._opened.file_id):
        data = path.read_bytes()
        assert "欧阳".encode() not in data
        assert b"13812345678" not in data
        assert "新增人员".encode() not in data


blocks = st.lists(st.binary(max_size=60), min_size=1, max_size=4)


@given(operations=st.lists(blocks, min_size=1, max_size=4), cut=st.integers(0, 400))
def test_a_log_cut_anywhere_keeps_the_whole_records_before_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, operations: list[list[bytes]], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, operations)
    path = segments(folder, FILE_ID)[0]
    data = path.read_bytes()
    whole = [operation.hash for operation in read_log(folder, FILE_ID, KEY)]
    assert whole == [f"h{n + 1}" for n in range(len(operations))]
    path.write_bytes(data[: max(len(data) - cut, len(sealed.MAGIC) + 16)])
    rest = [operation.hash for operation in read_log(folder, FILE_ID, KEY)]
    assert rest == whole[: len(rest)]
    write_log(folder, [[b"x"]])
    assert [operation.hash for operation in read_log(folder, FILE_ID, KEY)] == [*rest, f"h{len(rest) + 1}"]


@given(
    operations=st.lists(blocks, min_size=2, max_size=3),
    place=st.integers(0, 10_000),
    change=st.integers(1, 255),
)
def test_a_changed_byte_never_gives_a_changed_operation(
    tmp_path_factory: pytest.TempPathFactory, operations: list[list[bytes]], place: int, change: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, operations)
    path = segments(folder, FILE_ID)[0]
    good = {operation.hash: operation for operation in read_log(folder, FILE_ID, KEY)}
    data = bytearray(path.read_bytes())
    data[24 + place % (len(data) - 24)] ^= change
    path.write_bytes(data)
    after = list(read_log(folder, FILE_ID, KEY))
    assert all(good[operation.hash] == operation for operation in after)
    assert len(after) == len(good) - 1


def test_large_operations_are_cut_in_parts_and_long_logs_in_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "_PART_BYTES", 100)
    monkeypatch.setattr(appending, "_SEGMENT_BYTES", 500)
    operations = [[bytes([65 + n]) * 40 for _ in range(9)] for n in range(6)]
    write_log(tmp_path, operations)
    assert len(segments(tmp_path, FILE_ID)) > 2
    assert [operation.lines for operation in read_log(tmp_path, FILE_ID, KEY)] == operations
    write_log(tmp_path, [[b"more"]])
    assert [operation.hash for operation in read_log(tmp_path, FILE_ID, KEY)][-1] == "h7"
