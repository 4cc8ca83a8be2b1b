"""The order board (工单看板): what waits, what is overdue, what is missing; and one order's whole life."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.core.masking import Purpose, mask_name
from hongyao_desktop.orders.queries.lookups import OPEN_SQL
from hongyao_desktop.orders.records.states import OPEN_STATES, Event, Matter, Move, State
from hongyao_desktop.orders.rules.limits import due_words, overdue_days
from hongyao_desktop.volunteers.records.rows import duration_text

CARDS_SHOWN = 200
"""So many cards of a column are read; the count is of all, the rest is found by the search of the board."""

ENDED_SHOWN = 20
"""So many closed orders that answer a search are offered beside the board."""


class View(StrEnum):
    """What of the board is looked at."""

    ALL = "全部"
    OVERDUE = "逾期"
    TODAY = "今天到期"
    UNRATED = "评单缺失"
    HELD = "挂起"


@dataclass(frozen=True, slots=True)
class Card:
    """One order on the board: who (masked), what, how urgent, what is missing."""

    id: str
    number: str
    name: str
    topic: str
    helper: str
    due: str
    overdue: bool
    missing: str
    state: State
    held: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the board with all its orders counted and the most urgent ones at hand."""

    state: State
    count: int
    overdue: int
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board: its columns and how many orders each view holds, whichever is shown."""

    columns: Sequence[Column]
    counts: Mapping[View, int]
    rated_this_month: int


_WHERE = {
    View.ALL: "",
    View.OVERDUE: "AND due_on < :today",
    View.TODAY: "AND due_on = :today",
    View.UNRATED: "AND state = '已完成'",
    View.HELD: "AND held_on IS NOT NULL",
}
RESTING = (
    "SELECT state, COUNT(*) AS orders FROM service_order WHERE held_on IS NOT NULL {among} GROUP BY +state"
)
"""Those at rest are few and have an index of their own; without the plus every order would be read by its state."""

_EVENTS = frozenset(event.value for event in Event)
_AMONG = "AND id IN (SELECT value FROM json_each(:among))"


def board(
    reader: Reader,
    today: dt.date,
    *,
    view: View = View.ALL,
    limit: int = CARDS_SHOWN,
    among: Sequence[str] | None = None,
) -> Board:
    """The board as of ``today``; a few indexed reads whatever the number of closed orders.

    ``among`` leaves only these orders on it (a search), in the columns and in the counts.
    """
    params = {"today": today.isoformat(), "limit": limit, "among": json.dumps(list(among or ()))}
    asked = _AMONG if among is not None else ""
    tallies = reader.all(
        f"SELECT state, COUNT(*) AS orders, COALESCE(SUM(due_on < :today), 0) AS late, "
        f"COALESCE(SUM(due_on = :today), 0) AS today "
        f"FROM service_order WHERE state IN ({OPEN_SQL}) {asked} GROUP BY state",
        params,
    )
    resting = reader.all(RESTING.format(among=asked), params)
    held = {row["state"]: int(row["orders"]) for row in resting}
    by_state = {row["state"]: {**row, "held": held.get(row["state"], 0)} for row in tallies}
    columns = []
    for state in OPEN_STATES:
        tally = by_state.get(state.value)
        shown = _shown(tally, view, state)
        rows = _cards(reader, state, f"{_WHERE[view]} {asked}", params) if shown else []
        late = tally["late"] if tally and shown and view is not View.HELD else 0
        columns.append(Column(state, shown, late, [card_of(row, today) for row in rows]))
    unrated = by_state.get(State.COMPLETED.value)
    counts = {
        View.ALL: sum(row["orders"] for row in tallies),
        View.OVERDUE: sum(row["late"] for row in tallies),
        View.TODAY: sum(row["today"] for row in tallies),
        View.UNRATED: unrated["orders"] if unrated else 0,
        View.HELD: sum(held.values()),
    }
    # The plus keeps the engine from reading every closed order by its state instead of this month's by their days.
    rated = reader.value(
        "SELECT COUNT(*) FROM service_order WHERE closed_on >= ? AND +state = '已评单'",
        (today.replace(day=1).isoformat(),),
    )
    return Board(columns, counts, int(rated or 0))


def _shown(tally: Row | None, view: View, state: State) -> int:
    if tally is None or (view is View.UNRATED and state is not State.COMPLETED):
        return 0
    column = {View.OVERDUE: "late", View.TODAY: "today", View.HELD: "held"}.get(view, "orders")
    return int(tally[column])


def _cards(reader: Reader, state: State, asked: str, params: Mapping[str, object]) -> list[Row]:
    # The ids first, by index alone; names and ratings are then read for these few. Those at rest come last.
    return reader.all(
        f"""
        WITH wanted(id) AS MATERIALIZED (
            SELECT id FROM service_order WHERE state = :state {asked} ORDER BY due_on IS NULL, due_on, id LIMIT :limit
        )
        SELECT order_view.* FROM wanted CROSS JOIN order_view ON order_view.id = wanted.id
        ORDER BY order_view.due_on IS NULL, order_view.due_on, order_view.id
        """,
        {**params, "state": state.value},
    )


def ended_among(reader: Reader, among: Sequence[str], limit: int = ENDED_SHOWN) -> list[Row]:
    """Those of these orders that are closed and so not on the board, the latest first."""
    return reader.all(
        f"SELECT id, number, resident, topic, state FROM service_order WHERE state NOT IN ({OPEN_SQL}) "
        "AND id IN (SELECT value FROM json_each(?)) ORDER BY closed_on DESC, id DESC LIMIT ?",
        (json.dumps(list(among)), limit),
    )


def card_of(row: Row, today: dt.date) -> Card:
    """A row of ``order_view`` as a card; the name is masked as for the public, so that a screen may be looked at."""
    due = dt.date.fromisoformat(row["due_on"]) if row["due_on"] else None
    held = dt.date.fromisoformat(row["held_on"]) if row["held_on"] else None
    return Card(
        id=row["id"],
        number=row["number"],
        name=mask_name(row["resident"], Purpose.PUBLIC),
        topic=row["topic"],
        helper=row["helper_name"] or "",
        due=due_words(due, today, held),
        overdue=due is not None and due < today,
        missing="、".join(missing_of(row)),
        state=State(row["state"]),
        held=held is not None,
    )


def missing_of(row: Row) -> list[str]:
    """What an order still lacks, in a few words each."""
    lacks = []
    if row["state"] in (State.DISPATCHED, State.ACCEPTED) and (gone := _gone(row)):
        lacks.append(f"接单人已{gone}")
    if row["state"] == State.COMPLETED:
        sides = [
            side for side, word in (("居民", row["resident_word"]), ("支部", row["branch_word"])) if not word
        ]
        lacks.append(f"缺{'、'.join(sides)}评价")
    if row["matter"] == Matter.DISPUTE and not row["parties"]:
        lacks.append("缺当事人")
    if not row["phone"]:
        lacks.append("缺电话")
    return lacks


def _gone(row: Row) -> str:
    """Why who took the order cannot see to it any more; "" while he can."""
    if row["person_status"] not in (None, "在册"):
        return str(row["person_status"])
    return "" if row["volunteer_status"] in (None, "在册", "待审核") else str(row["volunteer_status"])


def steps_of(reader: Reader, order_id: str) -> list[Row]:
    """The whole life of one order, the first step first."""
    return reader.all("SELECT * FROM order_step_view WHERE order_id = ? ORDER BY id", (order_id,))


def step(reader: Reader, step_id: str) -> Row:
    """One step as it was written down."""
    row = reader.one("SELECT * FROM order_step WHERE id = ?", (step_id,))
    assert row is not None, "a step that was read is never taken away"
    return row


def events_of(reader: Reader, order_id: str) -> list[Row]:
    """What happened with one order between its steps, the first first."""
    return reader.all("SELECT * FROM order_event_view WHERE order_id = ? ORDER BY id", (order_id,))


_LIFE = "taken_on, helper_name, reason, note, due_on, unit_name, recorded_on, recorded_by"


def life_of(reader: Reader, order_id: str) -> list[Row]:
    """Steps and what happened between them in one row each, the first first; the columns are those of a step."""
    return reader.all(
        f"""
        SELECT id, move, {_LIFE}, source, service_record_id, NULL AS file_name, NULL AS file_hash
        FROM order_step_view WHERE order_id = :order
        UNION ALL
        SELECT id, kind, {_LIFE.replace("taken_on", "happened_on")}, NULL, NULL, file_name, file_hash
        FROM order_event_view WHERE order_id = :order
        ORDER BY id
        """,
        {"order": order_id},
    )


def late_by(life: Sequence[Row], place: int) -> int:
    """By how many calendar days the step at ``place`` of a life was late; 0 for a step in time, and for an event."""
    step = life[place]
    if place == 0 or step["move"] in _EVENTS or step["move"] == Move.TAKE_BACK:
        return 0
    due = life[place - 1]["due_on"]
    return overdue_days(dt.date.fromisoformat(due), dt.date.fromisoformat(step["taken_on"])) if due else 0


def last_rest(reader: Reader, order_id: str) -> Row | None:
    """The last time the order was put to rest (挂起)."""
    return reader.one(
        "SELECT * FROM order_event WHERE order_id = ? AND kind = '挂起' ORDER BY id DESC LIMIT 1", (order_id,)
    )


def due_was_set(reader: Reader, order: Row) -> bool:
    """Whether the last day of the order's present step was extended, or is put off because the order rested."""
    row = reader.one(
        "SELECT id FROM order_event WHERE order_id = ? AND kind IN ('延期', '挂起') AND id > "
        "(SELECT MAX(id) FROM order_step WHERE order_id = ?) LIMIT 1",
        (order["id"], order["id"]),
    )
    return row is not None


