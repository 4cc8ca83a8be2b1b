"""Power cuts that drop writes not yet synced: ``python -m tests.crash.power_cuts COUNT``.

The worker runs under a shim that records every write, truncation, sync, rename and deletion.  A cut is a place in that
record: what was synced before it is on the disk; of what was written after the last sync of a file, each 512-byte
sector is there or not by dice (disks reorder), or all of it, or nothing.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.promises import Tally, hold, promised
from tests.crash.shim import Event, build, events
from tests.offices import make_file

ROOT = Path(__file__).parents[2]
_SECTOR = 512


@dataclass(slots=True)
class Disk:
    """What lies on a disk: the durable content of each file, and what was done to it since its last sync."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Event]] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """One more event."""
        match event.kind:
            case "w" | "t":
                self.durable.setdefault(event.path, bytearray())
                self.waiting.setdefault(event.path, []).append(event)
            case "s":
                for done in self.waiting.pop(event.path, ()):
                    _apply(self.durable[event.path], done)
            case "u":
                self.durable.pop(event.path, None)
                self.waiting.pop(event.path, None)
            case "r":
                target = event.data.decode()
                self.durable[target] = self.durable.pop(event.path, bytearray())
                self.waiting[target] = self.waiting.pop(event.path, [])

    def after_cut(self, dice: random.Random) -> dict[str, bytes]:
        """What is found when the power is back."""
        manner = dice.choice(("nothing", "everything", "some"))
        found = {}
        for path, content in self.durable.items():
            data = bytearray(content)
            for event in self.waiting.get(path, ()):
                if manner == "everything":
                    _apply(data, event)
                elif manner == "some":
                    _apply_sectors(data, event, dice)
            found[path] = bytes(data)
        return found


def _apply(data: bytearray, event: Event) -> None:
    if event.kind == "t":
        del data[event.offset :]
        data.extend(bytes(event.offset - len(data)))
        return
    end = event.offset + len(event.data)
    data.extend(bytes(max(end - len(data), 0)))
    data[event.offset : end] = event.data


def _apply_sectors(data: bytearray, event: Event, dice: random.Random) -> None:
    if event.kind == "t":
        if dice.random() < 0.5:
            _apply(data, event)
        return
    for start in range(0, len(event.data), _SECTOR):
        if dice.random() < 0.5:
            piece = event.data[start : start + _SECTOR]
            _apply(data, Event("w", event.path, event.offset + start, piece))


def record_work(folder: Path, tools: Path, seed: int, steps: int) -> tuple[dict[str, bytes], list[Event]]:
    """Let the worker work under the shim; returns the files before and what was done to them."""
    path = make_file(folder)
    before = {str(item): item.read_bytes() for item in folder.iterdir() if item.is_file()}
    record = tools / "record"
    record.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "LD_PRELOAD": str(tools / "shim.so"),
        "SHIM_ROOT": str(folder),
        "SHIM_LOG": str(record),
    }
    command = [
        sys.executable,
        "-m",
        "tests.crash.worker",
        str(path),
        str(folder / "confirmed"),
        str(seed),
        str(steps),
    ]
    subprocess.run(command, cwd=ROOT, check=True, env=environment)
    return before, list(events(record))


def power_cuts(count: int, folder: Path, seed: int = 1, steps: int = 60) -> Tally:
    """Cut the power at ``count`` places of recorded work and see what is left."""
    dice = random.Random(seed)
    tally = Tally()
    tools = folder / "tools"
    tools.mkdir(parents=True)
    build(tools)
    office = folder / "office"
    before, done = record_work(office, tools, seed, steps)
    shutil.rmtree(office)
    for place in sorted(dice.sample(range(len(done)), min(count, len(done)))):
        disk = Disk({path: bytearray(data) for path, data in before.items()})
        for event in done[:place]:
            disk.take(event)
        # The list of promises is no file of the program: all of it counts.
        promises = _promises(done[:place], office / "confirmed")
        _lay_out(office, disk.after_cut(dice))
        (office / "confirmed").write_text(promises, encoding="ascii")
        hold(
            office / _name(before),
            promised(office / "confirmed"),
            tally,
            f"cut {place}",
            again=place % 5 == 0,
        )
        shutil.rmtree(office)
    return tally


def _promises(done: Sequence[Event], confirmed: Path) -> str:
    return "".join(
        event.data.decode() for event in done if event.path == str(confirmed) and event.kind == "w"
    )


def _name(before: dict[str, bytes]) -> str:
    return next(Path(path).name for path in before if path.endswith(".hyt"))


def _lay_out(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = Path(name)
        if path.is_relative_to(folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        result = power_cuts(
            int(sys.argv[1]), Path(name), steps=int(sys.argv[2]) if len(sys.argv) > 2 else 300
        )
    sys.stdout.write(f"{result}\n")
    sys.exit(0 if result.good else 1)
