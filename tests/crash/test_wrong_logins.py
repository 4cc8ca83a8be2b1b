"""A few wrong log-ins; the script beside this file makes ten thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from hongyao_desktop.store import lockout
from hongyao_desktop.store.keys import measured_cost
from tests.crash.wrong_logins import wrong_logins
from tests.offices import CHEAP


def test_wrong_passwords_are_locked_out_and_all_of_them_noted(tmp_path: Path) -> None:
    told = wrong_logins(60, tmp_path, CHEAP)
    assert told.good, told
    assert told.asked == 60
    assert told.locked >= 4
    assert told.tried < 45


def test_a_try_costs_a_tenth_of_a_second(tmp_path: Path) -> None:
    assert measured_cost().memory_kib >= 64 * 1024
    told = wrong_logins(3, tmp_path, CHEAP)
    assert told.fastest >= 0.1, told


def test_more_kinds_of_failure_than_there_is_room_for_are_still_all_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "EVENTS_KEPT", 4)
    told = wrong_logins(45, tmp_path, CHEAP)
    assert told.good, told
