"""Who signed up for an activity (报名), in the order of the sheet."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row


def signups_of(reader: Reader, activity_id: str, *, open_only: bool = False) -> list[Row]:
    """The sign-ups of an activity by their place on the sheet; withdrawn ones are left out."""
    states = "= '报名'" if open_only else "<> '取消'"
    return reader.all(
        f"""
        SELECT own.*, volunteer.number, person.name, person.phone, person.status AS person_status,
            unit.name AS unit_name
        FROM activity_signup AS own
        JOIN volunteer ON volunteer.id = own.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE own.activity_id = ? AND own.status {states} ORDER BY own.place
        """,
        (activity_id,),
    )


def people_of(reader: Reader, activity_id: str) -> list[Row]:
    """Everybody of an activity: who signed up in the order of the sheet, then who came without; with his minutes."""
    there = {
        row["volunteer_id"]: row
        for row in reader.all(
            """
            SELECT service.volunteer_id, volunteer.number, person.name, SUM(service.minutes) AS minutes
            FROM service_record AS service
            JOIN volunteer ON volunteer.id = service.volunteer_id
            JOIN person ON person.id = volunteer.person_id
            WHERE service.activity_id = ?
            GROUP BY service.volunteer_id HAVING SUM(service.minutes) > 0 ORDER BY volunteer.number
            """,
            (activity_id,),
        )
    }
    listed = signups_of(reader, activity_id)
    rows = [
        {**row, "code": f"{row['place']:02d}", "minutes": there.pop(row["volunteer_id"], {}).get("minutes")}
        for row in listed
    ]
    return rows + [{**row, "id": who, "code": "", "status": "到场"} for who, row in there.items()]


def signup(reader: Reader, activity_id: str, volunteer_id: str) -> Row | None:
    """One volunteer's place in an activity; None when he never signed up."""
    return reader.one(
        "SELECT * FROM activity_signup WHERE activity_id = ? AND volunteer_id = ?",
        (activity_id, volunteer_id),
    )


def place_of(reader: Reader, activity_id: str, volunteer_id: str) -> int:
    """His place on the sheet of an activity (行码), from 1; he is on its list."""
    return int(
        reader.value(
            "SELECT place FROM activity_signup WHERE activity_id = ? AND volunteer_id = ?",
            (activity_id, volunteer_id),
        )
    )


def coming_of(reader: Reader, volunteer_id: str, today: dt.date) -> list[Row]:
    """Sign-ups of one volunteer for activities of today and later, the next first."""
    return reader.all(
        """
        SELECT own.id, own.activity_id, activity.title, activity.held_on FROM activity_signup AS own
        JOIN activity ON activity.id = own.activity_id
        WHERE own.volunteer_id = ? AND own.status = '报名' AND activity.held_on >= ?
        ORDER BY activity.held_on, activity.id
        """,
        (volunteer_id, today.isoformat()),
    )


def waiting_sheets(reader: Reader, today: dt.date) -> list[Row]:
    """Activities whose day is over and of which no hours were entered (待回录), the oldest first."""
    return reader.all(
        """
        SELECT id, title, held_on FROM activity WHERE held_on < ? AND status <> '取消'
            AND NOT EXISTS (SELECT 1 FROM service_record WHERE activity_id = activity.id)
        ORDER BY held_on, id
        """,
        (today.isoformat(),),
    )
