"""What must hold after any crash: nothing confirmed is lost, nothing is half done, and the file opens at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.store.rebuild import rebuild
from tests.store.registers import open_with


@dataclass(slots=True)
class Tally:
    """What came of many crashes.

    Attributes:
        crashes: how many there were.
        confirmed: operations confirmed before them, in all.
        lost: sentences about operations that were confirmed and are gone.
        broken: sentences about files that did not open or did not stand the check.
        slowest: the longest opening, in seconds.
    """

    crashes: int = 0
    confirmed: int = 0
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __str__(self) -> str:
        found = "\n".join((*self.lost[:10], *self.broken[:10]))
        return (
            f"{self.crashes} crashes, {self.confirmed} operations confirmed, {len(self.lost)} lost,"
            f" {len(self.broken)} files broken, slowest opening {self.slowest:.2f} s\n{found}"
        )

    @property
    def good(self) -> bool:
        """Nothing lost, nothing broken."""
        return not self.lost and not self.broken


def promised(confirmed: Path) -> list[tuple[int, str]]:
    """The operations that were confirmed; a line cut off by the crash was not."""
    if not confirmed.exists():
        return []
    lines = confirmed.read_text(encoding="ascii").split("\n")[:-1]
    return [(int(line.split()[0]), line.split()[1]) for line in lines]


def hold(path: Path, promises: list[tuple[int, str]], tally: Tally, name: str, *, again: bool = True) -> None:
    """Open the file left by a crash and see whether the promises hold; ``again``: also rebuild it from its log."""
    tally.crashes += 1
    tally.confirmed += len(promises)
    began = time.perf_counter()
    try:
        office = open_with(path)
    except Refusal as refusal:
        tally.broken.append(f"{name}: {refusal.message}")
        return
    tally.slowest = max(tally.slowest, time.perf_counter() - began)
    with office:
        _compare(office, promises, tally, name)
        tally.broken += [f"{name}: a false alarm: {sentence}" for sentence in office.warnings]
        report = office.check(thorough=True)
        tally.broken += [f"{name}: {problem.message}" for problem in report.findings]
        if not again:
            return
        office.finish_index()
        opened = office._opened
        target = path.with_name("rebuilt.hyt")
        try:
            rebuild(opened.backup_folder, target, file_id=opened.file_id, file_key=opened.file_key)
        except Refusal as refusal:
            tally.broken.append(f"{name}, rebuilt: {refusal.message}")
            return
    with open_with(target) as rebuilt:
        _compare(rebuilt, promises, tally, f"{name}, rebuilt")
    for leftover in path.parent.glob("rebuilt*"):
        if leftover.is_file():
            leftover.unlink()


def _compare(office: Office, promises: list[tuple[int, str]], tally: Tally, name: str) -> None:
    rows = office.reader().all("SELECT seq, hash FROM journal_operation")
    there = {row["seq"]: row["hash"] for row in rows}
    for seq, value in promises:
        if there.get(seq) != value:
            tally.lost.append(f"{name}: operation {seq} was confirmed and is gone")
