"""m0000: the file's own tables: office, operators, settings, the journal and its door, search keys.

``journal_head`` has one row: the state of the chain, the image up to which the search index has followed, and, while an
operation runs, its number; the capturing triggers read that number, and a change made while it is NULL breaks the
constraint ``door_is_open``. It is one row so that a save touches few pages: each has to be enciphered and synced.
"""

STATEMENTS = (
    """
    CREATE TABLE journal_head(
        one INTEGER PRIMARY KEY CHECK(one = 1),
        open_seq INTEGER,
        seq INTEGER NOT NULL,
        images INTEGER NOT NULL,
        hash TEXT NOT NULL,
        searched INTEGER NOT NULL,
        algorithm TEXT NOT NULL CHECK(algorithm IN ('sm3', 'sha256'))
    ) STRICT
    """,
    """
    CREATE TABLE journal_operation(
        seq INTEGER PRIMARY KEY,
        op TEXT NOT NULL CHECK(op <> ''),
        operator_id TEXT NOT NULL,
        operator_name TEXT NOT NULL,
        device TEXT NOT NULL,
        at TEXT NOT NULL,
        program TEXT NOT NULL,
        reason TEXT,
        undoes INTEGER,
        undo TEXT NOT NULL CHECK(undo IN ('yes', 'no', 'skip')),
        first_image INTEGER NOT NULL,
        images INTEGER NOT NULL CHECK(images > 0),
        digest TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX journal_operation_undoes ON journal_operation(undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TABLE journal_image(
        n INTEGER PRIMARY KEY,
        op_seq INTEGER CONSTRAINT door_is_open CHECK(op_seq IS NOT NULL),
        table_name TEXT NOT NULL,
        row_id TEXT NOT NULL CHECK(row_id NOT GLOB '*[' || char(30, 31) || ']*'),
        action TEXT NOT NULL,
        before TEXT,
        after TEXT
    ) STRICT
    """,
    "CREATE INDEX journal_image_row ON journal_image(row_id)",
    """
    CREATE TABLE journal_shape(
        id INTEGER PRIMARY KEY,
        table_name TEXT NOT NULL,
        key_column TEXT NOT NULL,
        from_image INTEGER NOT NULL,
        columns TEXT NOT NULL,
        append_only INTEGER NOT NULL,
        added TEXT NOT NULL,
        renamed TEXT NOT NULL,
        dropped TEXT NOT NULL
    ) STRICT
    """,
    *(
        f"CREATE TRIGGER {table}_{word} BEFORE {verb} ON {table} BEGIN"
        f" SELECT RAISE(ABORT, 'append-only: {table}'); END"
        for table in ("journal_operation", "journal_image")
        for word, verb in (("fixed", "UPDATE"), ("kept", "DELETE"))
    ),
    """
    CREATE TABLE office(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL CHECK(name <> ''),
        unit_name TEXT NOT NULL,
        created_at TEXT NOT NULL,
        program TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE operator(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE CHECK(name <> ''),
        roles TEXT NOT NULL CHECK(json_valid(roles)),
        status TEXT NOT NULL DEFAULT '在用' CHECK(status IN ('在用', '停用')),
        status_reason TEXT,
        password_on TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE setting(
        id TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE key_ring(
        one INTEGER PRIMARY KEY CHECK(one = 1),
        version INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE draft(
        operator_id TEXT NOT NULL,
        place TEXT NOT NULL,
        body TEXT NOT NULL,
        kept_at TEXT NOT NULL,
        PRIMARY KEY(operator_id, place)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE search_register(no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, signature TEXT NOT NULL) STRICT",
    """
    CREATE TABLE search_row(
        no INTEGER PRIMARY KEY,
        register INTEGER NOT NULL,
        row_id TEXT NOT NULL,
        said TEXT NOT NULL,
        UNIQUE(row_id, register)
    ) STRICT
    """,
    """
    CREATE TABLE search_key(
        register INTEGER NOT NULL,
        key TEXT NOT NULL,
        row INTEGER NOT NULL,
        PRIMARY KEY(register, key, row)
    ) STRICT, WITHOUT ROWID
    """,
)
WATCHED = ("office", "operator", "setting")
APPEND_ONLY = ("journal_shape",)
