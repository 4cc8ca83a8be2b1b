"""What belongs to an open office file besides the office itself: what opening left behind, whose file it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from hongyao_desktop.core.desk import Changes
from hongyao_desktop.store import keys, place
from hongyao_desktop.store.driver import Connection, connect
from hongyao_desktop.store.log_keeper import missing_in, tip_in
from hongyao_desktop.store.sealed import Tip

T = TypeVar("T")


@dataclass(slots=True)
class Opened:
    """What opening a file leaves behind for the office."""

    path: Path
    file_id: bytes
    file_key: bytes
    ring: keys.KeyRing
    state: Path
    lock: place.FileLock
    connection: Connection
    identity: place.Identity | None
    read_only: bool = False
    immutable: bool = False
    backup_folder: Path = Path()
    warnings: tuple[str, ...] = ()

    def new_connection(self) -> Connection:
        """One more connection to the same file."""
        return connect(self.path, self.file_key, self.file_id, immutable=self.immutable)

    def log_tip(self) -> Tip:
        """Where the log of sealed operations stands."""
        return tip_in(self.backup_folder, self.file_id, self.file_key)

    def missing_operations(self, tip: Tip, connection: Connection) -> int:
        """How many confirmed operations of the log the journal read by ``connection`` lacks."""
        return missing_in(self.backup_folder, self.file_id, self.file_key, tip, connection)


@dataclass(frozen=True, slots=True)
class OfficeInfo:
    """Whose file it is: the office's name (单位名称) and the unit it keeps records for.

    ``id``, ``created_at`` and ``program`` are filled in when the file is made.
    """

    name: str
    unit_name: str
    id: str = ""
    created_at: str = ""
    program: str = ""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A confirmed operation: what the function returned and what it touched (None when nothing changed)."""

    result: T
    changes: Changes | None
