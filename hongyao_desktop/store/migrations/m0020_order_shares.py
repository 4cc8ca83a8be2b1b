"""m0020: hours of those who helped with an order (协办时长).

Whoever was named to help (``order_event``, 协办) may have served too: a row of ``order_share`` says how long, and once
the order is rated (or its rule says so) which service record was made of it — one for a person and an order at most.
"""

STATEMENTS = (
    """
    CREATE TABLE order_share(
        id TEXT PRIMARY KEY NOT NULL,
        order_id TEXT NOT NULL REFERENCES service_order(id) ON DELETE RESTRICT,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        starts_minute INTEGER CHECK(starts_minute BETWEEN 0 AND 1440),
        ends_minute INTEGER CHECK(ends_minute BETWEEN 0 AND 2880),
        minutes INTEGER NOT NULL CHECK(minutes > 0),
        service_record_id TEXT UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        recorded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        UNIQUE(order_id, volunteer_id),
        CHECK((ends_minute IS NULL) = (starts_minute IS NULL)),
        CHECK(ends_minute IS NULL OR ends_minute > starts_minute)
    ) STRICT
    """,
    """
    CREATE VIEW order_share_view AS
    SELECT share.*, ord.number, volunteer.number AS volunteer_number, person.name AS helper_name
    FROM order_share AS share
    JOIN service_order AS ord ON ord.id = share.order_id
    JOIN volunteer ON volunteer.id = share.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    """,
)
WATCHED = ("order_share",)
