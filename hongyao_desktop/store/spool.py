"""Where access log entries wait whose file cannot be written at the moment: it is open for reading only, or closed."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.opened import Opened
from hongyao_desktop.store.tries import one_at_a_time

COLUMNS: Final = (
    "id",
    "at",
    "operator_id",
    "operator_name",
    "event",
    "outcome",
    "subject",
    "register",
    "row_id",
    "field",
    "purpose",
    "row_count",
    "times",
    "device",
)
"""What an entry says."""

_NONCE_BYTES: Final = 12
_SPOOL_LIMIT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outside:
    """A file that is not open, and its key: what its spool needs."""

    path: Path
    file_id: bytes
    file_key: bytes
    state: Path


class Spool:
    """Entries of a file that is open for reading only: sealed lines, each bound to the file by its key."""

    def __init__(self, opened: Opened | Outside) -> None:
        self._key = hmac.digest(opened.file_key, b"hongyao access spool", "sha256")
        self._file_id = opened.file_id
        self._places = (
            opened.path.with_name(opened.path.name + ".access"),
            opened.state / "access" / f"{opened.file_id.hex()}.spool",
        )

    def append(self, row: Mapping[str, Any]) -> None:
        """Add an entry to both places and have it on disk in at least one; refuses when neither takes it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = json.dumps(dict(row), ensure_ascii=False).encode()
        line = base64.b64encode(nonce + AESGCM(self._key).encrypt(nonce, text, self._file_id)) + b"\n"
        kept = False
        with one_at_a_time(*reversed(self._places)):
            for place in self._places:
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    with place.open("ab") as file:
                        file.write(line)
                        file.flush()
                        os.fsync(file.fileno())
                    kept = True
                except OSError:
                    continue
        if not kept:
            raise Refusal("访问日志写不下来，没有继续，请检查磁盘空间和文件夹的写权限")

    @contextmanager
    def held(self) -> Iterator[tuple[list[Row], int]]:
        """The waiting entries, and how many lines could not be read, while no other program adds to them."""
        with one_at_a_time(*reversed(self._places)):
            yield self.read()

    def read(self) -> tuple[list[Row], int]:
        """The waiting entries by time, each once, and how many lines could not be read."""
        rows: dict[str, Row] = {}
        unreadable = 0
        for place in self._places:
            try:
                if place.stat().st_size > _SPOOL_LIMIT:
                    unreadable += 1
                    continue
                lines = place.read_bytes().splitlines()
            except OSError:
                continue
            for line in lines:
                row = self._open(line)
                if row is None:
                    unreadable += 1
                else:
                    rows.setdefault(str(row["id"]), row)
        return sorted(rows.values(), key=lambda row: (row["at"], row["id"])), unreadable

    def _open(self, line: bytes) -> Row | None:
        try:
            sealed = base64.b64decode(line, validate=True)
            text = AESGCM(self._key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._file_id)
            row = json.loads(text)
        except (binascii.Error, InvalidTag, ValueError):
            return None
        return row if isinstance(row, dict) and row.keys() == set(COLUMNS) else None

    def clear(self) -> None:
        """Everything waiting stands inside the file now; only within :meth:`held`."""
        for place in self._places:
            try:
                place.unlink(missing_ok=True)
            except OSError:
                continue  # read once more next time, and not written twice
