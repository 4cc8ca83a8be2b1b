"""m0021: which opening balances (期初) came in together, so that an import of old points and hours is undone whole.

A line names one entry of points or one record of hours and the batch it came with. Postings are never taken away;
undoing a batch reverses every entry of it that still stands.
"""

STATEMENTS = (
    """
    CREATE TABLE opening_line(
        id TEXT PRIMARY KEY NOT NULL,
        batch_id TEXT NOT NULL,
        point_entry_id TEXT UNIQUE REFERENCES point_entry(id) ON DELETE RESTRICT,
        service_record_id TEXT UNIQUE REFERENCES service_record(id) ON DELETE RESTRICT,
        CHECK((point_entry_id IS NULL) <> (service_record_id IS NULL))
    ) STRICT
    """,
    "CREATE INDEX opening_line_batch ON opening_line(batch_id)",
)
APPEND_ONLY = ("opening_line",)
