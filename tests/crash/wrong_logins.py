"""Wrong log-ins by script: locked as configured, and every try that is made costs its time.

``python -m tests.crash.wrong_logins [COUNT]`` makes its own office with the real cost of a password and tries wrong
passwords as fast as it can, while the clock of the office is moved on
whenever the operator is locked.  It prints what it found as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Making, OfficeInfo, access, create_office, open_office
from hongyao_desktop.store.keys import KeyCost

PASSWORD = "Abc-12345"
NAME = "王录入"
START = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 - FixedClock takes it as Beijing time


@dataclass(slots=True)
class Tried:
    """What the tries came to.

    Attributes:
        asked: log-ins asked for.
        tried: passwords really tried; the others were turned away unread.
        locked: how often the operator was locked.
        let_in: wrong passwords that opened the file.
        early: tries that were made although the operator had to wait.
        fastest: seconds of the fastest try.
        noted: failures found in the access log afterwards.
    """

    asked: int = 0
    tried: int = 0
    locked: int = 0
    let_in: int = 0
    early: int = 0
    fastest: float = float("inf")
    noted: int = 0

    @property
    def good(self) -> bool:
        """Nobody got in, nobody was let try while waiting, and everything was noted."""
        return self.let_in == 0 and self.early == 0 and self.noted == self.asked


def wrong_logins(count: int, folder: Path, cost: KeyCost | None = None, *, limit: int = 5) -> Tried:
    """Ask for ``count`` log-ins with wrong passwords."""
    clock = FixedClock(START)
    path, state = folder / "台账.hyt", folder / "state"
    create_office(
        path,
        office=OfficeInfo("水湾街道办", "水湾街道"),
        operators=[
            (Operator("", NAME, frozenset({Role.ENTRY})), PASSWORD),
            (Operator("", "吴日志", frozenset({Role.AUDIT_ADMIN})), PASSWORD),
        ],
        clock=clock,
        state=state,
        making=Making(cost=cost),
    ).close()
    told, run = Tried(), 0
    for number in range(count):
        began = time.perf_counter()
        try:
            open_office(path, operator=NAME, password=f"Wrong-{number}", clock=clock, state=state).close()
            told.let_in += 1
        except Refusal as refusal:
            took = time.perf_counter() - began
            told.asked += 1
            if "暂停登录，请" in refusal.message:
                run = 0
                if number % 4 == 0:  # some of the time is waited out, some of it is not enough
                    clock.advance(timedelta(minutes=5, seconds=1))
                else:
                    clock.advance(timedelta(seconds=90))
                continue
            told.tried += 1
            told.fastest = min(told.fastest, took)
            run += 1
            told.early += run > limit
            told.locked += run == limit
    clock.advance(timedelta(minutes=6))
    with open_office(path, operator="吴日志", password=PASSWORD, clock=clock, state=state) as office:
        access.begin(office)
        rows = access.entries(office, access.LogQuery(event=access.FAILED))
        told.noted = sum(int(row["times"]) for row in rows)
    return told


def main() -> int:
    """Run the script; exit code 1 when something was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        told = wrong_logins(count, Path(folder))
    sys.stdout.write(json.dumps({**asdict(told), "good": told.good}, ensure_ascii=False) + "\n")
    return 0 if told.good and told.fastest >= 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
