"""The own password: when it is due, what it may not be, and that an old one stays out."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import keys, operators, own_password
from tests.offices import fixed_clock
from tests.store.administration import (
    CLERK,
    NEW,
    PASSWORD,
    SYSTEM,
    entered,
)


def test_an_old_password_stays_out_even_with_the_old_ring(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.keys"
    shutil.copyfile(keys.ring_path(path), old)
    with entered(path, CLERK) as office:
        own_password.change(office, PASSWORD, NEW)
    shutil.copyfile(old, keys.ring_path(path))
    shutil.rmtree(tmp_path / "state" / "keys")
    with pytest.raises(Refusal, match="口令已经更换"):
        entered(path, CLERK)
    entered(path, CLERK, NEW).close()


def test_the_last_passwords_are_not_taken_again(path: Path) -> None:
    words = [PASSWORD, *(f"Tree-{number}-walk" for number in range(1, 7))]
    clock = fixed_clock()
    with entered(path, CLERK, clock=clock) as office:
        for old, new in pairwise(words[:6]):
            clock.advance(timedelta(days=1))
            own_password.change(office, old, new)
        for used in words[1:5]:
            with pytest.raises(Refusal, match="最近用过"):
                own_password.change(office, words[5], used)
        with pytest.raises(Refusal, match="与现在的口令相同"):
            own_password.change(office, words[5], words[5])
        own_password.change(office, words[5], PASSWORD)


def test_a_password_is_due_after_ninety_days(path: Path) -> None:
    clock = fixed_clock()
    clock.advance(timedelta(days=85))
    with entered(path, CLERK, clock=clock) as office:
        assert own_password.why_change(office) is None
        assert own_password.soon(office)
        assert own_password.days_left(office) == 5
    clock.advance(timedelta(days=6))
    with entered(path, CLERK, clock=clock) as office:
        assert own_password.why_change(office) == "口令已用满 90 天，请更换"
        own_password.change(office, PASSWORD, NEW)
        assert own_password.why_change(office) is None


def test_a_wrong_old_password_counts_like_a_login(path: Path) -> None:
    with entered(path, CLERK) as office:
        for _ in range(5):
            with pytest.raises(Refusal, match="口令不对"):
                own_password.change(office, "Wrong-123", NEW)
        with pytest.raises(Refusal, match="暂停登录"):
            own_password.verify(office, PASSWORD)


def test_no_password_stands_anywhere_in_the_open(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        operators.add(office, "冯出纳", NEW)
        stored = str(office.reader().all("SELECT * FROM journal_image"))
    assert NEW not in stored
    for place in path.parent.rglob("*"):
        if place.is_file():
            assert NEW.encode() not in place.read_bytes()