def helpers_of(reader: Reader, order_id: str) -> list[Row]:
    """Who was named to help with an order (协办): id, name and day of each; as whom a merge left him, once."""
    return reader.all(
        """
        SELECT helper.volunteer_id, person.name AS helper_name, MIN(helper.happened_on) AS happened_on
        FROM order_helper_view AS helper
        JOIN volunteer ON volunteer.id = helper.volunteer_id JOIN person ON person.id = volunteer.person_id
        WHERE helper.order_id = ? GROUP BY helper.volunteer_id ORDER BY MIN(helper.id)
        """,
        (order_id,),
    )


def shares_of(reader: Reader, order_id: str) -> list[Row]:
    """Hours of those who helped with an order (协办时长), each with the service record made of it or none yet."""
    return reader.all("SELECT * FROM order_share_view WHERE order_id = ? ORDER BY id", (order_id,))


def overdue_orders(
    reader: Reader, today: dt.date, limit: int = -1, *, scope: Scope | None = None
) -> list[Row]:
    """Every open order whose step is overdue, the longest first; of a unit and below when one is given."""
    return _open_orders(
        reader, f"state IN ({OPEN_SQL}) AND due_on < :today ORDER BY due_on, id", limit, scope, today
    )


def unrated_orders(reader: Reader, limit: int = -1, *, scope: Scope | None = None) -> list[Row]:
    """Every finished order that one side or both have not rated (评单缺失), the longest waiting first."""
    return _open_orders(reader, "state = '已完成' ORDER BY completed_on, id", limit, scope)


