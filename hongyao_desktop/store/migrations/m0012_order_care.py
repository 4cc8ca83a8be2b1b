"""m0012: what happens with an order between two steps: follow-ups, longer limits, rests, helpers, papers.

A row of ``order_event`` leaves the order in the state it stands in, so the chain of ``order_step`` stays as it was.
Rows are only added.  ``due_before`` and ``due_on`` are the last day of the step before and after (no last day while the
order rests), so that what was overdue on any day can be told afterwards.  A paper (附件) stays where it lies; its
name, size and SHA-256 are kept, so that it can be recognised again.  ``service_order.held_on`` is the day the order was
put to rest (挂起), empty when it is not resting.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = (
    "ALTER TABLE service_order ADD COLUMN held_on TEXT",
    "DROP VIEW order_view",
    # As before, with how whoever took the order stands on the roster now.
    """
    CREATE VIEW order_view AS
    SELECT service_order.*, unit.name AS unit_name, volunteer.number AS volunteer_number,
        volunteer.status AS volunteer_status, person.status AS person_status,
        COALESCE(person.name, service_order.helper) AS helper_name,
        (SELECT word FROM order_rating WHERE order_id = service_order.id AND side = '居民') AS resident_word,
        (SELECT word FROM order_rating WHERE order_id = service_order.id AND side = '支部') AS branch_word
    FROM service_order
    JOIN unit ON unit.id = service_order.unit_id
    LEFT JOIN volunteer ON volunteer.id = service_order.volunteer_id
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
    "CREATE INDEX order_held ON service_order(held_on, id) WHERE held_on IS NOT NULL",
    """
    CREATE TABLE order_event(
        id TEXT PRIMARY KEY NOT NULL,
        order_id TEXT NOT NULL REFERENCES service_order(id) ON DELETE RESTRICT,
        kind TEXT NOT NULL CHECK(kind IN ('跟进', '延期', '挂起', '恢复', '协办', '附件')),
        state TEXT NOT NULL,
        happened_on TEXT NOT NULL,
        reason TEXT,
        note TEXT,
        due_before TEXT,
        due_on TEXT,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        volunteer_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT,
        file_name TEXT,
        file_bytes INTEGER CHECK(file_bytes >= 0),
        file_hash TEXT CHECK(length(file_hash) = 64),
        recorded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        CHECK(kind NOT IN ('延期', '挂起') OR reason <> ''),
        CHECK(kind <> '跟进' OR note <> ''),
        CHECK(kind <> '延期' OR due_on > due_before),
        CHECK(kind <> '挂起' OR due_on IS NULL),
        CHECK((kind = '协办') = (volunteer_id IS NOT NULL)),
        CHECK((kind = '附件') = (file_hash IS NOT NULL AND file_name <> '' AND file_bytes IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX order_event_order ON order_event(order_id, id)",
    "CREATE INDEX order_event_day ON order_event(happened_on, id)",
    "CREATE INDEX order_event_file ON order_event(file_hash) WHERE file_hash IS NOT NULL",
    """
    CREATE VIEW order_event_view AS
    SELECT event.*, service_order.number, service_order.topic, unit.name AS unit_name, person.name AS helper_name
    FROM order_event AS event
    JOIN service_order ON service_order.id = event.order_id
    JOIN unit ON unit.id = event.unit_id
    LEFT JOIN volunteer ON volunteer.id = event.volunteer_id
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
)
APPEND_ONLY = ("order_event",)


def upgrade(connection: Connection) -> None:
    """Watch the orders with their new column."""
    rewatch(connection, "service_order", added={"held_on": None})
