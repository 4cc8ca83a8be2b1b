"""Office files for tests: made once in a run, copied for every test."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from hongyao_desktop.core.clock import Clock, FixedClock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.store import Making, Office, OfficeInfo, create_office, open_office
from hongyao_desktop.store.keys import KeyCost

CHEAP = KeyCost(memory_kib=64, passes=1, lanes=1)
"""A password try that costs nothing; only for tests."""

PASSWORD = "Abc-12345"
CLERK = Operator("", "王某", frozenset({Role.ENTRY}))
REVIEWER = Operator("", "李某", frozenset({Role.REVIEW, Role.APPROVE}))
CASHIER = Operator("", "赵某", frozenset({Role.CASHIER}))
ALL_ROLES = Operator("", "全某", frozenset({Role.ENTRY, Role.REVIEW, Role.APPROVE, Role.CASHIER}))
OPERATORS = (CLERK, REVIEWER, CASHIER, ALL_ROLES)
FILE_NAME = "水湾街道.hyt"


def fixed_clock() -> FixedClock:
    """The morning that tests take place on."""
    return FixedClock(datetime(2026, 11, 20, 9, 0))  # noqa: DTZ001 - FixedClock takes it as Beijing time


def evening_clock() -> FixedClock:
    """The evening of that day: what took place on it is over and its hours can be entered."""
    return FixedClock(datetime(2026, 11, 20, 21, 0))  # noqa: DTZ001 - FixedClock takes it as Beijing time


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hongyao-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_office(
        folder / FILE_NAME,
        office=OfficeInfo("水湾街道党工委办公室", "水湾街道"),
        operators=[(operator, PASSWORD) for operator in OPERATORS],
        clock=fixed_clock(),
        making=Making(cost=CHEAP),
        state=folder / "state",
    ).close()
    return folder


def make_file(folder: Path) -> Path:
    """Copy an empty office file with its key ring into ``folder``; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FILE_NAME, FILE_NAME + ".keys"):
        shutil.copyfile(_template() / name, folder / name)
    return folder / FILE_NAME


def open_file(
    path: Path, *, clock: Clock | None = None, who: str | None = ALL_ROLES.name, read_only: bool = False
) -> Office:
    """Open a file made by :func:`make_file` as the operator called ``who`` (None: the first one)."""
    return open_office(
        path,
        operator=who,
        password=PASSWORD,
        clock=clock or fixed_clock(),
        read_only=read_only,
        state=path.parent / "state",
    )


def make_office(folder: Path, *, clock: Clock | None = None, who: str = ALL_ROLES.name) -> Office:
    """A new empty office in ``folder``, opened by ``who`` (王某 entry, 李某 review, 赵某 cashier, 全某 all)."""
    return open_file(make_file(folder), clock=clock, who=who)
