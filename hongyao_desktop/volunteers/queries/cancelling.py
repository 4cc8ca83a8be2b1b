"""What cancelling an activity would take back (取消的后果)."""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader


@dataclass(frozen=True, slots=True)
class Gone:
    """People, minutes and points (hundredths) taken back; how many would owe points (欠分), and how many."""

    people: int
    minutes: int
    points: int
    debtors: int
    debt: int


def what_goes(reader: Reader, activity_id: str) -> Gone:
    """Of the records of an activity that are in force."""
    rows = reader.all(
        """
        SELECT service.volunteer_id, SUM(service.minutes) AS minutes, total.points AS has,
            COALESCE((
                SELECT SUM(point.points) FROM point_entry AS point
                JOIN service_record AS own ON own.id = point.service_record_id
                WHERE own.activity_id = :activity AND point.volunteer_id = service.volunteer_id
            ), 0) AS points
        FROM service_record AS service JOIN volunteer_total AS total ON total.volunteer_id = service.volunteer_id
        WHERE service.activity_id = :activity
        GROUP BY service.volunteer_id HAVING SUM(service.minutes) > 0
        """,
        {"activity": activity_id},
    )
    owed = [row["points"] - max(row["has"], 0) for row in rows if row["points"] > max(row["has"], 0)]
    return Gone(
        len(rows),
        sum(row["minutes"] for row in rows),
        sum(row["points"] for row in rows),
        len(owed),
        sum(owed),
    )


def had_records(reader: Reader, activity_id: str) -> bool:
    """Whether hours were ever entered for an activity, in force or taken back."""
    return bool(
        reader.value("SELECT EXISTS(SELECT 1 FROM service_record WHERE activity_id = ?)", (activity_id,))
    )
