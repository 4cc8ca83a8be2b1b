"""A full disk at each write call of a save, an import, a backup and an upgrade: ``python -m tests.crash.full_disk``.

The program runs under the shim and tells it which write call is the first to fail.  Either the job is refused with a
sentence and nothing has changed, or it is confirmed and all there; after room was made the work goes on.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.store.migrate import Step, known_steps
from tests.crash.shim import build
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file
from tests.store.registers import REGISTERS, person

ROOT = Path(__file__).parents[2]
UPGRADE = Step(
    "m9001_more", tuple(f"CREATE TABLE more{n}(id TEXT PRIMARY KEY NOT NULL) STRICT" for n in range(5))
)
"""An upgrade that writes a few pages."""


class Shim:
    """The shim this process was started under."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)

    def fail_after(self, number: int) -> None:
        """Let the write after the next ``number`` ones and all later ones fail; -1 makes room."""
        self._library.shim_fail_after(ctypes.c_long(number))

    def writes(self) -> int:
        """How many writes there were since the last call of `fail_after`."""
        return int(self._library.shim_writes())


def open_it(path: Path, *more: Step) -> Office:
    """Open the test office, bringing it to the given steps."""
    return open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=fixed_clock(),
        state=path.parent / "state",
        registers=REGISTERS,
        steps=(*known_steps(), *more),
    )


def save(office: Office) -> None:
    """One record."""
    office.transact("新增人员", lambda w: w.insert("person", person("王五", phone="13800001234")))


def bring_in(office: Office) -> None:
    """Many records."""
    rows: list[dict[str, Any]] = [person(f"李{chr(0x4E00 + n)}", note="x" * 300) for n in range(300)]
    office.transact("导入人员", lambda w: w.insert_many("person", rows))


def back_up(office: Office) -> None:
    """A copy."""
    office.backup()


def state_of(office: Office) -> tuple[str, int, int]:
    """What must be as before when a job was refused."""
    reader = office.reader()
    counts = [reader.value(f"SELECT count(*) FROM {table}") for table in ("person", "unit")]
    return office.head(), counts[0], counts[1]


def try_every_place(folder: Path, shim: Shim, job: Callable[[Office], None], most: int) -> int:
    """Let ``job`` meet a full disk at each of its write calls, on a new file each time; returns how many there are."""
    for number in range(most):
        with open_it(make_file(folder / "office")) as office:
            office.finish_index()
            before = state_of(office)
            shim.fail_after(number)
            refused = _refusal(lambda o=office: job(o))  # type: ignore[misc]
            failed = shim.writes() > number
            shim.fail_after(-1)
            assert refused is None or failed, refused
            if refused is not None:
                assert "磁盘" in refused, refused
                assert state_of(office) == before, f"refused at write {number}, but something changed"
            job(office)
            office.finish_index()
            _must_be_good(office, number)
        shutil.rmtree(folder / "office")
        if not failed:
            return number
    return most


def try_upgrades(folder: Path, shim: Shim, most: int) -> int:
    """Let an upgrade meet a full disk at each of its write calls, from opening on."""
    for number in range(most):
        path = make_file(folder / "office")
        shim.fail_after(number)
        refused = _refusal(lambda p=path: open_it(p, UPGRADE).close())  # type: ignore[misc]
        failed = shim.writes() > number
        shim.fail_after(-1)
        if refused is not None and _refusal(lambda p=path: open_it(p).close()) is None:  # type: ignore[misc]
            # The older program still opens it: nothing was half upgraded. (Else the upgrade itself was done.)
            with open_it(path) as office:
                _must_be_good(office, number)
        with open_it(path, UPGRADE) as office:
            save(office)
            _must_be_good(office, number)
        shutil.rmtree(folder / "office")
        if not failed:
            return number
    return most


def _refusal(job: Callable[[], None]) -> str | None:
    try:
        job()
    except Refusal as refusal:
        return refusal.message
    return None


def _must_be_good(office: Office, number: int) -> None:
    findings = [problem.message for problem in office.check().findings if "more" not in problem.message]
    assert findings == [], f"at write {number}: {findings[:3]}"


def main(folder: Path, most: int) -> None:
    """All jobs, inside the process that runs under the shim."""
    shim = Shim()
    for name, job in (("save", save), ("import", bring_in), ("backup", back_up)):
        sys.stdout.write(f"{name}: {try_every_place(folder, shim, job, most)} write calls\n")
    sys.stdout.write(f"upgrade: {try_upgrades(folder, shim, most)} write calls\n")


def full_disk(folder: Path, most: int = 1_000_000) -> subprocess.CompletedProcess[str]:
    """Run :func:`main` in a process under the shim, with at most ``most`` places of each job."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LD_PRELOAD": str(build(folder)), "SHIM_ROOT": str(folder / "offices")}
    command = [sys.executable, "-m", "tests.crash.full_disk", str(folder / "offices"), str(most)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as name:
            result = full_disk(Path(name) / "full")
        sys.stdout.write(result.stdout + result.stderr)
        sys.exit(result.returncode)
