"""Writing many orders with their whole lives in one operation (opening records, demonstrations, speed)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import ids
from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Move, Side, State, Word
from hongyao_desktop.orders.service.taking import number_of, step_row

_OPTIONAL = (
    "phone",
    "address",
    "parties",
    "wanted_by",
    "due_on",
    "finish_due_on",
    "volunteer_id",
    "helper",
    "completed_on",
    "starts_minute",
    "ends_minute",
    "minutes",
    "outcome",
    "result",
    "deliberated_at",
    "closed_on",
    "old_number",
    "source",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An order taken over in the state it stood in: its columns, and the ratings it came with."""

    values: dict[str, Any]
    state: State
    ratings: Sequence[tuple[Side, Word, int]] = ()


def bulk_opening(writer: Writer, orders: Iterable[Opening], *, source: str | None = None) -> int:
    """Write orders of older lists as opening records (期初); returns how many.

    Each gets the next number of its year, one step of the move 期初 that names its source, and its ratings. No hours
    come of them: those of older years are imported as service hours. Nothing is checked here.
    """
    require(writer, Role.ENTRY)
    today = writer.clock.today()
    serials: dict[int, int] = {}
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    for opening in orders:
        row = _row(writer, opening, serials)
        rows.append(row)
        stood_on = dt.date.fromisoformat(row["state_on"])
        said = opening.values.get("source") or source
        steps.append(
            step_row(row, Move.OPENING, None, opening.state, stood_on, today, writer.who.name, source=said)
        )
        ratings += [
            {
                "order_id": row["id"],
                "side": side.value,
                "word": word.value,
                "score": score,
                "remark": None,
                "rated_on": row["closed_on"] or row["completed_on"],
                "recorded_by": writer.who.name,
                "source": said,
            }
            for side, word, score in opening.ratings
        ]
    written = writer.insert_many("service_order", rows)
    writer.insert_many("order_step", steps)
    writer.insert_many("order_rating", ratings)
    return written


def _row(writer: Writer, opening: Opening, serials: dict[int, int]) -> dict[str, Any]:
    values = opening.values
    year = int(values["asked_on"][:4])
    if year not in serials:
        serials[year] = lookups.last_serial(writer, year)
    serials[year] += 1
    stood_on = values.get("closed_on") or values.get("completed_on") or values["asked_on"]
    return {
        "id": ids.new_id(writer.clock),
        "number": number_of(year, serials[year]),
        "year": year,
        "serial": serials[year],
        "state": opening.state.value,
        "state_on": stood_on,
        "opening": 1,
        "dispatches": 0,
        "refusals": 0,
        "service_record_id": None,
        "spot_report_id": None,
        "held_on": None,
        **{name: values.get(name) for name in _OPTIONAL},
        **{
            name: values[name]
            for name in ("channel", "kind", "matter", "resident", "unit_id", "topic", "asked_on")
        },
    }
