"""Passwords as the file keeps them (口令): in slots that wrap the key, and digests of those used before.

A password is checked by opening the slot it wraps, never by comparing texts; those used before are kept as Argon2id
digests so that they are not taken again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from hongyao_desktop.core.clock import iso_second
from hongyao_desktop.core.desk import Operator, Reader, Row, Writer, refuse_errors
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.settings import PASSWORD_KINDS, PASSWORD_LENGTH, PASSWORDS_KEPT
from hongyao_desktop.store import keys
from hongyao_desktop.store.access import settings_of
from hongyao_desktop.store.driver import KEY_BYTES, SALT_BYTES
from hongyao_desktop.store.office import Office


def password_rule(reader: Reader) -> PasswordRule:
    """What this office asks of a new password."""
    return rule_of(settings_of(reader))


def rule_of(stored: Mapping[str, str]) -> PasswordRule:
    """The same from settings already read."""
    return PasswordRule(PASSWORD_LENGTH.read(stored), PASSWORD_KINDS.read(stored))


_LETTERS: Final = ("ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")


def first_password() -> str:
    """A first password to hand over on paper: easy to read, changed at the first login."""
    groups = ([secrets.choice(letters) for letters in (*_LETTERS, _LETTERS[1])] for _ in range(3))
    return "-".join("".join(group) for group in groups)


def cost_of(ring: keys.KeyRing) -> keys.KeyCost:
    """New slots cost what the dearest one costs: a file made on a fast machine stays as hard to try."""
    return max(
        (slot.cost for slot in ring.slots), key=lambda cost: (cost.memory_kib * cost.passes, cost.passes)
    )


def with_password(office: Office, ring: keys.KeyRing, who: Operator, password: str) -> keys.KeyRing:
    """The ring with this operator's slot wrapped by ``password``."""
    opened = office.opened
    slot = keys.Slot.make(opened.file_id, opened.file_key, who, password, cost_of(ring))
    return ring.with_slot(slot, opened.file_key)


def remember(writer: Writer, operator_id: str, password: str, cost: keys.KeyCost) -> None:
    """Note a password as used from now on."""
    salt = secrets.token_bytes(SALT_BYTES)
    writer.insert(
        "password_history",
        {
            "operator_id": operator_id,
            "changed_at": iso_second(writer.clock.now()),
            "cost": json.dumps(asdict(cost)),
            "salt": salt.hex(),
            "digest": keys.digest_of(password, salt, cost).hex(),
        },
    )


def used(reader: Reader, operator_id: str, most: int) -> list[Row]:
    """The last ``most`` passwords noted, newest first."""
    return reader.all(
        "SELECT * FROM password_history WHERE operator_id = ? ORDER BY changed_at DESC, id DESC LIMIT ?",
        (operator_id, most),
    )


def refuse_used(writer: Writer, ring: keys.KeyRing, operator_id: str, password: str) -> None:
    """Refuse the password in force and those noted, as many as the office keeps."""
    kept = PASSWORDS_KEPT.read(settings_of(writer))
    slot = ring.slot_of(operator_id)
    again = slot is not None and slot.unlock(ring.file_id, password) is not None
    if again or any(_same(row, password) for row in used(writer, operator_id, kept)):
        message = f"这个口令最近用过，请换一个与最近 {kept} 次都不同的"
        refuse_errors([Problem(Level.ERROR, "password.used", message)])


def _same(row: Row, password: str) -> bool:
    cost: dict[str, Any] = json.loads(row["cost"])
    digest = keys.digest_of(password, bytes.fromhex(row["salt"]), keys.KeyCost(**cost))
    return secrets.compare_digest(digest, bytes.fromhex(row["digest"])) and len(digest) == KEY_BYTES
