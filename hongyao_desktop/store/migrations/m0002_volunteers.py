"""m0002: volunteers (志愿者), activities (活动), service hours (服务时长), points (积分), spot reports (随手拍).

Service hours and points are ledgers: rows are added, never changed; a mistake is reversed by a row with the
opposite sign that names the row it takes back.  A ledger row keeps the unit its volunteer belonged to on that day,
so that a person who moves later does not change last month's figures.

``volunteer_total`` is derived: triggers add every ledger row to it, so that lists and boards need not add up a
million records.  It is not watched; ``volunteers.queries.total_faults`` adds everything up anew and compares.
"""

STATEMENTS = (
    """
    CREATE TABLE volunteer(
        id TEXT PRIMARY KEY NOT NULL,
        person_id TEXT NOT NULL UNIQUE REFERENCES person(id) ON DELETE RESTRICT,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL DEFAULT '普通' CHECK(kind IN ('普通', '新就业群体')),
        platform TEXT,
        category TEXT,
        team TEXT,
        skills TEXT,
        free_times TEXT,
        relation_at TEXT,
        joined_on TEXT,
        left_on TEXT,
        insured_until TEXT,
        publish_consent INTEGER NOT NULL DEFAULT 0 CHECK(publish_consent IN (0, 1)),
        guardian TEXT,
        status TEXT NOT NULL DEFAULT '在册' CHECK(status IN ('待审核', '在册', '停用', '退出')),
        status_reason TEXT,
        source TEXT,
        note TEXT,
        CHECK((status IN ('停用', '退出')) = (left_on IS NOT NULL))
    ) STRICT
    """,
    """
    CREATE TABLE activity(
        id TEXT PRIMARY KEY NOT NULL,
        title TEXT NOT NULL CHECK(title <> ''),
        category TEXT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        place TEXT,
        held_on TEXT NOT NULL,
        starts_minute INTEGER CHECK(starts_minute BETWEEN 0 AND 1440),
        ends_minute INTEGER CHECK(ends_minute BETWEEN 0 AND 2880),
        leader TEXT,
        served TEXT,
        dangerous INTEGER NOT NULL DEFAULT 0 CHECK(dangerous IN (0, 1)),
        status TEXT NOT NULL DEFAULT '已举办' CHECK(status IN ('计划', '已举办', '取消')),
        status_reason TEXT,
        source TEXT,
        note TEXT,
        CHECK(ends_minute IS NULL OR starts_minute IS NOT NULL AND ends_minute > starts_minute)
    ) STRICT
    """,
    "CREATE INDEX activity_day ON activity(held_on, id)",
    "CREATE INDEX activity_title ON activity(title, held_on)",
    """
    CREATE TABLE service_record(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        activity_id TEXT REFERENCES activity(id) ON DELETE RESTRICT,
        title TEXT NOT NULL,
        served_on TEXT NOT NULL,
        starts_minute INTEGER CHECK(starts_minute BETWEEN 0 AND 1440),
        ends_minute INTEGER CHECK(ends_minute BETWEEN 0 AND 2880),
        minutes INTEGER NOT NULL CHECK(minutes <> 0),
        evidence TEXT NOT NULL CHECK(evidence IN ('签到', '补录', '导入')),
        reason TEXT,
        witness TEXT,
        reverses_id TEXT REFERENCES service_record(id) ON DELETE RESTRICT,
        recorded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        source TEXT,
        CHECK((minutes > 0) = (reverses_id IS NULL)),
        CHECK(evidence <> '补录' OR reason IS NOT NULL),
        CHECK(ends_minute IS NULL OR starts_minute IS NOT NULL AND ends_minute > starts_minute)
    ) STRICT
    """,
    "CREATE INDEX service_volunteer_day ON service_record(volunteer_id, served_on)",
    "CREATE INDEX service_day ON service_record(served_on, id)",
    "CREATE INDEX service_activity ON service_record(activity_id) WHERE activity_id IS NOT NULL",
    "CREATE INDEX service_past_midnight ON service_record(served_on) WHERE ends_minute > 1440",
    "CREATE UNIQUE INDEX service_reverses ON service_record(reverses_id) WHERE reverses_id IS NOT NULL",
    """
    CREATE TABLE spot_report(
        id TEXT PRIMARY KEY NOT NULL,
        reported_on TEXT NOT NULL,
        reported_minute INTEGER CHECK(reported_minute BETWEEN 0 AND 1439),
        reporter TEXT NOT NULL,
        phone TEXT,
        volunteer_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT,
        platform TEXT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        place TEXT NOT NULL,
        kind TEXT NOT NULL,
        content TEXT NOT NULL,
        closed_on TEXT,
        outcome TEXT,
        merged_into_id TEXT REFERENCES spot_report(id) ON DELETE RESTRICT,
        status TEXT NOT NULL DEFAULT '待办' CHECK(status IN ('待办', '办结', '并入', '作废')),
        status_reason TEXT,
        source TEXT,
        note TEXT,
        CHECK((status = '并入') = (merged_into_id IS NOT NULL)),
        CHECK((status = '办结') = (closed_on IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX spot_day ON spot_report(reported_on, id)",
    "CREATE INDEX spot_merged ON spot_report(merged_into_id) WHERE merged_into_id IS NOT NULL",
    """
    CREATE TABLE point_entry(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        entered_on TEXT NOT NULL,
        kind TEXT NOT NULL CHECK(
            kind IN ('服务', '随手拍', '奖励', '扣减', '兑换', '到期', '期初', '冲正')
        ),
        points INTEGER NOT NULL,
        earned_on TEXT NOT NULL,
        counted_minutes INTEGER CHECK(counted_minutes >= 0),
        cut_minutes INTEGER NOT NULL DEFAULT 0 CHECK(cut_minutes >= 0),
        cut_points INTEGER NOT NULL DEFAULT 0 CHECK(cut_points >= 0),
        cut_by TEXT,
        service_record_id TEXT REFERENCES service_record(id) ON DELETE RESTRICT,
        spot_report_id TEXT REFERENCES spot_report(id) ON DELETE RESTRICT,
        rule_id TEXT REFERENCES rule_set(id) ON DELETE RESTRICT,
        explanation TEXT NOT NULL CHECK(explanation <> ''),
        reverses_id TEXT REFERENCES point_entry(id) ON DELETE RESTRICT,
        recorded_by TEXT NOT NULL,
        source TEXT,
        CHECK((kind = '冲正') = (reverses_id IS NOT NULL)),
        CHECK(kind NOT IN ('服务', '随手拍', '奖励') OR points >= 0),
        CHECK(kind NOT IN ('扣减', '兑换', '到期') OR points <= 0)
    ) STRICT
    """,
    "CREATE INDEX point_volunteer_day ON point_entry(volunteer_id, earned_on)",
    "CREATE INDEX point_day ON point_entry(entered_on, id)",
    "CREATE INDEX point_service ON point_entry(service_record_id) WHERE service_record_id IS NOT NULL",
    "CREATE INDEX point_spot ON point_entry(spot_report_id) WHERE spot_report_id IS NOT NULL",
    "CREATE UNIQUE INDEX point_reverses ON point_entry(reverses_id) WHERE reverses_id IS NOT NULL",
    """
    CREATE TABLE volunteer_total(
        volunteer_id TEXT PRIMARY KEY NOT NULL,
        signed_minutes INTEGER NOT NULL DEFAULT 0,
        made_up_minutes INTEGER NOT NULL DEFAULT 0,
        imported_minutes INTEGER NOT NULL DEFAULT 0,
        services INTEGER NOT NULL DEFAULT 0,
        points INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX volunteer_total_points ON volunteer_total(points)",
    """
    CREATE TRIGGER volunteer_total_opened AFTER INSERT ON volunteer BEGIN
        INSERT INTO volunteer_total(volunteer_id) VALUES (NEW.id);
    END
    """,
    """
    CREATE TRIGGER volunteer_total_dropped AFTER DELETE ON volunteer BEGIN
        DELETE FROM volunteer_total WHERE volunteer_id = OLD.id;
    END
    """,
    """
    CREATE TRIGGER volunteer_total_served AFTER INSERT ON service_record BEGIN
        UPDATE volunteer_total SET
            signed_minutes = signed_minutes + iif(NEW.evidence = '签到', NEW.minutes, 0),
            made_up_minutes = made_up_minutes + iif(NEW.evidence = '补录', NEW.minutes, 0),
            imported_minutes = imported_minutes + iif(NEW.evidence = '导入', NEW.minutes, 0),
            services = services + iif(NEW.reverses_id IS NULL, 1, -1)
        WHERE volunteer_id = NEW.volunteer_id;
    END
    """,
    """
    CREATE TRIGGER volunteer_total_scored AFTER INSERT ON point_entry BEGIN
        UPDATE volunteer_total SET points = points + NEW.points WHERE volunteer_id = NEW.volunteer_id;
    END
    """,
    # The thresholds in force today, for the column of a list; rankings for a date are computed by rules.stars.
    """
    CREATE VIEW volunteer_stars AS
    SELECT body FROM rule_set
    WHERE kind = 'volunteer-stars' AND status = '有效' AND effective_on <= date('now', '+8 hours')
    ORDER BY effective_on DESC, version DESC LIMIT 1
    """,
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
        (
            SELECT substr('★★★★★★★★★', 1, COUNT(*))
            FROM volunteer_stars AS rule, json_each(rule.body, '$.stars') AS star
            WHERE CAST(json_extract(star.value, '$.hours') AS NUMERIC) * 60 <=
                    total.signed_minutes * (rule.body -> '$.evidence' LIKE '%签到%')
                    + total.made_up_minutes * (rule.body -> '$.evidence' LIKE '%补录%')
                    + total.imported_minutes * (rule.body -> '$.evidence' LIKE '%导入%')
                AND COALESCE(CAST(json_extract(star.value, '$.points') AS NUMERIC), -1e9) * 100 <= total.points
        ) AS stars
    FROM volunteer
    JOIN person ON person.id = volunteer.person_id
    JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
    LEFT JOIN unit ON unit.id = person.unit_id
    """,
    """
    CREATE VIEW activity_view AS
    SELECT activity.*, unit.name AS unit_name,
        (SELECT COUNT(*) - 2 * COUNT(reverses_id) FROM service_record
            WHERE activity_id = activity.id) AS people,
        (SELECT COALESCE(SUM(minutes), 0) FROM service_record WHERE activity_id = activity.id) AS minutes
    FROM activity LEFT JOIN unit ON unit.id = activity.unit_id
    """,
    """
    CREATE VIEW service_view AS
    SELECT service.*, volunteer.number, person.name, unit.name AS unit_name,
        CASE
            WHEN service.reverses_id IS NOT NULL THEN '冲正'
            WHEN EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id) THEN '已冲正'
            ELSE '有效'
        END AS state
    FROM service_record AS service
    JOIN volunteer ON volunteer.id = service.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = service.unit_id
    """,
    """
    CREATE VIEW point_view AS
    SELECT point.*, volunteer.number, person.name, unit.name AS unit_name,
        CASE
            WHEN point.reverses_id IS NOT NULL THEN '冲正'
            WHEN EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id) THEN '已冲正'
            ELSE '有效'
        END AS state
    FROM point_entry AS point
    JOIN volunteer ON volunteer.id = point.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = point.unit_id
    """,
    """
    CREATE VIEW spot_view AS
    SELECT spot.*, unit.name AS unit_name, volunteer.number AS volunteer_number,
        (SELECT COUNT(*) FROM spot_report AS other WHERE other.merged_into_id = spot.id) AS merged_reports
    FROM spot_report AS spot
    LEFT JOIN unit ON unit.id = spot.unit_id
    LEFT JOIN volunteer ON volunteer.id = spot.volunteer_id
    """,
)
WATCHED = ("volunteer", "activity", "spot_report")
APPEND_ONLY = ("service_record", "point_entry")
