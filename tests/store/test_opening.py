"""Opening: what cannot be opened is refused with one sentence that says what to do, and nothing is changed."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from argon2.exceptions import HashingError

from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Making, OfficeInfo, create_office, keys, open_office, operator_names, place
from hongyao_desktop.store.driver import DriverError, refusal_for
from hongyao_desktop.store.place import Place
from tests.offices import (
    CHEAP,
    CLERK,
    FILE_NAME,
    OPERATORS,
    PASSWORD,
    fixed_clock,
    make_file,
    make_office,
    open_file,
)
from tests.store.tampering import raw

INFO = OfficeInfo("水湾街道办", "水湾街道")


def opening(path: Path, password: str = PASSWORD, operator: str | None = CLERK.name) -> Refusal:
    """What opening is refused with."""
    with pytest.raises(Refusal) as caught:
        open_office(
            path, operator=operator, password=password, clock=fixed_clock(), state=path.parent / "state"
        ).close()
    sentence = caught.value.message
    assert len(sentence) < 90
    assert not sentence.endswith("。")
    return caught.value


def test_a_new_office_is_opened_by_its_first_operator_and_knows_itself(tmp_path: Path) -> None:
    people = [
        (Operator("", name, frozenset({role})), "Abc-12345")
        for name, role in (("甲", Role.ENTRY), ("乙", Role.CASHIER))
    ]
    path = tmp_path / "新.hyt"
    with create_office(
        path, office=INFO, operators=people, clock=fixed_clock(), making=Making(cost=CHEAP), state=tmp_path
    ) as office:
        assert office.who.name == "甲"
        assert (office.info.name, office.info.unit_name) == ("水湾街道办", "水湾街道")
        assert office.check().ok
    with open_office(
        path, operator="乙", password="Abc-12345", clock=fixed_clock(), state=tmp_path
    ) as office:
        assert office.who.roles == {Role.CASHIER}
        assert office.info.created_at == "2026-11-20T09:00:00+08:00"
    assert b"SQLite" not in path.read_bytes()
    assert "水湾".encode() not in path.read_bytes()


def test_the_algorithm_is_named_in_the_file_and_both_work(tmp_path: Path) -> None:
    for algorithm, label in (("sha256", "SHA-256"), ("sm3", "SM3")):
        path = tmp_path / f"{algorithm}.hyt"
        operators = [(CLERK, PASSWORD)]
        with create_office(
            path,
            office=INFO,
            operators=operators,
            clock=fixed_clock(),
            making=Making(CHEAP, algorithm=algorithm),
            state=tmp_path,
        ) as office:
            report = office.check()
            assert report.ok
            assert report.algorithm == label
            assert len(report.head) == 64


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    before = path.read_bytes()
    with pytest.raises(Refusal, match="已经存在"):
        create_office(
            path,
            office=INFO,
            operators=[(CLERK, PASSWORD)],
            clock=fixed_clock(),
            making=Making(cost=CHEAP),
            state=tmp_path,
        )
    assert path.read_bytes() == before


def test_two_operators_of_one_name_and_no_operator_are_refused(tmp_path: Path) -> None:
    for operators in ([], [(CLERK, "a"), (CLERK, "b")]):
        with pytest.raises(Refusal, match="操作员"):
            create_office(
                tmp_path / "x.hyt",
                office=INFO,
                operators=operators,
                clock=fixed_clock(),
                making=Making(cost=CHEAP),
                state=tmp_path,
            )
    assert list(tmp_path.iterdir()) == []


def test_wrong_password_and_unknown_operator(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    wrong = opening(path, "abc-12345")
    assert (wrong.message, wrong.exit_code) == ("口令不对，请重新输入", 2)
    assert "没有操作员“赵六”" in opening(path, operator="赵六").message
    assert opening(path, "abc-12345", operator=None).message == "口令不对，请重新输入"


def test_without_a_name_the_password_tells_who_it_is(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_file(path, who=None) as office:
        assert office.who.name == CLERK.name
    assert operator_names(path, state=tmp_path / "state") == tuple(person.name for person in OPERATORS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是本程序的台账文件"),
        (b"short", "不是本程序的台账文件"),
        (b"SQLite format 3\x00" + bytes(8000), "没有加密的数据库"),
        (secrets.token_bytes(8192), "钥匙文件不在文件旁边"),
        (b"PK\x03\x04" + bytes(9000), "钥匙文件不在文件旁边"),
    ],
)
def test_foreign_files(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.hyt"
    path.write_bytes(content)
    assert words in opening(path).message
    assert path.read_bytes() == content
    assert not path.with_name("a.hyt-wal").exists()


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "找不到文件" in opening(tmp_path / "none.hyt").message
    assert "不是文件" in opening(tmp_path).message


def test_the_keys_may_be_missing_once_but_not_everywhere(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    open_file(path).close()
    ring = keys.ring_path(path)
    saved = ring.read_text(encoding="utf-8")
    ring.unlink()
    open_file(path).close()  # this computer remembers, and puts the ring back
    assert ring.read_text(encoding="utf-8") == saved
    ring.unlink()
    shutil.rmtree(tmp_path / "state")
    message = opening(path).message
    assert f"{FILE_NAME}.keys" in message
    assert "恢复密钥" in message
    ring.write_text("{", encoding="utf-8")
    assert "损坏" in opening(path).message


def test_something_else_under_the_name_of_the_file_is_said_to_be_that(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    good = path.read_bytes()
    path.write_bytes(secrets.token_bytes(8192))
    assert "和旁边的钥匙文件对不上" in opening(path).message
    path.write_bytes(bytes([good[3] ^ 1]) + good[1:])  # the first bytes are the file's identity
    assert "用备份恢复" in opening(path).message


def test_a_ring_that_asks_for_what_no_ring_asks_for_is_refused(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    ring = keys.ring_path(path)
    body = json.loads(ring.read_text(encoding="utf-8"))
    for change in ({"memory_kib": 2**31}, {"passes": 10**6}, {"lanes": 0}, {"memory_kib": float("inf")}):
        slots = [{**slot, "cost": {**slot["cost"], **change}} for slot in body["slots"]]
        ring.write_text(json.dumps({**body, "slots": slots}), encoding="utf-8")
        assert "损坏" in opening(path).message
    for name, value in (("version", float("inf")), ("version", -1), ("version", 2**70)):
        ring.write_text(json.dumps({**body, name: value}), encoding="utf-8")
        assert "损坏" in opening(path).message
    slots = [{**slot, "name": "\ud800"} for slot in body["slots"]]
    ring.write_text(json.dumps({**body, "slots": slots}), encoding="utf-8")
    assert "损坏" in opening(path).message


def test_a_computer_without_the_memory_for_a_password_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise HashingError("Memory allocation error")

    path = make_file(tmp_path)
    monkeypatch.setattr("argon2.low_level.hash_secret_raw", fails)
    assert "内存" in opening(path).message


def test_notes_of_this_computer_that_nobody_could_have_written_are_passed_over(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    open_file(path).close()
    (note,) = (tmp_path / "state" / "heads").glob("*.json")
    for strange in (2**63, -1, 10**400, True, None):
        note.write_text(json.dumps({str(path): [strange, "x"], "\ud800": 1}), encoding="utf-8")
        with open_file(path) as office:
            assert len(office.warnings) == (strange is True)  # which is the number 1, and its value differs


def test_a_disk_without_room_even_for_opening_is_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 0

    error = DriverError("disk I/O error")
    monkeypatch.setattr("shutil.disk_usage", lambda _: Full)
    said = refusal_for(error, tmp_path / "台账.hyt")
    assert said is not None
    assert "磁盘已满" in said.message
    monkeypatch.undo()
    said = refusal_for(error, tmp_path / "台账.hyt")
    assert said is not None
    assert "磁盘出错" in said.message


def test_a_changed_ring_and_a_ring_of_another_file_are_refused(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    ring = keys.ring_path(path)
    text = ring.read_text(encoding="utf-8")
    ring.write_text(text.replace("李某", "外人"), encoding="utf-8")
    assert "被改动过" in opening(path).message
    ring.write_text(text.replace(keys.KeyRing.from_text(text).file_id.hex(), "00" * 16), encoding="utf-8")
    assert "和旁边的钥匙文件对不上" in opening(path).message


def test_an_old_ring_does_not_let_a_dismissed_operator_in(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    ring = keys.ring_path(path)
    old = ring.read_text(encoding="utf-8")
    office = open_file(path)
    opened = office._opened
    dismissed = opened.ring.slot_of(CLERK.name)
    assert dismissed is not None
    newer = opened.ring.without_slot(dismissed.operator_id, opened.file_key)
    with raw(office) as connection:
        connection.execute("UPDATE key_ring SET version = ?, body = ?", (newer.version, newer.to_text()))
    office.close()
    shutil.rmtree(tmp_path / "state")
    ring.write_text(old, encoding="utf-8")
    assert "已被停用" in opening(path).message
    open_file(path).close()
    assert keys.KeyRing.from_text(ring.read_text(encoding="utf-8")).version == newer.version


def test_a_file_is_opened_once_and_read_beside(tmp_path: Path) -> None:
    with make_office(tmp_path) as office:
        assert "已在另一个窗口或程序中打开" in opening(office.path).message
        office.transact(
            "新增", lambda w: w.insert("unit", {"code": "1", "name": "a", "level": "街道", "kind": "x"})
        )
        with open_file(office.path, read_only=True) as beside:
            assert beside.reader().value("SELECT count(*) FROM unit") == 1
            assert beside.check().ok
            with pytest.raises(Refusal, match="只读方式"):
                beside.transact("新增", lambda w: w.insert("unit", {}))
    open_file(office.path).close()


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "桌面"
    elsewhere.mkdir()
    link = elsewhere / "台账.hongyao"
    with make_office(tmp_path) as office:
        link.symlink_to(office.path)
        assert "已在另一个窗口或程序中打开" in opening(link).message, "one lock, not one for each name"
    shutil.rmtree(tmp_path / "state")
    assert operator_names(link, state=tmp_path / "state"), "its keys stand beside the file"
    with open_office(
        link, operator=None, password=PASSWORD, clock=fixed_clock(), state=tmp_path / "state"
    ) as opened:
        assert opened.path == office.path
        assert opened.backup().path.parent.parent == tmp_path
    beside = {path.name for path in elsewhere.iterdir()} - {"state"}
    assert beside == {link.name}, "nothing is put beside the link"


def test_another_program_holding_the_file_is_noticed_and_its_death_frees_it(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    program = (
        "import sys; from pathlib import Path; from hongyao_desktop.store.place import FileLock;"
        " lock = FileLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert "已在另一个窗口或程序中打开" in opening(path).message
        other.kill()
    open_file(path).close()


def test_a_folder_that_cannot_be_written_still_lets_one_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_file(tmp_path)

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "touch", refuse)
    message = opening(path).message
    assert f"文件夹“{tmp_path.name}”不能写入" in message
    with open_file(path, read_only=True) as office:
        assert office.check().ok


def test_a_file_marked_read_only(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    path.chmod(0o400)
    assert "只读文件" in opening(path).message


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="文件夹“没有”不存在"):
        create_office(
            tmp_path / "没有" / "x.hyt",
            office=INFO,
            operators=[(CLERK, PASSWORD)],
            clock=fixed_clock(),
            making=Making(cost=CHEAP),
            state=tmp_path,
        )


MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw
30 22 0:40 / /mnt/share rw,relatime shared:1 - cifs //server/share rw
31 22 0:41 / /mnt/ssh rw - fuse.sshfs user@host: rw
32 22 8:17 / /media/\\346\\260\\264\\040x rw - vfat /dev/sdb1 rw
33 22 8:33 / /media/big rw - ext4 /dev/sdc1 rw
bad line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a/x.hyt", Place.FIXED),
        ("/mnt/share/x.hyt", Place.NETWORK),
        ("/mnt/shared/x.hyt", Place.FIXED),
        ("/mnt/ssh/deep/x.hyt", Place.NETWORK),
        ("/media/水 x/x.hyt", Place.REMOVABLE),
        ("/media/big/x.hyt", Place.REMOVABLE),
    ],
)
def test_shares_and_sticks_are_known_by_the_mount_table(tmp_path: Path, path: str, kind: Place) -> None:
    usb = tmp_path / "devices" / "usb1" / "sdb"
    disk = tmp_path / "devices" / "ata" / "sdc"
    for device, flag, number in ((usb, "0", "8:17"), (disk, "1", "8:33")):
        part = device / "part1"
        part.mkdir(parents=True)
        (device / "removable").write_text(flag + "\n", encoding="ascii")
        link = tmp_path / "dev" / "block" / number
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(part)
    assert place.place_in_mounts(Path(path), MOUNTS, tmp_path) is kind


@pytest.mark.parametrize(("kind", "words"), [(Place.NETWORK, "网络共享盘"), (Place.REMOVABLE, "U 盘")])
def test_shares_and_sticks_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Place, words: str
) -> None:
    path = make_file(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(place, "place_of", lambda _: kind)
    message = opening(path).message
    assert words in message
    assert "复制到本机硬盘" in message
    with pytest.raises(Refusal, match=words):
        create_office(
            tmp_path / "y.hyt",
            office=INFO,
            operators=[(CLERK, PASSWORD)],
            clock=fixed_clock(),
            making=Making(cost=CHEAP),
            state=tmp_path,
        )
    assert path.read_bytes() == before
    assert not (tmp_path / "y.hyt").exists()


def test_a_file_moved_deleted_or_replaced_in_use_is_noticed_before_writing(tmp_path: Path) -> None:
    for number, harm in enumerate(("delete", "replace")):
        office = make_office(tmp_path / harm)
        moved = office.path.with_name("moved.hyt")
        office.path.rename(moved)
        if harm == "replace":
            shutil.copyfile(moved, office.path)
        with pytest.raises(Refusal, match="被移动、删除或替换"):
            office.transact(
                "新增", lambda w: w.insert("unit", {"code": "1", "name": "a", "level": "街道", "kind": "x"})
            )
        office.path.unlink(missing_ok=True)
        moved.rename(office.path)
        row = {"code": str(number), "name": "a", "level": "街道", "kind": "x"}
        assert office.transact("新增", lambda w, row=row: w.insert("unit", row)).changes is not None  # type: ignore[misc]
        office.close()


def test_after_a_kill_the_log_left_behind_is_taken_in(tmp_path: Path) -> None:
    office = make_office(tmp_path / "a")
    office.transact(
        "新增", lambda w: w.insert("unit", {"code": "1", "name": "a", "level": "街道", "kind": "x"})
    )
    copy = tmp_path / "b"
    shutil.copytree(tmp_path / "a", copy)  # what a dead program leaves: file, -wal, -shm
    assert (copy / (FILE_NAME + "-wal")).stat().st_size > 0
    office.close()
    with open_file(copy / FILE_NAME) as again:
        assert again.reader().value("SELECT count(*) FROM unit") == 1
        assert again.check().ok


def test_the_clock_set_back_is_no_reason_to_stop(tmp_path: Path) -> None:
    clock = fixed_clock()
    with make_office(tmp_path, clock=clock) as office:
        first = office.transact(
            "新增", lambda w: w.insert("unit", {"code": "1", "name": "a", "level": "街道", "kind": "x"})
        )
        from datetime import timedelta

        clock.advance(timedelta(days=-400))
        second = office.transact(
            "新增", lambda w: w.insert("unit", {"code": "2", "name": "b", "level": "街道", "kind": "x"})
        )
        assert second.result > first.result
        assert office.check().ok
