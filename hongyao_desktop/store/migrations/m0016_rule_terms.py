"""m0016: what rules of more places ask for (规则条款).

Stars: hours of some categories count for none, months of registration with service, the star before it granted, who
grants it (DOMAIN 1.3: 北京, 龙岗, 四川, 福建).  Events that give points, such as bringing in a volunteer (海林); a
complaint that takes the hours of an activity away; what an incident should have cost where the balance was too small
(龙泉驿).  A notice between two steps of approval is named while it runs (胶州).
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import reshaping

# Minutes of a volunteer in categories that the thresholds of today do not count, None but for such thresholds.
_UNCOUNTED = """
    COALESCE((
        SELECT SUM(service.minutes)
        FROM volunteer_stars AS own CROSS JOIN service_record AS service
        CROSS JOIN activity ON activity.id = service.activity_id
        WHERE json_type(own.body, '$.uncounted') IS NOT NULL AND service.volunteer_id = volunteer.id
            AND own.body -> '$.evidence' LIKE '%' || service.evidence || '%'
            AND activity.category IN (SELECT key FROM json_each(own.body, '$.uncounted'))
    ), 0)
"""
_EARNED = """
    total.points - COALESCE((
        SELECT SUM(gone.points) FROM point_entry AS gone
        WHERE gone.volunteer_id = volunteer.id AND gone.points < 0 AND gone.kind IN ('兑换', '到期')
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = gone.id)
    ), 0)
"""


def _months(first: str, last: str) -> str:
    """Whole months between two days; the same count as ``rules.stars.months_between``."""
    return (
        f"((strftime('%Y', {last}) - strftime('%Y', {first})) * 12 + strftime('%m', {last}) - strftime('%m', {first})"
        f" - (strftime('%d', {last}) < strftime('%d', {first})))"
    )


STATEMENTS = (
    """
    CREATE TABLE point_event(
        id TEXT PRIMARY KEY NOT NULL,
        point_entry_id TEXT NOT NULL UNIQUE REFERENCES point_entry(id) ON DELETE RESTRICT,
        event TEXT NOT NULL CHECK(event <> ''),
        subject_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX point_event_subject ON point_event(subject_id)",
    "DROP VIEW volunteer_view",
    f"""
    CREATE VIEW volunteer_view AS
    SELECT volunteer.*,
        person.name, person.name_note, person.sort_key, person.sex, person.birth_on, person.id_kind,
        person.id_number, person.id_override, person.phone, person.address, person.unit_id, person.politics,
        person.employer, person.status AS person_status, person.status_on AS person_status_on,
        unit.name AS unit_name,
        total.signed_minutes, total.made_up_minutes, total.imported_minutes,
        total.signed_minutes + total.made_up_minutes + total.imported_minutes AS total_minutes,
        total.services, total.points,
        {_EARNED} AS earned_points,
        {_UNCOUNTED} AS uncounted_minutes,
        (
            SELECT substr('★★★★★★★★★', 1, COALESCE(MIN(iif(
                CAST(json_extract(star.value, '$.hours') AS NUMERIC) * 60 <=
                    total.signed_minutes * (rule.body -> '$.evidence' LIKE '%签到%')
                    + total.made_up_minutes * (rule.body -> '$.evidence' LIKE '%补录%')
                    + total.imported_minutes * (rule.body -> '$.evidence' LIKE '%导入%')
                    - {_UNCOUNTED}
                AND (json_extract(star.value, '$.points') IS NULL
                    OR CAST(json_extract(star.value, '$.points') AS NUMERIC) * 100 <= {_EARNED})
                AND (json_extract(star.value, '$.months') IS NULL OR volunteer.joined_on IS NULL OR (
                    SELECT {_months("volunteer.joined_on", "MAX(service.served_on)")}
                    FROM service_record AS service
                    WHERE service.volunteer_id = volunteer.id AND service.reverses_id IS NULL
                        AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
                ) >= json_extract(star.value, '$.months'))
                AND (json_extract(star.value, '$.after') IS NULL OR EXISTS (
                    SELECT 1 FROM star_grant AS given
                    WHERE given.volunteer_id = volunteer.id AND given.status = '已授予'
                        AND given.star = json_extract(star.value, '$.after'))),
                NULL, star.key)), COUNT(*)))
            FROM volunteer_stars AS rule, json_each(rule.body, '$.stars') AS star
        ) AS stars
    FROM volunteer
    JOIN person ON person.id = volunteer.person_id
    JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
    "DROP VIEW point_lot_view",
    """
    CREATE VIEW point_lot_view AS
    SELECT lot.*, unit.name AS unit_name,
        CASE
            WHEN lot.status = '审核中' THEN json_extract(lot.steps, '$[' || lot.steps_done || ']')
            WHEN lot.status = '公示中' THEN
                COALESCE(json_extract(lot.steps, '$[' || lot.steps_done || ']'), '公示') || '至' || lot.public_until
        END AS waits_for
    FROM point_lot AS lot JOIN unit ON unit.id = lot.unit_id
    """,
)
APPEND_ONLY = ("point_event",)


def upgrade(connection: Connection) -> None:
    """Columns of watched tables: who brought somebody in, what an incident should have cost and took, granters."""
    with reshaping(connection, "volunteer", added={"recruiter_id": None}):
        connection.execute(
            "ALTER TABLE volunteer ADD COLUMN recruiter_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT"
        )
    connection.execute(
        "CREATE INDEX volunteer_recruiter ON volunteer(recruiter_id) WHERE recruiter_id IS NOT NULL"
    )
    with reshaping(connection, "volunteer_incident", added={"due": None, "voided": None}):
        connection.execute("ALTER TABLE volunteer_incident ADD COLUMN due INTEGER CHECK(due >= 0)")
        connection.execute("ALTER TABLE volunteer_incident ADD COLUMN voided TEXT CHECK(json_valid(voided))")
    with reshaping(connection, "star_grant", added={"granter": None}):
        connection.execute("ALTER TABLE star_grant ADD COLUMN granter TEXT")
