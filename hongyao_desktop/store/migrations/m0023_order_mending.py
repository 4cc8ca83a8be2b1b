"""m0023: orders that can be mended (撤回), what was settled by deliberation (议事协商), and which record lives on.

A step that was written down by mistake is taken back by another step (撤回), which leads to the state before it; the
reason stands with both.  A rating that goes with it is named in ``order_rating_back``; the next one of that side is of
the next ``round``, so that of each side at most one stands.

``service_transfer`` names the record that took a record's place when two entries of one person were made one, or were
parted again.  Together with ``service_correction`` it leads from the record an order made to the one that lives now:
``living_record_id`` of ``order_view`` and ``order_share_view``, with ``posted_minutes`` (0 when it was reversed).  The
volunteer of an order is whoever his entry was made one with, and he himself again when that is undone.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATES = "'已点单', '已议单', '已派单', '已接单', '已完成', '已评单', '不受理', '已转出', '作废'"

_STEP_COLUMNS = (
    "id, order_id, move, from_state, to_state, taken_on, due_on, unit_id, volunteer_id, reason, note, "
    "service_record_id, recorded_on, recorded_by, source"
)
_RATING_COLUMNS = "id, order_id, side, word, score, remark, rated_on, recorded_by, source"

_ORDER_COLUMNS = (
    *(
        "id",
        "number",
        "year",
        "serial",
        "channel",
        "kind",
        "matter",
        "resident",
        "phone",
        "address",
        "parties",
    ),
    *("unit_id", "topic", "asked_on", "wanted_by", "state", "state_on", "due_on", "finish_due_on", "helper"),
    *(
        "dispatches",
        "refusals",
        "completed_on",
        "starts_minute",
        "ends_minute",
        "minutes",
        "outcome",
        "result",
    ),
    *(
        "service_record_id",
        "spot_report_id",
        "closed_on",
        "opening",
        "old_number",
        "source",
        "note",
        "held_on",
    ),
    "deliberated_at",
)
_SHARE_COLUMNS = (
    *(
        "id",
        "order_id",
        "starts_minute",
        "ends_minute",
        "minutes",
        "service_record_id",
        "recorded_on",
        "recorded_by",
    ),
)


def _own(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{table}.{name}" for name in columns)


def _now(volunteer: str) -> str:
    """The entry a volunteer's entry was made one with; its own while it was not."""
    return f"""
        iif(EXISTS (SELECT 1 FROM volunteer_merge WHERE gone_id = {volunteer} AND status = '有效'), (
            WITH RECURSIVE heir(id, place) AS (
                SELECT {volunteer}, 0
                UNION ALL
                SELECT own.kept_id, heir.place + 1 FROM heir
                JOIN volunteer_merge AS own ON own.gone_id = heir.id AND own.status = '有效'
            ) SELECT id FROM heir ORDER BY place DESC LIMIT 1
        ), {volunteer})
    """


def _living(record: str) -> str:
    """The record that stands in the place of this one; itself while nothing took its place."""
    return f"""
        (WITH RECURSIVE heir(id, place) AS (
            SELECT {record}, 0
            UNION ALL
            SELECT COALESCE(
                (SELECT after_id FROM service_correction WHERE before_id = heir.id),
                (SELECT after_id FROM service_transfer WHERE before_id = heir.id)
            ), heir.place + 1 FROM heir WHERE heir.id IS NOT NULL
        ) SELECT id FROM heir WHERE id IS NOT NULL ORDER BY place DESC LIMIT 1)
    """


def _minutes(record: str) -> str:
    """Minutes that a record counts for today; 0 when it was reversed, nothing when there is none."""
    return (
        f"(SELECT iif(EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id), 0, "
        f"service.minutes) FROM service_record AS service WHERE service.id = {_living(record)})"
    )


def _stands(rating: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM order_rating_back AS back WHERE back.rating_id = {rating}.id)"


