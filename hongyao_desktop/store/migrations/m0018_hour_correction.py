"""m0018: corrected hours (更正时长), and at what stage an activity stands (阶段).

Whoever serves may point out that his hours are wrong, and the organiser corrects them as a traced new version (order
67, DOMAIN 1.2): the record stays and is reversed, another one takes its place, and a row of ``service_correction`` says
which, why, and who pointed it out.

An activity whose day is over and of which no hours were entered waits to be keyed back (待回录), whether it was planned
or entered as held.
"""

STATEMENTS = (
    """
    CREATE TABLE service_correction(
        id TEXT PRIMARY KEY NOT NULL,
        before_id TEXT NOT NULL UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        after_id TEXT NOT NULL UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        reason TEXT NOT NULL CHECK(reason <> ''),
        raised_by TEXT,
        corrected_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        CHECK(before_id <> after_id)
    ) STRICT
    """,
    "DROP VIEW activity_view",
    """
    CREATE VIEW activity_view AS
    SELECT activity.*, unit.name AS unit_name,
        (SELECT COUNT(*) - 2 * COUNT(reverses_id) FROM service_record
            WHERE activity_id = activity.id) AS people,
        (SELECT COALESCE(SUM(minutes), 0) FROM service_record WHERE activity_id = activity.id) AS minutes,
        (SELECT COUNT(*) FROM activity_signup WHERE activity_id = activity.id AND status <> '取消') AS signed_up,
        CASE
            WHEN activity.status = '取消' THEN '取消'
            WHEN activity.status = '已举办'
                AND EXISTS (SELECT 1 FROM service_record WHERE activity_id = activity.id) THEN '已举办'
            WHEN activity.held_on > date('now', '+8 hours') THEN '待举办'
            WHEN activity.held_on = date('now', '+8 hours') THEN '今天'
            ELSE '待回录'
        END AS stage
    FROM activity LEFT JOIN unit ON unit.id = activity.unit_id
    """,
)
APPEND_ONLY = ("service_correction",)
