"""m0017: redemptions that are brought home (送货上门), and reminders (催领) of those nobody came for.

- ``shop_delivery`` says that a redemption is delivered, and where to if not to the address on the person's record.
- ``shop_reminder`` keeps who reminded a customer on which day; a redemption may be reminded of several times.

Both are only ever added to; the view of redemptions tells the way, the place and the last reminder.
"""

STATEMENTS = (
    """
    CREATE TABLE shop_delivery(
        id TEXT PRIMARY KEY NOT NULL,
        redemption_id TEXT NOT NULL UNIQUE REFERENCES shop_redemption(id) ON DELETE RESTRICT,
        address TEXT CHECK(address <> ''),
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE shop_reminder(
        id TEXT PRIMARY KEY NOT NULL,
        redemption_id TEXT NOT NULL REFERENCES shop_redemption(id) ON DELETE RESTRICT,
        reminded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX shop_reminder_of ON shop_reminder(redemption_id, reminded_on)",
    "DROP VIEW shop_redemption_view",
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
        END AS state,
        iif(delivery.id IS NULL, '自取', '送货上门') AS way,
        iif(delivery.id IS NULL, NULL, COALESCE(delivery.address, person.address)) AS deliver_to,
        (
            SELECT MAX(reminded_on) FROM shop_reminder WHERE redemption_id = redemption.id
        ) AS reminded_on
    FROM shop_redemption AS redemption
    JOIN volunteer ON volunteer.id = redemption.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    JOIN shop_good AS good ON good.id = redemption.good_id
    LEFT JOIN unit ON unit.id = redemption.unit_id
    LEFT JOIN shop_step AS handed ON handed.redemption_id = redemption.id AND handed.step = '领取'
    LEFT JOIN shop_step AS ended ON ended.redemption_id = redemption.id AND ended.step IN ('取消', '退回')
    LEFT JOIN shop_delivery AS delivery ON delivery.redemption_id = redemption.id
    """,
)
APPEND_ONLY = ("shop_delivery", "shop_reminder")