STATEMENTS = (
    "ALTER TABLE service_order ADD COLUMN deliberated_at TEXT",
    *(
        f"DROP VIEW {name}"
        for name in ("order_view", "order_step_view", "order_rating_view", "order_share_view")
    ),
    # ------------------------------------------------------------------ steps, with the one that takes a step back
    f"""
    CREATE TABLE order_step_anew(
        id TEXT PRIMARY KEY NOT NULL,
        order_id TEXT NOT NULL REFERENCES service_order(id) ON DELETE RESTRICT,
        move TEXT NOT NULL,
        from_state TEXT CHECK(from_state IN ({STATES})),
        to_state TEXT NOT NULL CHECK(to_state IN ({STATES})),
        taken_on TEXT NOT NULL,
        due_on TEXT,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        volunteer_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT,
        reason TEXT,
        note TEXT,
        service_record_id TEXT REFERENCES service_record(id) ON DELETE RESTRICT,
        recorded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        source TEXT,
        CHECK(
            move IN ('点单', '期初') AND from_state IS NULL AND (move = '期初' OR to_state = '已点单')
            OR from_state = '已点单' AND (
                move = '议单' AND to_state = '已议单' OR move = '不受理' AND to_state = '不受理'
                OR move = '上报' AND to_state = '已点单' OR move = '转出' AND to_state = '已转出'
            )
            OR from_state = '已议单' AND move = '派单' AND to_state = '已派单'
            OR from_state = '已派单' AND (
                move = '接单' AND to_state = '已接单' OR move = '改派' AND to_state = '已派单'
                OR move = '拒单' AND to_state = '已议单'
            )
            OR from_state = '已接单' AND (
                move = '完成' AND to_state = '已完成' OR move = '退单' AND to_state = '已议单'
            )
            OR from_state = '已完成' AND (
                move = '评单' AND to_state IN ('已完成', '已评单') OR move = '先记时长' AND to_state = '已完成'
            )
            OR from_state IN ('已点单', '已议单', '已派单', '已接单') AND move = '作废' AND to_state = '作废'
            OR move = '撤回' AND (
                to_state = '已点单' AND from_state IN ('已点单', '已议单', '不受理', '已转出', '作废')
                OR to_state = '已议单' AND from_state IN ('已派单', '作废')
                OR to_state = '已派单' AND from_state IN ('已议单', '已派单', '已接单', '作废')
                OR to_state = '已接单' AND from_state IN ('已议单', '已完成', '作废')
                OR to_state = '已完成' AND from_state IN ('已完成', '已评单')
            )
        ),
        CHECK(move NOT IN ('不受理', '上报', '转出', '改派', '拒单', '退单', '先记时长', '作废', '撤回')
            OR reason <> ''),
        CHECK(move NOT IN ('派单', '改派', '接单') OR volunteer_id IS NOT NULL)
    ) STRICT
    """,
    f"INSERT INTO order_step_anew({_STEP_COLUMNS}) SELECT {_STEP_COLUMNS} FROM order_step ORDER BY rowid",
    "DROP TABLE order_step",
    "ALTER TABLE order_step_anew RENAME TO order_step",
    "CREATE INDEX order_step_order ON order_step(order_id, id)",
    "CREATE INDEX order_step_day ON order_step(taken_on, id)",
    # ------------------------------------------------------------------ ratings, those that were taken back
    """
    CREATE TABLE order_rating_anew(
        id TEXT PRIMARY KEY NOT NULL,
        order_id TEXT NOT NULL REFERENCES service_order(id) ON DELETE RESTRICT,
        side TEXT NOT NULL CHECK(side IN ('居民', '支部')),
        word TEXT NOT NULL CHECK(word IN ('满意', '基本满意', '不满意')),
        score INTEGER NOT NULL CHECK(score BETWEEN 1 AND 5),
        remark TEXT,
        rated_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        source TEXT,
        round INTEGER NOT NULL DEFAULT 1 CHECK(round > 0),
        UNIQUE(order_id, side, round)
    ) STRICT
    """,
    f"INSERT INTO order_rating_anew({_RATING_COLUMNS}) SELECT {_RATING_COLUMNS} FROM order_rating ORDER BY rowid",
    "DROP TABLE order_rating",
    "ALTER TABLE order_rating_anew RENAME TO order_rating",
    "CREATE INDEX order_rating_day ON order_rating(rated_on, id)",
    """
    CREATE TABLE order_rating_back(
        id TEXT PRIMARY KEY NOT NULL,
        rating_id TEXT NOT NULL UNIQUE REFERENCES order_rating(id) ON DELETE RESTRICT,
        reason TEXT NOT NULL CHECK(reason <> ''),
        taken_back_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    # ------------------------------------------------------------------ what lives on in the place of what
    """
    CREATE TABLE service_transfer(
        id TEXT PRIMARY KEY NOT NULL,
        before_id TEXT NOT NULL UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        after_id TEXT NOT NULL UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        CHECK(before_id <> after_id)
    ) STRICT
    """,
    "CREATE INDEX volunteer_merge_gone ON volunteer_merge(gone_id) WHERE status = '有效'",
    # ------------------------------------------------------------------ views
    f"""
    CREATE VIEW order_view AS
    SELECT {_own("service_order", _ORDER_COLUMNS)}, volunteer.id AS volunteer_id,
        unit.name AS unit_name, volunteer.number AS volunteer_number,
        volunteer.status AS volunteer_status, person.status AS person_status,
        COALESCE(person.name, service_order.helper) AS helper_name,
        (SELECT word FROM order_rating AS rating
            WHERE order_id = service_order.id AND side = '居民' AND {_stands("rating")}) AS resident_word,
        (SELECT word FROM order_rating AS rating
            WHERE order_id = service_order.id AND side = '支部' AND {_stands("rating")}) AS branch_word,
        iif(service_order.service_record_id IS NULL, NULL, {_living("service_order.service_record_id")})
            AS living_record_id,
        iif(service_order.service_record_id IS NULL, NULL, {_minutes("service_order.service_record_id")})
            AS posted_minutes
    FROM service_order
    JOIN unit ON unit.id = service_order.unit_id
    LEFT JOIN volunteer ON volunteer.id = {_now("service_order.volunteer_id")}
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
    """
    CREATE VIEW order_step_view AS
    SELECT step.*, service_order.number, service_order.topic, unit.name AS unit_name, person.name AS helper_name
    FROM order_step AS step
    JOIN service_order ON service_order.id = step.order_id
    JOIN unit ON unit.id = step.unit_id
    LEFT JOIN volunteer ON volunteer.id = step.volunteer_id
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
    f"""
    CREATE VIEW order_rating_view AS
    SELECT rating.*, service_order.number, service_order.topic, service_order.unit_id, unit.name AS unit_name,
        COALESCE(person.name, service_order.helper) AS helper_name,
        iif({_stands("rating")}, '有效', '已撤回') AS standing
    FROM order_rating AS rating
    JOIN service_order ON service_order.id = rating.order_id
    JOIN unit ON unit.id = service_order.unit_id
    LEFT JOIN volunteer ON volunteer.id = {_now("service_order.volunteer_id")}
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
    # Who was named to help with an order, as whom a merge left him.
    f"""
    CREATE VIEW order_helper_view AS
    SELECT event.id, event.order_id, event.happened_on, {_now("event.volunteer_id")} AS volunteer_id
    FROM order_event AS event WHERE event.kind = '协办'
    """,
    f"""
    CREATE VIEW order_share_view AS
    SELECT {_own("share", _SHARE_COLUMNS)}, volunteer.id AS volunteer_id, ord.number,
        volunteer.number AS volunteer_number, person.name AS helper_name,
        iif(share.service_record_id IS NULL, NULL, {_living("share.service_record_id")}) AS living_record_id,
        iif(share.service_record_id IS NULL, NULL, {_minutes("share.service_record_id")}) AS posted_minutes
    FROM order_share AS share
    JOIN service_order AS ord ON ord.id = share.order_id
    JOIN volunteer ON volunteer.id = {_now("share.volunteer_id")}
    JOIN person ON person.id = volunteer.person_id
    """,
)
APPEND_ONLY = ("order_rating_back", "service_transfer")


def upgrade(connection: Connection) -> None:
    """Watch the changed tables: orders with a new column, steps and ratings in their new shape."""
    rewatch(connection, "service_order", added={"deliberated_at": None})
    rewatch(connection, "order_step")
    rewatch(connection, "order_rating", added={"round": 1})
