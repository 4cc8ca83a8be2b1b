"""m0007: service orders (服务工单): what residents ask for, every step taken with it, and how it was rated.

An order is one row that stands in one state; every step is a row of ``order_step``, which is only ever added to, so
the whole life of an order can be read and recomputed.  The database itself refuses a step that skips a state.

``service_record_id`` is the one service record that finishing the order made; ``UNIQUE`` keeps two orders from sharing
one, and the service keeps an order from making a second.
"""

STATES = "'已点单', '已议单', '已派单', '已接单', '已完成', '已评单', '不受理', '已转出', '作废'"

STATEMENTS = (
    f"""
    CREATE TABLE service_order(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        year INTEGER NOT NULL CHECK(year BETWEEN 1990 AND 2199),
        serial INTEGER NOT NULL CHECK(serial > 0),
        channel TEXT NOT NULL CHECK(channel <> ''),
        kind TEXT NOT NULL CHECK(kind <> ''),
        matter TEXT NOT NULL DEFAULT '服务需求' CHECK(matter IN ('服务需求', '民情事项', '矛盾纠纷')),
        resident TEXT NOT NULL CHECK(resident <> ''),
        phone TEXT,
        address TEXT,
        parties TEXT,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        topic TEXT NOT NULL CHECK(topic <> ''),
        asked_on TEXT NOT NULL,
        wanted_by TEXT,
        state TEXT NOT NULL CHECK(state IN ({STATES})),
        state_on TEXT NOT NULL,
        due_on TEXT,
        finish_due_on TEXT,
        volunteer_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT,
        helper TEXT,
        dispatches INTEGER NOT NULL DEFAULT 0 CHECK(dispatches >= 0),
        refusals INTEGER NOT NULL DEFAULT 0 CHECK(refusals >= 0),
        completed_on TEXT,
        starts_minute INTEGER CHECK(starts_minute BETWEEN 0 AND 1440),
        ends_minute INTEGER CHECK(ends_minute BETWEEN 0 AND 2880),
        minutes INTEGER CHECK(minutes > 0),
        outcome TEXT CHECK(outcome IN ('已解决', '已调解', '部分解决', '未解决')),
        result TEXT,
        service_record_id TEXT UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        spot_report_id TEXT REFERENCES spot_report(id) ON DELETE RESTRICT,
        closed_on TEXT,
        opening INTEGER NOT NULL DEFAULT 0 CHECK(opening IN (0, 1)),
        old_number TEXT,
        source TEXT,
        note TEXT,
        UNIQUE(year, serial),
        CHECK((state IN ('已评单', '不受理', '已转出', '作废')) = (closed_on IS NOT NULL)),
        CHECK(state NOT IN ('已完成', '已评单') OR completed_on IS NOT NULL),
        CHECK(ends_minute IS NULL OR starts_minute IS NOT NULL AND ends_minute > starts_minute)
    ) STRICT
    """,
    "CREATE INDEX order_state_due ON service_order(state, due_on, id)",
    "CREATE INDEX order_asked ON service_order(asked_on, id)",
    "CREATE INDEX order_completed ON service_order(completed_on, id) WHERE completed_on IS NOT NULL",
    "CREATE INDEX order_closed ON service_order(closed_on, id) WHERE closed_on IS NOT NULL",
    "CREATE INDEX order_phone ON service_order(phone) WHERE phone IS NOT NULL",
    "CREATE INDEX order_resident ON service_order(resident, asked_on)",
    "CREATE INDEX order_volunteer ON service_order(volunteer_id) WHERE volunteer_id IS NOT NULL",
    """
    CREATE UNIQUE INDEX order_spot ON service_order(spot_report_id)
    WHERE spot_report_id IS NOT NULL AND state NOT IN ('不受理', '作废')
    """,
    f"""
    CREATE TABLE order_step(
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
        ),
        CHECK(move NOT IN ('不受理', '上报', '转出', '改派', '拒单', '退单', '先记时长', '作废') OR reason <> ''),
        CHECK(move NOT IN ('派单', '改派', '接单') OR volunteer_id IS NOT NULL)
    ) STRICT
    """,
    "CREATE INDEX order_step_order ON order_step(order_id, id)",
    "CREATE INDEX order_step_day ON order_step(taken_on, id)",
    """
    CREATE TABLE order_rating(
        id TEXT PRIMARY KEY NOT NULL,
        order_id TEXT NOT NULL REFERENCES service_order(id) ON DELETE RESTRICT,
        side TEXT NOT NULL CHECK(side IN ('居民', '支部')),
        word TEXT NOT NULL CHECK(word IN ('满意', '基本满意', '不满意')),
        score INTEGER NOT NULL CHECK(score BETWEEN 1 AND 5),
        remark TEXT,
        rated_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        source TEXT,
        UNIQUE(order_id, side)
    ) STRICT
    """,
    "CREATE INDEX order_rating_day ON order_rating(rated_on, id)",
    """
    CREATE VIEW order_view AS
    SELECT service_order.*, unit.name AS unit_name, volunteer.number AS volunteer_number,
        COALESCE(person.name, service_order.helper) AS helper_name,
        (SELECT word FROM order_rating WHERE order_id = service_order.id AND side = '居民') AS resident_word,
        (SELECT word FROM order_rating WHERE order_id = service_order.id AND side = '支部') AS branch_word
    FROM service_order
    JOIN unit ON unit.id = service_order.unit_id
    LEFT JOIN volunteer ON volunteer.id = service_order.volunteer_id
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
    """
    CREATE VIEW order_rating_view AS
    SELECT rating.*, service_order.number, service_order.topic, service_order.unit_id, unit.name AS unit_name,
        COALESCE(person.name, service_order.helper) AS helper_name
    FROM order_rating AS rating
    JOIN service_order ON service_order.id = rating.order_id
    JOIN unit ON unit.id = service_order.unit_id
    LEFT JOIN volunteer ON volunteer.id = service_order.volunteer_id
    LEFT JOIN person ON person.id = volunteer.person_id
    """,
)
WATCHED = ("service_order",)
APPEND_ONLY = ("order_step", "order_rating")
