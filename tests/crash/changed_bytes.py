"""Single changed bytes: ``python -m tests.crash.changed_bytes COUNT``; each must be found or refused, and repaired."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.rebuild import rebuild
from tests.crash.promises import Tally
from tests.offices import make_file
from tests.store.registers import open_with

ROOT = Path(__file__).parents[2]


def changed_bytes(count: int, folder: Path, seed: int = 1) -> Tally:
    """Change ``count`` single bytes of a closed file, one at a time, and rebuild it from its log every time."""
    dice = random.Random(seed)
    tally = Tally()
    path = make_file(folder)
    command = [
        sys.executable,
        "-m",
        "tests.crash.worker",
        str(path),
        str(folder / "confirmed"),
        str(seed),
        "80",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    with open_with(path) as office:
        opened = office._opened
        before = office.reader().all("SELECT * FROM journal_image")
    for backup in opened.backup_folder.glob("*.hyb"):
        backup.unlink()  # the log alone must do
    good = path.read_bytes()
    for number in range(count):
        place, change = dice.randrange(len(good)), dice.randrange(1, 256)
        data = bytearray(good)
        data[place] ^= change
        path.write_bytes(data)
        tally.crashes += 1
        if not _noticed(path):
            tally.broken.append(f"byte {place} ^ {change} was not noticed")
        target = folder / "rebuilt.hyt"
        if number % 20 == 0:
            rebuild(opened.backup_folder, target, file_id=opened.file_id, file_key=opened.file_key)
            with open_with(target) as again:
                if again.reader().all("SELECT * FROM journal_image") != before:
                    tally.lost.append(f"byte {place}: the rebuilt file differs")
            for leftover in folder.glob("rebuilt*"):
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    return tally


def _noticed(path: Path) -> bool:
    try:
        with open_with(path) as office:
            return not office.check().ok
    except Refusal:
        return True
    finally:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        result = changed_bytes(int(sys.argv[1]), Path(name) / "office")
    sys.stdout.write(f"{result}\n")
    sys.exit(0 if result.good else 1)
