"""m0001: units (组织体系), people (人员), dated rule sets (规则版本) and imports done (导入记录)."""

STATEMENTS = (
    """
    CREATE TABLE unit(
        id TEXT PRIMARY KEY NOT NULL,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        level TEXT NOT NULL CHECK(level IN ('街道', '社区', '网格', '楼栋')),
        kind TEXT NOT NULL,
        parent_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        position INTEGER NOT NULL DEFAULT 0,
        secretary TEXT,
        founded_on TEXT,
        closed_on TEXT,
        status TEXT NOT NULL DEFAULT '在用' CHECK(status IN ('在用', '撤销')),
        status_reason TEXT,
        note TEXT,
        CHECK(parent_id IS NULL OR parent_id <> id)
    ) STRICT
    """,
    "CREATE INDEX unit_parent ON unit(parent_id)",
    """
    CREATE TABLE person(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL CHECK(name <> ''),
        name_note TEXT,
        sort_key TEXT NOT NULL,
        sex TEXT CHECK(sex IN ('男', '女')),
        birth_on TEXT,
        id_kind TEXT,
        id_number TEXT,
        id_override TEXT,
        phone TEXT,
        unit_id TEXT REFERENCES unit(id) ON DELETE RESTRICT,
        address TEXT,
        politics TEXT,
        employer TEXT,
        status TEXT NOT NULL DEFAULT '在册' CHECK(status IN ('在册', '迁出', '去世')),
        status_on TEXT,
        status_reason TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX person_sort ON person(sort_key, id)",
    "CREATE INDEX person_id_number ON person(id_number) WHERE id_number IS NOT NULL",
    "CREATE INDEX person_phone ON person(phone) WHERE phone IS NOT NULL",
    "CREATE INDEX person_name ON person(name)",
    "CREATE INDEX person_unit ON person(unit_id)",
    """
    CREATE TABLE rule_set(
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        version INTEGER NOT NULL CHECK(version >= 1),
        effective_on TEXT NOT NULL,
        source TEXT NOT NULL,
        body TEXT NOT NULL CHECK(json_valid(body)),
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '停用')),
        UNIQUE(kind, name, version)
    ) STRICT
    """,
    "CREATE INDEX rule_set_kind ON rule_set(kind, effective_on)",
    """
    CREATE TABLE import_run(
        id TEXT PRIMARY KEY NOT NULL,
        target TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_digest TEXT NOT NULL,
        sheet_name TEXT NOT NULL,
        imported_at TEXT NOT NULL,
        operator TEXT NOT NULL,
        rows_read INTEGER NOT NULL,
        rows_written INTEGER NOT NULL,
        rows_returned INTEGER NOT NULL,
        mapping TEXT NOT NULL CHECK(json_valid(mapping))
    ) STRICT
    """,
    "CREATE INDEX import_run_file ON import_run(target, file_digest)",
    """
    CREATE VIEW unit_view AS
    SELECT unit.*, parent.name AS parent_name
    FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id
    """,
    """
    CREATE VIEW person_view AS
    SELECT person.*, unit.name AS unit_name
    FROM person LEFT JOIN unit ON unit.id = person.unit_id
    """,
)
WATCHED = ("unit", "person", "rule_set")
APPEND_ONLY = ("import_run",)
