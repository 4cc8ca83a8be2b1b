"""Keys: only the password opens a slot, nobody changes a ring unseen, and the printed sheet opens everything."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.store import keys
from tests.offices import CHEAP

FILE_ID, KEY = bytes(range(16)), bytes(range(32))
WANG = Operator("w", "王某", frozenset({Role.ENTRY}))
LI = Operator("l", "李某", frozenset({Role.REVIEW}))


def ring() -> keys.KeyRing:
    slots = tuple(keys.Slot.make(FILE_ID, KEY, who, f"pass {who.id}", CHEAP) for who in (WANG, LI))
    return keys.KeyRing(FILE_ID, 1, slots).sealed(KEY)


def test_each_password_opens_its_own_slot_only() -> None:
    made = ring()
    wang, li = made.slots
    assert wang.unlock(FILE_ID, "pass w") == li.unlock(FILE_ID, "pass l") == KEY
    assert wang.unlock(FILE_ID, "pass l") is None
    assert made.slot_of("王某") == made.slot_of("w") == wang
    assert made.slot_of("赵某") is None


def test_a_slot_is_bound_to_file_operator_and_cost() -> None:
    wang, _ = ring().slots
    for changed in (replace(wang, operator_id="x"), replace(wang, cost=keys.KeyCost(64, 2, 1))):
        assert changed.unlock(FILE_ID, "pass w") is None
    assert wang.unlock(b"\0" * 16, "pass w") is None


def test_no_password_and_no_key_stands_in_the_ring() -> None:
    text = ring().to_text()
    assert "pass w" not in text
    assert KEY.hex() not in text


def test_a_ring_is_read_back_and_every_change_of_it_breaks_the_seal() -> None:
    made = ring()
    assert keys.KeyRing.from_text(made.to_text()) == made
    assert made.is_sealed_by(KEY)
    assert not made.is_sealed_by(secrets.token_bytes(32))
    body = json.loads(made.to_text())
    body["slots"][0]["name"] = "赵某"
    assert not keys.KeyRing.from_text(json.dumps(body)).is_sealed_by(KEY)
    assert not replace(made, slots=made.slots[:1]).is_sealed_by(KEY)
    assert not replace(made, version=2).is_sealed_by(KEY)


def test_slots_come_and_go_with_a_new_version() -> None:
    zhao = Operator("z", "赵某", frozenset())
    more = ring().with_slot(keys.Slot.make(FILE_ID, KEY, zhao, "pass z", CHEAP), KEY)
    assert (more.version, len(more.slots), more.is_sealed_by(KEY)) == (2, 3, True)
    fewer = more.without_slot("w", KEY)
    assert (fewer.version, fewer.slot_of("王某"), fewer.is_sealed_by(KEY)) == (3, None, True)


def test_a_new_password_leaves_an_operator_in_his_place() -> None:
    """The login lists operators in this order; the first of them stands in the field."""
    changed = ring().with_slot(keys.Slot.make(FILE_ID, KEY, WANG, "pass new", CHEAP), KEY)
    assert [slot.name for slot in changed.slots] == ["王某", "李某"]
    assert (changed.version, changed.is_sealed_by(KEY)) == (2, True)
    slot = changed.slot_of("王某")
    assert slot is not None
    assert slot.unlock(FILE_ID, "pass new") is not None
    assert slot.unlock(FILE_ID, "pass w") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": "hongyao-keys/2"}',
        "\ud800".encode("utf-8", "replace").decode(),
    ],
)
def test_what_is_no_ring_is_refused(text: str) -> None:
    with pytest.raises(keys.RingError):
        keys.KeyRing.from_text(text)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 2**40, "passes": 1, "lanes": 1},
        {"memory_kib": 64, "passes": 10**9, "lanes": 1},
        {"memory_kib": 64, "passes": 1, "lanes": 10**6},
        {"memory_kib": 4, "passes": 1, "lanes": 1},
    ],
)
def test_a_hostile_ring_cannot_ask_for_all_memory_or_all_day(cost: dict[str, int]) -> None:
    body = json.loads(ring().to_text())
    body["slots"][0]["cost"] = cost
    with pytest.raises(keys.RingError):
        keys.KeyRing.from_text(json.dumps(body))


def test_a_try_costs_at_least_a_tenth_of_a_second() -> None:
    cost = keys.measured_cost()
    slot = keys.Slot.make(FILE_ID, KEY, WANG, "x", cost)
    began = time.perf_counter()
    assert slot.unlock(FILE_ID, "wrong") is None
    # Measured while making the file; here only that nobody lowered it by mistake.
    assert time.perf_counter() - began > 0.05
    assert cost.memory_kib >= 64 * 1024


def test_a_small_file_is_replaced_whole_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    place = tmp_path / "ring"
    keys.write_whole(place, b"one")
    keys.write_whole(place, b"two")
    assert place.read_bytes() == b"two"
    assert place.stat().st_mode & 0o077 == 0
    assert [item.name for item in tmp_path.iterdir()] == ["ring"]
