"""m0014: photos of spot reports (随手拍照片): name, size and SHA-256; the photo itself stays where it lies.

The same photo under two reports is how one fault is reported twice (DOMAIN 1.4, fraud test h), so the hash is indexed.
"""

STATEMENTS = (
    """
    CREATE TABLE spot_photo(
        id TEXT PRIMARY KEY NOT NULL,
        spot_report_id TEXT NOT NULL REFERENCES spot_report(id) ON DELETE RESTRICT,
        file_name TEXT NOT NULL CHECK(file_name <> ''),
        file_bytes INTEGER NOT NULL CHECK(file_bytes >= 0),
        file_hash TEXT NOT NULL CHECK(length(file_hash) = 64),
        note TEXT,
        recorded_on TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        UNIQUE(spot_report_id, file_hash)
    ) STRICT
    """,
    "CREATE INDEX spot_photo_file ON spot_photo(file_hash)",
    """
    CREATE VIEW spot_photo_view AS
    SELECT photo.*, report.reported_on, report.reporter, report.place, report.content, report.unit_id,
        unit.name AS unit_name,
        (SELECT COUNT(*) FROM spot_photo AS other WHERE other.file_hash = photo.file_hash
            AND other.id <> photo.id) AS elsewhere
    FROM spot_photo AS photo
    JOIN spot_report AS report ON report.id = photo.spot_report_id
    LEFT JOIN unit ON unit.id = report.unit_id
    """,
)
APPEND_ONLY = ("spot_photo",)
