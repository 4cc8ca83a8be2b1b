"""m0006: access log (访问日志), passwords used before, and what a login must ask of an operator.

The access log says who came, went, looked at an unmasked number, exported or printed what for which purpose, and what
was refused.  It is only ever added to, and every row has its image in the journal.

Passwords used before are kept as Argon2id digests only, so that the same one is not taken again.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import reshaping

STATEMENTS = (
    """
    CREATE TABLE access_log(
        id TEXT PRIMARY KEY NOT NULL,
        at TEXT NOT NULL,
        operator_id TEXT,
        operator_name TEXT NOT NULL,
        event TEXT NOT NULL CHECK(event <> ''),
        outcome TEXT NOT NULL CHECK(outcome IN ('成功', '拒绝')),
        subject TEXT NOT NULL,
        register TEXT,
        row_id TEXT,
        field TEXT,
        purpose TEXT,
        row_count INTEGER CHECK(row_count >= 0),
        times INTEGER NOT NULL DEFAULT 1 CHECK(times > 0),
        device TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX access_log_at ON access_log(at, id)",
    "CREATE INDEX access_log_operator ON access_log(operator_name, at)",
    "CREATE INDEX access_log_row ON access_log(row_id) WHERE row_id IS NOT NULL",
    """
    CREATE TABLE password_history(
        id TEXT PRIMARY KEY NOT NULL,
        operator_id TEXT NOT NULL REFERENCES operator(id) ON DELETE RESTRICT,
        changed_at TEXT NOT NULL,
        cost TEXT NOT NULL CHECK(json_valid(cost)),
        salt TEXT NOT NULL,
        digest TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX password_history_operator ON password_history(operator_id, changed_at)",
)
APPEND_ONLY = ("access_log", "password_history")


def upgrade(connection: Connection) -> None:
    """Operators get the mark that they must choose a password of their own at the next login."""
    with reshaping(connection, "operator", added={"must_change": 0}):
        connection.execute("ALTER TABLE operator ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0")
