"""Files mangled at random, offered to everything that reads files: ``python -m tests.hostile.mangled COUNT [KIND …]``.

Each kind of file (the office file itself, its keys, the write-ahead log left by a crash, the log of sealed operations,
a backup, the notes of this computer, and the content of a file changed by somebody who has the key) is changed in
COUNT ways.  Whatever happens: only sentences, no traceback; a file that was not the changed one stays as it was; and as
long as the log is whole, everything confirmed comes back by rebuilding.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Making, Office, OfficeInfo, create_office, keys, open_office, restore
from hongyao_desktop.store.driver import DriverError, connect
from hongyao_desktop.store.opening import operator_names
from hongyao_desktop.store.rebuild import identities_in, key_for, rebuild
from hongyao_desktop.store.recovery import recover_office
from hongyao_desktop.store.recovery_letters import printed_rows
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import CHEAP, FILE_NAME, PASSWORD, fixed_clock
from tests.store.registers import REGISTERS, person, unit

ADMIN = "孙系统"
LONGEST_SENTENCE = 160
SLOWEST_SECONDS = 20.0


@dataclass(slots=True)
class Told:
    """What came of the mangled files of one kind.

    Attributes:
        tried: how many there were.
        refused: calls that ended in a sentence.
        passed: calls that ended well.
        faults: what must not be: tracebacks, changed neighbours, lost operations, overlong work.
        sentences: every sentence with how often it was said.
        slowest: seconds of the slowest call.
    """

    tried: int = 0
    refused: int = 0
    passed: int = 0
    faults: list[str] = field(default_factory=list)
    sentences: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with an office file, as a crash or a close left it."""

    folder: Path
    file_key: bytes
    file_id: bytes
    operations: dict[int, str]

    @property
    def path(self) -> Path:
        """The office file."""
        return self.folder / FILE_NAME

    @property
    def state(self) -> Path:
        """This computer's data folder."""
        return self.folder / "state"

    @property
    def backups(self) -> Path:
        """The folder of backups and log."""
        return self.folder / f"{self.path.stem}-备份"

    def copy(self, folder: Path) -> Home:
        """The same in another folder, to be harmed."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        # The notes of this computer name the file by its place.
        for note in (folder / "state" / "heads").glob("*.json"):
            text = note.read_text(encoding="utf-8")
            note.write_text(text.replace(str(self.folder), str(folder)), encoding="utf-8")
        return Home(folder, self.file_key, self.file_id, self.operations)


def make_home(folder: Path) -> tuple[Home, Home]:
    """An office that was closed, and the same as a crash would have left it."""
    folder.mkdir(parents=True)
    home = folder / "home"
    home.mkdir()
    path, clock = home / FILE_NAME, fixed_clock()
    clerk = Operator("", "全某", frozenset({Role.ENTRY, Role.REVIEW}))
    admin = Operator("", ADMIN, frozenset({Role.SYSTEM_ADMIN}))
    create_office(
        path,
        office=OfficeInfo("水湾街道党工委办公室", "水湾街道"),
        operators=[(clerk, PASSWORD), (admin, PASSWORD)],
        clock=clock,
        making=Making(cost=CHEAP),
        state=home / "state",
    ).close()
    with _open(path, home / "state") as office:
        for number in range(12):
            row = unit(f"{number:02}", f"第{number}社区")
            office.transact("新增组织", partial(DoorWriter.insert, table="unit", values=row))
            if number == 5:
                office.backup()
        office.transact("新增人员", lambda w: w.insert("person", person("欧阳海", phone="13812345678")))
        office.undo_last()
    office = _open(path, home / "state")
    office.finish_index()
    office.transact("新增人员", lambda w: w.insert("person", person("单建国", phone="13812345679")))
    office.finish_index()
    rows = office.reader().all("SELECT seq, hash FROM journal_operation")
    key, file_id = office.opened.file_key, office.opened.file_id
    operations = {row["seq"]: row["hash"] for row in rows}
    shutil.copytree(home, folder / "crashed")
    office.close()
    return Home(home, key, file_id, operations), Home(folder / "crashed", key, file_id, operations)


def _open(path: Path, state: Path, *, read_only: bool = False) -> Office:
    return open_office(
        path,
        operator="全某",
        password=PASSWORD,
        clock=fixed_clock(),
        read_only=read_only,
        state=state,
        registers=REGISTERS,
    )


# -- ways to mangle


def mangled_bytes(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """The content changed in one of many ways."""
    out = bytearray(data)
    size = max(len(out), 1)
    match dice.randrange(10):
        case 0:
            for _ in range(dice.choice((1, 1, 1, 5, 50))):
                if out:
                    out[dice.randrange(len(out))] ^= dice.randrange(1, 256)
        case 1:
            del out[dice.randrange(size) :]
        case 2:
            start = dice.randrange(size)
            length = dice.choice((1, 16, 512, 4096, 65536))
            out[start : start + length] = bytes(len(out[start : start + length]))
        case 3:
            start = dice.randrange(size)
            out[start:start] = dice.randbytes(dice.choice((1, 3, 100, 4096)))
        case 4:
            out += dice.randbytes(dice.choice((1, 100, 5000)))
        case 5:
            start, length = dice.randrange(size), dice.choice((10, 512, 4096))
            other = dice.randrange(size)
            piece = out[start : start + length]
            out[other : other + len(piece)] = piece
        case 6:
            del out[(start := dice.randrange(size)) : start + dice.choice((1, 7, 4096))]
        case 7:
            out = bytearray(dice.choice(others))
        case 8:
            out = bytearray(
                dice.choice((b"", b"\0" * 6000, b"SQLite format 3\0" + bytes(6000), b"{}", b"[[" * 9000))
            )
        case _:
            out[: dice.choice((8, 16, 24, 100))] = dice.randbytes(dice.choice((0, 8, 16, 24)))
    return bytes(out)


_STRANGE: tuple[Any, ...] = (
    *(None, True, -1, 0, 1.5, 1e308, 2**63, 2**70, -(2**63) - 1, 10**400),
    *("", "x", "\ud800", "\0", "9" * 50, "../../x", [], {}, [[]], {"a": 1}, "a" * 100_000),
)


def mangled_json(dice: random.Random, data: bytes) -> bytes:
    """A JSON text with one value or name changed; what is no JSON comes back as it is."""
    try:
        body = json.loads(data)
    except ValueError:
        return data
    places = list(_places(body))
    holder, name = dice.choice(places)
    if dice.random() < 0.2:
        del holder[name]
    elif dice.random() < 0.1 and isinstance(holder, dict):
        holder["Infinity"] = holder.pop(name)
    else:
        holder[name] = dice.choice((*_STRANGE, float("inf"), float("nan")))
    return json.dumps(body).encode()


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in list(items):
        yield body, name
        yield from _places(value)


def mangled_inside(dice: random.Random, path: Path, home: Home) -> None:
    """Change the content of an encrypted file as somebody with the key and a database tool could."""
    connection = connect(path, home.file_key, home.file_id)
    try:
        for statement in ("ignore_check_constraints = ON", "foreign_keys = OFF", "writable_schema = ON"):
            connection.execute(f"PRAGMA {statement}")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        filled = [
            name
            for name in tables
            if connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() is not None
        ]
        for _ in range(dice.choice((1, 1, 2, 4))):
            try:
                _harm(dice, connection, dice.choice(filled))
            except (DriverError, OverflowError):
                continue  # this harm cannot be done
        if dice.random() < 0.8:
            for _, sql in triggers:
                connection.execute(sql)
    except DriverError:
        return  # harmed so much that it cannot be harmed further
    finally:
        connection.close()


def _harm(dice: random.Random, connection: Any, table: str) -> None:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    column = dice.choice(columns)
    values = (
        None,
        -1,
        2**63 - 1,
        -(2**63),
        0,
        1.5,
        "",
        "x",
        "\0",
        "{",
        "[[[[",
        "9" * 40,
        b"\xff\xfe",
        "x\x1e\x1fy",
    )
    some = f'rowid = (SELECT rowid FROM "{table}" ORDER BY random() LIMIT 1)'
    match dice.randrange(8):
        case 0 | 1 | 2:
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {some}', (dice.choice(values),))
        case 3:
            connection.execute(f'UPDATE "{table}" SET "{column}" = CAST(x\'ff80fe\' AS TEXT) WHERE {some}')
        case 4:
            connection.execute(f'DELETE FROM "{table}" WHERE {some}')
        case 5:
            connection.execute(f'DELETE FROM "{table}"')
        case 6:
            sql = dice.choice(("CREATE TABLE", "", "x" * 300, f'CREATE TABLE "{table}"(a, b)'))
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, table))
        case _:
            root = dice.choice((0, 1, 2, 3, 999_999))
            connection.execute("UPDATE sqlite_schema SET rootpage = ? WHERE name = ?", (root, table))


# -- what is done with them


class Trial:
    """Everything that reads files, done with one mangled home."""

    def __init__(self, home: Home, told: Told, name: str) -> None:
        self.home = home
        self.told = told
        self.name = name

    def fault(self, words: str) -> None:
        """Note what must not be."""
        self.told.faults.append(f"{self.name}: {words}")

    def call(self, what: str, job: Callable[[], Any]) -> Any:
        """Do something; a sentence is fine, anything else that goes wrong is not. Returns the result or None."""
        began = time.perf_counter()
        with ThreadPoolExecutor(max_workers=1) as pool:
            done = pool.submit(job)
            error = done.exception()
        if error is None:
            self.told.passed += 1
        elif isinstance(error, Refusal):
            self.told.refused += 1
            said = error.message.replace(str(self.home.folder), "…")
            self.told.sentences[said] = self.told.sentences.get(said, 0) + 1
            if len(said) > LONGEST_SENTENCE or "\n" in said:
                self.fault(f"{what}: no short sentence: {said[:300]!r}")
        else:
            self.fault(f"{what}: {''.join(traceback.format_exception(error))[-900:]}")
        took = time.perf_counter() - began
        self.told.slowest = max(self.told.slowest, took)
        if took > SLOWEST_SECONDS:
            self.fault(f"{what}: took {took:.1f} s")
        return None if error is not None else done.result()

    @contextmanager
    def untouched(self, what: str, *paths: Path) -> Iterator[None]:
        """These files are afterwards what they were."""
        before = [path.read_bytes() if path.exists() else None for path in paths]
        yield
        for path, content in zip(paths, before, strict=True):
            if (path.read_bytes() if path.exists() else None) != content:
                self.fault(f"{what} changed {path.name}")

    def look(self) -> None:
        """What only reads: the log-in page, opening beside, checking."""
        home = self.home
        log = home.path.with_name(home.path.name + "-wal")
        folded = () if log.exists() else (home.path,)  # a log left by a crash may be folded in
        with self.untouched("looking", *folded, keys.ring_path(home.path)):
            self.call("names", lambda: operator_names(home.path, state=home.state))
            self.call("view", lambda: self._view(home.path))

    def _view(self, path: Path) -> None:
        with _open(path, self.home.state, read_only=True) as office:
            report = office.check()
            if self._missing(office) and (report.ok or not office.warnings):
                self.fault("operations are missing, but neither check nor warning says so")
            office.search("people", "sjg")

    def work(self, *, complete: bool) -> None:
        """Open it as every morning, check, save, close."""
        home = self.home
        before = home.path.read_bytes()
        office = self.call("open", lambda: _open(home.path, home.state))
        if office is None:
            if home.path.read_bytes() != before:
                self.fault("a refused opening changed the file")
            return
        missing = self._missing(office)
        if missing and not office.warnings:
            self.fault(f"operations {sorted(missing)} are missing and nobody was told")
        if missing and complete:
            self.fault(f"operations {sorted(missing)} are missing")
        self.call("check", office.check)
        self.call("save", lambda: office.transact("登记", lambda w: w.insert("unit", unit("77", "新社区"))))
        self.call("search", lambda: office.search("units", "xsq"))
        self.call("backup", office.backup)
        self.call("close", office.close)

    def _missing(self, office: Office) -> dict[int, str]:
        try:
            rows = office.reader().all("SELECT seq, hash FROM journal_operation")
        except (Refusal, DriverError):
            return {}  # nobody can miss that
        there = {row["seq"]: row["hash"] for row in rows}
        return {seq: value for seq, value in self.home.operations.items() if there.get(seq) != value}

    def recover(self) -> None:
        """The printed sheet."""
        home = self.home
        sheet = " ".join(printed_rows(home.file_key))
        office = self.call(
            "recover",
            lambda: recover_office(
                home.path,
                sheet,
                operator=ADMIN,
                password="Xin-98765",
                clock=fixed_clock(),
                state=home.state,
                registers=REGISTERS,
            ),
        )
        if office is not None:
            self.call("close recovered", office.close)

    def restore(self, *, into: Path | None = None) -> None:
        """Rehearse and restore every backup."""
        home, target = self.home, into or self.home.path
        for backup in sorted(home.backups.glob("*.hyb")):
            log = target.with_name(target.name + "-wal")
            with self.untouched("rehearsing", backup, *(() if log.exists() else (target,))):
                key_of = partial(restore.file_key_of, backup, "全某", PASSWORD, home.state)
                self.call("backup's key", key_of)
                rehearse = partial(restore.rehearse, backup, target, home.file_key, fixed_clock())
                self.call("rehearse", rehearse)
            before = target.read_bytes() if target.exists() else None
            done = self.call("restore", partial(self._restore, backup, target))
            if done is None and (target.read_bytes() if target.exists() else None) != before:
                self.fault("a refused restore changed the live file")
            if done is not None:
                self._must_be_good(target, "restored")

    def _restore(self, backup: Path, target: Path) -> bool:
        home = self.home
        restore.restore(backup, target, home.file_key, clock=fixed_clock(), state=home.state)
        return True

    def rebuild(self, *, complete: bool) -> None:
        """Make it anew from backups and log."""
        home, target = self.home, self.home.folder / "重建.hyt"
        self.call("identities", lambda: identities_in(home.backups))
        self.call(
            "key for",
            lambda: key_for(
                home.backups, target, home.file_id, operator="全某", password=PASSWORD, state=home.state
            ),
        )
        with self.untouched("rebuilding", home.path):
            done = self.call(
                "rebuild",
                lambda: rebuild(home.backups, target, file_id=home.file_id, file_key=home.file_key),
            )
        if done is None:
            if complete:
                self.fault("rebuilding was refused")
            if target.exists():
                self.fault("a refused rebuilding left a file")
            return
        self._must_be_good(target, "rebuilt", complete=complete and done.seq >= max(home.operations))
        if complete and done.seq < max(home.operations):
            self.fault(f"rebuilt to {done.seq} only")

    def _must_be_good(self, path: Path, what: str, *, complete: bool = False) -> None:
        shutil.rmtree(self.home.state)
        if not keys.ring_path(path).exists():
            return
        office = self.call(f"open {what}", lambda: _open(path, self.home.state))
        if office is None:
            return
        findings = office.check().findings
        if findings:
            self.fault(f"{what} file: {findings[0].message}")
        if complete and self._missing(office):
            self.fault(f"{what} file lacks operations {sorted(self._missing(office))}")
        office.close()


# -- the kinds


def mangle(kind: str, dice: random.Random, home: Home) -> None:
    """Change one file of the kind."""
    others = [path.read_bytes() for path in sorted(home.folder.rglob("*")) if path.is_file()]
    places = {
        "office": [home.path],
        "keys": [keys.ring_path(home.path)],
        "wal": [home.path.with_name(home.path.name + "-wal")],
        "log": sorted(home.backups.glob("*.hylog")),
        "backup": [*home.backups.glob("*.hyb"), *home.backups.glob("*.hyb.keys")],
        "notes": [path for path in home.state.rglob("*") if path.is_file()],
        "strays": [
            home.path.with_name(home.path.name + suffix) for suffix in ("-journal", "-shm", ".tries", ".lock")
        ],
    }
    if kind == "inside":
        mangled_inside(dice, dice.choice((home.path, *home.backups.glob("*.hyb"))), home)
        return
    path = dice.choice(sorted(places[kind]))
    data = path.read_bytes() if path.exists() else dice.choice(others)
    if path.suffix in (".keys", ".json", ".tries") and dice.random() < 0.6:
        path.write_bytes(mangled_json(dice, data))
    else:
        path.write_bytes(mangled_bytes(dice, data, others))


KINDS = ("office", "keys", "wal", "log", "backup", "notes", "strays", "inside")


def try_kind(kind: str, count: int, folder: Path, seed: int = 1) -> Told:
    """Mangle ``count`` files of a kind and do everything with each."""
    told = Told()
    shutil.rmtree(folder, ignore_errors=True)
    closed, crashed = make_home(folder / "made")
    for number in range(count):
        whole = crashed if kind == "wal" else closed
        told.tried += 1
        for task in ("live", "recover", "restore", "rebuild"):
            home = whole.copy(folder / "tried")
            mangle(kind, random.Random(f"{kind} {seed} {number}"), home)
            trial = Trial(home, told, f"{kind} {number} {task}")
            match task:
                case "live":
                    trial.look()
                    trial.work(complete=kind in ("log", "backup", "notes"))
                case "recover":
                    trial.recover()
                case "restore":
                    trial.restore()
                case _:
                    trial.rebuild(complete=kind not in ("log", "inside"))
    return told


def main(count: int, kinds: list[str]) -> int:
    """Try the kinds and print what came of each; 1 when something was found."""
    bad = 0
    for kind in kinds or KINDS:
        with tempfile.TemporaryDirectory() as name:
            told = try_kind(kind, count, Path(name) / "mangled")
        sys.stdout.write(
            f"{kind}: {told.tried} mangled, {told.refused} calls refused in words, {told.passed} went well,"
            f" {len(told.faults)} faults, slowest call {told.slowest:.2f} s\n"
        )
        for said, times in sorted(told.sentences.items(), key=lambda pair: -pair[1]):
            sys.stdout.write(f"  {times:5} {said}\n")
        for fault in told.faults[:20]:
            sys.stdout.write(f"  FAULT {fault}\n")
        sys.stdout.flush()
        bad += len(told.faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
