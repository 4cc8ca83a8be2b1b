"""m0009: what points were spent on, and what becomes of them: links, year ends, lots, stars, conduct, merges, slips.

- ``point_link`` says which award (积分来源) a spending draws from, oldest first.  Rows are only added; when an award or
  a spending is reversed, or an older award arrives late, rows of the opposite sign take back what no longer holds.
- ``point_expiry`` is one year end (清零或到期) of the whole office; its entries can be taken back together.
- ``point_lot`` is one round of approval (积分认定): the entries of a unit and a span of days, the steps of the rule in
  force, the public notice, and then the points are usable.
- ``star_review`` is one rating (星级评定) with the volunteers proposed, ``volunteer_incident`` what somebody did wrong,
  ``volunteer_bar`` that he may not spend or be rated until a day.
- ``signal_dismissal`` keeps why a suspicion (疑点) was set aside; suspicions themselves are computed.
- ``volunteer_merge`` holds what two doubles looked like before they became one, so that it can be undone.
- ``shop_slip`` binds redemptions that were made at the counter in one go.
- ``service_month`` is derived like ``volunteer_total``: minutes by month, unit and volunteer, so that the board of a
  street need not add up a year of records.
"""

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = (
    # ------------------------------------------------------------------ what was spent of what
    """
    CREATE TABLE point_link(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        award_id TEXT NOT NULL REFERENCES point_entry(id) ON DELETE RESTRICT,
        spend_id TEXT NOT NULL REFERENCES point_entry(id) ON DELETE RESTRICT,
        points INTEGER NOT NULL CHECK(points <> 0),
        linked_on TEXT NOT NULL,
        CHECK(award_id <> spend_id)
    ) STRICT
    """,
    "CREATE INDEX point_link_volunteer ON point_link(volunteer_id)",
    "CREATE INDEX point_link_award ON point_link(award_id)",
    "CREATE INDEX point_link_spend ON point_link(spend_id)",
    # Who has spent anything at all: most volunteers have not, and need no links.
    "CREATE INDEX point_spent ON point_entry(volunteer_id) WHERE points < 0",
    """
    CREATE VIEW point_award_view AS
    SELECT award.id, award.volunteer_id, award.entered_on, award.earned_on, award.kind, award.points,
        award.explanation,
        award.points - COALESCE((SELECT SUM(points) FROM point_link WHERE award_id = award.id), 0) AS remaining
    FROM point_entry AS award
    WHERE award.points > 0 AND award.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = award.id)
    """,
    # ------------------------------------------------------------------ year end and expiry
    """
    CREATE TABLE point_expiry(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK(kind IN ('年终清零', '到期清零')),
        cutoff_on TEXT NOT NULL,
        ran_on TEXT NOT NULL,
        rule_id TEXT NOT NULL REFERENCES rule_set(id) ON DELETE RESTRICT,
        people INTEGER NOT NULL CHECK(people >= 0),
        points INTEGER NOT NULL CHECK(points >= 0),
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '已撤回')),
        status_reason TEXT,
        status_on TEXT,
        recorded_by TEXT NOT NULL,
        CHECK(cutoff_on <= ran_on)
    ) STRICT
    """,
    """
    CREATE TABLE point_expiry_entry(
        id TEXT PRIMARY KEY NOT NULL,
        expiry_id TEXT NOT NULL REFERENCES point_expiry(id) ON DELETE RESTRICT,
        point_entry_id TEXT NOT NULL UNIQUE REFERENCES point_entry(id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX point_expiry_entry_of ON point_expiry_entry(expiry_id)",
    # ------------------------------------------------------------------ approval (积分认定)
    """
    CREATE TABLE point_lot(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        rule_id TEXT NOT NULL REFERENCES rule_set(id) ON DELETE RESTRICT,
        steps TEXT NOT NULL CHECK(json_valid(steps)),
        steps_done INTEGER NOT NULL DEFAULT 0 CHECK(steps_done >= 0),
        public_from TEXT,
        public_until TEXT,
        entries INTEGER NOT NULL CHECK(entries > 0),
        people INTEGER NOT NULL CHECK(people > 0),
        points INTEGER NOT NULL,
        status TEXT NOT NULL CHECK(status IN ('审核中', '公示中', '可用', '退回')),
        status_on TEXT NOT NULL,
        status_reason TEXT,
        recorded_by TEXT NOT NULL,
        CHECK(first_on <= last_on),
        CHECK(status <> '公示中' OR public_until IS NOT NULL)
    ) STRICT
    """,
    """
    CREATE TABLE point_lot_step(
        id TEXT PRIMARY KEY NOT NULL,
        lot_id TEXT NOT NULL REFERENCES point_lot(id) ON DELETE RESTRICT,
        step TEXT NOT NULL,
        taken_on TEXT NOT NULL,
        note TEXT,
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX point_lot_step_of ON point_lot_step(lot_id, id)",
    """
    CREATE TABLE point_lot_entry(
        id TEXT PRIMARY KEY NOT NULL,
        lot_id TEXT NOT NULL REFERENCES point_lot(id) ON DELETE RESTRICT,
        point_entry_id TEXT NOT NULL REFERENCES point_entry(id) ON DELETE RESTRICT,
        UNIQUE(point_entry_id, lot_id)
    ) STRICT
    """,
    "CREATE INDEX point_lot_entry_of ON point_lot_entry(lot_id)",
    """
    CREATE VIEW point_lot_view AS
    SELECT lot.*, unit.name AS unit_name,
        CASE
            WHEN lot.status = '审核中' THEN json_extract(lot.steps, '$[' || lot.steps_done || ']')
            WHEN lot.status = '公示中' THEN '公示至' || lot.public_until
        END AS waits_for
    FROM point_lot AS lot JOIN unit ON unit.id = lot.unit_id
    """,
    # ------------------------------------------------------------------ stars granted
    """
    CREATE TABLE star_review(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        rule_id TEXT NOT NULL REFERENCES rule_set(id) ON DELETE RESTRICT,
        as_of TEXT NOT NULL,
        public_from TEXT NOT NULL,
        public_until TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '公示中' CHECK(status IN ('公示中', '已授予', '撤回')),
        status_on TEXT NOT NULL,
        status_reason TEXT,
        recorded_by TEXT NOT NULL,
        CHECK(public_from <= public_until)
    ) STRICT
    """,
    """
    CREATE TABLE star_grant(
        id TEXT PRIMARY KEY NOT NULL,
        review_id TEXT NOT NULL REFERENCES star_review(id) ON DELETE RESTRICT,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        star TEXT NOT NULL CHECK(star <> ''),
        reached INTEGER NOT NULL CHECK(reached > 0),
        minutes INTEGER NOT NULL,
        points INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT '拟评' CHECK(status IN ('拟评', '已授予', '不授予', '取消')),
        status_reason TEXT,
        UNIQUE(review_id, volunteer_id),
        CHECK(status NOT IN ('不授予', '取消') OR status_reason <> '')
    ) STRICT
    """,
    "CREATE INDEX star_grant_volunteer ON star_grant(volunteer_id)",
    """
    CREATE VIEW star_review_view AS
    SELECT review.*, unit.name AS unit_name,
        (SELECT COUNT(*) FROM star_grant WHERE review_id = review.id) AS people,
        (SELECT COUNT(*) FROM star_grant WHERE review_id = review.id AND status = '已授予') AS granted
    FROM star_review AS review JOIN unit ON unit.id = review.unit_id
    """,
    """
    CREATE VIEW star_grant_view AS
    SELECT own.*, review.number AS review_number, review.as_of, review.public_until, review.status_on,
        volunteer.number, person.name, person.unit_id, unit.name AS unit_name
    FROM star_grant AS own
    JOIN star_review AS review ON review.id = own.review_id
    JOIN volunteer ON volunteer.id = own.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
    # ------------------------------------------------------------------ conduct
    """
    CREATE TABLE volunteer_incident(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        happened_on TEXT NOT NULL,
        kind TEXT NOT NULL CHECK(kind <> ''),
        activity_id TEXT REFERENCES activity(id) ON DELETE RESTRICT,
        content TEXT NOT NULL CHECK(content <> ''),
        deducted INTEGER NOT NULL DEFAULT 0 CHECK(deducted >= 0),
        point_entry_id TEXT REFERENCES point_entry(id) ON DELETE RESTRICT,
        rule_id TEXT REFERENCES rule_set(id) ON DELETE RESTRICT,
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '已撤销')),
        status_reason TEXT,
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX incident_volunteer ON volunteer_incident(volunteer_id, happened_on)",
    """
    CREATE TABLE volunteer_bar(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        kind TEXT NOT NULL CHECK(kind IN ('黑名单', '暂停评星')),
        from_on TEXT NOT NULL,
        until_on TEXT,
        reason TEXT NOT NULL CHECK(reason <> ''),
        incident_id TEXT REFERENCES volunteer_incident(id) ON DELETE RESTRICT,
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '已解除')),
        status_reason TEXT,
        recorded_by TEXT NOT NULL,
        CHECK(until_on IS NULL OR until_on >= from_on)
    ) STRICT
    """,
    "CREATE INDEX bar_volunteer ON volunteer_bar(volunteer_id, kind)",
    """
    CREATE VIEW volunteer_incident_view AS
    SELECT incident.*, volunteer.number, person.name, person.unit_id, unit.name AS unit_name,
        activity.title AS activity_title
    FROM volunteer_incident AS incident
    JOIN volunteer ON volunteer.id = incident.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    LEFT JOIN activity ON activity.id = incident.activity_id
    """,
    """
    CREATE VIEW volunteer_bar_view AS
    SELECT bar.*, volunteer.number, person.name, person.unit_id, unit.name AS unit_name
    FROM volunteer_bar AS bar
    JOIN volunteer ON volunteer.id = bar.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
    # ------------------------------------------------------------------ suspicions set aside
    """
    CREATE TABLE signal_dismissal(
        id TEXT PRIMARY KEY NOT NULL,
        signal TEXT NOT NULL CHECK(signal <> ''),
        evidence TEXT NOT NULL CHECK(evidence <> ''),
        sentence TEXT NOT NULL CHECK(sentence <> ''),
        reason TEXT NOT NULL CHECK(reason <> ''),
        dismissed_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '已收回')),
        UNIQUE(signal, evidence)
    ) STRICT
    """,
    # What one operator entered on one day: bursts are looked for there.
    "CREATE INDEX service_recorded ON service_record(recorded_on, recorded_by)",
    # ------------------------------------------------------------------ doubles made one
    """
    CREATE TABLE volunteer_merge(
        id TEXT PRIMARY KEY NOT NULL,
        kept_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        gone_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        merged_on TEXT NOT NULL,
        reason TEXT NOT NULL CHECK(reason <> ''),
        snapshot TEXT NOT NULL CHECK(json_valid(snapshot)),
        records INTEGER NOT NULL CHECK(records >= 0),
        doubles INTEGER NOT NULL CHECK(doubles >= 0),
        points INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '已撤销')),
        status_reason TEXT,
        status_on TEXT,
        recorded_by TEXT NOT NULL,
        CHECK(kept_id <> gone_id)
    ) STRICT
    """,
    """
    CREATE VIEW volunteer_merge_view AS
    SELECT own.*, kept.number AS kept_number, gone.number AS gone_number, person.name, person.unit_id,
        unit.name AS unit_name
    FROM volunteer_merge AS own
    JOIN volunteer AS kept ON kept.id = own.kept_id
    JOIN volunteer AS gone ON gone.id = own.gone_id
    JOIN person ON person.id = kept.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
    # ------------------------------------------------------------------ one go at the counter
    """
    CREATE TABLE shop_slip(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        ordered_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE shop_slip_line(
        id TEXT PRIMARY KEY NOT NULL,
        slip_id TEXT NOT NULL REFERENCES shop_slip(id) ON DELETE RESTRICT,
        redemption_id TEXT NOT NULL UNIQUE REFERENCES shop_redemption(id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX shop_slip_line_of ON shop_slip_line(slip_id)",
    # ------------------------------------------------------------------ recruiting
    "ALTER TABLE activity ADD COLUMN wanted INTEGER CHECK(wanted > 0)",
    """
    CREATE TABLE activity_signup(
        id TEXT PRIMARY KEY NOT NULL,
        activity_id TEXT NOT NULL REFERENCES activity(id) ON DELETE RESTRICT,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        place INTEGER NOT NULL CHECK(place > 0),
        signed_up_on TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '报名' CHECK(status IN ('报名', '到场', '缺席', '取消')),
        status_reason TEXT,
        recorded_by TEXT NOT NULL,
        UNIQUE(activity_id, volunteer_id),
        UNIQUE(activity_id, place)
    ) STRICT
    """,
    "CREATE INDEX signup_volunteer ON activity_signup(volunteer_id)",
    "DROP VIEW activity_view",
    """
    CREATE VIEW activity_view AS
    SELECT activity.*, unit.name AS unit_name,
        (SELECT COUNT(*) - 2 * COUNT(reverses_id) FROM service_record
            WHERE activity_id = activity.id) AS people,
        (SELECT COALESCE(SUM(minutes), 0) FROM service_record WHERE activity_id = activity.id) AS minutes,
        (SELECT COUNT(*) FROM activity_signup WHERE activity_id = activity.id AND status <> '取消') AS signed_up
    FROM activity LEFT JOIN unit ON unit.id = activity.unit_id
    """,
    # ------------------------------------------------------------------ minutes by month
    """
    CREATE TABLE service_month(
        month TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        volunteer_id TEXT NOT NULL,
        minutes INTEGER NOT NULL,
        services INTEGER NOT NULL,
        PRIMARY KEY(month, unit_id, volunteer_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO service_month(month, unit_id, volunteer_id, minutes, services)
    SELECT substr(served_on, 1, 7), COALESCE(unit_id, ''), volunteer_id, SUM(minutes),
        SUM(iif(reverses_id IS NULL, 1, -1))
    FROM service_record GROUP BY 1, 2, 3
    """,
    """
    CREATE TRIGGER service_month_served AFTER INSERT ON service_record BEGIN
        INSERT INTO service_month(month, unit_id, volunteer_id, minutes, services)
        VALUES (substr(NEW.served_on, 1, 7), COALESCE(NEW.unit_id, ''), NEW.volunteer_id, NEW.minutes,
            iif(NEW.reverses_id IS NULL, 1, -1))
        ON CONFLICT(month, unit_id, volunteer_id) DO UPDATE SET
            minutes = minutes + excluded.minutes, services = services + excluded.services;
    END
    """,
)
WATCHED = (
    "point_expiry",
    "point_lot",
    "star_review",
    "star_grant",
    "volunteer_incident",
    "volunteer_bar",
    "signal_dismissal",
    "volunteer_merge",
    "activity_signup",
)
APPEND_ONLY = (
    "point_link",
    "point_expiry_entry",
    "point_lot_step",
    "point_lot_entry",
    "shop_slip",
    "shop_slip_line",
)


_STANDING = """
    SELECT volunteer_id, id, points, iif(points > 0, earned_on, entered_on) AS day FROM point_entry AS point
    WHERE points <> 0 AND reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        AND volunteer_id IN (SELECT volunteer_id FROM point_entry WHERE points < 0)
    ORDER BY volunteer_id, day, id
"""


def upgrade(connection: Connection) -> None:
    """An activity says how many people it wants (招募人数); what was spent before is linked, oldest award first."""
    rewatch(connection, "activity", added={"wanted": None})
    whose = ""
    awards: list[list[str | int]] = []
    spendings: list[tuple[str, str, int]] = []
    for volunteer_id, entry_id, points, day in connection.execute(_STANDING).fetchall():
        if volunteer_id != whose:
            _link(connection, whose, awards, spendings)
            whose, awards, spendings = volunteer_id, [], []
        if points > 0:
            awards.append([entry_id, points])
        else:
            spendings.append((entry_id, day, -points))
    _link(connection, whose, awards, spendings)


def _link(
    connection: Connection,
    volunteer_id: str,
    awards: list[list[str | int]],
    spendings: list[tuple[str, str, int]],
) -> None:
    clock = SystemClock()
    for spend_id, day, points in spendings:
        open_points = points
        for award in awards:
            taken = min(int(award[1]), open_points)
            if taken:
                award[1] = int(award[1]) - taken
                open_points -= taken
                connection.execute(
                    "INSERT INTO point_link(id, volunteer_id, award_id, spend_id, points, linked_on)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (new_id(clock), volunteer_id, award[0], spend_id, taken, day),
                )
