"""Print runs (打印记录): every paper put out is noted in the office file, and can be found again and printed again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.store import Office, Undo

SHORTEST_CODE = 8
"""Characters of a checksum that are enough to name a print run; as many stand at the foot of a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was put out: ``form`` as in the table, ``checksum`` of the content, ``digest`` of the file."""

    form: str
    title: str
    rows: int
    pages: int
    checksum: str
    digest: str


def note_run(office: Office, paper: PaperSpec, request: PaperRequest, outcome: Outcome) -> None:
    """Note a print run in the journal; undo passes over it."""
    values = {
        "printed_at": request.clock.now().isoformat(timespec="seconds"),
        "operator": request.printed_by,
        "paper": paper.name,
        "title": outcome.title,
        "form": outcome.form,
        "purpose": request.purpose.value,
        "unit_id": request.scope.params.get("scope_unit"),
        "unit_name": request.scope.label,
        "first_on": request.period.first.isoformat(),
        "last_on": request.period.last.isoformat(),
        "options": json.dumps(dict(request.options), ensure_ascii=False, sort_keys=True),
        "line_count": outcome.rows,
        "pages": outcome.pages,
        "head": request.head,
        "checksum": outcome.checksum,
        "digest": outcome.digest,
    }
    office.transact(f"打印：{paper.label}", partial(_insert, values), undo=Undo.SKIP)


def _insert(values: Mapping[str, Any], writer: Writer) -> None:
    writer.insert("print_run", values)


def run_of_digest(reader: Reader, digest: str) -> Row | None:
    """The run that made exactly this file."""
    return reader.one("SELECT * FROM print_run WHERE digest = ? ORDER BY id DESC LIMIT 1", (digest,))


def runs_of_content(reader: Reader, checksum: str) -> list[Row]:
    """The runs of papers that say exactly the same, the first one first."""
    return reader.all("SELECT * FROM print_run WHERE checksum = ? ORDER BY id", (checksum,))


def runs_of_code(reader: Reader, paper: str, code: str) -> list[Row]:
    """The runs of a paper whose checksum begins with ``code``, the first one first."""
    low, high = code.lower(), code.lower() + "g"
    return reader.all(
        "SELECT * FROM print_run WHERE paper = ? AND checksum >= ? AND checksum < ? ORDER BY id",
        (paper, low, high),
    )


def runs(reader: Reader, first: str, last: str) -> list[Row]:
    """The runs between two days (YYYY-MM-DD, both count), the oldest first."""
    return reader.all(
        "SELECT * FROM print_run WHERE substr(printed_at, 1, 10) BETWEEN ? AND ? ORDER BY printed_at, id",
        (first, last),
    )
