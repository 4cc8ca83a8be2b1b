"""SIGKILL at random moments: ``python -m tests.crash.kills COUNT``; ends with 1 if anything was lost."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.crash.promises import Tally, hold, promised
from tests.offices import make_file

ROOT = Path(__file__).parents[2]


def kill_once(path: Path, confirmed: Path, seed: int, after: float) -> None:
    """Let the worker work for ``after`` seconds from its first confirmed operation on, then kill it."""
    confirmed.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.crash.worker", str(path), str(confirmed), str(seed)]
    with subprocess.Popen(command, cwd=ROOT) as worker:
        # One in five dies while it opens the file.
        while seed % 5 and not confirmed.exists() and worker.poll() is None:
            _wait(worker, 0.01)
        _wait(worker, after)
        worker.kill()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def kills(count: int, folder: Path, seed: int = 1) -> Tally:
    """Kill ``count`` times, on one file that goes on and on; a rebuilding from the log every tenth time."""
    dice = random.Random(seed)
    tally = Tally()
    path = make_file(folder)
    for number in range(count):
        if number and number % 50 == 0:  # small files crash more often at interesting places
            shutil.rmtree(folder)
            path = make_file(folder)
        kill_once(path, folder / "confirmed", seed * 1_000_000 + number, dice.uniform(0.0, 0.4))
        hold(path, promised(folder / "confirmed"), tally, f"kill {number}", again=number % 10 == 0)
    return tally


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        result = kills(int(sys.argv[1]), Path(name) / "office")
    sys.stdout.write(f"{result}\n")
    sys.exit(0 if result.good else 1)