def _open_orders(
    reader: Reader, asked: str, limit: int, scope: Scope | None, today: dt.date | None = None
) -> list[Row]:
    within = f"WITH RECURSIVE {scope.sql}" if scope is not None else ""
    units = "unit_id IN (SELECT id FROM scope) AND" if scope is not None else ""
    params = {"today": today.isoformat() if today else "", "limit": limit}
    return reader.all(
        f"{within} SELECT * FROM order_view WHERE {units} {asked} LIMIT :limit",
        {**params, **(scope.params if scope is not None else {})},
    )


def waiting(reader: Reader, today: dt.date) -> dict[State, tuple[int, int, str]]:
    """For each open state how many orders wait, how many of them are overdue, and the earliest last day.

    Orders at rest wait for nobody and are left out: they have no last day.
    """
    rows = reader.all(
        f"SELECT state, COUNT(*) AS orders, COALESCE(SUM(due_on < ?), 0) AS late, MIN(due_on) AS due "
        f"FROM service_order WHERE state IN ({OPEN_SQL}) AND due_on IS NOT NULL GROUP BY state",
        (today.isoformat(),),
    )
    return {State(row["state"]): (row["orders"], row["late"], row["due"] or "") for row in rows}


def shares_words(shares: Sequence[Row]) -> str:
    """Who helped how long; what is on file stands as it counts today (更正、冲正)."""
    return "、".join(f"{row['helper_name']} {_share_length(row)}" for row in shares)


def _share_length(row: Row) -> str:
    if row["posted_minutes"] == 0:
        return f"{duration_text(row['minutes'])}（已冲正）"
    if row["posted_minutes"] in (None, row["minutes"]):
        return duration_text(row["minutes"])
    return f"{duration_text(row['posted_minutes'])}（由 {duration_text(row['minutes'])}更正）"
