"""m0011: hours above the limit are keyed a second time (复核), and what was keyed then.

A row says that somebody read the length from the paper again; ``agrees`` is 0 where it was another length.  Rows are
only added: a mismatch stays on file, and only a later row that agrees clears it.
"""

STATEMENTS = (
    """
    CREATE TABLE service_recheck(
        id TEXT PRIMARY KEY NOT NULL,
        service_record_id TEXT NOT NULL REFERENCES service_record(id) ON DELETE RESTRICT,
        minutes INTEGER NOT NULL CHECK(minutes > 0),
        agrees INTEGER NOT NULL CHECK(agrees IN (0, 1)),
        keyed_on TEXT NOT NULL,
        keyed_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX service_recheck_of ON service_recheck(service_record_id, id)",
    # Few services are that long: they are found without reading the ledger.
    "CREATE INDEX service_long ON service_record(minutes, recorded_on) WHERE minutes > 240",
)
APPEND_ONLY = ("service_recheck",)
