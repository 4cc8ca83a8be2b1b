"""Keys: one random file key, and a slot per operator in which it lies wrapped by the operator's password.

The ring of slots lies beside the office file (``FILE.keys``) and, mirrored, in this computer's data folder, so that a
file copied without its ring still opens here.  Passwords are never stored: Argon2id turns one into a wrapping key,
AES-256-GCM under that key either gives the file key or fails.  A MAC under the file key covers the whole ring, and a
copy of the ring lies inside the encrypted file, so that an old ring with a dismissed operator's slot is of no use.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.lengths import KEY_BYTES, SALT_BYTES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from hongyao_desktop.core.desk import Operator

FORMAT: Final = "hongyao-keys/1"
ALGORITHMS: Final = {"derive": "argon2id", "wrap": "aes-256-gcm", "mac": "hmac-sha256"}
_NONCE_BYTES = 12
_LEAST_SECONDS = 0.1
_MOST_PASSES = 64
_MEMORY_LIMIT_KIB = 1024 * 1024
_LARGEST_VERSION = 2**62
_RING_SIZE_LIMIT = 4 * 1024 * 1024


class RingError(ValueError):
    """A key ring that cannot be read; the callers turn it into a sentence."""


@dataclass(frozen=True, slots=True)
class KeyCost:
    """What one try of a password costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int


def measured_cost(least_seconds: float = _LEAST_SECONDS) -> KeyCost:
    """The cost at which one try takes at least ``least_seconds`` on this machine, from 64 MiB upwards."""
    cost = KeyCost(memory_kib=64 * 1024, passes=2, lanes=2)
    while cost.passes < _MOST_PASSES:
        began = time.perf_counter()
        _derive("measuring", b"\0" * SALT_BYTES, cost)
        took = time.perf_counter() - began
        if took >= least_seconds:
            return cost
        wanted = int(cost.passes * least_seconds * 1.2 / took)
        cost = replace(cost, passes=max(cost.passes + 1, min(wanted, _MOST_PASSES)))
    return cost


