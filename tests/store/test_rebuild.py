"""A lost file comes back whole from the log of sealed operations, or it is said what is missing."""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, restore
from hongyao_desktop.store.backup import default_folder
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.store.sealed import segments
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import fixed_clock, make_office, open_file
from tests.store import logs
from tests.store.logs import add, build_anew, everything
from tests.store.registers import unit

office = logs.office  # the fixture


def test_a_lost_file_comes_back_whole_from_the_log_alone(office: Office) -> None:
    first = add(office, "01")
    office.transact("改名", lambda w: w.update("unit", first, {"name": "水湾"}))
    office.transact("导入", lambda w: w.insert_many("unit", [unit(f"x{n}", "大批") for n in range(2500)]))
    office.transact("删除", lambda w: w.execute("DELETE FROM unit WHERE code = 'x7'"))
    office.undo_last()
    before = everything(office)
    office.close()
    office.path.unlink()
    done, path = build_anew(office)
    assert (done.base, done.missing_from) == (None, None)
    with open_file(path) as again:
        assert everything(again) == before
        assert again.check(thorough=True).ok
        add(again, "99")


def test_a_backup_spares_the_beginning_and_the_log_gives_the_rest(office: Office) -> None:
    add(office, "01")
    made = office.backup()
    add(office, "02")
    before = everything(office)
    steps: list[int] = []
    opened = office._opened
    done = rebuild(
        opened.backup_folder,
        office.path.with_name("r.hyt"),
        file_id=opened.file_id,
        file_key=opened.file_key,
        progress=steps.append,
    )
    assert done.base is not None
    assert (done.base.path, done.base_seq, done.seq) == (made.path, made.seq, made.seq + 1)
    assert steps == [made.seq + 1]
    with open_file(office.path.with_name("r.hyt")) as again:
        assert everything(again) == before


def test_a_changed_ring_is_not_put_beside_the_rebuilt_file(office: Office, tmp_path: Path) -> None:
    add(office, "01")
    made = office.backup()
    office.close()
    ring = made.path.with_name(made.path.name + ".keys")
    ring.write_text(ring.read_text(encoding="utf-8").replace("李某", "外人"), encoding="utf-8")
    shutil.rmtree(tmp_path / "state")
    target = tmp_path / "elsewhere" / "重建.hyt"
    target.parent.mkdir()
    opened = office._opened
    rebuild(opened.backup_folder, target, file_id=opened.file_id, file_key=opened.file_key)
    with open_file(target) as again:  # with the ring found beside the old file
        assert again.reader().value("SELECT count(*) FROM unit") == 1


def test_a_damaged_backup_is_passed_over(office: Office) -> None:
    add(office, "01")
    made = office.backup()
    data = bytearray(made.path.read_bytes())
    data[5000] ^= 255
    made.path.write_bytes(data)
    done, path = build_anew(office)
    assert done.base is None
    with open_file(path) as again:
        assert everything(again) == everything(office)


def test_a_newer_backup_of_what_a_restore_gave_up_is_not_built_on(office: Office, tmp_path: Path) -> None:
    add(office, "01")
    made = office.backup()
    add(office, "02")
    office.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    given_up = office.backup()
    key = office._opened.file_key
    office.close()
    restore.restore(made.path, office.path, key, clock=fixed_clock(), state=tmp_path / "state")
    with open_file(office.path) as again:
        again.finish_index()
        add(again, "03")
        before = everything(again)
        assert again.backups()[0].path == given_up.path
        done, path = build_anew(again)
    assert done.base is not None
    assert done.base.path == made.path
    with open_file(path) as rebuilt:
        assert everything(rebuilt) == before


def test_a_backup_that_knows_more_than_the_log_is_built_on(office: Office) -> None:
    add(office, "01")
    office.close()
    folder = office._opened.backup_folder
    logs = {path: path.read_bytes() for path in folder.glob("*.hylog")}
    with open_file(office.path) as now:
        add(now, "02")
        made = now.backup()
        before = everything(now)
    for path, data in logs.items():
        path.write_bytes(data)
    done, path = build_anew(office)
    assert done.base is not None
    assert (done.base.path, done.missing_from) == (made.path, None)
    with open_file(path) as again:
        assert everything(again) == before


def test_without_backup_and_log_nothing_is_made(office: Office, tmp_path: Path) -> None:
    opened = office._opened
    with pytest.raises(Refusal, match="没有这个台账文件的备份"):
        rebuild(tmp_path / "nothing", tmp_path / "r.hyt", file_id=opened.file_id, file_key=opened.file_key)
    with pytest.raises(Refusal, match="已经存在"):
        rebuild(opened.backup_folder, office.path, file_id=opened.file_id, file_key=opened.file_key)
    assert not list(tmp_path.glob("*r.hyt*"))


def test_a_damaged_record_costs_that_record_and_is_named(office: Office) -> None:
    for code in ("01", "02", "03"):
        add(office, code)
    opened = office._opened
    seq = int(office.reader().value("SELECT seq FROM journal_head"))
    path = segments(opened.backup_folder, opened.file_id)[-1]
    data = bytearray(path.read_bytes())
    place = data.rfind(b"REC1", 0, data.rfind(b"REC1"))
    data[place + 60] ^= 1
    path.write_bytes(data)
    done, rebuilt = build_anew(office)
    assert (done.seq, done.missing_from) == (seq - 2, seq - 1)
    with open_file(rebuilt) as again:
        assert again.reader().value("SELECT count(*) FROM unit") == 1
        assert again.check().ok


steps = st.lists(
    st.tuples(st.sampled_from("audz"), st.integers(0, 3), st.text("甲乙\x1c丙\n", max_size=2)), max_size=6
)


@hypothesis_settings(max_examples=20)
@given(operations=st.lists(steps, max_size=3))
def test_whatever_was_done_is_rebuilt_the_same(
    tmp_path_factory: pytest.TempPathFactory, operations: list[list[Any]]
) -> None:
    def run(writer: DoorWriter, todo: list[Any]) -> None:
        for kind, number, name in todo:
            known = writer.value("SELECT id FROM unit WHERE code = ?", (str(number),))
            if kind == "a" and known is None:
                writer.insert("unit", unit(str(number), name, note=None))
            elif kind == "u" and known is not None:
                writer.update("unit", known, {"name": name, "note": name, "position": number - 2})
            elif kind == "d" and known is not None:
                writer.execute("DELETE FROM unit WHERE id = ?", (known,))

    with make_office(tmp_path_factory.mktemp("any")) as office:
        office.finish_index()
        for todo in operations:
            office.transact("改", partial(run, todo=todo))
        if office.undoable():
            office.undo_last()
        _, path = build_anew(office)
        with open_file(path) as again:
            assert everything(again) == everything(office)
    assert default_folder(path).parent == path.parent
