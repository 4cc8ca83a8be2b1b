"""Which opening balances came in together (成批转入的期初)."""

from __future__ import annotations

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.records.rows import duration_text


def batch_of(reader: Reader, entry_id: str) -> str:
    """The batch an entry of points or a record of hours came with; "" for one that stands alone."""
    found = reader.value(
        "SELECT batch_id FROM opening_line WHERE point_entry_id = ?1 OR service_record_id = ?1", (entry_id,)
    )
    return str(found or "")


def standing_lines(reader: Reader, batch_id: str) -> list[Row]:
    """The lines of a batch whose entry or record was not reversed, in the order they came in."""
    return reader.all(
        """
        SELECT * FROM opening_line AS line WHERE batch_id = ?
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = line.point_entry_id)
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = line.service_record_id)
        ORDER BY line.id
        """,
        (batch_id,),
    )


def batch_words(reader: Reader, entry_id: str) -> str:
    """What would be taken back together with an entry, in a sentence; "" where it stands alone or all is reversed."""
    batch_id = batch_of(reader, entry_id)
    row = reader.one(
        """
        SELECT COUNT(DISTINCT COALESCE(point.volunteer_id, service.volunteer_id)) AS people,
            COALESCE(SUM(point.points), 0) AS points, COALESCE(SUM(service.minutes), 0) AS minutes
        FROM opening_line AS line
        LEFT JOIN point_entry AS point ON point.id = line.point_entry_id
        LEFT JOIN service_record AS service ON service.id = line.service_record_id
        WHERE line.batch_id = ?
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = line.point_entry_id)
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = line.service_record_id)
        """,
        (batch_id,),
    )
    if not batch_id or row is None or not row["people"]:
        return ""
    return (
        f"这一批转入 {row['people']} 人，时长 {duration_text(row['minutes'])}，"
        f"积分 {hours.format_centi(row['points'])}"
    )


def last_opening(reader: Reader) -> Row | None:
    """The last old balance (期初) typed by hand that stands: its day and the paper it was taken from."""
    return reader.one(
        """
        SELECT earned_on, source FROM point_entry AS point
        WHERE kind = '期初' AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
            AND NOT EXISTS (SELECT 1 FROM opening_line WHERE point_entry_id = point.id)
        ORDER BY id DESC LIMIT 1
        """
    )