def _derive(password: str, salt: bytes, cost: KeyCost) -> bytes:
    # loaded here: the log-in window reads names from the ring long before a password is tried
    from argon2.exceptions import HashingError
    from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

    try:
        return hash_secret_raw(
            password.encode("utf-8", "surrogatepass"),  # whatever was typed or handed over as the password
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
    except HashingError as error:
        raise Refusal(
            f"核对口令要用 {cost.memory_kib // 1024} 兆内存，这台电脑现在不够，请关掉别的程序再试"
        ) from error


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _keyed(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA-256. Its library is large, and the list of operators is read before the first window without it."""
    import hmac

    return hmac.digest(key, text, "sha256")


def digest_of(password: str, salt: bytes, cost: KeyCost) -> bytes:
    """What is kept of a password used before: an Argon2id digest that opens nothing."""
    return _keyed(_derive(password, salt, cost), b"hongyao password used before")


@dataclass(frozen=True, slots=True)
class Slot:
    """One operator's slot: who, and the file key wrapped by a key made from the password."""

    operator_id: str
    name: str
    cost: KeyCost
    salt: bytes
    nonce: bytes
    wrapped: bytes

    @classmethod
    def make(cls, file_id: bytes, file_key: bytes, operator: Operator, password: str, cost: KeyCost) -> Slot:
        """Wrap ``file_key`` for an operator."""
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(_NONCE_BYTES)
        blank = cls(operator.id, operator.name, cost, salt, nonce, b"")
        wrapped = _cipher(_derive(password, salt, cost)).encrypt(nonce, file_key, blank._context(file_id))
        return replace(blank, wrapped=wrapped)

    def unlock(self, file_id: bytes, password: str) -> bytes | None:
        """The file key, or None for a wrong password. Takes as long as the cost says either way."""
        from cryptography.exceptions import InvalidTag

        wrapping = _derive(password, self.salt, self.cost)
        try:
            return _cipher(wrapping).decrypt(self.nonce, self.wrapped, self._context(file_id))
        except InvalidTag:
            return None

    def _context(self, file_id: bytes) -> bytes:
        """What the wrapping is bound to: a slot moved to another file, operator or cost no longer opens."""
        return json.dumps([FORMAT, file_id.hex(), self.operator_id, asdict(self.cost)]).encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All slots of one office file.

    Attributes:
        file_id: the first 16 bytes of the office file, which are also its cipher salt.
        version: rises with every change; an older ring than the one noted in the file is not accepted.
        slots: one per operator.
        mac: HMAC under the file key over everything else.
    """

    file_id: bytes
    version: int
    slots: tuple[Slot, ...]
    mac: bytes = b""

    def slot_of(self, operator: str) -> Slot | None:
        """The slot of the operator with this name (or id)."""
        return next((slot for slot in self.slots if operator in (slot.name, slot.operator_id)), None)

    def with_slot(self, slot: Slot, file_key: bytes) -> KeyRing:
        """The ring with an operator's slot added or replaced in its place, sealed anew.

        The login shows operators in this order: whoever changed his password would have moved to the end.
        """
        slots = tuple(slot if other.operator_id == slot.operator_id else other for other in self.slots)
        if slot not in slots:
            slots = (*slots, slot)
        return replace(self, version=self.version + 1, slots=slots).sealed(file_key)

    def without_slot(self, operator_id: str, file_key: bytes) -> KeyRing:
        """The ring without an operator's slot, sealed anew."""
        kept = tuple(slot for slot in self.slots if slot.operator_id != operator_id)
        return replace(self, version=self.version + 1, slots=kept).sealed(file_key)

    def sealed(self, file_key: bytes) -> KeyRing:
        """The ring with its MAC made."""
        return replace(self, mac=self._mac(file_key))

    def is_sealed_by(self, file_key: bytes) -> bool:
        """Whether nobody without the file key has changed the ring."""
        from hmac import compare_digest

        return compare_digest(self.mac, self._mac(file_key))

    def _mac(self, file_key: bytes) -> bytes:
        mac_key = _keyed(file_key, b"hongyao key ring")
        body = json.dumps(self._body(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return _keyed(mac_key, body.encode())

    def _body(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "algorithms": dict(ALGORITHMS),
            "file_id": self.file_id.hex(),
            "version": self.version,
            "slots": [
                {
                    "operator_id": slot.operator_id,
                    "name": slot.name,
                    "cost": asdict(slot.cost),
                    "salt": slot.salt.hex(),
                    "nonce": slot.nonce.hex(),
                    "wrapped": slot.wrapped.hex(),
                }
                for slot in self.slots
            ],
        }

    def to_text(self) -> str:
        """The ring as it is written to disk."""
        return json.dumps({**self._body(), "mac": self.mac.hex()}, ensure_ascii=False, indent=1)

    @classmethod
    def from_text(cls, text: str) -> KeyRing:
        """Read a ring; raises RingError for anything that is not one, with bounds on what it may ask of us."""
        try:
            body = json.loads(text)
            if body["format"] != FORMAT or body["algorithms"] != ALGORITHMS:
                raise RingError("unknown format")
            slots = tuple(_read_slot(item) for item in body["slots"])
            ring = cls(
                bytes.fromhex(body["file_id"]), int(body["version"]), slots, bytes.fromhex(body["mac"])
            )
            ring.to_text().encode()  # a name may hold half a character, which cannot be written
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise RingError("not a key ring") from error
        if len(ring.file_id) != SALT_BYTES or not 0 < ring.version < _LARGEST_VERSION:
            raise RingError("not a key ring")
        return ring


def _read_slot(item: Mapping[str, Any]) -> Slot:
    raw = item["cost"]
    cost = KeyCost(int(raw["memory_kib"]), int(raw["passes"]), int(raw["lanes"]))
    good = 8 * cost.lanes <= cost.memory_kib <= _MEMORY_LIMIT_KIB
    if not good or not 1 <= cost.passes <= _MOST_PASSES or not 1 <= cost.lanes <= 64:
        raise RingError("cost out of bounds")
    slot = Slot(
        str(item["operator_id"]),
        str(item["name"]),
        cost,
        bytes.fromhex(item["salt"]),
        bytes.fromhex(item["nonce"]),
        bytes.fromhex(item["wrapped"]),
    )
    if len(slot.salt) != SALT_BYTES or len(slot.nonce) != _NONCE_BYTES:
        raise RingError("not a slot")
    return slot


def unlock(ring: KeyRing, file_id: bytes, operator: str | None, password: str) -> tuple[Slot, bytes]:
    """The operator's slot and the file key; without a name every operator's slot is tried in turn.

    Refuses an unknown operator and a wrong password.
    """
    known = ring.slot_of(operator) if operator is not None else None
    if operator is not None and known is None:
        raise Refusal(f"这个台账文件里没有操作员“{operator}”", exit_code=2)
    for slot in ring.slots if known is None else (known,):
        file_key = slot.unlock(file_id, password)
        if file_key is not None:
            return slot, file_key
    raise Refusal("口令不对，请重新输入", exit_code=2)


def ring_path(path: Path) -> Path:
    """Where the ring of the office file at ``path`` lies."""
    return path.with_name(path.name + ".keys")


def mirror_path(state: Path, file_id: bytes) -> Path:
    """Where this computer keeps its copy of a file's ring."""
    return state / "keys" / f"{file_id.hex()}.json"


def find_ring(path: Path, file_id: bytes, state: Path) -> KeyRing:
    """The ring beside the file, or else this computer's copy; refuses when there is neither."""
    newest: KeyRing | None = None
    damaged = foreign = False
    for place in (ring_path(path), mirror_path(state, file_id)):
        try:
            ring = _read_ring(place)
        except RingError:
            damaged = True
            continue
        foreign = foreign or (ring is not None and ring.file_id != file_id)
        if ring is not None and ring.file_id == file_id and (newest is None or ring.version > newest.version):
            newest = ring
    if newest is not None:
        return newest
    if foreign:
        raise Refusal(
            f"“{path.name}”和旁边的钥匙文件对不上，文件被换过，或者开头已损坏，请换回原来的文件，或用备份恢复"
        )
    what = "损坏了" if damaged else "不在文件旁边"
    raise Refusal(
        f"“{path.name}”的钥匙文件{what}，请把“{ring_path(path).name}”从原电脑或备份里一起拷来，"
        "或者用恢复密钥打印件打开"
    )


def newest_ring(folder: Path, file_id: bytes, file_key: bytes | None = None) -> KeyRing | None:
    """The newest ring of an office file among those lying in a folder; with the key, of those nobody has changed."""
    newest: KeyRing | None = None
    for place in folder.glob("*.keys"):
        try:
            ring = _read_ring(place)
        except RingError:
            continue
        if (
            ring is None
            or ring.file_id != file_id
            or (file_key is not None and not ring.is_sealed_by(file_key))
        ):
            continue
        if newest is None or ring.version > newest.version:
            newest = ring
    return newest


def _read_ring(place: Path) -> KeyRing | None:
    try:
        if place.stat().st_size > _RING_SIZE_LIMIT:
            raise RingError("too large")
        return KeyRing.from_text(place.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise RingError("not text") from error
    except OSError:
        return None


def store_ring(ring: KeyRing, path: Path, state: Path) -> None:
    """Write the ring beside the file and to this computer's copy; the copy is best effort."""
    write_whole(ring_path(path), ring.to_text().encode())
    mirror_ring(ring, state)


def mirror_ring(ring: KeyRing, state: Path) -> None:
    """Renew this computer's copy; a data folder that cannot be written costs only the convenience."""
    mirror = mirror_path(state, ring.file_id)
    text = ring.to_text().encode()
    try:
        if mirror.exists() and mirror.read_bytes() == text:
            return
        mirror.parent.mkdir(parents=True, exist_ok=True)
        write_whole(mirror, text)
    except OSError:
        return


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file so that after a power cut either the old or the new one is there, whole.

    Readable by its owner only. Raises OSError.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the system can (Windows does it by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
