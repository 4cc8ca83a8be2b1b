"""m0015: points ever earned (累计积分) beside the balance: a star that asks for points looks at these.

Redemptions and year ends take from the balance and never from a star (DOMAIN 1.4, 8.8); reversed awards and deductions
take from both.  Only what stands is taken off again, found by the index of spendings.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = (
    "DROP VIEW volunteer_view",
    """
    CREATE VIEW volunteer_view AS
    SELECT volunteer.*,
        person.name, person.name_note, person.sort_key, person.sex, person.birth_on, person.id_kind,
        person.id_number, person.id_override, person.phone, person.address, person.unit_id, person.politics,
        person.employer, person.status AS person_status, person.status_on AS person_status_on,
        unit.name AS unit_name,
        total.signed_minutes, total.made_up_minutes, total.imported_minutes,
        total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes,
        total.services, total.points,
        total.points - COALESCE((
            SELECT SUM(gone.points) FROM point_entry AS gone
            WHERE gone.volunteer_id = volunteer.id AND gone.points < 0 AND gone.kind IN ('兑换', '到期')
                AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = gone.id)
        ), 0) AS earned_points,
        (
            SELECT substr('★★★★★★★★★', 1, COUNT(*))
            FROM volunteer_stars AS rule, json_each(rule.body, '$.stars') AS star
            WHERE CAST(json_extract(star.value, '$.hours') AS NUMERIC) * 60 <=
                    total.signed_minutes * (rule.body -> '$.evidence' LIKE '%签到%')
                    + total.made_up_minutes * (rule.body -> '$.evidence' LIKE '%补录%')
                    + total.imported_minutes * (rule.body -> '$.evidence' LIKE '%导入%')
                AND (json_extract(star.value, '$.points') IS NULL
                    OR CAST(json_extract(star.value, '$.points') AS NUMERIC) * 100 <=
                        total.points - COALESCE((
                            SELECT SUM(gone.points) FROM point_entry AS gone
                            WHERE gone.volunteer_id = volunteer.id AND gone.points < 0
                                AND gone.kind IN ('兑换', '到期')
                                AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = gone.id)
                        ), 0))
        ) AS stars
    FROM volunteer
    JOIN person ON person.id = volunteer.person_id
    JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
)


def upgrade(connection: Connection) -> None:
    """Note the table behind the view anew: a step that leaves nothing in the log is not run again by a rebuild."""
    rewatch(connection, "volunteer")
