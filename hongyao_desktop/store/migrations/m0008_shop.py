"""m0008: the points shop (积分超市): goods, stock as a ledger, redemptions with every step taken.

Stock moves only by rows of ``shop_movement``; a mistake is taken back by a row of the opposite sign that names it.
What lies on the shelf, ``shop_stock``, is derived by a trigger and may not fall below zero: the file itself refuses.

A redemption is written once, together with the entry in the points ledger and the movement of stock; where it stands
(待领取, 已领取, 已取消, 已退回) follows from its steps, which are only ever added to.
``shop_waiting`` is derived like ``shop_stock``; ``volunteers.queries.shop`` adds both up anew and compares.
"""

STATEMENTS = (
    """
    CREATE TABLE shop_good(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL CHECK(name <> ''),
        category TEXT NOT NULL DEFAULT '实物' CHECK(category IN ('实物', '服务')),
        points INTEGER NOT NULL CHECK(points > 0),
        measure TEXT NOT NULL DEFAULT '件' CHECK(measure <> ''),
        warn_at INTEGER CHECK(warn_at >= 0),
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        status TEXT NOT NULL DEFAULT '在换' CHECK(status IN ('在换', '停换')),
        status_reason TEXT,
        source TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX shop_good_name ON shop_good(name)",
    """
    CREATE TABLE shop_redemption(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        year INTEGER NOT NULL CHECK(year BETWEEN 1990 AND 2199),
        serial INTEGER NOT NULL CHECK(serial > 0),
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        good_id TEXT NOT NULL REFERENCES shop_good(id) ON DELETE RESTRICT,
        quantity INTEGER NOT NULL CHECK(quantity > 0),
        price_points INTEGER NOT NULL CHECK(price_points > 0),
        points INTEGER NOT NULL,
        ordered_on TEXT NOT NULL,
        pick_up_by TEXT NOT NULL,
        rule_id TEXT NOT NULL REFERENCES rule_set(id) ON DELETE RESTRICT,
        point_entry_id TEXT NOT NULL UNIQUE REFERENCES point_entry(id) ON DELETE RESTRICT,
        recorded_by TEXT NOT NULL,
        note TEXT,
        source TEXT,
        UNIQUE(year, serial),
        CHECK(points = quantity * price_points),
        CHECK(pick_up_by >= ordered_on)
    ) STRICT
    """,
    "CREATE INDEX shop_redemption_volunteer ON shop_redemption(volunteer_id, ordered_on)",
    "CREATE INDEX shop_redemption_day ON shop_redemption(ordered_on, id)",
    "CREATE INDEX shop_redemption_good ON shop_redemption(good_id)",
    """
    CREATE TABLE shop_step(
        id TEXT PRIMARY KEY NOT NULL,
        redemption_id TEXT NOT NULL REFERENCES shop_redemption(id) ON DELETE RESTRICT,
        step TEXT NOT NULL CHECK(step IN ('下单', '领取', '取消', '退回')),
        taken_on TEXT NOT NULL,
        reason TEXT,
        recorded_by TEXT NOT NULL,
        UNIQUE(redemption_id, step),
        CHECK(step NOT IN ('取消', '退回') OR reason <> '')
    ) STRICT
    """,
    # 取消 is for what still lies on the shelf, 退回 for what had been handed over: never both, never before.
    """
    CREATE TRIGGER shop_step_in_order BEFORE INSERT ON shop_step
    WHEN NEW.step <> '下单' AND (
        NOT EXISTS (SELECT 1 FROM shop_step WHERE redemption_id = NEW.redemption_id AND step = '下单')
        OR EXISTS (
            SELECT 1 FROM shop_step WHERE redemption_id = NEW.redemption_id AND step IN ('取消', '退回')
        )
        OR (NEW.step = '退回') <> EXISTS (
            SELECT 1 FROM shop_step WHERE redemption_id = NEW.redemption_id AND step = '领取'
        )
    ) BEGIN
        SELECT RAISE(ABORT, 'a redemption goes 下单, 领取 and ends with 取消 or 退回');
    END
    """,
    "CREATE INDEX shop_step_day ON shop_step(taken_on, redemption_id)",
    # What waits to be fetched, so that the counter need not look through the years.
    """
    CREATE TABLE shop_waiting(
        redemption_id TEXT PRIMARY KEY NOT NULL,
        pick_up_by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX shop_waiting_day ON shop_waiting(pick_up_by)",
    """
    CREATE TRIGGER shop_waiting_ordered AFTER INSERT ON shop_step WHEN NEW.step = '下单' BEGIN
        INSERT INTO shop_waiting(redemption_id, pick_up_by)
        SELECT id, pick_up_by FROM shop_redemption WHERE id = NEW.redemption_id;
    END
    """,
    """
    CREATE TRIGGER shop_waiting_over AFTER INSERT ON shop_step WHEN NEW.step <> '下单' BEGIN
        DELETE FROM shop_waiting WHERE redemption_id = NEW.redemption_id;
    END
    """,
    """
    CREATE TABLE shop_movement(
        id TEXT PRIMARY KEY NOT NULL,
        good_id TEXT NOT NULL REFERENCES shop_good(id) ON DELETE RESTRICT,
        kind TEXT NOT NULL CHECK(kind IN ('进货', '兑换', '退回', '盘盈', '盘亏', '冲正')),
        quantity INTEGER NOT NULL CHECK(quantity <> 0),
        cost_fen INTEGER,
        moved_on TEXT NOT NULL,
        redemption_id TEXT REFERENCES shop_redemption(id) ON DELETE RESTRICT,
        reverses_id TEXT REFERENCES shop_movement(id) ON DELETE RESTRICT,
        reason TEXT,
        recorded_by TEXT NOT NULL,
        source TEXT,
        CHECK(kind NOT IN ('进货', '退回', '盘盈') OR quantity > 0),
        CHECK(kind NOT IN ('兑换', '盘亏') OR quantity < 0),
        CHECK((kind IN ('退回', '冲正')) = (reverses_id IS NOT NULL)),
        CHECK((kind IN ('兑换', '退回')) = (redemption_id IS NOT NULL)),
        CHECK(kind NOT IN ('盘盈', '盘亏', '冲正', '退回') OR reason <> ''),
        CHECK(cost_fen IS NULL OR kind IN ('进货', '冲正') AND (cost_fen > 0) = (quantity > 0) OR cost_fen = 0)
    ) STRICT
    """,
    "CREATE INDEX shop_movement_good ON shop_movement(good_id, moved_on)",
    "CREATE INDEX shop_movement_day ON shop_movement(moved_on, id)",
    "CREATE INDEX shop_movement_redemption ON shop_movement(redemption_id) WHERE redemption_id IS NOT NULL",
    "CREATE UNIQUE INDEX shop_movement_reverses ON shop_movement(reverses_id) WHERE reverses_id IS NOT NULL",
    """
    CREATE TABLE shop_stock(
        good_id TEXT PRIMARY KEY NOT NULL,
        quantity INTEGER NOT NULL DEFAULT 0 CHECK(quantity >= 0)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER shop_stock_opened AFTER INSERT ON shop_good BEGIN
        INSERT INTO shop_stock(good_id) VALUES (NEW.id);
    END
    """,
    """
    CREATE TRIGGER shop_stock_dropped AFTER DELETE ON shop_good BEGIN
        DELETE FROM shop_stock WHERE good_id = OLD.id;
    END
    """,
    """
    CREATE TRIGGER shop_stock_moved AFTER INSERT ON shop_movement BEGIN
        UPDATE shop_stock SET quantity = quantity + NEW.quantity WHERE good_id = NEW.good_id;
    END
    """,
    """
    CREATE VIEW shop_good_view AS
    SELECT good.*, stock.quantity AS stock, unit.name AS unit_name,
        CASE
            WHEN stock.quantity = 0 THEN '缺货'
            WHEN stock.quantity <= good.warn_at THEN '不足'
            ELSE '有货'
        END AS shelf
    FROM shop_good AS good
    JOIN shop_stock AS stock ON stock.good_id = good.id
    LEFT JOIN unit ON unit.id = good.unit_id
    """,
    """
    CREATE VIEW shop_movement_view AS
    SELECT movement.*, good.number AS good_number, good.name AS good_name, good.measure, good.unit_id,
        unit.name AS unit_name, redemption.number AS redemption_number,
        CASE
            WHEN movement.reverses_id IS NOT NULL THEN '冲正'
            WHEN EXISTS (SELECT 1 FROM shop_movement AS back WHERE back.reverses_id = movement.id) THEN '已冲正'
            ELSE '有效'
        END AS state
    FROM shop_movement AS movement
    JOIN shop_good AS good ON good.id = movement.good_id
    LEFT JOIN unit ON unit.id = good.unit_id
    LEFT JOIN shop_redemption AS redemption ON redemption.id = movement.redemption_id
    """,
    """
    CREATE VIEW shop_redemption_view AS
    SELECT redemption.*, volunteer.number AS volunteer_number, person.name, unit.name AS unit_name,
        good.number AS good_number, good.name AS good_name, good.measure,
        handed.taken_on AS picked_up_on, ended.taken_on AS ended_on, ended.reason AS end_reason,
        CASE
            WHEN ended.step = '取消' THEN '已取消'
            WHEN ended.step = '退回' THEN '已退回'
            WHEN handed.step IS NOT NULL THEN '已领取'
            ELSE '待领取'
        END AS state
    FROM shop_redemption AS redemption
    JOIN volunteer ON volunteer.id = redemption.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    JOIN shop_good AS good ON good.id = redemption.good_id
    LEFT JOIN unit ON unit.id = redemption.unit_id
    LEFT JOIN shop_step AS handed ON handed.redemption_id = redemption.id AND handed.step = '领取'
    LEFT JOIN shop_step AS ended ON ended.redemption_id = redemption.id AND ended.step IN ('取消', '退回')
    """,
)
WATCHED = ("shop_good",)
APPEND_ONLY = ("shop_redemption", "shop_step", "shop_movement")
