"""The office's corrections of the holiday calendar (工作日更正), kept as one setting of its file.

A year's 放假 and 调休 are announced late in the year before, after the program was made; streets also work on days of
their own (flood watch, elections). `workdays` asks these corrections first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hongyao_desktop.core.settings import DAY_CORRECTIONS
from hongyao_desktop.core.workdays import Overrides

_ENTRY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(休|班)(.*)", re.DOTALL)
_MARK: Final = "|"
LONGEST_NOTE: Final = 20


class DayKind(StrEnum):
    """What a corrected day is."""

    OFF = "放假"
    ON = "上班"


@dataclass(frozen=True, slots=True)
class DayCorrection:
    """One day that is not what the calendar says; ``note`` tells why (春节, 调休, 防汛值守)."""

    day: dt.date
    kind: DayKind
    note: str = ""


def read_corrections(stored: Mapping[str, str]) -> tuple[DayCorrection, ...]:
    """The corrections in the settings of a file, by day; what cannot be read is left out."""
    found = []
    for part in DAY_CORRECTIONS.read(stored).split(_MARK):
        match = _ENTRY.fullmatch(part.strip())
        if match is not None:
            kind = DayKind.OFF if match[2] == "休" else DayKind.ON
            found.append(DayCorrection(dt.date.fromisoformat(match[1]), kind, match[3].strip()))
    return tuple(sorted(found, key=lambda correction: correction.day))


def write_corrections(corrections: Iterable[DayCorrection]) -> str:
    """The text under which corrections are kept; of several for one day the last one counts.

    Raises SettingProblem when there are more than a file may keep.
    """
    by_day = {correction.day: correction for correction in corrections}
    parts = [
        f"{day.isoformat()}{'休' if correction.kind is DayKind.OFF else '班'}"
        f"{correction.note.replace(_MARK, ' ')[:LONGEST_NOTE]}"
        for day, correction in sorted(by_day.items())
    ]
    return DAY_CORRECTIONS.format(DAY_CORRECTIONS.validate(_MARK.join(parts)))


def overrides_of(stored: Mapping[str, str]) -> Overrides:
    """The corrections as `workdays` takes them."""
    return {correction.day: correction.kind is DayKind.ON for correction in read_corrections(stored)}
