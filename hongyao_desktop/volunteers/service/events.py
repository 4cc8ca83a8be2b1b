"""Points that follow from an event by themselves (另计分的事): bringing in a volunteer (介绍加入).

Each award is a row of the ledger with its rule version; ``point_event`` says whom it is about, so that it is taken back
when that one turns out a double.
"""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import points_rules
from hongyao_desktop.volunteers.records.rows import PointKind, VolunteerStatus
from hongyao_desktop.volunteers.rules.points import Event, event_award
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import settle


def recruiting_award(reader: Reader, recruit_id: str) -> Row | None:
    """The award in force for bringing somebody in; None when there is none."""
    return reader.one(
        """
        SELECT point.* FROM point_event AS made JOIN point_entry AS point ON point.id = made.point_entry_id
        WHERE made.subject_id = ? AND made.event = ?
            AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)
        """,
        (recruit_id, Event.RECRUITED.value),
    )


def award_recruiting(writer: Writer, recruit_id: str) -> str | None:
    """Whoever brought this volunteer in gets the points of the day of joining; the entry's id, None if none are due.

    Nothing is due while the recruit waits for review, and never twice.
    """
    recruit = lookups.volunteer(writer, recruit_id)
    recruiter_id = recruit["recruiter_id"]
    if recruiter_id is None or recruit["status"] != VolunteerStatus.ACTIVE:
        return None
    if recruiting_award(writer, recruit_id) is not None:
        return None
    today = writer.clock.today()
    day = dt.date.fromisoformat(recruit["joined_on"]) if recruit["joined_on"] else today
    rule = points_rules(writer).find(day)
    award = (
        None
        if rule is None
        else event_award(rule, Event.RECRUITED, f"{recruit['name']}（{recruit['number']}）")
    )
    if rule is None or award is None:
        return None
    recruiter = lookups.volunteer(writer, recruiter_id)
    entry_id = writer.insert(
        "point_entry",
        {
            "volunteer_id": recruiter_id,
            "unit_id": recruiter["unit_id"] or lookups.office_unit_id(writer),
            "entered_on": today.isoformat(),
            "kind": PointKind.BONUS.value,
            "points": award.points,
            "earned_on": day.isoformat(),
            "rule_id": rule.id,
            "explanation": award.explanation,
            "recorded_by": writer.who.name,
        },
    )
    event = {"point_entry_id": entry_id, "event": Event.RECRUITED.value, "subject_id": recruit_id}
    writer.insert("point_event", event)
    settle(writer, [recruiter_id])
    return entry_id


def take_back_recruiting(writer: Writer, recruit_id: str, reason: str) -> None:
    """The award for bringing somebody in is reversed (冲正) where there is one: a double, or the wrong recruiter."""
    entry = recruiting_award(writer, recruit_id)
    if entry is not None:
        reverse_entry(writer, entry, reason)
        settle(writer, [entry["volunteer_id"]])


def move_recruits(writer: Writer, of: str, to: str, reason: str) -> list[str]:
    """Whom one volunteer brought in was brought in by another, with the points; returns the recruits' ids."""
    rows = writer.all("SELECT id FROM volunteer WHERE recruiter_id = ? AND id <> ? ORDER BY number", (of, to))
    moved = [str(row["id"]) for row in rows]
    set_recruiter(writer, moved, to, reason)
    return moved


def set_recruiter(writer: Writer, recruit_ids: list[str], recruiter_id: str, reason: str) -> None:
    """These volunteers were brought in by another one: what the first got goes back, the other gets it."""
    for recruit_id in recruit_ids:
        take_back_recruiting(writer, recruit_id, reason)
        writer.update("volunteer", recruit_id, {"recruiter_id": recruiter_id})
        award_recruiting(writer, recruit_id)


def refuse_if_event(reader: Reader, entry_id: str) -> None:
    """An award that follows from who brought whom in is changed there, not in the ledger."""
    row = reader.one(
        "SELECT volunteer.number, volunteer.name FROM point_event AS made "
        "JOIN volunteer_view AS volunteer ON volunteer.id = made.subject_id WHERE made.point_entry_id = ?",
        (entry_id,),
    )
    if row is not None:
        raise Refusal(
            f"这笔积分因介绍{row['name']}（{row['number']}）加入得到，请在这位志愿者的“介绍人”里更正，积分会一并收回"
        )
