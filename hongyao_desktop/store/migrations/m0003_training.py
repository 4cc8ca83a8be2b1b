"""m0003: cadre training (干部培训): categories, classes (班次), sessions (课次), trainees (学员), attendance (考勤)."""

STATEMENTS = (
    """
    CREATE TABLE cadre(
        id TEXT PRIMARY KEY NOT NULL,
        person_id TEXT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
        category TEXT NOT NULL,
        post TEXT,
        from_on TEXT NOT NULL,
        until_on TEXT,
        exempt_reason TEXT,
        exempt_from TEXT,
        exempt_until TEXT,
        note TEXT,
        UNIQUE(person_id, category, from_on)
    ) STRICT
    """,
    """
    CREATE TABLE training_class(
        id TEXT PRIMARY KEY NOT NULL,
        year INTEGER NOT NULL,
        number TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL CHECK(name <> ''),
        tier TEXT,
        form TEXT NOT NULL,
        host TEXT,
        place TEXT,
        teacher TEXT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        starts_on TEXT NOT NULL,
        ends_on TEXT NOT NULL,
        planned_credit INTEGER NOT NULL DEFAULT 0,
        status TEXT NOT NULL DEFAULT '进行中' CHECK(status IN ('计划', '进行中', '结业', '取消')),
        status_reason TEXT,
        source TEXT,
        note TEXT,
        CHECK(ends_on >= starts_on)
    ) STRICT
    """,
    """
    CREATE TABLE training_session(
        id TEXT PRIMARY KEY NOT NULL,
        class_id TEXT NOT NULL REFERENCES training_class(id) ON DELETE RESTRICT,
        held_on TEXT NOT NULL,
        part TEXT NOT NULL CHECK(part IN ('上午', '下午', '晚上', '全天')),
        minutes INTEGER NOT NULL CHECK(minutes > 0),
        topic TEXT,
        teacher TEXT,
        status TEXT NOT NULL DEFAULT '正常' CHECK(status IN ('正常', '取消')),
        status_reason TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX training_session_slot ON training_session(class_id, held_on, part) WHERE status = '正常'",
    "CREATE INDEX training_session_day ON training_session(held_on)",
    """
    CREATE TABLE trainee(
        id TEXT PRIMARY KEY NOT NULL,
        class_id TEXT NOT NULL REFERENCES training_class(id) ON DELETE RESTRICT,
        person_id TEXT NOT NULL REFERENCES person(id) ON DELETE RESTRICT,
        position INTEGER NOT NULL,
        post TEXT,
        category TEXT,
        status TEXT NOT NULL DEFAULT '在学' CHECK(status IN ('在学', '结业', '退学')),
        status_reason TEXT,
        UNIQUE(class_id, person_id)
    ) STRICT
    """,
    "CREATE INDEX trainee_person ON trainee(person_id)",
    """
    CREATE TABLE attendance(
        id TEXT PRIMARY KEY NOT NULL,
        session_id TEXT NOT NULL REFERENCES training_session(id) ON DELETE RESTRICT,
        trainee_id TEXT NOT NULL REFERENCES trainee(id) ON DELETE RESTRICT,
        mark TEXT NOT NULL CHECK(mark IN ('到', '迟到', '早退', '请假', '缺勤')),
        reason TEXT,
        minutes INTEGER NOT NULL CHECK(minutes >= 0),
        credit INTEGER NOT NULL CHECK(credit >= 0),
        rule_id TEXT NOT NULL REFERENCES rule_set(id) ON DELETE RESTRICT,
        explanation TEXT NOT NULL,
        UNIQUE(session_id, trainee_id)
    ) STRICT
    """,
    "CREATE INDEX attendance_trainee ON attendance(trainee_id)",
    # The year sheet adds up a whole year; with this it never touches the rows themselves.
    "CREATE INDEX attendance_credit ON attendance(session_id, trainee_id, credit)",
    """
    CREATE VIEW training_class_view AS
    SELECT training_class.*,
           (SELECT COUNT(*) FROM training_session
            WHERE class_id = training_class.id AND status = '正常') AS sessions,
           (SELECT COUNT(*) FROM trainee WHERE class_id = training_class.id) AS trainees
    FROM training_class
    """,
    """
    CREATE VIEW cadre_view AS
    SELECT cadre.*, person.name AS person_name, person.sort_key AS sort_key, person.status AS person_status,
           person.status_on AS person_status_on, unit.id AS unit_id, unit.name AS unit_name
    FROM cadre JOIN person ON person.id = cadre.person_id
    LEFT JOIN unit ON unit.id = COALESCE(
        person.unit_id,
        (SELECT id FROM unit WHERE parent_id IS NULL ORDER BY position, code LIMIT 1))
    """,
    """
    CREATE VIEW trainee_view AS
    SELECT trainee.*, person.name AS person_name, person.sort_key AS sort_key,
           training_class.name AS class_name, training_class.number AS class_number,
           training_class.starts_on, training_class.unit_id,
           (SELECT COALESCE(SUM(credit), 0) FROM attendance WHERE trainee_id = trainee.id) AS credit
    FROM trainee
    JOIN person ON person.id = trainee.person_id
    JOIN training_class ON training_class.id = trainee.class_id
    """,
    """
    CREATE VIEW attendance_view AS
    SELECT attendance.*, training_session.held_on, training_session.part, training_session.class_id,
           training_class.name AS class_name, training_class.form, training_class.unit_id,
           trainee.person_id, trainee.post, person.name AS person_name, person.sort_key
    FROM attendance
    JOIN training_session ON training_session.id = attendance.session_id
    JOIN training_class ON training_class.id = training_session.class_id
    JOIN trainee ON trainee.id = attendance.trainee_id
    JOIN person ON person.id = trainee.person_id
    """,
)
WATCHED = ("cadre", "training_class", "training_session", "trainee", "attendance")
APPEND_ONLY = ()
