"""What this computer keeps about office files outside of them: copies of key rings and notes of journal heads.

None of it is needed to open a file; losing the folder loses a convenience and one proof.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hongyao_desktop.store.keys import write_whole

if TYPE_CHECKING:
    from hongyao_desktop.store.driver import Connection

STATE_VARIABLE: Final = "HONGYAO_STATE_DIR"
"""Environment variable that puts the folder elsewhere (tests, portable use)."""


def state_folder() -> Path:
    """The program's data folder of this user on this computer."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_dir

    return Path(user_data_dir("hongyao", appauthor=False))


@dataclass(frozen=True, slots=True)
class HeadNote:
    """How far this computer has seen a file's journal: operation number and its chain value."""

    seq: int
    hash: str

    def fits(self, connection: Connection) -> bool:
        """Whether the journal still contains what was noted."""
        row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (self.seq,)).fetchone()
        return self.seq == 0 or (row is not None and row[0] == self.hash)


NOTHING_NOTED: Final = HeadNote(0, "")


_LARGEST_SEQ: Final = 2**63
"""No such number goes into a column of the journal."""


def _note_path(state: Path, file_id: bytes) -> Path:
    return state / "heads" / f"{file_id.hex()}.json"


def _read_notes(place: Path) -> dict[str, list[object]]:
    try:
        notes = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}


def read_head_note(state: Path, file_id: bytes, path: Path) -> HeadNote:
    """What was noted for the file at ``path``: a copy of a file has its own note."""
    match _read_notes(_note_path(state, file_id)).get(str(path.resolve())):
        case [int(seq), str(value)] if 0 <= seq < _LARGEST_SEQ:
            return HeadNote(seq, value)
    return NOTHING_NOTED


def write_head_note(state: Path, file_id: bytes, path: Path, note: HeadNote) -> None:
    """Note the head reached; best effort, a folder that cannot be written is no reason to stop the work."""
    place = _note_path(state, file_id)
    notes = _read_notes(place)
    notes[str(path.resolve())] = [note.seq, note.hash]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps(notes).encode())
    except OSError:
        return
