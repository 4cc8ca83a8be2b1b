"""m0002: volunteers (志愿者), activities (活动), service hours (服务时长), points (积分), spot reports (随手拍).

Service hours and points are ledgers: rows are added, never changed; a mistake is reversed by a row with the
opposite sign that names the row it takes back.
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
        joined_on TEXT,
        insured_until TEXT,
        publish_consent INTEGER NOT NULL DEFAULT 0 CHECK(publish_consent IN (0, 1)),
        guardian TEXT,
        status TEXT NOT NULL DEFAULT '在册' CHECK(status IN ('待审核', '在册', '停用', '退出')),
        status_reason TEXT,
        note TEXT
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
        dangerous INTEGER NOT NULL DEFAULT 0 CHECK(dangerous IN (0, 1)),
        status TEXT NOT NULL DEFAULT '已举办' CHECK(status IN ('计划', '已举办', '取消')),
        status_reason TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX activity_day ON activity(held_on, id)",
    """
    CREATE TABLE service_record(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        activity_id TEXT REFERENCES activity(id) ON DELETE RESTRICT,
        title TEXT NOT NULL,
        served_on TEXT NOT NULL,
        starts_minute INTEGER CHECK(starts_minute BETWEEN 0 AND 1440),
        ends_minute INTEGER CHECK(ends_minute BETWEEN 0 AND 2880),
        minutes INTEGER NOT NULL CHECK(minutes <> 0),
        evidence TEXT NOT NULL CHECK(evidence IN ('签到', '补录', '导入')),
        reason TEXT,
        witness TEXT,
        reverses_id TEXT UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        recorded_on TEXT NOT NULL,
        source TEXT,
        CHECK((minutes > 0) = (reverses_id IS NULL)),
        CHECK(evidence <> '补录' OR reason IS NOT NULL)
    ) STRICT
    """,
    "CREATE INDEX service_volunteer_day ON service_record(volunteer_id, served_on)",
    "CREATE INDEX service_day ON service_record(served_on, id)",
    "CREATE INDEX service_activity ON service_record(activity_id)",
    """
    CREATE TABLE point_entry(
        id TEXT PRIMARY KEY NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        entered_on TEXT NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('服务', '随手拍', '奖励', '扣减', '期初', '冲正')),
        points INTEGER NOT NULL,
        service_record_id TEXT REFERENCES service_record(id) ON DELETE RESTRICT,
        spot_report_id TEXT REFERENCES spot_report(id) ON DELETE RESTRICT,
        rule_id TEXT REFERENCES rule_set(id) ON DELETE RESTRICT,
        explanation TEXT NOT NULL CHECK(explanation <> ''),
        reverses_id TEXT UNIQUE REFERENCES point_entry(id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX point_volunteer_day ON point_entry(volunteer_id, entered_on)",
    "CREATE INDEX point_day ON point_entry(entered_on, id)",
    "CREATE INDEX point_service ON point_entry(service_record_id) WHERE service_record_id IS NOT NULL",
    """
    CREATE TABLE spot_report(
        id TEXT PRIMARY KEY NOT NULL,
        reported_on TEXT NOT NULL,
        reported_minute INTEGER CHECK(reported_minute BETWEEN 0 AND 1439),
        reporter TEXT NOT NULL,
        volunteer_id TEXT REFERENCES volunteer(id) ON DELETE RESTRICT,
        platform TEXT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        place TEXT NOT NULL,
        content TEXT NOT NULL,
        closed_on TEXT,
        merged_into_id TEXT REFERENCES spot_report(id) ON DELETE RESTRICT,
        status TEXT NOT NULL DEFAULT '待办' CHECK(status IN ('待办', '办结', '并入', '作废')),
        status_reason TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX spot_day ON spot_report(reported_on, id)",
)
WATCHED = ("volunteer", "activity", "spot_report")
APPEND_ONLY = ("service_record", "point_entry")
