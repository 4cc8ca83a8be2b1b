"""A program at work that somebody is going to kill: entry, changes, imports, backups (also by themselves) and undo.

Called as ``python -m tests.crash.worker FILE CONFIRMED SEED [COUNT]``.  After every confirmed operation its number and
chain value are written to CONFIRMED in one write call: what stands there has been promised to the clerk.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.store.writing import DoorWriter
from tests.store.registers import open_with, person, unit


class Work:
    """Mixed operations by dice."""

    def __init__(self, office: Office, dice: random.Random, confirmed: int) -> None:
        self._office = office
        self._dice = dice
        self._confirmed = confirmed
        self._number = dice.randrange(10**9)

    def step(self) -> None:
        """One thing a clerk does."""
        verbs = (self._enter, self._enter, self._change, self._delete, self._import, self._undo, self._backup)
        self._dice.choices(verbs, weights=(8, 8, 6, 2, 1, 2, 1))[0]()

    def _fresh(self) -> str:
        self._number += 1
        return str(self._number)

    def _done(self) -> None:
        row = self._office.reader().one("SELECT seq, hash FROM journal_head")
        assert row is not None
        os.write(self._confirmed, f"{row['seq']} {row['hash']}\n".encode())

    def _enter(self) -> None:
        row = person(f"王{self._fresh()}", phone=f"138{self._dice.randrange(10**8):08}")
        self._office.transact("新增人员", lambda w: w.insert("person", row))
        self._done()

    def _change(self) -> None:
        name = self._fresh()

        def change(writer: DoorWriter) -> None:
            for row in writer.all("SELECT id FROM person ORDER BY random() LIMIT 3"):
                writer.update("person", row["id"], {"note": name, "name": f"李{name}"})

        self._office.transact("修改人员", change)
        self._done()

    def _delete(self) -> None:
        self._office.transact(
            "清理", lambda w: w.execute("DELETE FROM person WHERE id IN (SELECT id FROM person LIMIT 2)")
        )
        self._done()

    def _import(self) -> None:
        def rows() -> list[dict[str, Any]]:
            return [
                unit(self._fresh(), "导入的组织", note="x" * 200)
                for _ in range(self._dice.randrange(50, 400))
            ]

        self._office.transact("导入组织", lambda w: w.insert_many("unit", rows()))
        self._done()

    def _undo(self) -> None:
        try:
            self._office.undo_last()
        except Refusal:
            return
        self._done()

    def _backup(self) -> None:
        self._office.backup()
        self._office.thin_backups(3)


def main(file: str, confirmed: str, seed: str, count: str = "0") -> None:
    """Work until killed, or for ``count`` steps."""
    office = open_with(Path(file), clock=SystemClock())
    office.back_up_by_itself(lambda op: op.startswith("导入"))
    descriptor = os.open(confirmed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    work = Work(office, random.Random(int(seed)), descriptor)
    done = 0
    while not int(count) or done < int(count):
        work.step()
        done += 1
    os.close(descriptor)
    office.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
