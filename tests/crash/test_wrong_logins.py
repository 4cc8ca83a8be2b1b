"""A few wrong log-ins; the script beside this file makes ten thousand."""

from __future__ import annotations

from pathlib import Path

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
    # Measured once and held in every slot: what counts is that the file carries the cost, not how busy a desk is.
    cost = measured_cost()
    assert cost.memory_kib >= 64 * 1024
    told = wrong_logins(2, tmp_path, cost)
    assert told.fastest >= 0.05, told
