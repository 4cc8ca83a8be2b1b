"""Failed log-ins: counted outside the file, not undone by restarting, by the clock, or by deleting one record."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import lockout
from hongyao_desktop.store.lockout import Gate
from hongyao_desktop.store.tries import Tries
from tests.offices import fixed_clock
from tests.store.administration import CLERK, PASSWORD, SYSTEM, administered, entered

WRONG = "Wrong-123"


def refused(path: Path, clock: FixedClock, password: str = WRONG, name: str | None = CLERK) -> str:
    with pytest.raises(Refusal) as caught:
        entered(path, name, password, clock=clock).close()
    assert caught.value.exit_code == 2
    return caught.value.message


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


def lock(path: Path, clock: FixedClock) -> str:
    return [refused(path, clock) for _ in range(5)][-1]


def test_five_failures_lock_for_five_minutes(path: Path, clock: FixedClock) -> None:
    said = [refused(path, clock) for _ in range(5)]
    assert said == [
        "口令不对，请重新输入",
        "口令不对，请重新输入，再错 3 次将暂停登录 5 分钟",
        "口令不对，请重新输入，再错 2 次将暂停登录 5 分钟",
        "口令不对，请重新输入，再错 1 次将暂停登录 5 分钟",
        "口令不对，王录入已连续输错 5 次，请 5 分钟后再试",
    ]
    assert "请 5 分钟后再试" in refused(path, clock, PASSWORD)
    clock.advance(timedelta(minutes=4, seconds=30))
    assert "请 30 秒后再试" in refused(path, clock, PASSWORD)
    clock.advance(timedelta(seconds=31))
    with entered(path, CLERK, clock=clock) as office:
        assert office.who.name == CLERK


def test_the_others_are_not_locked_out(path: Path, clock: FixedClock) -> None:
    lock(path, clock)
    with entered(path, SYSTEM, clock=clock) as office:
        assert office.who.name == SYSTEM


def test_a_right_password_ends_the_run_and_leaves_no_file(path: Path, clock: FixedClock) -> None:
    for _ in range(4):
        refused(path, clock)
    entered(path, CLERK, clock=clock).close()
    for _ in range(4):
        refused(path, clock)
    entered(path, CLERK, clock=clock).close()
    fresh = administered(path.parent / "another")
    entered(fresh, CLERK, clock=clock).close()
    assert not lockout.tries_path(fresh).exists()


def test_setting_the_clock_back_begins_the_waiting_anew(path: Path, clock: FixedClock) -> None:
    lock(path, clock)
    clock.advance(timedelta(minutes=4))
    clock.advance(timedelta(days=-1))
    assert "请 5 分钟后再试" in refused(path, clock, PASSWORD)
    clock.advance(timedelta(minutes=4, seconds=50))
    assert "再试" in refused(path, clock, PASSWORD)
    clock.advance(timedelta(seconds=20))
    entered(path, CLERK, clock=clock).close()


def test_a_clock_that_ran_years_ahead_does_not_lock_for_years(path: Path, clock: FixedClock) -> None:
    clock.advance(timedelta(days=3650))
    lock(path, clock)
    clock.advance(timedelta(days=-3650))
    assert "请 5 分钟后再试" in refused(path, clock, PASSWORD)
    clock.advance(timedelta(minutes=5, seconds=1))
    entered(path, CLERK, clock=clock).close()


@pytest.mark.parametrize("which", [0, 1])
def test_deleting_or_breaking_one_of_the_two_records_wins_nothing(
    path: Path, clock: FixedClock, which: int
) -> None:
    lock(path, clock)
    file_id = path.read_bytes()[:16]
    records = (lockout.tries_path(path), lockout.mirror_path(path.parent / "state", file_id))
    records[which].unlink()
    assert "再试" in refused(path, clock, PASSWORD)
    records[which].write_text("{", encoding="utf-8")
    assert "再试" in refused(path, clock, PASSWORD)


def test_without_a_name_the_password_counts_for_everybody(path: Path, clock: FixedClock) -> None:
    for _ in range(5):
        assert refused(path, clock, name=None) == "口令不对，请重新输入"
    assert "暂停登录" in refused(path, clock, PASSWORD, name=None)
    assert "暂停登录" in refused(path, clock, PASSWORD)


def test_a_password_without_a_name_leaves_the_others_uncounted(path: Path, clock: FixedClock) -> None:
    for _ in range(8):
        entered(path, None, clock=clock).close()
    assert refused(path, clock, name=SYSTEM) == "口令不对，请重新输入"


def test_a_try_is_counted_even_when_the_program_dies_in_the_middle(path: Path, clock: FixedClock) -> None:
    gate = Gate(path, path.read_bytes()[:16], path.parent / "state", clock)
    for _ in range(5):
        gate.enter([CLERK])
    assert "暂停登录" in refused(path, clock, PASSWORD)


def test_limits_outside_the_standard_are_not_taken_from_the_record(path: Path, clock: FixedClock) -> None:
    refused(path, clock)
    body = json.loads(lockout.tries_path(path).read_text(encoding="utf-8"))
    tries = Tries.from_text(json.dumps({**body, "limit": 1000, "minutes": 0}))
    assert (tries.limit, tries.minutes) == (5, 5)
    assert Tries.from_text(json.dumps({**body, "limit": 3, "minutes": 60})).limit == 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": "hongyao-tries/1"}', "[" * 5000, '{"format": 1}']
)
def test_any_other_text_is_no_record(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tries.from_text(text)


def test_a_record_that_cannot_be_written_allows_no_try(
    path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(lockout, "write_whole", full)
    with pytest.raises(Refusal, match="登录次数记不下来"):
        entered(path, CLERK, clock=clock)
