"""The record of failed log-ins as it lies on disk, read with bounds because anybody may write there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import LOCK_FAILURES, LOCK_MINUTES, Setting, SettingProblem

FORMAT: Final = "hongyao-tries/1"
EVENTS_KEPT: Final = 500
NAME_LENGTH: Final = 40
_MOST_TIMES: Final = 10**9
"""More failures nobody has the time for; a larger number was written by somebody else."""


@dataclass(slots=True)
class Run:
    """Where one operator stands: failures in a row, and until when no password is tried (None: not locked)."""

    failures: int = 0
    until: str | None = None


@dataclass(slots=True)
class Event:
    """Failures of one kind by one name, counted together while nothing else comes between them."""

    at: str
    last_at: str
    name: str
    what: str
    device: str
    times: int = 1


@dataclass(slots=True)
class Tries:
    """What is kept for one office file."""

    limit: int = LOCK_FAILURES.default
    minutes: int = LOCK_MINUTES.default
    seen: str = ""
    version: int = 0
    runs: dict[str, Run] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    dropped: int = 0

    def to_text(self) -> str:
        """As it is written to disk."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_text(cls, text: str) -> Tries:
        """Read it; raises ValueError for anything else. Limits outside the standard's bounds become the default."""
        try:
            body = json.loads(text)
            if body["format"] != FORMAT:
                raise ValueError("unknown format")
            runs = {
                str(name): Run(max(int(run["failures"]), 0), _moment_text(run["until"]))
                for name, run in body["runs"].items()
            }
            events = [_event(item) for item in body["events"][:EVENTS_KEPT]]
            tries = cls(
                _bounded(LOCK_FAILURES, body["limit"]),
                _bounded(LOCK_MINUTES, body["minutes"]),
                _moment_text(body["seen"]) or "",
                int(body["version"]),
                runs,
                events,
                min(max(int(body["dropped"]), 0), _MOST_TIMES),
            )
        except (TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError("not a record of tries") from error
        tries.to_text().encode()  # raises for a name with half a character in it, which cannot be written
        return tries


def _bounded(setting: Setting[int], value: Any) -> int:
    try:
        return setting.validate(int(value))
    except SettingProblem:
        return setting.default


def _moment_text(value: Any) -> str | None:
    """A stored moment, checked; raises ValueError."""
    if value in (None, ""):
        return None
    if datetime.fromisoformat(str(value)).tzinfo is None:
        raise ValueError("a moment without a zone")
    return str(value)


def _event(item: Any) -> Event:
    at, last_at = _moment_text(item["at"]), _moment_text(item["last_at"])
    if at is None or last_at is None:
        raise ValueError("an event without a time")
    return Event(
        at,
        last_at,
        str(item["name"])[:NAME_LENGTH],
        str(item["what"])[:NAME_LENGTH],
        str(item["device"])[:NAME_LENGTH],
        min(max(int(item["times"]), 1), _MOST_TIMES),
    )


def worsen(tries: Tries, other: Tries) -> None:
    """Take over what is worse in another copy of the same record, unless that copy is simply older."""
    if other.version == tries.version:
        for name, run in other.runs.items():
            mine = tries.runs.setdefault(name, run)
            mine.failures = max(mine.failures, run.failures)
            mine.until = max(filter(None, (mine.until, run.until)), default=None)


@contextmanager
def one_at_a_time(*places: Path) -> Iterator[None]:
    """Wait for other programs that work on the same small file; refuses when no place takes a lock.

    The lock is held beside the first of ``places`` whose folder can be written.
    """
    file = None
    for place in places:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            file = place.with_name(place.name + ".lock").open("a+b")
            break
        except OSError:
            continue
    if file is None:
        raise Refusal("登录次数记不下来，请检查磁盘空间和文件夹的写权限后再登录")
    with file:
        _wait_for(file.fileno())
        try:
            yield
        finally:
            _let_go(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _wait_for(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

    def _let_go(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _wait_for(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
