"""Failed log-ins (口令输错): counted outside the encrypted file, because whoever fails has no key to write inside.

The count lies beside the office file (``FILE.tries``) and, mirrored, in this computer's data folder; the worse of the
two counts, so deleting or putting back one of them wins nothing.  A try is counted before the password is tried and
taken off again when it was right, and tries of all programs go one after the other, so that neither killing the program
nor running many at once gives more tries.  The next login notes what happened inside the file (access log).

A clock set back begins the waiting anew: it never shortens it, and a clock that once ran far ahead does not lock an
office out for years.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hongyao_desktop.core.clock import Clock, iso_second
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import LOCK_FAILURES, LOCK_MINUTES
from hongyao_desktop.store import keys
from hongyao_desktop.store.journal import device_name
from hongyao_desktop.store.keys import write_whole
from hongyao_desktop.store.tries import EVENTS_KEPT, NAME_LENGTH, Event, Run, Tries, one_at_a_time, worsen

_SIZE_LIMIT: Final = 1024 * 1024
LEAST_SECONDS: Final = 0.1
"""What a wrong password takes at least, whatever it costs to compute."""

WRONG, WAITING, UNKNOWN = "口令不对", "暂停登录期间", "没有这名操作员"


def tries_path(path: Path) -> Path:
    """Where the failed log-ins of the office file at ``path`` are counted."""
    return path.with_name(path.name + ".tries")


def mirror_path(state: Path, file_id: bytes) -> Path:
    """Where this computer keeps its copy of the count."""
    return state / "tries" / f"{file_id.hex()}.json"


class Gate:
    """Stands before the password of one office file.

    Attributes:
        path: the office file.
        clock: where the time comes from.
    """

    def __init__(self, path: Path, file_id: bytes, state: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self._places = (tries_path(path), mirror_path(state, file_id))

    # -- a login

    def enter(self, names: Sequence[str]) -> list[str]:
        """Count a try of each of ``names`` before it is made; returns those who need not wait.

        Refuses when all of them have to wait.
        """
        with self._held() as tries:
            now = self._now(tries)
            waits = {name: wait for name in names if (wait := _wait(tries.runs.get(name, Run()), now))}
            for name in names:
                if name in waits:
                    self._note(tries, now, name, WAITING)
                    continue
                run = tries.runs.setdefault(name, Run())
                if run.until is not None:
                    run.until, run.failures = None, 0
                run.failures += 1
                self._note(tries, now, name, WRONG)
                if run.failures >= tries.limit:
                    run.until = iso_second(now + timedelta(minutes=tries.minutes))
        free = [name for name in names if name not in waits]
        if not free:
            name, wait = min(waits.items(), key=lambda pair: pair[1])
            raise waiting(name, wait)
        return free

    def wrong(self, name: str) -> Refusal:
        """The sentence after a wrong password, which :meth:`enter` has counted already."""
        tries = self._read()
        run = tries.runs.get(name, Run())
        if run.until is not None:
            words = f"口令不对，{name}已连续输错 {run.failures} 次，请 {tries.minutes} 分钟后再试"
        elif run.failures > 1:
            left = tries.limit - run.failures
            words = f"口令不对，请重新输入，再错 {left} 次将暂停登录 {tries.minutes} 分钟"
        else:
            words = "口令不对，请重新输入"
        return Refusal(words, exit_code=2)

    def passed(self, tried: Sequence[str], right: str) -> None:
        """The password was ``right``'s: the tries counted last are taken off, and his run of failures ends."""
        with self._held() as tries:
            for name in tried:
                run = tries.runs.get(name)
                if run is not None:
                    run.failures -= 1
                    run.until = run.until if run.failures >= tries.limit else None
                    if name == right or run.failures <= 0:
                        del tries.runs[name]
                counted = _last_of(tries, name, WRONG)
                if counted is None:
                    tries.dropped = max(tries.dropped - 1, 0)  # it had found no room
                    continue
                counted.times -= 1
                if not counted.times:
                    tries.events.remove(counted)

    def unknown(self, name: str) -> None:
        """Somebody gave the name of no operator."""
        with self._held() as tries:
            self._note(tries, self._now(tries), name[:NAME_LENGTH], UNKNOWN)

    def waits(self, name: str) -> timedelta | None:
        """How long ``name`` still has to wait; None when a password may be tried."""
        tries = self._read()
        return _wait(tries.runs.get(name, Run()), self._now(tries))

    def failures_of(self, name: str) -> int:
        """Wrong passwords of ``name`` that no login has noted inside the file yet."""
        return sum(event.times for event in self._read().events if event.name == name)

    # -- after a login

    def take_events(self) -> tuple[list[Event], int]:
        """What is to be noted inside the file, and how many events found no room; see :meth:`forget`."""
        tries = self._read()
        return list(tries.events), tries.dropped

    def forget(self, noted: list[Event], dropped: int) -> None:
        """These events stand inside the file now."""
        with self._held() as tries:
            tries.events = [event for event in tries.events if event not in noted]
            tries.dropped = max(tries.dropped - dropped, 0)

    def set_limits(self, limit: int, minutes: int) -> None:
        """The settings of the file, for the time when it is closed again."""
        if (limit, minutes) != (self._read().limit, self._read().minutes):
            with self._held() as tries:
                tries.limit, tries.minutes = limit, minutes

    def release(self, name: str) -> None:
        """Let ``name`` try again: an administrator has given a new password."""
        if name in self._read().runs:
            with self._held() as tries:
                tries.runs.pop(name, None)

    # -- inside

    def _note(self, tries: Tries, now: datetime, name: str, what: str) -> None:
        at, device = iso_second(now), device_name()[:NAME_LENGTH]
        last = _last_of(tries, name)
        if last is None or (last.what, last.device) != (what, device):
            # With no room left what is alike is counted together, even with something else in between.
            last = _last_of(tries, name, what) if len(tries.events) >= EVENTS_KEPT else None
        if last is not None:
            last.times += 1
            last.last_at = at
        elif len(tries.events) < EVENTS_KEPT:
            tries.events.append(Event(at, at, name, what, device))
        else:
            tries.dropped += 1

    def _now(self, tries: Tries) -> datetime:
        """The present moment. A clock that went back begins every waiting anew at the moment it shows."""
        now = self.clock.now()
        if tries.seen and now < datetime.fromisoformat(tries.seen):
            for run in tries.runs.values():
                if run.until is not None:
                    run.until = iso_second(now + timedelta(minutes=tries.minutes))
        tries.seen = iso_second(now)
        return now

    def _read(self) -> Tries:
        found = [read for read in map(self._read_one, self._places) if read is not None]
        if not found:
            return Tries()
        best = max(found, key=lambda tries: tries.version)
        for other in found:
            if other is not best:
                worsen(best, other)
        return best

    def _read_one(self, place: Path) -> Tries | None:
        """One of the two records; one that cannot be read says nothing, the other one does."""
        try:
            if place.stat().st_size > _SIZE_LIMIT:
                return None
            return Tries.from_text(place.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    @contextmanager
    def _held(self) -> Iterator[Tries]:
        """The record, read, changed and written while no other program does the same."""
        with one_at_a_time(*reversed(self._places)):
            tries = self._read()
            before = tries.to_text()
            yield tries
            if tries.to_text() != before:
                tries.version += 1
                self._write(tries)

    def _write(self, tries: Tries) -> None:
        """To both places. Refuses when neither takes it: tries that cannot be counted are not made."""
        data, kept = tries.to_text().encode(), False
        idle = not tries.runs and not tries.events and not tries.dropped and self._usual_limits(tries)
        for place in self._places:
            try:
                if idle:
                    place.unlink(missing_ok=True)
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    write_whole(place, data)
                kept = True
            except OSError:
                continue
        if not kept:
            raise Refusal("登录次数记不下来，请检查磁盘空间和文件夹的写权限后再登录")

    @staticmethod
    def _usual_limits(tries: Tries) -> bool:
        return (tries.limit, tries.minutes) == (LOCK_FAILURES.default, LOCK_MINUTES.default)


def waiting(name: str, wait: timedelta) -> Refusal:
    """The sentence for an operator who has to wait."""
    seconds = math.ceil(wait.total_seconds())
    words = f"{-(-seconds // 60)} 分钟" if seconds > 60 else f"{seconds} 秒"
    return Refusal(f"{name}因连续输错口令暂停登录，请 {words}后再试，或请系统管理员重设口令", exit_code=2)


def _wait(run: Run, now: datetime) -> timedelta | None:
    if run.until is None:
        return None
    left = datetime.fromisoformat(run.until) - now
    return left if left > timedelta(0) else None


def _last_of(tries: Tries, name: str, what: str = "") -> Event | None:
    return next(
        (event for event in reversed(tries.events) if event.name == name and what in ("", event.what)), None
    )


def unlock(
    gate: Gate, ring: keys.KeyRing, file_id: bytes, operator: str | None, password: str
) -> tuple[keys.Slot, bytes]:
    """The operator's slot and the file key, behind the gate; see :func:`keys.unlock`.

    Without a name the password is tried on everybody who need not wait, and a wrong one counts for each of them.
    """
    if operator is not None and ring.slot_of(operator) is None:
        gate.unknown(operator)
        keys.unlock(ring, file_id, operator, password)
    known = ring.slot_of(operator) if operator is not None else None
    found = try_slots(gate, ring.slots if known is None else (known,), file_id, password)
    if found is not None:
        return found
    if known is None:
        raise Refusal("口令不对，请重新输入", exit_code=2)
    raise gate.wrong(known.name)


def try_slots(
    gate: Gate, slots: Sequence[keys.Slot], file_id: bytes, password: str
) -> tuple[keys.Slot, bytes] | None:
    """The slot that the password opens, and the file key; None for a wrong one, which counts for each slot tried.

    Refuses while all of them have to wait. A wrong password takes :data:`LEAST_SECONDS` at least.
    """
    by_name = {slot.name: slot for slot in slots}
    tried = gate.enter(list(by_name))
    began = time.perf_counter()
    for name in tried:
        file_key = by_name[name].unlock(file_id, password)
        if file_key is not None:
            gate.passed(tried, name)
            return by_name[name], file_key
    # The cost was measured when the file was made, perhaps on a slower or busier machine than this one.
    threading.Event().wait(max(LEAST_SECONDS - (time.perf_counter() - began), 0))
    return None
