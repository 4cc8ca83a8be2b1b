"""Recruiting for an activity (招募报名), and keying the signed sheet back (回录签到表).

Whoever signed up and has no line with hours is absent (缺席) only once the sheet is keyed back as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.text import quoted
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import signups as queries
from hongyao_desktop.volunteers.records.rows import VolunteerStatus
from hongyao_desktop.volunteers.service.recording import ActivityRecorded, Participant, record_activity


def sign_up(writer: Writer, activity_id: str, volunteer_id: str) -> str:
    """Put a volunteer on the list of an activity at the next place; returns the sign-up's id.

    Refused when the activity is over its number (招募人数), cancelled, or he is on the list already.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    row = writer.one("SELECT * FROM activity_view WHERE id = ?", (activity_id,))
    if row is None:
        raise Refusal("这个活动不在台账里，请刷新列表后重新选择")
    if row["status"] == "取消":
        raise Refusal("这个活动已经取消，不能再报名")
    who = lookups.standing(writer, volunteer_id)
    if who.status is not VolunteerStatus.ACTIVE:
        raise Refusal(f"{who.shown}现在是“{who.status.value}”，在册的志愿者才能报名")
    if who.person_status == "去世":
        raise Refusal(f"{who.shown}已去世，不能报名")
    known = queries.signup(writer, activity_id, volunteer_id)
    if known is not None and known["status"] != "取消":
        raise Refusal(f"{who.shown}已经报名，行码 {known['place']:02d}")
    if row["wanted"] is not None and row["signed_up"] >= row["wanted"]:
        raise Refusal(f"{quoted(row['title'])}招募 {row['wanted']} 人已满")
    if known is not None:
        writer.update("activity_signup", known["id"], {"status": "报名", "status_reason": None})
        return str(known["id"])
    last = writer.value("SELECT MAX(place) FROM activity_signup WHERE activity_id = ?", (activity_id,))
    return writer.insert(
        "activity_signup",
        {
            "activity_id": activity_id,
            "volunteer_id": volunteer_id,
            "place": int(last or 0) + 1,
            "signed_up_on": writer.clock.today().isoformat(),
            "recorded_by": writer.who.name,
        },
    )


def withdraw_signup(writer: Writer, activity_id: str, volunteer_id: str, reason: str) -> str:
    """Take a volunteer off the list (取消报名), with the reason; returns the sign-up's id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("取消报名要写明原因")
    known = queries.signup(writer, activity_id, volunteer_id)
    if known is None or known["status"] != "报名":
        raise Refusal("这位志愿者没有报名，或已经登记了到场情况")
    writer.update("activity_signup", known["id"], {"status": "取消", "status_reason": reason.strip()})
    return str(known["id"])


def drop_signups(writer: Writer, volunteer_id: str, reason: str) -> int:
    """Take somebody who leaves off the lists of today and later (取消报名), so that nobody waits; returns how many."""
    require(writer, Role.ENTRY, Role.REVIEW)
    rows = queries.coming_of(writer, volunteer_id, writer.clock.today())
    for row in rows:
        writer.update("activity_signup", row["id"], {"status": "取消", "status_reason": reason})
    return len(rows)


def key_back(
    writer: Writer, activity_id: str, lines: Sequence[tuple[str, Participant | None]]
) -> ActivityRecorded:
    """Record a signed sheet: (volunteer id, his service) in sheet order, None for a line without signature.

    Everybody with hours gets them, also who had not signed up; who signed up and has none is marked absent.
    """
    require(writer, Role.ENTRY)
    present = [person for _who, person in lines if person is not None]
    done = record_activity(writer, lookups.activity(writer, activity_id), present)
    for row in queries.signups_of(writer, activity_id, open_only=True):
        if row["person_status"] == "去世":
            writer.update("activity_signup", row["id"], {"status": "取消", "status_reason": "已去世"})
        else:
            writer.update("activity_signup", row["id"], {"status": "缺席"})
    return done
